"""Builds the next collection.db beside the current one, checks it, and swaps it in.

A reader sees the old file or the new one, never half of either: the new file is complete,
checked and on disk before it takes the name.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING

from sqlite_utils import Database

from ingest import schema
from ingest.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ingest.model import Row, Value

BATCH = 500
COUNTS = """
    update sources set
        article_count = (select count(*) from articles where source_id = sources.id),
        first_published = (select min(published) from articles where source_id = sources.id),
        last_published = (select max(published) from articles where source_id = sources.id);
    update authors set
        article_count = (select count(*) from article_authors where author_id = authors.id);
    update tags set
        article_count = (select count(*) from article_tags where tag_id = tags.id);
    update articles set file_id = (
        select id from files where files.article_id = articles.id and outcome = 'article'
    );
    update entities set
        first_published = (
            select min(published) from article_entities join articles on articles.id = article_id
            where entity_id = entities.id
        ),
        last_published = (
            select max(published) from article_entities join articles on articles.id = article_id
            where entity_id = entities.id
        );
"""


def build(path: Path, rows: Iterable[Row], run: dict[str, Value]) -> None:
    """Write a new database of these rows in place of `path`; `run` is the row of `runs`.

    Raises `BuildError` when the new file fails its checks; the old one is then untouched.
    """
    building = path.with_name(f".{path.name}.building")
    _remove(building)
    database = Database(building)
    try:
        # Nobody sees this file before it is complete, so a crash may leave it in any state.
        for pragma in ("page_size = 8192", "journal_mode = off", "synchronous = off", "foreign_keys = off"):
            database.execute(f"pragma {pragma}")
        with database.atomic():
            _create_tables(database)
            _insert(database, rows)
            database.table("runs").insert(run)
            _finish(database)
        database.execute("pragma journal_mode = delete")
        database.execute("analyze")
        _check(database)
    except BaseException:
        database.close()
        _remove(building)
        raise
    database.close()
    _sync(building)
    building.replace(path)
    _sync(path.parent)


def last_run(path: Path) -> dict[str, Value]:
    """Return the row of `runs` that a database was built with; empty if it is none of ours."""
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            row = connection.execute("select * from runs").fetchone()
    except sqlite3.DatabaseError:
        return {}
    return dict(row) if row and row["schema"] == schema.VERSION else {}


def list_problems(path: Path, most: int) -> list[tuple[str, str, str]]:
    """Return locator, message and hint of the first items that could not be read."""
    sql = (
        "select problems.locator, message, hint from problems join files on files.id = file_id"
        " where outcome = 'problem' order by problems.id limit ?"
    )
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql, [most]).fetchall()


def _create_tables(database: Database) -> None:
    for table in schema.TABLES:
        database.table(table.name).create(
            {column.name: column.type for column in table.columns},
            pk=table.key,
            not_null={column.name for column in table.columns if column.required},
        )
    # Afterwards, since articles and files point to each other.
    database.add_foreign_keys(
        [
            (table.name, column.name, column.references, "id")
            for table in schema.TABLES
            for column in table.columns
            if column.references
        ]
    )


def _insert(database: Database, rows: Iterable[Row]) -> None:
    waiting: dict[str, list[dict[str, Value]]] = defaultdict(list)
    for table, row in rows:
        batch = waiting[table]
        batch.append(row)
        if len(batch) >= BATCH:
            database.table(table).insert_all(batch, batch_size=BATCH)
            batch.clear()
    for table, batch in waiting.items():
        database.table(table).insert_all(batch, batch_size=BATCH)


def _finish(database: Database) -> None:
    """Make what follows from the rows: indexes, counts, views, search."""
    for table in schema.TABLES:
        for columns in table.unique:
            database.table(table.name).create_index(columns, unique=True)
        for columns in table.indexes:
            database.table(table.name).create_index(columns)
    for statement in COUNTS.split(";"):
        if statement.strip():
            database.execute(statement)
    for view in schema.VIEWS:
        database.create_view(view.name, view.query)
    for index in schema.SEARCH_INDEXES:
        listed = ", ".join(index.columns)
        database.execute(
            f"create virtual table {index.name} using fts5({listed},"
            f" content='{index.content}', content_rowid='id', tokenize='{index.tokenize}')"
        )
        condition = f"where {index.only}" if index.only else ""
        database.execute(
            f"insert into {index.name} (rowid, {listed}) select id, {listed} from {index.content} {condition}"
        )
        database.execute(f"insert into {index.name} ({index.name}) values ('optimize')")


def _check(database: Database) -> None:
    """Raise `BuildError` unless the file is sound, its keys hold and its search indexes agree."""
    damage = database.execute("pragma quick_check").fetchone()[0]
    if damage != "ok":
        message = f"The new database is damaged ({damage}). Check the disk, then run again."
        raise BuildError(message)
    if orphan := database.execute("pragma foreign_key_check").fetchone():
        message = f"Table {orphan[0]} points to a missing row of {orphan[2]}. Please report this."
        raise BuildError(message)
    for index in schema.SEARCH_INDEXES:
        try:
            database.execute(f"insert into {index.name} ({index.name}) values ('integrity-check')")
        except sqlite3.DatabaseError as error:
            message = f"The search index {index.name} does not hold ({error}). Please report this."
            raise BuildError(message) from error
    database.conn.commit()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    for each in (path, path.with_name(f"{path.name}-journal"), path.with_name(f"{path.name}-wal")):
        each.unlink(missing_ok=True)
