"""What an export holds: statements whose rows PostgreSQL itself writes, so that a million costs what COPY costs.

Each statement is text with all its values in place (COPY takes no parameters); every value goes through
`literal`, and names are this project's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import QuerySet
from psycopg import sql

from recommendations.exchange.cells import GUARDED
from recommendations.models import EvidenceLink, Recommendation
from recommendations.queries.visibility import visible
from recommendations.rules.assessments import shelf_life
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Precision, Status


def literal(value: Any) -> str:
    """A value as SQL text."""
    return sql.Literal(value).as_string(None)


def inlined(rows: QuerySet[Any], *columns: str) -> str:
    """A queryset as the text of a subquery of these columns."""
    text, values = rows.order_by().values(*columns).query.sql_with_params()
    return text % tuple(literal(value) for value in values)


PARTS_COUNT = "coalesce(parts.number, 0)"
EVIDENCE_COUNT = "coalesce(backed.number, 0)"


@dataclass(frozen=True)
class Selected:
    """Which recommendations are exported, by whom they are asked for and of which moment."""

    rows: QuerySet[Recommendation]
    user: Any
    at: Moment | None
    now: datetime

    @property
    def head(self) -> str:
        """The table that has the headline: the row itself today, the function of the past else."""
        return "r" if self.at is None else "h"

    @property
    def today(self) -> str:
        return f"{literal(self.at.as_of if self.at else self.now.date())}::date"

    @property
    def moment(self) -> str:
        return f"{literal(self.at.known_at if self.at else self.now)}::timestamptz"

    @property
    def before(self) -> str:
        """WITH: the keys of what is chosen, and what is counted for each, once for all and not row by row."""
        counted = ", ".join(
            f"{name} AS ({text})" for name, text in (("parts", self._parts()), ("backed", self._backed()))
        )
        return f"WITH chosen(id) AS MATERIALIZED ({inlined(self.rows, 'pk')}), {counted}"

    @property
    def source(self) -> str:
        """FROM, after `before`: `r` the row, `s` its source, `whole` what it is part of, `parts` and `backed` what is
        counted, and `h` the headline of the past.
        """
        past = (
            f"JOIN recommendations_headline_at({self.today}, {self.moment}) h ON h.recommendation_id = r.id"
        )
        return f"""
  FROM chosen
  JOIN recommendations_recommendation r ON r.id = chosen.id
  JOIN recommendations_source s ON s.id = r.source_id
  LEFT JOIN recommendations_recommendation whole ON whole.id = r.parent_id
  LEFT JOIN parts ON parts.id = r.id
  LEFT JOIN backed ON backed.id = r.id
  {"" if self.at is None else past}"""

    def _parts(self) -> str:
        parts = visible(Recommendation.objects.filter(parent__isnull=False), self.user)
        return f"""
SELECT chosen.id, count(*) AS number
  FROM chosen JOIN ({inlined(parts, "parent_id")}) p(whole) ON p.whole = chosen.id
 GROUP BY chosen.id"""  # noqa: S608 - our text

    def _backed(self) -> str:
        """Evidence that bears on a part bears on the whole as well, once."""
        links = visible(EvidenceLink.objects.all(), self.user)
        if self.at is not None:
            links = links.filter(
                evidence__occurred_on__lte=self.at.as_of,
                evidence__recorded_at__lte=self.at.known_at,
                recorded_at__lte=self.at.known_at,
            )
        return f"""
