"""What beat fires is what the workers know."""

from recommendations import tasks
from tracker.celery import app


def test_every_entry_names_a_task_that_there_is_and_lapses_before_the_next():
    entries = app.conf.beat_schedule.values()
    known = {getattr(tasks, name) for name in tasks.__all__ if hasattr(getattr(tasks, name), "delay")}
    assert {entry["task"] for entry in entries} == {task.name for task in known}
    assert all(entry["options"]["expires"] <= entry["schedule"] for entry in entries)
