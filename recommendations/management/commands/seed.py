"""`manage.py seed`: load the five documents and what became of their recommendations."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations.actions import seeds as action
from recommendations.actions.batches import Tally
from recommendations.actions.refusals import Refused
from recommendations.exchange.seeds import SeedsRefused, read_seeds
from recommendations.management.progress import Phases, behind
from recommendations.models import User


class Command(BaseCommand):
    help = "Load the seed data. Safe to repeat: what is unchanged in the files is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=settings.BASE_DIR / "seeds", help="where the files are (seeds/)"
        )
        parser.add_argument("--by", help="user name of the person in whose name the verdicts are published")
        parser.add_argument("--check", action="store_true", help="only read and check the files")

    def handle(self, *args: Any, folder: Path, by: str | None, check: bool, **options: Any) -> None:
        now = timezone.now()
        self.come = Phases(behind(self.stderr))
        self._say(f"Reading {folder}")
        try:
            seeds = read_seeds(folder, today=now.date())
        except SeedsRefused as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(
                f"{len(refusal.problems)} problem(s) in {folder}; nothing was loaded."
            ) from None
        if check:
            self.stdout.write("The files are well formed; nothing was loaded.")
            return
        try:
            person = self._person(by, now)
            tallies = action.load(seeds, by=person, now=now, progress=self._progress, step=self.come.step)
        except Refused as refusal:
            raise CommandError(f"{refusal.message} ({refusal.rule}); nothing was loaded.") from None
        finally:
            self.come.end()
        changes = sum(tally.created + tally.changed for tally in tallies.values())
        self.stdout.write(f"{changes} changes")

    def _person(self, username: str | None, now: Any) -> User:
        if username is None:
            return action.curator(now=now)
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"There is no person with the user name “{username}”.")
        return person

    def _progress(self, noun: str, tally: Tally) -> None:
        self._say(
            f"  {noun:<16}{tally.created:>5} new {tally.changed:>5} changed {tally.unchanged:>5} unchanged"
        )

    def _say(self, line: str) -> None:
        """At once, also where it is read by a program."""
        self.come.end()
        self.stdout.write(line)
        self.stdout.flush()
