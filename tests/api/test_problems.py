"""Every error is a problem (RFC 9457), whatever went wrong and wherever."""

import pytest

from recommendations.api.sources import SourceList
from tests import factories
from tests.api.conftest import ROOT, Caller

pytestmark = pytest.mark.django_db


def told(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return problem


def test_the_shape(stranger):
    assert told(stranger.get("sources/?colour=red&limit=0")) == {
        "type": "/api/v1/docs/#invalid",
        "title": "Bad Request",
        "status": 400,
        "detail": "colour: There is no “colour” here; known are: limit, cursor, include, as_of, known_at, kind.",
        "errors": [
            {
                "field": "colour",
                "code": "unknown",
                "detail": "There is no “colour” here; known are: limit, cursor, include, as_of, known_at, kind.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("nonsense/", 404, "not_found"),
        ("nonsense", 404, "not_found"),
        ("recommendations/NOPE/", 404, "not_found"),
        ("recommendations/a b/", 404, "not_found"),
        ("recommendations/%00/", 404, "not_found"),
        ("assessments/0/", 404, "not_found"),
        ("assessments/99999999999999999999999/", 404, "not_found"),
        ("assessments/one/", 404, "not_found"),
        ("evidence/1/snapshots/", 404, "not_found"),
        ("checks/1/", 401, "not_authenticated"),
        ("me/", 401, "not_authenticated"),
        ("docs/?colour=red", 400, "invalid"),
        ("schema/?colour=red", 400, "invalid"),
        ("?colour=red", 400, "invalid"),
    ],
)
def test_what_a_stranger_may_run_into(stranger, path, status, kind):
    answer = stranger.get(path)
    assert (answer.status_code, told(answer)["type"]) == (status, f"/api/v1/docs/#{kind}")


def test_a_method_that_is_not_there(stranger):
    answer = stranger.delete("sources/")
    assert (answer.status_code, told(answer)["title"]) == (405, "Method Not Allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_body_that_is_no_json(editor):
    answer = editor.client.post(f"{ROOT}evidence/", "{", content_type="application/json")
    assert (answer.status_code, told(answer)["type"]) == (400, "/api/v1/docs/#parse_error")
    answer = editor.client.post(f"{ROOT}evidence/", "a=b", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, told(answer)["title"]) == (415, "Unsupported Media Type")
    answer = editor.client.post(f"{ROOT}evidence/", "[1]", content_type="application/json")
    assert answer.status_code == 400


def test_only_json_is_served(stranger):
    answer = stranger.get("sources/", Accept="text/csv")
    assert (answer.status_code, told(answer)["title"]) == (406, "Not Acceptable")


def test_an_address_without_its_slash_leads_to_the_one_with_it(stranger):
    answer = stranger.get("recommendations?level=part")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/api/v1/recommendations/?level=part")


def test_what_we_did_not_foresee_is_told_without_its_details(stranger, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(SourceList, "get", broken)
    stranger.client.raise_request_exception = False
    answer = stranger.get("sources/")
    assert (answer.status_code, told(answer)["title"]) == (500, "Internal Server Error")
    assert b"swordfish" not in answer.content


def test_a_host_that_is_not_ours(stranger):
    answer = stranger.client.get(f"{ROOT}sources/", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, told(answer)["type"]) == (400, "/api/v1/docs/#bad_request")


def test_a_session_needs_its_csrf_token(db):
    caller = Caller()
    caller.client = type(caller.client)(enforce_csrf_checks=True)
    caller.client.force_login(factories.user("editor"))
    answer = caller.post("tokens/", {"name": "mine", "scopes": ["read"]})
    assert answer.status_code == 403
    assert told(answer)["detail"].startswith("CSRF Failed")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"note": ' + b"[" * 960 + b"]" * 960 + b"}",
        b'{"kind": "page", "config": {"a": ' + b"[" * 960 + b"]" * 960 + b"}}",
        b"[" * 33 + b"]" * 33,
    ],
    ids=["lists", "objects", "note", "config", "one too many"],
)
@pytest.mark.parametrize("path", ["evidence/", "checks/", "tokens/"])
def test_a_body_nested_too_deeply(manager, path, body):
    answer = manager.client.post(f"{ROOT}{path}", body, content_type="application/json")
    assert (answer.status_code, told(answer)["type"]) == (400, "/api/v1/docs/#parse_error")


def test_a_body_that_is_too_large(editor):
    row = factories.recommendation()
    answer = editor.post(f"recommendations/{row.code}/assessments/", {"rationale": "x" * 3_000_000})
    assert (answer.status_code, told(answer)["type"]) == (413, "/api/v1/docs/#too_large")


def test_texts_and_lists_that_are_too_long(editor):
    row = factories.recommendation()
    answer = editor.post(
        f"recommendations/{row.code}/assessments/",
        {
            "status": "in_progress",
            "effective_on": "2013-01-01",
            "rationale": "x" * 10_001,
            "confidence": "low",
            "evidence": [{"id": 1, "stance": "supports"}] * 201,
        },
    )
    assert answer.status_code == 400
    assert {(each["field"], each["code"]) for each in told(answer)["errors"]} == {
        ("rationale", "max_length"),
        ("evidence", "max_length"),
    }


def test_words_that_show_nothing_are_none(editor):
    row = factories.recommendation()
    answer = editor.post(
        f"recommendations/{row.code}/assessments/",
        {
            "status": "no_action",
            "effective_on": "2013-01-01",
            "rationale": " \u200b\u200d\ufeff\u2060",
            "confidence": "low",
        },
    )
    assert (answer.status_code, told(answer)["rule"]) == (409, "assessment_rationale_given")
    answer = editor.post("tokens/", {"name": "\u200b", "scopes": ["read"]})
    assert (answer.status_code, told(answer)["errors"][0]["code"]) == (400, "blank")


@pytest.mark.parametrize(
    "asked",
    [
        "status=bogus",
        "status=",
        "status=in_progress&status=bogus",
        "response=bogus",
        "status=in_progress,stalled",
    ],
)
def test_a_parameter_is_blamed_by_its_name(stranger, asked):
    answer = stranger.get(f"recommendations/?{asked}")
    assert answer.status_code == 400
    assert [each["field"] for each in told(answer)["errors"]] == [asked.partition("=")[0]]


class TestOtherOrigins:
    """Any page may read what anyone may read; none may write, and no cookie or key goes with it."""

    @pytest.mark.parametrize("path", ["sources/", "sources/?colour=red", "nonsense/"])
    def test_reading(self, stranger, path):
        answer = stranger.get(path, Origin="https://elsewhere.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
        assert {"ETag", "Link", "RateLimit", "Retry-After"} <= set(exposed)

    def test_reading_again_what_has_not_changed(self, stranger):
        etag = stranger.get("sources/").headers["ETag"]
        answer = stranger.get("sources/", Origin="https://elsewhere.example", **{"If-None-Match": etag})
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (304, "*")

    def test_writing(self, editor):
        answer = editor.post("tokens/", {"name": "n", "scopes": ["read"]}, Origin="https://elsewhere.example")
        assert answer.status_code == 201
        assert "Access-Control-Allow-Origin" not in answer.headers

    @pytest.mark.parametrize("path", ["sources/", "tokens/", "findings/"])
    def test_asking_before(self, stranger, path):
        answer = stranger.client.options(
            ROOT + path,
            headers={
                "Origin": "https://elsewhere.example",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "if-none-match",
            },
        )
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
        assert "If-None-Match" in allowed
        assert "Authorization" not in allowed
