"""Claiming and recording looks: nothing lost, nothing doubled, whoever dies or comes late."""

from datetime import timedelta
from uuid import uuid4

import pytest

from recommendations.actions import checks, findings, leases, runs
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.actions.runs import Exchange, Looked
from recommendations.fetching.adapters import Found, Look
from recommendations.models import CheckRun, Finding, Snapshot
from recommendations.rules import schedules
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(seconds=2)


def look(outcome="unchanged", **fields):
    return Look(outcome=outcome, next_state=fields.pop("next_state", {}), **fields)


def record(claimed, a_look, now=LATER, exchange=None):
    """Whether the look was recorded."""
    elapsed = round((now - NOW).total_seconds() * 1000)
    looked = Looked(claimed, a_look, exchange or Exchange(http_status=200, elapsed_ms=elapsed), now, jitter=0)
    return runs.record([looked], now=now) == {claimed.pk}


def claim(now=NOW, limit=10, live=True, **more):
    """Claim as one worker does: under a lease of its own."""
    return leases.claim(lease=uuid4(), now=now, limit=limit, live=live, **more)


def claimed_by(now=NOW, limit=10, live=True, **more):
    """The numbers of what one worker claims."""
    return [each.pk for each in claim(now, limit, live, **more)]


def look_again(time, a_look):
    """Claim the only check at the given hour, due or not, and record a look."""
    hour = NOW + timedelta(hours=time)
    (claimed,) = claim(now=hour, limit=1, live=True, early=True)
    return record(claimed, a_look, now=hour, exchange=Exchange())


def found(fingerprint="aa"):
    return Found(
        kind="evidence_changed",
        rule="words_changed",
        rule_version=1,
        title="It says something else",
        detail="",
        saw={"words_added": 3},
        score=0.9,
        fingerprint=fingerprint,
    )


class TestClaiming:
    def test_only_what_is_due_oldest_first(self):
        due = factories.check(next_due_at=NOW - timedelta(hours=1), host="a.example")
        first = factories.check(next_due_at=NOW - timedelta(hours=2), host="b.example")
        factories.check(next_due_at=NOW + timedelta(seconds=1), host="c.example")
        factories.check(next_due_at=NOW, host="d.example", state="paused")
        assert claimed_by(now=NOW, limit=10, live=True) == [first.pk, due.pk]

    def test_nothing_goes_out_by_itself_while_live_checks_are_off(self):
        factories.check(host="a.example")
        asked = factories.check(host="b.example")
        checks.request_run(asked, by=factories.user("editor"), now=NOW)
        assert claimed_by(now=NOW, limit=10, live=False) == [asked.pk]

    def test_what_is_claimed_is_not_claimed_again_until_its_lease_lapses(self):
        check = factories.check()
        assert claimed_by(now=NOW, limit=10, live=True) == [check.pk]
        assert claimed_by(now=NOW + timedelta(minutes=1), limit=10, live=True) == []
        assert claimed_by(now=NOW + schedules.LEASE, limit=10, live=True) == [check.pk]

    def test_a_worker_does_not_get_its_own_claims_twice_but_may_go_on_with_the_host(self):
        lease = uuid4()
        first, second = factories.check(host="slow.example"), factories.check(host="slow.example")
        taken = [leases.claim(lease=lease, now=NOW, limit=1, live=True) for _time in range(3)]
        assert [[each.pk for each in lot] for lot in taken] == [[first.pk], [second.pk], []]

    def test_a_host_is_asked_by_one_worker_at_a_time(self):
        first = factories.check(host="slow.example")
        claim(now=NOW, limit=1, live=True)
        factories.check(host="slow.example")
        other = factories.check(host="other.example")
        assert claimed_by(now=NOW, limit=10, live=True) == [other.pk]
        assert first.host == "slow.example"


