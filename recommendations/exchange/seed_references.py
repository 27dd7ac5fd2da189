"""Whether the seed files agree with each other: each name given once, each name used given somewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.exchange.nouns import Citation, Institution, Place, Recommendation, Seeds, Theme
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


@dataclass(frozen=True)
class _Used:
    """A code that is used somewhere, and the codes of the nouns it may be one of."""

    code: str
    known: set[str]
    place: Place
    field: str


def _given_somewhere(seeds: Seeds) -> Iterator[Problem]:
    """Every code that is used belongs to something in these files."""
    for used in (*_used_for_publishing(seeds), *_used_in_recommendations(seeds), *_used_in_measures(seeds)):
        if used.code and used.code not in used.known:
            yield at(used.place, used.field, used.code, _("Nothing here has this code."))
    yield from _without_stance(seeds)


def _used_for_publishing(seeds: Seeds) -> Iterator[_Used]:
    institutions = {each.code for each in seeds.institutions}
    themes = {each.code for each in seeds.themes}
    for institution in seeds.institutions:
        yield _Used(institution.parent, institutions, institution.place, "parent")
    for theme in seeds.themes:
        yield _Used(theme.parent, themes, theme.place, "parent")
    for source in seeds.sources:
        yield _Used(source.publisher, institutions, source.place, "publisher")
    for document in seeds.documents:
        yield _Used(document.publisher, institutions, document.place, "publisher")
        yield _Used(document.via, institutions, document.place, "via")


def _used_in_recommendations(seeds: Seeds) -> Iterator[_Used]:
    sources = {each.code for each in seeds.sources}
    themes = {each.code for each in seeds.themes}
    institutions = {each.code for each in seeds.institutions}
    recommendations = {each.code for each in seeds.recommendations}
    evidence = {each.code for each in seeds.evidence}
    for each in seeds.recommendations:
        yield _Used(each.source, sources, each.place, "source")
        yield from (_Used(code, themes, each.place, "themes") for code in each.themes)
        for addressee in each.addressees:
            yield _Used(addressee.institution, institutions, addressee.place, "institution")
        for relation in each.relations:
            yield _Used(relation.to, recommendations, relation.place, "to")
        for citation in _citations(each):
            yield _Used(citation.evidence, evidence, citation.place, "evidence")
    for found in seeds.evidence:
        for link in found.links:
            yield _Used(link.recommendation, recommendations, link.place, "code")


def _used_in_measures(seeds: Seeds) -> Iterator[_Used]:
    sources = {each.code for each in seeds.sources}
    recommendations = {each.code for each in seeds.recommendations}
    evidence = {each.code for each in seeds.evidence}
    indicators = {each.code for each in seeds.indicators}
    for indicator in seeds.indicators:
        for code in indicator.recommendations:
            yield _Used(code, recommendations, indicator.place, "recommendations")
    for check in seeds.checks:
        yield _Used(check.recommendation, recommendations, check.place, "recommendation")
        yield _Used(check.indicator, indicators, check.place, "indicator")
    for figure in seeds.figures:
        yield _Used(figure.source, sources, figure.place, "source")
        yield _Used(figure.evidence, evidence, figure.place, "evidence")


def _without_stance(seeds: Seeds) -> Iterator[Problem]:
    """Evidence that is cited has a stance toward the recommendation it is cited for."""
    evidence = {each.code for each in seeds.evidence}
    for each in seeds.recommendations:
        for citation in _citations(each):
            if not citation.stance and citation.evidence in evidence:
                rule = _("It has no single stance toward %s: say that it bears on it, or {id, stance} here.")
                yield at(citation.place, "evidence", citation.evidence, rule % each.code)


def _citations(recommendation: Recommendation) -> Iterator[Citation]:
    return (cited for assessment in recommendation.assessments for cited in assessment.citations)


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
