"""The same with PDFs: written anew with the same words, and with one other word or figure."""

from tests.fetching.pdfs import pdf, pdf_of_pages

from .pairs import Pair

REPORT = [
    "Audit of the firearms tracing programme",
    "The Office reviewed 212 cases. Of these, 140 were closed within 30 days.",
    "Recommendation 3 is open. The Bureau concurred and has not implemented it.",
    "Table 2: traces completed, 2021: 5,310; 2022: 6,044",
    "The programme cost $4.2 million in fiscal year 2022.",
    "It has no authority to inspect dealers without notice.",
]


def _with(old: str, new: str) -> list[str]:
    changed = [line.replace(old, new) for line in REPORT]
    assert changed != REPORT
    return changed


def _paged(*, footer: str, order: int = 3) -> bytes:
    halves = [REPORT[:order], REPORT[order:]]
    return pdf_of_pages([[*half, footer.format(page=n, of=2)] for n, half in enumerate(halves, 1)])


def _pair(name: str, before: bytes, after: bytes) -> Pair:
    return Pair(f"pdf: {name}", before, after, "application/pdf")


FURNITURE = [
    _pair("saved anew", pdf(REPORT), pdf(REPORT, salt="Distiller 9")),
    _pair("another title in its properties", pdf(REPORT, title="audit"), pdf(REPORT, title="Audit_final_v2")),
    _pair("page numbers", _paged(footer="Page {page} of {of}"), _paged(footer="{page}")),
    _pair(
        "a line of the page's foot",
        pdf([*REPORT, "Printed on 05/03/2024"]),
        pdf([*REPORT, "Printed on 06/11/2024"]),
    ),
    _pair("broken into other pages", _paged(footer="- {page} -"), _paged(footer="- {page} -", order=4)),
    _pair(
        "broken into other lines",
        pdf(REPORT),
        pdf(_with("has not implemented it.", "has not imple-")[:3] + ["mented it."] + REPORT[3:]),
    ),
]
MEANING = [
    _pair("a figure", pdf(REPORT), pdf(_with("6,044", "6,404"))),
    _pair("a status", pdf(REPORT), pdf(_with("is open", "is closed"))),
    _pair("a negation", pdf(REPORT), pdf(_with("has not implemented", "has implemented"))),
    _pair("a sum", pdf(REPORT), pdf(_with("$4.2", "$4.7"))),
    _pair("a removed line", pdf(REPORT), pdf(REPORT[:-1])),
    _pair("a year", pdf(REPORT), pdf(_with("fiscal year 2022", "fiscal year 2023"))),
]
