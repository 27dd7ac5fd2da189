"""One broken rule, one refusal: the same rule and the same sentence from the action, the API and the admin.

Each case breaks one rule three times, once by each door. What a door does not offer is None.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from recommendations.actions import (
    assessments,
    checks,
    closures,
    deadlines,
    deliveries,
    evidence,
    findings,
    indicators,
    responses,
    tokens,
    webhooks,
)
from recommendations.actions.assessments import Cited
from recommendations.actions.refusals import Refused
from recommendations.models import Event, User
from tests import factories
from tests.admin.conftest import client_of
from tests.api.conftest import holding
from tests.factories import NOW

__all__ = ["client_of"]  # the fixture of the tests of the admin

pytestmark = pytest.mark.django_db

HOOK = {"url": "https://10.0.0.1/hook", "types": ["assessment.published"]}


@dataclass
class Broken:
    """How one rule is broken. `api` is an address and a body, `admin` a row (or a noun), a step and a form."""

    rule: str
    by: User
    action: Callable[[], Any]
    api: tuple[str, dict[str, Any]] | None = None
    admin: tuple[Any, str, dict[str, Any]] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def claim(**changed: Any) -> Callable[[], Broken]:
    """A proposal with something wrong."""
    rule = changed.pop("rule")

    def broken() -> Broken:
        row = factories.recommendation()
        seen = factories.evidence(bears_on=row)
        said = {
            "status": "implemented",
            "effective_on": "2020-05-01",
            "rationale": "The rule is in force.",
            "confidence": "high",
            "verdict_by": "office",
        } | {name: value for name, value in changed.items() if name != "cites"}
        cited = changed.get("cites", True)
        cites = [Cited(seen, "supports")] if cited else []
        told = [{"id": seen.pk, "stance": "supports"}] if cited else []
        ticked = {f"stance_{seen.pk}": "supports"} | ({f"cite_{seen.pk}": "on"} if cited else {})
        by = factories.user("editor")
        return Broken(
            rule,
            by,
            lambda: assessments.propose(
                row,
                **said | {"effective_on": date.fromisoformat(said["effective_on"])},
                cites=cites,
                by=by,
                now=NOW,
            ),
            (f"recommendations/{row.code}/assessments/", said | {"evidence": told}),
            (row, "propose", said | ticked),
        )

    return broken


def decide(
    rule: str, step: str, note: str = "So.", *, own: bool = False, **made: Any
) -> Callable[[], Broken]:
    """A decision that cannot be taken: `made` says what it is about."""

    def broken() -> Broken:
        by = factories.user("reviewer")
        row = factories.recommendation()
        make = factories.published if made.pop("state", "") == "published" else factories.proposed
        if made.pop("unread", False):
            made["cites"] = [Cited(factories.evidence(bears_on=row, verified=False), "supports")]
        verdict = make(row, **({"by": by} if own else {}), **made)
        deed = getattr(assessments, step)
        return Broken(
            rule,
            by,
            lambda: deed(verdict, note=note, by=by, now=NOW),
            (f"assessments/{verdict.pk}/{step}/", {"note": note}),
            (verdict, step, {"note": note}),
        )

    return broken


def a_finding() -> Any:
    check = factories.check()
    return findings.bring(
        kind="evidence_gone",
        rule="answer_gone",
        rule_version="1",
        title="Gone",
        fingerprint="gone-1",
        by=f"check:{check.pk}",
        now=NOW,
        check=check,
        evidence=check.evidence,
    )


def dismissed_without_reason() -> Broken:
    found, by = a_finding(), factories.user("editor")
    return Broken(
        "finding_dismissed_with_reason",
        by,
        lambda: findings.dismiss(found, note=" ", by=by, now=NOW),
        (f"findings/{found.pk}/dismiss/", {"note": " "}),
        (found, "dismiss", {"note": " "}),
    )


def dismissed_twice() -> Broken:
    found, by = a_finding(), factories.user("editor")
    findings.dismiss(found, note="Furniture.", by=by, now=NOW)
    return Broken(
        "finding_already_decided",
        by,
        lambda: findings.dismiss(found, note="Again.", by=by, now=NOW),
        (f"findings/{found.pk}/dismiss/", {"note": "Again."}),
        (found, "dismiss", {"note": "Again."}),
    )


def paused_check() -> Broken:
    check, by = factories.check(state="paused"), factories.user("editor")
    return Broken(
        "check_paused",
        by,
        lambda: checks.request_run(check, by=by, now=NOW),
        (f"checks/{check.pk}/run/", {}),
        (check, "run", {}),
    )


def hasty_check() -> Broken:
    seen, by = factories.evidence(), factories.user("manager")
    return Broken(
        "check_not_more_than_each_minute",
        by,
        lambda: checks.create(kind="page", evidence=seen, config={}, every=5, by=by, now=NOW),
        ("checks/", {"kind": "page", "evidence": seen.pk, "every": 5}),
        ("statuscheck", "add", {"kind": "page", "evidence": seen.pk, "config": "{}", "every": 5}),
    )


def doubled_check() -> Broken:
    seen, by = factories.evidence(), factories.user("manager")
    factories.check(evidence=seen)
    return Broken(
        "check_one_of_a_kind",
        by,
        lambda: checks.create(kind="page", evidence=seen, config={}, every=3600, by=by, now=NOW),
        ("checks/", {"kind": "page", "evidence": seen.pk, "every": 3600}),
        ("statuscheck", "add", {"kind": "page", "evidence": seen.pk, "config": "{}", "every": 3600}),
    )


def evidence_of_the_future() -> Broken:
    by = factories.user("editor")
    said = {"title": "An act", "finding": "It will be law.", "kind": "law", "url": "https://example.org/act"}
    form = said | {"occurred_on": "2999-02-01", "date_precision": "day", "visibility": "public"}
    return Broken(
        "evidence_not_in_the_future",
        by,
        lambda: evidence.file(**said, occurred_on=date(2999, 2, 1), by=by, now=NOW),
        ("evidence/", said | {"occurred_on": "2999-02-01"}),
        ("evidence", "add", form | {"stance": "supports"}),
    )


def second_baseline() -> Broken:
    measure, by = factories.indicator(), factories.user("editor")
    said = {"period": "2011", "value": 1, "role": "baseline"}
    indicators.observe(measure, **said, by=by, now=NOW)
    return Broken(
        "observation_one_baseline",
        by,
        lambda: indicators.observe(measure, **said | {"period": "2012"}, by=by, now=NOW),
        (f"indicators/{measure.code}/observations/", said | {"period": "2012"}),
        (measure, "observe", said | {"period": "2012"}),
    )


def token_that_has_ended() -> Broken:
    by, past = factories.user("editor"), "2001-01-01T00:00:00Z"
    return Broken(
        "token_expires_later",
        by,
        lambda: tokens.issue(
            by, name="n", scopes=["read"], expires_at=NOW.replace(year=2001), by=by, now=NOW
        ),
        ("tokens/", {"name": "n", "scopes": ["read"], "expires_at": past}),
        ("token", "add", {"name": "n", "scopes": ["read"], "expires_at": "2001-01-01T00:00"}),
    )


def webhook_to_nowhere() -> Broken:
    by = factories.user("viewer")
    return Broken(
        "webhook_address",
        by,
        lambda: webhooks.create(**HOOK, by=by, now=NOW),
        ("webhooks/", {"address": HOOK["url"], "types": HOOK["types"]}),
        ("webhook", "add", HOOK),
        {"field": "address"},  # as the API calls it
    )


def webhook_that_rests() -> Broken:
    by = factories.user("viewer")
    hook, _secret = webhooks.create(**HOOK | {"url": "https://newsroom.example/"}, by=by, now=NOW)
    webhooks.change(hook, state="paused", by=by, now=NOW)
    return Broken(
        "webhook_active",
        by,
        lambda: deliveries.ping(hook, by=by, now=NOW),
        (f"webhooks/{hook.pk}/test/", {}),
        (hook, "test", {}),
    )


def ledger(rule: str, step: str, act: Callable[..., Any], **said: Any) -> Callable[[], Broken]:
    """What the admin alone offers of a recommendation: its ledgers."""
    before = said.pop("before", None)

    def broken() -> Broken:
        by, row = factories.user("reviewer"), factories.recommendation()
        if before:
            before(row, by)
        typed = {
            name: date.fromisoformat(value) if name.endswith("_on") else value for name, value in said.items()
        }
        if step == "respond":
            typed["institution"] = row.addressees.get()
            typed |= {"kind": "noted", "date_precision": "day"}
        form = {name: getattr(value, "pk", value) for name, value in typed.items()}
        return Broken(rule, by, lambda: act(row, **typed, by=by, now=NOW), None, (row, step, form))

    return broken


def closed(row: Any, by: User) -> None:
    closures.close(row, reason="implemented", note="Done.", by=by, now=NOW)


CASES: dict[str, Callable[[], Broken]] = {
    "no rationale": claim(rule="assessment_rationale_given", rationale=" "),
    "no evidence": claim(rule="assessment_cites_evidence", cites=False),
    "of the future": claim(rule="assessment_not_in_the_future", effective_on="2999-01-01"),
    "older than its source": claim(rule="assessment_not_before_source", effective_on="2001-01-01"),
    "nobody's verdict": claim(rule="assessment_verdict_has_institution", verdict_by="oversight"),
    "own proposal": decide("assessment_four_eyes", "publish", own=True),
    "own proposal sent back": decide("assessment_four_eyes", "reject", own=True),
    "decided already": decide("assessment_already_decided", "publish", state="published"),
    "rests on nothing read": decide("assessment_rests_on_verified_evidence", "publish", unread=True),
    "sent back without reason": decide("assessment_rejected_with_reason", "reject", " "),
    "retracted without reason": decide("assessment_retracted_with_reason", "retract", " ", state="published"),
    "retracted before published": decide("assessment_not_published", "retract"),
    "withdrawn by another": decide("assessment_withdrawn_by_its_proposer", "withdraw"),
    "dismissed without reason": dismissed_without_reason,
    "dismissed twice": dismissed_twice,
    "paused check": paused_check,
    "hasty check": hasty_check,
    "doubled check": doubled_check,
    "evidence of the future": evidence_of_the_future,
    "second baseline": second_baseline,
    "token that has ended": token_that_has_ended,
    "webhook to nowhere": webhook_to_nowhere,
    "webhook that rests": webhook_that_rests,
    "deadline without reason": ledger(
        "deadline_reason_given", "deadline", deadlines.move, due_on="2030-01-01", reason=" "
    ),
    "response of the future": ledger(
        "response_not_in_the_future", "respond", responses.record, stated_on="2999-01-01"
    ),
    "closed without reason": ledger(
        "closure_note_given", "close", closures.close, reason="implemented", note=" "
    ),
    "closed twice": ledger(
        "closure_one_in_force", "close", closures.close, reason="implemented", note="x", before=closed
    ),
    "closed without review": ledger(
        "closure_review_date_where_it_lapses", "close", closures.close, reason="superseded", note="x"
    ),
    "reopened without reason": ledger(
        "closure_reopened_with_reason", "reopen", closures.reopen, note=" ", before=closed
    ),
    "reopened while open": ledger("closure_in_force", "reopen", closures.reopen, note="x"),
}


@pytest.mark.parametrize("name", CASES)
def test_every_door_refuses_alike(name, client_of):
    broken = CASES[name]()
    before = Event.objects.count()
    with pytest.raises(Refused) as refusal:
        broken.action()
    assert refusal.value.rule == broken.rule
    said = refusal.value.message

    if broken.api:
        path, body = broken.api
        caller = holding(broken.by)
        made = Event.objects.count()
        answer = caller.post(path, body)
        told = answer.json()
        assert (answer.status_code, told.get("rule"), told["detail"]) == (409, broken.rule, said)
        named = broken.more.get("field", refusal.value.field)
        assert told["errors"] == [{"field": named, "code": broken.rule, "detail": said}]
        assert Event.objects.count() == made
        before += 1  # of the token

    assert broken.admin
    row, step, form = broken.admin
    noun = row if isinstance(row, str) else row._meta.model_name
    args = [] if isinstance(row, str) else [row.pk]
    page = client_of(broken.by).post(reverse(f"admin:recommendations_{noun}_{step}", args=args), form)
    assert page.status_code == (200 if step == "add" else 409)
    assert said in unescape(page.content.decode())
    assert Event.objects.count() == before
