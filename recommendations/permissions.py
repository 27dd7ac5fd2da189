"""Who may do what: one table, read by every door.

A verb is `noun.verb`. Roles are cumulative: each may do all that the one before it may. Nothing
here overrides an invariant: an administrator too cannot decide on what they proposed.
"""

from django.utils.translation import gettext_lazy as _

from recommendations.vocabulary import Role, Scope

VERBS: dict[str, frozenset[str]] = {
    Role.VIEWER: frozenset({"internal.read", "webhook.write"}),
    Role.EDITOR: frozenset(
        {
            "assessment.propose",
            "assessment.withdraw",
            "assignment.write",
            "evidence.write",
            "response.write",
            "deadline.write",
            "observation.write",
            "check.run",
            "finding.accept",
            "finding.dismiss",
        }
    ),
    Role.REVIEWER: frozenset(
        {
            "assessment.publish",
            "assessment.reject",
            "assessment.retract",
            "recommendation.close",
            "recommendation.reopen",
        }
    ),
    Role.MANAGER: frozenset(
        {
            "source.write",
            "recommendation.write",
            "institution.write",
            "theme.write",
            "indicator.write",
            "relation.write",
            "check.write",
            "import.write",
        }
    ),
    Role.ADMINISTRATOR: frozenset({"user.write", "token.manage", "webhook.manage", "retention.apply"}),
}
"""The verbs each role adds to those of the roles before it."""

MEANINGS = {
    "internal.read": _("read what is internal or not yet published"),
    "webhook.write": _("have webhooks of one's own"),
    "assessment.propose": _("propose a verdict"),
    "assessment.withdraw": _("withdraw one's own proposal"),
    "assignment.write": _("say who is asked to decide"),
    "evidence.write": _("file and correct evidence, and link it"),
    "response.write": _("record what an addressee answered"),
    "deadline.write": _("set and move a deadline"),
    "observation.write": _("record a value of an indicator"),
    "check.run": _("run a status check now"),
    "finding.accept": _("accept a finding"),
    "finding.dismiss": _("dismiss a finding"),
    "assessment.publish": _("publish a verdict that somebody else proposed"),
    "assessment.reject": _("send back a verdict that somebody else proposed"),
    "assessment.retract": _("retract a published verdict that somebody else proposed"),
    "recommendation.close": _("close a recommendation"),
    "recommendation.reopen": _("reopen a recommendation"),
    "source.write": _("add and correct sources"),
    "recommendation.write": _("add and correct recommendations"),
    "institution.write": _("add, correct and merge institutions"),
    "theme.write": _("add and correct themes"),
    "indicator.write": _("add and correct indicators"),
    "relation.write": _("relate recommendations to each other"),
    "check.write": _("set up and change status checks"),
    "import.write": _("bring in files"),
    "retention.apply": _("let go of what need not be kept"),
    "user.write": _("add people, and change their roles and limits"),
    "token.manage": _("see and revoke the tokens of others"),
    "webhook.manage": _("see and change the webhooks of others"),
}
"""Each verb in words, as the page of roles says it."""

ORDER = (Role.VIEWER, Role.EDITOR, Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR)

SCOPE_VERBS: dict[str, frozenset[str]] = {
    Scope.READ: frozenset({"internal.read"}),
    Scope.PROPOSE: VERBS[Role.EDITOR],
    Scope.REVIEW: VERBS[Role.REVIEWER],
    # A token for reading must not be able to have itself told of things elsewhere.
    Scope.MANAGE: VERBS[Role.MANAGER] | VERBS[Role.ADMINISTRATOR] | {"webhook.write"},
}
"""The verbs a token's scope opens; a request needs both its scope and its owner's role."""


def verbs_of(role: str) -> frozenset[str]:
    """All verbs of a role, those of the lower roles included; none for an unknown or empty role."""
    if role not in ORDER:
        return frozenset()
    return frozenset().union(*(VERBS[each] for each in ORDER[: ORDER.index(Role(role)) + 1]))


def allowed(role: str, verb: str) -> bool:
    """Whether `role` may do `verb`. An unknown verb is a programming error and raises KeyError."""
    if not any(verb in verbs for verbs in VERBS.values()):
        raise KeyError(verb)
    return verb in verbs_of(role)


def allowed_by_scopes(scopes: list[str], verb: str) -> bool:
    """Whether a token with these scopes may be used for `verb`."""
    return any(verb in SCOPE_VERBS[scope] for scope in scopes)
