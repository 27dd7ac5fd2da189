"""What grows old may go, and nothing that anything rests on."""

import zlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from recommendations.actions import findings, retention, snapshots
from recommendations.actions.assessments import Cited
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.actions.snapshots import Seen
from recommendations.models import CheckRun, Event, RawCopy, Retention, RunSummary, Snapshot
from recommendations.queries.retention import old
from tests import factories
from tests.factories import NOW
from tests.models.raw import refused

pytestmark = pytest.mark.django_db

BEFORE = NOW - timedelta(days=90)


def days_ago(days):
    return NOW - timedelta(days=days)


@pytest.fixture
def administrator():
    return factories.user("administrator")


def seen(document, mark, days, **fields):
    """A snapshot of so many days ago."""
    row = Seen(document.pk, mark * 64, "f" * 64, fields.pop("text", f"Words {mark}. " * 50), size=9, **fields)
    return Snapshot.objects.get(pk=snapshots.store([row], now=days_ago(days))[document.pk, mark * 64])


def drop(what, by, before=BEFORE):
    return list(retention.drop(what, before=before, by=by, now=NOW))


def kept():
    """The first letters of the hashes of the snapshots whose text is kept."""
    return "".join(sorted(each.text_hash[0] for each in Snapshot.objects.exclude(text=None)))


class TestTexts:
    def test_old_texts_go_and_what_was_seen_stays_told(self, administrator):
        document = factories.document()
        first = seen(document, "a", 400)
        for mark, days in (("b", 300), ("c", 95), ("d", 80), ("e", 1)):
            seen(document, mark, days)
        assert old("texts", BEFORE).rows == 3
        [act] = drop("texts", administrator)
        assert (act.what, act.rows, act.by, act.transaction) == ("texts", 3, administrator.username, None)
        assert act.bytes > 0
        assert kept() == "de"
        first.refresh_from_db()
        assert (first.text, first.dropped_at, first.text_hash, first.size) == (None, NOW, "a" * 64, 9)
        event = Event.objects.get(verb="retention.applied")
        assert (event.actor, event.after["rows"], event.public) == (administrator.username, 3, False)
        assert drop("texts", administrator) == [], "a second run finds nothing and leaves no act"
        assert Retention.objects.count() == 1

    def test_the_newest_stays_however_old_it_is(self, administrator):
        seen(factories.document(), "a", 4000)
        assert drop("texts", administrator) == []
        assert kept() == "a"

    def test_what_a_check_compares_with_stays_though_it_is_not_the_newest(self, administrator):
        row = factories.evidence()
        seen(row.document, "a", 400)
        seen(row.document, "b", 300)
        seen(row.document, "c", 200)
        factories.check(evidence=row, memory={"text_hash": "a" * 64})
        drop("texts", administrator)
        assert kept() == "ac"

    @pytest.mark.parametrize("end", ["before", "after"])
    def test_what_a_finding_shows_stays(self, administrator, end):
        document = factories.document()
        shown = seen(document, "a", 400)
        seen(document, "b", 300)
        seen(document, "c", 200)
        findings.bring(
            kind="evidence_changed",
            rule="text_changed",
            rule_version="2",
            title="Changed",
            fingerprint="1",
            by="check:1",
            now=NOW,
            **{end: shown},
        )
        drop("texts", administrator)
        assert kept() == "ac"

    def test_what_stood_there_when_a_verdict_was_made_stays(self, administrator):
        """At its proposal and at its publication: the last text before each."""
        about = factories.recommendation()
        cited = factories.evidence(bears_on=about)
        for mark, days in zip("abcdef", (400, 350, 300, 250, 200, 150), strict=True):
            seen(cited.document, mark, days)
        proposal = factories.proposed(about, cites=[Cited(cited, "supports")], now=days_ago(340))
        factories.assessments.publish(proposal, by=factories.user("reviewer"), now=days_ago(240))
        drop("texts", administrator)
        assert kept() == "bdf"

    def test_the_first_text_stays_where_a_verdict_is_older_than_all(self, administrator):
        about = factories.recommendation()
        cited = factories.evidence(bears_on=about)
        factories.published(about, cites=[Cited(cited, "supports")], now=days_ago(500))
        for mark, days in zip("abc", (400, 300, 200), strict=True):
            seen(cited.document, mark, days)
        drop("texts", administrator)
        assert kept() == "ac"


