"""Makes the folder of a new collection, of the same shape as this repository."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from ingest import schema, swap
from ingest.errors import SettingsError, storing
from ingest.settings import place_beside

PACKAGE = Path(__file__).parent
STARTERS = (PACKAGE / "starter", PACKAGE.parent)
DATABASE = "collection"
MAKING = ".making"
PAGES = ".pages.json"
# Of the files beside the pages, what is hidden or an editor's backup is its owner's alone.
PRIVATE = (".*", "*~")
SETTINGS = """\
title: {title}
description: >-
  Articles, searchable by words, people, organisations and places.
# Settings of the reading room itself:
plugins:
  readingroom:
    # Where the articles are: folders and files, relative to this one or not; web addresses;
    # places such as s3://bucket/folder.
    sources:
    - {sources}
    # What is known of a publication, by the folder that holds its articles:
    # publications:
    #   daily-planet:
    #     name: The Daily Planet
    #     homepage: https://daily-planet.example/
    #     rights: full        # what may be shown in public: full, excerpt or metadata
    # What `readingroom edition` makes for the public:
    # edition:
    #   excerpt_words: 60     # most words of an excerpt
    #   files: articles       # or all, or unnamed: which names of files strangers see
"""
README = """\
# {title}

    readingroom ingest .     # read sources/ and bring collection.db up to date
    readingroom serve .      # open the reading room on http://127.0.0.1:8001
    datasette .              # plain Datasette works just as well

Put articles into `sources/`: text, Markdown, saved web pages, PDF, Word and OpenDocument files, mail,
feeds, e-books, tables with an article a row, web archives, exports of Zotero and of many programs, and
archives of all these, as .zip or .tar; one folder a publication is a good habit. What was not read, and
why, stands in the tables `files` and `problems`.

`metadata.yml` holds the title and what the pages say; `plugins/` holds the pages, yours to change.
"""
IGNORE = "collection.db\n.readingroom/\n"


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """Which files of the pages were put in place anew, and where changed ones were put."""

    renewed: list[str]
    kept: list[str]


def is_unmade(folder: Path) -> bool:
    """Tell whether a folder is not there, empty, or left half-made by a run that was killed."""
    return not folder.exists() or not any(folder.iterdir()) or (folder / MAKING).exists()


def make_collection(folder: Path) -> None:
    """Write a new collection's files into a folder that is empty or not there yet.

    Raises `SettingsError` when the folder holds something already, and `StorageError` when it
    cannot be written. Whatever ends it half-way, the next call completes it.
    """
    if not is_unmade(folder):
        there = shlex.quote(str(folder))
        is_collection = (folder / "metadata.yml").is_file()
        how = there if is_collection else f"{there} --into {place_beside(folder)}"
        message = f"{folder} is not empty. Choose another name, or run: readingroom ingest {how}"
        raise SettingsError(message)
    title = folder.resolve().name.replace("-", " ").replace("_", " ").strip().capitalize()
    with storing(folder):
        (folder / MAKING).mkdir(parents=True, exist_ok=True)
        (folder / "sources").mkdir(exist_ok=True)
        copy_plugins(folder / "plugins")
        (folder / "metadata.yml").write_text(metadata(title, "sources"), encoding="utf-8")
        (folder / "README.md").write_text(README.format(title=title), encoding="utf-8")
        (folder / ".gitignore").write_text(IGNORE, encoding="ascii")
        (folder / MAKING).rmdir()


def copy_plugins(target: Path) -> None:
    """Copy the pages of the reading room into a collection's plugins folder, and note what they were."""
    source = starter("plugins")
    copy_folder(source, target, "__pycache__")
    _note_pages(target, _hashes(source))


def copy_folder(source: Path, target: Path, *ignored: str) -> None:
    """Copy a folder into another, which may be there, without names of these patterns.

    Raises `StorageError` at the first file that cannot be written; `shutil.copytree` lists them all.
    """

    def copy(one: str, other: str) -> str:
        with storing(target):
            return str(shutil.copy2(one, other))

    shutil.copytree(
        source, target, ignore=shutil.ignore_patterns(*ignored), copy_function=copy, dirs_exist_ok=True
    )


def copy_pages(source: Path, target: Path) -> Path | None:
    """Make a folder hold a collection's pages and no others, and return where those of before were put.

    What an earlier call wrote and the collection has no longer goes. Where anybody else changed or added
    a page, the whole folder is kept beside: a page that was taken down is not served for that.
    """
    ignored = ("__pycache__", *PRIVATE)
    ours, found = _hashes(source, *ignored), _hashes(target, *ignored)
    kept = put_aside(target) if found and found not in (ours, _noted_pages(target)) else None
    copy_folder(source, target, *ignored)
    for name in () if kept else found.keys() - ours.keys():
        (target / name).unlink()
    _note_pages(target, ours)
    return kept


