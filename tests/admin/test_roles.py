"""Who may do what in the admin: one table of doors, each opened by the lowest role that may."""

import pytest
from django.contrib import admin
from django.urls import reverse

from recommendations.actions import deliveries, relations, tokens, webhooks
from recommendations.models import Event, Figure
from recommendations.permissions import ORDER
from recommendations.vocabulary import Role
from tests import factories

READ, WRITE = "GET", "POST"

DOORS = [
    ("recommendation", "changelist", READ, Role.VIEWER),
    ("recommendation", "change", READ, Role.VIEWER),
    ("recommendation", "history", READ, Role.VIEWER),
    ("event", "changelist", READ, Role.VIEWER),
    ("user", "changelist", READ, Role.VIEWER),
    ("recommendation", "propose", READ, Role.EDITOR),
    ("recommendation", "propose", WRITE, Role.EDITOR),
    ("recommendation", "respond", WRITE, Role.EDITOR),
    ("recommendation", "deadline", WRITE, Role.EDITOR),
    ("evidence", "add", WRITE, Role.EDITOR),
    ("evidence", "change", WRITE, Role.EDITOR),
    ("evidence", "link", WRITE, Role.EDITOR),
    ("evidencelink", "unlink", WRITE, Role.EDITOR),
    ("indicator", "observe", WRITE, Role.EDITOR),
    ("statuscheck", "run", WRITE, Role.EDITOR),
    ("finding", "accept", WRITE, Role.EDITOR),
    ("finding", "dismiss", WRITE, Role.EDITOR),
    ("assessment", "withdraw", WRITE, Role.EDITOR),
    ("assessment", "publish", WRITE, Role.REVIEWER),
    ("assessment", "reject", WRITE, Role.REVIEWER),
    ("assessment", "retract", WRITE, Role.REVIEWER),
    ("recommendation", "close", WRITE, Role.REVIEWER),
    ("recommendation", "reopen", WRITE, Role.REVIEWER),
    ("source", "add", WRITE, Role.MANAGER),
    ("source", "change", WRITE, Role.MANAGER),
    ("recommendation", "add", WRITE, Role.MANAGER),
    ("recommendation", "change", WRITE, Role.MANAGER),
    ("recommendation", "relate", WRITE, Role.MANAGER),
    ("institution", "add", WRITE, Role.MANAGER),
    ("institution", "merge", WRITE, Role.MANAGER),
    ("document", "change", WRITE, Role.EDITOR),
    ("figure", "add", WRITE, Role.MANAGER),
    ("figure", "change", WRITE, Role.MANAGER),
    ("indicator", "change", WRITE, Role.MANAGER),
    ("source", "report", READ, Role.VIEWER),
    ("theme", "change", WRITE, Role.MANAGER),
    ("indicator", "add", WRITE, Role.MANAGER),
    ("statuscheck", "add", WRITE, Role.MANAGER),
    ("statuscheck", "pause", WRITE, Role.MANAGER),
    ("import", "changelist", READ, Role.VIEWER),
    ("import", "add", WRITE, Role.MANAGER),
    ("import", "apply", WRITE, Role.MANAGER),
    ("import", "apply-later", WRITE, Role.MANAGER),
    ("import", "cancel", WRITE, Role.MANAGER),
    ("webhook", "changelist", READ, Role.VIEWER),
    ("webhook", "add", WRITE, Role.VIEWER),
    ("delivery", "changelist", READ, Role.VIEWER),
    ("user", "add", WRITE, Role.ADMINISTRATOR),
    ("user", "change", WRITE, Role.ADMINISTRATOR),
    ("user", "set-password", WRITE, Role.ADMINISTRATOR),
    ("user", "end-sessions", WRITE, Role.ADMINISTRATOR),
    ("user", "remove-second-factor", WRITE, Role.ADMINISTRATOR),
    ("assessment", "replace", WRITE, Role.EDITOR),
    ("institution", "change", WRITE, Role.MANAGER),
    ("relation", "remove", WRITE, Role.MANAGER),
    ("theme", "add", WRITE, Role.MANAGER),
    ("statuscheck", "change", WRITE, Role.MANAGER),
    ("statuscheck", "activate", WRITE, Role.MANAGER),
    ("token", "add", WRITE, Role.VIEWER),
    # What belongs to somebody else is not there for others, but for those who manage it.
    ("token", "revoke", WRITE, Role.ADMINISTRATOR),
    ("webhook", "change", WRITE, Role.ADMINISTRATOR),
    ("webhook", "test", WRITE, Role.ADMINISTRATOR),
    ("delivery", "redeliver", WRITE, Role.ADMINISTRATOR),
    ("webhook", "pause", WRITE, Role.ADMINISTRATOR),
    ("webhook", "activate", WRITE, Role.ADMINISTRATOR),
    ("webhook", "withdraw", WRITE, Role.ADMINISTRATOR),
    ("webhook", "rotate", WRITE, None),  # a secret is shown to its owner alone
]

