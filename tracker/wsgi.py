"""What gunicorn serves. See `tracker/web.py` for how it is served."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
os.environ["TRACKER_PROCESS"] = "web"  # settings give the web a pool of connections, and nothing else one

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - load every view now: a broken one must keep the server from starting
