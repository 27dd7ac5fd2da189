"""An XLSX workbook that is written while it is sent.

The libraries (XlsxWriter, openpyxl) write the whole file to a disk before its first byte can be sent, minutes for a
million rows. A workbook of one table is five small files and one long one, which this writes row by row.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from recommendations.exchange.archives import zipped

MOST_ROWS = 1_048_575
"""What a sheet holds below its header."""

MOST_CHARACTERS = 32_767
"""What a cell holds; of longer text the end is cut off, and "…" says so."""

AT_ONCE = 200
"""Rows that are made into one piece."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="3"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs>
</styleSheet>"""
_DATE, _BOLD = 1, 2

_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of spreadsheets, which think that 1900 was a leap year; right from March 1900 on."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def workbook(
    sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Any]]]], *, at: datetime
) -> Iterator[bytes]:
    """The bytes of a workbook of these sheets: name, header, rows. Numbers, dates and truths stay what they are.

    Text is stored as text, so no cell is a formula whatever it begins with. Moments are text, for a cell has no zone.
    """
    names = [name for name, _header, _rows in sheets]
    files: list[tuple[str, Iterable[bytes]]] = [
        (name, [text.encode()]) for name, text in _frame(names).items()
    ]
    for number, (_name, header, rows) in enumerate(sheets, 1):
        files.append((f"xl/worksheets/sheet{number}.xml", _sheet(header, rows)))
    return zipped(files, at=at, large=False)


def _frame(names: Sequence[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1)
    )
    return {
        "[Content_Types].xml": f"""{_HEAD}<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>""",
        "_rels/.rels": f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
        "xl/workbook.xml": f"""{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">
<sheets>{sheets}</sheets></workbook>""",
        "xl/_rels/workbook.xml.rels": f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}
<Relationship Id="rIdStyles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>""",
        "xl/styles.xml": _STYLES,
    }


def _sheet(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<sheetData><row>{''.join(_text(name, _BOLD) for name in header)}</row>"
    ).encode()
    held: list[str] = []
    for row in rows:
        held.append(f"<row>{''.join(map(_cell, row))}</row>")
        if len(held) == AT_ONCE:
            yield "".join(held).encode()
            held.clear()
    yield ("".join(held) + "</sheetData></worksheet>").encode()


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float | Decimal):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, date) and not isinstance(value, datetime) and value > date(1900, 2, 28):
        return f'<c s="{_DATE}"><v>{(value - _FIRST_DAY).days}</v></c>'
    return _text(str(value))


def _text(value: str, style: int = 0) -> str:
    if len(value) > MOST_CHARACTERS:
        value = value[: MOST_CHARACTERS - 1] + "…"
    safe = escape(_FORBIDDEN.sub(_spelled, value))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{safe}</t></is></c>'


def _spelled(found: re.Match[str]) -> str:
    """What XML has no letter for, or would read as another, is written _xHHHH_, and so is what looks like that."""
    return f"_x{ord(found[0][0]):04X}_{found[0][1:]}"
