"""Reads a collection's `metadata.yml`: what Datasette shows, and what this kit needs to know.

title: My collection
plugins:
  readingroom:
    sources: [sources]                # folders, files, web addresses, s3://bucket/folder …
    publications:
      orbital-courier:                # the folder that holds its articles
        name: The Orbital Courier
        key: orbital-courier          # in addresses, where it is not to follow from the name
        homepage: https://orbital-courier.example/
        rights: full                  # full, excerpt or metadata
    columns: {text: Article body}     # which column of a table means what
    limits: {seconds: 60}             # what one document may cost; see `limits.py`
    entities: spacy:en_core_web_trf   # another recogniser, or one a language; see `recognisers.py`
    related: embeddings               # compare articles by meaning too; see `collate/embeddings.py`
    downloads: unlimited              # for the pages: whole searches as CSV and JSON Lines
    crawling: pages                   # for the pages: what robots may read: pages, all or none
    contact: you@example.org          # for the pages: opens them to harvesters by OAI-PMH
    places: {Georgia: [32.7, -83.4]}  # for the map: latitude and longitude of names it misplaces
    edition:                          # what leaves the house; see `editions`
      excerpt_words: 60               # most words of an excerpt
      files: articles                 # articles, all or unnamed
"""

from __future__ import annotations

import io
import json
import re
import shlex
import sqlite3
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import yaml

from ingest import swap
from ingest.collate.articles import slug
from ingest.collate.catalogue import MOVES_FILE
from ingest.decisions import FILE as DECISIONS
from ingest.decisions import read_decisions
from ingest.enrich.recognisers import ALL, explain_missing
from ingest.errors import SettingsError, storing
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.model import Decision, Move, Publication
from ingest.moves import read_moves
from ingest.read_only import open_read_only
from ingest.workspace import locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE = "metadata.yml"
DEFAULT_SOURCES = "sources"
PLUGINS, OWN = "plugins", "readingroom"
ALIKE = 0.8  # share of letters, from which a name is taken for another, misspelt
RIGHTS = ("full", "excerpt", "metadata")
SOURCES_LIST = re.compile(
    r"^  readingroom:\n(?:(?:    .*|\s*#.*)?\n)*?    sources:[ ]*\n(?P<items>(?:(?P<indent>[ ]+)- .*\n)+)",
    re.MULTILINE,
)
KEYS = (
    *("sources", "publications", "columns", "limits", "private_addresses", "entities", "related"),
    *("contact", "places", "edition"),
)
PAGES_KEYS = {"downloads": ("limited", "unlimited"), "crawling": ("pages", "all", "none")}
# What the pages ask of them; the others are for the curator's own machine.
READ_BY_PAGES = (*PAGES_KEYS, "contact", "places")
WORDS, EMBEDDINGS = "words", "embeddings"
MAIL_ADDRESS = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")
FARTHEST = (90, 180)  # latitude, longitude
PUBLICATION_KEYS = ("name", "key", "homepage", "rights")
LONGEST = 100  # characters of a wrong value that an error shows
EDITION_FILES = ("articles", "all", "unnamed")


