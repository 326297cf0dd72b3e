"""Serves a finished collection to the public, and takes a new file in without a failed request.

    python public.py collection.db --metadata metadata.yml --plugins-dir plugins --port 8001

One process holds the port and watches the file. Each state of the file is served by a process of
its own, from a name of its own (a hard link beside it), so no page is put together from two. When
another file takes the place, it is counted and opened first; then the older process takes no new
visitor, finishes what it has begun, and ends. Needs Datasette and what comes with it, not Reading
Room: `publish server` puts this very file beside the collection.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils import parse_metadata

SETTINGS: dict[str, Any] = {
    "suggest_facets": False,
    "facet_time_limit_ms": 100,
    "truncate_cells_html": 300,
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 500,
    "allow_csv_stream": False,
    "max_csv_mb": 10,
    "default_cache_ttl": 300,
}
GUARD = "guard.py"
FIRST_PAGES = ("/", "/search")
# An edition says how long its excerpts are.
WITHHELD = """
    select count(*) from articles where rights <> 'full' and (select excerpt_words from runs) is null
"""
WATCH = 1.0
DRAIN = 3.0  # seconds in which a visitor who has just come may still ask
PATIENCE = 60.0
# What is made for visitors lies in memory until they take it.
MOST_UNTAKEN = 64 * 2**20  # bytes for all together
TAKING = 30.0  # seconds for what lies ready, and one more for every so many bytes of it:
PACE = 32 * 2**10
ASKING = 40.0  # seconds for a whole request and for the beginning of its answer


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a visitor was seen at: which request, since and until when, and how many bytes lie untaken."""

    request: Any
    since: float
    until: float
    untaken: int = 0


def look(visitor: Any, before: Visit | None, now: float) -> Visit:
    """Return what a visitor is at; as long as nothing goes on, it is what it was `before`."""
    request, untaken = visitor.cycle, visitor.transport.get_write_buffer_size()
    patience = TAKING + untaken / PACE if untaken else ASKING
    anew = Visit(request=request, since=now, until=now + patience, untaken=untaken)
    if before is None or before.request is not request or bool(before.untaken) != bool(untaken):
        return anew
    if untaken:
        # More than before was written only because what lay there was taken.
        return anew if untaken > before.untaken else replace(before, untaken=untaken)
    is_answered = request is not None and request.response_started and not request.response_complete
    return anew if is_answered else before


class Server(uvicorn.Server):
    """A server that ends gently: it takes nobody in any more, and waits for those who are there."""

    draining = False
    watcher: int | None = None  # the process that holds the port, where it is another

    def __init__(self, config: uvicorn.Config) -> None:
        """Begin with no visitor."""
        super().__init__(config)
        self.visits: dict[Any, Visit] = {}

    async def on_tick(self, counter: int) -> bool:
        """Tell whether to end; also when nobody is left to tell it to, as the port must be free again."""
        self.let_go(time.monotonic())
        return await super().on_tick(counter) or self.watcher not in {None, os.getppid()}

    def let_go(self, now: float) -> None:
        """Close the connections of visitors who hold memory or a place without asking or taking anything.

        Where more lies ready than may, whoever has been taking longest is the first to go.
        """
        before, self.visits = self.visits, {}
        for visitor in list(self.server_state.connections):
            self.visits[visitor] = look(visitor, before.get(visitor), now)
        untaken = sum(visit.untaken for visit in self.visits.values())
        for visitor, visit in sorted(self.visits.items(), key=lambda each: each[1].since):
            if now > visit.until or (untaken > MOST_UNTAKEN and visit.untaken):
                untaken -= visit.untaken
                visitor.transport.abort()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the door, let visitors finish, then end."""
        self.draining = True
        for server in self.servers:
            server.close()
        await asyncio.sleep(DRAIN)
        await super().shutdown(sockets)


def serve(options: argparse.Namespace, database: Path, door: int, ready: int) -> None:
    """Serve one state of the file on an open socket, until told to end."""
    if count := count_withheld(database):
        message = f"Of {count:,} articles {options.database} holds more than may be shown: it is no edition."
        sys.exit(f"{message} Make one with: readingroom edition")
    metadata = parse_metadata(options.metadata.read_text(encoding="utf-8")) if options.metadata else None
    datasette = Datasette(
        immutables=[str(database)],
        inspect_data=json.loads(database.with_suffix(".json").read_text(encoding="utf-8")),
        metadata=metadata,
        plugins_dir=str(options.plugins_dir) if options.plugins_dir else None,
        settings={**SETTINGS, "allow_download": options.download, "force_https_urls": options.https},
    )
    asyncio.run(warm(datasette))
    if not options.plugins_dir:
        sys.exit(
            f"Without its plugins strangers' SQL has no bounds. Name the folder of {GUARD}: --plugins-dir"
        )
    if not pm.has_plugin(GUARD):
        sys.exit(f"{options.plugins_dir} holds no {GUARD}, without which strangers' SQL has no bounds.")
    app = datasette.app()

    async def closing(scope: Any, receive: Any, send: Any) -> None:
        async def say(event: Any) -> None:
            if server.draining and event["type"] == "http.response.start":
                event = {**event, "headers": [*event.get("headers", ()), (b"connection", b"close")]}
            await send(event)

        await app(scope, receive, say)

    server = Server(
        uvicorn.Config(
            closing,
            ws="none",  # no visitor may change to what `look` does not know
            lifespan="on",
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=20,
        )
    )
    if not options.fixed:
        server.watcher = os.getppid()
    # The state before was shown up to now; harvesters are told of what is new by this.
    datasette.shown_since = time.time()
    os.write(ready, b"1")
    os.close(ready)
    server.run(sockets=[socket.socket(fileno=door)])


def count_withheld(database: Path) -> int:
    """Return how many articles a collection holds in full that may not be shown so; an edition holds none."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute(WITHHELD).fetchone()[0])
        except sqlite3.OperationalError:  # of another program
            return 0


