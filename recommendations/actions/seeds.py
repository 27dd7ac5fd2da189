"""Loading the seed data: everything or nothing, and nothing twice.

Each object's values are kept as a digest (ImportedRow). An object whose digest is unchanged is left
alone, and so a person's later correction is not undone by starting again; what has changed in the
files is changed here, and a changed verdict becomes a correction of the old one.

The files are proposed by the import and published in the name of one person, the curator, who
answers for what the researchers decided (see DECISIONS.md).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model

from recommendations.actions import batches, changes, headlines, seed_checks, verdicts
from recommendations.actions.refusals import one_transaction, require
from recommendations.exchange import nouns
from recommendations.models import (
    Addressee,
    Document,
    Evidence,
    EvidenceLink,
    Figure,
    Indicator,
    Institution,
    Observation,
    Recommendation,
    Relation,
    Source,
    Theme,
    User,
)
from recommendations.queries.record_shapes import MODELS
from recommendations.vocabulary import Role

ORIGIN = "seeds"
CURATOR = "curator"

Progress = Callable[[str, batches.Tally], None]
Step = Callable[[str, int, int], None]


def curator(*, now: datetime) -> User:
    """The person in whose name the seed data is published. Nobody can sign in as them."""
    user, _new = User.objects.get_or_create(
        username=CURATOR,
        defaults={
            "name": "Curator of the seed data",
            "role": Role.REVIEWER,
            "is_active": False,
            "password": "!",
        },
    )
    return user


def load(
    seeds: nouns.Seeds,
    *,
    by: User,
    now: datetime,
    progress: Progress,
    step: Step = lambda _noun, _done, _total: None,
) -> dict[str, batches.Tally]:
    """Load what was read; `{noun: Tally}`. One transaction: on any refusal nothing is changed.

    `by` is the person in whose name the verdicts are published: the curator, or somebody who may publish;
    `progress` hears of each noun done, `step` how far one is, and at the end how far the headlines are.
    """
    if by.username != CURATOR:
        require(by, "assessment.publish")
    tallies: dict[str, batches.Tally] = {}

    def done(noun: str, tally: batches.Tally) -> None:
        tallies[noun] = tally
        progress(noun, tally)

    with one_transaction(), changes.followed(by=ORIGIN, now=now, **_everything()) as around:
        batch = batches.Batch(ORIGIN, now, step)
        done("institutions", _institutions(seeds, batch))
        done("themes", _themes(seeds, batch))
        done("sources", _sources(seeds, batch))
        done("recommendations", _recommendations(seeds, batch))
        done("documents", _documents(seeds, batch))
        done("evidence", _evidence(seeds, batch))
        done("assessments", verdicts.load(seeds, batch, by=by))
        done("relations", _relations(seeds, batch))
        done("indicators", _indicators(seeds, batch))
        done("figures", _figures(seeds, batch))
        done("checks", seed_checks.addresses(now=now))
        done("registers", seed_checks.registers(seeds, batch))
        step("headlines", 0, 1)
        batch.finish()
        headlines.refresh(list(Recommendation.objects.values_list("pk", flat=True)), by=by, now=now)
        for noun, ids in _everything().items():
            around.add(noun, *ids)
    return tallies


def _everything() -> dict[str, list[int]]:
    """All rows that have a public record, by noun: the files may change any of them."""
    return {noun: list(model._default_manager.values_list("pk", flat=True)) for noun, model in MODELS.items()}


def _institutions(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    known = _by_code(Institution)

    def build(item: nouns.Institution) -> Institution:
        return Institution(
            code=item.code,
            name=item.name,
            kind=item.kind,
            country=item.country,
            parent=known.get(item.parent),
            aliases=list(item.aliases),
        )

    return batch.upsert("institution", seeds.institutions, build, known)


def _themes(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    known = _by_code(Theme)

    def build(item: nouns.Theme) -> Theme:
        return Theme(
            code=item.code, name=item.name, description=item.description, parent=known.get(item.parent)
        )

    return batch.upsert("theme", seeds.themes, build, known)


def _sources(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    institutions = _by_code(Institution)

    def build(item: nouns.Source) -> Source:
        return Source(
            code=item.code,
            title=item.title,
            kind=item.kind,
            authors=list(item.authors),
            author_note=item.author_note,
            publisher=institutions[item.publisher],
            publisher_wording=item.publisher_wording,
            series=item.series,
            published_on=item.published_on,
            date_precision=item.date_precision,
            date_label=item.date_label,
            date_note=item.date_note,
            url=item.url,
            url_confirmed=item.url_confirmed,
            language=item.language,
            note=item.note,
            updated_at=batch.now,
        )

    return batch.upsert("source", seeds.sources, build, _by_code(Source))


def _recommendations(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    sources, institutions, themes = _by_code(Source), _by_code(Institution), _by_code(Theme)
    known = _by_code(Recommendation)

    def build(item: nouns.Recommendation) -> Recommendation:
        return Recommendation(
            code=item.code,
            source=sources[item.source],
            parent=known.get(item.parent),
            title=item.title,
            summary=item.summary,
            group=item.group,
            locator=item.locator,
            explicit=item.explicit,
            note=item.note,
            updated_at=batch.now,
        )

    def attach(item: nouns.Recommendation, row: Recommendation) -> None:
        row.themes.set([themes[code] for code in item.themes])
        row.addressee_set.all().delete()
        Addressee.objects.bulk_create(
            Addressee(
                recommendation=row,
                institution=institutions[each.institution],
                wording=each.wording,
                position=position,
            )
            for position, each in enumerate(item.addressees)
        )

    def own(item: nouns.Recommendation) -> object:
        return batches.without(item, "assessments", "relations")

    return batch.upsert("recommendation", seeds.recommendations, build, known, attach=attach, own=own)


def _documents(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    institutions = _by_code(Institution)

    def build(item: nouns.Document) -> Document:
        return Document(
            code=item.code,
            title=item.title,
            publisher=institutions.get(item.publisher),
            publisher_wording=item.publisher_wording,
            via=institutions.get(item.via),
            url=item.url,
            url_confirmed=item.url_confirmed,
        )

    def own(item: nouns.Document) -> object:
        return batches.without(item, "evidence")

    return batch.upsert("document", seeds.documents, build, _by_code(Document), own=own, public=False)


def _evidence(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    documents, recommendations = _by_code(Document), _by_code(Recommendation)
    found_in = {each.code: document.code for document in seeds.documents for each in document.evidence}

    def build(item: nouns.Evidence) -> Evidence:
        return Evidence(
            code=item.code,
            document=documents[found_in[item.code]],
            kind=item.kind,
            title=item.title,
            publisher_wording=item.publisher_wording,
            finding=item.finding,
            occurred_on=item.occurred_on,
            date_precision=item.date_precision,
            verified=item.verified,
            url_confirmed=item.url_confirmed,
            checked_against=list(item.checked_against),
            from_memory=list(item.from_memory),
            caution=item.caution,
            recorded_at=batch.now,
            updated_at=batch.now,
        )

    def attach(item: nouns.Evidence, row: Evidence) -> None:
        # What was said before stays as old as it is.
        since = dict(row.links.values_list("recommendation_id", "recorded_at"))
        row.links.all().delete()
        EvidenceLink.objects.bulk_create(
            EvidenceLink(
                evidence=row,
                recommendation=recommendations[link.recommendation],
                stance=link.stance,
                timing=link.timing,
                note=link.note,
                recorded_at=since.get(recommendations[link.recommendation].pk, batch.now),
            )
            for link in item.links
        )

    return batch.upsert("evidence", list(seeds.evidence), build, _by_code(Evidence), attach=attach)


def _relations(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    recommendations = _by_code(Recommendation)
    told = {
        f"{each.recommendation.code} {each.kind} {each.other.code}": each
        for each in Relation.objects.select_related("recommendation", "other")
    }
    items = [
        batches.Coded(f"{item.code} {relation.kind} {relation.to}", (item.code, relation))
        for item in seeds.recommendations
        for relation in item.relations
    ]

    def build(item: batches.Coded) -> Relation:
        code, relation = item.value
        return Relation(
            recommendation=recommendations[code],
            other=recommendations[relation.to],
            kind=relation.kind,
            note=relation.note,
            recorded_at=batch.now,
        )

    return batch.upsert("relation", items, build, told)


def _indicators(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    recommendations = _by_code(Recommendation)

    def build(item: nouns.Indicator) -> Indicator:
        return Indicator(
            code=item.code,
            name=item.name,
            unit=item.unit,
            direction=item.direction,
            note=item.note,
            sources=list(item.sources),
            updated_at=batch.now,
        )

    def attach(item: nouns.Indicator, row: Indicator) -> None:
        row.recommendations.set([recommendations[code] for code in item.recommendations])
        row.observations.filter(recorded_by__isnull=True).delete()
        Observation.objects.bulk_create(
            Observation(
                indicator=row,
                role=each.role,
                period=each.period,
                period_from=each.period_from,
                period_to=each.period_to,
                value=each.value,
                measure=each.measure,
                quality=each.quality,
                basis=each.basis,
                verified=each.verified,
                seen_at=each.seen_at,
                note=each.note,
                recorded_at=batch.now,
            )
            for each in item.observations
        )

    return batch.upsert("indicator", seeds.indicators, build, _by_code(Indicator), attach=attach)


def _figures(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    sources, evidence = _by_code(Source), _by_code(Evidence)

    def build(item: nouns.Figure) -> Figure:
        return Figure(
            code=item.code,
            kind=item.kind,
            source=sources.get(item.source),
            evidence=evidence.get(item.evidence),
            measure=item.measure,
            description=item.description,
            locator=item.locator,
            value=item.value,
            unit=item.unit,
            period=item.period,
            approximate=item.approximate,
            bound=item.bound,
            usable=item.usable,
            seen_at=item.seen_at,
            note=item.note,
        )

    return batch.upsert("figure", seeds.figures, build, _by_code(Figure))


def _by_code(model: type[Model]) -> dict[str, Any]:
    return {row.code: row for row in model._default_manager.all()}  # type: ignore[attr-defined]
