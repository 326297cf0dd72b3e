"""TAR archives, compressed or not, read in place and within bounds."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADER_ERRORS = (
    tarfile.InvalidHeaderError,  # type: ignore[attr-defined] # not in the type stubs
    tarfile.TruncatedHeaderError,  # type: ignore[attr-defined]
)
COMPRESSED: dict[bytes, Callable[[BinaryIO], object]] = {
    b"\x1f\x8b": lambda source: gzip.GzipFile(fileobj=source),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
    b"\x5d\x00\x00": lzma.LZMAFile,
}
LONGEST_MAGIC = 6
AGAIN = "Make the archive anew from the originals, if you have them."


@reader(
    name="tar",
    version="1",
    suffixes=(".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".jex"),
    media_types=("application/x-tar", "application/x-gtar"),
    streams=True,
    archive=True,
    keeps="each member as an item",
    loses="nothing",
)
def read_tar(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each regular file in the order of the archive; links and devices are passed over."""
    try:
        with tarfile.open(fileobj=_unpacked(source), mode="r|", tarinfo=_Member) as archive:
            for member in archive:
                locator = f"{item.locator}!/{member.name}"
                if member.isdir():
                    continue
                if not member.isfile():
                    yield Item(locator=locator, skip="a link or device, not a file")
                else:
                    opener = cast("Callable[[], BinaryIO]", partial(archive.extractfile, member))
                    yield Item(locator=locator, opener=opener, hint=item.hint.within())
            if damage := getattr(archive, "damage", None):
                raise ItemError("damaged", f"It ends in the middle ({damage}).", hint=AGAIN)
    except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        raise ItemError("damaged", f"{error}.", hint=AGAIN) from error


def _unpacked(source: BinaryIO) -> BinaryIO:
    """Return the bytes of the archive, decompressed a piece at a time as they are asked for."""
    head = source.read(LONGEST_MAGIC)
    source.seek(0)
    openers = (opener for magic, opener in COMPRESSED.items() if head.startswith(magic))
    return cast("BinaryIO", next(openers, lambda plain: plain)(source))


class _Member(tarfile.TarInfo):
    """A member that notes when the one after it has no sound header.

    The standard library takes such a place for the end of the archive and says nothing.
    """

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> _Member:
        try:
            return super().fromtarfile(tarfile)
        except HEADER_ERRORS as error:
            tarfile.damage = str(error)  # type: ignore[attr-defined] # a mark of our own
            raise
