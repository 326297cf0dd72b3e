"""From the rows of a workbook's sheet to documents: one for every row of a list of articles."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import chain, islice
from typing import TYPE_CHECKING

from ingest.columns import document_of, map_columns, named_cells, unique_names
from ingest.errors import ItemError
from ingest.field_names import folded
from ingest.model import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ingest.model import RawDocument

# Above the names of the columns a sheet may say what it is.
LINES_ABOVE = 20
LEAST_COLUMNS = 2
# What a text or a title may be called, but in lists of goods and of payments anything else too.
EVERYDAY = frozenset(("name", "description", "subject", "summary", ""))
# Where people are listed, a title is not that of an article.
OF_PEOPLE = frozenset(("name", "firstname", "lastname", "surname", "givenname", "vorname", "nachname"))
WEB = ("http:", "https:")
KEEPS = "each row below the names of columns, in every sheet; columns as for tables; where a title leads"
LOSES = (
    "formats, pictures, comments, formulas with their addresses (values are kept); sheets of other lists are"
    " listed as skipped"
)
NO_LIST = "no list of articles by the names of its columns; if it is one, name them in metadata.yml"


def read_sheet(
    item: Item, name: str, rows: Iterable[tuple[int, list[str]]], links: Mapping[tuple[int, int], str]
) -> Iterator[RawDocument | Item]:
    """Yield the documents of a sheet below the names of its columns; one that has none is passed over.

    Rows are numbered and counted from 1, as are columns; `links` are where cells lead, by row and column.
    """
    locator = f"{item.locator}#sheet={name}"
    rows = iter(rows)
    above = list(islice(rows, LINES_ABOVE))
    heads = ((place, unique_names(cells)) for place, (_, cells) in enumerate(above))
    place, names, mapping = next(
        ((place, names, mapping) for place, names in heads if (mapping := _mapping(names, item))), (0, [], {})
    )
    if not mapping:
        yield Item(locator=locator, skip=NO_LIST)
        return
    columns = {meaning: names.index(column) + 1 for meaning, column in mapping.items()}
    mapping = {"url": "link", **mapping}
    for number, row in chain(above[place + 1 :], rows):
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


def write_cell(value: object) -> str:
    """Return what a cell shows: a day without its midnight, a whole number without a point."""
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
