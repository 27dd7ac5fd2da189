"""Correcting documents and figures, and what an indicator measures: who may, what is told, and what is held."""

from decimal import Decimal

import pytest

from recommendations.actions import documents, figures, indicators
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Event, Figure
from recommendations.queries import limits
from recommendations.vocabulary import Role
from tests import factories

NOW = factories.NOW


def verbs():
    return list(Event.objects.order_by("id").values_list("verb", "public"))


def limited(role, source):
    return factories.user(role, source_limits=[source.pk])


def stated(**fields):
    return Figure.objects.create(**{"code": "F-1", "kind": "stated", "measure": "Deaths"} | fields)


@pytest.fixture
def about(db):
    return factories.recommendation()


def test_a_document_is_corrected_and_the_public_hears_of_its_evidence(about):
    editor, publisher = factories.user("editor"), factories.institution()
    evidence = factories.evidence(bears_on=about)
    said = {"title": "Its right title", "publisher": publisher, "url_confirmed": True}
    documents.change(evidence.document, by=editor, now=NOW, **said)
    evidence.refresh_from_db()
    row = evidence.document
    assert (row.title, row.publisher, row.url_confirmed, evidence.version) == (
        "Its right title",
        publisher,
        True,
        2,
    )
    assert ("document.changed", False) in verbs()
    assert ("evidence.updated", True) in verbs()
    told = Event.objects.count()
    documents.change(row, by=editor, now=NOW, **said)
    assert Event.objects.count() == told


@pytest.mark.parametrize("field", ["url", "code", "nonsense"])
def test_the_address_and_the_code_of_a_document_stay(about, field):
    document = factories.evidence(bears_on=about).document
    with pytest.raises(Refused) as refusal:
        documents.change(document, by=factories.user("editor"), now=NOW, **{field: "https://example.org/x"})
    assert (refusal.value.rule, refusal.value.field) == ("document_field_fixed", field)


def test_a_document_is_corrected_only_within_the_limits_of_a_role(about):
    document = factories.evidence(bears_on=about).document
    stranger = limited("editor", factories.source())
    with pytest.raises(NotAllowed):
        documents.change(document, by=stranger, now=NOW, title="Other")
    documents.change(document, by=limited("editor", about.source), now=NOW, title="Other")
    with pytest.raises(NotAllowed):
        documents.change(document, by=factories.user("viewer"), now=NOW, title="Third")


def test_a_figure_is_added_and_corrected(about):
    manager = factories.user("manager")
    said = {"code": "F-9", "kind": "stated", "source": about.source, "measure": "Deaths", "value": Decimal(3)}
    figure = figures.create(by=manager, now=NOW, **said)
    figures.change(figure, by=manager, now=NOW, value=Decimal(4))
    figure.refresh_from_db()
    assert figure.value == 4
    assert verbs() == [("figure.created", True), ("figure.changed", True)]


def test_a_stated_figure_names_its_source(about):
    manager = factories.user("manager")
    with pytest.raises(Refused) as refusal:
        figures.create(by=manager, now=NOW, code="F-9", kind="stated", measure="Deaths")
    assert (refusal.value.rule, refusal.value.field) == ("figure_stated_has_source", "source")
    with pytest.raises(Refused):
        figures.change(stated(source=about.source), by=manager, now=NOW, source=None)
    assert Figure.objects.get().source == about.source
    assert not Event.objects.exists()


def test_a_figure_is_changed_only_within_the_limits_of_a_role(about):
    elsewhere = factories.source()
    figure = stated(source=about.source)
    within, beyond = limited("manager", about.source), limited("manager", elsewhere)
    assert (limits.covers(within, figure), limits.covers(beyond, figure)) == (True, False)
    for person, fields in ((beyond, {"value": 1}), (within, {"source": elsewhere})):
        with pytest.raises(NotAllowed):
            figures.change(figure, by=person, now=NOW, **fields)
    figures.change(figure, by=within, now=NOW, value=Decimal(2))
    with pytest.raises(NotAllowed):
        figures.create(by=within, now=NOW, code="F-2", kind="later", measure="Deaths")


def test_an_indicator_measures_other_recommendations(about):
    other, manager = factories.recommendation(), factories.user("manager")
    row = factories.indicator(recommendations=[about])
    indicators.change(row, by=manager, now=NOW, recommendations=[other, about], unit="per cent")
    row.refresh_from_db()
    assert set(row.recommendations.all()) == {about, other}
    assert (row.unit, row.version) == ("per cent", 2)
    event = Event.objects.get(verb="indicator.changed")
    assert event.after["recommendations"] == sorted([about.code, other.code])
    indicators.change(row, by=manager, now=NOW, recommendations=[about, other])
    assert Event.objects.filter(verb="indicator.changed").count() == 1
    with pytest.raises(Refused) as refusal:
        indicators.change(row, by=manager, now=NOW, recommendations=[])
    assert refusal.value.rule == "indicator_measures_something"


def test_what_an_indicator_measures_moves_only_within_the_limits_of_a_role(about):
    other = factories.recommendation()
    row = factories.indicator(recommendations=[about])
    manager = limited(Role.MANAGER, about.source)
    with pytest.raises(NotAllowed):
        indicators.change(row, by=manager, now=NOW, recommendations=[about, other])
    row.recommendations.add(other)
    with pytest.raises(NotAllowed):
        indicators.change(row, by=manager, now=NOW, recommendations=[about])
    indicators.change(row, by=manager, now=NOW, recommendations=[about, other], note="Seen")
    assert set(row.recommendations.all()) == {about, other}
