"""The project: wiring only. What the tracker knows and does is in `recommendations`."""

from tracker.celery import app as celery_app

__all__ = ["celery_app"]
