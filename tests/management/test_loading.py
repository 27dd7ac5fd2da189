"""A tracker that is exported, loaded into an empty one and exported again is the same, byte by byte."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.commands.flush import Command as Flush
from django.test import Client

from recommendations.actions import (
    assessments,
    closures,
    deadlines,
    institutions,
    load_staging,
    relations,
    responses,
    seeds,
)
from recommendations.exchange.seeds import read_seeds
from recommendations.models import Assessment, Event, Observation, Recommendation
from recommendations.queries.headlines import differences
from tests import factories
from tests.factories import NOW
from tests.mirrors import Mirror, public_records

EXPORTS = ("tracker.ndjson", "recommendations.ndjson?level=all", "recommendations.csv?level=all")


def exported() -> list[bytes]:
    return [Client().get(f"/api/v1/exports/{path}").getvalue() for path in EXPORTS]


def empty() -> None:
    """As a tracker is after `migrate`, with one person who may load."""
    call_command(Flush(), verbosity=0, interactive=False)
    factories.user("manager", username="operator")


def loaded(file: Path) -> None:
    call_command("load", str(file), by="operator", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_the_seed_data_comes_out_as_it_went_in(tmp_path: Path) -> None:
    now = datetime.fromisoformat("2026-11-26T12:00:00.123456Z")
    found = read_seeds(settings.BASE_DIR / "seeds", today=now.date())
    seeds.load(found, by=seeds.curator(now=now), now=now, progress=lambda *_told: None)
    file = tmp_path / "tracker.ndjson"
    call_command("export", str(file), stdout=StringIO())
    before = exported()
    assert file.read_bytes() == before[0]

    empty()
    loaded(file)

    # The second list names the rows by number, which a table that stands alone may count anew.
    after = exported()
    assert after[:2] == before[:2]
    assert differences() == []
    assert Mirror().catch_up().records == public_records()


def everything() -> None:
    """What the seeds do not have: corrections, retractions, ledgers, closures, merged bodies, an internal row."""
    reviewer, editor, manager = (factories.user(role) for role in ("reviewer", "editor", "manager"))
    row = factories.recommendation(source=factories.source(code="AAA", date_precision="season"), code="AAA-1")
    part = factories.recommendation(parent=row, code="AAA-1a", explicit=False)
    factories.recommendation(source=row.source, code="AAA-2", visibility="internal", title="Rumpelstiltskin")
    first = factories.published(row, status="in_progress", effective_on=date(2012, 1, 1))
    second = factories.published(
        row, status="stalled", effective_on=date(2012, 1, 1), supersedes=first, now=NOW + timedelta(hours=1)
    )
    third = factories.published(row, status="implemented", effective_on=date(2014, 1, 1))
    assessments.retract(third, by=reviewer, now=NOW + timedelta(hours=2), note="Wrong = page.")
    assessments.retract(second, by=reviewer, now=NOW + timedelta(hours=3), note="And this.")
    factories.published(
        row, status="reversed", effective_on=date(2012, 1, 1), supersedes=first, now=NOW + timedelta(hours=4)
    )
    factories.proposed(row, rationale="Rumpelstiltskin")
    claim = {"verdict_by": "addressee", "verdict_institution": factories.institution()}
    factories.published(part, status="no_action", **claim)
    for day in (1, 2, 3):
        at = NOW + timedelta(days=day)
        deadlines.move(row, due_on=date(2030, 1, day), reason="Moved.", by=editor, now=at)
    responses.record(
        row, institution=factories.institution(), kind="noted", stated_on=date(2012, 1, 1), by=editor, now=NOW
    )
    later = {"review_on": NOW.date() + timedelta(days=9)}
    closures.close(row, reason="superseded", note="Newer.", by=reviewer, now=NOW, **later)
    closures.reopen(row, note="Not so.", by=reviewer, now=NOW + timedelta(hours=1))
    closures.close(row, reason="superseded", note="Yes.", by=reviewer, now=NOW + timedelta(hours=2), **later)
    relations.add(row, other=part, kind="same_aim", note='A "note"\\', by=manager, now=NOW)
    institutions.merge(factories.institution(), into=factories.institution(), by=manager, now=NOW)
    measure = factories.indicator(recommendations=[row, part], direction="up")
    for value in ("1.5", "-0.000001", "12345678901234567.25", None):
        Observation.objects.create(indicator=measure, period="2012", value=value, note="x", recorded_at=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("block", "held"), [(1_000, 20_000), (2, 1)])
def test_corrections_ledgers_and_moments_come_out_as_they_went_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, held: int
) -> None:
    """However few lines are taken up at once, and numbers remembered."""
    monkeypatch.setattr(load_staging, "BLOCK", block)
    monkeypatch.setattr(load_staging, "HELD", held)
    everything()
    before = exported()
    file = tmp_path / "tracker.ndjson"
    file.write_bytes(before[0])
    assert b"Rumpelstiltskin" not in before[0]

    empty()
    tampered = tmp_path / "tampered.ndjson"  # a status that no verdict in the file says
    tampered.write_bytes(
        before[0].replace(b'"status" : "reversed", "status_since"', b'"status" : "stalled", "status_since"')
    )
    with pytest.raises(CommandError, match="record_comes_out_the_same"):
        loaded(tampered)
    assert not Recommendation.objects.exists()
    loaded(file)

    assert exported()[:2] == before[:2]
    assert differences() == []
    assert set(Assessment.objects.values_list("proposed_by_machine", flat=True)) == {"load"}
    # New rows are numbered after those that were loaded.
    factories.published(
        Recommendation.objects.get(code="AAA-1"), status="stalled", effective_on=date(2020, 1, 1)
    )


@pytest.mark.django_db
class TestRefused:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        factories.user("manager", username="operator")
        return tmp_path / "tracker.ndjson"

    THEME = {"noun": "theme", "code": "a", "name": "A", "description": "", "parent": None}

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"colour": "red"}, "Line 2: There is no field “colour”."),
            ({"name": 3}, "Line 2: “name” cannot be 3."),
            ({"noun": "user"}, "Line 2: “user” is no kind of record."),
            (
                {"parent": "b"},
                "Line 2: it names theme “b”, which the file does not hold. (record_named_unknown)",
            ),
            ({"name": " "}, "theme_name_given"),
        ],
    )
    def test_what_is_not_understood(self, file: Path, change: dict[str, Any], told: str) -> None:
        lines = [{"noun": "tracker", "format": 1}, self.THEME | change]
        file.write_text("".join(json.dumps(line, separators=(", ", " : ")) + "\n" for line in lines))
        with pytest.raises(CommandError) as refusal:
            loaded(file)
        assert told in str(refusal.value)
        assert "nothing was loaded" in str(refusal.value)
        assert not Event.objects.exists()

    def test_a_field_that_is_missing_a_line_that_is_cut_off_and_another_format(self, file: Path) -> None:
        for text, told in (
            ('{"noun" : "tracker", "format" : 1}\n{"noun" : "theme", "code" : "a"}\n', "is missing"),
            ('{"noun" : "tracker", "format" : 1}\n{"noun" : "theme", "co', "Line 2: This is no JSON."),
            ('{"noun" : "tracker", "format" : 2}\n', "Line 1: This is no file of records of format 1."),
            ("", "Line 1"),
        ):
            file.write_text(text)
            with pytest.raises(CommandError) as refusal:
                loaded(file)
            assert told in str(refusal.value)

    def test_a_tracker_that_holds_anything(self, file: Path) -> None:
        factories.theme(code="a", name="A")
        file.write_bytes(exported()[0])
        with pytest.raises(CommandError) as refusal:
            loaded(file)
        assert "tracker_not_empty" in str(refusal.value)
