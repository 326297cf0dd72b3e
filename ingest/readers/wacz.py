"""Web archives zipped with their index: WACZ, as Webrecorder's programs write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.readers.zip import read_zip
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDS = (".warc", ".warc.gz", ".arc", ".arc.gz", ".wacz")


@reader(
    name="wacz",
    version="1",
    suffixes=(".wacz",),
    media_types=("application/wacz", "application/x-wacz"),
    streams=True,
    archive=True,
    library="warcio",
    keeps="each web archive in it, with its pages",
    loses="its index, list of pages and signature are listed as skipped",
)
def read_wacz(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each web archive in it; the rest describes these, and is passed over.

    Raises `ItemError` when there is none. See https://specs.webrecorder.net/wacz/1.1.1/.
    """
    archives = 0
    for member in read_zip(item, source):
        if isinstance(member, Item) and not member.locator.lower().endswith(RECORDS):
            yield Item(locator=member.locator, skip="what a web archive says of itself")
            continue
        archives += 1
        yield member
    if not archives:
        hint = "Save the archive again with the program that made it."
        raise ItemError("no-page", "There is no web archive (.warc) in it.", hint=hint)
