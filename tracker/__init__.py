"""The project: wiring only. What the tracker knows and does is in `recommendations`.

Celery's application is not imported here, as its manual suggests: no process but a worker and beat runs or sends
tasks (work that must follow is a row that becomes due), and the launcher starts sooner without it.
"""
