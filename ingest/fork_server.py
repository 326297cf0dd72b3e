"""Where the children that read items come from: a server that has loaded every parser once."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from multiprocessing import forkserver, get_context, resource_tracker
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
    with apart():
        forkserver.ensure_running()


@contextmanager
def apart() -> Iterator[None]:
    """Keep the program's own script, and Ctrl+C, out of the children that are started meanwhile.

    Else each would run the script anew, and one that ingests when it is run would never end; and a
    server that is still loading its parsers would be told to stop, which is the parent's to do.
    """
    with MAIN:  # a worker of a cluster starts children in several threads
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        resource_tracker.ensure_running()  # started later, it would let Ctrl+C through again
        # Blocked rather than ignored: what is typed meanwhile reaches this process afterwards.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            sys.modules["__main__"] = main
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
