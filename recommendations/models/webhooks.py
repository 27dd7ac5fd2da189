from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import one_of, together
from recommendations.vocabulary import TEST_MESSAGE, DeliveryState, MessageType, WebhookState


class Webhook(models.Model):
    """An address that wants to be told of what becomes public, of which kinds, and about what.

    A filter that is empty leaves everything in; several narrow each other. It is told of what lies
    behind `since`, the horizon of the feed when it was made or switched on. The secrets are kept
    sealed (actions/sealing.py): they must be usable for signing, and are shown once.
    """

    owner = models.ForeignKey("User", models.PROTECT, related_name="webhooks", verbose_name=_("owner"))
    url = models.URLField(_("address"), max_length=2000)
    description = models.CharField(_("description"), max_length=200, blank=True)
    types = ArrayField(
        models.CharField(max_length=40, choices=MessageType.choices), verbose_name=_("told of"), default=list
    )
    source = models.ForeignKey(
        "Source", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    theme = models.ForeignKey(
        "Theme", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("theme")
    )
    addressee = models.ForeignKey(
        "Institution", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("addressee")
    )
    recommendation = models.ForeignKey(
        "Recommendation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recommendation"),
        help_text=_("With its parts."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=WebhookState.choices, default=WebhookState.ACTIVE
    )
    disabled_reason = models.CharField(
        _("why it was switched off"), max_length=300, blank=True, editable=False
    )
    since = models.BigIntegerField(editable=False)
    secret = models.TextField(editable=False)
    previous_secret = models.TextField(blank=True, editable=False)
    previous_until = models.DateTimeField(
        _("the previous secret signs until"), null=True, blank=True, editable=False
    )
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    not_before = models.DateTimeField(
        _("asked to be left alone until"), null=True, blank=True, editable=False
    )
    delivered_at = models.DateTimeField(_("last delivered at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-id"]
        constraints = [
            one_of("state", WebhookState.values, name="webhook_state_known"),
            models.CheckConstraint(
                condition=models.Q(types__contained_by=MessageType.values) & models.Q(types__len__gt=0),
                name="webhook_types_known",
            ),
            models.CheckConstraint(
                condition=models.Q(previous_secret="", previous_until__isnull=True)
                | (~models.Q(previous_secret="") & models.Q(previous_until__isnull=False)),
                name="webhook_previous_secret_and_its_end",
            ),
            models.CheckConstraint(
                condition=models.Q(disabled_reason="") ^ models.Q(state=WebhookState.DISABLED),
                name="webhook_disabled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        """Its description, or else the host: an address often holds a key, and this may stand in a mail."""
        return self.description or urlsplit(self.url).hostname or ""


class Delivery(models.Model):
    """One message to one webhook: what is sent, how often that was tried, and what came back.

    Made once for each event that concerns the webhook, in the transaction that moves our place in the feed.
    While it is `waiting` it is due at `due_at`; a worker holds it by a lease that lapses if the worker dies.
    `message` is the identifier that the receiver sees, the same at every attempt. `payload` is kept as text: the
    signature is of these very bytes. Rows are pruned some time after they are settled (rules/deliveries.py).
    """

    webhook = models.ForeignKey(
        Webhook, models.PROTECT, related_name="deliveries", verbose_name=_("webhook"), db_index=False
    )
    event = models.BigIntegerField(_("event"), null=True, blank=True)
    message = models.CharField(_("message"), max_length=40, unique=True)
    type = models.CharField(_("type"), max_length=40)
    recommendation_code = models.CharField(_("recommendation"), max_length=40, blank=True)
    payload = models.TextField(_("payload"))
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    elapsed_ms = models.PositiveIntegerField(_("duration in milliseconds"), null=True, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    response = models.TextField(_("what the receiver answered"), blank=True)
    created_at = models.DateTimeField(_("created at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        constraints = [
            one_of("state", DeliveryState.values, name="delivery_state_known"),
            one_of("type", [*MessageType.values, TEST_MESSAGE], name="delivery_type_known"),
            together("lease", "leased_until", name="delivery_lease_and_its_end"),
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once_per_event"),
            models.CheckConstraint(
                condition=models.Q(state=DeliveryState.WAITING, due_at__isnull=False, settled_at__isnull=True)
                | (
                    ~models.Q(state=DeliveryState.WAITING)
                    & models.Q(due_at__isnull=True, settled_at__isnull=False, lease__isnull=True)
                ),
                name="delivery_waits_or_is_settled",
            ),
        ]
        indexes = [
            # The sweep: what of one webhook is due, oldest first.
            models.Index(
                fields=["webhook", "due_at", "id"],
                name="delivery_due",
                condition=models.Q(state=DeliveryState.WAITING),
            ),
            # What is under lease, and so how many each webhook has in flight.
            models.Index(
                fields=["webhook", "leased_until"],
                name="delivery_leased",
                condition=models.Q(leased_until__isnull=False),
            ),
            # The list of one webhook, the newest first.
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),
            # Pruning.
            models.Index(
                fields=["settled_at"],
                name="delivery_settled",
                condition=models.Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message}"


class DeliveryAttempt(models.Model):
    """One time that a message was sent: what came of it, and when it was to be tried again then.

    Kept with its message and as long. The message itself holds the latest one again, for lists.
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="history", verbose_name=_("delivery"))
    at = models.DateTimeField(_("at"))
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    elapsed_ms = models.PositiveIntegerField(_("duration in milliseconds"))
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.failure or self.http_status}"


class FeedPlace(models.Model):
    """How far one of our own readers has got in the feed of events: the last one it has dealt with.

    `transaction` and `event` are a cursor like those of `changes/`; the reader moves it in the transaction of
    what it did, so that nothing is passed over and nothing done twice.
    """

    reader = models.CharField(_("reader"), max_length=40, primary_key=True)
    transaction = models.BigIntegerField(_("transaction"), default=0)
    event = models.BigIntegerField(_("event"), default=0)

    class Meta:
        verbose_name = _("place in the feed")
        verbose_name_plural = _("places in the feed")

    def __str__(self) -> str:
        return f"{self.reader} {self.transaction}.{self.event}"
