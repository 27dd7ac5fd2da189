"""Documents of the second family: several pages with running heads and feet."""

from tests.fetching.pdfs import pdf_of_pages

from ..pairs import Pair

BODY = [
    [
        "The Inspector General reviewed the sharing of tracing data.",
        "The agency shared 61 per cent of requests.",
        "It did not keep a log before 2020.",
    ],
    [
        "Recommendation 1: keep a log. Status: resolved.",
        "Recommendation 2: share all requests. Status: unresolved.",
        "Annex A lists 14 interviews.",
    ],
    ["The agency's letter is reproduced in Annex B.", "It plans to finish by September 30, 2025."],
]


def paper(head: str, foot: str, old: str = "", new: str = "") -> bytes:
    pages = [[head, *(line.replace(old, new) if old else line for line in body)] for body in BODY]
    return pdf_of_pages([[*page, foot.format(n=n)] for n, page in enumerate(pages, 1)])


HEAD, FOOT = "OIG-24-11", "{n}"
FURNITURE = [
    Pair(
        "paper: produced anew", paper(HEAD, FOOT), paper(HEAD, FOOT) + b"\n% saved again\n", "application/pdf"
    ),
    Pair("paper: page numbers in words", paper(HEAD, FOOT), paper(HEAD, "Page {n} of 3"), "application/pdf"),
    Pair(
        "paper: a stamp of downloading",
        paper(HEAD, FOOT),
        paper(HEAD, "Downloaded 05/03/2024"),
        "application/pdf",
    ),
]
MEANING = [
    Pair(
        "paper: a share",
        paper(HEAD, FOOT),
        paper(HEAD, FOOT, "61 per cent", "71 per cent"),
        "application/pdf",
    ),
    Pair(
        "paper: a status",
        paper(HEAD, FOOT),
        paper(HEAD, FOOT, "Status: unresolved", "Status: closed"),
        "application/pdf",
    ),
    Pair(
        "paper: a day",
        paper(HEAD, FOOT),
        paper(HEAD, FOOT, "September 30, 2025", "March 31, 2026"),
        "application/pdf",
    ),
    Pair(
        "paper: a negation",
        paper(HEAD, FOOT),
        paper(HEAD, FOOT, "did not keep", "did keep"),
        "application/pdf",
    ),
]