class TestRecording:
    def test_one_run_for_the_due_time_and_the_next_one_after_the_interval(self):
        check = factories.check(every=3600)
        (claimed,) = claim(now=NOW, limit=1, live=True)
        assert record(claimed, look("first_look", text="Words.", text_hash="h1", raw_hash="r1"))
        check.refresh_from_db()
        run = CheckRun.objects.get()
        assert (run.due_at, run.outcome, run.http_status) == (NOW, "first_look", 200)
        assert check.next_due_at == LATER + timedelta(hours=1)
        assert (check.lease, check.last_outcome) == (None, "first_look")
        assert Snapshot.objects.get().text == "Words."

    def test_a_worker_that_comes_back_late_records_nothing(self):
        factories.check()
        (late,) = claim(now=NOW, limit=1, live=True)
        (other,) = claim(now=NOW + schedules.LEASE, limit=1, live=True)
        assert not record(late, look())
        assert record(other, look())
        assert not record(other, look())
        assert CheckRun.objects.count() == 1

    def test_a_text_seen_before_is_not_stored_again(self):
        factories.check()
        for time, (hash_, text) in enumerate([("h1", "One."), ("h2", "Two."), ("h1", "One.")]):
            state = {"text_hash": hash_}
            look_again(time, look("changed", text=text, text_hash=hash_, raw_hash=hash_, next_state=state))
        assert sorted(str(each.text) for each in Snapshot.objects.all()) == ["One.", "Two."]

    def test_the_same_thing_found_twice_is_one_finding_with_two_sightings(self):
        check = factories.check()
        for time in range(2):
            look_again(time, look("changed", found=(found(),)))
        finding = Finding.objects.get()
        assert (finding.sightings, finding.state, finding.evidence) == (2, "open", check.evidence)

    def test_what_was_dismissed_stays_dismissed_unless_it_has_changed(self):
        factories.check()
        look_again(0, look("changed", found=(found("aa"),)))
        findings.dismiss(Finding.objects.get(), by=factories.user("editor"), now=NOW, note="Furniture.")
        for time, fingerprint in enumerate(("aa", "bb"), start=1):
            look_again(time, look("changed", found=(found(fingerprint),)))
        assert sorted(Finding.objects.values_list("fingerprint", "state", "sightings")) == [
            ("aa", "dismissed", 2),
            ("bb", "open", 1),
        ]

    def test_failures_back_off_and_the_fifth_in_a_row_is_told_once(self):
        check = factories.check(every=86400)
        waits = []
        for time in range(6):
            look_again(time, look("failed", note="HTTP 503"))
            check.refresh_from_db()
            waits.append((check.next_due_at - check.last_run_at).total_seconds())
        assert waits == [300, 600, 1200, 2400, 4800, 9600]
        assert (check.state, check.failures) == ("failing", 6)
        assert list(Finding.objects.values_list("kind", "sightings")) == [("check_failing", 1)]

        look_again(7, look("unchanged"))
        check.refresh_from_db()
        assert (check.state, check.failures) == ("active", 0)


class TestConfiguring:
    @pytest.fixture
    def manager(self):
        return factories.user("manager")

    def make(self, manager, **fields):
        defaults = {"kind": "page", "config": {}, "every": 3600, "evidence": factories.evidence()}
        return checks.create(**defaults | fields, by=manager, now=NOW)

    def test_an_address_is_watched_once(self, manager):
        document = factories.document(url="https://www.gao.gov/products/gao-19-201")
        check = self.make(manager, evidence=factories.evidence(document=document))
        assert (check.host, check.next_due_at) == ("www.gao.gov", NOW)
        with pytest.raises(Refused) as refusal:
            self.make(manager, evidence=factories.evidence(document=document))
        assert refusal.value.rule == "check_one_of_a_kind"

    @pytest.mark.parametrize(
        ("fields", "rule", "field"),
        [
            ({"kind": "crystal_ball"}, "check_kind_known", "kind"),
            ({"every": 59}, "check_not_more_than_each_minute", "every"),
            ({"config": {"colour": "red"}}, "check_config", "config"),
            ({"config": ["confirm"]}, "check_config", "config"),
            ({"config": {"ignore": ["page \x00"]}}, "check_config", "config"),
            ({"config": {"ignore": ["page \ud800"]}}, "check_config", "config"),
        ],
    )
    def test_a_wrong_field_is_refused_by_name(self, manager, fields, rule, field):
        with pytest.raises(Refused) as refusal:
            self.make(manager, **fields)
        assert (refusal.value.rule, refusal.value.field) == (rule, field)

    def test_evidence_without_an_address_cannot_be_watched(self, manager):
        with pytest.raises(Refused) as refusal:
            self.make(manager, evidence=factories.evidence(document=factories.document(url="")))
        assert refusal.value.rule == "check_has_address"

    def test_making_checks_takes_a_manager_and_running_them_an_editor(self, manager):
        with pytest.raises(NotAllowed):
            self.make(factories.user("reviewer"))
        check = self.make(manager)
        with pytest.raises(NotAllowed):
            checks.request_run(check, by=factories.user("viewer"), now=NOW)
        asked = checks.request_run(check, by=factories.user("editor"), now=NOW)
        again = checks.request_run(check, by=manager, now=LATER)
        assert again.requested_by == asked.requested_by


