"""Themes: a shallow tree."""

from django.contrib import admin

from recommendations.actions import themes
from recommendations.admin.base import NounAdmin
from recommendations.models import Theme


@admin.register(Theme)
class ThemeAdmin(NounAdmin):
    few = True
    action = themes
    public_page = "pages:theme"
    adds = changes = True
    fixed = ("code",)
    fields = ("code", "name", "description", "parent")
    list_display = ("name", "parent", "code")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    autocomplete_fields = ("parent",)
