"""Lists and counts of a moment of the past, found without working out what everything had come to.

The database function `recommendations_headline_at` is what says so, of one recommendation; here each part of it is
asked by itself, of few or of all at once, and `tests/queries/test_past.py` holds both against each other.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Recommendation
from recommendations.rules import assessments as rules
from recommendations.rules.moments import Moment
from recommendations.vocabulary import ResponseKind, Status

if TYPE_CHECKING:
    from recommendations.queries.recommendations import Asked

LATEST = """
SELECT DISTINCT ON (a.recommendation_id) a.recommendation_id, a.status, a.published_at
  FROM recommendations_assessment a
 WHERE a.verdict_by = 'office' AND a.effective_on <= %s AND a.published_at <= %s
   AND (a.retracted_at IS NULL OR a.retracted_at > %s)
   AND a.id NOT IN (SELECT s.supersedes_id FROM recommendations_assessment s
                     WHERE s.supersedes_id IS NOT NULL AND s.published_at <= %s
                       AND (s.retracted_at IS NULL OR s.retracted_at > %s))
 ORDER BY a.recommendation_id, a.effective_on DESC, a.published_at DESC, a.id DESC
"""
"""The office's verdict that stood for each recommendation, read in the order of one index.

NOT IN asks a hash table of the corrections and keeps that order, which a join would lose and sort anew: five times the
work. The table holds a quarter of a million of them in PostgreSQL's usual memory for one.
"""


def latest_values(at: Moment) -> list[date | datetime]:
    """The parameters of LATEST, and of what `stood` gives."""
    return [at.as_of, *[at.known_at] * 4]


_NOT_CORRECTED = """
   AND (a.retracted_at IS NULL OR a.retracted_at > %s)
   AND NOT EXISTS (SELECT FROM recommendations_assessment s WHERE s.supersedes_id = a.id AND s.published_at <= %s
                      AND (s.retracted_at IS NULL OR s.retracted_at > %s))
"""
# IS TRUE: as a plain range the planner would count one search of the index for each day (PostgreSQL 18), and rather
# fetch and sort all verdicts, which costs twice as much and is held for eight times as much.
_STOOD = f"""
SELECT a.recommendation_id, a.status, a.published_at FROM recommendations_assessment a
 WHERE a.recommendation_id = {{this}} AND a.verdict_by = 'office' AND a.published_at IS NOT NULL
   AND a.effective_on <= %s AND (a.published_at <= %s) IS TRUE
{_NOT_CORRECTED}
 ORDER BY a.effective_on DESC, a.published_at DESC, a.id DESC LIMIT 1
"""  # noqa: S608 - our own words


def stood(this: str) -> str:
    """The row of LATEST of the one recommendation whose id is `this`, as SQL."""
    return _STOOD.format(this=this)


_OTHERS = f"""
SELECT DISTINCT ON (a.recommendation_id, a.verdict_by, a.verdict_institution_id) a.recommendation_id, a.status
  FROM recommendations_assessment a
 WHERE a.verdict_by <> 'office' AND a.effective_on <= %s AND a.published_at <= %s AND {{of}}
{_NOT_CORRECTED}
 ORDER BY a.recommendation_id, a.verdict_by, a.verdict_institution_id,
          a.effective_on DESC, a.published_at DESC, a.id DESC
"""  # noqa: S608 - our own words
_ANSWERS = """
SELECT DISTINCT ON (a.recommendation_id) a.recommendation_id, a.kind FROM recommendations_response a
 WHERE a.stated_on <= %s AND a.recorded_at <= %s AND {of}
 ORDER BY a.recommendation_id, a.stated_on DESC, a.recorded_at DESC, a.id DESC
"""
_DATES = """
SELECT DISTINCT ON (a.recommendation_id) a.recommendation_id, a.due_on FROM recommendations_deadline a
 WHERE (a.recorded_at AT TIME ZONE 'UTC')::date <= %s AND a.recorded_at <= %s AND {of}
 ORDER BY a.recommendation_id, a.recorded_at DESC, a.id DESC
