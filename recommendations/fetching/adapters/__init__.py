"""The kinds of status check that look at the network; one file a kind. `contract.py` says what a kind must
offer."""

from . import congress_bill, document, federal_register, feed, page, series
from .contract import Adapter, Found, Look, PreviousText, Target

__all__ = ["ADAPTERS", "Adapter", "Found", "Look", "PreviousText", "Target", "UnknownKind", "adapter"]

MODULES: tuple[Adapter, ...] = (page, document, feed, federal_register, congress_bill, series)
ADAPTERS: dict[str, Adapter] = {module.KIND: module for module in MODULES}


class UnknownKind(LookupError):
    """No adapter serves this kind of check."""


def adapter(kind: str) -> Adapter:
    """The adapter for `kind`. Raises UnknownKind."""
    try:
        return ADAPTERS[kind]
    except KeyError as error:
        raise UnknownKind(f"no adapter serves checks of kind {kind!r}") from error
