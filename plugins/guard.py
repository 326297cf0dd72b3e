"""Lets strangers ask SQL without harm: what they send is bounded, and runs where it may be killed.

Whatever Datasette's own pages ask (tables, rows, facets and the SQL page) goes to a few processes
of `guard_worker`; the reading room's pages, whose statements are fixed, keep the connections here.
So no query takes the time or the memory of a reader's page. Of our own pages those that count or
search take turns, and leave a thread to those that show an article.
"""

import asyncio
import atexit
import marshal
import os
import re
import select
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.database import Database, QueryInterrupted, Results
from datasette.utils.sqlite import sqlite3
from datasette.views.base import DatasetteError

WORKER = Path(__file__).resolve().with_name("guard_worker.py")
WORKERS = 3
CHARACTERS = 4_000_000
SHORTEST = 0.01
# A page may ask several times; all together get so many times the limit of one query.
PATIENCE = 1.4
LONGEST_WAIT = 10.0  # seconds that a page of ours waits for its turn
LAST_RESORT = 0.5  # seconds after which a worker is killed from here, should its own alarm fail
NAMES = re.compile(r"[:@$](\w+)")
BUSY = "Many queries are running just now. Please try again in a few seconds."
UNREADABLE = "The collection cannot be read just now. Please try again later."
KILLED = "The query needs more memory than a query may have here. Ask for less at once."
# No page reads a longer value: parts of an article have a million characters at most.
PAGE_LIMITS = {
    "SQLITE_LIMIT_LENGTH": 50_000_000,
    "SQLITE_LIMIT_ATTACHED": 0,
    "SQLITE_LIMIT_WORKER_THREADS": 0,
}

# What Datasette asks of the schema many times a page; word for word, these cost nothing whoever asks.
ABOUT_INDEXES = (
    "rootpage = 0 and ( sql like '%VIRTUAL TABLE%USING FTS%' ) or name in"
    " ('sqlite_stat1', 'sqlite_stat2', 'sqlite_stat3', 'sqlite_stat4')"
)
CHEAP = frozenset(
    f"select {wanted} from sqlite_master where {condition}"
    for wanted, condition in (
        ("1", "type='table' and name=?"),
        ("name", "type in ('table', 'view') and name = ? collate nocase"),
        ("name", "type='table'"),
        ("name", "type='view'"),
        ("name", ABOUT_INDEXES),
        ("sql", "name = :n and type=:t"),
        ("sql", "tbl_name = :n and type='index' and sql is not null"),
    )
)

# When a stranger's request must be over; none while a page of the reading room is made.
DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)
# Whether a table is asked for to be taken away, for which Datasette forgets what is wrong with the SQL.
TAKEN_AWAY: ContextVar[bool] = ContextVar("taken_away", default=False)
# The turn of a page of ours that may take long; none while any other is made.
TURN: ContextVar["Turn | None"] = ContextVar("turn", default=None)
POOL = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="guard")
HELD = threading.local()
PROCESSES: set[subprocess.Popen[bytes]] = set()


@hookimpl
def startup(datasette: Any) -> None:
    """Send strangers' queries to the workers; refuse to serve where SQLite cannot be bounded."""
    if not hasattr(sqlite3.Connection, "setlimit"):
        message = (
            "This Python's sqlite3 cannot set limits, so a stranger's query could stop the server."
            " Use Python 3.11 or newer, without pysqlite3."
        )
        raise SystemExit(message)
    datasette.refresh_schemas = undisturbed(datasette.refresh_schemas)
    for database in datasette.databases.values():
        if type(database) is Database and database.path:
            # Not made anew, to keep what it has counted already.
            database.__class__ = GuardedDatabase


def undisturbed(work: Any) -> Any:
    """Return work of Datasette's own, done without a stranger's limits although a stranger came first."""

    async def run(*arguments: Any, **named: Any) -> Any:
        token = DEADLINE.set(None)
        try:
            return await work(*arguments, **named)
        finally:
            DEADLINE.reset(token)

    return run


