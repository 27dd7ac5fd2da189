from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank
from recommendations.models.visibility import public_recommendation


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def published(self) -> "DeadlineQuerySet":
        return self.filter(public_recommendation("recommendation__"))


class Deadline(models.Model):
    """One dated entry in a recommendation's deadline ledger: old date, new date, who moved it, why.

    Append-only. The newest entry is in force; without a new date it lifts the deadline.
    """

    recommendation = models.ForeignKey(
        "Recommendation", models.PROTECT, related_name="deadlines", verbose_name=_("recommendation")
    )
    previous_due_on = models.DateField(_("old date"), null=True, blank=True)
    due_on = models.DateField(_("new date"), null=True, blank=True)
    moved_by = models.ForeignKey(
        "Institution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deadlines_moved",
        verbose_name=_("set or moved by"),
    )
    reason = models.TextField(_("reason"))
    recorded_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            not_blank("reason", name="deadline_reason_given"),
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=False) | models.Q(previous_due_on__isnull=False),
                name="deadline_says_something",
            ),
        ]
        indexes = [
            # What was moved between two days; what was ever due before or after one.
            models.Index(fields=["recorded_at", "id"], name="deadline_by_day"),
            models.Index(fields=["due_on", "id"], name="deadline_ever"),
        ]

    def __str__(self) -> str:
        return f"{self.previous_due_on} -> {self.due_on}"
