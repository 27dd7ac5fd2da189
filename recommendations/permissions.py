"""Who may do what: one table, read by every door.

A verb is `noun.verb`. Roles are cumulative: each may do all that the one before it may. Nothing
here overrides an invariant: an administrator too cannot decide on what they proposed.
"""

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
    Role.ADMINISTRATOR: frozenset({"user.write", "token.manage", "webhook.manage"}),
}
"""The verbs each role adds to those of the roles before it."""

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
