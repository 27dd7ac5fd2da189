"""What beat fires is what the workers know."""

from recommendations.tasks.sending import deliver, prune
from recommendations.tasks import look_at_own_dates, reopen_closures, sweep
from tracker.celery import app


def test_every_entry_names_a_task_that_there_is_and_lapses_before_the_next():
    entries = app.conf.beat_schedule.values()
    tasks = (sweep, reopen_closures, look_at_own_dates, deliver, prune)
    assert {entry["task"] for entry in entries} == {task.name for task in tasks}
    assert all(entry["options"]["expires"] <= entry["schedule"] for entry in entries)
