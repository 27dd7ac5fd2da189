"""Reading seed files that are in order: the small folder value by value, the real one by its counts."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from recommendations.exchange.nouns import (
    Addressee,
    Assessment,
    Check,
    Citation,
    Document,
    Evidence,
    Institution,
    Link,
    Observation,
    Seeds,
)
from recommendations.exchange.seeds import read_seeds
from tests.exchange import folders

TODAY = date(2026, 11, 26)


def test_a_document_comes_with_its_findings(tmp_path):
    seeds = read_seeds(folders.write(tmp_path), today=TODAY)

    assert seeds.documents == (
        Document(
            code="an-act",
            title="An act",
            publisher="us-congress",
            publisher_wording="",
            via="gazette",
            url="https://example.org/act",
            url_confirmed=True,
            evidence=(
                Evidence(
                    code="act-passed-2012",
                    kind="law",
                    title="An act",
                    publisher_wording="",
                    finding="Congress passed the act.",
                    occurred_on=date(2012, 1, 1),
                    date_precision="year",
                    verified=True,
                    url_confirmed=True,
                    checked_against=("https://example.org/act",),
                    links=(Link("REP11-01a", "supports", "after_publication"),),
                ),
                Evidence(
                    code="act-announced-2010",
                    kind="news",
                    title="An act",
                    publisher_wording="",
                    finding="The act was announced.",
                    occurred_on=date(2010, 12, 24),
                    date_precision="day",
                    verified=False,
                    url_confirmed=True,
                    caution="From memory.",
                    links=(Link("REP11-01", "supports", "before_publication"),),
                ),
            ),
        ),
    )


def test_a_verdict_cites_evidence_with_the_stance_it_has_toward_the_parts(tmp_path):
    whole, part = read_seeds(folders.write(tmp_path), today=TODAY).recommendations

    assert whole.assessments == (
        Assessment(
            status="implemented",
            effective_on=date(2012, 12, 31),
            rationale="The act was passed.",
            citations=(
                Citation("act-passed-2012", "supports"),
                Citation("act-announced-2010", "supports", "p. 2"),
            ),
        ),
    )
    assert (whole.addressees, part.parent) == ((Addressee("us-congress", "Congress"),), "REP11-01")


def test_a_value_is_the_decimal_that_was_written_and_a_period_the_text(tmp_path):
    seeds = read_seeds(folders.write(tmp_path), today=TODAY)

    assert seeds.figures[0].value == Decimal("1.5")
    assert seeds.indicators[0].observations == (
        Observation("baseline", "2010", Decimal(0), verified=True, seen_at="REP11"),
        Observation("target", "", Decimal(1)),
    )


def test_a_check_is_about_one_thing_and_daily_unless_it_says_otherwise(tmp_path):
    seeds = read_seeds(folders.write(tmp_path), today=TODAY)

    assert seeds.checks == (
        Check(
            "feed",
            {"url": "https://example.org/feed", "words": ["act"]},
            every=86_400,
            recommendation="REP11-01",
        ),
        Check(
            "series",
            {"format": "csv", "url": "https://example.org/acts.csv", "period": "year", "value": "acts"},
            every=604_800,
            indicator="REP11-01-I1",
        ),
    )


def test_no_is_norway(tmp_path):
    seeds = read_seeds(folders.write(tmp_path), today=TODAY)

    assert Institution("norway", "Government of Norway", "government", "NO") in seeds.institutions


def test_what_was_read_knows_its_line(tmp_path):
    (document,) = read_seeds(folders.write(tmp_path), today=TODAY).documents

    assert str(document.evidence[1].place) == "documents/2012.yaml:17"
    assert document.evidence[1].place.line_of("caution") == 22


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    return read_seeds(settings.BASE_DIR / "seeds", today=TODAY)


def test_nothing_of_the_five_documents_is_lost(seeds):
    """The numbers of the research behind the seeds; whoever adds to them changes the numbers here."""
    evidence = list(seeds.evidence)
    links = [link for each in evidence for link in each.links]
    assessments = [each for recommendation in seeds.recommendations for each in recommendation.assessments]
    observations = [each for indicator in seeds.indicators for each in indicator.observations]

    assert {
        "sources": len(seeds.sources),
        "recommendations": sum(not each.parent for each in seeds.recommendations),
        "parts": sum(bool(each.parent) for each in seeds.recommendations),
        "implied": sum(not each.explicit and not each.parent for each in seeds.recommendations),
        "relations": sum(len(each.relations) for each in seeds.recommendations),
        "assessments": len(assessments),
        "assessments with confidence": sum(bool(each.confidence) for each in assessments),
        "assessments with evidence derived": sum(each.evidence_derived for each in assessments),
        "citations": sum(len(each.citations) for each in assessments),
        "documents": len(seeds.documents),
        "evidence": len(evidence),
        "unverified": sum(not each.verified for each in evidence),
        "cautions": sum(bool(each.caution) for each in evidence),
        "addresses checked": sum(len(each.checked_against) for each in evidence),
        "parts from memory": sum(len(each.from_memory) for each in evidence),
        "links": len(links),
        "indicators": len(seeds.indicators),
        "observations": len(observations),
        "figures": len(seeds.figures),
        "checks": len(seeds.checks),
    } == {
        "sources": 5,
        "recommendations": 52,
        "parts": 59,
        "implied": 18,
        "relations": 91,
        "assessments": 212,
        "assessments with confidence": 32,
        "assessments with evidence derived": 80,
        "citations": 762,
        "documents": 338,
        "evidence": 386,
        "unverified": 7,
        "cautions": 122,
        "addresses checked": 508,
        "parts from memory": 7,
        "links": 574,
        "indicators": 29,
        "observations": 120,
        "figures": 27,
        "checks": 18,
    }
    assert Counter(each.url_confirmed for each in evidence) == {True: 345, False: 40, None: 1}
    assert Counter(link.stance for link in links) == {"supports": 357, "contradicts": 161, "reverses": 56}
    assert Counter(each.date_precision for each in evidence) == {"day": 309, "month": 61, "year": 16}
    assert Counter(each.role for each in observations) == {"baseline": 28, "target": 6, "observation": 86}


def test_every_recommendation_has_a_theme_of_the_second_level_and_an_addressee(seeds):
    second_level = {theme.code for theme in seeds.themes if theme.parent}

    assert [
        each.code
        for each in seeds.recommendations
        if not each.addressees or not each.themes or not second_level.issuperset(each.themes)
    ] == []


def test_a_body_has_one_entry_whatever_it_is_called(seeds):
    names = {name: each.code for each in seeds.institutions for name in (each.name, *each.aliases)}

    assert {names[spelling] for spelling in ("GAO", "U.S. Government Accountability Office")} == {"us-gao"}
    assert {names[spelling] for spelling in ("The White House", "U.S. President and executive branch")} == {
        "us-president"
    }
