"""Whether what the seed files say can be so: dates, and what a verdict may rest on.

The same rules hold in the database and in the actions; here they are told before anything is written,
with the line of the file.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from recommendations.exchange.nouns import (
    Assessment,
    Check,
    Evidence,
    Recommendation,
    Seeds,
    Source,
)
from recommendations.exchange.problems import Problem, at
from recommendations.rules.assessments import needs_evidence
from recommendations.rules.dates import PartialDate
from recommendations.vocabulary import ObservationRole, Status, Timing

DONE = (Status.IMPLEMENTED, Status.SUBSTANTIALLY_IMPLEMENTED, Status.MET_BY_OTHER_MEANS)
"""Verdicts that something was carried out, which nothing older than the document can show."""


def problems(seeds: Seeds, *, today: date) -> Iterator[Problem]:
    sources = {each.code: each for each in seeds.sources}
    evidence = {each.code: each for each in seeds.evidence}
    source_of = {each.code: sources[each.source] for each in seeds.recommendations if each.source in sources}
    yield from _publishers(seeds)
    for each in evidence.values():
        yield from _evidence(each, source_of, today)
    for recommendation in seeds.recommendations:
        for assessment in recommendation.assessments:
            yield from _assessment(assessment, recommendation, source_of, evidence, today)
    yield from _observations(seeds)
    yield from _checks(seeds)


def _publishers(seeds: Seeds) -> Iterator[Problem]:
    for document in seeds.documents:
        if not document.publisher and not document.publisher_wording:
            rule = _("Whose document is it? Give an institution, or publisher_wording where it is no one's.")
            yield at(document.place, "publisher", "", rule)


def _evidence(each: Evidence, source_of: dict[str, Source], today: date) -> Iterator[Problem]:
    """Nothing has happened tomorrow; and a link's timing agrees with the dates, where they are plain."""
    happened = PartialDate(each.occurred_on, each.date_precision)
    if happened.first_day > today:
        yield at(each.place, "occurred_on", each.occurred_on, _("This lies in the future."))
    for link in each.links:
        source = source_of.get(link.recommendation)
        if source is None:
            continue
        published = PartialDate(source.published_on, source.date_precision)
        before = link.timing == Timing.BEFORE_PUBLICATION
        if happened.last_day < published.first_day and not before:
            rule = _("Older than %s: say timing: before_publication, for it cannot count as carrying it out.")
            yield at(link.place, "timing", each.code, rule % source.code)
        if happened.first_day > published.last_day and before:
            rule = _("Happened after %s was published, and so is not before_publication.")
            yield at(link.place, "timing", each.code, rule % source.code)


def _assessment(
    assessment: Assessment,
    recommendation: Recommendation,
    source_of: dict[str, Source],
    evidence: dict[str, Evidence],
    today: date,
) -> Iterator[Problem]:
    source = source_of.get(recommendation.code)
    day = assessment.effective_on
    if day > today:
        yield at(
            assessment.place,
            "effective_on",
            day,
            _("A verdict cannot be about the future."),
        )
    if source and day < source.published_on:
        rule = _("Before %s was published nobody could carry it out.") % source.code
        yield at(assessment.place, "effective_on", day, rule)
    if not assessment.citations and needs_evidence(assessment.status):
        rule = _("This status needs evidence; only no_action and unable_to_assess stand without.")
        yield at(assessment.place, "evidence", assessment.status, rule)
    for citation in assessment.citations:
        cited = evidence.get(citation.evidence)
        if cited and cited.occurred_on > day:
            rule = _("Happened after the day of the verdict that rests on it.")
            yield at(citation.place, "evidence", citation.evidence, rule)
    cited_evidence = [evidence[each.evidence] for each in assessment.citations if each.evidence in evidence]
    if cited_evidence and not any(each.verified for each in cited_evidence):
        rule = _("Rests on unverified evidence alone.")
        yield at(assessment.place, "evidence", assessment.status, rule)
    if (
        assessment.status in DONE
        and cited_evidence
        and all(_older(each, recommendation) for each in cited_evidence)
    ):
        rule = _("Nothing older than the document can show that it was carried out.")
        yield at(assessment.place, "evidence", assessment.status, rule)


def _older(evidence: Evidence, recommendation: Recommendation) -> bool:
    """Whether it bears on the recommendation only as context from before the document."""
    timings = {
        link.timing
        for link in evidence.links
        if recommendation.code in (link.recommendation, link.recommendation[:-1])
    }
    return timings == {Timing.BEFORE_PUBLICATION}


def _observations(seeds: Seeds) -> Iterator[Problem]:
    for indicator in seeds.indicators:
        for each in indicator.observations:
            if each.period_from and each.period_to and each.period_from > each.period_to:
                yield at(each.place, "to", each.period_to, _("Ends before it begins."))
            if not each.period and each.role != ObservationRole.TARGET:
                yield at(
                    each.place,
                    "period",
                    "",
                    _("A value belongs to a period; only a target may lack one."),
                )


def _checks(seeds: Seeds) -> Iterator[Problem]:
    """A check is about one thing, and nothing is asked twice."""
    first: list[Check] = []
    for each in seeds.checks:
        if bool(each.recommendation) == bool(each.indicator):
            yield at(
                each.place, "recommendation", "", _("Name a recommendation or an indicator, and one only.")
            )
        twin = next((other for other in first if other == each), None)
        if twin is not None:
            yield at(each.place, "config", each.kind, _("Already given at %s.") % twin.place)
        first.append(each)
