"""Idempotency-Key: a POST that is sent again with the same key has no second effect, and gets the first answer.

Answers below 400 are kept for 24 hours, and refusals of a rule (409); whatever else went wrong changed nothing, and
may be sent again with the same key. A key belongs to the token, or to the person with a session, that sent it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import answers
from recommendations.actions.refusals import NotAllowed, Refused, one_transaction
from recommendations.api.authentication import caller
from recommendations.api.problems import CONTENT_TYPE, Refusal, told

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255


class KeyReused(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = gettext_lazy(
        "This Idempotency-Key was sent with another request before: a new request needs a new key."
    )


class KeyBusy(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "idempotency_key_busy"
    default_detail = gettext_lazy("The first request with this Idempotency-Key is not done yet: ask again.")
    wait = 0
    """Retry-After: 1."""


def answered(handler: Callable[..., Any], request: Request, *args: Any, now: Any, **kwargs: Any) -> Any:
    """What `handler` answers, or what it answered before; effect and kept answer are one transaction."""
    key, who = _key(request), caller(request)
    fingerprint = _fingerprint(request)
    try:
        with one_transaction():
            said = answers.earlier(who, key, fingerprint, now=now)
            if said is not None:
                headers = said.headers | {REPLAYED: "true"}
                return Response(said.body, said.status, headers=headers, content_type=said.content_type)
            answer = _do(handler, request, *args, **kwargs)
            if isinstance(answer, Response):
                answers.keep(who, key, fingerprint, _said(answer, request), now=now)
            return answer
    except answers.Busy as error:
        raise KeyBusy() from error
    except answers.OtherRequest as error:
        raise KeyReused() from error


def _do(handler: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
    try:
        with one_transaction():
            answer = handler(request, *args, **kwargs)
            with connection.cursor() as cursor:
                # What the database would refuse at the end of the transaction, it refuses here, in words.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return answer
    except NotAllowed:
        raise
    except Refused as refused:
        refusal = Refusal(refused)
        return Response(told(refusal), refusal.status_code, content_type=CONTENT_TYPE)


def _said(answer: Response, request: Request) -> answers.Said:
    written = request.accepted_renderer.render(answer.data) if answer.data is not None else b"null"
    body = json.loads(written)
    return answers.Said(answer.status_code, body, dict(answer.headers), answer.content_type)


def _key(request: Request) -> str:
    """The key, with or without the quotes of a structured field. Raises ValidationError."""
    given = request.headers[HEADER].strip()
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not re.fullmatch(rf"[\x21\x23-\x7e]{{1,{LONGEST_KEY}}}", key):
        said = _("Send 1 to %d visible ASCII characters; a random UUID will do.") % LONGEST_KEY
        raise exceptions.ValidationError({HEADER: [said]}, code="idempotency_key")
    return key


def _fingerprint(request: Request) -> str:
    """Which request this is: its address and what it sends, however that is spaced. A keyed digest, no copy."""
    digest = hashlib.sha256()
    for piece in (request.method or "", request.get_full_path(), *_pieces(request.data)):
        digest.update(f"{len(piece)}:{piece}".encode("utf-8", "surrogatepass"))
    return salted_hmac(
        "recommendations.api.repeats", digest.digest(), settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def _pieces(data: Any) -> Iterator[str]:
    if not isinstance(data, QueryDict):
        yield json.dumps(data, sort_keys=True)
        return
    for name in sorted(data):
        yield name
        for value in data.getlist(name):
            yield _digest_of(value) if isinstance(value, UploadedFile) else str(value)


def _digest_of(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return f"{file.name} {digest.hexdigest()}"
