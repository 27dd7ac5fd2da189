from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import not_blank, one_of
from recommendations.vocabulary import Kept, Outcome

LEAST_DAYS = 30
"""Nothing younger is ever dropped."""


class Retention(models.Model):
    """One act of dropping what has grown old. Written first: the database lets rows go only in its transaction.

    So whatever was dropped has left a row that says what, from before when, how much, by whom and when.
    """

    what = models.CharField(_("what was dropped"), max_length=10, choices=Kept.choices)
    before = models.DateTimeField(_("older than"))
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=200)
    transaction = models.BigIntegerField(
        _("transaction"),
        unique=True,
        null=True,
        editable=False,
        help_text=_("While it lasts; set by the database."),
    )
    rows = models.PositiveIntegerField(_("how many"), default=0)
    bytes = models.BigIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("act of retention")
        verbose_name_plural = _("acts of retention")
        ordering = ["-at", "-id"]
        constraints = [
            one_of("what", Kept.values, name="retention_what_known"),
            not_blank("by", name="retention_by_given"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%Y-%m-%d}"


class RunSummary(models.Model):
    """Looks of one check in one month that brought nothing and are no longer kept one by one: how many of each outcome.

    With the runs that are kept it counts every look of the check exactly once.
    """

    status_check = models.ForeignKey(
        "StatusCheck",
        models.PROTECT,
        related_name="run_summaries",
        db_column="check_id",
        db_index=False,  # run_summary_once begins with it
        verbose_name=_("check"),
    )
    month = models.DateField(_("month"), help_text=_("Its first day."))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    looks = models.PositiveIntegerField(_("runs"))
    first_due_at = models.DateTimeField(_("first due at"))
    last_due_at = models.DateTimeField(_("last due at"))

    class Meta:
        verbose_name = _("summary of runs")
        verbose_name_plural = _("summaries of runs")
        ordering = ["status_check", "month", "outcome"]
        constraints = [
            one_of("outcome", Outcome.values, name="run_summary_outcome_known"),
            models.UniqueConstraint(fields=["status_check", "month", "outcome"], name="run_summary_once"),
        ]

    def __str__(self) -> str:
        return f"{self.status_check_id} {self.month:%Y-%m} {self.outcome}: {self.looks}"
