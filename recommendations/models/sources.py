from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank, one_of
from recommendations.models.evidence import Evidence
from recommendations.models.visibility import public_source
from recommendations.vocabulary import FigureKind, Precision, SourceKind, Visibility


class SourceQuerySet(models.QuerySet["Source"]):
    def published(self) -> "SourceQuerySet":
        return self.filter(public_source())


class Source(models.Model):
    """A document that makes recommendations: who said it, and where it is written."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=500)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind.choices)
    authors = models.JSONField(_("authors"), default=list, blank=True)
    author_note = models.TextField(_("note on the authors"), blank=True)
    publisher = models.ForeignKey(
        "Institution", models.PROTECT, related_name="sources", verbose_name=_("publisher")
    )
    publisher_wording = models.CharField(_("publisher as named"), max_length=300, blank=True)
    series = models.CharField(_("series"), max_length=300, blank=True)
    published_on = models.DateField(
        _("published on"), help_text=_("The first day of what is known: 1 March 2011 for March 2011.")
    )
    date_precision = models.CharField(
        _("date known to the"), max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    date_label = models.CharField(
        _("date as words"), max_length=60, blank=True, help_text=_("Such as Winter 1997.")
    )
    date_note = models.TextField(_("note on the date"), blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    url_confirmed = models.BooleanField(_("address confirmed"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    note = models.TextField(_("note"), blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    updated_at = models.DateTimeField(_("updated at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["published_on", "id"]
        indexes = [models.Index(fields=["published_on", "id"], name="source_oldest_first")]
        constraints = [
            one_of("kind", SourceKind.values, name="source_kind_known"),
            one_of("visibility", Visibility.values, name="source_visibility_known"),
            one_of("date_precision", Precision.values, name="source_date_precision_known"),
            not_blank("title", name="source_title_given"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


class FigureQuerySet(models.QuerySet["Figure"]):
    def published(self) -> "FigureQuerySet":
        """Figures of public sources and of public evidence, where they name any."""
        return self.filter(
            models.Q(source__isnull=True) | public_source("source__"),
            models.Q(evidence__isnull=True) | models.Q(evidence__in=Evidence.objects.published()),
        )


class Figure(models.Model):
    """A number that a source states, or one seen later for the same measure.

    Kept apart from indicators: nobody has tied these to a recommendation, and several are bounds or
    round numbers. `measure` joins the stated figure to the later ones.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=FigureKind.choices)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("source")
    )
    evidence = models.ForeignKey(
        "Evidence", models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("evidence")
    )
    measure = models.CharField(_("measure"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    locator = models.CharField(_("place in the document"), max_length=200, blank=True)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=200, blank=True)
    period = models.CharField(_("period"), max_length=200, blank=True)
    approximate = models.BooleanField(_("approximate"), default=False)
    bound = models.CharField(_("bound"), max_length=10, blank=True)
    usable = models.BooleanField(
        _("comparable"), default=True, help_text=_("Off: no value to compare with, a remark only.")
    )
    seen_at = models.URLField(_("seen at"), max_length=1000, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["measure", "kind", "period", "id"]
        constraints = [
            one_of("kind", FigureKind.values, name="figure_kind_known"),
            one_of("bound", ["", "lower", "upper"], name="figure_bound_known"),
            models.CheckConstraint(
                condition=models.Q(kind=FigureKind.LATER) | models.Q(source__isnull=False),
                name="figure_stated_has_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.measure}"
