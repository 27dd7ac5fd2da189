"""From whatever a client library raises to one of our few kinds of failure, with a sentence for people."""

import ssl

import aiohttp

from .addresses import BadAddress, Refused
from .answers import FailureKind
from .bodies import TooLarge, Unreadable


class Stop(Exception):
    """Ends a look with a Failure of this kind."""

    def __init__(self, kind: FailureKind, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.retry_after = kind, detail, retry_after


SENTENCES = {
    FailureKind.TIMEOUT: "the server did not answer in time",
    FailureKind.DNS: "the host's name is not known",
    FailureKind.CONNECTION: "the connection failed or ended early",
    FailureKind.UNREADABLE: "the server's answer is not readable HTTP",
    FailureKind.BAD_URL: "the address cannot be read",
}


def stop_for(error: Exception) -> Stop:
    """The Stop that `error` amounts to. What is not foreseen is `unreadable` and names the type of the
    error."""
    if isinstance(error, Stop):
        return error
    cause = getattr(error, "os_error", None)
    for refused in (error, cause):
        if isinstance(refused, Refused):
            return Stop(FailureKind.REFUSED, str(refused))
    if isinstance(error, TooLarge):
        return Stop(FailureKind.TOO_LARGE, str(error))
    if isinstance(error, Unreadable):
        return Stop(FailureKind.UNREADABLE, str(error))
    if isinstance(error, BadAddress):
        return Stop(FailureKind.BAD_URL, str(error))
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        return Stop(FailureKind.TLS, _tls_sentence(error))
    kind = _kind(error)
    detail = SENTENCES[kind]
    if kind is FailureKind.UNREADABLE:
        detail = f"{detail} ({type(error).__name__})"
    return Stop(kind, detail)


def _kind(error: Exception) -> FailureKind:
    if isinstance(error, TimeoutError):  # also aiohttp's ServerTimeoutError
        return FailureKind.TIMEOUT
    if isinstance(error, (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError)):
        return FailureKind.BAD_URL
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FailureKind.DNS
    if isinstance(error, (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError)):
        return FailureKind.CONNECTION
    return FailureKind.UNREADABLE


def _tls_sentence(error: Exception) -> str:
    verify = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    reason = getattr(verify, "verify_message", "") or getattr(verify, "reason", "") or ""
    return f"the encrypted connection failed: {reason}" if reason else "the encrypted connection failed"
