"""A check's page, looks at many checks, and the health of all of them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.models import CheckRun, Refresh, Snapshot, StatusCheck
from recommendations.vocabulary import Outcome
from tests import factories
from tests.admin.test_deciding import url

pytestmark = pytest.mark.django_db

LIST = "/admin/recommendations/statuscheck/"


def text_of(answer):
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def look(check, outcome, ago, **fields):
    at = timezone.now() - ago
    return CheckRun.objects.create(
        status_check=check, due_at=at, started_at=at, finished_at=at, outcome=outcome, **fields
    )


class TestItsPage:
    def test_the_strip_is_told_in_words_too(self, client_of):
        check = factories.check()
        for hours, outcome in enumerate(["unchanged", "failed", "unchanged", "first_look"]):
            look(check, outcome, timedelta(hours=hours), detail="HTTP 503" if outcome == "failed" else "")
        page = client_of("viewer").get(url(check)).content.decode()
        strip = re.search(r'<div class="looks" role="img" aria-label="([^"]+)">(.*?)</div>', page, re.DOTALL)
        assert strip[1] == (
            "The last 4 runs, the oldest first: First run 1, Unchanged 2, Failed 1. The last one: Unchanged."
        )
        assert re.findall(r"look-(\w+)", strip[2]) == ["first_look", "unchanged", "failed", "unchanged"]
        assert "HTTP 503" in page

    def test_every_outcome_has_a_shape_of_its_own(self):
        from pathlib import Path

        from django.contrib.staticfiles.finders import find

        shapes = dict(
            re.findall(
                r'<symbol id="(\w+)"[^>]*>(.*?)</symbol>', Path(find("admin_tracker/looks.svg")).read_text()
            )
        )
        assert shapes.keys() == set(Outcome.values)
        assert len(set(shapes.values())) == len(shapes)

    @pytest.mark.parametrize("config", ["7", "[]", "abc"])
    def test_settings_that_are_none_are_refused_and_no_fault(self, client_of, config):
        check = factories.check()
        answer = client_of("manager").post(url(check), {"every": 7200, "config": config})
        assert answer.status_code == 200  # the form again, with what is wrong
        check.refresh_from_db()
        assert (check.config, check.every) == ({}, 3600)

    @pytest.mark.parametrize(
        "told", [{}, {"initial-config": ""}, {"initial-config": '{"terms": ["fentanyl"]}'}]
    )
    def test_settings_that_were_emptied_are_never_kept_silently(self, client_of, told):
        """Where a kind needs none they are gone, else it says which; whatever the page said of before."""
        manager, needs_none = client_of("manager"), factories.check(config={"leave_out": ["nav"]})
        kept = {"terms": ["fentanyl"]}
        needs_some = factories.check(
            kind="federal_register", evidence=None, recommendation=factories.recommendation(), config=kept
        )
        assert manager.post(url(needs_none), {"every": 3600, "config": ""} | told).status_code == 302
        refused = manager.post(url(needs_some), {"every": 7200, "config": ""} | told)
        assert "terms" in str(refused.context["adminform"].form.errors["config"])
        needs_none.refresh_from_db()
        needs_some.refresh_from_db()
        assert (needs_none.config, needs_some.config, needs_some.every) == ({}, kept, 3600)

    def test_it_says_why_it_is_looked_at_next(self, client_of, settings):
        settings.TRACKER_LIVE_CHECKS = True
        client = client_of("viewer")
        check = factories.check(every=86_400, next_due_at=timezone.now() + timedelta(hours=1))
        rows = StatusCheck.objects.filter(pk=check.pk)
        looked = timezone.now() - timedelta(hours=1)
        said = [text_of(client.get(url(check)))]
        rows.update(last_run_at=looked, quiet_runs=7, next_due_at=looked + timedelta(days=2, hours=1))
        said.append(text_of(client.get(url(check))))
        rows.update(quiet_runs=0, failures=6, next_due_at=looked + timedelta(hours=2.7))
        said.append(text_of(client.get(url(check))))
        rows.update(state="paused")
        said.append(text_of(client.get(url(check))))
        settings.TRACKER_LIVE_CHECKS = False
        rows.update(state="active")
        said.append(text_of(client.get(url(check))))
        sentences = (
            "It has not been looked at yet. After that it is set to every day.",
            "It was unchanged 7 times in a row, so it is left alone 2 times as long.",
            "It has failed 6 times in a row",
            "It is paused: nobody looks until it is made active.",
            "Scheduled checks are switched off here (TRACKER_LIVE_CHECKS)",
        )
        assert [[sentence in page for sentence in sentences] for page in said] == [
            [one == other for other in sentences] for one in sentences
        ]

    def test_it_shows_what_changed_last_and_what_it_remembers(self, client_of):
        check = factories.check(memory={"etag": '"7"', "seen": ["a", "b"], "text_hash": "f" * 300})
        document = check.evidence.document
        for days, text in ((2, "The rule is in force."), (1, "The rule is withdrawn.")):
            taken = timezone.now() - timedelta(days=days)
            snapshot = Snapshot.objects.create(
                document=document, taken_at=taken, text=text, text_hash=str(days), raw_hash=str(days)
            )
            for hours in (1, 2):
                look(check, "unchanged", timedelta(days=days, hours=hours), snapshot=snapshot)
        page = client_of("viewer").get(url(check)).content.decode()
        assert re.search(r"<del>in force.</del>\s*<ins>withdrawn.</ins>", page)
        assert "2 entries" in page
        assert "f" * 200 + "…" in page
        assert "f" * 201 not in page

    def test_it_costs_the_same_with_one_look_and_with_seventy(self, client_of, django_assert_num_queries):
        client, check = client_of("viewer"), factories.check()
        for number in (1, 69):
            for hours in range(number):
                look(check, "unchanged", timedelta(hours=hours, minutes=number))
            client.get(url(check))
            with django_assert_num_queries(10):
                page = client.get(url(check))
        assert page.content.decode().count('class="look look-unchanged"') > 60


class TestRunNow:
    def test_one_press_asks_for_it_and_the_page_says_that_it_is_awaited(self, client_of):
        editor, check = client_of("editor"), factories.check(next_due_at=factories.NOW.replace(year=2099))
        page = editor.get(url(check)).content.decode()
        assert page.count(f'action="{url(check, "run")}"') == 1
        assert f'href="{url(check, "run")}"' not in page
        answer = editor.post(url(check, "run"), follow=True)
        check.refresh_from_db()
        assert check.requested_at is not None
        page = answer.content.decode()
        assert "Waiting for a worker to look." in page
        assert f'data-progress="{url(check, "progress")}"' in page
        assert f'action="{url(check, "run")}"' not in page
        assert "No worker has taken it yet" not in page

    def test_it_is_over_when_the_look_is_recorded(self, client_of):
        editor, check = client_of("editor"), factories.check()
        editor.post(url(check, "run"))
        rows = StatusCheck.objects.filter(pk=check.pk)
        part = editor.get(url(check, "progress")).content.decode()
        assert "Waiting for a worker to look." in part
        assert "<html" not in part
        lease = {"lease": "00000000-0000-0000-0000-000000000001"}
        rows.update(leased_until=timezone.now() + timedelta(minutes=5), **lease)
        assert "A worker is looking now." in editor.get(url(check, "progress")).content.decode()
        rows.update(
            lease=None, leased_until=None, requested_by=None, requested_at=None, last_outcome="unchanged"
        )
        assert editor.get(url(check, "progress")).content.decode().strip() == "<div data-over></div>"
        assert "The run is recorded: Unchanged." in text_of(editor.get(url(check)))

    def test_it_says_when_nobody_takes_it(self, client_of):
        asked = timezone.now() - timedelta(minutes=2)
        check = factories.check(requested_by=factories.user("editor"), requested_at=asked)
        assert "No worker has taken it yet" in text_of(client_of("viewer").get(url(check)))

    def test_a_viewer_has_no_button(self, client_of):
        check = factories.check()
        assert url(check, "run") not in client_of("viewer").get(url(check)).content.decode()


class TestLookNow:
    def choose(self, client, checks, **more):
        form = {"action": "look_now", "_selected_action": [check.pk for check in checks]}
        return client.post(LIST, form | more, follow=True)

    def test_chosen_checks_are_asked_for_and_their_page_shows_how_far_it_is(self, client_of):
        editor = client_of("editor")
        first, second, other = (factories.check() for _each in range(3))
        answer = self.choose(editor, [first, second])
        refresh = Refresh.objects.get()
        assert answer.redirect_chain == [(url(refresh), 302)]
        assert set(refresh.checks.all()) == {first, second}
        assert "0 of 2 checks looked at" in text_of(answer)
        other.refresh_from_db()
        assert other.requested_at is None

        look(first, "failed", -timedelta(seconds=1), detail="HTTP 503")
        part = editor.get(url(refresh, "progress"))
        assert "1 of 2 checks looked at" in text_of(part)
        assert 'value="50"' in part.content.decode()
        assert "HTTP 503" in text_of(part)
        look(second, "unchanged", -timedelta(seconds=1))
        part = editor.get(url(refresh, "progress")).content.decode()
        assert "data-over" in part
        page = text_of(editor.get(url(refresh)))  # returned to later
        assert "Done: 2 of 2 checks were looked at." in page
        assert "You can leave this page" not in page

    def test_the_list_tells_how_far_each_has_come_at_one_cost(self, client_of, django_assert_num_queries):
        from recommendations.actions import refreshes

        editor, person = client_of("editor"), factories.user("editor")
        address = "/admin/recommendations/refresh/"
        checks = [factories.check() for _each in range(3)]
        for number in range(1, 4):
            refreshes.ask([check.pk for check in checks[:number]], by=person, now=timezone.now())
            if number == 2:
                continue
            editor.get(address)
            with django_assert_num_queries(6):
                editor.get(address)
        look(checks[0], "failed", -timedelta(seconds=1))
        page = text_of(editor.get(address))
        assert "1 of 3, under way" in page
        assert "1 of 1" in page

    def test_paused_ones_are_told(self, client_of):
        paused, active = factories.check(state="paused"), factories.check()
        answer = self.choose(client_of("editor"), [paused, active])
        assert "1 check is paused and was left out." in text_of(answer)
        answer = self.choose(client_of("editor"), [paused])
        assert "None of these checks can be looked at: they are paused." in text_of(answer)
        assert Refresh.objects.count() == 1

    def test_all_of_a_filtered_list_and_no_more_than_the_limit(self, client_of, monkeypatch):
        from recommendations.actions import refreshes

        editor = client_of("editor")
        checks = [factories.check(state=state) for state in ("failing", "failing", "failing", "active")]
        more = {"select_across": "1", "index": "0"}
        editor.post(
            f"{LIST}?state__exact=failing",
            {"action": "look_now", "_selected_action": [checks[0].pk]} | more,
        )
        assert set(Refresh.objects.get().checks.all()) == set(checks[:3])
        monkeypatch.setattr(refreshes, "MOST", 2)
        answer = self.choose(editor, checks[:1], **more)
        assert "At most 2 checks at once" in text_of(answer)
        assert Refresh.objects.count() == 1

    def test_who_may_not_is_not_offered_it_and_nobody_may_delete(self, client_of):
        check = factories.check()
        self.choose(client_of("viewer"), [check])
        assert not Refresh.objects.exists()
        manager = client_of("administrator")
        page = manager.get(LIST).content.decode()
        assert re.findall(r'<option value="(\w+)"', page.split('name="action"')[1].split("</select>")[0]) == [
            "look_now"
        ]
        manager.post(LIST, {"action": "delete_selected", "_selected_action": [check.pk], "post": "yes"})
        assert StatusCheck.objects.exists()


class TestHealth:
    HEALTH = "/admin/check-health/"

    @pytest.fixture
    def checks(self):
        now = timezone.now()
        return {
            "late": factories.check(next_due_at=now - timedelta(hours=1), host="slow.example"),
            "failing": factories.check(
                next_due_at=now + timedelta(hours=1), host="bad.example", state="failing"
            ),
            "keyless": factories.check(
                kind="series",
                evidence=None,
                indicator=factories.indicator(),
                next_due_at=now + timedelta(hours=1),
                last_outcome="key_missing",
            ),
        }

    def test_each_number_leads_to_the_list_that_it_counts(self, client_of, checks):
        client = client_of("viewer")
        look(checks["failing"], "failed", timedelta(hours=2))
        look(checks["failing"], "failed", timedelta(days=2))
        page = client.get(self.HEALTH).content.decode()
        assert "bad.example" in page
        followed = 0
        for link, number in re.findall(
            r'href="(/admin/recommendations/[^"]*?)"[^>]*>(?:<span class="number-big">)?([\d,]+)<', page
        ):
            listed = client.get(link.replace("&amp;", "&")).context["cl"].result_count
            assert listed == int(number.replace(",", "")), link
            followed += 1
        assert followed == 7 + 1 + 1 + 2, (
            "cards, failing pages, series without key, failed looks of two spans"
        )

    def test_it_says_how_often_each_rule_is_right(self, client_of, checks):
        from tests.admin.test_roles import factories_finding

        factories_finding(checks["late"])
        client = client_of("viewer")
        page = client.get(self.HEALTH)
        assert "answer_gone version 1 not known 0 0 1" in text_of(page)
        (link,) = re.findall(r'href="([^"]+)">answer_gone<', page.content.decode())
        assert client.get(link).context["cl"].result_count == 1

    def test_it_says_when_scheduled_checks_are_switched_off(self, client_of, settings):
        client = client_of("viewer")
        assert "Scheduled checks are switched off here" in text_of(client.get(self.HEALTH))
        settings.TRACKER_LIVE_CHECKS = True
        assert "Scheduled checks are switched off here" not in text_of(client.get(self.HEALTH))

    def test_it_costs_the_same_for_few_checks_and_for_many(
        self, client_of, checks, django_assert_num_queries
    ):
        client = client_of("viewer")
        for _each in range(2):
            client.get(self.HEALTH)
            with django_assert_num_queries(8):
                client.get(self.HEALTH)
            for number in range(5):
                check = factories.check(host=f"{number}.example", state="failing")
                look(check, "failed", timedelta(hours=1))

    def test_only_staff_see_it(self, client, client_of):
        assert client.get(self.HEALTH).status_code == 302
        assert client_of("").get(self.HEALTH).status_code == 302