"""
_CLOSURES = """
SELECT DISTINCT ON (a.recommendation_id) a.recommendation_id, a.review_on FROM recommendations_closure a
 WHERE (a.closed_at AT TIME ZONE 'UTC')::date <= %s AND a.closed_at <= %s
   AND (a.reopened_at IS NULL OR a.reopened_at > %s OR (a.reopened_at AT TIME ZONE 'UTC')::date > %s) AND {of}
 ORDER BY a.recommendation_id, a.closed_at DESC, a.id DESC
"""

_THIS = "recommendations_recommendation.id"


@dataclass(frozen=True)
class Part:
    """One part of the headlines of a moment: as SQL for one recommendation, and for all at once, with its values."""

    of_this: str
    of_all: str
    values: list[Any]

    def exists(self, condition: str, values: list[Any], *, whole: bool) -> "Text":
        """There is one and it is so (`x` is the part)."""
        if whole:
            text = f"{_THIS} IN (SELECT x.recommendation_id FROM ({self.of_all}) x WHERE {condition})"  # noqa: S608 - ours
        else:
            text = f"EXISTS (SELECT FROM ({self.of_this}) x WHERE {condition})"
        return text, [*self.values, *values]

    def lacks(self, condition: str, values: list[Any], *, whole: bool) -> "Text":
        """There is none, or it is otherwise."""
        if whole:
            text = f"NOT EXISTS (SELECT FROM ({self.of_all}) x WHERE x.recommendation_id = {_THIS} AND {condition})"
        else:
            text = f"NOT EXISTS (SELECT FROM ({self.of_this}) x WHERE {condition})"
        return text, [*self.values, *values]


Text = tuple[str, list[Any]]
"""SQL with its values."""


def _part(template: str, values: list[Any]) -> Part:
    return Part(template.format(of=f"a.recommendation_id = {_THIS}"), template.format(of="true"), values)


@dataclass(frozen=True)
class Parts:
    """All parts of the headlines of one moment."""

    at: Moment

    @property
    def verdict(self) -> Part:
        return Part(stood(_THIS), LATEST, latest_values(self.at))

    @property
    def contested(self) -> Part:
        """There is one where another party's latest verdict differs from ours."""
        differs = (
            "SELECT ours.recommendation_id FROM ({ours}) ours JOIN ({others}) o USING (recommendation_id)"
        )
        differs += " WHERE o.status <> ours.status"
        mine = differs.format(ours=stood(_THIS), others=_OTHERS.format(of=f"a.recommendation_id = {_THIS}"))
        everybodys = differs.format(ours=LATEST, others=_OTHERS.format(of="true"))
        return Part(mine, everybodys, latest_values(self.at) * 2)

    @property
    def answer(self) -> Part:
        return _part(_ANSWERS, [self.at.as_of, self.at.known_at])

    @property
    def date(self) -> Part:
        return _part(_DATES, [self.at.as_of, self.at.known_at])

    @property
    def closure(self) -> Part:
        return _part(_CLOSURES, [self.at.as_of, self.at.known_at, self.at.known_at, self.at.as_of])


def matching(
    rows: "QuerySet[Recommendation]", asked: "Asked", at: Moment, *, whole: bool
) -> "QuerySet[Recommendation]":
    """Those whose headline of that moment was as asked.

    To fill a page each recommendation is asked in turn; where few can have been so (one statement to learn that), only
    those are. `whole` is for who wants all of them, or their number: then each part is worked out for all at once.
    """
    said = list(_asked(asked, at, whole))
    if not whole:
        said = [*_few(list(_possible(asked, at))), *said]
    if not said:
        return rows
    text = " AND ".join(text for text, _values in said)
    values = [value for _text, given in said for value in given]
    return rows.filter(RawSQL(text, values, output_field=BooleanField()))  # noqa: S611 - the text is this module's


