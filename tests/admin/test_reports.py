"""The printable report of a source: as of a day, for the public or for staff, at a constant cost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from recommendations.actions.assessments import Cited
from recommendations.models import Recommendation, Source
from tests import factories


def report(source):
    return reverse("admin:recommendations_source_report", args=[source.pk])


@pytest.fixture
def whole(db):
    """A recommendation with a part, each with a verdict on one piece of evidence."""
    row = factories.recommendation()
    for each in (row, factories.recommendation(source=row.source, parent=row)):
        factories.published(each)
    return row


def test_it_shows_each_recommendation_with_its_reason_and_what_it_cites(client_of):
    whole = factories.recommendation()
    read = factories.evidence(bears_on=whole, caution="Only one of the two chambers.")
    hearsay = factories.evidence(bears_on=whole, verified=False)
    factories.published(whole, cites=[Cited(read, "supports"), Cited(hearsay, "contradicts")])
    factories.published(factories.recommendation(source=whole.source, parent=whole))
    client = client_of("viewer")
    page = client.get(report(whole.source))
    (entry,) = page.context["report"].entries
    (part,) = entry.parts
    assert (entry.row, part.row.parent) == (whole, whole)
    assert (entry.verdict, part.verdict) == (whole.assessments.get(), part.row.assessments.get())
    assert page.context["report"].counts.coverage == 1
    words = page.text
    assert entry.verdict.rationale in words
    assert "Coverage: 1 of 1 assessed (100%); 0 not assessed by anybody; 0 cannot be judged." in words
    assert words.count("unverified") == 1
    assert "Only one of the two chambers." in words
    assert (
        f'href="{report(whole.source)}"'
        in client.get(reverse("admin:recommendations_source_change", args=[whole.source.pk])).text
    )


def test_it_stands_for_the_day_that_is_asked_for(client_of, whole):
    verdict = whole.assessments.get()
    client = client_of("viewer")
    before = client.get(report(whole.source), {"as_of": verdict.effective_on - timedelta(days=1)})
    assert [each.headline.status for each in before.context["report"].entries] == ["not_assessed"]
    assert before.context["report"].counts.assessed == 0
    unknown = client.get(report(whole.source), {"known_at": verdict.published_at.date() - timedelta(days=1)})
    assert [each.verdict for each in unknown.context["report"].entries] == [None]
    then = client.get(report(whole.source), {"as_of": verdict.effective_on})
    assert [each.verdict for each in then.context["report"].entries] == [verdict]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"as_of": "2999-01-01"}, "This day has not come yet."),
        ({"known_at": "2999-01-01"}, "This day has not come yet."),
        ({"as_of": "yesterday"}, "Enter a valid date."),
        ({"as_of": "1900-01-01"}, "The document was published on"),
        ({"day": "2020-01-01"}, "A report has no parameter “day”."),
    ],
)
def test_what_cannot_be_answered_is_refused_and_says_why(client_of, whole, asked, said):
    answer = client_of("viewer").get(report(whole.source), asked)
    assert answer.status_code == 400
    assert said in answer.text
    assert "report" not in answer.context


def test_what_is_internal_stands_only_in_a_report_that_says_so(client_of, whole):
    Recommendation.objects.filter(parent=whole).update(visibility="internal")
    client = client_of("viewer")
    public, staff = client.get(report(whole.source)), client.get(report(whole.source), {"internal": "on"})
    assert [each.parts for each in public.context["report"].entries] == [[]]
    assert [len(each.parts) for each in staff.context["report"].entries] == [1]
    assert "Internal: not to be handed on" not in public.text
    assert "Internal: not to be handed on" in staff.text
    Source.objects.filter(pk=whole.source_id).update(visibility="internal")
    hidden = client.get(report(whole.source))
    assert "This source is internal" in hidden.text
    assert whole.title not in hidden.text


def test_it_costs_the_same_for_one_recommendation_and_for_many(client_of, whole, django_assert_num_queries):
    client = client_of("viewer")
    then = {"as_of": date(2024, 1, 1)}
    client.get(report(whole.source))
    for _each in range(2):
        with django_assert_num_queries(10):
            client.get(report(whole.source))
        with django_assert_num_queries(11):
            client.get(report(whole.source), then)
        for _row in range(3):
            factories.published(factories.recommendation(source=whole.source, parent=whole))
            factories.published(factories.recommendation(source=whole.source))


def test_who_may_not_enter_the_admin_gets_no_report(client_of, client, whole):
    assert "/login/" in client.get(report(whole.source)).url
    assert "/login/" in client_of("").get(report(whole.source)).url
    assert client_of("viewer").get("/admin/recommendations/source/999999/report/").status_code == 404
