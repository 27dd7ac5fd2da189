"""Every setting, read from the environment; `.env.example` lists each one with its reason.

Two modes. `embedded`: a demonstration or a test on this machine, which needs nothing set. `production`: refuses to
start with a missing or default secret, DEBUG, a wildcard host, or the checker's door open to loopback.
"""

import os
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from recommendations.fetching.answers import Limits, agent
from tracker import databases, logs, refusals
from tracker.embedded.keys import secret_key
from tracker.embedded.paths import Places
from tracker.unfold import UNFOLD  # noqa: F401 - a setting, read by the admin's look

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

TRACKER_MODE = env.str("TRACKER_MODE", "production" if env.str("DATABASE_URL", "") else "embedded")
if refused := refusals.of(TRACKER_MODE, os.environ):
    raise ImproperlyConfigured(refused)
PRODUCTION = TRACKER_MODE == "production"
PLACES = Places.of(os.environ)
TRACKER_VAR = PLACES.var

SECRET_KEY = env.str("SECRET_KEY", "") or secret_key(TRACKER_VAR)
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# How the public reaches us: the addresses in messages to webhooks begin with it, for no request says it there.
TRACKER_URL = env.str("TRACKER_URL", "").rstrip("/") or (
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://localhost:{os.environ.get('PORT') or 8000}"
)

# Where the checker may go, and who it says it is.
TRACKER_LIVE_CHECKS = env.bool("TRACKER_LIVE_CHECKS", False)
TRACKER_CHECK_LOOPBACK = env.bool("TRACKER_CHECK_LOOPBACK", False)
TRACKER_CONTACT = env.str("TRACKER_CONTACT", "") or (TRACKER_URL if PRODUCTION else "")
TRACKER_DOOR = Limits(
    user_agent=agent("0.1", TRACKER_CONTACT),
    allow_loopback=TRACKER_CHECK_LOOPBACK,
    total_seconds=env.float("TRACKER_LOOK_SECONDS", 30.0),
    per_host=env.int("TRACKER_HOST_AT_ONCE", 2),
    host_pause_seconds=env.float("TRACKER_HOST_PAUSE", 1.0),
)
TRACKER_LEASE = timedelta(seconds=env.float("TRACKER_LEASE_SECONDS", 300.0))
# What is kept of what was looked at, besides its words: off, changed or all; and the most bytes of one answer.
TRACKER_KEEP_RAW = env.str("TRACKER_KEEP_RAW", "") or "off"
TRACKER_RAW_LIMIT = env.int("TRACKER_RAW_LIMIT", 5_000_000)
# Mail goes out by EMAIL_URL (such as smtp+tls://user:password@mail.example.org:587). Embedded it is put into a folder.
TRACKER_MAIL = bool(env.str("EMAIL_URL", "")) or not PRODUCTION
vars().update(
    env.email_url("EMAIL_URL")
    if env.str("EMAIL_URL", "")
    else {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(TRACKER_VAR / "mail"),
    }
)
DEFAULT_FROM_EMAIL = (
    env.str("TRACKER_MAIL_FROM", "") or f"tracker@{TRACKER_URL.partition('//')[2].partition(':')[0]}"
)
EMAIL_TIMEOUT = 20
TRACKER_METRICS_TOKEN = env.str("TRACKER_METRICS_TOKEN", "")
CONGRESS_API_KEY = env.str("CONGRESS_API_KEY", "")

INSTALLED_APPS = [
    "recommendations",  # first: the few templates of the admin's look that it improves on are found before its own
    "unfold.apps.BasicAppConfig",  # before the admin, whose templates it replaces; Basic: the site is ours
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "tracker.apps.TrackerAdmin",  # Django's admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # before staticfiles, so that runserver serves files as gunicorn does
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
AUTH_USER_MODEL = "recommendations.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "tracker.health.Probes",  # before the host is checked: probes ask by address
    "django.middleware.security.SecurityMiddleware",
    "tracker.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it answers instead of a sign-in that is locked
]
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

WEB_THREADS = env.int("WEB_THREADS", 4)
DATABASES = {
    "default": databases.default(
        env.str("DATABASE_URL", ""),
        PLACES,
        web_threads=WEB_THREADS,
        web=os.environ.get("TRACKER_PROCESS") == "web",
    )
}
# Off behind a pooler that hands out a connection for one transaction and knows nothing of prepared statements.
DATABASE_PREPARES = env.bool("DATABASE_PREPARES", True)

