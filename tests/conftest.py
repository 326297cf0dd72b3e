"""What tests share: small collections made on the spot, and a fresh build of the sample."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from datasette.app import Datasette
from hypothesis import settings

from ingest.errors import SettingsError
from ingest.model import Report
from ingest.pipeline import ingest_collection
from ingest.registry import discover
from ingest.scaffold import make_collection
from ingest.settings import load_settings
from ingest.website.npm_packages import PYODIDE, SQLITE, package_files
from ingest.website.site import Options, publish_site
from tests.browsers import free_port

# No test is timed, on a busy machine least of all.
# A change is judged by the same examples each time; whoever tests by hand sees new ones.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")
ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
NOW = "2026-01-01T00:00:00+00:00"


class Room:
    """A small collection in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Make the collection, with nothing in it."""
        self.folder = folder
        make_collection(folder)

    def put(self, locator: str, content: str | bytes) -> Path:
        """Write one source file."""
        path = self.folder / "sources" / locator
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def ingest(self, workers: int | None = None) -> Report:
        """Bring collection.db up to date."""
        return ingest_collection(load_settings(self.folder), now=NOW, workers=workers)

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Return rows of collection.db."""
        connection = sqlite3.connect(self.folder / "collection.db")
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def one(self, sql: str, *values: object) -> object:
        """Return one value of collection.db."""
        return self.rows(sql, *values)[0][0]


class Reader:
    """Somebody who asks a Datasette for pages."""

    def __init__(self, folder: Path) -> None:
        """Open the collection's folder, as `datasette FOLDER` does."""
        self.runner = asyncio.Runner()
        self.datasette = Datasette(
            config_dir=folder, settings={"num_sql_threads": 1, "sql_time_limit_ms": 60_000}
        )
        try:
            self.runner.run(self.datasette.invoke_startup())
        except BaseException:
            self.close()
            raise

    def get(self, path: str) -> Any:
        """Return the answer to a request."""
        return self.runner.run(self.datasette.client.get(path))

    def close(self) -> None:
        """Let go of the database and the event loop."""
        for database in self.datasette.databases.values():
            database.close()
        self.runner.close()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """An empty collection."""
    return Room(tmp_path / "room")


@pytest.fixture
def own_reader(room: Room) -> Iterator[Callable[[str], None]]:
    """Give the collection a reader of its own for `.log` files, which does what a function's body says."""
    before = set(discover().readers)

    def write(body: str) -> None:
        (room.folder / "plugins" / "log.py").write_text(
            "import errno\nfrom ingest.model import RawDocument\nfrom ingest.registry import reader\n\n"
            "@reader(name='log', version='1', suffixes=('.log',), media_types=('text/x-log',))\n"
            f"def read_log(item, source):\n{indent(body, '    ')}"
        )

    yield write
    for name in discover().readers.keys() - before:
        del discover().readers[name]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fresh build of the sample collection."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(ROOT / "metadata.yml", folder)
    shutil.copytree(ROOT / "sample", folder / "sample")
    shutil.copytree(ROOT / "plugins", folder / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    ingest_collection(load_settings(folder), now=NOW)
    return folder


@pytest.fixture
def shared() -> Path:
    """The development collections, where they lie beside the checkout."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the development collections are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def package() -> None:
    """SQLite for browsers, which every site needs."""
    try:
        package_files(SQLITE)
    except SettingsError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def pyodide(package: None) -> dict[str, bytes]:  # noqa: ARG001 - a site needs both
    """Python for browsers, which a site with Datasette needs."""
    try:
        return package_files(PYODIDE)
    except SettingsError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def noted_site(sample: Path, package: None, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001 - it is needed, or skips
    """The sample as a site with notebooks for the browser."""
    target = tmp_path_factory.mktemp("noted")
    try:
        # In a thread of its own, since a browser's tests run in a loop, which takes no other beside it.
        with ThreadPoolExecutor(1) as beside:
            beside.submit(publish_site, load_settings(sample), target, Options(with_notebooks=True)).result()
    except SettingsError as error:
        pytest.skip(str(error))
    return target


@pytest.fixture(scope="session")
def query(sample: Path) -> Iterator[Callable[..., list[sqlite3.Row]]]:
    """Ask the freshly built sample."""
    connection = sqlite3.connect(sample / "collection.db")
    connection.row_factory = sqlite3.Row
    yield lambda sql, *values: connection.execute(sql, values).fetchall()
    connection.close()


@pytest.fixture(scope="module")
def reader(sample: Path) -> Iterator[Reader]:
    """Somebody who reads the sample collection."""
    reader = Reader(sample)
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collection that is shipped, with its pages."""
    folder = tmp_path_factory.mktemp("shipped")
    for name in ("collection.db", "metadata.yml"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    """The address of that collection, served with at most fifty rows an answer."""
    port = free_port()
    command = [sys.executable, "-m", "datasette", str(folder), "--plugins-dir", str(ROOT / "plugins")]
    command += ["--port", str(port), "--setting", "max_returned_rows", "50"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
        server.terminate()
