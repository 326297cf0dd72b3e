"""Counts what a reader of a static site downloads: the first page, searches, Datasette in the browser.

    python benchmarks/static_bytes.py FOLDER

FOLDER is a collection, such as `benchmarks/corpus.py` makes. Its search page is opened in Chromium
against a file server that answers range requests, each 60 ms later, as a host does that is not near, and
counts what it sends. Where Pagefind is installed (`.[bench]`), it indexes the same articles and answers
the same words; it reads pages, so each article becomes a plain one.
"""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ingest.settings import load_settings  # noqa: E402 - the checkout comes first on the path
from ingest.website.addresses import Layout  # noqa: E402
from ingest.website.datasette_files import write_datasette  # noqa: E402
from ingest.website.npm_packages import PYODIDE, SQLITE, package_files  # noqa: E402
from ingest.website.rendering import open_renderer  # noqa: E402
from ingest.website.site import DATABASE, Site, copy_database, copy_programs  # noqa: E402
from tests.browsers import chromium  # noqa: E402
from tests.file_server import Answered, serving  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

DISTANCE = 0.06
READY = '#search:not([aria-busy="true"]) #found > *'
# A word of the vocabulary in about so many articles, as a share of all or as a number.
WORD = """
    select term from words where length(term) between 6 and 14 and term glob '[a-z]*'
    order by abs(doc - :wanted), term limit 1
"""
DATASETTE_PAGES = (
    "/collection",
    "/collection/articles",
    "/collection/articles?_facet=section",
    "/collection/articles/1",
    "/collection?sql=select+count(*)+from+quotes",
    "/map",
)
SHOWN = """path => frame.contentWindow?.location.href.endsWith(path)
  && frame.contentDocument.readyState === "complete" && location.hash === "#" + path"""
