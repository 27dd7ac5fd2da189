"""A person's own notifications, and what they want to be told of and how."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.actions import notifications
from recommendations.actions.refusals import Refused
from recommendations.admin.forms import dress, several
from recommendations.models import Notification, User
from recommendations.queries import notifications as queries
from recommendations.queries.notifications import How
from recommendations.vocabulary import Topic

SHOWN = 50


class ChoiceForm(forms.Form):
    """One line a topic: in the admin, by mail. And the themes that a person follows."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = queries.choices(person)
        for topic in Topic.values:
            how = said[topic]
            self.fields[f"{topic}_admin"] = forms.BooleanField(required=False, initial=how.in_admin)
            self.fields[f"{topic}_mail"] = forms.BooleanField(required=False, initial=how.by_mail)
        self.fields["themes"] = several(
            User, "followed_themes", gettext_lazy("Themes you follow"), required=False
        )
        self.initial["themes"] = [theme.pk for theme in person.followed_themes.all()]
        for field in self.fields.values():
            dress(field.widget)

    def topics(self) -> list[tuple[Any, Any, Any]]:
        """(label, the box for the admin, the box for mail) of each topic."""
        return [(topic.label, self[f"{topic}_admin"], self[f"{topic}_mail"]) for topic in Topic]

    def chosen(self) -> dict[str, How]:
        said = self.cleaned_data
        return {topic: How(said[f"{topic}_admin"], said[f"{topic}_mail"]) for topic in Topic.values}


def page(request: HttpRequest, each_context: dict[str, Any]) -> HttpResponse:
    """What one was told, unread in bold; choosing and marking as read come back here."""
    person, status = request.user, 200
    assert isinstance(person, User)
    form = ChoiceForm(person=person)
    if request.method == "POST" and "read" in request.POST:
        notifications.read(person, now=timezone.now())
        return HttpResponseRedirect(reverse("admin:notifications"))
    if request.method == "POST":
        form = ChoiceForm(request.POST, person=person)
        if form.is_valid():
            try:
                notifications.choose(person, form.chosen(), form.cleaned_data["themes"], by=person)
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = 409
            else:
                messages.success(request, _("From now on you are told as you chose."))
                return HttpResponseRedirect(reverse("admin:notifications"))
    shown = Paginator(queries.of(person)[:1000], SHOWN).get_page(request.GET.get("page"))
    context = {
        **each_context,
        "title": _("Notifications"),
        "shown": shown,
        "unread": queries.unread(person),
        "form": form,
        "media": form.media,
    }
    return TemplateResponse(request, "admin/tracker/notifications.html", context, status=status)


def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to what a notification is about, and mark it as read."""
    assert isinstance(request.user, User)
    row = Notification.objects.filter(person=request.user, pk=pk).first()
    if row is None:
        raise Http404
    notifications.read(request.user, [pk], now=timezone.now())
    return HttpResponseRedirect(leads_to(row))


def leads_to(row: Notification) -> str:
    """What waits is decided on in the queue; a proposal sent back, and all else, has its own page."""
    if row.topic == Topic.ASSIGNED or row.noun == "finding":
        return reverse(
            "admin:queue_item", args=["finding" if row.noun == "finding" else "proposal", row.number]
        )
    return reverse(f"admin:recommendations_{row.noun}_change", args=[row.number])