def test_raw_copies_go_with_age(administrator):
    document = factories.document()
    seen(document, "a", 100, raw=zlib.compress(b"<p>old"))
    young = Seen(document.pk, "a" * 64, "e" * 64, raw=zlib.compress(b"<p>young"), size=8)
    snapshots.store([young], now=days_ago(10))
    assert (old("raw", BEFORE).rows, [act.rows for act in drop("raw", administrator)]) == (1, [1])
    assert [each.unpacked() for each in RawCopy.objects.all()] == [b"<p>young"]
    assert kept() == "a"


class TestRuns:
    @pytest.fixture
    def looks(self):
        """Three months of daily looks, of which one found a change, and the last three failed."""
        check = factories.check()
        for days in range(200, 100, -1):
            outcome = "changed" if days == 150 else "failed" if days < 104 else "unchanged"
            at = days_ago(days)
            check.runs.create(due_at=at, started_at=at, finished_at=at, outcome=outcome)
        return check

    def test_every_look_is_kept_or_counted_and_never_both(self, looks, administrator):
        [act] = drop("runs", administrator)
        assert act.rows == 98
        assert sorted(CheckRun.objects.values_list("outcome", flat=True)) == ["changed", "failed"]
        counted = {(row.month.isoformat()[:7], row.outcome): row.looks for row in RunSummary.objects.all()}
        assert sum(counted.values()) == 98
        assert counted["2026-08", "failed"] == 2
        assert sum(number for (_month, outcome), number in counted.items() if outcome == "unchanged") == 96
        last = RunSummary.objects.order_by("-last_due_at").first()
        assert last.last_due_at < CheckRun.objects.get(outcome="failed").due_at

    def test_a_second_run_adds_to_the_same_months(self, looks, administrator):
        drop("runs", administrator, before=days_ago(170))
        drop("runs", administrator)
        assert (sum(row.looks for row in RunSummary.objects.all()), CheckRun.objects.count()) == (98, 2)

    def test_it_goes_in_steps_that_are_each_whole(self, looks, administrator, monkeypatch):
        monkeypatch.setattr(retention, "AT_ONCE", 30)
        steps = retention.drop("runs", before=BEFORE, by=administrator, now=NOW)
        assert next(steps).rows == 30
        assert (sum(row.looks for row in RunSummary.objects.all()), CheckRun.objects.count()) == (30, 70)
        assert [act.rows for act in steps] == [30, 30, 8]


class TestWhoAndWhat:
    def test_only_an_administrator(self):
        with pytest.raises(NotAllowed):
            drop("raw", factories.user("manager"))

    def test_nothing_young(self, administrator):
        with pytest.raises(Refused) as refusal:
            drop("raw", administrator, before=days_ago(29))
        assert refusal.value.rule == "retention_spares_the_young"


