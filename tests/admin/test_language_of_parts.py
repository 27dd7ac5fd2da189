"""WCAG 3.1.2: on a Spanish page, what the record says in English is marked as English. Held for each page of staff."""

from datetime import date
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.urls import reverse

from recommendations.actions import closures, deadlines, findings, responses
from recommendations.models import Figure, Observation, Relation, Snapshot
from tests import factories
from tests.factories import NOW

WORD = "zwetschge"
"""Stands in every text that people wrote, and nowhere else."""

NOT_MARKED = {"title", "option", "script", "style", "textarea"}
"""The name of a page and the choices of a list hold text alone; a field says its language itself (forms.py)."""

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Unmarked(HTMLParser):
    """Text with the word in it that stands in no element of the record's language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        if tag not in VOID:
            self._open.append((tag, dict(pairs).get("lang")))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if WORD not in data or {tag for tag, _lang in self._open} & NOT_MARKED:
            return
        said = [lang for _tag, lang in self._open if lang]
        if said[-1:] != ["en"]:
            self.found.append(f"<{self._open[-1][0]}> {' '.join(data.split())}"[:120])


@pytest.fixture
def world(db):
    """Everything that can be written about a recommendation, each text with the word in it."""
    body = factories.institution()
    theme = factories.theme(name=WORD, description=WORD)
    source = factories.source(code="SRC", title=WORD, note=WORD, publisher=body)
    words = {"title": WORD, "summary": WORD, "group": WORD, "locator": WORD, "note": WORD}
    row = factories.recommendation(source=source, code="SRC-01", addressees=[body], themes=[theme], **words)
    part = factories.recommendation(parent=row, code="SRC-01a", **words)
    editor, reviewer = factories.user("editor"), factories.user("reviewer")
    said = {"finding": WORD, "title": WORD, "caution": WORD}
    seen = factories.evidence(bears_on=row, document=factories.document(title=WORD), **said)
    seen.links.update(note=WORD)
    cites = [factories.Cited(seen, "supports", WORD)]
    first = factories.published(row, rationale=WORD, cites=cites, by=reviewer)
    factories.published(
        part,
        rationale=WORD,
        cites=[factories.Cited(factories.evidence(bears_on=part, **said), "supports", WORD)],
    )
    factories.assessments.reject(
        factories.proposed(row, rationale=WORD, cites=cites), by=reviewer, now=NOW, note=WORD
    )
    proposal = factories.proposed(row, by=editor, rationale=WORD, cites=cites, supersedes=first)
    responses.record(
        row, institution=body, kind="noted", stated_on=date(2012, 1, 1), summary=WORD, by=editor, now=NOW
    )
    for day in (1, 2):
        deadlines.move(row, due_on=date(2030, 1, day), reason=WORD, moved_by=body, by=editor, now=NOW)
    closures.close(row, reason="superseded", note=WORD, review_on=date(2030, 1, 1), by=reviewer, now=NOW)
    Relation.objects.create(recommendation=row, other=part, kind="same_aim", note=WORD)
    measure = factories.indicator(recommendations=[row], name=WORD, unit=WORD, note=WORD)
    Observation.objects.create(indicator=measure, period="2020", value_text=WORD, note=WORD, recorded_at=NOW)
    Figure.objects.create(code="F-1", kind="stated", source=source, measure=WORD, description=WORD)
    Snapshot.objects.create(
        document=seen.document, taken_at=NOW, text_hash="a" * 64, raw_hash="b" * 64, text=WORD
    )
    check = factories.check(evidence=seen)
    for number, about in enumerate(({"evidence": seen}, {"recommendation": row}, {"indicator": measure})):
        brought = findings.bring(
            kind="evidence_gone",
            rule="answer_gone",
            rule_version="1",
            title=WORD,
            detail=WORD,
            fingerprint=f"gone-{number}",
            by="check:1",
            now=NOW,
            check=check,
            **about,
        )
    return {"row": row, "proposal": proposal, "finding": brought, "source": source}


def pages(world):
    yield from ("/admin/", "/admin/dashboard/", "/admin/check-health/", "/admin/notifications/")
    yield from (reverse("admin:queue_item", args=[noun, world[noun].pk]) for noun in ("proposal", "finding"))
    yield reverse("admin:recommendations_source_report", args=[world["source"].pk])
    for model, noun in admin.site._registry.items():
        name = f"admin:recommendations_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        for row in model._default_manager.order_by("pk")[:3]:
            for step in ("change", "history", *(deed.name for deed in noun.deeds)):
                yield reverse(f"{name}_{step}", args=[row.pk])


@pytest.mark.parametrize("role", ["viewer", "administrator"])
def test_what_the_record_says_is_marked_as_english(role, world, client_of):
    client, wrong = client_of(role), {}
    for address in pages(world):
        page = client.get(address, headers={"accept-language": "es"})
        if page.status_code != 200:
            continue
        assert '<html lang="es"' in page.text, address
        if found := Unmarked(page.text).found:
            wrong[address] = found
    assert wrong == {}
