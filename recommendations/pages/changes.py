"""What changed: a page of it, the newest first, and the same as Atom feeds of everything or of one thing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from recommendations.models import Epoch
from recommendations.pages import refusals, wordings
from recommendations.queries import institutions, news, recommendations, sources
from recommendations.queries.changes import Change, Cursor
from recommendations.queries.news import About, News, Of

PAGE = 50
ENTRIES = 50

ADDRESSES = {
    "institution": "pages:institution",
    "theme": "pages:theme",
    "source": "pages:source",
    "recommendation": "pages:recommendation",
    "indicator": "pages:indicator",
}
STANDS_ON = {"evidence": "pages:recommendation", "figure": "pages:source"}
"""Which page a record has, by its noun; evidence stands on one of what it bears on, a figure on its document's."""


class PlaceForm(forms.Form):
    """Where a page begins: before this change."""

    before = forms.RegexField(
        r"\A[0-9]{1,18}-[0-9]{1,18}\Z",
        label=gettext_lazy("Changes before"),
        required=False,
        error_messages={"invalid": gettext_lazy("This is no place in the list of changes.")},
    )

    @property
    def place(self) -> Cursor | None:
        text = self.cleaned_data["before"]
        return Cursor(*map(int, text.split("-"))) if text else None


@dataclass(frozen=True)
class Told:
    """One change in words. `address` is the page that it leads to; None where there is none."""

    change: Change
    about: About | None
    headline: str
    steps: list[wordings.Step]
    address: str | None

    @property
    def place(self) -> str:
        return _place(self.change.cursor)


def changes(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(request.GET)
    if not form.is_valid():
        return refusals.bad_question(request, form)
    page = news.newest(news.EVERYTHING, PAGE, form.place)
    told = [_told(each) for each in page.news]
    days = [(day, list(rows)) for day, rows in groupby(told, key=lambda each: each.change.at.date())]
    return render(
        request,
        "pages/changes.html",
        {
            "days": days,
            "older": _place(page.before) if page.before else "",
            "later": bool(form.cleaned_data["before"]),
        },
    )


def _place(cursor: Cursor) -> str:
    return f"{cursor.transaction}-{cursor.event}"


def _told(each: News) -> Told:
    return Told(
        each.change, each.about, wordings.headline(each.change), wordings.steps(each.change), _address(each)
    )


def _address(each: News) -> str | None:
    if each.about is None:
        return None
    if each.about.noun in ADDRESSES:
        return reverse(ADDRESSES[each.about.noun], args=[each.about.code])
    return reverse(STANDS_ON[each.about.noun], args=[each.about.on]) if each.about.on else None


def everything_atom(request: HttpRequest) -> HttpResponseBase:
    return _atom(request, news.EVERYTHING, _("What changed"), reverse("pages:changes"))


def source_atom(request: HttpRequest, code: str) -> HttpResponseBase:
    row = _found(sources.listed(None), code)
    return _atom(request, news.of_source(row), row.title, reverse("pages:source", args=[code]))


def institution_atom(request: HttpRequest, code: str) -> HttpResponseBase:
    row = _found(institutions.listed(None), code)
    return _atom(request, news.of_institution(row), row.name, reverse("pages:institution", args=[code]))


def recommendation_atom(request: HttpRequest, code: str) -> HttpResponseBase:
    row = _found(recommendations.existing(None), code)
    title = f"{row.code}: {row.title}"
    return _atom(request, news.of_recommendation(row), title, reverse("pages:recommendation", args=[code]))


def _found(rows: Any, code: str) -> Any:
    row = rows.filter(code=code).first()
    if row is None:
        raise Http404
    return row


class Atom(Atom1Feed):
    """An Atom feed whose moment is that of its newest entry, or else of the tracker's beginning, never of now."""

    def __init__(self, *args: Any, began_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._began_at = began_at

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=self._began_at)


def _atom(request: HttpRequest, of: Of, title: str, page: str) -> HttpResponseBase:
    """The last changes as Atom; 304 to whoever has them."""
    epoch = Epoch.objects.order_by("id")[0]
    absolute: Callable[[str], str] = request.build_absolute_uri
    feed = Atom(
        title=f"{title} · {_('Policy Recommendation Tracker')}",
        link=absolute(page),
        description=_("What changed in this record, the newest first."),
        language=get_language(),
        author_name=_("Policy Recommendation Tracker"),
        feed_url=absolute(request.path),
        feed_guid=f"urn:uuid:{epoch.key}" if of is news.EVERYTHING else absolute(request.path),
        began_at=epoch.began_at,
    )
    for each in news.newest(of, ENTRIES).news:
        told = _told(each)
        feed.add_item(
            title=f"{told.headline}: {_named(told)}",
            link=absolute(told.address or f"{reverse('pages:changes')}#c{told.place}"),
            description=escape("; ".join(map(_step, told.steps)) or told.headline),  # Atom takes it for HTML
            # The key of the feed makes it this tracker's, wherever it is served.
            unique_id=f"tag:{epoch.key},{epoch.began_at:%Y-%m-%d}:change/{told.place}",
            pubdate=each.change.at,
            updateddate=each.change.at,
        )
    content = feed.writeString("utf-8").encode()
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    answer = HttpResponse(content, content_type=feed.content_type, headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _named(told: Told) -> str:
    noun, code = told.change.key
    if told.about is None:
        return _("%(code)s, public no longer") % {"code": code or noun}
    return f"{code}: {told.about.title}" if noun == "recommendation" else told.about.title


def _step(step: wordings.Step) -> str:
    return f"{step.label}: " + (f"{step.before} → {step.after}" if step.before is not None else step.after)
