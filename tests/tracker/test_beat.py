"""What beat fires is what the workers know."""

from tracker.celery import app


def test_every_entry_names_a_task_that_there_is_and_lapses_before_the_next():
    app.loader.import_default_modules()
    entries = app.conf.beat_schedule.values()
    known = {name for name in app.tasks if name.startswith("recommendations.")}
    assert {entry["task"] for entry in entries} == known
    assert all(entry["options"]["expires"] <= entry["schedule"] for entry in entries)
