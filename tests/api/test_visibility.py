"""Nothing internal leaks: one test walks every public address with internal rows in the database."""

from datetime import date

import pytest
from django.urls import get_resolver

from recommendations.actions import findings
from recommendations.models import Observation, Snapshot
from tests import factories
from tests.api.conftest import holding
from tests.factories import NOW

pytestmark = pytest.mark.django_db

SECRET = "Rumpelstiltskin"


@pytest.fixture
def world():
    """A public recommendation, and around it everything that is not public, each with the secret word in it."""
    row = factories.recommendation(source=factories.source(code="OPEN"), code="OPEN-01")
    verdict = factories.published(row, effective_on=date(2013, 1, 1))
    open_evidence = verdict.citations.get().evidence
    hidden_evidence = factories.evidence(
        bears_on=row,
        code="secret-evidence",
        title=SECRET,
        finding=SECRET,
        visibility="internal",
        document=factories.document(code="secret-document", title=SECRET),
    )
    Snapshot.objects.create(
        document=hidden_evidence.document, taken_at=NOW, text_hash="a" * 64, raw_hash="b" * 64, text=SECRET
    )
    cites = [
        factories.assessments.Cited(open_evidence, "supports"),
        factories.assessments.Cited(hidden_evidence, "supports", SECRET),
    ]
    public_verdict = factories.published(row, effective_on=date(2014, 1, 1), cites=cites)
    proposal = factories.proposed(row, rationale=SECRET, supersedes=public_verdict)
    hidden_source = factories.source(code="SECRET", title=SECRET, visibility="internal")
    of_hidden_source = factories.recommendation(source=hidden_source, code="SECRET-01", title=SECRET)
    hidden_row = factories.recommendation(
        source=row.source, code="OPEN-02", title=SECRET, summary=SECRET, visibility="internal"
    )
    hidden_part = factories.recommendation(parent=row, code="OPEN-01a", title=SECRET, visibility="internal")
    part_of_hidden = factories.recommendation(parent=hidden_row, code="OPEN-02a", title=SECRET)
    hidden_body = factories.institution(code="secret-body", name=SECRET)
    hidden_theme = factories.theme(code="secret-theme", name=SECRET)
    for each in (of_hidden_source, hidden_row, hidden_part, part_of_hidden):
        each.addressee_set.create(institution=hidden_body, position=1)
        each.themes.add(hidden_theme)
    factories.evidence(bears_on=hidden_row, code="secret-finding", title=SECRET)
    hidden_rows = [of_hidden_source, hidden_row, hidden_part, part_of_hidden]
    hidden_verdict = factories.published(hidden_row, rationale=SECRET)
    for other in hidden_rows:
        row.relations.create(other=other, kind="same_aim", note=SECRET)
        row.relations_from.create(recommendation=other, kind="supersedes", note=SECRET)
        open_evidence.links.create(recommendation=other, stance="supports", note=SECRET)
    hidden_measure = factories.indicator(code="SECRET-I1", name=SECRET, recommendations=[hidden_row])
    factories.indicator(code="OPEN-I1", recommendations=[row, hidden_row])
    Observation.objects.create(indicator=hidden_measure, period=SECRET, value=1, recorded_at=NOW)
    check = factories.check(evidence=open_evidence, config={"note": SECRET})
    return {
        "code": [
            "OPEN",
            "OPEN-01",
            "OPEN-I1",
            *(each.code for each in hidden_rows),
            "SECRET",
            "SECRET-I1",
            "secret-body",
            "secret-theme",
        ],
        "pk": [open_evidence.pk, hidden_evidence.pk, verdict.pk, proposal.pk, hidden_verdict.pk, check.pk],
    }


TRACES = (SECRET, "SECRET", "OPEN-02", "OPEN-01a", "secret-")


def addresses(world):
    """Every address of the API, with every code or number there is."""
    [api] = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/"]
    for pattern in api.url_patterns:
        path = str(pattern.pattern)
        if "<slug:code>" in path:
            yield from (path.replace("<slug:code>", code) for code in world["code"])
        elif "<int:pk>" in path:
            yield from (path.replace("<int:pk>", str(number)) for number in world["pk"])
        elif path == "compare/":
            yield "compare/?from=2012-01-01&to=2020-01-01"  # it answers nothing without two days
        else:
            yield path


