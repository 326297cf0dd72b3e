"""Runs Datasette as a process of its own, for those benchmarks that ask it over HTTP."""

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
    from collections.abc import Iterator

WAIT, TIMES = 0.2, 300


@contextmanager
def served(*arguments: object) -> Iterator[tuple[str, int]]:
    """Run Datasette with arguments, and give its address and the number of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", *map(str, arguments), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(TIMES):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/-/static/app.css", timeout=60).close()
                    break
                except urllib.error.URLError:
                    time.sleep(WAIT)
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()
