"""The second factor of a sign-in: a code that a telephone shows. Optional; each person sets up their own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from recommendations.actions import events
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import User


def begin(person: User) -> TOTPDevice:
    """A key to be confirmed; it counts for nothing before. Whoever has one confirmed keeps that."""
    with transaction.atomic():
        if in_force(person):
            raise Refused("second_factor_once", _("A second factor is set up already: remove it first."))
        waiting = TOTPDevice.objects.filter(user=person, confirmed=False).first()
        return waiting or TOTPDevice.objects.create(user=person, name="telephone", confirmed=False)


def confirm(person: User, code: str, *, now: datetime) -> TOTPDevice:
    """From now on a sign-in asks for a code. Raises Refused with `second_factor_code` where the code is wrong."""
    device = TOTPDevice.objects.filter(user=person, confirmed=False).first()
    if device is None:
        raise Refused("second_factor_begun", _("Nothing is to be confirmed: begin again."))
    device = _shown(device, code)
    with one_transaction():
        device.confirmed = True
        device.save()
        events.record("user.second_factor_added", person, by=person, now=now)
    return device


def remove(person: User, *, by: User, now: datetime, code: str = "") -> User:
    """Sign in without a code again: one's own with a code, another's (whose telephone is lost) as an administrator."""
    device = in_force(person)
    if device is None:
        raise Refused("second_factor_in_force", _("There is no second factor to remove."))
    if by.pk != person.pk:
        require(by, "user.write")
    else:
        _shown(device, code)
    with one_transaction():
        TOTPDevice.objects.filter(user=person).delete()
        events.record("user.second_factor_removed", person, by=by, now=now)
    return person


def in_force(person: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def _shown(device: TOTPDevice, code: str) -> TOTPDevice:
    """The device, if `code` is what it shows now. Raises Refused with `second_factor_code`.

    In a transaction of its own, and under a lock: each wrong guess makes the next wait longer, and that must stay
    written down when the guess is refused, however many are sent at once.
    """
    with transaction.atomic():
        held = TOTPDevice.objects.select_for_update().filter(pk=device.pk).first()
        right = held is not None and held.verify_token(code)
    if held is None or not right:
        raise Refused(
            "second_factor_code", _("This code is not the one that is shown now. Wait for the next."), "code"
        )
    return held
