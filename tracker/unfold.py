"""The look of the admin and its table of contents. It names addresses only, and so imports no models."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _item(title: Any, icon: str, noun: str, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:recommendations_{noun}_changelist"),
    } | more


def _style(request: HttpRequest) -> str:
    return static("admin_tracker/tracker.css")


def _style_of_checks(request: HttpRequest) -> str:
    return static("admin_tracker/checks.css")


def _names(request: HttpRequest) -> str:
    return static("admin_tracker/names.js")


def _operable(request: HttpRequest) -> str:
    return static("admin_tracker/operable.js")


def _mark(request: HttpRequest) -> str:
    return static("pages/mark.svg")


WORDS_OF_THE_LOOK = (
    # unfold brings no Spanish: its words that our pages show, for the collector of messages.
    _("Apply Filters"),
    _("Dark"),
    _("Expand row"),
    _("Filters"),
    _("Go back"),
    _("Light"),
    _("More actions"),
    _("Next"),
    _("Previous"),
    _("Return to site"),
    _("Run"),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("System"),
    _("Toggle password visibility"),
    _("You have been successfully logged out from the administration"),
)

UNFOLD = {
    "SITE_TITLE": _("Policy Recommendation Tracker"),
    "SITE_HEADER": _("Policy Tracker"),
    "SITE_URL": "/",
    "SITE_ICON": _mark,
    "SITE_FAVICONS": [{"rel": "icon", "href": _mark, "type": "image/svg+xml"}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "STYLES": [_style, _style_of_checks],
    "SCRIPTS": [_names, _operable],
    "COLORS": {  # a calm blue: the colours of the statuses must be the loudest on a page
        "primary": {
            "50": "oklch(97% .014 254.604)",
            "100": "oklch(93.2% .032 255.585)",
            "200": "oklch(88.2% .059 254.128)",
            "300": "oklch(80.9% .105 251.813)",
            "400": "oklch(70.7% .165 254.624)",
            "500": "oklch(58% .17 256)",
            "600": "oklch(48.8% .17 257)",
            "700": "oklch(42.4% .16 259)",
            "800": "oklch(37% .14 261)",
            "900": "oklch(32% .12 263)",
            "950": "oklch(26% .09 267)",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "title": _("Review"),
                "separator": False,
                "items": [
                    {"title": _("What waits"), "icon": "inbox", "link": reverse_lazy("admin:index")},
                    {"title": _("Dashboard"), "icon": "dashboard", "link": reverse_lazy("admin:dashboard")},
                    {
                        "title": _("Notifications"),
                        "icon": "notifications",
                        "link": reverse_lazy("admin:notifications"),
                    },
                    _item(_("Assessments"), "fact_check", "assessment"),
                    _item(_("Findings"), "lightbulb", "finding"),
                ],
            },
            {
                "title": _("Record"),
                "separator": True,
                "items": [
                    _item(_("Recommendations"), "checklist", "recommendation"),
                    _item(_("Sources"), "menu_book", "source"),
                    _item(_("Evidence"), "attach_file", "evidence"),
                    _item(_("Indicators"), "monitoring", "indicator"),
                    _item(_("Imports"), "upload_file", "import"),
                ],
            },
            {
                "title": _("Lists"),
                "separator": True,
                "collapsible": True,
                "items": [
                    _item(_("Institutions"), "account_balance", "institution"),
                    _item(_("Themes"), "sell", "theme"),
                    _item(_("Responses"), "forum", "response"),
                    _item(_("Deadlines"), "event", "deadline"),
                    _item(_("Closures"), "lock", "closure"),
                    _item(_("Relations"), "hub", "relation"),
                    _item(_("Observations"), "show_chart", "observation"),
                    _item(_("Figures"), "pin", "figure"),
                    _item(_("Documents"), "description", "document"),
                    _item(_("Links of evidence"), "link", "evidencelink"),
                ],
            },
            {
                "title": _("Watch"),
                "separator": True,
                "items": [
                    _item(_("Status checks"), "radar", "statuscheck"),
                    {
                        "title": _("Health of the checks"),
                        "icon": "monitor_heart",
                        "link": reverse_lazy("admin:check_health"),
                    },
                    _item(_("Refreshes"), "refresh", "refresh"),
                    _item(_("Check runs"), "visibility", "checkrun"),
                    _item(_("Snapshots"), "photo_camera", "snapshot"),
                ],
            },
            {
                "title": _("People"),
                "separator": True,
                "items": [
                    _item(_("People"), "group", "user"),
                    {
                        "title": _("Your sign-in"),
                        "icon": "lock_person",
                        "link": reverse_lazy("admin:security"),
                    },
                    {
                        "title": _("Who may do what"),
                        "icon": "shield_person",
                        "link": reverse_lazy("admin:roles"),
                    },
                    _item(_("Tokens"), "key", "token"),
                    _item(_("Events"), "history", "event"),
                    _item(_("Imported rows"), "input", "importedrow"),
                ],
            },
        ],
    },
}
