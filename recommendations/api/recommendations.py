"""`recommendations/`: what was asked and what it has come to, today or at a moment of the past."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from recommendations.api.evidence import known
from recommendations.api.fields import Address, Dated, ThemeName, Word
from recommendations.api.keysets import Key
from recommendations.api.pagination import PageQuery
from recommendations.api.parameters import Choices, Flag, MomentQuery
from recommendations.models import Institution, Recommendation, Source, Theme
from recommendations.queries import recommendations, search
from recommendations.queries.narrowing import groups_of, within
from recommendations.queries.recommendations import Asked, Headline
from recommendations.rules.moments import Moment
from recommendations.vocabulary import ClosureReason, Confidence, ResponseKind, Status


@dataclass(frozen=True)
class Shown:
    """A recommendation with what it has come to at the moment asked for."""

    row: Recommendation
    headline: Headline


class SourceName(serializers.Serializer[Any]):
    """A source, as its recommendations refer to it."""

    code = serializers.CharField()
    title = serializers.CharField()
    published_on = Dated("published_on")


class AddresseeName(serializers.Serializer[Any]):
    """An institution that is asked, with the document's own words where they say more."""

    code = serializers.CharField(source="institution.code")
    name = serializers.CharField(source="institution.name")
    wording = serializers.CharField(help_text="As the document words it; may be empty.")


class ClosureSummary(serializers.Serializer[Any]):
    """Open, or closed with a reason and perhaps a day of review, on which it is open again."""

    state = serializers.ChoiceField(["open", "closed"])
    reason = Word(ClosureReason.choices, allow_null=True)
    review_on = serializers.DateField(allow_null=True)

    def to_representation(self, headline: Headline) -> dict[str, Any]:
        closed = not headline.open
        told = {"reason": headline.closure_reason, "review_on": headline.closure_review_on} if closed else {}
        state = "closed" if closed else "open"
        return super().to_representation({"state": state, "reason": None, "review_on": None} | told)


class RecommendationRow(serializers.Serializer[Any]):
    """A recommendation as lists show it."""

    code = serializers.CharField(source="row.code")
    title = serializers.CharField(source="row.title")
    summary = serializers.CharField(source="row.summary")
    url = Address("recommendations/{code}/", source="row")
    source = SourceName(source="row.source")  # type: ignore[assignment] # no attribute: a field
    parent = serializers.CharField(source="row.parent.code", default=None, allow_null=True)  # type: ignore[assignment] # no attribute: a field
    themes = ThemeName(source="row.themes.all", many=True)
    addressees = AddresseeName(source="row.addressee_set.all", many=True)
    status = serializers.ChoiceField(Status.choices, source="headline.status")
    status_label = serializers.CharField(source="headline.status_label")
    status_since = serializers.DateField(source="headline.status_since", allow_null=True)
    confidence = Word(Confidence.choices, source="headline.confidence", allow_null=True)
    response = serializers.ChoiceField(ResponseKind.choices, source="headline.response")
    closure = ClosureSummary(source="headline")
    contested = serializers.BooleanField(source="headline.contested")
    overdue = serializers.BooleanField(source="headline.overdue")
    stale = serializers.BooleanField(source="headline.stale")
    priority = serializers.BooleanField(source="row.priority")
    due_on = serializers.DateField(source="headline.due_on", allow_null=True)
    issued_on = Dated("published_on", source="row.source")
    parts_count = serializers.IntegerField(source="row.parts_count")
    evidence_count = serializers.IntegerField(source="row.evidence_count")
    last_verified_at = serializers.DateTimeField(source="headline.last_verified_at", allow_null=True)
    updated_at = serializers.DateTimeField(source="row.updated_at")
    version = serializers.IntegerField(source="row.version")


class FoundRow(RecommendationRow):
    """A recommendation as a search shows it, with the passage that matched."""

    highlight = serializers.CharField(
        required=False, help_text="With `q` only: a passage, the words that matched between [[ and ]]."
    )


ORDERS = {
    "code": Key("code"),
    "title": Key("title"),
    "issued_on": Key("issued_on"),
    "updated_at": Key("updated_at"),
    "status_since": Key("status_since", nullable=True),
    "due_on": Key("due_on", nullable=True),
    "last_verified_at": Key("last_verified_at", nullable=True),
}
OF_TODAY = ("status_since", "due_on", "last_verified_at")
"""Orders by what is stored of today's headline; history is not kept sorted."""