class TestTargets:
    """A check watches one thing: evidence, a recommendation or an indicator, as its kind says."""

    REGISTER = {"terms": ["firearms"]}
    SERIES = {"format": "world_bank", "country": "MX", "indicator": "VC.IHR.PSRC.P5"}

    @pytest.fixture
    def manager(self):
        return factories.user("manager")

    def make(self, manager, **fields):
        return checks.create(**{"every": 86400} | fields, by=manager, now=NOW)

    def test_a_register_is_asked_for_a_recommendation_and_a_series_for_an_indicator(self, manager):
        row, measure = factories.recommendation(), factories.indicator()
        register = self.make(manager, kind="federal_register", recommendation=row, config=self.REGISTER)
        series = self.make(manager, kind="series", indicator=measure, config=self.SERIES)
        assert (register.recommendation, register.host) == (row, "www.federalregister.gov")
        assert (series.indicator, series.host) == (measure, "api.worldbank.org")

    @pytest.mark.parametrize(
        ("kind", "config", "watched", "field"),
        [
            ("page", {}, "recommendation", "evidence"),
            ("federal_register", REGISTER, "evidence", "recommendation"),
            ("series", SERIES, "recommendation", "indicator"),
            ("congress_bill", {"congress": 119, "type": "hr", "number": 1}, "indicator", "recommendation"),
        ],
    )
    def test_what_it_is_attached_to_is_the_kinds_to_say(self, manager, kind, config, watched, field):
        row = getattr(factories, watched)()
        for given in ({watched: row}, {}):
            with pytest.raises(Refused) as refusal:
                self.make(manager, kind=kind, config=config, **given)
            assert (refusal.value.rule, refusal.value.field) == ("check_watches_one_thing", field)

    def test_two_things_are_one_too_many(self, manager):
        with pytest.raises(Refused) as refusal:
            self.make(
                manager,
                kind="federal_register",
                config=self.REGISTER,
                recommendation=factories.recommendation(),
                evidence=factories.evidence(),
            )
        assert refusal.value.rule == "check_watches_one_thing"

    def test_the_same_question_is_asked_once_for_a_recommendation(self, manager):
        row = factories.recommendation()
        self.make(manager, kind="federal_register", recommendation=row, config=self.REGISTER)
        self.make(manager, kind="federal_register", recommendation=row, config={"terms": ["ammunition"]})
        self.make(
            manager, kind="federal_register", recommendation=factories.recommendation(), config=self.REGISTER
        )
        with pytest.raises(Refused) as refusal:
            self.make(manager, kind="federal_register", recommendation=row, config=self.REGISTER)
        assert refusal.value.rule == "check_one_of_a_kind"

    def test_another_question_forgets_what_was_seen_and_goes_where_it_says(self, manager):
        row = factories.recommendation()
        check = self.make(manager, kind="federal_register", recommendation=row, config=self.REGISTER)
        look_again(0, look("first_look", next_state={"looked": True, "since": "2026-01-01"}))
        checks.change(check, every=172_800, by=manager, now=NOW)
        check.refresh_from_db()
        assert check.memory == {"looked": True, "since": "2026-01-01"}
        config = {"terms": ["ammunition"], "url": "https://mirror.example/documents.json"}
        checks.change(check, config=config, by=manager, now=NOW)
        check.refresh_from_db()
        assert (check.memory, check.host, check.config) == ({}, "mirror.example", config)

    def test_a_finding_is_about_what_the_check_is_about(self, manager):
        row = factories.recommendation()
        check = self.make(manager, kind="federal_register", recommendation=row, config=self.REGISTER)
        look_again(0, look("changed", found=(found(),)))
        run = CheckRun.objects.get()
        finding = Finding.objects.get()
        assert (finding.status_check, finding.recommendation, finding.evidence) == (check, row, None)
        assert (run.snapshot, run.outcome) == (None, "changed")