ASKED = {
    "recommendations/": (
        "?level=all&include=count",
        "?level=all&as_of=2020-01-01&include=count",
        f"?level=all&q={SECRET}&include=count",
        "?level=part&include=count",
        "?level=all&status=in_progress&ordering=-status_since",
    ),
    "overview/": (
        "?group_by=theme&level=all",
        "?group_by=addressee&level=all",
        "?group_by=year&as_of=2020-01-01",
    ),
    "evidence/": ("?include=count", "?recommendation=OPEN-01"),
    "assessments/": ("?include=count", "?state=proposed", "?as_of=2020-01-01"),
    "indicators/": ("?include=count", "?recommendation=OPEN-01"),
    "sources/": ("?include=count",),
}


def test_a_stranger_finds_no_trace(stranger, world):
    walked = 0
    for address in addresses(world):
        for asked in ("", *ASKED.get(address, ())):
            answer = stranger.get(address + asked)
            text = answer.getvalue().decode(errors="replace").replace(f"{address}{asked}", "")
            assert answer.status_code in (200, 401, 404, 405), (address, answer.status_code)
            assert not [trace for trace in TRACES if trace in text], (address + asked, text[:2_000])
            walked += 1
    assert walked > 100


def test_counts_tell_nothing_either(stranger, world):
    [row] = stranger.read("recommendations/?level=all&include=count")["results"]
    assert (row["parts_count"], row["evidence_count"]) == (0, 2)
    assert stranger.read("recommendations/?level=all&include=count")["count"] == 1
    assert stranger.read("overview/?level=all")["total"]["total"] == 1
    assert stranger.read("sources/OPEN/scorecard/")["parts"]["total"] == 0
    assert stranger.read("evidence/?include=count")["count"] == 2
    assert stranger.read("assessments/?include=count")["count"] == 2


@pytest.mark.parametrize(
    ("hidden", "missing"),
    [
        ("recommendations/OPEN-02/", "recommendations/OPEN-99/"),
        ("recommendations/?source=SECRET", "recommendations/?source=NOWHERE"),
        ("evidence/?recommendation=OPEN-02", "evidence/?recommendation=OPEN-99"),
        ("recommendations/?addressee=secret-body", "recommendations/?addressee=no-body"),
        ("recommendations/?theme=secret-theme", "recommendations/?theme=no-theme"),
        ("institutions/secret-body/", "institutions/no-body/"),
        ("themes/secret-theme/", "themes/no-theme/"),
        ("indicators/SECRET-I1/", "indicators/NOWHERE/"),
    ],
)
def test_what_is_hidden_answers_as_what_is_not_there(stranger, world, hidden, missing):
    def told(address):
        answer = stranger.get(address)
        text = answer.content.decode()
        for name in (
            "OPEN-02",
            "OPEN-99",
            "SECRET-I1",
            "SECRET",
            "NOWHERE",
            *("secret-body", "no-body", "secret-theme", "no-theme"),
        ):
            text = text.replace(name, "X")
        return answer.status_code, text

    assert told(hidden) == told(missing)


def test_a_doubt_about_internal_evidence_is_not_told(stranger, editor):
    row = factories.recommendation()
    hidden = factories.evidence(bears_on=row, visibility="internal")
    seen = factories.evidence(bears_on=row)
    verdict = factories.published(
        row, cites=[factories.assessments.Cited(each, "supports") for each in (hidden, seen)]
    )

    def doubted(caller):
        return caller.read(f"assessments/{verdict.pk}/")["basis_changed"]

    def doubt(evidence):
        findings.bring(
            kind="evidence_changed",
            rule="text_changed",
            rule_version="1",
            title="Changed",
            fingerprint=evidence.code,
            evidence=evidence,
            by="check:1",
            now=NOW,
        )

    doubt(hidden)
    assert (doubted(stranger), doubted(editor)) == (False, True)
    doubt(seen)
    assert (doubted(stranger), doubted(editor)) == (True, True)


@pytest.mark.parametrize("visibility", [["internal"], ["internal", "public"], []])
def test_evidence_is_public_with_what_it_bears_on(stranger, visibility):
    row = factories.evidence()
    for each in visibility:
        row.links.create(recommendation=factories.recommendation(visibility=each), stance="supports")
    shown = stranger.get(f"evidence/{row.pk}/").status_code == 200
    assert shown == (visibility != ["internal"])


def test_a_person_without_a_role_is_a_stranger(world):
    caller = holding(factories.user(""))
    assert caller.get("recommendations/OPEN-02/").status_code == 404
    assert caller.get("checks/").status_code == 403


def test_staff_see_what_is_internal(editor, world):
    assert editor.read("recommendations/OPEN-02/")["title"] == SECRET
    assert editor.read("recommendations/?level=all&include=count")["count"] == 5
