"""The same lists and details as an ordinary developer writes them: DRF's ModelViewSet, and django-ninja.

Both read what they need with select_related and prefetch_related, and page as their own documents show. They
know nothing of counts of parts and evidence, of computed fields, of the past or of cursors: they do less than ours.
"""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db.models import Count, F, Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.urls import include, path
from ninja import NinjaAPI, Schema
from ninja.pagination import PageNumberPagination as NinjaPages
from ninja.pagination import paginate
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from recommendations.models import Addressee, Assessment, EvidenceLink, Recommendation


def rows(asked: Any) -> QuerySet[Recommendation]:
    """What both ask of the database."""
    found = (
        Recommendation.objects.filter(visibility="public", source__visibility="public")
        .exclude(parent__visibility="internal")
        .select_related("source", "parent")
        .prefetch_related(
            "themes", Prefetch("addressee_set", Addressee.objects.select_related("institution"))
        )
        .order_by("code")
    )
    if "status" in asked:
        found = found.filter(status=asked["status"])
    if "theme" in asked:
        found = found.filter(themes__code=asked["theme"])
    if "q" in asked:
        query = SearchQuery(asked["q"], config="english", search_type="websearch")
        vector = RawSQL("recommendations_recommendation.search", [], output_field=SearchVectorField())
        found = found.annotate(words=vector).filter(words=query).annotate(rank=SearchRank(F("words"), query))
        found = found.order_by("-rank", "code")
    return found


COLUMNS = (
    "code title summary status status_since confidence contested response due_on closure_reason closure_review_on"
    " last_verified_at priority updated_at version"
).split()


class NamedSource(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    published_on = serializers.DateField()


class Named(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class Asked(serializers.Serializer[Any]):
    institution = Named()
    wording = serializers.CharField()


class Verdict(serializers.ModelSerializer[Assessment]):
    class Meta:
        model = Assessment
        fields = ["id", "status", "effective_on", "rationale", "confidence", "verdict_by", "published_at"]


class Link(serializers.ModelSerializer[EvidenceLink]):
    title = serializers.CharField(source="evidence.title")
    finding = serializers.CharField(source="evidence.finding")
    url = serializers.CharField(source="evidence.document.url")

    class Meta:
        model = EvidenceLink
        fields = ["title", "finding", "url", "stance", "timing", "note"]


class Row(serializers.ModelSerializer[Recommendation]):
    source = NamedSource()  # type: ignore[assignment] # no attribute: a field
    parent = serializers.CharField(source="parent.code", default=None)  # type: ignore[assignment] # likewise
    themes = Named(many=True)
    addressees = Asked(source="addressee_set", many=True)

    class Meta:
        model = Recommendation
        fields = [*COLUMNS, "source", "parent", "themes", "addressees"]


class Detail(Row):
    assessments = Verdict(many=True)
    evidence = Link(source="evidence_links", many=True)

    class Meta(Row.Meta):
        fields = [*Row.Meta.fields, "assessments", "evidence"]


class Pages(PageNumberPagination):
    page_size = 100
    page_size_query_param = "limit"


class Plain(viewsets.ReadOnlyModelViewSet[Recommendation]):
    lookup_field = "code"
    pagination_class = Pages
    renderer_classes = [JSONRenderer]
    authentication_classes: list[Any] = []

    def get_queryset(self) -> QuerySet[Recommendation]:
        found = rows(self.request.query_params)
        if self.action != "retrieve":
            return found
        return found.prefetch_related("assessments", "evidence_links__evidence__document")

    def get_serializer_class(self) -> Any:
        return Detail if self.action == "retrieve" else Row

    @action(detail=False)
    def overview(self, request: Request) -> Response:
        by = {"source": "source__code", "theme": "themes__code", "addressee": "addressees__code",
              "year": "source__published_on__year"}[request.query_params["group_by"]]  # fmt: skip
        counted = self.get_queryset().order_by().values(by, "status").annotate(n=Count("pk", distinct=True))
        return Response(list(counted))


class SourceOut(Schema):
    code: str
    title: str
    published_on: date


class NamedOut(Schema):
    code: str
    name: str


class AskedOut(Schema):
    institution: NamedOut
    wording: str


class RowOut(Schema):
    code: str
    title: str
    summary: str
    status: str
    status_since: date | None
    confidence: str
    contested: bool
    response: str
    due_on: date | None
    closure_reason: str
    closure_review_on: date | None
    last_verified_at: datetime | None
    priority: bool
    updated_at: datetime
    version: int
    source: SourceOut
    themes: list[NamedOut]
    addressee_set: list[AskedOut]


class VerdictOut(Schema):
    id: int
    status: str
    effective_on: date
    rationale: str
    confidence: str
    verdict_by: str
    published_at: datetime | None


class EvidenceOut(Schema):
    title: str
    finding: str


class LinkOut(Schema):
    evidence: EvidenceOut
    stance: str
    note: str


class DetailOut(RowOut):
    assessments: list[VerdictOut]
    evidence_links: list[LinkOut]


ninja = NinjaAPI(urls_namespace="bench-ninja")


@ninja.get("/recommendations/", response=list[RowOut])
@paginate(NinjaPages, page_size=100)
def ninja_list(request: HttpRequest) -> Any:
    return rows({name: request.GET[name] for name in request.GET})


@ninja.get("/recommendations/{code}/", response=DetailOut)
def ninja_detail(request: HttpRequest, code: str) -> Any:
    return rows({}).prefetch_related("assessments", "evidence_links__evidence__document").get(code=code)


@ninja.get("/overview/")
def ninja_overview(request: HttpRequest, group_by: str) -> Any:
    by = {"source": F("source__code"), "theme": F("themes__code")}.get(
        group_by, F("source__published_on__year")
    )
    return list(
        rows({}).order_by().values(grouped=by, state=F("status")).annotate(n=Count("pk", distinct=True))
    )


router = SimpleRouter()
router.register("recommendations", Plain, basename="plain")
urlpatterns = [
    path("", include("tracker.urls")),
    path("plain/", include(router.urls)),
    path("ninja/", ninja.urls),
]
