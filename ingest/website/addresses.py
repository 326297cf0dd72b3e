"""Which file of a static site stands for which address of the server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

SEARCH, SQL, DATASETTE = "search/index.html", "sql/index.html", "datasette/index.html"
PAGE = "index.html"
DATABASE = "collection"
# What Datasette shows that no file does; /timeline/texts and /company/NAME lie below them.
OVERVIEWS = ("map", "timeline", "company")
TABLE_ROWS = 100
# A story's versions are compared two by two; of more than so many, their number gets out of hand.
MOST_COMPARED = 10
HEXADECIMAL = re.compile(r"[0-9a-f]+")
NUMBER = re.compile(r"[1-9]\d{0,3}")
NAME = re.compile(r"\w+")
SITEMAP = re.compile(r"/sitemap(-(articles|names)-\d{1,5})?\.xml")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What a site has beside its pages: feeds and a sitemap need its public address, `url`.

    `datasette` says that Datasette is there, to run in the reader's browser. `uncompared` holds the keys
    of articles whose story has too many versions to compare each with each.
    """

    url: str = ""
    datasette: bool = False
    uncompared: frozenset[str] = field(default_factory=frozenset)


def public_address(stated: str) -> str:
    """Return a site's address as sitemaps, feeds and citations take it: as ASCII, with a slash at its end."""
    return quote(f"{stated.rstrip('/')}/", safe="/:%[]@!$&'()*+,;=~") if stated else ""


def place(address: str, layout: Layout) -> str | None:
    """Return the file that stands for an address, with its query and fragment, as a link from the top.

    None for what no file can stand for: what only a server does.
    """
    parts = urlsplit(address)
    path, asked = unquote(parts.path), parse_qs(parts.query)
    target = _place(path, asked, layout)
    if target is None:
        shown = layout.datasette and path.strip("/").split("/")[0] in OVERVIEWS
        return f"{DATASETTE}#{address}" if shown else None
    if (target in {SEARCH, SQL} and parts.query and not path.startswith(f"/{DATABASE}/")) or (
        path.startswith("/-/room/") and parts.query
    ):
        target = f"{target}?{parts.query}"
    return target + (f"#{parts.fragment}" if parts.fragment else "")


def is_listed(address: str) -> bool:
    """Tell whether an address is found in the database, so that no page need lead to it."""
    path = urlsplit(address).path
    first, *rest = path.strip("/").split("/")
    return first in {"article", "entity"} and len(rest) == 1 and not urlsplit(address).query


def _place(path: str, asked: dict[str, list[str]], layout: Layout) -> str | None:
    first, *rest = path.strip("/").split("/")
    if first == "article":
        return _article(rest, layout)
    if first == "entity" and rest:
        return _entity(rest, asked, layout)
    if first == "entities" and not rest:
        return None if asked.get("q") else _join("entities", _one(asked, "kind"), _number(asked))
    if first == "quotations" and not rest:
        return _quotations(asked)
    if first == DATABASE:
        return _table(rest, asked)
    if path.startswith("/-/room/") and len(rest) == 2:  # noqa: PLR2004 - `room` and the file
        return f"static/{rest[1]}"
    if layout.url and (path == "/search.atom" or SITEMAP.fullmatch(path)):
        return "feed.atom" if path == "/search.atom" else path[1:]
    return {"/": PAGE, "/guide": f"guide/{PAGE}", "/search": SEARCH}.get(path)


def _article(rest: list[str], layout: Layout) -> str | None:
    match rest:
        case [key] if HEXADECIMAL.fullmatch(key):
            return _join("article", key)
        case [key, "and", other] if key not in layout.uncompared:
            return _join("article", key, "and", other)
    return None


def _entity(rest: list[str], asked: dict[str, list[str]], layout: Layout) -> str | None:
    match rest:
        case [key]:
            return _join("entity", key, _number(asked))
        case [key, "feed.atom"] if layout.url:
            return f"entity/{quote(key)}/feed.atom"
    return None


def _quotations(asked: dict[str, list[str]]) -> str | None:
    if asked.get("q"):
        return None
    speaker, sure = _one(asked, "speaker"), _one(asked, "sure")
    of = ("of", speaker) if speaker else ()
    return _join("quotations", *of, "" if sure == "likely" else sure, _number(asked))


def _table(rest: list[str], asked: dict[str, list[str]]) -> str | None:
    """Return the SQL page that shows what a page of Datasette's shows: a query, a table or a row."""
    match rest:
        case [] | ["-", "query"]:
            return f"{SQL}?{urlencode(asked, doseq=True)}" if asked else SQL
        case [table] if NAME.fullmatch(table):
            sql = f"select * from {table} limit {TABLE_ROWS}"  # noqa: S608 - a word, run by the reader
        case [table, row] if NAME.fullmatch(table) and row.isascii() and row.isdecimal():
            sql = f"select * from {table} where id = {row}"  # noqa: S608 - a word and a number
        case _:
            return None
    return f"{SQL}?{urlencode({'sql': sql})}"


def _one(asked: dict[str, list[str]], name: str) -> str:
    return next(iter(asked.get(name, ())), "")


def _number(asked: dict[str, list[str]]) -> str:
    """Return a page's number as part of a path; nothing for the first."""
    number = _one(asked, "page")
    return number if NUMBER.fullmatch(number) and number != "1" else ""


def _join(*parts: str) -> str:
    return "/".join([*(quote(part) for part in parts if part), PAGE])
