"""What the kinds `page` and `document` bring back, look after look, from a real server on loopback."""

import pytest

from recommendations.fetching.adapters import ADAPTERS, Target, UnknownKind, adapter
from recommendations.fetching.http import Answer, Failure, FailureKind
from tests.fakeweb import FakeWeb

from .doors import look
from .pdfs import pdf

LAW = (
    "<title>The law</title><h1>The law</h1><p>It takes effect on 1 June 2021.</p><p>"
    + "It has many words. " * 20
)
CHANGED = LAW.replace("It takes effect", "It was repealed before it took effect")


@pytest.fixture
def web():
    with FakeWeb() as served:
        yield served


class Watch:
    """A check in miniature: it remembers what a check remembers between looks."""

    def __init__(self, kind, url, /, **config):
        self.adapter, self.target, self.config = adapter(kind), Target(url, "A law"), config
        self.state, self.texts = {}, {}

    def look(self):
        request = self.adapter.request(self.target, self.config, self.state)
        return self.read(look(request))

    def read(self, result):
        seen = self.adapter.read(
            result,
            target=self.target,
            config=self.config,
            state=self.state,
            previous_text=lambda: self.texts.get(self.state.get("text_hash")),
        )
        if seen.text is not None:
            self.texts[seen.text_hash] = seen.text
        self.state = seen.next_state
        return seen

    def outcomes(self, times):
        looks = [self.look() for _ in range(times)]
        return [(seen.outcome, [found.kind for found in seen.found]) for seen in looks]


def test_a_page_is_first_seen_then_unchanged_then_changed(web):
    watch = Watch("page", web.page("/law", LAW))
    first, second = watch.look(), watch.look()
    web.page("/law", CHANGED)
    third, fourth = watch.look(), watch.look()

    assert [seen.outcome for seen in (first, second, third, fourth)] == [
        "first_look",
        "unchanged",
        "changed",
        "unchanged",
    ]
    assert (first.title, first.text.splitlines()[:2]) == (
        "The law",
        ["The law", "It takes effect on 1 June 2021."],
    )
    assert second.text is None
    [found] = third.found
    assert (found.kind, found.rule, found.rule_version) == ("evidence_changed", "text_changed", 2)
    assert (found.title, found.detail) == ("Changed: A law", "Words added: 5; removed: 1.")
    assert found.saw["reasons"][0] == "status_word"
    assert ["added", "was repealed before it took"] in found.saw["excerpt"]
    assert (found.saw["text_hash_before"], found.saw["text_hash_after"]) == (first.text_hash, third.text_hash)


def test_an_unchanged_page_with_a_validator_costs_no_body(web):
    watch = Watch("page", web.page("/law", LAW, etag='"1"'))
    watch.look()
    result = look(watch.adapter.request(watch.target, {}, watch.state))
    assert (result.status, result.bytes) == (304, 0)
    assert watch.read(result).outcome == "unchanged"


def test_furniture_that_changes_is_no_change_and_does_not_hide_a_later_one(web):
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    for views in range(3):
        web.page("/law", f"{LAW}</p><p>{views + 100} views</p><p>Last updated: May {views + 1}, 2024</p>")
        assert watch.look().outcome == "unchanged"
    web.page("/law", CHANGED)
    assert watch.look().outcome == "changed"


def test_punctuation_is_no_change_and_small_steps_do_not_add_up_unseen(web):
    watch = Watch("page", web.page("/law", LAW))
    first = watch.look()
    web.page("/law", LAW.replace("The law", "THE LAW").replace(".", " ;"))
    seen = watch.look()
    assert (seen.outcome, seen.note, seen.text) == ("unchanged", "only wording differs", None)
    assert watch.state["text_hash"] == first.text_hash


def test_the_same_change_seen_twice_has_one_fingerprint(web):
    prints = []
    for _ in range(2):
        watch = Watch("page", web.page("/law", LAW))
        watch.look()
        web.page("/law", CHANGED)
        prints.append(watch.look().found[0].fingerprint)
        web.page("/law", LAW)
        prints.append(watch.look().found[0].fingerprint)
    assert prints[0] == prints[2]
    assert prints[0] != prints[1] == prints[3]


def test_a_change_is_told_even_if_the_old_words_are_lost(web):
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    watch.texts.clear()
    web.page("/law", CHANGED)
    seen = watch.look()
    assert (seen.outcome, seen.found[0].saw["excerpt"]) == ("changed", [])


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_told_when_it_is_seen_twice_in_a_row(web, status):
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    web.page("/law", "not found", status=status)
    assert watch.outcomes(3) == [("gone", []), ("gone", ["evidence_gone"]), ("gone", ["evidence_gone"])]
    web.page("/law", LAW)
    assert watch.outcomes(1) == [("unchanged", [])]
    web.page("/law", "not found", status=status)
    assert watch.outcomes(1) == [("gone", [])]


