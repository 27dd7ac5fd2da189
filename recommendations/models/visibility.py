"""The only place that knows what the public may see.

Every queryset's `published()` is built from these conditions, and no door writes its own.
A row is hidden by its own mark or by that of anything it belongs to. Rows that bear no mark of their own, or
whose mark is not enough, are hidden with the company they keep: evidence, institutions and themes are not public
while all that names them is internal. What nothing names yet is public: it tells of nothing internal.
"""

from django.db.models import Q

from recommendations.vocabulary import AssessmentState, Visibility


def public_source(prefix: str = "") -> Q:
    """Sources that are public; `prefix` is the path to the source, such as "source__"."""
    return Q(**{f"{prefix}visibility": Visibility.PUBLIC})


def public_recommendation(prefix: str = "") -> Q:
    """Recommendations that are public, with their source and, for a part, the whole it belongs to.

    All three marks in one column, which a trigger keeps (`recommendations_recommendation_derives`).
    """
    return Q(**{f"{prefix}public": True})


def public_evidence(prefix: str = "") -> Q:
    """Evidence marked public. That is not enough: `Evidence.published()` also asks what it bears on."""
    return Q(**{f"{prefix}visibility": Visibility.PUBLIC})


def public_assessment(prefix: str = "") -> Q:
    """Verdicts that were published; a retracted one stays readable, marked as such."""
    was_published = Q(**{f"{prefix}state__in": [AssessmentState.PUBLISHED, AssessmentState.RETRACTED]})
    return was_published & public_recommendation(f"{prefix}recommendation__")


# The same conditions for statements that are written out; `row` is the alias of the table in them.


def evidence_is_public(row: str) -> str:
    return f"{row}.visibility = '{Visibility.PUBLIC.value}'"


def evidence_is_shown(row: str) -> str:
    """As `Evidence.published()`: marked public, and bearing on something public or on nothing yet."""
    return f"""{evidence_is_public(row)} AND (
        EXISTS (SELECT FROM recommendations_evidencelink l JOIN recommendations_recommendation b
                    ON b.id = l.recommendation_id WHERE l.evidence_id = {row}.id AND b.public)
        OR NOT EXISTS (SELECT FROM recommendations_evidencelink l WHERE l.evidence_id = {row}.id))"""  # noqa: S608 - our words


def verdict_is_public(row: str) -> str:
    """As `public_assessment`, where the recommendation is public anyway."""
    return f"{row}.state IN ('{AssessmentState.PUBLISHED.value}', '{AssessmentState.RETRACTED.value}')"
