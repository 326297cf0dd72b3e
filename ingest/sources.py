"""Finds the items to read: every file under the given places, and nothing outside them.

Links are not followed and only regular files are read, so a collection can neither loop nor
reach beyond its folder. Whatever is passed over is returned too, with the reason.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import refused_by_machine
from ingest.model import Finding, Hint, Item, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DATE_FOLDER = re.compile(r"[\d\W_]+|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)
OTHER_KINDS = (
    (stat.S_ISLNK, "a link; links are not followed"),
    (stat.S_ISFIFO, "a named pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
    (stat.S_ISCHR, "a device, not a file"),
    (stat.S_ISBLK, "a device, not a file"),
)


@dataclass(frozen=True, kw_only=True)
class Root:
    """A place to search: `prefix` stands before its locators, and for its publication."""

    path: Path
    prefix: str = ""


def plan_roots(paths: Sequence[Path]) -> list[Root]:
    """Return the places to search; all but the first get their name as prefix, made unique.

    The first has none, so that adding a place later changes no locator and no public key.
    """
    taken: dict[str, int] = {}
    roots: list[Root] = []
    for path in paths:
        name = path.resolve().name
        count = taken[name] = taken.get(name, 0) + 1
        prefix = name if count == 1 else f"{name}-{count}"
        roots.append(Root(path=path, prefix=prefix if roots else ""))
    return roots


def find_items(roots: Sequence[Root]) -> Iterator[Item | Finding]:
    """Yield an `Item` for each regular file and a `Finding` for all else, in locator order."""
    for root in roots:
        if root.path.is_dir():
            yield from _walk(root.path, root.prefix)
        elif root.path.is_file():
            locator = f"{root.prefix}/{root.path.name}".lstrip("/")
            yield _item(root.path, locator, root.path.lstat())
        else:
            yield _problem(root.path.name, "not-found", f"{root.path} does not exist.")


def publication_of(locator: str) -> str | None:
    """Return the folder that stands for the publication: the first that is no year or month."""
    folders = locator.split("/")[:-1]
    return next((folder for folder in folders if not DATE_FOLDER.fullmatch(folder)), None)


def _walk(folder: Path, prefix: str) -> Iterator[Item | Finding]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        if refused_by_machine(error):
            raise
        yield _problem(prefix or folder.name, "unreadable-folder", f"{error.strerror}.")
        return
    for entry in entries:
        locator = f"{prefix}/{_printable(entry.name)}".lstrip("/")
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            if refused_by_machine(error):
                raise
            yield _problem(locator, "unreadable-file", f"{error.strerror}.")
            continue
        if entry.name.startswith("."):
            yield _skipped(locator, "hidden; its name begins with a dot")
        elif stat.S_ISDIR(status.st_mode):
            yield from _walk(folder / entry.name, locator)
        elif stat.S_ISREG(status.st_mode):
            yield _item(folder / entry.name, locator, status)
        else:
            kinds = (reason for test, reason in OTHER_KINDS if test(status.st_mode))
            yield _skipped(locator, next(kinds, "not a regular file"))


def _item(path: Path, locator: str, status: os.stat_result) -> Item:
    # The change time catches a rewrite that put the old modification time back.
    stamp = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"
    hint = Hint(publication=publication_of(locator))
    return Item(locator=locator, path=path, stamp=stamp, hint=hint)


def _printable(name: str) -> str:
    r"""Return a file name as text; bytes that are not UTF-8 are written `\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _skipped(locator: str, reason: str) -> Finding:
    return Finding(locator=locator, outcome="skipped", reason=reason)


def _problem(locator: str, code: str, message: str) -> Finding:
    hint = "Check that it exists and that you may read it."
    problem = Problem(stage="find", code=code, message=message, hint=hint)
    return Finding(locator=locator, outcome="problem", reason=message, problems=(problem,))
