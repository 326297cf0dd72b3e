"""Declares readers, enrichments, revisions and collation passes, finds them, and puts them in order.

A module says what it is with a decorator; nothing else needs to know that it exists. Three
places are searched: the rooms of this package, the entry points `readingroom.plugins` of
installed packages, and the collection's own `plugins/` folder.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
from dataclasses import dataclass, field, fields
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeVar

from ingest.errors import PluginError
from ingest.model import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ingest.model import Corpus, Fact, Facts, Item, RawDocument, Row

    ReadFunction = Callable[[Item, BinaryIO], Iterator[RawDocument | Item]]
    EnrichFunction = Callable[[Article, Facts], Iterator[Fact]]
    ReviseFunction = Callable[[Corpus], Corpus]
    CollateFunction = Callable[[Corpus], Iterator[Row]]

ROOMS = ("ingest.readers", "ingest.enrich", "ingest.collate")
ENTRY_POINTS = "readingroom.plugins"
UNSTATED = frozenset({"", "application/octet-stream"})
# What Windows states of all that Excel opens, tables in text among it.
ANY_TABLE = "application/vnd.ms-excel"
ARTICLE_FIELDS = frozenset(each.name for each in fields(Article))
NO_TEXT = re.compile(r"(?:image|audio|video|font)/|text/(?:css|javascript)|application/(?:x-)?javascript")
IMPORTS_INGEST = re.compile(r"^\s*(from|import)\s+ingest\b", re.MULTILINE)


class Named(Protocol):
    """What ordering needs to know of a declaration."""

    @property
    def name(self) -> str:
        """Its unique name."""

    @property
    def requires(self) -> tuple[str, ...]:
        """The names of those that must come before it."""


Ordered = TypeVar("Ordered", bound=Named)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One format: how to tell it, how to read it, and what is kept of it.

    `streams` says that the reader takes files of any size, a piece at a time; `archive` that
    the number and size of what it yields are bounded. `magic` are first bytes that decide, and
    so does `recognise`, given the first four kilobytes; of one that is `broad` only after all others,
    since it tells a family of formats, of which another may know a member better.
    """

    name: str
    version: str
    read: ReadFunction
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    magic: tuple[bytes, ...] = ()
    recognise: Callable[[bytes], bool] = lambda _head: False
    broad: bool = False
    streams: bool = False
    archive: bool = False
    library: str = "standard library"
    keeps: str = ""
    loses: str = ""


@dataclass(frozen=True, kw_only=True)
class Enricher:
    """One enrichment of a single article.

    `configure`, given what metadata.yml says under `entities`, recognisers by language, returns
    the enrichment to use in place of `enrich`. `given` are the fields of an article that decide what is
    found in it, beside earlier facts; None says that any may.
    """

    name: str
    version: str
    enrich: EnrichFunction
    configure: Callable[[Mapping[str, str]], EnrichFunction] | None = None
    given: tuple[str, ...] | None = None
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One look at the whole collection that changes its articles before the collations see them."""

    name: str
    version: str
    revise: ReviseFunction
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Collation:
    """One pass over the whole collection, from catalogued articles to rows of tables.

    One that takes `long` for what it yields runs, with those that require it, after all others, and in
    a second process where there are many articles: it may share nothing with other passes but the
    corpus, for which revisions run in both. What it yields is not searched by words.
    """

    name: str
    version: str
    collate: CollateFunction
    requires: tuple[str, ...] = ()
    long: bool = False


@dataclass
class Registry:
    """Everything that was declared, by kind and name."""

    readers: dict[str, Reader] = field(default_factory=dict)
    enrichers: dict[str, Enricher] = field(default_factory=dict)
    revisions: dict[str, Revision] = field(default_factory=dict)
    collations: dict[str, Collation] = field(default_factory=dict)


DECLARED = Registry()


def reader(**declaration: Any) -> Callable[[ReadFunction], ReadFunction]:
    """Declare the decorated generator as the reader of a format; see `Reader` for the keys."""

    def declare(function: ReadFunction) -> ReadFunction:
        entry = Reader(read=function, **declaration)
        _check_texts(suffixes=entry.suffixes, media_types=entry.media_types)
        if not entry.media_types:
            message = 'media_types must name one, such as ("text/x-log",)'
            raise TypeError(message)
        DECLARED.readers[entry.name] = entry
        return function

    return declare


def enricher(**declaration: Any) -> Callable[[EnrichFunction], EnrichFunction]:
    """Declare the decorated generator as an enrichment; see `Enricher` for the keys."""

    def declare(function: EnrichFunction) -> EnrichFunction:
        entry = Enricher(enrich=function, **declaration)
        _check_texts(requires=entry.requires, given=entry.given or ())
        if unknown := sorted(set(entry.given or ()) - ARTICLE_FIELDS):
            message = f"given names {unknown[0]}; an article has {', '.join(sorted(ARTICLE_FIELDS))}"
            raise ValueError(message)
        DECLARED.enrichers[entry.name] = entry
        return function

    return declare


def revision(**declaration: Any) -> Callable[[ReviseFunction], ReviseFunction]:
    """Declare the decorated function as a revision; see `Revision` for the keys."""

    def declare(function: ReviseFunction) -> ReviseFunction:
        entry = Revision(revise=function, **declaration)
        _check_texts(requires=entry.requires)
        DECLARED.revisions[entry.name] = entry
        return function

    return declare


def collation(**declaration: Any) -> Callable[[CollateFunction], CollateFunction]:
    """Declare the decorated generator as a collation pass; see `Collation` for the keys."""

    def declare(function: CollateFunction) -> CollateFunction:
        entry = Collation(collate=function, **declaration)
        _check_texts(requires=entry.requires)
        DECLARED.collations[entry.name] = entry
        return function

    return declare


def _check_texts(**declared: tuple[str, ...]) -> None:
    """Raise `TypeError` where what should be several texts is one, whose letters would be taken for them."""
    for key, texts in declared.items():
        if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
            message = f'{key} must be texts in brackets with a comma after each, as in ("a",), not {texts!r}'
            raise TypeError(message)


def discover(plugins: Path | None = None) -> Registry:
    """Import every place where declarations may stand and return what they declared.

    `plugins` is the collection's own folder. It also holds Datasette's plugins, so only files
    that import `ingest` are run. Raises `PluginError` with the file's name when one fails.
    """
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.iter_modules(package.__path__, prefix=f"{room}."):
            if not module.ispkg:
                importlib.import_module(module.name)
    for entry_point in entry_points(group=ENTRY_POINTS):
        entry_point.load()
    for path in own_files(plugins):
        _run_file(path)
    return DECLARED


def own_files(plugins: Path | None) -> list[Path]:
    """Return the files of a collection's plugins folder that concern ingesting, not its pages."""
    paths = sorted(plugins.glob("*.py")) if plugins else []
    return [path for path in paths if _imports_ingest(path.read_text(encoding="utf-8"))]


