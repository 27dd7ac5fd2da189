"""Reading from pages of other origins (CORS): what anyone may read, any page may show.

For GET and HEAD only, and without credentials: `*` is what a browser lets no cookie go with. Few headers, and so no
library.
"""

from django.http import HttpResponse, HttpResponseBase
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

EXPOSED = (
    "Content-Disposition, ETag, Link, Location, RateLimit, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining,"
    " RateLimit-Reset, Retry-After"
)
ASKED = "Accept, Accept-Language, If-Modified-Since, If-None-Match"
"""Headers that a page may send; a key is not among them: it does not belong in a page."""

ONE_DAY = "86400"


def admit(request: Request, answer: HttpResponseBase) -> None:
    """Let pages of any origin read this answer, if it answers a reading."""
    if request.method in SAFE_METHODS:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = EXPOSED


def preflight(allowed: str) -> HttpResponse:
    """What a browser asks before it sends a header of its own; `allowed` are the methods there are."""
    answer = HttpResponse(status=204)
    answer.headers["Allow"] = allowed
    answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
    answer.headers["Access-Control-Allow-Headers"] = ASKED
    answer.headers["Access-Control-Max-Age"] = ONE_DAY
    return answer
