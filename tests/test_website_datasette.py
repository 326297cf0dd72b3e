"""Datasette for a reader's browser: what is packed, what is not, and what it answers."""

import asyncio
import io
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import PackagePath
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from ingest.errors import SettingsError
from ingest.settings import load_settings
from ingest.website.datasette_files import inspect, lock, public_metadata, write_datasette
from ingest.website.in_browser import POLICY, Room, answer, open_room
from ingest.website.python_files import choose_plugins, list_distributions, package_contents
from ingest.website.site import Options, publish_site
from tests.test_website import Links, files_of

ADDRESS = "https://example.org/news/datasette/in/1-2-3/"
SECRETS = """
title: Letters
plugins:
  readingroom:
    sources: [/home/curator/secret]
    contact: curator@example.org
    places: {Paris: [33.7, -95.6], Hideout: [33.7, -95.6]}
  other: {password: secret-word}
databases:
  collection:
    description: All letters
    plugins: {other: {password: secret-word}}
    tables: {articles: {description: One row an article, plugins: {other: {token: secret-word}}}}
  diaries: {description: At home only}
"""
PUBLISHED = {
    "title": "Letters",
    "plugins": {"readingroom": {"places": {"Paris": [33.7, -95.6]}}},
    "databases": {
        "collection": {
            "description": "All letters",
            "tables": {"articles": {"description": "One row an article"}},
        }
    },
}


@dataclass(frozen=True)
class Installed:
    """A package as it is installed, of which only the names of its files matter."""

    files: list[PackagePath]
    metadata: Message
    requires: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def packed(sample: Path, pyodide: dict[str, bytes], tmp_path_factory) -> Path:
    """What is packed of the sample, unpacked again."""
    folder = tmp_path_factory.mktemp("packed")
    write_datasette(folder / "datasette", sample, sample / "collection.db", pyodide)
    with zipfile.ZipFile(folder / "datasette" / "python.zip") as archive:
        archive.extractall(folder / "room")
    return folder / "room"


@pytest.fixture(scope="module")
def ask(packed: Path, sample: Path) -> Iterator[object]:
    """Ask what was packed, in this Python instead of a browser's."""
    with asyncio.Runner() as runner:
        room = runner.run(open_room(str(packed), str(sample / "collection.db"), ADDRESS))
        assert isinstance(room, Room)

        def get(path: str, query: str = "", method: str = "GET") -> tuple[int, dict[str, str], str]:
            status, headers, body = runner.run(answer(room, method, f"{room.base}{path}", query))
            return status, dict(headers), body.decode()

        yield get


def test_datasettes_own_pages_are_answered(ask):
    """Tables, rows, queries and their JSON, each with the policy that holds on a server too."""
    for path, query, shown in (
        ("collection", "", "Who is quoted most"),
        ("collection/articles", "_facet=section", "46 rows"),
        ("collection/articles/7", "", "Links from other tables"),
        ("collection", "sql=select+6*7+as+answer", "42"),
    ):
        status, headers, body = ask(path, query)
        assert status == 200, (path, body[:500])
        assert headers["content-security-policy"] == POLICY
        assert shown in body, path
    status, _, body = ask("collection.json", "sql=select+count(*)+as+n+from+articles&_shape=array")
    assert (status, json.loads(body)) == (200, [{"n": 46}])


def test_every_link_stays_below_the_base(ask):
    """Facets, sorting, formats, further pages: no link of Datasette's leads beside it or twice into it."""
    base = urlsplit(ADDRESS).path
    followed = 0
    for path, query in (
        ("collection", ""),
        ("collection/articles", "_facet=section&_facet_size=2&_size=5&_where=year>1960"),
        ("collection/articles", "_sort=title&section=Science"),
        ("collection/entities/1", ""),
        ("collection", "sql=select+1"),
    ):
        for target in Links(ask(path, query)[2]).targets:
            led = urlsplit(urljoin(f"{ADDRESS}{path}?{query}", target))
            if led.netloc == "example.org":
                assert led.path.startswith(base), (path, target)
                assert led.path.count("/in/") == 1, (path, target)
                if led.path.endswith((".css", ".js")):
                    assert ask(led.path.removeprefix(base), led.query)[0] == 200, (path, target)
                followed += 1
    assert followed > 150


