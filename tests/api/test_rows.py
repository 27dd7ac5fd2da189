"""Plain rows say what the serializer says, of every kind of row, today and on a day of the past."""

import json
from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory
from django.utils import timezone

from recommendations.actions import closures, deadlines, responses
from recommendations.api.fields import context
from recommendations.api.recommendations import RecommendationRow, show
from recommendations.api.resources import Compact
from recommendations.queries.recommendations import listed
from recommendations.rules.moments import Moment
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_kinds():
    """A whole with parts, evidence on both, a merged addressee and two themes; closed, due, answered, internal ones."""
    manager = factories.user("manager")
    heir = factories.institution(name="Ministry “É”")
    whole = factories.recommendation(
        code="R-1",
        source=factories.source(code="S1", date_precision="year"),
        title='Say "no" & <so> on \\ É',
        addressees=[factories.institution(merged_into=heir), heir],
        themes=[factories.theme(name="b"), factories.theme(name="a")],
    )
    part = factories.recommendation(code="R-1a", parent=whole)
    shared = factories.evidence(bears_on=whole)
    factories.EvidenceLink.objects.create(evidence=shared, recommendation=part, stance="supports")
    factories.evidence(bears_on=part, visibility="internal")
    factories.published(whole, status="implemented", effective_on=date(2013, 1, 1))
    factories.published(part, status="stalled", effective_on=date(2020, 1, 1))
    answered = factories.recommendation(
        code="R-2", source=whole.source, priority=True, themes=[], addressees=[heir]
    )
    responses.record(
        answered,
        institution=heir,
        kind="accepted",
        stated_on=date(2012, 1, 1),
        summary="Yes.",
        by=manager,
        now=NOW,
    )
    deadlines.move(answered, due_on=date(2015, 1, 1), reason="As asked.", by=manager, now=NOW)
    shut = factories.recommendation(code="R-3", addressees=[])
    closures.close(
        shut, reason="superseded", note="By another.", review_on=date(2030, 1, 1), by=manager, now=NOW
    )
    factories.recommendation(code="R-4", visibility="internal")


@pytest.mark.parametrize("who", ["stranger", "editor"])
@pytest.mark.parametrize("asked", ["", "as_of=2016-06-30", "as_of=2016-06-30&known_at=2020-01-01"])
@pytest.mark.usefixtures("all_kinds")
def test_rows_are_what_the_serializer_makes(request, who, asked):
    caller = request.getfixturevalue(who)
    found = caller.read(f"recommendations/?level=all&ordering=code&{asked}")["results"]
    now = timezone.now()
    known_at = datetime(2020, 1, 1, 23, 59, 59, 999999, UTC) if "known_at" in asked else now
    at = Moment(date(2016, 6, 30), known_at) if asked else None
    rows = list(listed(caller.user, at).order_by("code"))
    of_request = context(RequestFactory(SERVER_NAME="testserver").get("/"), internal=caller.user is not None)
    expected = RecommendationRow(show(rows, at, now), many=True, context=of_request).data
    assert len(found) == (4 if caller.user is None else 5)
    assert found == json.loads(Compact().render(expected))
