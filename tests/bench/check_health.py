"""What the numbers of the health page cost with very many checks and a week of their looks; the goal is 250 ms."""

from django.db import connection
from django.utils import timezone

from recommendations.actions.look_tallies import tally
from recommendations.models import StatusCheck
from recommendations.queries import check_health
from tests.bench.results import milliseconds, tell
from tests.bench.rows import CHECKS, make

NUMBER, DUE, LOOKS, GOAL_MS = 1_000_000, 2_000, 3_000_000, 250.0

STANDINGS = """
UPDATE recommendations_statuscheck SET state = CASE WHEN id %% 100 = 0 THEN 'failing' ELSE 'paused' END
 WHERE id %% 100 < 3;
INSERT INTO recommendations_checkrun (check_id, due_at, started_at, finished_at, outcome, http_status, final_url, size,
       elapsed_ms, attempt, detail)
SELECT (SELECT min(id) FROM recommendations_statuscheck) + n %% %(number)s, at, at, at,
       CASE n %% 50 WHEN 0 THEN 'failed' WHEN 1 THEN 'changed' ELSE 'unchanged' END, 200, '', 40000, 200, 1, ''
  FROM (SELECT n, now() - interval '7 days' + n * (interval '7 days' / %(looks)s) AS at
          FROM generate_series(1, %(looks)s) n) each;
"""


def run() -> None:
    make(CHECKS, number=NUMBER, due=DUE)
    make(STANDINGS, number=NUMBER, looks=LOOKS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) recommendations_statuscheck, recommendations_checkrun")
    now = timezone.now()
    while tally(now=now):
        pass

    parts = {
        "now": lambda: check_health.now(now=now),
        "by_kind": check_health.by_kind,
        "worst_hosts": lambda: check_health.worst_hosts(now=now),
        "outcomes": lambda: check_health.outcomes(now=now),
        "last_look_at": check_health.last_look_at,
    }
    assert parts["now"]().due >= DUE * 0.9
    assert sum(kind.total for kind in parts["by_kind"]()) == NUMBER
    assert len(parts["worst_hosts"]()) == check_health.HOSTS
    assert sum(each.week for each in parts["outcomes"]()) > LOOKS * 0.9
    each = {name: milliseconds(part) for name, part in parts.items()}
    counted = milliseconds(lambda: StatusCheck.objects.count())
    taken = sum(each.values())
    tell(
        "check-health",
        f"the numbers of {NUMBER:,} checks and {LOOKS:,} looks: {taken:.0f} ms, {taken / counted:.1f} times a count(*)"
        f" of the checks ({taken / GOAL_MS:.2f} of the goal)",
        checks=NUMBER,
        looks=LOOKS,
        milliseconds=taken,
        ratio_to_goal=taken / GOAL_MS,
        ratio_to_count=taken / counted,
        **each,
    )