@dataclass(frozen=True, kw_only=True)
class EditionSettings:
    """How editions are made: the most words of an excerpt, and what is said of files.

    `files` is `articles` (those of the articles shown, private paths shortened to file names),
    `all` (every one, as the collection has it) or `unnamed` (as `articles`, with the articles'
    keys for names).
    """

    excerpt_words: int = 60
    files: str = "articles"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a collection's folder says: where it is, where its articles are, who published them.

    Each of the `sources` is a path, or an address as text. Web addresses within a private
    network are refused unless `private_addresses` is set. `recognisers` are by
    language, `*` for all others.
    """

    folder: Path
    title: str
    sources: tuple[Path | str, ...]
    publications: tuple[Publication, ...] = ()
    decisions: tuple[Decision, ...] = ()
    moves: tuple[Move, ...] = ()
    limits: Limits = DEFAULT_LIMITS
    columns: tuple[tuple[str, str], ...] = ()
    recognisers: tuple[tuple[str, str], ...] = ()
    private_addresses: bool = False
    embeddings: bool = False
    edition: EditionSettings = EditionSettings()

    @property
    def places(self) -> list[Path]:
        """Those of the sources that are paths here."""
        return [each for each in self.sources if isinstance(each, Path)]

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
        place = place_beside(folder)
        if around := _collection_around(folder):
            message = (
                f"{'This folder' if str(folder) == '.' else folder} is no collection, but lies in one."
                f" Run: readingroom ingest {shlex.quote(str(around))}"
            )
            raise SettingsError(message)
        message = (
            f"{'This folder' if str(folder) == '.' else folder} is not a collection: it has no {FILE}."
            f" To make one of it: readingroom ingest {shlex.quote(str(folder))} --into {place}"
            f"; to start an empty one: readingroom new {place}"
        )
        raise SettingsError(message)
    with storing(folder):
        content = _content(path)
        decisions = read_decisions(folder / DECISIONS)
        moves = read_moves(folder / MOVES_FILE)
    own = _own_section(content, path)
    if unknown := sorted(set(own) - {*KEYS, *PAGES_KEYS}):
        known = ", ".join((*KEYS, *PAGES_KEYS))
        message = f"{path}: plugins.readingroom has {unknown[0]}; known are {known}."
        raise SettingsError(message)
    for key, allowed in PAGES_KEYS.items():
        if own.get(key, allowed[0]) not in allowed:
            message = f"{path}: plugins.readingroom.{key} must be one of {', '.join(allowed)}."
            raise SettingsError(message)
    if "contact" in own and not MAIL_ADDRESS.fullmatch(str(own["contact"])):
        message = f"{path}: plugins.readingroom.contact must be an address such as you@example.org."
        raise SettingsError(message)
    stated = own.get("sources", [DEFAULT_SOURCES])
    if not isinstance(stated, list) or not all(isinstance(each, str) for each in stated):
        message = f"{path}: plugins.readingroom.sources must be a list of folders."
        raise SettingsError(message)
    if not stated:
        message = (
            f"{path}: plugins.readingroom.sources names nothing, which would empty the collection. Name a"
            f" folder, or take the line out, which stands for {DEFAULT_SOURCES}/."
        )
        raise SettingsError(message)
    _check_places(own.get("places"), path)
    return Settings(
        folder=folder,
        title=str(content.get("title") or folder.resolve().name),
        sources=tuple(each if is_address(each) else folder / each for each in stated),
        publications=tuple(_publications(own.get("publications"), path)),
        decisions=decisions,
        moves=moves,
        limits=_limits(own.get("limits"), path),
        private_addresses=_private_addresses(own.get("private_addresses", False), path),
        recognisers=tuple(_recognisers(own.get("entities"), path)),
        embeddings=_embeddings(own.get("related", WORDS), path),
        columns=tuple(_columns(own.get("columns"), path)),
        edition=_edition(own.get("edition"), path),
    )


def _own_section(content: object, path: Path) -> dict[str, object]:
    """Return what stands under `plugins: readingroom:`; raises `SettingsError` where it stands elsewhere.

    Datasette passes over what it does not know; so would we, rights that withhold a text among it.
    """
    whole = _mapping(content, path)
    if misplaced := [key for key in (*KEYS, *PAGES_KEYS) if key in whole]:
        message = (
            f"{path}: `{misplaced[0]}` belongs under `plugins: readingroom:`, not at the top of the file."
            " Move it there, four spaces in."
        )
        raise SettingsError(message)
    if OWN in whole:
        message = f"{path}: `{OWN}` belongs under `plugins:`, not at the top of the file. Move it there."
        raise SettingsError(message)
    _refuse_misspelt(whole, PLUGINS, path)
    plugins = _mapping(whole.get(PLUGINS), path, PLUGINS)
    _refuse_misspelt(plugins, OWN, path)
    return _mapping(plugins.get(OWN), path, f"{PLUGINS}.{OWN}")


def _refuse_misspelt(keys: Iterable[str], meant: str, path: Path) -> None:
    """Raise `SettingsError` where one of the keys is almost what is meant."""
    for key in keys:
        if key != meant and get_close_matches(key.lower(), [meant], cutoff=ALIKE):
            message = f"{path} has `{key}:`, where `{meant}:` is meant. Write it so."
            raise SettingsError(message)


def _content(path: Path) -> Any:
    """Return what a file of YAML says; raises `SettingsError` where it is none."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"{path} is not in UTF-8 (line {line}). Save it in your editor with the encoding UTF-8."
        raise SettingsError(message) from error
    except yaml.YAMLError as error:
        message = f"{path} cannot be read{_explain(error)}"
        raise SettingsError(message) from error


