"""When a closed recommendation counts as open again."""

from datetime import date

from recommendations.vocabulary import CLOSURES_UNDER_REVIEW


def needs_review_date(reason: str) -> bool:
    """Whether a closure for this reason must name the day on which it lapses."""
    return reason in CLOSURES_UNDER_REVIEW


def is_open(reason: str, review_on: date | None, today: date) -> bool:
    """Open unless closed; and open again from the review date on, even before the sweep has said so."""
    return reason == "" or (review_on is not None and review_on <= today)
