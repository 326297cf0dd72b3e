"""The static site in a real Chromium: search and SQL give what a server gives, and ask nobody else."""

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests import test_browser
from tests.browsers import follow, free_port, need_chromium
from tests.conftest import Room
from tests.file_server import Answered, serving
from tests.test_browser import SIZES

need_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

address, browser = test_browser.address, test_browser.browser  # fixtures are found by their names
CASES = Path(__file__).parent / "cases" / "search_queries.json"
MARKED = CASES.with_name("search_marks.json")
SEARCHES = (
    *("", "?q=moon", "?q=cosmo*", "?q=moon&sort=newest", "?q=moon&sort=oldest", "?sort=oldest", "?page=2"),
    *(
        "?q=nasa&page=2",
        "?q=skylab+OR+salyut",
        "?q=%22far+side%22",
        "?q=moon+-apollo",
        "?q=-apollo",
        "?q=xyzzy",
    ),
    *(
        "?q=person:gagarin",
        "?q=person:%22Yuri+Gagarin%22+moon",
        "?q=place:Moscow+OR+place:Houston",
        "?q=org:nasa",
    ),
    *(
        "?q=before:1960",
        "?q=after:1969-07-20+moon",
        "?q=tag:moon",
        "?q=author:ashdown+OR+year:1961",
        "?q=language:en+source:%22The+Cape+Ledger%22",
    ),
    *(
        "?q=Poyekhali",
        "?q=before:yesterday+moon",
        "?source=the-cape-ledger",
        "?year=1969",
        "?year=1969&year=1961",
    ),
    *("?year=1969&month=1969-07", "?q=moon&person=yuri-gagarin", "?person=yuri-gagarin&person=alexei-leonov"),
    *(
        "?q=moon&more=person",
        "?q=nasa&tag=moon&sort=newest",
        "?section=Science&q=moon",
        "?page=99",
        "?size=5&q=moon",
    ),
    *("?q=moon&source=the-cape-ledger&year=1969", "?q=xyzzy&source=the-cape-ledger&sort=oldest"),
)
SEEN = """() => {
  const text = (node) => node ? node.textContent.replace(/\\s+/g, " ").trim() : null;
  const query = (node) => [...new URL(node.getAttribute("href"), "http://x/").searchParams].map(String).sort();
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  return {
    total: text(document.querySelector(".total")),
    kept: all("form.find input").map((input) => [input.type, input.name, input.value]),
    widened: all("a.widened").map(query),
    title: document.title,
    strong: all(".total strong").map((part) => [text(part), part.dir]),
    headings: all("h1, .list h2, .list h3").map((heading) => heading.tagName),
    sorts: text(document.querySelector(".sorts")),
    notes: all(".head .note").map(text).filter((note) => !note.startsWith("No ")),
    pager: text(document.querySelector(".pager"))?.replaceAll(" ", ""),
    items: all("article.item").map((item) => ({
      key: /article\\/([0-9a-f]+)/.exec(item.querySelector("h3 a").getAttribute("href"))[1],
      over: text(item.querySelector(".over")),
      title: text(item.querySelector("h3")),
      snippet: text(item.querySelector(".snippet")),
      written: all("h3, .snippet", item).map((part) => [part.dir, part.lang]),
      marks: all("mark", item).map(text),
    })),
    facets: all(".facet").map((facet) => ({
      name: facet.dataset.facet,
      more: Boolean(facet.querySelector("a.on")),
      bars: all("svg a", facet).map((bar) => bar.getAttribute("aria-label")),
      values: all("li", facet).map((value) => [
        text(value.querySelector("a")), text(value.querySelector(".count")), query(value.querySelector("a")),
      ]),
    })),
  };
}"""
SUGGESTED = """async (queries) => {
  const { connect } = await import("../static/database.js");
  const database = connect(document.getElementById("search"), () => {});
  const spellings = await (await fetch("spellings.json")).json();
  const suggest = (q) => database.ask("suggest", { asked: `?${new URLSearchParams({ q })}`, spellings });
  return Promise.all(queries.map(suggest));
}"""
UNKNOWN = """() => [...document.querySelectorAll(".head .note")].map((note) => [
  note.textContent.replace(/\\s+/g, " ").trim(),
  [...note.querySelectorAll("a")].map((link) => new URL(link.href).search),
])"""
PAGE = 8192
READY = '#search:not([aria-busy="true"]) #found > *'


