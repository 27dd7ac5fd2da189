"""How an action says no: one sentence for a person, and the name of the rule for a program."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.models import User
from recommendations.permissions import MEANINGS
from recommendations.queries.limits import EVERYTHING, On, covers


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


def require(by: User, verb: str, on: On = EVERYTHING) -> None:
    """Raise NotAllowed unless `by` may do `verb`, and `on` lies within what their role is limited to.

    `on` is what the action is about; without it the action concerns everything, and is for people without limits.
    """
    if not by.may(verb):
        raise NotAllowed(
            "permission",
            _("The role of %(person)s does not include this: %(verb)s.")
            % {"person": by.username, "verb": MEANINGS[verb]},
        )
    if not covers(by, on):
        raise NotAllowed(
            "limits",
            _("%(person)s may do this only for the sources and themes that their role is limited to.")
            % {"person": by.username},
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
        raise Refused(rule, _sentence(rule, diagnosis.message_primary or "")) from error  # type: ignore[union-attr]


SENTENCES = {
    "citation_made_once": gettext_lazy("The same piece of evidence is cited twice."),
    "assessment_superseded_once": gettext_lazy("Another published verdict corrects it already."),
    "observation_one_baseline": gettext_lazy("This indicator has a baseline already."),
    "observation_one_target": gettext_lazy("This indicator has a target already."),
    "evidence_linked_once": gettext_lazy("This evidence is linked to that recommendation already."),
    "relation_told_once": gettext_lazy("This relation is told already."),
    "addressee_named_once": gettext_lazy("The same institution is named twice."),
    "evidence_carries_a_verdict": gettext_lazy(
        "A published verdict rests on this evidence alone: it must stay public and verified."
    ),
    "recommendation_part_of_a_whole": gettext_lazy(
        "A part belongs to a whole recommendation of the same source."
    ),
    "assessment_corrects_its_like": gettext_lazy(
        "Only a published verdict of the same party on the same recommendation can be corrected."
    ),
}
"""What is said where the database alone holds a rule, by the name of its constraint."""

OWN_WORDS = ("new row for relation", "duplicate key value", "insert or update on table")
"""How PostgreSQL begins what it says of a constraint; our triggers speak in sentences of their own."""


def _sentence(rule: str, said: str) -> str:
    if rule in SENTENCES:
        return str(SENTENCES[rule])
    if said.startswith(OWN_WORDS):
        return _("This would break the rule “%(rule)s”.") % {"rule": rule}
    return said
