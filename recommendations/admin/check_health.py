"""The health of all checks at a glance. Each number leads to the list that it counts."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from recommendations.queries import check_health, findings
from recommendations.vocabulary import CheckKind, Outcome


def page(request: HttpRequest, site: dict[str, Any]) -> TemplateResponse:
    now = timezone.now()
    kinds = check_health.by_kind()
    told = check_health.now(now=now)
    context = {
        **site,
        "title": _("Health of the checks"),
        "now": now,
        "live": settings.TRACKER_LIVE_CHECKS,
        "told": told,
        "cards": _cards(told, kinds),
        "kinds": [(CheckKind(each.kind).label, each, _checks(kind__exact=each.kind)) for each in kinds],
        "hosts": [(each, _checks(q=each.host)) for each in check_health.worst_hosts(now=now)],
        "outcomes": [
            (each, Outcome(each.outcome).label, _looks(each.outcome, 1), _looks(each.outcome, 7))
            for each in check_health.outcomes(now=now)
        ],
        "rules": [(each, _findings(each.rule)) for each in findings.precision()],
        "last_look_at": check_health.last_look_at(),
    }
    return TemplateResponse(request, "admin/tracker/check_health.html", context)


def _cards(told: check_health.Now, kinds: list[check_health.OfKind]) -> list[dict[str, Any]]:
    """The numbers at the top: what each counts, in a sentence, whether it wants somebody's eye, and its list."""

    def card(label: str, number: int, meaning: str, bad: bool, **chosen: str) -> dict[str, Any]:
        return {
            "label": label,
            "number": number,
            "meaning": meaning,
            "bad": bad and number > 0,
            "url": _checks(**chosen),
        }

    failing = sum(each.failing for each in kinds)
    paused = sum(each.paused for each in kinds)
    keyless = sum(each.key_missing for each in kinds)
    return [
        card(_("Checks"), sum(each.total for each in kinds), _("all there are"), False),
        card(pgettext("checks", "Due"), told.due, _("their time has come"), False, standing="due"),
        card(_("Late"), told.late, _("due for more than 15 minutes"), True, standing="late"),
        card(_("Under way"), told.leased, _("held by a worker"), False, standing="leased"),
        card(_("Failing"), failing, _("five failures in a row, or more"), True, state__exact="failing"),
        card(_("Key missing"), keyless, _("not looked at for want of a key"), True, standing="key_missing"),
        card(_("Paused"), paused, _("by a person"), False, state__exact="paused"),
    ]


def _checks(**chosen: str) -> str:
    return _list("statuscheck", chosen)


def _looks(outcome: str, days: int) -> str:
    return _list("checkrun", {"outcome__exact": outcome, "within": str(days)})


def _findings(rule: str) -> str:
    return _list("finding", {"q": rule})


def _list(noun: str, chosen: dict[str, str]) -> str:
    url = reverse(f"admin:recommendations_{noun}_changelist")
    return f"{url}?{urlencode(chosen)}" if chosen else url
