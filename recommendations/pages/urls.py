"""The public pages."""

from django.urls import path

from recommendations.pages.home import home
from recommendations.pages.indicators import indicator
from recommendations.pages.institutions import institution
from recommendations.pages.lists import recommendation_list
from recommendations.pages.method import method
from recommendations.pages.recommendations import recommendation
from recommendations.pages.sources import source
from recommendations.pages.themes import theme

app_name = "pages"
urlpatterns = [
    path("", home, name="home"),
    path("sources/<str:code>/", source, name="source"),
    path("recommendations/", recommendation_list, name="recommendations"),
    path("recommendations/<str:code>/", recommendation, name="recommendation"),
    path("institutions/<slug:code>/", institution, name="institution"),
    path("themes/<slug:code>/", theme, name="theme"),
    path("indicators/<str:code>/", indicator, name="indicator"),
    path("method/", method, name="method"),
]