def test_overviews_that_plain_files_lack_are_there(ask):
    """The map, the timeline and who is named together have no file of the site; here they answer."""
    for path in ("map", "timeline", "company"):
        status, headers, body = ask(path)
        assert (status, "<h1>" in body) == (200, True), path
        assert "script" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "query", "file"),
    [
        ("search", "q=moon+-apollo", "search/index.html?q=moon+-apollo"),
        ("article/1a0cb7009ff3", "", "article/1a0cb7009ff3/index.html"),
        ("entity/yuri-gagarin", "", "entity/yuri-gagarin/index.html"),
        ("guide", "", "guide/index.html"),
        ("", "", "datasette/in/1-2-3/collection"),
    ],
)
def test_what_the_site_has_as_a_page_is_shown_there(ask, path: str, query: str, file: str):
    """Such links leave Datasette for the site's own pages; `home` stays within."""
    status, headers, _ = ask(path, query)
    assert (status, headers["location"]) == (302, f"https://example.org/news/{file}")


def test_nothing_can_be_written(ask, sample: Path):
    """Neither by a method nor by SQL."""
    before = (sample / "collection.db").read_bytes()
    assert ask("collection/articles", method="POST")[0] == 405
    assert ask("collection", "sql=delete+from+articles")[0] == 400
    assert (sample / "collection.db").read_bytes() == before


def test_no_address_is_answered_with_more_than_an_error(ask):
    """What is not there is a page that says so."""
    for path in ("collection/nothing", "nothing", "collection/articles/999999", "other.db"):
        assert ask(path)[0] == 404, path


def test_secrets_of_the_settings_stay_at_home(tmp_path: Path):
    """Of metadata.yml only what pages show is published: no source, no plugin's setting, no name withheld."""
    (tmp_path / "metadata.yml").write_text(SECRETS, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "collection.db")) as connection, connection:
        connection.execute("create table entities (name text)")
        connection.execute("insert into entities values ('Paris')")
    assert public_metadata(tmp_path / "metadata.yml", tmp_path / "collection.db") == PUBLISHED


def test_hidden_files_stay_at_home(tmp_path: Path, pyodide: dict[str, bytes]):
    """What is hidden beside the pages, and an editor's backup of one, are not packed with them."""
    plugins = tmp_path / "room" / "plugins"
    for name in (".env", ".git/config", "static/.notes", "static/room.css", "page.html~"):
        (plugins / name).parent.mkdir(parents=True, exist_ok=True)
        (plugins / name).write_text("a word")
    (tmp_path / "room" / "metadata.yml").write_text(SECRETS, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "collection.db")) as connection:
        connection.execute("create table entities (name text)")
    write_datasette(tmp_path / "datasette", tmp_path / "room", tmp_path / "collection.db", pyodide)
    with zipfile.ZipFile(tmp_path / "datasette" / "python.zip") as archive:
        packed = [name for name in archive.namelist() if name.startswith("plugins/")]
    assert packed == ["plugins/static/room.css"]


def test_plugins_that_cannot_run_are_left_out(packed: Path, sample: Path):
    """Whatever needs a process or a package that is not there, and whatever asks for such a plugin."""
    chosen, reasons = choose_plugins(sample / "plugins", {"datasette", "jinja2", "markupsafe"})
    assert {"layout", "guide", "map", "timeline", "company"} <= {path.stem for path in chosen}
    assert reasons["guard"] == "needs subprocess"
    assert reasons["guard_requests"] == "needs guard.py"
    assert reasons["search_run"] == "needs numpy"
    assert reasons["search"].endswith(".py")
    every = {path.stem for path in (sample / "plugins").glob("*.py")}
    assert {path.stem for path in chosen} | reasons.keys() == every
    assert {path.stem for path in (packed / "plugins").glob("*.py")} == {path.stem for path in chosen}


def test_compiled_packages_are_refused(tmp_path: Path):
    """A package that a browser cannot run is named before anything is published."""
    (tmp_path / "fast.so").write_bytes(b"")
    fast = Installed(files=[PackagePath("fast.so")], metadata=Message())
    with pytest.raises(SettingsError, match=r"fast is installed with fast\.so"):
        list(package_contents({"fast": fast}))
    unknown = Installed(files=None, metadata=Message())
    with pytest.raises(SettingsError, match="not known here"):
        list(package_contents({"unknown": unknown}))


