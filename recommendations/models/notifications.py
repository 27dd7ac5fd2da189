from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import one_of
from recommendations.vocabulary import Topic


class Subscription(models.Model):
    """How one person wants to be told of one topic. Where there is no row: in the admin, and not by mail."""

    person = models.ForeignKey(
        "User", models.CASCADE, related_name="subscriptions", verbose_name=_("person"), db_index=False
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    in_admin = models.BooleanField(_("in the admin"), default=True)
    by_mail = models.BooleanField(_("by e-mail, once a day"), default=False)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["id"]
        constraints = [
            one_of("topic", Topic.values, name="subscription_topic_known"),
            models.UniqueConstraint(fields=["person", "topic"], name="subscription_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_topic_display()}"


class Digest(models.Model):
    """One e-mail to one person about what they were told since the last one; sent once, whatever dies.

    Its identifier is that of the message: a mail that is sent again after a crash is the same mail.
    """

    person = models.ForeignKey("User", models.CASCADE, related_name="digests", verbose_name=_("person"))
    message = models.UUIDField(_("message"), unique=True)
    made_at = models.DateTimeField(_("made at"))
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["-id"]
        indexes = [
            # What is to be sent.
            models.Index(
                fields=["due_at", "id"], name="digest_waiting", condition=models.Q(sent_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.made_at:%Y-%m-%d}"


class Notification(models.Model):
    """One thing that one person is told, once: `fingerprint` names it.

    `noun` and `number` say where it leads; what it is about may be decided by the time it is read.
    """

    person = models.ForeignKey(
        "User", models.CASCADE, related_name="notifications", verbose_name=_("person"), db_index=False
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    fingerprint = models.CharField(max_length=100)
    title = models.CharField(_("title"), max_length=500)
    noun = models.CharField(max_length=20)
    number = models.BigIntegerField()
    in_admin = models.BooleanField(_("in the admin"))
    by_mail = models.BooleanField(_("by e-mail"))
    made_at = models.DateTimeField(_("made at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    digest = models.ForeignKey(
        Digest, models.SET_NULL, null=True, blank=True, related_name="notifications", verbose_name=_("digest")
    )

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [
            one_of("topic", Topic.values, name="notification_topic_known"),
            models.UniqueConstraint(fields=["person", "fingerprint"], name="notification_once"),
        ]
        indexes = [
            # What a person has not read.
            models.Index(
                fields=["person", "-id"],
                name="notification_unread",
                condition=models.Q(read_at__isnull=True, in_admin=True),
            ),
            # What waits for a mail.
            models.Index(
                fields=["person"],
                name="notification_unmailed",
                condition=models.Q(digest__isnull=True, by_mail=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title
