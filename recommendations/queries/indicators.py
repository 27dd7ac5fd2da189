"""Indicators with their values, today or at a moment of the past."""

from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from recommendations.models import Indicator, Observation, Recommendation
from recommendations.queries.visibility import visible
from recommendations.rules.moments import Moment


def listed(user: Any, at: Moment | None = None) -> QuerySet[Indicator]:
    """Visible indicators with observations and visible recommendations: three statements.

    At a moment of the past: only values that we had recorded then, of periods that had begun.
    """
    values = _known(Observation.objects.all(), at)
    measured = visible(Recommendation.objects.all(), user).select_related("source")
    return visible(Indicator.objects.all(), user).prefetch_related(
        Prefetch("observations", values), Prefetch("recommendations", measured)
    )


def of_recommendations(ids: Collection[int], user: Any, at: Moment | None = None) -> QuerySet[Indicator]:
    """The indicators that measure any of these recommendations, each once."""
    through = Indicator.recommendations.through._default_manager.filter(recommendation__in=ids)
    return listed(user, at).filter(pk__in=through.values("indicator"))


def observations(indicator: Indicator, at: Moment | None = None) -> QuerySet[Observation]:
    """Values of one indicator, as `listed` limits them: one statement."""
    return _known(Observation.objects.filter(indicator=indicator), at)


def _known(values: QuerySet[Observation], at: Moment | None) -> QuerySet[Observation]:
    if at is None:
        return values
    return values.filter(
        Q(period_from__isnull=True) | Q(period_from__lte=at.as_of), recorded_at__lte=at.known_at
    )
