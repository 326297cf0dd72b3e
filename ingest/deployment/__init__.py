"""Writes what a server needs to show a collection to the public: one folder to copy or to build.

The database in it is an edition: what may not be shown never leaves the house.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest import public
from ingest.editions.edition import EditionReport, make_edition
from ingest.editions.names import named_places
from ingest.errors import SettingsError, storing
from ingest.scaffold import PRIVATE, copy_folder
from ingest.settings import FILE, READ_BY_PAGES, load_ingested

FILES = Path(__file__).parent / "files"
NAMES = {"dockerignore": ".dockerignore"}


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the owner chose: the site's name, whether visitors may take the whole database.

    `accept` makes the edition though something in it may surprise; `now` is told in it.
    """

    host: str
    now: str
    download: bool = False
    accept: bool = False


def write_server_files(folder: Path, target: Path, chosen: Choices) -> tuple[list[Path], EditionReport]:
    """Write the files for a server into `target`, with an edition of the collection; return both.

    Raises `SettingsError` when the collection was not ingested or its folder is the target, what
    `make_edition` raises, and `StorageError` when the disk refuses. What stands in `target` under the
    same names is replaced.
    """
    settings = load_ingested(folder)
    if target.resolve() == folder.resolve():
        message = f"{target} is the collection itself. Name another folder, such as {folder}-server."
        raise SettingsError(message)
    values = {
        "@HOST@": chosen.host,
        "@TITLE@": " ".join(settings.title.replace("%", " ").split()),
        "@NOT@": "" if chosen.download else " not",
        "@IF_DOWNLOAD@": "" if chosen.download else "# ",
        "@DOWNLOAD@": " --download" if chosen.download else "",
        "@DOWNLOAD_JSON@": ', "--download"' if chosen.download else "",
    }
    with storing(target):
        target.mkdir(parents=True, exist_ok=True)
        # First, so that nothing is half there when the owner should look at it before.
        report = make_edition(settings, target / "collection.db", now=chosen.now, accept=chosen.accept)
        written = [_write(path, target, values) for path in sorted(FILES.iterdir())]
        written.append(Path(shutil.copyfile(public.__file__, target / "serve.py")))
        written.append(target / FILE)
        shown = server_metadata(folder / FILE, target / "collection.db")
        (target / FILE).write_text(shown, encoding="utf-8")
        copy_folder(folder / "plugins", target / "plugins", "__pycache__", *PRIVATE)
    return [*written, target / "collection.db", target / "plugins"], report


def server_metadata(path: Path, database: Path) -> str:
    """Return a collection's metadata.yml without what the pages of an edition do not ask.

    So it tells neither where the articles lie on this machine nor what folders are withheld, and of
    places those that the edition names.
    """
    stated = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    plugins = stated.get("plugins") or {}
    own = plugins.get("readingroom") or {}
    kept = {name: value for name, value in own.items() if name in READ_BY_PAGES}
    if stated_places := kept.pop("places", None):
        kept["places"] = named_places(stated_places, database)
    shown = {**stated, "plugins": {**plugins, "readingroom": kept}}
    return yaml.safe_dump(shown, allow_unicode=True, sort_keys=False)


def _write(path: Path, target: Path, values: dict[str, str]) -> Path:
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(name, value)
    written = target / NAMES.get(path.name, path.name)
    written.write_text(text, encoding="utf-8")
    return written


def datasette_publish_options(*, download: bool) -> str:
    """Return the options that make `datasette publish` show the same, within the same limits."""
    settings = {**public.SETTINGS, "allow_download": download}
    stated = " ".join(
        f"--setting {name} {('on' if value else 'off') if isinstance(value, bool) else value}"
        for name, value in settings.items()
    )
    return (
        "datasette publish cloudrun collection.db --metadata metadata.yml --plugins-dir plugins"
        f' --install markdown-it-py --install numpy --extra-options "{stated}"'
    )
