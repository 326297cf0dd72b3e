"""Says by which code an item was read, and its facts found, as hashes, so that other code does so anew."""

from __future__ import annotations

import hashlib
import re
import sys
from importlib.metadata import requires, version
from pathlib import Path

import ingest
from ingest.registry import own_files

PACKAGE = Path(__file__).parent
REQUIREMENT = re.compile(r"[\w.-]+")
READING = (
    "model.py",
    "latin_charsets.py",
    "charset.py",
    "columns.py",
    "exports",
    "sheets.py",
    "personal_names.py",
    "calendars.py",
    "field_names.py",
    "labels.py",
    "archives.py",
    "libraries.py",
    "directions.py",
    "layout.py",
    "looks.py",
    "limits.py",
    "reading.py",
    "readers",
    "normalize",
    "enrich",
)
# Of these, what decides which facts are found in an article that was read.
ENRICHING = ("model.py", "personal_names.py", "calendars.py", "enrich")
# Folders within those that no reading depends on.
UNREAD = frozenset({"__pycache__", "training"})


def code_version(plugins: Path | None = None) -> str:
    """Return a hash over all code that decides what an item reads as, own and the collection's."""
    return hashlib.sha256(f"{ingest.__version__}{_hash(READING, plugins)}".encode()).hexdigest()


def enriching_version(plugins: Path | None = None) -> str:
    """Return a hash over all code that decides what is found in an article, own and the collection's."""
    return _hash(ENRICHING, plugins)


def _hash(names: tuple[str, ...], plugins: Path | None) -> str:
    digest = hashlib.sha256(str(sys.version_info[:2]).encode())
    for requirement in requires("readingroom") or ():
        name = REQUIREMENT.match(requirement)
        if name and "extra ==" not in requirement:
            digest.update(f"{name[0]} {version(name[0])}\n".encode())
    files = [path for name in names for path in files_of(PACKAGE / name)]
    for path in files + own_files(plugins):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files_of(path: Path) -> list[Path]:
    """Return a file of code, or those of a folder that say something of the outcome, in order."""
    if path.is_file():
        return [path]
    inside = (each for each in path.rglob("*") if not UNREAD & {*each.relative_to(path).parts})
    return sorted(each for each in inside if each.is_file())
