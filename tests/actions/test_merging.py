"""Institutions that are one body: one step from each to its heir, whatever is merged in which order."""

import pytest
from django.db import IntegrityError, transaction

from recommendations.actions import institutions
from recommendations.actions.refusals import Refused
from recommendations.models import Event, Institution, Recommendation
from recommendations.queries import institutions as queries
from recommendations.queries.narrowing import addressed_to, within
from tests import factories

NOW = factories.NOW


@pytest.fixture
def manager(db):
    return factories.user("manager")


def test_what_was_merged_into_a_body_goes_with_it(manager):
    first, second, third = (factories.institution() for _each in range(3))
    about = factories.recommendation()
    about.addressee_set.update(institution=first)
    institutions.merge(first, into=second, by=manager, now=NOW)
    institutions.merge(second, into=third, by=manager, now=NOW)
    assert list(Institution.objects.filter(merged_into=third).order_by("pk")) == [first, second]
    third.refresh_from_db()
    assert set(third.aliases) == {first.name, second.name}
    for code in (first.code, second.code, third.code):
        body = addressed_to(Institution.objects.get(code=code))
        assert list(within(Recommendation.objects.all(), body)) == [about]
    about.refresh_from_db()
    assert about.addressee_ids == [third.pk]
    told = Event.objects.filter(verb="institution.merged").order_by("id")
    assert [(event.object_id, event.after["merged_into"]) for event in told] == [
        (first.code, second.code),
        (first.code, third.code),
        (second.code, third.code),
    ]


def test_nothing_is_merged_twice_or_into_itself_or_into_what_is_merged(manager):
    one, other, heir = (factories.institution() for _each in range(3))
    institutions.merge(other, into=heir, by=manager, now=NOW)
    rules = []
    for body, into in ((other, one), (one, one), (one, other)):
        with pytest.raises(Refused) as refusal:
            institutions.merge(body, into=into, by=manager, now=NOW)
        rules.append(refusal.value.rule)
    assert rules == [
        "institution_merged_once",
        "institution_merged_into_another",
        "institution_merged_into_another",
    ]
    assert heir.name in refusal.value.message
    assert Event.objects.filter(verb="institution.merged").count() == 1


def test_the_database_holds_that_an_heir_is_not_merged(manager):
    first, second, third = (factories.institution() for _each in range(3))
    Institution.objects.filter(pk=first.pk).update(merged_into=second)
    for body, into in ((second, third), (third, first)):
        with pytest.raises(IntegrityError, match="merged"), transaction.atomic():
            Institution.objects.filter(pk=body.pk).update(merged_into=into)


def test_what_names_a_body_is_counted_in_one_statement(manager, django_assert_num_queries):
    body = factories.institution()
    about = factories.recommendation()
    about.addressee_set.update(institution=body)
    factories.source(publisher=body)
    factories.document(publisher=body)
    factories.document(via=body)
    factories.institution(parent=body)
    with django_assert_num_queries(1):
        named = queries.named(body)
    assert named == queries.Named(
        recommendations=1,
        sources=1,
        responses=0,
        documents=2,
        verdicts=0,
        deadlines=0,
        parts=1,
        merged=0,
    )
