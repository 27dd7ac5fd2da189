"""A role may be limited to sources or themes: then it counts there and nowhere else, by every door."""

import ast
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from recommendations.actions import (
    assessments,
    assignments,
    checks,
    closures,
    deadlines,
    documents,
    evidence,
    findings,
    indicators,
    institutions,
    recommendations,
    relations,
    responses,
    sources,
    themes,
    users,
)
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Event, User
from recommendations.queries import limits, queue
from recommendations.queries.queue import Wanted
from tests import factories
from tests.factories import NOW

ACTIONS = Path(__file__).parents[1] / "recommendations" / "actions"
CONCERN_EVERYTHING = {
    "user.write",
    "webhook.write",
    "institution.write",
    "theme.write",
    "source.write",
    "retention.apply",
}
"""Verbs that are asked for without saying what they are about, here and there: what they change is no one source's."""


def test_every_action_says_what_it_is_about():
    bare = []
    for path in ACTIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "require"
                and len(node.args) < 3
            ):
                bare.append((path.name, node.args[1].value))
    whole = {"loading.py", "seeds.py"}  # a whole tracker at once
    assert {verb for file, verb in bare if file not in whole} <= CONCERN_EVERYTHING
    assert {file for file, verb in bare if verb == "assessment.publish"} == whole
    assert [file for file, verb in bare if verb == "source.write"] == ["sources.py"]  # adding one


class World:
    """One recommendation with everything that can be done about it."""

    def __init__(self) -> None:
        self.row = factories.recommendation()
        self.theme = factories.theme()
        self.row.themes.add(self.theme)
        self.evidence = factories.evidence(bears_on=self.row)
        self.finding = factories.finding(kind="evidence_changed", evidence=self.evidence)
        self.proposal = factories.proposed(self.row, now=NOW)
        self.check = factories.check(evidence=self.evidence)
        self.indicator = factories.indicator(recommendations=[self.row])


PROPOSED = {
    "status": "no_action",
    "effective_on": date(2013, 1, 1),
    "rationale": "Nothing.",
    "confidence": "low",
}
FILED = {
    "url": "https://example.org/new",
    "title": "New",
    "finding": "Something.",
    "kind": "report",
    "occurred_on": date(2020, 1, 1),
}
ASKED = {"code": "NEW-01", "title": "New", "summary": "New.", "addressees": []}


def propose(world, by):
    assessments.propose(world.row, **PROPOSED, cites=[], by=by, now=NOW)


