"""A page of recommendations as plain rows: one statement for the page and all that is shown of each row.

Instances and prefetches cost five times what the rows themselves do; a list of a hundred shows a hundred rows, their
sources, themes, addressees and counts. Names come as JSON text made by PostgreSQL, so that nothing is taken apart
here only to be put together again.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from recommendations.models import Recommendation
from recommendations.models.visibility import evidence_is_public
from recommendations.queries.recommendations import Headline
from recommendations.queries.visibility import sees_internal
from recommendations.rules.moments import Moment


class Plain(NamedTuple):
    """The columns of one row, in the order of the statement below. `themes` and `addressees` are JSON text."""

    pk: int
    code: str
    title: str
    summary: str
    priority: bool
    updated_at: datetime
    version: int
    source_code: str
    source_title: str
    published_on: date
    date_precision: str
    parent: str | None
    themes: str
    addressees: str
    parts_count: int
    evidence_count: int
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


@dataclass(frozen=True)
class Listed:
    """One row, with what it has come to at the moment asked for, and what its page's order sorts it by."""

    row: Plain
    headline: Headline
    keys: tuple[Any, ...]


HEADLINE = (
    "headline_id status status_since confidence contested response due_on closure_reason closure_review_on"
    " last_verified_at"
)

# OFFSET 0 has each row look up its own few names, and its own past, and not join them with those of all others.
_STATEMENT = """
SELECT page.*, r.id, r.code, r.title, r.summary, r.priority, r.updated_at, r.version,
       s.code, s.title, s.published_on, s.date_precision, p.code,
       (SELECT coalesce(json_agg(json_build_object('code', t.code, 'name', t.name) ORDER BY t.name, t.id), '[]')::text
          FROM recommendations_recommendation_themes rt
         CROSS JOIN LATERAL (SELECT x.* FROM recommendations_theme x WHERE x.id = rt.theme_id OFFSET 0) t
         WHERE rt.recommendation_id = r.id),
       (SELECT coalesce(json_agg(json_build_object('code', i.code, 'name', i.name, 'wording', a.wording)
                                 ORDER BY a.position, a.id), '[]')::text
          FROM recommendations_addressee a
         CROSS JOIN LATERAL (SELECT x.* FROM recommendations_institution x WHERE x.id = a.institution_id OFFSET 0) i
         WHERE a.recommendation_id = r.id),
       (SELECT count(*) FROM recommendations_recommendation c WHERE c.parent_id = r.id{part_public}),
       -- Evidence that bears on a part counts for the whole as well, once.
       (SELECT count(DISTINCT l.evidence_id)
          FROM (SELECT r.id UNION ALL SELECT c.id FROM recommendations_recommendation c
                 WHERE c.parent_id = r.id{part_public}) family
          JOIN recommendations_evidencelink l ON l.recommendation_id = family.id
          JOIN recommendations_evidence e ON e.id = l.evidence_id{evidence_public}{evidence_known}),
       {headline}
  FROM (SELECT row_number() OVER () AS place, x.* FROM ({page}) x) page
  JOIN recommendations_recommendation r ON r.id = page.pk
  JOIN recommendations_source s ON s.id = r.source_id
  LEFT JOIN recommendations_recommendation p ON p.id = r.parent_id{past}
 ORDER BY page.place
"""


def read(
    page: "QuerySet[Recommendation, Any]", user: Any, at: Moment | None, *, now: datetime
) -> list[Listed]:
    """The rows of `page`, a queryset of values: `pk`, then the keys it is ordered by. One statement.

    What is counted of each row is what this user may see, up to the moment asked for.
    """
    text, values = page.query.sql_with_params()
    internal = sees_internal(user)
    statement = _STATEMENT.format(
        page=text,
        part_public="" if internal else " AND c.public",
        evidence_public="" if internal else f" AND {evidence_is_public('e')}",
        evidence_known=""
        if at is None
        else " AND e.occurred_on <= %s AND greatest(l.recorded_at, e.recorded_at) <= %s",
        headline=", ".join(f"{'r' if at is None else 'h'}.{column}" for column in HEADLINE.split()),
        past=""
        if at is None
        else "\n  JOIN LATERAL (SELECT x.* FROM recommendations_headline_at(%s, %s) x"
        " WHERE x.recommendation_id = r.id OFFSET 0) h ON true",
    )
    moment = [] if at is None else [at.as_of, at.known_at]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*moment, *values, *moment])
        found = cursor.fetchall()
    today, then = (now.date(), now) if at is None else (at.as_of, at.known_at)
    width = len(Plain._fields)
    return [_listed(row[2 : len(row) - width], Plain._make(row[-width:]), today, then) for row in found]


def _listed(keys: tuple[Any, ...], row: Plain, today: date, now: datetime) -> Listed:
    told: list[Any] = [*row[_HEADLINE_FROM:], today, now]
    return Listed(row, Headline(*told), keys)


_HEADLINE_FROM = Plain._fields.index("assessment_id")
