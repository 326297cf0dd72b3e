"""ZIP archives, read in place and within bounds."""

from __future__ import annotations

import stat
import zipfile
import zlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.errors import ItemError
from ingest.exports.substack import statements_of
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.model import Field

ENCRYPTED = 0x1
TABLE_OF_POSTS = "posts.csv"
TOLD_WITH_PAGES = "what it says of each post is told with the post's page"
LONGEST_TABLE = 16 * 1024 * 1024
AGAIN = "Make the archive anew from the originals, if you have them."


@reader(
    name="zip",
    version="1",
    suffixes=(".zip",),
    media_types=("application/zip", "application/x-zip-compressed"),
    streams=True,
    archive=True,
    keeps="each member as an item; what the table of an export from Substack says of a page, with the page",
    loses="nothing",
)
def read_zip(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each member; nothing is ever extracted to a path."""
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ItemError("damaged", f"{error}.", hint=AGAIN) from error
    stated = _stated_of_pages(archive)
    for member in archive.infolist():
        locator = f"{item.locator}!/{member.filename}"
        mode = member.external_attr >> 16
        if member.is_dir() and not member.file_size:
            continue
        if stat.S_ISLNK(mode):
            yield Item(locator=locator, skip="a link; links are not followed")
        elif stated and member.filename.rpartition("/")[2] == TABLE_OF_POSTS:
            yield Item(locator=locator, skip=TOLD_WITH_PAGES)
        elif member.flag_bits & ENCRYPTED:
            yield Item(locator=locator, opener=_refuse_encrypted, hint=item.hint.within())
        else:
            hint = item.hint.within()
            hint = replace(hint, fields=(*hint.fields, *stated.get(member.filename.rpartition("/")[2], ())))
            yield Item(locator=locator, opener=partial(_open_member, archive, member), hint=hint)


def _stated_of_pages(archive: zipfile.ZipFile) -> Mapping[str, tuple[Field, ...]]:
    """Return what an export of Substack states of its pages in a table, if it states that of pages alone.

    A row without a page would be lost with the table, so then the table is read as any other.
    """
    names = {each.filename.rpartition("/")[2] for each in archive.infolist() if each.file_size}
    tables = [each for each in archive.infolist() if each.filename.rpartition("/")[2] == TABLE_OF_POSTS]
    if len(tables) != 1 or tables[0].file_size > LONGEST_TABLE or tables[0].flag_bits & ENCRYPTED:
        return {}
    try:
        with archive.open(tables[0]) as table:
            stated = statements_of(table.read(LONGEST_TABLE).decode("utf-8-sig"))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, zlib.error):
        return {}
    return stated if stated.keys() <= names else {}


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    try:
        return cast("BinaryIO", archive.open(member))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ItemError("damaged", f"{error}.", hint=AGAIN) from error


def _refuse_encrypted() -> BinaryIO:
    raise ItemError("encrypted", "It is protected by a password.", hint="Unpack it and add the files.")