def _explain(error: yaml.YAMLError) -> str:
    """Return where a file is no YAML, and what to do, in the words of who may never have heard of it."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # a character that no text has
        return f": {error}. Take it out."
    problem = str(getattr(error, "problem", ""))
    if "'\\t'" in problem:
        told = "a tab stands at the beginning. Write spaces instead"
    else:
        told = (
            f"{problem}. Compare it with the lines before: how far they are indented, quotation marks, colons"
        )
    return f" in line {mark.line + 1}, column {mark.column + 1}: {told}."


def load_ingested(folder: Path) -> Settings:
    """Return the settings of a collection that has been ingested.

    Raises `SettingsError` when it has not, or when nothing can be read of its database, and what
    `load_settings` raises.
    """
    settings = load_settings(folder)
    again = f"readingroom ingest {shlex.quote(str(folder))}"
    if not settings.database.is_file():
        message = f"{folder} has no collection.db yet. Make it with: {again}"
        raise SettingsError(message)
    try:
        with open_read_only(settings.database) as database:
            database.execute("pragma schema_version")
    except sqlite3.DatabaseError as error:
        message = (
            f"{settings.database} cannot be read ({error}). Check that you may read it;"
            f" if it is damaged, make it anew with: {again}"
        )
        raise SettingsError(message) from error
    return settings


def is_address(source: str) -> bool:
    """Tell an address such as `s3://bucket/news` from a path."""
    return "://" in source


def add_source(folder: Path, source: str) -> bool:
    """Add a place to the sources in metadata.yml, comments kept; False when it was there already.

    The file is replaced as a whole. Raises `LockedError` when a run is at work, and
    `StorageError` when the disk refuses; nothing is changed then.
    """
    check_source(folder, source)
    settings = load_settings(folder)
    place = source if is_address(source) else str(Path(source).resolve())
    readable = place.encode("utf-8", "backslashreplace").decode()
    if readable != place:
        message = (
            f"{readable} has a name that is not UTF-8, which {FILE} cannot hold. Rename it, or add what it"
            " lies in."
        )
        raise SettingsError(message)
    if place in {known if isinstance(known, str) else str(known.resolve()) for known in settings.sources}:
        return False
    path = folder / FILE
    with storing(folder), locked(settings.workspace):
        swap.write_text(path, _with_source(path.read_text(encoding="utf-8"), place))
    return True


def _collection_around(folder: Path) -> Path | None:
    """Return the collection that a place lies in, as it may be typed; None where it lies in none."""
    around = next((each for each in folder.resolve().parents if (each / FILE).is_file()), None)
    here = Path.cwd()
    return around.relative_to(here) if around and around.is_relative_to(here) else around


def place_beside(folder: Path) -> str:
    """Return where a collection of a folder's articles may be made: one within would be its own source."""
    return "../my-collection" if folder.resolve() == Path.cwd() else "my-collection"


def check_source(folder: Path, source: str) -> None:
    """Raise `SettingsError` where a place holds a collection or is one, which need not be made yet."""
    if is_address(source):
        return
    path, here = Path(source).resolve(), folder.resolve()
    if (path / FILE).is_file() and path != here:
        message = f"{source} is a collection. Add the folder of its articles, not the collection."
        raise SettingsError(message)
    if path in here.parents or path == here:
        message = (
            f"{source} holds the collection itself. Add the folder of the articles alone, or make the"
            f" collection beside it: --into {shlex.quote(str(path.parent / 'my-collection'))}"
        )
        raise SettingsError(message)


def _with_source(text: str, place: str) -> str:
    """Return metadata.yml with one more source, everything else as it stands to the letter.

    The list is lengthened in place where it is written one item a line, as we write it; any
    other form is written anew, its comments kept.
    """
    listed = SOURCES_LIST.search(text)
    if listed:
        line = f"{listed['indent']}- {json.dumps(place, ensure_ascii=False)}\n"
        return text[: listed.end()] + line + text[listed.end() :]
    from ruamel.yaml import YAML  # noqa: PLC0415 - seldom needed

    round_trip = YAML()
    content = round_trip.load(text) or {}
    own = content.setdefault("plugins", {}).setdefault("readingroom", {})
    own.setdefault("sources", [DEFAULT_SOURCES]).append(place)
    written = io.StringIO()
    round_trip.dump(content, written)
    return written.getvalue()


def _columns(stated: object, path: Path) -> Iterator[tuple[str, str]]:
    columns = _mapping(stated, path, "columns")
    if not columns:
        return
    from ingest.columns import meaning_of  # noqa: PLC0415 - few collections name columns

    for meaning, column in columns.items():
        try:
            yield meaning_of(meaning), str(column)
        except SettingsError as error:
            message = f"{path}: plugins.readingroom.{error}"
            raise SettingsError(message) from None


