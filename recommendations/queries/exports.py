"""What an export holds: statements whose rows PostgreSQL itself writes, so that a million costs what COPY costs.

Each statement is text with all its values in place (COPY takes no parameters); every value goes through
`literal`, and names are this project's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from psycopg import sql

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
    def source(self) -> str:
        """FROM and WHERE: `r` the row, `s` its source, `whole` what it is part of, and `h` the headline of the past."""
        past = (
            f"JOIN recommendations_headline_at({self.today}, {self.moment}) h ON h.recommendation_id = r.id"
        )
        return f"""
  FROM recommendations_recommendation r
  JOIN recommendations_source s ON s.id = r.source_id
  LEFT JOIN recommendations_recommendation whole ON whole.id = r.parent_id
  {"" if self.at is None else past}
 WHERE r.id IN ({inlined(self.rows, "pk")})"""

    def open(self) -> str:
        return f"({self.head}.closure_reason = '' OR coalesce({self.head}.closure_review_on <= {self.today}, false))"

    def overdue(self) -> str:
        return f"(coalesce({self.head}.due_on < {self.today}, false) AND {self.open()})"

    def stale(self) -> str:
        lives = " ".join(
            f"WHEN {literal(each)} THEN {literal(shelf_life(each))}::interval" for each in Status
        )
        limit = f"{self.moment} - (CASE {self.head}.status {lives} END)"
        return f"coalesce({self.head}.last_verified_at < {limit}, false)"

    def parts_count(self) -> str:
        parts = inlined(visible(Recommendation.objects.all(), self.user), "pk")
        of_it = f"p.parent_id = r.id AND p.id IN ({parts})"
        return f"(SELECT count(*) FROM recommendations_recommendation p WHERE {of_it})"  # noqa: S608

    def evidence_count(self) -> str:
        links = visible(EvidenceLink.objects.all(), self.user)
        if self.at is not None:
            links = links.filter(evidence__occurred_on__lte=self.at.as_of)
        family = (
            "SELECT r.id UNION ALL SELECT f.id FROM recommendations_recommendation f WHERE f.parent_id = r.id"
        )
        bearing = f"l.recommendation_id IN ({family}) AND l.id IN ({inlined(links, 'pk')})"
        return f"(SELECT count(DISTINCT l.evidence_id) FROM recommendations_evidencelink l WHERE {bearing})"  # noqa: S608


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


GUARDED = "=+-@\t\r\n'＝＋－＠"
"""Letters with which a spreadsheet takes a cell for a formula, and the apostrophe that says it is none."""


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
    """

    name: str
    value: str
    type: str
    description: str
    words: tuple[tuple[str, str], ...] = ()

    @property
    def cell(self) -> str:
        """The value as it stands in a file."""
        if self.type == "boolean":
            return f"CASE WHEN {self.value} THEN 'true' WHEN NOT {self.value} THEN 'false' END"
        if self.type == "datetime":
            return moment(self.value)
        return guarded(f"({self.value})") if self.type == "string" and not self.words else self.value


def plain(columns: Sequence[Column], rest: str) -> str:
    """The same with values as they are, for a file in which text is text whatever it begins with."""
    values = ", ".join(moment(each.value) if each.type == "datetime" else each.value for each in columns)
    return f"SELECT {values} {rest}"


def table(columns: Sequence[Column], rest: str) -> str:
    """The statement of a table: its columns as cells, and FROM, WHERE and ORDER BY as given."""
    return f"SELECT {', '.join(f'{each.cell} AS {each.name}' for each in columns)} {rest}"


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
        "parts_count": selected.parts_count(),
        "evidence_count": selected.evidence_count(),
        "last_verified_at": moment(f"{head}.last_verified_at"),
        "updated_at": moment("r.updated_at"),
        "version": "r.version",
    }
    inside = ", ".join(f"'{name}', {value}" for name, value in pairs.items())
    return f"SELECT json_build_object({inside})::text {selected.source} ORDER BY r.code"
