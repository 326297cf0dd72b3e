"""From the rows of a workbook's sheet to documents: one for every row of a list of articles."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import chain, islice
from typing import TYPE_CHECKING

from ingest.columns import document_of, map_columns, named_cells, overlooked_text, unique_names
from ingest.errors import ItemError
from ingest.field_names import folded
from ingest.model import Item, Problem, RawDocument

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    "formats, pictures, comments, formulas with their addresses (values are kept), hidden columns; hidden"
    " rows and sheets, and sheets of other lists, are listed as skipped"
)
NO_LIST = "no list of articles by the names of its columns; if it is one, name them in metadata.yml"
HIDDEN_SHEET = "a hidden sheet; show it in the workbook to have it read"
HIDDEN_ROW = "a hidden row, be it by a filter; show it in the workbook to have it read"


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """What of a sheet its maker hid: numbers of rows and columns, counted from 1, or the whole of it.

    Whoever reads rows one by one may add to it what is found on the way, before a row is given.
    """

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    whole: bool = False


def read_sheet(
    item: Item,
    name: str,
    rows: Iterable[tuple[int, list[str]]],
    links: Mapping[tuple[int, int], str],
    hidden: Hidden,
) -> Iterator[RawDocument | Item]:
    """Yield the documents of a sheet below the names of its columns; one that has none is passed over.

    Rows are numbered and counted from 1, as are columns; `links` are where cells lead, by row and column.
    What is hidden is passed over too, but for columns that metadata.yml names.
    """
    locator = f"{item.locator}#sheet={name}"
    if hidden.whole:
        yield Item(locator=locator, skip=HIDDEN_SHEET)
        return
    rows = iter(rows)
    above = list(islice(rows, LINES_ABOVE))
    wanted = {column for _, column in item.hint.columns}
    heads = (
        (place, unique_names(_shown(cells, _unseen(cells, hidden, wanted))))
        for place, (_, cells) in enumerate(above)
    )
    place, names, mapping = next(
        ((place, names, mapping) for place, names in heads if (mapping := _mapping(names, item))), (0, [], {})
    )
    if not mapping:
        yield Item(locator=locator, skip=NO_LIST)
        return
    columns = {meaning: names.index(column) + 1 for meaning, column in mapping.items()}
    mapping = {"url": "link", **mapping}
    head = above[place][1]
    unseen = _unseen(head, hidden, wanted)
    doubts = tuple(_doubts(head, unseen))
    is_told = False
    for number, row in chain(above[place + 1 :], rows):
        cells = _shown(row, unseen)
        if any(cells) and number in hidden.rows:
            yield Item(locator=f"{locator}&row={number}", skip=HIDDEN_ROW)
        elif any(cells):
            values = named_cells(names, cells)
            of_url, of_title, of_text = (
                links.get((number, columns.get(meaning, 0))) for meaning in ("url", "title", "text")
            )
            if address := of_url or values.get(mapping["url"]) or of_title or of_text:
                values[mapping["url"]] = address
            found = document_of(f"{locator}&row={number}", values, mapping)
            if not is_told and (overlooked := overlooked_text(values, mapping, item.hint.columns)):
                doubts, is_told = (*doubts, overlooked), True
            yield replace(found, problems=(*doubts, *found.problems))
            doubts = ()  # told of the first row for all


def _unseen(head: Sequence[str], hidden: Hidden, wanted: set[str]) -> set[int]:
    """Return the hidden columns, without those whose names the curator has stated."""
    named = {place for place, name in enumerate(head, start=1) if name.strip() in wanted}
    return hidden.columns - named


def _shown(cells: list[str], unseen: set[int]) -> list[str]:
    """Return the cells of a row with nothing in those of hidden columns."""
    if not unseen:
        return cells
    return ["" if place in unseen else cell for place, cell in enumerate(cells, start=1)]


def _doubts(head: Sequence[str], unseen: set[int]) -> Iterator[Problem]:
    """Yield that columns which have a name are hidden."""
    names = [name.strip() for place, name in enumerate(head, start=1) if place in unseen and name.strip()]
    if names:
        yield Problem(
            stage="read",
            code="hidden-columns",
            message=f"Hidden columns were not read: {', '.join(names[:12])[:500]}.",
            hint="Show them in the workbook, or name what is wanted in metadata.yml: columns: {text: NAME}.",
        )


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
