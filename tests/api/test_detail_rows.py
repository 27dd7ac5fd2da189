"""One recommendation told from plain rows is what the serializers say of it: each of the seeds, and of every kind."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from recommendations.actions import assessments as actions
from recommendations.actions import closures, relations, seeds
from recommendations.actions.assessments import Cited
from recommendations.api.details import RecommendationDetailRow
from recommendations.api.fields import context
from recommendations.api.recommendations import show
from recommendations.api.resources import Compact
from recommendations.exchange.seeds import read_seeds
from recommendations.models import Recommendation
from recommendations.queries import assessments, evidence, indicators, ledgers, recommendations
from recommendations.queries.relations import related_to
from recommendations.queries.visibility import sees_internal
from recommendations.rules.moments import Moment
from tests import factories
from tests.api.conftest import holding
from tests.api.test_details import row as _row
from tests.factories import NOW

pytestmark = pytest.mark.django_db

row = _row


def serialized(code, user, at, now):
    """What the serializers make of the same rows, read noun by noun."""
    rows = recommendations.listed(user, at)
    found = rows.get(code=code)
    shown, *parts = show([found, *rows.filter(parent=found).order_by("code")], at, now)
    around = {
        "headline": assessments.listed(user, at).filter(pk__in=[shown.headline.assessment_id]).first(),
        "parts": parts,
        "responses": ledgers.responses(found, user, at),
        "evidence": evidence.links_of([found.pk, *(part.row.pk for part in parts)], user, at),
        "indicators": indicators.of_recommendations([found.pk], user, at),
        "deadlines": ledgers.deadlines(found, user, at),
        "relations": related_to(found, user, at),
        "closures": ledgers.closures(found, user, at),
    }
    request = RequestFactory(SERVER_NAME="testserver").get("/")
    of_request = context(request, internal=sees_internal(user)) | {"request": request, "at": at}
    whole = {"row": shown.row, "headline": shown.headline, "around": around}
    return Compact().render(RecommendationDetailRow(whole, context=of_request).data)


def in_order(text):
    """JSON as pairs, so that the order of the fields counts as well."""
    return json.loads(text, object_pairs_hook=list)


def differing(caller, asked="", at=None):
    """The codes of those that are told otherwise, of all that this caller may see; and how many were compared."""
    rows = recommendations.existing(caller.user, at)
    codes = list(rows.order_by("code").values_list("code", flat=True))
    told = {code: caller.get(f"recommendations/{code}/{asked}").content for code in codes}
    now = timezone.now()
    return [
        code for code in codes if in_order(told[code]) != in_order(serialized(code, caller.user, at, now))
    ], len(codes)


PAST = [
    ("", None),
    ("?as_of=2016-06-30", Moment(date(2016, 6, 30), NOW + timedelta(days=1))),
    (
        "?as_of=2021-06-30&known_at=2026-11-26",
        Moment(date(2021, 6, 30), datetime(2026, 11, 26, 23, 59, 59, 999999, UTC)),
    ),
]


@pytest.fixture
def tangled(row):
    """Around a recommendation with a row of each kind: what is hidden, corrected, retracted, doubted, open again."""
    manager, reviewer = factories.user("manager"), factories.user("reviewer")
    part, [seen] = row.parts.get(), row.evidence.all()
    factories.EvidenceLink.objects.create(
        evidence=seen, recommendation=part, stance="reverses", note="As well."
    )
    unseen = factories.evidence(bears_on=row, visibility="internal", document=seen.document)
    whispered = factories.evidence(bears_on=factories.recommendation(visibility="internal"))
    alone = factories.evidence(document=factories.document(publisher=factories.institution()))
    first = row.assessments.get()
    cites = [Cited(each, "supports", "p. 1") for each in (seen, unseen, whispered, alone)]
    second = factories.published(row, effective_on=date(2021, 1, 1), cites=cites, supersedes=first)
    third = factories.published(row, effective_on=date(2021, 1, 1), cites=cites, supersedes=second)
    actions.retract(third, note="Wrong.", by=reviewer, now=NOW + timedelta(hours=1))
    factories.proposed(row, supersedes=second)
    factories.finding(evidence=unseen, kind="evidence_changed")
    hidden = factories.recommendation(code="HIDDEN-1", visibility="internal")
    relations.add(row, other=hidden, kind="same_aim", note="Both.", by=manager, now=NOW)
    row.indicators.get().recommendations.add(hidden, part)
    closures.close(row, reason="superseded", note="Done.", review_on=date(2030, 1, 1), by=manager, now=NOW)
    return row


@pytest.mark.parametrize(("asked", "at"), PAST)
@pytest.mark.parametrize("role", ["", "editor", "reviewer"])
@pytest.mark.usefixtures("tangled")
def test_every_kind_of_row_is_told_as_the_serializers_tell_it(stranger, role, asked, at):
    caller = holding(factories.user(role)) if role else stranger
    wrong, compared = differing(caller, asked, at)
    assert (wrong, compared > 2) == ([], True)


@pytest.mark.parametrize(
    ("role", "asked"), [("", PAST[0]), ("viewer", PAST[0]), ("", PAST[1]), ("viewer", PAST[2])]
)
def test_all_of_the_seeds_are_told_as_the_serializers_tell_them(stranger, role, asked):
    files = read_seeds(settings.BASE_DIR / "seeds", today=NOW.date())
    seeds.load(files, by=seeds.curator(now=NOW), now=NOW, progress=lambda *_told: None)
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE"
        )  # as autovacuum does where rows stay: here hundreds of tests left only dead ones
    caller = holding(factories.user(role), "read") if role else stranger
    wrong, compared = differing(caller, *asked)
    assert wrong == []
    assert compared == Recommendation.objects.count() or asked != PAST[0]


def test_it_costs_the_same_with_nothing_around_it(stranger, tangled, django_assert_num_queries):
    alone = factories.recommendation(code="ALONE-1")
    stranger.get("recommendations/ALONE-1/")
    for code in (tangled.code, alone.code):
        with django_assert_num_queries(2):  # the revision, and all of it
            stranger.read(f"recommendations/{code}/")
        with django_assert_num_queries(2):
            stranger.read(f"recommendations/{code}/?as_of=2026-01-01")


def test_words_are_in_the_language_of_the_request(row):
    answer = Client(headers={"Accept-Language": "es"}).get(f"/api/v1/recommendations/{row.code}/")
    with translation.override("es"):
        expected = serialized(row.code, None, None, timezone.now())
    assert in_order(answer.content) == in_order(expected)
