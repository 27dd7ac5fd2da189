"""The admin's table of contents: importing it registers every noun (tracker/apps.py does)."""

from django.contrib import admin
from django.contrib.auth.models import Group

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
