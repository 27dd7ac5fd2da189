"""What every noun's admin shares: it never saves by itself, never deletes, and never counts a whole table."""

from functools import partial
from typing import Any

from django import forms
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import DateField, DateTimeField, JSONField, Model, QuerySet, URLField
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.admin import deeds, saved_views, searching, shown, sorting
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import DayInput, Kept, MomentInput, OneFound, SeveralFound, dress, is_number
from recommendations.admin.paging import CappedPaginator
from recommendations.admin.sorting import SortedList
from recommendations.models import User
from recommendations.queries import events
from recommendations.queries.limits import concerned, covers
from recommendations.templatetags.staff import is_written
from recommendations.vocabulary import RECORD_LANGUAGE


class NounAdmin(ModelAdmin):
    """Read-only unless `adds` or `changes` says otherwise; then every save is a call of the noun's action.

    `few` says that rows are counted in thousands at most, so that any column may sort them (see sorting.py). `fixed`
    are fields that stay as they were made. `whole` says that a change takes everything that a row concerns to be within
    a person's limits. `lead` is a template shown above the form, with what
    `lead_context` returns. Deeds are buttons; see deeds.py. `public_page` is the name of the address at which
    the public reads of a row.
    """

    action: Any = None
    adds = False
    changes = False
    few = False
    fixed: tuple[str, ...] = ()
    whole = False
    deeds: tuple[Deed, ...] = ()
    lead: str = ""
    public_page: str = ""

    actions: Any = None
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_filter_submit = True
    compressed_fields = True
    list_before_template = "admin/tracker/views.html"
    change_form_outer_before_template = "admin/tracker/above.html"
    change_form_outer_after_template = "admin/tracker/below.html"

    # Rights: the role decides (User.has_perm), and what no action serves is nobody's.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = self.changes and super().has_change_permission(request, obj)
        if not may or obj is None:
            return bool(may)
        return covers(request.user, concerned(obj) if self.whole else obj)  # type: ignore[arg-type] # staff are Users

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *(self.fixed if obj is not None else ()))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address proposes; of other rows only what can be a number: Django asks for whatever it says."""
        rows = {field.name for field in self.opts.get_fields() if field.is_relation}
        told = super().get_changeform_initial_data(request)
        return {
            name: value
            for name, value in told.items()
            if name not in rows or all(map(is_number, value if isinstance(value, list) else [value]))
        }

    # Saving.

    def create(self, data: dict[str, Any], *, by: User, now: Any) -> Model:
        """Call the noun's action with what the form holds."""
        return self.action.create(**data, by=by, now=now)

    def change(self, row: Any, changes: dict[str, Any], *, by: User, now: Any) -> Any:
        """Call the noun's action with what the person changed, and nothing else: two people may edit at once."""
        return self.action.change(row, **changes, by=by, now=now)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Django's view; when the action refuses, the same page again with the refusal as the form's error.

        The first pass has been rolled back as a whole by then: Django runs it in one transaction.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)

        class ActedForm(form_class):  # type: ignore[misc, valid-type]
            """Leaves constraints to the action and the database, whose refusals say what to do about them."""

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                for name in self.declared_fields.keys() & self.fields.keys():
                    dress(self.fields[name].widget)

            def _post_clean(self) -> None:
                self.instance.validate_constraints = lambda exclude=None: None
                super()._post_clean()

            def full_clean(self) -> None:
                super().full_clean()
                if refusal is not None:
                    deeds.blame(self, refusal)

        return ActedForm

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Addresses without a scheme are https; days have the browser's own field; no pop-ups for related rows."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        elif isinstance(db_field, DateTimeField):
            kwargs |= {"widget": MomentInput(), "form_class": forms.DateTimeField}
        elif isinstance(db_field, DateField):
            kwargs["widget"] = DayInput()
        elif isinstance(db_field, JSONField):
            kwargs["decoder"] = Kept
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and is_written(db_field):
            field.widget.attrs["lang"] = RECORD_LANGUAGE
        if isinstance(db_field, DateField) and field is not None:
            dress(field.widget)
        if field is not None and hasattr(field.widget, "can_add_related"):
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = (
                False
            )
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneFound(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SeveralFound(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What must be chosen begins empty: else the first word of a list that nobody looked at would be saved."""
        undecided = db_field.blank or not db_field.has_default()
        kwargs.setdefault(
            "choices", db_field.get_choices(include_blank=undecided, blank_choice=[("", _("Choose"))])
        )
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: BaseForm, change: bool) -> None:
        by, now = request.user, timezone.now()
        assert isinstance(by, User)
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            if changes:
                self.change(obj, changes, by=by, now=now)
            return
        made = self.create(dict(form.cleaned_data), by=by, now=now)
        request.made = made  # type: ignore[attr-defined]
        obj.pk = made.pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the action has written what belongs to the row."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise PermissionDenied

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        raise PermissionDenied

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Django's own log stays empty: the action has written the Event."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """As `log_addition`."""

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(deeds.address(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(deeds.address(obj))

    # Pages.

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{deed.name}/",
                self.admin_site.admin_view(partial(self.deed_view, deed)),
                name=f"recommendations_{self.opts.model_name}_{deed.name}",
            )
            for deed in self.deeds
        ]
        return own + super().get_urls()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[SortedList]:
        return SortedList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Django's; a column that the address names with nothing is none."""
        return super().get_object(request, object_id, from_field or None)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [shown.column(self.model, each) for each in super().get_list_display(request)]

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> list[Any]:
        return [
            shown.column(self.model, each) for each in super().get_list_display_links(request, list_display)
        ]

    def get_sortable_by(self, request: HttpRequest) -> list[Any]:
        columns = list(self.get_list_display(request))
        quick = sorting.served(self.model)
        return columns if self.few else [column for column in columns if self._order_of(column) in quick]

    def _order_of(self, column: Any) -> str:
        """The name of the model's column by which a column of the list is sorted; "" for none."""
        source = column if callable(column) else getattr(self, column, None)
        order = column if source is None else getattr(source, "admin_order_field", "")
        return order if isinstance(order, str) else ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        found = searching.found(self, request, queryset, term) if term else None
        if found is None:
            return super().get_search_results(request, queryset, search_term)
        return found, False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Django's list, with the views that its reader keeps of it."""
        views = saved_views.bar(request, self.opts.model_name or "")
        return super().changelist_view(request, {"views": views} | (extra_context or {}))

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Django's; of what was ticked it asks the database for whatever was sent."""
        for word in request.POST.getlist(ACTION_CHECKBOX_NAME):
            if not is_number(word):
                raise BadRequest(_("%(word)s is no number of a row.") % {"word": word[:40]})
        return super().response_action(request, queryset)

    def deed_view(self, deed: Deed, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return deeds.page(deed, row, request, self.admin_site.each_context(request))

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        row = kwargs.get("obj")
        if row is not None and request.method == "POST":
            # As it is, and not as what was sent and refused would have it.
            row = self.get_object(request, str(row.pk)) or row
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        if row is not None:
            context |= {
                "row": row,
                "lead": self.lead,
                "offered": [
                    (deed, deeds.address(row, deed.name))
                    for deed in self.deeds
                    if deed.offered(row, request.user)
                ],
                "history": events.of(row, limit=10),
                "all_history": deeds.address(row, "history"),
                "may_change": self.has_change_permission(request, row),
            } | self.lead_context(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def view_on_site(self, row: Any) -> str | None:
        return reverse(self.public_page, args=[row.code]) if self.public_page else None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All events of a row, instead of the log that Django would keep."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(row),
            "row": row,
            "opts": self.opts,
            "back": deeds.address(row),
            "history": events.of(row, limit=500),
        }
        return TemplateResponse(request, "admin/tracker/history.html", context)
