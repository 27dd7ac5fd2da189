"""Histories made at random: verdicts, corrections, retractions and all else of which a headline is made.

And what each recommendation had come to at a moment, worked out row by row in Python from what METHODOLOGY.md says: the
tests of the past hold the database's function and everything built on it against this.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings

from recommendations.actions import assessments, closures, deadlines, responses, seeds
from recommendations.exchange.seeds import read_seeds
from recommendations.models import (
    Assessment,
    Closure,
    Deadline,
    EvidenceLink,
    Recommendation,
    Response,
)
from recommendations.rules import assessments as rules
from recommendations.rules.closures import is_open
from recommendations.rules.moments import Moment, was_done
from tests import factories
from tests.factories import NOW

STATUSES = ("in_progress", "implemented", "no_action", "reversed")
DAYS = [date(2011, 6, 1) + timedelta(days=200 * each) for each in range(8)]
MOMENTS = [datetime(2016, 1, 1, tzinfo=UTC) + timedelta(days=150 * each) for each in range(8)]


def made_at_random() -> None:
    """Thirty recommendations of four sources."""
    dice = random.Random(20260101)
    reviewer, editor, body = factories.user("reviewer"), factories.user("editor"), factories.institution()
    sources = [factories.source(published_on=date(2010 + each, 1, 1)) for each in range(4)]
    themes = [factories.theme() for _each in range(3)]
    for number in range(30):
        row = factories.recommendation(source=dice.choice(sources))
        row.themes.set(dice.sample(themes, dice.randint(0, 2)))
        made: list[Any] = []
        for now in sorted(dice.sample(MOMENTS, dice.randint(0, 4))):
            corrected = dice.choice(made) if made and dice.random() < 0.4 else None
            others = {"verdict_by": "addressee", "verdict_institution": body}
            whose = others if corrected is None and dice.random() < 0.3 else {}
            verdict = factories.published(
                row,
                status=dice.choice(STATUSES),
                effective_on=max(dice.choice(DAYS), row.source.published_on),
                now=now,
                supersedes=corrected,
                **whose,
            )
            if dice.random() < 0.2:
                assessments.retract(verdict, by=reviewer, now=now + timedelta(days=200), note="Misread.")
            elif not whose:
                made = [each for each in made if each != corrected] + [verdict]
        if number % 3 == 0:
            on = max(dice.choice(DAYS), row.source.published_on)
            responses.record(
                row, institution=body, kind="accepted", stated_on=on, by=editor, now=dice.choice(MOMENTS)
            )
        if number % 4 == 0:
            now = dice.choice(MOMENTS)
            deadlines.move(row, due_on=date(2017, 1, 1), reason="agreed", by=editor, now=now)
        if number % 5 == 0:
            now = dice.choice(MOMENTS)
            again = now.date() + timedelta(days=1500)
            closures.close(row, reason="superseded", note="Overtaken.", review_on=again, by=reviewer, now=now)
        if number % 10 == 0:
            closures.reopen(row, note="Not yet.", by=reviewer, now=now + timedelta(days=300))


def of_the_seeds() -> None:
    files = read_seeds(settings.BASE_DIR / "seeds", today=NOW.date())
    seeds.load(files, by=seeds.curator(now=NOW), now=NOW, progress=lambda *_told: None)


@dataclass
class Histories:
    """All rows behind the headlines of all recommendations, read once; `then` works out one moment."""

    rows: list[Recommendation]
    verdicts: dict[int, list[Assessment]]
    answers: dict[int, list[Response]]
    dates: dict[int, list[Deadline]]
    closed: dict[int, list[Closure]]
    links: dict[int, list[EvidenceLink]]

    @classmethod
    def read(cls) -> "Histories":
        def of(model: Any, *joined: str) -> dict[int, list[Any]]:
            found = defaultdict(list)
            for each in model.objects.select_related(*joined):
                found[each.recommendation_id].append(each)
            return found

        return cls(
            list(Recommendation.objects.select_related("source", "parent").order_by("code")),
            of(Assessment),
            of(Response),
            of(Deadline),
            of(Closure),
            of(EvidenceLink, "evidence"),
        )

    def then(self, at: Moment) -> dict[str, dict[str, Any]]:
        """What every list says of each recommendation's state at that moment, by code."""
        there = [row for row in self.rows if row.source.published_on <= at.as_of]
        return {row.code: self._state(row, at) for row in there}

    def standing(self, pk: int, at: Moment) -> list[Assessment]:
        """The verdicts that counted, in the order of the world."""
        held = [
            each
            for each in self.verdicts[pk]
            if rules.was_held(each.published_at, each.retracted_at, at.known_at)
        ]
        corrected = {each.supersedes_id for each in held}
        counted = [each for each in held if each.pk not in corrected and each.effective_on <= at.as_of]
        return sorted(counted, key=lambda each: (each.effective_on, each.published_at, each.pk))

    def _state(self, row: Recommendation, at: Moment) -> dict[str, Any]:
        office = [each for each in self.standing(row.pk, at) if each.verdict_by == "office"]
        headline = office[-1] if office else None
        status = headline.status if headline else "not_assessed"
        due = self._latest(self.dates[row.pk], lambda each: each.recorded_at, at)
        closure = self._closure(row.pk, at)
        is_still_open = closure is None or is_open(closure.reason, closure.review_on, at.as_of)
        due_on = due.due_on if due else None
        verified = headline.published_at if headline else None
        return {
            "status": status,
            "status_since": _since(office),
            "confidence": (headline.confidence or None) if headline else None,
            "response": self._response(row.pk, at),
            "closure": {
                "state": "open" if is_still_open else "closed",
                "reason": None if is_still_open or closure is None else closure.reason,
                "review_on": None if is_still_open or closure is None else _iso(closure.review_on),
            },
            "contested": headline is not None and self._contested(row.pk, status, at),
            "overdue": rules.is_overdue(due_on, is_still_open, at.as_of),
            "stale": rules.is_stale(status, verified, at.known_at),
            "due_on": _iso(due_on),
            "last_verified_at": verified,
            "parts_count": sum(each.parent_id == row.pk for each in self.rows),
            "evidence_count": len(self.evidence(row, at)),
        }

    def evidence(self, row: Recommendation, at: Moment) -> set[int]:
        """What bore on it or on its parts, and was filed and linked by then."""
        family = [each.pk for each in self.rows if row.pk in (each.pk, each.parent_id)]
        return {
            link.evidence_id
            for pk in family
            for link in self.links[pk]
            if link.evidence.occurred_on <= at.as_of
            and max(link.recorded_at, link.evidence.recorded_at) <= at.known_at
        }

    def _response(self, pk: int, at: Moment) -> str:
        said = [
            each
            for each in self.answers[pk]
            if each.stated_on <= at.as_of and each.recorded_at <= at.known_at
        ]
        said.sort(key=lambda each: (each.stated_on, each.recorded_at, each.pk))
        return said[-1].kind if said else "none"

    def _contested(self, pk: int, status: str, at: Moment) -> bool:
        others = [each for each in self.standing(pk, at) if each.verdict_by != "office"]
        latest = {(each.verdict_by, each.verdict_institution_id): each.status for each in others}
        return any(each != status for each in latest.values())

    def _closure(self, pk: int, at: Moment) -> Closure | None:
        in_force = [
            each for each in self.closed[pk] if each.reopened_at is None or not was_done(each.reopened_at, at)
        ]
        return self._latest(in_force, lambda each: each.closed_at, at)

    def _latest(self, rows: list[Any], moment: Any, at: Moment) -> Any:
        done = [each for each in rows if was_done(moment(each), at)]
        return max(done, key=lambda each: (moment(each), each.pk), default=None)


def _since(office: list[Assessment]) -> str | None:
    """The first day of the unbroken run that ends with the headline."""
    run = None
    for each in reversed(office):
        if each.status != office[-1].status:
            break
        run = each.effective_on
    return _iso(run)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