def _asked(asked: "Asked", at: Moment, whole: bool) -> Iterator[Text]:
    """What is asked, each as one condition; what is not there counts as the word for nothing."""
    parts = Parts(at)
    closed: Text = ("NOT coalesce(x.review_on <= %s, false)", [at.as_of])
    if asked.statuses:
        yield _among(parts.verdict, "status", asked.statuses, Status.NOT_ASSESSED, whole)
    if asked.responses:
        yield _among(parts.answer, "kind", asked.responses, ResponseKind.NONE, whole)
    if asked.contested is not None:
        found = parts.contested.exists if asked.contested else parts.contested.lacks
        yield found("true", [], whole=whole)
    if asked.open is not None:
        found = parts.closure.lacks if asked.open else parts.closure.exists
        yield found(*closed, whole=whole)
    if asked.overdue is not None:
        late, late_values = parts.date.exists("x.due_on < %s", [at.as_of], whole=whole)
        still, still_values = parts.closure.lacks(*closed, whole=whole)
        yield f"{'' if asked.overdue else 'NOT '}({late} AND {still})", [*late_values, *still_values]
    if asked.stale is not None:
        found = parts.verdict.exists if asked.stale else parts.verdict.lacks
        yield found(*stale("x.status", "x.published_at", at.known_at), whole=whole)
    for sign, day in (("<", asked.due_before), (">", asked.due_after)):
        if day is not None:
            yield parts.date.exists(f"x.due_on {sign} %s", [day], whole=whole)


def _among(part: Part, column: str, words: Collection[str], nothing: str, whole: bool) -> Text:
    if nothing in words:
        return part.lacks(f"x.{column} <> ALL(%s)", [list(words)], whole=whole)
    return part.exists(f"x.{column} = ANY(%s)", [list(words)], whole=whole)


def stale(status: str, verified_at: str, now: datetime) -> Text:
    """Verified before the first moment of the day that is one shelf life ago: by days, as rules.is_stale."""
    lives = [(each.value, rules.shelf_life(each)) for each in Status]
    text = f"{verified_at} < %s - (CASE {status}{' WHEN %s THEN %s' * len(lives)} END)"
    return text, [datetime.combine(now.date(), time(), UTC), *(value for pair in lives for value in pair)]


def _possible(asked: "Asked", at: Moment) -> Iterator[Text]:
    """For each thing asked that most cannot have been: the recommendations of which somebody once said so."""
    said = "SELECT a.recommendation_id FROM recommendations_"
    then = [at.as_of, at.known_at]
    if asked.statuses and Status.NOT_ASSESSED not in asked.statuses:
        office = "a.verdict_by = 'office' AND a.published_at IS NOT NULL"
        yield (
            f"{said}assessment a WHERE {office} AND a.status = ANY(%s) AND a.effective_on <= %s",
            [list(asked.statuses), at.as_of],
        )
    if asked.contested:
        yield f"{said}assessment a WHERE a.verdict_by <> 'office' AND a.effective_on <= %s", [at.as_of]
    if asked.responses and ResponseKind.NONE not in asked.responses:
        yield (
            f"{said}response a WHERE a.kind = ANY(%s) AND a.stated_on <= %s AND a.recorded_at <= %s",
            [list(asked.responses), *then],
        )
    if asked.open is False:
        yield f"{said}closure a WHERE a.closed_at < %s", [_end(at)]
    for sign, day in (
        ("<", at.as_of if asked.overdue else None),
        ("<", asked.due_before),
        (">", asked.due_after),
    ):
        if day is not None:
            yield f"{said}deadline a WHERE a.due_on {sign} %s AND a.recorded_at < %s", [day, _end(at)]


def _end(at: Moment) -> datetime:
    """What we did was done before it, on both axes."""
    day = datetime.combine(at.as_of + timedelta(days=1), time(), UTC)
    return min(day, at.known_at + timedelta(microseconds=1))


FEW = 64
"""Of N recommendations sqrt(FEW * N) are few: to ask those costs no more than to walk a list until a page is full.

A page of a hundred is full after 100 * N / n of them, and asking one costs about as much as fetching it.
"""


def _few(possible: list[Text]) -> Iterator[Text]:
    """Those of the possible that are few, as conditions."""
    if not possible:
        return
    counted = ", ".join(
        f"(SELECT count(*) FROM ({text} LIMIT (SELECT most + 1 FROM few)) x) <= (SELECT most FROM few)"  # noqa: S608 - ours
        for text, _values in possible
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH few AS (SELECT ceil(sqrt(%s * greatest(coalesce(sum(number), 0), 0)))::bigint AS most"  # noqa: S608
            f" FROM recommendations_tally WHERE dimension = 'all') SELECT {counted}",  # the text is this module's
            [FEW, *(value for _text, values in possible for value in values)],
        )
        for (text, values), are_few in zip(possible, cursor.fetchone(), strict=True):
            if are_few:
                yield f"{_THIS} = ANY (ARRAY({text}))", values
