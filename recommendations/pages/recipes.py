"""Whole tasks for those who use the API: recipes.md, which the contract tests run as it stands."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

RECIPES = Path(__file__).with_name("recipes.md")


@cache
def told() -> SafeString:
    """As HTML. The text is our own; markup in it would be shown and not obeyed all the same."""
    _title, _line, text = RECIPES.read_text().partition("\n")
    return mark_safe(MarkdownIt("commonmark", {"html": False}).render(text))  # noqa: S308 - our own file, escaped


def recipes(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/recipes.html", {"recipes": told()})
