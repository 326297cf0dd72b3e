"""Shows one state of a collection at a time: no page of the reading room is put together from two files.

Datasette opens a file once in each of its threads and keeps to what it opened, while a run of ingest puts
another file in its place. So each request first looks at the file's stamp: where it is another one, the
requests before it are let finish, and then all threads open the new file.
"""

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from datasette import hookimpl
from datasette.database import connections

# Seconds that a new state waits for requests that go on reading the one before, such as downloads.
PATIENCE = 5.0
MOST_TRIES = 5
SEEN = threading.local()
Stamps = tuple[tuple[int, int, int] | None, ...]


@dataclass
class Request:
    """What is being answered; a page may ask for others within, which are part of it."""

    done: bool = False


WITHIN: ContextVar[Request | None] = ContextVar("within", default=None)


class States:
    """The files that are read now, told by their stamps, and how many requests are answered from them."""

    def __init__(self, databases: list[Any]) -> None:
        """Begin with nothing seen, so that the first request opens the files."""
        self.databases = databases
        self.stamps: Stamps = tuple(None for _ in databases)
        self.number = 0
        self.open = 0
        self.changed = asyncio.Condition()

    def look(self) -> Stamps:
        """Return the stamp of each file; one that is not there keeps the stamp it had."""
        found = (stamp(database.path) for database in self.databases)
        return tuple(new or old for new, old in zip(found, self.stamps, strict=True))

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Keep to one state for as long as a request takes."""
        around = WITHIN.get()
        if around and not around.done:
            yield
            return
        async with self.changed:
            found = self.look()
            if found != self.stamps:
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await self.changed.wait_for(lambda: not self.open or self.stamps == found)
                if self.stamps != found:
                    await self.renew()
            self.open += 1
        # A connection's next request may begin within this one's last step, and is not part of it.
        request = Request()
        token = WITHIN.set(request)
        try:
            yield
        finally:
            request.done = True
            WITHIN.reset(token)
            async with self.changed:
                self.open -= 1
                self.changed.notify_all()

    async def renew(self) -> None:
        """Let every thread open the files as they are, and forget what was counted."""
        for database in self.databases:
            database.cached_hash = database.cached_size = None
            database._cached_table_counts = None  # noqa: SLF001 - Datasette keeps it nowhere else
        for _ in range(MOST_TRIES):
            self.number += 1
            self.stamps = self.look()
            await self._open_all()
            if self.look() == self.stamps:
                break
        self.changed.notify_all()

    async def _open_all(self) -> None:
        """Open the files in all threads, so that none does later, when yet another file may lie there."""
        datasette = self.databases[0].ds
        threads = datasette.setting("num_sql_threads")
        together = threading.Barrier(threads, timeout=PATIENCE)

        def open_here() -> None:
            with suppress(threading.BrokenBarrierError):
                together.wait()
            for database in self.databases:
                with suppress(sqlite3.Error):  # told to whoever asks
                    connection_of(database, self.number)

        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(datasette.executor, open_here) for _ in range(threads)))


def stamp(path: str) -> tuple[int, int, int] | None:
    """Return what tells one state of a file from another; None while there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - at every request
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


@hookimpl
def startup(datasette: Any) -> None:
    """Follow the files that may be replaced; those that are told to stay are left alone."""
    databases = [each for each in datasette.databases.values() if each.path and each.is_mutable]
    if datasette.executor is None or not databases:
        return
    datasette.room_states = states = States(databases)
    for database in databases:
        database.execute_fn = following(database, states)


def following(database: Any, states: States) -> Callable[[Callable[[Any], Any]], Awaitable[Any]]:
    """Return the way to ask a database, on a connection to the state that is read now."""
    ask = database.execute_fn

    async def execute_fn(work: Callable[[Any], Any]) -> Any:
        return await ask(lambda _: work(connection_of(database, states.number)))

    return execute_fn


def connection_of(database: Any, number: int) -> Any:
    """Return this thread's connection to a database in the state of that number.

    One whose file is gone keeps the connection that it had.
    """
    name = database.name
    held = getattr(connections, name, None)
    if held is not None and getattr(SEEN, name, 0) == number:
        return held
    try:
        fresh = database.connect()
    except sqlite3.Error:
        if held is None:
            raise
        return held
    database.ds._prepare_connection(fresh, name)  # noqa: SLF001 - as above
    setattr(connections, name, fresh)
    setattr(SEEN, name, number)
    if held is not None:
        held.close()
        with suppress(ValueError):
            database._all_file_connections.remove(held)  # noqa: SLF001 - as above
    return fresh


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Answer each request from one state of the files."""

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            states: States | None = getattr(datasette, "room_states", None)
            if scope["type"] != "http" or states is None:
                await app(scope, receive, send)
                return
            async with states.held():
                await app(scope, receive, send)

        return wrapped

    return wrap
