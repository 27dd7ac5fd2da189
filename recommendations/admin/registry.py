"""The admin's table of contents: importing it registers every noun (tracker/apps.py does)."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django_otp.plugins.otp_totp.models import TOTPDevice

from recommendations.admin import (
    assessments,
    checks,
    closures,
    deadlines,
    events,
    evidence,
    findings,
    imports,
    indicators,
    institutions,
    looks,
    recommendations,
    refreshes,
    relations,
    responses,
    sources,
    themes,
    tokens,
    users,
    webhooks,
)

__all__ = [
    "assessments",
    "checks",
    "closures",
    "deadlines",
    "events",
    "evidence",
    "findings",
    "imports",
    "indicators",
    "institutions",
    "looks",
    "recommendations",
    "refreshes",
    "relations",
    "responses",
    "sources",
    "themes",
    "tokens",
    "users",
    "webhooks",
]

# Rights come from a person's one role (permissions.py); Django's groups would be a second, unused table of them.
admin.site.unregister(Group)
# A second factor is set up by its owner, on a page of their own (security.py).
admin.site.unregister(TOTPDevice)