@pytest.fixture(scope="module")
def site(sample: Path, package: None, tmp_path_factory) -> Path:  # noqa: ARG001 - it is needed, or skips
    """The sample as a site."""
    target = tmp_path_factory.mktemp("browsed")
    publish(sample, target)
    return target


def publish(folder: Path, target: Path) -> None:
    """Write a collection as a site, in a process of its own, as a browser's tests run in a loop."""
    command = [sys.executable, "-m", "ingest", "publish", "static", str(target), str(folder)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[tuple[str, Answered]]:
    """The site on a host that answers range requests."""
    with serving(site) as found:
        yield found


@pytest.fixture
def page(browser, served: tuple[str, Answered]) -> Iterator[object]:
    """A page that must complain of nothing and ask nobody but the site's host."""
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request", lambda request: complaints.extend([request.url] * (not request.url.startswith(served[0])))
    )
    yield page
    context.close()
    assert not complaints


def test_search_gives_what_the_server_gives(browser, page, served: tuple[str, Answered], address: str):
    """Articles, passages, order, counts, addresses of facets: all as on the server's page."""
    other = browser.new_page()
    for asked in SEARCHES:
        page.goto(f"{served[0]}/search/index.html{asked}")
        page.wait_for_selector(READY)
        other.goto(f"{address}/search{asked}")
        assert page.evaluate(SEEN) == other.evaluate(SEEN), asked
    other.close()


def test_the_browser_understands_queries_alike(page, served: tuple[str, Answered]):
    """The same cases in JavaScript."""
    page.goto(f"{served[0]}/search/index.html")
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async (cases) => {
          const { parse, explain } = await import("../static/search_query.js");
          const words = (pieces) => pieces.map(([, text]) => text).join("");
          return cases.map(({ query, chosen }) => {
            const { text, groups, excluded, match, notes, ...rest } = parse(query);
            const understood = explain({ groups, excluded, ...rest }, chosen ?? {}, new Map());
            return { text, groups, excluded, match, notes, understood: words(understood) };
          });
        }""",
        cases,
    )
    for case, told in zip(cases, found, strict=True):
        assert told == {name: case[name] for name in told}, case["query"]


def test_the_browser_marks_words(page, served: tuple[str, Answered]):
    """The words that a server marks in a text stand out in the browser, no more and no less."""
    page.goto(f"{served[0]}/search/index.html")
    cases = json.loads(MARKED.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async (cases) => {
          const { parse } = await import("../static/search_query.js");
          const { mark, patternOf } = await import("../static/search_marks.js");
          return cases.map(({ query, marked }) =>
            mark(marked.replace(/[[\\]]/g, ""), patternOf(parse(query)))
              .map(([hit, text]) => (hit ? `[${text}]` : text))
              .join(""));
        }""",
        cases,
    )
    assert found == [case["marked"] for case in cases]


