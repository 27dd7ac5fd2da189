"""Loading a whole tracker from its public records: an operator's restore, into an empty one, all or nothing.

Moments, versions and numbers stay what they were, so the same file can be exported again; at the end it is, and
where a line would not come out as it went in, nothing is loaded. No trigger is switched off: verdicts are proposed,
published and retracted again in the order of their moments (load_verdicts.py). What the file does not hold is not made
up: verdicts were proposed by ORIGIN, and the person who loads stands for those who decided, closed and recorded.

The lines are taken up block by block (load_staging.py), several times: what a row names is there before it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.core.management.color import no_style
from django.db import connection, models
from django.utils.translation import gettext as _

from recommendations.actions import changes, events, headlines, load_staging, load_verdicts
from recommendations.actions.load_staging import BLOCK, blocks
from recommendations.actions.load_verdicts import ORIGIN
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.exchange.records import Record
from recommendations.models import (
    Addressee,
    Assessment,
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

Row = TypeVar("Row", bound=models.Model)
Values = dict[str, Any]
Step = Callable[[str, int, int], None]
READ, COMPARE = "read", "compare"
"""What `step` hears besides the nouns."""


def load(
    lines: Iterable[Record], *, by: User, now: datetime, step: Step = lambda _name, _done, _total: None
) -> dict[str, int]:
    """Make a tracker of these records; how many of each noun. `by` may bring in files and publish verdicts.

    `step` hears how many lines are read (of 0: their number is not known), how many records of a noun are written (some
    nouns take two rounds) and how many are compared. Raises Refused with the rule `tracker_not_empty`,
    `record_named_unknown`, `record_cites_evidence`, `record_comes_out_the_same` or that of any constraint, and what the
    lines raise while they are read.
    """
    require(by, "import.write")
    require(by, "assessment.publish")
    with one_transaction():
        changes.alone()
        if any(model._default_manager.exists() for model in (*MODELS.values(), Document)):
            raise Refused("tracker_not_empty", _("Only an empty tracker can be loaded into."))
        numbers = load_staging.stage(lines, lambda number: step(READ, number, 0))
        _Loading(by, numbers, step).write()
        compared = 0
        for noun in records.NOUNS:
            for block in blocks(noun):
                _tell(noun, block, now=now)
                _comes_out_the_same(noun, block)
                compared += len(block)
                step(COMPARE, compared, sum(numbers.values()))
    return numbers


class _Loading:
    """Rows made of records, a block at a time."""

    def __init__(self, by: User, totals: dict[str, int], step: Step) -> None:
        self.by = by
        self.totals = totals
        self.step = step
        self.numbers = load_staging.Numbers()

    def write(self) -> None:
        self._dimension("institution", Institution, ["parent", "merged_into"])
        self._dimension("theme", Theme, ["parent"])
        for block in self._blocks("source"):
            self.keep(Source, block, publisher="institution")
        for part in (False, True):  # a part belongs to a whole that is there
            for block in self._blocks("recommendation", part=part):
                self._recommendations(block)
        for block in self._blocks("evidence"):
            self._evidence(block)
        for block in self._blocks("recommendation"):
            self._ledgers(block)
        headlines.restore()
        for block in self._blocks("indicator"):
            self._measures(block)
        for block in self._blocks("figure"):
            self.keep(Figure, block, source="source", evidence="evidence")
        self._count_on()

    def _blocks(self, noun: str, *, part: bool | None = None) -> Iterator[list[Record]]:
        done = 0
        for block in blocks(noun, part=part):
            yield block
            done += len(block)
            self.step(noun, done, self.totals[noun])

    def row(
        self, model: type[Row], record: Record | Values, without: Iterable[str] = (), **names: str
    ) -> Row:
        """A row with the columns that the record has by the same name; `names` says which of them name other rows.

        What is no record of its own says under `line` where it stands. The numbers of what is named were learned.
        """
        values = record.values | {"line": record.line} if isinstance(record, Record) else record
        columns = {field.name for field in model._meta.concrete_fields} - set(without) - names.keys()
        told = {name: value for name, value in values.items() if name in columns}
        told |= {
            f"{name}_id": self.number(noun, values[name], values["line"]) for name, noun in names.items()
        }
        return model(**told)

    def number(self, noun: str, code: str | None, line: int) -> Any:
        return self.numbers.of(noun, code, line)

    def keep(
        self,
        model: type[Row],
        entries: Iterable[Record | Values],
        without: Iterable[str] = (),
        **names: str,
    ) -> None:
        """Insert a row for each entry, in this order; `names` as for `row`."""
        told = list(entries)
        for noun in set(names.values()):
            of_noun = [name for name in names if names[name] == noun]
            self.numbers.learn(noun, (_values(each)[name] for each in told for name in of_noun))
        save([self.row(model, each, without, **names) for each in told])

    def _dimension(self, noun: str, model: type[models.Model], names: list[str]) -> None:
        """Rows that refer to their like: first all of them, then to whom they belong."""
        for block in self._blocks(noun):
            self.keep(model, block, without=names)
        for block in blocks(noun):
            joined = [each for each in block if any(each.values[name] for name in names)]
            self.numbers.learn(noun, (each.values[name] for each in joined for name in ("code", *names)))
            rows = [
                model(
                    pk=self.number(noun, each.values["code"], each.line),
                    **{f"{name}_id": self.number(noun, each.values[name], each.line) for name in names},
                )
                for each in joined
            ]
            if rows:
                model._default_manager.bulk_update(rows, names, batch_size=BLOCK)

    def _recommendations(self, block: list[Record]) -> None:
        self.keep(Recommendation, block, COPIED, source="source", parent="recommendation")
        self.numbers.learn("recommendation", (each.values["code"] for each in block))
        self.numbers.learn("theme", (code for each in block for code in each.values["themes"]))
        through = Recommendation.themes.through
        save(
            [
                through(
                    recommendation_id=self.number("recommendation", each.values["code"], each.line),
                    theme_id=self.number("theme", code, each.line),
                )
                for each in block
                for code in each.values["themes"]
            ]
        )
        asked = [
            entry | {"recommendation": each.values["code"], "position": place, "line": each.line}
            for each in block
            for place, entry in enumerate(each.values["addressees"])
        ]
        self.keep(Addressee, asked, recommendation="recommendation", institution="institution")

    def _evidence(self, block: list[Record]) -> None:
        self._documents([each.values["document"] | {"line": each.line} for each in block])
        found = [
            each.values | {"document": each.values["document"]["code"], "line": each.line} for each in block
        ]
        self.keep(Evidence, found, document="document")
        links = [
            entry | {"evidence": each.values["code"], "line": each.line}
            for each in block
            for entry in each.values["links"]
        ]
        self.keep(EvidenceLink, _by_number(links), evidence="evidence", recommendation="recommendation")

    def _documents(self, told: list[Values]) -> None:
        """Those that are not there yet; one that is there says the same."""
        first = {each["code"]: each for each in reversed(told)}
        known = Document.objects.in_bulk(list(first), field_name="code")
        bodies = {"publisher": "institution", "via": "institution"}
        self.keep(Document, (each for code, each in first.items() if code not in known), **bodies)
        known |= Document.objects.in_bulk([code for code in first if code not in known], field_name="code")
        self.numbers.learn("institution", (each[name] for each in told for name in bodies))
        for each in told:
            if _columns(self.row(Document, each, **bodies)) != _columns(known[each["code"]]):
                said = _("Line %(line)d: document “%(code)s” is another one above.")
                raise Refused("record_named_twice", said % {"line": each["line"], "code": each["code"]})

    def _ledgers(self, block: list[Record]) -> None:
        bodies = {"recommendation": "recommendation", "institution": "institution", "evidence": "evidence"}
        relations = {"recommendation": "recommendation", "other": "recommendation"}
        self.keep(Relation, _by_number(ledger(block, "relations")), **relations)
        said = [each | {"recorded_by": self.by} for each in _by_number(ledger(block, "responses"))]
        self.keep(Response, said, **bodies)
        # In the order in which they follow each other, which the database checks.
        moved = [each | {"recorded_by": self.by} for each in ledger(block, "deadlines")]
        moved.sort(key=lambda each: (each["recorded_at"], each["id"]))
        names = {"recommendation": "recommendation", "moved_by": "institution"}
        self.keep(Deadline, moved, **names)
        closed = [each | {"closed_by": self.by} for each in _by_number(ledger(block, "closures"))]
        self.keep(Closure, closed, recommendation="recommendation")
        load_verdicts.load(self, ledger(block, "assessments"))

    def _measures(self, block: list[Record]) -> None:
        self.keep(Indicator, block)
        self.numbers.learn("indicator", (each.values["code"] for each in block))
        self.numbers.learn(
            "recommendation", (code for each in block for code in each.values["recommendations"])
        )
        through = Indicator.recommendations.through
        measured, values = [], []
        for record in block:
            own = self.number("indicator", record.values["code"], record.line)
            for code in record.values["recommendations"]:
                about = self.number("recommendation", code, record.line)
                measured.append(through(indicator_id=own, recommendation_id=about))
            values += [
                each | {"indicator": record.values["code"], "line": record.line}
                for each in record.values["observations"]
            ]
        save(measured)
        self.keep(Observation, _by_number(values), indicator="indicator")

    def _count_on(self) -> None:
        """Numbers were given; the next ones come after them."""
        numbered = [Evidence, Assessment, Response, Deadline, Closure, Relation, EvidenceLink, Observation]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), numbered):
                cursor.execute(statement)


def ledger(block: list[Record], name: str) -> list[Values]:
    """Each entry of a list that belongs to recommendations, with the code of its recommendation and its line."""
    return [
        entry | {"recommendation": record.values["code"], "line": record.line}
        for record in block
        for entry in record.values[name]
    ]


def save(rows: list[Any]) -> None:
    """Insert rows of one kind, many at once."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BLOCK)


def _values(entry: Record | Values) -> Values:
    return entry.values if isinstance(entry, Record) else entry


def _by_number(entries: list[Values]) -> list[Values]:
    return sorted(entries, key=lambda each: each["id"])


def _columns(row: models.Model) -> Values:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields[1:]}


def _tell(noun: str, block: list[Record], *, now: datetime) -> None:
    """The first events of the new tracker: its change feed begins with all of them."""
    Event.objects.bulk_create(
        events.describe(
            f"{noun}.created", MODELS[noun](code=record.values["code"]), by=ORIGIN, now=now, public=True
        )
        for record in block
    )


def _comes_out_the_same(noun: str, block: list[Record]) -> None:
    """Each line is what an export would say of it now; else the file says something that follows from nothing in it."""
    held = records.by_code({noun: [record.values["code"] for record in block]})
    for record in block:
        found = held.get((noun, record.values["code"]))
        if found is None or found.text != record.text:
            told = _("Line %(line)d (%(noun)s %(code)s) would not come out as it went in.")
            said = told % {"line": record.line, "noun": noun, "code": record.values["code"]}
            raise Refused("record_comes_out_the_same", said)
