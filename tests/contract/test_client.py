"""A client that a program writes from the OpenAPI document does the work of a person."""

import os
import subprocess
from pathlib import Path
from sys import executable

import pytest

pytestmark = pytest.mark.contract

DONE = """\
list ['CFR60-01', 'CFR60-02', 'CFR60-03'] True
detail CFR60-12 {status} True
me editor
evidence Filed by a client
propose proposed True
hidden 404
own 403
publish published in_progress
check True
changes 5 True
dry run 1 ['new']
import applied
"""


def test_a_generated_client_lists_proposes_publishes_checks_and_imports(thrown_away, tmp_path):
    generator = Path(executable).with_name("openapi-python-client")
    written = subprocess.run(
        [
            generator,
            "generate",
            "--url",
            f"{thrown_away.api}/schema/",
            "--output-path",
            "generated",
            "--meta",
            "none",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert written.returncode == 0, written.stdout + written.stderr
    assert "WARNING" not in written.stdout, (
        written.stdout
    )  # an operation or an answer that it could not write
    keys = [thrown_away.token(name) for name in ("editor", "reviewer", "admin")]
    done = subprocess.run(
        [executable, str(Path(__file__).with_name("client_at_work.py")), thrown_away.url, *keys],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.splitlines()
    told[1] = told[1].replace(told[1].split()[2], "{status}")  # whatever the recipes have made of it before
    assert told == DONE.splitlines()
