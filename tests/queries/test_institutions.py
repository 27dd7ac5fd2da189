"""A merged body and its heir are one, wherever one asks."""

from datetime import date

import pytest

from recommendations.models import Institution, Recommendation
from recommendations.queries import groups, institutions, narrowing, recommendations
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def heir():
    heir = factories.institution(code="new")
    merged = [factories.institution(code=code, merged_into=heir) for code in ("old", "older")]
    for number, body in enumerate([heir, *merged, factories.institution(code="other")]):
        factories.recommendation(code=f"R-{number}", addressees=[body])
    return heir


def asked_of(code):
    group = narrowing.addressed_to(Institution.objects.get(code=code))
    return sorted(row.code for row in narrowing.within(recommendations.existing(None), group))


@pytest.mark.parametrize("code", ["new", "old", "older"])
def test_asking_for_either_finds_what_is_asked_of_both(heir, code):
    assert asked_of(code) == ["R-0", "R-1", "R-2"]


def test_another_body_is_another(heir):
    assert asked_of("other") == ["R-3"]


def test_the_overview_and_the_choices_of_lists_agree(heir):
    counted = groups.grouped(Recommendation.objects.all(), "addressee", None, now=NOW)
    assert {each.code: each.counts.total for each in counted} == {"new": 3, "other": 1}
    assert [row.code for row in institutions.addressed(None)] == ["new", "other"]


def internal():
    return factories.recommendation(visibility="internal", addressees=[], themes=[])


def test_bodies_that_only_something_internal_names_are_not_public():
    names = ("asked", "publishes", "reports", "passes", "both", "part", "merged", "unused")
    body = {name: factories.institution(code=name) for name in names}
    whole = factories.institution(code="whole")
    type(whole).objects.filter(code="part").update(parent=whole)
    heir = factories.institution(code="heir")
    type(heir).objects.filter(code="merged").update(merged_into=heir)
    for name in ("asked", "both", "part", "merged"):
        internal().addressee_set.create(institution=body[name])
    internal().addressee_set.create(institution=whole)
    factories.recommendation(addressees=[body["both"]], themes=[])
    factories.source(publisher=body["publishes"], visibility="internal")
    factories.evidence(document=factories.document(publisher=body["reports"]), visibility="internal")
    factories.evidence(document=factories.document(via=body["passes"]), bears_on=internal())
    seen = set(institutions.listed(None).values_list("code", flat=True))
    assert seen & {*names, "whole", "heir"} == {"both", "unused"}
    assert {*names, "whole", "heir"} <= set(
        institutions.listed(factories.user("viewer")).values_list("code", flat=True)
    )


def test_what_something_public_names_is_public():
    body = {name: factories.institution(code=name) for name in ("publishes", "reports", "part", "merged")}
    whole, heir = factories.institution(code="whole"), factories.institution(code="heir")
    type(whole).objects.filter(code="part").update(parent=whole)
    type(heir).objects.filter(code="merged").update(merged_into=heir)
    for each in (whole, heir, *body.values()):
        internal().addressee_set.create(institution=each)
    factories.source(publisher=body["publishes"])
    factories.evidence(document=factories.document(publisher=body["reports"]), occurred_on=date(2020, 1, 1))
    factories.recommendation(addressees=[body["part"], body["merged"]])
    seen = set(institutions.listed(None).values_list("code", flat=True))
    assert {*body, "whole", "heir"} <= seen
