"""Datasette in a real Chromium: it browses and asks the collection's file, by parts, and nobody else."""

import json
import re
import shutil
import sqlite3
from asyncio import run
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.settings import load_settings
from ingest.website.addresses import Layout
from ingest.website.datasette_files import write_datasette
from ingest.website.links import FRAMING_POLICY
from ingest.website.npm_packages import SQLITE, package_files
from ingest.website.rendering import open_renderer
from ingest.website.site import DATABASE, Site, copy_database, copy_programs
from tests import test_browser
from tests.browsers import need_chromium
from tests.file_server import Answered, serving
from tests.test_browser import SIZES

need_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

browser = test_browser.browser  # a fixture is found by its name
STARTED = 180_000  # milliseconds to wait for, on a busy machine; a failure says so itself, and earlier
# Articles of many words, so that a catalogue page is a small part of the file.
MORE = """
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 3000)
    insert into articles (id, key, title, published, year, source_id, section, language, rights, words)
    select 10000 + n, printf('%012x', n), 'Bulletin ' || n, '1970-01-01', 1970, 1,
        case n % 3 when 0 then 'Bulletins' else 'Weather' end, 'en', 'full', 900 from numbers
"""
TEXTS = """
    insert into article_text (id, body, text)
    select id, hex(randomblob(4000)), hex(randomblob(4000)) from articles where id > 10000
"""


@pytest.fixture(scope="module")
def site(sample: Path, pyodide: dict[str, bytes], tmp_path_factory) -> Path:
    """The sample and three thousand long articles: the database, Datasette, and the pages that run it."""
    target = tmp_path_factory.mktemp("large")
    large = tmp_path_factory.mktemp("source") / "large.db"
    shutil.copyfile(sample / "collection.db", large)
    connection = sqlite3.connect(large)
    with connection:
        connection.execute(MORE)
        connection.execute(TEXTS)
    connection.close()
    copy_programs(target / "static", package_files(SQLITE))
    copy_database(large, target / DATABASE)
    loading = write_datasette(target / "datasette", sample, target / DATABASE, pyodide)
    made = Site(target, Layout(), loading)

    async def write() -> None:
        async with open_renderer(load_settings(sample), target / DATABASE) as room:
            await made.write_search(room)
            for name in ("room.css", "search.css", "icon.svg"):
                (target / "static" / name).write_text(await room.get(f"/-/room/{name}"), encoding="utf-8")

    with ThreadPoolExecutor() as thread:  # Playwright has the event loop of this one
        thread.submit(lambda: run(write())).result()
    return target


class Reader:
    """Somebody who has Datasette open in a browser."""

    def __init__(self, page, host: str) -> None:
        """Have a page for it, of a site on a host."""
        self.complaints: list[str] = []
        self.page, self.host, self.shell = page, host, f"{host}/datasette/index.html"

    def start(self, path: str = "") -> None:
        """Load Datasette at a path of its own."""
        self.page.goto(self.shell + (f"#{path}" if path else ""))
        self.page.wait_for_selector("body.running, #step[role=alert]", timeout=STARTED)
        assert not self.page.locator("#step[role=alert]").count(), self.page.inner_text("#step")

    def go(self, path: str):
        """Go to a path, and return the frame that shows it."""
        self.page.evaluate("path => { location.hash = path; }", path)
        return self.shows(path)

    def shows(self, path: str):
        """Wait until a path is shown, and return its frame."""
        self.page.wait_for_function(
            "path => frame.contentWindow.location.href.endsWith(path) "
            "&& frame.contentDocument.readyState === 'complete' && location.hash === '#' + path",
            arg=path,
            timeout=STARTED,
        )
        return next(each for each in self.page.frames if each.parent_frame)


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[tuple[str, Answered]]:
    """The site on a host that answers range requests and forbids all files what pages may not do."""
    with serving(site, policy=FRAMING_POLICY) as found:
        yield found


