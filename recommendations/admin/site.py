"""The admin's home: what waits for a person. And one's own password, changed through the action."""

from typing import Any

from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.sites import UnfoldAdminSite

from recommendations.actions import users
from recommendations.models import User
from recommendations.queries import waiting

SHOWN = 15
"""Rows of each list on the home page; its heading leads to all of them."""


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    def save(self, commit: bool = True) -> User:
        return users.set_password(
            self.user, self.cleaned_data["new_password1"], by=self.user, now=timezone.now()
        )


class TrackerSite(UnfoldAdminSite):
    site_title = _("Policy Recommendation Tracker")
    site_header = _("Policy Recommendation Tracker")
    index_title = _("What waits for a person")
    enable_nav_sidebar = True

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        person = request.user
        may_decide = isinstance(person, User) and person.may("assessment.publish")
        proposals = list(waiting.proposals()[:SHOWN])
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "index": True,
            "proposals": [(row, may_decide and row.proposed_by_id != person.pk) for row in proposals],
            "may_decide": may_decide,
            "findings": waiting.findings()[:SHOWN],
            "counts": {
                "proposals": waiting.counted(waiting.proposals()),
                "findings": waiting.counted(waiting.findings()),
                "failing": waiting.counted(waiting.failing_checks()),
            },
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/tracker/home.html", context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            template_name="registration/password_change_form.html",
            success_url=reverse(f"{self.name}:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        request.current_app = self.name
        return view(request)
