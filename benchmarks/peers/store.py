"""Builds a collection.db from rows in memory, and the least that SQLite needs for the same rows.

    python benchmarks/peers/store.py ARTICLES RUNS TARGET

The rows are those of `benchmarks/corpus.py`. Ours is `ingest.store.build` with its keys, indexes,
counts, checks, hash and search indexes. The least is a table for each kind of row without any key,
`executemany` for each, and one FTS5 index of titles and texts, built in bulk. Both write to a file of
the same page size without journal or sync, and sync it once when it is done; they take turns in
being first. Writes to TARGET, as JSON, the seconds of the processor of every run, and the bytes.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpus import rows as rows_of
from benchmarks.files import POSTS, ROOT
from ingest import schema
from ingest.schema.views import FOLDING
from ingest.store import build

if TYPE_CHECKING:
    from ingest.model import Row

RUN = {"built": "2026-01-01T00:00:00+00:00", "version": "0", "schema": schema.VERSION, "recognisers": ""}
COUNTS = {"duplicates": 0, "skipped": 0, "problems": 0, "warnings": 0}


def ours(path: Path, rows: list[Row]) -> None:
    """Store the rows as a run does."""
    articles = sum(table == "articles" for table, _ in rows)
    build(path, rows, {**RUN, **COUNTS, "found": articles, "articles": articles})


def least(path: Path, rows: list[Row]) -> None:
    """Store the rows with nothing around them."""
    with closing(sqlite3.connect(path)) as connection:
        for pragma in ("page_size = 8192", "journal_mode = off", "synchronous = off"):
            connection.execute(f"pragma {pragma}")
        columns = {table.name: [column.name for column in table.columns] for table in schema.TABLES}
        lists: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        for table, row in rows:
            lists[table].append(tuple(map(row.get, columns[table])))
        for table, values in lists.items():
            named = ", ".join(f'"{column}"' for column in columns[table])
            connection.execute(f"create table {table} ({named})")
            places = ", ".join("?" * len(columns[table]))
            connection.executemany(f"insert into {table} values ({places})", values)  # noqa: S608
        connection.execute(
            f"create virtual table found using fts5 (title, text, content='', tokenize=\"{FOLDING}\")"
        )
        connection.execute(
            "insert into found (rowid, title, text) select articles.rowid, title, text"
            " from articles join article_text on article_text.rowid = articles.rowid"
        )
        connection.commit()
    with path.open("rb") as file:
        os.fsync(file.fileno())


def main() -> None:
    """Take turns, and write down what each took."""
    rows = list(rows_of(int(sys.argv[1]), POSTS if POSTS.is_dir() else ROOT / "sample"))
    seconds: dict[str, list[float]] = {"ours": [], "least": []}
    sizes = {}
    sides = [("ours", ours), ("least", least)]
    for number in range(int(sys.argv[2])):
        for name, store in sides if number % 2 == 0 else reversed(sides):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "collection.db"
                started = time.process_time()
                store(path, rows)
                seconds[name].append(time.process_time() - started)
                sizes[name] = path.stat().st_size
    Path(sys.argv[3]).write_text(json.dumps({"seconds": seconds, "bytes": sizes}), encoding="utf-8")


if __name__ == "__main__":
    main()
