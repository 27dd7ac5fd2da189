from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank, one_of
from recommendations.models.visibility import public_evidence, public_recommendation
from recommendations.vocabulary import EvidenceKind, Precision, Stance, Timing, Visibility

if TYPE_CHECKING:
    from recommendations.models.recommendations import Recommendation


class Document(models.Model):
    """One document at one address. Several pieces of evidence may be found in it.

    What is watched is the address, so snapshots belong here and are shared by all its evidence.
    """

    code = models.CharField(_("code"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=500)
    publisher = models.ForeignKey(
        "Institution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("publisher"),
    )
    publisher_wording = models.CharField(_("publisher as named"), max_length=300, blank=True)
    via = models.ForeignKey(
        "Institution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents_passed_on",
        verbose_name=_("reported or reproduced by"),
    )
    url = models.URLField(_("address"), max_length=1000, blank=True)
    url_confirmed = models.BooleanField(
        _("address confirmed"),
        null=True,
        blank=True,
        help_text=_("No: the address comes from memory or from a number on another page."),
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["code"]
        constraints = [
            not_blank("title", name="document_title_given"),
            models.UniqueConstraint(
                fields=["url"], condition=~models.Q(url=""), name="document_address_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def published(self) -> "EvidenceQuerySet":
        """Public evidence that bears on something public, or (yet) on nothing at all."""
        links = EvidenceLink.objects.filter(evidence=models.OuterRef("pk"))
        return self.filter(
            models.Exists(links.filter(public_recommendation("recommendation__"))) | ~models.Exists(links),
            public_evidence(),
        )


class EvidenceLinkQuerySet(models.QuerySet["EvidenceLink"]):
    def published(self) -> "EvidenceLinkQuerySet":
        """Links of which both ends are public; that link is then what makes the evidence bear on something public."""
        return self.filter(public_evidence("evidence__"), public_recommendation("recommendation__"))


class Evidence(models.Model):
    """One document or datum that shows something happened, with what it shows in our words."""

    code = models.CharField(_("code"), max_length=80, unique=True)
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="evidence_set", verbose_name=_("document")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices)
    title = models.CharField(_("title"), max_length=500, help_text=_("As this finding cites the document."))
    publisher_wording = models.CharField(_("publisher as cited"), max_length=300, blank=True)
    finding = models.TextField(_("what it shows"), help_text=_("In our own words."))
    occurred_on = models.DateField(_("happened on"), help_text=_("The first day of what is known."))
    date_precision = models.CharField(
        _("date known to the"), max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    verified = models.BooleanField(
        _("verified"),
        default=False,
        help_text=_("A page that states it was read by the person who filed it."),
    )
    url_confirmed = models.BooleanField(
        _("address confirmed for this finding"),
        null=True,
        blank=True,
        help_text=_("Unknown: as for the document."),
    )
    checked_against = ArrayField(
        models.URLField(max_length=1000), verbose_name=_("checked against"), default=list, blank=True
    )
    from_memory = models.JSONField(_("from memory"), default=list, blank=True)
    caution = models.TextField(_("caution"), blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    filed_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("filed by")
    )
    recommendations: "models.ManyToManyField[Recommendation, EvidenceLink]" = models.ManyToManyField(
        "Recommendation", through="EvidenceLink", related_name="evidence", verbose_name=_("recommendations")
    )
    recorded_at = models.DateTimeField(_("recorded at"), editable=False, db_default=Now())
    updated_at = models.DateTimeField(_("updated at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-occurred_on", "-id"]
        constraints = [
            one_of("kind", EvidenceKind.values, name="evidence_kind_known"),
            one_of("date_precision", Precision.values, name="evidence_date_precision_known"),
            one_of("visibility", Visibility.values, name="evidence_visibility_known"),
            not_blank("title", name="evidence_title_given"),
            not_blank("finding", name="evidence_finding_given"),
        ]
        indexes = [
            models.Index(fields=["-occurred_on", "-id"], name="evidence_newest_first"),
            # What nobody has read: little of it.
            models.Index(
                fields=["-occurred_on", "-id"], name="evidence_unread", condition=models.Q(verified=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


class EvidenceLink(models.Model):
    """How one piece of evidence bears on one recommendation."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="links", verbose_name=_("evidence"))
    recommendation = models.ForeignKey(
        "Recommendation", models.CASCADE, related_name="evidence_links", verbose_name=_("recommendation")
    )
    stance = models.CharField(_("stance"), max_length=20, choices=Stance.choices)
    timing = models.CharField(
        _("timing"), max_length=20, choices=Timing.choices, default=Timing.AFTER_PUBLICATION
    )
    note = models.TextField(_("note"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), editable=False, db_default=Now())

    objects = EvidenceLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to a recommendation")
        verbose_name_plural = _("links to recommendations")
        ordering = ["recommendation", "evidence"]
        constraints = [
            one_of("stance", Stance.values, name="evidence_link_stance_known"),
            one_of("timing", Timing.values, name="evidence_link_timing_known"),
            models.UniqueConstraint(fields=["evidence", "recommendation"], name="evidence_linked_once"),
        ]
        indexes = [
            # The list of staff, narrowed to what does not support.
            models.Index(
                fields=["stance", "-id"],
                name="evidence_link_otherwise",
                condition=~models.Q(stance=Stance.SUPPORTS),
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.stance} {self.recommendation_id}"
