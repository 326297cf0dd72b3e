"""Libraries that Zotero exports as RDF: an article for every entry that no file stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from ingest.archives import parse_xml
from ingest.errors import ItemError
from ingest.exports.zotero import MARK, entries_of
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator


@reader(
    name="zotero",
    version="1",
    suffixes=(),
    media_types=("application/x-zotero-rdf",),
    recognise=lambda head: MARK in head,
    library="lxml",
    keeps="what is stated of each entry, with its abstract as text, or told of the page or document that lies"
    " beside it in the folder `files`",
    loses="collections, links between entries",
)
def read_zotero(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each entry; of one with a file all is told with that."""
    told = dict(item.hint.names)
    entries = list(entries_of(parse_xml(source.read(), "it")))
    if not entries:
        raise ItemError(
            "no-entries", "There is no entry in it.", hint="Export the library again from Zotero."
        )
    for name, fields, abstract, files in entries:
        locator = f"{item.locator}#{name}"
        if there := [path for path in files if path in told]:
            yield Item(locator=locator, skip=f"told with the file {there[0]}")
        else:
            yield RawDocument(locator=locator, format="text", content=abstract, fields=fields)