DEEDS = {
    "propose": propose,
    "publish": lambda world, by: assessments.publish(world.proposal, by=by, now=NOW),
    "reject": lambda world, by: assessments.reject(world.proposal, by=by, now=NOW, note="No."),
    "close": lambda world, by: closures.close(
        world.row, reason="superseded", note="So.", review_on=date(2030, 1, 1), by=by, now=NOW
    ),
    "move a deadline": lambda world, by: deadlines.move(
        world.row, due_on=date(2030, 1, 1), reason="So.", by=by, now=NOW
    ),
    "record a response": lambda world, by: responses.record(
        world.row,
        institution=factories.institution(),
        kind="accepted",
        stated_on=date(2014, 1, 1),
        summary="Yes.",
        by=by,
        now=NOW,
    ),
    "file evidence": lambda world, by: evidence.file(
        **FILED, bears_on=[evidence.Bearing(world.row, "supports")], by=by, now=NOW
    ),
    "change evidence": lambda world, by: evidence.change(world.evidence, title="Other", by=by, now=NOW),
    "dismiss": lambda world, by: findings.dismiss(world.finding, by=by, now=NOW, note="No."),
    "accept": lambda world, by: findings.accept(world.finding, by=by, now=NOW, note="Yes."),
    "assign": lambda world, by: assignments.assign(
        world.finding, person=factories.user("editor"), by=by, now=NOW
    ),
    "look now": lambda world, by: checks.request_run(world.check, by=by, now=NOW),
    "change a check": lambda world, by: checks.change(world.check, every=7200, by=by, now=NOW),
    "observe": lambda world, by: indicators.observe(
        world.indicator, period="2020", value=1, by=by, now=NOW, seen_at="https://example.org/"
    ),
    "change a recommendation": lambda world, by: recommendations.change(
        world.row, title="Other", by=by, now=NOW
    ),
    "add a recommendation": lambda world, by: recommendations.create(
        world.row.source, **ASKED, themes=[world.theme], by=by, now=NOW
    ),
    "relate": lambda world, by: relations.add(
        world.row, other=factories.recommendation(), kind="same_aim", by=by, now=NOW
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["source", "theme", "theme above"])
@pytest.mark.parametrize("name", DEEDS)
def test_a_limited_role_counts_within_its_limits_and_nowhere_else(name, limit):
    mine, other = World(), World()
    if limit == "source":
        limits = {"source_limits": [mine.row.source_id]}
    elif limit == "theme":
        limits = {"theme_limits": [mine.theme.pk]}
    else:
        above = factories.theme()
        mine.theme.parent = above
        mine.theme.save()
        limits = {"theme_limits": [above.pk]}
    person = factories.user("manager", **limits)
    with pytest.raises(NotAllowed) as refusal:
        DEEDS[name](other, person)
    assert refusal.value.rule == "limits"
    DEEDS[name](mine, person)


@pytest.mark.django_db
def test_evidence_of_others_is_not_changed_by_linking_it_to_ones_own():
    mine, other = World(), World()
    person = factories.user("editor", source_limits=[mine.row.source_id])
    evidence.link(other.evidence, evidence.Bearing(mine.row, "supports"), by=person, now=NOW)
    with pytest.raises(NotAllowed) as refusal:
        evidence.change(other.evidence, title="Other", by=person, now=NOW)
    assert refusal.value.rule == "limits"


@pytest.fixture
def shared():
    """A document with two pieces of evidence, of which one bears on what a manager is limited to."""
    mine, other = World(), World()
    beside = factories.evidence(bears_on=other.row, document=mine.evidence.document)
    return mine, beside, factories.user("manager", source_limits=[mine.row.source_id])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "deed",
    [
        lambda mine, by: checks.change(mine.check, state="paused", by=by, now=NOW),
        lambda mine, by: checks.change(mine.check, every=7200, by=by, now=NOW),
        lambda mine, by: documents.change(mine.evidence.document, title="Other", by=by, now=NOW),
    ],
    ids=["pause", "look less often", "correct the document"],
)
def test_what_others_rest_on_is_not_changed_by_who_is_limited(shared, deed):
    mine, beside, person = shared
    with pytest.raises(NotAllowed) as refusal:
        deed(mine, person)
    assert refusal.value.rule == "limits"
    evidence.unlink(beside.links.get(), by=factories.user("manager"), now=NOW, note="Not about it.")
    deed(mine, person)


@pytest.mark.django_db
def test_a_check_that_others_rest_on_is_paused_by_no_door(shared, client):
    mine, _beside, person = shared
    client.force_login(person)
    address = reverse("admin:recommendations_statuscheck_change", args=[mine.check.pk])
    page = client.get(address).content.decode()
    assert 'name="_save"' not in page
    assert reverse("admin:recommendations_statuscheck_pause", args=[mine.check.pk]) not in page
    assert "Run now" in page
    for pause in ("pause", "change"):
        address = reverse(f"admin:recommendations_statuscheck_{pause}", args=[mine.check.pk])
        assert client.post(address, {"every": 7200, "config": "{}"}).status_code == 403
    told = client.patch(
        f"/api/v1/checks/{mine.check.pk}/",
        {"state": "paused"},
        "application/json",
        headers={"If-Match": "*"},
    )
    assert (told.status_code, "limited to" in told.json()["detail"]) == (403, True)
    mine.check.refresh_from_db()
    assert mine.check.state == "active"


@pytest.mark.django_db
def test_many_are_judged_at_once_and_each_must_be_within(django_assert_num_queries):
    mine, other = World(), World()
    person = factories.user("editor", source_limits=[mine.row.source_id])
    more = [factories.check(evidence=factories.evidence(bears_on=mine.row)) for _check in range(3)]
    for checks_, within in (([mine.check], True), ([mine.check, *more], True), ([other.check, *more], False)):
        with django_assert_num_queries(1):
            assert limits.covers(person, checks_) is within
    assert not limits.covers(person, [])
    assert not limits.covers(person, [mine.check, other.row.source])


