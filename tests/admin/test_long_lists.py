"""Every list, form and filter of the admin with many rows: the same statements, and no select that holds them all."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.actions import findings
from recommendations.models import Document, Institution, Source, Theme, User
from tests import factories

MANY = 60
NOUNS = {
    model._meta.model_name: noun
    for model, noun in admin.site._registry.items()
    if model._meta.app_label == "recommendations"
}


class Selects(HTMLParser):
    """The number of options of each select of a page, by the select's name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.options: dict[str, int] = {}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "select":
            self._inside = named.get("name") or "?"
            self.options[self._inside] = 0
        elif tag == "option" and self._inside:
            self.options[self._inside] += 1
        elif tag == "input" and named.get("type") in ("radio", "checkbox"):
            name = named.get("name") or "?"
            self.options[name] = self.options.get(name, 0) + 1

    def handle_endtag(self, tag):
        if tag == "select":
            self._inside = ""


def one_more(number: int) -> None:
    """One more row of all that is chosen from, and of what hangs on it."""
    about = factories.recommendation()
    evidence = factories.evidence(bears_on=about)
    factories.indicator(recommendations=[about])
    factories.published(about)
    check = factories.check(evidence=evidence)
    findings.bring(
        kind="evidence_gone",
        rule="answer_gone",
        rule_version="1",
        title="Gone",
        fingerprint=f"gone-{number}",
        by="check:1",
        now=factories.NOW,
        check=check,
        evidence=evidence,
    )
    body = factories.institution(parent=about.addressees.get())
    Document.objects.filter(pk=evidence.document_id).update(publisher=body, via=body)
    Source.objects.filter(pk=about.source_id).update(publisher=body)


@pytest.fixture
def many(db):
    for number in range(MANY):
        one_more(number)
    least = min(model.objects.count() for model in (Institution, Source, Theme, User, Document))
    assert least >= MANY  # else the walk below would prove nothing


def pages(noun):
    """The list of a noun, its form for a new row, and the page of its first row with each of its deeds."""
    name, model = f"admin:recommendations_{noun}", NOUNS[noun].model
    yield reverse(f"{name}_changelist")
    if NOUNS[noun].adds:
        yield reverse(f"{name}_add")
    row = model._default_manager.order_by("pk").first()
    if row is not None:
        yield reverse(f"{name}_change", args=[row.pk])
        for deed in NOUNS[noun].deeds:
            yield reverse(f"{name}_{deed.name}", args=[row.pk])


def test_no_form_and_no_filter_renders_a_select_with_all_rows_of_another_table(client_of, many):
    client, walked = client_of("administrator"), 0
    long: dict[str, Any] = {}
    for page in [reverse("admin:index"), *(page for noun in sorted(map(str, NOUNS)) for page in pages(noun))]:
        answer = client.get(page)
        if answer.status_code != 200:
            continue  # a deed that is not possible with this row
        walked += 1
        options = Selects(answer.text).options
        options.pop("_selected_action", None)  # the rows of the list itself, fifty at most
        options.pop("place", None)  # likewise, of the queue
        long |= {(page, name): number for name, number in options.items() if number >= MANY}
    assert not long
    assert walked > 2 * len(NOUNS)


def test_a_select_with_all_rows_would_be_found():
    every = "".join(f"<option>{number}" for number in range(MANY))
    assert Selects(f'<select name="source">{every}</select><select name="kind"><option>').options == {
        "source": MANY,
        "kind": 1,
    }


@pytest.mark.parametrize("noun", sorted(map(str, NOUNS)))
def test_more_rows_cost_the_statements_of_one(client_of, noun):
    """One statement each for session, person, their views, the count, the rows; one more where rows have many."""

    client = client_of("administrator")
    url = reverse(f"admin:recommendations_{noun}_changelist")
    counts = []
    for number in range(3):
        one_more(number)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 6


FEW = {
    "figure",
    "import",
    "indicator",
    "institution",
    "refresh",
    "source",
    "theme",
    "token",
    "user",
    "webhook",
}
"""Nouns of which a tracker has thousands at most; whoever adds one here answers for it."""


def test_only_nouns_of_few_rows_are_sorted_by_any_column():
    assert {noun for noun, found in NOUNS.items() if found.few} == FEW


def ordered(client, noun, order):
    return client.get(reverse(f"admin:recommendations_{noun}_changelist"), {"o": order}).context["cl"]


def test_a_long_list_is_sorted_as_its_indexes_are_kept_and_by_nothing_else(client_of, db):
    client = client_of("viewer")
    row = NOUNS["recommendation"]
    columns = [getattr(each, "admin_order_field", each) for each in row.get_sortable_by(None)]
    assert columns == ["code", "title", "status", "status_since", "response", "due_on"]
    orders = {order: ordered(client, "recommendation", order).result_list.query.order_by for order in "0123"}
    assert orders == {
        "0": ("code",),
        "1": ("title", "pk"),
        "2": ("status", "code"),
        "3": ("status_since", "pk"),
    }
    assert ordered(client, "recommendation", "-3").result_list.query.order_by == ("-status_since", "-pk")
    assert ordered(client, "recommendation", "-4").result_list.query.order_by == ("-response", "-code")
    assert ordered(client, "recommendation", "6").result_list.query.order_by == ("-pk",)


def test_codes_of_related_rows_are_looked_up_before_the_list(client_of, db, django_assert_num_queries):
    about = factories.recommendation()
    evidence = factories.evidence(bears_on=about)
    factories.evidence(bears_on=factories.recommendation())
    client, url = client_of("viewer"), reverse("admin:recommendations_evidencelink_changelist")
    for term in (about.code, about.code.lower(), f" {evidence.code} "):
        found = client.get(url, {"q": term}).context["cl"].result_list
        assert [link.evidence for link in found] == [evidence]
    assert not client.get(url, {"q": "NOWHERE-1"}).context["cl"].result_list
    with django_assert_num_queries(7):
        client.get(url, {"q": about.code})
