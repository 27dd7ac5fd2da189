"""`exports/`: all that a list would show, as one file that is written while it is sent."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from recommendations.api.parameters import Query, moment
from recommendations.api.recommendations import RecommendationQuery, wanted
from recommendations.api.resources import Compact, Resource
from recommendations.exchange import packages, spreadsheets
from recommendations.exchange.archives import zipped
from recommendations.models import Recommendation
from recommendations.queries import changes, exports, records
from recommendations.queries.export_tables import RECOMMENDATIONS, Table
from recommendations.queries.exports import Selected
from recommendations.queries.package import TABLES
from recommendations.queries.reading import Reading, Stream

NOT_OF_FILES = ("limit", "cursor", "include", "ordering", "fields", "expand")
"""Parameters of the list that a file has no use for: it holds all rows, all columns, in the order of their codes."""

HEADERS = [
    OpenApiParameter(
        "Feed-Cursor",
        str,
        OpenApiParameter.HEADER,
        response=[200],
        description="Ask `changes/` with `after` = this for all that changes after the moment of this file.",
    ),
    OpenApiParameter(
        "Last-Modified",
        str,
        OpenApiParameter.HEADER,
        response=[200],
        description="The moment of this file.",
    ),
]


class Csv(BaseRenderer):
    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"


class Ndjson(BaseRenderer):
    media_type = "application/x-ndjson"
    format = "ndjson"
    charset = None


class Xlsx(BaseRenderer):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    charset = None


class Zip(BaseRenderer):
    media_type = "application/zip"
    format = "zip"
    charset = None


class ExportQuery(RecommendationQuery):
    """What the list may be asked, but for what concerns its pages."""

    def get_fields(self) -> dict[str, Any]:
        return {name: field for name, field in super().get_fields().items() if name not in NOT_OF_FILES}


class Export(Resource):
    """One file. A subclass says what it is called and what it holds."""

    queries: dict[str, type[Query]] = {"GET": ExportQuery}
    name = "recommendations"

    def answer(self, request: Request) -> HttpResponseBase:
        """The file; for HEAD only what is said of it."""
        reading = Reading()
        try:
            answer = self._answer(reading)
            for name, value in self._said(reading).items():
                answer.headers[name] = value
        except BaseException:
            reading.close()
            raise
        return answer

    def pieces(self, reading: Reading) -> Iterator[bytes]:
        raise NotImplementedError

    def selected(self) -> Selected:
        at = moment(self.asked, self.now)
        return Selected(wanted(self.asked, self.reader, at, self.now, whole=True), self.reader, at, self.now)

    @property
    def renderer(self) -> type[BaseRenderer]:
        return self.renderer_classes[0]

    def _answer(self, reading: Reading) -> HttpResponseBase:
        charset = f"; charset={self.renderer.charset}" if self.renderer.charset else ""
        kind = f"{self.renderer.media_type}{charset}"
        if self.request.method == "HEAD":
            reading.close()
            return HttpResponse(content_type=kind)
        return StreamingHttpResponse(Stream(self.pieces(reading), reading), content_type=kind)

    def _said(self, reading: Reading) -> dict[str, str]:
        """The file is dated: by its name, and to the moment in the feed."""
        day = self.asked.get("as_of", self.now.date())
        return {
            "Content-Disposition": f'attachment; filename="{self.name}-{day}.{self.renderer.format}"',
            "Feed-Cursor": reading.end.text(changes.key()),
            "Last-Modified": f"{self.now:%a, %d %b %Y %H:%M:%S} GMT",
        }


class RecommendationsCsv(Export):
    renderer_classes = [Csv, Compact]

    @extend_schema(
        summary="Recommendations as CSV",
        parameters=HEADERS,
        responses={(200, Csv.media_type): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """One row a recommendation, with what the list shows and asked for as the list is, at any moment.

        RFC 4180 in UTF-8 without a byte order mark. Lists are codes separated by `;`. Text that a spreadsheet would
        take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break, or with an apostrophe) has an
        apostrophe before it: take one away from the front of each text that has one, and it is as it was.
        """
        return self.answer(request)

    def pieces(self, reading: Reading) -> Iterator[bytes]:
        return reading.csv(RECOMMENDATIONS.statement(self.selected()))


class RecommendationsNdjson(Export):
    renderer_classes = [Ndjson, Compact]

    @extend_schema(
        summary="Recommendations as JSON, one a line",
        parameters=HEADERS,
        responses={(200, Ndjson.media_type): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Each line is what the list says of one recommendation; asked for as the list is, at any moment."""
        return self.answer(request)

    def pieces(self, reading: Reading) -> Iterator[bytes]:
        return reading.lines(exports.as_list_rows(self.selected(), self.context()["root"]))


