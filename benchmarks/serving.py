"""Runs servers as processes of their own, for those benchmarks that ask over HTTP."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WAIT, TIMES = 0.2, 300


@contextmanager
def served(*arguments: object) -> Iterator[tuple[str, int]]:
    """Run Datasette with arguments, and give its address and the number of its process."""
    with running("-m", "datasette", *arguments, ready="/-/static/app.css") as found:
        yield found


@contextmanager
def running(*arguments: object, ready: str) -> Iterator[tuple[str, int]]:
    """Run Python with arguments and `--port N`, and give the server's address and its process.

    It is waited for until the path `ready` is answered. Raises `RuntimeError` if it ends before.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, *map(str, arguments), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(TIMES):
                if server.poll() is not None:
                    message = f"{' '.join(command)} ended with {server.returncode}."
                    raise RuntimeError(message)
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=60).close()
                    break
                except urllib.error.URLError:
                    time.sleep(WAIT)
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()


def at_95(times: Sequence[float]) -> float:
    """Return what 95 in 100 of some times do not exceed."""
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
