"""The words of other systems, as given, and what they are here: one table with one version.

A word that is not in the table is refused, never guessed. A changed table gets a new version: what was
proposed under an old one stays as it is, with that version beside it, and the next import proposes anew.
"""

import re
from dataclasses import dataclass

from recommendations.vocabulary import ClosureReason, ResponseKind, Status

VERSION = "1"


@dataclass(frozen=True)
class Meaning:
    """What a label is here. `status` "": the label is no verdict. `lossy`: it says less, or something else, than
    our word does."""

    status: str = ""
    response: str = ""
    closure: str = ""
    lossy: bool = False


def _status(status: Status, closure: str = "", *, lossy: bool = False) -> Meaning:
    return Meaning(status=status, closure=closure, lossy=lossy)


def _response(kind: ResponseKind, *, lossy: bool = False) -> Meaning:
    return Meaning(response=kind, lossy=lossy)


DONE = ClosureReason.IMPLEMENTED
OTHER = ClosureReason.MET_BY_OTHER_MEANS
REFUSED = ClosureReason.WILL_NOT_IMPLEMENT
OUTLIVED = ClosureReason.NO_LONGER_APPLICABLE

TABLE: dict[str, dict[str, Meaning]] = {
    "GAO": {
        "Open": Meaning(lossy=True),
        "Open - Partially Addressed": _status(Status.PARTIALLY_IMPLEMENTED),
        "Closed - Implemented": _status(Status.IMPLEMENTED, DONE),
        "Closed - Not Implemented": _status(Status.NOT_IMPLEMENTED, REFUSED),
        "Closed - No Longer Valid": Meaning(closure=OUTLIVED),
    },
    "OIG": {
        "Unresolved": Meaning(lossy=True),
        "Resolved": _response(ResponseKind.ACCEPTED),
        "Open": Meaning(lossy=True),
        "Closed": _status(Status.IMPLEMENTED, DONE, lossy=True),
    },
    "GRECO": {
        "implemented satisfactorily": _status(Status.IMPLEMENTED, DONE),
        "dealt with in a satisfactory manner": _status(Status.MET_BY_OTHER_MEANS, OTHER),
        "partly implemented": _status(Status.PARTIALLY_IMPLEMENTED),
        "not implemented": _status(Status.NO_ACTION, lossy=True),
    },
    "UPR": {
        "Supported": _response(ResponseKind.ACCEPTED),
        "Noted": _response(ResponseKind.NOTED),
    },
    "IMPACT OSS": {
        "0": _response(ResponseKind.NOTED),
        "1": _response(ResponseKind.PARTIALLY_ACCEPTED),
        "2": _response(ResponseKind.ACCEPTED),
        "": _response(ResponseKind.NOT_APPLICABLE),  # not part of a review in which states answer
    },
    "UPR state table": {
        "No Action": _status(Status.NO_ACTION),
        "Ongoing": _status(Status.IN_PROGRESS),
        "Completed": _status(Status.IMPLEMENTED, DONE),
    },
    "UPR Info": {
        "fully implemented": _status(Status.IMPLEMENTED),
        "partially implemented": _status(Status.PARTIALLY_IMPLEMENTED),
        "not implemented": _status(Status.NO_ACTION, lossy=True),
    },
    "UK inquiries": {
        "Accepted in full": _response(ResponseKind.ACCEPTED),
        "accepted in principle": _response(ResponseKind.ACCEPTED_IN_PRINCIPLE),
        "Accepted in Part": _response(ResponseKind.PARTIALLY_ACCEPTED),
        "Acknowledged": _response(ResponseKind.NOTED),
        "In progress": _status(Status.IN_PROGRESS),
        "Complete": _status(Status.IMPLEMENTED, DONE),
    },
    "Tasmania PAC": {
        "Grey": Meaning(lossy=True),
        "Red": _status(Status.NO_ACTION),
        "Orange": _status(Status.STALLED, lossy=True),
        "Light Green": _status(Status.IN_PROGRESS),
        "Green": _status(Status.IMPLEMENTED, DONE),
        "Yellow": _response(ResponseKind.REJECTED),
    },
    "Polimètre": {
        "réalisée": _status(Status.IMPLEMENTED, DONE),
        "partiellement réalisée": _status(Status.PARTIALLY_IMPLEMENTED),
        "en voie de réalisation": _status(Status.IN_PROGRESS),
        "en suspens": _status(Status.NO_ACTION, lossy=True),
        "rompue": _status(Status.NOT_IMPLEMENTED, REFUSED),
    },
    "PolitiFact": {
        "Not Yet Rated": Meaning(),
        "In the Works": _status(Status.IN_PROGRESS),
        "Stalled": _status(Status.STALLED),
        "Compromise": _status(Status.PARTIALLY_IMPLEMENTED),
        "Promise Kept": _status(Status.IMPLEMENTED),
        "Promise Broken": _status(Status.NOT_IMPLEMENTED),
    },
    "OGP IRM": {
        "No Evidence Available": _status(Status.UNABLE_TO_ASSESS),
        "Not Started": _status(Status.NO_ACTION),
        "Limited": _status(Status.PARTIALLY_IMPLEMENTED),
        "Substantial": _status(Status.SUBSTANTIALLY_IMPLEMENTED),
        "Complete": _status(Status.IMPLEMENTED),
    },
    "Beyond 94": {
        "Not started": _status(Status.NO_ACTION),
        "In progress - proposed": _status(Status.IN_PROGRESS, lossy=True),
        "In progress - projects underway": _status(Status.IN_PROGRESS),
        "Completed": _status(Status.IMPLEMENTED),
    },
    "FATF": {
        "NC": _status(Status.NO_ACTION, lossy=True),
        "PC": _status(Status.PARTIALLY_IMPLEMENTED),
        "LC": _status(Status.SUBSTANTIALLY_IMPLEMENTED),
        "C": _status(Status.IMPLEMENTED),
        "N/A": _response(ResponseKind.NOT_APPLICABLE),
    },
    "HRCT": {
        "not_assessed": Meaning(),
        "unable_to_assess": _status(Status.UNABLE_TO_ASSESS),
        "not_implemented": _status(Status.NO_ACTION),
        "limited_progress": _status(Status.PARTIALLY_IMPLEMENTED),
        "in_progress": _status(Status.IN_PROGRESS),
        "substantially_implemented": _status(Status.SUBSTANTIALLY_IMPLEMENTED),
        "implemented": _status(Status.IMPLEMENTED),
        "regressed": _status(Status.REVERSED),
    },
}
"""By system and by the label as that system prints it."""


def _folded(label: str) -> str:
    """Systems print one word in several ways: case, spaces, and one, two or long dashes do not matter."""
    return re.sub(r"\s+", " ", re.sub(r"\s*(?:-+|[\u2010-\u2015])\s*", " - ", label)).strip().casefold()


_FOLDED = {
    system: {_folded(label): meaning for label, meaning in labels.items()} for system, labels in TABLE.items()
}


def meaning(system: str, label: str) -> Meaning | None:
    """What a label of a system is here; None where the table does not know the system or the label."""
    return _FOLDED.get(system, {}).get(_folded(label))
