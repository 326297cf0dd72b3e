"""Reads a collection's `metadata.yml`: what Datasette shows, and what this kit needs to know.

title: My collection
plugins:
  readingroom:
    sources: [sources]                # where the articles are, relative to this file
    publications:
      orbital-courier:                # the folder that holds its articles
        name: The Orbital Courier
        homepage: https://orbital-courier.example/
        rights: full                  # full, excerpt or metadata
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml
from ruamel.yaml import YAML

from ingest import swap
from ingest.errors import SettingsError, storing
from ingest.model import Publication
from ingest.workspace import locked

if TYPE_CHECKING:
    from pathlib import Path

FILE = "metadata.yml"
DEFAULT_SOURCES = "sources"
RIGHTS = ("full", "excerpt", "metadata")
PUBLICATION_KEYS = ("name", "homepage", "rights")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a collection's folder says: where it is, where its articles are, who published them."""

    folder: Path
    title: str
    sources: tuple[Path, ...]
    publications: tuple[Publication, ...] = ()

    @property
    def database(self) -> Path:
        """The collection's database file."""
        return self.folder / "collection.db"

    @property
    def plugins(self) -> Path | None:
        """The collection's own plugins folder, if it has one."""
        folder = self.folder / "plugins"
        return folder if folder.is_dir() else None

    @property
    def workspace(self) -> Path:
        """The folder of the cache; safe to delete."""
        return self.folder / ".readingroom"


def load_settings(folder: Path) -> Settings:
    """Return the settings of a collection's folder.

    Raises `SettingsError` when there is no metadata.yml or it says something that cannot be,
    and `StorageError` when the disk does not give it.
    """
    path = folder / FILE
    if not path.exists():
        message = f"{folder} is not a collection: it has no {FILE}. Make one with: readingroom new {folder}"
        raise SettingsError(message)
    try:
        with storing(folder):
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"{path} cannot be read: {error}. Mend the file; a YAML checker shows the place."
        raise SettingsError(message) from error
    own = _mapping(_mapping(_mapping(content, path).get("plugins"), path).get("readingroom"), path)
    stated = own.get("sources", [DEFAULT_SOURCES])
    if not isinstance(stated, list) or not all(isinstance(each, str) for each in stated):
        message = f"{path}: plugins.readingroom.sources must be a list of folders."
        raise SettingsError(message)
    return Settings(
        folder=folder,
        title=str(content.get("title") or folder.resolve().name),
        sources=tuple(folder / each for each in stated),
        publications=tuple(_publications(own.get("publications"), path)),
    )


def add_source(folder: Path, source: Path) -> bool:
    """Add a place to the sources in metadata.yml, comments kept; False when it was there already.

    The file is replaced as a whole. Raises `LockedError` when a run is at work, and
    `StorageError` when the disk refuses; nothing is changed then.
    """
    settings = load_settings(folder)
    if source.resolve() in {known.resolve() for known in settings.sources}:
        return False
    path = folder / FILE
    round_trip = YAML()
    with storing(folder), locked(settings.workspace):
        content = round_trip.load(path.read_text(encoding="utf-8")) or {}
        own = content.setdefault("plugins", {}).setdefault("readingroom", {})
        own.setdefault("sources", [DEFAULT_SOURCES]).append(str(source.resolve()))
        text = io.StringIO()
        round_trip.dump(content, text)
        swap.write_text(path, text.getvalue())
    return True


def _publications(stated: object, path: Path) -> list[Publication]:
    publications = []
    for folder, said in _mapping(stated, path).items():
        values = {"name": said} if isinstance(said, str) else _mapping(said, path)
        if unknown := sorted(set(values) - set(PUBLICATION_KEYS)):
            message = (
                f"{path}: publication {folder} has {unknown[0]}; known are {', '.join(PUBLICATION_KEYS)}."
            )
            raise SettingsError(message)
        if values.get("rights", RIGHTS[0]) not in RIGHTS:
            message = f"{path}: rights of {folder} must be one of {', '.join(RIGHTS)}."
            raise SettingsError(message)
        texts = {key: None if value is None else str(value) for key, value in values.items()}
        publications.append(Publication(folder=str(folder), **texts))
    return publications


def _mapping(value: object, path: Path) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        message = f"{path}: expected a mapping, found {value!r}."
        raise SettingsError(message)
    return {str(key): member for key, member in value.items()}
