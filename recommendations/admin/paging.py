"""Lists that open at once, however many rows there are."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

CAP = 10_000
"""Rows a list counts and pages through. Whoever looks for something further down filters or searches."""


class CappedPaginator(Paginator):
    """Counts up to CAP and stops: counting a million rows takes longer than showing fifty of them."""

    template_name = "admin/tracker/pagination.html"

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not hasattr(rows, "order_by"):
            return len(rows)
        return rows.order_by()[:CAP].count()

    @property
    def capped(self) -> bool:
        return self.count >= CAP
