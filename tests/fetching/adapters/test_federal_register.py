"""The Federal Register as it answers: cursors, labels that are not the words asked with, abstracts of null.

Its traps, and the test that steps into each:
- repeated keys with brackets, slugs for agencies -> test_it_asks_in_the_registers_own_words
- `type` answers with a label, not with the word that was asked
  -> test_the_first_look_tells_the_newest_few_and_then_only_what_is_new
- `abstract` may be null -> test_what_is_told_of_a_document
- an agency may have no name but the raw one, and agencies may be missing
  -> test_agencies_are_named_as_far_as_they_are
- `next_page_url` carries a cursor; pages are not to be computed
  -> test_the_link_given_is_followed_and_no_page_is_computed
- `total_pages` stops at 50, `count` counts more than is given
  -> test_the_link_given_is_followed_and_no_page_is_computed
- a document may come twice, once on each side of a page's end
  -> test_the_link_given_is_followed_and_no_page_is_computed
- `document_number` names no document alone before 2016 -> test_a_number_alone_does_not_name_a_document
- nothing found: count 0, next null, results empty or missing
  -> test_nothing_found_is_an_answer_and_what_comes_later_is_news
- a page that fails half way -> test_a_page_that_fails_fails_the_look_and_nothing_is_passed_over
- a page for people in place of data -> test_what_is_no_data_fails_and_tells_nothing
"""

from urllib.parse import parse_qs, urlsplit

import pytest

from recommendations.fetching.adapters import ADAPTERS

from .asking import Asking, as_json


def document(number, on, title="Imports of firearms", **fields):
    return {
        "title": title,
        "type": "Proposed Rule",
        "abstract": None,
        "document_number": number,
        "html_url": f"https://www.federalregister.gov/documents/{on.replace('-', '/')}/{number}/imports",
        "publication_date": on,
        "agencies": [
            {
                "raw_name": "DEPARTMENT OF JUSTICE",
                "name": "Justice Department",
                "id": 268,
                "parent_id": None,
                "slug": "justice-department",
            }
        ],
    } | fields


def answer(*documents, next_page_url=None, count=None):
    return {
        "description": "Documents matching 'firearms'",
        "count": len(documents) if count is None else count,
        "total_pages": 50,
        "next_page_url": next_page_url,
        "results": list(documents),
    }


@pytest.fixture
def asking(web):
    url = as_json(web, "/documents.json", answer())
    return Asking(
        "federal_register", {"terms": ["firearms", "straw purchase"], "types": ["PRORULE"], "url": url}
    )


def asked(web):
    return parse_qs(urlsplit(web.requests[-1].target).query)


def test_it_asks_in_the_registers_own_words(web, asking):
    asking.config["agencies"] = ["alcohol-tobacco-firearms-and-explosives-bureau"]
    asking.look()
    query = asked(web)
    assert query["conditions[term]"] == ['firearms "straw purchase"']
    assert query["conditions[agencies][]"] == ["alcohol-tobacco-firearms-and-explosives-bureau"]
    assert (query["conditions[type][]"], query["order"]) == (["PRORULE"], ["newest"])
    assert "conditions[publication_date][gte]" not in query


def test_the_first_look_tells_the_newest_few_and_then_only_what_is_new(web, asking):
    old = [document(f"2026-0000{number}", f"2026-04-{number:02}") for number in range(1, 9)]
    as_json(web, "/documents.json", answer(*reversed(old), next_page_url=web.url("/never"), count=2086))
    first = asking.look()
    assert (first.outcome, len(first.found)) == ("first_look", 5)
    assert web.asked("/never") == []

    as_json(web, "/documents.json", answer(old[-1]))
    assert asking.titles() == ("unchanged", [])
    assert asked(web)["conditions[publication_date][gte]"] == ["2026-04-08"]
    assert asked(web)["order"] == ["oldest"]

    same_day, later = document("2026-00009", "2026-04-08"), document("2026-00010", "2026-05-08", "Barrels")
    as_json(web, "/documents.json", answer(old[-1], same_day, later))
    assert asking.titles() == (
        "changed",
        [
            "Proposed Rule of 2026-04-08: Imports of firearms",
            "Proposed Rule of 2026-05-08: Barrels",
        ],
    )
    assert asking.titles() == ("unchanged", [])


def test_what_stood_there_at_the_first_look_is_not_news_at_the_second(web, asking):
    one_day = [document(f"2026-{number:05}", "2026-04-01") for number in range(9)]
    as_json(web, "/documents.json", answer(*one_day))
    assert [len(asking.look().found) for _look in range(2)] == [5, 0]


