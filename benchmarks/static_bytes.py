"""Counts what a reader of a static site downloads: the first page, searches, Datasette in the browser.

    python benchmarks/static_bytes.py FOLDER [PAGEFIND]

FOLDER is a collection, such as `benchmarks/corpus.py` makes. Its search page is opened in Chromium
against a file server that answers range requests and counts what it sends. PAGEFIND is the program
of Pagefind, if it is to index the same articles and answer the same words; it reads pages, so each
article becomes a plain one.
"""

from __future__ import annotations

import asyncio
import gzip
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ingest.settings import load_settings  # noqa: E402 - the checkout comes first on the path
from ingest.website.addresses import Layout  # noqa: E402
from ingest.website.datasette_files import write_datasette  # noqa: E402
from ingest.website.npm_packages import PYODIDE, SQLITE, package_files  # noqa: E402
from ingest.website.rendering import open_renderer  # noqa: E402
from ingest.website.site import DATABASE, Site, copy_database, copy_programs  # noqa: E402
from tests.file_server import Answered, serving  # noqa: E402

READY = '#search:not([aria-busy="true"]) #found > *'
# A word of the vocabulary in about so many articles, as a share of all or as a number.
WORD = """
    select term, doc from words where length(term) between 6 and 14 and term glob '[a-z]*'
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


def choose_words(database: Path) -> list[tuple[str, str, int]]:
    """Return what to search for: a description, a word, and the number of articles that have it."""
    connection = sqlite3.connect(database)
    connection.execute("create virtual table temp.words using fts5vocab('main', 'articles_fts', 'row')")
    articles = connection.execute("select count(*) from articles").fetchone()[0]
    wishes = (("a rare word", 8), ("a word", articles // 1000), ("a common word", articles // 20))
    found = []
    for name, wanted in wishes:
        word, count = connection.execute(WORD, {"wanted": wanted}).fetchone()
        found.append((name, word, count))
    connection.close()
    return found


def make_site(folder: Path, target: Path) -> None:
    """Write the pages of a collection that ask the database, and what they need."""
    settings = load_settings(folder)
    copy_programs(target / "static", package_files(SQLITE))
    copy_database(settings.database, target / DATABASE)

    loading = write_datasette(
        target / "datasette", settings.folder, target / DATABASE, package_files(PYODIDE)
    )

    async def write() -> None:
        async with open_renderer(settings, target / DATABASE) as room:
            await Site(target, Layout(), loading).write_search(room)

    asyncio.run(write())


def write_plain_pages(database: Path, target: Path) -> int:
    """Write each article as a plain page for Pagefind, and return how many there are."""
    connection = sqlite3.connect(database)
    sql = "select key, title, text from articles join article_text using (id)"
    count = 0
    for count, (key, title, text) in enumerate(connection.execute(sql), start=1):  # noqa: B007 - counted
        page = (
            f"<!doctype html><html lang=en><title>{escape(title)}</title><main>"
            f"<h1>{escape(title)}</h1><p>{escape(text)}</p></main>"
        )
        (target / f"{key}.html").write_text(page, encoding="utf-8")
    connection.close()
    return count


def report(what: str, shown: str, answered: Answered, database: str) -> None:
    """Print a line: what was read of the index, and of the program."""
    index = [size for path, _, size in answered.rows if database in path]
    others = sum(size for path, _, size in answered.rows) - sum(index)
    print(f"{what:34} {shown:>12} {sum(index) / 1e6:10.2f} {len(index):9} {others / 1e6:10.2f}", flush=True)
    answered.rows.clear()


def measure_room(browser: Any, site: Path, words: list[tuple[str, str, int]]) -> None:
    """Print what each search reads, in a fresh browser each time."""
    size = (site / DATABASE).stat().st_size
    print(f"\nReading Room: {DATABASE} of {size / 1e6:,.0f} MB; MB = million bytes, before compression")
    print(f"{'':34} {'articles':>12} {'index, MB':>10} {'requests':>9} {'others, MB':>10}")
    searches = [("the first page", "")] + [
        (f"{name}, {word}", f"?q={quote(word)}") for name, word, _ in words
    ]
    with serving(site) as (address, answered):
        for name, asked in searches:
            context = browser.new_context()
            page = context.new_page()
            page.set_default_timeout(600_000)
            page.goto(f"{address}/search/index.html{asked}")
            page.wait_for_selector(READY)
            report(name, page.locator(".total b").first.inner_text(), answered, DATABASE)
            if page.locator("#count").count():
                page.click("#count")
                page.wait_for_selector("#count", state="detached")
                report("  and then all its counts", "", answered, DATABASE)
            context.close()
    programs = [path for path in (site / "static").rglob("*") if path.suffix in {".js", ".wasm"}]
    packed = sum(len(gzip.compress(path.read_bytes())) for path in programs)
    print(f"The programs, {sum(path.stat().st_size for path in programs) / 1e6:.2f} MB, are read once;")
    print(f"hosts that compress send {packed / 1e6:.2f} MB.")


def measure_datasette(browser: Any, site: Path) -> None:
    """Print what Datasette in the browser loads, and what its pages read, in one browser."""
    print("\nDatasette in the browser")
    with serving(site) as (address, answered):
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.goto(f"{address}/datasette/index.html#/collection")
        for path in DATASETTE_PAGES:
            page.evaluate("path => { location.hash = path; }", path)
            page.wait_for_function(SHOWN, arg=path)
            report(path, "", answered, DATABASE)
        page.close()


def measure_pagefind(
    browser: Any, program: str, database: Path, site: Path, words: list[tuple[str, str, int]]
) -> None:
    """Print what Pagefind reads for the same words in the same articles."""
    count = write_plain_pages(database, site)
    subprocess.run([program, "--site", str(site)], check=True, stdout=subprocess.DEVNULL)
    index = sum(path.stat().st_size for path in (site / "pagefind").rglob("*") if path.is_file())
    print(f"\nPagefind: an index of {index / 1e6:,.0f} MB over the same {count:,} articles")
    with serving(site) as (address, answered):
        (site / "index.html").write_text("<!doctype html><title>Search</title>", encoding="utf-8")
        for name, word, _ in words:
            context = browser.new_context()
            page = context.new_page()
            page.set_default_timeout(600_000)
            page.goto(f"{address}/index.html")
            found = page.evaluate(PAGEFIND_SEARCH, word)
            report(f"{name}, {word}", f"{found:,}", answered, ".pf_")
            context.close()


def main() -> None:
    """Make the site, search it, and print what was read."""
    folder = Path(sys.argv[1])
    program = sys.argv[2] if len(sys.argv) > 2 else ""  # noqa: PLR2004 - the second argument
    database = load_settings(folder).database
    words = choose_words(database)
    with tempfile.TemporaryDirectory() as scratch:
        site, plain = Path(scratch) / "site", Path(scratch) / "plain"
        site.mkdir()
        plain.mkdir()
        make_site(folder, site)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            measure_room(browser, site, words)
            measure_datasette(browser, site)
            if program:
                measure_pagefind(browser, program, database, plain, words)
            browser.close()


if __name__ == "__main__":
    main()
