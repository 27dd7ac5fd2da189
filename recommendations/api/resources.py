"""What all addresses of the API do: who may, what may be asked, which version is meant."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed, NotFound
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from recommendations.api import crossing, fields, repeats, revisions
from recommendations.api.authentication import TokenAuthentication, permit, reader
from recommendations.api.bodies import Json
from recommendations.api.limits import Limit
from recommendations.api.parameters import Body, Query
from recommendations.api.problems import MustMatch, Stale
from recommendations.models import User
from recommendations.queries.visibility import sees_internal

VARIES = ("Accept-Language", "Authorization", "Cookie")


class Compact(JSONRenderer):
    """JSON in one form only, so that one representation has one ETag."""

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def _plain(value: Any) -> Any:
    """What orjson does not know, such as decimals and words that are still to be translated, as DRF writes it."""
    return JSONEncoder().default(value)


class Resource(APIView):
    """One address. `verbs` names what a method asks of the caller, `queries` what it may be asked.

    Reading needs nothing unless `verbs` has an entry for GET; `for_people` asks for somebody signed in, as
    every write does. Set for each request: `now`, the one look at the clock; `asked`, the checked
    parameters; `reader`, as whom rows are looked up.
    """

    # The first one's challenge goes with a 401.
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    parser_classes = [Json]
    renderer_classes: Sequence[Any] = [Compact]
    throttle_classes = [Limit]

    of_record = False
    """Whether all the public reads the same here, made of what moves the revision, the day and the language alone."""

    verbs: dict[str, str] = {}
    for_people = False
    revision = ""
    queries: dict[str, type[Query]] = {}
    now: Any
    asked: dict[str, Any]
    reader: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not hasattr(self, (request.method or "").lower()):  # before asking who it is: nobody may
            raise MethodNotAllowed(request.method or "")
        if request.method == "OPTIONS":
            return  # nothing is told that the schema does not tell: whoever asks may know
        self.now = timezone.now()
        super().initial(request, *args, **kwargs)
        self.reader = reader(request)
        if self.of_record and request.method in ("GET", "HEAD") and not sees_internal(self.reader):
            self.revision = revisions.key(request, now=self.now)
            revisions.refuse_known(request, self.revision)
        self.asked = self.query_of(request.method).read(
            request.query_params, reader=self.reader, now=self.now
        )
        if request.method == "POST" and repeats.HEADER in request.headers:
            # The handler that `dispatch` looks up next.
            handler = partial(repeats.answered, self.post, now=self.now)  # type: ignore[attr-defined]
            setattr(self, "post", handler)  # noqa: B010 - not declared: each resource has its own

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return crossing.preflight(", ".join(self.allowed_methods))

    @classmethod
    def query_of(cls, method: str | None) -> type[Query]:
        return cls.queries.get("GET" if method == "HEAD" else method or "", Query)

    @classmethod
    def needs_person(cls, method: str) -> bool:
        return cls.for_people or method in cls.verbs or method not in SAFE_METHODS

    def perform_authentication(self, request: Request) -> None:
        """Whoever guesses at keys is counted by address."""
        try:
            super().perform_authentication(request)
        except AuthenticationFailed:
            super().check_throttles(request)
            raise

    def check_throttles(self, request: Request) -> None:
        """Nothing here: `check_permissions` has counted the request, so that those refused count as well."""

    def check_permissions(self, request: Request) -> None:
        super().check_throttles(request)
        method = "GET" if request.method == "HEAD" else request.method or ""
        if self.needs_person(method):
            permit(request, self.verbs.get(method))

    @property
    def person(self) -> User:
        """Who writes; only after `permit`."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def sent(self, body: type[Body], **context: Any) -> dict[str, Any]:
        """What the request sends, checked. Raises ValidationError that names each field."""
        given = body(data=self.request.data, context={"reader": self.reader, "now": self.now} | context)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def context(self) -> dict[str, Any]:
        """What the serializers of answers need to know of this request."""
        return fields.context(self.request, internal=sees_internal(self.reader))

    def find(self, rows: QuerySet[Any], **by: Any) -> Any:
        """The one row, or a 404 that does not tell whether there is one that may not be seen."""
        return self.found(rows.filter(**by).first())

    def found(self, row: Any) -> Any:
        """This row, or where there is none the same 404."""
        if row is None:
            raise NotFound(_("There is nothing at this address, or nothing that you may see."))
        return row

    def must_match(self, representation: Any) -> None:
        """Refuse a change of something else than what the caller has read (If-Match). Call it under a lock."""
        given = self.request.headers.get("If-Match")
        if given is None:
            raise MustMatch()
        held = etag_of(representation)
        if given.strip() != "*" and not any(revisions.matches(tag, held) for tag in given.split(",")):
            raise Stale()

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, revisions.NotModified):
            return HttpResponseNotModified(headers={"ETag": exc.etag})
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, VARIES)
        crossing.admit(request, answer)
        answer.headers.setdefault(
            "Cache-Control", "private, no-cache" if _is_personal(request) else "no-cache"
        )
        if limit := getattr(self, "limit", None):
            limit.announce(answer)
        if answer.status_code == 429:
            # Django's own mark: a flood must not fill the log as well.
            answer._has_been_logged = True  # type: ignore[attr-defined]
        if answer.status_code < 300 and isinstance(answer, Response):
            answer.headers["ETag"] = revisions.etag(answer.render().content)
            if self.revision:
                revisions.remember(self.revision, answer.headers["ETag"])
            if request.method in ("GET", "HEAD") and revisions.is_known(request, answer.headers["ETag"]):
                return HttpResponseNotModified(headers={name: answer.headers[name] for name in _kept(answer)})
        return answer


def etag_of(representation: Any) -> str:
    """A strong validator of what is answered: its hash. Versions alone miss what belongs to other rows."""
    return revisions.etag(Compact().render(representation))


def _is_personal(request: Request) -> bool:
    return "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES


def _kept(answer: Response) -> list[str]:
    """The headers that a 304 repeats."""
    return [
        name
        for name in answer.headers
        if name in ("ETag", "Vary", "Cache-Control") or name.startswith(("RateLimit", "Access-Control"))
    ]


def lock(row: Model) -> None:
    """Hold a row until the transaction ends, so that If-Match is compared with what will be changed."""
    type(row)._default_manager.select_for_update().get(pk=row.pk)


class Nowhere(Resource):
    """Any other address below the API: a 404 as a problem, or the way to the same with a slash at its end."""

    schema = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.path.endswith("/") and _is_served(f"{request.path}/"):
            query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
            # 308, not 301: the method and the body stay.
            return HttpResponse(status=308, headers={"Location": f"{request.path}/{query}"})
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound(_("There is no such address in this API; /api/v1/ lists what there is."))


def _is_served(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "view_class", None) is not Nowhere
    except Resolver404:
        return False
