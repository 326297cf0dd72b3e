"""Workbooks of OpenDocument (`.ods`, and `.fods` in one piece): an article for every row of a list."""

from __future__ import annotations

import re
from contextlib import suppress
from io import SEEK_END, BytesIO
from typing import TYPE_CHECKING, BinaryIO

from ingest.archives import ALLOWED_AT_LEAST, ALLOWED_TIMES, Zip, stream_xml
from ingest.errors import ItemError
from ingest.readers.odt import HREF, OFFICE, STYLE, TABLE, TEXT, refuse_password
from ingest.registry import reader
from ingest.sheets import KEEPS, LOSES, WEB, Hidden, read_sheet, write_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from ingest.model import Item, RawDocument

    Links = dict[tuple[int, int], str]

WORKBOOK, SHEET, ROW = f"{OFFICE}spreadsheet", f"{TABLE}table", f"{TABLE}table-row"
COLUMN, OF_SHEETS = f"{TABLE}table-column", f"{STYLE}table-properties"
VISIBILITY, UNSEEN = f"{TABLE}visibility", frozenset(("collapse", "filter"))
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
BREAKS = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
VALUES = tuple(f"{OFFICE}{kind}-value" for kind in ("string", "boolean", "time"))
MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?\Z")
# As many as a sheet has; more is made to do harm.
MOST_COLUMNS = 16_384
# What a cell costs beside its letters, when it is counted what repeats come to.
CELL = 10
# Of a number of repeats; with more of them it is no number that a sheet can have.
MOST_DIGITS = 18
HINT = "Open it in a spreadsheet program and save it again as .ods, without a password."


