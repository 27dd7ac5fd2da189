from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import one_of
from recommendations.models.visibility import public_recommendation
from recommendations.vocabulary import Precision, ResponseKind


class ResponseQuerySet(models.QuerySet["Response"]):
    def published(self) -> "ResponseQuerySet":
        return self.filter(public_recommendation("recommendation__"))


class Response(models.Model):
    """What an addressee said about a recommendation, on a day. The latest one is shown in lists."""

    recommendation = models.ForeignKey(
        "Recommendation", models.PROTECT, related_name="responses", verbose_name=_("recommendation")
    )
    institution = models.ForeignKey(
        "Institution", models.PROTECT, related_name="responses", verbose_name=_("institution")
    )
    kind = models.CharField(
        _("response"),
        max_length=30,
        choices=[choice for choice in ResponseKind.choices if choice[0] != ResponseKind.NONE],
    )
    stated_on = models.DateField(_("stated on"))
    date_precision = models.CharField(
        _("date known to the"), max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    summary = models.TextField(_("summary"), blank=True, help_text=_("In our own words."))
    evidence = models.ForeignKey(
        "Evidence",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="responses",
        verbose_name=_("evidence"),
    )
    source_label = models.CharField(_("label as given"), max_length=200, blank=True)
    source_system = models.CharField(_("system of the label"), max_length=100, blank=True)
    mapping_version = models.CharField(_("version of the mapping"), max_length=20, blank=True)
    recorded_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-stated_on", "-recorded_at", "-id"]
        constraints = [
            one_of(
                "kind",
                [value for value in ResponseKind.values if value != ResponseKind.NONE],
                name="response_kind_known",
            ),
            one_of("date_precision", Precision.values, name="response_date_precision_known"),
            models.CheckConstraint(
                condition=models.Q(stated_on__lte=models.F("recorded_at__date")),
                name="response_not_in_the_future",
            ),
        ]
        indexes = [
            # What was said between two days; who ever said so.
            models.Index(fields=["stated_on"], name="response_by_day"),
            models.Index(fields=["kind", "stated_on"], name="response_ever"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.stated_on:%Y-%m-%d})"
