"""The change feed: nothing is missed, nothing comes twice, and what it says is what anyone may see."""

import random
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client

from recommendations.actions import (
    assessments,
    closures,
    deadlines,
    evidence,
    indicators,
    institutions,
    recommendations,
    relations,
    responses,
    sources,
    themes,
)
from recommendations.actions.assessments import Cited
from recommendations.actions.evidence import Bearing
from recommendations.actions.recommendations import Asked
from recommendations.models import Epoch, Event, Institution, Recommendation, Source
from recommendations.queries import changes
from tests import factories
from tests.factories import NOW
from tests.mirrors import Mirror, public_records

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "Rumpelstiltskin"


class World:
    """A small tracker, made by actions only, and the people in whose name they are done."""

    def __init__(self) -> None:
        self.editor, self.reviewer = factories.user("editor"), factories.user("reviewer")
        self.manager = factories.user("manager")
        self.theme = themes.create(code="arms", name="Arms", **self.as_manager)
        self.publisher = self.body("publisher")
        self.source = self.new_source("OPEN")
        self.row = self.new_recommendation("OPEN-1")
        self.seen = self.file("A law", self.row)

    @property
    def as_manager(self) -> dict[str, Any]:
        return {"by": self.manager, "now": NOW}

    @property
    def as_editor(self) -> dict[str, Any]:
        return {"by": self.editor, "now": NOW}

    @property
    def as_reviewer(self) -> dict[str, Any]:
        return {"by": self.reviewer, "now": NOW}

    def body(self, code: str) -> Institution:
        return institutions.create(code=code, name=f"Body {code}", kind="agency", **self.as_manager)

    def new_source(self, code: str, **fields: Any) -> Source:
        defaults = {"title": f"Report {code}", "kind": "report", "published_on": date(2011, 3, 1)}
        return sources.create(
            code=code, **defaults | {"publisher": self.publisher} | fields, **self.as_manager
        )

    def new_recommendation(self, code: str, **fields: Any) -> Recommendation:
        defaults = {
            "source": self.source,
            "title": f"Recommendation {code}",
            "summary": "Do what is asked.",
            "addressees": [Asked(self.body(f"asked-by-{code.lower()}"))],
            "themes": [self.theme],
        }
        return recommendations.create(code=code, **defaults | fields, **self.as_manager)

    def file(self, title: str, about: Recommendation, **fields: Any) -> Any:
        url = f"https://example.org/{title.replace(' ', '-')}"
        defaults = {"finding": "It happened.", "kind": "law", "occurred_on": date(2012, 1, 1), "url": url}
        bears_on = [Bearing(about, "supports")]
        return evidence.file(title=title, bears_on=bears_on, **defaults | fields, **self.as_editor)

    def publish(self, about: Recommendation, status: str, day: date, **fields: Any) -> Any:
        cites = fields.pop("cites", [Cited(self.seen, "supports")])
        proposal = assessments.propose(
            about,
            status=status,
            effective_on=day,
            rationale="Because.",
            confidence="high",
            cites=cites,
            **self.as_editor,
            **fields,
        )
        return assessments.publish(proposal, **self.as_reviewer)


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    cache.clear()
    settings.API_REQUESTS_PER_MINUTE = settings.API_REQUESTS_PER_MINUTE | {"address": 1_000_000}


@pytest.fixture
def world() -> World:
    return World()


