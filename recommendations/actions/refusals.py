"""How an action says no: one sentence for a person, and the name of the rule for a program."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from recommendations.models import User


class Refused(Exception):
    """The action would break a rule, and nothing was changed.

    `rule` is the name of the broken rule (where the database holds it too, the constraint's name),
    `field` the argument to blame, or "".
    """

    def __init__(self, rule: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.field = field


class NotAllowed(Refused):
    """The person's role, or the token's scope, does not include the verb."""


def require(by: User, verb: str) -> None:
    """Raise NotAllowed unless `by` may do `verb`."""
    if not by.may(verb):
        raise NotAllowed(
            "permission",
            _("The role of %(person)s does not include “%(verb)s”.") % {"person": by.username, "verb": verb},
        )


@contextmanager
def one_transaction() -> Iterator[None]:
    """All or nothing. What the database itself refuses becomes a Refused that names its constraint."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        rule = getattr(diagnosis, "constraint_name", None)
        if not rule:
            raise
        raise Refused(rule, diagnosis.message_primary) from error  # type: ignore[union-attr]
