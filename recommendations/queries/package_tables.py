"""What belongs to recommendations, beside the table of them in export_tables.py, and the bodies and themes they name.

Only what the public may see, whoever asks: a package is made to be passed on. With a moment of the past only what
had happened by that day and was known by that moment, as it stood then.
"""

from django.utils.translation import gettext_lazy as _

from recommendations import models, vocabulary
from recommendations.queries.export_tables import (
    NONE,
    NOT_KNOWN,
    NOTHING_SAID,
    RECOMMENDATIONS,
    Table,
    by_code,
    day,
    instant,
    integer,
    listed,
    partly,
    statuses,
    string,
)
from recommendations.queries.exports import Column, Selected
from recommendations.queries.package_rows import (
    CODE,
    ITS,
    NUMBER,
    OF,
    RECORDED,
    REMARK,
    by_then,
    dimension,
    ledger,
    since,
    was_done,
)

_AUTHORS = "(SELECT string_agg(n, ';') FROM jsonb_array_elements_text(x.authors) n)"
_STANDS = _("Empty while it stands.")


def _sources(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", CODE),
        string("title", "x.title", _("Title, as the document has it.")),
        string("kind", "x.kind", _("Kind of document."), vocabulary.SourceKind),
        listed("authors", _AUTHORS, _("Names of its authors.")),
        by_code("publisher", "institution", "x.publisher_id", _("Code of the publisher.")),
        string("series", "x.series", _("The series in which it appeared."), empty=NONE),
        partly("published_on", "x.published_on", "x.date_precision", _("When it was published.")),
        string("date_label", "x.date_label", _("The date as words, such as Winter 1997."), empty=NONE),
        string("url", "x.url", _("The address at which it can be read."), empty=NOT_KNOWN),
        string("language", "x.language", _("Language of the document, by its code in ISO 639 (en, es).")),
        string("note", "x.note", REMARK, empty=NONE),
    ]


def _institutions(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", CODE),
        string("name", "x.name", _("The name by which it is known here.")),
        string("kind", "x.kind", _("Kind of body."), vocabulary.InstitutionKind),
        string(
            "country",
            "x.country",
            _("Its country, by the code of two letters in ISO 3166-1 (US, MX)."),
            empty=_("Empty where it belongs to no single country."),
        ),
    ]


def _themes(selected: Selected) -> list[Column]:
    return [
        string("code", "x.code", CODE),
        string("name", "x.name", _("The name by which it is known here.")),
        string("description", "x.description", _("What falls under it."), empty=NOTHING_SAID),
    ]


def _addressees(selected: Selected) -> list[Column]:
    return [
        string("recommendation", "r.code", OF),
        by_code("institution", "institution", "a.institution_id", _("Code of the body that is asked.")),
        string(
            "wording",
            "a.wording",
            _("Whom it asks, as the document words it."),
            empty=_("Empty where it says no more than the name."),
        ),
        integer("position", "a.position", _("Place in the document's list, from 0.")),
    ]


def _assessments(selected: Selected) -> list[Column]:
    retracted = "a.retracted_at"
    return [
        integer("id", "a.id", NUMBER),
        string("recommendation", "r.code", OF),
        string("status", "a.status", _("What it says has happened."), statuses()),
        day("effective_on", "a.effective_on", _("The day as of which it is true.")),
        string("rationale", "a.rationale", _("Why the verdict is as it is.")),
        string(
            "confidence", "a.confidence", _("How sure its maker is."), vocabulary.Confidence, NOTHING_SAID
        ),
        string("verdict_by", "a.verdict_by", _("Whose verdict it is."), vocabulary.VerdictBy),
        by_code(
            "verdict_institution",
            "institution",
            "a.verdict_institution_id",
            _("Code of the body whose verdict it is."),
            _("Empty where it is our own."),
        ),
        string("method_version", "a.method_version", _("Version of the method under which it was made.")),
        integer("supersedes", "a.supersedes_id", _("Number of the verdict that it corrects."), NONE),
        string(
            "source_label",
            "a.source_label",
            _("The word for this status in the system it came from."),
            empty=_("Empty where it came from no other system."),
        ),
        instant("published_at", "a.published_at", _("Since when we have said so.")),
        instant(
            "retracted_at",
            since(selected, retracted, retracted),
            _("Since when we no longer say so."),
            _STANDS,
        ),
        string(
            "retraction_reason",
            since(selected, "a.retraction_reason", retracted),
            _("Why it was retracted."),
            empty=_STANDS,
        ),
    ]


def _relations(selected: Selected) -> list[Column]:
    return [
        string("recommendation", "r.code", OF),
        by_code("other", "recommendation", "a.other_id", _("Code of the other one.")),
        string("kind", "a.kind", _("How the first stands to the other."), vocabulary.RelationKind),
        string("note", "a.note", REMARK, empty=NONE),
    ]


