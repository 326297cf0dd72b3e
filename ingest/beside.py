"""What files of an unpacked export say of others beside them, read where their folder is searched."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from ingest.errors import refused_by_machine
from ingest.exports.beside import LONGEST, NOTHING, TABLE_OF_POSTS, TELLING, read_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ingest.exports.beside import Beside

NOT_SHOWN = (".", "~")


def beside_in(folder: Path, is_wanted: Callable[[str], bool] = lambda _path: True) -> Beside:
    """Return what files in a folder say of others there; nothing of a file that cannot be read.

    `is_wanted` tells of a page, by its path in the folder, whether it is one of those to be read.
    """
    found = {name: data for name in TELLING if (data := _read(folder / name))}
    if not found:
        return NOTHING
    pages = filter(is_wanted, _pages(folder)) if TABLE_OF_POSTS in found else ()
    return read_beside(found, (page.rpartition("/")[2] for page in pages))


def _pages(folder: Path) -> Iterator[str]:
    """Yield the paths of the pages in a folder and right below it that hold anything."""
    for entry in _shown(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from (f"{entry.name}/{page.name}" for page in _shown(entry) if _is_page(page))
        elif _is_page(entry):
            yield entry.name


def _shown(folder: os.PathLike[str]) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if not entry.name.startswith(NOT_SHOWN)]
    except OSError as error:
        if refused_by_machine(error):
            raise
        return []


def _is_page(entry: os.DirEntry[str]) -> bool:
    is_file = entry.name.endswith(".html") and entry.is_file(follow_symlinks=False)
    return is_file and entry.stat().st_size > 0


def _read(path: Path) -> bytes | None:
    try:
        status = path.lstat()
        return path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size <= LONGEST else None
    except OSError as error:
        if refused_by_machine(error):
            raise
        return None