def test_a_page_that_says_not_found_with_status_200_is_gone(web):
    watch = Watch(
        "page", web.page("/law", "<title>Page not found | Agency</title><p>Try the search."), confirm=1
    )
    assert watch.outcomes(1) == [("gone", ["evidence_gone"])]


@pytest.mark.parametrize("status", [401, 403, 429, 451])
def test_blocked_is_told_when_it_is_seen_twice(web, status):
    watch = Watch("page", web.page("/law", "no", status=status))
    assert watch.outcomes(2) == [("blocked", []), ("blocked", ["evidence_blocked"])]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("<title>Just a moment...</title><p>Checking your browser", {}),
        ("<title>Agency</title><h1>Access Denied</h1>", {}),
        ("<title>Agency</title><p>Words", {"cf-mitigated": "challenge"}),
        ("<title>Agency</title><p>Please solve this captcha", {}),
    ],
)
def test_a_challenge_is_blocked_and_not_a_change(web, body, headers):
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    web.page("/law", body, headers=headers)
    assert watch.outcomes(2) == [("blocked", []), ("blocked", ["evidence_blocked"])]
    web.page("/law", LAW)
    assert watch.outcomes(1) == [("unchanged", [])]


def test_an_article_about_captchas_is_not_a_challenge(web):
    web.page("/law", "<title>Captcha and access denied</title><p>" + "A long article on access. " * 100)
    assert Watch("page", web.url("/law")).look().outcome == "first_look"


def test_robots_and_our_own_door_are_told_apart():
    watch = Watch("page", "http://10.0.0.1/")
    robots = Failure(watch.target.url, FailureKind.ROBOTS, "the site's robots.txt asks us not to look")
    refused = watch.look()
    assert (refused.outcome, refused.found, refused.note) == (
        "refused",
        (),
        "10.0.0.1 is not a public address",
    )
    assert [watch.read(robots).outcome for _ in range(2)] == ["blocked", "blocked"]
    later = Failure(
        watch.target.url, FailureKind.RETRY_LATER, "the host asked us to come back later", retry_after=60.0
    )
    assert (watch.read(later).retry_after, watch.state["times"]) == (60.0, 2)


@pytest.mark.parametrize(("status", "note"), [(500, "HTTP 500"), (503, "HTTP 503"), (400, "HTTP 400")])
def test_a_failing_server_is_no_finding(web, status, note):
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    state = watch.state
    web.page("/law", "oops", status=status)
    seen = watch.look()
    assert (seen.outcome, seen.found, seen.note, seen.next_state) == ("failed", (), note, state)


def test_a_page_that_comes_back_nearly_empty_is_looked_at_again(web):
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    web.page("/law", "<title>The law</title><p>Repealed by the second chamber")
    assert [outcome for outcome, _found in watch.outcomes(2)] == ["failed", "changed"]


def test_a_page_without_its_text_is_blocked_and_no_change(web):
    """Late loading: what is left says nothing that was not there before."""
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    web.page("/law", "<title>The law</title><h1>The law</h1><p>Loading")
    assert watch.outcomes(2) == [("blocked", []), ("blocked", ["evidence_blocked"])]
    web.page("/law", LAW)
    assert watch.outcomes(1) == [("unchanged", [])]


def test_a_page_that_is_blocked_again_after_it_said_something_else_is_news(web):
    watch, prints = Watch("page", web.page("/law", LAW), confirm=1), []
    watch.look()
    for after in (LAW, CHANGED):
        web.page("/law", "no", status=403)
        prints.append(watch.look().found[0].fingerprint)
        web.page("/law", after)
        watch.look()
    web.page("/law", "no", status=403)
    prints.append(watch.look().found[0].fingerprint)
    assert prints[0] == prints[1] != prints[2]


BOXED = LAW + "</p><div class='ministers-diary'>{}</div><div class='notice'>{}</div>"


def test_a_finding_says_what_part_of_the_page_it_is_about_and_that_part_can_be_left_out(web):
    watch = Watch("page", web.page("/law", BOXED.format("Visit to the port", "In force")))
    watch.look()
    web.page("/law", BOXED.format("Speech at the school", "In force"))
    [found] = watch.look().found
    assert found.saw["where"] == [{"part": "div.ministers-diary", "text": "Speech at the school"}]

    watch.config = {"skip": ["div.ministers-diary"]}
    assert watch.outcomes(1) == [("unchanged", [])], "the part is missing from the text, and that is no news"
    web.page("/law", BOXED.format("Dinner with the mayor", "In force"))
    assert watch.outcomes(1) == [("unchanged", [])]
    web.page("/law", BOXED.format("Dinner with the mayor", "Suspended"))
    assert watch.outcomes(1) == [("changed", ["evidence_changed"])]


