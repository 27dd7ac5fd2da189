"""What shows that something happened: evidence, what bears on what, measures and figures."""

from django.utils.translation import gettext_lazy as _

from recommendations import models, vocabulary
from recommendations.queries.export_tables import (
    NONE,
    NOT_KNOWN,
    NOTHING_SAID,
    Table,
    by_code,
    day,
    flag,
    instant,
    integer,
    number,
    partly,
    string,
)
from recommendations.queries.exports import Column, Selected, literal
from recommendations.queries.package_rows import (
    CODE,
    ITS,
    NUMBER,
    OF,
    RECORDED,
    REMARK,
    by_then,
    chosen,
    dimension,
    seen,
)

_NOT_PLAIN = _("Empty where the period is not plain.")
_NOT_ZERO = _("Empty where it is not known, which is not zero.")


def _citations(selected: Selected) -> list[Column]:
    return [
        integer("assessment", "c.assessment_id", _("Number of the verdict.")),
        string("evidence", "e.code", _("Code of the evidence that it rests on.")),
        string("stance", "c.stance", _("How the evidence bears on the verdict."), vocabulary.Stance),
        string("locator", "c.locator", _("Where in the document it stands."), empty=NOTHING_SAID),
    ]


def _citation_rows(selected: Selected) -> str:
    return (
        "FROM recommendations_citation c JOIN recommendations_assessment a ON a.id = c.assessment_id"
        " JOIN recommendations_evidence e ON e.id = c.evidence_id"
        f" WHERE {seen(models.Citation.objects.published(), 'c.id')} AND {chosen(selected, 'a.recommendation_id')}"
        f"{by_then(selected, 'a.published_at', 'a.effective_on')} ORDER BY c.id"
    )


def _evidence(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", CODE),
        string("title", "x.title", _("Title, as this finding cites the document.")),
        string("kind", "x.kind", _("What sort of event it shows."), vocabulary.EvidenceKind),
        string("finding", "x.finding", _("What it shows, in our own words.")),
        partly("occurred_on", "x.occurred_on", "x.date_precision", _("When it happened.")),
        flag("verified", "x.verified", _("A page that states it was read by the person who filed it.")),
        string("caution", "x.caution", _("What to beware of."), empty=NONE),
        string("document", "d.title", _("Title of the document.")),
        string("url", "d.url", _("Address of the document."), empty=NOT_KNOWN),
        by_code("publisher", "institution", "d.publisher_id", _("Code of its publisher."), NOT_KNOWN),
    ]


def _evidence_rows(selected: Selected) -> str:
    return (
        "FROM recommendations_evidence x JOIN recommendations_document d ON d.id = x.document_id"
        f" WHERE {seen(models.Evidence.objects.published(), 'x.id')}"
        f"{by_then(selected, 'x.recorded_at', 'x.occurred_on')} ORDER BY x.code"
    )


def _links(selected: Selected) -> list[Column]:
    return [
        string("evidence", "e.code", _("Code of the evidence.")),
        string("recommendation", "r.code", OF),
        string("stance", "a.stance", _("How it bears on the recommendation."), vocabulary.Stance),
        string(
            "timing",
            "a.timing",
            _("Whether it can count: what is older than the document cannot carry it out."),
            vocabulary.Timing,
        ),
        string("note", "a.note", REMARK, empty=NONE),
    ]


def _link_rows(selected: Selected) -> str:
    return (
        "FROM recommendations_evidencelink a JOIN recommendations_recommendation r ON r.id = a.recommendation_id"
        " JOIN recommendations_evidence e ON e.id = a.evidence_id"
        f" WHERE {seen(models.EvidenceLink.objects.published(), 'a.id')} AND {chosen(selected, 'r.id')}"
        f"{by_then(selected, 'greatest(a.recorded_at, e.recorded_at)', 'e.occurred_on')} ORDER BY a.id"
    )


def _indicators(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", CODE),
        string("name", "x.name", _("What is measured.")),
        string("unit", "x.unit", _("Unit of its values.")),
        string(
            "direction",
            "x.direction",
            _("Which way it should move."),
            vocabulary.Direction,
            _("Empty where better and worse are a matter of opinion."),
        ),
        string("note", "x.note", REMARK, empty=NONE),
    ]


