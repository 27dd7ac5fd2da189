from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

TRANSACTION = Cast(
    Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
)
"""The writing transaction's 64-bit identifier (PostgreSQL's xid8), as a number."""


class Event(models.Model):
    """One line of the audit trail and of the public change feed.

    Written by actions in the transaction of the change it tells of; append-only in the database. It
    holds no foreign keys: it must outlive what it speaks of. `transaction` is the writing
    transaction's identifier, by which a feed can tell what may still be committed before this line.
    """

    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("by"), max_length=150)
    actor_id = models.BigIntegerField(_("person"), null=True)
    verb = models.CharField(_("what was done"), max_length=60)
    object_type = models.CharField(_("kind of object"), max_length=40)
    object_id = models.CharField(_("object"), max_length=100)
    recommendation_code = models.CharField(_("recommendation"), max_length=40, blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    note = models.TextField(_("note"), blank=True)
    public = models.BooleanField(_("for the public"), default=False)
    transaction = models.BigIntegerField(_("transaction"), editable=False, db_default=TRANSACTION)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recommendation_code", "-id"], name="event_of_recommendation"),
            models.Index(fields=["object_type", "object_id", "-id"], name="event_of_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.object_type} {self.object_id}"
