"""A bill's way through Congress as the register tells it: events twice, pages by link, a key in a header.

Its traps, and the test that steps into each:
- the same event twice, of types President and BecameLaw
  -> test_each_stage_is_told_once_with_a_status_that_it_can_bear
- a passage told twice in other words -> test_each_stage_is_told_once_with_a_status_that_it_can_bear
- `actionCode` may be missing -> test_each_stage_is_told_once_with_a_status_that_it_can_bear
- actions ignore `sort` and `fromDateTime`: all are read each time, in any order
  -> test_the_order_of_actions_says_nothing
- 20 at a time unless asked for 250 -> test_without_a_mirror_it_asks_congress
- `pagination.next` does not carry the key -> test_the_key_goes_in_a_header_on_every_page_and_nowhere_else
- a key belongs in no address that is stored -> test_the_key_goes_in_a_header_on_every_page_and_nowhere_else
- a mirror must not get the key -> test_the_key_is_not_shown_to_a_mirror_nor_to_another_host_that_a_link_names
- a refusal has its reason in JSON -> test_a_refusal_is_told_in_the_registers_words
- "passed" stands in votes that failed -> test_votes_that_failed_and_vetoes_are_not_taken_for_the_opposite
- rows without a day, a text or a system -> test_the_order_of_actions_says_nothing
"""

import pytest

from recommendations.fetching.adapters import ADAPTERS
from recommendations.fetching.answers import Request

from .asking import Asking, as_json

BILL = "/v3/bill/119/hr/923/actions"
KEY = "a-key-that-nobody-may-see"


def action(on, text, kind, code=None, system="House floor actions"):
    row = {"actionDate": on, "text": text, "type": kind, "sourceSystem": {"code": 2, "name": system}}
    return row | ({"actionCode": code} if code else {})


INTRODUCED = action("2025-02-04", "Introduced in House", "IntroReferral", "Intro-H")
REFERRED = action(
    "2025-02-04", "Referred to the House Committee on the Judiciary.", "IntroReferral", "H11100"
)
PASSED_HOUSE = action(
    "2025-05-22",
    "On passage Passed by the Yeas and Nays: 215 - 214, 1 Present (Roll no. 145).",
    "Floor",
    "H37100",
)
PASSED_HOUSE_AGAIN = action(
    "2025-05-22",
    "Passed/agreed to in House: On passage Passed by the Yeas and Nays: 215 - 214.",
    "Floor",
    "8000",
)
PASSED_SENATE = action(
    "2025-07-01", "Passed Senate with an amendment by Yea-Nay Vote.", "Floor", None, "Senate"
)
PRESENTED = action("2025-07-03", "Presented to President.", "President", "28000")
SIGNED = action("2025-07-04", "Signed by President.", "President", "E30000")
LAW = "Became Public Law No: 119-21."
LAW_OF_THE_PRESIDENT = action("2025-07-04", LAW, "President", "E40000", "Library of Congress")
LAW_OF_THE_REGISTER = action("2025-07-04", LAW, "BecameLaw", "36000", "Library of Congress")


def answer(*actions, next_page=None):
    pagination = {"count": len(actions)} | ({"next": next_page} if next_page else {})
    return {"actions": list(actions), "pagination": pagination, "request": {"congress": "119"}}


@pytest.fixture
def asking(web):
    as_json(web, BILL, answer(REFERRED, INTRODUCED))
    config = {"congress": 119, "type": "hr", "number": 923, "url": web.url("/v3")}
    return Asking("congress_bill", config, key=KEY)


def suggested(seen):
    return [(found.saw["stage"], found.suggested_status, found.saw["published_on"]) for found in seen.found]


def test_each_stage_is_told_once_with_a_status_that_it_can_bear(web, asking):
    bill = [INTRODUCED, REFERRED]
    assert suggested(asking.look()) == [("introduced", "in_progress", "2025-02-04")]
    assert suggested(asking.look()) == []
    steps = [
        ([PASSED_HOUSE, PASSED_HOUSE_AGAIN], [("passed_house", "in_progress", "2025-05-22")]),
        ([PASSED_SENATE], [("passed_senate", "in_progress", "2025-07-01")]),
        ([PRESENTED, SIGNED], [("presented", "in_progress", "2025-07-03")]),
        ([LAW_OF_THE_PRESIDENT], []),
        ([LAW_OF_THE_REGISTER], [("became_law", "partially_implemented", "2025-07-04")]),
    ]
    for actions, expected in steps:
        bill = [*actions, *bill]
        as_json(web, BILL, answer(*bill))
        assert suggested(asking.look()) == expected


