"""How gunicorn serves: `gunicorn -c python:tracker.web tracker.wsgi`, on a laptop and in the image alike."""

import os
from pathlib import Path

bind = f"{os.environ.get('TRACKER_BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
preload_app = True  # read the code once, and share its memory; connections are opened after the fork
threads = int(os.environ.get("WEB_THREADS", "4"))  # settings give the pool of connections as many
timeout = 60
limit_request_line = (
    8190  # the most there is: a cursor of letters that each take nine characters of an address
)
graceful_timeout = 5
keepalive = 5
max_requests = 10_000  # a slow leak in some library never grows old
max_requests_jitter = 1_000
control_socket_disable = True  # it would be written to the home folder, which an account may not have
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a heartbeat that no disk delays
accesslog = "-" if os.environ.get("TRACKER_ACCESS_LOG") else None
forwarded_allow_ips = "127.0.0.1,::1"
