"""Builds the next collection.db beside the current one, checks it, and swaps it in.

A reader sees the old file or the new one, never half of either: the new file is complete,
checked and on disk before it takes the name. A new file that says what the old one says is
dropped, so that a collection under version control changes only when its content does.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from ingest import schema, summaries, swap
from ingest.errors import BuildError, StorageError
from ingest.model import NO_READER
from ingest.read_only import address_of, open_read_only
from ingest.schema import views

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from ingest.model import Keyed, Row, Value

# What `build` does one after the other, in words for who waits.
STEPS = (
    "Collecting articles and names",
    "Indexing words",
    "Counting",
    "Waiting for near-copies and related articles",
    "Checking",
)
BATCH = 500
EXCHANGED = """
with changed as materialized (
    select before.key, coalesce(nullif(before.url, ''), lay.locator) as address, lay.locator,
        lay.sha256 as was, lies.sha256 as "is"
    from main.articles as before join main.files as lay on lay.id = before.file_id
    join fresh.articles as after on after.key = before.key join fresh.files as lies on lies.id = after.file_id
    where lay.sha256 != lies.sha256
)
select key, address, changed.locator, was from changed
join fresh.files as there on there.locator = changed.locator and there.sha256 != was
where was in (select "is" from changed) or "is" in (select was from changed)
"""
JOURNALS = ("-wal", "-shm", "-journal")
ENCODER = msgspec.msgpack.Encoder()
# Tables of the passes that take long, which nothing is summed up from but `articles.story_id`.
LATE = {table.name for table in (schema.STORIES, schema.STORY_ARTICLES, schema.RELATED)}
BUILDING = (
    *("page_size = 8192", "journal_mode = off", "synchronous = off", "foreign_keys = off"),
    "cache_size = -65536",  # KiB
)


def build(
    path: Path,
    rows: Iterable[Row],
    run: dict[str, Value],
    *,
    late: Iterable[Row] = (),
    anew: bool = False,
    begin: Callable[[str], None] = lambda _step: None,
) -> dict[str, Value]:
    """Write a new database of these rows in place of `path`, and return the row of `runs` it has then.

    Where that is a link, as to a larger disk, the place that it points to gets the database. Rows that come
    `late` are asked for when all others are indexed by words and summed up. The row of `runs` is `run` with
    the hash of the content; or where the old file has the same content, it stays, and the row is its own,
    unless it must be made `anew`. `begin` is told each of `STEPS`. Raises `BuildError` when the new file
    fails its checks; the old one is then untouched.
    """
    from sqlite_utils import Database  # noqa: PLC0415 - a run that changes nothing does without

    collecting, indexing, counting, waiting, checking = STEPS
    path = path.resolve()
    swap.drop(path)
    database = Database(swap.beside(path))
    try:
        # Nobody sees this file before it is complete, so a crash may leave it in any state.
        for pragma in BUILDING:
            database.execute(f"pragma {pragma}")
        summaries.register(database.conn)
        with database.atomic():
            _create_tables(database)
            begin(collecting)
            _insert(database, rows)
            _create_indexes(database, schema.BY_NAME.keys() - LATE)
            begin(indexing)
            _index_words(database)
            begin(counting)
            summaries.sum_up(database.conn)
            begin(waiting)
            added = _insert(database, late)
            _create_indexes(database, LATE)
            if added & schema.BY_NAME.keys() - LATE:
                summaries.sum_up(database.conn)  # a pass of the collection's own added to what was summed up
            database.execute(summaries.OF_STORIES)
            begin(checking)
            run = {**run, "content": content_hash(database.conn)}
            database.table("runs").insert(run)
        last = {} if anew else last_run(path)
        if last.get("content") == run["content"]:
            database.close()
            swap.drop(path)
            return last
        database.execute("pragma journal_mode = delete")
        database.execute("analyze")
        _check(database)
        database.close()
        swap.swap_in(path)
        # Another program may have been ended while it wrote into the old file; SQLite would put what it
        # left into the new one, and break it.
        for ending in JOURNALS:
            path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
    except BaseException:
        database.close()
        swap.drop(path)
        raise
    return run


def content_hash(connection: sqlite3.Connection) -> str:
    """Return the SHA-256 of all that a database says: its definitions, and every row but of `runs`.

    Definitions count as their text, rows as MessagePack, in arrays of up to 500 rows.
    """
    digest = hashlib.sha256()
    listed = [table.name for table in schema.TABLES if table is not schema.RUNS]
    listed += sorted(_own_tables(connection))
    defined = {*listed, *(each.name for each in (*schema.VIEWS, *schema.SEARCH_INDEXES))}
    for kind, name, sql in connection.execute("select type, name, sql from sqlite_master order by name"):
        if name in defined or kind == "index":
            digest.update(f"{sql}\n".encode())
    for name in listed:
        digest.update(f"{name}\n".encode())
        rows = connection.execute(f'select * from "{name}" order by rowid')
        while batch := rows.fetchmany(BATCH):
            digest.update(ENCODER.encode(batch))
    return digest.hexdigest()


def _own_tables(connection: sqlite3.Connection) -> set[str]:
    """Return the tables that a collection's own passes made."""
    named = connection.execute("select name from sqlite_master where type = 'table'")
    indexes = tuple(index.name for index in schema.SEARCH_INDEXES)
    return {name for (name,) in named if not name.startswith(("sqlite_", *indexes))} - schema.BY_NAME.keys()


