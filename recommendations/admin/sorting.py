"""Lists that sort at once: by the columns that an index brings in order, both ways, however many rows there are."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import Index, Model
from django.http import HttpRequest
from unfold.views import ChangeList

from recommendations.admin.saved_views import parameters


def served(model: type[Model]) -> dict[str, str]:
    """The columns by which an index brings rows in order, each with the column that orders what is equal in it.

    That is the key, or one that is unique. An index that goes on otherwise would leave many equal rows to sort; one for
    some rows serves not all. Columns that refer to other tables are sorted by those tables' order, which no index of
    this one knows.
    """
    unique = {field.name for field in model._meta.concrete_fields if field.unique and not field.null}
    alone = {
        field.name
        for field in model._meta.concrete_fields
        if not field.is_relation and (field.unique or getattr(field, "db_index", False))
    }
    return dict.fromkeys(alone, "pk") | {
        names[0]: names[1] if names[1:] not in ([], ["id"]) else "pk"
        for index in model._meta.indexes
        if (names := _ordered(index)) and (not names[1:] or (len(names) == 2 and names[1] in unique))
    }


def _ordered(index: Index) -> list[str]:
    """The columns of an index of all rows that goes one way; else nothing."""
    if type(index) is not Index or index.condition is not None:
        return []
    one_way = len({order for _name, order in index.fields_orders}) == 1
    return [name for name, _order in index.fields_orders] if one_way else []


class SortedList(ChangeList):
    """Django's list; what it is not to be sorted by does not sort it when the address says so either."""

    def get_filters(self, request: HttpRequest) -> Any:
        """Only by what the list has filters for: Django's takes any column in any way, which fails or reads all rows.

        Where a filter might find a row twice Django looks for each among those found; GroupFilter finds it once.
        """
        if unknown := self.get_filters_params().keys() - parameters(self.model_admin, request):
            raise IncorrectLookupParameters(f"No filter takes {min(unknown)[:60]!r}")
        specs, shown, params, duplicates, active = super().get_filters(request)
        twice = [each for each in specs if not getattr(each, "finds_each_once", False)]
        many = (
            lookup_spawns_duplicates(self.lookup_opts, getattr(each, "field_path", "pk")) for each in twice
        )
        return specs, shown, params, duplicates and any(many), active

    def get_ordering_field(self, field_name: Any) -> Any:
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return super().get_ordering_field(field_name)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """What the address asks for, then what orders equal rows, in the same direction: so the indexes are kept."""
        if ORDER_VAR not in self.params:
            return super().get_ordering(request, queryset)
        order = super().get_ordering(request, queryset.order_by())
        if order[-1] != "-pk" or not isinstance(order[0], str):
            return order
        name = order[0].removeprefix("-")
        then = served(self.model).get(name, "pk")
        return [*order[:-1], then if name == order[0] else f"-{then}"]