def _publications(stated: object, path: Path) -> list[Publication]:
    publications: list[Publication] = []
    keyed: dict[str, str] = {}
    for folder, said in _mapping(stated, path, "publications").items():
        values = {"name": said} if isinstance(said, str) else _mapping(said, path, f"publications.{folder}")
        if unknown := sorted(set(values) - set(PUBLICATION_KEYS)):
            message = (
                f"{path}: publication {folder} has {unknown[0]}; known are {', '.join(PUBLICATION_KEYS)}."
            )
            raise SettingsError(message)
        if values.get("rights", RIGHTS[0]) not in RIGHTS:
            message = f"{path}: rights of {folder} must be one of {', '.join(RIGHTS)}."
            raise SettingsError(message)
        texts = {key: None if value is None else str(value) for key, value in values.items()}
        publication = Publication(folder=str(folder), **texts)
        if problem := _wrong_key(publication, keyed):
            message = f"{path}: publication {folder} {problem}"
            raise SettingsError(message)
        publications.append(publication)
    return publications


def _wrong_key(publication: Publication, keyed: dict[str, str]) -> str:
    """Return what is wrong with a publication's key, given the names by the keys before; empty if nothing."""
    name, key = publication.name, publication.key
    if not key:
        return ""
    if not name:
        return "has a key but no name. Write its name, too."
    if key != slug(key):
        return f"has the key {key}, which cannot stand in an address. Write it as {slug(key)}."
    if keyed.setdefault(key, name) != name:
        return f"has the key {key}, which is that of {keyed[key]}. Write another."
    return ""


def _recognisers(stated: object, path: Path) -> list[tuple[str, str]]:
    """Return language and recogniser; one that is not there is an error before anything is read."""
    chosen = {ALL: stated} if isinstance(stated, str) else _mapping(stated, path, "entities")
    recognisers = [(language, str(name)) for language, name in chosen.items()]
    for _, name in recognisers:
        if missing := explain_missing(name):
            message = f"{path}: entities: {missing}"
            raise SettingsError(message)
    return recognisers


def _embeddings(stated: object, path: Path) -> bool:
    """Tell whether related articles are to be found by meaning too."""
    if stated not in {WORDS, EMBEDDINGS}:
        message = f"{path}: plugins.readingroom.related must be one of {WORDS}, {EMBEDDINGS}."
        raise SettingsError(message)
    if stated == WORDS:
        return False
    from ingest.collate.embeddings import explain_missing as explain_missing_embeddings  # noqa: PLC0415 - numpy

    if missing := explain_missing_embeddings():
        message = f"{path}: related: {missing}"
        raise SettingsError(message)
    return True


def _private_addresses(stated: object, path: Path) -> bool:
    """Return whether private addresses are allowed."""
    if not isinstance(stated, bool):
        message = f"{path}: plugins.readingroom.private_addresses must be true or false, unquoted."
        raise SettingsError(message)
    return stated


def _check_places(stated: object, path: Path) -> None:
    """Raise `SettingsError` unless each name has a latitude and a longitude; the map's page reads them."""
    for name, where in _mapping(stated, path, "places").items():
        numbers = where if isinstance(where, list) and len(where) == len(FARTHEST) else [None]
        if not all(
            isinstance(number, int | float) and abs(number) <= most
            for number, most in zip(numbers, FARTHEST, strict=False)
        ):
            message = (
                f"{path}: places.{name} must be latitude and longitude in degrees, such as [32.7, -83.4]."
            )
            raise SettingsError(message)


def _limits(stated: object, path: Path) -> Limits:
    known = {each.name for each in fields(Limits)}
    values = {}
    for name, value in _mapping(stated, path, "limits").items():
        if name not in known or not isinstance(value, int) or value < 1:
            message = (
                f"{path}: limits must be whole numbers, of {', '.join(sorted(known))}; found {name}: {value}."
            )
            raise SettingsError(message)
        values[name] = value
    return Limits(**values)


def _edition(stated: object, path: Path) -> EditionSettings:
    values = {"excerpt_words": 60, "files": EDITION_FILES[0], **_mapping(stated, path, "edition")}
    words, files, *unknown = values.values()
    if unknown or files not in EDITION_FILES or isinstance(words, bool) or not isinstance(words, int):
        message = (
            f"{path}: edition may have excerpt_words, a whole number, and files, one of"
            f" {', '.join(EDITION_FILES)}."
        )
        raise SettingsError(message)
    if words < 0:
        message = f"{path}: edition.excerpt_words must be 0 or more."
        raise SettingsError(message)
    return EditionSettings(excerpt_words=words, files=str(files))


def _mapping(value: object, path: Path, key: str = "") -> dict[str, object]:
    """Return what a key says, the file itself where none is given; raises `SettingsError` if no mapping."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        where = f"{path}: {key}" if key else f"{path}"
        found = shorten(repr(value), LONGEST)
        message = f"{where}: expected a mapping, lines such as `name: value`, found {found}."
        raise SettingsError(message)
    return {str(key): member for key, member in value.items()}
