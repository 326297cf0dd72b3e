"""Makes tables square: Markdown has no cells that reach over rows, and drops what is beyond its head."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bs4 import BeautifulSoup, Tag

# Of empty cells in a document; who states more spans does harm.
MOST_ADDED = 10_000
MOST_SPANNED = 1000
NUMBER = re.compile("[0-9]{1,9}")
CELLS = ["td", "th"]


def square_tables(soup: BeautifulSoup) -> None:
    """Give the rows below a cell that reaches over them an empty one, and the head as many as any row has."""
    left = MOST_ADDED
    for table in soup.find_all("table"):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        left = _square(soup, rows, left)


def _square(soup: BeautifulSoup, rows: Sequence[Tag], left: int) -> int:
    """Square the rows of a table, as long as cells may be added, and return how many may be after it."""
    reaching: dict[int, int] = {}  # how many rows below are covered in a column
    head, widest = 0, 0
    for number, row in enumerate(rows):
        covered, column = reaching, 0
        reaching = {place: below - 1 for place, below in covered.items() if below > 1}
        for cell in row.find_all(CELLS, recursive=False):
            while column in covered and left > 0:
                cell.insert_before(soup.new_tag("td"))
                column, left = column + 1, left - 1
            widest = max(widest, column + 1)  # a cell may state that it is wider than the table
            wide, high = min(_span(cell, "colspan"), left + 1), _span(cell, "rowspan")
            cell["colspan"], left = str(wide), left - (wide - 1)
            if high > 1:
                reaching.update(dict.fromkeys(range(column, column + wide), high - 1))
            column += wide
        head = head if number else column
    missing = max(0, min(widest - head, left))
    if missing:
        name = "td" if rows[0].find("td", recursive=False) else "th"
        rows[0].extend([soup.new_tag(name) for _ in range(missing)])
    return left - missing


def _span(cell: Tag, name: str) -> int:
    stated = str(cell.get(name) or "")
    return max(1, min(MOST_SPANNED, int(stated))) if NUMBER.fullmatch(stated) else 1
