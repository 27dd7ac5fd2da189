"""What was done is told in words, wherever a history is read; a verb that has none fails here."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.translation import override

import recommendations
from recommendations.models import Event
from recommendations.vocabulary import DONE, done
from tests import factories
from tests.admin.test_deciding import url

ACTIONS = Path(recommendations.__file__).parent / "actions"
NOUNS = "|".join([*apps.all_models["recommendations"], "check", "assignment"])
VERB = re.compile(rf"[\"'](?:{NOUNS}|{{[^}}]+}})\.([a-z_]+)[\"']")
PERMITTED = {
    "write",
    "propose",
    "publish",
    "reject",
    "retract",
    "withdraw",
    "accept",
    "dismiss",
    "run",
    "close",
}
PERMITTED |= {"reopen", "manage", "apply"}
"""What stands behind the dot of a permission (permissions.py), which is asked for beside them."""


def test_every_verb_of_the_actions_is_in_words():
    found = {verb for path in ACTIONS.glob("*.py") for verb in VERB.findall(path.read_text())}
    told = {verb for verb in found - PERMITTED if verb.endswith(("ed", "made", "brought", "shown", "hidden"))}
    assert {"created", "changed", "made", "asked", "applied", "proposed", "status_changed"} <= told
    assert told - {each.rpartition(".")[2] for each in DONE} == set()


def test_the_whole_verb_comes_first_and_an_unknown_one_stays():
    with override("en"):
        assert done("assignment.ended") == "assigned to nobody any more"
        assert done("finding.ended") == "ended by itself"
        assert done("finding.pondered") == "finding.pondered"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Assessment: proposed"), ("es", "Valoración: se propuso")]
)
def test_a_history_is_read_in_words(client_of, db, language, said):
    proposal = factories.proposed(factories.recommendation(), status="in_progress")
    event, headers = Event.objects.get(verb="assessment.proposed"), {"accept-language": language}
    admin = client_of("administrator")
    for address in ("/admin/recommendations/event/", url(event), url(proposal), url(proposal, "history")):
        page = admin.get(address, headers=headers).content.decode()
        assert said in page
        assert ("assessment.proposed" in re.sub(r"<(input|title).*?>", "", page)) is (address == url(event))


def test_what_was_changed_is_told_as_people_call_it(client_of, db):
    proposal = factories.proposed(factories.recommendation(), status="in_progress")
    page = client_of("administrator").get(url(proposal)).content.decode()
    history = page[page.index('id="history-title"') :]
    assert "<ins>In progress</ins>" in history
    assert "in_progress" not in history


def test_what_a_verdict_made_of_the_headline_is_told_in_words_too(client_of, db):
    verdict = factories.published(
        factories.recommendation(), status="in_progress", effective_on=date(2020, 5, 1)
    )
    page = client_of("administrator").get(url(verdict, "history")).content.decode()
    assert "status: In progress; " in page
    assert "1 May 2020" in page
    assert "in_progress" not in page
    assert "2020-05-01&quot;" not in page


def test_an_event_has_no_history_of_its_own(client_of, db):
    factories.proposed(factories.recommendation())
    page = client_of("administrator").get(url(Event.objects.first())).content.decode()
    assert "history-title" not in page
    assert "/history/" not in page
