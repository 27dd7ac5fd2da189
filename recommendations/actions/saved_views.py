"""Keeping how a person looks at a list, under a name. Everybody keeps, renames and removes their own.

No Event is written: nothing that the tracker says changes, and how somebody reads is nobody else's business.
"""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from recommendations.actions.refusals import NotAllowed, Refused, one_transaction
from recommendations.models import SavedView, User

MOST = 30
"""Views that one person keeps of one list: they stand above it as links, which must stay readable."""

LONGEST = SavedView._meta.get_field("query").max_length or 0


def keep(noun: str, *, name: str, query: str, known: Collection[str], by: User) -> SavedView:
    """Keep what the list of `noun` is narrowed to.

    `query` is the end of an address ("status=stalled&q=border"); `known` are the parameters which that list has.
    Raises Refused with the rule `saved_view_named`, `saved_view_once`, `saved_view_known_parameters`,
    `saved_view_fits` or `saved_view_readable`.
    """
    pairs = parse_qsl(query, keep_blank_values=False)
    for parameter, _value in pairs:
        if parameter not in known:
            raise Refused(
                "saved_view_known_parameters",
                _("This list has no parameter “%(name)s”.") % {"name": parameter[:60]},
                "query",
            )
    kept = urlencode(pairs)
    if len(kept) > LONGEST:
        raise Refused(
            "saved_view_fits",
            _("That is more than a view can hold: narrow the list to fewer things."),
            "query",
        )
    with one_transaction():
        _alone(by)
        if SavedView.objects.filter(person=by, noun=noun).count() >= MOST:
            raise Refused(
                "saved_view_readable",
                _("You keep %(number)d views of this list already: remove one first.") % {"number": MOST},
            )
        named = _free(name, noun, by)
        return SavedView.objects.create(person=by, noun=noun, name=named, query=kept)


def rename(view: SavedView, *, name: str, by: User) -> SavedView:
    """Give it another name; its own is no other."""
    _own(view, by)
    with one_transaction():
        _alone(by)
        view.name = _free(name, view.noun, by, but=view)
        view.save(update_fields=["name"])
    return view


def remove(view: SavedView, *, by: User) -> None:
    _own(view, by)
    view.delete()


def _own(view: SavedView, by: User) -> None:
    if view.person_id != by.pk:
        raise NotAllowed("saved_view_own", _("Everybody keeps their own views."))


def _alone(by: User) -> None:
    """One at a time for each person: two windows may not both find room, or a name free."""
    User.objects.select_for_update(no_key=True).filter(pk=by.pk).values_list("pk").get()


def _free(name: str, noun: str, by: User, but: SavedView | None = None) -> str:
    """The name as it is kept, where nobody has it; else Refused at the field."""
    name = " ".join(name.split())
    longest = SavedView._meta.get_field("name").max_length or 0
    if not name or len(name) > longest or "\x00" in name:  # no column holds a NUL
        raise Refused(
            "saved_view_named",
            _("Name the view, in at most %(number)d letters.") % {"number": longest},
            "name",
        )
    others = SavedView.objects.filter(person=by, noun=noun, name=name)
    if others.exclude(pk__in=[but.pk] if but else []).exists():
        raise Refused(
            "saved_view_once",
            _("You have a view “%(name)s” of this list: choose another name, or remove it first.")
            % {"name": name},
            "name",
        )
    return name
