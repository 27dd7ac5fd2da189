"""Who may do what, by role and by the scopes of a token: one table."""

import pytest
from django.db import transaction

from recommendations.vocabulary import Role, Scope
from tests import factories
from tests.api.conftest import Caller, holding

pytestmark = pytest.mark.django_db

ROLES = tuple(Role)
NONE, VIEWER, EDITOR, REVIEWER, MANAGER, ADMINISTRATOR = ROLES

TABLE = [
    # method, address, what is sent, the lowest role that may, and what it is then answered
    ("get", "checks/", None, VIEWER, 200),
    ("get", "checks/{check}/", None, VIEWER, 200),
    ("get", "checks/{check}/runs/", None, VIEWER, 200),
    ("get", "findings/", None, VIEWER, 200),
    ("get", "imports/", None, VIEWER, 200),
    ("get", "imports/{import}/", None, VIEWER, 200),
    ("get", "imports/{import}/rows/", None, VIEWER, 200),
    ("post", "imports/", {"dry_run": False, "import": 1}, MANAGER, 404),  # no such dry run
    ("post", "imports/{import}/cancel/", None, MANAGER, 409),  # nothing is under way
    ("get", "tokens/", None, NONE, 200),
    ("get", "me/", None, NONE, 200),
    ("post", "recommendations/{code}/assessments/", "claim", EDITOR, 201),
    ("post", "assessments/{proposal}/withdraw/", {"note": "x"}, EDITOR, 409),  # somebody else proposed it
    ("post", "assessments/{proposal}/publish/", {"note": "x"}, REVIEWER, 200),
    ("post", "assessments/{proposal}/reject/", {"note": "x"}, REVIEWER, 200),
    ("post", "assessments/{verdict}/retract/", {"note": "x"}, REVIEWER, 200),
    ("post", "evidence/", "evidence", EDITOR, 201),
    ("patch", "evidence/{evidence}/", {"caution": "x"}, EDITOR, 200),
    ("post", "indicators/{indicator}/observations/", {"period": "2020", "value": 1}, EDITOR, 201),
    ("post", "checks/", "check", MANAGER, 201),
    ("patch", "checks/{check}/", {"every": 600}, MANAGER, 200),
    ("post", "checks/{check}/run/", None, EDITOR, 202),
    ("get", "webhooks/", None, VIEWER, 200),
    ("post", "webhooks/", "webhook", VIEWER, 201),
    ("post", "tokens/", {"name": "mine", "scopes": ["read"]}, NONE, 201),
]


@pytest.fixture
def world():
    row = factories.recommendation()
    seen = factories.evidence(bears_on=row)
    names = {
        "code": row.code,
        "proposal": factories.proposed(row).pk,
        "verdict": factories.published(row).pk,
        "evidence": seen.pk,
        "indicator": factories.indicator(recommendations=[row]).code,
        "check": factories.check().pk,
        "import": factories.dry_run().pk,
    }
    bodies = {
        "claim": {
            "status": "in_progress",
            "effective_on": "2020-01-01",
            "rationale": "So.",
            "confidence": "low",
            "evidence": [{"id": seen.pk, "stance": "supports"}],
        },
        "evidence": {
            "url": "https://example.org/new",
            "title": "New",
            "finding": "It happened.",
            "kind": "law",
            "occurred_on": "2020-01",
        },
        "check": {"kind": "page", "evidence": seen.pk, "every": 3600},
        "webhook": {"address": "https://newsroom.example/hook", "types": ["assessment.published"]},
    }
    return names, bodies


def ask(caller, method, address, body, world):
    names, bodies = world
    path = address.format(**names)
    if method == "get":
        return caller.get(path).status_code
    send = bodies.get(body, body) if isinstance(body, str) else body
    headers = {"If-Match": "*"} if method == "patch" else {}
    return getattr(caller, method)(path, send, **headers).status_code


def undone(make_caller, *asked):
    """What the caller is answered; what it changed is undone, so that the next one finds the same world."""
    with transaction.atomic():
        answer = ask(make_caller(), *asked)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize(("method", "address", "body", "lowest", "answered"), TABLE)
def test_roles(world, method, address, body, lowest, answered):
    expected = {role: answered if ROLES.index(role) >= ROLES.index(lowest) else 403 for role in ROLES}
    assert undone(Caller, method, address, body, world) == 401, "a stranger"
    assert {
        role: undone(lambda: holding(factories.user(role)), method, address, body, world)  # noqa: B023 - called at once
        for role in ROLES
    } == expected


@pytest.mark.parametrize(
    ("method", "address", "body", "scope"),
    [
        ("get", "findings/", None, "read"),
        ("post", "recommendations/{code}/assessments/", "claim", "propose"),
        ("post", "assessments/{proposal}/publish/", {}, "review"),
        ("post", "checks/", "check", "manage"),
        ("post", "webhooks/", "webhook", "manage"),
    ],
)
def test_a_token_opens_only_what_its_scopes_say(world, method, address, body, scope):
    administrator = factories.user("administrator")
    opened = [
        held
        for held in Scope.values
        if undone(lambda: holding(administrator, held), method, address, body, world) != 403  # noqa: B023 - at once
    ]
    assert opened == [scope]


def test_the_refusal_names_the_scope_that_is_needed(world):
    caller = holding(factories.user("administrator"), "read")
    told = caller.post("evidence/", {}).json()
    assert told["detail"] == (
        "This token's scopes (read) do not include “evidence.write”; the scope “propose” does."
    )


def test_a_token_without_the_scope_to_read_sees_what_the_public_sees(world):
    names, _bodies = world
    assert (
        holding(factories.user("editor"), "propose").get(f"assessments/{names['proposal']}/").status_code
        == 404
    )
    assert (
        holding(factories.user("editor"), "read").get(f"assessments/{names['proposal']}/").status_code == 200
    )
