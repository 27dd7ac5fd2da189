"""`manage.py doctor`: recompute everything that is stored for speed and say where it differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommendations.models import Recommendation
from recommendations.queries import headlines, tallies


class Command(BaseCommand):
    help = "Work out every copied column and every kept sum afresh; fails when a stored one differs."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = headlines.differences() + tallies.differences()
        for each in wrong:
            self.stderr.write(f"{each['code']}: stored {each['stored']}, should be {each['truth']}")
        if wrong:
            raise CommandError(f"{len(wrong)} stored value(s) differ from the rows behind them.")
        self.stdout.write(f"{Recommendation.objects.count()} recommendations recomputed, no difference.")
