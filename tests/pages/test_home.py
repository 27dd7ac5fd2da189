"""The first page: each document with where its recommendations stand, and what is not known."""

from datetime import date

import pytest

from recommendations.pages import home
from tests import factories


def test_it_counts_what_is_assessed_and_what_is_not(look):
    source = factories.source(title="Report on ports", published_on=date(2011, 3, 1), date_precision="month")
    done, judged, unseen = (factories.recommendation(source=source) for _ in range(3))
    factories.recommendation(parent=done)
    factories.published(done, status="implemented")
    factories.published(judged, status="unable_to_assess")

    page = look("/")

    assert "what became of 3 recommendations, and of 1 parts of these, that 1 documents have made" in page
    assert '<time datetime="2011-03">March 2011</time>' in page
    assert "<b>1 of 3</b> assessed · 1 not assessed · 1 cannot be judged" in page
    assert "Of its one part, 0 assessed." in page
    assert page.count("Report on ports") >= 1


def test_the_latest_verdicts_stand_there_and_proposals_do_not(look):
    published, proposed = factories.recommendation(title="Shown"), factories.recommendation(title="Hidden")
    factories.published(published, status="stalled", rationale="It stopped in May.")
    factories.proposed(proposed, rationale="Nobody has agreed to this.")

    page = look("/")

    assert "It stopped in May." in page
    assert "Nobody has agreed to this." not in page


def test_an_internal_document_is_not_counted(look):
    factories.recommendation(source=factories.source(title="Draft", visibility="internal"))
    page = look("/")
    assert "Draft" not in page
    assert "No document is public yet." in page


def test_the_number_of_statements_does_not_grow(client, db, django_assert_num_queries):
    for number in (1, 3):
        for _ in range(number):
            factories.published(factories.recommendation())
        with django_assert_num_queries(5):
            client.get("/")


def test_a_page_is_in_one_language(client, db):
    """A language that we do not have gets English words with English dates."""
    factories.source(published_on=date(2011, 3, 1), date_precision="month")
    page = client.get("/", headers={"accept-language": "fr"}).text
    assert '<html lang="en">' in page
    assert "March 2011" in page


def test_many_documents_stand_on_pages_of_their_own(client, db, monkeypatch):
    monkeypatch.setattr(home, "DOCUMENTS", 2)
    for number in range(5):
        factories.source(
            code=f"S{number}", title=f"Report {number}", published_on=date(2011, 1 + number // 2, 1)
        )
    assert 'href="/sources/">All 5 documents' in client.get("/").text
    seen, address = [], "/sources/"
    while address:
        answer = client.get(address)
        seen.append([each.source.code for each in answer.context["scored"]])
        following = answer.context["following"]
        assert (f'href="?after={following}"' in answer.text) == bool(following)
        address = f"/sources/?after={following}" if following else ""
    assert seen == [["S0", "S1"], ["S2", "S3"], ["S4"]]


def test_few_documents_have_no_further_page(client, db):
    factories.source()
    assert 'href="/sources/"' not in client.get("/").text
    assert client.get("/sources/").context["following"] == ""


@pytest.mark.parametrize("after", ["NONE", "a%00b"])
def test_a_place_among_the_documents_that_is_none_is_not_found(client, db, after):
    factories.source()
    assert client.get(f"/sources/?after={after}").status_code == 404


def test_an_internal_document_has_no_place_among_the_documents(client, db):
    factories.source(code="DRAFT", visibility="internal")
    assert client.get("/sources/?after=DRAFT").status_code == 404