SOMEBODYS = {"token", "webhook", "delivery"}

NOT_THERE = "/admin/"
"""Where Django leads who asks for a row that is not there for them."""


def test_every_way_to_change_something_is_in_the_table():
    """A deed, or a noun that can be added or changed, does not come in without saying for whom it is."""
    ways = {
        (model._meta.model_name, step)
        for model, noun in admin.site._registry.items()
        for step in (
            *(deed.name for deed in noun.deeds),
            *(["add"] if noun.adds else []),
            *(["change"] if noun.changes else []),
        )
    }
    assert ways - {(noun, step) for noun, step, method, _lowest in DOORS if method == WRITE} == set()


@pytest.fixture
def rows(db):
    """One row of each noun in the table."""
    about = factories.recommendation()
    evidence = factories.evidence(bears_on=about)
    check = factories.check(evidence=evidence)
    owner = factories.user("administrator")
    hook, _secret = webhooks.create(
        url="https://newsroom.example/hook", types=["assessment.published"], by=owner, now=factories.NOW
    )
    return {
        "recommendation": about,
        "source": about.source,
        "institution": about.addressees.get(),
        "theme": about.themes.get(),
        "evidence": evidence,
        "evidencelink": evidence.links.get(),
        "document": evidence.document,
        "figure": Figure.objects.create(code="F-1", kind="stated", source=about.source, measure="Deaths"),
        "indicator": factories.indicator(recommendations=[about]),
        "statuscheck": check,
        "finding": factories_finding(check),
        "assessment": factories.proposed(about),
        "import": factories.dry_run("code,source,title,summary\nZ-1,NOPE,T,S\n"),
        "user": factories.user("viewer"),
        "relation": relations.add(
            about,
            other=factories.recommendation(),
            kind="same_aim",
            by=factories.user("manager"),
            now=factories.NOW,
        ),
        "token": tokens.issue(owner, name="T", scopes=["read"], by=owner, now=factories.NOW)[0],
        "webhook": hook,
        "delivery": deliveries.ping(hook, by=owner, now=factories.NOW),
        "event": None,
    }


def factories_finding(check):
    from recommendations.actions import findings

    return findings.bring(
        kind="evidence_gone",
        rule="answer_gone",
        rule_version="1",
        title="Gone",
        fingerprint="gone-1",
        by="check:1",
        now=factories.NOW,
        check=check,
        evidence=check.evidence,
    )


@pytest.mark.parametrize("role", Role.values)
def test_each_door_opens_from_its_role_on(client_of, rows, role):
    client = client_of(role)
    opened, expected = {}, {}
    for noun, step, method, lowest in DOORS:
        args = [] if step in ("add", "changelist") else [rows[noun].pk]
        url = reverse(f"admin:recommendations_{noun}_{step}", args=args)
        answer = client.get(url) if method == READ else client.post(url, {})
        # An empty form that is refused for being empty has passed the door; without a role one is sent to sign in.
        opened[noun, step, method] = answer.status_code in (200, 409) or (
            answer.status_code == 302 and "/login/" not in answer.url and answer.url != NOT_THERE
        )
        expected[noun, step, method] = bool(
            lowest and role in ORDER and ORDER.index(role) >= ORDER.index(lowest)
        )
    assert opened == expected


def test_a_viewer_reads_every_page_and_finds_no_button(client_of, rows):
    client = client_of("viewer")
    before = Event.objects.count()
    for noun, row in rows.items():
        if row is None or noun in SOMEBODYS:
            continue
        page = client.get(reverse(f"admin:recommendations_{noun}_change", args=[row.pk]))
        assert page.status_code == 200, noun
        assert 'class="deed' not in page.content.decode(), noun
        assert 'name="_save"' not in page.content.decode(), noun
    assert Event.objects.count() == before


def test_who_is_switched_off_is_sent_to_sign_in(client_of):
    person = factories.user("administrator", is_active=False)
    answer = client_of(person).get(reverse("admin:index"))
    assert answer.status_code == 302
    assert "/login/" in answer.url


def test_the_home_says_whose_turn_it_is(client_of, rows):
    proposal = rows["assessment"]
    page = client_of("reviewer").get(reverse("admin:index")).content.decode()
    assert 'data-label="Whose turn">you can decide' in page
    assert "Gone" in page
    own = client_of(proposal.proposed_by).get(reverse("admin:index")).content.decode()
    assert 'data-label="Whose turn">yours: it waits for somebody else' in own
