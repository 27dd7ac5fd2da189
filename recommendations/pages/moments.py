"""Which moment a page is asked for: `?as_of=2013-06-01&known_at=2026-11-26`."""

from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from recommendations.rules import moments

ISO = ["%Y-%m-%d"]


class KnownAtField(forms.Field):
    """A day (to its last moment, in UTC) or a moment as ISO 8601 writes it (in UTC where it names no zone)."""

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        text = str(value).strip().replace(" ", "+")  # a plus sign that was not escaped arrives as a space
        try:
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        except ValueError:
            pass
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None:
            raise forms.ValidationError(
                _("Enter a day such as 2026-11-26, or a moment such as 2026-11-26T12:00Z.")
            )
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class MomentForm(forms.Form):
    """The two time axes. Refuses what has not come yet: nobody knows it."""

    as_of = forms.DateField(
        label=_("What was true on"),
        required=False,
        input_formats=ISO,
        error_messages={"invalid": _("Enter a day as year, month and day, such as 2013-06-01.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    known_at = KnownAtField(
        label=_("As we knew it on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_as_of(self) -> date | None:
        day: date | None = self.cleaned_data["as_of"]
        if day is not None and day > self.now.date():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean_known_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["known_at"]
        if moment is not None and moment > datetime.combine(self.now.date(), time.max, UTC):
            raise forms.ValidationError(_("This moment has not come yet."))
        return moment

    @property
    def at(self) -> moments.Moment | None:
        """The moment asked for, None for today; only of a form that is valid."""
        return moments.moment(self.cleaned_data["as_of"], self.cleaned_data["known_at"], now=self.now)

    @property
    def today(self) -> date:
        """The day in the world that the page tells of."""
        return self.at.as_of if self.at else self.now.date()

    @property
    def told_until(self) -> datetime:
        """The moment up to which the page tells what we said."""
        return self.at.known_at if self.at else self.now

    @property
    def query(self) -> str:
        """The moment as a query string for links to other pages of that moment; empty for today."""
        asked = {name: self.data[name] for name in ("as_of", "known_at") if self.data.get(name)}
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def api_query(self) -> str:
        """The same for the API, which takes `known_at` as a moment."""
        asked = {
            name: value.isoformat() for name in ("as_of", "known_at") if (value := self.cleaned_data[name])
        }
        return f"?{urlencode(asked)}" if asked else ""