def test_packages_are_complete_and_carry_their_licences(packed: Path):
    """All that Datasette requires is there, nothing compiled, and every licence that was installed."""
    installed = list_distributions()
    assert {"datasette", "jinja2", "pluggy", "httpx", "pyyaml"} <= installed.keys()
    names = {path.name for path in (packed / "packages").rglob("*")}
    assert not {name for name in names if name.endswith((".so", ".pyc"))}
    for name, each in installed.items():
        licences = [file for file in each.files if "LICEN" in file.name.upper() and ".dist-info" in str(file)]
        assert all((packed / "packages" / file).is_file() for file in licences), name


def test_no_package_can_be_fetched_later(pyodide: dict[str, bytes]):
    """Python for browsers knows of no package elsewhere, so that it asks nobody."""
    stated = json.loads(pyodide["pyodide-lock.json"])
    assert len(stated["packages"]) > 100
    assert json.loads(lock(pyodide["pyodide-lock.json"])) == {**stated, "packages": {}}


def test_every_table_is_counted_beforehand(sample: Path, query):
    """What Datasette would read the whole file for is told to it: hash, size, number of rows."""
    found = inspect(sample / "collection.db")
    assert found["size"] == (sample / "collection.db").stat().st_size
    assert len(found["hash"]) == 64
    tables = {row["name"] for row in query("select name from sqlite_master where type = 'table'")}
    assert found["tables"].keys() == tables
    for name in ("articles", "entities", "mentions"):
        counted = query(f"select count(*) from {name}")[0][0]
        assert found["tables"][name]["count"] == counted


def test_a_site_has_it_only_when_asked(room, pyodide: dict[str, bytes], tmp_path: Path):  # noqa: ARG001 - needed, or skips
    """With it the SQL page leads there and says what it loads; a site written anew without it has none."""
    room.put("one.md", "# One\n\nNeil Armstrong spoke.")
    room.ingest()
    target, asked = tmp_path / "site", Options(with_datasette=True)
    written = publish_site(load_settings(room.folder), target, asked)
    publish_site(load_settings(room.folder), tmp_path / "again", asked)
    assert files_of(target) == files_of(tmp_path / "again")
    loaded = sum(
        path.stat().st_size
        for path in (target / "datasette").rglob("*")
        if path.is_file() and path.suffix != ".html"
    )
    assert written.datasette.bytes == loaded
    sql = (target / "sql" / "index.html").read_text(encoding="utf-8")
    assert "../datasette/index.html" in Links(sql).targets
    assert f"{loaded / 2**20:.1f} MiB" in sql
    shell = Links((target / "datasette" / "index.html").read_text(encoding="utf-8"))
    assert "'unsafe-inline'" not in shell.policy
    assert shell.policy.startswith("default-src 'none'")
    for link in shell.targets:
        file = urlsplit(link).path
        assert link.startswith(("https://", "#")) or (target / "datasette" / file).exists(), link
    assert "datasette/index.html#/map" in (target / "index.html").read_text(encoding="utf-8")
    publish_site(load_settings(room.folder), target, Options())
    assert not (target / "datasette").exists()
    assert "datasette/index.html" not in (target / "sql" / "index.html").read_text(encoding="utf-8")


def test_pages_of_the_curator_come_along(room, pyodide: dict[str, bytes], tmp_path: Path):
    """A template of the collection's own is used there as on a server."""
    room.put("one.md", "# One\n\nNeil Armstrong spoke.")
    room.ingest()
    (room.folder / "templates").mkdir()
    (room.folder / "templates" / "database.html").write_text("<h1>Our tables</h1>", encoding="utf-8")
    write_datasette(tmp_path / "datasette", room.folder, room.folder / "collection.db", pyodide)
    with zipfile.ZipFile(io.BytesIO((tmp_path / "datasette" / "python.zip").read_bytes())) as archive:
        archive.extractall(tmp_path / "room")
    shutil.copyfile(room.folder / "collection.db", tmp_path / "collection.db")
    with asyncio.Runner() as runner:
        opened = runner.run(open_room(str(tmp_path / "room"), str(tmp_path / "collection.db"), ADDRESS))
        _, _, body = runner.run(answer(opened, "GET", f"{opened.base}collection", ""))
    assert b"Our tables" in body
    assert sqlite3.connect(tmp_path / "collection.db").execute("pragma quick_check").fetchone()[0] == "ok"
