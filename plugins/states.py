"""Shows one state of a collection at a time: no page is put together from two files.

Datasette opens a file once in each of its threads and keeps to what it opened, while a run of ingest puts
another file in its place. So each request first looks at the file's stamp: where it is another one, the
requests before it are let finish, and then all threads open the new file.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any

from datasette import hookimpl
from datasette.database import connections

# Seconds that a new state waits for requests that go on reading the one before, such as downloads.
PATIENCE = 5.0
SEEN = threading.local()
# A page may ask for others within; they are part of the request that is answered.
WITHIN: ContextVar[bool] = ContextVar("within", default=False)
Stamps = tuple[tuple[int, int, int] | None, ...]


class States:
    """The files that are read now, told by their stamps, and how many requests are answered from them."""

    def __init__(self, databases: list[Any]) -> None:
        """Begin with the files as they are."""
        self.databases = databases
        self.stamps = self.look()
        self.number = 0
        self.open = 0
        self.changed = asyncio.Condition()

    def look(self) -> Stamps:
        """Return the stamp of each file, None for one that is not there."""
        return tuple(stamp(database.path) for database in self.databases)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Keep to one state for as long as a request takes."""
        if WITHIN.get():
            yield
            return
        async with self.changed:
            found = self.look()
            if found != self.stamps and None not in found:
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await self.changed.wait_for(lambda: not self.open or self.stamps == found)
                if self.stamps != found:
                    self.renew(found)
            self.open += 1
        token = WITHIN.set(True)
        try:
            yield
        finally:
            WITHIN.reset(token)
            async with self.changed:
                self.open -= 1
                self.changed.notify_all()

    def renew(self, found: Stamps) -> None:
        """Let every thread open its files anew, and forget what was counted."""
        self.stamps = found
        self.number += 1
        for database in self.databases:
            database.cached_hash = database.cached_size = None
            database._cached_table_counts = None  # noqa: SLF001 - Datasette keeps it nowhere else
        self.changed.notify_all()


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
    name = database.name

    async def execute_fn(work: Callable[[Any], Any]) -> Any:
        def with_current(connection: Any) -> Any:
            if getattr(SEEN, name, 0) != states.number:
                connection.close()
                with suppress(ValueError):
                    database._all_file_connections.remove(connection)  # noqa: SLF001 - as above
                connection = database.connect()
                database.ds._prepare_connection(connection, name)  # noqa: SLF001 - as above
                setattr(connections, name, connection)
                setattr(SEEN, name, states.number)
            return work(connection)

        return await ask(with_current)

    return execute_fn


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