def test_what_is_told_of_a_document(web, asking):
    as_json(web, "/documents.json", answer(document("2026-08901", "2026-05-08", effective_on="2026-06-01")))
    [found] = asking.look().found
    assert (found.kind, found.rule, found.suggested_status) == (
        "document_found",
        "federal_register_document",
        "",
    )
    assert found.detail == "The register gives no abstract."
    assert {
        name: found.saw[name] for name in ("document_number", "published_on", "publisher", "effective_on")
    } == {
        "document_number": "2026-08901",
        "published_on": "2026-05-08",
        "publisher": "Justice Department",
        "effective_on": "2026-06-01",
    }


def test_agencies_are_named_as_far_as_they_are(web, asking):
    raw = [{"raw_name": "Office of the Secretary", "name": None}, "noise", {"id": 1}]
    asking.config["since"] = "2026-01-01"
    as_json(
        web,
        "/documents.json",
        answer(
            document("2026-1", "2026-02-01", agencies=raw), document("2026-2", "2026-02-02", agencies=None)
        ),
    )
    told = [(found.saw["publisher"], found.saw["agencies"]) for found in asking.look().found]
    assert told == [("Office of the Secretary", ["Office of the Secretary"]), ("", [])]


def test_the_link_given_is_followed_and_no_page_is_computed(web, asking):
    asking.config["since"] = "2026-01-01"
    link = web.url("/documents.json/more?search_after_cursor=abc&format=json")
    as_json(web, "/documents.json", answer(document("2026-1", "2026-02-01"), next_page_url=link))
    as_json(
        web,
        "/documents.json/more",
        answer(document("2026-2", "2026-03-01"), document("2026-1", "2026-02-01")),
    )
    seen = asking.look()
    assert [found.saw["document_number"] for found in seen.found] == ["2026-1", "2026-2"]
    assert [request.target.split("?")[0] for request in web.requests] == [
        "/documents.json",
        "/documents.json/more",
    ]


def test_a_number_alone_does_not_name_a_document(web, asking):
    asking.config["since"] = "2010-01-01"
    as_json(web, "/documents.json", answer(document("E9-1", "2010-01-04"), document("E9-1", "2011-01-04")))
    assert len({found.fingerprint for found in asking.look().found}) == 2


def test_a_page_that_fails_fails_the_look_and_nothing_is_passed_over(web, asking):
    asking.config["since"] = "2026-01-01"
    link = web.url("/more")
    as_json(web, "/documents.json", answer(document("2026-1", "2026-02-01"), next_page_url=link))
    web.page("/more", "busy", status=503, headers={"Retry-After": "120"})
    seen = asking.look()
    assert (seen.outcome, seen.note, seen.found, seen.retry_after) == ("failed", "HTTP 503", (), 120)
    assert asking.state == {}


def test_more_than_one_look_can_tell_waits_for_the_next_look(web, asking):
    asking.config["since"] = "2026-01-01"
    many = [document(f"2026-{number:05}", "2026-02-01") for number in range(60)]
    as_json(web, "/documents.json", answer(*many))
    told = [len(asking.look().found) for _look in range(4)]
    assert told == [25, 25, 10, 0]


def test_nothing_found_is_an_answer_and_what_comes_later_is_news(web, asking):
    as_json(web, "/documents.json", {"description": "Documents", "count": 0, "next_page_url": None})
    assert asking.titles() == ("first_look", [])
    as_json(web, "/documents.json", answer(document("2026-1", "2026-02-01")))
    assert asking.look().outcome == "changed"


@pytest.mark.parametrize(
    ("body", "content_type", "note"),
    [
        (
            "<!DOCTYPE html><title>Request access</title>",
            "text/html",
            "a web page was served in place of data",
        ),
        ("<html>moved</html>", "application/json", "a web page was served in place of data"),
        ("", "application/json", "the answer is empty"),
        ("{", "application/json", "the answer is not JSON"),
        ('{"errors": {}}', "application/json", "the answer holds no list of results"),
        ("[]", "application/json", "the answer holds no list of results"),
    ],
)
def test_what_is_no_data_fails_and_tells_nothing(web, asking, body, content_type, note):
    web.page("/documents.json", body, content_type=content_type)
    seen = asking.look()
    assert (seen.outcome, seen.note, seen.found) == ("failed", note, ())


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({}, {"terms"}),
        ({"types": ["RULE"]}, {"terms"}),
        ({"terms": ["guns"], "types": ["Notice"]}, {"types"}),
        ({"terms": "guns"}, {"terms"}),
        ({"agencies": ["ATF!"]}, {"agencies"}),
        ({"terms": ["guns"], "since": "yesterday"}, {"since"}),
        ({"terms": ["guns"], "colour": "red"}, {"colour"}),
        ({"terms": ["guns"], "url": "ftp://example.org"}, {"url"}),
        ({"terms": ["guns"], "url": "https://example.org/?api_key=secret"}, {"url"}),
    ],
)
def test_a_wrong_field_is_refused_by_name(config, wrong):
    assert set(ADAPTERS["federal_register"].validate(config)) == wrong
