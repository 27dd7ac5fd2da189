"""The admin's home: what waits for a person. And one's own password, changed through the action."""

from functools import wraps
from typing import Any

from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.sites import UnfoldAdminSite

from recommendations.actions import users
from recommendations.admin import (
    check_health,
    dashboard,
    deciding,
    notifications,
    queue,
    roles,
    saved_views,
    security,
)
from recommendations.models import User


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
    login_form = security.SignInForm

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "index": True,
            **queue.context(request),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/tracker/home.html", context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's, and no address with a NUL gets further: PostgreSQL takes none, and would answer with a fault."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if any("\x00" in value for _name, values in request.GET.lists() for value in values):
                raise BadRequest(_("This is no text: it has a NUL or half a character."))
            return inner(request, *args, **kwargs)

        return asked

    def get_urls(self) -> list[Any]:
        own = [
            path("dashboard/", self.admin_view(self.dashboard), name="dashboard"),
            path("check-health/", self.admin_view(self.check_health), name="check_health"),
            path("security/", self.admin_view(self.security), name="security"),
            path("roles/", self.admin_view(self.roles), name="roles"),
            path("notifications/", self.admin_view(self.notifications), name="notifications"),
            path("notifications/<int:pk>/", self.admin_view(notifications.follow), name="notification"),
            path("views/keep/", self.admin_view(self.keep_view), name="view_keep"),
            path("views/<int:pk>/", self.admin_view(saved_views.change), name="view_change"),
            path("queue/approve/", self.admin_view(self.approve), name="queue_approve"),
            path("queue/assign/", self.admin_view(queue.assign), name="queue_assign"),
            path("queue/<str:noun>/<int:pk>/", self.admin_view(self.decide), name="queue_item"),
        ]
        return own + super().get_urls()

    def check_health(self, request: HttpRequest) -> HttpResponse:
        return check_health.page(request, self.each_context(request))

    def decide(self, request: HttpRequest, noun: str, pk: int) -> HttpResponse:
        return deciding.page(request, noun, pk, self.each_context(request))

    def dashboard(self, request: HttpRequest) -> HttpResponse:
        return dashboard.page(request, self.each_context(request))

    def notifications(self, request: HttpRequest) -> HttpResponse:
        return notifications.page(request, self.each_context(request))

    def roles(self, request: HttpRequest) -> HttpResponse:
        return roles.page(request, self.each_context(request))

    def security(self, request: HttpRequest) -> HttpResponse:
        return security.page(request, self.each_context(request))

    def keep_view(self, request: HttpRequest) -> HttpResponse:
        return saved_views.keep(request, of_queue=queue.parameters())

    def approve(self, request: HttpRequest) -> HttpResponse:
        return queue.approve(request, self.each_context(request))

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
