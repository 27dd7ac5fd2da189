from django.db import models
from django.utils.translation import gettext_lazy as _


class Sweep(models.Model):
    """One sweep that claimed something, and how it went; or the idle ones since, counted in one row.

    For operators: kept for a month, and nothing depends on it.
    """

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), db_index=True)
    claimed = models.PositiveIntegerField(_("runs claimed"), default=0)
    recorded = models.PositiveIntegerField(_("runs recorded"), default=0)
    released = models.PositiveIntegerField(_("given back without a run"), default=0)
    idle = models.PositiveIntegerField(_("idle sweeps"), default=0)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ["-finished_at", "-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}: {self.recorded}"
