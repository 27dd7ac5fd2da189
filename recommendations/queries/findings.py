"""Findings with what a list shows of each, and how often the rules that bring them are right.

For staff: nothing here is public.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from recommendations.models import Finding
from recommendations.vocabulary import FindingState


def listed() -> QuerySet[Finding]:
    """All findings with what they are about and who decided; the assessments in a second statement."""
    return (
        Finding.objects.select_related("recommendation", "evidence", "indicator", "decided_by")
        .prefetch_related("assessments")
        .order_by("-last_seen_at", "-pk")
    )


@dataclass(frozen=True)
class Precision:
    """What people made of the findings of one version of one rule. `accepted` includes `edited`: those accepted with
    another status, value, title or day than was suggested."""

    rule: str
    rule_version: str
    accepted: int
    edited: int
    dismissed: int
    open: int

    @property
    def decided(self) -> int:
        return self.accepted + self.dismissed

    @property
    def precision(self) -> float | None:
        """The accepted share of all decided, 0 to 1; None while nobody has decided on any."""
        return round(self.accepted / self.decided, 3) if self.decided else None


def precision(rule: str = "", rule_version: str = "", since: datetime | None = None) -> list[Precision]:
    """Of each rule and version, or of those asked for, in the order of their names: one statement.

    With `since` only what was decided from then on counts, and what is open.
    """
    accepted = Q(state=FindingState.ACCEPTED)
    rows = Finding.objects.filter(**({"rule": rule} if rule else {}))
    rows = rows.filter(**({"rule_version": rule_version} if rule_version else {}))
    if since is not None:
        rows = rows.filter(Q(state=FindingState.OPEN) | Q(decided_at__gte=since))
    counted = (
        rows.order_by()
        .values("rule", "rule_version")
        .annotate(
            accepted=Count("pk", filter=accepted),
            edited=Count("pk", filter=accepted & ~Q(edits={})),
            dismissed=Count("pk", filter=Q(state=FindingState.DISMISSED)),
            open=Count("pk", filter=Q(state=FindingState.OPEN)),
        )
    )
    return [Precision(**row) for row in counted.order_by("rule", "rule_version")]


def precision_of(finding: Finding) -> Precision | None:
    """How often the rule that brought it was right, in the version that it had then."""
    return next(iter(precision(finding.rule, finding.rule_version)), None)