@pytest.fixture(scope="module")
def reader(browser, served: tuple[str, Answered]) -> Iterator[Reader]:
    """Somebody who must meet no complaint and whose browser must ask nobody but the site's host."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(STARTED)
    reader = Reader(page, served[0])
    note = reader.complaints.append
    context.on("console", lambda message: note(message.text))
    context.on("weberror", lambda error: note(str(error.error)))
    context.on("request", lambda asked: None if asked.url.startswith(served[0]) else note(asked.url))
    reader.start()
    yield reader
    context.close()
    assert not reader.complaints


def test_a_table_is_browsed_by_facet_and_row(reader: Reader, site: Path):
    """From the list of tables to a table, by a click on a facet to its rows, and on to one of them."""
    shown = reader.shows("/collection")
    shown.click("h3 a[href$='/collection/articles']")
    shown = reader.shows("/collection/articles")
    assert "3,046 rows" in shown.inner_text("h3 >> nth=0")
    with sqlite3.connect(site / DATABASE) as connection:
        expected = connection.execute("select count(*) from articles where section = 'Bulletins'").fetchone()[
            0
        ]
    shown.click(".facet-info[data-column=section] a:text-is('Bulletins')")
    reader.page.wait_for_url("**section=Bulletins")
    assert f"{expected:,} rows" in shown.inner_text("h3 >> nth=0")
    assert reader.page.title() == shown.title()
    shown.click("table.rows-and-columns tbody tr >> nth=0 >> td a >> nth=0")
    reader.page.wait_for_url(re.compile(r"articles/\d+$"))
    assert "Links from other tables" in shown.inner_text("body")
    reader.page.go_back()
    reader.page.wait_for_url("**section=Bulletins")
    assert "Bulletins" in shown.inner_text("h3 >> nth=0")


def test_a_filter_is_set_with_the_form(reader: Reader):
    """The form of a table's page leads where it leads on a server."""
    shown = reader.go("/collection/entities")
    shown.select_option("select[name=_filter_column]", "name")
    shown.select_option("select[name=_filter_op]", "contains")
    shown.fill("input[name=_filter_value]", "gagarin")
    shown.click("form.filters input[type=submit]")
    reader.page.wait_for_url("**name__contains=gagarin*")
    assert "Yuri Gagarin" in shown.inner_text("table.rows-and-columns")


def test_sql_gives_what_the_database_holds(reader: Reader, site: Path):
    """A statement, a canned query and JSON give the rows that SQLite gives."""
    sql = "select year, count(*) as n from articles where year is not null group by year order by year"
    shown = reader.go(f"/collection?sql={sql.replace(' ', '+')}")
    rows = shown.locator("table tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.textContent.trim()))"
    )
    with sqlite3.connect(site / DATABASE) as connection:
        expected = [[str(value) for value in row] for row in connection.execute(sql)]
    assert rows == expected
    shown = reader.go(f"/collection.json?sql={sql.replace(' ', '+')}&_shape=arrays")
    assert [[str(each) for each in row] for row in json.loads(shown.inner_text("body"))["rows"]] == expected
    shown = reader.go("/collection")
    shown.click("a:text('Who is quoted most')")
    reader.page.wait_for_url("**#/collection/most_quoted")
    shown.fill("input[name=at_least]", "0.5")
    shown.click("input[value='Run SQL']")
    reader.page.wait_for_url("**at_least=0.5*")
    assert shown.locator("table tbody tr").count() > 5


def test_words_are_found_and_rows_are_taken_away(reader: Reader, site: Path):
    """Datasette's own search box asks the full-text index; a table is downloaded as CSV."""
    with sqlite3.connect(site / DATABASE) as connection:
        expected = connection.execute("select count(*) from articles_fts where articles_fts match 'moon'")
        total = expected.fetchone()[0]
    shown = reader.go("/collection/articles?_search=moon")
    assert f"{total:,} rows" in shown.inner_text("h3 >> nth=0")
    with reader.page.expect_download() as download:
        shown.evaluate("location.assign('sources.csv?_dl=1&_size=max')")
    rows = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    with sqlite3.connect(site / DATABASE) as connection:
        assert len(rows) - 1 == connection.execute("select count(*) from sources").fetchone()[0]
    assert rows[0].startswith("id,key,name")


def test_wrong_and_endless_queries_are_told(reader: Reader):
    """A wrong statement gets SQLite's sentence, one without end is ended, and the next one is answered."""
    assert not reader.complaints
    shown = reader.go("/collection?sql=select+nonsense")
    assert "no such column" in shown.inner_text("body")
    endless = "with+recursive+n(i)+as+(select+1+union+all+select+i%2B1+from+n)+select+max(i)+from+n"
    shown = reader.go(f"/collection?sql={endless}")
    assert "took too long" in shown.inner_text("body")
    shown = reader.go("/collection?sql=select+6*7+as+answer")
    assert shown.inner_text("table tbody td") == "42"
    assert [each for each in reader.complaints if "status of 400" not in each and "ERROR" not in each] == []
    reader.complaints.clear()


def test_overviews_are_drawn(reader: Reader):
    """The map that plain files lack shows its places."""
    shown = reader.go("/map")
    assert shown.locator("svg circle").count() > 10


def test_a_link_in_a_new_tab_begins_there(reader: Reader):
    """The address of a page inside, opened on its own, is shown with Datasette around it."""
    reader.go("/collection/sources")
    inside = next(each for each in reader.page.frames if each.parent_frame).url
    other = reader.page.context.new_page()
    other.goto(inside)
    other.wait_for_selector("body.running", timeout=STARTED)
    Reader(other, reader.host).shows("/collection/sources")
    assert other.url == f"{reader.shell}#/collection/sources"
    other.close()


