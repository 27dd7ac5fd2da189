"""Forms of the admin's own pages, in the look of the rest of the admin."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model
from django.forms.widgets import Input
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    CHECKBOX_CLASSES,
    INPUT_CLASSES,
    RADIO_CLASSES,
    SELECT_CLASSES,
    TEXTAREA_CLASSES,
)

from recommendations.models import User
from recommendations.vocabulary import RECORD_LANGUAGE

LOOKS: tuple[tuple[type[forms.Widget], Sequence[str]], ...] = (
    (AutocompleteSelect, ()),
    (AutocompleteSelectMultiple, ()),
    # Django gives the class to the box around them as well: see tracker.css.
    (forms.CheckboxSelectMultiple, ("several",)),
    (forms.RadioSelect, RADIO_CLASSES),
    (forms.CheckboxInput, CHECKBOX_CLASSES),
    (forms.Select, SELECT_CLASSES),
    (forms.Textarea, TEXTAREA_CLASSES),
    (forms.HiddenInput, ()),
    (Input, INPUT_CLASSES),
)
"""The style classes of each kind of widget; the first kind that fits counts."""


class StaffForm(forms.Form):
    """A short form about one row. `row` is what it is about, `person` who fills it in."""

    helps: tuple[str, ...] = ()
    """Names of buttons that help to fill the form in and change nothing; see `helped`."""

    def __init__(self, *args: Any, row: Any, person: User, **kwargs: Any) -> None:
        self.row = row
        self.person = person
        super().__init__(*args, **kwargs)
        self.prepare()
        for field in self.fields.values():
            dress(field.widget)

    def prepare(self) -> None:
        """Set choices and first values that depend on the row."""

    @classmethod
    def helped(cls, button: str, sent: Any, *, row: Any, person: User, now: datetime) -> "StaffForm":
        """The form as it comes back when one of `helps` was pressed; nothing that was typed is lost."""
        raise NotImplementedError


class NoteForm(StaffForm):
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class Words(forms.CharField):
    """Words that an action insists on. It refuses their lack itself, in the same sentence at every door."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    def validate(self, value: Any) -> None:
        """Nothing: the field is marked as needed, and what is missing is for the action to say."""


class ReasonForm(StaffForm):
    note = Words(label=_("Reason"))


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def run_validators(self, value: Any) -> None:
        """Each line by itself: of a list Django would ask how it is written, in which no NUL shows."""
        for line in value:
            super().run_validators(line)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial or []) != self.to_python(data)


class Kept(json.JSONDecoder):
    """JSON that a column can hold and a page can show: without NUL, half a character, NaN and numbers without end.

    What Python's fails on otherwise, numbers of too many digits and brackets within too many, is refused as JSON too.
    """

    def decode(self, text: str) -> Any:  # type: ignore[override] # Django calls it as json.loads does
        try:
            value = super().decode(text)
            told = json.dumps(value, ensure_ascii=False, allow_nan=False)
            told.encode()
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError("cannot be kept", text, 0) from error
        if "\\u0000" in told:
            raise json.JSONDecodeError("has a NUL", text, 0)
        return value


class DayInput(forms.DateInput):
    """The browser's own date field: reachable by keyboard, in the reader's language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """As DayInput, for a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), **options)


def is_number(word: str) -> bool:
    """Whether a word can be the number of a row: Django asks the database for whatever was sent."""
    return word.isascii() and word.isdigit() and len(word) <= 18


class _Numbered:
    """Shows as chosen only what can be the number of a row."""

    def optgroups(self, name: str, value: Sequence[Any], attrs: dict[str, Any] | None = None) -> Any:
        numbers = [each for each in map(str, value) if is_number(each)]
        return super().optgroups(name, numbers, attrs)  # type: ignore[misc] # of the widget it is mixed into


class OneFound(_Numbered, AutocompleteSelect):
    """One row, found by typing."""


class SeveralFound(_Numbered, AutocompleteSelectMultiple):
    """Several rows, found by typing."""


def chosen(model: type[Model], field: str, label: Any, **options: Any) -> Any:
    """A field that finds a row by typing, as the foreign key `field` of `model` would be chosen.

    No list of all rows is ever rendered.
    """
    relation = model._meta.get_field(field)
    rows = relation.related_model._default_manager.all()  # type: ignore[union-attr]
    widget = OneFound(relation, admin.site, attrs={"data-width": "100%"})
    return forms.ModelChoiceField(label=label, queryset=rows, widget=widget, **options)


def several(model: type[Model], field: str, label: Any, **options: Any) -> Any:
    """As `chosen`, for several rows."""
    relation = model._meta.get_field(field)
    rows = relation.related_model._default_manager.all()  # type: ignore[union-attr]
    widget = SeveralFound(relation, admin.site, attrs={"data-width": "100%"})
    return forms.ModelMultipleChoiceField(label=label, queryset=rows, widget=widget, **options)


def dress(widget: forms.Widget) -> None:
    """Give a widget the classes of its kind; longer words go into the record, in its language."""
    if isinstance(widget, forms.Textarea):
        widget.attrs.setdefault("lang", RECORD_LANGUAGE)
    for kind, classes in LOOKS:
        if isinstance(widget, kind):
            if classes:
                widget.attrs["class"] = " ".join(classes)
            return
