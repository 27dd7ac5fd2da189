"""Which door is where. Each door keeps its own table of contents."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from tracker import faults

handler400 = faults.bad_request
handler403 = faults.forbidden
handler404 = faults.not_found
handler500 = faults.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("recommendations.api.urls")),
    path("", include("recommendations.pages.urls")),
]
