"""Puts a finished file in the place of another, so that a reader sees the old one or the new one.

The new file is written beside the old one, brought to disk, and only then takes the name. What a
killed run left of it is told by its name and cleared by the next.
"""

from __future__ import annotations

import os
import shutil
from glob import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ENDING = ".building"


def beside(path: Path) -> Path:
    """Return where the file that shall take the place of `path` is written."""
    return path.with_name(f".{path.name}{ENDING}")


def swap_in(path: Path) -> None:
    """Let the file beside `path` take its place and its permissions."""
    building = beside(path)
    if path.exists():
        shutil.copymode(path, building)
    _sync(building)
    building.replace(path)
    # Without this a power cut may still take the new name back, and the run has said "done".
    _sync(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a text in the place of a file; where the file is a link, in the place it points to."""
    path = path.resolve()
    try:
        beside(path).write_text(text, encoding="utf-8")
        swap_in(path)
    finally:
        drop(path)


def put_copy(source: Path, path: Path) -> None:
    """Put a copy of a file in the place of another, or where none is."""
    try:
        shutil.copyfile(source, beside(path))
        swap_in(path)
    finally:
        drop(path)


def drop(path: Path) -> None:
    """Remove what is written beside `path`, and nothing that another run writes in the same folder."""
    for leftover in path.parent.glob(f"{escape(beside(path).name)}*"):
        leftover.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Remove what was being written in a folder and never took its place."""
    for leftover in folder.glob(f".*{ENDING}*"):
        leftover.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
