"""`evidence/{id}/snapshots/` and `evidence/{id}/diff/`: what its address returned, and what changed there."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Query
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.fetching import diffs
from recommendations.models import Evidence, Snapshot
from recommendations.queries.visibility import visible


class SnapshotRow(serializers.Serializer[Any]):
    """What an address returned when its text was first seen in that form. The text itself is not ours to publish."""

    id = serializers.IntegerField()
    taken_at = serializers.DateTimeField()
    text_hash = serializers.CharField(help_text="SHA-256 of the main text, without the page's furniture.")
    raw_hash = serializers.CharField(help_text="SHA-256 of the bytes received.")
    final_url = serializers.CharField(help_text="The address after redirects.")
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes received.")
    dropped_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when its text is no longer kept; null while it is."
    )


class Segment(serializers.Serializer[Any]):
    """A run of words; `skipped` stands for so many same words that were left out."""

    kind = serializers.ChoiceField(["same", "added", "removed", "skipped"])
    text = serializers.CharField()


MOST_SHOWN = 20_000
"""Characters of a difference that anyone may read: a quotation of what changed, not a copy of somebody else's page."""


class Difference(serializers.Serializer[Any]):
    """What changed between two snapshots of one address."""

    added = serializers.IntegerField(help_text="Words added.")
    removed = serializers.IntegerField(help_text="Words removed.")
    segments = Segment(many=True)
    complete = serializers.BooleanField(
        help_text=f"False where more than {MOST_SHOWN} characters differ, and the rest is left out."
    )

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python's, so it cannot be written as an attribute.
        return {"from": SnapshotRow(), "to": SnapshotRow(), **super().get_fields()}


class DifferenceQuery(Query):
    to = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Id of a snapshot; the newest if left out.",
    )

    def get_fields(self) -> dict[str, Any]:
        earlier = serializers.IntegerField(
            required=False,
            min_value=1,
            max_value=2**63 - 1,
            help_text="Id of a snapshot; the one before `to` if left out.",
        )
        return {"from": earlier, **super().get_fields()}


class SnapshotList(Resource):
    queries = {"GET": PageQuery}
    is_list = True

    @extend_schema(summary="Snapshots of its address, the newest first", responses=page_of(SnapshotRow))
    def get(self, request: Request, pk: int) -> Response:
        evidence = self.find(visible(Evidence.objects.all(), self.reader), pk=pk)
        rows = Snapshot.objects.filter(document=evidence.document_id).defer("text")
        page = paged(
            rows, (Key("taken_at", descending=True), Key("id", descending=True)), self.asked, request
        )
        return Response(page.answer(SnapshotRow(page.rows, many=True, context=self.context()).data))


class SnapshotDiff(Resource):
    queries = {"GET": DifferenceQuery}

    @extend_schema(summary="What changed between two snapshots, word by word", responses=Difference)
    def get(self, request: Request, pk: int) -> Response:
        """Of the last two, unless `from` and `to` name others. 404 where there are not two, or the text of one of them
        is no longer kept."""
        evidence = self.find(visible(Evidence.objects.all(), self.reader), pk=pk)
        rows = Snapshot.objects.filter(document=evidence.document_id).order_by("-taken_at", "-pk")
        to = self._chosen(rows, "to")
        before = self._chosen(
            rows.filter(taken_at__lt=to.taken_at) if "from" not in self.asked else rows, "from"
        )
        segments = diffs.compare(_text(before), _text(to))
        added, removed = diffs.count(segments)
        shown = [diffs.Segment(kind, text) for kind, text in diffs.excerpt(segments, MOST_SHOWN)]  # type: ignore[arg-type] # the kinds it was given
        told = {"from": before, "to": to, "added": added, "removed": removed}
        told |= {"segments": shown, "complete": shown == segments}
        return Response(Difference(told, context=self.context()).data)

    def _chosen(self, rows: Any, name: str) -> Snapshot:
        if name not in self.asked:
            found = rows.first()
            if found is None:
                raise NotFound(_("There are not two snapshots of this address to compare."))
            return found
        found = rows.filter(pk=self.asked[name]).first()
        if found is None:
            told = _("There is no snapshot %(number)d of this evidence.") % {"number": self.asked[name]}
            raise serializers.ValidationError({name: [told]}, code="unknown")
        return found


def _text(row: Snapshot) -> str:
    if row.text is None:
        raise NotFound(_("The text of snapshot %(number)d is no longer kept.") % {"number": row.pk})
    return row.text
