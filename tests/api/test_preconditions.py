"""Nobody's change is lost: every address that changes a row insists on what the caller has read."""

import pytest
from django.urls import get_resolver

from recommendations.api.resources import Resource
from tests import factories
from tests.api.conftest import holding
from tests.api.test_webhooks import BODY

pytestmark = pytest.mark.django_db


def changing():
    """(pattern, method) of every address of the API that changes what is there."""
    [api] = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/"]
    return [
        (str(each.pattern), method)
        for each in api.url_patterns
        for method in ("patch", "put")
        if issubclass(view := getattr(each.callback, "view_class", Resource), Resource)
        and hasattr(view, method)
    ]


@pytest.fixture
def rows():
    """An address for each pattern, with a change that it takes."""
    person = holding(factories.user("manager"))
    seen = factories.evidence(bears_on=factories.recommendation())
    check = factories.check(evidence=seen)
    hook = person.post("webhooks/", BODY).json()
    return person, {
        "evidence/<int:pk>/": (f"evidence/{seen.pk}/", {"caution": "Only the House version."}),
        "checks/<int:pk>/": (f"checks/{check.pk}/", {"every": 600}),
        "webhooks/<int:pk>/": (f"webhooks/{hook['id']}/", {"description": "Desk"}),
    }


def test_each_asks_for_if_match_and_takes_only_what_was_read(rows):
    person, known = rows
    assert {pattern for pattern, _method in changing()} == set(known), "a new one belongs into this table"
    for pattern, method in changing():
        path, change = known[pattern]
        etag = person.get(path).headers["ETag"]
        ask = getattr(person, method)
        without = ask(path, change)
        assert (without.status_code, without.headers["Content-Type"]) == (428, "application/problem+json"), (
            path
        )
        assert ask(path, change, **{"If-Match": '"of another version"'}).status_code == 412, path
        changed = ask(path, change, **{"If-Match": etag})
        assert (changed.status_code, changed.headers["ETag"] != etag) == (200, True), path
        assert ask(path, change, **{"If-Match": etag}).status_code == 412, path
        assert person.get(path).headers["ETag"] == changed.headers["ETag"], path