def test_a_line_in_no_part_of_its_own_offers_the_words_that_stay(web):
    watch = Watch("page", web.page("/law", LAW + "</p><p>Barometer of the palace: 1013</p>"))
    watch.look()
    web.page("/law", LAW + "</p><p>Barometer of the palace: 1009</p>")
    [found] = watch.look().found
    assert found.saw["where"] == [{"phrase": "Barometer of the palace"}]


def test_the_part_with_the_text_itself_is_never_offered(web):
    page = "<title>A law</title><div class='text'>{}</div>"
    watch = Watch("page", web.page("/law", page.format(LAW)))
    watch.look()
    web.page("/law", page.format(LAW.replace("It takes effect", "It took effect")))
    assert watch.look().found[0].saw["where"] == [{"phrase": "It took effect on"}]
    web.page("/law", page.format(LAW.replace("It takes effect on 1 June 2021.", "It never took effect.")))
    assert "where" not in watch.look().found[0].saw


def test_other_settings_or_a_newer_reader_read_anew_without_telling(web):
    """Neither a validator nor the hash of the bytes may keep the old words in place."""
    watch = Watch("page", web.page("/law", LAW, etag='"1"'))
    first = watch.look()
    watch.state["reader"] = "1:older"
    watch.state["text_hash"] = "0" * 64  # what an older version of ourselves had made of the same bytes
    watch.texts["0" * 64] = "words in another order and number"
    again = watch.look()
    assert (again.outcome, again.found, again.text_hash) == ("unchanged", (), first.text_hash)
    assert again.text == first.text, "to be kept, for the next change to be compared with"
    assert watch.outcomes(1) == [("unchanged", [])]
    assert web.asked("/law")[-1].headers["if-none-match"] == '"1"'


def test_a_change_that_comes_with_a_newer_reader_is_told(web):
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    watch.state["reader"] = "1:older"
    web.page("/law", CHANGED)
    assert watch.outcomes(1) == [("changed", ["evidence_changed"])]


def test_an_answer_of_304_to_a_first_question_is_a_failure(web):
    assert Watch("page", web.page("/law", status=304)).look().outcome == "failed"


def test_a_permanent_move_is_told_once_and_the_new_place_is_watched(web):
    watch = Watch("page", web.page("/law", LAW, etag='"1"'))
    watch.look()
    web.redirect("/law", "/laws/1")
    web.page("/laws/1", LAW, etag='"2"')

    assert watch.outcomes(2) == [("moved", ["evidence_moved"]), ("unchanged", [])]
    assert web.asked("/laws/1")[-1].headers["if-none-match"] == '"2"'
    assert "if-none-match" not in web.asked("/law")[-1].headers
    web.page("/laws/1", CHANGED)
    assert watch.outcomes(1) == [("changed", ["evidence_changed"])]


def test_a_move_with_other_words_is_one_finding(web):
    watch = Watch("page", web.page("/law", LAW))
    watch.look()
    web.redirect("/law", "/")
    web.page("/", "<h1>Welcome to the agency</h1><p>" + "We have news for everyone. " * 20)
    seen = watch.look()
    [found] = seen.found
    assert (seen.outcome, found.kind) == ("moved", "evidence_moved")
    assert "front page" in found.detail
    assert "differ" in found.detail
    assert watch.look().outcome == "unchanged"


@pytest.mark.parametrize("to", ["/law/", "/law/index.html", "/LAW"])
def test_the_same_place_written_otherwise_is_no_move(web, to):
    web.redirect("/law", to)
    web.page(to, LAW)
    watch = Watch("page", web.url("/law"))
    assert watch.outcomes(2) == [("first_look", []), ("unchanged", [])]


def test_a_temporary_redirect_is_no_move(web):
    web.redirect("/law", "/today", 302)
    web.page("/today", LAW)
    assert Watch("page", web.url("/law")).outcomes(1) == [("first_look", [])]


def test_a_page_may_be_a_pdf_or_plain_text_but_not_a_picture(web):
    web.page("/pdf", pdf(["Report", "Words"]), content_type="application/pdf")
    web.page("/text", "Bill 12\nStatus: passed", content_type="text/plain")
    web.page("/picture", b"\x89PNG\r\n", content_type="image/png")
    texts = [Watch("page", web.url(path)).look().text for path in ("/pdf", "/text", "/picture")]
    assert texts == ["Report\nWords", "Bill 12\nStatus: passed", None]


