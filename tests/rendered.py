"""The forms and links of a page, as a browser reads them from its HTML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

TICKED = ("checkbox", "radio")
PRESSED = ("submit", "image")
NOT_SENT = ("button", "reset")


@dataclass
class Control:
    """What a form sends under one name. `kind` is the type of an input, or else the name of the element.

    `given` is what it sends as it stands, `choices` what else may be chosen of what the page offers.
    """

    name: str
    kind: str
    attributes: dict[str, str]
    given: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def needed(self) -> bool:
        return "required" in self.attributes

    @property
    def completed(self) -> bool:
        """Whether rows are looked for while somebody types."""
        return "data-ajax--url" in self.attributes


@dataclass
class Form:
    method: str
    address: str
    multipart: bool
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from another form that does something else: neither the numbers of rows, nor what is given."""
        pressed = sorted(name for name, _value in self.buttons)
        words = (urlsplit(self.address).path, *sorted(self.controls), *pressed)
        return self.method, *(re.sub(r"\d+", "0", each) for each in words)


class Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._named: dict[str, Form] = {}
        self._waiting: list[tuple[str, Control]] = []  # for a form that is named
        self._form: Form | None = None
        self._control: Control | None = None  # the list or the field of text that is open
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(
                told.get("method", "get").lower(),
                urljoin(self.address, told.get("action", "")),
                told.get("enctype") == "multipart/form-data",
            )
            self.forms.append(self._form)
            if "id" in told:
                self._named[told["id"]] = self._form
        elif tag == "a" and told.get("href"):
            self.links.append(urljoin(self.address, told["href"]))
        elif tag == "option" and self._control is not None and "value" in told:
            self._control.choices.append(told["value"])
            if "selected" in told:
                self._control.given.append(told["value"])
        elif tag in ("input", "select", "textarea", "button") and told.get("name") and "disabled" not in told:
            self._begin(tag, told)

    def _begin(self, tag: str, told: dict[str, str]) -> None:
        kind = (
            told.get("type", "text" if tag == "input" else "submit").lower()
            if tag in ("input", "button")
            else tag
        )
        control = Control(told["name"], kind, told)
        if tag in ("select", "textarea"):
            self._control, self._text = control, []
        elif kind in TICKED:
            control.choices = [told.get("value", "on")]
            control.given = control.choices[:] if "checked" in told else []
        else:
            control.given = [told.get("value", "")]
        if told.get("form"):
            self._waiting.append((told["form"], control))
        else:
            self._take(self._form, control)

    def _take(self, form: Form | None, control: Control) -> None:
        if form is None or control.kind in NOT_SENT:
            return
        if control.kind in PRESSED:
            form.buttons.append((control.name, control.given[0] if control.given else ""))
            return
        same = form.controls.setdefault(control.name, control)
        if same is not control:
            same.given += control.given
            same.choices += control.choices

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._control is not None:
            self._control.given = ["".join(self._text).removeprefix("\n")]
            self._control = None
        elif tag == "select":
            self._control = None

    def close(self) -> None:
        super().close()
        for name, control in self._waiting:
            self._take(self._named.get(name), control)


def read(html: str, address: str) -> Reader:
    """`address` is where the page stands: what it links to is told as the whole address."""
    reader = Reader(address)
    reader.feed(html)
    reader.close()
    return reader


def parameters(links: Iterable[str], path: str) -> set[str]:
    """The names that a page's own links to `path` ask with."""
    return {
        name
        for link in links
        if urlsplit(link).path == path
        for name, _value in parse_qsl(urlsplit(link).query, keep_blank_values=True)
    }
