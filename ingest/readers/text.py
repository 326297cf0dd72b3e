"""Plain text, pasted or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
from ingest.field_names import with_rights
from ingest.labels import read_labels
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator


@reader(
    name="text",
    version="1",
    suffixes=(".txt", ".text", ".asc", ""),
    media_types=("text/plain",),
    keeps="paragraphs; a headline, by-line and date at the top, or lines such as `Title: …`",
    loses="nothing",
)
def read_text(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the one document that a text file is; of one that calls itself a draft an entry may be shown."""
    content, problems = decode(source.read(), item.hint.charset)
    labels, content = read_labels(content)
    fields = with_rights(labels, "front-matter")
    yield RawDocument(locator=item.locator, format="text", content=content, fields=fields, problems=problems)
