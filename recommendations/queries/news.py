"""What changed, the newest first, for people: the public events of the change feed with what they are about by name.

The feed (changes.py) is for programs, which must miss nothing; here somebody looks at the last pages. An event is told
as the feed tells it: what is not public now stands as gone, without its name and its values.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import BooleanField, CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce

from recommendations.models import EvidenceLink, Institution, Recommendation, Source
from recommendations.queries import changes, narrowing
from recommendations.queries.changes import Change, Cursor
from recommendations.queries.narrowing import Group
from recommendations.queries.record_shapes import MODELS
from recommendations.queries.records import Key
from recommendations.vocabulary import Grouping


@dataclass(frozen=True)
class About:
    """What a change is about, if anyone may see it: `title` is its name, `on` the code of whose page it stands on."""

    noun: str
    code: str
    title: str
    on: str


@dataclass(frozen=True)
class News:
    """One change; `about` is None when it is public no longer."""

    change: Change
    about: About | None


@dataclass(frozen=True)
class Page:
    """Changes, the newest first; `before` is where the next page begins, None at the end."""

    news: list[News]
    before: Cursor | None


@dataclass(frozen=True)
class Of:
    """What the news are of: everything, or a source, institution or recommendation with what belongs to it.

    `rows` are the recommendations; `few`, whether to look for the changes of each costs less than to look through the
    newest changes for them. `own` is the thing itself.
    """

    rows: QuerySet[Recommendation] | None = None
    few: bool = True
    own: Key | None = None


EVERYTHING = Of()


def of_source(source: Source) -> Of:
    return _of_group(Group(Grouping.SOURCE, source.pk), ("source", source.code))


def of_institution(institution: Institution) -> Of:
    """What is asked of it, and itself."""
    return _of_group(narrowing.addressed_to(institution), ("institution", institution.code))


def _of_group(group: Group, own: Key) -> Of:
    few = narrowing.is_rare(group)
    return Of(narrowing.within(Recommendation.objects.published(), group, rare=few), few, own)


def of_recommendation(row: Recommendation) -> Of:
    """Of it and of its parts."""
    seen = Recommendation.objects.published()
    return Of(seen.filter(pk=row.pk) | seen.filter(parent=row))


def newest(of: Of, limit: int, before: Cursor | None = None) -> Page:
    """The last `limit` changes, or those before a place: two statements."""
    found = _changes(of, limit + 1, before)
    told = found[:limit]
    names = _about({change.key for change in told})
    news = [News(_told(change, change.key in names), names.get(change.key)) for change in told]
    return Page(news, told[-1].cursor if len(found) > limit else None)


def _changes(of: Of, limit: int, before: Cursor | None) -> list[Change]:
    narrowed, values = "", []
    if before is not None:
        narrowed += " AND (e.transaction, e.id) < (%s, %s)"
        values += [before.transaction, before.event]
    if of.rows is not None:
        theirs, given = _theirs(of.rows, of.few)
        own = " OR (e.object_type, e.object_id) = (%s, %s)" if of.own else ""
        narrowed += f" AND ({theirs}{own})"
        values += [*given, *(of.own or ())]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{changes.TOLD} WHERE e.public AND e.object_type = ANY(%s){narrowed}"
            " ORDER BY e.transaction DESC, e.id DESC LIMIT %s",
            [list(changes.OBJECT_TYPES), *values, limit],
        )
        return [changes.change(*row) for row in cursor.fetchall()]


def _theirs(rows: QuerySet[Recommendation], few: bool) -> tuple[str, tuple[Any, ...]]:
    """Whether an event `e` is of one of these recommendations. OFFSET 0 keeps the planner from joining all of them."""
    if few:
        text, values = rows.order_by().values("code").query.sql_with_params()
        return f"e.recommendation_code = ANY (ARRAY({text}))", values
    this = RawSQL(
        "recommendations_recommendation.code = e.recommendation_code", [], output_field=BooleanField()
    )
    text, values = rows.filter(this).order_by().values("pk").query.sql_with_params()
    return f"EXISTS ({text} OFFSET 0)", values


def _told(change: Change, seen: bool) -> Change:
    return changes.told(change) if seen else replace(change, before=None, after=None)


_BEARS_ON = (
    EvidenceLink.objects.published()
    .filter(evidence=OuterRef("pk"))
    .order_by("pk")
    .values("recommendation__code")[:1]
)
_NAMES: dict[str, tuple[Any, Any]] = {
    "institution": (F("name"), Value("")),
    "theme": (F("name"), Value("")),
    "source": (F("title"), F("code")),
    "recommendation": (F("title"), F("source__code")),
    "evidence": (F("title"), Coalesce(Subquery(_BEARS_ON), Value(""))),
    "indicator": (F("name"), Value("")),
    "figure": (F("measure"), F("source__code")),
}


def _about(keys: Collection[Key]) -> dict[Key, About]:
    """The names of those that anyone may see: one statement for all nouns."""
    parts = []
    for noun, (title, on) in _NAMES.items():
        codes = [code for each, code in keys if each == noun]
        rows = MODELS[noun].objects.published().filter(code__in=codes or [""]).order_by()
        columns = {"noun_": Value(noun), "code_": F("code"), "title_": title, "on_": on}
        texts = {name: Cast(value, CharField()) for name, value in columns.items()}
        parts.append(rows.annotate(**texts).values_list(*columns))
    first, *others = parts
    return {(about[0], about[1]): About(*about) for about in first.union(*others, all=True)}
