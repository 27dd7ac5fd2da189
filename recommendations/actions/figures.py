"""Numbers that a source states, and later ones of the same measure."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from recommendations.actions import changes, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Evidence, Figure, Source, User
from recommendations.queries.limits import EVERYTHING, On
from recommendations.vocabulary import FigureKind


def create(*, by: User, now: datetime, **fields: Any) -> Figure:
    """Add a number; `fields` are the columns of Figure. Raises Refused with the rule `figure_stated_has_source`."""
    figure = Figure(**fields)
    require(by, "source.write", _about(figure.source, figure.evidence))
    _has_its_source(figure)
    with one_transaction(), changes.followed(by=by, now=now) as around:
        records.create(figure, by=by, now=now, public=True)
        around.add("figure", figure.pk)
    return figure


def change(figure: Figure, *, by: User, now: datetime, **fields: Any) -> Figure:
    """Correct columns. What it is about may change only to something that is within the person's limits too."""
    require(by, "source.write", _about(figure.source, figure.evidence))
    source, evidence = (
        fields.get("source", figure.source),
        fields.get("evidence", figure.evidence),
    )
    require(by, "source.write", _about(source, evidence))
    with one_transaction(), changes.followed(by=by, now=now, figure=[figure.pk]):
        figure = Figure.objects.select_for_update(of=("self",)).get(pk=figure.pk)
        records.change(figure, fields, by=by, now=now, public=True)
        _has_its_source(figure)
    return figure


def _about(source: Source | None, evidence: Evidence | None) -> On:
    """What a figure is of: its source, else the evidence it was seen in. One of neither concerns everything."""
    named: Collection[Source | Evidence] = [row for row in (source, evidence) if row is not None][:1]
    return named or EVERYTHING


def _has_its_source(figure: Figure) -> None:
    if figure.kind == FigureKind.STATED and figure.source is None:
        raise Refused("figure_stated_has_source", _("Say which source states this number."), "source")