def _observations(selected: Selected) -> list[Column]:
    return [
        integer("id", "a.id", NUMBER),
        string("indicator", "x.code", _("Code of the indicator.")),
        string("role", "a.role", _("Baseline, target or what was observed."), vocabulary.ObservationRole),
        string(
            "period",
            "a.period",
            _("The period that it is of, as its publisher names it."),
            empty=NOTHING_SAID,
        ),
        day("period_from", "a.period_from", _("First day of the period."), _NOT_PLAIN),
        day("period_to", "a.period_to", _("Last day of the period."), _NOT_PLAIN),
        number("value", "a.value", _("The value, in the unit of the indicator."), _NOT_ZERO),
        string(
            "value_text",
            "a.value_text",
            _("The value as words, where it is not one number."),
            empty=_("Empty where it is one number, or not known."),
        ),
        string("seen_at", "a.seen_at", _("The address at which it was seen."), empty=NOTHING_SAID),
        instant("recorded_at", "a.recorded_at", RECORDED),
    ]


def _observation_rows(selected: Selected) -> str:
    shown = seen(models.Indicator.objects.published(), "x.id")
    begun = f"coalesce(a.period_from, {selected.today})"
    return (
        "FROM recommendations_observation a JOIN recommendations_indicator x ON x.id = a.indicator_id"
        f" WHERE {shown}{by_then(selected, 'a.recorded_at', begun)} ORDER BY a.id"
    )


def _figures(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", _("Code of the figure.")),
        string("kind", "x.kind", _("Stated by the document, or seen later."), vocabulary.FigureKind),
        by_code("source", "source", "x.source_id", _("Code of the source that states it."), NONE),
        by_code(
            "evidence", "evidence", "x.evidence_id", _("Code of the evidence in which it was seen."), NONE
        ),
        string("measure", "x.measure", _("What is measured; it joins a stated figure to later ones.")),
        string(
            "description", "x.description", _("What the number says, in our own words."), empty=NOTHING_SAID
        ),
        string("locator", "x.locator", _("Where in the document it stands."), empty=NOTHING_SAID),
        number("value", "x.value", _("The value, in the unit beside it."), _NOT_ZERO),
        string("unit", "x.unit", _("Unit of the value."), empty=NOTHING_SAID),
        string(
            "period",
            "x.period",
            _("The period that it is of, as its publisher names it."),
            empty=NOTHING_SAID,
        ),
        flag("approximate", "x.approximate", _("Whether the document gives it as a round number.")),
        string(
            "bound",
            "x.bound",
            _("Whether the true value is at least this (lower) or at most (upper)."),
            empty=_("Empty where it is neither."),
        ),
        flag("usable", "x.usable", _("Whether it can be compared; if not it is a remark only.")),
        string("seen_at", "x.seen_at", _("The address at which it was seen."), empty=NOTHING_SAID),
        string("note", "x.note", _("What a reader should know of it."), empty=NONE),
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
    return f"FROM recommendations_figure x WHERE {seen(rows, 'x.id')}{then} ORDER BY x.code"


TABLES = (
    Table(
        "citations",
        _("Citations"),
        _("What evidence each verdict rests on."),
        ("assessment", "evidence"),
        _citations,
        _citation_rows,
    ),
    Table(
        "evidence",
        _("Evidence"),
        _("What shows that something happened."),
        ("code",),
        _evidence,
        _evidence_rows,
    ),
    Table(
        "links",
        _("Links"),
        _("How evidence bears on recommendations."),
        ("evidence", "recommendation"),
        _links,
        _link_rows,
        (*ITS, ("evidence", "evidence")),
    ),
    dimension("indicators", _("Indicators"), _("Measures."), _indicators, models.Indicator),
    Table(
        "observations",
        _("Observations"),
        _("Values of indicators."),
        ("id",),
        _observations,
        _observation_rows,
        (("indicator", "indicators"),),
    ),
    Table(
        "figures",
        _("Figures"),
        _("Numbers that a document states, and later ones of the same measure; tied to no recommendation."),
        ("code",),
        _figures,
        _figure_rows,
    ),
)