def test_the_order_of_actions_says_nothing(web, asking):
    odd = [{"actionDate": None, "text": "Passed Senate", "type": "Floor"}, {"text": 5}, "noise", {}]
    bare = {"actionDate": "2025-07-03", "text": "Presented to President.", "sourceSystem": None}
    as_json(web, BILL, answer(bare, *odd, INTRODUCED, PASSED_HOUSE_AGAIN, PASSED_HOUSE, REFERRED))
    assert suggested(asking.look()) == [("presented", "in_progress", "2025-07-03")]
    assert asking.state["stages"] == ["introduced", "passed_house", "presented"]


def test_a_finding_says_what_the_register_says_and_why_no_more_is_suggested(web, asking):
    as_json(web, BILL, answer(LAW_OF_THE_PRESIDENT, LAW_OF_THE_REGISTER, PASSED_SENATE, INTRODUCED))
    [found] = asking.look().found
    assert (found.kind, found.rule, found.title) == (
        "status_suggested",
        "bill_stage",
        "H.R. 923 (119th Congress) became law on 2025-07-04",
    )
    assert found.detail.startswith("The register says: Became Public Law No: 119-21. Whether the law does")
    assert found.saw["url"] == "https://www.congress.gov/bill/119th-congress/house-bill/923"


def test_votes_that_failed_and_vetoes_are_not_taken_for_the_opposite(web, asking):
    failed = action("2025-03-01", "On passage Failed by the Yeas and Nays: 200 - 220.", "Floor")
    as_json(web, BILL, answer(failed, INTRODUCED))
    assert suggested(asking.look()) == [("introduced", "in_progress", "2025-02-04")]
    veto = action("2025-04-01", "Vetoed by President.", "President", "31000")
    override = action("2025-04-09", "Passage, the objections of the President, over veto Failed.", "Veto")
    as_json(web, BILL, answer(override, veto, failed, INTRODUCED))
    assert suggested(asking.look()) == [("vetoed", "stalled", "2025-04-01")]


def test_the_key_goes_in_a_header_on_every_page_and_nowhere_else(web, asking):
    link = web.url(f"{BILL}/next?offset=250&limit=250&format=json")
    as_json(web, BILL, answer(LAW_OF_THE_REGISTER, next_page=link))
    as_json(web, f"{BILL}/next", answer(INTRODUCED))
    seen = asking.look()
    assert suggested(seen) == [("became_law", "partially_implemented", "2025-07-04")]
    assert [request.headers["x-api-key"] for request in web.requests] == [KEY, KEY]
    everything = f"{[request.target for request in web.requests]}{seen}{asking.request()}{asking.target}"
    assert KEY not in everything


def test_the_key_is_not_shown_to_a_mirror_nor_to_another_host_that_a_link_names(web, asking):
    mirror = Asking("congress_bill", asking.config | {"url": "https://mirror.example/v3"}, key=KEY)
    assert mirror.request().headers == {}
    as_json(web, BILL, answer(INTRODUCED, next_page=web.url("/elsewhere", host="localhost")))
    seen = asking.look()
    assert (seen.outcome, seen.note) == (
        "first_look",
        "furthest stage: introduced; further pages were not read",
    )
    assert web.asked("/elsewhere") == []


def test_a_refusal_is_told_in_the_registers_words(web, asking):
    refusal = {"error": {"code": "API_KEY_INVALID", "message": "An invalid API key was supplied."}}
    as_json(web, BILL, refusal, status=403)
    seen = asking.look()
    assert (seen.outcome, seen.note) == ("failed", "HTTP 403: An invalid API key was supplied.")


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({}, {"congress", "type", "number"}),
        ({"congress": 119, "type": "HR", "number": 1}, {"type"}),
        ({"congress": "119", "type": "hr", "number": 1}, {"congress"}),
        ({"congress": 119, "type": "hr", "number": 0}, {"number"}),
        ({"congress": 119, "type": "hr", "number": 1, "api_key": "x"}, {"api_key"}),
    ],
)
def test_a_wrong_field_is_refused_by_name(config, wrong):
    assert set(ADAPTERS["congress_bill"].validate(config)) == wrong


def test_without_a_mirror_it_asks_congress():
    config = {"congress": 118, "type": "s", "number": 3223}
    request = Asking("congress_bill", config, key=KEY).request()
    assert isinstance(request, Request)
    assert request.url == "https://api.congress.gov/v3/bill/118/s/3223/actions?format=json&limit=250"
    assert request.headers == {"X-Api-Key": KEY}