@pytest.mark.django_db
def test_what_concerns_everything_is_for_people_without_limits():
    source = factories.source()
    person = factories.user("manager", source_limits=[source.pk])
    for deed in (
        lambda: institutions.create(code="X", name="X", kind="agency", by=person, now=NOW),
        lambda: themes.create(code="x", name="X", by=person, now=NOW),
        lambda: sources.create(code="X", title="X", by=person, now=NOW),
        lambda: sources.change(factories.source(), title="Other", by=person, now=NOW),
        lambda: evidence.file(**FILED, bears_on=[], by=person, now=NOW),
    ):
        with pytest.raises(NotAllowed) as refusal:
            deed()
        assert refusal.value.rule == "limits"
    sources.change(source, title="Other", by=person, now=NOW)


@pytest.mark.django_db
def test_limits_are_set_by_an_administrator_and_stand_in_the_record():
    admin, person, source = factories.user("administrator"), factories.user("editor"), factories.source()
    users.change(person, source_limits=[source.pk], by=admin, now=NOW)
    person.refresh_from_db()
    assert person.limited
    event = Event.objects.get(verb="user.changed")
    assert (event.before, event.after) == ({"source_limits": []}, {"source_limits": [source.code]})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"source_limits": [999999]}, "user_limits_known"),
        ({"role": "administrator"}, "user_administrator_unlimited"),
    ],
)
def test_limits_that_make_no_sense_are_refused(changes, rule):
    person = factories.user("editor", theme_limits=[factories.theme().pk])
    with pytest.raises(Refused) as refusal:
        users.change(person, **changes, by=factories.user("administrator"), now=NOW)
    assert refusal.value.rule == rule
    assert User.objects.get(pk=person.pk).role == "editor"


@pytest.mark.django_db
def test_the_queue_knows_whose_turn_it_is_within_limits():
    mine, other = World(), World()
    person = factories.user("reviewer", source_limits=[mine.row.source_id])
    yours = {item.place.pk for item in queue.page(Wanted(turn="yours"), person, now=NOW, limit=50)}
    assert yours == {mine.proposal.pk, mine.finding.pk}
    told = queue.counts(person)
    assert (told.all, told.yours, told.others) == (4, 2, 2)
    seen = {item.place for item in queue.page(Wanted(), person, now=NOW, limit=50)}
    assert len(seen) == 4
    assert other.proposal.pk in {place.pk for place in seen}


@pytest.mark.django_db
def test_the_api_and_the_admin_say_so(client):
    mine, other = World(), World()
    person = factories.user("reviewer", source_limits=[mine.row.source_id])
    client.force_login(person)
    me = client.get("/api/v1/me/").json()
    assert me["limits"] == {"sources": [mine.row.source.code], "themes": []}
    answer = client.post(f"/api/v1/assessments/{other.proposal.pk}/publish/", {}, "application/json")
    assert answer.status_code == 403
    assert "limited to" in answer.json()["detail"]
    page = client.get(reverse("admin:queue_item", args=["proposal", other.proposal.pk])).content.decode()
    assert 'value="publish"' not in page
    page = client.get(reverse("admin:queue_item", args=["proposal", mine.proposal.pk])).content.decode()
    assert 'value="publish"' in page


@pytest.mark.django_db
def test_an_administrator_sets_limits_in_the_admin(client):
    person, source = factories.user("editor"), factories.source()
    client.force_login(factories.user("administrator"))
    url = reverse("admin:recommendations_user_change", args=[person.pk])
    assert "Only for these sources" in client.get(url).content.decode()
    sent = {"name": "", "email": "", "role": "editor", "is_active": "on", "source_limits": [source.pk]}
    assert client.post(url, sent).status_code == 302
    person.refresh_from_db()
    assert person.source_limits == [source.pk]
    assert source.title in client.get(url).content.decode()
