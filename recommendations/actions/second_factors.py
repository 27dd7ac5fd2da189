"""The second factor of a sign-in: a code that a telephone shows. Optional; each person sets up their own."""

import math
import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.oath import TOTP

from recommendations.actions import events, sealing
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import SecondFactor, User

ISSUER = "Policy Recommendation Tracker"
"""By which name a telephone lists it."""

KEY_BYTES = 20
NEIGHBOURS = 1
"""Half-minutes before and after the present one whose codes are taken too: clocks differ, and typing takes time."""


@dataclass(frozen=True)
class Key:
    """What a telephone must be told: `address` for its camera, `secret` (base32) for typing."""

    address: str
    secret: str


def begin(person: User) -> Key:
    """A key to be confirmed; it counts for nothing before. Whoever has one confirmed keeps that."""
    with one_transaction():
        row = SecondFactor.objects.select_for_update().filter(user=person).first()
        if row is not None and row.confirmed:
            raise Refused("second_factor_once", _("A second factor is set up already: remove it first."))
        try:
            key = sealing.unseal(row.sealed) if row is not None else token_hex(KEY_BYTES)
        except sealing.Unreadable:
            key = token_hex(KEY_BYTES)  # begun and not confirmed: nobody has lost anything
        SecondFactor.objects.update_or_create(
            user=person, defaults={"sealed": sealing.seal(key), "confirmed": False}
        )
    secret = b32encode(bytes.fromhex(key)).decode()
    told = urlencode({"secret": secret, "issuer": ISSUER}, quote_via=quote)
    return Key(f"otpauth://totp/{quote(f'{ISSUER}:{person.username}')}?{told}", secret)


def is_begun(person: User) -> bool:
    """Whether there is a key to be confirmed."""
    return SecondFactor.objects.filter(user=person, confirmed=False).exists()


def confirm(person: User, code: str, *, now: datetime) -> SecondFactor:
    """From now on a sign-in asks for a code. Raises Refused with `second_factor_code` where the code is wrong."""
    row = SecondFactor.objects.filter(user=person, confirmed=False).first()
    if row is None:
        raise Refused("second_factor_begun", _("Nothing is to be confirmed: begin again."))
    row = _shown(row, code, now)
    with one_transaction():
        row.confirmed = True
        row.save()
        events.record("user.second_factor_added", person, by=person, now=now)
    return row


def remove(person: User, *, by: User, now: datetime, code: str = "") -> User:
    """Sign in without a code again: one's own with a code, another's (whose telephone is lost) as an administrator."""
    row = in_force(person)
    if row is None:
        raise Refused("second_factor_in_force", _("There is no second factor to remove."))
    if by.pk != person.pk:
        require(by, "user.write")
    else:
        _shown(row, code, now)
    with one_transaction():
        SecondFactor.objects.filter(user=person).delete()
        events.record("user.second_factor_removed", person, by=by, now=now)
    return person


def check(person: User, code: str, *, now: datetime) -> None:
    """At a sign-in whose password was right: nothing for who has no second factor. Raises Refused."""
    row = in_force(person)
    if row is not None:
        _shown(row, code, now)


def in_force(person: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=person, confirmed=True).first()


def _shown(row: SecondFactor, code: str, now: datetime) -> SecondFactor:
    """The row, if `code` is what its telephone shows now. Raises Refused with `second_factor_code` or
    `second_factor_readable`.

    In a transaction of its own, and under a lock: each wrong guess makes the next wait longer, and that must stay
    written down when the guess is refused, however many are sent at once.
    """
    if not code:
        raise Refused("second_factor_code", _("Type the code that your telephone shows."), "code")
    with transaction.atomic():
        held = SecondFactor.objects.select_for_update().filter(pk=row.pk).first()
        refused = _told_wrong() if held is None else _refused(held, code, now)
    if refused is not None:
        raise refused
    assert held is not None
    return held


def _refused(held: SecondFactor, code: str, now: datetime) -> Refused | None:
    """None where the code is right, which is then written down: it opens nothing again."""
    allowed, why = held.verify_is_allowed()
    if not allowed:
        return _told_to_wait(why["locked_until"], now)
    try:
        key = sealing.unseal(held.sealed)
    except sealing.Unreadable:
        return Refused(
            "second_factor_readable",
            _(
                "The key of your second factor cannot be read any more, because this tracker has another secret key"
                " now. An administrator can remove it; then set it up again."
            ),
            "code",
        )
    totp = TOTP(bytes.fromhex(key), drift=held.drift)
    totp.time = now.timestamp()
    typed = "".join(code.split())
    if not re.fullmatch("[0-9]{6}", typed) or not totp.verify(int(typed), NEIGHBOURS, held.last_step + 1):
        held.throttle_increment()
        return _told_wrong()
    held.last_step, held.drift = totp.t(), totp.drift
    held.sealed = sealing.seal(key)  # under the present key, where an earlier one had sealed it
    held.throttle_reset()
    return None


def _told_wrong() -> Refused:
    return Refused(
        "second_factor_code", _("This code is not the one that is shown now. Wait for the next."), "code"
    )


def _told_to_wait(until: datetime, now: datetime) -> Refused:
    seconds = max(1, math.ceil((until - now).total_seconds()))
    told = ngettext(
        "The last code was wrong: wait %(number)d second before you try again.",
        "The last code was wrong: wait %(number)d seconds before you try again.",
        seconds,
    )
    return Refused("second_factor_code", told % {"number": seconds}, "code")
