"""`checks/`: standing instructions to look somewhere, and every look. For staff."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import checks as actions
from recommendations.api.evidence import known
from recommendations.api.fields import Address, Person, Word
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, Choices, Flag
from recommendations.api.resources import Resource, lock
from recommendations.api.schema import page_of
from recommendations.fetching.adapters import kind_of
from recommendations.models import CheckRun, Evidence, Indicator, Recommendation, StatusCheck
from recommendations.queries import checks
from recommendations.queries.visibility import visible
from recommendations.vocabulary import CheckKind, CheckState, Outcome


class CheckRow(serializers.Serializer[Any]):
    """A standing instruction to look somewhere, and how it is doing."""

    id = serializers.IntegerField()
    url = Address("checks/{pk}/")
    kind = serializers.ChoiceField(CheckKind.choices)
    evidence = serializers.IntegerField(source="evidence_id", allow_null=True)
    recommendation = serializers.CharField(source="recommendation.code", default=None, allow_null=True)
    indicator = serializers.CharField(source="indicator.code", default=None, allow_null=True)
    address = serializers.SerializerMethodField(
        help_text="What it looks at; empty where it looks at our own rows."
    )
    host = serializers.CharField()
    config = serializers.DictField()
    every = serializers.IntegerField(help_text="Seconds between looks, before they adapt.")
    state = serializers.ChoiceField(CheckState.choices)
    next_due_at = serializers.DateTimeField()
    requested_by = Person(allow_null=True)
    requested_at = serializers.DateTimeField(allow_null=True, help_text="Since when a look was asked for.")
    last_run_at = serializers.DateTimeField(allow_null=True)
    last_outcome = Word(Outcome.choices, allow_null=True)
    failures = serializers.IntegerField(help_text="Failures in a row.")
    quiet_runs = serializers.IntegerField(help_text="Unchanged looks in a row.")
    created_by = Person(allow_null=True)
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    def get_address(self, row: StatusCheck) -> str:
        return row.evidence.document.url if row.evidence else kind_of(row.kind).address(row.config)


class RunRow(serializers.Serializer[Any]):
    """One look: the due time it served, what came of it, and the facts of the exchange."""

    id = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(Outcome.choices)
    http_status = serializers.IntegerField(allow_null=True)
    final_url = serializers.CharField()
    size = serializers.IntegerField()
    elapsed_ms = serializers.IntegerField()
    attempt = serializers.IntegerField()
    detail = serializers.CharField()
    snapshot = serializers.IntegerField(source="snapshot_id", allow_null=True)
    requested_by = Person(allow_null=True)


class CheckQuery(PageQuery):
    kind = Choices(CheckKind.choices)
    state = Choices(CheckState.choices)
    evidence = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    recommendation = serializers.CharField(required=False, max_length=100)
    indicator = serializers.CharField(required=False, max_length=100)
    due = Flag(required=False, help_text="The time of the next look has come.")

    def validate_recommendation(self, code: str) -> Recommendation:
        return known(Recommendation, code, self.context["reader"])

    def validate_indicator(self, code: str) -> Indicator:
        return known(Indicator, code, self.context["reader"])


class RunQuery(PageQuery):
    outcome = Choices(Outcome.choices)


class CheckBody(Body):
    """A new check. It watches one thing: pages and documents an evidence, feeds and registers a recommendation,
    series an indicator. The kinds `deadline` and `freshness` look at our own rows of a recommendation. The settings
    of each kind are described in docs/checks.md."""

    kind = serializers.ChoiceField(CheckKind.choices)
    evidence = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="Id of evidence."
    )
    recommendation = serializers.CharField(required=False, max_length=100, help_text="Code.")
    indicator = serializers.CharField(required=False, max_length=100, help_text="Code.")
    config = serializers.DictField(required=False, default=dict, help_text="Settings of the kind.")
    every = serializers.IntegerField(max_value=2**31 - 1, help_text="Seconds between looks, at least 60.")

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        watches = kind_of(sent["kind"]).WATCHES
        for name in {"evidence", "recommendation", "indicator"} & sent.keys() - {watches}:
            told = _("A check of the kind “%(kind)s” watches %(what)s.") % {
                "kind": sent["kind"],
                "what": watches,
            }
            raise serializers.ValidationError({name: [told]}, code="not_watched")
        if watches not in sent:
            raise serializers.ValidationError({watches: [_("Say what is to be watched.")]}, code="required")
        must_be_settings(sent["kind"], sent["config"])
        return sent

    def validate_evidence(self, number: int) -> Evidence:
        found = (
            visible(Evidence.objects.select_related("document"), self.context["reader"])
            .filter(pk=number)
            .first()
        )
        if found is None:
            raise serializers.ValidationError(_("There is no evidence %d.") % number, code="unknown")
        return found

    def validate_recommendation(self, code: str) -> Recommendation:
        return known(Recommendation, code, self.context["reader"])

    def validate_indicator(self, code: str) -> Indicator:
        return known(Indicator, code, self.context["reader"])


def must_be_settings(kind: str, config: dict[str, Any]) -> None:
    """A 400 that names each wrong setting as `config.<name>`, with what it holds."""
    wrong = actions.problems(kind, config)
    if wrong:
        raise serializers.ValidationError({"config": wrong}, code="check_config")


class CheckChange(Body):
    """What is to be changed; what is left out stays."""

    config = serializers.DictField(required=False)
    every = serializers.IntegerField(required=False, max_value=2**31 - 1)
    state = serializers.ChoiceField([CheckState.ACTIVE, CheckState.PAUSED], required=False)


class CheckList(Resource):
    verbs = {"GET": "internal.read", "POST": "check.write"}
    queries = {"GET": CheckQuery}
    is_list = True

    @extend_schema(summary="Checks", responses=page_of(CheckRow))
    def get(self, request: Request) -> Response:
        rows = checks.listed().filter(
            **{f"{name}__in": self.asked[name] for name in ("kind", "state") if name in self.asked}
        )
        watched = ("evidence", "recommendation", "indicator")
        rows = rows.filter(**{name: self.asked[name] for name in watched if name in self.asked})
        if "due" in self.asked:
            rows = checks.due(rows, self.asked["due"], now=self.now)
        page = paged(rows, (Key("id"),), self.asked, request)
        return Response(page.answer(CheckRow(page.rows, many=True, context=self.context()).data))

    @extend_schema(summary="Watch an address", request=CheckBody, responses={201: CheckRow})
    def post(self, request: Request) -> Response:
        row = actions.create(**self.sent(CheckBody), by=self.person, now=self.now)
        told = _told(self, row.pk)
        return Response(told, status=status.HTTP_201_CREATED, headers={"Location": told["url"]})


class CheckDetail(Resource):
    verbs = {"GET": "internal.read", "PATCH": "check.write"}

    @extend_schema(summary="One check", responses=CheckRow)
    def get(self, request: Request, pk: int) -> Response:
        return Response(_told(self, pk))

    @extend_schema(summary="Change or pause a check", request=CheckChange, responses=CheckRow)
    def patch(self, request: Request, pk: int) -> Response:
        with transaction.atomic():
            row: StatusCheck = self.find(checks.listed(), pk=pk)
            lock(row)
            self.must_match(_told(self, pk))
            sent = self.sent(CheckChange)
            if "config" in sent:
                must_be_settings(row.kind, sent["config"])
            actions.change(row, **sent, by=self.person, now=self.now)
        return Response(_told(self, pk))


class CheckLook(Resource):
    """A person asks for a look: a worker takes it with the next sweep, also while live checks are off."""

    verbs = {"POST": "check.run"}
    deeds = ("run",)

    @extend_schema(summary="Ask for a look now", request=None, responses={202: CheckRow})
    def post(self, request: Request, pk: int) -> Response:
        actions.request_run(self.find(checks.listed(), pk=pk), by=self.person, now=self.now)
        return Response(_told(self, pk), status=status.HTTP_202_ACCEPTED)


class RunList(Resource):
    verbs = {"GET": "internal.read"}
    queries = {"GET": RunQuery}
    is_list = True

    @extend_schema(summary="Looks of one check, the latest first", responses=page_of(RunRow))
    def get(self, request: Request, pk: int) -> Response:
        check = self.find(checks.listed(), pk=pk)
        rows = CheckRun.objects.filter(status_check=check).select_related("requested_by")
        if "outcome" in self.asked:
            rows = rows.filter(outcome__in=self.asked["outcome"])
        page = paged(rows, (Key("due_at", descending=True), Key("id", descending=True)), self.asked, request)
        return Response(page.answer(RunRow(page.rows, many=True, context=self.context()).data))


def _told(resource: Resource, pk: int) -> Any:
    return CheckRow(resource.find(checks.listed(), pk=pk), context=resource.context()).data
