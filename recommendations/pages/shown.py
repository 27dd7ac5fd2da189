"""What every list of recommendations shows of one row: the row, what it has come to, and its parts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from recommendations.models import Addressee, Recommendation
from recommendations.queries import overview, tallies
from recommendations.queries.narrowing import Group, within
from recommendations.queries.recommendations import Headline, headlines, listed
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
    each = list(found)
    heads = headlines(each, at, now=now)
    return [Shown(row, heads[row.pk]) for row in each]


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
    everything = list(found)
    wholes = nested(everything)
    kept = {each.row.pk for each in wholes}
    return wholes, [each for each in everything if each.row.parent_id not in (None, *kept)]


MOST, FIRST = 200, 100
"""Up to MOST recommendations and parts stand on one page; of more the FIRST wholes, and the list has all."""


def of_group(group: Group, *, now: datetime) -> dict[str, Any]:
    """What the page of a theme or an institution tells of it today: counts of all, and as much as stands on a page."""
    family = tallies.families(None, group.dimension, [group.key])[group.key]
    found = within(listed(None), group)
    complete = family.total <= MOST
    wholes, parts = apart(rows((found if complete else first_of(found)).order_by("code"), None, now=now))
    return {
        "wholes": wholes,
        "parts": parts,
        "counts": family.wholes,
        "shares": charts.shares(family.wholes.by_status),
        "total": family.total,
        "complete": complete,
    }


def first_of(found: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """Of a group that is too large for one page: its first wholes, by code, with what of the group is part of these.

    One statement, to learn which.
    """
    wholes = found.filter(parent__isnull=True).order_by("code").values_list("pk", flat=True)[:FIRST]
    ids = list(wholes)
    return found.filter(Q(pk__in=ids) | Q(parent__in=ids))


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
