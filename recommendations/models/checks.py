from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import one_of, together
from recommendations.vocabulary import OWN_CHECKS, CheckKind, CheckState, Outcome


class StatusCheck(models.Model):
    """A standing instruction to look somewhere, and what it remembers from the last look.

    Due when `next_due_at` has come. A worker holds it by a lease (`lease` and `leased_until`) that
    lapses by itself if the worker dies; the due time moves on only with the CheckRun that served it.

    A row is written twice a look, so it has only the indexes that somebody reads.
    """

    kind = models.CharField(_("kind"), max_length=30, choices=CheckKind.choices)
    evidence = models.ForeignKey(
        "Evidence",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checks",
        db_index=False,  # check_one_of_a_kind_per_evidence begins with it
        verbose_name=_("evidence"),
    )
    recommendation = models.ForeignKey(
        "Recommendation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checks",
        db_index=False,  # check_of_recommendation, where there is one
        verbose_name=_("recommendation"),
    )
    indicator = models.ForeignKey(
        "Indicator",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checks",
        db_index=False,  # check_of_indicator, where there is one
        verbose_name=_("indicator"),
    )
    config = models.JSONField(_("settings"), default=dict, blank=True)
    every = models.PositiveIntegerField(_("every (seconds)"))
    state = models.CharField(_("state"), max_length=10, choices=CheckState.choices, default=CheckState.ACTIVE)
    host = models.CharField(_("host"), max_length=255, blank=True, db_index=True)
    next_due_at = models.DateTimeField(_("next due at"))
    requested_by = models.ForeignKey(
        "User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # nobody asks for a person's requests
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"), null=True, blank=True)
    lease = models.UUIDField(_("lease"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    memory = models.JSONField(_("what it remembers"), default=dict, blank=True, editable=False)
    last_run_at = models.DateTimeField(_("last run at"), null=True, blank=True)
    last_outcome = models.CharField(_("last outcome"), max_length=20, choices=Outcome.choices, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    quiet_runs = models.PositiveIntegerField(_("unchanged runs in a row"), default=0)
    changed_at = models.DateTimeField(_("last seen changed at"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        "User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("status check")
        verbose_name_plural = _("status checks")
        ordering = ["id"]
        constraints = [
            one_of("kind", CheckKind.values, name="check_kind_known"),
            one_of("state", CheckState.values, name="check_state_known"),
            one_of("last_outcome", ["", *Outcome.values], name="check_last_outcome_known"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=OWN_CHECKS) | models.Q(recommendation__isnull=False, host=""),
                name="check_of_own_rows_has_no_host",
            ),
            together("lease", "leased_until", name="check_lease_and_its_end"),
            together("requested_by", "requested_at", name="check_requested_by_and_at"),
            models.CheckConstraint(condition=models.Q(every__gte=60), name="check_not_more_than_each_minute"),
            models.CheckConstraint(
                condition=models.Q(
                    evidence__isnull=False, recommendation__isnull=True, indicator__isnull=True
                )
                | models.Q(evidence__isnull=True, recommendation__isnull=False, indicator__isnull=True)
                | models.Q(evidence__isnull=True, recommendation__isnull=True, indicator__isnull=False),
                name="check_watches_one_thing",
            ),
            models.UniqueConstraint(
                fields=["evidence", "kind"],
                condition=models.Q(evidence__isnull=False),
                name="check_one_of_a_kind_per_evidence",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recommendation"],
                name="check_of_recommendation",
                condition=models.Q(recommendation__isnull=False),
            ),
            models.Index(
                fields=["indicator"],
                name="check_of_indicator",
                condition=models.Q(indicator__isnull=False),
            ),
            # The sweep: what is due, oldest first, paused checks aside.
            models.Index(
                fields=["next_due_at", "id"],
                name="check_due",
                condition=~models.Q(state=CheckState.PAUSED),
            ),
            # What is under lease, and so which hosts are being asked.
            models.Index(
                fields=["leased_until", "host"],
                name="check_leased",
                condition=models.Q(leased_until__isnull=False),
            ),
            # The sweep while live checks are off: what a person asked for, and what looks at our own rows.
            models.Index(
                fields=["next_due_at", "id"],
                name="check_goes_anyway",
                condition=models.Q(requested_at__isnull=False) | models.Q(kind__in=OWN_CHECKS),
            ),
            # The health page and its lists: few rows are in any of these.
            models.Index(
                fields=["host", "kind"], name="check_failing", condition=models.Q(state=CheckState.FAILING)
            ),
            models.Index(
                fields=["kind", "id"], name="check_paused", condition=models.Q(state=CheckState.PAUSED)
            ),
            models.Index(
                fields=["kind", "id"],
                name="check_keyless",
                condition=models.Q(last_outcome=Outcome.KEY_MISSING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class CheckRun(models.Model):
    """One look: the due time it served, what came of it, and the facts of the exchange."""

    status_check = models.ForeignKey(
        StatusCheck,
        models.PROTECT,
        related_name="runs",
        db_column="check_id",
        db_index=False,  # check_run_once_per_due_time begins with it
        verbose_name=_("check"),
    )
    due_at = models.DateTimeField(_("due at"))
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    final_url = models.URLField(_("address reached"), max_length=2000, blank=True)
    size = models.PositiveIntegerField(_("bytes received"), default=0)
    elapsed_ms = models.PositiveIntegerField(_("duration in milliseconds"), default=0)
    attempt = models.PositiveIntegerField(_("attempt"), default=1)
    detail = models.TextField(_("detail"), blank=True)
    snapshot = models.ForeignKey(
        "Snapshot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="runs",
        db_index=False,  # snapshots are never deleted, and asked for by check
        verbose_name=_("snapshot"),
    )
    requested_by = models.ForeignKey(
        "User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("requested by"),
    )

    class Meta:
        verbose_name = _("check run")
        verbose_name_plural = _("check runs")
        ordering = ["-due_at", "-id"]
        constraints = [
            one_of("outcome", Outcome.values, name="check_run_outcome_known"),
            models.UniqueConstraint(fields=["status_check", "due_at"], name="check_run_once_per_due_time"),
        ]
        indexes = [
            # The looks of the last hour. Rows are written in the order of time, so that ranges of pages will do.
            BrinIndex(
                fields=["finished_at"], name="check_run_by_time", pages_per_range=32, autosummarize=True
            ),
            # The lists behind the numbers of the health page; most looks find nothing changed.
            models.Index(
                fields=["outcome", "-id"],
                name="check_run_of_outcome",
                condition=~models.Q(outcome=Outcome.UNCHANGED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.started_at:%Y-%m-%d %H:%M})"
