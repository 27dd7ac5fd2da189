"""Folding the rows of tallies into few, so that sums stay short. It changes no sum, and so writes no Event.

Every row is taken away by exactly one fold and given back in its sum: two folds at once, and writers meanwhile, do
no harm and wait for nothing.
"""

from django.db import connection

from recommendations.actions.refusals import one_transaction

_FOLDS = [
    f"""
WITH young AS (SELECT DISTINCT {group} FROM {table} WHERE NOT settled),
gone AS (DELETE FROM {table} t USING young y WHERE ({columns}) = ({others}) RETURNING t.*)
INSERT INTO {table} ({group}, number, settled)
SELECT {group}, sum(number), true FROM gone GROUP BY {group} HAVING sum(number) <> 0
"""  # noqa: S608 - the names are this module's own
    for table, group, columns, others in (
        (
            f"recommendations_{noun}",
            f"dimension, key, part, public, {what}",
            f"t.dimension, t.key, t.part, t.public, t.{what}",
            f"y.dimension, y.key, y.part, y.public, y.{what}",
        )
        for noun, what in (("tally", "status"), ("verification", "period"))
    )
]
_FOLD_REVISION = """
WITH gone AS (DELETE FROM recommendations_revision RETURNING number)
INSERT INTO recommendations_revision (number) SELECT sum(number) FROM gone HAVING count(*) > 0
"""


def fold() -> int:
    """Fold what was added since the last time; how many sums were made. Nothing to do costs nothing."""
    with one_transaction(), connection.cursor() as cursor:
        made = 0
        for statement in (*_FOLDS, _FOLD_REVISION):
            cursor.execute(statement)
            made += cursor.rowcount
        return made
