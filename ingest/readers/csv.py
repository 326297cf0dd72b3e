"""Tables in CSV and TSV: an article for every row."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode, head_in_utf8
from ingest.columns import document_of, map_columns, named_cells, overlooked_text, unique_names
from ingest.errors import ItemError
from ingest.model import Problem
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
SURPLUS = Problem(
    stage="read",
    code="surplus-cells",
    message="This row has more cells than there are names of columns; a text may be cut in two there.",
    hint="Put cells that hold the delimiter between quotation marks, then run again.",
)
LEAST_COLUMNS = 3
# Above the names of the columns a table may say what it is; what names fewer is no line of names then.
LINES_ABOVE = 20
LEAST_BELOW = 2
# A quotation mark within a cell, as MySQL and some others write it; two backslashes are one.
ESCAPED = re.compile(r'(?<!\\)((?:\\\\)*)\\"')
SEPARATOR = re.compile(r"sep=([,;\t|])[,;\t|]*\s*(?:\n|\Z)", re.IGNORECASE)


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
    content = _doubled(content, delimiter)
    above = [row for row, _ in islice(split_rows(content, delimiter), LINES_ABOVE)]
    place, names, mapping = _head(above, item)
    rows = enumerate(split_rows(content, delimiter), start=1)
    told: set[str] = set()
    for number, (row, torn) in islice(rows, place + 1, None):
        if any(cell.strip() for cell in row):
            cells = named_cells(names, row)
            raw = document_of(f"{item.locator}#row={number}", cells, mapping)
            surplus = SURPLUS if any(cell.strip() for cell in row[len(names) :]) else None
            new = [
                each
                for each in (overlooked_text(cells, mapping, item.hint.columns), surplus)
                if each is not None and each.code not in told
            ]
            told.update(each.code for each in new)
            doubts = (*doubts, *new)
            yield replace(raw, problems=(*doubts, *raw.problems, *((OPEN_QUOTE,) if torn else ())))
            doubts = ()  # told of the first row for all


def _head(above: Sequence[Sequence[str]], item: Item) -> tuple[int, list[str], dict[str, str]]:
    """Return the place of the line of names, the names, and what they mean; other lines may stand above it.

    Raises `ItemError` when there is neither a text nor a title among the columns of any.
    """
    failure: ItemError | None = None
    for place, row in enumerate(above):
        if not any(cell.strip() for cell in row) or (place == 0 and SEPARATOR.match(",".join(row))):
            continue
        names = unique_names(row)
        try:
            mapping = map_columns(names, item.hint.columns)
        except ItemError as error:
            failure = failure or error
            continue
        if failure is None or len(mapping) >= LEAST_BELOW:
            return place, names, mapping
    hint = "Write the names of the columns into the first line."
    raise failure or ItemError("no-text-column", "There is no line of names in it.", hint=hint)


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


def _doubled(content: str, delimiter: str) -> str:
    """Return a table with quotation marks doubled that a backslash marks, where it is well formed only so."""
    if '\\"' not in content or _is_well_formed(content, delimiter):
        return content
    doubled = ESCAPED.sub(r'\1""', content)
    return doubled if _is_well_formed(doubled, delimiter) else content


def _is_well_formed(content: str, delimiter: str) -> bool:
    """Tell whether each quotation mark that ends a cell stands before a delimiter or the end of a line."""
    try:
        deque(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True), maxlen=0)
    except csv.Error:
        return False
    return True


def _delimiter(content: str) -> str:
    """Return the delimiter that Excel's own line states, or that the first line with any has most of."""
    if stated := SEPARATOR.match(content):
        return stated[1]
    lines = content[:SNIFFED].split("\n")
    head = next((line for line in lines if any(map(line.count, DELIMITERS))), "")
    return max(DELIMITERS, key=head.count)
