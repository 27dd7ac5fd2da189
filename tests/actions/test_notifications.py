"""People are told what concerns them, once, as they chose; nothing is lost and nothing told twice."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from recommendations.actions import assessments, assignments, deadlines, digests, findings, notifications
from recommendations.actions.refusals import Refused
from recommendations.models import Digest, FeedPlace, Notification
from recommendations.queries.notifications import How
from recommendations.vocabulary import Topic
from tests import factories
from tests.factories import NOW

MAILED = {"finding": How(True, True), "assigned": How(True, True)}


def told(person):
    rows = Notification.objects.filter(person=person).order_by("pk")
    return [(row.topic, row.title) for row in rows]


def make():
    """As often as the task would, until nothing is left."""
    while notifications.make(now=NOW):
        pass


@pytest.fixture
def reviewer(transactional_db):
    return factories.user("reviewer", email="reviewer@example.org")


@pytest.fixture
def theme(transactional_db):
    return factories.theme()


@pytest.fixture
def about(theme):
    row = factories.recommendation()
    row.themes.add(factories.theme(parent=theme))
    return row


def bring(about, number=1, **more):
    return findings.bring(
        kind="status_suggested",
        rule="a_rule",
        rule_version="1",
        title=f"Bill {number} has passed",
        fingerprint=f"bill:{number}",
        by="check:1",
        now=NOW,
        recommendation=about,
        **more,
    )


def test_who_is_asked_to_decide_is_told_once(about, reviewer):
    proposal = factories.proposed(about)
    assignments.assign(proposal, person=reviewer, by=reviewer, now=NOW)
    make()
    make()
    assert told(reviewer) == [("assigned", f"You are asked to decide: {about}")]


def test_whose_proposal_is_sent_back_is_told_why(about, reviewer):
    editor = factories.user("editor")
    proposal = factories.proposed(about, by=editor)
    assessments.reject(proposal, by=reviewer, now=NOW, note="Cite the law itself.")
    make()
    assert told(editor) == [("sent_back", f"Sent back: {about}. Cite the law itself.")]
    assert told(reviewer) == []


def test_who_follows_a_theme_is_told_of_findings_under_its_parts(about, theme, reviewer):
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    stranger = factories.user("editor")
    bring(about)
    bring(factories.recommendation(), 2)
    make()
    assert told(reviewer) == [("finding", "Found: Bill 1 has passed")]
    assert told(stranger) == []


def test_a_finding_on_a_watched_document_is_told_to_who_follows_what_it_bears_on(about, theme, reviewer):
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    other = factories.evidence(bears_on=about)
    watched = factories.evidence(document=other.document)
    findings.bring(
        kind="evidence_changed",
        rule="text_changed",
        rule_version="1",
        title="It reads differently",
        fingerprint="x",
        by="check:1",
        now=NOW,
        evidence=watched,
    )
    make()
    assert told(reviewer) == [("finding", "Found: It reads differently")]


def test_a_deadline_that_comes_near_is_told_once_and_anew_when_it_moves(about, theme, reviewer):
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    editor, today = factories.user("editor"), NOW.date()
    for days in (31, 30):
        deadlines.move(about, due_on=today + timedelta(days=days), reason="Told.", by=editor, now=NOW)
        notifications.make_of_deadlines(now=NOW)
        assert notifications.make_of_deadlines(now=NOW) == 0
    deadlines.move(about, due_on=today, reason="Told.", by=editor, now=NOW)
    notifications.make_of_deadlines(now=NOW)
    assert [topic for topic, _title in told(reviewer)] == ["deadline", "deadline"]
    assert told(reviewer)[0][1] == f"Due on {today + timedelta(days=30)}: {about}"


def test_what_is_switched_off_is_not_told(about, theme, reviewer):
    notifications.choose(reviewer, {Topic.FINDING: How(False, False)}, [theme], by=reviewer)
    bring(about)
    make()
    assert told(reviewer) == []


def test_an_account_that_may_not_sign_in_is_told_nothing(about, theme, reviewer):
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    reviewer.is_active = False
    reviewer.save()
    bring(about)
    make()
    assert told(reviewer) == []


def test_a_place_that_is_set_back_tells_nobody_twice(about, theme, reviewer):
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    bring(about)
    make()
    FeedPlace.objects.filter(reader="notifications").update(transaction=0, event=0)
    make()
    assert len(told(reviewer)) == 1


def test_without_a_place_it_begins_now_and_not_at_the_beginning(about, theme, reviewer):
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    bring(about)
    FeedPlace.objects.all().delete()
    make()
    assert told(reviewer) == []
    bring(about, 2)
    make()
    assert told(reviewer) == [("finding", "Found: Bill 2 has passed")]


def test_a_failure_on_the_way_loses_nothing(about, theme, reviewer, monkeypatch):
    make()
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    bring(about)
    with monkeypatch.context() as broken:
        broken.setattr(FeedPlace, "save", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            notifications.make(now=NOW)
    assert told(reviewer) == []
    make()
    assert len(told(reviewer)) == 1


def test_nobody_chooses_for_another(reviewer):
    with pytest.raises(Refused) as refusal:
        notifications.choose(reviewer, {}, [], by=factories.user("administrator"))
    assert refusal.value.rule == "subscription_of_oneself"


def test_mail_needs_an_address(db):
    person = factories.user("editor")
    with pytest.raises(Refused) as refusal:
        notifications.choose(person, MAILED, [], by=person)
    assert refusal.value.rule == "subscription_has_address"


def test_a_tracker_without_a_mail_server_says_so(reviewer, settings):
    settings.TRACKER_MAIL = False
    with pytest.raises(Refused) as refusal:
        notifications.choose(reviewer, MAILED, [], by=reviewer)
    assert refusal.value.rule == "subscription_can_be_mailed"


def test_one_mail_a_day_tells_everything_since_the_last_one(about, theme, reviewer):
    notifications.choose(reviewer, MAILED, [theme], by=reviewer)
    for number in (1, 2):
        bring(about, number)
    make()
    assert (digests.gather(now=NOW), digests.send_due(now=NOW)) == (1, 1)
    (sent,) = mail.outbox
    assert sent.to == ["reviewer@example.org"]
    assert "Bill 1 has passed" in sent.body
    assert "Bill 2 has passed" in sent.body
    assert sent.extra_headers["Message-ID"].startswith(f"<{Digest.objects.get().message}@")
    bring(about, 3)
    make()
    soon, tomorrow = NOW + timedelta(hours=23), NOW + timedelta(hours=25)
    assert (digests.gather(now=soon), digests.send_due(now=soon)) == (0, 0)
    assert (digests.gather(now=tomorrow), digests.send_due(now=tomorrow)) == (1, 1)
    assert "Bill 2" not in mail.outbox[1].body
    assert digests.gather(now=tomorrow + timedelta(days=2)) == 0


class Refusing(BaseEmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail server here")


def test_a_mail_that_cannot_be_sent_is_tried_again_later(about, theme, reviewer, settings):
    notifications.choose(reviewer, MAILED, [theme], by=reviewer)
    bring(about)
    make()
    digests.gather(now=NOW)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert digests.send_due(now=NOW) == 0
    waiting = Digest.objects.get()
    assert (waiting.attempts, waiting.sent_at) == (1, None)
    assert "no mail server here" in waiting.failure
    settings.EMAIL_BACKEND = working
    assert digests.send_due(now=NOW) == 0
    assert digests.send_due(now=waiting.due_at) == 1
    assert digests.send_due(now=waiting.due_at + timedelta(days=1)) == 0
    assert len(mail.outbox) == 1


def test_reading_marks_ones_own(about, theme, reviewer):
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    bring(about)
    make()
    row = Notification.objects.get()
    assert notifications.read(factories.user("editor"), [row.pk], now=NOW) == 0
    assert notifications.read(reviewer, [row.pk], now=NOW) == 1
    assert notifications.read(reviewer, now=NOW) == 0


def test_dates_before_today_are_not_near(about, theme, reviewer):
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    deadlines.move(about, due_on=date(2026, 11, 20), reason="Told.", by=factories.user("editor"), now=NOW)
    assert notifications.make_of_deadlines(now=NOW) == 0


def lose_role(person):
    person.role = ""
    person.save()


def test_whose_role_was_taken_away_is_told_nothing(about, reviewer):
    editor = factories.user("editor")
    first, second = factories.proposed(about, by=editor), factories.proposed(about)
    assessments.reject(first, by=reviewer, now=NOW, note="Cite the law itself.")
    assignments.assign(second, person=reviewer, by=reviewer, now=NOW)
    for person in (editor, reviewer):
        lose_role(person)
    make()
    assert Notification.objects.count() == 0


def test_whose_role_was_taken_away_is_mailed_nothing(about, theme, reviewer):
    notifications.choose(reviewer, MAILED, [theme], by=reviewer)
    bring(about)
    make()
    digests.gather(now=NOW)
    bring(about, 2)
    make()
    lose_role(reviewer)
    later = NOW + timedelta(days=2)
    assert digests.gather(now=later) == 0  # of what had not been gathered
    assert digests.send_due(now=later) == 0  # of what had
    assert mail.outbox == []


def test_a_mail_that_can_never_be_sent_holds_up_no_other(about, theme, reviewer):
    other = factories.user("editor", email="other@example.org")
    for person in (reviewer, other):
        notifications.choose(person, MAILED, [theme], by=person)
    bring(about)
    make()
    reviewer.email = "not an\naddress"
    reviewer.save()
    digests.gather(now=NOW)
    assert digests.send_due(now=NOW) == 1
    assert [each.to for each in mail.outbox] == [["other@example.org"]]
    waiting = Digest.objects.get(person=reviewer)
    assert waiting.failure
    Digest.objects.filter(pk=waiting.pk).update(attempts=60)  # a fortnight without a mail server
    digests.send_due(now=waiting.due_at)
    assert Digest.objects.get(pk=waiting.pk).attempts == 61


def test_who_wants_no_deadlines_stands_in_nobodys_way(about, theme, reviewer):
    unwilling = factories.user("editor")
    notifications.choose(unwilling, {Topic.DEADLINE: How(False, False)}, [theme], by=unwilling)
    notifications.choose(reviewer, {}, [theme], by=reviewer)
    later = factories.recommendation()
    later.themes.add(theme)
    for row, days in ((about, 20), (later, 10)):
        day = NOW.date() + timedelta(days=days)
        deadlines.move(row, due_on=day, reason="Told.", by=reviewer, now=NOW)
    assert notifications.make_of_deadlines(now=NOW, limit=1) == 1
    assert notifications.make_of_deadlines(now=NOW, limit=1) == 1
    due = [(NOW.date() + timedelta(days=days)).isoformat() for days in (10, 20)]
    assert [title.split(":")[0] for _topic, title in told(reviewer)] == [f"Due on {day}" for day in due]
    assert told(unwilling) == []
