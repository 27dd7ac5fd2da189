"""Keys to the API: shown once, kept as a digest."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from recommendations.actions import events
from recommendations.actions.refusals import NotAllowed, Refused, one_transaction
from recommendations.models import Token, User
from recommendations.vocabulary import Scope

PREFIX = "prt_"
"""What every key begins with, so that scanners for leaked secrets can know it."""

NOTE_USE_AFTER_SECONDS = 300
"""`last_used_at` is written at most this often: it answers "is it still used", not "when exactly"."""


LONGEST_OVERLAP = timedelta(days=1)
"""For so long at most an old key may be used beside the one that replaces it."""


def issue(
    user: User,
    *,
    name: str,
    scopes: Sequence[str],
    by: User,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token for oneself and return it with its key, which cannot be had again.

    Administrators too: with a key of somebody else they could decide on their own proposals.
    """
    if by.pk != user.pk:
        # Whoever could hold another person's key could decide in their name.
        raise NotAllowed("token_for_oneself", _("You can only make tokens for yourself."))
    if not scopes or any(scope not in Scope.values for scope in scopes):
        raise Refused(
            "token_scopes_known", _("Choose one or more of: %s.") % ", ".join(Scope.values), "scopes"
        )
    if expires_at is not None and expires_at <= now:
        raise Refused("token_expires_later", _("The day it expires on has passed."), "expires_at")
    key = PREFIX + secrets.token_urlsafe(32)
    with one_transaction():
        token = Token.objects.create(
            user=user,
            name=name,
            prefix=key[: len(PREFIX) + 6],
            digest=Token.digest_of(key),
            scopes=list(dict.fromkeys(scopes)),
            created_at=now,
            expires_at=expires_at,
        )
        after = {"name": name, "scopes": token.scopes, "expires_at": expires_at, "user": user.username}
        events.record("token.issued", token, by=by, now=now, after=after)
    return token, key


def rotate(token: Token, *, by: User, now: datetime, overlap: timedelta = timedelta(0)) -> tuple[Token, str]:
    """A new token with the same name, scopes and end, and its key; the old one ends after `overlap`, at most a day.

    The overlap is for whoever must put the new key into several places. Raises Refused with the rule
    `token_in_force` where the old one has ended already.
    """
    if by.pk != token.user_id:
        raise NotAllowed("token_for_oneself", _("You can only make tokens for yourself."))
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Refused("token_overlap_at_most_a_day", _("The old key may stay for a day at most."), "overlap")
    with one_transaction():
        token = Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
        if token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= now):
            raise Refused("token_in_force", _("This token has ended: make a new one."))
        made, key = issue(
            by, name=token.name, scopes=token.scopes, expires_at=token.expires_at, by=by, now=now
        )
        if not overlap:
            revoke(token, by=by, now=now)
        elif token.expires_at is None or token.expires_at > now + overlap:
            token.expires_at = now + overlap
            token.save(update_fields=["expires_at"])
        events.record("token.rotated", token, by=by, now=now, after={"name": token.name, "heir": made.pk})
    return made, key


def revoke(token: Token, *, by: User, now: datetime) -> Token:
    """End a token at once. Revoking it again changes nothing."""
    if by.pk != token.user_id and not by.may("token.manage"):
        raise NotAllowed("permission", _("You can only revoke your own tokens."))
    with one_transaction():
        token = Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
        if token.revoked_at is None:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            events.record("token.revoked", token, by=by, now=now, after={"name": token.name})
    return token


def note_use(token: Token, *, now: datetime) -> None:
    """Remember that a token was used; written rarely, so that reading stays reading. No event."""
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > NOTE_USE_AFTER_SECONDS:
        token.last_used_at = now
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
