"""Imports that are left to a worker: kept, judged, applied, called off, or said to have failed."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils.translation import override

from recommendations.actions import import_works, imports
from recommendations.actions.import_staging import silent
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import (
    Event,
    Import,
    ImportPiece,
    ImportRow,
    ImportWork,
    Notification,
    Recommendation,
    Source,
)
from recommendations.rules.imports import SHARES, percent
from tests import factories
from tests.actions.test_imports import counts, written
from tests.factories import NOW

pytestmark = pytest.mark.django_db

FILE = "code,source,title,summary\nREP-01,REP,First,Do the first.\nREP-02,REP,Second,Do the second.\n"
LATER = NOW + timedelta(seconds=30)


@pytest.fixture
def manager():
    factories.source(code="REP")
    return factories.user("manager")


def bring(by, content=FILE, **more):
    file = io.BytesIO(content.encode())
    given = {"format": "csv", "filename": "rows.csv", "now": NOW, "later": True} | more
    return import_works.bring(file, by=by, **given)


def claim(now=NOW, **more):
    return import_works.claim(lease=uuid4(), now=now, **more)


def work(now=LATER, tell=silent):
    """What a worker does, in this process and on this connection."""
    claimed = claim(now)
    import_works.work_on(claimed, clock=lambda: now, tell=tell)
    return Import.objects.get(pk=claimed.batch_id)


def test_a_file_that_waits_is_kept_and_nothing_is_judged(manager):
    batch = bring(manager)
    assert (batch.state, counts(batch)) == ("waiting", (0, 0, 0, 0))
    assert (batch.work.task, batch.work.phase, batch.work.asked_by) == ("examine", "waiting", manager)
    assert ImportPiece.objects.filter(batch=batch).count() == 1
    assert not ImportRow.objects.exists()


def test_a_worker_makes_of_it_what_would_have_been_made_at_once(manager):
    at_once = imports.examine(
        io.BytesIO(FILE.encode()), format="csv", filename="rows.csv", by=manager, now=NOW
    )
    bring(manager)
    batch = work()
    assert (batch.state, counts(batch), batch.outcome) == ("examined", (2, 0, 0, 0), at_once.outcome)
    told = ("line", "code", "digest", "said", "outcome", "changes", "problems")
    assert list(batch.rows.values_list(*told)) == list(at_once.rows.values_list(*told))
    assert (batch.work.phase, batch.work.ended_at, batch.work.lease) == ("done", LATER, None)
    assert not ImportPiece.objects.exists()


def test_it_is_applied_in_the_name_of_who_asked(manager):
    bring(manager)
    batch = work()
    other = factories.user("manager")
    import_works.ask_to_apply(batch, by=other, now=NOW)
    assert not Recommendation.objects.exists()
    batch = work()
    assert (batch.state, batch.applied_by, batch.applied_at, batch.work.task) == (
        "applied",
        other,
        LATER,
        "apply",
    )
    assert Recommendation.objects.count() == 2
    assert Event.objects.get(verb="import.applied").actor == other.username


def test_small_files_are_judged_at_once_and_large_ones_wait(manager, settings):
    assert bring(manager, later=False).state == "examined"
    settings.IMPORT_AT_ONCE_ROWS = 2
    assert bring(manager, FILE + "REP-03,REP,T,S\n", later=False).state == "waiting"
    settings.IMPORT_AT_ONCE_ROWS, settings.IMPORT_AT_ONCE_BYTES = 1_000, 50
    assert bring(manager, FILE + "REP-04,REP,T,S\n", later=False).state == "waiting"


def test_pieces_make_the_same_file_again(manager, monkeypatch):
    monkeypatch.setattr("recommendations.actions.import_pieces.SIZE", 7)
    batch = bring(manager)
    assert ImportPiece.objects.filter(batch=batch).count() == 13
    assert counts(work()) == (2, 0, 0, 0)


class TestFailing:
    def fail(self, content=FILE, **more):
        claimed = claim(**more)
        with pytest.raises(Refused) as refusal:
            import_works.work_on(claimed, clock=lambda: NOW, tell=silent)
        import_works.give_up(claimed, rule=refusal.value.rule, detail=refusal.value.message, now=LATER)
        return Import.objects.get(pk=claimed.batch_id)

    def test_what_cannot_be_read_is_told_with_its_place_in_the_words_of_who_asked(self, manager):
        with override("es"):
            bring(manager, FILE + "REP-03,REP\n")
        batch = self.fail()
        assert (batch.state, batch.work.phase, batch.work.rule) == ("failed", "failed", "row_length")
        with override("es"):
            assert batch.work.detail == imports.rules.of_file("row_length", 4, "", "2")
        assert not ImportPiece.objects.exists()
        assert not ImportRow.objects.exists()
        notice = Notification.objects.get()
        assert (notice.person, notice.topic, notice.noun, notice.number) == (
            manager,
            "import",
            "import",
            batch.pk,
        )

    def test_what_has_changed_since_is_told_row_by_row_and_the_dry_run_stays(self, manager):
        bring(manager)
        batch = work()
        import_works.ask_to_apply(batch, by=manager, now=NOW)
        factories.recommendation(code="REP-02", source=Source.objects.get())
        batch = self.fail()
        assert (batch.state, batch.work.rule) == ("examined", "import_changed_since")
        assert batch.work.detail.endswith("Row 3 (REP-02): “New” then, “Changed” now.")
        assert Recommendation.objects.count() == 1
        with pytest.raises(Refused):  # it may be asked for again, and is refused again
            imports.apply(batch, by=manager, now=NOW)
        import_works.ask_to_apply(batch, by=manager, now=NOW)

    def test_who_may_not_any_more_by_then_does_not(self, manager):
        bring(manager)
        manager.role = "editor"
        manager.save()
        assert self.fail().work.rule == "permission"

    def test_a_file_over_which_workers_die_is_given_up(self, manager):
        from recommendations.tasks.importing import work_on

        bring(manager)
        for number in range(import_works.TRIES):
            assert claim(NOW + timedelta(minutes=2 * number)) is not None
        work_on(claim(NOW + timedelta(hours=1)))
        batch = Import.objects.get()
        assert (batch.state, batch.work.rule) == ("failed", "import_workers_died")
        assert batch.work.detail == "3 workers have died over it, one after another."


class TestLeases:
    def test_one_at_a_time_and_the_longest_waiting_first(self, manager):
        first, second = bring(manager), bring(manager, FILE + "REP-03,REP,T,S\n", now=LATER)
        assert claim(LATER).batch_id == first.pk
        assert claim(LATER) is None
        assert claim(LATER + import_works.LEASE).batch_id == first.pk
        work_of_first = ImportWork.objects.get(batch=first)
        import_works.give_back(work_of_first)
        import_works.cancel(first, by=manager, now=LATER)
        assert claim(LATER).batch_id == second.pk

    def test_whose_lease_was_taken_over_ends_nothing(self, manager):
        bring(manager)
        frozen = claim()
        assert claim(NOW + import_works.LEASE) is not None
        before = written()
        with pytest.raises(import_works.Lost), transaction.atomic():
            import_works.work_on(frozen, clock=lambda: LATER, tell=silent)
        with pytest.raises(import_works.Lost), transaction.atomic():
            import_works.give_up(frozen, rule="x", detail="x", now=LATER)
        assert not import_works.keep(frozen, ("reading", 1, 2), now=LATER)
        assert (written(), ImportRow.objects.count()) == (before, 0)

    def test_a_renewed_lease_is_not_taken_over(self, manager):
        bring(manager)
        held = claim()
        assert import_works.keep(held, ("reading", 5, 10), now=NOW + timedelta(seconds=50))
        assert claim(NOW + timedelta(seconds=70)) is None
        row = ImportWork.objects.get()
        assert (row.phase, row.done, row.total, row.started_at) == ("reading", 5, 10, NOW)


class TestCancelling:
    def test_while_it_waits(self, manager):
        batch = import_works.cancel(bring(manager), by=manager, now=LATER)
        assert (batch.state, ImportWork.objects.get().phase) == ("cancelled", "cancelled")
        assert claim() is None
        assert not ImportPiece.objects.exists()
        assert Event.objects.get(verb="import.cancelled").actor == manager.username
        with pytest.raises(Refused) as refusal:
            imports.apply(batch, by=manager, now=NOW)
        assert refusal.value.rule == "import_is_judged"

    def test_while_it_waits_to_be_applied_the_dry_run_stays(self, manager):
        bring(manager)
        batch = import_works.ask_to_apply(work(), by=manager, now=NOW)
        assert import_works.cancel(batch, by=manager, now=NOW).state == "examined"
        assert claim() is None
        assert ImportRow.objects.count() == 2

    def test_what_is_applied_or_over_is_not(self, manager):
        bring(manager)
        batch = work()
        with pytest.raises(Refused) as refusal:
            import_works.cancel(batch, by=manager, now=NOW)
        assert refusal.value.rule == "import_work_can_be_cancelled"
        import_works.ask_to_apply(batch, by=manager, now=NOW)
        import_works.keep(claim(), ("writing", 1, 15), now=NOW)
        with pytest.raises(Refused) as refusal:
            import_works.cancel(batch, by=manager, now=NOW)
        assert refusal.value.rule == "import_work_can_be_cancelled"


def test_it_is_asked_for_once(manager):
    batch = bring(manager)
    for refused in (imports.apply, import_works.ask_to_apply):
        with pytest.raises(Refused) as refusal:
            refused(batch, by=manager, now=NOW)
        assert refusal.value.rule == "import_is_judged"
    batch = work()
    import_works.ask_to_apply(batch, by=manager, now=NOW)
    with pytest.raises(Refused) as refusal:
        import_works.ask_to_apply(batch, by=manager, now=NOW)
    assert refusal.value.rule == "import_work_asked_once"


@pytest.mark.parametrize("role", ["", "viewer", "editor", "reviewer"])
def test_only_a_manager_asks_and_calls_off(manager, role):
    person = factories.user(role)
    with pytest.raises(NotAllowed):
        bring(person)
    batch = bring(manager)
    with pytest.raises(NotAllowed):
        import_works.cancel(batch, by=person, now=NOW)
    batch = work()
    with pytest.raises(NotAllowed):
        import_works.ask_to_apply(batch, by=person, now=NOW)


def test_how_far_it_has_come_never_falls_and_ends_at_a_hundred(manager):
    rows = "".join(f"REP-{number},REP,Title,Summary\n" for number in range(2_000))
    for ask in (
        lambda: bring(manager, FILE + rows),
        lambda: import_works.ask_to_apply(Import.objects.get(), by=manager, now=NOW),
    ):
        ask()
        task = ImportWork.objects.get().task
        told: list[tuple[str, int]] = []
        work(tell=lambda *come, task=task, told=told: told.append((come[0], percent(task, *come))))
        figures = [each for _phase, each in told]
        assert figures == sorted(figures)
        assert figures[-1] == 100
        assert list(dict.fromkeys(phase for phase, _figure in told)) == list(SHARES[task])
        assert len(set(figures)) > 8


def test_what_nobody_applied_is_forgotten_and_what_waits_is_not(manager):
    bring(manager)
    failed = import_works.cancel(bring(manager, FILE + "\n"), by=manager, now=NOW)
    waiting = Import.objects.exclude(pk=failed.pk).get()
    imports.forget_old(NOW + timedelta(days=31))
    assert Import.objects.get() == waiting
