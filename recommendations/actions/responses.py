"""What an addressee said about a recommendation."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from recommendations.actions import changes, events, headlines
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Evidence, Institution, Recommendation, Response, User
from recommendations.vocabulary import Precision


def record(
    recommendation: Recommendation,
    *,
    institution: Institution,
    kind: str,
    stated_on: date,
    by: User,
    now: datetime,
    date_precision: str = Precision.DAY,
    summary: str = "",
    evidence: Evidence | None = None,
    source_label: str = "",
    source_system: str = "",
    mapping_version: str = "",
) -> Response:
    """Add a response. Earlier ones stay; the latest is what lists show."""
    require(by, "response.write", recommendation)
    if stated_on > now.date():
        raise Refused(
            "response_not_in_the_future",
            _("%(day)s is in the future.") % {"day": stated_on.isoformat()},
            "stated_on",
        )
    with one_transaction(), changes.naming(institution, by=by, now=now):
        recommendation = headlines.lock(recommendation)
        before = recommendation.response
        response = Response.objects.create(
            recommendation=recommendation,
            institution=institution,
            kind=kind,
            stated_on=stated_on,
            date_precision=date_precision,
            summary=summary,
            evidence=evidence,
            source_label=source_label,
            source_system=source_system,
            mapping_version=mapping_version,
            recorded_by=by,
            recorded_at=now,
        )
        headlines.refresh([recommendation.pk], by=by, now=now)
        events.record(
            "response.recorded",
            response,
            by=by,
            now=now,
            before={"response": before},
            after={"response": kind, "institution": institution, "stated_on": stated_on},
            public=True,
        )
    return response
