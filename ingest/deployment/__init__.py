"""Writes what a server needs to show a collection to the public: one folder to copy or to build.

The database in it is an edition: what may not be shown never leaves the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest import public
from ingest.editions.edition import EditionReport, make_edition
from ingest.editions.names import named_places
from ingest.errors import SettingsError, storing
from ingest.scaffold import copy_pages, put_aside
from ingest.settings import FILE, READ_BY_PAGES, load_ingested

FILES = Path(__file__).parent / "files"
NAMES = {"dockerignore": ".dockerignore"}
SERVER = "serve.py"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the owner chose: the site's name, whether visitors may take the whole database.

    `accept` makes the edition though something in it may surprise; `now` is told in it.
    """

    host: str
    now: str
    download: bool = False
    accept: bool = False


@dataclass(frozen=True, kw_only=True)
class ServerFiles:
    """The files that were written for a server, those of before that were kept, and what an edition shows."""

    written: list[Path]
    kept: list[Path]
    edition: EditionReport


def write_server_files(folder: Path, target: Path, chosen: Choices) -> ServerFiles:
    """Write the files for a server into `target`, with an edition of the collection.

    Raises `SettingsError` when the collection was not ingested, its folder is the target, or the
    target holds what is not ours; what `make_edition` raises, and `StorageError` when the disk refuses.
    What its owner changed of the files there is kept beside the new ones; a page that left the
    collection goes.
    """
    settings = load_ingested(folder)
    if target.resolve() == folder.resolve():
        another = folder.resolve().with_name(f"{folder.resolve().name}-server")
        message = f"{target} is the collection itself. Name another folder, such as {another}."
        raise SettingsError(message)
    _check_folder(target)
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
        texts = {SERVER: Path(public.__file__).read_text(encoding="utf-8")}
        for path in sorted(FILES.iterdir()):
            texts[NAMES.get(path.name, path.name)] = _filled(path, values)
        kept = [aside for name, text in texts.items() if (aside := _write(target / name, text))]
        shown = server_metadata(folder / FILE, target / "collection.db")
        (target / FILE).write_text(shown, encoding="utf-8")
        if pages := copy_pages(folder / "plugins", target / "plugins"):
            kept.append(pages)
    written = [target / name for name in (*texts, FILE, "collection.db", "plugins")]
    return ServerFiles(written=written, kept=kept, edition=report)


def _check_folder(target: Path) -> None:
    """Raise `SettingsError` if the files would come among others, such as articles or another collection."""
    if not target.exists() or (target / SERVER).is_file():
        return
    # An edition is all there is where the first run was ended behind it.
    others = (path.name for path in target.iterdir() if not path.name.startswith((".", "collection.db")))
    if foreign := sorted(others):
        message = (
            f"{target} holds {foreign[0]} and was not written for a server, so nothing was written."
            " Choose a folder that is empty or not there yet."
        )
        raise SettingsError(message)


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


def _filled(path: Path, values: dict[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _write(path: Path, text: str) -> Path | None:
    """Write a file, and return where that of before is kept if it was another."""
    content = text.encode()
    is_other = path.is_file() and path.read_bytes() != content
    aside = put_aside(path) if is_other else None
    path.write_bytes(content)
    return aside


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
