"""What each public record says, as SQL that makes its JSON. `x` is the row; see records.py for what records are."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from psycopg import sql

from recommendations.models import (
    Assessment,
    Citation,
    Closure,
    Deadline,
    Evidence,
    EvidenceLink,
    Figure,
    Indicator,
    Institution,
    Recommendation,
    Relation,
    Response,
    Source,
    Theme,
)


def public(rows: QuerySet[Any], key: str) -> str:
    """The condition that `key` is one of these rows: what `published()` says, as SQL with its constants in place."""
    return f"{key} IN ({_text(rows)})"


def _seen(rows: QuerySet[Any], key: str) -> str:
    """The same, asked for each row by itself.

    Inside a list of what belongs to one row there are few, however many there are of all. OFFSET 0 keeps the
    planner from joining them all: it does, and takes minutes, where a table was just filled and it knows nothing.
    """
    return f"EXISTS ({_text(rows.filter(pk=RawSQL(key, [])))} OFFSET 0)"  # noqa: S611 - a name of our own


def _text(rows: QuerySet[Any]) -> str:
    text, values = rows.order_by().values("pk").query.sql_with_params()
    return text % tuple(sql.Literal(value).as_string(None) for value in values)


MODELS: dict[str, Any] = {
    "institution": Institution,
    "theme": Theme,
    "source": Source,
    "recommendation": Recommendation,
    "evidence": Evidence,
    "indicator": Indicator,
    "figure": Figure,
}

FROM = {
    "institution": "recommendations_institution x",
    "theme": "recommendations_theme x",
    "source": "recommendations_source x",
    "recommendation": """recommendations_recommendation x
        JOIN recommendations_source s ON s.id = x.source_id
        LEFT JOIN recommendations_recommendation whole ON whole.id = x.parent_id""",
    "evidence": """recommendations_evidence x JOIN recommendations_document d ON d.id = x.document_id""",
    "indicator": "recommendations_indicator x",
    "figure": "recommendations_figure x",
}


def _object(**pairs: str) -> str:
    """A JSON object of SQL expressions, in this order."""
    inside = ", ".join(f"'{name}', {value}" for name, value in pairs.items())
    return f"json_build_object({inside})"


def _list(value: str, rows: str, order: str) -> str:
    return f"(SELECT coalesce(json_agg({value} ORDER BY {order}), '[]') FROM {rows})"  # noqa: S608 - our own text


def _code(table: str, key: str) -> str:
    return f"(SELECT y.code FROM recommendations_{table} y WHERE y.id = {key})"  # noqa: S608 - our own text


def _at(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _day(column: str, precision: str) -> str:
    """A date with only what is known of it, as `rules.dates.iso` writes it."""
    known = f"CASE {precision} WHEN 'day' THEN 'YYYY-MM-DD' WHEN 'month' THEN 'YYYY-MM' ELSE 'YYYY' END"
    return f"to_char({column}, {known})"


def _columns(alias: str, names: str) -> dict[str, str]:
    """Columns that are told as they are."""
    return {name: f'{alias}."{name}"' for name in names.split()}


def _institution() -> str:
    seen = Institution.objects.published()
    parent, heir = (
        f"(SELECT y.code FROM recommendations_institution y WHERE y.id = x.{key} AND {_seen(seen, 'y.id')})"  # noqa: S608
        for key in ("parent_id", "merged_into_id")
    )
    return _object(
        noun="'institution'",
        **_columns("x", "code name kind country aliases"),
        parent=parent,
        merged_into=heir,
    )


def _theme() -> str:
    seen = _seen(Theme.objects.published(), "y.id")
    parent = f"(SELECT y.code FROM recommendations_theme y WHERE y.id = x.parent_id AND {seen})"  # noqa: S608
    return _object(noun="'theme'", **_columns("x", "code name description"), parent=parent)


def _source() -> str:
    return _object(
        noun="'source'",
        **_columns("x", "code title kind authors author_note publisher_wording series"),
        publisher=_code("institution", "x.publisher_id"),
        published_on=_day("x.published_on", "x.date_precision"),
        **_columns("x", "date_precision date_label date_note url url_confirmed language note version"),
        updated_at=_at("x.updated_at"),
    )


def _recommendation() -> str:
    themes = (
        "recommendations_recommendation_themes l JOIN recommendations_theme t ON t.id = l.theme_id"
        " WHERE l.recommendation_id = x.id"
    )
    addressees = (
        "recommendations_addressee l JOIN recommendations_institution i ON i.id = l.institution_id"
        " WHERE l.recommendation_id = x.id"
    )
    addressee = _object(institution="i.code", wording="l.wording")
    return _object(
        noun="'recommendation'",
        code="x.code",
        source="s.code",
        parent="whole.code",
        **_columns("x", "title summary group locator explicit note priority"),
        themes=_list("t.code", themes, 't.code COLLATE "C"'),
        addressees=_list(addressee, addressees, "l.position, l.id"),
        **_columns("x", "status status_since confidence contested response due_on"),
        **_columns("x", "closure_reason closure_review_on"),
        last_verified_at=_at("x.last_verified_at"),
        updated_at=_at("x.updated_at"),
        version="x.version",
        assessments=_assessments(),
        responses=_responses(),
        deadlines=_deadlines(),
        closures=_closures(),
        relations=_relations(),
    )


def _assessments() -> str:
    cited = _list(
        _object(evidence="e.code", stance="c.stance", locator="c.locator"),
        "recommendations_citation c JOIN recommendations_evidence e ON e.id = c.evidence_id"
        f" WHERE c.assessment_id = a.id AND {_seen(Citation.objects.published(), 'c.id')}",
        "c.id",
    )
    verdict = _object(
        **_columns("a", "id status effective_on rationale confidence verdict_by"),
        verdict_institution=_code("institution", "a.verdict_institution_id"),
        supersedes="a.supersedes_id",
        **_columns("a", "method_version evidence_derived source_label source_system mapping_version state"),
        proposed_at=_at("a.proposed_at"),
        published_at=_at("a.published_at"),
        retracted_at=_at("a.retracted_at"),
        retraction_reason="a.retraction_reason",
        evidence=cited,
    )
    seen = _seen(Assessment.objects.published(), "a.id")
    return _list(verdict, f"recommendations_assessment a WHERE a.recommendation_id = x.id AND {seen}", "a.id")


def _responses() -> str:
    evidence = f"(SELECT y.code FROM recommendations_evidence y WHERE y.id = a.evidence_id AND {_seen(Evidence.objects.published(), 'y.id')})"  # noqa: S608,E501
    said = _object(
        id="a.id",
        institution=_code("institution", "a.institution_id"),
        kind="a.kind",
        stated_on=_day("a.stated_on", "a.date_precision"),
        **_columns("a", "date_precision summary"),
        evidence=evidence,
        **_columns("a", "source_label source_system mapping_version"),
        recorded_at=_at("a.recorded_at"),
    )
    seen = _seen(Response.objects.published(), "a.id")
    return _list(said, f"recommendations_response a WHERE a.recommendation_id = x.id AND {seen}", "a.id")


def _deadlines() -> str:
    entry = _object(
        **_columns("a", "id previous_due_on due_on"),
        moved_by=_code("institution", "a.moved_by_id"),
        reason="a.reason",
        recorded_at=_at("a.recorded_at"),
    )
    seen = _seen(Deadline.objects.published(), "a.id")
    return _list(entry, f"recommendations_deadline a WHERE a.recommendation_id = x.id AND {seen}", "a.id")


def _closures() -> str:
    closure = _object(
        **_columns("a", "id reason note review_on"),
        closed_at=_at("a.closed_at"),
        reopened_at=_at("a.reopened_at"),
        reopening_note="a.reopening_note",
    )
    seen = _seen(Closure.objects.published(), "a.id")
    return _list(closure, f"recommendations_closure a WHERE a.recommendation_id = x.id AND {seen}", "a.id")


def _relations() -> str:
    relation = _object(
        id="a.id", other="other.code", kind="a.kind", note="a.note", recorded_at=_at("a.recorded_at")
    )
    rows = (
        "recommendations_relation a JOIN recommendations_recommendation other ON other.id = a.other_id"
        f" WHERE a.recommendation_id = x.id AND {_seen(Relation.objects.published(), 'a.id')}"
    )
    return _list(relation, rows, "a.id")


def _evidence() -> str:
    document = _object(
        **_columns("d", "code title"),
        publisher=_code("institution", "d.publisher_id"),
        publisher_wording="d.publisher_wording",
        via=_code("institution", "d.via_id"),
        **_columns("d", "url url_confirmed"),
    )
    link = _object(
        id="a.id",
        recommendation="r.code",
        **_columns("a", "stance timing note"),
        recorded_at=_at("a.recorded_at"),
    )
    links = (
        "recommendations_evidencelink a JOIN recommendations_recommendation r ON r.id = a.recommendation_id"
        f" WHERE a.evidence_id = x.id AND {_seen(EvidenceLink.objects.published(), 'a.id')}"
    )
    return _object(
        noun="'evidence'",
        **_columns("x", "id code title kind publisher_wording finding"),
        occurred_on=_day("x.occurred_on", "x.date_precision"),
        **_columns("x", "date_precision verified url_confirmed"),
        checked_against="to_json(x.checked_against)",
        **_columns("x", "from_memory caution version"),
        recorded_at=_at("x.recorded_at"),
        updated_at=_at("x.updated_at"),
        document=document,
        links=_list(link, links, "a.id"),
    )


def _indicator() -> str:
    measured = (
        "recommendations_indicator_recommendations l"
        " JOIN recommendations_recommendation r ON r.id = l.recommendation_id"
        f" WHERE l.indicator_id = x.id AND {_seen(Recommendation.objects.published(), 'r.id')}"
    )
    value = _object(
        **_columns("a", "id role period period_from period_to"),
        value="trim_scale(a.value)",
        **_columns("a", "value_text measure quality basis verified seen_at note"),
        recorded_at=_at("a.recorded_at"),
    )
    return _object(
        noun="'indicator'",
        **_columns("x", "code name unit direction note sources version"),
        updated_at=_at("x.updated_at"),
        recommendations=_list("r.code", measured, 'r.code COLLATE "C"'),
        observations=_list(value, "recommendations_observation a WHERE a.indicator_id = x.id", "a.id"),
    )


def _figure() -> str:
    return _object(
        noun="'figure'",
        **_columns("x", "code kind"),
        source=_code("source", "x.source_id"),
        evidence=_code("evidence", "x.evidence_id"),
        **_columns("x", "measure description locator"),
        value="trim_scale(x.value)",
        **_columns("x", "unit period approximate bound usable seen_at note"),
    )


RECORDS = {
    "institution": _institution,
    "theme": _theme,
    "source": _source,
    "recommendation": _recommendation,
    "evidence": _evidence,
    "indicator": _indicator,
    "figure": _figure,
}
