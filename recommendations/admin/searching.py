"""What is typed into the search of a list, found at once however many rows there are."""

import re
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from recommendations.queries import words

NAMED = re.compile(r"([=^])(\w+?)(?:__(\w+))?")
"""A search field that is compared as it is, or by its beginning: a column of the row, or of one that it belongs to."""


def found(noun: Any, request: HttpRequest, rows: QuerySet[Any], term: str) -> QuerySet[Any] | None:
    """Rows that the term names: by a column that is compared as it is, or by the beginnings of words of their title.

    None where a noun is searched otherwise. Django would join all the tables and compare in capitals, or look for the
    term inside each text, which reads every row; here each part has an index. Related rows are looked up first.
    """
    fields = list(noun.get_search_fields(request))
    in_title = "title" in fields and rows.model in words.TITLES
    names = [NAMED.fullmatch(field) for field in fields if not (in_title and field == "title")]
    if not names or not all(names):
        return None
    named = Q()
    for how, own, related in (match.groups() for match in names if match):
        if related is None:
            named |= _named(own, how, term)
            continue
        model = noun.opts.get_field(own).related_model
        keys = model._default_manager.filter(_named(related, how, term)).values_list("pk", flat=True)
        named |= Q(**{f"{own}__in": list(keys)})
    by_name = rows.filter(named)
    return by_name if not in_title or by_name.exists() else words.typed(rows, term)


def _named(column: str, how: str, term: str) -> Q:
    ways = {term, term.upper(), term.lower()}
    if how == "=":
        return Q(**{f"{column}__in": ways})
    return Q(*((f"{column}__startswith", way) for way in ways), _connector=Q.OR)
