"""How a page is cited, and the same for machines: JSON-LD in the words of schema.org.

What machines read is in the record's language, in whatever language the page around it is.
"""

import json
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from recommendations.models import Assessment, Recommendation, Source
from recommendations.pages.moments import MomentForm
from recommendations.queries.recommendations import Headline
from recommendations.rules import dates
from recommendations.templatetags.tracker import api
from recommendations.vocabulary import RECORD_LANGUAGE

NAME = "Policy Recommendation Tracker"
_SAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
"""Whatever the record says, nothing in it ends the element that it stands in."""


@dataclass(frozen=True)
class Citation:
    """The address of one version, and what to paste for the badge."""

    address: str
    embed: str


def citation(request: HttpRequest, row: Recommendation, form: MomentForm) -> Citation:
    """Its address goes on saying what this page says: evidence may be linked without another version of the row."""
    page = request.build_absolute_uri(reverse("pages:recommendation", args=[row.code]))
    moment = form.told_until.astimezone(UTC).isoformat().replace("+00:00", "Z")
    address = f"{page}?{urlencode({'as_of': form.today.isoformat(), 'known_at': moment}, safe=':')}"
    embed = f'<a href="{page}"><img src="{page}badge.svg" alt="{row.code} in the {NAME}" height="28"></a>'
    return Citation(address, embed)


def of_recommendation(
    request: HttpRequest,
    row: Recommendation,
    headline: Headline,
    current: Assessment | None,
    form: MomentForm,
) -> SafeString:
    """A recommendation as a work that is part of its source, with our verdict as a review of it."""
    page = request.build_absolute_uri(reverse("pages:recommendation", args=[row.code]))
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": page,
        "url": page,
        "identifier": row.code,
        "name": row.title,
        "abstract": row.summary,
        "inLanguage": RECORD_LANGUAGE,
        "isPartOf": _source(request, row.source),
        "about": [theme.name for theme in row.themes.all()],
        "creativeWorkStatus": _status(headline),
        "version": row.version,
        "dateModified": row.updated_at.isoformat(),
        "encoding": _json(request, api("recommendations", row.code) + form.api_query),
    }
    if current is not None and current.published_at is not None:
        told["review"] = {
            "@type": "Review",
            "name": _status(headline),
            "reviewBody": current.rationale,
            "datePublished": current.published_at.isoformat(),
            "author": {"@type": "Organization", "name": NAME},
        }
    return _script(told)


def of_source(request: HttpRequest, row: Source, form: MomentForm) -> SafeString:
    twin = _json(request, api("sources", row.code, "scorecard") + form.api_query)
    return _script({"@context": "https://schema.org", **_source(request, row), "subjectOf": twin})


def _source(request: HttpRequest, row: Source) -> dict[str, Any]:
    page = request.build_absolute_uri(reverse("pages:source", args=[row.code]))
    told = {
        "@type": "Report",
        "@id": page,
        "url": row.url or page,
        "identifier": row.code,
        "name": row.title,
        "author": [{"@type": "Person", "name": name} for name in row.authors],
        "publisher": {"@type": "Organization", "name": row.publisher.name},
        "datePublished": dates.iso(row.published_on, row.date_precision),
        "inLanguage": row.language,
    }
    return {name: value for name, value in told.items() if value}


def _json(request: HttpRequest, address: str) -> dict[str, Any]:
    return {
        "@type": "MediaObject",
        "encodingFormat": "application/json",
        "contentUrl": request.build_absolute_uri(address),
    }


def _status(headline: Headline) -> str:
    with override(RECORD_LANGUAGE):
        return headline.status_label


def _script(told: dict[str, Any]) -> SafeString:
    text = json.dumps(told, ensure_ascii=False).translate(_SAFE)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - no "<" is left in it
