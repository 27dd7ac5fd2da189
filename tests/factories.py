"""Dull rows for tests: every function makes one row with plain defaults, and says what it needs.

Verdicts are made through the actions, because the database accepts no other way.
"""

from datetime import UTC, date, datetime, time
from io import BytesIO
from itertools import count
from typing import Any

from recommendations.actions import assessments, imports
from recommendations.actions.assessments import Cited
from recommendations.models import (
    Addressee,
    Assessment,
    Document,
    Evidence,
    EvidenceLink,
    Finding,
    Import,
    Indicator,
    Institution,
    Recommendation,
    Source,
    StatusCheck,
    Theme,
    User,
)
from recommendations.vocabulary import FindingKind, Status

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
"""The moment at which most tests take place."""

_number = count(1)


def user(role: str = "editor", **fields: Any) -> User:
    fields.setdefault("username", f"{role or 'nobody'}-{next(_number)}")
    return User.objects.create_user(fields.pop("username"), fields.pop("password", None), role=role, **fields)


def institution(**fields: Any) -> Institution:
    fields.setdefault("code", f"body-{next(_number)}")
    return Institution.objects.create(**{"name": f"Body {fields['code']}", "kind": "agency"} | fields)


def theme(**fields: Any) -> Theme:
    fields.setdefault("code", f"theme-{next(_number)}")
    return Theme.objects.create(**{"name": f"Theme {fields['code']}"} | fields)


def source(**fields: Any) -> Source:
    fields.setdefault("code", f"SRC{next(_number)}")
    defaults = {
        "title": f"Report {fields['code']}",
        "kind": "report",
        "published_on": date(2011, 3, 1),
        "date_precision": "month",
        "updated_at": NOW,
    }
    fields.setdefault("publisher", None)
    if fields["publisher"] is None:
        fields["publisher"] = institution(kind="think_tank")
    return Source.objects.create(**defaults | fields)


def recommendation(**fields: Any) -> Recommendation:
    """A recommendation with one addressee and one theme; a part when `parent` is given."""
    parent = fields.get("parent")
    fields.setdefault("source", parent.source if parent else None)
    if fields["source"] is None:
        fields["source"] = source()
    addressees = fields.pop("addressees", None)
    themes = fields.pop("themes", None)
    number = next(_number)
    defaults = {
        "code": f"{fields['source'].code}-{number:02d}",
        "title": f"Recommendation {number}",
        "summary": "Do what is asked here.",
        "updated_at": NOW,
    }
    row = Recommendation.objects.create(**defaults | fields)
    for position, body in enumerate(addressees if addressees is not None else [institution()]):
        Addressee.objects.create(recommendation=row, institution=body, position=position)
    row.themes.set(themes if themes is not None else [theme()])
    return row


def document(**fields: Any) -> Document:
    number = next(_number)
    defaults = {
        "code": f"document-{number}",
        "title": f"Document {number}",
        "url": f"https://example.org/documents/{number}",
        "url_confirmed": True,
    }
    return Document.objects.create(**defaults | fields)


def evidence(*, bears_on: Recommendation | None = None, stance: str = "supports", **fields: Any) -> Evidence:
    number = next(_number)
    defaults = {
        "code": f"evidence-{number}",
        "title": f"Evidence {number}",
        "kind": "report",
        "finding": "Something happened.",
        "occurred_on": date(2012, 6, 1),
        "verified": True,
        "updated_at": NOW,
    }
    fields.setdefault("document", None)
    if fields["document"] is None:
        fields["document"] = document()
    values = defaults | fields
    # Recorded on the day it happened, unless a test says otherwise: known at every moment at which it is told of.
    values.setdefault("recorded_at", datetime.combine(values["occurred_on"], time(), UTC))
    row = Evidence.objects.create(**values)
    if bears_on is not None:
        EvidenceLink.objects.create(
            evidence=row, recommendation=bears_on, stance=stance, recorded_at=row.recorded_at
        )
    return row


def proposed(
    about: Recommendation, *, by: User | None = None, now: datetime = NOW, **fields: Any
) -> Assessment:
    """A proposal by an editor, citing one piece of evidence where the status needs it."""
    status = fields.pop("status", Status.IN_PROGRESS)
    cites = fields.pop("cites", None)
    if cites is None:
        needs_none = status in (Status.NO_ACTION, Status.UNABLE_TO_ASSESS)
        cites = [] if needs_none else [Cited(evidence(bears_on=about), "supports")]
    defaults = {"effective_on": date(2013, 1, 1), "rationale": "Because it is so.", "confidence": "medium"}
    return assessments.propose(
        about, status=status, cites=cites, by=by or user("editor"), now=now, **defaults | fields
    )


def published(
    about: Recommendation, *, by: User | None = None, now: datetime = NOW, **fields: Any
) -> Assessment:
    """A verdict proposed by one person and published by another at the same moment."""
    proposal = proposed(about, now=now, **fields)
    return assessments.publish(proposal, by=by or user("reviewer"), now=now)


def indicator(*, recommendations: list[Recommendation] | None = None, **fields: Any) -> Indicator:
    number = next(_number)
    defaults = {"code": f"IND-{number}", "name": f"Measure {number}", "unit": "cases", "updated_at": NOW}
    row = Indicator.objects.create(**defaults | fields)
    row.recommendations.set(recommendations if recommendations is not None else [recommendation()])
    return row


def dry_run(content: str = "code,title\nNOWHERE-1,T\n", by: User | None = None) -> Import:
    """A file in our own CSV that somebody brought, not applied."""
    return imports.examine(
        BytesIO(content.encode()), format="csv", filename="rows.csv", by=by or user("manager"), now=NOW
    )


def check(**fields: Any) -> StatusCheck:
    defaults = {"kind": "page", "every": 3600, "host": "example.org", "next_due_at": NOW, "created_at": NOW}
    if "evidence" not in fields:
        fields["evidence"] = evidence()
    return StatusCheck.objects.create(**defaults | fields)


def finding(**fields: Any) -> Finding:
    """An open finding: about a recommendation of its own unless it is about something else."""
    number = next(_number)
    defaults: dict[str, Any] = {
        "kind": FindingKind.STATUS_SUGGESTED,
        "rule": "a_rule",
        "rule_version": "1",
        "title": f"Finding {number}",
        "fingerprint": f"finding:{number}",
        "first_seen_at": NOW,
        "last_seen_at": NOW,
    }
    if not fields.keys() & {"recommendation", "evidence", "indicator"}:
        fields["recommendation"] = recommendation()
    return Finding.objects.create(**defaults | fields)