def test_the_examples_run_and_give_what_the_database_holds(page, site: Path, served: tuple[str, Answered]):
    """Every question of the guide, run in the browser, gives the rows that SQLite gives."""
    page.goto(f"{served[0]}/guide/index.html")
    links = page.locator("ol.examples > li > a").evaluate_all("all => all.map(a => a.href)")
    assert len(links) > 10
    connection = sqlite3.connect(site / "collection.db")
    for link in links:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        known = {
            name: float(each) if re.fullmatch(r"\d+\.\d+", each) else each for name, each in asked.items()
        }
        expected = connection.execute(asked["sql"], known).fetchall()
        page.goto(link)
        page.wait_for_selector("#rows .total")
        rows = page.locator("#rows tbody tr").evaluate_all(
            "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
        )
        assert len(rows) == len(expected), asked["sql"]
        firsts = [
            "null" if each is None else str(each)[:60]
            for each in (expected or [[]])[0]
            if not isinstance(each, float)
        ]
        told = [each[:60] for each in (rows or [[]])[0]]
        assert [each for each in firsts if each not in told] == [], asked["sql"]
    connection.close()


def test_rows_are_downloaded_as_csv(page, served: tuple[str, Answered]):
    """The file holds every row, and no cell that a spreadsheet would run."""
    sql = "select id, title, '=1+1' as formula, null as absent from articles order by id"
    page.goto(f"{served[0]}/sql/index.html")
    page.fill("#statement", sql)
    page.click("#query button >> nth=0")
    page.wait_for_selector("#download:visible")
    with page.expect_download() as download:
        page.click("#download")
    table = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert rows[0] == ["id", "title", "formula", "absent"]
    assert {tuple(row[2:]) for row in rows[1:]} == {("'=1+1", "")}
    assert len(rows) == 47


def test_the_head_of_a_column_stands_above_its_numbers(page, served: tuple[str, Answered]):
    """Numbers stand at the right, and so does what they are called."""
    page.goto(f"{served[0]}/sql/index.html?sql=select+title,+nullif(id,+1)+as+id+from+articles")
    page.wait_for_selector("#rows th")
    side = "all => all.map((each) => getComputedStyle(each).textAlign)"
    assert page.eval_on_selector_all("#rows th", side) == ["start", "right"]


