"""Every verb by every role, through the action that asks for it: a verb that is added without one fails here."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from recommendations.actions import (
    assessments,
    assignments,
    checks,
    closures,
    deadlines,
    evidence,
    findings,
    indicators,
    institutions,
    recommendations,
    relations,
    responses,
    retention,
    sources,
    themes,
    tokens,
    users,
    webhooks,
)
from recommendations.actions.refusals import NotAllowed
from recommendations.permissions import ORDER, VERBS
from recommendations.queries.visibility import sees_internal
from recommendations.vocabulary import Role
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LOWEST_ROLE = {verb: role for role, verbs in VERBS.items() for verb in verbs}


class World:
    """One recommendation with what stands around it, none of it by who tries."""

    def __init__(self) -> None:
        self.row = factories.recommendation()
        self.evidence = factories.evidence(bears_on=self.row)
        self.finding = factories.finding(recommendation=self.row)
        self.proposal = factories.proposed(self.row)
        self.verdict = factories.published(self.row)
        self.check = factories.check(evidence=self.evidence)
        self.indicator = factories.indicator(recommendations=[self.row])
        self.other = factories.user("administrator")


def read(world, by):
    if not sees_internal(by):
        raise NotAllowed("permission", "")


def withdraw(world, by):
    """One's own proposal; who may propose none has none."""
    own = factories.proposed(world.row, by=by) if by.may("assessment.propose") else world.proposal
    assessments.withdraw(own, by=by, now=NOW)


def reopen(world, by):
    closures.close(world.row, reason="implemented", note="So.", by=world.other, now=NOW)
    closures.reopen(world.row, note="No.", by=by, now=NOW)


def see_tokens(world, by):
    token, _key = tokens.issue(world.other, name="T", scopes=["read"], by=world.other, now=NOW)
    tokens.revoke(token, by=by, now=NOW)


HOOK = {"url": "https://newsroom.example/hook", "types": ["assessment.published"]}


def change_the_webhook_of_another(world, by):
    hook, _secret = webhooks.create(**HOOK, by=world.other, now=NOW)
    webhooks.change(hook, description="Theirs", by=by, now=NOW)


CLAIM = {
    "status": "no_action",
    "effective_on": date(2013, 1, 1),
    "rationale": "Nothing.",
    "confidence": "low",
}
FILED = {
    "url": "https://example.org/new",
    "title": "New",
    "finding": "Something.",
    "kind": "report",
    "occurred_on": date(2020, 1, 1),
}
SOURCE = {"kind": "report", "published_on": date(2011, 1, 1)}

DEEDS: dict[str, Callable] = {
    "internal.read": read,
    "webhook.write": lambda world, by: webhooks.create(**HOOK, by=by, now=NOW),
    "assessment.propose": lambda world, by: assessments.propose(world.row, **CLAIM, cites=[], by=by, now=NOW),
    "assessment.withdraw": withdraw,
    "assignment.write": lambda world, by: assignments.assign(
        world.finding, person=factories.user("editor"), by=by, now=NOW
    ),
    "evidence.write": lambda world, by: evidence.file(**FILED, by=by, now=NOW),
    "response.write": lambda world, by: responses.record(
        world.row,
        institution=factories.institution(),
        kind="accepted",
        stated_on=date(2014, 1, 1),
        summary="Yes.",
        by=by,
        now=NOW,
    ),
    "deadline.write": lambda world, by: deadlines.move(
        world.row, due_on=date(2030, 1, 1), reason="So.", by=by, now=NOW
    ),
    "observation.write": lambda world, by: indicators.observe(
        world.indicator, period="2020", value=1, by=by, now=NOW
    ),
    "check.run": lambda world, by: checks.request_run(world.check, by=by, now=NOW),
    "finding.accept": lambda world, by: findings.accept(world.finding, by=by, now=NOW, note="Yes."),
    "finding.dismiss": lambda world, by: findings.dismiss(world.finding, by=by, now=NOW, note="No."),
    "assessment.publish": lambda world, by: assessments.publish(world.proposal, by=by, now=NOW),
    "assessment.reject": lambda world, by: assessments.reject(world.proposal, by=by, now=NOW, note="No."),
    "assessment.retract": lambda world, by: assessments.retract(world.verdict, by=by, now=NOW, note="No."),
    "recommendation.close": lambda world, by: closures.close(
        world.row, reason="implemented", note="So.", by=by, now=NOW
    ),
    "recommendation.reopen": reopen,
    "source.write": lambda world, by: sources.create(
        code="NEW", title="N", publisher=factories.institution(), **SOURCE, by=by, now=NOW
    ),
    "recommendation.write": lambda world, by: recommendations.change(
        world.row, title="Other", by=by, now=NOW
    ),
    "institution.write": lambda world, by: institutions.create(
        code="new", name="N", kind="agency", by=by, now=NOW
    ),
    "theme.write": lambda world, by: themes.create(code="new", name="N", by=by, now=NOW),
    "indicator.write": lambda world, by: indicators.change(world.indicator, name="Other", by=by, now=NOW),
    "relation.write": lambda world, by: relations.add(
        world.row, other=factories.recommendation(), kind="same_aim", by=by, now=NOW
    ),
    "check.write": lambda world, by: checks.change(world.check, every=7200, by=by, now=NOW),
    "import.write": lambda world, by: factories.dry_run(by=by),
    "user.write": lambda world, by: users.create(username="new", role="viewer", by=by, now=NOW),
    "token.manage": see_tokens,
    "webhook.manage": change_the_webhook_of_another,
    "retention.apply": lambda world, by: list(
        retention.drop("runs", before=NOW - timedelta(days=400), by=by, now=NOW)
    ),
}


def test_every_verb_is_tried():
    assert set(DEEDS) == set(LOWEST_ROLE)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("verb", DEEDS)
def test_a_verb_is_for_its_role_and_those_above(verb, role):
    world, person = World(), factories.user(role)
    if role in ORDER and ORDER.index(role) >= ORDER.index(LOWEST_ROLE[verb]):
        DEEDS[verb](world, person)
        return
    with pytest.raises(NotAllowed):
        DEEDS[verb](world, person)
