"""Bibliographies in RIS: an article for every entry that no file stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
from ingest.exports.ris import entries_of_ris
from ingest.libraries import is_ris
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator


@reader(
    name="ris",
    version="1",
    suffixes=(".ris",),
    media_types=("application/x-research-info-systems",),
    recognise=is_ris,
    keeps="what is stated of each entry, with its abstract as text, or told of the page or document that lies"
    " beside it in the folder `files`",
    loses="nothing",
)
def read_ris(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each entry; of one with a file all is told with that."""
    text, doubts = decode(source.read(), item.hint.charset)
    told = dict(item.hint.names)
    for place, fields, abstract, files in entries_of_ris(text):
        locator = f"{item.locator}#{place}"
        if there := [path for path in files if path in told]:
            yield Item(locator=locator, skip=f"told with the file {there[0]}")
        else:
            yield RawDocument(
                locator=locator, format="text", content=abstract, fields=fields, problems=doubts
            )
            doubts = ()  # told of the first entry for all
