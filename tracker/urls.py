"""Which door is where. Each door keeps its own table of contents."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from tracker import faults

handler400 = faults.bad_request
handler403 = faults.forbidden
handler404 = faults.not_found
handler500 = faults.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    # Without a CSRF token, which would give every reader of a public page a cookie: another site that posts here
    # changes the language of one browser, and nothing else.
    path("i18n/setlang/", csrf_exempt(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("recommendations.api.urls")),
    path("", include("recommendations.pages.urls")),
]
