"""Schemathesis asks every operation all that the OpenAPI document allows and forbids: no answer that it does not
announce, and no failure of ours. As a stranger, and as an administrator on data that is thrown away."""

import json
import os
import re
import subprocess
import urllib.request
from pathlib import Path
from sys import executable

import pytest

pytestmark = pytest.mark.contract

EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "5")
"""Of each operation, made up beside those that the schema itself lists; always the same. More of them look deeper."""

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)


CODES = {
    "sources": "CFR60",
    "recommendations": "CFR60-06",
    "institutions": "us-doj",
    "themes": "cooperation",
    "indicators": None,
}
NUMBERS = ("evidence", "assessments", "checks", "findings", "imports", "webhooks")


def ask(tracker, path):
    """What the API answers the administrator."""
    request = urllib.request.Request(
        f"{tracker.api}/{path}", headers={"Authorization": f"Bearer {tracker.token('admin')}"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def configuration(tracker):
    """Schemathesis's: real codes and numbers of the seed data, so that what is behind them is reached."""
    lines = [
        "[checks.negative_data_rejection]",
        "expected-statuses = [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 414, 415, 422, 428, 429]",
        # 428 is what HTTP has for a change without If-Match (RFC 6585); the tool does not know it.
        "[checks.missing_required_header]",
        "expected-statuses = [400, 401, 403, 404, 428]",
    ]
    for noun, code in CODES.items():
        value = code or ask(tracker, f"{noun}/?limit=1")["results"][0]["code"]
        lines += [
            "[[operations]]",
            f'include-path-regex = "/{noun}/.code."',
            f'parameters = {{ "path.code" = "{value}" }}',
        ]
    for noun in NUMBERS:
        found = ask(tracker, f"{noun}/?limit=1")["results"]
        if found:
            lines += [
                "[[operations]]",
                f'include-path-regex = "/{noun}/.id."',
                f'parameters = {{ "path.id" = {found[0]["id"]} }}',
            ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_every_answer_is_announced(thrown_away, who, tmp_path):
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(configuration(thrown_away))
    command = [
        str(Path(executable).with_name("st")),
        *("--config-file", str(settings), "run", f"{thrown_away.api}/schema/"),
        *("--checks", ",".join(CHECKS)),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--continue-on-failure"),
        *("--workers", "1", "--seed", "1", "--no-color", "--request-timeout", "30"),
        *("--suppress-health-check", "all", "--generation-database", "none"),
    ]
    if who == "admin":
        command += ["--header", f"Authorization: Bearer {thrown_away.token('admin')}"]
    told = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=1200)
    assert told.returncode == 0, told.stdout[-20_000:] + told.stderr[-2_000:]
    assert int(re.findall(r"(\d+) generated", told.stdout)[0]) > 500
