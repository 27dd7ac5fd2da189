"""What beat fires is what the workers know."""

from recommendations import tasks
from tracker.celery import app


def test_every_entry_names_a_task_that_there_is_and_lapses_before_the_next():
    entries = app.conf.beat_schedule.values()
    known = {each.name for each in map(tasks.__dict__.get, tasks.__all__) if hasattr(each, "delay")}
    assert {entry["task"] for entry in entries} == known
    assert all(entry["options"]["expires"] <= entry["schedule"] for entry in entries)
