"""Loading a whole tracker from its public records: an operator's restore, into an empty one, all or nothing.

Moments, versions and numbers stay what they were, so the same file can be exported again; at the end it is, and
where a line would not come out as it went in, nothing is loaded. No trigger is switched off: verdicts are proposed,
published and retracted again in the order of their moments. What the file does not hold is not made up: verdicts were
proposed by ORIGIN, and the person who loads stands for those who decided, closed and recorded.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from django.core.management.color import no_style
from django.db import connection, models
from django.utils.translation import gettext as _

from recommendations.actions import changes, events, headlines
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.exchange.records import Record
from recommendations.models import (
    Addressee,
    Assessment,
    Citation,
    Closure,
    Deadline,
    Document,
    Event,
    Evidence,
    EvidenceLink,
    Figure,
    Indicator,
    Institution,
    Observation,
    Recommendation,
    Relation,
    Response,
    Source,
    Theme,
    User,
)
from recommendations.queries import records
from recommendations.queries.headlines import COPIED
from recommendations.queries.record_shapes import MODELS
from recommendations.rules.assessments import needs_evidence
from recommendations.vocabulary import AssessmentState

ORIGIN = "load"
AT_ONCE = 1_000

Row = TypeVar("Row", bound=models.Model)
Values = dict[str, Any]


def load(lines: Iterable[Record], *, by: User, now: datetime) -> dict[str, int]:
    """Make a tracker of these records; how many of each noun. `by` may bring in files and publish verdicts.

    Raises Refused with the rule `tracker_not_empty`, `record_named_unknown`, `record_cites_evidence`,
    `record_comes_out_the_same` or that of any constraint, and what the lines raise while they are read.
    """
    require(by, "import.write")
    require(by, "assessment.publish")
    with one_transaction():
        changes.alone()
        if any(model._default_manager.exists() for model in (*MODELS.values(), Document)):
            raise Refused("tracker_not_empty", _("Only an empty tracker can be loaded into."))
        loading = _Loading(lines, by)
        loading.write()
        _tell(loading.read, now=now)
        _comes_out_the_same(loading.read)
    return {noun: len(found) for noun, found in loading.read.items()}


class _Loading:
    """The records that were read, by noun, and the rows made of them, by code."""

    def __init__(self, lines: Iterable[Record], by: User) -> None:
        self.by = by
        self.read: dict[str, list[Record]] = {noun: [] for noun in records.NOUNS}
        for record in lines:
            self.read[record.noun].append(record)
        self.rows: dict[str, dict[str, Any]] = {noun: {} for noun in (*records.NOUNS, "document")}

    def write(self) -> None:
        self._dimension("institution", Institution, ["parent", "merged_into"])
        self._dimension("theme", Theme, ["parent"])
        self._keep(
            "source", (self.row(Source, each, publisher="institution") for each in self.read["source"])
        )
        for part in (False, True):  # a part belongs to a whole that is there
            lines = [each for each in self.read["recommendation"] if bool(each.values["parent"]) is part]
            self._keep("recommendation", (self._recommendation(each) for each in lines))
        self._lists()
        self._evidence()
        self._ledgers()
        _verdicts(self)
        headlines.restore()
        self._measures()
        with connection.cursor() as cursor:  # numbers were given; the next ones come after them
            numbered = [
                Evidence,
                Assessment,
                Response,
                Deadline,
                Closure,
                Relation,
                EvidenceLink,
                Observation,
            ]
            for statement in connection.ops.sequence_reset_sql(no_style(), numbered):
                cursor.execute(statement)

    def named(self, noun: str, code: str | None, line: int) -> Any:
        """The row of this code, which a line names; None for null."""
        if code is None:
            return None
        if code not in self.rows[noun]:
            told = _("Line %(line)d: it names %(noun)s “%(code)s”, which the file does not hold.")
            raise Refused("record_named_unknown", told % {"line": line, "noun": noun, "code": code})
        return self.rows[noun][code]

    def ledger(self, name: str) -> Iterator[tuple[Recommendation, Values]]:
        """Each entry of a list that belongs to recommendations, with its recommendation, by its number.

        The entry says under `line` where in the file it stands.
        """
        entries = [
            (self.rows["recommendation"][record.values["code"]], entry | {"line": record.line})
            for record in self.read["recommendation"]
            for entry in record.values[name]
        ]
        return iter(sorted(entries, key=lambda each: each[1]["id"]))

    def row(
        self, model: type[Row], record: Record | Values, without: Iterable[str] = (), **names: str
    ) -> Row:
        """A row with the columns that the record has by the same name; `names` says which of them name other rows.

        What is no record of its own says under `line` where it stands.
        """
        values = record.values | {"line": record.line} if isinstance(record, Record) else record
        columns = {field.name for field in model._meta.concrete_fields} - set(without) - names.keys()
        told = {name: value for name, value in values.items() if name in columns}
        told |= {name: self.named(noun, values[name], values["line"]) for name, noun in names.items()}
        return model(**told)

    def _keep(self, noun: str, rows: Iterable[Any]) -> None:
        made = {row.code: row for row in rows}
        _save(made.values())
        self.rows[noun] |= made

    def _dimension(self, noun: str, model: type[models.Model], names: list[str]) -> None:
        """Rows that refer to their like: first all of them, then to whom they belong."""
        self._keep(noun, (self.row(model, each, without=names) for each in self.read[noun]))
        joined = [each for each in self.read[noun] if any(each.values[name] for name in names)]
        for record in joined:
            for name in names:
                row = self.rows[noun][record.values["code"]]
                setattr(row, name, self.named(noun, record.values[name], record.line))
        rows = [self.rows[noun][record.values["code"]] for record in joined]
        model._default_manager.bulk_update(rows, names, batch_size=AT_ONCE)

    def _recommendation(self, record: Record) -> Recommendation:
        return self.row(Recommendation, record, without=COPIED, source="source", parent="recommendation")

    def _lists(self) -> None:
        filed, asked = [], []
        through = Recommendation.themes.through
        for record in self.read["recommendation"]:
            row = self.rows["recommendation"][record.values["code"]]
            for code in record.values["themes"]:
                filed.append(through(recommendation=row, theme=self.named("theme", code, record.line)))
            for place, each in enumerate(record.values["addressees"]):
                body = self.named("institution", each["institution"], record.line)
                asked.append(
                    Addressee(recommendation=row, institution=body, wording=each["wording"], position=place)
                )
        _save(filed)
        _save(asked)
        _save(
            self.row(
                Relation,
                entry | {"recommendation": row.code},
                recommendation="recommendation",
                other="recommendation",
            )
            for row, entry in self.ledger("relations")
        )

    def _evidence(self) -> None:
        documents: dict[str, Values] = {}
        for record in self.read["evidence"]:
            told = record.values["document"] | {"line": record.line}
            first = documents.setdefault(told["code"], told)
            if first | {"line": record.line} != told:
                said = _("Line %(line)d: document “%(code)s” is another one above.")
                raise Refused("record_named_twice", said % {"line": record.line, "code": told["code"]})
        bodies = {"publisher": "institution", "via": "institution"}
        self._keep("document", (self.row(Document, told, **bodies) for told in documents.values()))
        self._keep("evidence", (self._found(each) for each in self.read["evidence"]))
        links = [
            (
                each["id"],
                self.row(
                    EvidenceLink,
                    each | {"evidence": record.values["code"], "line": record.line},
                    evidence="evidence",
                    recommendation="recommendation",
                ),
            )
            for record in self.read["evidence"]
            for each in record.values["links"]
        ]
        _save(row for _id, row in sorted(links, key=lambda each: each[0]))

    def _found(self, record: Record) -> Evidence:
        values = record.values | {"document": record.values["document"]["code"], "line": record.line}
        return self.row(Evidence, values, document="document")

    def _ledgers(self) -> None:
        bodies = {"recommendation": "recommendation", "institution": "institution", "evidence": "evidence"}
        said = [
            self.row(Response, entry | {"recommendation": row.code}, **bodies)
            for row, entry in self.ledger("responses")
        ]
        for response in said:
            response.recorded_by = self.by
        _save(said)
        # In the order in which they follow each other, which the database checks.
        entries = sorted(self.ledger("deadlines"), key=lambda each: (each[1]["recorded_at"], each[1]["id"]))
        moved = []
        for row, entry in entries:
            deadline = self.row(Deadline, entry, moved_by="institution")
            deadline.recommendation, deadline.recorded_by = row, self.by
            moved.append(deadline)
        _save(moved)
        closed = []
        for row, entry in self.ledger("closures"):
            closure = self.row(Closure, entry)
            closure.recommendation, closure.closed_by = row, self.by
            closed.append(closure)
        _save(closed)

    def _measures(self) -> None:
        self._keep("indicator", (self.row(Indicator, each) for each in self.read["indicator"]))
        through = Indicator.recommendations.through
        measured, values = [], []
        for record in self.read["indicator"]:
            row = self.rows["indicator"][record.values["code"]]
            for code in record.values["recommendations"]:
                measured.append(
                    through(indicator=row, recommendation=self.named("recommendation", code, record.line))
                )
            for each in record.values["observations"]:
                value = self.row(Observation, each)  # names no other row
                value.indicator = row
                values.append(value)
        _save(measured)
        _save(sorted(values, key=lambda value: value.pk))
        names = {"source": "source", "evidence": "evidence"}
        self._keep("figure", (self.row(Figure, each, **names) for each in self.read["figure"]))


PROPOSE, PUBLISH, RETRACT = range(3)


def _verdicts(loading: _Loading) -> None:
    """Each verdict proposed, published and retracted when it was: what corrects another finds it published."""
    told = {entry["id"]: (row, entry) for row, entry in loading.ledger("assessments")}
    steps = []
    for number, (row, entry) in told.items():
        if needs_evidence(entry["status"]) and not entry["evidence"]:
            said = _(
                "Line %(line)d: verdict %(id)d on %(code)s cites nothing that the public may see: it cannot be loaded."
            )
            told_of = {"line": entry["line"], "id": number, "code": row.code}
            raise Refused("record_cites_evidence", said % told_of)
        depth = _corrects(entry, told)
        steps.append((entry["proposed_at"], depth, PROPOSE, number))
        steps.append((entry["published_at"], depth, PUBLISH, number))
        if entry["retracted_at"] is not None:
            steps.append((entry["retracted_at"], depth, RETRACT, number))
    rows: dict[int, Assessment] = {}
    for (_at, _depth, step), group in groupby(sorted(steps), key=lambda each: each[:3]):
        numbers = [number for *_place, number in group]
        if step == PROPOSE:
            rows |= _proposed(loading, [told[number] for number in numbers])
        else:
            _moved([(rows[number], told[number][1]) for number in numbers], step, loading.by)


def _corrects(entry: Values, told: dict[int, tuple[Recommendation, Values]]) -> int:
    """How many verdicts stand before this one in the line of corrections: of one moment, the corrected comes first."""
    depth, seen = 0, {entry["id"]}
    while (number := entry["supersedes"]) is not None:
        if number not in told or number in seen:
            said = _("Line %(line)d: it corrects verdict %(id)d, which the file does not hold.")
            raise Refused("record_named_unknown", said % {"line": entry["line"], "id": number})
        seen.add(number)
        depth, entry = depth + 1, told[number][1]
    return depth


def _proposed(loading: _Loading, entries: list[tuple[Recommendation, Values]]) -> dict[int, Assessment]:
    silent = ("state", "published_at", "retracted_at", "retraction_reason", "supersedes")
    rows, cited = {}, []
    for recommendation, entry in entries:
        row = loading.row(Assessment, entry, without=silent, verdict_institution="institution")
        row.recommendation, row.supersedes_id = recommendation, entry["supersedes"]
        row.proposed_by_machine = ORIGIN
        rows[row.pk] = row
        for each in entry["evidence"]:
            citation = loading.row(Citation, each | {"line": entry["line"]}, evidence="evidence")
            citation.assessment = row
            cited.append(citation)
    _save(rows.values())
    _save(cited)
    return rows


def _moved(moved: list[tuple[Assessment, Values]], step: int, by: User) -> None:
    for row, entry in moved:
        if step == PUBLISH:
            row.state, row.decided_by = AssessmentState.PUBLISHED, by
            row.decided_at = row.published_at = entry["published_at"]
        else:
            row.state, row.retracted_by = AssessmentState.RETRACTED, by
            row.retracted_at, row.retraction_reason = entry["retracted_at"], entry["retraction_reason"]
    columns = ["state", "decided_by", "decided_at", "published_at"]
    if step == RETRACT:
        columns = ["state", "retracted_by", "retracted_at", "retraction_reason"]
    Assessment.objects.bulk_update([row for row, _entry in moved], columns, batch_size=AT_ONCE)


def _save(rows: Iterable[Any]) -> None:
    """Insert rows of one kind, many at once."""
    made = list(rows)
    if made:
        type(made[0])._default_manager.bulk_create(made, batch_size=AT_ONCE)


def _tell(read: dict[str, list[Record]], *, now: datetime) -> None:
    """The first events of the new tracker: its change feed begins with all of them."""
    fresh = [
        events.describe(
            f"{noun}.created", MODELS[noun](code=record.values["code"]), by=ORIGIN, now=now, public=True
        )
        for noun, lines in read.items()
        for record in lines
    ]
    Event.objects.bulk_create(fresh, batch_size=AT_ONCE)


def _comes_out_the_same(read: dict[str, list[Record]]) -> None:
    """Each line is what an export would say of it now; else the file says something that follows from nothing in it."""
    for noun, lines in read.items():
        for start in range(0, len(lines), AT_ONCE):
            some = lines[start : start + AT_ONCE]
            held = records.by_code({noun: [record.values["code"] for record in some]})
            for record in some:
                found = held.get((noun, record.values["code"]))
                if found is None or found.text != record.text:
                    told = _("Line %(line)d (%(noun)s %(code)s) would not come out as it went in.")
                    said = told % {"line": record.line, "noun": noun, "code": record.values["code"]}
                    raise Refused("record_comes_out_the_same", said)
