"""`changes/`: everything that changed, in an order in which nothing is missed and nothing comes twice."""

from typing import Any

import orjson
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from recommendations.api.parameters import Choices, Query
from recommendations.api.problems import Gone
from recommendations.api.resources import Compact, Resource
from recommendations.queries import changes, recommendations, sources
from recommendations.queries.changes import Asked, Change, Cursor
from recommendations.queries.records import Key, Record

DEFAULT_LIMIT, MAX_LIMIT = 100, 500

ADDRESSES = {
    "institution": "institutions/{code}/",
    "theme": "themes/{code}/",
    "source": "sources/{code}/",
    "recommendation": "recommendations/{code}/",
    "evidence": "evidence/{pk}/",
    "indicator": "indicators/{code}/",
}
"""Where the record's row is served; a figure stands with its source."""


class Verbatim(Compact):
    """JSON that is made already, and all else as usual."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return data if isinstance(data, bytes) else super().render(data, *args, **kwargs)


class ChangesQuery(Query):
    after = serializers.CharField(
        required=False,
        max_length=100,
        help_text="The `cursor` of the last page or change that you have. From the beginning if left out.",
    )
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT, help_text="Changes a page."
    )
    object_type = Choices([(each, each) for each in changes.OBJECT_TYPES])
    source = serializers.CharField(  # type: ignore[assignment] # no attribute: a field
        required=False,
        max_length=100,
        help_text="Code of a source: changes of it and of what it recommends.",
    )
    recommendation = serializers.CharField(
        required=False, max_length=100, help_text="Code: changes of it and of what belongs to it."
    )

    def validate_source(self, code: str) -> str:
        return self._known("source", code, sources.listed(self.context["reader"]))

    def validate_recommendation(self, code: str) -> str:
        return self._known("recommendation", code, recommendations.existing(self.context["reader"]))

    def _known(self, noun: str, code: str, rows: Any) -> str:
        """What is hidden today but was told of may be asked for: whoever follows it learns that it is gone."""
        if "\x00" not in code and (rows.filter(code=code).exists() or changes.has_told(noun, code)):
            return code
        raise serializers.ValidationError(_("There is no “%(code)s”.") % {"code": code}, code="unknown")


class ChangeRow(serializers.Serializer[Any]):
    """One thing that was done."""

    cursor = serializers.CharField(help_text="Its place in the feed.")
    at = serializers.DateTimeField(
        help_text="When it was done. The order of the feed is that of its cursors."
    )
    actor = serializers.ChoiceField(["person", "machine"])
    verb = serializers.CharField(
        help_text="What was done, such as `assessment.published` or `recommendation.status_changed`. `shown`,"
        " `hidden` and `updated` tell of what follows for others from a change elsewhere."
    )
    object_type = serializers.ChoiceField(changes.OBJECT_TYPES, help_text="What it was done to.")
    object_id = serializers.CharField(help_text="Its code, or its number where it has none.")
    noun = serializers.CharField(help_text="The kind of the record that this changes; see `records`.")
    code = serializers.CharField(help_text="The code of that record.")
    recommendation = serializers.CharField(allow_null=True, help_text="The code, where it concerns one.")
    url = serializers.CharField(
        allow_null=True, help_text="The record's row in this API, while there is one."
    )
    before = serializers.DictField(allow_null=True, help_text="The object's own values that were changed.")
    after = serializers.DictField(allow_null=True)
    deleted = serializers.BooleanField(help_text="The record is public no longer: forget it.")


@extend_schema_field(
    {
        "type": ["object", "null"],
        "additionalProperties": True,
        "description": "The public record as it is now, a line of `exports/tracker.ndjson`; null if there is none.",
    }
)
class RecordField(serializers.Field):
    pass


class RecordRow(serializers.Serializer[Any]):
    """What a record says now, after all changes and not only those of this page."""

    noun = serializers.CharField()
    code = serializers.CharField()
    deleted = serializers.BooleanField(help_text="A tombstone: it was public and is so no longer.")
    record = RecordField()


class WaitingRow(serializers.Serializer[Any]):
    """Changes held back because an older transaction has not ended. They come; nothing is passed over."""

    changes = serializers.IntegerField()
    since = serializers.DateTimeField(allow_null=True, help_text="When the oldest of them was done.")


class ChangesAnswer(serializers.Serializer[Any]):
    """A page of the change feed."""

    next = serializers.URLField(allow_null=True, help_text="The next page; null if there is no more for now.")
    cursor = serializers.CharField(help_text="Ask with `after` = this for what comes next, now or later.")
    waiting = WaitingRow()
    results = ChangeRow(many=True)
    records = RecordRow(
        many=True, help_text="Each record that the changes of this page touch, once. A mirror needs no more."
    )


class ChangeFeed(Resource):
    queries = {"GET": ChangesQuery}
    renderer_classes = [Verbatim]
    problems = ("410",)
    is_list = True

    @extend_schema(summary="Everything that changed, the oldest first", responses=ChangesAnswer)
    def get(self, request: Request) -> Response:
        """Follow it to keep a mirror. Begin at the beginning, or with an export and the cursor in its header
        `Feed-Cursor`; apply `records` of every page (put each in the place of the one of the same noun and code,
        or drop it where `deleted`); ask again `after` the page's `cursor`, at once while `next` leads on and else when
        you like. Then nothing is missed and no change comes twice, whoever writes meanwhile, and your records are the
        lines of `exports/tracker.ndjson`.

        A change tells what was done; `records` what is public now, so that a later page may bring the same record
        again. What is no longer public comes as `deleted`, without its content. Filters leave out changes; the cursor
        is that of the whole feed.
        """
        key = changes.key()
        asked = Asked(
            object_types=self.asked.get("object_type", ()),
            source=self.asked.get("source"),
            recommendation=self.asked.get("recommendation"),
        )
        try:
            page = changes.page(self._after(key), self.asked["limit"], asked)
        except changes.Ahead as error:
            raise Gone(
                _("This cursor is ahead of the feed, which was restored from an older copy. Begin again.")
            ) from error
        cursor = page.cursor.text(key)
        root = self.context()["root"]  # once for all: asking the request costs more than the rest of a change
        told = {
            "next": self._next(cursor) if page.more else None,
            "cursor": cursor,
            "waiting": {"changes": page.waiting.changes, "since": page.waiting.since},
            "results": [_change(change, page.records, key, root) for change in page.changes],
        }
        records = b",".join(_record(key, record) for key, record in page.records.items())
        return Response(b'%s,"records":[%s]}' % (Compact().render(told)[:-1], records))

    def _after(self, key: Any) -> Cursor:
        if "after" not in self.asked:
            return changes.START
        try:
            return changes.read(self.asked["after"], key)
        except changes.NotOurs as error:
            told = _("This is no cursor of this feed. Begin again without it, or with an export.")
            raise serializers.ValidationError({"after": [told]}, code="cursor") from error

    def _next(self, cursor: str) -> str:
        here = remove_query_param(self.request.build_absolute_uri(), "after")
        return replace_query_param(here, "after", cursor)


def _change(change: Change, records: dict[Key, Record | None], key: Any, root: str) -> dict[str, Any]:
    noun, code = change.key
    record = records.get(change.key)
    address = ADDRESSES.get(noun) if record else None
    return {
        "cursor": change.cursor.text(key),
        "at": change.at,
        "actor": "person" if change.by_person else "machine",
        "verb": change.verb,
        "object_type": change.object_type,
        "object_id": change.object_id,
        "noun": noun,
        "code": code,
        "recommendation": code if noun == "recommendation" else None,
        "url": root + address.format(code=code, pk=record.pk) if address and record else None,
        "before": change.before,
        "after": change.after,
        "deleted": record is None,
    }


def _record(key: Key, record: Record | None) -> bytes:
    head = orjson.dumps({"noun": key[0], "code": key[1], "deleted": record is None})
    return b'%s,"record":%s}' % (head[:-1], record.text.encode() if record else b"null")
