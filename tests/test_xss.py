"""Nothing that an article, its metadata or a query holds runs on a page or calls another host.

Every class of `payloads` is planted twice: in real files that are ingested, and in the rows of a
collection, whatever reading would have made of it. Every kind of page is then opened in Chromium
with the policy that forbids scripts, and without it, so that neither stands in for the other.
"""

import email.message
import html
import json
import shutil
import sqlite3
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import yaml

from ingest import schema
from tests.browsers import chromium, need_chromium, served
from tests.conftest import Room
from tests.payloads import PAYLOADS, carelessly

need_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TOGETHER = 6
GROUPS = [PAYLOADS[start : start + TOGETHER] for start in range(0, len(PAYLOADS), TOGETHER)]
WORD = "zebra"
# What is said of a link is its address; a press runs those that are no addresses of pages.
PRESS = """() => {
    const address = link => new URL(link.href?.baseVal ?? link.formAction ?? link.href, location);
    const links = [...document.querySelectorAll('a, area, button[formaction]')].filter(
        link => !/^https?:$/.test(address(link).protocol));
    links.forEach(link => link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true})));
    return links.length;
}"""
PRESS_ALL = """() => {
    document.querySelectorAll('input, [tabindex]').forEach(element => element.focus());
    document.querySelectorAll('a, area, button').forEach(
        link => link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true})));
}"""
HANDLERS = """() => [...document.querySelectorAll('*')].flatMap(
    element => element.getAttributeNames().filter(name => /^on/i.test(name))).length"""
KEPT = {"id", "key", "sha256", "content"}  # what addresses are made of


class Watch:
    """A browser's context that notes each payload that runs and each request to another host."""

    def __init__(self, browser: Any, address: str, *, policy: bool) -> None:
        """Open a context for a site, with its content security policy or without."""
        self.address = address
        self.ran: set[int] = set()
        self.called: set[str] = set()
        self.context = browser.new_context(bypass_csp=not policy)
        self.context.expose_binding("ran", lambda _source, number: self.ran.add(int(number)))
        self.context.route("**/*", self._ask)
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: (self.called.add("dialog"), dialog.dismiss()))
        self.careless: dict[str, str] = {}

    def _ask(self, route: Any) -> None:
        address = route.request.url
        if address in self.careless:
            route.fulfill(body=self.careless[address], content_type="text/html; charset=utf-8")
        elif address.startswith(f"{self.address}/"):
            route.continue_()
        else:
            self.called.add(address)
            route.abort()

    def open(self, path: str) -> None:
        """Open a page, let it settle, and press every link that is no address of a page."""
        answer = self.page.goto(self.address + path)
        assert answer.status == 200, (path, answer.status)
        assert self.page.evaluate(PRESS) == 0, f"{path} has links that are no addresses"
        assert self.page.evaluate(HANDLERS) == 0, f"{path} has handlers"
        assert not self.ran, (path, sorted(self.ran))
        assert not self.called, (path, sorted(self.called))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    with chromium() as browser:
        yield browser


