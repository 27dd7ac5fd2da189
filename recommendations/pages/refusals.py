"""How the pages answer a question they cannot answer: plainly, and with the right status."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_question(request: HttpRequest, form: forms.Form) -> HttpResponse:
    """400: what of the question is wrong, field by field, with the form to ask again."""
    return render(request, "pages/bad_question.html", {"form": form}, status=400)


def not_yet(request: HttpRequest, form: forms.Form, published: object) -> HttpResponse:
    """404: on the day asked for, the document (`published`) did not exist."""
    return render(request, "pages/not_yet.html", {"form": form, "source": published}, status=404)
