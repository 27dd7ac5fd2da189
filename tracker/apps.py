"""Which admin site Django serves, and what is registered with it."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class TrackerAdmin(AdminConfig):
    default_site = "recommendations.admin.site.TrackerSite"

    def ready(self) -> None:
        """Register our nouns once the site stands: a package that registers on import could not hold the site."""
        super().ready()
        import_module("recommendations.admin.registry")
