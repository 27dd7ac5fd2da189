from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank, one_of
from recommendations.models.visibility import public_recommendation
from recommendations.vocabulary import CLOSURES_UNDER_REVIEW, ClosureReason


class ClosureQuerySet(models.QuerySet["Closure"]):
    def published(self) -> "ClosureQuerySet":
        return self.filter(public_recommendation("recommendation__"))

    def in_force(self) -> "ClosureQuerySet":
        return self.filter(reopened_at__isnull=True)


class Closure(models.Model):
    """One time a recommendation was closed, why, and when it opened again.

    Three reasons carry a review date: on that day the recommendation reopens by itself
    (`reopened_by` stays empty).
    """

    recommendation = models.ForeignKey(
        "Recommendation", models.PROTECT, related_name="closures", verbose_name=_("recommendation")
    )
    reason = models.CharField(_("reason"), max_length=30, choices=ClosureReason.choices)
    note = models.TextField(_("note"))
    review_on = models.DateField(_("reviewed on"), null=True, blank=True)
    closed_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("closed by"))
    closed_at = models.DateTimeField(_("closed at"))
    reopened_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reopened by")
    )
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    reopening_note = models.TextField(_("note on reopening"), blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["-closed_at", "-id"]
        constraints = [
            one_of("reason", ClosureReason.values, name="closure_reason_known"),
            not_blank("note", name="closure_note_given"),
            models.CheckConstraint(
                condition=models.Q(reason__in=CLOSURES_UNDER_REVIEW, review_on__isnull=False)
                | (~models.Q(reason__in=CLOSURES_UNDER_REVIEW) & models.Q(review_on__isnull=True)),
                name="closure_review_date_where_it_lapses",
            ),
            models.CheckConstraint(
                condition=models.Q(reopened_by__isnull=True) | models.Q(reopened_at__isnull=False),
                name="closure_reopened_by_has_moment",
            ),
            models.UniqueConstraint(
                fields=["recommendation"],
                condition=models.Q(reopened_at__isnull=True),
                name="closure_one_in_force",
            ),
        ]
        indexes = [
            # What was closed, reopened or due for review between two days.
            models.Index(fields=["closed_at", "id"], name="closure_by_day"),
            models.Index(
                fields=["reopened_at"],
                name="closure_reopened",
                condition=models.Q(reopened_at__isnull=False),
            ),
            models.Index(
                fields=["review_on"], name="closure_reviewed", condition=models.Q(review_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())
