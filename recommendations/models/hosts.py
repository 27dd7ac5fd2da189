from django.db import models
from django.utils.translation import gettext_lazy as _


class Host(models.Model):
    """What is known of a host as a whole: that it asked us to wait, or that it fails, whatever it is asked for.

    Most hosts have no row. One finding tells of one outage: it is made by whoever begins the outage here.
    """

    name = models.CharField(_("name"), max_length=255, unique=True)
    closed_until = models.DateTimeField(
        _("asked us to wait until"),
        null=True,
        blank=True,
        help_text=_("Its Retry-After: nobody asks it before."),
    )
    failing_since = models.DateTimeField(_("fails as a whole since"), null=True, blank=True)
    finding = models.ForeignKey(
        "Finding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("finding that tells of it"),
    )

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(failing_since__isnull=True, finding__isnull=True)
                | models.Q(failing_since__isnull=False, finding__isnull=False),
                name="host_outage_is_told",
            ),
        ]

    def __str__(self) -> str:
        return self.name
