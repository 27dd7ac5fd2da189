"""The OpenAPI document is what is committed, is true of the answers, and its page needs nobody else's server."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.urls import get_resolver

from recommendations.actions import findings, responses
from recommendations.api.docs import document
from recommendations.models import Observation, Snapshot
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

COMMITTED = Path(settings.BASE_DIR) / "openapi.yaml"

NEEDED = {"/api/v1/compare/": "?source=S&from=2011-06-01"}
"""What an address must be asked to answer at all."""


def test_the_committed_document_is_what_the_code_says(stranger):
    served = yaml.safe_load(stranger.get("schema/").content)
    assert served == yaml.safe_load(COMMITTED.read_text()), "run `make schema`"
    assert stranger.get("schema/", Accept="application/json").json() == served
    assert served["openapi"].startswith("3.1")


def test_every_address_is_in_the_document():
    [api] = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/"]
    served = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/v1/{each.pattern}") for each in api.url_patterns}
    told = {path.replace("{id}", "{pk}") for path in document()["paths"]}
    assert served - told == {"/api/v1/schema/", "/api/v1/docs/"}
    assert told <= served


def test_every_operation_has_a_name_of_its_own_and_a_summary():
    operations = [each for path in document()["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]
    assert len(names) == len(set(names))
    assert [each["operationId"] for each in operations if not each.get("summary")] == []


def test_answers_are_as_the_document_says(editor):
    source = factories.source(code="S")
    row = factories.recommendation(source=source, code="S-1")
    factories.recommendation(parent=row)
    verdict = factories.published(row, effective_on=date(2013, 1, 1))
    seen = verdict.citations.get().evidence
    Snapshot.objects.create(
        document=seen.document, taken_at=NOW, text_hash="1" * 64, raw_hash="2" * 64, text="a b"
    )
    Snapshot.objects.create(
        document=seen.document, taken_at=NOW.replace(day=27), text_hash="3" * 64, text="a c"
    )
    body = factories.institution(code="b")
    responses.record(
        row, institution=body, kind="noted", stated_on=date(2012, 1, 1), by=factories.user("editor"), now=NOW
    )
    measure = factories.indicator(code="I", recommendations=[row])
    Observation.objects.create(indicator=measure, period="2011", value=1, recorded_at=NOW)
    check = factories.check(evidence=seen)
    finding = findings.bring(
        kind="evidence_changed", rule="r", rule_version="1", title="t", fingerprint="f", by="check:1", now=NOW
    )
    theme = row.themes.get()
    asked_for = {"address": "https://newsroom.example/hook", "types": ["recommendation.closed"]}
    hook = editor.post("webhooks/", asked_for).json()
    message = editor.post(f"webhooks/{hook['id']}/test/").json()
    numbers = {
        "assessments": verdict.pk,
        "evidence": seen.pk,
        "checks": check.pk,
        "findings": finding.pk,
        "imports": factories.dry_run().pk,
    }
    numbers |= {"webhooks": hook["id"]}
    codes = {
        "sources": "S",
        "recommendations": "S-1",
        "institutions": "b",
        "themes": theme.code,
        "indicators": "I",
    }
    asked = 0
    for path, operations in document()["paths"].items():
        noun = path.split("/")[3]
        if "get" not in operations or (noun == "tokens" and "{" in path):
            continue
        address = path.replace("{code}", codes.get(noun, "")).replace("{pk}", str(numbers.get(noun, "")))
        address = address.replace("{delivery}", str(message["id"]))
        address = address.replace("{id}", str(numbers.get(noun, ""))).removeprefix("/api/v1/")
        address += NEEDED.get(path, "")
        kinds = operations["get"]["responses"]["200"]["content"]
        if "application/json" in kinds:
            _check(operations["get"]["responses"]["200"], editor.read(address), address)
        else:  # a file
            file = editor.get(address)
            assert file.headers["Content-Type"].split(";")[0] in kinds
            assert file.getvalue()
        asked += 1
    assert asked > 25


def _check(response: Any, answer: Any, address: str) -> None:
    [content] = response["content"].values()
    whole = {**content["schema"], "components": document()["components"]}
    problems = list(jsonschema.Draft202012Validator(whole).iter_errors(answer))
    assert not problems, f"{address}: {problems[0].json_path} {problems[0].message[:500]}"


def test_a_problem_is_as_the_document_says(stranger):
    whole = {"$ref": "#/components/schemas/Problem", "components": document()["components"]}
    jsonschema.validate(stranger.get("nonsense/").json(), whole)
    jsonschema.validate(stranger.get("sources/?colour=red").json(), whole)


def test_the_reference_page_loads_nothing_from_elsewhere_and_no_inline_script(stranger):
    answer = stranger.get("docs/")
    page = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/html")
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    assert scripts
    assert all("src=" in attributes and not inside.strip() for attributes, inside in scripts)
    assert not re.findall(r"""(?:src|href)=["']https?://""", page)
    own = re.search(r'src="(/api/v1/docs/[^"]*script[^"]*)"', page)
    assert own
    script = stranger.client.get(own.group(1))
    assert script.status_code == 200
    assert "javascript" in script.headers["Content-Type"]
    assert "/api/v1/schema/" in script.content.decode()


def test_what_is_told_of_an_operation_is_meant_for_those_who_ask():
    operations = [each for path in document()["paths"].values() for each in path.values()]
    told = " ".join(each.get("description", "") for each in operations)
    assert "any one will do" in told
    assert not re.findall(r"`(?:verbs|queries|reader|act)`", told)


def test_the_page_opens_with_an_explanation():
    told = document()["info"]["description"]
    for words in ("as_of", "known_at", "Authorization: Bearer", "If-Match", "problem+json", "cursor"):
        assert words in told
