"""Rows of every noun that the public must not see, each with one word in it that stands nowhere else.

What belongs to the record is here, what belongs to the office and to its people is in hidden_work.py.
"""

from datetime import date, timedelta
from typing import Any

from recommendations.actions import closures, deadlines, findings, responses
from recommendations.models import (
    CheckRun,
    Evidence,
    Figure,
    Indicator,
    Observation,
    Recommendation,
    Relation,
    Snapshot,
)
from tests import factories
from tests.factories import NOW

WORD = "rumpelstiltskin"
CODE = WORD.upper()


def around(row: Recommendation) -> None:
    """Hide rows everywhere around a public recommendation `row`, and others that stand alone."""
    verdict = row.headline
    assert verdict is not None
    seen = verdict.citations.earliest("id").evidence
    editor, reviewer = (
        factories.user("editor", username=f"{WORD}-editor", name=WORD),
        factories.user("reviewer"),
    )
    body = factories.institution(code=f"{WORD}-body", name=WORD, aliases=[WORD])
    theme = factories.theme(code=f"{WORD}-theme", name=WORD, description=WORD)
    source = factories.source(code=CODE, title=WORD, note=WORD, visibility="internal", publisher=body)
    alone = _row(f"{CODE}-01", body, theme, source=source)
    beside = _row(f"{CODE}-02", body, theme, source=row.source, visibility="internal")
    part = _row(f"{CODE}-03", body, theme, parent=row, visibility="internal")
    below = _row(f"{CODE}-04", body, theme, parent=beside)
    for other in (alone, beside, part, below):
        _history(other, body, editor, reviewer)
        Relation.objects.create(recommendation=row, other=other, kind="same_aim", note=WORD)
        Relation.objects.create(recommendation=other, other=row, kind="supersedes", note=WORD)
        seen.links.create(recommendation=other, stance="supports", note=WORD)
    cites = [factories.Cited(seen, "supports", WORD)]
    factories.proposed(row, by=editor, rationale=WORD, supersedes=verdict, cites=cites)
    sent_back = factories.proposed(row, by=editor, rationale=WORD, cites=cites)
    factories.assessments.reject(sent_back, by=reviewer, now=NOW, note=WORD)
    taken_back = factories.proposed(row, by=editor, rationale=WORD, cites=cites)
    factories.assessments.withdraw(taken_back, by=editor, now=NOW, note=WORD)
    hidden = evidence(
        row,
        code=f"{WORD}-evidence",
        document=factories.document(code=f"{WORD}-document", title=WORD, publisher=body),
    )
    factories.evidence(bears_on=beside, code=f"{WORD}-elsewhere", title=WORD)
    Snapshot.objects.create(
        document=hidden.document, taken_at=NOW, text_hash="a" * 64, raw_hash="b" * 64, text=WORD
    )
    measure = Indicator.objects.create(code=f"{CODE}-I1", name=WORD, unit=WORD, updated_at=NOW)
    measure.recommendations.add(beside)
    Observation.objects.create(indicator=measure, period=WORD, value=1, recorded_at=NOW)
    Figure.objects.create(code=f"{CODE}-F1", kind="stated", source=source, measure=WORD)
    _watched(seen, hidden, row)


def evidence(row: Recommendation, **fields: Any) -> Evidence:
    """Internal evidence that bears on a public recommendation."""
    words = {"title": WORD, "finding": WORD, "caution": WORD, "visibility": "internal"}
    return factories.evidence(bears_on=row, **words | fields)


def _row(code: str, body: Any, theme: Any, **fields: Any) -> Recommendation:
    words = {"title": WORD, "summary": WORD, "group": WORD, "note": WORD}
    return factories.recommendation(code=code, addressees=[body], themes=[theme], **words | fields)


def _history(row: Recommendation, body: Any, editor: Any, reviewer: Any) -> None:
    said = {"kind": "rejected", "stated_on": date(2012, 1, 1), "summary": WORD}
    responses.record(row, institution=body, by=editor, now=NOW, **said)
    due = {"due_on": date(2013, 1, 1), "reason": WORD, "moved_by": body}
    deadlines.move(row, by=editor, now=NOW, **due)
    factories.published(row, rationale=WORD, status="reversed", effective_on=date(2013, 5, 5))
    review = NOW.date() + timedelta(days=90)
    closures.close(row, reason="superseded", note=WORD, review_on=review, by=reviewer, now=NOW)


def _watched(seen: Any, hidden: Any, row: Recommendation) -> None:
    check = factories.check(evidence=seen, config={"note": WORD})
    moments = {"due_at": NOW, "started_at": NOW, "finished_at": NOW}
    CheckRun.objects.create(status_check=check, outcome="failed", detail=WORD, elapsed_ms=1, **moments)
    for evidence, about in ((hidden, None), (None, row)):
        findings.bring(
            kind="evidence_gone",
            rule=WORD,
            rule_version="1",
            title=WORD,
            detail=WORD,
            fingerprint=f"{WORD} {evidence}",
            by="check:1",
            now=NOW,
            check=check,
            evidence=evidence,
            recommendation=about,
        )
