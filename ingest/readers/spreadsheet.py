"""Workbooks of Excel: an article for every row of a sheet that lists articles."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from ingest.archives import Zip
from ingest.errors import ItemError
from ingest.registry import reader
from ingest.sheets import KEEPS, LOSES, WEB, Hidden, read_sheet, write_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook

    from ingest.model import Item, RawDocument

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# As many as a sheet has.
MOST_COLUMNS = 16_384
HINT = "Open it in a spreadsheet program and save it again as .xlsx, without a password."


@reader(
    name="spreadsheet",
    version="1",
    suffixes=(".xlsx", ".xlsm"),
    media_types=(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.macroenabled.12",
    ),
    library="openpyxl",
    keeps=KEEPS,
    loses=LOSES,
)
def read_spreadsheet(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each row of the sheets that have a column of texts or titles.

    Raises `ItemError` for a file that is damaged, has a password, or is made to do harm.
    """
    package = Zip(source)
    package.refuse_entities()
    source.seek(0)
    # It warns of styles and checks of cells that it passes over.
    warnings.filterwarnings("ignore", module="openpyxl")
    try:
        workbook = _opened(source)
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # what is stated of them may be wrong
            rows = ([_written(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
            part = sheet._worksheet_path  # noqa: SLF001 - it is told nowhere else
            hidden = _hidden(package, part, is_whole=sheet.sheet_state != "visible")
            yield from read_sheet(item, sheet.title, enumerate(rows, start=1), _links(package, part), hidden)
    except (ItemError, MemoryError):
        raise
    except Exception as error:
        # The library raises whatever comes to it where a file is damaged.
        raise ItemError("damaged", f"It cannot be read ({error}).", hint=HINT) from error


def _opened(source: BinaryIO) -> Workbook:
    from openpyxl import load_workbook  # noqa: PLC0415 - only for workbooks

    workbook = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    if not workbook.worksheets:  # the library sees none of those in the strict form
        raise ItemError("no-sheet", "There is no sheet in it that can be read.", hint=HINT)
    return workbook


def _links(package: Zip, part: str) -> dict[tuple[int, int], str]:
    """Return where cells of a sheet lead that are links, by row and column."""
    from lxml import etree  # noqa: PLC0415 - only for XML
    from openpyxl.utils import range_boundaries  # noqa: PLC0415 - only for workbooks

    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    known = package.xml(relations) if relations in package.names else ()
    stated = {each.get("Id"): each.get("Target", "") for each in known}
    targets = {key: target for key, target in stated.items() if target.startswith(WEB)}
    links = {}
    if targets:
        sheet = BytesIO(package.read(part))
        for _, element in etree.iterparse(
            sheet, tag=("{*}row", "{*}hyperlink"), resolve_entities=False, no_network=True
        ):
            if target := targets.get(element.get(RELATION)):
                column, row, _, _ = range_boundaries(element.get("ref", ""))
                links[row, column] = target
            element.clear()
    return links


def _hidden(package: Zip, part: str, *, is_whole: bool) -> Hidden:
    """Return what of a sheet is hidden."""
    from lxml import etree  # noqa: PLC0415 - only for XML

    hidden = Hidden(whole=is_whole)
    data = package.read(part)
    if is_whole or b"hidden=" not in data:
        return hidden
    number = 0
    for _, element in etree.iterparse(
        BytesIO(data), tag=("{*}row", "{*}col"), resolve_entities=False, no_network=True
    ):
        is_hidden = element.get("hidden") in {"1", "true"}
        if element.tag.endswith("}col"):
            first, last = (min(int(element.get(end, "1")), MOST_COLUMNS) for end in ("min", "max"))
            hidden.columns.update(range(first, last + 1) if is_hidden else ())
        else:
            number = int(element.get("r", number + 1))
            hidden.rows.update([number] if is_hidden else ())
        element.clear()
    return hidden


def _written(cell: object) -> str:
    """Return what a cell shows; a carriage return, which is kept as `_x000D_`, goes with its line's end."""
    text = write_cell(cell)
    if "_x" in text:
        from openpyxl.utils.escape import unescape  # noqa: PLC0415 - only for workbooks

        text = unescape(text)  # any other character that XML has none for is kept likewise
    return text.replace("\r\n", "\n").strip()