SELECT family.id, count(DISTINCT l.evidence) AS number
  FROM (SELECT id, id AS member FROM chosen UNION ALL
        SELECT chosen.id, f.id FROM chosen JOIN recommendations_recommendation f ON f.parent_id = chosen.id) family
  JOIN ({inlined(links, "recommendation_id", "evidence_id")}) l(recommendation, evidence)
    ON l.recommendation = family.member
 GROUP BY family.id"""  # noqa: S608 - our text

    def open(self) -> str:
        return f"({self.head}.closure_reason = '' OR coalesce({self.head}.closure_review_on <= {self.today}, false))"

    def overdue(self) -> str:
        return f"(coalesce({self.head}.due_on < {self.today}, false) AND {self.open()})"

    def stale(self) -> str:
        lives = " ".join(
            f"WHEN {literal(each)} THEN {literal(shelf_life(each))}::interval" for each in Status
        )
        then = self.at.known_at if self.at else self.now
        midnight = datetime.combine(then.astimezone(UTC).date(), time(), UTC)  # by days, as rules.is_stale
        limit = f"{literal(midnight)}::timestamptz - (CASE {self.head}.status {lives} END)"
        return f"coalesce({self.head}.last_verified_at < {limit}, false)"


def label(column: str, words: Any) -> str:
    """The word of a column for people, in the language of the request."""
    cases = " ".join(f"WHEN {literal(each.value)} THEN {literal(str(each.label))}" for each in words)
    return f"(CASE {column} {cases} END)"


def moment(column: str) -> str:
    """A moment as the API writes it: UTC, with microseconds where there are any."""
    utc = f"({column} AT TIME ZONE 'UTC')"
    parts = f"to_char({utc}, 'YYYY-MM-DD\"T\"HH24:MI:SS'), nullif(to_char({utc}, '.US'), '.000000'), 'Z'"
    return f"CASE WHEN {column} IS NOT NULL THEN concat({parts}) END"


def partial(column: str, precision: str) -> str:
    """A date with only what is known of it."""
    known = " ".join(
        f"WHEN {literal(each.value)} THEN {literal(form)}"
        for each, form in ((Precision.DAY, "YYYY-MM-DD"), (Precision.MONTH, "YYYY-MM"))
    )
    return f"to_char({column}, CASE {precision} {known} ELSE 'YYYY' END)"


def guarded(text: str) -> str:
    """Text of which no spreadsheet makes a formula: what begins with one of GUARDED gets an apostrophe before it.

    Reversible: whoever reads the file takes one apostrophe away from the front of each text that has one.
    """
    dangerous = f"{text} <> '' AND strpos({literal(GUARDED)}, left({text}, 1)) > 0"
    return f"CASE WHEN {dangerous} THEN chr(39) || {text} ELSE {text} END"


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, its value as SQL, its type (of Frictionless Table Schema) and what it says.

    `words` are the values it may have, each with what it means, where the vocabulary fixes them; other text is guarded.
    `form` says how a value is written, and `empty` what it means where there is none; a column without is never empty.
    """

    name: str
    value: str
    type: str
    description: str
    words: tuple[tuple[str, str], ...] = ()
    form: str = ""
    empty: str = ""
    pattern: str = ""

    @property
    def cell(self) -> str:
        """The value, made already under the column's name, as it stands in a file."""
        made = f'made."{self.name}"'
        if self.type == "boolean":
            return f"CASE WHEN {made} THEN 'true' WHEN NOT {made} THEN 'false' END"
        if self.type == "datetime":
            return moment(made)
        return guarded(made) if self.type == "string" and not self.words else made


def plain(columns: Sequence[Column], rest: str, before: str = "") -> str:
    """The same with values as they are, for a file in which text is text whatever it begins with."""
    values = ", ".join(moment(each.value) if each.type == "datetime" else each.value for each in columns)
    return f"{before} SELECT {values} {rest}"


def table(columns: Sequence[Column], rest: str, before: str = "") -> str:
    """The statement of a table: its columns as cells, and WITH, FROM, WHERE and ORDER BY as given.

    Each value is made once and then written as a cell, which names it several times; OFFSET 0 keeps the planner from
    putting the two together again, which would work out a list of codes four times a row.
    """
    values = ", ".join(f'{each.value} AS "{each.name}"' for each in columns)
    cells = ", ".join(f'{each.cell} AS "{each.name}"' for each in columns)
    return f"SELECT {cells} FROM ({before} SELECT {values} {rest} OFFSET 0) made"  # noqa: S608 - our text


def as_list_rows(selected: Selected, root: str) -> str:
    """One JSON object a recommendation, with what the list says of it; `root` is the address of the API."""
    head = selected.head
    themes = """(SELECT coalesce(json_agg(
             json_build_object('code', t.code, 'name', t.name) ORDER BY t.name, t.id), '[]')
      FROM recommendations_recommendation_themes l JOIN recommendations_theme t ON t.id = l.theme_id
     WHERE l.recommendation_id = r.id)"""
    addressees = """(SELECT coalesce(json_agg(
             json_build_object('code', i.code, 'name', i.name, 'wording', l.wording) ORDER BY l.position, l.id), '[]')
      FROM recommendations_addressee l JOIN recommendations_institution i ON i.id = l.institution_id
     WHERE l.recommendation_id = r.id)"""
    published = partial("s.published_on", "s.date_precision")
    closed = f"NOT {selected.open()}"
    closure = (
        f"json_build_object('state', CASE WHEN {closed} THEN 'closed' ELSE 'open' END,"
        f" 'reason', CASE WHEN {closed} THEN {head}.closure_reason END,"
        f" 'review_on', CASE WHEN {closed} THEN {head}.closure_review_on END)"
    )
    pairs = {
        "code": "r.code",
        "title": "r.title",
        "summary": "r.summary",
        "url": f"{literal(root + 'recommendations/')} || r.code || '/'",
        "source": f"json_build_object('code', s.code, 'title', s.title, 'published_on', {published})",
        "parent": "whole.code",
        "themes": themes,
        "addressees": addressees,
        "status": f"{head}.status",
        "status_label": label(f"{head}.status", Status),
        "status_since": f"{head}.status_since",
        "confidence": f"nullif({head}.confidence, '')",
        "response": f"{head}.response",
        "closure": closure,
        "contested": f"{head}.contested",
        "overdue": selected.overdue(),
        "stale": selected.stale(),
        "priority": "r.priority",
        "due_on": f"{head}.due_on",
        "issued_on": published,
        "parts_count": PARTS_COUNT,
        "evidence_count": EVIDENCE_COUNT,
        "last_verified_at": moment(f"{head}.last_verified_at"),
        "updated_at": moment("r.updated_at"),
        "version": "r.version",
    }
    inside = ", ".join(f"'{name}', {value}" for name, value in pairs.items())
    return f"{selected.before} SELECT json_build_object({inside})::text {selected.source} ORDER BY r.code"
