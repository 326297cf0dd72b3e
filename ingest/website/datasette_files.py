"""Adds Datasette itself to a static site, to run in the reader's browser."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from datasette.inspect import inspect_hash

from ingest.editions.names import named_places
from ingest.read_only import open_read_only
from ingest.scaffold import PRIVATE
from ingest.website.addresses import DATABASE
from ingest.website.npm_packages import PYODIDE
from ingest.website.python_files import choose_plugins, list_distributions, package_contents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).parent
# Of the package, what runs in the browser; the folders above it are packages without a word.
OWN = ("addresses.py", "in_browser.py")
# What of metadata.yml is for readers; plugins' settings may tell of the machine or hold secrets.
PUBLIC = frozenset(
    (
        *("title", "description", "description_html", "about", "about_url", "source", "source_url"),
        *("license", "license_url", "databases", "allow", "allow_sql"),
    )
)
MOMENT = (1980, 1, 1, 0, 0, 0)  # the same content gives the same archive


@dataclass(frozen=True, kw_only=True)
class Loading:
    """What a reader's browser loads before Datasette answers, in bytes, and what it is.

    `compressed` is what a host sends that compresses. `datasette` and `pyodide` are versions;
    `left_out` are the collection's plugins that cannot run there, with the reason.
    """

    bytes: int
    compressed: int
    datasette: str
    pyodide: str
    left_out: Mapping[str, str]

    @property
    def cost(self) -> str:
        """What is loaded, in words."""
        whole, compressed = (f"{size / 2**20:.1f} MiB" for size in (self.bytes, self.compressed))
        return f"{whole}, or {compressed} where the host compresses,"


def write_datasette(folder: Path, collection: Path, database: Path, pyodide: Mapping[str, bytes]) -> Loading:
    """Write what Datasette in a browser needs into a folder of the site, but for its page.

    `collection` is the folder with metadata.yml and plugins, `database` the file as the site has it.
    Raises `SettingsError` where what is installed here cannot run in a browser.
    """
    (folder / "pyodide").mkdir(parents=True)
    for path in sorted((HERE / "datasette").iterdir()):
        shutil.copyfile(path, folder / path.name)
    for name, content in {**pyodide, "pyodide-lock.json": lock(pyodide["pyodide-lock.json"])}.items():
        (folder / "pyodide" / name).write_bytes(content)
    distributions = list_distributions()
    packed = dict(package_contents(distributions))
    modules = {Path(name).parts[0].removesuffix(".py") for name in packed}
    chosen, left_out = choose_plugins(collection / "plugins", modules)
    contents = {
        **{f"packages/{name}": content for name, content in packed.items()},
        "packages/ingest/__init__.py": b"",
        "packages/ingest/website/__init__.py": b"",
        **{f"packages/ingest/website/{name}": (HERE / name).read_bytes() for name in OWN},
        **{f"plugins/{path.name}": path.read_bytes() for path in chosen},
        **{f"plugins/{name}": content for name, content in _beside(collection / "plugins")},
        **{f"templates/{name}": content for name, content in _beside(collection / "templates")},
        "metadata.json": _json(public_metadata(collection / "metadata.yml", database)),
        "inspect.json": _json({DATABASE: inspect(database)}),
    }
    (folder / "python.zip").write_bytes(_pack(contents))
    loaded = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return Loading(
        bytes=sum(map(len, loaded)),
        compressed=sum(min(len(gzip.compress(each, mtime=0)), len(each)) for each in loaded),
        datasette=distributions["datasette"].version,
        pyodide=PYODIDE.version,
        left_out=left_out,
    )


def lock(stated: bytes) -> bytes:
    """Return Pyodide's list of packages without any, so that none can be asked for from elsewhere."""
    return _json({**json.loads(stated), "packages": {}})


def public_metadata(path: Path, database: Path) -> dict[str, Any]:
    """Return what strangers to whom a database is shown may know of a collection's metadata.yml."""
    stated = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    settings = (stated.get("plugins") or {}).get("readingroom") or {}
    databases = stated.get("databases") or {}
    # Others may be served at home.
    stated["databases"] = {name: said for name, said in databases.items() if name == DATABASE}
    shown = {name: _without_plugins(value) for name, value in stated.items() if name in PUBLIC}
    places = named_places(settings.get("places") or {}, database)
    return {**shown, "plugins": {"readingroom": {"places": places} if places else {}}}


def inspect(database: Path) -> dict[str, Any]:
    """Return what Datasette wants to know of a database, so that it need not read all of it.

    The form is that of `datasette inspect`: hash, size and the number of rows of each table.
    """
    with open_read_only(database) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        counts = {
            name: connection.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608 - a table's name
            for name in names
        }
    return {
        "hash": inspect_hash(database),
        "size": database.stat().st_size,
        "file": database.name,
        "tables": {name: {"count": count} for name, count in counts.items()},
    }


def _without_plugins(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_plugins(each) for name, each in value.items() if name != "plugins"}
    return [_without_plugins(each) for each in value] if isinstance(value, list) else value


def _beside(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder that are no Python and not private, by their names within it."""
    find_private = shutil.ignore_patterns(*PRIVATE)
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        private = find_private(str(folder), list(within.parts))
        if path.is_file() and path.suffix not in {".py", ".pyc"} and not private:
            yield within.as_posix(), path.read_bytes()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def _pack(contents: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packing:
        for name, content in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packing.writestr(entry, content)
    return archive.getvalue()
