"""Workbooks of Excel before 2007 (`.xls`): an article for every row of a sheet that lists articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from io import StringIO
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
from ingest.errors import ItemError
from ingest.model import RawDocument
from ingest.readers.spreadsheet import HINT, read_spreadsheet
from ingest.registry import reader
from ingest.sheets import KEEPS, LOSES, WEB, Hidden, read_sheet, write_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xlrd.book import Book
    from xlrd.sheet import Cell, Sheet

    from ingest.model import Item, Problem

    Rows = Iterable[tuple[int, list[str]]]

# What a cell holds, by xlrd's numbers.
DATE, BOOLEAN, ERROR = 3, 4, 5
# What a record of a sheet is, and where it says of rows and columns that they are hidden.
RECORD, OF_ROW, OF_COLUMNS = Struct("<HH"), Struct("<H10xH"), Struct("<HH4xH")
BEGINS, ENDS, ROW, COLUMNS = frozenset((0x0009, 0x0209, 0x0409, 0x0809)), 0x000A, 0x0208, 0x007D
ROW_HIDDEN, MOST_COLUMNS = 0x20, 255
ZIPPED = b"PK"
BETWEEN = "\v"  # no charset writes a letter with it


@reader(
    name="xls",
    version="1",
    suffixes=(".xls", ".xlt"),
    media_types=("application/vnd.ms-excel",),
    library="xlrd",
    keeps=KEEPS,
    loses=LOSES,
)
def read_xls(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each row of the sheets that have a column of texts or titles.

    One in the form of today is read as such. Raises `ItemError` for a file that is damaged, has a
    password, or is none of Excel's.
    """
    head = source.read(len(ZIPPED))
    source.seek(0)
    if head == ZIPPED:
        yield from read_spreadsheet(item, source)
        return
    from xlrd import open_workbook  # noqa: PLC0415 - only for workbooks
    from xlrd.biffh import XLRDError  # noqa: PLC0415

    try:
        # It prints what it doubts, and fills up all rows to the longest unless they may be ragged.
        with open_workbook(
            file_contents=source.read(), logfile=StringIO(), on_demand=True, ragged_rows=True
        ) as book:
            yield from _documents(item, book)
    except (ItemError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, XLRDError) and "encrypted" in str(error):
            raise ItemError("encrypted", "It is protected by a password.", hint=HINT) from error
        # The library raises whatever comes to it where a file is damaged.
        told = str(error) or type(error).__name__
        raise ItemError("damaged", f"It cannot be read ({told}).", hint=HINT) from error


def _documents(item: Item, book: Book) -> Iterator[RawDocument | Item]:
    for place, name in enumerate(book.sheet_names()):  # a damaged file may give a name twice
        sheet = book.sheet_by_index(place)
        rows: Rows = ((number, _cells(book, row)) for number, row in enumerate(sheet.get_rows(), start=1))
        doubts: tuple[Problem, ...] = ()
        if book.codepage is None:
            rows, doubts = _decoded(list(rows), item.hint.charset)
        for each in read_sheet(item, name, rows, _links(sheet), _hidden(book, place)):
            if isinstance(each, RawDocument):
                yield replace(each, problems=(*doubts, *each.problems))
                doubts = ()  # told of the first row for all
            else:
                yield each
        book.unload_sheet(place)
        sheet.put_cell = None  # it leads back to the sheet, which would stay in memory


def _decoded(rows: Sequence[tuple[int, list[str]]], charset: str | None) -> tuple[Rows, tuple[Problem, ...]]:
    """Return rows of a workbook that states no charset, which the library takes for Latin-1, and doubts."""
    whole = BETWEEN.join(cell.replace(BETWEEN, " ") for _, row in rows for cell in row)
    if whole.isascii():
        return rows, ()
    text, doubts = decode(whole.encode("latin-1"), charset)
    cells = iter(text.split(BETWEEN))
    return [(number, [next(cells, "") for _ in row]) for number, row in rows], doubts


def _links(sheet: Sheet) -> dict[tuple[int, int], str]:
    """Return where cells lead that are links to the web, by row and column, counted from 1."""
    return {
        (row + 1, column + 1): link.url_or_path
        for (row, column), link in sheet.hyperlink_map.items()
        if isinstance(link.url_or_path, str) and link.url_or_path.startswith(WEB)
    }


def _hidden(book: Book, place: int) -> Hidden:
    """Return what of a sheet is hidden, which the library tells only together with all of its looks.

    Of a workbook of before Excel 5 nothing is known but its cells.
    """
    hidden = Hidden(whole=book._sheet_visibility[place] != 0)  # noqa: SLF001 - as of the next
    data, start, depth = book.mem or b"", book._sh_abs_posn[place], 0  # noqa: SLF001
    while 0 <= start <= len(data) - RECORD.size:
        kind, length = RECORD.unpack_from(data, start)
        start += RECORD.size
        depth += (kind in BEGINS) - (kind == ENDS)
        if depth <= 0:
            break
        if depth == 1 and kind == ROW and length >= OF_ROW.size and start + length <= len(data):
            number, looks = OF_ROW.unpack_from(data, start)
            hidden.rows.update([number + 1] if looks & ROW_HIDDEN else ())
        elif depth == 1 and kind == COLUMNS and length >= OF_COLUMNS.size and start + length <= len(data):
            first, last, looks = OF_COLUMNS.unpack_from(data, start)
            hidden.columns.update(range(first + 1, min(last, MOST_COLUMNS) + 2) if looks & 1 else ())
        start += length
    return hidden


def _cells(book: Book, row: list[Cell]) -> list[str]:
    return [_written(book, cell) for cell in row]


def _written(book: Book, cell: Cell) -> str:
    """Return what a cell shows; errors such as `#N/A` show nothing."""
    if cell.ctype == ERROR:
        return ""
    if cell.ctype == BOOLEAN:
        return str(bool(cell.value))
    if cell.ctype == DATE:
        from xlrd import xldate_as_datetime  # noqa: PLC0415 - only for workbooks

        try:
            moment = xldate_as_datetime(cell.value, book.datemode)
        except (OverflowError, ValueError):
            return write_cell(cell.value)
        # What is less than a day is a time of no day.
        return write_cell(moment.time() if cell.value < 1 and moment.time() != time.min else moment)
    return write_cell(cell.value).replace("\r\n", "\n").strip()
