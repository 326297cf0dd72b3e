"""Writes a collection as a static site: plain files for any web server, a bucket or a USB stick."""

from __future__ import annotations

import asyncio
import filecmp
import json
import os
import re
import shutil
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from ingest.editions.edition import is_edition
from ingest.editions.plan import plan_edition
from ingest.editions.takedowns import FILE as TAKEDOWNS
from ingest.editions.takedowns import read_takedowns
from ingest.errors import SettingsError, storing
from ingest.read_only import open_read_only
from ingest.search import known_spellings, names_with_letters
from ingest.website.addresses import (
    DATASETTE,
    MOST_COMPARED,
    SEARCH,
    SQL,
    Layout,
    is_listed,
    place,
    public_address,
)
from ingest.website.citations import hold_citations
from ingest.website.datasette_files import write_datasette
from ingest.website.first_pages import FOR_SEARCH, FOR_SQL, first_pages
from ingest.website.former_names import former_articles, former_names
from ingest.website.jupyterlite import LITE, NOTEBOOKS, write_jupyterlite
from ingest.website.links import (
    FRAMING_POLICY,
    PLAIN_POLICY,
    SCRIPTED_POLICY,
    absolute_way,
    hold_style,
    rewrite_feed,
    rewrite_page,
    way_up,
)
from ingest.website.npm_packages import PYODIDE, SQLITE, package_files
from ingest.website.rendering import open_renderer
from ingest.workspace import alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ingest.settings import Settings
    from ingest.website.datasette_files import Loading
    from ingest.website.rendering import Renderer

