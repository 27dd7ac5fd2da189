"""The printable report of a source: where its recommendations stood on a day, why, and on what evidence."""

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.deeds import address
from recommendations.admin.forms import day, dress
from recommendations.models import Source
from recommendations.queries import reports, sources
from recommendations.rules import charts
from recommendations.rules.moments import Moment, moment


class ReportForm(forms.Form):
    """The day in the world, the day of our knowledge, and for whom. Refuses what has not come and what it knows not."""

    as_of = day(gettext_lazy("What was true on"), required=False)
    known_at = day(gettext_lazy("As we knew it on"), required=False)
    internal = forms.BooleanField(
        label=gettext_lazy("Also what is internal: a report that is not to be handed on"), required=False
    )

    def __init__(self, *args: Any, source: Source, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source, self.now = source, now
        for field in self.fields.values():
            dress(field.widget)

    def clean_as_of(self) -> date | None:
        return self._has_come("as_of")

    def clean_known_at(self) -> date | None:
        return self._has_come("known_at")

    def _has_come(self, name: str) -> date | None:
        said: date | None = self.cleaned_data[name]
        if said is not None and said > self.now.date():
            raise forms.ValidationError(_("This day has not come yet."))
        return said

    def clean(self) -> dict[str, Any]:
        for name in self.data:
            if name not in self.fields:
                raise forms.ValidationError(_("A report has no parameter “%(name)s”.") % {"name": name[:60]})
        at = self.at
        if at is not None and at.as_of < self.source.published_on:
            self.add_error(
                "as_of", _("The document was published on %(day)s.") % {"day": self.source.published_on}
            )
        return self.cleaned_data

    @property
    def at(self) -> Moment | None:
        """The moment asked for; None for today. A day of our knowledge counts to its end, in UTC."""
        known = self.cleaned_data.get("known_at")
        until = min(datetime.combine(known, time.max, UTC), self.now) if known else None
        return moment(self.cleaned_data.get("as_of"), until, now=self.now)


def page(request: HttpRequest, source: Source, each_context: dict[str, Any]) -> HttpResponse:
    """The report as it was asked for; where that cannot be answered, what is wrong with it, and 400."""
    now = timezone.now()
    form = ReportForm(request.GET, source=source, now=now)
    context = {
        **each_context,
        "title": _("Report on %(source)s") % {"source": source.code},
        "source": source,
        "form": form,
        "back": address(source),
        "now": now,
    }
    if not form.is_valid():
        return TemplateResponse(request, "admin/tracker/report.html", context, status=400)
    reader = request.user if form.cleaned_data["internal"] else None
    shown = sources.listed(reader).filter(pk=source.pk).first()
    if shown is not None:
        told = reports.report(shown, reader, form.at, now=now)
        context |= {
            "source": shown,
            "at": form.at,
            "internal": reader is not None,
            "report": told,
            "shares": charts.shares(told.counts.by_status),
        }
    return TemplateResponse(request, "admin/tracker/report.html", context)
