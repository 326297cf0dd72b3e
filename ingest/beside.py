"""What files of an unpacked export say of others beside them, read where their folder is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.exports.beside import LONGEST, NOTHING, TABLE_OF_POSTS, TELLING, read_beside

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.exports.beside import Beside


def beside_in(folder: Path) -> Beside:
    """Return what files in a folder say of others there; nothing of a file that cannot be read."""
    found = {name: _read(folder / name) for name in TELLING if (folder / name).is_file()}
    pages = _pages(folder) if TABLE_OF_POSTS in found else []
    return read_beside(found, pages) if found else NOTHING


def _pages(folder: Path) -> list[str]:
    return [page.name for pattern in ("*.html", "*/*.html") for page in folder.glob(pattern)]


def _read(path: Path) -> bytes | None:
    try:
        if path.is_symlink() or path.stat().st_size > LONGEST:
            return None
        return path.read_bytes()
    except OSError:
        return None
