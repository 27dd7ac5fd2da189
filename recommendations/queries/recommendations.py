"""Recommendations as lists and pages show them, today or at a moment of the past.

Every shape here costs a fixed number of statements, however many rows there are.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual

from recommendations.models import Addressee, Recommendation
from recommendations.queries import evidence, past
from recommendations.queries.visibility import visible
from recommendations.rules import assessments as rules
from recommendations.rules.closures import is_open
from recommendations.rules.moments import Moment
from recommendations.vocabulary import ClosureReason, ResponseKind, Status


@dataclass(frozen=True)
class Headline:
    """What a recommendation has come to, at one moment. Dates are days in the world."""

    assessment_id: int | None
    status: str
    status_since: date | None
    confidence: str
    contested: bool
    response: str
    due_on: date | None
    closure_reason: str
    closure_review_on: date | None
    last_verified_at: datetime | None
    today: date
    now: datetime

    @property
    def open(self) -> bool:
        return is_open(self.closure_reason, self.closure_review_on, self.today)

    @property
    def overdue(self) -> bool:
        return rules.is_overdue(self.due_on, self.open, self.today)

    @property
    def stale(self) -> bool:
        return rules.is_stale(self.status, self.last_verified_at, self.now)

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)

    @property
    def response_label(self) -> str:
        return str(ResponseKind(self.response).label)

    @property
    def closure_label(self) -> str:
        return str(ClosureReason(self.closure_reason).label) if self.closure_reason else ""


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed to by headline; None and () leave a question open."""

    statuses: Collection[str] = ()
    responses: Collection[str] = ()
    contested: bool | None = None
    open: bool | None = None
    overdue: bool | None = None
    stale: bool | None = None
    due_before: date | None = None
    due_after: date | None = None


def existing(user: Any, at: Moment | None = None) -> QuerySet[Recommendation]:
    """Visible recommendations; at a moment of the past only those of sources published by then."""
    rows = visible(Recommendation.objects.all(), user)
    if at is None:
        return rows
    # Written so that no index is read for it: most were there by then, and to find all those takes longer than a page.
    return rows.filter(LessThanOrEqual(Coalesce("issued_on", Value(date.max)), at.as_of))


def listed(user: Any, at: Moment | None = None) -> QuerySet[Recommendation]:
    """Visible recommendations with what a list shows of each: three statements for any number of rows.

    Annotated with `parts_count` and `evidence_count` (what this user may see; up to the day asked for). Evidence
    that bears on a part counts for the whole as well, once.
    """
    return (
        existing(user, at)
        .select_related("source", "parent")
        .prefetch_related(
            "themes",
            Prefetch("addressee_set", Addressee.objects.select_related("institution")),
        )
        .annotate(
            parts_count=_count(visible(Recommendation.objects.filter(parent=OuterRef("pk")), user), "parent"),
            evidence_count=_evidence_count(user, at),
        )
    )


def matching(
    rows: QuerySet[Recommendation], asked: Asked, at: Moment | None, *, now: datetime, whole: bool = False
) -> QuerySet[Recommendation]:
    """Only those whose headline is as asked, today (from the columns) or at that moment (from history).

    `whole`: all of them are wanted, or their number, and not a page; of the past that is found in another way.
    """
    if at is not None:
        return past.matching(rows, asked, at, whole=whole)
    conditions = _conditions(asked, now.date(), now)
    if not conditions:
        return rows
    text = " AND ".join(condition for condition, _values in conditions)
    values = [value for _condition, given in conditions for value in given]
    # The text is this module's; what was asked goes in parameters.
    return rows.filter(RawSQL(text, values, output_field=BooleanField()))  # noqa: S611


def _conditions(asked: Asked, today: date, now: datetime) -> list[past.Text]:
    """SQL over the columns of today's headline."""
    row = "recommendations_recommendation"
    is_open = f"({row}.closure_reason = '' OR coalesce({row}.closure_review_on <= %s, false))"
    overdue = f"{row}.due_on IS NOT NULL AND {row}.due_on < %s AND {is_open}"
    said: list[past.Text] = []
    if len(asked.statuses) == 1:
        said.append((f"{row}.status = %s", list(asked.statuses)))  # said so, an index gives them in order
    elif asked.statuses:
        said.append((f"{row}.status = ANY(%s)", [list(asked.statuses)]))
    if asked.responses:
        said.append((f"{row}.response = ANY(%s)", [list(asked.responses)]))
    if asked.contested is not None:
        said.append((f"{row}.contested = %s", [asked.contested]))
    if asked.open is not None:
        # Closed is said in its own words, so that the index of the few closed rows serves it.
        closed = f"({row}.closure_reason <> '' AND NOT coalesce({row}.closure_review_on <= %s, false))"
        said.append((is_open if asked.open else closed, [today]))
    if asked.overdue is not None:
        # Said without a comparison, so that the index of the few rows with a deadline serves it.
        said.append((f"({overdue})" if asked.overdue else f"NOT ({overdue})", [today, today]))
    if asked.stale is not None:
        verified = f"{row}.last_verified_at"
        older, values = past.stale(f"{row}.status", verified, now)
        said.append((f"({verified} IS NOT NULL AND {older}) = %s", [*values, asked.stale]))
    if asked.due_before is not None:
        said.append((f"{row}.due_on < %s", [asked.due_before]))
    if asked.due_after is not None:
        said.append((f"{row}.due_on > %s", [asked.due_after]))
    return said


def headlines(rows: Iterable[Recommendation], at: Moment | None, *, now: datetime) -> dict[int, Headline]:
    """The headline of each row by its primary key; no statement for today, one for the past."""
    if at is None:
        return {row.pk: present(row, now=now) for row in rows}
    ids = [row.pk for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recommendation_id, headline_id, status, status_since, confidence, contested, response,"
            " due_on, closure_reason, closure_review_on, last_verified_at"
            " FROM recommendations_headline_at(%s, %s) WHERE recommendation_id = ANY(%s)",
            [at.as_of, at.known_at, ids],
        )
        return {
            pk: Headline(**dict(zip(_PAST, values, strict=True)), today=at.as_of, now=at.known_at)
            for pk, *values in cursor.fetchall()
        }


_PAST = [field.name for field in fields(Headline) if field.name not in ("today", "now")]
"""The fields of a Headline in the order in which the database function gives them."""


def present(row: Recommendation, *, now: datetime) -> Headline:
    """The headline of today, from the columns of the row."""
    return Headline(
        assessment_id=row.headline_id,
        status=row.status,
        status_since=row.status_since,
        confidence=row.confidence,
        contested=row.contested,
        response=row.response,
        due_on=row.due_on,
        closure_reason=row.closure_reason,
        closure_review_on=row.closure_review_on,
        last_verified_at=row.last_verified_at,
        today=now.date(),
        now=now,
    )


def _evidence_count(user: Any, at: Moment | None) -> Coalesce:
    family = Recommendation.objects.filter(
        Q(pk=OuterRef(OuterRef("pk"))) | Q(parent=OuterRef(OuterRef("pk")))
    )
    links = evidence.links(user, at).filter(recommendation__in=family.order_by().values("pk"))
    counted = (
        links.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("evidence", distinct=True))
    )
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
