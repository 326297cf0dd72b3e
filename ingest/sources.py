"""Finds the items to read: every file under the given places, and nothing outside them.

Links are not followed and only regular files are read, so a collection can neither loop nor
reach beyond its folder. Whatever is passed over is returned too, with the reason.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import io
import os
import re
import stat
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from ingest.beside import beside_in
from ingest.errors import SourceError, refused_by_machine
from ingest.exports.beside import NOTHING, TABLE_OF_POSTS, TOLD_WITH_PAGES, with_beside
from ingest.model import Finding, Hint, Item, Problem
from ingest.saved_pages import frames_of, is_embedded, page_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from ingest.exports.beside import Beside

PIECE = 1024 * 1024
CLOSED = "unreadable-folder"
WITHIN_FILES = re.compile(r"!/|#")
DATE_FOLDER = re.compile(r"[\d\W_]+|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)
# What lies beside articles and is none, by the beginning of its name; LibreOffice's locks have the dot.
HIDDEN = (
    (".", "hidden; its name begins with a dot"),
    ("~$", "the lock of an open document; its name begins with ~$"),
)
OTHER_KINDS = (
    (stat.S_ISLNK, "a link; links are not followed"),
    (stat.S_ISFIFO, "a named pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
    (stat.S_ISCHR, "a device, not a file"),
    (stat.S_ISBLK, "a device, not a file"),
)


@dataclass(frozen=True, kw_only=True)
class Root:
    """A place to search: `prefix` stands before its locators, and for its publication.

    With a `pattern`, such as `*/2019/*.txt`, only what it fits is found below the path.
    """

    path: Path
    prefix: str = ""
    pattern: str = ""


def plan_roots(paths: Sequence[Path]) -> list[Root]:
    """Return the places to search; all but the first get their name as prefix, made unique.

    The first has none, so that adding a place later changes no locator and no public key. Raises
    `SourceError` when one of the places may not be looked at.
    """
    taken: dict[str, int] = {}
    roots: list[Root] = []
    for given in paths:
        with _allowed(given):
            path, pattern = divide_pattern(given)
            is_file = path.is_file()
        name = path.resolve().name
        # A folder of the same name in the first place would share its locators.
        if roots and name not in taken and (roots[0].path / name).exists():
            taken[name] = 1
        count = taken[name] = taken.get(name, 0) + 1
        # A file's suffix stays the last of its name, as it tells the format.
        dot = name.find(".", 1) if is_file else -1
        place = dot if dot > 0 else len(name)
        prefix = name if count == 1 else f"{name[:place]}-{count}{name[place:]}"
        roots.append(Root(path=path, prefix=prefix if roots else "", pattern=pattern))
    return roots


def divide_pattern(path: Path) -> tuple[Path, str]:
    """Return the folder that a pattern such as `letters/*/*.txt` searches, and the rest of it.

    What is there by the very name is no pattern, whatever signs it contains.
    """
    if not glob.has_magic(str(path)) or path.exists():
        return path, ""
    parts = path.parts
    first = next(place for place, part in enumerate(parts) if glob.has_magic(part))
    return path.parents[len(parts) - first - 1], "/".join(parts[first:])


def find_items(roots: Sequence[Root]) -> Iterator[Item | Finding]:
    """Yield an `Item` for each regular file and a `Finding` for all else, in locator order.

    Two names that are written alike (one has a byte that is not UTF-8) have one locator until they are
    `told_apart`. Raises `SourceError` when one of the places is gone, or may not be read: a disk that is
    not plugged in must not empty the collection.
    """
    for root in roots:
        if root.path.is_dir():
            with _allowed(root.path):
                _check_open(root.path)
        if root.path.is_dir() and root.pattern:
            yield from _fitting(root)
        elif root.path.is_dir():
            yield from _walk(root.path, root.prefix)
        elif root.path.is_file():
            # A link that the curator names is meant, of a file as of a folder; those within are not followed.
            yield _item(root.path.resolve(), root.prefix or root.path.name, root.path.stat(), "")
        else:
            message = (
                f"{root.path} is not there. Put it back, or take it out of the sources in metadata.yml;"
                " until then the collection stays as it is."
            )
            raise SourceError(message)


@contextmanager
def _allowed(path: Path) -> Iterator[None]:
    """Turn the refusal of a whole place into a `SourceError`, so that its articles do not go with it."""
    try:
        yield
    except PermissionError as error:
        message = (
            f"{path} may not be read ({error.strerror}). Change its permissions, or take it out of the"
            " sources in metadata.yml; until then the collection stays as it is."
        )
        raise SourceError(message) from error


def _check_open(folder: Path) -> None:
    """Raise `PermissionError` when a folder's names, or what bears them, may not be looked at."""
    os.scandir(folder).close()
    if not os.access(folder, os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def filled_places(places: Iterable[Path], own: Path, before: Container[str]) -> list[str]:
    """Return the folders that anything is in, of those that may lie on another disk than `own`.

    Raises `SourceError` for one that something was in before: an empty folder is what a disk leaves.
    """
    own = own.resolve()
    filled = []
    for place in places:
        with _allowed(place):
            if not place.is_dir():
                continue
            path = place.resolve()
            with os.scandir(path) as entries:
                is_filled = next(entries, None) is not None
            if is_filled:
                if not path.is_relative_to(own) or path.stat().st_dev != own.stat().st_dev:
                    filled.append(str(path))
            elif str(path) in before:
                message = (
                    f"{place} is empty, and was not before. Plug in or mount its disk; if it is to be empty,"
                    " take it out of the sources in metadata.yml. Until then the collection stays as it is."
                )
                raise SourceError(message)
    return filled


def told_apart(found: Iterable[Item | Finding]) -> Iterator[Item | Finding]:
    """Yield what was found; of those with one locator all but the first get a number that none has yet.

    Whatever shares its locator takes the other's place, and would be gone without a word.
    """
    times: Counter[str] = Counter()
    for each in found:
        times[each.locator] += 1
        if times[each.locator] == 1:
            yield each
            continue
        while (numbered := _numbered(each.locator, times[each.locator])) in times:
            times[each.locator] += 1
        times[numbered] = 1
        yield replace(each, locator=numbered)


def survey(roots: Sequence[Root]) -> str:
    """Return a hash over the names, sizes and times of all that `find_items` looks at.

    Equal means that it would yield what it did; empty, that only asking it can tell. Takes a fifth
    of its time, which counts where nothing changed among hundreds of thousands.
    """
    if any(root.pattern for root in roots):
        return ""
    digest = hashlib.sha256()
    try:
        for root in roots:
            digest.update(os.fsencode(f"{root}\0"))
            if not root.path.is_dir():
                digest.update(f"{stamp_of(root.path.stat())}\0".encode())
                continue
            waiting = [str(root.path)]
            while waiting:
                folder = waiting.pop()
                digest.update(os.fsencode("\0".join((folder, *_survey_folder(folder, waiting), ""))))
    except OSError:
        return ""
    return digest.hexdigest()


def _survey_folder(folder: str, waiting: list[str]) -> list[str]:
    """Return what tells each entry of a folder from any other, and add its folders to those waiting.

    Entries come as the system lists them, in the same order while the folder stays as it is.
    """
    told = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if why_hidden(name):
                told.append(name)
            elif entry.is_dir(follow_symlinks=False):
                told.append(f"{name}/")
                waiting.append(entry.path)
            else:
                status = entry.stat(follow_symlinks=False)
                told.append(f"{name}/{status.st_mode}:{stamp_of(status)}")
    return told


def _numbered(locator: str, count: int) -> str:
    """Return a locator with a number that leaves its suffix as it is."""
    name = locator.rpartition("/")[2]
    dot = name.rpartition(".")[0]
    place = len(locator) - len(name) + len(dot) if dot else len(locator)
    return f"{locator[:place]}#{count}{locator[place:]}"


def why_hidden(name: str) -> str | None:
    """Return why a file or folder is passed over by its name alone; None where it is not."""
    return next((reason for beginning, reason in HIDDEN if name.startswith(beginning)), None)


def open_item(item: Item) -> BinaryIO:
    """Open what an item is for reading; a path that has become no regular file is refused.

    Raises `OSError`. Neither a link nor a pipe put in the file's place is followed or waited for.
    """
    if item.data is not None:
        return io.BytesIO(item.data)
    if item.path is None:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    descriptor = os.open(item.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "no longer a regular file")
    return os.fdopen(descriptor, "rb")


def hash_of(source: BinaryIO) -> str:
    """Return the SHA-256 of what is left of an open file, read a piece at a time."""
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def stamp_of(status: os.stat_result) -> str:
    """Return what changes whenever a file may have changed.

    The change time catches a rewrite that put the old modification time back.
    """
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def containers_of(locator: str) -> Iterator[str]:
    """Yield the locators of the files that something may lie in, such as a feed, a table or an archive."""
    for mark in WITHIN_FILES.finditer(locator):
        yield locator[: mark.start()]


def publication_of(path: str) -> str | None:
    """Return the folder that stands for the publication: the first that is no year or month."""
    folders = path.split("/")[:-1]
    return next((folder for folder in folders if not DATE_FOLDER.fullmatch(folder)), None)


def _fitting(root: Root) -> Iterator[Item | Finding]:
    """Yield what fits a root's pattern, what lies in folders that do, and which folders may not be read."""
    fitting = {_printable(str(path.relative_to(root.path))) for path in root.path.glob(root.pattern)}
    if not fitting:
        message = (
            f"Nothing fits {root.path / root.pattern}. Put it back, or take the pattern out of the sources in"
            " metadata.yml; until then the collection stays as it is."
        )
        raise SourceError(message)
    leading = {str(parent) for path in fitting for parent in PurePosixPath(path).parents}

    def parts_of(locator: str) -> list[str]:
        return locator.removeprefix(root.prefix).lstrip("/").split("/")

    def is_within(locator: str) -> bool:
        parts = parts_of(locator)
        return any("/".join(parts[:count]) in fitting for count in range(1, len(parts) + 1))

    def may_lead(locator: str) -> bool:
        parts = parts_of(locator)
        return "/".join(parts) in leading or is_within(locator) or _may_fit_below(parts, root.pattern)

    for each in _walk(root.path, root.prefix, may_lead, is_within):
        # A pattern looks into no folder that may not be read, and says nothing of it.
        if is_within(each.locator) or is_closed(each):
            yield each


def _may_fit_below(parts: Sequence[str], pattern: str) -> bool:
    """Tell by its name alone whether something in a folder, or in one below it, may fit a pattern."""
    for part, wanted in zip(parts, pattern.split("/"), strict=False):
        if wanted == "**":
            return True
        if not fnmatchcase(part, wanted):
            return False
    return True


def is_closed(found: Item | Finding) -> bool:
    """Tell whether something found is a folder that cannot be looked into."""
    return isinstance(found, Finding) and any(each.code == CLOSED for each in found.problems)


def _walk(
    folder: Path,
    prefix: str,
    enters: Callable[[str], bool] = lambda _locator: True,
    is_wanted: Callable[[str], bool] = lambda _locator: True,
) -> Iterator[Item | Finding]:
    """Yield what lies in a folder, in locator order; without recursion, however deep it is.

    `enters` says by their locators which folders within it are looked into, and `is_wanted` which of all
    that is found there is not left out afterwards.
    """

    def told_in(folder: Path, locator: str) -> Beside:
        return beside_in(folder, lambda path: is_wanted(f"{locator}/{path}".lstrip("/")))

    waiting = [_listed(folder, prefix)]
    beside = [NOTHING, NOTHING, told_in(folder, prefix)]
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
            beside.pop()
        elif isinstance(found, Finding):
            yield found
        else:
            path, locator, status = found
            if path.name == TABLE_OF_POSTS and beside[-1].posts:
                yield _skipped(locator, TOLD_WITH_PAGES)
            elif reason := beside[-1].again.get(path.name):
                yield _skipped(locator, reason)
            elif not stat.S_ISDIR(status.st_mode):
                item = _item(path, locator, status, prefix)
                hint = with_beside(item.hint, locator, *beside[:-4:-1])
                yield item if hint is item.hint else replace(item, hint=hint)
            elif enters(locator):
                beside.append(told_in(path, locator))
                waiting.append(_listed(path, locator, page_beside(path)))


def _listed(
    folder: Path, prefix: str, page: Path | None = None
) -> Iterator[Finding | tuple[Path, str, os.stat_result]]:
    """Yield the files and folders in a folder, and a finding for all else, parts of a saved page too."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        if refused_by_machine(error):
            raise
        hint = "Check that you may read it, then run again; until then what was read in it before stays."
        yield _problem(prefix or folder.name, CLOSED, f"{error.strerror}.", hint)
        return
    frames = frames_of(page) if page else frozenset()
    for entry in entries:
        locator = f"{prefix}/{_printable(entry.name)}".lstrip("/")
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            if refused_by_machine(error):
                raise
            yield _problem(locator, "unreadable-file", f"{error.strerror}.")
            continue
        if reason := why_hidden(entry.name):
            yield _skipped(locator, reason)
        elif page and stat.S_ISREG(status.st_mode) and is_embedded(entry.name, frames):
            yield _skipped(locator, f"part of the saved page {_printable(page.name)}")
        elif stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode):
            yield folder / entry.name, locator, status
        else:
            kinds = (reason for test, reason in OTHER_KINDS if test(status.st_mode))
            yield _skipped(locator, next(kinds, "not a regular file"))


def _item(path: Path, locator: str, status: os.stat_result, root: str) -> Item:
    publication = publication_of(locator.removeprefix(root).lstrip("/"))
    hint = _hint(publication or root or None)
    return Item(locator=locator, path=str(path), stamp=stamp_of(status), hint=hint)


@lru_cache
def _hint(publication: str | None) -> Hint:
    """Return the one hint that all items of a publication share, since a million of them take memory."""
    return Hint(publication=publication)


def _printable(name: str) -> str:
    r"""Return a file name as text; bytes that are not UTF-8 are written `\xff`."""
    raw = os.fsencode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def _skipped(locator: str, reason: str) -> Finding:
    return Finding(locator=locator, outcome="skipped", reason=reason)


def _problem(
    locator: str, code: str, message: str, hint: str = "Check that it exists and that you may read it."
) -> Finding:
    problem = Problem(stage="find", code=code, message=message, hint=hint)
    return Finding(locator=locator, outcome="problem", reason=message, problems=(problem,))