def test_a_mirror_follows_every_kind_of_change(world: World) -> None:
    """After each action the mirror is what anyone may see; what each told is beside it."""
    w, mirror = world, Mirror().catch_up()
    assert mirror.records == public_records()
    made: dict[str, Any] = {}

    def keep(name: str, call: Callable[[], Any]) -> Callable[[], None]:
        def act() -> None:
            made[name] = call()

        return act

    steps: list[tuple[Callable[[], Any], list[str]]] = [
        (lambda: sources.change(w.source, title="Another title", **w.as_manager), ["source.changed"]),
        (lambda: themes.change(w.theme, name="Weapons", **w.as_manager), ["theme.changed"]),
        (
            lambda: institutions.change(w.publisher, country="US", **w.as_manager),
            ["institution.changed"],
        ),
        (lambda: recommendations.change(w.row, title="New", **w.as_manager), ["recommendation.changed"]),
        (
            lambda: recommendations.change(
                w.row, addressees=[Asked(w.publisher, "The body")], **w.as_manager
            ),
            ["recommendation.changed"],
        ),
        (
            keep("part", lambda: w.new_recommendation("OPEN-1a", parent=w.row, addressees=[])),
            ["institution.created", "recommendation.created"],
        ),
        (
            keep("verdict", lambda: w.publish(w.row, "in_progress", date(2013, 1, 1))),
            ["recommendation.status_changed", "assessment.published"],
        ),
        (
            lambda: assessments.retract(made["verdict"], note="An error.", **w.as_reviewer),
            ["recommendation.status_changed", "assessment.retracted"],
        ),
        (
            keep("claimant", lambda: w.body("claimant")),
            ["institution.created"],
        ),
        (
            # Named by something that is not public, the body is not public either; with the verdict it is again.
            keep(
                "claim",
                lambda: assessments.propose(
                    w.row,
                    status="no_action",
                    effective_on=date(2014, 1, 1),
                    rationale="Because.",
                    confidence="low",
                    cites=[],
                    verdict_by="addressee",
                    verdict_institution=made["claimant"],
                    **w.as_editor,
                ),
            ),
            ["institution.hidden"],
        ),
        (
            lambda: assessments.publish(made["claim"], **w.as_reviewer),
            ["assessment.published", "institution.shown"],
        ),
        (
            lambda: deadlines.move(w.row, due_on=date(2030, 1, 1), reason="Said so.", **w.as_editor),
            ["deadline.moved"],
        ),
        (
            lambda: responses.record(
                w.row, institution=w.publisher, kind="accepted", stated_on=date(2012, 1, 1), **w.as_editor
            ),
            ["response.recorded"],
        ),
        (
            lambda: closures.close(
                w.row,
                reason="superseded",
                note="A newer one.",
                review_on=NOW.date() + timedelta(days=10),
                **w.as_reviewer,
            ),
            ["recommendation.closed"],
        ),
        (
            lambda: closures.reopen_lapsed(now=NOW + timedelta(days=11)),
            ["recommendation.reopened"],
        ),
        (
            keep(
                "relation",
                lambda: relations.add(w.row, other=made["part"], kind="same_aim", **w.as_manager),
            ),
            ["relation.created"],
        ),
        (
            keep("other", lambda: w.file("Another law", w.row)),
            ["evidence.created", "evidence.linked"],
        ),
        (
            lambda: evidence.change(made["other"], occurred_on=date(1990, 1, 1), **w.as_editor),
            ["evidence.changed"],
        ),
        (
            lambda: evidence.link(made["other"], Bearing(made["part"], "contradicts"), **w.as_editor),
            ["evidence.linked", "evidence.updated"],
        ),
        (
            lambda: w.publish(
                made["part"],
                "no_action",
                date(2015, 1, 1),
                cites=[Cited(made["other"], "contradicts")],
            ),
            ["recommendation.status_changed", "assessment.published"],
        ),
        (
            lambda: evidence.change(made["other"], visibility="internal", **w.as_editor),
            ["evidence.hidden", "recommendation.updated"],
        ),
        (
            lambda: evidence.change(made["other"], visibility="public", **w.as_editor),
            ["evidence.changed", "recommendation.updated"],
        ),
        (
            lambda: evidence.unlink(
                made["other"].links.get(recommendation=w.row), note="Wrong.", **w.as_editor
            ),
            ["evidence.unlinked", "evidence.updated"],
        ),
        (
            keep(
                "measure",
                lambda: indicators.create(
                    code="I1", name="Cases", unit="cases", recommendations=[made["part"]], **w.as_manager
                ),
            ),
            ["indicator.created"],
        ),
        (
            lambda: indicators.observe(made["measure"], period="2012", value=3, **w.as_editor),
            ["observation.created"],
        ),
        (
            lambda: indicators.change(made["measure"], unit="persons", **w.as_manager),
            ["indicator.changed"],
        ),
        (
            # All that nothing else names goes with it, and the relation to it.
            lambda: recommendations.change(made["part"], visibility="internal", **w.as_manager),
            [
                "evidence.hidden",
                "indicator.hidden",
                "recommendation.updated",
                "recommendation.hidden",
            ],
        ),
        (
            lambda: recommendations.change(made["part"], visibility="public", **w.as_manager),
            [
                "recommendation.changed",
                "evidence.shown",
                "indicator.shown",
                "recommendation.updated",
            ],
        ),
        (
            lambda: relations.remove(made["relation"], note="Wrong.", **w.as_manager),
            ["relation.removed"],
        ),
        (
            lambda: institutions.merge(made["claimant"], into=w.publisher, **w.as_manager),
            ["institution.merged", "institution.updated"],
        ),
        (
            lambda: sources.change(w.source, visibility="internal", **w.as_manager),
            [
                "evidence.hidden",
                "evidence.hidden",
                "indicator.hidden",
                "institution.hidden",
                "institution.hidden",
                "recommendation.hidden",
                "recommendation.hidden",
                "source.hidden",
                "theme.hidden",
            ],
        ),
        (
            lambda: sources.change(w.source, visibility="public", **w.as_manager),
            [
                "source.changed",
                "evidence.shown",
                "evidence.shown",
                "indicator.shown",
                "institution.shown",
                "institution.shown",
                "recommendation.shown",
                "recommendation.shown",
                "theme.shown",
            ],
        ),
    ]
    mirror.verbs()
    for number, (act, told) in enumerate(steps):
        act()
        mirror.catch_up()
        assert mirror.verbs() == told, number
        assert mirror.records == public_records(), number
    assert Mirror().catch_up().records == public_records()


