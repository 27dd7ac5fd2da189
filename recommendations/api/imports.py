"""`imports/`: bringing in a file. A dry run tells what would become of each row; then all of it, or nothing."""

from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import imports as actions
from recommendations.api.bodies import Json
from recommendations.api.evidence import known
from recommendations.api.fields import Address, Person
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, Choices, Flag
from recommendations.api.problems import TooLarge
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.models import Import, ImportRow, Source
from recommendations.queries import imports
from recommendations.rules import imports as rules
from recommendations.vocabulary import ImportFormat, ImportState, RowOutcome

BRINGS_SHOWN = 500


class Multipart(MultiPartParser):
    """A file and some fields. Its size is known before any of it is read; large files go to the disk."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.IMPORT_BYTES:
            raise TooLarge()
        return super().parse(stream, media_type, parser_context)


class ImportBrings(serializers.Serializer[Any]):
    """What a file would add besides its rows."""

    noun = serializers.ChoiceField(["institutions", "themes", "sources"])
    code = serializers.CharField()
    name = serializers.CharField()


class ImportShown(serializers.Serializer[Any]):
    """One file, what a dry run made of it, and whether it was applied."""

    id = serializers.IntegerField()
    url = Address("imports/{pk}/")
    format = serializers.ChoiceField(ImportFormat.choices)
    source = serializers.CharField(source="source.code", default=None, allow_null=True)  # type: ignore[assignment] # a field
    filename = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the bytes of the file.")
    size = serializers.IntegerField(help_text="Bytes.")
    mapping_version = serializers.CharField(
        help_text="Of the table that gives other systems' words a meaning."
    )
    as_of = serializers.DateField(help_text="The day whose state the file tells.")
    state = serializers.ChoiceField(ImportState.choices)
    rows_new = serializers.IntegerField()
    rows_changed = serializers.IntegerField()
    rows_unchanged = serializers.IntegerField()
    rows_refused = serializers.IntegerField(help_text="While there is one, nothing can be applied.")
    rows_vanished = serializers.IntegerField(
        help_text="In the last file of an open-only list, not in this one: each goes before a person."
    )
    passed_over = serializers.DictField(
        child=serializers.IntegerField(), help_text="What is no recommendation, by what it is."
    )
    brings = serializers.SerializerMethodField(help_text="At most 500 of what would be added besides.")
    repeats = serializers.IntegerField(
        source="repeats_id",
        allow_null=True,
        help_text="An applied import of the same bytes: nothing is left to do.",
    )
    evidence = serializers.IntegerField(
        source="evidence_id", allow_null=True, help_text="The file, cited by the verdicts it proposes."
    )
    examined_by = Person()
    examined_at = serializers.DateTimeField()
    applied_by = Person(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(ImportBrings(many=True))
    def get_brings(self, row: Import) -> list[dict[str, str]]:
        told = [
            {"noun": noun, "code": code, "name": each.get("name") or each["title"]}
            for noun, rows in row.brings.items()
            for code, each in rows.items()
        ]
        return told[:BRINGS_SHOWN]


class RowChange(serializers.Serializer[Any]):
    """One field of a row: what is here, and what the file says."""

    column = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class RowProblem(serializers.Serializer[Any]):
    """Why a row is refused."""

    column = serializers.CharField(help_text="As the file calls it.")
    value = serializers.CharField(help_text="What stands there.")
    rule = serializers.CharField(help_text="For a program.")
    detail = serializers.CharField(help_text="For a person.")


class ImportRowShown(serializers.Serializer[Any]):
    """One row of a file, and what would become of it (or, once applied, what became of it)."""

    line = serializers.IntegerField(help_text="In the file, counted from 1.")
    key = serializers.CharField(help_text="By what it is known again in the next file.")
    code = serializers.CharField(help_text="Of the recommendation.")
    outcome = serializers.ChoiceField(RowOutcome.choices)
    said = serializers.DictField(help_text="What the row says, in our nouns.")
    changes = serializers.SerializerMethodField(help_text="`claim` is a verdict that is proposed.")
    kept = serializers.SerializerMethodField(
        help_text="What the file says anew and a person has changed here: theirs stays."
    )
    problems = serializers.SerializerMethodField()

    @extend_schema_field(RowChange(many=True))
    def get_changes(self, row: ImportRow) -> list[dict[str, Any]]:
        return _sides(row.changes)

    @extend_schema_field(RowChange(many=True))
    def get_kept(self, row: ImportRow) -> list[dict[str, Any]]:
        return _sides(row.kept)

    @extend_schema_field(RowProblem(many=True))
    def get_problems(self, row: ImportRow) -> list[dict[str, str]]:
        return [
            {name: each[name] for name in ("column", "value", "rule")}
            | {"detail": rules.of_row(each["rule"])}
            for each in row.problems
        ]


def _sides(fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"column": name, "before": old, "after": new} for name, (old, new) in fields.items()]


class Either(Flag):
    """`true` or `false`, as a form writes them or as JSON does."""

    def to_internal_value(self, data: Any) -> Any:
        return data if isinstance(data, bool) else super().to_internal_value(data)


class ImportBody(Body):
    """A dry run needs `file` and `format`; applying it needs `dry_run=false` and the `import` that it was told in."""

    file = serializers.FileField(required=False, allow_empty_file=True, max_length=300)
    format = serializers.ChoiceField(ImportFormat.choices, required=False)
    source = serializers.CharField(  # type: ignore[assignment] # no attribute: a field
        required=False, max_length=20, help_text="Code of the source, for formats whose rows name none."
    )
    as_of = serializers.DateField(
        required=False, help_text="The day whose state the file tells, where it does not say so itself."
    )
    dry_run = Either(required=False, default=True)

    def get_fields(self) -> dict[str, Any]:
        """`import` is a word of Python."""
        number = serializers.IntegerField(
            required=False,
            min_value=1,
            max_value=2**63 - 1,
            help_text="Of the dry run that is to be applied.",
        )
        return super().get_fields() | {"import": number}

    def validate_source(self, code: str) -> Source:
        return cast(Source, known(Source, code, self.context["reader"]))

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        needed = ("file", "format") if given["dry_run"] else ("import",)
        allowed = ("file", "format", "source", "as_of") if given["dry_run"] else ("file", "import")
        missing = [name for name in needed if name not in given]
        if missing:
            raise serializers.ValidationError(
                {name: [ErrorDetail(_("This is needed."), "required")] for name in missing}
            )
        other = [name for name in given if name not in (*allowed, "dry_run")]
        if other:
            raise serializers.ValidationError(
                {name: [ErrorDetail(_("Not with this “dry_run”."), "unknown")] for name in other}
            )
        return given


class ImportQuery(PageQuery):
    format = Choices(ImportFormat.choices)
    state = Choices(ImportState.choices)


class ImportRowQuery(PageQuery):
    outcome = Choices(RowOutcome.choices)


class ImportList(Resource):
    verbs = {"GET": "internal.read", "POST": "import.write"}
    queries = {"GET": ImportQuery}
    parser_classes = [Multipart, Json]
    is_list = True

    @extend_schema(summary="Imports, the latest first", responses=page_of(ImportShown))
    def get(self, request: Request) -> Response:
        rows = imports.listed().filter(
            **{f"{name}__in": self.asked[name] for name in ("format", "state") if name in self.asked}
        )
        order = (Key("examined_at", descending=True), Key("id", descending=True))
        page = paged(rows, order, self.asked, request)
        return Response(page.answer(ImportShown(page.rows, many=True, context=self.context()).data))

    @extend_schema(
        summary="Bring in a file: first a dry run, then all of it or nothing",
        request={"multipart/form-data": ImportBody},
        responses={201: ImportShown, 200: ImportShown},
        examples=[
            OpenApiExample("Apply a dry run", request_only=True, value={"dry_run": False, "import": 1})
        ],
    )
    def post(self, request: Request) -> Response:
        """With `dry_run=true`, as it is where left out: reads the file, changes nothing, and answers 201 with counts;
        `imports/{id}/rows/` has what would become of each row. With `dry_run=false&import=ID`: does what that dry run
        said, and answers 200. Refused (409) while a row is refused, and where by now anything else would happen.

        Statuses are proposed, never published. The same bytes again change nothing.
        """
        sent = self.sent_as_form()
        if sent["dry_run"]:
            return self._examine(sent)
        batch = self.find(imports.listed(), pk=sent["import"])
        self._same(batch, sent.get("file"))
        actions.apply(batch, by=self.person, now=self.now)
        return Response(_told(self, batch.pk))

    def sent_as_form(self) -> dict[str, Any]:
        """What was sent, as one value a name: a form may hold a name twice, which is refused."""
        data: Any = self.request.data
        if isinstance(data, QueryDict):
            twice = [name for name, values in data.lists() if len(values) > 1]
            if twice:
                raise serializers.ValidationError(
                    {name: [_("Give it once only.")] for name in twice}, "repeated"
                )
            data = data.dict()
        body = ImportBody(data=data, context={"reader": self.reader, "now": self.now})
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def _examine(self, sent: dict[str, Any]) -> Response:
        file: UploadedFile = sent["file"]
        try:
            batch = actions.examine(
                file.open("rb"),  # type: ignore[arg-type]
                format=sent["format"],
                filename=file.name or "",
                source=sent.get("source"),
                as_of=sent.get("as_of"),
                most_rows=settings.IMPORT_ROWS,
                by=self.person,
                now=self.now,
            )
        except actions.BadFile as bad:
            raise serializers.ValidationError({"file": [ErrorDetail(bad.message, bad.rule)]}) from bad
        told = _told(self, batch.pk)
        return Response(told, status=status.HTTP_201_CREATED, headers={"Location": told["url"]})

    @staticmethod
    def _same(batch: Import, file: UploadedFile | None) -> None:
        if file is not None and actions.digest_of(file.chunks()) != batch.sha256:
            said = _("This is not the file of import %d.") % batch.pk
            raise serializers.ValidationError({"file": [ErrorDetail(said, "other_file")]})


class ImportDetail(Resource):
    verbs = {"GET": "internal.read"}

    @extend_schema(summary="One import", responses=ImportShown)
    def get(self, request: Request, pk: int) -> Response:
        return Response(_told(self, pk))


class ImportRowList(Resource):
    verbs = {"GET": "internal.read"}
    queries = {"GET": ImportRowQuery}
    is_list = True

    @extend_schema(summary="Rows of an import, as they stand in the file", responses=page_of(ImportRowShown))
    def get(self, request: Request, pk: int) -> Response:
        rows = ImportRow.objects.filter(batch=self.find(imports.listed(), pk=pk))
        if "outcome" in self.asked:
            rows = rows.filter(outcome__in=self.asked["outcome"])
        page = paged(rows, (Key("line"),), self.asked, request)
        return Response(page.answer(ImportRowShown(page.rows, many=True, context=self.context()).data))


def _told(resource: Resource, pk: int) -> Any:
    return ImportShown(resource.find(imports.listed(), pk=pk), context=resource.context()).data