HERE = Path(__file__).parent
MARKER = ".reading-room-site"
BUILDING = ".building"
MARKED = "A reading room; written anew by each run. It consists of:"
# All that a site whose marker lists nothing may consist of.
OWN = (
    *("index.html", "404.html", "robots.txt", "sitemap.xml", "feed.atom", "collection.db", ".nojekyll"),
    *("article", "entity", "entities", "quotations", "guide", "search", "sql", "static", "datasette"),
    "notebooks",
)
OWN_PATTERN = "sitemap-*.xml"
DATABASE, DATABASE_PAGE = "collection.db", 8192
GITHUB_MOST = 100 * 2**20
LISTED = (
    ("/article/", "select key from articles order by id"),
    ("/article/", "select key from tombstones order by key"),
    ("/entity/", "select key from entities order by id"),
)
UNCOMPARED = """
    select key from story_articles join articles on articles.id = article_id
    where story_articles.story_id in (select id from stories where size > ?)
"""
FIRST_SEARCH = "/search.json"
FACETS = ("source", "year", "section", "person", "organisation", "place", "tag", "language", "rights")
NEWEST = "/search.atom"
# What search_page.js imports; a browser would learn of each only from the one before.
PROGRAMS = (
    *("database.js", "elements.js", "search.js", "range_file.js"),
    *("search_query.js", "search_marks.js", "search_sql.js"),
)
REMEDY = "Leave out --database, and an edition without it is made."
EXAMPLES = re.compile(r'<ol class="examples">.*?</ol>', re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a site is to be made: its public address, another database than the collection's own.

    `with_datasette` adds Datasette itself, to run in the reader's browser, `with_notebooks` JupyterLite.
    `sqlite` and `pyodide` are packages that were fetched by hand.
    """

    url: str = ""
    database: Path | None = None
    with_datasette: bool = False
    with_notebooks: bool = False
    sqlite: Path | None = None
    pyodide: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a site consists of: pages, all files, their bytes, and those of the database among them.

    `datasette` says what Datasette in the reader's browser loads, where it was added.
    """

    pages: int
    files: int
    bytes: int
    database_bytes: int
    datasette: Loading | None = None


def publish_site(
    settings: Settings, target: Path, options: Options, progress: Callable[[int, int], None] | None = None
) -> Written:
    """Write the site into a folder that is empty, not there yet, or a site of ours, and count it.

    The same database and settings give the same files. The old site is replaced when the new one
    is complete. Raises `SettingsError` when the folder holds anything else, or when texts would be
    shown that may not be, and `LockedError` when another run writes a site there.
    """
    database = options.database or settings.database
    if not database.is_file():
        message = f"There is no {database} yet. Make it with: readingroom ingest {settings.folder}"
        raise SettingsError(message)
    check_folder(target)
    check_rights(settings, database)
    files = package_files(SQLITE, options.sqlite)
    python = (
        package_files(PYODIDE, options.pyodide) if options.with_datasette or options.with_notebooks else {}
    )
    building = target / BUILDING
    with storing(target):
        target.mkdir(parents=True, exist_ok=True)
    with storing(target), alone(target), _cleared(building):
        _mark(target, _written_names(target))
        copy_programs(building / "static", files)
        copy_database(database, building / DATABASE)
        layout = Layout(
            url=public_address(options.url),
            datasette=options.with_datasette,
            uncompared=_uncompared(building / DATABASE),
        )
        loading, notebooks = None, {}
        if options.with_datasette:
            added = (building / DATASETTE).parent
            loading = write_datasette(added, settings.folder, building / DATABASE, python)
        if options.with_notebooks:
            described = describe_database(building / DATABASE)
            notebooks = write_jupyterlite(building / LITE, described, python)
        site = Site(building, layout, loading, notebooks)
        asyncio.run(site.write(settings, progress or (lambda _done, _total: None)))
        written = replace(_count(building), datasette=loading)
        _replace(target, building)
    return written


@contextmanager
def _cleared(building: Path) -> Iterator[None]:
    """Begin without what a killed run left, and leave nothing of one that fails, as on a full disk."""
    shutil.rmtree(building, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(building, ignore_errors=True)


def check_folder(target: Path) -> None:
    """Raise `SettingsError` if a site would overwrite what is none."""
    if not target.exists() or (target / MARKER).is_file():
        return
    foreign = sorted(path.name for path in target.iterdir() if not _is_of_the_host(path.name))
    if foreign:
        message = (
            f"{target} holds {foreign[0]} and is no site of ours, so nothing was written."
            " Choose a folder that is empty or not there yet."
        )
        raise SettingsError(message)


def check_rights(settings: Settings, database: Path, remedy: str = REMEDY) -> None:
    """Raise `SettingsError` if a database shows what may not be shown, by what is said of it today.

    An edition that was made before may lack a takedown, or rights that were stated since. `remedy` is
    the sentence that says what to do instead.
    """
    takedowns = read_takedowns(settings.folder / TAKEDOWNS)
    with open_read_only(database) as connection:
        # A collection holds every text whole, whatever the rights beside it.
        shown = dict(connection.execute("select id, rights from articles")) if is_edition(database) else {}
        everything = [row[0] for row in connection.execute("select id from articles")]
        plan = plan_edition(connection, settings, takedowns)
    kept = sum(
        article not in plan.articles or plan.rights.get(article) not in {None, shown.get(article)}
        for article in everything
    )
    if kept:
        message = (
            f"{kept:,} {'article' if kept == 1 else 'articles'} may not be shown in full, or not at all,"
            f" and {database} holds more of {'it' if kept == 1 else 'them'}. {remedy}"
        )
        raise SettingsError(message)


def copy_programs(target: Path, files: dict[str, bytes]) -> None:
    """Write the scripts and styles of the search and SQL pages, and SQLite for browsers."""
    (target / "sqlite").mkdir(parents=True)
    for name, content in files.items():
        (target / "sqlite" / name).write_bytes(content)
    for path in sorted((HERE / "browser").iterdir()):
        shutil.copyfile(path, target / path.name)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database with each table in one piece, so that a reader fetches few and long ranges."""
    with open_read_only(source) as connection:
        connection.execute(f"pragma page_size = {DATABASE_PAGE}")
        connection.execute("vacuum into ?", [str(target)])


def describe_database(database: Path) -> dict[str, Any]:
    """Return what a program in the browser must know: address from the site's top, bytes, when built."""
    with open_read_only(database) as connection:
        content, built = connection.execute("select content, built from runs").fetchone() or ("", "")
    version = quote(str(content or "")[:12])
    return {"database": f"{DATABASE}?v={version}", "size": database.stat().st_size, "built": built}


class Site:
    """The files of a site while they are written: those done, and the addresses still to come.

    Articles and names are taken from the database as they come; only the addresses of lists are
    kept, so that a large collection takes no more memory than a small one.
    """

    def __init__(
        self,
        folder: Path,
        layout: Layout,
        loading: Loading | None = None,
        notebooks: Mapping[str, Any] | None = None,
    ) -> None:
        """Begin with the pages that everything else can be reached from.

        `loading` and `notebooks` are what is told of Datasette and JupyterLite, where they were added.
        """
        self.folder = folder
        self.layout = layout
        self.loading = loading
        self.notebooks = notebooks or {}
        self.waiting = deque(["/", "/guide", "/-/room/search.css"])
        self.known = {place(address, layout) for address in self.waiting}

    async def write(self, settings: Settings, progress: Callable[[int, int], None]) -> None:
        """Write every page and what pages need."""
        async with open_renderer(settings, self.folder / DATABASE) as room:
            await self.write_search(room)
            total, done = _count_listed(self.folder / DATABASE), 0
            for address in _listed(self.folder / DATABASE):
                await self._write(room, address)
                done += 1
                progress(done, total + len(self.waiting))
            await self._write_former_names(room)
            while self.waiting:
                await self._write(room, self.waiting.popleft())
                done += 1
                progress(done, done + len(self.waiting))

    async def _write(self, room: Renderer, address: str) -> None:
        target = place(address, self.layout)
        assert target is not None  # noqa: S101 - only such addresses are followed
        content = await room.get(address)
        file = unquote(urlsplit(target).path)
        if file.endswith(".html"):
            content = await hold_citations(room, content, self.layout)
            page = rewrite_page(content, address, self.layout, top=way_up(file))
        elif file.endswith((".atom", ".xml")):
            page = rewrite_feed(content, self.layout)
        else:
            self._put(file, content)
            return
        self._put(file, page.text)
        self._follow(page.leads)

    async def _write_former_names(self, room: Renderer) -> None:
        """Write pages that lead on from what names and articles were called, and the same for searches."""
        template = (HERE / "templates" / "former_name.html").read_text(encoding="utf-8")
        today = {}

        async def lead(kind: str, former: str, key: str, name: str) -> None:
            html = await room.render(template, {"kind": kind, "key": key, "name": name})
            file = f"{kind}/{former}/index.html"
            self._put(file, rewrite_page(html, "/", self.layout, top=way_up(file)).text)

        with open_read_only(self.folder / DATABASE) as connection:
            for former, key, name in former_names(connection):
                await lead("entity", former, key, name)
                today[former] = key
            for former, key, title in former_articles(connection):
                await lead("article", former, key, title)
        self._put("search/former_names.json", json.dumps(today, ensure_ascii=False, separators=(",", ":")))

    async def write_search(self, room: Renderer) -> None:
        """Write the pages that only a site has, and what machines ask for."""
        guide = EXAMPLES.search(await room.get("/guide"))
        described = describe_database(self.folder / DATABASE)
        known = {
            "database": f"../{described['database']}",
            "size": described["size"],
            "first": {
                "search": first_pages(self.folder / DATABASE, FOR_SEARCH),
                "sql": first_pages(self.folder / DATABASE, FOR_SQL),
            },
            "programs": PROGRAMS,
            "examples": guide[0] if guide else "",
            "feed": NEWEST if self.layout.url else "",
            "loading": self.loading,
            **self.notebooks,
        }
        scripted = [(SEARCH, "search.html", SCRIPTED_POLICY), (SQL, "sql.html", SCRIPTED_POLICY)]
        if self.loading:
            scripted.append((DATASETTE, "datasette.html", FRAMING_POLICY))
        if self.notebooks:
            scripted.append((NOTEBOOKS, "notebooks.html", PLAIN_POLICY))
        for file, template, policy in scripted:
            html = await room.render((HERE / "templates" / template).read_text(encoding="utf-8"), known)
            page = rewrite_page(html, "/search", self.layout, top=way_up(file), policy=policy)
            self._put(file, page.text)
            self._follow(page.leads)
        missing = await room.render(
            '{% extends "room_missing.html" %}', {"message": "There is no such page."}
        )
        top = absolute_way(self.layout.url)
        shown = rewrite_page(missing, "/", self.layout, top=top).text
        if not self.layout.url:
            # Where the site lies is not known, and this page is shown at addresses of any depth.
            shown = hold_style(shown, await room.get("/-/room/room.css"))
        self._put("404.html", shown)
        await self._write_first_search(room)
        self._put(".nojekyll", "")
        closed = room.setting("crawling") == "none"
        robots = "User-agent: *\nDisallow: /\n" if closed else "User-agent: *\nDisallow:\n"
        if self.layout.url and not closed:
            robots += f"Sitemap: {self.layout.url}sitemap.xml\n"
            self._follow([NEWEST, "/sitemap.xml"])
        self._put("robots.txt", robots)

    async def _write_first_search(self, room: Renderer) -> None:
        """Write the search for everything as the server answers it, and the counts of all facets.

        With them the first page of results needs nothing of the database, and no later one needs
        to count all articles. Beside them stands how else the collection writes what readers type.
        """
        found = json.loads(await room.get(FIRST_SEARCH))
        values = {}
        for facet in FACETS:
            asked = json.loads(await room.get(f"{FIRST_SEARCH}?size=1&more={facet}"))
            values[facet] = _plain(asked["facets"].get(facet, []))
        found["facets"] = {facet: _plain(each) for facet, each in found["facets"].items()}
        found["more"] = [facet for facet, each in found["facets"].items() if len(each) < len(values[facet])]
        spellings = _spellings(self.folder / DATABASE)
        written = {"all": {**found, "next": None}, "values": values, "spellings": spellings}
        for name, content in written.items():
            text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
            self._put(f"search/{name}.json", text)

    def _follow(self, leads: list[str]) -> None:
        """Remember the addresses of lists that have no file yet."""
        for address in leads:
            plain = address.partition("#")[0]
            target = place(plain, self.layout)
            file = urlsplit(target or "").path
            written = file in {SEARCH, SQL, DATASETTE} or is_listed(plain) or file in self.known
            if target and not written:
                self.known.add(file)
                self.waiting.append(plain)

    def _put(self, file: str, text: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _plain(values: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the values of a facet without addresses of the server's."""
    return [{name: said for name, said in value.items() if name != "address"} for value in values]


def _listed(database: Path) -> Iterator[str]:
    with open_read_only(database) as connection:
        there = {row[0] for row in connection.execute("select name from sqlite_master")}
        for prefix, sql in LISTED:
            if sql.split()[3] in there:
                yield from (prefix + quote(row[0]) for row in connection.execute(sql))


def _count_listed(database: Path) -> int:
    with open_read_only(database) as connection:
        sql = "select (select count(*) from articles) + (select count(*) from entities)"
        return int(connection.execute(sql).fetchone()[0])


def _spellings(database: Path) -> dict[str, tuple[str, ...]]:
    with open_read_only(database) as connection:
        return known_spellings(row[0] for row in connection.execute(names_with_letters()))


def _uncompared(database: Path) -> frozenset[str]:
    with open_read_only(database) as connection:
        return frozenset(row[0] for row in connection.execute(UNCOMPARED, [MOST_COMPARED]))


def _is_of_the_host(name: str) -> bool:
    """Tell what hosts keep in a site's folder: `.git`, `.github`, GitHub's CNAME."""
    return name.startswith(".") or name == "CNAME"


def _count(folder: Path) -> Written:
    files = pages = size = 0
    for path in folder.rglob("*"):
        if path.is_file():
            files += 1
            pages += path.suffix == ".html"
            size += path.stat().st_size
    database = (folder / DATABASE).stat().st_size
    return Written(pages=pages, files=files, bytes=size, database_bytes=database)


def _replace(target: Path, building: Path) -> None:
    """Put the new files in the place of the old ones, each kind of page at once.

    What else lies in the folder is left alone; `SettingsError` says where it would be in the way.
    """
    before, new = _written_names(target), {path.name for path in building.iterdir()}
    foreign = sorted(name for name in new - before if (target / name).exists())
    if foreign:
        message = (
            f"{target} holds {foreign[0]}, which is none of the site's, so the site was left as it was."
            " Move it elsewhere, and write the site again."
        )
        raise SettingsError(message)
    _keep_times(target, building)
    _mark(target, before | new)
    for old in (target / name for name in sorted(before)):
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
    for name in sorted(new):
        (building / name).rename(target / name)
    building.rmdir()
    _mark(target, new)


def _keep_times(target: Path, building: Path) -> None:
    """Give what says the same as before the time that it had, so that copying a site takes what changed."""
    for path in building.rglob("*"):
        before = target / path.relative_to(building)
        if path.is_file() and before.is_file() and filecmp.cmp(path, before, shallow=False):
            status = before.stat()
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _mark(target: Path, names: Iterable[str]) -> None:
    """Write down what of a folder is the site's."""
    lines = [MARKED, *sorted(names)]
    (target / MARKER).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _written_names(target: Path) -> set[str]:
    """Return the names of what earlier runs wrote into a folder."""
    marker = target / MARKER
    listed = marker.read_text(encoding="utf-8").splitlines()[1:] if marker.is_file() else []
    found = listed or [*OWN, *(path.name for path in target.glob(OWN_PATTERN))]
    return {path.name for path in target.iterdir()} & set(found)
