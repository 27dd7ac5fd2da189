"""`manage.py export`: everything public, as records, in a file that `manage.py load` reads."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommendations.queries import records
from recommendations.queries.reading import Reading


class Command(BaseCommand):
    help = "Write the public records of all nouns, one a line: what exports/tracker.ndjson serves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", help="where to write to; standard output if left out"
        )

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        reading = Reading()
        try:
            if file is None:
                for piece in records.lines(reading.lines):
                    sys.stdout.buffer.write(piece)
                return
            with file.open("wb") as out:
                for piece in records.lines(reading.lines):
                    out.write(piece)
        except OSError as error:
            raise CommandError(f"{file or 'standard output'}: {error.strerror}") from None
        finally:
            reading.close()
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes")
