"""Lists narrowed to a source, a theme or an addressee, with what the tallies know of how many there are.

Where much falls under a theme, walking the list in order finds a page soon; where little does, walking would look at
everything. The database guesses which it is; the tallies know.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Institution, Recommendation
from recommendations.queries.visibility import sees_internal
from recommendations.vocabulary import Grouping

_COLUMNS = {Grouping.THEME: "theme_ids", Grouping.ADDRESSEE: "addressee_ids"}


@dataclass(frozen=True)
class Group:
    """One source, theme or addressee by its number; an addressee by that of its heir."""

    dimension: str
    key: int


ALL = Group(Grouping.ALL, 0)


def addressed_to(institution: Institution) -> Group:
    """What is asked of it, under whichever name it was merged: a merged body and its heir are one."""
    return Group(Grouping.ADDRESSEE, institution.merged_into_id or institution.pk)


def groups_of(asked: Mapping[str, Any]) -> list[Group]:
    """The `source`, `theme` and `addressee` (rows of theirs) among what was asked."""
    found = [Group(Grouping(name), asked[name].pk) for name in ("source", "theme") if name in asked]
    return [*found, addressed_to(asked["addressee"])] if "addressee" in asked else found


def count(user: Any, group: Group, *, statuses: Collection[str] = (), level: str = "all") -> int:
    """How many of a group this user may see, at any of some statuses (none: all): one statement, from the tallies."""
    told = "SELECT coalesce(sum(number), 0) FROM recommendations_tally WHERE dimension = %s AND key = %s"
    values: list[Any] = [group.dimension, group.key]
    if not sees_internal(user):
        told += " AND public"
    if level != "all":
        told += " AND part" if level == "part" else " AND NOT part"
    if statuses:
        told += " AND status = ANY(%s)"
        values.append(list(statuses))
    with connection.cursor() as cursor:
        cursor.execute(told, values)
        return int(cursor.fetchone()[0])


def within(
    rows: QuerySet[Recommendation], group: Group, *, rare: bool | None = None, walked: bool = False
) -> QuerySet[Recommendation]:
    """Those of `rows` that are of this group. One statement to learn whether it is rare, for themes and addressees.

    `walked`: what is not rare is found by walking the list and in no other way. Where each row of the group has to be
    asked something long the planner would rather fetch all of it, for it counts that question for every row walked.
    """
    if group.dimension == Grouping.SOURCE:
        return rows.filter(source=group.key)
    column = _COLUMNS[Grouping(group.dimension)]
    if not (is_rare(group) if rare is None else rare):
        if not walked:
            return rows.filter(**{f"{column}__contains": [group.key]})
        theirs = f"(recommendations_recommendation.{column} @> ARRAY[%s]::integer[]) IS TRUE"
        return rows.filter(RawSQL(theirs, [group.key], output_field=BooleanField()))  # noqa: S611 - as below
    # An array that is made first: its few rows are then found by their keys, and sorted.
    few = (
        f"recommendations_recommendation.id = ANY (ARRAY(SELECT few.id FROM recommendations_recommendation few"  # noqa: S608 - the column is ours
        f" WHERE few.{column} @> ARRAY[%s]::integer[]))"
    )
    return rows.filter(RawSQL(few, [group.key], output_field=BooleanField()))  # noqa: S611 - the text is this module's


def is_rare(group: Group) -> bool:
    """Whether to fetch all of a group costs less than to walk the list until a page of it is found: one statement.

    A row fetched costs some 25 entries walked; a page of a hundred is found after 100 * everything / group entries.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(number) FILTER (WHERE dimension = 'all'), 0),"
            " coalesce(sum(number) FILTER (WHERE dimension <> 'all'), 0) FROM recommendations_tally"
            " WHERE (dimension, key) IN (('all', 0), (%s, %s))",
            [group.dimension, group.key],
        )
        everything, number = cursor.fetchone()
    return int(number) <= isqrt(4 * max(int(everything), 0))
