"""What every list of recommendations shows of one row: the row, what it has come to, and its parts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from recommendations.models import Addressee, Recommendation
from recommendations.queries import overview
from recommendations.queries.recommendations import Headline, headlines
from recommendations.rules import charts
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Status


@dataclass(frozen=True)
class Shown:
    row: Recommendation
    headline: Headline
    parts: list["Shown"] = field(default_factory=list)

    @property
    def part_shares(self) -> list[charts.Share]:
        return charts.shares(counted(self.parts).by_status)


def rows(found: Iterable[Recommendation], at: Moment | None, *, now: datetime) -> list[Shown]:
    """Each row with its headline, in the order given; at most one statement more than reading them."""
    listed = list(found)
    heads = headlines(listed, at, now=now)
    return [Shown(row, heads[row.pk]) for row in listed]


def nested(found: list[Shown]) -> list[Shown]:
    """Whole recommendations with their parts under them; a part whose whole is absent is left out."""
    wholes = [each for each in found if each.row.parent_id is None]
    by_id = {each.row.pk: each for each in wholes}
    for each in found:
        if each.row.parent_id in by_id:
            by_id[each.row.parent_id].parts.append(each)
    return wholes


def apart(found: Iterable[Shown]) -> tuple[list[Shown], list[Shown]]:
    """Whole recommendations, and parts of such whose whole is not among them."""
    listed = list(found)
    wholes = nested(listed)
    kept = {each.row.pk for each in wholes}
    return wholes, [each for each in listed if each.row.parent_id not in (None, *kept)]


def counted(found: Iterable[Shown]) -> overview.Counts:
    """How many stand at each status, every status among the keys."""
    by_status = dict.fromkeys(Status.values, 0)
    for each in found:
        by_status[each.headline.status] += 1
    return overview.Counts(by_status)


@dataclass(frozen=True)
class Asked:
    """Who is asked under one wording of the document; one wording may name several bodies."""

    wording: str
    bodies: list[Addressee]


def asked_of(row: Recommendation) -> list[Asked]:
    """The addressees of a row, those that share a wording together, in the order of the document."""
    found: dict[str, Asked] = {}
    for addressee in row.addressee_set.all():
        key = addressee.wording or addressee.institution.code
        found.setdefault(key, Asked(addressee.wording, [])).bodies.append(addressee)
    return list(found.values())
