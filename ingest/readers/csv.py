"""Tables in CSV and TSV: an article for every row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
from ingest.columns import document_of, map_columns
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.model import Item, RawDocument

LONGEST_FIELD = 256 * 1024 * 1024
SNIFFED = 65536
DELIMITERS = ",;\t|"


@reader(
    name="csv",
    version="1",
    suffixes=(".csv", ".tsv", ".tab"),
    media_types=("text/csv", "text/tab-separated-values"),
    keeps="each row; columns guessed from their names or named in metadata.yml, the others as fields",
    loses="nothing",
)
def read_csv(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each row under the head."""
    content, _ = decode(source.read(), item.hint.charset)
    csv.field_size_limit(LONGEST_FIELD)
    delimiter = "\t" if item.locator.lower().endswith((".tsv", ".tab")) else _delimiter(content)
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    names = unique_names(next(rows, []))
    mapping = map_columns(names, item.hint.columns)
    for number, row in enumerate(rows, start=2):
        if any(cell.strip() for cell in row):
            more = [f"column {place}" for place in range(len(names) + 1, len(row) + 1)]
            values = dict(zip([*names, *more], row, strict=False))
            yield document_of(f"{item.locator}#row={number}", values, mapping)


def unique_names(head: Sequence[str]) -> list[str]:
    """Return column names, each once: a second `text` is called `text 2`."""
    names: list[str] = []
    for place, stated in enumerate(head, start=1):
        base = name = stated.strip() or f"column {place}"
        number = 1
        while name in names:
            number += 1
            name = f"{base} {number}"
        names.append(name)
    return names


def _delimiter(content: str) -> str:
    """Return the delimiter that the head line has most of."""
    head = content[:SNIFFED].split("\n", 1)[0]
    return max(DELIMITERS, key=head.count)
