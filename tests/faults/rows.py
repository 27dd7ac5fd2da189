"""The checks that are due, and PostgreSQL's own note of every due time that is left behind."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Now

from recommendations.models import CheckRun, StatusCheck
from recommendations.vocabulary import CheckState
from tests.bench.rows import make
from tests.faults.judging import DueTime, Seen
from tests.faults.web import MISBEHAVIOURS, slow

EVERY = timedelta(days=1)
"""The interval of every check: far longer than the faults last, so that each is due once, and once more if asked."""

CROWDED = MISBEHAVIOURS.index(slow)

CHECKS = """
INSERT INTO recommendations_document (code, title, publisher_wording, url)
SELECT 'd' || n, 'Document ' || n, '',
       'http://127.1.' || host / 250 || '.' || host %% 250 + 1 || ':' || %(port)s || '/' || n
  FROM (SELECT n, CASE WHEN n %% 50 = 0 THEN %(crowded)s ELSE n %% %(hosts)s END AS host
          FROM generate_series(1, %(checks)s) n) each;
INSERT INTO recommendations_evidence (code, document_id, kind, title, publisher_wording, finding, occurred_on,
       date_precision, verified, checked_against, from_memory, caution, visibility, updated_at, version)
SELECT 'e' || d.id, d.id, 'report', d.title, '', 'Something.', '2020-01-01', 'day', true, '{}', '[]', '',
       'public', now(), 1
  FROM recommendations_document d;
INSERT INTO recommendations_statuscheck (kind, evidence_id, config, every, state, host, next_due_at, memory,
       last_outcome, failures, quiet_runs, created_at, version)
SELECT 'page', e.id, '{}', 86400, 'active', substring(d.url from '//([^:]+):'),
       now() - interval '1 hour' + e.id * interval '1 millisecond', '{}', '', 0, 0, now(), 1
  FROM recommendations_evidence e JOIN recommendations_document d ON d.id = e.document_id;
CREATE TABLE faults_moved (check_id bigint, due_at timestamptz);
"""

NOTING = """
CREATE FUNCTION faults_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO faults_moved VALUES (OLD.id, OLD.next_due_at);
    RETURN NULL;
END $$;
CREATE TRIGGER faults_note AFTER UPDATE ON recommendations_statuscheck
    FOR EACH ROW WHEN (NEW.next_due_at > OLD.next_due_at) EXECUTE FUNCTION faults_note();
ANALYZE;
"""


def lay_out(*, checks: int, hosts: int, port: int) -> set[DueTime]:
    """Make the rows; what is due, as (check, moment). Neighbours in time are on different hosts, but one host in fifty
    is the same slow one, whose queue is longer than a lease lasts."""
    make(CHECKS, checks=checks, hosts=hosts, port=port, crowded=CROWDED)
    with connection.cursor() as cursor:
        cursor.execute(NOTING)
    return set(StatusCheck.objects.values_list("pk", "next_due_at"))


def left() -> int:
    """How many checks are due or being looked at."""
    return StatusCheck.objects.filter(Q(next_due_at__lte=Now()) | Q(lease__isnull=False)).count()


def seen(due: set[DueTime], at_once: Mapping[str, int]) -> Seen:
    """All that is judged, read when nobody writes any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT check_id, due_at FROM faults_moved")
        moved = cursor.fetchall()
    checks = StatusCheck.objects.order_by("pk").values_list("pk", flat=True)
    runs = CheckRun.objects.order_by("pk").values_list("status_check_id", "due_at")
    never = Q(state=CheckState.PAUSED) | Q(next_due_at__gt=Now() + 5 * EVERY)
    return Seen(
        due=due,
        runs=list(runs),
        early=list(runs.filter(finished_at__lt=F("due_at"))),
        moved=moved,
        leased=list(checks.filter(lease__isnull=False)),
        unsettled=list(checks.filter(never)),
        at_once=at_once,
    )


def outcomes() -> dict[str, int]:
    """How many looks ended in which way."""
    return dict(Counter(CheckRun.objects.order_by().values_list("outcome", flat=True)))
