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
    with one_transaction():
        device = TOTPDevice.objects.select_for_update().filter(user=person, confirmed=False).first()
        if device is None:
            raise Refused("second_factor_begun", _("Nothing is to be confirmed: begin again."))
        if not device.verify_token(code):
            raise Refused(
                "second_factor_code",
                _("This code is not the one that is shown now. Wait for the next."),
                "code",
            )
        device.confirmed = True
        device.save()
        events.record("user.second_factor_added", person, by=person, now=now)
    return device


def remove(person: User, *, by: User, now: datetime, code: str = "") -> User:
    """Sign in without a code again: one's own with a code, another's (whose telephone is lost) as an administrator."""
    with one_transaction():
        device = in_force(person)
        if device is None:
            raise Refused("second_factor_in_force", _("There is no second factor to remove."))
        if by.pk != person.pk:
            require(by, "user.write")
        elif not device.verify_token(code):
            raise Refused(
                "second_factor_code",
                _("This code is not the one that is shown now. Wait for the next."),
                "code",
            )
        TOTPDevice.objects.filter(user=person).delete()
        events.record("user.second_factor_removed", person, by=by, now=now)
    return person


def in_force(person: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()
