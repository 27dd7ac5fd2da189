from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank
from recommendations.models.tallies import Tally
from recommendations.vocabulary import Grouping


class ThemeQuerySet(models.QuerySet["Theme"]):
    def published(self) -> "ThemeQuerySet":
        """Subjects of something public, and those that nothing is filed under (see visibility.py).

        What is filed under a part of a subject is filed under the subject too. The tallies know: to look through
        all that is filed under a subject until something public is found can take long.
        """
        here = (
            Tally.objects.filter(dimension=Grouping.THEME, key=models.OuterRef("pk")).order_by().values("key")
        )
        filed = here.annotate(n=models.Sum("number")).filter(n__gt=0)
        public = here.filter(public=True).annotate(n=models.Sum("number")).filter(n__gt=0)
        return self.filter(models.Exists(public) | ~models.Exists(filed))


class Theme(models.Model):
    """A subject, in a shallow tree: a theme with a parent has no children of its own."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["name", "id"]
        constraints = [
            not_blank("name", name="theme_name_given"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="theme_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name
