"""The whole way on a web of our own: a page changes, a person judges, a verdict is published, the API tells."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from recommendations.actions import assessments, checks, findings
from recommendations.actions.assessments import Cited
from recommendations.models import CheckRun, Finding, Snapshot
from recommendations.queries.assessments import listed
from recommendations.tasks import look_at_due
from tests import factories
from tests.fakeweb import FakeWeb

pytestmark = pytest.mark.django_db

PAGE = """<html><head><title>Export rule</title></head><body><nav>Home</nav><main><h1>Export rule</h1>
<p>The department reviews licences for the export of firearms under the rule of 2020. {sentence}</p>
<p>Congress is notified of sales above one million dollars, and the notice is published in full.</p>
</main><footer>Seen {visits} times</footer></body></html>"""


@pytest.fixture
def web(settings):
    settings.TRACKER_DOOR = replace(
        settings.TRACKER_DOOR, allow_loopback=True, host_pause_seconds=0, respect_robots=False
    )
    with FakeWeb() as served:
        yield served


@pytest.fixture
def watched(web):
    """A verdict that cites a page of ours, and a check that watches the page."""
    web.page("/rule", PAGE.format(sentence="The rule is in force.", visits=1))
    row = factories.recommendation()
    seen = factories.evidence(bears_on=row, document=factories.document(url=web.url("/rule")))
    verdict = factories.published(row, status="implemented", cites=[Cited(seen, "supports")])
    check = checks.create(
        kind="page", evidence=seen, config={}, every=3600, by=factories.user("manager"), now=timezone.now()
    )
    return row, verdict, check


def ask(check):
    checks.request_run(check, by=factories.user("editor"), now=timezone.now())
    return look_at_due(live=False)


def test_from_a_changed_page_to_a_published_verdict(web, watched, client):
    row, verdict, check = watched
    assert ask(check) == 1
    assert CheckRun.objects.get().outcome == "first_look"

    web.page("/rule", PAGE.format(sentence="The rule is in force.", visits=2))
    assert ask(check) == 1
    assert not Finding.objects.exists(), "only the furniture changed"

    web.page("/rule", PAGE.format(sentence="The rule was withdrawn in 2026.", visits=3))
    assert ask(check) == 1
    finding = Finding.objects.get()
    assert (finding.kind, finding.state, finding.evidence) == ("evidence_changed", "open", check.evidence)
    assert Snapshot.objects.count() == 2
    assert "withdrawn" not in finding.before.text
    assert "withdrawn" in finding.after.text
    assert listed(None).get(pk=verdict.pk).basis_changed

    editor, reviewer = factories.user("editor"), factories.user("reviewer")
    now = timezone.now()
    finding, proposal = findings.accept(
        finding,
        recommendation=row,
        status="reversed",
        effective_on=date(2026, 6, 1),
        rationale="The page now says that the rule was withdrawn.",
        confidence="high",
        cites=[Cited(check.evidence, "reverses")],
        by=editor,
        now=now,
    )
    row.refresh_from_db()
    assert (proposal.state, proposal.proposed_by, row.status) == ("proposed", editor, "implemented")
    assert not listed(None).get(pk=verdict.pk).basis_changed

    assessments.publish(proposal, by=reviewer, now=now)
    answer = client.get(f"/api/v1/recommendations/{row.code}/").json()
    assert (answer["status"], answer["status_since"]) == ("reversed", "2026-06-01")


def test_a_page_that_is_gone_is_told_after_the_second_look(web, watched):
    _row, _verdict, check = watched
    ask(check)
    web.page("/rule", "gone", status=404)
    ask(check)
    assert not Finding.objects.exists()
    ask(check)
    assert Finding.objects.get().kind == "evidence_gone"


def test_nothing_is_asked_while_nobody_asks(web, watched):
    _row, _verdict, check = watched
    assert check.next_due_at <= timezone.now() + timedelta(seconds=1)
    assert look_at_due(live=False) == 0
    assert web.requests == []
    assert look_at_due(live=True) == 1


def test_loopback_is_refused_unless_the_door_is_opened_to_it(web, watched, settings):
    _row, _verdict, check = watched
    settings.TRACKER_DOOR = replace(settings.TRACKER_DOOR, allow_loopback=False)
    ask(check)
    assert CheckRun.objects.get().outcome == "refused"
    assert web.requests == []
