"""Counts by status, with what is not known always among them."""

from dataclasses import dataclass

from recommendations.vocabulary import Status


@dataclass(frozen=True)
class Counts:
    """How many recommendations stand at each status. Every status is a key, zeros among them."""

    by_status: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def assessed(self) -> int:
        """Those somebody has looked at and could judge."""
        return self.total - self.not_assessed - self.unable_to_assess

    @property
    def not_assessed(self) -> int:
        return self.by_status[Status.NOT_ASSESSED]

    @property
    def unable_to_assess(self) -> int:
        return self.by_status[Status.UNABLE_TO_ASSESS]

    @property
    def coverage(self) -> float | None:
        """The share that is assessed, 0 to 1; None where there is nothing to assess."""
        return self.assessed / self.total if self.total else None


def nothing() -> Counts:
    return Counts(dict.fromkeys(Status.values, 0))