def renew_pages(folder: Path) -> Renewal:
    """Bring a collection's pages up to this version; what its owner changed is kept beside them.

    Files of the owner's own are left alone. Raises `SettingsError` where the folder is no
    collection, and `StorageError` when it cannot be written.
    """
    if not (folder / "metadata.yml").is_file():
        message = (
            f"{folder} is not a collection: it has no metadata.yml. Name the folder of one,"
            " or start one: readingroom new my-collection"
        )
        raise SettingsError(message)
    source, target = starter("plugins"), folder / "plugins"
    renewal = Renewal(renewed=[], kept=[])
    if target.exists() and source.samefile(target):
        return renewal
    ours, noted = _hashes(source), _noted_pages(target)
    with storing(folder):
        for name in sorted({*ours, *noted}):
            path = target / name
            found = _hash(path) if path.is_file() else ""
            if found == ours.get(name, ""):
                continue
            if found and found != noted.get(name):
                renewal.kept.append(put_aside(path).relative_to(target).as_posix())
            if name in ours:
                path.parent.mkdir(parents=True, exist_ok=True)
                # Half a page would count as its owner's, and be kept as such.
                swap.put_copy(source / name, path)
            else:
                path.unlink(missing_ok=True)
            renewal.renewed.append(name)
        target.mkdir(exist_ok=True)
        _note_pages(target, ours)
    return renewal


def put_aside(path: Path) -> Path:
    """Give a file a name beside its own that no Datasette reads, and return it."""
    place, number = path.with_name(f"{path.name}.before"), 1
    while place.exists():
        number += 1
        place = path.with_name(f"{path.name}.before-{number}")
    return path.rename(place)


def _hashes(folder: Path, *ignored: str) -> dict[str, str]:
    """Return the hashes of the pages in a folder, without names of these patterns, by their places in it."""
    find_ignored = shutil.ignore_patterns(*ignored)
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {
        within.as_posix(): _hash(folder / within)
        for within in (path.relative_to(folder) for path in paths)
        if within.name != PAGES and not find_ignored(str(folder), list(within.parts))
    }


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _note_pages(target: Path, hashes: dict[str, str]) -> None:
    swap.write_text(target / PAGES, json.dumps(hashes, indent=1, sort_keys=True) + "\n")


def _noted_pages(target: Path) -> dict[str, str]:
    """Return what the pages were when they were put there; nothing where nobody noted it."""
    try:
        noted = json.loads((target / PAGES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    # A collection may come from a stranger: what lies outside of its pages is none of ours.
    return {
        name: stated
        for name, stated in (noted.items() if isinstance(noted, dict) else ())
        if (target / name).resolve().is_relative_to(target.resolve())
    }


def starter(name: str) -> Path:
    """Return the folder of what comes with the package: `plugins` or `notebooks`.

    Raises `SettingsError` when the installation lacks it.
    """
    folder = next((each / name for each in STARTERS if (each / name).is_dir()), None)
    if folder is None:
        message = f"The installation lacks its {name}. Install readingroom again."
        raise SettingsError(message)
    return folder


def metadata(title: str, sources: str) -> str:
    """Return the text of a metadata.yml: settings, then what Datasette should say of the tables."""
    return SETTINGS.format(title=json.dumps(title, ensure_ascii=False), sources=sources) + describe_tables()


def describe_tables() -> str:
    """Return the part of a metadata.yml that describes tables and columns, from the schema."""
    lines = [
        "# Descriptions of tables and columns, for Datasette's own pages:",
        "databases:",
        f"  {DATABASE}:",
        "    tables:",
    ]
    for table in schema.TABLES:
        lines += [f"      {table.name}:", f"        description: {_quoted(table.description)}"]
        if table.label:
            lines.append(f"        label_column: {table.label}")
        if table.sort_desc:
            lines.append(f"        sort_desc: {table.sort_desc}")
        if table.facets:
            lines.append(f"        facets: [{', '.join(table.facets)}]")
        if table.name == schema.ARTICLES.name:
            lines += ["        fts_table: articles_fts", "        fts_pk: id"]
        lines.append("        columns:")
        lines += [f"          {column.name}: {_quoted(column.description)}" for column in table.columns]
    for view in schema.VIEWS:
        lines += [f"      {view.name}:", f"        description: {_quoted(view.description)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
