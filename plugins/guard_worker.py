"""Runs one statement after another for strangers, in a process that may be killed at any moment.

SQLite looks at the time only between two steps of its machine, and one step may sort a table or
compare a pattern with a megabyte. So the kernel holds the limits: an alarm ends the process, and
its memory and files are bounded. What comes in and goes out are frames of `marshal`: four bytes of
length, then the value.
"""

import importlib.util
import json
import marshal
import os
import re
import resource
import signal
import sqlite3
import sys
import time
from contextlib import suppress
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any, BinaryIO

MEMORY = 192 * 2**20
HEAP = 56 * 2**20
GRACE = 0.15  # seconds between asking a statement to end and the alarm
STEPS = 1000
# A part of an article has a million characters at most, of four bytes at most.
LONGEST_VALUE = 4_200_000
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 50_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 2000,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
CLOSED_TABLES = ("sqlite_stmt", "dbstat", "fts3tokenize", "sqlite_dbpage", "bytecode", "tables_used")
# `data_version` is what FTS5 itself asks for.
PRAGMAS = frozenset(
    re.findall(
        r"\S+",
        "table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list data_version",
    )
)
FUNCTIONS = frozenset(
    re.findall(
        r"\S+",
        """
        -> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling char coalesce concat
        concat_ws cos cosh count cume_dist current_date current_time current_timestamp date datetime
        degrees dense_rank escape_fts exp first_value floor format glob group_concat hex highlight if iif
        ifnull instr json json_array json_array_length json_error_position json_extract json_group_array
        json_group_object json_insert json_object json_patch json_pretty json_quote json_remove
        json_replace json_set json_type json_valid julianday lag last_value lead length like likelihood
        likely ln log log10 log2 lower ltrim match max min mod nth_value ntile nullif octet_length
        percent_rank pi placed pow power printf quote radians random rank replace round row_number rtrim sign
        sin sinh snippet soundex sqlite_version sqrt strftime string_agg substr substring sum tan tanh
        time timediff total trim trunc typeof unhex unicode unixepoch unlikely upper zeroblob
        """,
    )
)
ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE})
CELL = 40  # characters of markup around a value
NUMBER = 25
TOO_MUCH = (
    "The result is larger than {0:,} characters. Ask for fewer columns or rows, or for parts of long texts:"
    " substr(text, 1, 500)."
)
TOO_HUNGRY = "The query needs more memory than a query may have here. Ask for less at once."


class TooMuchError(Exception):
    """A result is larger than what may be given."""


def authorize(action: int, one: str | None, two: str | None, *_where: str | None) -> int:
    """Let through what only reads, and reads nothing but the collection and what it is made of."""
    name = (one or "").lower()
    if action == sqlite3.SQLITE_READ:
        closed = name in CLOSED_TABLES or (
            name.startswith("pragma_") and name.removeprefix("pragma_") not in PRAGMAS
        )
        return sqlite3.SQLITE_DENY if closed else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_OK if (two or "").lower() in FUNCTIONS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if name in PRAGMAS else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def connect(asked: dict[str, Any]) -> sqlite3.Connection:
    """Return a connection that can do nothing but read the file that is asked."""
    way = "immutable=1" if asked["immutable"] else "mode=ro"
    connection = sqlite3.connect(f"{Path(asked['path']).as_uri()}?{way}", uri=True, isolation_level=None)
    for limit, most in LIMITS.items():
        connection.setlimit(limit, most)
    for pragma in (
        f"hard_heap_limit = {HEAP}",
        "query_only = on",
        "trusted_schema = off",
        "cell_size_check = on",
        "temp_store = memory",  # which counts as heap
        "mmap_size = 0",
    ):
        connection.execute(f"pragma {pragma}")
    connection.text_factory = lambda text: str(text, "utf-8", "replace")
    connection.create_function("escape_fts", 1, escape_fts, deterministic=True)
    connection.create_function("placed", 2, partial(placed, asked["places"]), deterministic=True)
    open_virtual_tables(connection)
    connection.set_authorizer(authorize)
    return connection


def open_virtual_tables(connection: sqlite3.Connection) -> None:
    """Let the tables that modules make be there before making anything is forbidden."""
    made = "select name from sqlite_master where type = 'table' and sql like 'create virtual table%'"
    names = [name for (name,) in connection.execute(made)]
    for name in [*names, "json_each", "json_tree", *(f"pragma_{each}" for each in sorted(PRAGMAS))]:
        quoted = name.replace('"', '""')
        with suppress(sqlite3.Error):  # what SQLite does not know here cannot be asked either
            connection.execute(f'select 1 from "{quoted}" limit 0').fetchall()


