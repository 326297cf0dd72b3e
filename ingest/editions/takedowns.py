"""What must not be shown any more, kept in `takedowns.csv` beside metadata.yml.

    article,reason,date
    3f0a9c1d77e2,Withdrawn at the request of the family,2026-02-03
    https://daily-planet.example/2001/fire,Court order,2026-02-04
    daily-planet/fire.html,Published in error,2026-02-04
    letters/1969/,Court order,2026-02-05
    letters/*/draft-*.txt,Never meant for print,2026-02-05

A fourth column, `file`, says `deleted` of what is not here any more, so that its absence surprises nobody.

One line a takedown. The article is named by its key, the address of its page in the reading room, its
web address or the locator of its file; naming a container, such as a mail with papers attached, or the
first part of a long text, means all that is in it. A folder with its last stroke means all that lies in
it now or did before it was moved; `*` stands for any signs of one name. What is there by the very name is
no pattern.
"""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ingest.collate.catalogue import page_key, stated_key
from ingest.decisions import as_cell, read_lines
from ingest.errors import SettingsError
from ingest.read_only import open_read_only

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "takedowns.csv"
COLUMNS = ("article", "reason", "date")
FILE_COLUMN, DELETED = "file", "deleted"
# Any signs of one name: an archive is no folder, so that `letters*/` means nothing in letters.zip.
ANY = r"(?:(?!!/)[^/])*"
# Where a name may end that stands for a container, or a text in parts, and all that is in it.
END = r"(?:$|!/|#part=)"


@dataclass(frozen=True, kw_only=True)
class Takedown:
    """What was taken down: how the article, the folder or the files are named, why, when, on which line.

    It is `deleted` where its owner says that its files are here no more.
    """

    article: str
    reason: str
    date: str
    line: int = 0
    deleted: bool = False

    @property
    def key(self) -> str:
        """The public identity of an article of this name, whether it is there or not."""
        return stated_key(self.article)

    @property
    def places(self) -> re.Pattern[str] | None:
        """What the locators of a folder's or a pattern's files begin with; none for one article."""
        name = self.article
        if "://" in name or page_key(name) or not (name.endswith("/") or "*" in name):
            return None
        pattern = ANY.join(map(re.escape, name.split("*")))
        return re.compile(pattern if name.endswith("/") else pattern + END)


def read_takedowns(path: Path) -> tuple[Takedown, ...]:
    """Return the takedowns in a file, none where there is no file.

    Raises `SettingsError` naming the lines that lack something or have no date.
    """
    return read_lines(path, _takedown, required=COLUMNS) if path.exists() else ()


def _takedown(line: int, row: dict[str, str]) -> Takedown:
    values = {name: row.get(name, "").strip() for name in COLUMNS}
    if missing := [name for name, value in values.items() if not value]:
        message = f"{missing[0]} is empty. A takedown needs {', '.join(COLUMNS)}."
        raise SettingsError(message)
    try:
        values["date"] = date.fromisoformat(values["date"]).isoformat()
    except ValueError:
        message = f"{values['date']} is no date. Write it as 2026-12-31."
        raise SettingsError(message) from None
    said = row.get(FILE_COLUMN, "").strip().lower()
    if said not in {"", DELETED}:
        message = f"{said} is nothing to say of a file. Write {DELETED} where it is here no more, or nothing."
        raise SettingsError(message)
    return Takedown(**values, line=line, deleted=said == DELETED)


def read_notices(database: Path) -> tuple[Takedown, ...]:
    """Return the takedowns that an edition tells of, by the keys of the articles; none of no edition."""
    try:
        with open_read_only(database, immutable=True) as connection:
            rows = connection.execute("select key, reason, date from tombstones order by key").fetchall()
    except sqlite3.Error:
        return ()
    return tuple(Takedown(article=key, reason=reason, date=day) for key, reason, day in rows)


def table_of(takedowns: Iterable[Takedown]) -> str:
    """Return takedowns as they stand in the file."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow((*COLUMNS, FILE_COLUMN))
    for each in takedowns:
        said = DELETED if each.deleted else ""
        writer.writerow((each.article, as_cell(each.reason), each.date, said))
    return lines.getvalue().rstrip()
