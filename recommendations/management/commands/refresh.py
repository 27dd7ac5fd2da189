"""`manage.py refresh`: look now, and show what comes back."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommendations.models import CheckRun, StatusCheck
from recommendations.tasks import look_at_due
from recommendations.vocabulary import Outcome


class Command(BaseCommand):
    help = "Run status checks now: one (--check ID) or all that are due (--all-due)."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--check", type=int, metavar="ID", help="run this check, due or not")
        which.add_argument("--all-due", action="store_true", help="run all checks whose time has come")

    def handle(self, *args: Any, check: int | None, all_due: bool, **options: Any) -> None:
        if check is not None and not StatusCheck.objects.filter(pk=check).exists():
            raise CommandError(f"There is no check {check}.")
        outcomes: Counter[str] = Counter()

        def show(row: StatusCheck, run: CheckRun | None) -> None:
            outcome = run.get_outcome_display() if run else "taken over by another worker"
            outcomes[outcome] += 1
            detail = f"  {run.detail}" if run and run.detail else ""
            self.stdout.write(
                f"{sum(outcomes.values()):>6}  check {row.pk:<6} {row.host:<40} {outcome}{detail}"
            )
            sys.stdout.flush()

        look_at_due(live=True, ids=None if check is None else [check], early=check is not None, on_run=show)
        if not outcomes:
            nothing = (
                "Nothing is due."
                if all_due
                else "It is paused, or its host is being asked by another worker."
            )
            self.stdout.write(nothing)
            return
        self.stdout.write("")
        order = {str(outcome.label): position for position, outcome in enumerate(Outcome)}
        for outcome, number in sorted(outcomes.items(), key=lambda item: order.get(item[0], len(order))):
            self.stdout.write(f"{number:>6}  {outcome}")
