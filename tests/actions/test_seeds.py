"""Loading the real seed data: all of it, once, and without undoing what people have done since."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings

from recommendations.actions import checks, evidence, leases, seeds
from recommendations.actions.refusals import Refused
from recommendations.exchange.seeds import read_seeds
from recommendations.models import (
    Assessment,
    Event,
    Evidence,
    EvidenceLink,
    Indicator,
    Recommendation,
    Relation,
    Source,
    StatusCheck,
)
from recommendations.queries import recommendations as queries
from recommendations.queries.headlines import differences
from recommendations.rules.moments import Moment
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def files():
    return read_seeds(settings.BASE_DIR / "seeds", today=NOW.date())


def load(files, now=NOW):
    tallies = seeds.load(files, by=seeds.curator(now=now), now=now, progress=lambda noun, tally: None)
    return sum(tally.created + tally.changed for tally in tallies.values())


def test_everything_is_loaded_and_the_second_time_nothing(files):
    assert load(files) > 0
    assert {
        "sources": Source.objects.count(),
        "recommendations": Recommendation.objects.filter(parent=None).count(),
        "parts": Recommendation.objects.exclude(parent=None).count(),
        "evidence": Evidence.objects.count(),
        "links": EvidenceLink.objects.count(),
        "verdicts": Assessment.objects.published().count(),
        "relations": Relation.objects.count(),
        "indicators": Indicator.objects.count(),
    } == {
        "sources": 5,
        "recommendations": 52,
        "parts": 59,
        "evidence": 386,
        "links": 574,
        "verdicts": 212,
        "relations": 91,
        "indicators": 29,
    }
    assert differences() == []

    events = Event.objects.count()
    assert load(files, NOW + timedelta(days=1)) == 0
    assert Event.objects.count() == events


def test_the_drug_policy_commission_that_lapsed_is_told_as_of_any_day(files):
    load(files)
    row = Recommendation.objects.get(code="CFR60-14")
    at = {day: Moment(day, NOW) for day in (date(2013, 6, 1), date(2019, 1, 1))}
    told = {day: queries.headlines([row], moment, now=NOW)[row.pk].status for day, moment in at.items()}
    assert told == {date(2013, 6, 1): "no_action", date(2019, 1, 1): "partially_implemented"}


def test_every_address_is_watched_once_and_nothing_is_due_on_the_first_day_alone(files):
    load(files)
    watched = StatusCheck.objects.filter(evidence__isnull=False)
    addresses = watched.values_list("evidence__document__url", flat=True)
    assert len(addresses) == len(set(addresses)) == 337
    assert StatusCheck.objects.filter(next_due_at__gt=NOW + timedelta(days=6)).exists()


def test_registers_are_asked_for_what_they_bear_on_and_go_out_only_when_live_checks_do(files):
    load(files)
    registers = StatusCheck.objects.filter(evidence__isnull=True)
    asked = {(row.kind, (row.recommendation or row.indicator).code, row.host) for row in registers}
    assert len(registers) == 18
    assert asked >= {
        ("federal_register", "CFR60-06", "www.federalregister.gov"),
        ("congress_bill", "CFR60-13a", "api.congress.gov"),
        ("federal_register", "CFR60-14a", "www.federalregister.gov"),
        ("series", "CFR60-13-I1", "data.cdc.gov"),
        ("feed", "CFR60-06", "www.gao.gov"),
    }
    later = NOW + timedelta(days=8)
    assert leases.claim(lease=uuid4(), now=later, limit=500, live=False) == []
    assert len(leases.claim(lease=uuid4(), now=later, limit=500, live=True)) == 337 + 18


def test_a_persons_change_to_a_check_survives_and_a_check_that_cannot_be_is_refused_with_its_line(files):
    load(files)
    check = StatusCheck.objects.get(recommendation__code="CFR60-13a")
    config = {"congress": 120, "type": "hr", "number": 1}
    checks.change(check, config=config, by=factories.user("manager"), now=NOW)
    assert load(files) == 0

    first, *others = files.checks
    broken = replace(first, config={"colour": "red"})
    with pytest.raises(Refused, match=r"^checks\.yaml:7: .*colour"):
        load(replace(files, checks=(broken, *others)))


def test_a_persons_correction_survives_the_next_loading(files):
    load(files)
    row = Evidence.objects.get(code="cfr60-01-e01")
    evidence.change(row, finding="Put better.", by=factories.user("editor"), now=NOW)
    assert load(files) == 0
    row.refresh_from_db()
    assert row.finding == "Put better."


def test_what_changed_in_the_files_is_changed_and_a_verdict_is_corrected_not_edited(files):
    load(files)
    first, *others = files.recommendations
    verdict, *verdicts = first.assessments
    corrected = replace(verdict, rationale="Read again, and told better.")
    renamed = replace(first, title="A better title", assessments=(corrected, *verdicts))

    assert load(replace(files, recommendations=(renamed, *others)), NOW + timedelta(days=1)) == 2

    row = Recommendation.objects.get(code=first.code)
    old = row.assessments.get(rationale=verdict.rationale)
    assert row.title == "A better title"
    assert old.superseded_by.get().rationale == "Read again, and told better."
    assert old.state == "published"
    assert differences() == []


def test_a_refusal_leaves_nothing_behind(files):
    first, *others = files.recommendations
    verdict, *verdicts = first.assessments
    too_early = replace(verdict, effective_on=date(1990, 1, 1))
    broken = replace(files, recommendations=(replace(first, assessments=(too_early, *verdicts)), *others))
    with pytest.raises(Refused) as refusal:
        load(broken)
    assert refusal.value.rule == "assessment_not_before_source"
    assert not Source.objects.exists()
    assert not Event.objects.exists()
