"""The page that shows who may do what, and which rights were granted when and by whom."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from recommendations import permissions
from recommendations.models import User
from recommendations.queries import people
from recommendations.vocabulary import Role

SHOWN = 50


def page(request: HttpRequest, each_context: dict[str, Any]) -> HttpResponse:
    """Every verb with the roles that have it; and to administrators, the record of rights."""
    person = request.user
    assert isinstance(person, User)
    verbs = [
        (permissions.MEANINGS[verb], verb, [permissions.allowed(role, verb) for role in permissions.ORDER])
        for role in permissions.ORDER
        for verb in sorted(permissions.VERBS[role])
    ]
    counted = people.by_role()
    context = {
        **each_context,
        "title": _("Who may do what"),
        "roles": [(Role(role).label, counted.get(role, 0)) for role in permissions.ORDER],
        "verbs": verbs,
        "own": [permissions.MEANINGS[verb] for verb in sorted(permissions.verbs_of(person.role))],
        "granted": people.rights_granted(limit=SHOWN) if person.may("user.write") else None,
    }
    return TemplateResponse(request, "admin/tracker/roles.html", context)
