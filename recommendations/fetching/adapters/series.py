"""`series`: has a statistical series a new value for this indicator?

Configuration: `format`, and what the format asks for.
- `world_bank`: `country` (one code, MX or MEX), `indicator` (VC.IHR.PSRC.P5), `years` (2015:2024).
- `socrata`: `url` of the data set (https://data.cdc.gov/resource/xkb8-kh2a.json), `period`, `value`, `where`.
- `json`: `url`, `rows` (where the list stands, dotted), `period`, `value`, `where`.
- `csv`: `url`, `delimiter`, `period`, `value`, `where`.
`period` is a column, or a list of columns that are read one after another (["year", "month"]); `value` is a column;
`where` holds columns and the text each must have, so that one row is left for each period; `months` says how many
months end with the period (12 for rolling sums). `url` may also name a mirror of the World Bank's API.

The first look tells the newest value; later ones tell periods that are new, and values that were revised by a
hundredth or more. What it cannot see: whether the series still counts the same thing.

State: `values` (period -> the value last told), `etag`, `last_modified`, `validated_url`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from recommendations.vocabulary import FindingKind

from ..answers import Answer, Failure, Request
from ..periods import Period, rolling
from ..periods import read as read_period
from ..tables import NotATable, Row, cell, csv_rows, json_rows, number
from .contract import Found, Look, PreviousText, Target
from .fields import Fields, one_word_of, same_as, text, texts, web_address, whole_number
from .findings import fingerprint
from .registers import MAX_BYTES, NotData, asked, failed, hash_of, json_of, pages, refuse_html, told, trouble

KIND = "series"
WATCHES = "indicator"
KEY = ""

WORLD_BANK = "https://api.worldbank.org/v2"
TOLD_AT_ONCE = 12
REMEMBERED = 1_000
"""Periods, the newest: three years of days."""
REVISED = Decimal("0.01")
"""Provisional counts are corrected a little each month; less than this share of the value is no news."""
SOCRATA_ROWS = 5_000
ACCEPT = "application/json,text/csv;q=0.9,*/*;q=0.5"


def _period(value: Any) -> str:
    one, several = text(100), texts(3, shortest=1)
    return several(value) if isinstance(value, list) else one(value)


def _years(value: Any) -> str:
    complaint = text(9, r"[0-9]{4}(?::[0-9]{4})?", "2015:2024")(value)
    if not complaint and value.partition(":")[2] and value[:4] > value[5:]:
        return "Give the earlier year first, such as 2015:2024."
    return complaint


COLUMNS = {
    "url": web_address,
    "period": _period,
    "value": text(100),
    "where": same_as,
    "months": whole_number(1, 120),
}
NEEDED = frozenset({"format", "url", "period", "value"})
WORDS = dict.fromkeys(("world_bank", "socrata", "json", "csv"))
FORMAT = one_word_of(WORDS)
FORMATS = {
    "world_bank": Fields(
        {
            "format": FORMAT,
            # One country: the list of all mixes countries with the sums of them.
            "country": text(3, r"(?!all$)[A-Za-z]{2,3}", "MX"),
            "indicator": text(40, r"[A-Za-z0-9._]+", "SP.POP.TOTL"),
            "years": _years,
            "url": web_address,
        },
        needed=frozenset({"format", "country", "indicator"}),
    ),
    "socrata": Fields({"format": FORMAT, **COLUMNS}, NEEDED),
    "json": Fields({"format": FORMAT, **COLUMNS, "rows": text(200)}, NEEDED),
    "csv": Fields({"format": FORMAT, **COLUMNS, "delimiter": one_word_of(dict.fromkeys(",;\t|"))}, NEEDED),
}


@dataclass(frozen=True)
class _Value:
    period: Period
    value: Decimal


def address(config: Mapping[str, Any]) -> str:
    return str(config.get("url") or WORLD_BANK)


def validate(config: Mapping[str, Any]) -> dict[str, str]:
    if complaint := FORMAT(config.get("format")):
        return {"format": complaint}
    return FORMATS[config["format"]].complaints(config)


def request(target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Request:
    plain = Request(
        _query(config),
        etag=state.get("etag", ""),
        last_modified=state.get("last_modified", ""),
        validated_url=state.get("validated_url", ""),
        accept=ACCEPT,
        max_bytes=MAX_BYTES,
        robots=False,
    )
    if config["format"] == "world_bank":
        return replace(plain, etag="", last_modified="", validated_url="", next_page=next_page)
    return plain


def next_page(answer: Answer) -> str:
    """The World Bank gives no link, but says on which page of how many one is; both may be text."""
    try:
        head, _rows = _world_bank(answer)
    except NotData:
        return ""
    page, last = (number(str(head.get(key))) for key in ("page", "pages"))
    if page is None or last is None or page >= last:
        return ""
    first = answer.url.partition("&page=")[0]
    return f"{first}&page={page + 1}"


def read(
    result: Answer | Failure,
    *,
    target: Target,
    config: Mapping[str, Any],
    state: Mapping[str, Any],
    previous_text: PreviousText,
) -> Look:
    if (look := trouble(result, state)) is not None:
        if config["format"] == "world_bank" and isinstance(result, Answer) and result.status == 400:
            # It answers so when it is asked too often; the same request passes later.
            return replace(look, note=f"{look.note} (the World Bank's word for too many requests)")
        return look
    assert isinstance(result, Answer)
    try:
        values = _values(_rows(result, config), config)
    except (NotData, NotATable) as error:
        return failed(state, error)
    known: dict[str, str] = dict(state.get("values", {}))
    new = [each for each in values if _is_news(each, known)]
    chosen = new[:TOLD_AT_ONCE] if state.get("looked") else new[-1:]
    remembered = chosen if state.get("looked") else values
    found = [_found(each, known.get(each.period.label, ""), target, result) for each in chosen]
    left = len(new) > len(chosen) and bool(state.get("looked"))
    next_state = {
        "values": _memory(known | {each.period.label: str(each.value) for each in remembered}, values),
        "etag": "" if left else result.etag,
        "last_modified": "" if left else result.last_modified,
        "validated_url": result.final_url,
    }
    note = f"{len(values)} values, {len(chosen)} told" + (", more wait for the next look" if left else "")
    return told(found, next_state, state, answer=result, note=note)


def _query(config: Mapping[str, Any]) -> str:
    if config["format"] == "world_bank":
        url = f"{address(config).rstrip('/')}/country/{config['country']}/indicator/{config['indicator']}"
        pairs = [("format", "json"), ("per_page", "1000")]  # the default of 50 cuts silently
        return asked(url, pairs + ([("date", config["years"])] if "years" in config else []))
    if config["format"] == "socrata":
        pairs = [*config.get("where", {}).items(), ("$order", ":id"), ("$limit", str(SOCRATA_ROWS))]
        return asked(address(config), pairs)
    return address(config)


def _rows(answer: Answer, config: Mapping[str, Any]) -> list[Row]:
    if config["format"] == "world_bank":
        rows = [row for page in pages(answer) for row in _world_bank(page)[1]]
        country = config["country"].upper()
        return [row for row in rows if country in (cell(row, "country.id"), cell(row, "countryiso3code"))]
    if config["format"] == "csv":
        refuse_html(answer)
        return csv_rows(answer.body or b"", answer.charset, config.get("delimiter", ","))
    rows = json_rows(json_of(answer), config.get("rows", ""))
    if config["format"] == "socrata" and len(rows) >= SOCRATA_ROWS:
        raise NotData(f"{SOCRATA_ROWS} rows or more: narrow them with “where”")
    return rows


def _world_bank(answer: Answer) -> tuple[Mapping[str, Any], list[Row]]:
    """The two elements of an answer: what it says of itself, and its rows (null where there are none)."""
    said = json_of(answer)
    if not isinstance(said, list) or not said or not isinstance(said[0], dict):
        raise NotData("the answer is not in the World Bank's form")
    if "message" in said[0]:
        messages = _rows_of(said[0]["message"])
        reason = cell(messages[0], "value") if messages else ""
        raise NotData(f"the World Bank refuses: {reason or 'no reason given'}"[:200])
    return said[0], _rows_of(said[1] if len(said) > 1 else None)


def _rows_of(value: Any) -> list[Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _values(rows: list[Row], config: Mapping[str, Any]) -> list[_Value]:
    """The known values by period, the oldest first. Raises NotData where a period has two of them."""
    of_world_bank = config["format"] == "world_bank"
    given = "date" if of_world_bank else config["period"]
    columns = [given] if isinstance(given, str) else given
    column = "value" if of_world_bank else config["value"]
    where = config.get("where", {})
    values: dict[str, _Value] = {}
    for row in rows:
        if any(cell(row, name) != wanted for name, wanted in where.items()):
            continue
        value, label = number(cell(row, column)), " ".join(cell(row, name) for name in columns).strip()
        if value is None or not label:
            continue
        period = rolling(read_period(label), config.get("months", 1))
        if period.label in values and values[period.label].value != value:
            raise NotData(f"two values for {period.label}: narrow the rows with “where”")
        values[period.label] = _Value(period, value)
    # All values may be unknown, but columns that no row has are misnamed (the World Bank's never are).
    if rows and not values and not of_world_bank and not any(cell(row, column) for row in rows):
        raise NotData(f"no row has anything under “{column}”")
    return sorted(values.values(), key=lambda each: each.period.order)[-REMEMBERED:]


def _memory(told_so_far: dict[str, str], values: list[_Value]) -> dict[str, str]:
    """What to remember: of a series longer than that only the periods that will be looked at again."""
    if len(told_so_far) <= REMEMBERED:
        return told_so_far
    window = {each.period.label for each in values}
    return {label: value for label, value in told_so_far.items() if label in window}


def _is_news(each: _Value, known: Mapping[str, str]) -> bool:
    if each.period.label not in known:
        return True
    before = Decimal(known[each.period.label])
    return abs(each.value - before) >= REVISED * abs(before) and each.value != before


def _found(each: _Value, before: str, target: Target, answer: Answer) -> Found:
    period, value = each.period, format(each.value, "f")
    detail = f"The series gives {value} for {period.label}."
    if before:
        detail = f"The series now gives {value} for {period.label}; it gave {before} before."
    return Found(
        FindingKind.VALUE_FOUND.value,
        "value_revised" if before else "value_new",
        1,
        f"{'Revised' if before else 'New value'}: {target.title}, {period.label}: {value}"[:300],
        detail,
        {
            "url": answer.url,
            "period": period.label,
            "period_from": period.first_day.isoformat() if period.first_day else "",
            "period_to": period.last_day.isoformat() if period.last_day else "",
            "value": value,
            "before": before,
            "query": answer.url,
            "answer_hash": hash_of(answer),
        },
        0.6 if before else 0.9,
        fingerprint(FindingKind.VALUE_FOUND, target.about, answer.url, period.label, value),
    )
