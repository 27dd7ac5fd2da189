"""People and their roles. Every right granted is an event."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from recommendations.actions import events
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Source, Theme, User
from recommendations.vocabulary import Role

EDITABLE = ("name", "email", "role", "is_active", "source_limits", "theme_limits")
LIMITS: dict[str, type[Source] | type[Theme]] = {"source_limits": Source, "theme_limits": Theme}


def create(
    *, username: str, role: str, by: events.Actor, now: datetime, password: str | None = None, **more: str
) -> User:
    """Add a person. Without a password they cannot sign in. `by` is an administrator or a command."""
    if isinstance(by, User):
        require(by, "user.write")
    if role not in Role.values:
        raise Refused("user_role_known", _("There is no role “%(role)s”.") % {"role": role}, "role")
    with one_transaction():
        user = User.objects.create_user(username, password, role=role, **more)
        events.record("user.created", user, by=by, now=now, after={"username": username, "role": role})
    return user


def change(user: User, *, by: User, now: datetime, **changes: Any) -> User:
    """Change name, address, role, whether they may sign in, and what their role is limited to.

    Limits are the keys of sources and themes; empty lists lift them. Nobody changes their own role or limits. Raises
    Refused with the rule `user_own_role`, `user_limits_known` or `user_administrator_unlimited`.
    """
    require(by, "user.write")
    for field in changes:
        if field not in EDITABLE:
            raise Refused("user_field_fixed", _("“%(field)s” cannot be changed.") % {"field": field}, field)
    if user.pk == by.pk and {"role", "is_active", *LIMITS} & changes.keys():
        raise Refused("user_own_role", _("Nobody changes their own role."), "role")
    with one_transaction():
        user = User.objects.select_for_update().get(pk=user.pk)
        before = {key: getattr(user, key) for key, value in changes.items() if getattr(user, key) != value}
        for key in before:
            setattr(user, key, changes[key])
        _limits_fit(user)
        if before:
            user.save(update_fields=list(before))
            after = {key: changes[key] for key in before}
            events.record("user.changed", user, by=by, now=now, before=_told(before), after=_told(after))
    return user


def end_sessions(user: User, *, by: User, now: datetime) -> User:
    """End all sessions of a person, wherever they are open: one's own, or as an administrator another's."""
    if by.pk != user.pk:
        require(by, "user.write")
    with one_transaction():
        User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
        user.refresh_from_db()
        events.record("user.sessions_ended", user, by=by, now=now)
    return user


def _limits_fit(user: User) -> None:
    for field, model in LIMITS.items():
        wanted = set(getattr(user, field))
        known = (
            set(model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
            if wanted
            else set()
        )
        if unknown := wanted - known:
            raise Refused(
                "user_limits_known",
                _("There is no row %(number)s to be limited to.") % {"number": min(unknown)},
                field,
            )
    if user.role == Role.ADMINISTRATOR and user.limited:
        raise Refused(
            "user_administrator_unlimited", _("An administrator has no limits: choose another role."), "role"
        )


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """Limits by the codes of their rows, for people who read the record."""
    return {
        key: sorted(LIMITS[key]._default_manager.filter(pk__in=value).values_list("code", flat=True))
        if key in LIMITS
        else value
        for key, value in values.items()
    }


def set_password(user: User, password: str, *, by: User, now: datetime) -> User:
    """Give a person a new password; the event says that and by whom, and not the password.

    From another's hand it also ends their tokens; their sessions end with the old password.
    """
    if by.pk != user.pk:
        require(by, "user.write")
    with one_transaction():
        user.set_password(password)
        user.save(update_fields=["password"])
        if by.pk != user.pk:
            user.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
        events.record("user.password_changed", user, by=by, now=now)
    return user
