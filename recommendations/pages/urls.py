"""The public pages."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from recommendations.pages.badges import badge
from recommendations.pages.changes import (
    changes,
    everything_atom,
    institution_atom,
    recommendation_atom,
    source_atom,
)
from recommendations.pages.home import documents, home
from recommendations.pages.indicators import indicator
from recommendations.pages.institutions import institution
from recommendations.pages.lists import recommendation_list
from recommendations.pages.method import method
from recommendations.pages.recipes import recipes
from recommendations.pages.recommendations import recommendation
from recommendations.pages.sources import source
from recommendations.pages.themes import theme


class Code(StringConverter):
    """Anything but a slash and the NUL character, which PostgreSQL refuses in text: such an address is none."""

    regex = r"[^/\x00]+"


register_converter(Code, "code")

app_name = "pages"
urlpatterns = [
    path("", home, name="home"),
    path("sources/", documents, name="documents"),
    path("sources/<code:code>/", source, name="source"),
    path("recommendations/", recommendation_list, name="recommendations"),
    path("recommendations/<code:code>/", recommendation, name="recommendation"),
    path("recommendations/<code:code>/badge.svg", badge, name="badge"),
    path("institutions/<slug:code>/", institution, name="institution"),
    path("themes/<slug:code>/", theme, name="theme"),
    path("indicators/<code:code>/", indicator, name="indicator"),
    path("changes/", changes, name="changes"),
    path("changes.atom", everything_atom, name="changes-atom"),
    path("sources/<code:code>/changes.atom", source_atom, name="source-atom"),
    path("institutions/<slug:code>/changes.atom", institution_atom, name="institution-atom"),
    path("recommendations/<code:code>/changes.atom", recommendation_atom, name="recommendation-atom"),
    path("method/", method, name="method"),
    path("recipes/", recipes, name="recipes"),
]
