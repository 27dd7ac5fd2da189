"""Each person sees their own notifications, and chooses for themselves."""

import pytest
from django.urls import reverse

from recommendations.models import Notification, Subscription
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/admin/notifications/"


def tell(person, row, **more):
    said = {
        "topic": "finding",
        "fingerprint": f"event:{row.pk}",
        "title": f"Found: {row}",
        "noun": row._meta.model_name,
        "number": row.pk,
        "in_admin": True,
        "by_mail": False,
        "made_at": NOW,
    }
    return Notification.objects.create(person=person, **said | more)


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer", "manager", "administrator"])
def test_every_role_sees_what_it_was_told_and_nothing_of_others(client_of, role):
    person, finding = factories.user(role), factories.finding()
    mine, other = tell(person, finding), tell(factories.user("editor"), finding, title="Not yours")
    client = client_of(person)
    page = client.get(URL).content.decode()
    assert mine.title in page
    assert "Not yours" not in page
    assert client.get(reverse("admin:notification", args=[other.pk])).status_code == 404
    assert "1</strong> new notification" in client.get("/admin/").content.decode()


def test_following_one_leads_to_the_queue_and_marks_it_as_read(client_of):
    person, finding = factories.user("editor"), factories.finding()
    row = tell(person, finding)
    answer = client_of(person).get(reverse("admin:notification", args=[row.pk]))
    assert answer.url == reverse("admin:queue_item", args=["finding", finding.pk])
    row.refresh_from_db()
    assert row.read_at is not None


def test_a_proposal_sent_back_leads_to_its_own_page(client_of):
    editor = factories.user("editor")
    proposal = factories.proposed(factories.recommendation(), by=editor)
    row = tell(editor, proposal, topic="sent_back")
    answer = client_of(editor).get(reverse("admin:notification", args=[row.pk]))
    assert answer.url == reverse("admin:recommendations_assessment_change", args=[proposal.pk])


def test_all_are_marked_as_read(client_of):
    person = factories.user("editor")
    tell(person, factories.finding())
    client_of(person).post(URL, {"read": "1"})
    assert not Notification.objects.filter(read_at=None).exists()


def test_a_person_chooses_what_and_how(client_of):
    person, theme = factories.user("editor", email="e@example.org"), factories.theme()
    client = client_of(person)
    client.post(URL, {"assigned_admin": "on", "finding_mail": "on", "themes": [theme.pk]})
    said = {row.topic: (row.in_admin, row.by_mail) for row in Subscription.objects.filter(person=person)}
    assert said == {
        "assigned": (True, False),
        "sent_back": (False, False),
        "finding": (False, True),
        "deadline": (False, False),
        "webhook": (False, False),
        "import": (False, False),
    }
    assert list(person.followed_themes.all()) == [theme]
    assert theme.name in client.get(URL).content.decode()


def test_mail_without_an_address_is_refused_and_nothing_is_lost(client_of):
    theme = factories.theme()
    answer = client_of("editor").post(URL, {"finding_mail": "on", "themes": [theme.pk]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "No e-mail address is known of you" in page
    assert theme.name in page
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_much_was_told(client_of, rows, django_assert_num_queries):
    person = factories.user("editor")
    for _each in range(rows):
        tell(person, factories.finding())
    client = client_of(person)
    client.get(URL)
    with django_assert_num_queries(7):
        client.get(URL)
