from django.apps import apps
from django.db import models
from django.db.models.functions import Cast, Now
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from recommendations.vocabulary import done

TRANSACTION = Cast(
    Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
)
"""The writing transaction's 64-bit identifier (PostgreSQL's xid8), as a number."""


class Event(models.Model):
    """One line of the audit trail and of the public change feed.

    Written by actions in the transaction of the change it tells of; append-only in the database. It
    holds no foreign keys: it must outlive what it speaks of. `transaction` is the writing
    transaction's identifier, by which a feed can tell what may still be committed before this line;
    a trigger counts it on where the database was restored into a younger cluster (see Epoch).
    """

    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("by"), max_length=150)
    actor_id = models.BigIntegerField(_("person"), null=True)
    verb = models.CharField(_("verb"), max_length=60)
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
            models.Index(fields=["object_id", "object_type", "-id"], name="event_of_object"),
            # The search of staff.
            models.Index(fields=["actor", "-id"], name="event_of_actor"),
            models.Index(fields=["verb", "-id"], name="event_of_verb"),
            # The change feed, from any cursor.
            models.Index(fields=["transaction", "id"], name="event_of_feed", condition=models.Q(public=True)),
            # What somebody is told of (queries/notifications.py), in the order of the feed.
            models.Index(
                fields=["transaction", "id"],
                name="event_to_notify",
                condition=models.Q(verb__in=("assignment.made", "assessment.rejected", "finding.brought")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.about}: {done(self.verb)}"

    @property
    def noun(self) -> type[models.Model] | None:
        """The model of what it tells of; None where that is a model no more."""
        return apps.all_models["recommendations"].get(self.object_type)

    @property
    def thing(self) -> str:
        """What kind of object it tells of, in words."""
        return capfirst(str(self.noun._meta.verbose_name)) if self.noun else self.object_type

    @property
    def about(self) -> str:
        return f"{self.thing} {self.object_id}"

    @property
    def done(self) -> str:
        """What was done, in words: "Assessment: proposed"."""
        return f"{self.thing}: {done(self.verb)}"


class Epoch(models.Model):
    """One cluster of PostgreSQL in which events were counted; the newest is in force.

    A database that is restored elsewhere finds another counter of transactions, perhaps far behind the one
    its events were written under: then `offset` is added, so that the feed's order stays the order of
    writing. The database makes these rows itself (migration `feed`). `key` is the feed's own, the same in
    all rows: cursors are signed with it, so that one of another tracker is not taken for ours.
    """

    offset = models.BigIntegerField(_("added to the identifier of a transaction"), editable=False)
    key = models.UUIDField(_("key of the feed"), editable=False)
    began_at = models.DateTimeField(_("began at"), editable=False, db_default=Now())

    class Meta:
        verbose_name = _("epoch")
        verbose_name_plural = _("epochs")

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d} +{self.offset}"