@hookimpl
def prepare_connection(conn: Any, database: str) -> None:
    """Bound the connections of the reading room's pages, though their statements are fixed."""
    if database in {"_memory", "_internal"} or not hasattr(conn, "setlimit"):
        return
    for name, most in PAGE_LIMITS.items():
        conn.setlimit(getattr(sqlite3, name), most)
    conn.execute("pragma trusted_schema = off")
    conn.execute("pragma cell_size_check = on")


class Turn:
    """One page's turn to ask the database, from its first question until its answer begins.

    A reader who takes the answer slowly, or sends the question slowly, holds up nobody. A quick page
    asks at once; should it turn out to be much work, it begins its turn by itself.
    """

    def __init__(self, places: asyncio.Semaphore, *, quick: bool = False) -> None:
        """Wait for one of these places when the first question comes, unless the page is quick."""
        self.places, self.quick = places, quick
        self.held = self.over = False
        self.beginning = asyncio.Lock()  # a page may ask several questions at once

    async def begin(self) -> None:
        """Wait until it is this page's turn; raises `DatasetteError` when that takes too long."""
        async with self.beginning:
            if self.held or self.over:
                return
            try:
                async with asyncio.timeout(LONGEST_WAIT):
                    await self.places.acquire()
            except TimeoutError:
                raise DatasetteError(BUSY, title="Busy", status=429) from None
            if self.over:
                self.places.release()
            else:
                self.held = True

    def end(self) -> None:
        """Let the next page begin; what this one asks from now on, it asks at once."""
        if self.held:
            self.places.release()
        self.held, self.over = False, True


class GuardedDatabase(Database):  # type: ignore[misc] # Datasette has no types
    """A database whose queries run in a worker while a stranger's request is answered."""

    async def execute_fn(self, fn: Any) -> Any:
        """Return what a function gives for a connection, when it is the turn of the page that asks."""
        turn = TURN.get()
        if turn and not turn.quick:
            await turn.begin()
        return await super().execute_fn(fn)

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,  # noqa: FBT001, FBT002 - as above
        custom_time_limit: float | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,  # noqa: FBT001, FBT002 - as above
    ) -> Any:
        """Return the results; raises `QueryInterrupted` when time is over."""
        deadline = DEADLINE.get()
        if deadline is None or is_cheap(sql):
            return await super().execute(
                sql,
                params,
                truncate=truncate,
                custom_time_limit=custom_time_limit,
                page_size=page_size,
                log_sql_errors=log_sql_errors,
            )
        limit = self.ds.sql_time_limit_ms
        limit = min(limit, custom_time_limit or limit) / 1000
        most = self.ds.max_returned_rows
        most += most == (page_size or self.ds.page_size)
        asked = {
            "path": os.path.abspath(self.path),  # noqa: ASYNC240, PTH100 - no look at the disk
            "immutable": not self.is_mutable,
            "places": (self.ds.plugin_config("readingroom") or {}).get("places") or {},
            "sql": sql,
            "parameters": bound(sql, params),
            "rows": most + 1 if truncate and most else None,
            "characters": CHARACTERS,
        }
        kind, given, rows = await submit(asked, limit, deadline)
        if kind == "late":
            raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)
        if kind == "busy":
            raise DatasetteError(BUSY, title="Busy", status=429)
        if kind == "unreadable":
            # Strangers need not know where the file lies.
            sys.stderr.write(f"{self.path} cannot be read: {given}\n")
            raise DatasetteError(UNREADABLE, title="Unreadable", status=503)
        if kind == "error" and TAKEN_AWAY.get():
            raise DatasetteError(given, title="Invalid SQL", status=400)
        if kind == "error":
            raise sqlite3.OperationalError(given)
        cursor = described(tuple(given))
        truncated = bool(truncate and most) and len(rows) > most
        kept = rows[:most] if truncated else rows
        return Results([sqlite3.Row(cursor, row) for row in kept], truncated, cursor.description)