def placed(places: dict[str, Any], name: object, beside: object) -> Any:
    """Return where a place lies, as the map does; the gazetteer is read when first asked for."""
    return gazetteer().placing(places)(name, beside)


@cache
def gazetteer() -> Any:
    """Return the file that knows the places."""
    spec = importlib.util.spec_from_file_location("gazetteer", Path(__file__).with_name("gazetteer.py"))
    assert spec is not None  # noqa: S101 - the file has a name and a loader
    assert spec.loader is not None  # noqa: S101 - as above
    module = importlib.util.module_from_spec(spec)
    sys.modules["gazetteer"] = module  # dataclasses look there for their own module
    spec.loader.exec_module(module)
    return module


def escape_fts(text: str) -> str:
    """Return words as a full-text query that is none of its language; Datasette's tables call this."""
    return " ".join(
        part if part.startswith('"') else f'"{part}"' for part in re.findall(r'"[^"]+"|[^\s"]+', text)
    )


def cost(value: object) -> int:
    """Return how many characters a value takes on a page or as JSON, whichever is more."""
    if isinstance(value, str):
        return max(len(json.dumps(value)), len(escape(value)))
    if isinstance(value, bytes):
        return len(value) * 4 // 3
    return NUMBER


def fetch(cursor: sqlite3.Cursor, most_rows: int | None, most: int) -> list[tuple[Any, ...]]:
    """Return rows; raises `TooMuchError` when they would make an answer of more than `most` characters."""
    names = [column[0] for column in cursor.description or ()]
    around = sum(CELL + cost(name) for name in names)
    rows: list[tuple[Any, ...]] = []
    spent = 0
    for row in cursor:
        spent += around + sum(map(cost, row))
        if spent > most:
            raise TooMuchError(TOO_MUCH.format(most))
        rows.append(row)
        if most_rows is not None and len(rows) == most_rows:
            break
    return rows


def answer(connection: sqlite3.Connection, asked: dict[str, Any], until: float) -> tuple[str, Any, Any]:
    """Return `rows` with names of columns and rows, or the kind of failure with a sentence.

    Its own limit is of the processor, so that a busy machine fails no honest query.
    """
    spent = time.process_time() + asked["processor"]
    connection.set_progress_handler(lambda: time.process_time() > spent or time.monotonic() > until, STEPS)
    cursor = connection.cursor()
    try:
        cursor.execute(asked["sql"], asked["parameters"])
        rows = fetch(cursor, asked["rows"], asked["characters"])
        return "rows", [column[0] for column in cursor.description or ()], rows
    except TooMuchError as error:
        return "error", str(error), None
    except MemoryError:
        return "error", TOO_HUNGRY, None
    except (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError) as error:
        late = isinstance(error, sqlite3.OperationalError) and str(error) == "interrupted"
        return "late" if late else "error", str(error), None
    finally:
        cursor.close()


def read(stream: BinaryIO) -> Any:
    """Return the next frame; None at the end."""
    length = stream.read(4)
    return marshal.loads(stream.read(int.from_bytes(length))) if length else None  # noqa: S302 - our parent


def restrict() -> None:
    """Give up what a query needs not: memory, files, cores, and the right of way."""
    with suppress(OSError):  # should all memory run out, a query goes first
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    for limit, most in (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(5)


def opened(held: dict[str, tuple[Any, sqlite3.Connection]], asked: dict[str, Any]) -> sqlite3.Connection:
    """Return the connection to the file that is asked, a new one where another file lies there now.

    Raises `OSError` or `sqlite3.Error` where it cannot be opened.
    """
    status = Path(asked["path"]).stat()
    stamp = (status.st_dev, status.st_ino, asked["immutable"])
    if asked["path"] not in held or held[asked["path"]][0] != stamp:
        held.clear()
        held[asked["path"]] = (stamp, connect(asked))
    return held[asked["path"]][1]


def main() -> None:
    """Answer until nobody asks any more."""
    restrict()
    held: dict[str, tuple[Any, sqlite3.Connection]] = {}
    while asked := read(sys.stdin.buffer):
        # Without a handler of ours the alarm ends the process, in the middle of whatever it does.
        signal.setitimer(signal.ITIMER_REAL, asked["seconds"] + GRACE)
        try:
            until = time.monotonic() + asked["seconds"]
            given = marshal.dumps(answer(opened(held, asked), asked, until))
        except (OSError, sqlite3.Error) as error:
            given = marshal.dumps(("unreadable", str(error), None))
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(len(given).to_bytes(4) + given)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
