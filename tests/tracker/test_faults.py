from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory

from tests import factories
from tracker import faults


def test_a_program_gets_a_problem(client: Client) -> None:
    answer = client.get("/api/nothing-here/")

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/api/v1/docs/#not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "errors": [],
    }


def test_a_person_gets_a_page(client: Client, db: None) -> None:
    answer = client.get("/nothing-here/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_staff_are_told_why_and_led_back_to_their_work(client: Client, db: None) -> None:
    source = factories.source()
    person = factories.user("reviewer", source_limits=[source.pk])
    client.force_login(person)
    other = factories.proposed(factories.recommendation())

    refused = client.post(f"/admin/recommendations/assessment/{other.pk}/publish/", {"note": ""})
    unknown = client.post("/admin/queue/assign/", {"place": "nonsense"})
    nowhere = client.get("/admin/queue/finding/1/")

    assert (refused.status_code, unknown.status_code, nowhere.status_code) == (403, 400, 404)
    assert "limited to" in refused.text
    assert "nonsense names nothing that could wait." in unknown.text
    for page in (refused, unknown, nowhere):
        assert '<a href="/admin/">To what waits</a>' in page.text


def test_what_went_wrong_elsewhere_is_not_shown(rf: RequestFactory) -> None:
    answer = faults.bad_request(rf.get("/"), SuspiciousOperation("a secret"))

    assert (answer.status_code, b"a secret" in answer.content) == (400, False)


def test_a_form_that_is_too_old_says_that_nothing_was_changed(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user("editor"))

    answer = client.post("/admin/queue/assign/", {})

    assert answer.status_code == 403
    assert "Nothing was changed." in answer.text
