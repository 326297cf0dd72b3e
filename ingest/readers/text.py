"""Plain text, pasted or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
from ingest.field_names import with_rights
from ingest.labels import divide_labelled, read_labels
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator


@reader(
    name="text",
    version="2",
    suffixes=(".txt", ".text", ".asc", ""),
    media_types=("text/plain",),
    keeps="paragraphs; a headline, by-line and date at the top, or lines such as `Title: …`, each time they"
    " stand above an article",
    loses="nothing",
)
def read_text(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the document that a text file is, or each of several under labelled lines of its own.

    Of one that calls itself a draft an entry may be shown.
    """
    content, problems = decode(source.read(), item.hint.charset)
    parts = divide_labelled(content)
    for number, part in enumerate(parts, start=1):
        labels, text = read_labels(part)
        yield RawDocument(
            locator=item.locator if len(parts) == 1 else f"{item.locator}#{number}",
            format="text",
            content=text,
            fields=with_rights(labels, "front-matter"),
            problems=problems,
        )