class RecommendationsXlsx(Export):
    renderer_classes = [Xlsx, Compact]

    @extend_schema(
        summary="Recommendations as a spreadsheet",
        parameters=HEADERS,
        responses={(200, Xlsx.media_type): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The same table as a workbook (XLSX), with a second sheet that says what it is and of which moment.

        Numbers, dates and truths are what they are and text is text: no cell is a formula. A sheet holds 1,048,575
        rows; more are refused, and CSV has them all.
        """
        return self.answer(request)

    def pieces(self, reading: Reading) -> Iterator[bytes]:
        selected = self.selected()
        if selected.rows.count() > spreadsheets.MOST_ROWS:
            told = _("These are more rows than a sheet holds: ask for fewer, or for CSV.")
            raise serializers.ValidationError(told, code="too_many")
        columns = RECOMMENDATIONS.columns(selected)
        table = reading.rows(RECOMMENDATIONS.plain(selected))
        about = [
            [_("What"), str(RECOMMENDATIONS.description)],
            [_("From"), self.request.build_absolute_uri()],
            [_("Made at"), self.now.isoformat()],
            [_("As of"), self.asked.get("as_of", self.now.date())],
            [_("As known at"), self.asked.get("known_at", self.now).isoformat()],
            *([each.name, each.description] for each in columns),
        ]
        sheets = [
            (str(RECOMMENDATIONS.title), [each.name for each in columns], table),
            (_("About"), [_("Column"), _("What it says")], iter(about)),
        ]
        return spreadsheets.workbook(sheets, at=self.now)


class DataPackage(Export):
    """Tables of everything that belongs to the recommendations asked for."""

    name = "datapackage"
    renderer_classes = [Zip, Compact]

    @extend_schema(
        summary="Everything as a data package",
        parameters=HEADERS,
        responses={(200, Zip.media_type): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A Frictionless Data Package: a zip of CSV files (sources, recommendations, addressees, assessments,
        citations, evidence, links, indicators, observations, relations, responses, deadlines, closures, figures,
        institutions, themes),
        with `datapackage.json`, which describes every column, and the same for people in `dictionary.csv`.

        Asked for as the list is, at any moment, but with parts unless `level` says otherwise. Only what is public,
        whoever asks. Sources, institutions, themes, evidence and indicators are whole, so that every code leads
        somewhere. Text is guarded as in the CSV file.
        """
        return self.answer(request)

    def pieces(self, reading: Reading) -> Iterator[bytes]:
        self.asked.setdefault("level", "all")
        chosen = self.selected()
        public = Selected(
            chosen.rows.filter(pk__in=Recommendation.objects.published()), None, chosen.at, self.now
        )
        return zipped(self._files(reading, public), at=self.now)

    def _files(self, reading: Reading, chosen: Selected) -> Iterator[tuple[str, Iterable[bytes]]]:
        resources = [_described(each, chosen) for each in TABLES]
        more = {
            "as_of": (chosen.at.as_of if chosen.at else self.now.date()).isoformat(),
            "known_at": (chosen.at.known_at if chosen.at else self.now).isoformat(),
            "query": self.request.META.get("QUERY_STRING", ""),
            "feed_cursor": reading.end.text(changes.key()),
        }
        home = self.request.build_absolute_uri("/")
        title = _("What was recommended, and what became of it")
        yield (
            "datapackage.json",
            [
                packages.descriptor(
                    resources, title=title, description=_how_to_read(), homepage=home, at=self.now, more=more
                )
            ],
        )
        yield "dictionary.csv", [packages.dictionary(resources)]
        for each in TABLES:
            yield f"data/{each.name}.csv", reading.csv(each.statement(chosen))


def _how_to_read() -> str:
    return _(
        "Begin with data/recommendations.csv: one row a recommendation or part, with what it has come to; every other"
        " table belongs to it or is named in it by code. dictionary.csv explains each column: what it says, how it is"
        " written, what an empty cell means, and every word that it may hold. “not_assessed” means that nobody has"
        " looked; it says nothing about what was done. Text that a spreadsheet would take for a formula has an"
        " apostrophe before it: take one away from the front of each text that has one. The package is of one moment:"
        " what was true on as_of, as far as we had published it at known_at; titles, summaries and notes are those of"
        " today."
    )


def _described(table: Table, chosen: Selected) -> packages.Resource:
    fields = [
        packages.Field(
            each.name, each.type, each.description, each.words, each.form, each.empty, each.pattern
        )
        for each in table.columns(chosen)
    ]
    return packages.Resource(
        table.name, str(table.title), str(table.description), fields, table.key, table.refers
    )


class TrackerNdjson(Export):
    """Everything public, as records."""

    name = "tracker"
    queries = {}
    renderer_classes = [Ndjson, Compact]

    @extend_schema(
        summary="Everything public, as records",
        parameters=HEADERS,
        responses={(200, Ndjson.media_type): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The public records of all nouns, one a line, after a first line that names the format: institutions, themes,
        sources, recommendations (with their verdicts, responses, deadlines, closures and relations), evidence (with
        its document and links), indicators (with their values) and figures.

        It is the same for everyone, and what a mirror of `changes/` holds: begin with it and go on from the cursor in
        `Feed-Cursor`. `manage.py load` makes a tracker of it, of which this is the same file again, byte by byte.
        """
        return self.answer(request)

    def pieces(self, reading: Reading) -> Iterator[bytes]:
        return records.lines(reading.lines)

    def _answer(self, reading: Reading) -> HttpResponseBase:
        etag = f'W/"{hashlib.sha256(repr(changes.newest()).encode()).hexdigest()[:32]}"'
        if etag in parse_etags(self.request.headers.get("If-None-Match", "")):
            reading.close()
            return HttpResponseNotModified(headers={"ETag": etag})
        answer = super()._answer(reading)
        answer.headers["ETag"] = etag
        return answer
