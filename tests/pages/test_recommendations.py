"""The page of one recommendation says what is known, how sure that is, and what is not known."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations.actions import assessments, closures, deadlines, findings, responses
from recommendations.actions.assessments import Cited
from recommendations.models import Addressee, Observation, Relation
from tests import factories
from tests.factories import NOW


@pytest.fixture
def row(db):
    source = factories.source(
        code="CFR", title="Report", published_on=date(2011, 3, 1), date_precision="month"
    )
    return factories.recommendation(
        source=source,
        code="CFR-06",
        title="Stop the flow of guns",
        summary="Register bulk purchases.",
        locator="p. 22",
    )


def test_a_recommendation_nobody_looked_at_says_so_and_not_that_nothing_was_done(row, look):
    page = look("/recommendations/CFR-06/")
    assert "Not assessed" in page
    assert "Nobody has looked yet. This says nothing about what was or was not done." in page
    assert "No action found" not in page
    assert "None is filed. That is not evidence that nothing was done." in page
    assert "No response known" in page
    assert "no deadline known" in page


def test_it_says_what_was_asked_of_whom_in_the_documents_words(row, look):
    row.addressee_set.all().delete()
    justice, guns = (
        factories.institution(name="Justice", code="doj"),
        factories.institution(name="Guns", code="atf"),
    )
    for position, body in enumerate([justice, guns]):
        Addressee.objects.create(recommendation=row, institution=body, wording="DOJ (ATF)", position=position)

    page = look("/recommendations/CFR-06/")

    assert page.count("DOJ (ATF)") == 1
    assert '<a href="/institutions/doj/">Justice</a>, <a href="/institutions/atf/">Guns</a>' in page
    assert "Register bulk purchases." in page
    assert "Implied, not stated" not in page


def test_what_is_only_implied_is_marked(row, look):
    row.explicit = False
    row.save()
    assert "Implied, not stated: the document suggests this" in look("/recommendations/CFR-06/")


def test_the_headline_has_definition_day_reason_and_says_when_nobody_told_how_sure_it_is(row, look):
    factories.published(
        row, status="stalled", effective_on=date(2013, 1, 1), rationale="It stopped.", confidence=""
    )
    page = look("/recommendations/CFR-06/")
    assert "Work had begun and has stopped without a result." in page
    assert 'since <time datetime="2013-01-01">1 January 2013</time>' in page
    assert "It stopped." in page
    assert 'Confidence: <span class="unknown">not stated</span>' in page


def test_a_retracted_verdict_stays_readable_with_its_reason_and_does_not_count(row, look):
    kept = factories.published(row, status="in_progress", effective_on=date(2012, 1, 1), rationale="Begun.")
    wrong = factories.published(
        row, status="implemented", effective_on=date(2014, 1, 1), rationale="All done."
    )
    assessments.retract(wrong, by=factories.user("reviewer"), now=NOW, note="We read the wrong bill.")

    page = look("/recommendations/CFR-06/")

    assert f'<li class="verdict gone" id="verdict-{wrong.pk}">' in page
    assert f'<li class="verdict" id="verdict-{kept.pk}">' in page
    assert "We read the wrong bill." in page
    assert "All done." in page
    assert '<span class="status s-in_progress big">' in page
    assert '<rect class="s-implemented"' not in page


def test_a_corrected_verdict_names_the_one_that_replaces_it(row, look):
    first = factories.published(row, status="implemented", rationale="Done, we thought.")
    second = factories.published(
        row, status="partially_implemented", supersedes=first, rationale="Only half."
    )
    page = look("/recommendations/CFR-06/")
    assert f'Corrected by <a href="#verdict-{second.pk}">' in page
    assert '<span class="status s-partially_implemented big">' in page


def test_a_correction_that_is_only_proposed_is_not_told(row, look):
    first = factories.published(row, status="implemented")
    factories.proposed(row, status="reversed", supersedes=first, rationale="Not agreed yet.")
    page = look("/recommendations/CFR-06/")
    assert "Corrected by" not in page
    assert "Not agreed yet." not in page


def test_another_partys_verdict_makes_it_contested_and_stands_beside(row, look):
    factories.published(row, status="not_implemented", effective_on=date(2014, 1, 1))
    ministry = factories.institution(name="Ministry of Ports")
    factories.published(row, status="implemented", verdict_by="addressee", verdict_institution=ministry)
    page = look("/recommendations/CFR-06/")
    assert "Contested: another published verdict differs" in page
    assert "Verdict of The addressee (Ministry of Ports)" in page


def test_a_verdict_nobody_has_verified_lately_is_marked(row, look):
    factories.published(
        row, status="in_progress", effective_on=date(2012, 1, 1), now=NOW - timedelta(days=400)
    )
    assert "not verified lately" in look("/recommendations/CFR-06/")


def test_a_changed_document_puts_the_verdict_that_cites_it_in_doubt(row, look):
    factories.published(row)
    piece = factories.evidence(bears_on=row)
    factories.published(row, cites=[Cited(piece, "supports")])
    assert "Basis changed" not in look("/recommendations/CFR-06/")
    findings.bring(
        kind="evidence_changed",
        rule="text_changed",
        rule_version="1",
        title="Changed",
        fingerprint="f" * 64,
        by="page",
        now=NOW,
        evidence=piece,
    )
    assert look("/recommendations/CFR-06/").count("Basis changed") == 2  # by the headline and in the list


def test_evidence_carries_stance_precision_and_all_its_marks(row, look):
    document = factories.document(url="https://example.org/bill", url_confirmed=False)
    factories.evidence(
        bears_on=row,
        stance="contradicts",
        code="e-1",
        title="A bill",
        finding="The bill failed.",
        occurred_on=date(2013, 4, 1),
        date_precision="month",
        verified=False,
        caution="Seen in a summary only.",
        from_memory=["bill number"],
        checked_against=["https://example.org/bill", "https://example.com/news"],
        document=document,
    )
    page = look("/recommendations/CFR-06/")
    assert '<li class="evidence" id="evidence-e-1">' in page
    assert '<time datetime="2013-04">April 2013</time>' in page
    assert '<span class="stance is-contradicts">' in page
    assert "Contradicts" in page
    assert "Unverified: nobody here has read a page that states this." in page
    assert "The address is not confirmed" in page
    assert "Seen in a summary only." in page
    assert "From memory: bill number." in page
    assert (
        'Also read at: <a href="https://example.com/news" rel="noreferrer external">example.com</a></p>'
        in page
    )


def test_a_findings_own_word_on_the_address_is_stronger_than_its_documents(row, look):
    factories.evidence(bears_on=row, document=factories.document(url_confirmed=False), url_confirmed=True)
    assert "The address is not confirmed" not in look("/recommendations/CFR-06/")


def test_what_is_older_than_the_document_is_context_and_stands_apart(row, look):
    older = factories.evidence(occurred_on=date(2009, 1, 1), finding="Long ago.")
    older.links.create(recommendation=row, stance="supports", timing="before_publication")
    page = look("/recommendations/CFR-06/")
    assert "older than the document: context only" in page
    assert page.index("Before the document: context only") < page.index("Long ago.")


def test_an_address_that_is_no_web_address_is_never_a_link(row, look):
    document = factories.document(url="javascript:alert(1)")
    factories.evidence(bears_on=row, document=document, checked_against=["javascript:alert(2)"])
    page = look("/recommendations/CFR-06/")
    assert 'href="javascript' not in page


def test_what_people_wrote_is_text_and_not_markup(row, look, client):
    row.summary = "<script>alert(1)</script>"
    row.save()
    assert "<script>" not in client.get("/recommendations/CFR-06/").text


def test_the_whole_shows_the_evidence_of_its_parts_once_and_says_which(row, look):
    parts = [factories.recommendation(parent=row, code=f"CFR-06{letter}") for letter in "ab"]
    piece = factories.evidence(bears_on=parts[0], finding="A rule was made.", stance="supports")
    piece.links.create(recommendation=parts[1], stance="contradicts")
    page = look("/recommendations/CFR-06/")
    assert page.count("A rule was made.") == 1
    assert 'href="/recommendations/CFR-06a/">CFR-06a</a>' in page
    assert "Its 2 parts" in page
    assert "A rule was made." in look("/recommendations/CFR-06a/")


def test_responses_deadlines_and_closure_are_told_with_their_reasons(row, look):
    body = row.addressee_set.get().institution
    responses.record(
        row,
        institution=body,
        kind="noted",
        stated_on=date(2012, 1, 1),
        summary="We hear you.",
        by=factories.user(),
        now=NOW,
    )
    deadlines.move(row, due_on=date(2013, 1, 1), reason="Set by law.", by=factories.user(), now=NOW)
    deadlines.move(row, due_on=date(2014, 1, 1), reason="A year more.", by=factories.user(), now=NOW)
    closures.close(
        row,
        reason="superseded",
        note="A newer report asks for it.",
        review_on=date(2030, 1, 1),
        by=factories.user("reviewer"),
        now=NOW,
    )
    page = look("/recommendations/CFR-06/")
    assert "Noted" in page
    assert "We hear you." in page
    assert "Set by law." in page
    assert "A year more." in page
    assert "Closed: Superseded" in page
    assert "A newer report asks for it." in page
    assert '<time datetime="2030-01-01">1 January 2030</time>' in page


def test_an_unknown_value_is_not_known_and_never_zero(row, look):
    indicator = factories.indicator(recommendations=[row], name="Guns seized")
    Observation.objects.create(indicator=indicator, role="baseline", period="2010", value=0, recorded_at=NOW)
    Observation.objects.create(indicator=indicator, period="2011", value=None, recorded_at=NOW)
    Observation.objects.create(
        indicator=indicator, period="2012", value=1500, verified=False, recorded_at=NOW
    )
    page = look("/recommendations/CFR-06/")
    assert '<td class="num">0</td>' in page
    assert '<td class="num"><span class="unknown">not known</span></td>' in page
    assert '<td class="num">1,500</td>' in page
    assert page.count(">unverified<") == 1


def test_a_relation_reads_rightly_from_both_sides(row, look):
    other = factories.recommendation(code="OTHER", title="Let guns flow")
    Relation.objects.create(
        recommendation=other, other=row, kind="contradicts", note="They cannot both be done."
    )
    assert "Contradicted by" in look("/recommendations/CFR-06/")
    assert "They cannot both be done." in look("/recommendations/OTHER/")


def test_as_of_a_day_the_page_tells_what_was_true_then(row, look):
    factories.evidence(bears_on=row, finding="A late law.", occurred_on=date(2019, 1, 1))
    factories.published(row, status="in_progress", effective_on=date(2012, 1, 1), rationale="Begun.")
    factories.published(row, status="implemented", effective_on=date(2020, 1, 1), rationale="Done.")
    page = look("/recommendations/CFR-06/?as_of=2013-06-01")
    assert "You are looking at the past." in page
    assert '<span class="status s-in_progress big">' in page
    assert "Done." not in page
    assert "A late law." not in page
    assert 'href="/api/v1/recommendations/CFR-06/?as_of=2013-06-01"' in page
    assert '<span class="status s-implemented big">' in look("/recommendations/CFR-06/")


def test_as_known_at_a_moment_the_page_tells_what_we_said_then(row, look):
    before, later = NOW - timedelta(days=10), NOW - timedelta(days=5)
    wrong = factories.published(row, status="implemented", effective_on=date(2012, 1, 1), now=before)
    assessments.retract(wrong, by=factories.user("reviewer"), now=later, note="Not so.")
    then = look("/recommendations/CFR-06/?known_at=2026-11-18")
    assert '<span class="status s-implemented big">' in then
    assert "Not so." not in then
    assert '<span class="status s-not_assessed big">' in look("/recommendations/CFR-06/?known_at=2026-11-23")
    assert "By then this tracker had published no verdict on it." in look(
        "/recommendations/CFR-06/?known_at=2020-01-01"
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("as_of=2013-13-01", "Enter a day as year, month and day, such as 2013-06-01."),
        ("as_of=yesterday", "Enter a day as year, month and day, such as 2013-06-01."),
        ("as_of=2999-01-01", "This day has not come yet."),
        ("known_at=soon", "Enter a day such as 2026-11-26, or a moment"),
        ("known_at=2999-01-01", "This moment has not come yet."),
    ],
)
def test_a_moment_that_is_none_is_refused_by_name(row, look, query, says):
    page = look(f"/recommendations/CFR-06/?{query}", status=400)
    assert says in page
    assert f"<code>{query}</code>" in page


def test_before_the_document_there_is_no_such_page(row, look):
    page = look("/recommendations/CFR-06/?as_of=2010-01-01", status=404)
    assert "was published later than the day you asked for" in page


@pytest.mark.parametrize("hide", ["recommendation", "source", "whole"])
def test_what_is_not_public_is_as_if_it_did_not_exist(row, look, client, hide):
    part = factories.recommendation(parent=row, code="CFR-06a")
    hidden = {"recommendation": part, "source": row.source, "whole": row}[hide]
    hidden.visibility = "internal"
    hidden.save()
    client.force_login(factories.user("administrator"))
    look("/recommendations/CFR-06a/", status=404)
    if hide == "recommendation":
        assert "CFR-06a" not in look("/recommendations/CFR-06/")


def test_internal_evidence_leaks_from_no_corner(row, look):
    secret = factories.evidence(bears_on=row, finding="A secret memo.", title="Memo", visibility="internal")
    factories.published(
        row, cites=[Cited(secret, "supports"), Cited(factories.evidence(bears_on=row), "supports")]
    )
    page = look("/recommendations/CFR-06/")
    assert "A secret memo." not in page
    assert "Memo" not in page


def test_staff_see_the_public_page_with_a_way_to_the_admin(row, look, client):
    factories.proposed(row, rationale="Only for the office.")
    client.force_login(factories.user("editor"))
    page = look("/recommendations/CFR-06/")
    assert "Only for the office." not in page
    assert "/admin/" in page


def test_the_number_of_statements_does_not_grow(row, client, django_assert_num_queries):
    for number in (1, 3):
        for _ in range(number):
            part = factories.recommendation(parent=row)
            factories.published(part)
            factories.published(row)
            Observation.objects.create(
                indicator=factories.indicator(recommendations=[row, part]),
                period="2011",
                recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
            Relation.objects.create(recommendation=row, other=factories.recommendation(), kind="same_aim")
        with django_assert_num_queries(18):
            client.get("/recommendations/CFR-06/")
        with django_assert_num_queries(20):
            client.get("/recommendations/CFR-06/?as_of=2014-01-01")
