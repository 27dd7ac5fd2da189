"""Lists that sort at once: by the columns that an index brings in order, both ways, however many rows there are."""

from typing import Any

from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import Index, Model
from django.http import HttpRequest
from unfold.views import ChangeList


def served(model: type[Model]) -> frozenset[str]:
    """The columns by which an index brings rows in order: unique ones, and those that are one alone or with the key.

    An index that goes on with another column would leave many equal rows to sort; one for some rows serves not all.
    Columns that refer to other tables are sorted by those tables' order, which no index of this one knows.
    """
    alone = {
        field.name
        for field in model._meta.concrete_fields
        if not field.is_relation and (field.unique or getattr(field, "db_index", False))
    }
    return frozenset(alone | {names[0] for index in model._meta.indexes if (names := _keyed(index))})


def _keyed(index: Index) -> list[str]:
    """The columns of an index, where they are one and the key, in one direction; nothing else counts."""
    if type(index) is not Index or index.condition is not None:
        return []
    names = [name for name, _order in index.fields_orders]
    one_way = len({order for _name, order in index.fields_orders}) == 1
    return names if one_way and names[1:] in ([], ["id"]) else []


class SortedList(ChangeList):
    """Django's list; what it is not to be sorted by does not sort it when the address says so either."""

    def get_ordering_field(self, field_name: Any) -> Any:
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return super().get_ordering_field(field_name)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """What the address asks for, then the key in the same direction: that is how the indexes are kept."""
        if ORDER_VAR not in self.params:
            return super().get_ordering(request, queryset)
        order = super().get_ordering(request, queryset.order_by())
        ascending = isinstance(order[0], str) and not order[0].startswith("-")
        return [*order[:-1], "pk"] if order[-1] == "-pk" and ascending else order
