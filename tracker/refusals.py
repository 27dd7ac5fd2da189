"""Why a production server will not start: everything that is wrong, said at once."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

PLACEHOLDERS = {"changeme", "change-me", "secret", "password", "postgres", "tracker", "admin"}
SHORTEST_SECRET = 40
TRUE = {"1", "true", "yes", "on", "y", "ok"}


def of(mode: str, environ: Mapping[str, str]) -> str:
    """One message with a line for each refusal; empty where there is none."""
    if mode not in {"embedded", "production"}:
        return f"TRACKER_MODE is {mode!r}: it must be 'embedded' or 'production'."
    if (keep := environ.get("TRACKER_KEEP_RAW", "")) not in {"", "off", "changed", "all"}:
        return f"TRACKER_KEEP_RAW is {keep!r}: it must be 'off', 'changed' or 'all'."
    if mode == "embedded":
        return ""
    reasons = [
        *_secret(environ.get("SECRET_KEY", "")),
        *_database(environ.get("DATABASE_URL", "")),
        *_hosts(environ.get("ALLOWED_HOSTS", "")),
    ]
    if not environ.get("CELERY_BROKER_URL"):
        reasons.append("CELERY_BROKER_URL is not set.")
    if environ.get("DEBUG", "").lower() in TRUE:
        reasons.append("DEBUG is on: it shows settings and source code to anyone.")
    if environ.get("TRACKER_CHECK_LOOPBACK", "").lower() in TRUE:
        reasons.append(
            "TRACKER_CHECK_LOOPBACK is on: anyone who adds a check could reach services of this machine."
        )
    if not reasons:
        return ""
    return "Production refuses to start:\n" + "\n".join(f"  - {reason}" for reason in reasons)


def _secret(key: str) -> list[str]:
    if not key:
        return ["SECRET_KEY is not set: sessions could be forged."]
    if key.startswith("django-insecure") or key.lower() in PLACEHOLDERS:
        return ["SECRET_KEY is a placeholder: sessions could be forged."]
    if len(key) < SHORTEST_SECRET or len(set(key)) < 10:
        return [f"SECRET_KEY is too weak: give at least {SHORTEST_SECRET} random characters."]
    return []


def _database(url: str) -> list[str]:
    if not url:
        return ["DATABASE_URL is not set."]
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        return ["DATABASE_URL is not a PostgreSQL address (postgresql://user:password@host:5432/name)."]
    if unquote(parts.password or "").lower() in PLACEHOLDERS:
        return ["DATABASE_URL has a placeholder for its password."]
    return []


def _hosts(hosts: str) -> list[str]:
    names = [host.strip() for host in hosts.split(",") if host.strip()]
    if not names:
        return ["ALLOWED_HOSTS is not set: name the host the tracker is reached under."]
    if any("*" in name or name == "." for name in names):
        return ["ALLOWED_HOSTS has a wildcard: links in answers could be made to point anywhere."]
    return []