def last_run(path: Path) -> dict[str, Value]:
    """Return the row of `runs` that a database was built with; empty if it is none of ours."""
    if not path.is_file():
        return {}
    try:
        with open_read_only(path) as connection:
            connection.row_factory = sqlite3.Row
            row = connection.execute("select * from runs").fetchone()
    except sqlite3.DatabaseError:
        return {}
    return dict(row) if row and row["schema"] == schema.VERSION else {}


def list_problems(path: Path) -> list[tuple[str, str, str, int]]:
    """Return locator, message and hint of the first item of each kind that could not be read.

    With each, the number of others of its kind; the kinds with most items come first.
    """
    sql = """
        select problems.locator, message, hint, others from problems join (
            select min(problems.id) as first, count(distinct file_id) - 1 as others
            from problems join files on files.id = file_id where outcome = 'problem' group by code
        ) on problems.id = first order by others desc, first
    """
    return list(_ask(path, sql))


def list_unknown_formats(path: Path) -> list[tuple[str, int, str]]:
    """Return the formats of files that no reader knows, how many there are, most first, and what to do."""
    sql = """
        with told as (
            select substr(reason, length(?1) + 1) || ': ' as said from files
            where outcome = 'skipped' and substr(reason, 1, length(?1)) = ?1
        )
        select
            lower(rtrim(substr(said, 1, instr(said, ': ') - 1), ')')) as format,
            count(*),
            max(rtrim(substr(said, instr(said, ': ') + 2), ': '))
        from told group by format order by count(*) desc, format
    """
    return list(_ask(path, sql, NO_READER))


def list_keys(path: Path) -> Iterator[Keyed]:
    """Yield key, address, locator and hash of the file of every article, in their order.

    The address is what a key follows from: that of the web, else the locator.
    """
    return _ask(
        path,
        """
        select key, coalesce(nullif(url, ''), locator), locator, coalesce(sha256, '')
        from articles join files on files.id = file_id order by articles.id
        """,
    )


def compare_keys(path: Path, keys: Iterable[int]) -> tuple[list[Keyed], set[int]]:
    """Hold the articles of a database against all keys, as numbers, that the next is to have.

    Return what `list_keys` says of those that have none of them, and the keys that are new; nothing
    where there is no database. One of another version counts: an update may read addresses otherwise.
    """
    if not path.is_file():
        return [], set()
    lost, new = [], set(keys)
    try:
        for each in list_keys(path):
            number = int(each[0], 16)
            if number in new:
                new.remove(number)
            else:
                lost.append(each)
    except StorageError:
        return [], set()  # a damaged file is about to be made anew
    return lost, set(new)  # without the room for all that were taken out


def list_gone(path: Path, lost: Sequence[Keyed]) -> tuple[str, ...]:
    """Return where those lost, see `compare_keys`, lay of whose files nothing is there any more.

    What lies elsewhere now, repeats another text or cannot be read is not among them: that is told otherwise.
    """
    if not lost:
        return ()
    known = {each for _, _, *place_and_hash in lost for each in place_and_hash if each}
    there = {
        each
        for row in _ask(path, "select locator, coalesce(sha256, '') from files")
        for each in row
        if each in known
    }
    return tuple(place for _, _, place, sha256 in lost if place not in there and sha256 not in there)


@contextmanager
def watch_exchanges(path: Path) -> Iterator[Callable[[], list[Keyed]]]:
    """Give what tells, when the next database has taken this one's place, which articles left their keys.

    As `list_keys` has them here, it returns those at whose place lies another file's content, where both
    were known: files that exchanged their names, or whose numbers were all raised by one. What was only
    edited is not among them, nor what was replaced by a file that is gone from its own place.
    """
    if not path.is_file():
        yield list
        return
    # Whoever has a file open reads on in it when another takes its name; as immutable, so that SQLite
    # neither looks for what is to be put into it nor makes files for that, which would lie beside the next.
    with open_read_only(path, immutable=True) as before:

        def list_exchanged() -> list[Keyed]:
            try:
                before.execute("attach ? as fresh", (address_of(path),))
                return before.execute(EXCHANGED).fetchall()
            except sqlite3.DatabaseError:
                return []  # a damaged file was made anew, or one of another schema

        yield list_exchanged


