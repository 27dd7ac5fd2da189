"""The table of contents of the formats that can be imported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from recommendations.exchange import gao, impact_oss, ogp, tracker_rows, uhri
from recommendations.exchange.incoming import Reading
from recommendations.vocabulary import ImportFormat, InstitutionKind, SourceKind


@dataclass(frozen=True)
class Format:
    """How files of one format are read, and what they are to us.

    `coded`: addressees, themes and sources are codes of ours, and an unknown one is refused; else they are names,
    and one that is not known yet is added. `publishes`: rows name the documents they come from; else all belong to
    one source, which has to be named. `publisher` is who publishes those documents, `kind` what they are.
    `open_only`: what is not in the file any more has been closed, or lost; a person must look. `named` gives the
    file's own name of a column, `bodies` the kind of the institutions that it names.
    """

    code: str
    read: Callable[[BinaryIO], Reading]
    coded: bool = False
    publishes: bool = False
    publisher: str = ""
    kind: str = SourceKind.REPORT
    open_only: bool = False
    named: Mapping[str, str] = field(default_factory=dict)
    bodies: str = InstitutionKind.OTHER


FORMATS = {
    each.code: each
    for each in (
        Format(ImportFormat.CSV, tracker_rows.read_csv, coded=True),
        Format(ImportFormat.NDJSON, tracker_rows.read_ndjson, coded=True),
        Format(
            ImportFormat.GAO,
            gao.read,
            publishes=True,
            publisher=gao.SPEAKER,
            kind=SourceKind.AUDIT,
            open_only=True,
            named={**gao.NAMED, "addressees": "Agency", "themes": "Topics", "claim": "Status"},
            bodies=InstitutionKind.AGENCY,
        ),
        Format(
            ImportFormat.UHRI,
            uhri.read,
            publishes=True,
            publisher="Office of the High Commissioner for Human Rights",
            kind=SourceKind.TREATY_REVIEW,
            named={**uhri.NAMED, "addressees": "Countries", "themes": "Themes", "answer": "UprPositions"},
            bodies=InstitutionKind.GOVERNMENT,
        ),
        Format(
            ImportFormat.IMPACT_OSS,
            impact_oss.read,
            named={**impact_oss.NAMED, "themes": "category-short-title", "answer": "support_level"},
        ),
        Format(
            ImportFormat.OGP,
            ogp.read,
            named={**ogp.NAMED, "addressees": "Responsible Institution", "claim": "Completion"},
            bodies=InstitutionKind.AGENCY,
        ),
    )
}
