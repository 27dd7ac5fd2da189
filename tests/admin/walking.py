"""A walk of the admin with rubbish: what is asked of each address, and what is wrong with an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote_from_bytes, urlencode, urlsplit

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.forms import BaseForm
from django.test import Client

from recommendations.models import Notification, SavedView
from tests import addresses, rubbish
from tests.rendered import Control, Form
from tests.rubbish import EVERY, FEW, File, Sent

WRITES_WHEN_READ = re.compile(r"/admin/notifications/\d+/")
"""Following a notification marks it as read."""

LOOKUPS = {
    "exact": FEW,
    "in": {each: FEW[each] for each in ("nothing", "a NUL", "9223372036854775808", "NaN")}
    | {"several": b"1,,x,\xff"},
    "regex": {each: FEW[each] for each in ("a broken pattern", "a NUL")},
    "range": {each: FEW[each] for each in ("nothing", "-1", "2023-02-30")} | {"several": b"1,2,3"},
    "year": {each: FEW[each] for each in ("99999-01-01", "9223372036854775808", "-1")},
    "gte": {each: FEW[each] for each in ("NaN", "2023-02-30", "9223372036854775808")},
    "isnull": {each: FEW[each] for each in ("NaN", "nothing")},
    "date__week_day": {"-1": b"-1"},
    "nothing_like_it": {"-1": b"-1"},
}
EVERYWHERE = ("unknown", "_popup", "_to_field", "_changelist_filters", "_facets", "next", "pk")
"""Parameters that may be given at any address."""

FORGERY = "csrfmiddlewaretoken"
OF_LISTS = ("q", "o", "p", "e", "all")


@dataclass(frozen=True)
class Asking:
    """One request, in words, and of a form the one field that is wrong in it."""

    words: str
    method: str
    address: str
    kind: str = ""
    body: bytes = b""
    wrong: str = ""


def state() -> str:
    """Of all tables of ours, how many rows there are and what is in them."""
    tables = [
        model._meta.db_table
        for model in apps.get_app_config("recommendations").get_models(include_auto_created=True)
    ]
    each = (
        f"SELECT '{name}' || count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) AS told"
        f' FROM "{name}" t'
        for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT string_agg(told, ',') FROM ({' UNION ALL '.join(each)}) AS each", [])
        return str(cursor.fetchone()[0])


WRITE = re.compile(
    r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|WITH|COPY)\s+(?:"?(?!django_session|axes_)\w+)', re.IGNORECASE
)


@dataclass
class Walker:
    """One person at the admin's door. Whatever an answer changes is undone."""

    client: Client
    statuses: dict[int, int] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        self.client.raise_request_exception = False
        self.session = {name: each.value for name, each in self.client.cookies.items()}

    def ask(self, asking: Asking) -> Any:
        """The answer; what is wrong with it is noted."""
        writes: list[str] = []

        def noting(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
            if WRITE.match(sql):
                writes.append(sql)
            return execute(sql, parameters, many, context)

        found = []
        with transaction.atomic(), connection.execute_wrapper(noting):
            answer = self.client.generic(
                asking.method,
                asking.address,
                data=asking.body,
                content_type=asking.kind or "application/octet-stream",
            )
            answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found += self._faults(asking, answer, writes)
            refuses = answer.status_code < 500 and not self._may_write(asking, answer)
            left = state() if writes and refuses else ""
            transaction.set_rollback(True)
        if left and left != state():
            found.append(f"{answer.status_code} writes: {writes[0][:60]}")
        for name in list(self.client.cookies):
            del self.client.cookies[name]
        self.client.cookies.load(self.session)
        self.asked += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        if found:
            self.wrong[f"{asking.method} {asking.address[:150]} with {asking.words}"] = found
        return answer

    def _may_write(self, asking: Asking, answer: Any) -> bool:
        if WRITES_WHEN_READ.fullmatch(urlsplit(asking.address).path):
            return True
        return asking.method == "POST" and answer.status_code < 400 and not refused(answer)

    def _faults(self, asking: Asking, answer: Any, writes: list[str]) -> list[str]:
        if answer.status_code >= 500:
            return [f"fails: {answer.status_code} {_cause(answer)}"]
        forms = refused(answer)
        found = []
        if writes and self._may_write(asking, answer):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except DatabaseError as error:
                found.append(f"would fail when it is committed: {error}")
        if asking.method == "POST":
            page = answer.body.decode(errors="replace")
            found += [
                f"{name} is refused and the page does not say so"
                for form in forms
                for name in untold(form, page)
            ]
            if asking.wrong and forms and not any(names(form, asking.wrong) for form in forms):
                found.append(
                    f"does not name {asking.wrong}: {[dict(form.errors.get_json_data()) for form in forms]}"
                )
        return found


def _cause(answer: Any) -> str:
    kind, error, trace = answer.exc_info or (None, None, None)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{kind.__name__ if kind else ''} {str(error)[:120]!r} {where}"


def refused(answer: Any) -> list[BaseForm]:
    """The forms of a page that say what was wrong."""
    found: dict[int, BaseForm] = {}
    for layer in answer.context or ():
        for layer_of in getattr(layer, "dicts", [layer]):
            for each in list(layer_of.values()):
                several = [
                    getattr(one, "form", one) for one in (each if isinstance(each, list | tuple) else [each])
                ]
                for form in several:
                    if isinstance(form, BaseForm) and form.is_bound and form.errors:
                        found[id(form)] = form
    return list(found.values())


def untold(form: BaseForm, page: str) -> list[str]:
    """Fields whose errors do not stand on the page."""
    return [
        name
        for name, errors in form.errors.items()
        if not all(str(message) in page or escape(str(message)) in page for message in errors)
    ]


def names(form: BaseForm, wrong: str) -> bool:
    """Whether a form names the field that is wrong, or the one that it belongs with: `new_url` where that is missing
    to a `new_title`."""
    told, wrong = {form.add_prefix(name) for name in form.errors}, wrong.removeprefix("initial-")
    return "__all__" in form.errors or any(
        name == wrong or name.partition("_")[0] == wrong.partition("_")[0] for name in told
    )


# Places


def places() -> Iterator[str]:
    """Every address with what there is to fill it."""
    for route, _callback in addresses.routes():
        if route.startswith("admin/"):
            yield from (f"/{each}" for each in _filled(route))


def _filled(route: str) -> Iterator[str]:
    if route.endswith("(?P<url>.*)$"):
        yield from ("admin/nowhere/", "admin/recommendations/nowhere/1/change/")
    elif "(?P<app_label>" in route:
        yield "admin/recommendations/"
    elif found := re.match(r"admin/recommendations/(\w+)/<path:object_id>", route):
        yield from (re.sub(r"<[^>]+>", str(pk), route) for pk in _some(found[1]))
    elif "<str:ending>" in route:
        yield from (re.sub(r"<[^>]+>", ending, route) for ending in ("csv", "xlsx", "ndjson", "exe"))
    elif "queue/<" in route:
        for noun, table in (("proposal", "assessment"), ("finding", "finding"), ("user", "user")):
            yield from (f"admin/queue/{noun}/{pk}/" for pk in _some(table))
    elif "content_type_id" in route:
        yield from (f"admin/r/{kind.pk}/1/" for kind in ContentType.objects.all())
    elif "<" in route:
        own = {"admin/notifications/<int:pk>/": Notification, "admin/views/<int:pk>/": SavedView}[route]
        yield from (
            re.sub(r"<[^>]+>", str(pk), route) for pk in own._default_manager.values_list("pk", flat=True)
        )
    else:
        yield route


def _some(noun: str) -> list[int]:
    """Rows of a noun: the first and the last, and where they have states one of each."""
    rows = apps.get_model("recommendations", noun)._default_manager.order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    found = {*keys[:1], *keys[-1:]}
    for column in ("state", "kind", "revoked_at", "supersedes"):
        if column in {each.name for each in rows.model._meta.concrete_fields}:
            found |= set({row[column]: row["pk"] for row in rows.values("pk", column)}.values())
    return sorted(found)


def wrong_keys() -> Iterator[tuple[str, str]]:
    """Every address with what no row has in place of each of its keys, in words and as it is asked."""
    for route, _callback in addresses.routes():
        if not route.startswith("admin/") or "<" not in route or "(" in route:
            continue
        gaps = re.findall(r"<[^>]+>", route)
        for words, value in rubbish.KEYS.items():
            for number in range(len(gaps)):
                filled = f"/{route}"
                for place, gap in enumerate(gaps):
                    given = (
                        quote_from_bytes(value, safe="")
                        if place == number
                        else "finding"
                        if "str:" in gap
                        else "1"
                    )
                    filled = filled.replace(gap, given, 1)
                yield f"{words} for a key", filled


# What is asked


def questions(address: str, noted: set[str]) -> Iterator[Asking]:
    """A page with each parameter that it looks at, or that may be given anywhere, and every value for it."""
    parts = urlsplit(address)
    base = dict(each.split("=", 1) for each in parts.query.split("&") if "=" in each)

    def asked(words: str, **changed: bytes) -> Asking:
        given = base | {name: quote_from_bytes(value) for name, value in changed.items()}
        return Asking(
            words, "GET", f"{parts.path}?{'&'.join(f'{name}={value}' for name, value in given.items())}"
        )

    of_a_row = re.search(r"/\d+/", parts.path)
    looked_at = {*noted, *base, *(() if of_a_row else OF_LISTS)} - {addresses.ANY}
    for name in sorted({*looked_at, *EVERYWHERE}):
        whole = name in base or name in OF_LISTS or not (of_a_row or "__" in name or name in EVERYWHERE)
        for words, value in (
            (EVERY if whole else FEW).items() if name in looked_at else [("HTML", EVERY["HTML"])]
        ):
            yield asked(f"{name}: {words}", **{name: value})
        yield Asking(f"{name} twice", "GET", f"{parts.path}?{parts.query}&{name}=1&{name}=x")
    for name in base:
        rest = {each: value for each, value in base.items() if each != name}
        yield Asking(
            f"without {name}",
            "GET",
            f"{parts.path}?{'&'.join(f'{each}={value}' for each, value in rest.items())}",
        )
    yield Asking("signs alone", "GET", f"{parts.path}?&&=&%&%ff=%00&;")
    yield Asking("very many", "GET", f"{parts.path}?{'&'.join(f'f{number}=1' for number in range(1_100))}")
    for kind, content in rubbish.BODIES.values():
        yield Asking("a body", "POST", address, kind, content)
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
        yield Asking("nothing", method, address)


def lookups(noun: Any, address: str) -> Iterator[Asking]:
    """A list narrowed by each column of its rows, each way that Django's lookups know."""
    for each in noun.opts.get_fields():
        for how, values in LOOKUPS.items():
            for words, value in values.items():
                yield Asking(f"{words}", "GET", f"{address}?{each.name}__{how}={quote_from_bytes(value)}")


def list_actions(address: str) -> Iterator[Asking]:
    """What a list may be sent: an action, and on what."""
    good: Sent = {
        "action": [b"look_now"],
        "_selected_action": [b"1"],
        "index": [b"0"],
        "select_across": [b"0"],
    }
    for name in good:
        for words, value in EVERY.items():
            yield _posted(f"{name}: {words}", address, good | {name: [value]})
    for action in (b"delete_selected", b"nothing_like_it"):
        yield _posted("an action that is none", address, good | {"action": [action]})
        yield _posted("an action on nothing", address, {"action": [action]})
    yield _posted(
        "what stood in a list",
        address,
        {"_save": [b"1"]} | {name: [value] for name, value in rubbish.MANAGEMENT.items()},
    )


def _posted(words: str, address: str, sent: Sent, multipart: bool = False, wrong: str = "") -> Asking:
    return Asking(words, "POST", address, *rubbish.body(sent, multipart), wrong=wrong)


@dataclass(frozen=True)
class Filled:
    """A form as somebody would send it: what is needed filled in."""

    form: Form
    sent: Sent

    def asking(self, words: str, changed: Sent, wrong: str = "", without: str = "") -> Asking:
        sent = {name: values for name, values in (self.sent | changed).items() if name != without}
        files = any(isinstance(each, File) for values in sent.values() for each in values)
        if self.form.method == "post":
            return _posted(words, self.form.address, sent, self.form.multipart or files, wrong)
        return Asking(words, "GET", f"{urlsplit(self.form.address).path}?{rubbish.query(sent)}")


def filled(form: Form, walker: Walker) -> Filled:
    sent: Sent = {}
    for name, control in form.controls.items():
        given = [each.encode() for each in control.given]
        if control.kind == "file":
            given = []
        if control.needed and not any(given):
            given = [_proposed(control, walker)]
        if given:
            sent[name] = given
    if form.buttons:
        name, value = form.buttons[0]
        sent[name] = [value.encode()]
    return Filled(form, sent)


def _proposed(control: Control, walker: Walker) -> Any:
    if control.kind == "file":
        return File(b"rows.csv", b"code,title\r\nNEW-1,T\r\n")
    if chosen := [each for each in control.choices if each]:
        return chosen[0].encode()
    if control.completed:
        found = walker.client.get(completing(control)).json()["results"]
        return found[0]["id"].encode() if found else b"1"
    kinds = {
        "date": b"2020-01-01",
        "datetime-local": b"2030-01-01T00:00",
        "number": b"1",
        "email": b"a@example.org",
    }
    named = {"url": b"https://example.org/new", "code": b"NEW-1", "password": b"a phrase nobody would guess"}
    return kinds.get(control.kind) or named.get(control.kind) or named.get(control.name) or b"Words"


def completing(control: Control) -> str:
    """The address at which a field is completed while somebody types."""
    told = {
        name: control.attributes[f"data-{name.replace('_', '-')}"]
        for name in ("app_label", "model_name", "field_name")
    }
    return f"{control.attributes['data-ajax--url']}?{urlencode(told | {'term': '', 'page': '1'})}"


OF_KINDS = {
    **dict.fromkeys(("select", "radio", "checkbox", "hidden"), FEW | rubbish.KEYS),
    **dict.fromkeys(("date", "datetime-local"), FEW | rubbish.DAYS),
    "number": FEW | rubbish.NUMBERS,
}
"""What a field of a kind is sent; a field of text is sent everything."""


def mutations(each: Filled, good: bool) -> Iterator[Asking]:
    """The form with one thing wrong, and with many; `good` says that it is taken as it is."""
    form, own = each.form, {name: control for name, control in each.form.controls.items() if name != FORGERY}
    alike = {
        re.sub(r"\d+", "0", name): name for name in own
    }  # of fields for each of several rows one is enough
    for name in alike.values():
        control, wrong = own[name], name if good else ""
        for words, value in (OF_KINDS.get(control.kind, EVERY) if form.method == "post" else FEW).items():
            yield each.asking(f"{name}: {words}", {name: [value]}, wrong=wrong)
        yield each.asking(f"{name} left out", {}, wrong=wrong, without=name)
        yield each.asking(f"{name} twice", {name: [b"1", b"x"]}, wrong=wrong)
        yield each.asking(f"{name} as a file", {name: [File(b"a.txt", b"a")]})
        if control.kind == "file":
            for words, (called, content) in rubbish.FILES.items():
                for said in _kinds(form):
                    yield each.asking(f"{words} as {said}", {name: [File(called, content)]} | said)
    for words, value in (EVERY if own and form.method == "post" else {}).items():
        yield each.asking(f"all of it {words}", dict.fromkeys(own, [value]))
    for name, text in form.buttons:
        yield each.asking(f"{name} pressed", {name: [text.encode()]})
        yield each.asking(f"{name} pressed with nothing", dict.fromkeys(own, [b""]) | {name: [text.encode()]})
        for words, value in FEW.items():
            texts = [
                control.name
                for control in own.values()
                if control.kind in ("text", "url", "textarea", "date")
            ]
            yield each.asking(
                f"{name} pressed with {words}", dict.fromkeys(texts, [value]) | {name: [text.encode()]}
            )
    yield each.asking(
        "broken management forms", {name: [value] for name, value in rubbish.MANAGEMENT.items()}
    )
    for name in (
        "_save",
        "_continue",
        "_addanother",
        "_saveasnew",
        "_popup",
        "_to_field",
        "next",
        "pk",
        "id",
        "deed",
        "narrowed",
    ):
        if name not in form.controls and form.method == "post":
            for words in ("a NUL", "a word too long", "//elsewhere.example/"):
                yield each.asking(f"also {name}: {words}", {name: [EVERY[words]]})
    for kind, content in rubbish.BODIES.values():
        yield Asking("a body", "POST", form.address, kind, content)
    if form.method == "post":
        yield Asking("sent by GET", "GET", f"{urlsplit(form.address).path}?{rubbish.query(each.sent)}")
    else:
        yield _posted("sent by POST", form.address, each.sent)


def _kinds(form: Form) -> list[Sent]:
    control = form.controls.get("format")
    return [{"format": [each.encode()]} for each in control.choices if each] if control else [{}]
