from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank, one_of
from recommendations.models.visibility import public_recommendation
from recommendations.vocabulary import (
    ClosureReason,
    Confidence,
    RelationKind,
    ResponseKind,
    Status,
    Visibility,
)

if TYPE_CHECKING:
    from recommendations.models.institutions import Institution
    from recommendations.models.themes import Theme


NARROWED_BY = ["id", "public", "parent", "theme_ids", "addressee_ids"]
"""What most questions to a list ask of each row: carried by its indexes."""


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def published(self) -> "RecommendationQuerySet":
        return self.filter(public_recommendation())


class Recommendation(models.Model):
    """One thing a source asks for. A part is a recommendation whose `parent` is another.

    The columns from `headline` to `last_verified_at` are a copy, kept so that lists need no
    history. `actions/headlines.py` alone sets them, from the view `recommendations_headline`; a
    deferred trigger refuses any other status at commit, and `manage.py doctor` recomputes all of them.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    source = models.ForeignKey(
        "Source", models.PROTECT, related_name="recommendations", verbose_name=_("source")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), help_text=_("What is asked, in our own words."))
    group = models.CharField(
        _("heading"), max_length=300, blank=True, help_text=_("The document's own grouping.")
    )
    locator = models.CharField(_("place in the document"), max_length=300, blank=True)
    explicit = models.BooleanField(
        _("stated explicitly"),
        default=True,
        help_text=_("Off: the document implies this and does not state it."),
    )
    note = models.TextField(_("note"), blank=True)
    priority = models.BooleanField(_("priority"), default=False)
    themes: "models.ManyToManyField[Theme, models.Model]" = models.ManyToManyField(
        "Theme", related_name="recommendations", blank=True, verbose_name=_("themes")
    )
    addressees: "models.ManyToManyField[Institution, Addressee]" = models.ManyToManyField(
        "Institution", through="Addressee", related_name="recommendations", verbose_name=_("addressees")
    )
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )

    headline = models.ForeignKey(
        "Assessment", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    status = models.CharField(
        _("status"), max_length=30, choices=Status.choices, default=Status.NOT_ASSESSED, editable=False
    )
    status_since = models.DateField(_("status since"), null=True, editable=False)
    confidence = models.CharField(
        _("confidence"), max_length=10, choices=Confidence.choices, blank=True, editable=False
    )
    contested = models.BooleanField(_("contested"), default=False, editable=False)
    response = models.CharField(
        _("response"),
        max_length=30,
        choices=ResponseKind.choices,
        default=ResponseKind.NONE,
        editable=False,
    )
    due_on = models.DateField(_("due on"), null=True, editable=False)
    closure_reason = models.CharField(
        _("closed as"), max_length=30, choices=ClosureReason.choices, blank=True, editable=False
    )
    closure_review_on = models.DateField(_("closure reviewed on"), null=True, editable=False)
    last_verified_at = models.DateTimeField(_("last verified at"), null=True, editable=False)

    # What lists filter and count by, derived from the rows around it so that they need no joins. A trigger works
    # them out whenever they may have changed, whatever is written here (migration `tallies`).
    public = models.BooleanField(db_default=False, editable=False)
    issued_on = models.DateField(null=True, editable=False)
    theme_ids = ArrayField(models.IntegerField(), db_default=[], editable=False)
    addressee_ids = ArrayField(models.IntegerField(), db_default=[], editable=False)

    updated_at = models.DateTimeField(_("updated at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["code"]
        constraints = [
            one_of("visibility", Visibility.values, name="recommendation_visibility_known"),
            one_of("status", Status.values, name="recommendation_status_known"),
            one_of("response", ResponseKind.values, name="recommendation_response_known"),
            not_blank("title", name="recommendation_title_given"),
            not_blank("summary", name="recommendation_summary_given"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="recommendation_not_its_own_part"
            ),
        ]
        indexes = [
            # The list in its default order, narrowed by status, theme or addressee, from the index alone.
            models.Index(fields=["code"], include=(*NARROWED_BY, "issued_on"), name="recommendation_listed"),
            models.Index(fields=["status", "code"], include=NARROWED_BY, name="recommendation_of_status"),
            # One source's list, and its counts.
            models.Index(
                fields=["source", "code"],
                include=["public", "parent", "status", "last_verified_at"],
                name="recommendation_of_source",
            ),
            # Rare themes and addressees: their rows are found directly, and not by walking the list.
            GinIndex(fields=["theme_ids"], name="recommendation_themes"),
            GinIndex(fields=["addressee_ids"], name="recommendation_addressees"),
            # The other orders. What has no value comes last both ways, so these are kept both ways.
            models.Index(
                fields=["status", "-updated_at", "-id"],
                include=NARROWED_BY[1:],
                name="recommendation_by_status",
            ),
            models.Index(
                fields=["-updated_at", "-id"], include=NARROWED_BY[1:], name="recommendation_by_change"
            ),
            models.Index(fields=["title", "id"], name="recommendation_by_title"),
            models.Index(fields=["issued_on", "id"], name="recommendation_by_issue"),
            models.Index(fields=["status_since", "id"], name="recommendation_since"),
            models.Index(
                models.F("status_since").desc(nulls_last=True),
                models.F("id").desc(),
                name="recommendation_since_last",
            ),
            models.Index(fields=["last_verified_at", "id"], name="recommendation_verified"),
            models.Index(
                models.F("last_verified_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="recommendation_verified_last",
            ),
            models.Index(fields=["due_on", "id"], name="recommendation_due_first"),
            models.Index(
                models.F("due_on").desc(nulls_last=True),
                models.F("id").desc(),
                name="recommendation_due_last",
            ),
            # Overdue and due soon: few rows have a deadline.
            models.Index(
                fields=["due_on"], name="recommendation_due", condition=models.Q(due_on__isnull=False)
            ),
            # The quick filters of staff: few rows are marked or closed. Answers also sort their list.
            models.Index(
                fields=["code"],
                include=["closure_review_on"],
                name="recommendation_closed",
                condition=~models.Q(closure_reason=""),
            ),
            models.Index(fields=["code"], name="recommendation_priority", condition=models.Q(priority=True)),
            models.Index(fields=["response", "code"], name="recommendation_of_response"),
            # The sweep that reopens lapsed closures.
            models.Index(
                fields=["closure_review_on"],
                name="recommendation_lapsing",
                condition=models.Q(closure_review_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


class AddresseeQuerySet(models.QuerySet["Addressee"]):
    def published(self) -> "AddresseeQuerySet":
        return self.filter(public_recommendation("recommendation__"))


class Addressee(models.Model):
    """One institution that is asked, with the document's wording where it says more than the name."""

    recommendation = models.ForeignKey(
        Recommendation, models.CASCADE, related_name="addressee_set", verbose_name=_("recommendation")
    )
    institution = models.ForeignKey(
        "Institution", models.PROTECT, related_name="addressee_set", verbose_name=_("institution")
    )
    wording = models.CharField(_("as worded"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = AddresseeQuerySet.as_manager()

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "institution"], name="addressee_named_once")
        ]

    def __str__(self) -> str:
        return self.wording or self.institution.name


class RelationQuerySet(models.QuerySet["Relation"]):
    def published(self) -> "RelationQuerySet":
        """Relations of which both ends are public."""
        return self.filter(public_recommendation("recommendation__"), public_recommendation("other__"))


class Relation(models.Model):
    """How one recommendation stands to another; directed, and told once a direction."""

    recommendation = models.ForeignKey(
        Recommendation, models.CASCADE, related_name="relations", verbose_name=_("recommendation")
    )
    other = models.ForeignKey(
        Recommendation, models.CASCADE, related_name="relations_from", verbose_name=_("other recommendation")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=RelationKind.choices)
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), editable=False, db_default=Now())

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["recommendation", "other", "kind"]
        constraints = [
            one_of("kind", RelationKind.values, name="relation_kind_known"),
            models.UniqueConstraint(fields=["recommendation", "other", "kind"], name="relation_told_once"),
            models.CheckConstraint(
                condition=~models.Q(recommendation=models.F("other")), name="relation_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.kind} {self.other_id}"