def list_source_keys(path: Path) -> dict[str, str]:
    """Return the keys of the publications, each with the key of an article of it; none of no database."""
    sql = """
        select sources.key, min(articles.key) from articles join sources on sources.id = source_id
        group by source_id order by sources.key
    """
    try:
        return dict(_ask(path, sql)) if path.is_file() else {}
    except StorageError:
        return {}  # a damaged file is about to be made anew


def list_rekeyed(path: Path, before: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the keys of `list_source_keys` that are nobody's any more, with what has a new one instead."""
    sql = (
        "select sources.key, name from articles join sources on sources.id = source_id where articles.key = ?"
    )
    kept = {key for (key,) in _ask(path, "select key from sources")}
    return tuple(
        (old, name)
        for old, article in before.items()
        if old not in kept
        for now, name in _ask(path, sql, article)
        if now not in before
    )


def list_unmatched(path: Path) -> list[tuple[str, str, str]]:
    """Return locator, message and hint of what the curator decided and fits nothing."""
    return list(_ask(path, "select locator, message, hint from problems where stage = 'decide' order by id"))


def _ask(path: Path, sql: str, *values: object) -> Iterator[Any]:
    """Yield rows of a database that was just built; raises `StorageError` when the disk fails."""
    try:
        with open_read_only(path) as connection:
            yield from connection.execute(sql, values)
    except sqlite3.DatabaseError as error:
        message = f"{path} cannot be read back ({error}). Check the disk, move the file away, then run again."
        raise StorageError(message) from error


def _create_tables(database: Database) -> None:
    made: set[str] = set()
    later: list[tuple[str, str, str, str]] = []
    for table in schema.TABLES:
        made.add(table.name)
        links = [(each.name, each.references, "id") for each in table.columns if each.references]
        database.table(table.name).create(
            {column.name: column.type for column in table.columns},
            pk=table.key,
            not_null={column.name for column in table.columns if column.required},
            foreign_keys=[link for link in links if link[1] in made],
        )
        later += [(table.name, *link) for link in links if link[1] not in made]
    # Articles and files point to each other; sqlite-utils makes such a table once more, with its rows.
    database.add_foreign_keys(later)


def _insert(database: Database, rows: Iterable[Row]) -> set[str]:
    """Insert rows, and return the names of their tables."""
    waiting: dict[str, list[dict[str, Value]]] = defaultdict(list)
    for table, row in rows:
        batch = waiting[table]
        batch.append(row)
        if len(batch) >= BATCH:
            _insert_batch(database, table, batch)
            batch.clear()
    for table, batch in waiting.items():
        _insert_batch(database, table, batch)
    return set(waiting)


def _insert_batch(database: Database, table: str, batch: list[dict[str, Value]]) -> None:
    """Insert rows into a table of the schema, or into one of a collection's own, made on the way."""
    if table not in schema.BY_NAME:
        database.table(table).insert_all(batch, batch_size=BATCH)
        return
    columns = [column.name for column in schema.BY_NAME[table].columns]
    if unknown := set().union(*batch).difference(columns):
        message = f"Table {table} has no column {min(unknown)}. Use a table of another name."
        raise BuildError(message)
    listed, places = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
    # sqlite-utils looks at every value before it inserts; these are known to be right.
    database.conn.executemany(
        f'insert into "{table}" ({listed}) values ({places})', (tuple(map(row.get, columns)) for row in batch)
    )


def _create_indexes(database: Database, names: Container[str]) -> None:
    """Create the indexes of these tables; those that are filled first are sorted once."""
    for table in schema.TABLES:
        if table.name in names:
            for columns in table.unique:
                database.table(table.name).create_index(columns, unique=True)
            for columns in table.indexes:
                database.table(table.name).create_index(columns)


def _index_words(database: Database) -> None:
    """Create the views, one of which search reads, and the search indexes."""
    # Brings numpy, which a run that changes nothing does without.
    from ingest.postings import write_postings  # noqa: PLC0415

    views.register(database.conn)
    for view in schema.VIEWS:
        database.create_view(view.name, view.query)
    for index in schema.SEARCH_INDEXES:
        listed = ", ".join(index.columns)
        database.execute(
            f"create virtual table {index.name} using fts5({listed},"
            f" content='{index.content}', content_rowid='id', tokenize=\"{index.tokenize}\")"
        )
        condition = f"where {index.only}" if index.only else ""
        database.execute(
            f"insert into {index.name} (rowid, {listed}) select id, {index.indexed} from {index.content}"
            f" {condition}"
        )
        database.execute(f"insert into {index.name} ({index.name}) values ('optimize')")
    write_postings(database.conn)


def _check(database: Database) -> None:
    """Raise `BuildError` unless the file is sound, its keys hold and its search indexes are whole."""
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
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            message = (
                f"The search index {index.name} is damaged ({error}). Run again; if it stays so, report it."
            )
            raise BuildError(message) from error
    database.conn.commit()