def open_transaction(act: Callable[[], Any], may_end: threading.Event) -> threading.Thread:
    """Do something on a connection of its own, and let it commit only when it may; returns once it is done."""
    done = threading.Event()

    def run() -> None:
        with transaction.atomic():
            act()
            done.set()
            may_end.wait(30)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(30)
    return thread


def test_what_commits_late_is_held_back_and_then_told_in_its_place(world: World) -> None:
    measured = factories.indicator(recommendations=[factories.recommendation()])
    mirror, may_end = Mirror().catch_up(), threading.Event()
    mirror.verbs()
    first = open_transaction(
        lambda: deadlines.move(world.row, due_on=date(2030, 1, 1), reason="First.", **world.as_editor),
        may_end,
    )
    indicators.observe(measured, period="2012", value=1, **world.as_editor)

    page = mirror.poll()
    assert mirror.verbs() == []
    assert page["waiting"] == {"changes": 1, "since": "2026-11-26T12:00:00Z"}
    may_end.set()
    first.join()

    page = mirror.poll()
    assert mirror.verbs() == ["deadline.moved", "observation.created"]
    assert page["waiting"] == {"changes": 0, "since": None}


def test_what_is_open_in_another_database_of_the_server_holds_nothing_back(world: World) -> None:
    mirror = Mirror().catch_up()
    mirror.verbs()
    elsewhere = connection.copy()
    elsewhere.settings_dict = connection.settings_dict | {"NAME": "postgres"}
    with elsewhere.cursor() as cursor:
        cursor.execute("BEGIN; SELECT pg_current_xact_id()")
        deadlines.move(world.row, due_on=date(2030, 1, 1), reason="Now.", **world.as_editor)
        mirror.catch_up()
        cursor.execute("ROLLBACK")
    elsewhere.close()
    assert mirror.verbs() == ["deadline.moved"]


WRITERS, DEEDS = 8, 12


