from django.db import models
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """Who was asked to decide on one thing that waits, a proposal or a finding, and until when.

    Rows are added and ended, never edited: at most one for each thing is in force. What has been decided
    waits no longer, whoever it was assigned to.
    """

    assessment = models.ForeignKey(
        "Assessment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("assessment"),
    )
    finding = models.ForeignKey(
        "Finding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("finding"),
    )
    person = models.ForeignKey(
        "User", models.PROTECT, related_name="assignments", verbose_name=_("assigned to")
    )
    assigned_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("assigned by"))
    assigned_at = models.DateTimeField(_("assigned at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(assessment__isnull=False, finding__isnull=True)
                | models.Q(assessment__isnull=True, finding__isnull=False),
                name="assignment_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=models.Q(ended_at__isnull=True),
                name="assignment_one_of_assessment",
            ),
            models.UniqueConstraint(
                fields=["finding"],
                condition=models.Q(ended_at__isnull=True),
                name="assignment_one_of_finding",
            ),
        ]
        indexes = [
            # "Mine": what one person was asked to decide.
            models.Index(
                fields=["person"], name="assignment_of_person", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.assessment or self.finding}"
