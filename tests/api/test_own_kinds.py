"""The kinds that look at our own rows, from the door where they are configured to the finding a person sees."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.actions import closures, deadlines, freshness
from recommendations.actions import responses as response_actions
from recommendations.models import CheckRun, Finding, StatusCheck
from recommendations.queries import own_rows
from recommendations.tasks import look_at_due
from tests import factories

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 10, 12, tzinfo=UTC)
TWO_MONTHS = {"response_within_months": 2, "response_rule": "Standing order 12"}


def watch(manager, row, kind="deadline", **config):
    answer = manager.post(
        "checks/", {"kind": kind, "recommendation": row.code, "config": config, "every": 86_400}
    )
    assert answer.status_code == 201, answer.json()
    return answer.json()


def look(check):
    """A sweep without live checks; the next one comes a day later."""
    StatusCheck.objects.filter(pk=check["id"]).update(next_due_at=timezone.now())
    assert look_at_due(live=False) == 1


def runs_of(reader, check):
    return [
        (each["outcome"], each["detail"]) for each in reader.read(f"checks/{check['id']}/runs/")["results"]
    ]


def findings_of(reader, check):
    return [
        (each["kind"], each["recommendation"], each["sightings"])
        for each in reader.read("findings/")["results"]
        if each["check"] == check["id"]
    ]


@pytest.fixture
def late():
    row = factories.recommendation()
    deadlines.move(row, due_on=date(2020, 1, 31), reason="Agreed.", by=factories.user(), now=LONG_AGO)
    return row


def test_a_passed_deadline_is_found_by_a_check_that_goes_nowhere(manager, editor, late):
    check = watch(manager, late)
    assert (check["address"], check["host"], check["recommendation"]) == ("", "", late.code)
    assert manager.post(f"checks/{check['id']}/run/").status_code == 202

    look(check)
    look(check)

    assert runs_of(editor, check) == [
        ("unchanged", f"The deadline of {late.code} has passed"),
        ("first_look", f"The deadline of {late.code} has passed"),
    ]
    assert findings_of(editor, check) == [("deadline_passed", late.code, 1)]
    told = Finding.objects.get()
    assert (told.saw, told.detail) == (
        {"due_on": "2020-01-31", "status": "not_assessed"},
        "It was due on 2020-01-31 and is not closed.",
    )


def test_a_check_and_the_minute_pass_tell_one_finding_whoever_comes_first(manager, editor, late):
    deadlines.tell_passed(now=timezone.now())
    check = watch(manager, late)
    look(check)
    assert findings_of(editor, check) == [("deadline_passed", late.code, 2)]

    second = factories.recommendation()
    deadlines.move(second, due_on=date(2020, 1, 31), reason="Agreed.", by=factories.user(), now=LONG_AGO)
    look(watch(manager, second))
    assert deadlines.tell_passed(now=timezone.now()) == 0
    assert Finding.objects.count() == 2


def test_a_lapsed_closure_is_found_before_and_after_it_is_reopened(manager, editor):
    reviewer, row = factories.user("reviewer"), factories.recommendation()
    closures.close(
        row,
        reason="superseded",
        note="A newer report asks for more.",
        review_on=date(2020, 2, 1),
        by=reviewer,
        now=LONG_AGO,
    )
    check = watch(manager, row)
    look(check)
    assert findings_of(editor, check) == [("closure_expired", row.code, 1)]
    assert closures.reopen_lapsed(now=timezone.now()) == 1
    look(check)
    assert findings_of(editor, check) == [("closure_expired", row.code, 2)]
    assert Finding.objects.get().detail == "It was closed as “Superseded” and is open again."


def test_no_response_is_overdue_unless_somebody_says_by_when(manager, editor):
    check = watch(manager, factories.recommendation())
    look(check)
    assert runs_of(editor, check) == [("first_look", "no date has passed")]


@pytest.mark.parametrize(
    ("config", "due_on"),
    [
        (TWO_MONTHS, "2011-05-31"),  # published in March 2011, nobody knows on which day: from its last one
        ({"response_within_days": 56, "response_rule": "Rule 4"}, "2011-05-26"),
        (TWO_MONTHS | {"response_from": "2011-12-30"}, "2012-02-29"),
    ],
)
def test_a_response_is_overdue_by_the_rule_that_was_named(manager, editor, config, due_on):
    body = factories.institution(name="Ministry of the Interior")
    row = factories.recommendation(addressees=[body])
    check = watch(manager, row, **config)
    look(check)
    look(check)

    assert findings_of(editor, check) == [("response_overdue", row.code, 1)]
    told = Finding.objects.get()
    assert told.saw == {
        "due_on": due_on,
        "rule": config["response_rule"],
        "counted_from": config.get("response_from", "2011-03-31"),
        "addressees": ["Ministry of the Interior"],
    }
    assert told.detail == (
        f"A response was due by {due_on} ({config['response_rule']}). Asked: Ministry of the Interior."
    )


def test_a_response_of_any_kind_ends_the_wait_and_a_closure_too(manager, editor):
    answered, closed = factories.recommendation(), factories.recommendation()
    response_actions.record(
        answered,
        institution=factories.institution(),
        kind="noted",
        stated_on=date(2019, 1, 1),
        by=factories.user(),
        now=LONG_AGO,
    )
    factories.published(closed, status="implemented", now=LONG_AGO)
    closures.close(closed, reason="implemented", note="Done.", by=factories.user("reviewer"), now=LONG_AGO)
    for row in (answered, closed):
        check = watch(manager, row, **TWO_MONTHS)
        look(check)
        assert runs_of(editor, check) == [("first_look", "no date has passed")]


def test_an_old_verdict_is_found_by_the_shelf_life_or_by_the_days_that_were_set(manager, editor):
    now = timezone.now()
    old, young, unjudged = (factories.recommendation() for _row in range(3))
    factories.published(old, status="in_progress", now=now - timedelta(days=200))
    factories.published(young, status="in_progress", now=now - timedelta(days=40))
    checks = [watch(manager, row, "freshness") for row in (old, young, unjudged)]
    strict = watch(manager, young, "freshness", within_days=30)
    look_at_due(live=False)

    told = [findings_of(editor, check) for check in (*checks, strict)]
    assert told == [
        [("verdict_stale", old.code, 1)],
        [],
        [],
        [("verdict_stale", young.code, 1)],
    ]
    assert runs_of(editor, checks[2]) == [("first_look", "there is no verdict yet")]
    assert freshness.tell_stale(now=now) == 0, "the check told it first"
    assert "may stand for 30 days" in Finding.objects.get(recommendation=young).detail


@pytest.mark.parametrize(
    ("kind", "config", "field", "said"),
    [
        ("deadline", {"response_within_days": 0}, "response_within_days", "from 1 to 3650. Given: 0."),
        ("deadline", {"response_within_days": 56}, "response_rule", "Say where it is written"),
        ("deadline", {"response_within_days": "56"}, "response_within_days", 'Given: "56".'),
        (
            "deadline",
            {"response_within_days": 56, "response_within_months": 2, "response_rule": "x"},
            "response_within_months",
            "not both",
        ),
        ("deadline", {"response_rule": "x"}, "response_rule", "This goes with response_within_days"),
        ("deadline", TWO_MONTHS | {"response_from": "spring"}, "response_from", "Give a day"),
        ("deadline", {"days": 5}, "days", "no such field. Given: 5."),
        ("freshness", {"within_days": 1.5}, "within_days", "Given: 1.5."),
        ("freshness", {"within_days": True}, "within_days", "Given: true."),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name_with_what_it_held(manager, kind, config, field, said):
    body = {"kind": kind, "recommendation": factories.recommendation().code, "config": config, "every": 60}
    answer = manager.post("checks/", body)
    assert answer.status_code == 400
    named = {each["field"]: each for each in answer.json()["errors"]}
    assert said in named[f"config.{field}"]["detail"]
    assert named[f"config.{field}"]["code"] == "check_config"


def test_such_a_check_is_about_a_recommendation_and_once(manager, late):
    body = {"kind": "freshness", "evidence": factories.evidence().pk, "every": 86_400}
    assert manager.post("checks/", body).json()["errors"][0]["field"] == "evidence"
    watch(manager, late)
    again = manager.post("checks/", {"kind": "deadline", "recommendation": late.code, "every": 60})
    assert (again.status_code, again.json()["rule"]) == (409, "check_one_of_a_kind")


def test_it_is_looked_at_each_time_it_is_due_however_quiet_it_is(manager):
    check = watch(manager, factories.recommendation())
    for _time in range(12):
        look(check)
    row, last = StatusCheck.objects.get(), CheckRun.objects.order_by("-id")[0]
    assert row.quiet_runs == 0
    assert row.next_due_at - last.finished_at < timedelta(seconds=86_400 * 1.2)


def test_a_busy_host_of_nobody_does_not_hold_up_the_others(manager, late):
    """A dead worker's lease on one such check leaves the others to be taken."""
    held, free = watch(manager, late), watch(manager, factories.recommendation(), "freshness")
    StatusCheck.objects.filter(pk=held["id"]).update(
        lease="00000000-0000-4000-8000-000000000001", leased_until=timezone.now() + timedelta(minutes=5)
    )
    assert look_at_due(live=False) == 1
    assert CheckRun.objects.get().status_check_id == free["id"]


