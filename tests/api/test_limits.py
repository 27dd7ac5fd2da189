"""How many requests one caller may make: exactly as many as announced, by however many processes they are answered."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection, connections

from recommendations.actions import allowances
from recommendations.api import limits
from recommendations.api.limits import Leaves
from recommendations.models import Allowance
from tests import factories
from tests.api.conftest import Caller, holding

LIMITS = {"address": 2, "person": 2, "token": 3}


@pytest.fixture
def strict(settings):
    settings.API_REQUESTS_PER_MINUTE = LIMITS


@pytest.mark.django_db
class TestCounting:
    def test_each_answer_announces_what_is_left_in_both_ways(self, strict, stranger):
        answers = [stranger.get("themes/") for _each in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
        first, last = answers[0].headers, answers[2].headers
        assert first["RateLimit-Policy"] == '"address";q=2;w=60'
        assert first["RateLimit"] == f'"address";r=1;t={first["RateLimit-Reset"]}'
        assert first["RateLimit-Limit"] == "2"
        assert 0 < int(last["Retry-After"]) <= 61
        assert answers[2].json()["type"] == "/api/v1/docs/#throttled"

    def test_each_token_and_each_person_has_a_limit_of_their_own(self, strict, stranger, client):
        editor = factories.user("editor")
        callers = [holding(editor), holding(editor), stranger]
        for caller, limit in zip(callers, ("3", "3", "2"), strict=True):
            assert caller.get("themes/").headers["RateLimit-Limit"] == limit
            assert caller.get("themes/").status_code == 200
        client.force_login(editor)
        assert client.get("/api/v1/themes/").headers["RateLimit-Policy"] == '"person";q=2;w=60'

    def test_what_is_refused_counts_too(self, strict, stranger):
        assert [stranger.get("checks/").status_code for _each in range(3)] == [401, 401, 429]

    def test_guessing_at_keys_is_counted_by_address(self, strict):
        answers = [Caller(key=f"prt_{number}").get("me/") for number in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]

    def test_a_flood_does_not_fill_the_log(self, strict, stranger, caplog):
        for _each in range(5):
            stranger.get("themes/")
        assert "Too Many Requests" not in caplog.text
        stranger.get("nonsense/")
        assert "Not Found" in caplog.text

    def test_no_limit_says_nothing(self, settings, stranger):
        settings.API_REQUESTS_PER_MINUTE = dict.fromkeys(LIMITS, 0)
        answer = stranger.get("themes/")
        assert not [name for name in answer.headers if name.startswith("RateLimit")]
        assert not Allowance.objects.exists()

    def test_a_subscriber_with_a_network_of_addresses_is_one_caller_and_is_not_written_down(self, strict):
        caller = Caller()
        for host, status in [
            ("2001:db8:1:2::1", 200),
            ("2001:db8:1:2:ffff::9", 200),
            ("2001:db8:1:2::7", 429),
        ]:
            caller.client.defaults["REMOTE_ADDR"] = host
            assert caller.get("themes/").status_code == status
        caller.client.defaults["REMOTE_ADDR"] = "2001:db8:1:3::1"
        assert caller.get("themes/").status_code == 200
        assert not [name for name in Allowance.objects.values_list("caller", flat=True) if "2001" in name]

    def test_most_requests_ask_the_database_for_nothing(self, settings, stranger, django_assert_num_queries):
        settings.API_REQUESTS_PER_MINUTE = LIMITS | {"address": 1_000}
        stranger.get("themes/")
        with django_assert_num_queries(2):  # whether anything has changed, and the list
            stranger.get("themes/")
        settings.API_REQUESTS_PER_MINUTE = LIMITS | {"address": 1}
        limits.LEAVES.clear()
        stranger.get("themes/")
        with django_assert_num_queries(0):
            assert stranger.get("themes/").status_code == 429

    def test_a_minute_later_there_is_leave_again(self):
        leaves = Leaves()
        assert [leaves.use("token:1", 2, minute=7)[0] for _each in range(3)] == [True, True, False]
        assert leaves.use("token:1", 2, minute=8) == (True, 1)
        assert Leaves().use("token:1", 2, minute=7) == (True, 0), "a clock behind counts with the others"

    def test_what_was_granted_is_forgotten(self):
        Leaves().use("token:1", 2, minute=7)
        assert (allowances.prune(minute=7), allowances.prune(minute=8)) == (0, 1)


WORKER = """
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = {database!r}
from recommendations.api.limits import Leaves
leaves = Leaves()
print(sum(leaves.use("token:1", 500, minute=7)[0] for _each in range(500)))
"""


@pytest.mark.django_db(transaction=True)
class TestTogether:
    @pytest.mark.parametrize("limit", [1, 7, 100, 3_000])
    def test_processes_together_grant_the_limit_and_not_one_more(self, limit):
        processes, granted = [Leaves() for _each in range(4)], []

        def ask(leaves):
            try:
                granted.append(sum(leaves.use("token:1", limit, minute=7)[0] for _each in range(limit)))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ask, args=(leaves,)) for leaves in processes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(granted) == limit

    def test_two_real_processes_share_one_limit(self):
        script = WORKER.format(database=connection.settings_dict["NAME"])
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tracker.settings"}
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", script],
                cwd=Path(__file__).parent.parent.parent,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _each in range(2)
        ]
        assert sum(int(worker.communicate(timeout=60)[0]) for worker in workers) == 500

    def test_threads_of_one_process_lose_no_leave(self):
        leaves, granted = Leaves(), []

        def ask():
            try:
                granted.append(sum(leaves.use("token:1", 200, minute=7)[0] for _each in range(100)))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ask) for _each in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(granted) == 200


@pytest.mark.django_db
def test_a_key_costs_one_statement(django_assert_num_queries):
    caller = holding(factories.user("editor"))
    caller.get("themes/")
    with django_assert_num_queries(2):
        Caller().get("themes/")
    with django_assert_num_queries(2):  # the key and the list; what staff sees is not asked for its revision
        caller.get("themes/")
