"""The catalogues of other languages: what is in them, and `python -m tests.catalogues`, which compiles them.

polib compiles, so that no GNU gettext is needed; the compiled files are committed, so that a run needs neither.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

FOLDER = Path(__file__).parents[1] / "recommendations" / "locale"

Catalogue = Any
"""A polib.POFile: a list of entries with msgctxt, msgid, msgid_plural, msgstr, msgstr_plural and flags."""


def catalogues() -> Iterator[tuple[Path, Catalogue]]:
    """Each .po file with its entries, the languages in order."""
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/django.po")):
        yield path, polib.pofile(str(path), wrapwidth=0)


def compiled(catalogue: Catalogue) -> bytes:
    """The .mo file: the same bytes for the same words, whenever it is made."""
    return bytes(catalogue.to_binary())


def main() -> None:
    """Leave out the moments that gettext notes, which differ each time and tell nothing, and compile."""
    for path, catalogue in catalogues():
        for moment in ("POT-Creation-Date", "PO-Revision-Date"):
            catalogue.metadata.pop(moment, None)
        catalogue.save(str(path))
        path.with_suffix(".mo").write_bytes(compiled(catalogue))


if __name__ == "__main__":
    main()
