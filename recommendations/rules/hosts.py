"""When is it the host that fails, and not the address? Judged on counts, without database or clock."""

from datetime import timedelta

LEAST_CHECKS = 3
"""Two addresses may break on one day by chance, or share the folder that was deleted."""

SHARE = 0.8
"""Of the checks of a host that were looked at lately, the share that must have failed."""

WINDOW = timedelta(hours=2)
"""What is lately: the five failures that make a check `failing` take an hour and a quarter of back-off."""

BACK_WITHIN = timedelta(minutes=10)
"""When a host is back, what waited for it is looked at within this time, not after each check's own back-off."""


def fails_as_a_whole(*, looked_at: int, failed: int) -> bool:
    """Of `looked_at` distinct checks of one host that were looked at in the window, `failed` did at their last look."""
    return failed >= LEAST_CHECKS and failed >= SHARE * looked_at


def fails(*, status: int | None, reached: bool | None) -> bool | None:
    """What one look says of its host: True that it fails, False that it answers, None nothing at all.

    `reached` counts where there is no status: False where no answer came (name, connection, encryption, time), None
    where nobody was asked. A page that is missing, refused or unreadable says nothing against its neighbours.
    """
    if status is not None:
        return status >= 500
    return None if reached is None else not reached