def _relation_rows(selected: Selected) -> str:
    rows = models.Relation.objects.published()
    if selected.at is not None:  # the other one had been recommended too
        rows = rows.filter(other__source__published_on__lte=selected.at.as_of)
    return ledger("relation", rows, by_then(selected, "a.recorded_at"), selected)


def _responses(selected: Selected) -> list[Column]:
    return [
        integer("id", "a.id", NUMBER),
        string("recommendation", "r.code", OF),
        by_code("institution", "institution", "a.institution_id", _("Code of the body that answered.")),
        string("kind", "a.kind", _("What it said."), vocabulary.ResponseKind),
        partly("stated_on", "a.stated_on", "a.date_precision", _("When it was said.")),
        string("summary", "a.summary", _("What it said, in our own words."), empty=NOTHING_SAID),
        instant("recorded_at", "a.recorded_at", RECORDED),
    ]


def _deadlines(selected: Selected) -> list[Column]:
    return [
        integer("id", "a.id", NUMBER),
        string("recommendation", "r.code", OF),
        day("previous_due_on", "a.previous_due_on", _("The deadline that was in force before."), NONE),
        day("due_on", "a.due_on", _("The deadline from then on."), _("Empty where the deadline was lifted.")),
        by_code(
            "moved_by",
            "institution",
            "a.moved_by_id",
            _("Code of the body that set or moved it."),
            NOTHING_SAID,
        ),
        string("reason", "a.reason", _("Why it was set or moved.")),
        instant("recorded_at", "a.recorded_at", RECORDED),
    ]


def _deadline_rows(selected: Selected) -> str:
    then = f" AND {was_done(selected, 'a.recorded_at')}"
    return ledger("deadline", models.Deadline.objects.published(), then, selected)


def _closures(selected: Selected) -> list[Column]:
    reopened = was_done(selected, "a.reopened_at")
    still_closed = _("Empty while the closure stands, and where nothing is said.")
    return [
        integer("id", "a.id", _("Number of the row in this tracker.")),
        string("recommendation", "r.code", _("Code of the recommendation that was closed.")),
        string("reason", "a.reason", _("Why nobody waits for it any longer."), vocabulary.ClosureReason),
        string("note", "a.note", _("The reason in our own words.")),
        day(
            "review_on",
            "a.review_on",
            _("The day on which it opens again by itself."),
            _("Empty where it stays closed."),
        ),
        instant("closed_at", "a.closed_at", _("When it was closed.")),
        instant(
            "reopened_at",
            f"CASE WHEN {reopened} THEN a.reopened_at END",
            _("When it was opened again."),
            still_closed,
        ),
        string(
            "reopening_note",
            f"CASE WHEN {reopened} THEN a.reopening_note ELSE '' END",
            _("Why it was opened again."),
            empty=still_closed,
        ),
    ]


def _closure_rows(selected: Selected) -> str:
    then = f" AND {was_done(selected, 'a.closed_at')}"
    return ledger("closure", models.Closure.objects.published(), then, selected)


TABLES = (
    dimension("sources", _("Sources"), _("Documents that make recommendations."), _sources, models.Source),
    RECOMMENDATIONS,
    dimension(
        "institutions",
        _("Institutions"),
        _("Bodies that are asked, answer or publish."),
        _institutions,
        models.Institution,
    ),
    dimension("themes", _("Themes"), _("Subjects."), _themes, models.Theme),
    Table(
        "addressees",
        _("Addressees"),
        _("Who is asked by what."),
        ("recommendation", "institution"),
        _addressees,
        lambda s: ledger("addressee", models.Addressee.objects.published(), "", s),
        (*ITS, ("institution", "institutions")),
    ),
    Table(
        "assessments",
        _("Assessments"),
        _("Published verdicts, retracted ones among them."),
        ("id",),
        _assessments,
        lambda s: ledger(
            "assessment",
            models.Assessment.objects.published(),
            by_then(s, "a.published_at", "a.effective_on"),
            s,
        ),
        ITS,
    ),
    Table(
        "relations",
        _("Relations"),
        _("How recommendations stand to each other."),
        ("recommendation", "other", "kind"),
        _relations,
        _relation_rows,
        ITS,
    ),
    Table(
        "responses",
        _("Responses"),
        _("What addressees said."),
        ("id",),
        _responses,
        lambda s: ledger(
            "response", models.Response.objects.published(), by_then(s, "a.recorded_at", "a.stated_on"), s
        ),
        (*ITS, ("institution", "institutions")),
    ),
    Table(
        "deadlines",
        _("Deadlines"),
        _("The ledger of deadlines."),
        ("id",),
        _deadlines,
        _deadline_rows,
        ITS,
    ),
    Table(
        "closures",
        _("Closures"),
        _("When and why somebody stopped waiting for a recommendation, and when it was opened again."),
        ("id",),
        _closures,
        _closure_rows,
        (("recommendation", "recommendations"),),
    ),
)
