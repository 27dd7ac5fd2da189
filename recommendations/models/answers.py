from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """What a request with an Idempotency-Key was answered, so that the same request sent again is answered alike.

    Written in the transaction of what the request did: both are there, or neither is. `caller` is a token or a
    person with a session ("token:12", "person:3"). The request is kept as a keyed digest only, and what was
    answered sealed (actions/sealing.py): it may hold a key that is shown once.
    """

    caller = models.CharField(_("caller"), max_length=40)
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(_("HTTP status"))
    sealed = models.TextField()
    created_at = models.DateTimeField(_("created at"), db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="kept_answer_once_per_key")]

    def __str__(self) -> str:
        return f"{self.caller} {self.status}"
