"""Filing evidence and correcting what we say of it, without losing anybody's change."""

from datetime import date

import pytest

from recommendations.models import Evidence, EvidenceLink
from tests import factories

pytestmark = pytest.mark.django_db


def test_evidence_is_filed_with_only_as_much_of_its_date_as_is_known(stranger, editor):
    row = factories.recommendation()
    body = factories.institution(code="gao", name="Government Accountability Office")
    answer = editor.post(
        "evidence/",
        {
            "url": "https://example.org/report",
            "title": "A report",
            "finding": "Nobody had begun.",
            "kind": "report",
            "occurred_on": "2012-06",
            "publisher": "gao",
            "recommendations": [{"code": row.code, "stance": "contradicts", "note": "Page 4."}],
        },
    )
    told = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, told["url"])
    made = Evidence.objects.get()
    assert (made.filed_by, made.occurred_on) == (editor.user, date(2012, 6, 1))
    assert stranger.read(f"evidence/{made.pk}/") == told | {"updated_at": told["updated_at"]}
    assert told | {"updated_at": "..."} == {
        "id": made.pk,
        "code": "a-report-2012",
        "url": f"http://testserver/api/v1/evidence/{made.pk}/",
        "title": "A report",
        "kind": "report",
        "finding": "Nobody had begun.",
        "occurred_on": "2012-06",
        "date_precision": "month",
        "verified": True,
        "url_confirmed": None,
        "caution": "",
        "document": {
            "code": "a-report",
            "title": "A report",
            "url": "https://example.org/report",
            "publisher": {"code": "gao", "name": body.name},
            "publisher_wording": "",
            "via": None,
        },
        "publisher_wording": "",
        "checked_against": ["https://example.org/report"],
        "from_memory": [],
        "visibility": "public",
        "recommendations": [
            {"code": row.code, "stance": "contradicts", "timing": "after_publication", "note": "Page 4."}
        ],
        "updated_at": "...",
        "version": 1,
    }


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"occurred_on": "soon"}, "occurred_on", "date"),
        ({"url": "ftp"}, "url", "invalid"),
        ({"kind": "gossip"}, "kind", "invalid_choice"),
        ({"publisher": "nobody"}, "publisher", "unknown"),
        ({"recommendations": [{"code": "NOPE", "stance": "supports"}]}, "recommendations.0.code", "unknown"),
        ({"filed_by": 1}, "filed_by", "unknown"),
        ({"kind": "\ud800"}, "kind", "text"),
        ({"recommendations": [{"code": "A\x00", "stance": "supports"}]}, "recommendations.0.code", "text"),
    ],
)
def test_what_is_not_known_is_refused_by_field(editor, fields, field, code):
    body = {"url": "", "title": "A", "finding": "B.", "kind": "law", "occurred_on": "2012"}
    answer = editor.post("evidence/", body | fields)
    assert answer.status_code == 400
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


def test_a_change_needs_the_version_that_was_read(editor):
    row = factories.evidence(caution="")
    address = f"evidence/{row.pk}/"
    etag = editor.get(address).headers["ETag"]
    assert editor.patch(address, {"caution": "Beware."}).status_code == 428
    assert editor.patch(address, {"caution": "Beware."}, **{"If-Match": '"old"'}).status_code == 412

    changed = editor.patch(address, {"caution": "Beware.", "occurred_on": "2012"}, **{"If-Match": etag})
    assert (changed.status_code, changed.json()["caution"], changed.json()["occurred_on"]) == (
        200,
        "Beware.",
        "2012",
    )
    assert changed.headers["ETag"] == editor.get(address).headers["ETag"] != etag

    assert editor.patch(address, {"caution": "No."}, **{"If-Match": etag}).status_code == 412, (
        "somebody was faster"
    )
    row.refresh_from_db()
    assert (row.caution, row.version) == ("Beware.", 2)


def test_the_document_of_evidence_stays(editor):
    row = factories.evidence()
    answer = editor.patch(f"evidence/{row.pk}/", {"url": "https://example.org/other"}, **{"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "url")


def test_lists_are_narrowed(stranger):
    row = factories.recommendation()
    law = factories.evidence(kind="law", occurred_on=date(2012, 1, 1), bears_on=row)
    news = factories.evidence(kind="news", occurred_on=date(2020, 1, 1), verified=False)

    def ids(asked):
        return [each["id"] for each in stranger.read(f"evidence/?{asked}")["results"]]

    assert ids("") == [news.pk, law.pk]
    assert ids("kind=law") == ids(f"recommendation={row.code}") == ids("verified=true") == [law.pk]
    assert ids("occurred_after=2015-01-01") == [news.pk]
    assert ids("occurred_before=2015-01-01") == [law.pk]


def test_what_bears_on_a_part_bears_on_the_whole(stranger, editor):
    whole = factories.recommendation(code="R-1")
    part = factories.recommendation(code="R-1a", parent=whole)
    hidden = factories.recommendation(code="R-1b", parent=whole, visibility="internal")
    of_both = factories.evidence(bears_on=part)
    EvidenceLink.objects.create(
        evidence=of_both, recommendation=whole, stance="supports", recorded_at=factories.NOW
    )
    of_the_hidden = factories.evidence(bears_on=hidden)
    EvidenceLink.objects.create(
        evidence=of_the_hidden,
        recommendation=factories.recommendation(),
        stance="supports",
        recorded_at=factories.NOW,
    )

    def ids(caller, code):
        return {each["id"] for each in caller.read(f"evidence/?recommendation={code}")["results"]}

    assert ids(stranger, "R-1") == ids(stranger, "R-1a") == {of_both.pk}
    assert ids(editor, "R-1") == {of_both.pk, of_the_hidden.pk}
    detail = stranger.read("recommendations/R-1/")
    assert {each["id"] for each in detail["evidence"]} == ids(stranger, "R-1")
    assert detail["evidence_count"] == len(ids(stranger, "R-1"))