def test_wrong_sql_is_told_and_nothing_is_written(page, served: tuple[str, Answered]):
    """An error is a sentence; the file cannot be changed; a query without end can be stopped."""
    for sql, told in (
        ("select nonsense", "no such column"),
        ("delete from articles", "readonly"),
        ("", None),
    ):
        page.goto(f"{served[0]}/sql/index.html")
        page.fill("#statement", sql)
        page.click("#query button >> nth=0")
        if told:
            page.wait_for_selector("#rows [role=alert]")
            assert told in page.locator("#rows").inner_text().replace("-", "")
    page.goto(f"{served[0]}/sql/index.html")
    page.fill(
        "#statement", "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    )
    page.click("#query button >> nth=0")
    page.click("#stop")
    page.wait_for_selector("#rows [role=alert]")
    assert page.locator("#rows").inner_text() == "Stopped."
    page.fill("#statement", "select 1 + 1 as two")
    page.click("#query button >> nth=0")
    page.wait_for_selector("#rows tbody td")
    assert page.locator("#rows tbody td").inner_text() == "2"


def test_little_is_read_and_all_of_it_is_counted(page, served: tuple[str, Answered]):
    """The first page needs nothing of the database; a row of it needs a part, and the page says how much."""
    host, answered = served
    answered.rows.clear()
    page.goto(f"{host}/search/index.html")
    page.wait_for_selector(READY)
    assert answered.bytes("collection.db") == 0
    page.goto(f"{host}/sql/index.html?sql=select+title+from+articles+where+id+%3D+7")
    page.wait_for_selector("#rows tbody td")
    read = answered.bytes("collection.db")
    asked = sum(path.startswith("/collection.db") for path, _, _ in answered.rows)
    assert 0 < read < 400_000
    told = page.locator("#status").inner_text()
    assert re.fullmatch(rf"{-(-read // 1024)} KiB of 1\.\d MiB read in {asked} requests\.", told)


def test_what_was_found_is_read_out(page, served: tuple[str, Answered]):
    """Whoever hears a page is told how many articles or rows there are, and not all of them at once."""
    page.goto(f"{served[0]}/search/index.html?q=moon")
    page.wait_for_selector(READY)
    live = page.locator("[aria-live], [role=status]")
    assert "17 articles with moon" in " ".join(live.all_inner_texts())
    assert not live.locator("article").count()
    page.goto(f"{served[0]}/sql/index.html?sql=select+title+from+articles+limit+3")
    page.wait_for_selector("#rows tbody td")
    assert "3 rows." in page.locator("[role=status]").all_text_contents()


def test_on_a_telephone_the_articles_come_first(page, served: tuple[str, Answered]):
    """What narrows a search stands below what it found, as on the server's page."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{served[0]}/search/index.html?q=moon")
    page.wait_for_selector(READY)
    found, facets = (page.locator(name).bounding_box() for name in ("#found", "#facets"))
    assert found["y"] < facets["y"]
    page.locator(".head .narrow a").click()
    top = page.locator("aside.facets").evaluate("element => element.getBoundingClientRect().top")
    assert top < 800


def test_what_a_search_looks_up_is_fetched_together(browser, site: Path):
    """From a host that is far away, a search does not wait for one small part after another."""
    word = "?q=moon"
    with serving(site, delay=0.05) as (host, answered):
        page = browser.new_page()
        page.goto(f"{host}/search/index.html{word}")
        page.wait_for_selector(READY)
        assert int(page.locator(".total b").first.inner_text()) > 3
        parts = [path for path, status, _ in answered.rows if status == 206 and "collection.db" in path]
        assert len(parts) > 10
        page.close()
    assert answered.most_open > 3


def test_what_every_question_reads_comes_first(browser, site: Path):
    """The pages that are known beforehand are fetched before any other, and none of them twice."""
    for address in ("search/index.html?q=moon", "sql/index.html?sql=select+count(*)+from+quotes"):
        with serving(site) as (host, answered):
            page = browser.new_page()
            page.goto(f"{host}/{address}")
            page.wait_for_selector(f"{READY}, #rows tbody td")
            listed = page.locator("[data-first]").get_attribute("data-first")
            page.close()
        read = [range(each.start // PAGE + 1, each.stop // PAGE + 1) for each in answered.ranges]
        first = []
        for each in listed.split():
            start, _, end = each.partition("-")
            first.append(range(int(start), int(end or start) + 1))
        assert first
        assert read[0] == range(1, 2)
        assert sorted(read[1 : len(first) + 1], key=min) == first
        numbers = [number for each in read for number in each]
        assert len(numbers) == len(set(numbers)) > 1 + sum(map(len, first))


LOSING = """async (database) => {
  const bytes = new Uint8Array(await (await fetch(database)).arrayBuffer());
  const { loadSqlite, openDatabase } = await import(location.origin + "/static/sqlite_database.js");
  let away = false;
  const read = (offset, length) => {
    if (away) throw new Error("The host is away.");
    return bytes.subarray(offset, offset + length);
  };
  const opened = openDatabase(await loadSqlite(), { size: bytes.length, read });
  opened.rows("select count(*) from articles");
  const told = new Set();
  away = true;
  for (let time = 0; time < 3000; time += 1) {
    try {
      opened.rows("select text from article_text where id = " + (time % 50));
    } catch (error) {
      told.add(error.message);
    }
  }
  away = false;
  return [[...told], opened.rows("select count(*) from article_text")[0][0]];
}"""


def test_a_host_that_fails_often_does_no_harm(page, served: tuple[str, Answered], site: Path):
    """Each failure is told in the host's words; once the host is back, so are the answers."""
    host, _ = served
    page.goto(f"{host}/search/index.html")
    page.wait_for_selector(READY)
    told, count = page.evaluate(LOSING, f"{host}/collection.db")
    assert told == ["The host is away."]
    with sqlite3.connect(site / "collection.db") as connection:
        assert count == connection.execute("select count(*) from article_text").fetchone()[0]


def test_a_host_without_ranges_gives_the_whole_file(browser, site: Path, address: str):
    """On the standard library's file server search works all the same, from one whole copy."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "http.server",
        str(port),
        "--bind",
        "127.0.0.1",
        "--directory",
        str(site),
    ]
    page = browser.new_page()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(100):
            try:
                page.goto(f"http://127.0.0.1:{port}/search/index.html?q=moon")
                break
            except Exception:  # noqa: BLE001 - it is not up yet
                page.wait_for_timeout(100)
        page.wait_for_selector(READY)
        found = page.evaluate(SEEN)
        assert "in 1 request." in page.locator("#status").inner_text()
        server.terminate()
    page.goto(f"{address}/search?q=moon")
    assert found == page.evaluate(SEEN)
    page.close()


def test_a_policy_without_webassembly_is_told(browser, site: Path):
    """Where the host's own policy forbids what SQLite needs, readers and the host are told so in words."""
    page = browser.new_page()
    policy = "default-src 'self'; img-src 'self' data:"
    with serving(site, policy=policy) as (host, _):
        page.goto(f"{host}/search/index.html?q=moon")
        page.wait_for_selector("#found [role=alert]")
        assert "wants script-src 'self' 'wasm-unsafe-eval'" in page.locator("#found").inner_text()
        page.goto(f"{host}/search/index.html")
        page.wait_for_selector("#found article")
    with serving(site, policy=f"{policy}; script-src 'self' 'wasm-unsafe-eval'") as (host, _):
        page.goto(f"{host}/search/index.html?q=moon")
        page.wait_for_selector("#found article")
    page.close()


def test_a_large_file_is_not_fetched_whole(browser, site: Path, tmp_path: Path):
    """Where a host has no ranges and the file is large, the page says so, and reads nothing."""
    shutil.copytree(site, tmp_path / "site")
    search = tmp_path / "site" / "search" / "index.html"
    search.write_text(re.sub(r'data-size="\d+"', 'data-size="999999999"', search.read_text(encoding="utf-8")))
    page = browser.new_page()
    with serving(tmp_path / "site", ranges=False) as (host, _):
        page.goto(f"{host}/search/index.html?q=moon")
        page.wait_for_selector("#found [role=alert]")
        assert "gives files only whole" in page.locator("#found").inner_text()
    with serving(tmp_path / "site") as (host, _):
        page.goto(f"{host}/search/index.html?q=moon")
        page.wait_for_selector("#found [role=alert]")
        assert "being renewed" in page.locator("#found").inner_text()
    page.close()


@pytest.mark.usefixtures("package")
def test_letters_that_no_keyboard_has(browser, room: Room, tmp_path: Path):
    """Names are found by the plain letters that stand for theirs, alone and in a phrase, and marked."""
    for number, title in enumerate(("Lech Wałęsa in Gdańsk", "Anne Jørgensen sails", "A constructor")):
        room.put(f"{number}.md", f"# {title}\n\nA text about nothing else.\n")
    room.ingest()
    publish(room.folder, tmp_path / "site")
    page = browser.new_page()
    with serving(tmp_path / "site") as (host, _):
        for asked, titles, marked in (
            ("Walesa", ["Lech Wałęsa in Gdańsk"], ["Wałęsa"]),
            ('"lech walesa"', ["Lech Wałęsa in Gdańsk"], ["Lech Wałęsa"]),
            ("Joergensen", ["Anne Jørgensen sails"], ["Jørgensen"]),
            ("sails jorgensen OR walesa", ["Anne Jørgensen sails"], ["Jørgensen", "sails"]),
            ("nothing -walesa -jorgensen", ["A constructor"], ["nothing"]),
            ("constructor", ["A constructor"], ["constructor"]),
        ):
            page.goto(f"{host}/search/index.html?{urlencode({'q': asked})}")
            page.wait_for_selector(READY)
            items = page.evaluate(SEEN)["items"]
            assert [item["title"] for item in items] == titles, asked
            assert [mark for item in items for mark in item["marks"]] == marked, asked
            assert page.evaluate(SUGGESTED, [asked]) == [""], asked
    page.close()


@pytest.mark.parametrize(
    "asked",
    [
        "person:armstrang",
        "moon person:armstrang author:ashdwn",
        'place:"Cape Kenedy" OR place:Moskow',
        "tag:xqz",
    ],
)
def test_unknown_names_are_said(browser, page, served: tuple[str, Answered], address: str, asked: str):
    """A name that the collection does not know is named, with those near it, each a link, as on a server."""
    other = browser.new_page()
    query = urlencode({"q": asked, "section": "Science"})
    other.goto(f"{address}/search?{query}")
    page.goto(f"{served[0]}/search/index.html?{query}")
    page.wait_for_selector(READY)
    wanted = other.evaluate(UNKNOWN)
    page.wait_for_function(
        f"wanted => JSON.stringify(({UNKNOWN})()) === wanted",
        arg=json.dumps(wanted, ensure_ascii=False, separators=(",", ":")),
    )
    assert any(links for _, links in wanted) == ("xqz" not in asked)
    other.close()


@pytest.mark.usefixtures("package")
def test_what_is_gone_is_not_shown_from_a_browsers_memory(browser, room: Room, tmp_path: Path):
    """A browser keeps old files for days; a new site's search shows what is on it all the same."""
    room.put("one.md", "# One stays\n\nA text about nothing else.\n")
    gone = room.put("two.md", "# Two goes\n\nThe keeper counted lanterns.\n")
    room.ingest()
    publish(room.folder, tmp_path / "site")
    for path in (tmp_path / "site" / "search").glob("*.json"):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    context = browser.new_context()
    page = context.new_page()
    with serving(tmp_path / "site") as (host, _):
        page.goto(f"{host}/search/index.html")
        page.wait_for_selector("#found article")
        assert "Two goes" in page.locator("#found").inner_text()
        gone.unlink()
        room.ingest()
        publish(room.folder, tmp_path / "site")
        page.goto(f"{host}/index.html")
        page.goto(f"{host}/search/index.html")
        page.wait_for_selector("#found article")
        assert page.locator("#found h3").all_inner_texts() == ["One stays"]
    context.close()


def test_did_you_mean(page, served: tuple[str, Answered]):
    """A word that no article has is mended from the words that articles have, as on a server."""
    host, _ = served
    page.goto(f"{host}/search/index.html?q=skylav+moon&language=en")
    page.wait_for_selector(".suggestion")
    assert page.locator(".suggestion").inner_text() == "Did you mean skylab moon?"
    follow(page, ".suggestion a")
    assert page.url.endswith("?q=skylab+moon&language=en")
    page.wait_for_selector(READY)
    assert page.evaluate(SEEN)["strong"] == [["skylab", "auto"], ["moon", "auto"], ["en", "auto"]]
    assert page.locator(".suggestion").count() == 0
    better = {
        "skylav": "skylab",
        "cosmonatus": "cosmonauts",
        "kosmonauts": "cosmonauts",
        '"far sied" person:gagarin': '"far side" person:gagarin',
        "lunra -mon": "lunar -mon",
        "yklab*": "",
        "moon": "",
        "xqzjvw": "",
    }
    assert page.evaluate(SUGGESTED, list(better)) == list(better.values())


def test_many_articles_are_counted_when_asked(browser, site: Path, address: str, tmp_path: Path):
    """In a large collection the articles come first; what narrows them is counted on request, as exactly."""
    shutil.copytree(site, tmp_path / "site")
    script = tmp_path / "site" / "static" / "search.js"
    large = script.read_text(encoding="utf-8").replace("const SMALL = 32 * 2 ** 20;", "const SMALL = 0;")
    script.write_text(
        re.sub(r"const MOST_COUNTED = \d+;", "const MOST_COUNTED = 5;", large), encoding="utf-8"
    )
    page = browser.new_page()
    with serving(tmp_path / "site") as (host, _):
        page.goto(f"{host}/search/index.html?q=moon&sort=newest&source=the-cape-ledger")
        page.wait_for_selector(READY)
        before = page.evaluate(SEEN)
        page.click("#count")
        page.wait_for_selector("#count", state="detached")
        found = page.evaluate(SEEN)
    page.goto(f"{address}/search?q=moon&sort=newest&source=the-cape-ledger")
    assert found == page.evaluate(SEEN)
    assert before["items"] == found["items"]
    assert len(before["facets"]) < len(found["facets"])
    page.close()


def test_pages_open_from_a_disk(browser, site: Path):
    """Without any server pages are styled and lead to each other, and search says what it needs."""
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).borderBottomStyle") == "solid"
    follow(page, "article.item h3 a >> nth=0")
    assert page.locator("article.text h1").count() == 1
    follow(page, "a.mention >> nth=0")
    assert "/entity/" in page.url
    page.fill("#top-q", "moon")
    page.press("#top-q", "Enter")
    page.wait_for_url("**/search/index.html?q=moon")
    page.locator("#unstarted", has_text="web server").wait_for()
    page.close()


