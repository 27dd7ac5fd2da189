"""`imports/`: bringing in a file. A dry run tells what would become of each row; then all of it, or nothing."""

from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import import_works
from recommendations.actions import imports as actions
from recommendations.api.bodies import Json
from recommendations.api.evidence import known
from recommendations.api.fields import Address, Person
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, Choices, Flag
from recommendations.api.problems import TooLarge
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.models import Import, ImportWork, Source
from recommendations.queries import imports
from recommendations.rules import imports as rules
from recommendations.vocabulary import ImportFormat, ImportPhase, ImportState, ImportTask

BRINGS_SHOWN = 500

ASK_AGAIN = 5
"""Seconds after which it is worth while to ask how far a worker has come."""


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


class ImportRefusal(serializers.Serializer[Any]):
    """Why a worker could not do what it was asked."""

    rule = serializers.CharField(help_text="For a program.")
    detail = serializers.CharField(help_text="For a person.")


class ImportProgress(serializers.Serializer[Any]):
    """What a worker was last asked to do with the file, and how far that has come."""

    task = serializers.ChoiceField(ImportTask.choices)
    phase = serializers.ChoiceField(
        ImportPhase.choices,
        help_text="`done`, `failed` and `cancelled` are ends: nothing changes after them.",
    )
    done = serializers.IntegerField(help_text="Of this phase: bytes while reading, statements after that.")
    total = serializers.IntegerField()
    percent = serializers.SerializerMethodField(help_text="Of the task, all its phases together.")
    asked_by = Person()
    asked_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Null while it waits or is under way.")
    refused = serializers.SerializerMethodField(help_text="Why it failed; null where it did not.")

    def get_percent(self, work: ImportWork) -> int:
        return rules.percent(work.task, work.phase, work.done, work.total)

    @extend_schema_field(ImportRefusal(allow_null=True))
    def get_refused(self, work: ImportWork) -> dict[str, str] | None:
        return {"rule": work.rule, "detail": work.detail} if work.rule else None


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
    progress = serializers.SerializerMethodField(
        help_text="Of what a worker was asked; null where everything was done while the caller waited."
    )

    @extend_schema_field(ImportBrings(many=True))
    def get_brings(self, row: Import) -> list[dict[str, str]]:
        told = [
            {"noun": noun, "code": code, "name": each.get("name") or each["title"]}
            for noun, rows in row.brings.items()
            for code, each in rows.items()
        ]
        return told[:BRINGS_SHOWN]

    @extend_schema_field(ImportProgress(allow_null=True))
    def get_progress(self, row: Import) -> Any:
        work = imports.work_of(row)
        return ImportProgress(work, context=self.context).data if work is not None else None


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
        responses={201: ImportShown, 202: ImportShown, 200: ImportShown},
        parameters=[
            OpenApiParameter(
                "Prefer",
                str,
                OpenApiParameter.HEADER,
                description="`respond-async`: let a worker do it, however small the file is (RFC 7240).",
            )
        ],
        examples=[
            OpenApiExample("Apply a dry run", request_only=True, value={"dry_run": False, "import": 1})
        ],
    )
    def post(self, request: Request) -> Response:
        """With `dry_run=true`, as it is where left out: reads the file, changes nothing, and answers 201 with counts;
        `imports/{id}/rows/` has what would become of each row. With `dry_run=false&import=ID`: does what that dry run
        said, and answers 200. Refused (409) while a row is refused, and where by now anything else would happen.

        A file of more than 4 MB or 10,000 lines, and an import of more rows than that, is left to a worker: the answer
        is 202 with the `Location` of the import, whose `progress` says how far it has come; it is over when
        `progress.ended_at` is not null. `Prefer: respond-async` asks for that however small the file is.

        Statuses are proposed, never published. The same bytes again change nothing.
        """
        sent = self.sent_as_form()
        later = _prefers_later(self.request)
        if sent["dry_run"]:
            return self._examine(sent, later)
        batch = self.find(imports.listed(), pk=sent["import"])
        self._same(batch, sent.get("file"))
        if later or not import_works.is_applied_at_once(batch):
            import_works.ask_to_apply(batch, by=self.person, now=self.now)
            return _accepted(self, batch.pk, later)
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

    def _examine(self, sent: dict[str, Any], later: bool) -> Response:
        file: UploadedFile = sent["file"]
        try:
            batch = import_works.bring(
                file.open("rb"),  # type: ignore[arg-type]
                format=sent["format"],
                filename=file.name or "",
                source=sent.get("source"),
                as_of=sent.get("as_of"),
                later=later,
                by=self.person,
                now=self.now,
            )
        except actions.BadFile as bad:
            raise serializers.ValidationError({"file": [ErrorDetail(bad.message, bad.rule)]}) from bad
        if batch.state == ImportState.WAITING:
            return _accepted(self, batch.pk, later)
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


class ImportCancel(Resource):
    verbs = {"POST": "import.write"}
    deeds = ("cancel",)

    @extend_schema(
        summary="Call off what a worker was asked to do, while it waits or is judged",
        request=None,
        responses=ImportShown,
    )
    def post(self, request: Request, pk: int) -> Response:
        """A dry run that is called off is `cancelled`; the application of one leaves it `examined`. Refused (409) once
        it is being applied, and where nothing is under way."""
        batch = self.find(imports.listed(), pk=pk)
        import_works.cancel(batch, by=self.person, now=self.now)
        return Response(_told(self, pk))


def _prefers_later(request: Request) -> bool:
    """Whether the caller would rather not wait: `Prefer: respond-async`, among other preferences perhaps."""
    preferences = request.headers.get("Prefer", "").lower().split(",")
    return any(each.split(";")[0].strip() == "respond-async" for each in preferences)


def _accepted(resource: Resource, pk: int, preferred: bool) -> Response:
    told = _told(resource, pk)
    headers = {"Location": told["url"], "Retry-After": str(ASK_AGAIN)}
    if preferred:
        headers["Preference-Applied"] = "respond-async"
    return Response(told, status=status.HTTP_202_ACCEPTED, headers=headers)


def _told(resource: Resource, pk: int) -> Any:
    return ImportShown(resource.find(imports.listed(), pk=pk), context=resource.context()).data
