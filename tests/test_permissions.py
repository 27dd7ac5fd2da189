"""One table of who may do what, and the roles that grow out of each other."""

import pytest

from recommendations.models.users import ADMIN_VERBS
from recommendations.permissions import (
    MEANINGS,
    ORDER,
    SCOPE_VERBS,
    VERBS,
    allowed,
    allowed_by_scopes,
    verbs_of,
)
from recommendations.vocabulary import Role, Scope

LOWEST_ROLE = {
    "internal.read": Role.VIEWER,
    "assessment.propose": Role.EDITOR,
    "evidence.write": Role.EDITOR,
    "deadline.write": Role.EDITOR,
    "check.run": Role.EDITOR,
    "assessment.publish": Role.REVIEWER,
    "assessment.retract": Role.REVIEWER,
    "recommendation.close": Role.REVIEWER,
    "source.write": Role.MANAGER,
    "check.write": Role.MANAGER,
    "user.write": Role.ADMINISTRATOR,
    "webhook.write": Role.VIEWER,
    "webhook.manage": Role.ADMINISTRATOR,
    "retention.apply": Role.ADMINISTRATOR,
}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("verb", LOWEST_ROLE)
def test_a_role_may_do_what_the_lower_ones_may(role, verb):
    expected = role in ORDER and ORDER.index(role) >= ORDER.index(LOWEST_ROLE[verb])
    assert allowed(role, verb) is expected


def test_the_roles_that_people_rely_on_are_written_down_twice():
    """Here and in permissions.py, on purpose: what a role may is not changed by one slip. Each verb by itself, through
    its action, is in test_verbs.py."""
    assert LOWEST_ROLE.items() <= {verb: role for role, verbs in VERBS.items() for verb in verbs}.items()


def test_no_role_and_an_unknown_role_may_do_nothing():
    assert verbs_of("") == verbs_of("emperor") == frozenset()


def test_an_unknown_verb_is_an_error_and_not_a_no():
    with pytest.raises(KeyError):
        allowed("administrator", "assessment.forge")


def test_every_verb_belongs_to_one_role_and_one_scope():
    verbs = [verb for each in VERBS.values() for verb in each]
    scoped = [verb for each in SCOPE_VERBS.values() for verb in each]
    assert sorted(verbs) == sorted(set(verbs)) == sorted(scoped)


def test_every_verb_has_words():
    assert set(MEANINGS) == {verb for each in VERBS.values() for verb in each}


def test_a_token_opens_only_its_scopes():
    assert allowed_by_scopes([Scope.PROPOSE], "assessment.propose")
    assert not allowed_by_scopes([Scope.READ, Scope.PROPOSE], "assessment.publish")


def test_the_admin_asks_for_verbs_that_exist():
    known = {verb for each in VERBS.values() for verb in each}
    assert set(ADMIN_VERBS.values()) <= known
