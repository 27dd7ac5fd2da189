"""Titles by the beginnings of their words, as somebody types them: each word has to be there, as the beginning of one.

The indexes are the database's (migration `words`); recommendations have a search of their own (search.py).
"""

import re
import unicodedata
from typing import Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Document, Evidence, Finding, Source

TITLES = {
    Document: "recommendations_document.title || ' ' || recommendations_document.url",
    Evidence: "recommendations_evidence.title",
    Finding: "recommendations_finding.title",
    Source: "recommendations_source.title",
}
"""What of a row is looked through, as its index has it."""


def typed(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Those of `rows` (of a model in TITLES) in whose title each of these words begins one; none for no word."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", words) if not unicodedata.combining(each))
    beginnings = [f"{word}:*" for word in re.findall(r"[^\W_]+", plain)]
    if not beginnings:
        return rows.none()
    text = f"recommendations_words({TITLES[rows.model]}) @@ to_tsquery('simple', %s)"
    return rows.filter(RawSQL(text, [" & ".join(beginnings)], output_field=BooleanField()))  # noqa: S611 - the text is ours
