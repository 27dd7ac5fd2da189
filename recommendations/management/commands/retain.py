"""`manage.py retain`: what has grown old and may go; with --apply, let it go."""

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from recommendations.actions import retention
from recommendations.actions.refusals import Refused
from recommendations.models import User
from recommendations.models.retentions import LEAST_DAYS
from recommendations.queries.retention import Amount, old
from recommendations.vocabulary import Kept

MOST_DAYS = 36_500
"""A century: more days than that no calendar here goes back."""

WHAT = {
    Kept.TEXTS: "texts of snapshots that no finding, verdict or check rests on; their hashes stay",
    Kept.RAW: "raw copies",
    Kept.RUNS: "looks that brought nothing, counted by check, month and outcome before they go",
}


class Command(BaseCommand):
    help = (
        "Show what is older than so many days and may go: rows and bytes. Nothing is dropped without --apply. "
        "What a finding, a verdict or a check rests on always stays, and so does the last look of each check."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for what, meaning in WHAT.items():
            parser.add_argument(f"--{what}", type=_days, metavar="DAYS", help=meaning)
        parser.add_argument("--apply", action="store_true", help="drop it; needs --by")
        parser.add_argument("--by", metavar="NAME", help="the administrator who lets it go")

    def handle(self, *args: Any, apply: bool, by: str | None, **options: Any) -> None:
        now = timezone.now()
        asked = {what: now - timedelta(days=options[what]) for what in WHAT if options[what] is not None}
        if not asked:
            raise CommandError(
                f"Say what, and after how many days: {', '.join(f'--{what} DAYS' for what in WHAT)}."
            )
        person = _person(by) if apply else None
        for what, before in asked.items():
            if person is None:
                amount = old(what, before)
            else:
                amount = _dropped(what, before, person, now)
            self.stdout.write(f"{Kept(what).label!s:<20}{amount.rows:>14,} rows{_size(amount.bytes):>12}")
        self.stdout.write(
            "Dropped." if apply else "Nothing was dropped: this was a dry run. Add --apply --by NAME."
        )


def _dropped(what: str, before: Any, person: User, now: Any) -> Amount:
    try:
        acts = list(retention.drop(what, before=before, by=person, now=now))
    except Refused as refusal:
        raise CommandError(refusal.message) from refusal
    return Amount(sum(act.rows for act in acts), sum(act.bytes for act in acts))


def _person(name: str | None) -> User:
    if not name:
        raise CommandError("Say with --by who lets it go: the record names them.")
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active account {name!r}.")
    return person


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and LEAST_DAYS <= int(text) <= MOST_DAYS):
        raise ArgumentTypeError(f"give a whole number of days from {LEAST_DAYS} to {MOST_DAYS}, not {text!r}")
    return int(text)


def _size(size: int) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1_000:
            return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1_000  # type: ignore[assignment]
    return f"{size:,.1f} GB"