def _imports_ingest(source: str) -> bool:
    """Tell whether a file imports `ingest`, rather than only quoting how one does."""
    # What is cheap comes first: every run asks this of every page of a collection.
    if "ingest" not in source or not IMPORTS_INGEST.search(source):
        return False
    try:
        return "ingest" in imported_packages(source)
    except SyntaxError:
        return True  # running it tells what is wrong


def imported_packages(source: str) -> set[str]:
    """Return the first names of all modules that Python code imports, wherever in it.

    Raises `SyntaxError` where it is none.
    """
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def in_order(declared: Iterable[Ordered]) -> list[Ordered]:
    """Return declarations so that each comes after all it requires, by name otherwise.

    Raises `PluginError` when one requires something unknown or they require one another.
    """
    waiting = {entry.name: entry for entry in declared}
    known = set(waiting)
    ordered: list[Ordered] = []
    while waiting:
        ready = sorted(name for name, entry in waiting.items() if not waiting.keys() & set(entry.requires))
        if not ready:
            message = f"{', '.join(sorted(waiting))} require one another; remove one `requires`."
            raise PluginError(message)
        for name in ready:
            entry = waiting.pop(name)
            if missing := set(entry.requires) - known:
                message = (
                    f"{name} requires {', '.join(sorted(missing))}, which nobody declares; "
                    f"known are {', '.join(sorted(known))}."
                )
                raise PluginError(message)
            ordered.append(entry)
    return ordered


def choose_reader(readers: Sequence[Reader], item: Item, head: bytes) -> Reader | None:
    """Return the reader for an item, or None: by first bytes, stated media type, then suffix.

    Of several suffixes that fit the longest decides, so that `.warc.gz` is no plain `.gz`. What
    is stated to be an image or the like has none, whatever its name; and a name without any suffix
    tells nothing of what is stated to be something else. Of what Excel opens the suffix tells more than
    the type.
    """
    for entry in readers:
        if head.startswith(entry.magic or (b"\0\0no magic",)) or entry.recognise(head):
            return entry
    media_type = (item.hint.media_type or "").partition(";")[0].strip().lower()
    of_type = next((entry for entry in readers if media_type in entry.media_types), None)
    if of_type and media_type != ANY_TABLE:
        return of_type
    if NO_TEXT.match(media_type):
        return None
    name = item.locator.rpartition("/")[2].lower()
    fitting = [
        (len(suffix), entry)
        for entry in readers
        for suffix in entry.suffixes
        if (name.endswith(suffix) if suffix else "." not in name and media_type in UNSTATED)
    ]
    return max(fitting, key=lambda each: each[0])[1] if fitting else of_type


def _run_file(path: Path) -> None:
    """Import a file that belongs to no package."""
    spec = importlib.util.spec_from_file_location(f"readingroom_plugin_{path.stem}", path)
    if spec is None or spec.loader is None:
        message = f"{path} cannot be imported; is it a Python file?"
        raise PluginError(message)
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    except Exception as error:
        message = f"{path} fails on import: {error}. Mend the file or move it away."
        raise PluginError(message) from error
