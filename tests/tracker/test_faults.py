from django.test import Client


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
