"""Telling people what concerns them: once each, in the admin and by mail as they chose.

The events are followed from our own place in the feed; what is made of them is written in the transaction that
moves the place on, so that nothing is lost and nothing told twice, whatever dies.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from recommendations.actions.refusals import Refused, one_transaction
from recommendations.models import Event, FeedPlace, Notification, Subscription, Theme, User
from recommendations.queries import changes
from recommendations.queries import notifications as queries
from recommendations.queries.notifications import How
from recommendations.vocabulary import Topic

READER = "notifications"
"""The name of our place in the feed."""


def make(*, now: datetime, limit: int = 500) -> int:
    """Tell people of the next events; how many events there were. 0 also where another worker is at it.

    Where there is no place yet, it begins at the present end of the feed: what was long ago is no news to anybody.
    """
    if not FeedPlace.objects.filter(reader=READER).exists():
        FeedPlace.objects.get_or_create(reader=READER, defaults={"transaction": changes.horizon()})
    with one_transaction():
        place = FeedPlace.objects.select_for_update(skip_locked=True).filter(reader=READER).first()
        if place is None:
            return 0
        events = queries.ahead(place.transaction, place.event, limit=limit)
        if events:
            tell(_drafts(events), now)
            place.transaction, place.event = events[-1].transaction, events[-1].pk
            place.save()
    return len(events)


def make_of_deadlines(*, now: datetime, limit: int = 500) -> int:
    """Tell those who follow a theme of its deadlines in the next 30 days; how many were told."""
    with one_transaction():
        coming = queries.coming(now=now, limit=limit)
        drafts = []
        for each in coming:
            row = each.recommendation
            assert row.due_on is not None
            drafts.append(
                Notification(
                    person_id=each.person,
                    topic=Topic.DEADLINE,
                    fingerprint=queries.fingerprint_of_deadline(row.pk, row.due_on),
                    title=_("Due on %(day)s: %(what)s") % {"day": row.due_on.isoformat(), "what": row},
                    noun="recommendation",
                    number=row.pk,
                )
            )
        tell(drafts, now)
    return len(coming)


def read(person: User, ids: Collection[int] | None = None, *, now: datetime) -> int:
    """Mark these, or all, of one's own as read; how many were not."""
    rows = queries.of(person).filter(read_at__isnull=True)
    return (rows if ids is None else rows.filter(pk__in=ids)).update(read_at=now)


def choose(person: User, chosen: dict[str, How], themes: Iterable[Theme], *, by: User) -> None:
    """Say how one wants to be told of each topic, and which themes one follows. Nobody chooses for another."""
    if by.pk != person.pk:
        raise Refused("subscription_of_oneself", _("Everybody chooses for themselves."))
    mailed = any(how.by_mail for how in chosen.values())
    if mailed and not settings.TRACKER_MAIL:
        raise Refused(
            "subscription_can_be_mailed",
            _("This tracker sends no e-mail: its operator has named no server."),
            "by_mail",
        )
    if mailed and not person.email:
        raise Refused(
            "subscription_has_address",
            _("No e-mail address is known of you: ask an administrator."),
            "by_mail",
        )
    with one_transaction():
        for topic, how in chosen.items():
            Subscription.objects.update_or_create(
                person=person, topic=topic, defaults={"in_admin": how.in_admin, "by_mail": how.by_mail}
            )
        person.followed_themes.set(themes)


def _drafts(events: list[Event]) -> list[Notification]:
    """What the events amount to, for whom; how each person wants it is not looked at yet."""
    numbers = {
        kind: {int(each.object_id) for each in events if each.object_type == kind}
        for kind in ("assessment", "finding")
    }
    proposals, findings = queries.assessments(numbers["assessment"]), queries.findings(numbers["finding"])
    named = queries.people({(each.after or {}).get("person", "") for each in events})
    followers = queries.followers([int(e.object_id) for e in events if e.verb == "finding.brought"])
    drafts = []
    for event in events:
        number = int(event.object_id)
        row = proposals.get(number) if event.object_type == "assessment" else findings.get(number)
        if row is None:
            continue
        what = str(row.recommendation) if event.object_type == "assessment" else str(row)
        person = named.get((event.after or {}).get("person", ""))
        told: list[tuple[int, str, str]] = []
        if event.verb == "assignment.made" and person is not None:
            told = [(person.pk, Topic.ASSIGNED, _("You are asked to decide: %(what)s") % {"what": what})]
        elif event.verb == "assessment.rejected" and number in proposals:
            proposer = proposals[number].proposed_by_id
            title = _("Sent back: %(what)s. %(note)s") % {"what": what, "note": event.note}
            told = [(proposer, Topic.SENT_BACK, title)] if proposer is not None else []
        elif event.verb == "finding.brought":
            title = _("Found: %(what)s") % {"what": what}
            told = [(follower, Topic.FINDING, title) for follower in followers.get(number, ())]
        drafts += [
            Notification(
                person_id=to,
                topic=topic,
                fingerprint=f"event:{event.pk}",
                title=title[:500],
                noun=event.object_type,
                number=number,
            )
            for to, topic, title in told
        ]
    return drafts


def tell(drafts: list[Notification], now: datetime) -> None:
    """Tell each person who wants it and may still read it, as they chose. In the transaction of what is told."""
    people = {draft.person_id for draft in drafts}
    chosen, readers = queries.how(people), queries.readers(people)
    wanted = []
    for draft in drafts:
        if draft.person_id not in readers:
            continue
        how = chosen.get((draft.person_id, draft.topic), How())
        draft.in_admin, draft.by_mail, draft.made_at = how.in_admin, how.by_mail, now
        if how.in_admin or how.by_mail:
            wanted.append(draft)
    # notification_once: should our place in the feed ever be set back, nobody is told twice.
    Notification.objects.bulk_create(wanted, ignore_conflicts=True)