@reader(
    name="ods",
    version="1",
    suffixes=(".ods", ".ots", ".fods"),
    media_types=(
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet-template",
    ),
    recognise=lambda head: b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head[:100],
    library="lxml",
    keeps=KEEPS,
    loses=LOSES,
)
def read_ods(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each row of the sheets that have a column of texts or titles.

    Raises `ItemError` for a file that is damaged, has a password, or is made to do harm.
    """
    head = source.read(2)
    source.seek(0)
    if head == b"PK":
        package = Zip(source)
        refuse_password(package, HINT)
        source = BytesIO(package.read("content.xml"))
    left = max(ALLOWED_AT_LEAST, ALLOWED_TIMES * source.seek(0, SEEK_END))
    source.seek(0)

    def bounded(
        rows: Iterator[tuple[int, _Element]], links: Links, hidden: Hidden
    ) -> Iterator[tuple[int, list[str]]]:
        nonlocal left
        for number, row in rows:
            hidden.rows.update([number] if row.get(VISIBILITY) in UNSEEN else ())
            cells = _cells(row, number, links)
            left -= CELL * len(cells) + sum(map(len, cells))
            if left < 0:
                message = f"Its cells are repeated beyond measure, up to row {number}."
                raise ItemError("expansion", message, hint=HINT)
            yield number, cells

    for name, rows, hidden in _sheets(source):
        links: Links = {}
        yield from read_sheet(item, name, bounded(rows, links, hidden), links, hidden)


def _sheets(source: BinaryIO) -> Iterator[tuple[str, Iterator[tuple[int, _Element]], Hidden]]:
    """Yield name and rows of each sheet, which are read as they are asked for, and what else is hidden."""
    unseen: frozenset[str] | None = None
    elements = _of_workbook(stream_xml(source, (ROW, SHEET), HINT))
    for element in elements:
        if element.tag == ROW:
            sheet = next(element.iterancestors(SHEET), element)
            unseen = _unseen_styles(sheet) if unseen is None else unseen
            rows = _rows(element, elements)
            yield sheet.get(f"{TABLE}name", ""), rows, _hidden(sheet, unseen)
            for _ in rows:
                pass  # what was not asked for
        element.clear()


def _unseen_styles(sheet: _Element) -> frozenset[str]:
    """Return the names of the styles that hide the sheets that have them."""
    looks = sheet.getroottree().iter(OF_SHEETS)
    return frozenset(
        look.getparent().get(f"{STYLE}name") for look in looks if look.get(f"{TABLE}display") == "false"
    )


def _hidden(sheet: _Element, unseen: frozenset[str]) -> Hidden:
    """Return which columns of a sheet are hidden, or that it is hidden whole; both stand before its rows."""
    hidden = Hidden(whole=sheet.get(f"{TABLE}style-name", "") in unseen)
    number = 1
    for column in sheet.iter(COLUMN):
        following = number + _times(column, "columns")
        if column.get(VISIBILITY) in UNSEEN:
            hidden.columns.update(range(number, min(following, MOST_COLUMNS + 1)))
        number = following
    return hidden


def _of_workbook(elements: Iterator[_Element]) -> Iterator[_Element]:
    """Yield what is of the sheets themselves; charts on them and links to other files have tables too."""
    for element in elements:
        sheet = element if element.tag == SHEET else next(element.iterancestors(SHEET), element)
        parent = sheet.getparent()
        if parent is not None and parent.tag == WORKBOOK:
            yield element


def _rows(first: _Element, elements: Iterator[_Element]) -> Iterator[tuple[int, _Element]]:
    """Yield number and element of each row of a sheet; one that is repeated comes once."""
    number = 1
    row: _Element | None = first
    while row is not None and row.tag == ROW:
        yield number, row
        number += _times(row, "rows")
        row.clear()
        while row.getprevious() is not None:
            row.getparent().remove(row.getprevious())
        row = next(elements, None)


def _cells(row: _Element, number: int, links: Links) -> list[str]:
    """Return what the cells of a row show, and put into `links` where they lead."""
    cells: list[str] = []
    empty = 0
    for cell in row.iterchildren(*CELLS):
        times = _times(cell, "columns")
        shown = _written(cell)
        if not shown:
            empty += times
            continue
        if len(cells) + empty + times > MOST_COLUMNS:
            raise ItemError("too-wide", f"Row {number} has more cells than a sheet may have.", hint=HINT)
        cells += [""] * empty + [shown] * times
        empty = 0
        for link in cell.iterfind(f"{TEXT}p//{TEXT}a"):
            # One that is met within a text leads from there, not to the article.
            leads = len("".join(_text(link))) * 2 >= len(shown)
            if leads and (target := link.get(HREF, "")).startswith(WEB):
                links.setdefault((number, len(cells)), target)
    return cells


def _times(element: _Element, what: str) -> int:
    stated = element.get(f"{TABLE}number-{what}-repeated", "1")
    return max(int(stated[:MOST_DIGITS]), 1) if stated.isascii() and stated.isdecimal() else 1


def _written(cell: _Element) -> str:
    """Return what a cell says: a day, a number, or its paragraphs."""
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "date" and (day := cell.get(f"{OFFICE}date-value")):
        return MIDNIGHT.sub("", day)
    if kind in {"float", "currency", "percentage"}:
        with suppress(ValueError):
            return write_cell(float(cell.get(f"{OFFICE}value", "")))
    shown = "\n".join("".join(_text(each)) for each in cell.iterchildren(f"{TEXT}p")).strip()
    # Programs that write no paragraphs state the value alone.
    return shown or next(filter(None, map(cell.get, VALUES)), "")


def _text(paragraph: _Element) -> Iterator[str]:
    """Yield the text of a paragraph without comments; spaces and breaks are elements of their own."""
    from lxml.etree import iterwalk  # noqa: PLC0415 - only for XML

    walker = iterwalk(paragraph, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event == "start" and element.tag == f"{OFFICE}annotation":
            walker.skip_subtree()
        elif event == "start":
            yield BREAKS.get(str(element.tag)) or element.text or ""
        elif element is not paragraph:
            yield element.tail or ""