def test_nothing_is_missed_or_doubled_while_eight_write_and_commit_in_any_order(world: World) -> None:
    rows = [world.row, *(world.new_recommendation(f"OPEN-{number}") for number in range(2, 9))]
    measured = indicators.create(
        code="I1", name="Cases", unit="cases", recommendations=rows, **world.as_manager
    )
    failures: list[BaseException] = []
    writing = threading.Event()
    writing.set()

    def write(number: int) -> None:
        chance, mine = random.Random(number), rows[number]
        deeds: list[Callable[[int], Any]] = [
            lambda n: deadlines.move(mine, due_on=date(2030, 1, 1 + n), reason="Moved.", **world.as_editor),
            lambda n: indicators.observe(measured, period=f"{number}.{n}", value=n, **world.as_editor),
            lambda n: world.publish(
                mine, chance.choice(["in_progress", "stalled"]), date(2013, 1, 1) + timedelta(days=n)
            ),
            lambda n: world.file(f"Law {number} {n}", mine),
            lambda n: recommendations.change(
                mine, visibility=chance.choice(["public", "internal"]), note=f"{n}", **world.as_manager
            ),
            lambda n: responses.record(
                mine,
                institution=world.publisher,
                kind="accepted",
                stated_on=date(2012, 1, 1) + timedelta(days=n),
                **world.as_editor,
            ),
            lambda n: recommendations.change(
                mine,
                addressees=[Asked(mine.addressees.first() or world.publisher)],
                title=f"{n}",
                **world.as_manager,
            ),
        ]
        try:
            for n in range(DEEDS):
                with transaction.atomic():
                    chance.choice(deeds)(n)
                    time.sleep(chance.random() * 0.05)  # so that who wrote first does not commit first
                    if chance.random() < 0.1:
                        transaction.set_rollback(True)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    mirror = Mirror(limit=7)

    def follow() -> None:
        try:
            while writing.is_set():
                mirror.poll()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    for thread in [reader, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    writing.clear()
    reader.join()
    assert failures == []
    mirror.catch_up()

    key = changes.key()
    places = [changes.read(change["cursor"], key) for change in mirror.changes]
    assert places == sorted(set(places))
    told = Event.objects.filter(public=True, object_type__in=changes.OBJECT_TYPES)
    assert [place.event for place in places] == list(
        told.order_by("transaction", "id").values_list("id", flat=True)
    )
    assert mirror.records == public_records()
    # The order of commits was not that of numbers, or this showed nothing.
    numbers = [place.event for place in places]
    assert numbers != sorted(numbers)


def test_what_was_never_public_is_never_told(world: World) -> None:
    hidden = world.new_source(
        "HIDDEN", title=SECRET, visibility="internal", publisher=world.body("hidden-body")
    )
    row = world.new_recommendation(
        "HIDDEN-1",
        source=hidden,
        title=SECRET,
        addressees=[],
        themes=[themes.create(code="hidden-theme", name=SECRET, **world.as_manager)],
    )
    seen = world.file(SECRET, row)
    world.publish(row, "implemented", date(2013, 1, 1), cites=[Cited(seen, "supports")])
    deadlines.move(row, due_on=date(2030, 1, 1), reason=SECRET, **world.as_editor)
    measure = indicators.create(
        code="HIDDEN-I", name=SECRET, unit="n", recommendations=[row], **world.as_manager
    )
    indicators.observe(measure, period=SECRET, value=1, **world.as_editor)
    relations.add(world.row, other=row, kind="same_aim", note=SECRET, **world.as_manager)

    mirror = Mirror().catch_up()

    told = f"{mirror.changes}{mirror.records}"
    for trace in (SECRET, "HIDDEN", "rumpel"):
        assert trace not in told
    # These two were public while nothing named them, and are told as gone, without a word of what they said.
    once = [change for change in mirror.changes if change["code"] in ("hidden-body", "hidden-theme")]
    assert [change["verb"] for change in once] == [
        "institution.created",
        "institution.hidden",
        "theme.created",
        "theme.hidden",
    ]
    assert all(change["deleted"] and change["after"] is None for change in once)


def test_what_is_public_no_longer_leaves_a_tombstone_and_no_content(world: World) -> None:
    follower = Mirror().catch_up()
    recommendations.change(world.row, title=SECRET, **world.as_manager)
    recommendations.change(world.row, visibility="internal", **world.as_manager)

    page = follower.poll()
    assert ("recommendation", "OPEN-1") not in follower.records
    tombstone = {"noun": "recommendation", "code": "OPEN-1", "deleted": True, "record": None}
    assert tombstone in page["records"]
    newcomer = Mirror().catch_up()
    assert newcomer.records == follower.records == public_records()
    assert SECRET not in f"{newcomer.changes}{follower.changes}"

    assert changes_of("?recommendation=OPEN-1")["results"][-1]["verb"] == "recommendation.hidden"


def test_what_becomes_public_does_not_tell_what_it_said_before(world: World) -> None:
    row = world.new_recommendation("OPEN-2", title=SECRET, visibility="internal")
    recommendations.change(row, title="Plain words", visibility="public", **world.as_manager)
    mirror = Mirror().catch_up()
    assert mirror.records["recommendation", "OPEN-2"]["title"] == "Plain words"
    assert SECRET not in f"{mirror.changes}{mirror.records}"


def changes_of(query: str) -> dict[str, Any]:
    answer = Client().get(f"/api/v1/changes/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def refused(query: str) -> tuple[int, str, str]:
    answer = Client().get(f"/api/v1/changes/{query}")
    problem = answer.json()
    [error] = problem["errors"] or [{"field": "", "code": problem["type"]}]
    return answer.status_code, error["field"], error["code"]


def test_a_change_says_what_was_done_and_a_record_what_is(world: World) -> None:
    world.publish(world.row, "in_progress", date(2013, 1, 1))
    page = changes_of("?recommendation=OPEN-1&limit=500")
    changed = [change for change in page["results"] if change["verb"] == "recommendation.status_changed"]
    [told] = changed
    del told["cursor"]
    assert told == {
        "at": "2026-11-26T12:00:00Z",
        "actor": "person",
        "verb": "recommendation.status_changed",
        "object_type": "recommendation",
        "object_id": "OPEN-1",
        "noun": "recommendation",
        "code": "OPEN-1",
        "recommendation": "OPEN-1",
        "url": "http://testserver/api/v1/recommendations/OPEN-1/",
        "before": {"status": "not_assessed", "status_since": None, "confidence": "", "contested": False},
        "after": {
            "status": "in_progress",
            "status_since": "2013-01-01",
            "confidence": "high",
            "contested": False,
        },
        "deleted": False,
    }
    [record] = page["records"]
    assert (record["noun"], record["code"], record["deleted"]) == ("recommendation", "OPEN-1", False)
    assert record["record"]["assessments"][0]["evidence"] == [
        {"evidence": world.seen.code, "stance": "supports", "locator": ""}
    ]
    assert world.editor.username not in f"{page}"


def test_filters_leave_out_and_the_cursor_goes_on(world: World) -> None:
    other = world.new_source("OTHER")
    world.new_recommendation("OTHER-1", source=other)
    told = changes_of("?source=OTHER")
    assert [change["verb"] for change in told["results"]] == ["source.created", "recommendation.created"]
    assert changes_of(f"?source=OTHER&after={told['cursor']}")["results"] == []
    sources.change(other, title="Another", **world.as_manager)
    told = changes_of(f"?source=OTHER&after={told['cursor']}")
    assert [change["verb"] for change in told["results"]] == ["source.changed"]
    kinds = changes_of("?object_type=theme&object_type=source")["results"]
    assert {change["object_type"] for change in kinds} == {"theme", "source"}


@pytest.mark.parametrize(
    ("query", "blamed"),
    [
        ("?after=nonsense", (400, "after", "cursor")),
        ("?after=AAAAAAAAAAEAAAAAAAAAAQAAAAAAAAAA", (400, "after", "cursor")),
        ("?limit=501", (400, "limit", "max_value")),
        ("?since=2026-01-01", (400, "since", "unknown")),
        ("?object_type=user", (400, "object_type", "invalid_choice")),
        ("?recommendation=NONE-1", (400, "recommendation", "unknown")),
        ("?source=%00", (400, "source", "null_characters_not_allowed")),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(query: str, blamed: tuple[int, str, str]) -> None:
    assert refused(query) == blamed


def test_something_hidden_that_was_never_public_is_unknown(world: World) -> None:
    world.new_recommendation("OPEN-2", visibility="internal")
    assert refused("?recommendation=OPEN-2") == (400, "recommendation", "unknown")


def test_a_cursor_of_another_tracker_is_refused(world: World) -> None:
    theirs = changes.Cursor(1, 1).text(type(changes.key())(int=1))
    assert refused(f"?after={theirs}") == (400, "after", "cursor")


def test_a_cursor_ahead_of_the_feed_is_told_to_begin_again(world: World) -> None:
    ahead = changes.Cursor(2**60, 0).text(changes.key())
    assert refused(f"?after={ahead}") == (410, "", "/api/v1/docs/#gone")


def test_a_database_restored_into_a_younger_cluster_goes_on_in_order(world: World) -> None:
    """Its counter of transactions is behind: as if all events had been written far in the future."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE recommendations_event DISABLE TRIGGER event_append_only")
        cursor.execute("UPDATE recommendations_event SET transaction = transaction + 1000000")
        cursor.execute("ALTER TABLE recommendations_event ENABLE TRIGGER event_append_only")
    mirror = Mirror().catch_up()
    assert mirror.records == public_records()
    mirror.verbs()

    sources.change(world.source, title="After the move", **world.as_manager)
    themes.change(world.theme, name="After the move", **world.as_manager)

    mirror.catch_up()
    assert mirror.verbs() == ["source.changed", "theme.changed"]
    assert mirror.records == public_records()
    assert Mirror().catch_up().records == public_records()
    assert [epoch.offset > 0 for epoch in Epoch.objects.order_by("id")] == [False, True]


def test_an_event_is_counted_without_reading_those_before_it(world: World) -> None:
    """Also in one long transaction, and whatever the planner knows of the table: here nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        read = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'recommendations_event'"
        cursor.execute(read)
        before = cursor.fetchone()
        cursor.execute(
            "INSERT INTO recommendations_event (at, actor, verb, object_type, object_id, recommendation_code, note,"
            " public) SELECT now(), 'x', 'theme.changed', 'theme', n::text, '', '', true FROM generate_series(1, 200) n"
        )
        cursor.execute(read)
        assert cursor.fetchone() == before
