"""Whether something lies within what a person's role is limited to: some sources, some themes.

Who is limited to nothing may act on everything that their role allows. Reading is not limited.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Recommendation, Source, Theme, User


class _Everything:
    """What concerns no single recommendation: the lists, and rows that are not made yet."""


EVERYTHING: Final = _Everything()

On = Model | Iterable[Model] | _Everything | bool
"""What an action is about: a row, several of which each must be within, or everything; or whether it is within, where
that was worked out already."""

_OWN = "SELECT recommendation_id AS id FROM recommendations_{noun} WHERE id = %(id)s"
_OF_EVIDENCE = "SELECT recommendation_id FROM recommendations_evidencelink WHERE evidence_id = {evidence}"
_OF_INDICATOR = """
SELECT recommendation_id FROM recommendations_indicator_recommendations WHERE indicator_id = {indicator}"""
_WATCHED = """
SELECT recommendation_id AS id FROM recommendations_{noun} WHERE id = %(id)s AND recommendation_id IS NOT NULL
 UNION ALL
SELECT l.recommendation_id FROM recommendations_{noun} w
  JOIN recommendations_evidence watched ON watched.id = w.evidence_id
  JOIN recommendations_evidence same ON same.document_id = watched.document_id
  JOIN recommendations_evidencelink l ON l.evidence_id = same.id
 WHERE w.id = %(id)s
 UNION ALL
SELECT m.recommendation_id FROM recommendations_{noun} w
  JOIN recommendations_indicator_recommendations m ON m.indicator_id = w.indicator_id
 WHERE w.id = %(id)s"""

_CONCERNS = {
    "recommendation": "SELECT %(id)s::bigint AS id",
    **{
        noun: _OWN.format(noun=noun)
        for noun in ("assessment", "response", "deadline", "closure", "relation", "evidencelink")
    },
    "evidence": _OF_EVIDENCE.format(evidence="%(id)s"),
    "indicator": _OF_INDICATOR.format(indicator="%(id)s"),
    "observation": _OF_INDICATOR.format(
        indicator="(SELECT indicator_id FROM recommendations_observation WHERE id = %(id)s)"
    ),
    "document": """
SELECT l.recommendation_id AS id FROM recommendations_evidencelink l
  JOIN recommendations_evidence e ON e.id = l.evidence_id WHERE e.document_id = %(id)s""",
    "figure": """
SELECT r.id FROM recommendations_recommendation r JOIN recommendations_figure f ON f.source_id = r.source_id
 WHERE f.id = %(id)s
 UNION ALL
SELECT l.recommendation_id FROM recommendations_evidencelink l
  JOIN recommendations_figure f ON f.evidence_id = l.evidence_id
 WHERE f.id = %(id)s AND f.source_id IS NULL""",
    "finding": _WATCHED.format(noun="finding"),
    "statuscheck": _WATCHED.format(noun="statuscheck"),
}
"""For each noun the recommendations that a row of it concerns; one of them within is enough, unless an action asks for
all of them (`concerned`)."""

WITHIN = """
EXISTS (SELECT FROM recommendations_recommendation r
         WHERE r.id IN ({concerned})
           AND (r.source_id = ANY(%(sources)s)
                OR EXISTS (SELECT FROM recommendations_recommendation_themes rt
                             JOIN recommendations_theme t ON t.id = rt.theme_id
                            WHERE rt.recommendation_id IN (r.id, r.parent_id)
                              AND (t.id = ANY(%(themes)s) OR t.parent_id = ANY(%(themes)s)))))
"""
"""Whether one of the recommendations `concerned` is of the sources, or under the themes, of a limit."""


def covers(person: User, on: On) -> bool:
    """Whether `on` is within the person's limits; no statement for who has none, one for each noun else."""
    if not person.limited:
        return True
    if isinstance(on, _Everything):
        return False
    if isinstance(on, bool):
        return on
    rows = [on] if isinstance(on, Model) else list(on)
    nouns: dict[str, list[int]] = {}
    for row in rows:
        nouns.setdefault(row._meta.model_name or "", []).append(row.pk)
    return bool(rows) and all(_covers(person, noun, ids) for noun, ids in nouns.items())


def _covers(person: User, noun: str, ids: list[int]) -> bool:
    """Whether each row of a noun is within; of none at all, or of another noun, none is."""
    if noun == "source":
        return set(ids) <= set(person.source_limits)
    if noun not in _CONCERNS:
        return False
    within = WITHIN.format(concerned=_CONCERNS[noun].replace("%(id)s", "asked.id"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT bool_and({within}) FROM unnest(%(ids)s::bigint[]) asked(id)",  # noqa: S608 - our own words
            {"ids": ids, **arguments(person)},
        )
        (all_within,) = cursor.fetchone() or (False,)
    return bool(all_within)


def concerned(row: Model) -> QuerySet[Recommendation]:
    """All recommendations that a row concerns: for an action that takes each of them to be within."""
    asked = _CONCERNS[row._meta.model_name or ""]
    ids = RawSQL(  # noqa: S611 - our own words
        f"SELECT id FROM ({asked.replace('%(id)s', '%s')}) concerned(id)",  # noqa: S608 - as above
        [row.pk] * asked.count("%(id)s"),
    )
    return Recommendation.objects.filter(pk__in=ids)


def arguments(person: User) -> dict[str, Any]:
    """What WITHIN asks for."""
    return {"sources": person.source_limits, "themes": person.theme_limits}


def fits(person: User, source: Source, themes: Iterable[Model], parent: Recommendation | None) -> bool:
    """Whether a recommendation that is not made yet would be within: by its source, its themes, or its whole."""
    if not person.limited or source.pk in person.source_limits:
        return True
    if parent is not None and covers(person, parent):
        return True
    limits = set(person.theme_limits)
    return any(theme.pk in limits or getattr(theme, "parent_id", None) in limits for theme in themes)


def told(person: User) -> dict[str, list[str]]:
    """The codes of the sources and themes that a person is limited to; no statement where there are none."""
    nouns = {"sources": (Source, person.source_limits), "themes": (Theme, person.theme_limits)}
    return {
        name: sorted(model._default_manager.filter(pk__in=ids).values_list("code", flat=True)) if ids else []
        for name, (model, ids) in nouns.items()
    }
