# noqa: N999 - the command is what a person types: manage.py import
"""`manage.py import FILE --format FORMAT --by USER`: what would become of each row; with --apply, do it."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations.actions import imports
from recommendations.actions.refusals import Refused
from recommendations.management.progress import Phases, behind
from recommendations.models import Import, Source, User
from recommendations.rules import imports as rules
from recommendations.vocabulary import ImportFormat, ImportPhase, RowOutcome

SHOWN = 50


class Command(BaseCommand):
    help = "Bring in a file: a dry run, and with --apply all of it or nothing. The same bytes again change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=ImportFormat.values)
        parser.add_argument("--by", required=True, help="user name of the person who brings it")
        parser.add_argument("--source", help="code of the source, for formats whose rows name none")
        parser.add_argument("--as-of", type=_day, metavar="DAY", help="the day whose state the file tells")
        parser.add_argument(
            "--apply", action="store_true", help="do what the dry run says, if no row is refused"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"There is no person with the user name “{options['by']}”.")
        self.progress = Phases(behind(self.stderr))
        try:
            batch = self._examine(options, by)
            self.progress.end()
            self._tell(batch)
            if options["apply"]:
                batch = imports.apply(batch, by=by, now=timezone.now(), tell=self._come)
                self.progress.end()
                self.stdout.write(f"Import {batch.pk}: {batch.get_state_display()}.")
        except Refused as refusal:
            raise CommandError(f"{refusal.message} ({refusal.rule}); nothing was imported.") from None
        finally:
            self.progress.end()

    def _come(self, phase: str, done: int, total: int) -> None:
        self.progress.step(str(ImportPhase(phase).label), done, total)

    def _examine(self, options: dict[str, Any], by: User) -> Import:
        path: Path = options["file"]
        source = None
        if options["source"]:
            source = Source.objects.filter(code=options["source"]).first()
            if source is None:
                raise CommandError(f"There is no source “{options['source']}”.")
        try:
            file = path.open("rb")
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        with file:
            return imports.examine(
                file,
                format=options["format"],
                filename=path.name,
                source=source,
                as_of=options["as_of"],
                by=by,
                now=timezone.now(),
                tell=self._come,
            )

    def _tell(self, batch: Import) -> None:
        for row in batch.rows.filter(outcome=RowOutcome.REFUSED)[:SHOWN]:
            for problem in row.problems:
                self.stderr.write(
                    f"row {row.line}, {problem['column']} “{problem['value']}”: {rules.of_row(problem['rule'])}"
                )
        for row in batch.rows.filter(outcome=RowOutcome.CHANGED)[:SHOWN]:
            self.stdout.write(f"row {row.line}, {row.code}: {', '.join(row.changes)}")
        self.stdout.write(
            f"Dry run {batch.pk}: {batch.rows_new} new, {batch.rows_changed} changed,"
            f" {batch.rows_unchanged} unchanged, {batch.rows_refused} refused, {batch.rows_vanished} vanished"
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"give a day such as 2026-11-26, not {text!r}") from None
