"""What gunicorn serves. See `tracker/web.py` for how it is served."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
os.environ["TRACKER_PROCESS"] = "web"  # settings give the web a pool of connections, and nothing else one

application = get_wsgi_application()
