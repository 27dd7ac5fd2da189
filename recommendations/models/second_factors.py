from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin


class SecondFactor(ThrottlingMixin, Device):
    """The telephone of one person, which shows codes made from a key. It counts once it is `confirmed`.

    The key is kept sealed (actions/sealing.py), for codes must be made from it again. `last_step` is the number of
    the half-minute whose code was taken last: none opens twice. `drift` is by how many of them the telephone's clock
    is off.
    """

    user = models.ForeignKey("User", models.CASCADE, related_name="+", verbose_name=_("person"))
    name = None  # the library's, for people with several; each of ours has one
    sealed = models.TextField(editable=False)
    last_step = models.BigIntegerField(default=-1, editable=False)
    drift = models.SmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = [models.UniqueConstraint(fields=["user"], name="second_factor_once")]

    def __str__(self) -> str:
        return str(self.user)

    def get_throttle_factor(self) -> int:
        """Seconds to wait after the first wrong code; twice as long after each further one."""
        return 1
