from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.constraints import one_of
from recommendations.vocabulary import Outcome


class LookTally(models.Model):
    """How many looks ended so in one hour that is over: what a week of them brought must not be counted each time."""

    hour = models.DateTimeField(_("hour"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("tally of check runs")
        verbose_name_plural = _("tallies of check runs")
        ordering = ["hour", "outcome"]
        constraints = [
            one_of("outcome", Outcome.values, name="look_tally_outcome_known"),
            models.UniqueConstraint(fields=["hour", "outcome"], name="look_tally_once_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}: {self.number} {self.outcome}"
