"""Whether the seed files agree with each other: each name given once, each name used given somewhere."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from recommendations.exchange.nouns import Institution, Place, Seeds, Theme
from recommendations.exchange.problems import Problem, at

Named = Iterable[tuple[str, Place]]


def problems(seeds: Seeds) -> Iterator[Problem]:
    yield from _given_once(seeds)
    yield from _given_somewhere(seeds)
    yield from _said_once(seeds)
    yield from _trees(seeds)


def _given_once(seeds: Seeds) -> Iterator[Problem]:
    """Codes, addresses and spellings stand for one thing each."""
    for nouns in (
        seeds.institutions,
        seeds.themes,
        seeds.sources,
        seeds.recommendations,
        seeds.documents,
        seeds.indicators,
        seeds.figures,
    ):
        yield from _twice(((each.code, each.place) for each in nouns), "code")
    yield from _twice(((each.code, each.place) for each in seeds.evidence), "id")
    yield from _twice(((each.url, each.place) for each in seeds.documents if each.url), "url")
    spellings = (
        (spelling, each.place) for each in seeds.institutions for spelling in {each.name, *each.aliases}
    )
    yield from _twice(spellings, "aliases")


def _twice(named: Named, field: str) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for name, place in named:
        if name in first:
            yield at(place, field, name, _("Already given at %s.") % first[name])
        first.setdefault(name, place)


def _given_somewhere(seeds: Seeds) -> Iterator[Problem]:
    """Every code that is used belongs to something in these files."""
    institutions = {each.code for each in seeds.institutions}
    themes = {each.code for each in seeds.themes}
    sources = {each.code for each in seeds.sources}
    recommendations = {each.code for each in seeds.recommendations}
    evidence = {each.code for each in seeds.evidence}

    def unknown(code: str, known: set[str], place: Place, field: str) -> Iterator[Problem]:
        if code and code not in known:
            yield at(place, field, code, _("Nothing here has this code."))

    for institution in seeds.institutions:
        yield from unknown(institution.parent, institutions, institution.place, "parent")
    for theme in seeds.themes:
        yield from unknown(theme.parent, themes, theme.place, "parent")
    for source in seeds.sources:
        yield from unknown(source.publisher, institutions, source.place, "publisher")
    for document in seeds.documents:
        yield from unknown(document.publisher, institutions, document.place, "publisher")
        yield from unknown(document.via, institutions, document.place, "via")
        for each in document.evidence:
            for link in each.links:
                yield from unknown(link.recommendation, recommendations, link.place, "code")
    for recommendation in seeds.recommendations:
        yield from unknown(recommendation.source, sources, recommendation.place, "source")
        for theme_code in recommendation.themes:
            yield from unknown(theme_code, themes, recommendation.place, "themes")
        for addressee in recommendation.addressees:
            yield from unknown(addressee.institution, institutions, addressee.place, "institution")
        for relation in recommendation.relations:
            yield from unknown(relation.to, recommendations, relation.place, "to")
        for assessment in recommendation.assessments:
            for citation in assessment.citations:
                yield from unknown(citation.evidence, evidence, citation.place, "evidence")
                if not citation.stance and citation.evidence in evidence:
                    rule = _(
                        "It has no single stance toward %s: say that it bears on it, or {id, stance} here."
                    )
                    yield at(citation.place, "evidence", citation.evidence, rule % recommendation.code)
    for indicator in seeds.indicators:
        for code in indicator.recommendations:
            yield from unknown(code, recommendations, indicator.place, "recommendations")
    indicators = {each.code for each in seeds.indicators}
    for check in seeds.checks:
        yield from unknown(check.recommendation, recommendations, check.place, "recommendation")
        yield from unknown(check.indicator, indicators, check.place, "indicator")
    for figure in seeds.figures:
        yield from unknown(figure.source, sources, figure.place, "source")
        yield from unknown(figure.evidence, evidence, figure.place, "evidence")


def _said_once(seeds: Seeds) -> Iterator[Problem]:
    """One link, addressee, relation, citation or verdict of a day and a voice; nothing related to itself."""
    for found in seeds.evidence:
        yield from _twice(((link.recommendation, link.place) for link in found.links), "code")
    for each in seeds.recommendations:
        yield from _twice(
            ((asked.institution, asked.place) for asked in each.addressees),
            "institution",
        )
        yield from _twice(((f"{to.kind} {to.to}", to.place) for to in each.relations), "to")
        verdicts = ((f"{a.effective_on} {a.verdict_by}", a.place) for a in each.assessments)
        yield from _twice(verdicts, "effective_on")
        for assessment in each.assessments:
            yield from _twice(
                ((cited.evidence, cited.place) for cited in assessment.citations),
                "evidence",
            )
        for relation in each.relations:
            if relation.to == each.code:
                yield at(
                    relation.place,
                    "to",
                    relation.to,
                    _("A recommendation has no relation to itself."),
                )


def _trees(seeds: Seeds) -> Iterator[Problem]:
    """Codes carry their source and their parent; themes have two levels; nobody is their own ancestor."""
    for each in seeds.recommendations:
        if each.parent and each.code[:-1] != each.parent:
            yield at(
                each.place,
                "code",
                each.code,
                _("A part's code is %s and a letter.") % each.parent,
            )
        elif not each.parent and not (each.code.startswith(f"{each.source}-") and each.code[-1].isdigit()):
            yield at(
                each.place,
                "code",
                each.code,
                _("The code is %s, a hyphen and a number.") % each.source,
            )
    parents = {theme.code: theme.parent for theme in seeds.themes}
    for theme in seeds.themes:
        if parents.get(theme.parent):
            yield at(
                theme.place,
                "parent",
                theme.parent,
                _("Themes have two levels, and this is a third."),
            )
    yield from _circles(seeds.institutions)
    yield from _circles(seeds.themes)


def _circles(nouns: Iterable[Institution | Theme]) -> Iterator[Problem]:
    parents = {each.code: each.parent for each in nouns}
    for each in nouns:
        above, steps = each.parent, 0
        while above and above != each.code and steps < len(parents):
            above, steps = parents.get(above, ""), steps + 1
        if above == each.code:
            yield at(
                each.place,
                "parent",
                each.parent,
                _("Through its parents this belongs to itself."),
            )
