"""The tables of the data package, all of them: those of package_tables.py, and what records tell besides.

With closures and figures the package holds what `exports/tracker.ndjson` holds of each recommendation and source.
"""

from django.utils.translation import gettext_lazy as _

from recommendations import models, vocabulary
from recommendations.queries import package_tables
from recommendations.queries.export_tables import (
    Table,
    by_code,
    day,
    flag,
    instant,
    integer,
    number,
    string,
)
from recommendations.queries.exports import Column, Selected, inlined, literal


def _closures(selected: Selected) -> list[Column]:
    reopened = "a.reopened_at"
    if selected.at is not None:
        reopened = f"CASE WHEN a.reopened_at <= {selected.moment} THEN a.reopened_at END"
    return [
        integer("id", "a.id", _("Number of the row in this tracker.")),
        string("recommendation", "r.code", _("Code of the recommendation that was closed.")),
        string("reason", "a.reason", _("Why nobody waits for it any longer."), vocabulary.ClosureReason),
        string("note", "a.note", _("The reason in our own words.")),
        day("review_on", "a.review_on", _("The day on which it opens again by itself; empty is never.")),
        instant("closed_at", "a.closed_at", _("When it was closed.")),
        instant("reopened_at", reopened, _("When it was opened again; empty while the closure stands.")),
        string(
            "reopening_note",
            f"CASE WHEN {reopened} IS NOT NULL THEN a.reopening_note ELSE '' END",
            _("Why it was opened again."),
        ),
    ]


def _closure_rows(selected: Selected) -> str:
    known = "" if selected.at is None else f" AND a.closed_at <= {selected.moment}"
    return (
        "FROM recommendations_closure a JOIN recommendations_recommendation r ON r.id = a.recommendation_id"
        f" WHERE a.id IN ({inlined(models.Closure.objects.published(), 'pk')})"
        f" AND r.id IN ({inlined(selected.rows, 'pk')}){known} ORDER BY a.id"
    )


def _figures(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", _("Code of the figure.")),
        string("kind", "x.kind", _("Stated by the document, or seen later."), vocabulary.FigureKind),
        by_code("source", "source", "x.source_id", _("Code of the source that states it.")),
        by_code("evidence", "evidence", "x.evidence_id", _("Code of the evidence in which it was seen.")),
        string("measure", "x.measure", _("What is measured; it joins a stated figure to later ones.")),
        string("description", "x.description", _("What the number says, in our own words.")),
        string("locator", "x.locator", _("Where in the document it stands.")),
        number("value", "x.value", _("The value; empty is not known, never zero.")),
        string("unit", "x.unit", _("Unit of the value.")),
        string("period", "x.period", _("The period as given.")),
        flag("approximate", "x.approximate", _("Whether the document gives it as a round number.")),
        string("bound", "x.bound", _("Whether the true value is at least this (lower) or at most (upper).")),
        flag("usable", "x.usable", _("Whether it can be compared; if not it is a remark only.")),
        string("seen_at", "x.seen_at", _("The address at which it was seen.")),
        string("note", "x.note", _("What a reader should know of it.")),
    ]


def _figure_rows(selected: Selected) -> str:
    """Figures stand with a source or with evidence: of the past only those of what had appeared by that day."""
    rows = models.Figure.objects.published()
    then = ""
    if selected.at is not None:
        as_of = literal(selected.at.as_of)
        then = f"""
   AND coalesce((SELECT e.occurred_on FROM recommendations_evidence e WHERE e.id = x.evidence_id),
                (SELECT s.published_on FROM recommendations_source s WHERE s.id = x.source_id),
                {as_of}::date) <= {as_of}::date"""  # noqa: S608 - our text
    return f"FROM recommendations_figure x WHERE x.id IN ({inlined(rows, 'pk')}){then} ORDER BY x.code"


TABLES = (
    *package_tables.TABLES,
    Table(
        "closures",
        "Closures",
        "When and why somebody stopped waiting for a recommendation, and when it was opened again.",
        ("id",),
        _closures,
        _closure_rows,
        (("recommendation", "recommendations"),),
    ),
    Table(
        "figures",
        "Figures",
        "Numbers that a document states, and later ones of the same measure; tied to no recommendation.",
        ("code",),
        _figures,
        _figure_rows,
    ),
)
