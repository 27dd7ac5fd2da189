"""Who is to be told of what: events since a place in the feed, and deadlines that come near."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from recommendations.models import (
    Assessment,
    Event,
    Finding,
    Notification,
    Recommendation,
    Subscription,
    User,
)
from recommendations.queries.concerns import ABOUT
from recommendations.queries.recommendations import Asked, matching
from recommendations.queries.visibility import sees_internal
from recommendations.vocabulary import Topic

VERBS = ("assignment.made", "assessment.rejected", "finding.brought")
"""Events that somebody is told of."""

NEAR = timedelta(days=30)


@dataclass(frozen=True)
class How:
    """By which ways one person is told of one topic."""

    in_admin: bool = True
    by_mail: bool = False


@dataclass(frozen=True)
class Coming:
    """A deadline that comes near, and somebody who follows one of the themes."""

    recommendation: Recommendation
    person: int


_AHEAD = """
SELECT id FROM recommendations_event
 WHERE (transaction, id) > (%s, %s) AND transaction < recommendations_feed_horizon() AND verb = ANY(%s)
 ORDER BY transaction, id LIMIT %s
"""


def ahead(transaction: int, event: int, *, limit: int) -> list[Event]:
    """The next events that somebody may have to be told of, behind a place in the feed: two statements.

    Only what no open transaction can still come before: nothing is passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, [transaction, event, list(VERBS), limit])
        ids = [pk for (pk,) in cursor.fetchall()]
    found = Event.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def assessments(ids: Collection[int]) -> dict[int, Assessment]:
    return Assessment.objects.select_related("recommendation").in_bulk(ids)


def findings(ids: Collection[int]) -> dict[int, Finding]:
    return Finding.objects.in_bulk(ids)


def people(usernames: Collection[str]) -> dict[str, User]:
    return {row.username: row for row in User.objects.filter(username__in=usernames)}


def readers(people_ids: Collection[int]) -> set[int]:
    """Which of these people may still read what is internal: whose role was taken away is told nothing."""
    return {row.pk for row in User.objects.filter(pk__in=people_ids) if sees_internal(row)}


_FOLLOWERS = f"""
WITH about AS (
  SELECT f.id AS finding, r.id AS recommendation
    FROM recommendations_finding f
   CROSS JOIN LATERAL ({ABOUT}) r
   WHERE f.id = ANY(%s)
)
SELECT DISTINCT a.finding, u.id
  FROM about a
  JOIN recommendations_recommendation_themes rt ON rt.recommendation_id = a.recommendation
  JOIN recommendations_theme t ON t.id = rt.theme_id
  JOIN recommendations_user_followed_themes ft ON ft.theme_id IN (t.id, t.parent_id)
  JOIN recommendations_user u ON u.id = ft.user_id
 WHERE u.is_active AND u.role <> ''
"""  # noqa: S608 - only this project's own words are put in


def followers(finding_ids: Collection[int]) -> dict[int, list[int]]:
    """Who follows a theme under which something falls that a finding concerns, by finding: one statement."""
    told: dict[int, list[int]] = defaultdict(list)
    if finding_ids:
        with connection.cursor() as cursor:
            cursor.execute(_FOLLOWERS, [list(finding_ids)])
            for finding, person in cursor.fetchall():
                told[finding].append(person)
    return told


def coming(*, now: datetime, limit: int) -> list[Coming]:
    """Deadlines of the next 30 days on followed themes that were not told yet, the nearest first: two statements.

    Who wants none of them is left out here: they would else stand for ever among the first `limit`.
    """
    today = now.date()
    wanted = Asked(
        open=True, due_after=today - timedelta(days=1), due_before=today + NEAR + timedelta(days=1)
    )
    rows = matching(Recommendation.objects.all(), wanted, None, now=now).order_by().values("pk")
    inner, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COMING.format(rows=inner), [*values, limit])
        found = cursor.fetchall()
    due = Recommendation.objects.in_bulk({pk for _day, pk, _person in found})
    return [Coming(due[pk], person) for _day, pk, person in found]


_COMING = """
SELECT DISTINCT r.due_on, r.id, u.id
  FROM recommendations_recommendation r
  JOIN recommendations_recommendation_themes rt ON rt.recommendation_id = r.id
  JOIN recommendations_theme t ON t.id = rt.theme_id
  JOIN recommendations_user_followed_themes ft ON ft.theme_id IN (t.id, t.parent_id)
  JOIN recommendations_user u ON u.id = ft.user_id
 WHERE r.id IN ({rows}) AND u.is_active AND u.role <> ''
   AND NOT EXISTS (SELECT FROM recommendations_subscription s
                    WHERE s.person_id = u.id AND s.topic = 'deadline' AND NOT s.in_admin AND NOT s.by_mail)
   AND NOT EXISTS (SELECT FROM recommendations_notification n WHERE n.person_id = u.id
                      AND n.fingerprint = 'deadline:' || r.id || ':' || r.due_on)
 ORDER BY r.due_on, r.id, u.id LIMIT %s
"""


def fingerprint_of_deadline(recommendation: int, due_on: date) -> str:
    """As `coming` looks for it: a deadline that is moved is told anew."""
    return f"deadline:{recommendation}:{due_on.isoformat()}"


def how(people_ids: Collection[int]) -> dict[tuple[int, str], How]:
    """How these people want to be told, by person and topic; who said nothing is left out: one statement."""
    rows = Subscription.objects.filter(person__in=people_ids)
    return {(row.person_id, row.topic): How(row.in_admin, row.by_mail) for row in rows}


def of(person: User) -> QuerySet[Notification]:
    """What a person was told in the admin, the newest first."""
    return Notification.objects.filter(person=person, in_admin=True).order_by("-pk")


def unread(person: User) -> int:
    """How many they have not read, up to a hundred."""
    return of(person).order_by().filter(read_at__isnull=True)[:100].count()


def choices(person: User) -> dict[str, How]:
    """How the person is told of each topic."""
    said = how([person.pk])
    return {topic: said.get((person.pk, topic), How()) for topic in Topic.values}


def waiting_for_mail() -> dict[int, Any]:
    """People with something to be mailed, and when their last digest was made (None: never): one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.person_id, (SELECT max(d.made_at) FROM recommendations_digest d WHERE d.person_id = n.person_id)"
            "  FROM recommendations_notification n JOIN recommendations_user u ON u.id = n.person_id"
            " WHERE n.digest_id IS NULL AND n.by_mail AND u.is_active AND u.role <> '' AND u.email <> ''"
            " GROUP BY n.person_id"
        )
        return dict(cursor.fetchall())
