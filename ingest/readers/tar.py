"""TAR archives, compressed or not, read in place and within bounds."""

from __future__ import annotations

import tarfile
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AGAIN = "Make the archive anew from the originals, if you have them."


@reader(
    name="tar",
    version="1",
    suffixes=(".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
    media_types=("application/x-tar", "application/x-gtar"),
    streams=True,
    archive=True,
    keeps="each member as an item",
    loses="nothing",
)
def read_tar(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each regular file in the order of the archive; links and devices are passed over."""
    try:
        with tarfile.open(fileobj=source, mode="r|*") as archive:
            for member in archive:
                locator = f"{item.locator}!/{member.name}"
                if member.isdir():
                    continue
                if not member.isfile():
                    yield Item(locator=locator, skip="a link or device, not a file")
                else:
                    opener = cast("Callable[[], BinaryIO]", partial(archive.extractfile, member))
                    yield Item(locator=locator, opener=opener, hint=item.hint)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ItemError("damaged", f"{error}.", hint=AGAIN) from error
