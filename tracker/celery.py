"""The Celery application and what beat fires. Beat remembers nothing: what is due is a row in the database."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

SWEEP_EVERY = 5.0
REOPEN_EVERY = 300.0
OWN_DATES_EVERY = 60.0
FOLD_EVERY = 15.0
DELIVER_EVERY = 5.0
PRUNE_EVERY = 3600.0
NOTIFY_EVERY = 15.0
DIGESTS_EVERY = 300.0
TALLY_EVERY = 600.0
IMPORTS_EVERY = 3.0

app = Celery("tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A tick that no worker took before the next one is dropped: the next one does the same work.
app.conf.beat_schedule = {
    "sweep": {
        "task": "recommendations.tasks.sweep",
        "schedule": SWEEP_EVERY,
        "options": {"expires": SWEEP_EVERY},
    },
    "reopen-closures": {
        "task": "recommendations.tasks.reopen_closures",
        "schedule": REOPEN_EVERY,
        "options": {"expires": REOPEN_EVERY},
    },
    "look-at-own-dates": {
        "task": "recommendations.tasks.look_at_own_dates",
        "schedule": OWN_DATES_EVERY,
        "options": {"expires": OWN_DATES_EVERY},
    },
    "fold-tallies": {
        "task": "recommendations.tasks.fold_tallies",
        "schedule": FOLD_EVERY,
        "options": {"expires": FOLD_EVERY},
    },
    "notify": {
        "task": "recommendations.tasks.notifying.notify",
        "schedule": NOTIFY_EVERY,
        "options": {"expires": NOTIFY_EVERY},
    },
    "mail-digests": {
        "task": "recommendations.tasks.notifying.mail_digests",
        "schedule": DIGESTS_EVERY,
        "options": {"expires": DIGESTS_EVERY},
    },
    "deliver": {
        "task": "recommendations.tasks.sending.deliver",
        "schedule": DELIVER_EVERY,
        "options": {"expires": DELIVER_EVERY},
    },
    "tally-looks": {
        "task": "recommendations.tasks.tally_looks",
        "schedule": TALLY_EVERY,
        "options": {"expires": TALLY_EVERY},
    },
    "work-on-imports": {
        "task": "recommendations.tasks.importing.work_on_imports",
        "schedule": IMPORTS_EVERY,
        "options": {"expires": IMPORTS_EVERY},
    },
    "prune": {
        "task": "recommendations.tasks.sending.prune",
        "schedule": PRUNE_EVERY,
        "options": {"expires": PRUNE_EVERY},
    },
}


@task_prerun.connect
def forget_dead_connection(**_: Any) -> None:
    """A worker keeps its connection for hundreds of tasks; after a restart of PostgreSQL it would keep a dead one."""
    from django.db import close_old_connections

    close_old_connections()
