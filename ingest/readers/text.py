"""Plain text, pasted or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
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
    """Yield the one document that a text file is."""
    content, problems = decode(source.read(), item.hint.charset)
    fields, content = read_labels(content)
    yield RawDocument(locator=item.locator, format="text", content=content, fields=fields, problems=problems)