RELEVANCE = (Key("relevance", descending=True), Key("code"))


class RecommendationQuery(PageQuery, MomentQuery):
    source = serializers.CharField(required=False, max_length=100, help_text="Code of a source.")  # type: ignore[assignment] # no attribute: a field
    theme = serializers.CharField(
        required=False, max_length=100, help_text="Code of a theme; the themes below it are included."
    )
    addressee = serializers.CharField(
        required=False, max_length=100, help_text="Code of an institution; those merged with it are included."
    )
    status = Choices(Status.choices)
    response = Choices(ResponseKind.choices)
    open = Flag(required=False, help_text="Neither closed nor, if closed, due for review.")
    contested = Flag(required=False, help_text="Another published verdict differs from ours.")
    overdue = Flag(required=False)
    stale = Flag(required=False, help_text="Not verified for longer than the status's shelf life.")
    priority = Flag(required=False)
    due_before = serializers.DateField(required=False)
    due_after = serializers.DateField(required=False)
    issued_before = serializers.DateField(required=False)
    issued_after = serializers.DateField(required=False)
    updated_since = serializers.DateTimeField(required=False)
    level = serializers.ChoiceField(
        ["top", "part", "all"],
        required=False,
        help_text="Whole recommendations, parts, or both. `top` if left out, but `all` with `q`.",
    )
    q = serializers.CharField(
        required=False,
        max_length=300,
        help_text='Words to find, as in web search: "a phrase", or, -without. Ordered by relevance.',
    )
    ordering = serializers.ChoiceField(
        [sign + name for name in ORDERS for sign in ("", "-")],
        required=False,
        help_text="`code` if left out, and relevance with `q`. What has no value comes last.",
    )

    def validate_source(self, code: str) -> Source:
        return known(Source, code, self.context["reader"])

    def validate_theme(self, code: str) -> Theme:
        return known(Theme, code, self.context["reader"])

    def validate_addressee(self, code: str) -> Institution:
        return known(Institution, code, self.context["reader"])

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        past = "as_of" in asked or "known_at" in asked
        if past and asked.get("ordering", "").lstrip("-") in OF_TODAY:
            told = _("This order is kept for today only: leave it out with as_of and known_at.")
            raise serializers.ValidationError({"ordering": [told]}, code="today_only")
        return asked


def wanted(
    asked: dict[str, Any], reader: Any, at: Moment | None, now: Any, *, whole: bool = False
) -> QuerySet[Recommendation]:
    """The rows that are asked for, in no order: to be read page by page, or (`whole`) all of them or their number."""
    rows = _narrowed(recommendations.existing(reader, at), asked, walked=at is not None and not whole)
    rows = recommendations.matching(rows, headline_asked(asked), at, now=now, whole=whole)
    return search.matching(rows, asked["q"]) if "q" in asked else rows


def show(rows: list[Recommendation], at: Moment | None, now: Any) -> list[Shown]:
    """Rows with their headlines."""
    heads = recommendations.headlines(rows, at, now=now)
    return [Shown(row, heads[row.pk]) for row in rows]


def headline_asked(asked: dict[str, Any]) -> Asked:
    return Asked(
        statuses=asked.get("status", ()),
        responses=asked.get("response", ()),
        **{
            name: asked.get(name)
            for name in ("contested", "open", "overdue", "stale", "due_before", "due_after")
        },
    )


def _narrowed(
    rows: QuerySet[Recommendation], asked: dict[str, Any], *, walked: bool
) -> QuerySet[Recommendation]:
    level = asked.get("level", "all" if "q" in asked else "top")  # who searches wants the parts too
    if level != "all":
        rows = rows.filter(parent__isnull=level == "top")
    groups = groups_of(asked)
    for group in groups:
        rows = within(rows, group, walked=walked and len(groups) == 1 and "q" not in asked)
    columns = {
        "priority": "priority",
        "issued_before": "issued_on__lt",
        "issued_after": "issued_on__gt",
        "updated_since": "updated_at__gte",
    }
    return rows.filter(**{column: asked[name] for name, column in columns.items() if name in asked})