def test_search_tells_what_it_needs_only_where_it_lacks(browser, served: tuple[str, Answered]):
    """A reader whose search is on its way is not told that it needs scripts; one without them is, at once."""
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        # Nothing of the database arrives while we look.
        page.route("**/collection.db*", lambda _: None)
        page.goto(f"{served[0]}/search/index.html?q=moon", wait_until="domcontentloaded")
        assert page.locator("#unstarted").is_visible() is not scripts
        context.close()


def test_a_search_for_what_a_name_was_called_leads_on(page, served: tuple[str, Answered]):
    """As on a server: a shared search goes on to the name of today; one for nobody says that nothing fits."""
    search = f"{served[0]}/search/index.html"
    page.goto(f"{search}?person=gagarin&sort=oldest")
    page.wait_for_url("**/index.html?person=yuri-gagarin&sort=oldest")
    page.wait_for_selector(READY)
    assert page.locator("article.item").count() > 0
    page.goto(f"{search}?person=nobody-at-all")
    page.wait_for_selector(f"{READY}.nothing")


def test_a_citation_is_saved_from_a_disk(browser, site: Path):
    """Without any server, the link within a page gives the file, whatever the page's policy forbids."""
    path = min(site.glob("article/*/index.html"))
    page = browser.new_page()
    page.goto(path.as_uri())
    page.click("summary:has-text('Cite')")
    for label, ending in (("BibTeX", "bib"), ("CSL-JSON", "csl.json")):
        with page.expect_download() as saved:
            page.click(f".cite a:text-is('{label}')")
        assert saved.value.suggested_filename == f"article-{path.parent.name}.{ending}"
        assert path.parent.name in Path(saved.value.path()).read_text(encoding="utf-8")
    page.goto(f"{site.as_uri()}/entity/gagarin/index.html")
    page.wait_for_url("**/entity/yuri-gagarin/index.html")
    page.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_pages_fit_the_screen(browser, served: tuple[str, Answered], size: dict[str, int]):
    """No page is wider than the screen."""
    context = browser.new_context(viewport=size)
    page = context.new_page()
    for path in (
        "/search/index.html?q=moon",
        "/sql/index.html?sql=select+*+from+articles+limit+3",
        "/index.html",
    ):
        page.goto(served[0] + path)
        if path.startswith("/search"):
            page.wait_for_selector(READY)
        if path.startswith("/sql"):
            page.wait_for_selector("#rows tbody td")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    context.close()
