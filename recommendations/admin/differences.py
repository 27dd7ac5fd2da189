"""What changed between the two texts that a finding points to."""

from recommendations.fetching import diffs
from recommendations.models import Finding


def difference(finding: Finding) -> list[diffs.Segment]:
    """Empty where it points to less than two texts, or where retention has dropped one of them."""
    before, after = finding.before, finding.after
    if before is None or before.text is None or after is None or after.text is None:
        return []
    return diffs.compare(before.text, after.text)
