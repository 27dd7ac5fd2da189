from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank, one_of
from recommendations.models.visibility import public_recommendation
from recommendations.vocabulary import Direction, ObservationRole

if TYPE_CHECKING:
    from recommendations.models.recommendations import Recommendation


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def published(self) -> "IndicatorQuerySet":
        """Indicators that measure at least one public recommendation."""
        through = Indicator.recommendations.through
        links = through._default_manager.filter(
            public_recommendation("recommendation__"), indicator_id=models.OuterRef("pk")
        )
        return self.filter(models.Exists(links))


class Indicator(models.Model):
    """A measure, with its unit and the way it should move where that is plain."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=300)
    unit = models.CharField(_("unit"), max_length=200)
    direction = models.CharField(
        _("direction"),
        max_length=10,
        choices=Direction.choices,
        blank=True,
        help_text=_("Empty where better and worse are a matter of opinion."),
    )
    note = models.TextField(_("note"), blank=True)
    sources = models.JSONField(_("addresses of the series"), default=list, blank=True)
    recommendations: "models.ManyToManyField[Recommendation, models.Model]" = models.ManyToManyField(
        "Recommendation", related_name="indicators", verbose_name=_("recommendations")
    )
    updated_at = models.DateTimeField(_("updated at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]
        constraints = [
            one_of("direction", ["", *Direction.values], name="indicator_direction_known"),
            not_blank("name", name="indicator_name_given"),
            not_blank("unit", name="indicator_unit_given"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"


class Observation(models.Model):
    """One value of an indicator: its baseline, its target, or what was observed in a period.

    `period` is the label as given ("FY2010-FY2018 cumulative"); `period_from` and `period_to` are
    filled only where it is plain. An empty value means "not known", never zero.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="observations", verbose_name=_("indicator")
    )
    role = models.CharField(
        _("role"), max_length=12, choices=ObservationRole.choices, default=ObservationRole.OBSERVATION
    )
    period = models.CharField(_("period"), max_length=200)
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_to = models.DateField(_("to"), null=True, blank=True)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    value_text = models.CharField(
        _("value as words"), max_length=300, blank=True, help_text=_("Where it is not one number.")
    )
    measure = models.CharField(
        _("what was measured"), max_length=300, blank=True, help_text=_("Where it differs from the name.")
    )
    quality = models.CharField(_("how firm"), max_length=200, blank=True)
    basis = models.CharField(_("what it rests on"), max_length=500, blank=True)
    verified = models.BooleanField(
        _("verified"), null=True, blank=True, help_text=_("Unknown: nobody noted whether.")
    )
    seen_at = models.CharField(_("seen at"), max_length=1000, blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["indicator", "role", "period_from", "id"]
        constraints = [
            one_of("role", ObservationRole.values, name="observation_role_known"),
            models.CheckConstraint(
                condition=models.Q(period_from__isnull=True)
                | models.Q(period_to__isnull=True)
                | models.Q(period_from__lte=models.F("period_to")),
                name="observation_period_in_order",
            ),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=models.Q(role=ObservationRole.BASELINE),
                name="observation_one_baseline",
            ),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=models.Q(role=ObservationRole.TARGET),
                name="observation_one_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.value}"
