"""What files of an unpacked export say of others beside them, read where their folder is searched."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.errors import refused_by_machine
from ingest.exports.beside import LIBRARIES, LONGEST, NOTHING, TABLE_OF_POSTS, TELLING, read_beside
from ingest.exports.keep import FOLDER as KEEP
from ingest.exports.keep import TOLD_AS_JSON, pages_again
from ingest.exports.zotero import FOLDER
from ingest.libraries import files_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ingest.exports.beside import Beside
    from ingest.model import Field

NOT_SHOWN = (".", "~")


def beside_in(folder: Path, is_wanted: Callable[[str], bool] = lambda _path: True) -> Beside:
    """Return what files in a folder say of others there; nothing of a file that cannot be read.

    `is_wanted` tells of a page, by its path in the folder, whether it is one of those to be read.
    """
    found = {name: data for name in TELLING if (data := _read(folder / name))}
    beside = _status(folder / FOLDER)
    files = dict(_files(folder, is_wanted)) if beside and stat.S_ISDIR(beside.st_mode) else {}
    again = _again(folder, is_wanted)
    if not (found or files or again):
        return NOTHING
    pages = filter(is_wanted, _pages(folder)) if TABLE_OF_POSTS in found else ()
    told = read_beside(found, (page.rpartition("/")[2] for page in pages))
    return replace(told, files=files, again=again)


def _again(folder: Path, is_wanted: Callable[[str], bool]) -> dict[str, str]:
    """Return the pages of a folder that Google Keep filled, since the JSON beside each says more."""
    if folder.name != KEEP:
        return {}
    files = {
        entry.name: folder / entry.name for entry in _shown(folder) if entry.is_file(follow_symlinks=False)
    }
    pages = pages_again(files, lambda path: _read(path) if is_wanted(path.name) else None)
    return dict.fromkeys(pages, TOLD_AS_JSON)


def _files(folder: Path, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Yield what a library states of each file that lies below it, with the file's path."""
    for entry in _shown(folder):
        data = _read(folder / entry.name) if entry.name.endswith(LIBRARIES) else None
        if data:
            told = files_told(data, lambda path: is_wanted(path) and _holds(folder / path))
            yield from told.items()


def _holds(path: Path) -> bool:
    """Tell whether there is a file that holds anything."""
    status = _status(path)
    return status is not None and stat.S_ISREG(status.st_mode) and status.st_size > 0


def _status(path: Path) -> os.stat_result | None:
    """Return what there is; nothing also of what may not be looked at."""
    try:
        return path.lstat()
    except OSError as error:
        if refused_by_machine(error):
            raise
        return None


def _pages(folder: Path) -> Iterator[str]:
    """Yield the paths of the pages in a folder and right below it that hold anything."""
    for entry in _shown(folder):
        if entry.is_dir(follow_symlinks=False):
            below = folder / entry.name
            yield from (f"{entry.name}/{page.name}" for page in _shown(below) if _is_page(below, page.name))
        elif _is_page(folder, entry.name):
            yield entry.name


def _shown(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if not entry.name.startswith(NOT_SHOWN)]
    except OSError as error:
        if refused_by_machine(error):
            raise
        return []


def _is_page(folder: Path, name: str) -> bool:
    return name.endswith(".html") and _holds(folder / name)


def _read(path: Path) -> bytes | None:
    try:
        status = path.lstat()
        return path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size <= LONGEST else None
    except OSError as error:
        if refused_by_machine(error):
            raise
        return None
