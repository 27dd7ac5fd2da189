from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank


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
