"""The process that reads items: killable, bounded in memory, without network.

It may write to a scratch folder of its own, and nowhere else.

It is told one item after another over a pipe, answers with messages, and is replaced when it
dies or hangs. Messages are bytes: a first byte that says what follows, then the rest.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.limits import MIB
from ingest.reading import read_item, tools_at_hand
from ingest.workspace import encode

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from ingest.limits import Limits
    from ingest.model import Item
    from ingest.reading import Conditions, Tools

STARTING, FOUND, DONE, REFUSED = b"s", b"f", b"d", b"r"
FORBIDDEN = frozenset(
    {
        *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "subprocess.Popen"),
        *("os.system", "os.exec", "os.posix_spawn", "os.remove", "os.rename", "os.rmdir", "os.mkdir"),
        *("os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "shutil.rmtree", "os.kill"),
    }
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def serve(connection: Connection, conditions: Conditions, scratch: str) -> None:
    """Read items as they come over the connection until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to handle
    with tools_at_hand(conditions) as tools:
        # What a library prints while parsing is nothing that a person asked for.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for good
        # Loaded now, since afterwards nothing may be written, not even a compiled module.
        sys.dont_write_bytecode = True
        tempfile.tempdir = scratch
        protect(conditions.limits, scratch)
        _answer(connection, tools)


def _answer(connection: Connection, tools: Tools) -> None:
    """Read what comes over the connection, with these tools."""

    def starting(locator: str) -> None:
        connection.send_bytes(STARTING + locator.encode("utf-8", "surrogatepass"))

    while True:
        try:
            item, avoid = receive(connection)
        except (EOFError, OSError):
            return
        at_work = replace(tools, starting=starting, avoid=avoid)
        try:
            for finding in read_item(item, at_work):
                connection.send_bytes(FOUND + encode(finding))
        except OSError as error:
            # The disk failed, not this item: the run must end, or its article would be lost.
            connection.send_bytes(REFUSED + str(error.errno or 0).encode())
            return
        connection.send_bytes(DONE)


def receive(connection: Connection) -> tuple[Item, frozenset[str]]:
    """Return the next item, and the locators over which a worker was lost before."""
    item, avoid = connection.recv()
    return item, avoid


def protect(limits: Limits, scratch: str) -> None:
    """Bound this process's memory, and forbid it the network, other programs and writing.

    The hook sees what Python code does; the libraries in C that we use are told the same in
    their own settings (no network, no entities, no external files).
    """
    _bound(resource.RLIMIT_DATA, _data_size() + limits.memory_mib * MIB)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, limits.download_mib * MIB)

    def forbid(event: str, arguments: tuple[object, ...]) -> None:
        if event not in FORBIDDEN and event != "open":
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING):
            return
        target = arguments[0] if arguments else ""
        if not (isinstance(target, str) and (target == os.devnull or _within(target, scratch))):
            message = f"readers may not do this: {event} {target!r}"
            raise PermissionError(message)

    sys.addaudithook(forbid)


def _bound(kind: int, most: int) -> None:
    """Set a limit of this process for good; one of the machine's that is narrower stays as it is."""
    before = resource.getrlimit(kind)[1]
    hard = most if before == resource.RLIM_INFINITY else min(most, before)
    resource.setrlimit(kind, (hard, hard))


def _within(target: str, folder: str) -> bool:
    return f"{os.path.realpath(target)}/".startswith(f"{folder}/")


def _data_size() -> int:
    """Return the bytes of private memory that this process has already."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no file of ours
        for line in status:
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0
