"""The deadline ledger. Entries are added from a recommendation's page, read here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from recommendations.actions import deadlines
from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import StaffForm, Words, chosen, day
from recommendations.models import Deadline


class DeadlineForm(StaffForm):
    due_on = day(_("New date"), required=False, help_text=_("Empty lifts the deadline."))
    moved_by = chosen(Deadline, "moved_by", _("Set or moved by"), required=False)
    reason = Words(label=_("Reason"))


MOVE = Deed(
    name="deadline",
    label=_("Move the deadline"),
    verb="deadline.write",
    question=_("The ledger keeps the old date, the new one, who moved it and why."),
    form=DeadlineForm,
    act=deadlines.move,
    done=_("The deadline is moved."),
    icon="event",
)


@admin.register(Deadline)
class DeadlineAdmin(NounAdmin):
    list_display = ("recorded_at", shown.recommendation_of, "previous_due_on", "due_on", "moved_by", "reason")
    list_filter = (("recommendation", AutocompleteSelectFilter), ("moved_by", AutocompleteSelectFilter))
    list_select_related = ("recommendation", "moved_by")
    search_fields = ("=recommendation__code",)
    ordering = ("-id",)
