"""The one queue of what waits for a person: proposals and open findings, in one stated order.

What is assigned to the person comes first, then what has waited longest. Passed deadlines, lapsed closures, stale
and contested verdicts are findings as well (queries/own_dates.py), so that everything here can be decided, and what
is decided is gone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from recommendations.models import Assessment, Assignment, EvidenceLink, Finding, Recommendation, User
from recommendations.queries import limits, queue_scope
from recommendations.queries.concerns import ABOUT
from recommendations.queries.limits import WITHIN
from recommendations.queries.queue_scope import FINDINGS_ON, PROPOSALS_ON, THEMES
from recommendations.vocabulary import AssessmentState, FindingState

PROPOSAL, FINDING = "proposal", "finding"
TURNS = ("yours", "assigned", "others")
"""Whose turn it is: this person's by their role, this person's by name, or somebody else's."""
MOST_LEFT = 100
"""Up to so many are counted of what is left to decide: a person wants to know how few, not how many."""


@dataclass(frozen=True)
class Wanted:
    """What the queue is narrowed to; empty leaves a question open.

    `what` is "proposal" or a kind of finding, `source` and `theme` are codes (the themes below are included),
    `days` is how long something has waited at least, `priority` leaves only what concerns a recommendation marked
    as a priority, `turn` is one of TURNS.
    """

    what: str = ""
    source: str = ""
    theme: str = ""
    days: int | None = None
    priority: bool = False
    turn: str = ""


@dataclass(frozen=True)
class Place:
    """Where one item stands in the queue: enough to name it and to find what follows."""

    noun: str
    pk: int

    def __str__(self) -> str:
        return f"{self.noun}-{self.pk}"


@dataclass(frozen=True)
class Item:
    """One thing that waits. `row` is an Assessment or a Finding with what a list shows of it."""

    place: Place
    since: datetime
    priority: bool
    own: bool
    yours: bool
    row: Any
    assignee: User | None
    about: list[Recommendation]


@dataclass(frozen=True)
class Counts:
    """How much waits, and for whom; each is the size of a turn or of a noun."""

    all: int
    yours: int
    assigned: int
    others: int
    proposals: int
    findings: int


_OF_SOURCE = "r.source_id = (SELECT id FROM recommendations_source WHERE code = %(source)s)"
_OF_THEME = f"""EXISTS (SELECT FROM recommendations_recommendation_themes t
                         WHERE t.recommendation_id = r.id AND t.theme_id = ANY (ARRAY({THEMES})))"""
_CONCERNS = f"""
  (%(source)s = '' OR {_OF_SOURCE}) AND (%(theme)s = '' OR {_OF_THEME}) AND (NOT %(priority)s OR r.priority)
"""

_NAMED = {
    True: "JOIN recommendations_assignment s"
    " ON s.{noun}_id = {row}.id AND s.ended_at IS NULL AND s.person_id = %(person)s",
    False: "LEFT JOIN recommendations_assignment s ON s.{noun}_id = {row}.id AND s.ended_at IS NULL",
}
"""What is assigned to the person is found from the assignments: few have any, and most of the queue is nobody's."""

_MAY_PUBLISH = f"""(%(may_publish)s AND a.proposed_by_id IS DISTINCT FROM %(person)s
       AND (NOT %(limited)s OR {WITHIN.format(concerned="a.recommendation_id")}))"""
_MAY_ACCEPT = f"(%(may_accept)s AND (NOT %(limited)s OR {WITHIN.format(concerned=ABOUT)}))"
"""Whether the person may decide: by their role, not on what they proposed, within what they are limited to."""

_PROPOSALS = f"""
SELECT '{PROPOSAL}' AS noun, a.id, a.proposed_at AS since, a.proposed_by_id IS NOT DISTINCT FROM %(person)s AS own,
       {_MAY_PUBLISH} AS yours, s.person_id AS assignee
  FROM recommendations_assessment a
  JOIN recommendations_recommendation r ON r.id = a.recommendation_id
  {{named}}
 WHERE a.state = 'proposed' AND {_CONCERNS}
   AND (%(these)s::bigint[] IS NULL OR {PROPOSALS_ON})
   AND %(what)s IN ('', '{PROPOSAL}') AND a.proposed_at <= %(until)s
   AND CASE %(turn)s WHEN 'yours' THEN {_MAY_PUBLISH} WHEN 'others' THEN NOT ({_MAY_PUBLISH}) ELSE true END
   AND (s.person_id IS NOT DISTINCT FROM %(person)s) = %(mine)s
   AND a.proposed_at >= %(since)s AND (a.proposed_at, '{PROPOSAL}', a.id) > (%(since)s, %(noun)s, %(id)s)
 ORDER BY a.proposed_at, a.id LIMIT %(limit)s
"""  # noqa: S608 - only this project's own words are put in; every value is an argument

