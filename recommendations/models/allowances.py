from django.db import models
from django.utils.translation import gettext_lazy as _


class Allowance(models.Model):
    """How many requests one caller has been granted in one minute, by all web processes together.

    One row a caller, of its latest minute. The table is not logged (migration `allowances`): a crash forgets the
    counts of a minute, and a request costs no write to disk. `caller` is a token, a person, or a keyed digest of an
    address: no address is kept.
    """

    caller = models.CharField(_("caller"), max_length=80, primary_key=True)
    minute = models.BigIntegerField(_("minute"))
    used = models.PositiveIntegerField(_("granted in this minute"))
    granted = models.PositiveIntegerField(_("granted last"))

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")

    def __str__(self) -> str:
        return f"{self.caller} {self.used}"
