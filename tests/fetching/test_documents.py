"""The words of PDFs, and what is refused as none."""

import pytest

from recommendations.fetching.documents import Unreadable, pdf_text
from recommendations.fetching.text import Page

from .pdfs import pdf, pdf_of_pages

REPORT = pdf(["Report on exports", "Status: in force."], title="The report")


def test_a_pdf_gives_its_title_its_day_and_its_lines():
    assert pdf_text(REPORT) == Page("The report", "2021-03-04", "Report on exports\nStatus: in force.")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sign in to read the report</html>",
        b"%PDF-1.4\nnothing more",
        REPORT[:300],
        REPORT.replace(b"/Pages 2 0 R", b"/Pages 1 0 R"),
        REPORT.replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"),
        pdf([]),
        b"%PDF-1.7\n" + b"1 0 obj\n" * 10_000,
        b"%PDF-1.7\n" + b"[" * 50_000,
    ],
)
def test_what_has_no_words_is_refused(body):
    with pytest.raises(Unreadable):
        pdf_text(body)


def test_numbers_that_count_on_from_page_to_page_are_left_out_and_figures_stay():
    pages = [["Cases", "140", "7"], ["Costs", "99", "8"], ["Ends", "9"]]
    assert pdf_text(pdf_of_pages(pages)).text.splitlines() == ["Cases", "140", "Costs", "99", "Ends"]
    assert pdf_text(pdf_of_pages([["Cases", "140"]])).text.splitlines() == ["Cases", "140"]
    assert pdf_text(pdf_of_pages([["Page 1 of 2", "A"], ["Page 2 of 2", "B"]])).text.splitlines() == [
        "A",
        "B",
    ]
