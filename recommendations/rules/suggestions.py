"""Is a suggested status worth a person's time, beside the one that is published? Plain values only.

A register tells how far a bill has come; the office may know more already. What the headline says already is no
suggestion, and what is weaker is none either: that a bill was introduced says nothing against a verdict that the
matter is partly done. Bad news is always told: that something was undone, or refused, is weaker only in name.
"""

from recommendations.vocabulary import Status

RANK: dict[str, int] = {
    Status.NOT_ASSESSED: 0,
    Status.UNABLE_TO_ASSESS: 0,
    Status.NO_ACTION: 0,
    Status.NOT_IMPLEMENTED: 0,
    Status.REVERSED: 0,
    Status.STALLED: 1,
    Status.IN_PROGRESS: 1,
    Status.PARTIALLY_IMPLEMENTED: 2,
    Status.SUBSTANTIALLY_IMPLEMENTED: 3,
    Status.MET_BY_OTHER_MEANS: 4,
    Status.IMPLEMENTED: 4,
}
"""How much of what was asked exists. Work that stalled is as much as work in progress, and says something else."""

SETBACKS = (Status.REVERSED, Status.NOT_IMPLEMENTED)


def says_more(suggested: str, published: str) -> bool:
    """Whether the suggestion differs from the published status and is not weaker, or is a setback."""
    if suggested == published:
        return False
    return suggested in SETBACKS or RANK[suggested] >= RANK[published]