def is_cheap(sql: str) -> bool:
    """Tell whether a statement costs nothing, whoever asks it.

    A pragma is never a stranger's: what they send must begin with select, with or explain.
    """
    return sql.lstrip()[:6].lower() == "pragma" or " ".join(sql.split()) in CHEAP


def bound(sql: str, params: Any) -> Any:
    """Return the parameters as plain values; a dictionary may make some of them up when asked."""
    if not hasattr(params, "keys"):
        return tuple(params or ())
    known = {}
    for name in set(NAMES.findall(sql)):
        try:
            known[name] = params[name]
        except KeyError:
            continue
    return known


@lru_cache(maxsize=100)
def described(names: tuple[str, ...]) -> Any:
    """Return a cursor whose rows have these columns, as rows want one."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    quoted = (name.replace('"', '""') for name in names)
    return connection.execute("select " + ", ".join(f'null as "{name}"' for name in quoted))


async def submit(asked: dict[str, Any], limit: float, deadline: float) -> tuple[str, Any, Any]:
    """Return what a worker answers; `late` or `busy` where there is no time left to ask or to wait."""
    remaining = deadline - time.monotonic()
    if remaining < SHORTEST:
        return "late", "", None
    started = threading.Event()
    future = POOL.submit(ask, asked, limit, deadline, started)
    try:
        return await asyncio.wait_for(asyncio.wrap_future(future), remaining + LAST_RESORT)
    except TimeoutError:
        return ("late" if started.is_set() else "busy"), "", None


def ask(
    asked: dict[str, Any], limit: float, deadline: float, started: threading.Event
) -> tuple[str, Any, Any]:
    """Return what this thread's worker answers, and replace it where it was ended."""
    remaining = deadline - time.monotonic()
    if remaining < SHORTEST:
        return "busy", "", None
    started.set()
    process = getattr(HELD, "process", None) or start()
    frame = marshal.dumps({**asked, "processor": min(limit, remaining), "seconds": remaining})
    assert process.stdin is not None  # noqa: S101 - it was opened as a pipe
    try:
        process.stdin.write(len(frame).to_bytes(4) + frame)
        process.stdin.flush()
        until = time.monotonic() + remaining + LAST_RESORT
        length = int.from_bytes(read(process, 4, until))
        kind, given, rows = marshal.loads(read(process, length, until))  # noqa: S302 - our own child
    except (EOFError, OSError):
        process.kill()
        code = process.wait()
        forget(process)
        HELD.process = start()
        ended = -code in {14, 9}  # by its alarm, or from here
        return ("late", "", None) if ended else ("error", KILLED, None)
    return kind, given, rows


def start() -> subprocess.Popen[bytes]:
    """Start this thread's worker, which shares nothing with this process but two pipes."""
    HELD.process = process = subprocess.Popen(  # noqa: S603 - our own file
        [sys.executable, "-I", "-S", str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
        env={},
    )
    PROCESSES.add(process)
    return process


def forget(process: subprocess.Popen[bytes]) -> None:
    """Close the pipes of a worker that has ended."""
    PROCESSES.discard(process)
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe:
                pipe.close()
        except OSError:
            continue  # what was left to write has no reader any more


def read(process: subprocess.Popen[bytes], length: int, until: float) -> bytes:
    """Return so many bytes of a worker; raises `EOFError` when it ended or time is over."""
    assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
    waiting = select.poll()
    waiting.register(process.stdout, select.POLLIN)
    parts: list[bytes] = []
    while length:
        ready = waiting.poll(max(0.0, until - time.monotonic()) * 1000)
        part = os.read(process.stdout.fileno(), length) if ready else b""
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


@atexit.register
def end() -> None:
    """Leave no worker behind."""
    for process in list(PROCESSES):
        process.kill()
        process.wait()
        forget(process)
