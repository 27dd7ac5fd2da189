"""The tracker in Spanish: every word of the code has its Spanish one, whole and in its place."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.dateformat import format as formatted
from django.utils.translation import override
from django.utils.translation.template import templatize

from recommendations.vocabulary import Status
from tests import factories
from tests.catalogues import FOLDER, catalogues, compiled

ROOT = Path(__file__).parents[1]
PLACES = re.compile(r"%\(\w+\)[#0-9.]*\w|%%|%[a-z]|\{\w*\}|</?[a-z][^>]*>")
"""What stands for something else, and markup: both languages have the same."""

WORDS = {
    # The arguments of a call: the context, the word and its plural.
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATES = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)

Key = tuple[str | None, str, str | None]
SPANISH = FOLDER / "es" / "LC_MESSAGES" / "django.po"


def in_python(code: str) -> Iterator[Key]:
    """(context, word, plural) of each call that marks words, by whatever name it was imported."""
    tree = ast.parse(code)
    named = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy").removesuffix("_noop")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            kind = WORDS.get(named.get(node.func.id, ""))
            said = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
            if kind and isinstance(said[kind[1]], str):
                yield tuple(None if place is None else said[place] for place in kind)


def in_template(text: str) -> Iterator[Key]:
    for name, arguments in IN_TEMPLATES.findall(templatize(text)):
        said = [ast.literal_eval(each) for each in re.findall(LITERAL, arguments, re.DOTALL)]
        yield tuple(
            None if place is None else said[place] for place in WORDS[name if name != "_" else "gettext"]
        )


def in_code() -> Iterator[tuple[Path, Key]]:
    for package in ("recommendations", "tracker"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from ((path, key) for key in in_python(path.read_text("utf-8")))
        for path in sorted((ROOT / package).rglob("*.html")):
            yield from ((path, key) for key in in_template(path.read_text("utf-8")))


def entry_key(entry: Any) -> Key:
    return entry.msgctxt or None, entry.msgid, entry.msgid_plural or None


def said(entry: Any) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(scope="module", params=[path for path, _ in catalogues()], ids=lambda path: path.parts[-3])
def catalogue(request):
    return request.param, dict(catalogues())[request.param]


def test_there_is_a_spanish_catalogue():
    assert SPANISH in dict(catalogues())


def test_the_words_of_the_code_are_found():
    python = (
        "from django.utils.translation import gettext_lazy as _lazy, ngettext, pgettext_lazy\n"
        '_lazy("one " "word")\nngettext("a", "b", n)\npgettext_lazy("in", "c")\n_other("no")\n_lazy(variable)\n'
    )
    template = (
        '{% load i18n %}{% translate "it\'s" %}{% translate "d" context "in" %}'
        "{% blocktranslate count n=n %}{{ n }} e{% plural %}{{ n }} es{% endblocktranslate %}"
    )
    assert list(in_python(python)) == [(None, "one word", None), (None, "a", "b"), ("in", "c", None)]
    assert list(in_template(template)) == [
        (None, "it's", None),
        ("in", "d", None),
        (None, "%(n)s e", "%(n)s es"),
    ]


def test_every_word_of_the_code_is_in_it_and_no_other(catalogue):
    path, entries = catalogue
    # The same word stands alone in one place and with a plural in another: gettext keeps one entry for both.
    held = {entry_key(entry)[:2] for entry in entries}
    told = {key[:2]: place for place, key in in_code()}
    missing = sorted(f"{told[key].relative_to(ROOT)}: {key[1]}" for key in told.keys() - held)
    assert not missing, f"run `make messages` and translate: {missing}"
    assert not held - told.keys(), "run `make messages`: nothing says these any more"
    assert entries.obsolete_entries() == []


def test_every_word_is_translated(catalogue):
    _path, entries = catalogue
    forms = int(re.search(r"nplurals=(\d+)", entries.metadata["Plural-Forms"]).group(1))
    for entry in entries:
        assert not entry.fuzzy, f"guessed by gettext, to be read by a person: {entry.msgid}"
        assert all(text.strip() for text in said(entry)), f"not translated: {entry.msgid}"
        if entry.msgid_plural:
            assert len(entry.msgstr_plural) == forms, entry.msgid


def test_what_stands_for_something_else_is_the_same(catalogue):
    _path, entries = catalogue
    for entry in entries:
        wanted = sorted(PLACES.findall(entry.msgid_plural or entry.msgid))
        for number, text in enumerate(said(entry)):
            first = sorted(PLACES.findall(entry.msgid)) if entry.msgid_plural and number == 0 else wanted
            found = sorted(PLACES.findall(text))
            # A form for exactly one may leave its number out: "su única parte".
            alone = bool(entry.msgid_plural) and number == 0 and set(found) <= set(wanted)
            assert found in (wanted, first) or alone, f"{entry.msgid} => {text}"
            edges = [(each[:1].isspace(), each[-1:].isspace()) for each in (entry.msgid, text)]
            assert edges[0] == edges[1], f"space at an end: {entry.msgid}"


def test_the_compiled_catalogue_is_of_this_one(catalogue):
    path, entries = catalogue
    assert path.with_suffix(".mo").read_bytes() == compiled(entries), "run `make messages`"


def test_our_words_stand_in_nobody_elses_place():
    """Catalogues are merged: "May" of a table of permissions would be the month in every date."""
    with override("es"):
        months = [formatted(date(2011, month, 1), "F") for month in range(1, 13)]
    assert " ".join(months) == (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    )


def test_two_statuses_never_have_one_word():
    with override("es"):
        assert len({str(status.label) for status in Status}) == len(Status)


# What people see.

ENGLISH = (
    "Not assessed",
    "In progress",
    "Implemented",
    "Stalled",
    "The evidence",
    "Recommendations",
    "Method",
    "Confidence",
    "verdict",
)


def words(page: Any) -> str:
    """What a reader reads: the text of the page, without what it only tells programs."""
    text = re.sub(r"<(script|style|svg|code|pre)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def stalled(db):
    row = factories.recommendation(
        source=factories.source(code="SRC", title="Puertos"), code="SRC-01", title="Un padrón"
    )
    factories.evidence(bears_on=row, title="Se abre", finding="Se abre el padrón.")
    factories.published(row, status="stalled", rationale="Se detuvo en mayo.")
    return row


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", "Últimas valoraciones"),
        ("/recommendations/SRC-01/", "Las valoraciones a lo largo del tiempo"),
        ("/recommendations/", "1 encontrada"),
        ("/sources/SRC/", "En qué situación están sus recomendaciones"),
        ("/method/", "Cómo se hacen las valoraciones"),
        ("/nowhere/", "No existe esa página"),
    ],
)
def test_a_public_page_is_in_spanish(client, stalled, address, expected):
    page = client.get(address, headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})
    assert '<html lang="es">' in page.text
    assert page.headers["Content-Language"] == "es"
    assert "Accept-Language" in page.headers["Vary"]
    assert expected in words(page)
    assert [word for word in ENGLISH if word in words(page)] == []
    if address in ("/", "/recommendations/SRC-01/", "/method/"):
        assert "Estancada" in words(page)


def test_what_the_record_says_is_marked_as_english(client, stalled):
    """WCAG 3.1.2: a page in Spanish holds words that nobody translated."""
    spanish = client.get("/recommendations/SRC-01/", headers={"accept-language": "es"}).text
    assert '<h1 lang="en">Un padrón</h1>' in spanish
    assert '<p class="rationale" lang="en">Se detuvo en mayo.</p>' in spanish
    assert 'lang="en">Puertos</a>' in spanish
    assert "El contenido del registro está escrito en inglés" in spanish
    english = client.get("/recommendations/SRC-01/").text
    assert "<h1>Un padrón</h1>" in english
    assert "The record itself is written in English" not in english


def test_numbers_that_draw_keep_their_points(client, stalled):
    """A comma in an SVG is no decimal point: the bars would be gone."""
    factories.recommendation(source=stalled.source, code="SRC-02")
    factories.recommendation(source=stalled.source, code="SRC-03")
    page = client.get("/sources/SRC/", headers={"accept-language": "es"}).text
    assert 'width="33.333%"' in page
    assert re.search(r'(x|width|height|x1|y)="\d+,\d', page) is None


def test_a_day_is_written_the_spanish_way(client, db):
    factories.source(published_on=date(2011, 3, 1), date_precision="month")
    factories.source(published_on=date(2011, 3, 4), date_precision="day")
    page = client.get("/", headers={"accept-language": "es"}).text
    assert ">marzo de 2011<" in page
    assert ">4 de marzo de 2011<" in page


def test_a_reader_chooses_without_script_and_without_a_session(client, db):
    english = client.get("/method/")
    assert '<button type="submit" name="language" value="es" lang="es">Español</button>' in english.text
    assert not english.cookies  # nobody is given a cookie who has not asked for one

    chosen = client.post("/i18n/setlang/", {"language": "es", "next": "/method/"})

    assert (chosen.status_code, chosen["Location"]) == (302, "/method/")
    assert set(chosen.cookies) == {"django_language"}
    spanish = client.get("/method/", headers={"accept-language": "en"})
    assert '<html lang="es">' in spanish.text
    assert 'value="en" lang="en">English</button>' in spanish.text
    assert "Cookie" in spanish.headers["Vary"]


def test_the_switch_goes_nowhere_else(client, db):
    chosen = client.post("/i18n/setlang/", {"language": "es", "next": "https://example.org/"})
    assert chosen["Location"] == "/"


def test_the_admin_is_in_spanish(client, stalled):
    proposal = factories.proposed(stalled, status="implemented", rationale="Ya está.")
    client.force_login(factories.user("reviewer"))
    headers = {"accept-language": "es"}
    home = client.get("/admin/", headers=headers)
    deciding = client.get(f"/admin/queue/proposal/{proposal.pk}/", headers=headers)
    for page, expected in ((home, "Lo que espera"), (deciding, "Qué cambia si se publica")):
        assert page.status_code == 200
        assert expected in words(page)
        assert "Cumplida" in words(page)
        assert [word for word in ENGLISH if word in words(page)] == []
    assert 'value="en"' in home.text  # the way back, in the menu of the person


def test_the_api_says_its_words_in_the_language_asked_and_its_codes_in_none(client, stalled):
    address = "/api/v1/recommendations/SRC-01/"
    english, spanish = (client.get(address, headers={"accept-language": each}) for each in ("en", "es"))
    said = [each.json()["status"] for each in (english, spanish)]
    assert said == ["stalled", "stalled"]
    assert [each.json()["status_label"] for each in (english, spanish)] == ["Stalled", "Estancada"]
    assert english.headers["ETag"] != spanish.headers["ETag"]
    assert "Accept-Language" in english.headers["Vary"]
    again = client.get(address, headers={"accept-language": "es", "if-none-match": english.headers["ETag"]})
    assert again.status_code == 200
