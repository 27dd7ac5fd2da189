from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank, one_of, together
from recommendations.vocabulary import ASSESSABLE_STATUSES, FindingKind, FindingState

if TYPE_CHECKING:
    from recommendations.models.assessments import Assessment


class Finding(models.Model):
    """Something a check (or an import) brought back for a person to judge.

    The same thing found again is another sighting of the same row, whatever became of it; only when
    what was seen has changed does a new finding arise.
    """

    kind = models.CharField(_("kind"), max_length=30, choices=FindingKind.choices)
    status_check = models.ForeignKey(
        "StatusCheck",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        db_column="check_id",
        verbose_name=_("check"),
    )
    rule = models.CharField(_("rule"), max_length=100)
    rule_version = models.CharField(_("version of the rule"), max_length=20)
    score = models.FloatField(_("score"), default=1.0)
    recommendation = models.ForeignKey(
        "Recommendation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("recommendation"),
    )
    evidence = models.ForeignKey(
        "Evidence", models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("evidence")
    )
    indicator = models.ForeignKey(
        "Indicator",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("indicator"),
    )
    title = models.CharField(_("title"), max_length=500)
    detail = models.TextField(_("detail"), blank=True)
    saw = models.JSONField(_("what it saw"), default=dict, blank=True)
    suggested_status = models.CharField(
        _("suggested status"),
        max_length=30,
        choices=[(each.value, each.label) for each in ASSESSABLE_STATUSES],
        blank=True,
    )
    before = models.ForeignKey(
        "Snapshot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("text before")
    )
    after = models.ForeignKey(
        "Snapshot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("text after")
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    sightings = models.PositiveIntegerField(_("sightings"), default=1)
    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    state = models.CharField(
        _("state"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN
    )
    decided_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_note = models.TextField(_("note on the decision"), blank=True)
    edits = models.JSONField(
        _("what was changed on acceptance"),
        default=dict,
        blank=True,
        help_text=_(
            "For each thing that was suggested and not taken as it was: the suggestion, and what was taken."
        ),
    )
    assessments: "models.ManyToManyField[Assessment, models.Model]" = models.ManyToManyField(
        "Assessment", related_name="findings", blank=True, verbose_name=_("assessments proposed from it")
    )

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-last_seen_at", "-id"]
        constraints = [
            one_of("kind", FindingKind.values, name="finding_kind_known"),
            one_of("state", FindingState.values, name="finding_state_known"),
            not_blank("rule", name="finding_rule_given"),
            together("decided_by", "decided_at", name="finding_decided_by_and_at"),
            models.CheckConstraint(
                condition=models.Q(state=FindingState.OPEN, decided_at__isnull=True)
                | (~models.Q(state=FindingState.OPEN) & models.Q(decided_at__isnull=False)),
                name="finding_decided_or_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=FindingState.DISMISSED) | models.Q(decision_note__regex=r"\S"),
                name="finding_dismissed_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=FindingState.ACCEPTED) | models.Q(edits={}),
                name="finding_edited_on_acceptance",
            ),
        ]
        indexes = [
            # What waits for a person.
            models.Index(
                fields=["first_seen_at", "id"],
                name="finding_waiting",
                condition=models.Q(state=FindingState.OPEN),
            ),
            # What people decided lately, and what they made of a rule: its precision.
            models.Index(
                fields=["decided_at"], name="finding_decided", condition=~models.Q(state=FindingState.OPEN)
            ),
            models.Index(fields=["rule", "rule_version", "state"], name="finding_by_rule"),
            # The list of staff: what is open first, then what was decided last.
            models.Index(fields=["-decided_at", "-id"], name="finding_listed"),
        ]

    def __str__(self) -> str:
        return self.title