PAGEFIND_SEARCH = """async (word) => {
  const pagefind = await import(location.origin + "/pagefind/pagefind.js");
  const found = await pagefind.search(word);
  await Promise.all(found.results.slice(0, 20).map((each) => each.data()));
  return found.results.length;
}"""


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a browser read for one thing asked, of the index and of all else, in bytes, and for how long."""

    what: str
    shown: str
    seconds: float
    index: int
    requests: int
    others: int

    def line(self) -> str:
        """Return the figures in columns; MB are million bytes, before compression."""
        index, others = (f"{size / 1e6:10.2f}" for size in (self.index, self.others))
        return f"{self.what:34} {self.shown:>12} {index} {self.requests:9} {others} {self.seconds:8.1f}"


def choose_words(database: Path) -> list[tuple[str, str]]:
    """Return what to search for: a description and a word."""
    connection = sqlite3.connect(database)
    connection.execute("create virtual table temp.words using fts5vocab('main', 'articles_fts', 'row')")
    articles = connection.execute("select count(*) from articles").fetchone()[0]
    wishes = (("a rare word", 8), ("a word", articles // 1000), ("a common word", articles // 20))
    found = []
    for name, wanted in wishes:
        found.append((name, *connection.execute(WORD, {"wanted": wanted}).fetchone()))
    connection.close()
    return found


def make_site(folder: Path, target: Path, *, datasette: bool) -> None:
    """Write the page of a collection that searches, and what it needs; with Datasette, if wanted."""
    settings = load_settings(folder)
    target.mkdir()
    copy_programs(target / "static", package_files(SQLITE))
    copy_database(settings.database, target / DATABASE)
    loading = None
    if datasette:
        loading = write_datasette(
            target / "datasette", settings.folder, target / DATABASE, package_files(PYODIDE)
        )

    async def write() -> None:
        async with open_renderer(settings, target / DATABASE) as room:
            await Site(target, Layout(), loading).write_search(room)

    asyncio.run(write())


def write_plain_pages(database: Path, target: Path) -> None:
    """Write each article as a plain page."""
    connection = sqlite3.connect(database)
    sql = "select key, title, text from articles join article_text using (id)"
    for key, title, text in connection.execute(sql):
        page = (
            f"<!doctype html><html lang=en><title>{escape(title)}</title><main>"
            f"<h1>{escape(title)}</h1><p>{escape(text)}</p></main>"
        )
        (target / f"{key}.html").write_text(page, encoding="utf-8")
    connection.close()


def take(what: str, shown: str, answered: Answered, index: str, started: float) -> Read:
    """Return what was answered since the last time; of the index are paths with `index` in them."""
    seconds = time.perf_counter() - started
    sizes = [size for path, _, size in answered.rows if index in path]
    others = sum(size for path, _, size in answered.rows) - sum(sizes)
    answered.rows.clear()
    return Read(what=what, shown=shown, seconds=seconds, index=sum(sizes), requests=len(sizes), others=others)


def search_room(browser: Any, site: Path, words: list[tuple[str, str]]) -> Iterator[Read]:
    """Yield what the first page and each search read, in a fresh browser each time."""
    searches = [("the first page", "")] + [(f"{name}, {word}", f"?q={quote(word)}") for name, word in words]
    with serving(site, delay=DISTANCE) as (address, answered):
        for name, asked in searches:
            context = browser.new_context()
            page = context.new_page()
            page.set_default_timeout(600_000)
            started = time.perf_counter()
            page.goto(f"{address}/search/index.html{asked}")
            page.wait_for_selector(READY)
            yield take(name, page.locator(".total b").first.inner_text(), answered, DATABASE, started)
            if page.locator("#count").count():
                started = time.perf_counter()
                page.click("#count")
                page.wait_for_selector("#count", state="detached")
                yield take("  and then all its counts", "", answered, DATABASE, started)
            context.close()


def open_datasette(browser: Any, site: Path) -> Iterator[Read]:
    """Yield what Datasette in the browser loads, and what its pages read, in one browser."""
    with serving(site, delay=DISTANCE) as (address, answered):
        page = browser.new_page()
        page.set_default_timeout(600_000)
        started = time.perf_counter()
        page.goto(f"{address}/datasette/index.html#/collection")
        for path in DATASETTE_PAGES:
            page.evaluate("path => { location.hash = path; }", path)
            page.wait_for_function(SHOWN, arg=path)
            yield take(path, "", answered, DATABASE, started)
            started = time.perf_counter()
        page.close()


def has_pagefind() -> bool:
    """Tell whether Pagefind is installed."""
    return find_spec("pagefind_bin") is not None


def index_for_pagefind(database: Path, site: Path) -> int:
    """Write the articles as pages with an index of Pagefind, and return the bytes of the index."""
    site.mkdir()
    write_plain_pages(database, site)
    (site / "index.html").write_text("<!doctype html><title>Search</title>", encoding="utf-8")
    command = [sys.executable, "-m", "pagefind_bin", "--site", str(site)]
    subprocess.run(command, check=True, capture_output=True)
    return sum(path.stat().st_size for path in (site / "pagefind").rglob("*") if path.is_file())


def search_pagefind(browser: Any, site: Path, words: list[tuple[str, str]]) -> Iterator[Read]:
    """Yield what Pagefind reads for each word, with what it shows of the first twenty pages."""
    with serving(site, delay=DISTANCE) as (address, answered):
        for name, word in words:
            context = browser.new_context()
            page = context.new_page()
            page.set_default_timeout(600_000)
            started = time.perf_counter()
            page.goto(f"{address}/index.html")
            found = page.evaluate(PAGEFIND_SEARCH, word)
            yield take(f"{name}, {word}", f"{found:,}", answered, ".pf_", started)
            context.close()


def describe_programs(site: Path) -> str:
    """Return how large the programs are, which a browser reads once."""
    programs = [path for path in (site / "static").rglob("*") if path.suffix in {".js", ".wasm"}]
    packed = sum(len(gzip.compress(path.read_bytes())) for path in programs)
    return (
        f"The programs, {sum(path.stat().st_size for path in programs) / 1e6:.2f} MB, are read once;\n"
        f"hosts that compress send {packed / 1e6:.2f} MB."
    )


def main() -> None:
    """Make the sites, search them, and print what was read."""
    folder = Path(sys.argv[1])
    database = load_settings(folder).database
    words = choose_words(database)
    with tempfile.TemporaryDirectory() as scratch:
        site, plain = Path(scratch) / "site", Path(scratch) / "plain"
        make_site(folder, site, datasette=True)
        index = index_for_pagefind(database, plain) if has_pagefind() else 0
        with chromium() as browser:
            size = (site / DATABASE).stat().st_size
            print(f"Reading Room: {DATABASE} of {size / 1e6:,.0f} MB; MB = million bytes, before compression")
            print(f"{'':34} {'articles':>12} {'index, MB':>10} {'requests':>9} {'others':>10} {'seconds':>8}")
            for read in search_room(browser, site, words):
                print(read.line(), flush=True)
            print(describe_programs(site))
            print("\nDatasette in the browser")
            for read in open_datasette(browser, site):
                print(read.line(), flush=True)
            if index:
                print(f"\nPagefind: an index of {index / 1e6:,.0f} MB over the same articles")
                for read in search_pagefind(browser, plain, words):
                    print(read.line(), flush=True)


if __name__ == "__main__":
    main()
