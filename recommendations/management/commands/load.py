"""`manage.py load`: make a tracker of a file of public records, in an empty one."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations.actions import loading
from recommendations.actions.refusals import Refused
from recommendations.exchange.records import BadRecord, read
from recommendations.management.progress import Phases, behind
from recommendations.models import User

NAMES = {loading.READ: "reading the lines", loading.COMPARE: "comparing with what an export would say"}


class Command(BaseCommand):
    help = (
        "Load a file of public records (exports/tracker.ndjson) into an empty tracker: all of it or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by",
            required=True,
            help="user name of the person who stands for those who decided and recorded",
        )

    def handle(self, *args: Any, file: Path, by: str, **options: Any) -> None:
        person = User.objects.filter(username=by).first()
        if person is None:
            raise CommandError(f"There is no person with the user name “{by}”.")
        progress = Phases(behind(self.stderr))
        size = file.stat().st_size if file.exists() else 0
        try:
            with file.open("rb") as lines:

                def step(name: str, done: int, total: int) -> None:
                    come = (lines.tell(), size) if name == loading.READ else (done, total)
                    progress.step(NAMES.get(name, name), *come)

                tallies = loading.load(read(lines), by=person, now=timezone.now(), step=step)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}; nothing was loaded.") from None
        except BadRecord as bad:
            raise CommandError(f"{file}: {bad}; nothing was loaded.") from None
        except Refused as refusal:
            raise CommandError(f"{refusal.message} ({refusal.rule}); nothing was loaded.") from None
        finally:
            progress.end()
        for noun, number in tallies.items():
            self.stdout.write(f"  {noun:<16}{number:>8}")
