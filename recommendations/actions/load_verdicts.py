"""The verdicts of a block of loaded recommendations: each is proposed, published and retracted when it was.

What corrects a verdict finds it published; only verdicts on one recommendation correct each other.
"""

from itertools import groupby
from typing import Any, Protocol, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from recommendations.actions.load_staging import BLOCK, Numbers
from recommendations.actions.refusals import Refused
from recommendations.models import Assessment, Citation, User
from recommendations.rules.assessments import needs_evidence
from recommendations.vocabulary import AssessmentState

ORIGIN = "load"
PROPOSE, PUBLISH, RETRACT = range(3)

Row = TypeVar("Row", bound=models.Model)
Values = dict[str, Any]


class Loading(Protocol):
    """What makes rows of entries (loading.py)."""

    by: User
    numbers: Numbers

    def row(self, model: type[Row], record: Values, without: Any = (), **names: str) -> Row: ...


def load(loading: Loading, entries: list[Values]) -> None:
    """`entries` are all verdicts on some recommendations, each with the code of its `recommendation` and its `line`."""
    loading.numbers.learn("recommendation", (each["recommendation"] for each in entries))
    loading.numbers.learn("institution", (each["verdict_institution"] for each in entries))
    loading.numbers.learn("evidence", (cited["evidence"] for each in entries for cited in each["evidence"]))
    told = {entry["id"]: entry for entry in sorted(entries, key=lambda each: each["id"])}
    steps = []
    for number, entry in told.items():
        if needs_evidence(entry["status"]) and not entry["evidence"]:
            said = _(
                "Line %(line)d: verdict %(id)d on %(code)s cites nothing that the public may see: it cannot be loaded."
            )
            told_of = {"line": entry["line"], "id": number, "code": entry["recommendation"]}
            raise Refused("record_cites_evidence", said % told_of)
        depth = _corrects(entry, told)
        steps.append((entry["proposed_at"], depth, PROPOSE, number))
        steps.append((entry["published_at"], depth, PUBLISH, number))
        if entry["retracted_at"] is not None:
            steps.append((entry["retracted_at"], depth, RETRACT, number))
    rows: dict[int, Assessment] = {}
    for (_at, _depth, step), group in groupby(sorted(steps), key=lambda each: each[:3]):
        numbers = [number for *_place, number in group]
        if step == PROPOSE:
            rows |= _proposed(loading, [told[number] for number in numbers])
        else:
            _moved([(rows[number], told[number]) for number in numbers], step, loading.by)


def _corrects(entry: Values, told: dict[int, Values]) -> int:
    """How many verdicts stand before this one in the line of corrections: of one moment, the corrected comes first."""
    depth, seen = 0, {entry["id"]}
    while (number := entry["supersedes"]) is not None:
        if number not in told or number in seen:
            said = _("Line %(line)d: it corrects verdict %(id)d, which the file does not hold.")
            raise Refused("record_named_unknown", said % {"line": entry["line"], "id": number})
        seen.add(number)
        depth, entry = depth + 1, told[number]
    return depth


def _proposed(loading: Loading, entries: list[Values]) -> dict[int, Assessment]:
    silent = ("state", "published_at", "retracted_at", "retraction_reason", "supersedes")
    names = {"verdict_institution": "institution", "recommendation": "recommendation"}
    rows, cited = {}, []
    for entry in entries:
        row = loading.row(Assessment, entry, without=silent, **names)
        row.supersedes_id = entry["supersedes"]
        row.proposed_by_machine = ORIGIN
        rows[row.pk] = row
        for each in entry["evidence"]:
            citation = loading.row(Citation, each | {"line": entry["line"]}, evidence="evidence")
            citation.assessment = row
            cited.append(citation)
    Assessment.objects.bulk_create(rows.values(), batch_size=BLOCK)
    Citation.objects.bulk_create(cited, batch_size=BLOCK)
    return rows


def _moved(moved: list[tuple[Assessment, Values]], step: int, by: User) -> None:
    for row, entry in moved:
        if step == PUBLISH:
            row.state, row.decided_by = AssessmentState.PUBLISHED, by
            row.decided_at = row.published_at = entry["published_at"]
        else:
            row.state, row.retracted_by = AssessmentState.RETRACTED, by
            row.retracted_at, row.retraction_reason = entry["retracted_at"], entry["retraction_reason"]
    columns = ["state", "decided_by", "decided_at", "published_at"]
    if step == RETRACT:
        columns = ["state", "retracted_by", "retracted_at", "retraction_reason"]
    Assessment.objects.bulk_update([row for row, _entry in moved], columns, batch_size=BLOCK)
