"""Status checks: set up, run now, and how each is doing."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter
from unfold.decorators import display

from recommendations.actions import checks, refreshes
from recommendations.actions.refusals import Refused
from recommendations.admin import looks, shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed, address
from recommendations.admin.forms import StaffForm
from recommendations.admin.next_look import next_look
from recommendations.fetching.adapters import kind_of
from recommendations.models import StatusCheck, User
from recommendations.queries import checks as queries
from recommendations.vocabulary import CheckState


def pause(check: StatusCheck, *, by: User, now: Any) -> StatusCheck:
    return checks.change(check, by=by, now=now, state=CheckState.PAUSED)


def activate(check: StatusCheck, *, by: User, now: Any) -> StatusCheck:
    return checks.change(check, by=by, now=now, state=CheckState.ACTIVE)


def is_paused(row: StatusCheck, person: User) -> bool:
    return row.state == CheckState.PAUSED


def is_at_work(row: StatusCheck, person: User) -> bool:
    return row.state != CheckState.PAUSED


RUN = Deed(
    name="run",
    label=gettext_lazy("Run now"),
    verb="check.run",
    question=gettext_lazy(
        "A worker looks at the address as soon as one is free, even while scheduled checks are switched off."
    ),
    form=StaffForm,
    act=checks.request_run,
    done=gettext_lazy("The run is asked for."),
    possible=is_at_work,
    icon="play_arrow",
    main=True,
)
PAUSE = Deed(
    name="pause",
    label=gettext_lazy("Pause"),
    verb="check.write",
    form=StaffForm,
    act=pause,
    done=gettext_lazy("The check is paused."),
    possible=is_at_work,
    icon="pause",
    whole=True,
)
ACTIVATE = Deed(
    name="activate",
    label=gettext_lazy("Make active"),
    verb="check.write",
    form=StaffForm,
    act=activate,
    done=gettext_lazy("The check is active."),
    possible=is_paused,
    icon="resume",
    whole=True,
)


class SettingsField(forms.JSONField):
    """Names with values. Emptied it holds none, which the kind then accepts or refuses."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return {} if found is None else found


class StandingFilter(admin.SimpleListFilter):
    """The lists behind the numbers of the health page."""

    title = gettext_lazy("stands")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("due", _("due")),
            ("late", _("late: due for more than 15 minutes")),
            ("leased", _("under way")),
            ("key_missing", _("its key is missing")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StatusCheck]) -> QuerySet[StatusCheck]:
        how = self.value()
        return queries.standing(queryset, how, now=timezone.now()) if how in queries.STANDINGS else queryset


@admin.register(StatusCheck)
class StatusCheckAdmin(NounAdmin):
    action = checks
    adds = changes = whole = True
    fixed = ("kind", "evidence", "recommendation", "indicator")
    fields = ("kind", "evidence", "recommendation", "indicator", "every", "config")
    lead = "admin/tracker/check.html"
    list_display = (
        "id",
        "host",
        "watched",
        "state",
        "last_outcome",
        shown.last_run_at,
        shown.next_due_at,
    )
    list_display_links = ("id", "host")
    list_filter = (
        StandingFilter,
        ("state", ChoicesCheckboxFilter),
        ("last_outcome", ChoicesCheckboxFilter),
        ("kind", ChoicesCheckboxFilter),
        ("evidence", AutocompleteSelectFilter),
        ("recommendation", AutocompleteSelectFilter),
        ("indicator", AutocompleteSelectFilter),
    )
    list_select_related = ("evidence", "recommendation", "indicator")
    search_fields = ("=host", "=evidence__code", "=recommendation__code", "=indicator__code")
    search_help_text = gettext_lazy("The whole host, such as www.gao.gov")
    ordering = ("id",)
    autocomplete_fields = ("evidence", "recommendation", "indicator")
    deeds = (RUN, PAUSE, ACTIVATE)
    actions = ("look_now",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What was changed is told from what is held, and not from what the page says that it held."""
        if db_field.name == "config":
            kwargs |= {"form_class": SettingsField, "show_hidden_initial": False}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @display(description=gettext_lazy("watches"))
    def watched(self, check: StatusCheck) -> str:
        row = check.evidence.title if check.evidence else check.recommendation or check.indicator
        return shown.in_its_language(row) if row else shown.DASH

    def has_run_permission(self, request: HttpRequest) -> bool:
        return RUN.may(request.user)

    @admin.action(description=gettext_lazy("Run now"), permissions=["run"])
    def look_now(self, request: HttpRequest, chosen: QuerySet[StatusCheck]) -> HttpResponse | None:
        """Ask for looks at the chosen checks; leads to the page that shows how far they have come."""
        assert isinstance(request.user, User)
        ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: refreshes.MOST + 1])
        try:
            asked = refreshes.ask(ids, by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
            return None
        if asked.paused:
            left_out = ngettext(
                "%(number)d check is paused and was left out.",
                "%(number)d checks are paused and were left out.",
                asked.paused,
            )
            messages.warning(request, left_out % {"number": asked.paused})
        return HttpResponseRedirect(address(asked.refresh))

    # Pages.

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        own = [path("<path:object_id>/progress/", view, name="recommendations_statuscheck_progress")]
        return own + super().get_urls()

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The part of a check's page that changes while a look is awaited."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        awaited = looks.awaited(row, now=timezone.now())
        if awaited is None:  # said on the page, which is asked for again now
            messages.success(
                request,
                _("The run is recorded: %(outcome)s.") % {"outcome": row.get_last_outcome_display()},
            )
        context = {"awaited": awaited, "row": row}
        return TemplateResponse(request, "admin/tracker/pieces/look_awaited.html", context)

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        now = timezone.now()
        others = [deed for deed in self.deeds if deed is not RUN and deed.offered(row, request.user)]
        return {
            # "Run now" asks nothing that would need a page of its own: it is a button of this one.
            "offered": [(deed, address(row, deed.name)) for deed in others],
            "run": RUN if RUN.offered(row, request.user) else None,
            "awaited": looks.awaited(row, now=now),
            "strip": looks.strip(row),
            "next_look": next_look(row, now=now),
            "last_change": looks.last_change(row),
            "remembered": looks.remembered(row),
            "findings": row.findings.order_by("-last_seen_at", "-id")[:20],
            "url": row.evidence.document.url if row.evidence else kind_of(row.kind).address(row.config),
        }
