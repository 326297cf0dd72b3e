"""Workbooks of Excel: an article for every row of a sheet that lists articles."""

from __future__ import annotations

import warnings
from datetime import date, datetime, time
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

from ingest.archives import Zip
from ingest.columns import document_of, map_columns, named_cells, unique_names
from ingest.errors import ItemError
from ingest.field_names import folded
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openpyxl import Workbook

# Above the names of the columns a sheet may say what it is.
LINES_ABOVE = 20
LEAST_COLUMNS = 2
# What a text or a title may be called, but in lists of goods and of payments anything else too.
EVERYDAY = frozenset(("name", "description", "subject", "summary", ""))
# Where people are listed, a title is not that of an article.
OF_PEOPLE = frozenset(("name", "firstname", "lastname", "surname", "givenname", "vorname", "nachname"))
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
NO_LIST = "no list of articles by the names of its columns; if it is one, name them in metadata.yml"
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
    keeps="each row below the names of columns, in every sheet; columns as for tables; where a title leads",
    loses="formats, pictures, formulas (their values are kept); sheets of other lists are listed as skipped",
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
            links = _links(package, sheet._worksheet_path)  # noqa: SLF001 - it is told nowhere else
            yield from _rows(item, f"{item.locator}#sheet={sheet.title}", rows, links)
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
    targets = {key: target for key, target in stated.items() if target.startswith(("http:", "https:"))}
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


def _rows(
    item: Item, locator: str, rows: Iterator[list[str]], links: Mapping[tuple[int, int], str]
) -> Iterator[RawDocument | Item]:
    """Yield the documents of a sheet below the names of its columns; one that has none is passed over."""
    above = list(islice(rows, LINES_ABOVE))
    heads = enumerate(map(unique_names, above))
    place, names, mapping = next(
        ((place, names, mapping) for place, names in heads if (mapping := _mapping(names, item))), (0, [], {})
    )
    if not mapping:
        yield Item(locator=locator, skip=NO_LIST)
        return
    columns = {meaning: names.index(column) + 1 for meaning, column in mapping.items()}
    mapping = {"url": "link", **mapping}
    for number, row in enumerate(chain(above[place + 1 :], rows), start=place + 2):
        if any(row):
            values = named_cells(names, row)
            of_url, of_title, of_text = (
                links.get((number, columns.get(meaning, 0))) for meaning in ("url", "title", "text")
            )
            if address := of_url or values.get(mapping["url"]) or of_title or of_text:
                values[mapping["url"]] = address
            yield document_of(f"{locator}&row={number}", values, mapping)


def _mapping(names: Sequence[str], item: Item) -> dict[str, str]:
    """Return what the columns of a line of names mean; nothing where they are no columns of articles."""
    try:
        mapping = map_columns(names, item.hint.columns)
    except ItemError:
        return {}
    if any((meaning, mapping.get(meaning)) in item.hint.columns for meaning in ("text", "title")):
        return mapping
    texts, titles = ({folded(mapping.get(meaning, ""))} - EVERYDAY for meaning in ("text", "title"))
    if OF_PEOPLE & set(map(folded, names)):
        titles = set()
    return mapping if len(mapping) >= LEAST_COLUMNS and (texts or titles) else {}


def _written(cell: object) -> str:
    """Return what a cell shows: a day without its midnight, a whole number without a point."""
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "" if cell is None else str(cell)
    if "_x" in text:
        from openpyxl.utils.escape import unescape  # noqa: PLC0415 - only for workbooks

        # A carriage return is kept as `_x000D_`, any other character that XML has none for likewise.
        text = unescape(text)
    return text.replace("\r\n", "\n").strip()