def test_links_lead_out_of_it(reader: Reader):
    """What lies elsewhere on the web opens in the whole window, and the site's own pages too."""
    shown = reader.go("/collection")
    assert shown.get_attribute("a:text('Apache License')", "target") == "_top"
    reader.page.evaluate("location.hash = '/search?q=moon'")
    reader.page.wait_for_url("**/search/index.html?q=moon")
    reader.start("/collection/articles")


def test_parts_of_the_file_are_enough(browser, site: Path):
    """A table with its facets, a row and a query read a small part of a large file, and it is told."""
    context = browser.new_context()
    # A host of its own, so that nothing is counted that another page still reads.
    with serving(site) as (host, answered):
        reader = Reader(context.new_page(), host)
        reader.start("/collection/articles")
        shown = reader.shows("/collection/articles")
        assert shown.locator(".facet-info").count() >= 3
        reader.go("/collection/articles/10077")
        reader.go("/collection?sql=select+substr(text,1,9)+from+article_text+where+id=10077")
        read, size = answered.bytes("collection.db"), (site / DATABASE).stat().st_size
        parts = [each for each in answered.rows if each[0].startswith("/collection.db")]
        assert size > 40e6
        assert 0 < read < size / 10
        assert all(status == 206 for _, status, _ in parts)
        # The first asks whether there are ranges at all; the file's end may be shorter.
        assert sorted(length for _, _, length in parts)[2] >= 64 * 1024
        # What was spent and the page itself come from the worker by different ways.
        reader.page.wait_for_function(
            "told => document.getElementById('status').textContent.endsWith(told)",
            arg=f" MiB read in {len(parts)} requests",
        )
    context.close()


def test_a_host_without_ranges_gives_a_small_file_whole(browser, site: Path, sample: Path, tmp_path: Path):
    """Up to a size the whole file is read; above it the page says why nothing is shown."""
    shutil.copytree(site, tmp_path / "site")
    copied = tmp_path / "site" / DATABASE
    copied.unlink()
    copy_database(sample / "collection.db", copied)
    shell = tmp_path / "site" / "datasette" / "index.html"
    stated = shell.read_text(encoding="utf-8")
    resized = re.sub(r'data-size="\d+"', f'data-size="{copied.stat().st_size}"', stated)
    shell.write_text(resized, encoding="utf-8")
    context = browser.new_context()
    with serving(tmp_path / "site", ranges=False) as (host, answered):
        reader = Reader(context.new_page(), host)
        reader.start("/collection/articles/7")
        assert "Links from other tables" in reader.shows("/collection/articles/7").inner_text("body")
        assert [each[1] for each in answered.rows if "collection.db" in each[0]] == [200]
        shell.write_text(re.sub(r'data-size="\d+"', 'data-size="999999999"', stated), encoding="utf-8")
        reader.page.goto(f"{reader.shell}?again")
        reader.page.wait_for_selector("#step[role=alert]", timeout=STARTED)
        assert "gives files only whole" in reader.page.inner_text("#step")
    context.close()


def test_a_browser_without_service_workers_is_told(browser, served: tuple[str, Answered]):
    """Where they are missing, as on an address without https, the page says what it needs."""
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {value: undefined})")
    page = context.new_page()
    page.goto(f"{served[0]}/datasette/index.html")
    page.wait_for_selector("#step[role=alert]")
    assert "https://" in page.inner_text("#step")
    assert page.locator("a[href='../collection.db']").count() == 1
    context.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_the_page_fits_the_screen(browser, served: tuple[str, Answered], size: dict[str, int]):
    """The frame fills the window but for a line, and nothing is wider than the screen."""
    context = browser.new_context(viewport=size)
    reader = Reader(context.new_page(), served[0])
    reader.start("/collection")
    reader.shows("/collection")
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    box = reader.page.locator("#frame").bounding_box()
    assert box["width"] == size["width"]
    assert box["y"] + box["height"] == pytest.approx(size["height"], abs=1)
    assert box["y"] < 80
    context.close()


def test_a_file_that_goes_away_is_told(browser, site: Path):
    """Where the host has the file no more, the page gives that reason; what was read is still there."""
    context = browser.new_context()
    gone = site / "gone.db"
    with serving(site) as (host, _):
        reader = Reader(context.new_page(), host)
        reader.start("/collection/sources")
        reader.shows("/collection/sources")
        (site / DATABASE).rename(gone)
        try:
            shown = reader.go("/collection/article_text/10500")
            assert shown.inner_text("body") == "The host answers 404 for a part of the database."
            assert "The Cape Ledger" in reader.go("/collection/sources").inner_text("body")
        finally:
            gone.rename(site / DATABASE)
    context.close()
