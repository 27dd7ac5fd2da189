from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank, one_of, together
from recommendations.models.evidence import Evidence
from recommendations.models.visibility import public_assessment
from recommendations.vocabulary import (
    ASSESSABLE_STATUSES,
    AssessmentState,
    Confidence,
    Stance,
    VerdictBy,
)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def published(self) -> "AssessmentQuerySet":
        """Verdicts the public may read, retracted ones among them."""
        return self.filter(public_assessment())

    def standing(self) -> "AssessmentQuerySet":
        """Published verdicts that count today: neither retracted nor superseded by a published one."""
        superseded = Assessment.objects.filter(
            supersedes=models.OuterRef("pk"), state=AssessmentState.PUBLISHED
        )
        return self.filter(~models.Exists(superseded), state=AssessmentState.PUBLISHED)

    def latest_first(self) -> "AssessmentQuerySet":
        """The order that decides the headline: the later day, then the later publication."""
        return self.order_by("-effective_on", "-published_at", "-id")


class Assessment(models.Model):
    """A dated claim about implementation: status, reason, confidence, and whose verdict it is.

    Added, never edited. What is claimed is fixed when the row is made; afterwards only its state
    moves, and triggers (migration `invariants`) refuse everything else: proposed to published,
    rejected or withdrawn; published to retracted.
    """

    recommendation = models.ForeignKey(
        "Recommendation", models.PROTECT, related_name="assessments", verbose_name=_("recommendation")
    )
    status = models.CharField(
        _("status"), max_length=30, choices=[(each.value, each.label) for each in ASSESSABLE_STATUSES]
    )
    effective_on = models.DateField(_("true as of"))
    rationale = models.TextField(_("rationale"))
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices, blank=True)
    verdict_by = models.CharField(
        _("whose verdict"), max_length=10, choices=VerdictBy.choices, default=VerdictBy.OFFICE
    )
    verdict_institution = models.ForeignKey(
        "Institution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="verdicts",
        verbose_name=_("institution whose verdict it is"),
    )
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("corrects"),
    )
    method_version = models.CharField(_("method version"), max_length=20)
    evidence_derived = models.BooleanField(
        _("evidence not chosen by hand"),
        default=False,
        help_text=_("On: all evidence that bore on the recommendation up to that day is listed."),
    )
    source_label = models.CharField(
        _("label as given"), max_length=200, blank=True, help_text=_("The word of the system it came from.")
    )
    source_system = models.CharField(_("system of the label"), max_length=100, blank=True)
    mapping_version = models.CharField(_("version of the mapping"), max_length=20, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=AssessmentState.choices, default=AssessmentState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("proposed by")
    )
    proposed_by_machine = models.CharField(_("proposed by the check or import"), max_length=100, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_note = models.TextField(_("note on the decision"), blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    retracted_by = models.ForeignKey(
        "User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="retractions",
        verbose_name=_("retracted by"),
    )
    retracted_at = models.DateTimeField(_("retracted at"), null=True, blank=True)
    retraction_reason = models.TextField(_("reason of the retraction"), blank=True)

    evidence: "models.ManyToManyField[Evidence, Citation]" = models.ManyToManyField(
        "Evidence", through="Citation", related_name="assessments", verbose_name=_("evidence")
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-effective_on", "-published_at", "-id"]
        constraints = [
            one_of("status", [each.value for each in ASSESSABLE_STATUSES], name="assessment_status_known"),
            one_of("confidence", ["", *Confidence.values], name="assessment_confidence_known"),
            one_of("verdict_by", VerdictBy.values, name="assessment_verdict_by_known"),
            one_of("state", AssessmentState.values, name="assessment_state_known"),
            not_blank("rationale", name="assessment_rationale_given"),
            not_blank("method_version", name="assessment_method_given"),
            models.CheckConstraint(
                condition=models.Q(effective_on__lte=models.F("proposed_at__date")),
                name="assessment_not_in_the_future",
            ),
            models.CheckConstraint(
                condition=models.Q(proposed_by__isnull=False, proposed_by_machine="")
                | (models.Q(proposed_by__isnull=True) & ~models.Q(proposed_by_machine="")),
                name="assessment_has_one_proposer",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="assessment_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(retracted_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(retracted_by=models.F("proposed_by")),
                name="assessment_four_eyes_on_retraction",
            ),
            together("decided_by", "decided_at", name="assessment_decided_by_and_at"),
            together("retracted_by", "retracted_at", name="assessment_retracted_by_and_at"),
            models.CheckConstraint(
                condition=(
                    models.Q(
                        state=AssessmentState.PROPOSED,
                        decided_at__isnull=True,
                        published_at__isnull=True,
                        withdrawn_at__isnull=True,
                        retracted_at__isnull=True,
                    )
                    | models.Q(
                        state=AssessmentState.PUBLISHED,
                        decided_at__isnull=False,
                        published_at__isnull=False,
                        withdrawn_at__isnull=True,
                        retracted_at__isnull=True,
                    )
                    | models.Q(
                        state=AssessmentState.RETRACTED,
                        decided_at__isnull=False,
                        published_at__isnull=False,
                        withdrawn_at__isnull=True,
                        retracted_at__isnull=False,
                        retraction_reason__regex=r"\S",
                    )
                    | models.Q(
                        state=AssessmentState.REJECTED,
                        decided_at__isnull=False,
                        published_at__isnull=True,
                        withdrawn_at__isnull=True,
                        retracted_at__isnull=True,
                    )
                    | models.Q(
                        state=AssessmentState.WITHDRAWN,
                        decided_at__isnull=True,
                        published_at__isnull=True,
                        withdrawn_at__isnull=False,
                        retracted_at__isnull=True,
                    )
                ),
                name="assessment_state_has_its_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(retracted_at__isnull=True)
                | models.Q(retracted_at__gte=models.F("published_at")),
                name="assessment_retracted_after_published",
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=models.Q(state=AssessmentState.PUBLISHED),
                name="assessment_superseded_once",
            ),
        ]
        indexes = [
            # The headline of one recommendation, on either time axis.
            models.Index(
                fields=["recommendation", "-effective_on", "-published_at", "-id"],
                name="assessment_headline",
            ),
            # All headlines of a moment of the past, in this index alone; all that ever stood at a status.
            models.Index(
                fields=["recommendation", "-effective_on", "-published_at", "-id"],
                include=("status", "retracted_at"),
                condition=models.Q(verdict_by=VerdictBy.OFFICE, published_at__isnull=False),
                name="assessment_of_office",
            ),
            models.Index(
                fields=["status", "effective_on"],
                include=("recommendation",),
                condition=models.Q(verdict_by=VerdictBy.OFFICE, published_at__isnull=False),
                name="assessment_ever",
            ),
            # The latest verdicts of all, and what was told between two days.
            models.Index(
                fields=["-effective_on", "-published_at", "-id"],
                include=("recommendation",),
                name="assessment_latest",
            ),
            # Whether another party differs: few have said anything.
            models.Index(
                fields=["recommendation", "-effective_on"],
                name="assessment_of_others",
                condition=~models.Q(verdict_by=VerdictBy.OFFICE),
            ),
            # The list of staff, narrowed to what few verdicts are.
            models.Index(
                fields=["state", "-id"],
                name="assessment_of_state",
                condition=~models.Q(state=AssessmentState.PUBLISHED),
            ),
            # What waits for a reviewer, oldest first.
            models.Index(
                fields=["proposed_at", "id"],
                name="assessment_waiting",
                condition=models.Q(state=AssessmentState.PROPOSED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} ({self.effective_on:%Y-%m-%d})"


class CitationQuerySet(models.QuerySet["Citation"]):
    def published(self) -> "CitationQuerySet":
        """Citations of public evidence; a public verdict may rest on internal evidence too, which is not told."""
        return self.filter(public_assessment("assessment__"), evidence__in=Evidence.objects.published())


class Citation(models.Model):
    """One piece of evidence that an assessment rests on, with its stance and where in it to look."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="citations", verbose_name=_("assessment")
    )
    evidence = models.ForeignKey(
        "Evidence", models.PROTECT, related_name="citations", verbose_name=_("evidence")
    )
    stance = models.CharField(_("stance"), max_length=20, choices=Stance.choices)
    locator = models.CharField(_("place in the document"), max_length=300, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["id"]
        constraints = [
            one_of("stance", Stance.values, name="citation_stance_known"),
            models.UniqueConstraint(fields=["assessment", "evidence"], name="citation_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.stance} {self.evidence_id}"
