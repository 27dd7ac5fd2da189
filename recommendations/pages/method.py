"""How verdicts are made: the words of vocabulary.py, with the sentences that say what they mean."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations import vocabulary
from recommendations.rules import charts


def method(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "pages/method.html",
        {
            "statuses": charts.ORDER,
            "responses": vocabulary.ResponseKind.choices,
            "closures": [
                (label, value in vocabulary.CLOSURES_UNDER_REVIEW)
                for value, label in vocabulary.ClosureReason.choices
            ],
            "stances": vocabulary.Stance.values,
            "check_kinds": vocabulary.CheckKind.choices,
            "roles": [label for value, label in vocabulary.Role.choices if value],
        },
    )