class TestTheDatabase:
    """Raw SQL, with and without an act of retention."""

    ACT = (
        "INSERT INTO recommendations_retention (what, before, at, by, rows, bytes)"
        " VALUES ('{what}', {before}, now(), 'somebody', 0, 0); "
    )
    LONG_AGO = "now() - interval '60 days'"

    def act(self, what, before=LONG_AGO):
        return self.ACT.format(what=what, before=before)

    @pytest.fixture
    def rows(self):
        document = factories.document()
        for mark, days in (("a", 4000), ("b", 3000)):
            seen(document, mark, days, raw=zlib.compress(b"x"))
        check = factories.check()
        for days, outcome in ((4000, "changed"), (3900, "unchanged"), (3800, "unchanged")):
            at = days_ago(days)
            check.runs.create(due_at=at, started_at=at, finished_at=at, outcome=outcome)

    @pytest.mark.parametrize(
        ("rule", "statement"),
        [
            ("snapshot_immutable", "DELETE FROM recommendations_snapshot"),
            ("snapshot_immutable", "TRUNCATE recommendations_snapshot CASCADE"),
            ("snapshot_immutable", "UPDATE recommendations_snapshot SET raw_hash = 'x'"),
            ("snapshot_immutable", "UPDATE recommendations_snapshot SET taken_at = now()"),
            ("snapshot_immutable", "UPDATE recommendations_snapshot SET text = '\\x00'"),
            ("snapshot_immutable", "UPDATE recommendations_snapshot SET text = NULL, dropped_at = now()"),
            ("raw_copy_immutable", "DELETE FROM recommendations_rawcopy"),
            ("raw_copy_immutable", "UPDATE recommendations_rawcopy SET body = '\\x00'"),
            ("check_run_append_only", "DELETE FROM recommendations_checkrun"),
            ("check_run_append_only", "UPDATE recommendations_checkrun SET outcome = 'changed'"),
            ("check_run_append_only", "TRUNCATE recommendations_checkrun CASCADE"),
        ],
    )
    def test_nothing_goes_without_an_act(self, rows, rule, statement):
        refused(rule, statement)

    @pytest.mark.parametrize(
        ("rule", "what", "statement"),
        [
            (
                "snapshot_immutable",
                "runs",
                "UPDATE recommendations_snapshot SET text = NULL, dropped_at = now()",
            ),
            (
                "snapshot_is_needed",
                "texts",
                "UPDATE recommendations_snapshot SET text = NULL, dropped_at = now()",
            ),
            ("snapshot_immutable", "texts", "DELETE FROM recommendations_snapshot"),
            (
                "check_run_append_only",
                "runs",
                "DELETE FROM recommendations_checkrun WHERE outcome = 'changed'",
            ),
            (
                "check_run_append_only",
                "runs",
                "DELETE FROM recommendations_checkrun WHERE outcome <> 'changed'",
            ),
            (
                "check_run_append_only",
                "raw",
                "DELETE FROM recommendations_checkrun WHERE outcome <> 'changed'",
            ),
            ("raw_copy_immutable", "texts", "DELETE FROM recommendations_rawcopy"),
        ],
    )
    def test_an_act_covers_only_what_it_says_and_what_nothing_rests_on(self, rows, rule, what, statement):
        refused(rule, self.act(what) + statement)

    def test_no_act_covers_what_is_young(self):
        seen(factories.document(), "a", 10, raw=zlib.compress(b"x"))
        refused("raw_copy_immutable", self.act("raw", "now()") + "DELETE FROM recommendations_rawcopy")

    def test_an_act_that_is_over_allows_nothing_and_is_not_rewritten(self, rows, administrator):
        drop("raw", administrator)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM recommendations_retention WHERE transaction IS NULL")
            assert cursor.fetchone() == (1,)
        for statement in (
            "DELETE FROM recommendations_retention",
            "UPDATE recommendations_retention SET rows = 0",
            "UPDATE recommendations_retention SET transaction = pg_current_xact_id()::text::bigint",
            "TRUNCATE recommendations_retention",
        ):
            refused("retention_append_only", statement)


class TestTheCommand:
    @pytest.fixture
    def copies(self):
        seen(factories.document(), "a", 100, raw=zlib.compress(b"<p>old"))

    def test_it_shows_and_drops_nothing(self, copies, capsys):
        call_command("retain", "--raw", "90", "--runs", "365")
        said = capsys.readouterr().out.splitlines()
        assert [line.split() for line in said[:2]] == [
            ["Raw", "copies", "1", "rows", f"{len(zlib.compress(b'<p>old'))}", "B"],
            ["Uneventful", "runs", "0", "rows", "0", "B"],
        ]
        assert "Nothing was dropped" in said[2]
        assert RawCopy.objects.count() == 1

    def test_with_apply_it_drops_in_the_name_of_an_administrator(self, copies, administrator, capsys):
        call_command("retain", "--raw", "90", "--apply", "--by", administrator.username)
        assert capsys.readouterr().out.endswith("Dropped.\n")
        assert (RawCopy.objects.count(), Retention.objects.get().by) == (0, administrator.username)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([], "Say what, and after how many days"),
            (["--raw", "29"], "--raw: give a whole number of days from 30 to 36500, not '29'"),
            (["--raw", "999999999"], "--raw: give a whole number of days"),
            (["--raw", "-1"], "--raw: give a whole number of days"),
            (["--raw", "90", "--apply"], "--by"),
            (["--raw", "90", "--apply", "--by", "nobody"], "no active account 'nobody'"),
        ],
    )
    def test_what_it_does_not_know_it_refuses(self, copies, arguments, said):
        with pytest.raises(CommandError, match=said):
            call_command("retain", *arguments)
        assert RawCopy.objects.count() == 1

    def test_a_manager_is_refused_in_words(self, copies):
        manager = factories.user("manager")
        with pytest.raises(CommandError, match="let go of what need not be kept"):
            call_command("retain", "--raw", "90", "--apply", "--by", manager.username)
