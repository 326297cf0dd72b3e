"""Where the children that read items come from: a server that has loaded every parser once."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from multiprocessing import forkserver, get_context
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["ingest.worker", "ingest.preload"])
MAIN = Lock()


def start_ahead() -> None:
    """Start the server, if there is none yet, without waiting until it has loaded."""
    with without_main():
        forkserver.ensure_running()


@contextmanager
def without_main() -> Iterator[None]:
    """Keep the program's own script out of the children: they need none of it.

    Else each would run it anew, and a script that ingests when it is run would never end.
    """
    with MAIN:  # a worker of a cluster starts children in several threads
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
