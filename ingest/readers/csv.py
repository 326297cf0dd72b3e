"""Tables in CSV and TSV: an article for every row."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode, head_in_utf8
from ingest.columns import document_of, map_columns, named_cells, unique_names
from ingest.errors import ItemError
from ingest.model import Problem
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.model import Item, RawDocument

LONGEST_FIELD = 256 * 1024 * 1024
SNIFFED = 65536
DELIMITERS = ",;\t|"
OPEN_QUOTE = Problem(
    stage="read",
    code="open-quote",
    message="A quotation mark opens here and is never closed; from here on none was heeded.",
    hint="Close the quotation mark in the table, then run again.",
)
LEAST_COLUMNS = 3


def is_table(head: bytes) -> bool:
    """Tell a table that was saved as text, as spreadsheets do, by tabs between names of columns we know."""
    head = head_in_utf8(head)
    first = head.splitlines()[0] if head else b""
    if first.count(b"\t") < LEAST_COLUMNS - 1:
        return False
    try:
        mapping = map_columns([name.strip() for name in decode(first)[0].split("\t")], ())
    except ItemError:  # no text, or other columns
        return False
    return {"title", "text"} <= mapping.keys() and len(mapping) >= LEAST_COLUMNS


@reader(
    name="csv",
    version="1",
    suffixes=(".csv", ".tsv", ".tab"),
    media_types=("text/csv", "text/tab-separated-values"),
    recognise=is_table,
    keeps="each row; columns guessed from their names or named in metadata.yml, the others as fields",
    loses="nothing",
)
def read_csv(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each row under the head; a doubt about the charset is told of the first."""
    content, doubts = decode(source.read(), item.hint.charset)
    csv.field_size_limit(LONGEST_FIELD)
    delimiter = "\t" if item.locator.lower().endswith((".tsv", ".tab")) else _delimiter(content)
    rows = split_rows(content, delimiter)
    names = unique_names(next(rows, ([], False))[0])
    mapping = map_columns(names, item.hint.columns)
    for number, (row, torn) in enumerate(rows, start=2):
        if any(cell.strip() for cell in row):
            raw = document_of(f"{item.locator}#row={number}", named_cells(names, row), mapping)
            yield replace(raw, problems=(*doubts, *raw.problems, *((OPEN_QUOTE,) if torn else ())))
            doubts = ()  # told of the first row for all


def split_rows(content: str, delimiter: str) -> Iterator[tuple[list[str], bool]]:
    """Yield each row, and whether it is where a quotation mark opens that is never closed.

    From that row on quotation marks are taken as any other, so that the mark does not swallow
    the rows that follow it.
    """
    lines = io.StringIO(content, newline="")
    ended = False
    begins = 0

    def told() -> Iterator[str]:
        nonlocal ended
        yield from iter(lines.readline, "")
        ended = True

    rows = csv.reader(told(), delimiter=delimiter)
    for row in rows:
        if ended:
            lines.seek(begins)
            for place, plain in enumerate(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)):
                yield plain, place == 0
            return
        yield row, False
        begins = lines.tell()


def _delimiter(content: str) -> str:
    """Return the delimiter that the head line has most of."""
    head = content[:SNIFFED].split("\n", 1)[0]
    return max(DELIMITERS, key=head.count)
