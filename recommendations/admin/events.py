"""The audit trail and what imports have told. Nobody changes either."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.models import Event, ImportedRow


@admin.register(Event)
class EventAdmin(NounAdmin):
    list_display = (shown.at, "actor", "done", "about", "recommendation_code", "public")
    list_filter = (("public", BooleanRadioFilter),)
    search_fields = ("=recommendation_code", "=object_id", "=actor", "=verb")
    search_help_text = _("The whole code, person or verb: CFR60-06, editor, assessment.published")
    ordering = ("-id",)
    lead = "admin/tracker/event.html"
    fields = ("at", "actor", "done", "verb", "about", "recommendation_code", "note", "public")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    @display(description=_("what was done"), ordering="verb")
    def done(self, event: Event) -> str:
        return event.done

    @display(description=_("about"))
    def about(self, event: Event) -> str:
        return event.about

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Without a history: an event is itself one line of the history of what it tells of."""
        return {"history": None, "show_history": False}


@admin.register(ImportedRow)
class ImportedRowAdmin(NounAdmin):
    list_display = ("origin", "noun", "code", "digest")
    search_fields = ("=code", "=noun")
    ordering = ("-id",)