# Celery. Tasks are acknowledged when done and run again when their worker dies; each may therefore run twice.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or PLACES.broker_url
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # longer than any task; a dead worker's tasks come back after this
    # Without these two the transport looks for lost tasks only every 100 s, whatever the timeout.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True  # what a task did is in the database
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 2)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000  # kB; parsing other people's pages leaks sometimes
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 200  # Celery would else close the connection after every task
CELERY_BEAT_SCHEDULER = (
    "celery.beat:Scheduler"  # in memory: what is due is a row, so beat has nothing to keep
)

# The API. What all its addresses do is said by its base class (recommendations/api/resources.py).
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "recommendations.api.schema.Operation",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS: the schema tells more
    "EXCEPTION_HANDLER": "recommendations.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,  # else ?format= would be known everywhere
    "NUM_PROXIES": 1 if env.bool("TRACKER_BEHIND_PROXY", False) else 0,
}
# By the web; the command has no limit. What is small is judged and applied while somebody waits for the answer, the
# rest by a worker.
IMPORT_BYTES = env.int("IMPORT_BYTES", 128 * 2**20)
IMPORT_ROWS = env.int("IMPORT_ROWS", 300_000)
IMPORT_AT_ONCE_BYTES = env.int("IMPORT_AT_ONCE_BYTES", 4 * 2**20)
IMPORT_AT_ONCE_ROWS = env.int("IMPORT_AT_ONCE_ROWS", 10_000)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"},
    # What a process has answered lately, as ETags (api/revisions.py): some megabytes at most.
    "validators": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "validators",
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
API_REQUESTS_PER_MINUTE = {  # 0: no limit
    "token": env.int("API_REQUESTS_PER_TOKEN", 6_000),
    "person": env.int("API_REQUESTS_PER_PERSON", 6_000),
    "address": env.int("API_REQUESTS_PER_ADDRESS", 3_000),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Policy Recommendation Tracker",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "validatorUrl": None},
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,  # in the order of api/urls.py
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "recommendations.api.schema.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        f"{word}Enum": f"recommendations.vocabulary.{word}"
        for word in (
            "AssessmentState",
            "CheckKind",
            "CheckState",
            "ClosureReason",
            "Confidence",
            "DeliveryState",
            "Direction",
            "EvidenceKind",
            "FindingKind",
            "FindingState",
            "ImportFormat",
            "ImportPhase",
            "ImportState",
            "ImportTask",
            "RowOutcome",
            "InstitutionKind",
            "MessageType",
            "ObservationRole",
            "Outcome",
            "Precision",
            "RelationKind",
            "ResponseKind",
            "Role",
            "Scope",
            "SourceKind",
            "Stance",
            "Status",
            "Timing",
            "VerdictBy",
            "Visibility",
            "WebhookState",
        )
    }
    | {
        "AssessableStatusEnum": "recommendations.api.assessments.ASSESSABLE",
        "SwitchEnum": "recommendations.api.webhooks.SWITCH",  # of checks too
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]  # how to add one: docs/translating.md
LOCALE_PATHS = [BASE_DIR / "recommendations" / "locale"]
FORMAT_MODULE_PATH = ["tracker.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
# Production serves what `collectstatic` hashed and compressed; the embedded mode serves from where the files lie,
# so that a start collects nothing.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Passwords: Django's default hasher (PBKDF2). Argon2 would add a compiled dependency for a handful of staff.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Ten failed sign-ins from one address, or a hundred for one name from wherever, and nobody gets further there for a
# quarter of an hour. Of names many more: who can send from many addresses could else lock anybody out with little.
# NIST SP 800-63B-4, 3.2.2, has a hundred as the most for one account.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_HANDLER = "tracker.signing_in.Failures"
AXES_FAILURE_LIMIT = 10
TRACKER_FAILURES_PER_ACCOUNT = 100
AXES_LOCKOUT_PARAMETERS = ["ip_address", "username"]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # guessing on does not lock the office out for ever
AXES_RESET_ON_SUCCESS = True  # of one's own account from one's own address: see tracker/signing_in.py
AXES_DISABLE_ACCESS_LOG = True  # who came when is nobody's business; failures are kept
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "tracker.signing_in.client_address"
AXES_LOCKOUT_CALLABLE = "tracker.signing_in.locked"
SESSION_COOKIE_AGE = env.int("TRACKER_SESSION_HOURS", 12) * 3600  # from signing in, however busy
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # who signs in without having come from a page

# Cookies and headers. The content policy is in headers.py.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # a choice, kept by the browser of who chose
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", PRODUCTION)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if PRODUCTION else 0)
if env.bool("TRACKER_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOG_FORMAT = env.str("LOG_FORMAT", "json" if PRODUCTION else "plain")
LOGGING = logs.configured(json=LOG_FORMAT == "json", level=LOG_LEVEL)
