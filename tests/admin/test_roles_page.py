"""Who may do what, on one page; and to administrators the record of rights."""

import pytest

from recommendations.actions import users
from recommendations.permissions import MEANINGS
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer", "manager", "administrator"])
def test_every_role_sees_the_table_and_only_administrators_the_record(client_of, role):
    users.change(factories.user("viewer"), role="editor", by=factories.user("administrator"), now=NOW)
    page = client_of(role).get("/admin/roles/").content.decode()
    for words in MEANINGS.values():
        assert str(words).replace("'", "&#x27;") in page
    assert ("Person: changed" in page) is (role == "administrator")


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_however_many_people(client_of, rows, django_assert_num_queries):
    for _each in range(rows):
        users.change(factories.user("viewer"), role="editor", by=factories.user("administrator"), now=NOW)
    client = client_of("administrator")
    with django_assert_num_queries(4):
        client.get("/admin/roles/")