def plant_files(room: Room) -> None:
    """Write files of every kind whose every part holds payloads."""
    words = "The keeper of the zoo said that the zebra had come home before the evening, as it did every day."
    for number, group in enumerate(GROUPS):
        texts = [each.text for each in group]
        meta = {
            "title": f"{number} {' '.join(texts)}",
            "author": texts,
            "tags": texts,
            "section": texts[0],
            "description": texts[-1],
            "url": texts[number % len(texts)],
            "date": texts[0] if number % 2 else "1969-07-20",
            "image": texts[-1],
        }
        front = json.dumps(meta)
        quoted = " ".join(f"“{text},” said Amelia Stone." for text in texts)
        body = "\n\n".join([words, *texts, quoted, f"Zebra {number}."])
        room.put(f"gazette/{number}.md", f"---\n{front}\n---\n\n{body}\n")
        escaped = [html.escape(text) for text in texts]
        room.put(
            f"herald/{number}.html",
            f"<html><head><title>{escaped[0]}</title>"
            f'<meta name="author" content="{escaped[1 % len(texts)]}">'
            f'<link rel="canonical" href="{escaped[0]}"><script type="application/ld+json">'
            f"{json.dumps({'@type': 'NewsArticle', 'headline': texts[-1], 'url': texts[0]})}</script></head>"
            f"<body><article><h1>{escaped[-1]}</h1><p>{words} {number}</p>"
            + "".join(
                f'<p>{text}</p><p><a href="{text}">a</a><img src="{text}" alt="{text}"></p>'
                for text in escaped
            )
            + "".join(f"<div>{text}</div>" for text in texts)
            + f"<p>{words}</p></article></body></html>",
        )
        room.put(f"wire/{number}.txt", f"{texts[0]}\nBy {texts[-1]}\n\n{words}\n\n" + "\n\n".join(texts))
    message = email.message.EmailMessage()
    message["Subject"] = "<img src=x onerror=ran(901)> zebra"
    message["From"] = '"<img src=x onerror=ran(902)>" <a@canary.test>'
    message.set_content("\n\n".join(each.text.replace("\x00", "") for each in PAYLOADS))
    room.put("post/letter.eml", bytes(message))
    entries = "".join(
        f"<entry><id>{each.number}</id><title type='html'>{html.escape(html.escape(clean))}</title>"
        f"<link href='{html.escape(clean)}'/><author><name>{html.escape(clean)}</name></author>"
        f"<category term='{html.escape(clean)}'/><content type='html'>"
        f"{html.escape(f'<p>{words} {each.number}</p>{clean}<p>{words}</p>')}</content></entry>"
        for each in PAYLOADS
        if (clean := "".join(char for char in each.text if char.isprintable() or char in "\n\t"))
    )
    room.put("post/feed.atom", f"<feed xmlns='http://www.w3.org/2005/Atom'><title>f</title>{entries}</feed>")
    room.put('<img src=x onerror=ran(903)>/"onfocus=ran(904) autofocus x=".md', f"# Zebra\n\n{words} 904")
    room.put(
        "copies/javascript:ran(905).md", f"# A copy\n\n{words} <b onclick=ran(906)>x</b>" + " Once more." * 9
    )
    room.put("copies/other.md", f"# A copy\n\n{words} <b onclick=ran(907)>y</b>" + " Once more." * 9)
    stated = yaml.safe_load((room.folder / "metadata.yml").read_text(encoding="utf-8"))
    stated["title"] = "Zebras </title><img src=x onerror=ran(908)>"
    stated["description"] = "<img src=x onerror=ran(909)>"
    stated["plugins"]["readingroom"]["publications"] = {
        "gazette": {"name": "</a><img src=x onerror=ran(910)>", "homepage": "javascript:ran(911)"}
    }
    (room.folder / "metadata.yml").write_text(yaml.safe_dump(stated), encoding="utf-8")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A collection made of hostile files."""
    room = Room(tmp_path_factory.mktemp("xss") / "room")
    plant_files(room)
    report = room.ingest()
    assert report.articles > 3 * len(GROUPS)
    return room


@pytest.fixture(scope="module")
def rewritten(planted: Room, tmp_path_factory: pytest.TempPathFactory) -> Room:
    """The same collection, its rows overwritten with payloads whatever reading made of them."""
    folder = tmp_path_factory.mktemp("xss") / "rows"
    shutil.copytree(planted.folder, folder, ignore=shutil.ignore_patterns(".readingroom", "sources"))
    room = object.__new__(Room)
    room.folder = folder
    with sqlite3.connect(folder / "collection.db") as connection:
        connection.create_function(
            "payload", 1, lambda at: PAYLOADS[at % len(PAYLOADS)].text + f" {WORD} {at}"
        )
        for table in schema.TABLES:
            texts = [each.name for each in table.columns if each.type is str and each.name not in KEPT]
            for place, name in enumerate(texts):
                # Some entities keep their kind and some articles their date, for facets and charts.
                spared = {"kind": "rowid % 3 = 0", "published": "rowid % 2 = 0", "outcome": "0"}.get(
                    name, "1"
                )
                changed = f'"{name}" = payload(rowid + {7 * place}) where {spared}'
                connection.execute(f'update or ignore "{table.name}" set {changed}')
        connection.execute("update entities set key = payload(id) where id % 2 = 0")
        connection.execute("update tags set key = payload(id) where id % 2 = 0")
        connection.execute("update sources set key = payload(id) where id % 2 = 0")
        for table in ("articles_fts", "quotes_fts"):
            connection.execute(f"insert into {table}({table}) values ('rebuild')")
        connection.execute("""
            insert or replace into removed_blocks (article_id, position, text, body_position, body, reason)
            select id, 1, payload(id), 1, payload(id + 1), payload(id + 2) from articles
        """)
        connection.execute("update article_text set body = body || char(10, 10) || payload(id + 50)")
        connection.execute("update runs set content = 'rewritten'")
    connection.close()
    return room


def pages_of(room: Room, articles: int, searches: int) -> Iterator[str]:
    """Yield the address of every kind of page, with payloads wherever an address may carry them."""
    yield from ("/", "/search?size=100", f"/search?q={WORD}&size=100", "/quotations", "/entities")
    for start in range(searches):
        texts = " ".join(each.text for each in PAYLOADS[start::searches])
        asked = {"q": texts, "person": texts, "tag": texts, "source": texts, "section": texts, "sort": texts}
        yield "/search?" + urlencode(asked)
    for name in ("quotations", "entities"):
        texts = " ".join(each.text for each in PAYLOADS[::9])
        yield f"/{name}?" + urlencode({"q": texts[:90], "speaker": texts, "kind": texts, "sure": texts})
    for (key,) in room.rows("select key from articles order by words desc, id limit ?", articles):
        yield f"/article/{key}"
    for (key,) in room.rows("select key from entities order by article_count desc, id limit 6"):
        if "/" not in key:
            yield f"/entity/{quote(key)}"
    versions = "select one.key, other.key from articles as one join articles as other using (story_id)"
    for one, other in room.rows(f"{versions} where one.id < other.id limit 2"):
        yield f"/article/{one}/and/{other}"
    for table in ("articles", "article_text", "entities", "fields"):
        yield f"/collection/{table}?_size=40"
    yield f"/collection/articles?{urlencode({'_search': PAYLOADS[6].text, '_facet': 'title'})}"
    yield "/collection/articles/1"
    sql = "select title, url, :p from articles limit 50"
    yield f"/collection?{urlencode({'sql': sql, 'p': PAYLOADS[6].text})}"
    for name in (".json", ".atom", ".feed.json"):
        yield f"/search{name}?{urlencode({'q': WORD})}"
    yield from ("/robots.txt", "/sitemap.xml")


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
@pytest.mark.parametrize("collection", ["planted", "rewritten"])
def test_nothing_runs_and_no_host_is_called(
    browser: Any, request: pytest.FixtureRequest, collection: str, *, policy: bool
):
    """On every kind of page no payload runs, no link leads to a script, and no other host is asked."""
    room = request.getfixturevalue(collection)
    with served(room.folder) as address:
        watch = Watch(browser, address, policy=policy)
        opened = 0
        for path in pages_of(room, *((4, 1) if policy else (24, 5))):
            watch.open(path)
            opened += 1
        watch.context.close()
    assert opened > 20


def test_every_class_is_alive(browser: Any):
    """On a careless page each payload does what it is there for: the watch above would see it."""
    address = "http://careless.test"
    watch = Watch(browser, address, policy=True)
    watch.careless = {f"{address}/{each.number}": carelessly(each) for each in PAYLOADS}
    for group in (PAYLOADS[start : start + 31] for start in range(0, len(PAYLOADS), 31)):
        frames = "".join(f'<iframe src="{address}/{each.number}"></iframe>' for each in group)
        watch.careless[f"{address}/"] = f"<!doctype html>{frames}"
        watch.page.goto(f"{address}/")
        for frame in watch.page.frames[1:]:
            if frame.url.startswith(address):
                frame.evaluate(PRESS_ALL)
        watch.page.wait_for_timeout(300)
    called = {each.partition("canary.test/")[2].rstrip("?") for each in watch.called}
    silent = [
        each.name for each in PAYLOADS if each.number not in watch.ran and str(each.number) not in called
    ]
    watch.context.close()
    assert not silent
    assert len(PAYLOADS) >= 60
