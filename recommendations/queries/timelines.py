"""Everything that happened with one recommendation, as one list, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from recommendations.models import Assessment, Closure, Deadline, Recommendation, Response
from recommendations.queries.evidence import links_of
from recommendations.queries.visibility import visible
from recommendations.rules import dates
from recommendations.rules.moments import Moment
from recommendations.vocabulary import AssessmentState, Precision


@dataclass(frozen=True)
class Entry:
    """One line of a timeline. `on` is the day in the world, shown only to its `precision`.

    `what` is one of: published, evidence, assessment, retracted, response, deadline, closed, reopened.
    `row` is the row it tells of, `recommendation` the code of the whole or the part.
    """

    on: date
    precision: str
    what: str
    title: str
    recommendation: str
    row: Any = field(compare=False)

    @property
    def iso(self) -> str:
        return dates.iso(self.on, self.precision)


def timeline(recommendation: Recommendation, user: Any, at: Moment | None = None) -> list[Entry]:
    """What happened with it and with its parts; seven statements, however much there is."""
    parts = visible(Recommendation.objects.filter(parent=recommendation), user)
    family = {recommendation.pk: recommendation.code} | dict(parts.values_list("pk", "code"))
    entries = [
        Entry(
            recommendation.source.published_on,
            recommendation.source.date_precision,
            "published",
            _("Recommended in “%(title)s”") % {"title": recommendation.source.title},
            recommendation.code,
            recommendation.source,
        )
    ]
    entries.extend(_evidence(family, user, at))
    for read in (_assessments, _responses, _deadlines, _closures):
        entries.extend(read(family, user))
    if at is not None:
        entries = [entry for entry in entries if entry.on <= at.as_of and _was_known(entry, at)]
    return sorted(entries, key=lambda entry: (entry.on, entry.what, entry.recommendation), reverse=True)


LEARNED_AT = {
    "assessment": "published_at",
    "retracted": "retracted_at",
    "response": "recorded_at",
    "deadline": "recorded_at",
    "closed": "closed_at",
    "reopened": "reopened_at",
}
"""The column that says since when we have told of an entry; evidence is asked for as it was known."""


def _was_known(entry: Entry, at: Moment) -> bool:
    column = LEARNED_AT.get(entry.what)
    return column is None or getattr(entry.row, column) <= at.known_at


def _evidence(family: dict[int, str], user: Any, at: Moment | None) -> Iterator[Entry]:
    for link in links_of(list(family), user, at):
        evidence = link.evidence
        code = family[link.recommendation_id]
        yield Entry(evidence.occurred_on, evidence.date_precision, "evidence", evidence.title, code, link)


def _assessments(family: dict[int, str], user: Any) -> Iterator[Entry]:
    said = (AssessmentState.PUBLISHED, AssessmentState.RETRACTED)  # to staff too: a proposal has not happened
    rows = visible(Assessment.objects.filter(recommendation__in=family, state__in=said), user)
    for row in rows.select_related("verdict_institution").prefetch_related("superseded_by"):
        code, label = family[row.recommendation_id], row.get_status_display()
        yield Entry(row.effective_on, Precision.DAY, "assessment", label, code, row)
        if row.retracted_at is not None:
            yield Entry(row.retracted_at.date(), Precision.DAY, "retracted", label, code, row)


def _responses(family: dict[int, str], user: Any) -> Iterator[Entry]:
    rows = visible(Response.objects.filter(recommendation__in=family), user)
    for row in rows.select_related("institution"):
        title = f"{row.institution}: {row.get_kind_display()}"
        yield Entry(row.stated_on, row.date_precision, "response", title, family[row.recommendation_id], row)


def _deadlines(family: dict[int, str], user: Any) -> Iterator[Entry]:
    for row in visible(Deadline.objects.filter(recommendation__in=family), user).select_related("moved_by"):
        code = family[row.recommendation_id]
        yield Entry(row.recorded_at.date(), Precision.DAY, "deadline", row.reason, code, row)


def _closures(family: dict[int, str], user: Any) -> Iterator[Entry]:
    for row in visible(Closure.objects.filter(recommendation__in=family), user):
        code, label = family[row.recommendation_id], row.get_reason_display()
        yield Entry(row.closed_at.date(), Precision.DAY, "closed", label, code, row)
        if row.reopened_at is not None:
            yield Entry(row.reopened_at.date(), Precision.DAY, "reopened", row.reopening_note, code, row)
