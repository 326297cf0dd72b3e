"""ZIP archives, read in place and within bounds."""

from __future__ import annotations

import stat
import zipfile
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

ENCRYPTED = 0x1
AGAIN = "Make the archive anew from the originals, if you have them."


@reader(
    name="zip",
    version="1",
    suffixes=(".zip",),
    media_types=("application/zip", "application/x-zip-compressed"),
    streams=True,
    archive=True,
    keeps="each member as an item",
    loses="nothing",
)
def read_zip(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each member; nothing is ever extracted to a path."""
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ItemError("damaged", f"{error}.", hint=AGAIN) from error
    for member in archive.infolist():
        locator = f"{item.locator}!/{member.filename}"
        mode = member.external_attr >> 16
        if member.is_dir() and not member.file_size:
            continue
        if stat.S_ISLNK(mode):
            yield Item(locator=locator, skip="a link; links are not followed")
        elif member.flag_bits & ENCRYPTED:
            yield Item(locator=locator, opener=_refuse_encrypted, hint=item.hint.within())
        else:
            yield Item(
                locator=locator, opener=partial(_open_member, archive, member), hint=item.hint.within()
            )


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    try:
        return cast("BinaryIO", archive.open(member))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ItemError("damaged", f"{error}.", hint=AGAIN) from error


def _refuse_encrypted() -> BinaryIO:
    raise ItemError("encrypted", "It is protected by a password.", hint="Unpack it and add the files.")
