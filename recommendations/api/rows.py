"""Recommendations as lists show them, from plain rows: what `RecommendationRow` says, at a fifth of its cost.

The serializer stays the contract (the schema is made of it, and single recommendations are shown by it); a test
compares the two over every kind of row.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson
from django.utils.translation import get_language

from recommendations.queries.listing import Listed
from recommendations.rules import dates
from recommendations.vocabulary import Status

Shape = Callable[[Listed], dict[str, Any]]


def shape(root: str) -> Shape:
    """A function that shows one row, in the language of this request; `root` is the address of the API."""
    labels = _labels(get_language())

    def shown(listed: Listed) -> dict[str, Any]:
        row, headline = listed.row, listed.headline
        issued_on = dates.iso(row.published_on, row.date_precision)
        closed = not headline.open
        told = {
            "code": row.code,
            "title": row.title,
            "summary": row.summary,
            "url": f"{root}recommendations/{row.code}/",
            "source": {"code": row.source_code, "title": row.source_title, "published_on": issued_on},
            "parent": row.parent,
            "themes": orjson.Fragment(row.themes),
            "addressees": orjson.Fragment(row.addressees),
            "status": headline.status,
            "status_label": labels[headline.status],
            "status_since": headline.status_since,
            "confidence": headline.confidence or None,
            "response": headline.response,
            "closure": {
                "state": "closed" if closed else "open",
                "reason": headline.closure_reason or None if closed else None,
                "review_on": headline.closure_review_on if closed else None,
            },
            "contested": headline.contested,
            "overdue": headline.overdue,
            "stale": headline.stale,
            "priority": row.priority,
            "due_on": headline.due_on,
            "issued_on": issued_on,
            "parts_count": row.parts_count,
            "evidence_count": row.evidence_count,
            "last_verified_at": headline.last_verified_at,
            "updated_at": row.updated_at,
            "version": row.version,
        }
        if listed.highlight is not None:
            told["highlight"] = listed.highlight
        return told

    return shown


@cache
def _labels(_language: str | None) -> dict[str, str]:
    """Of each status in the language of this request; to ask for all of them takes as long as to show ten rows."""
    return {status.value: str(status.label) for status in Status}
