"""Sends the whole database as a file server does: a part where one is asked for, and to a few at once.

Datasette decides who may have it and what is said of it. Its own way to send is in small pieces, always
from the beginning, and to the end even when nobody takes them any more.
"""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from datasette import hookimpl
from datasette.plugins import pm
from datasette.utils import tilde_decode

FILE = re.compile(r"/(?P<database>[^/.]+)\.db")
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
MOST = 8  # visitors who take it at once
# Seconds of a download, and bytes in a second of it: who takes less gives way where all places are taken.
LEAST_SECONDS, PACE = 60.0, 128 * 2**10
BUSY = "Many take the file just now. Please try again later; what broke off goes on where it ended."
PIECE = 256 * 2**10
OK, PARTIAL, TOO_MANY = 200, 206, 429
# What is said of the length, which is ours to say.
LENGTHS = {b"content-length", b"transfer-encoding"}


class BegunError(BaseException):
    """Datasette began to send the file, with these headers; no error that it may answer itself."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Keep what Datasette says of the file."""
        super().__init__()
        self.headers = headers


@dataclass(eq=False, kw_only=True)
class Taking:
    """One download: since when, how many bytes of it were taken, and the limit that ends it."""

    since: float
    limit: asyncio.Timeout
    taken: int = 0


def make_place(taking: set[Taking]) -> bool:
    """Tell whether one more may take the file; where all places are taken, the slowest may have to give way.

    It may go on where it ended. Else a few who take a byte now and then would keep all others out.
    """
    if len(taking) < MOST:
        return True
    now = time.monotonic()
    slow = [each for each in taking if now - each.since > LEAST_SECONDS]
    slowest = min(slow, key=lambda each: each.taken / (now - each.since), default=None)
    if slowest is None or slowest.taken > PACE * (now - slowest.since):
        return False
    taking.discard(slowest)
    slowest.limit.reschedule(0)
    return True


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Take over where Datasette begins to send a file."""

    def wrap(app: Any) -> Any:
        taking: set[Taking] = set()

        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            guard = pm.get_plugin("guard_requests.py")
            path = guard.path_of(scope, datasette.setting("base_url")) if scope["type"] == "http" else ""
            if not (found := FILE.fullmatch(path)):
                await app(scope, receive, send)
                return

            async def beginning(event: Any) -> None:
                if event["type"] == "http.response.start" and event["status"] == OK:
                    raise BegunError(event["headers"])
                await send(event)

            try:
                await app(scope, receive, beginning)
            except BegunError as begun:
                headers = begun.headers
            else:
                return
            if not make_place(taking):
                await guard.refusal(path, TOO_MANY, BUSY).asgi_send(send)
                return
            file = datasette.get_database(route=tilde_decode(found["database"])).path
            async with place(taking) as own:

                async def counted(event: Any) -> None:
                    await send(event)
                    own.taken += len(event.get("body", b""))

                await send_file(file, headers, scope, receive, counted)

        return wrapped

    return wrap


@asynccontextmanager
async def place(taking: set[Taking]) -> AsyncIterator[Taking]:
    """Hold that somebody takes the file, until it is sent or another takes the place."""
    own = Taking(since=time.monotonic(), limit=asyncio.timeout(None))
    taking.add(own)
    try:
        async with own.limit:
            yield own
    except TimeoutError:
        return  # the connection is closed with what was sent
    finally:
        taking.discard(own)


async def send_file(path: str, said: list[tuple[bytes, bytes]], scope: Any, receive: Any, send: Any) -> None:
    """Send a file, or the part of it that is asked for, for as long as somebody takes it."""
    headers = [(name.lower(), value) for name, value in said if name.lower() not in LENGTHS]
    file = os.open(path, os.O_RDONLY)
    gone = asyncio.ensure_future(leaving(receive))
    try:
        size = os.fstat(file).st_size
        part = asked_part(dict(scope["headers"]), dict(headers).get(b"etag"), size)
        start, end = part or (0, size)
        headers += [(b"accept-ranges", b"bytes"), (b"content-length", b"%d" % (end - start))]
        if part:
            headers.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, size)))
        await send({"type": "http.response.start", "status": PARTIAL if part else OK, "headers": headers})
        while scope["method"] != "HEAD" and start < end and not gone.done():
            piece = await asyncio.to_thread(os.pread, file, min(PIECE, end - start), start)
            if not piece:
                break  # cut short meanwhile; the server breaks off what is shorter than was said
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            start += len(piece)
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        os.close(file)


def asked_part(headers: dict[bytes, bytes], etag: bytes | None, size: int) -> tuple[int, int] | None:
    """Return where the one part begins and ends that is asked for; None where the whole file is to be sent.

    As the protocol allows, the whole is sent too where several parts are asked for, or none that there is.
    """
    asked = RANGE.fullmatch(headers.get(b"range", b"").decode("latin-1"))
    if not asked or headers.get(b"if-range", etag) != etag or asked[1] == asked[2] == "":
        return None
    if asked[1]:
        start, end = int(asked[1]), min(int(asked[2] or size), size - 1) + 1
    else:
        start, end = max(0, size - int(asked[2])), size
    return (start, end) if start < end else None


async def leaving(receive: Any) -> None:
    """Wait until the visitor is gone."""
    while (await receive())["type"] != "http.disconnect":
        continue
