"""What a list of recommendations shows, as a file that is written while it is sent: nothing to wait for."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.exchange import spreadsheets
from recommendations.queries import exports
from recommendations.queries.export_tables import RECOMMENDATIONS
from recommendations.queries.exports import Selected
from recommendations.queries.reading import Reading, Stream

LIST = "admin:recommendations_recommendation_changelist"


class TooMany(Exception):
    """More rows than a sheet of a workbook can hold."""


def _csv(reading: Reading, selected: Selected, request: HttpRequest) -> Iterator[bytes]:
    return reading.csv(RECOMMENDATIONS.statement(selected))


def _ndjson(reading: Reading, selected: Selected, request: HttpRequest) -> Iterator[bytes]:
    return reading.lines(exports.as_list_rows(selected, request.build_absolute_uri("/api/v1/")))


def _xlsx(reading: Reading, selected: Selected, request: HttpRequest) -> Iterator[bytes]:
    if selected.rows.order_by()[: spreadsheets.MOST_ROWS + 1].count() > spreadsheets.MOST_ROWS:
        raise TooMany
    columns = RECOMMENDATIONS.columns(selected)
    table = reading.rows(RECOMMENDATIONS.plain(selected))
    about = [
        [_("What"), str(RECOMMENDATIONS.description)],
        [_("From"), request.build_absolute_uri()],
        [_("Made at"), selected.now.isoformat()],
        *([each.name, each.description] for each in columns),
    ]
    sheets = [
        (str(RECOMMENDATIONS.title), [each.name for each in columns], table),
        (_("About"), [_("Column"), _("What it says")], iter(about)),
    ]
    return spreadsheets.workbook(sheets, at=selected.now)


Pieces = Callable[[Reading, Selected, HttpRequest], Iterator[bytes]]

FORMATS: dict[str, tuple[Any, str, Pieces]] = {
    "csv": ("CSV", "text/csv; charset=utf-8", _csv),
    "xlsx": (
        gettext_lazy("Spreadsheet (XLSX)"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx,
    ),
    "ndjson": (gettext_lazy("JSON, one a line"), "application/x-ndjson", _ndjson),
}
"""Each format by the ending of its file: its name, its type and what writes it."""


def file(noun: Any, request: HttpRequest, ending: str) -> HttpResponseBase:
    """All rows of the list as it is narrowed, in the order of their codes, as the person may see them."""
    if ending not in FORMATS:
        raise Http404
    try:
        rows = noun.get_changelist_instance(request).queryset
    except IncorrectLookupParameters as wrong:
        raise BadRequest(_("The list cannot be narrowed like this.")) from wrong
    _name, kind, pieces = FORMATS[ending]
    now: datetime = timezone.now()
    selected = Selected(rows, request.user, None, now)
    reading = Reading()
    try:
        stream = Stream(pieces(reading, selected, request), reading)
    except TooMany:
        reading.close()
        messages.error(request, _("These are more rows than a sheet holds: narrow the list, or choose CSV."))
        return HttpResponseRedirect(f"{reverse(LIST)}?{request.GET.urlencode()}")
    except BaseException:
        reading.close()
        raise
    named = f'attachment; filename="recommendations-{now.date()}.{ending}"'
    return StreamingHttpResponse(stream, content_type=kind, headers={"Content-Disposition": named})
