"""Where articles were before, kept in `moved.csv` beside metadata.yml, so that their addresses stay.

    before,now
    letters/a.txt,archive/1969/a.txt
    wikinews,wikinews-2009
    https://paper.example/a,https://archive.example/a
    3f0a9c1d77e2,letters/b.txt

An article's key, and with it its page, follows from its web address or else from the locator of its
file. One that lies elsewhere now, or is a folder of them, keeps the keys of the place before; a key
may be named itself.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ingest.decisions import as_cell, read_table
from ingest.errors import SettingsError
from ingest.model import Move

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE = "moved.csv"
COLUMNS = ("before", "now")
MOST_SHOWN = 5


def read_moves(path: Path) -> tuple[Move, ...]:
    """Return the moves in a file, none where there is no file.

    Raises `SettingsError` naming the line that lacks something or repeats a place.
    """
    try:
        rows = read_table(path, required=COLUMNS)
    except FileNotFoundError:
        return ()
    moves: dict[str, Move] = {}
    for line, row in rows:
        before, now = (row.get(name, "").rstrip("/") for name in COLUMNS)
        if not before or not now:
            message = f"{path}, line {line}: a move needs both, {' and '.join(COLUMNS)}."
            raise SettingsError(message)
        if now in moves:
            message = f"{path}, line {line}: line {moves[now].line} says already what was at {now} before."
            raise SettingsError(message)
        moves[now] = Move(before=before, now=now, line=line)
    return tuple(moves.values())


def tell_moves(moves: Sequence[Move]) -> str:
    """Tell that articles have new addresses, and the lines of moved.csv that keep the old ones."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((as_cell(each.before), as_cell(each.now)) for each in moves[:MOST_SHOWN])
    more = len(moves) - MOST_SHOWN
    rest = f"… and {more:,} more; a folder stands for all that is in it.\n" if more > 0 else ""
    return (
        "articles whose files were moved have new addresses, and the old ones lead nowhere."
        f" To keep those, write into {FILE} and ingest again:\n{lines.getvalue()}{rest}".rstrip()
    )
