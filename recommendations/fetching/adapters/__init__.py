"""The kinds of status check; one file a kind. `contract.py` says what a kind must offer, `own_rows.py` what one that
looks at our own rows and not at the network."""

from . import congress_bill, deadline, document, federal_register, feed, freshness, page, series
from .contract import Adapter, Found, Kind, Look, PreviousText, Target
from .own_rows import OwnKind, OwnRows

__all__ = [
    "ADAPTERS",
    "KINDS",
    "OWN_KINDS",
    "Adapter",
    "Found",
    "Kind",
    "Look",
    "OwnKind",
    "OwnRows",
    "PreviousText",
    "Target",
    "UnknownKind",
    "adapter",
    "kind_of",
]

MODULES: tuple[Adapter, ...] = (page, document, feed, federal_register, congress_bill, series)
OWN_MODULES: tuple[OwnKind, ...] = (deadline, freshness)

ADAPTERS: dict[str, Adapter] = {module.KIND: module for module in MODULES}
OWN_KINDS: dict[str, OwnKind] = {module.KIND: module for module in OWN_MODULES}
KINDS: dict[str, Kind] = {**ADAPTERS, **OWN_KINDS}


class UnknownKind(LookupError):
    """No adapter serves this kind of check."""


def adapter(kind: str) -> Adapter:
    """The adapter of a kind that looks at the network. Raises UnknownKind."""
    try:
        return ADAPTERS[kind]
    except KeyError as error:
        raise UnknownKind(f"no adapter serves checks of kind {kind!r}") from error


def kind_of(kind: str) -> Kind:
    """What every kind offers, whether it looks at the network or at our own rows. Raises UnknownKind."""
    try:
        return KINDS[kind]
    except KeyError as error:
        raise UnknownKind(f"there are no checks of kind {kind!r}") from error
