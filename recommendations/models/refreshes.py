from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from recommendations.models.checks import StatusCheck


class Refresh(models.Model):
    """Somebody asked for looks at several checks at once. How far it has come is worked out from the checks' looks."""

    asked_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    checks: "models.ManyToManyField[StatusCheck, models.Model]" = models.ManyToManyField(
        "StatusCheck", related_name="refreshes", verbose_name=_("checks")
    )

    class Meta:
        verbose_name = _("refresh")
        verbose_name_plural = _("refreshes")
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return _("Refresh of %(moment)s") % {"moment": f"{self.asked_at:%Y-%m-%d %H:%M}"}