_FINDINGS = f"""
SELECT '{FINDING}', f.id, f.first_seen_at, false, {_MAY_ACCEPT}, s.person_id
  FROM recommendations_finding f
  {{named}}
 WHERE f.state = 'open' AND %(what)s IN ('', f.kind) AND f.first_seen_at <= %(until)s
   AND (%(these)s::bigint[] IS NULL OR {FINDINGS_ON})
   AND (%(everything)s OR EXISTS (SELECT FROM ({ABOUT}) about JOIN recommendations_recommendation r USING (id)
                                   WHERE {_CONCERNS}))
   AND CASE %(turn)s WHEN 'yours' THEN {_MAY_ACCEPT} WHEN 'others' THEN NOT ({_MAY_ACCEPT}) ELSE true END
   AND (s.person_id IS NOT DISTINCT FROM %(person)s) = %(mine)s
   AND f.first_seen_at >= %(since)s AND (f.first_seen_at, '{FINDING}', f.id) > (%(since)s, %(noun)s, %(id)s)
 ORDER BY f.first_seen_at, f.id LIMIT %(limit)s
"""  # noqa: S608 - as above

_STRETCHES = {
    mine: f"({_PROPOSALS.format(named=named.format(noun='assessment', row='a'))}) UNION ALL"
    f" ({_FINDINGS.format(named=named.format(noun='finding', row='f'))}) ORDER BY since, noun, id LIMIT %(limit)s"
    for mine, named in _NAMED.items()
}
"""One stretch of the queue, read along the two indexes of what waits, or from the few recommendations that it is
narrowed to: its cost does not depend on its length."""

_COUNTS = f"""
SELECT count(*) FILTER (WHERE noun = '{PROPOSAL}'), count(*) FILTER (WHERE noun = '{FINDING}'),
       count(*) FILTER (WHERE yours),
       (SELECT count(*) FROM recommendations_assignment s
          LEFT JOIN recommendations_assessment a ON a.id = s.assessment_id
          LEFT JOIN recommendations_finding f ON f.id = s.finding_id
         WHERE s.ended_at IS NULL AND s.person_id = %(person)s AND (a.state = 'proposed' OR f.state = 'open'))
  FROM (SELECT '{PROPOSAL}' AS noun, (%(these)s::bigint[] IS NULL OR {PROPOSALS_ON}) AND {_MAY_PUBLISH} AS yours
          FROM recommendations_assessment a WHERE a.state = 'proposed'
        UNION ALL
        SELECT '{FINDING}', (%(these)s::bigint[] IS NULL OR {FINDINGS_ON}) AND {_MAY_ACCEPT}
          FROM recommendations_finding f WHERE f.state = 'open') waiting
"""  # noqa: S608 - as above


def page(
    wanted: Wanted, person: User, *, now: datetime, limit: int, after: Place | None = None
) -> list[Item]:
    """The next `limit` items for this person, from the beginning or after a place: nine statements at most.

    A place that has left the queue meanwhile (it was decided) begins again at the front.
    """
    return _filled(_places(wanted, person, now=now, limit=limit, after=after))


