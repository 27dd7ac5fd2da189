"""A page of recommendations as plain rows: one statement finds the page, a prepared one all that is shown of its rows.

Instances and prefetches cost five times what the rows themselves do; a list of a hundred shows a hundred rows, their
sources, themes, addressees and counts. Names come as JSON text made by PostgreSQL, so that nothing is taken apart
here only to be put together again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from recommendations.models import Recommendation
from recommendations.models.visibility import evidence_is_public
from recommendations.queries import prepared, search
from recommendations.queries.recommendations import Headline
from recommendations.queries.visibility import sees_internal
from recommendations.rules.moments import Moment


class Plain(NamedTuple):
    """The columns of one row, in the order of SHOWN below. `themes` and `addressees` are JSON text."""

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
    """One row, with what it has come to at the moment asked for, what its page's order sorts it by, and of a search
    the passage that matched."""

    row: Plain
    headline: Headline
    keys: tuple[Any, ...] = ()
    highlight: str | None = None


HEADLINE = (
    "headline_id status status_since confidence contested response due_on closure_reason closure_review_on"
    " last_verified_at"
)

SHOWN = """
       r.id, r.code, r.title, r.summary, r.priority, r.updated_at, r.version,
       s.code, s.title, s.published_on, s.date_precision, p.code,
       coalesce(theme.names, '[]'), coalesce(addressee.names, '[]'),
       coalesce(part.number, 0), coalesce(evidence.number, 0), {headline}
"""
"""What is selected of each row of `page`, a query with the keys `pk`, joined with TABLES."""

# Gathered for the whole page at once: to look for the names of each row by itself takes nearly twice as long. Evidence
# that bears on a part counts for the whole as well, once. OFFSET 0: the past is worked out of these rows and no others.
TABLES = """
  JOIN recommendations_recommendation r ON r.id = page.pk{row_public}
  JOIN recommendations_source s ON s.id = r.source_id
  LEFT JOIN recommendations_recommendation p ON p.id = r.parent_id
  LEFT JOIN (
       SELECT rt.recommendation_id,
              json_agg(json_build_object('code', t.code, 'name', t.name) ORDER BY t.name, t.id)::text AS names
         FROM page
         JOIN recommendations_recommendation_themes rt ON rt.recommendation_id = page.pk
         JOIN recommendations_theme t ON t.id = rt.theme_id
        GROUP BY rt.recommendation_id) theme ON theme.recommendation_id = page.pk
  LEFT JOIN (
       SELECT a.recommendation_id,
              json_agg(json_build_object('code', i.code, 'name', i.name, 'wording', a.wording)
                       ORDER BY a.position, a.id)::text AS names
         FROM page
         JOIN recommendations_addressee a ON a.recommendation_id = page.pk
         JOIN recommendations_institution i ON i.id = a.institution_id
        GROUP BY a.recommendation_id) addressee ON addressee.recommendation_id = page.pk
  LEFT JOIN (
       SELECT c.parent_id, count(*) AS number
         FROM page JOIN recommendations_recommendation c ON c.parent_id = page.pk{part_public}
        GROUP BY c.parent_id) part ON part.parent_id = page.pk
  LEFT JOIN (
       SELECT family.whole, count(DISTINCT l.evidence_id) AS number
         FROM (SELECT page.pk AS whole, page.pk AS id FROM page
               UNION ALL
               SELECT page.pk, c.id
                 FROM page JOIN recommendations_recommendation c ON c.parent_id = page.pk{part_public}) family
         JOIN recommendations_evidencelink l ON l.recommendation_id = family.id
         JOIN recommendations_evidence e ON e.id = l.evidence_id{evidence_public}{evidence_known}
        GROUP BY family.whole) evidence ON evidence.whole = page.pk{past}
"""

# The keys come out of a query of their own, so that PostgreSQL expects as many whatever is asked, and keeps its plan.
_STATEMENT = """
WITH page AS MATERIALIZED (
     SELECT pk, place FROM unnest((SELECT %(pks)s::bigint[])) WITH ORDINALITY keys (pk, place))
SELECT {shown}, {highlight}
  FROM page{tables}
 ORDER BY page.place
"""


def read(
    page: "QuerySet[Recommendation, Any]", user: Any, at: Moment | None, *, now: datetime, words: str = ""
) -> list[Listed]:
    """The rows of `page`, a queryset of values: `pk`, then the keys it is ordered by. Two statements.

    What is counted of each row is what this user may see, up to the moment asked for. With `words` each row has the
    passage that matches them.
    """
    text, given = page.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        keys = {pk: tuple(rest) for pk, *rest in cursor.fetchall()}
    if not keys:
        return []
    values = {"pks": prepared.array(keys), **of(at)} | ({"words": words} if words else {})
    told = teller(at, now)
    rows = prepared.rows(_statement(sees_internal(user), at is not None, bool(words)), values)
    return [told(row, keys[row[0]], row[WIDTH]) for row in rows]


@cache
def _statement(internal: bool, past: bool, searching: bool) -> str:
    said = blanks(internal, past)
    highlight = search.HIGHLIGHT if searching else "NULL"
    return _STATEMENT.format(shown=SHOWN.format(**said), tables=TABLES.format(**said), highlight=highlight)


def blanks(internal: bool, past: bool) -> dict[str, str]:
    """What the texts above leave open: for one kind of reader, of today or of the past. What is asked goes in
    parameters, `of(at)` among them."""
    return {
        "row_public": "" if internal else " AND r.public",
        "part_public": "" if internal else " AND c.public",
        "evidence_public": "" if internal else f" AND {evidence_is_public('e')}",
        "evidence_known": " AND e.occurred_on <= %(as_of)s AND greatest(l.recorded_at, e.recorded_at) <= %(known_at)s"
        if past
        else "",
        "headline": ", ".join(f"{'h' if past else 'r'}.{column}" for column in HEADLINE.split()),
        "past": "\n  JOIN LATERAL (SELECT x.* FROM recommendations_headline_at(%(as_of)s, %(known_at)s) x"
        " WHERE x.recommendation_id = r.id OFFSET 0) h ON true"
        if past
        else "",
    }


def of(at: Moment | None) -> dict[str, Any]:
    """The moment asked for, as the parameters of a statement about the past."""
    return {} if at is None else {"as_of": at.as_of, "known_at": at.known_at}


def teller(at: Moment | None, now: datetime) -> Callable[..., Listed]:
    """A function that makes a row of what SHOWN selects."""
    today, then = (now.date(), now) if at is None else (at.as_of, at.known_at)

    def told(row: tuple[Any, ...], keys: tuple[Any, ...] = (), highlight: str | None = None) -> Listed:
        came_to: list[Any] = [*row[_HEADLINE_FROM:WIDTH], today, then]
        return Listed(Plain._make(row[:WIDTH]), Headline(*came_to), keys, highlight)

    return told


WIDTH = len(Plain._fields)
_HEADLINE_FROM = Plain._fields.index("assessment_id")
