"""ZIP archives, read in place and within bounds."""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.errors import ItemError, refused_by_machine
from ingest.exports.beside import (
    LIBRARIES,
    LONGEST,
    NOTHING,
    TABLE_OF_POSTS,
    TELLING,
    TOLD_WITH_PAGES,
    read_beside,
    with_beside,
)
from ingest.exports.keep import FOLDER as KEEP
from ingest.exports.keep import TOLD_AS_JSON, pages_again
from ingest.libraries import files_told
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.exports.beside import Beside

ENCRYPTED = 0x1
MOST_FOLDERS = 20
# A page lies beside the table of posts, or in a folder there.
DEEPEST_PAGES = 2
AGAIN = "Make the archive anew from the originals, if you have them."


@reader(
    name="zip",
    version="2",
    suffixes=(".zip",),
    media_types=("application/zip", "application/x-zip-compressed"),
    streams=True,
    archive=True,
    keeps="each member as an item; with it what other files of an export from Slack, X, Substack or Zotero"
    " say of it",
    loses="nothing",
)
def read_zip(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each member; nothing is ever extracted to a path."""
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ItemError("damaged", f"{error}.", hint=AGAIN) from error
    beside = _beside(archive)
    again = _again(archive)
    for member in archive.infolist():
        locator = f"{item.locator}!/{member.filename}"
        folder, _, name = member.filename.rpartition("/")
        mode = member.external_attr >> 16
        if member.is_dir() and not member.file_size:
            continue
        if stat.S_ISLNK(mode):
            yield Item(locator=locator, skip="a link; links are not followed")
        elif name == TABLE_OF_POSTS and beside.get(folder, NOTHING).posts:
            yield Item(locator=locator, skip=TOLD_WITH_PAGES)
        elif member.filename in again:
            yield Item(locator=locator, skip=TOLD_AS_JSON)
        elif member.flag_bits & ENCRYPTED:
            yield Item(locator=locator, opener=_refuse_encrypted, hint=item.hint.within())
        else:
            hint = with_beside(item.hint.within(), member.filename, *_told(beside, folder))
            yield Item(locator=locator, opener=partial(_open_member, archive, member), hint=hint)


def _beside(archive: zipfile.ZipFile) -> Mapping[str, Beside]:
    """Return for each folder what files in it say of others beside or below them."""
    members = {each.filename: each for each in archive.infolist() if each.file_size}
    told = {path.rpartition("/")[0] for path in members if path.rpartition("/")[2] in TELLING}
    found = {}
    for folder in sorted(told)[:MOST_FOLDERS]:
        within = f"{folder}/" if folder else ""
        below = (path.removeprefix(within).split("/") for path in members if path.startswith(within))
        pages = [path[-1] for path in below if len(path) <= DEEPEST_PAGES]
        found[folder] = read_beside(
            {name: _read(archive, members.get(within + name)) for name in TELLING}, pages
        )
    for path in [path for path in members if path.endswith(LIBRARIES)][:MOST_FOLDERS]:
        folder, slash, _ = path.rpartition("/")
        there = {each.removeprefix(folder + slash) for each in members if each.startswith(folder + slash)}
        files = files_told(_read(archive, members[path]) or b"", there.__contains__)
        known = found.get(folder, NOTHING)
        found[folder] = replace(known, files={**known.files, **files})
    return found


def _told(beside: Mapping[str, Beside], folder: str) -> Iterator[Beside]:
    """Yield what is said in a folder, and in each of the two above it; nothing above the archive."""
    parts = folder.split("/") if folder else []
    for depth in range(len(parts), len(parts) - 3, -1):
        yield beside.get("/".join(parts[:depth]), NOTHING) if depth >= 0 else NOTHING


def _again(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the pages of notes from Google Keep, since the JSON beside each says more."""
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in archive.infolist():
        folder, _, name = member.filename.rpartition("/")
        if folder.rpartition("/")[2] == KEEP and member.file_size:
            folders.setdefault(folder, {})[name] = member
    return frozenset(
        f"{folder}/{page}"
        for folder, members in folders.items()
        for page in pages_again(members, partial(_read, archive))
    )


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo | None) -> bytes | None:
    if member is None or member.file_size > LONGEST or member.flag_bits & ENCRYPTED:
        return None
    try:
        with archive.open(member) as opened:
            return opened.read(LONGEST)
    except OSError as error:  # so says bzip2 of what is damaged
        if refused_by_machine(error):
            raise
        return None
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, zlib.error, lzma.LZMAError):
        return None


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    try:
        return cast("BinaryIO", archive.open(member))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ItemError("damaged", f"{error}.", hint=AGAIN) from error


def _refuse_encrypted() -> BinaryIO:
    raise ItemError("encrypted", "It is protected by a password.", hint="Unpack it and add the files.")
