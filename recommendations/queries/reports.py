"""All that is told of one source at one moment, for a page that is printed and handed on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from recommendations.models import Assessment, Recommendation, Source
from recommendations.queries import assessments
from recommendations.queries.overview import Counts
from recommendations.queries.recommendations import Headline, headlines, listed
from recommendations.rules.assessments import median_age_days
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Status


@dataclass(frozen=True)
class Entry:
    """One recommendation, what it has come to, the verdict that says so (None: nobody looked), and its parts."""

    row: Recommendation
    headline: Headline
    verdict: Assessment | None
    parts: list["Entry"] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """Whole recommendations in the order of their codes, and how many stand at each status; parts counted apart.

    `median_age_days` is how long ago half of the verdicts were verified, or less; None where there is none.
    """

    entries: list[Entry]
    counts: Counts
    part_counts: Counts
    median_age_days: int | None


def report(source: Source, user: Any, at: Moment | None, *, now: datetime) -> Report:
    """What this user may see of a source, today or at a moment of the past: six statements, seven for the past.

    A part whose whole is absent is left out, as on the source's page.
    """
    rows = list(listed(user, at).filter(source=source).order_by("code"))
    heads = headlines(rows, at, now=now)
    verdicts = _verdicts(heads.values(), user, at)
    entries = {row.pk: Entry(row, heads[row.pk], verdicts.get(heads[row.pk].assessment_id)) for row in rows}
    wholes = [entry for entry in entries.values() if entry.row.parent_id is None]
    for entry in entries.values():
        whole = entries.get(entry.row.parent_id or 0)
        if whole is not None:
            whole.parts.append(entry)
    then = at.known_at if at else now
    return Report(
        entries=wholes,
        counts=_counted(wholes),
        part_counts=_counted(part for whole in wholes for part in whole.parts),
        median_age_days=median_age_days((each.headline.last_verified_at for each in wholes), then),
    )


def _verdicts(heads: Iterable[Headline], user: Any, at: Moment | None) -> dict[int | None, Assessment]:
    """The verdicts behind these headlines, each with what it cites."""
    ids = [head.assessment_id for head in heads if head.assessment_id is not None]
    return {row.pk: row for row in assessments.listed(user, at).filter(pk__in=ids)}


def _counted(entries: Iterable[Entry]) -> Counts:
    by_status = dict.fromkeys(Status.values, 0)
    for entry in entries:
        by_status[entry.headline.status] += 1
    return Counts(by_status)
