"""Which door is where. Each door keeps its own table of contents."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from tracker import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
