"""The tables of the data package beside `recommendations`: what belongs to the recommendations that are exported.

Only what the public may see, whoever asks: a package is made to be passed on. With a moment of the past only what
had happened by that day and was known by that moment, as it stood then.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from recommendations import models, vocabulary
from recommendations.queries.export_tables import (
    RECOMMENDATIONS,
    STATUSES,
    Table,
    by_code,
    day,
    flag,
    instant,
    integer,
    number,
    string,
)
from recommendations.queries.exports import Column, Selected, inlined, partial

_AUTHORS = "(SELECT string_agg(n, ';') FROM jsonb_array_elements_text(x.authors) n)"
_CODE = _("Code; other tables refer to it.")
_NUMBER = _("Number of the row in this tracker.")
_OF = _("Code of the recommendation.")


def _seen(rows: Any, key: str) -> str:
    return f"{key} IN ({inlined(rows, 'pk')})"


def _chosen(selected: Selected, key: str) -> str:
    return f"{key} IN ({inlined(selected.rows, 'pk')})"


def _by(selected: Selected, moment: str, of_day: str = "") -> str:
    """The condition that something was known, and had happened, by the moment asked for."""
    if selected.at is None:
        return ""
    happened = f" AND {of_day} <= {selected.today}" if of_day else ""
    return (f" AND {moment} <= {selected.moment}" if moment else "") + happened


def _then(selected: Selected, value: str, moment: str) -> str:
    """A value that came to be at a moment: empty before it."""
    return value if selected.at is None else f"CASE WHEN {moment} <= {selected.moment} THEN {value} END"


def _ledger(table: str, rows: Any, selected: Selected, known: str, of_day: str = "") -> str:
    return (
        f"FROM recommendations_{table} a JOIN recommendations_recommendation r ON r.id = a.recommendation_id"
        f" WHERE {_seen(rows, 'a.id')} AND {_chosen(selected, 'r.id')}{_by(selected, known, of_day)} ORDER BY a.id"
    )


def _sources(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", _CODE),
        string("title", "x.title", _("Title.")),
        string("kind", "x.kind", _("Kind of document."), vocabulary.SourceKind),
        string(
            "authors",
            "(SELECT string_agg(n, ';') FROM jsonb_array_elements_text(x.authors) n)",
            _("Authors, “;” between."),
        ),
        by_code("publisher", "institution", "x.publisher_id", _("Code of the publisher.")),
        string("series", "x.series", _("Series.")),
        string(
            "published_on",
            partial("x.published_on", "x.date_precision"),
            _("With as much as is known of it."),
        ),
        string("date_label", "x.date_label", _("The date as words, such as Winter 1997.")),
        string("url", "x.url", _("Where it is written.")),
        string("language", "x.language", _("Language of the document.")),
        string("note", "x.note", _("Note.")),
    ]


def _institutions(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", _CODE),
        string("name", "x.name", _("Name.")),
        string("kind", "x.kind", _("Kind of body."), vocabulary.InstitutionKind),
        string("country", "x.country", _("ISO 3166-1, two letters.")),
    ]


def _themes(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", _CODE),
        string("name", "x.name", _("Name.")),
        string("description", "x.description", _("What falls under it.")),
    ]


def _addressees(selected: Selected) -> list[Column]:
    return [
        string("recommendation", "r.code", _OF),
        by_code("institution", "institution", "a.institution_id", _("Code of the body that is asked.")),
        string("wording", "a.wording", _("As the document words it.")),
        integer("position", "a.position", _("Place in the document's list, from 0.")),
    ]


def _assessments(selected: Selected) -> list[Column]:
    retracted = "a.retracted_at"
    return [
        integer("id", "a.id", _NUMBER),
        string("recommendation", "r.code", _OF),
        string("status", "a.status", _("What it says has happened."), STATUSES),
        day("effective_on", "a.effective_on", _("The day as of which it is true.")),
        string("rationale", "a.rationale", _("Why.")),
        string("confidence", "a.confidence", _("How sure its maker is."), vocabulary.Confidence),
        string("verdict_by", "a.verdict_by", _("Whose verdict it is."), vocabulary.VerdictBy),
        by_code("verdict_institution", "institution", "a.verdict_institution_id", _("Code of that body.")),
        string("method_version", "a.method_version", _("Version of the method.")),
        integer("supersedes", "a.supersedes_id", _("Number of the verdict that it corrects.")),
        string("source_label", "a.source_label", _("The word of the system it came from.")),
        instant("published_at", "a.published_at", _("Since when we say so.")),
        instant("retracted_at", _then(selected, retracted, retracted), _("Since when no longer.")),
        string("retraction_reason", _then(selected, "a.retraction_reason", retracted), _("Why no longer.")),
    ]


def _citations(selected: Selected) -> list[Column]:
    return [
        integer("assessment", "c.assessment_id", _("Number of the verdict.")),
        string("evidence", "e.code", _("Code of the evidence that it rests on.")),
        string("stance", "c.stance", _("How it bears."), vocabulary.Stance),
        string("locator", "c.locator", _("Where in the document.")),
    ]


def _citation_rows(selected: Selected) -> str:
    return (
        "FROM recommendations_citation c JOIN recommendations_assessment a ON a.id = c.assessment_id"
        " JOIN recommendations_evidence e ON e.id = c.evidence_id"
        f" WHERE {_seen(models.Citation.objects.published(), 'c.id')} AND {_chosen(selected, 'a.recommendation_id')}"
        f"{_by(selected, 'a.published_at', 'a.effective_on')} ORDER BY c.id"
    )


def _evidence(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", _CODE),
        string("title", "x.title", _("Title, as this finding cites the document.")),
        string("kind", "x.kind", _("What sort of event it shows."), vocabulary.EvidenceKind),
        string("finding", "x.finding", _("What it shows, in our own words.")),
        string(
            "occurred_on",
            partial("x.occurred_on", "x.date_precision"),
            _("When it happened, as far as known."),
        ),
        flag("verified", "x.verified", _("A page that states it was read by the person who filed it.")),
        string("caution", "x.caution", _("What to beware of.")),
        string("document", "d.title", _("Title of the document.")),
        string("url", "d.url", _("Address of the document.")),
        by_code("publisher", "institution", "d.publisher_id", _("Code of its publisher.")),
    ]


def _evidence_rows(selected: Selected) -> str:
    return (
        "FROM recommendations_evidence x JOIN recommendations_document d ON d.id = x.document_id"
        f" WHERE {_seen(models.Evidence.objects.published(), 'x.id')}{_by(selected, 'x.recorded_at', 'x.occurred_on')}"
        " ORDER BY x.code"
    )


def _links(selected: Selected) -> list[Column]:
    return [
        string("evidence", "e.code", _("Code of the evidence.")),
        string("recommendation", "r.code", _OF),
        string("stance", "a.stance", _("How it bears on the recommendation."), vocabulary.Stance),
        string("timing", "a.timing", _("Whether it can count."), vocabulary.Timing),
        string("note", "a.note", _("Note.")),
    ]


def _link_rows(selected: Selected) -> str:
    return (
        "FROM recommendations_evidencelink a JOIN recommendations_recommendation r ON r.id = a.recommendation_id"
        " JOIN recommendations_evidence e ON e.id = a.evidence_id"
        f" WHERE {_seen(models.EvidenceLink.objects.published(), 'a.id')} AND {_chosen(selected, 'r.id')}"
        f"{_by(selected, 'greatest(a.recorded_at, e.recorded_at)', 'e.occurred_on')} ORDER BY a.id"
    )


def _indicators(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", _CODE),
        string("name", "x.name", _("What is measured.")),
        string("unit", "x.unit", _("Unit of its values.")),
        string("direction", "x.direction", _("Which way it should move."), vocabulary.Direction),
        string("note", "x.note", _("Note.")),
    ]


def _observations(selected: Selected) -> list[Column]:
    return [
        integer("id", "a.id", _NUMBER),
        string("indicator", "x.code", _("Code of the indicator.")),
        string("role", "a.role", _("Baseline, target or what was observed."), vocabulary.ObservationRole),
        string("period", "a.period", _("The period as given.")),
        day("period_from", "a.period_from", _("Its first day, where plain.")),
        day("period_to", "a.period_to", _("Its last day, where plain.")),
        number("value", "a.value", _("The value; empty is not known, never zero.")),
        string("value_text", "a.value_text", _("Where it is not one number.")),
        string("seen_at", "a.seen_at", _("Where it was seen.")),
        instant("recorded_at", "a.recorded_at", _("When it was recorded.")),
    ]


def _observation_rows(selected: Selected) -> str:
    seen = _seen(models.Indicator.objects.published(), "x.id")
    return (
        "FROM recommendations_observation a JOIN recommendations_indicator x ON x.id = a.indicator_id"
        f" WHERE {seen}{_by(selected, 'a.recorded_at')} ORDER BY a.id"
    )


def _relations(selected: Selected) -> list[Column]:
    return [
        string("recommendation", "r.code", _OF),
        by_code("other", "recommendation", "a.other_id", _("Code of the other one.")),
        string("kind", "a.kind", _("How the first stands to the other."), vocabulary.RelationKind),
        string("note", "a.note", _("Note.")),
    ]


def _responses(selected: Selected) -> list[Column]:
    return [
        integer("id", "a.id", _NUMBER),
        string("recommendation", "r.code", _OF),
        by_code("institution", "institution", "a.institution_id", _("Code of the body that answered.")),
        string("kind", "a.kind", _("What it said."), vocabulary.ResponseKind),
        string(
            "stated_on", partial("a.stated_on", "a.date_precision"), _("When it was said, as far as known.")
        ),
        string("summary", "a.summary", _("In our own words.")),
        instant("recorded_at", "a.recorded_at", _("When it was recorded.")),
    ]


def _deadlines(selected: Selected) -> list[Column]:
    return [
        integer("id", "a.id", _NUMBER),
        string("recommendation", "r.code", _OF),
        day("previous_due_on", "a.previous_due_on", _("The date before.")),
        day("due_on", "a.due_on", _("The new date; empty lifts the deadline.")),
        by_code("moved_by", "institution", "a.moved_by_id", _("Code of the body that set or moved it.")),
        string("reason", "a.reason", _("Why.")),
        instant("recorded_at", "a.recorded_at", _("When it was recorded.")),
    ]


def _dimension(name: str, title: str, about: str, columns: Any, model: Any) -> Table:
    """A table that is whole whatever is asked for, so that codes elsewhere lead somewhere."""
    return Table(
        name,
        title,
        about,
        ("code",),
        columns,
        lambda selected: (
            f"FROM {model._meta.db_table} x WHERE {_seen(model.objects.published(), 'x.id')} ORDER BY x.code"
        ),
    )


_ITS = (("recommendation", "recommendations"),)

TABLES = (
    _dimension("sources", "Sources", "Documents that make recommendations.", _sources, models.Source),
    RECOMMENDATIONS,
    _dimension(
        "institutions",
        "Institutions",
        "Bodies that are asked, answer or publish.",
        _institutions,
        models.Institution,
    ),
    _dimension("themes", "Themes", "Subjects.", _themes, models.Theme),
    Table(
        "addressees",
        "Addressees",
        "Who is asked by what.",
        ("recommendation", "institution"),
        _addressees,
        lambda s: _ledger("addressee", models.Addressee.objects.published(), s, ""),
        (*_ITS, ("institution", "institutions")),
    ),
    Table(
        "assessments",
        "Assessments",
        "Published verdicts, retracted ones among them.",
        ("id",),
        _assessments,
        lambda s: _ledger(
            "assessment", models.Assessment.objects.published(), s, "a.published_at", "a.effective_on"
        ),
        _ITS,
    ),
    Table(
        "citations",
        "Citations",
        "What evidence each verdict rests on.",
        ("assessment", "evidence"),
        _citations,
        _citation_rows,
    ),
    Table(
        "evidence", "Evidence", "What shows that something happened.", ("code",), _evidence, _evidence_rows
    ),
    Table(
        "links",
        "Links",
        "How evidence bears on recommendations.",
        ("evidence", "recommendation"),
        _links,
        _link_rows,
        (*_ITS, ("evidence", "evidence")),
    ),
    _dimension("indicators", "Indicators", "Measures.", _indicators, models.Indicator),
    Table(
        "observations",
        "Observations",
        "Values of indicators.",
        ("id",),
        _observations,
        _observation_rows,
        (("indicator", "indicators"),),
    ),
    Table(
        "relations",
        "Relations",
        "How recommendations stand to each other.",
        ("recommendation", "other", "kind"),
        _relations,
        lambda s: _ledger("relation", models.Relation.objects.published(), s, "a.recorded_at"),
        _ITS,
    ),
    Table(
        "responses",
        "Responses",
        "What addressees said.",
        ("id",),
        _responses,
        lambda s: _ledger("response", models.Response.objects.published(), s, "a.recorded_at", "a.stated_on"),
        (*_ITS, ("institution", "institutions")),
    ),
    Table(
        "deadlines",
        "Deadlines",
        "The ledger of deadlines.",
        ("id",),
        _deadlines,
        lambda s: _ledger("deadline", models.Deadline.objects.published(), s, "a.recorded_at"),
        _ITS,
    ),
)