def test_a_document_saved_anew_is_unchanged_and_other_words_are_a_change(web):
    lines = ["Report on exports", "Status: in force."]
    watch = Watch("document", web.page("/report.pdf", pdf(lines), content_type="application/pdf"))
    first = watch.look()
    web.page("/report.pdf", pdf(lines, salt="saved anew"), content_type="application/pdf")
    second = watch.look()
    web.page("/report.pdf", pdf([lines[0], "Status: withdrawn."]), content_type="application/pdf")
    third = watch.look()

    assert [seen.outcome for seen in (first, second, third)] == ["first_look", "unchanged", "changed"]
    assert first.raw_hash != second.raw_hash
    assert third.found[0].detail == "Words added: 1; removed: 2."


@pytest.mark.parametrize("content_type", ["text/html", "application/pdf"])
def test_a_web_page_in_place_of_a_document_means_it_is_gone(web, content_type):
    watch = Watch("document", web.page("/report.pdf", pdf(["Words"]), content_type="application/pdf"))
    watch.look()
    web.page("/report.pdf", "<!DOCTYPE html><title>Sign in</title>", content_type=content_type)
    assert watch.outcomes(2) == [("gone", []), ("gone", ["evidence_gone"])]


def test_a_broken_document_is_a_failure_with_a_reason(web):
    web.page("/report.pdf", b"%PDF-1.4 nothing", content_type="application/pdf")
    seen = Watch("document", web.url("/report.pdf")).look()
    assert seen.outcome == "failed"
    assert seen.note.startswith("the document cannot be read")


def test_another_file_is_compared_by_its_bytes(web):
    watch = Watch("document", web.page("/data.xlsx", b"PK\x03\x04one", content_type="application/zip"))
    watch.look()
    assert watch.look().outcome == "unchanged"
    web.page("/data.xlsx", b"PK\x03\x04two", content_type="application/zip")
    assert watch.look().outcome == "changed"


@pytest.mark.parametrize(
    ("kind", "config", "fields"),
    [
        ("page", {}, set()),
        ("page", {"confirm": 3, "selector": "main > p", "ignore": ["views today"], "skip": ["div.x"]}, set()),
        ("page", {"skip": ["div["]}, {"skip"}),
        ("page", {"skip": [""]}, {"skip"}),
        ("page", {"skip": ["p"] * 21}, {"skip"}),
        ("page", {"skip": "p"}, {"skip"}),
        ("page", {"confirm": 0}, {"confirm"}),
        ("page", {"confirm": True}, {"confirm"}),
        ("page", {"confirm": "2"}, {"confirm"}),
        ("page", {"selector": "div["}, {"selector"}),
        ("page", {"selector": 5}, {"selector"}),
        ("page", {"ignore": "words"}, {"ignore"}),
        ("page", {"ignore": ["a"]}, {"ignore"}),
        ("page", {"every": 60, "url": "x"}, {"every", "url"}),
        ("document", {"confirm": 2}, set()),
        ("document", {"selector": "p"}, {"selector"}),
    ],
)
def test_a_configuration_is_refused_by_field(kind, config, fields):
    assert set(ADAPTERS[kind].validate(config)) == fields


def test_a_kind_that_nobody_serves_is_named():
    with pytest.raises(UnknownKind, match="tarot"):
        adapter("tarot")


LEAST = {
    "page": {},
    "document": {},
    "feed": {"url": "http://x.example/", "words": ["law"]},
    "federal_register": {"terms": ["law"]},
    "congress_bill": {"congress": 119, "type": "hr", "number": 1},
    "series": {"format": "world_bank", "country": "MX", "indicator": "SP.POP.TOTL"},
}
"""The least that each kind can be configured with."""


@pytest.mark.parametrize("kind", ADAPTERS)
@pytest.mark.parametrize(
    "content_type", ["text/html", "application/pdf", "", "text/plain", "application/json", "x/y"]
)
def test_reading_raises_nothing_whatever_came(kind, content_type):
    for body in (b"", b"\x00" * 100, b"%PDF-1.4", b"<html", bytes(range(256)) * 20, None):
        for status in (200, 204, 206, 300, 302, 400, 418, 500, 599):
            answer = Answer("http://x.example/", "http://x.example/", status, {}, body, content_type)
            Watch(kind, "http://x.example/", **LEAST[kind]).read(answer)