def counts(person: User) -> Counts:
    """What waits in all, whatever it is narrowed to: one statement, two for a person with limits."""
    given = _arguments(Wanted(), person, datetime.max.replace(tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, given | {"these": queue_scope.few(given, within_limits=True)})
        proposals, findings, yours, assigned = cursor.fetchone() or (0, 0, 0, 0)
    everything = proposals + findings
    return Counts(everything, yours, assigned, everything - yours, proposals, findings)


def assignment(row: Assessment | Finding) -> Assignment | None:
    """Who is asked to decide on it, if anybody in particular is: one statement."""
    about = {"assessment" if isinstance(row, Assessment) else "finding": row}
    return Assignment.objects.filter(**about, ended_at__isnull=True).select_related("person").first()


def following(wanted: Wanted, person: User, place: Place, *, now: datetime) -> Place | None:
    """The place after this one that the person may decide on; None at the end of the queue.

    Ask before deciding: what has been decided has no place any more.
    """
    found = _places(_decidable(wanted), person, now=now, limit=2, after=place)
    return next((each for each in (Place(row[0], row[1]) for row in found) if each != place), None)


def left(wanted: Wanted, person: User, *, now: datetime) -> int:
    """How many the person may decide on here, at most MOST_LEFT + 1, which stands for more: two statements."""
    return len(_places(_decidable(wanted), person, now=now, limit=MOST_LEFT + 1, after=None))


def _decidable(wanted: Wanted) -> Wanted:
    return wanted if wanted.turn else replace(wanted, turn="yours")


def _places(
    wanted: Wanted, person: User, *, now: datetime, limit: int, after: Place | None
) -> list[tuple[Any, ...]]:
    """(noun, id, since, own, yours, assignee) of each: first what is assigned to the person, then the rest."""
    given = _arguments(wanted, person, now)
    given["these"] = queue_scope.few(given, within_limits=wanted.turn == "yours")
    mine, since = _position(after, person) if after else (True, None)
    found: list[tuple[Any, ...]] = []
    for assigned in (True, False):
        if (assigned and not mine) or (not assigned and wanted.turn == "assigned"):
            continue
        start = after if since is not None and assigned == mine else None
        stretch = {
            "mine": assigned,
            "limit": limit - len(found),
            "since": since if start else datetime.min.replace(tzinfo=UTC),
            "noun": start.noun if start else "",
            "id": start.pk if start else 0,
        }
        with connection.cursor() as cursor:
            cursor.execute(_STRETCHES[assigned], given | stretch)
            found += cursor.fetchall()
        if len(found) >= limit:
            break
    return found


def _arguments(wanted: Wanted, person: User, now: datetime) -> dict[str, Any]:
    until = now - timedelta(days=wanted.days) if wanted.days is not None else datetime.max.replace(tzinfo=UTC)
    return _who(person) | {
        "what": wanted.what,
        "source": wanted.source,
        "theme": wanted.theme,
        "priority": wanted.priority,
        "everything": not (wanted.source or wanted.theme or wanted.priority),
        "until": until,
        "turn": wanted.turn,
    }


def _who(person: User) -> dict[str, Any]:
    """What the statements ask of the person."""
    return {
        "person": person.pk,
        "may_publish": person.may("assessment.publish"),
        "may_accept": person.may("finding.accept"),
        "limited": person.limited,
        **limits.arguments(person),
    }


def _position(place: Place, person: User) -> tuple[bool, datetime | None]:
    """Whether what stands there is assigned to the person, and since when it waits; the front if it left."""
    rows: QuerySet[Any]
    if place.noun == PROPOSAL:
        rows = Assessment.objects.filter(state=AssessmentState.PROPOSED).annotate(since=F("proposed_at"))
    else:
        rows = Finding.objects.filter(state=FindingState.OPEN).annotate(since=F("first_seen_at"))
    row = rows.filter(pk=place.pk).first()
    if row is None:
        return True, None
    named = Assignment.objects.filter(**{"assessment" if place.noun == PROPOSAL else "finding": place.pk})
    return named.filter(ended_at__isnull=True, person=person).exists(), row.since


def _filled(found: list[tuple[Any, ...]]) -> list[Item]:
    """The rows behind the places, with the recommendations that they are about."""
    proposals = Assessment.objects.select_related("recommendation__source", "proposed_by").in_bulk(
        [pk for noun, pk, *_rest in found if noun == PROPOSAL]
    )
    findings = Finding.objects.select_related(
        "recommendation__source", "evidence", "indicator", "status_check"
    ).in_bulk([pk for noun, pk, *_rest in found if noun == FINDING])
    people = User.objects.in_bulk({row[-1] for row in found if row[-1] is not None})
    about = _about(findings.values())
    items = []
    for noun, pk, since, own, yours, assignee in found:
        row: Any = proposals.get(pk) if noun == PROPOSAL else findings.get(pk)
        if row is None:  # decided between two statements: it waits no longer
            continue
        concerned = [row.recommendation] if row.recommendation is not None else about[row.pk]
        urgent = any(each.priority for each in concerned)
        items.append(Item(Place(noun, pk), since, urgent, own, yours, row, people.get(assignee), concerned))
    return items


def _about(findings: Iterable[Finding]) -> dict[int, list[Recommendation]]:
    """The recommendations on which the watched document of a finding bears, by finding: one statement."""
    documents = {
        row.pk: row.evidence.document_id
        for row in findings
        if row.recommendation_id is None and row.evidence is not None
    }
    if not documents:
        return defaultdict(list)
    links = EvidenceLink.objects.filter(evidence__document__in=set(documents.values()))
    concerned: dict[int, dict[str, Recommendation]] = defaultdict(dict)
    for link in links.select_related("recommendation__source", "evidence").order_by("recommendation__code"):
        concerned[link.evidence.document_id].setdefault(link.recommendation.code, link.recommendation)
    return defaultdict(list, {pk: list(concerned[document].values()) for pk, document in documents.items()})
