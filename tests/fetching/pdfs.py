"""The smallest PDFs that are PDFs: one line of text a paragraph, written by hand."""

import re
from collections.abc import Sequence


def pdf(lines: Sequence[str], *, title: str = "", salt: str = "") -> bytes:
    """A one-page PDF of these lines. `salt` changes its bytes and not its words, as saving it anew does."""
    return pdf_of_pages([lines], title=title, salt=salt)


def pdf_of_pages(pages: Sequence[Sequence[str]], *, title: str = "", salt: str = "") -> bytes:
    """A PDF with these lines on each of its pages."""
    kids = [5 + 2 * number for number in range(len(pages))]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) /CreationDate (D:20210304100000Z) /Producer ({salt}) >>".encode("latin-1"),
    ]
    for kid, lines in zip(kids, pages, strict=True):
        content = _drawn(lines)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {kid + 1} 0 R ".encode()
            + b"/Resources << /Font << /F1 3 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)


def _drawn(lines: Sequence[str]) -> bytes:
    escaped = (re.sub(r"([()\\])", r"\\\1", line) for line in lines)
    return f"BT /F1 12 Tf 72 720 Td {''.join(f'({line}) Tj 0 -14 Td ' for line in escaped)} ET".encode(
        "latin-1"
    )