async def warm(datasette: Any) -> None:
    """Ask for the first pages, so that no visitor waits for what is read once."""
    await datasette.invoke_startup()
    for page in FIRST_PAGES:
        await datasette.client.get(page)


def prepare(database: Path, state: Path) -> Path:
    """Return a name of its own for the file as it is now, with its tables counted."""
    folder = state / f"{database.stat().st_ino}-{time.time_ns()}"
    folder.mkdir(parents=True)
    own = folder / database.name
    try:
        own.hardlink_to(database)
    except OSError:  # another disk, or a file of another owner
        shutil.copyfile(database, own)
    command = [sys.executable, "-m", "datasette", "inspect", str(own)]
    subprocess.run(  # noqa: S603 - our own command
        [*command, "--inspect-file", str(own.with_suffix(".json"))], check=True, stdout=subprocess.DEVNULL
    )
    return own


def start(database: Path, door: socket.socket) -> subprocess.Popen[bytes] | None:
    """Start a process for a state of the file and return it when it is ready to answer."""
    reading, writing = os.pipe()
    process = subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, __file__, *sys.argv[1:], "--state-of", f"{door.fileno()},{writing},{database}"],
        pass_fds=(door.fileno(), writing),
    )
    os.close(writing)
    is_ready = os.read(reading, 1) == b"1"
    os.close(reading)
    if is_ready:
        return process
    process.wait()
    return None


def stop(process: subprocess.Popen[bytes], database: Path) -> None:
    """Let a process finish what it has begun, and remove the name it served from."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(database.parent, ignore_errors=True)


def watch(options: argparse.Namespace) -> None:
    """Hold the port, serve the file, and follow it when another takes its place."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    door = socket.socket(family)
    # Every visitor takes a descriptor; the few that are given by default are soon held by one.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((options.host, options.port))
    except OSError as error:
        sys.exit(f"Port {options.port} of {options.host} is not free ({error.strerror}).")
    door.listen(256)
    if options.fixed:
        serve(options, options.database, door.fileno(), os.open(os.devnull, os.O_WRONLY))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    state: Path = (options.state or options.database.parent) / f".serving-{options.port}"
    shutil.rmtree(state, ignore_errors=True)
    seen = stamp(options.database)
    try:
        served = prepare(options.database, state)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(state, ignore_errors=True)
        sys.exit(f"{options.database} cannot be served: {error}. --state names a folder that may be written.")
    process = start(served, door)
    if process is None:
        sys.exit(f"{options.database} cannot be served; the reason stands above.")
    say(f"Serving {options.database} on http://{options.host}:{options.port}/")
    try:
        while True:
            time.sleep(WATCH)
            now = stamp(options.database)
            if now is None or (now == seen and process.poll() is None):
                continue
            seen = now
            try:
                following = prepare(options.database, state)
            except (OSError, subprocess.CalledProcessError) as error:
                say(f"The new file is not served: {error}")
                continue
            if (newer := start(following, door)) is None:
                say("The new file cannot be served, the one before stays; the reason stands above.")
                shutil.rmtree(following.parent, ignore_errors=True)
                continue
            stop(process, served)
            process, served = newer, following
            say("A new file is served.")
    finally:
        stop(process, served)
        shutil.rmtree(state, ignore_errors=True)


def stamp(database: Path) -> tuple[int, int, int] | None:
    """Return what tells one state of the file from another; None while there is none."""
    try:
        status = database.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def say(text: str) -> None:
    """Tell the journal."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("--metadata", type=Path)
    parser.add_argument("--plugins-dir", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--state", type=Path, help="where to keep the names served from; beside the file")
    parser.add_argument(
        "--fixed", action="store_true", help="the file stays, with its counts in a .json beside"
    )
    parser.add_argument("--download", action="store_true", help="let visitors download the whole file")
    parser.add_argument("--https", action="store_true", help="write addresses with https://, behind a proxy")
    parser.add_argument("--state-of", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.state_of:
        door, ready, database = options.state_of.split(",", 2)
        serve(options, Path(database), int(door), int(ready))
    else:
        watch(options)


if __name__ == "__main__":
    main()