def test_what_went_wrong_with_one_look_is_recorded_and_the_next_is_taken(manager, late, caplog):
    broken, good = watch(manager, late), watch(manager, factories.recommendation(), "freshness")
    StatusCheck.objects.filter(pk=broken["id"]).update(config={"response_within_days": "soon"})
    assert look_at_due(live=False) == 2
    told = {run.status_check_id: run.outcome for run in CheckRun.objects.all()}
    assert told == {broken["id"]: "failed", good["id"]: "first_look"}


def test_the_list_and_the_page_of_the_staff_show_them(client, manager, late):
    check = watch(manager, late, **TWO_MONTHS)
    look(check)
    client.force_login(manager.user)
    listed = client.get(reverse("admin:recommendations_statuscheck_changelist") + "?kind__exact=deadline")
    page = client.get(reverse("admin:recommendations_statuscheck_change", args=[check["id"]]))
    assert late.code in listed.content.decode()
    assert f"The deadline of {late.code} has passed" in page.content.decode()


def test_what_checks_are_told_costs_the_same_for_one_recommendation_and_for_three(
    late, django_assert_num_queries
):
    rows = [late, factories.recommendation(), factories.recommendation()]
    for told_of in (rows[:1], rows):
        with django_assert_num_queries(3):  # recommendations, closures, addressees
            told = own_rows.of({row.pk for row in told_of}, now=timezone.now())
        assert {each.code: each.overdue for each in told.values()} == {
            row.code: row == late for row in told_of
        }
