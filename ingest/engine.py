"""Runs the reading of items over processes; a lost worker costs its batch a second try.

Items go out in batches, only a few batches ahead of what has come back, so memory stays
bounded however many items there are. When a worker dies or hangs, the items of its batch are
tried again one at a time, and the one that does it again becomes a problem.
"""

from __future__ import annotations

import os
from collections import deque
from functools import cache
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from ingest.model import Finding, Item, Problem
from ingest.reading import Tools, read_item, tools_of
from ingest.registry import discover
from ingest.workspace import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pebble import ProcessFuture

    Read = tuple[Item, bytes]

BATCH = 16
AHEAD = 3
SECONDS_PER_ITEM = 30
FEW = 8


def read_items(items: list[Item], plugins: Path | None, workers: int | None = None) -> Iterator[Read]:
    """Yield each item with its encoded findings, as they finish.

    `workers` is the number of processes, by default one a core. A handful of items is read in
    this process, since starting others would take longer than the work.
    """
    workers = workers or os.cpu_count() or 1
    if len(items) <= FEW:
        return ((item, _read(item, plugins)) for item in items)
    return _read_in_processes(items, plugins, workers)


def _read_in_processes(items: list[Item], plugins: Path | None, workers: int) -> Iterator[Read]:
    context = get_context("forkserver")
    context.set_forkserver_preload(["ingest.engine"])
    waiting = _batches(items, BATCH)
    flying: deque[tuple[list[Item], ProcessFuture[list[bytes]]]] = deque()
    with ProcessPool(max_workers=workers, context=context) as pool:

        def launch(batch: list[Item]) -> None:
            timeout = SECONDS_PER_ITEM * len(batch)
            flying.append((batch, pool.schedule(_read_batch, args=(batch, plugins), timeout=timeout)))

        for batch in islice(waiting, workers * AHEAD):
            launch(batch)
        while flying:
            batch, future = flying.popleft()
            try:
                yield from zip(batch, future.result(), strict=True)
            except (ProcessExpired, TimeoutError) as error:
                if len(batch) == 1:
                    yield batch[0], encode([_lost(batch[0], error)])
                else:
                    for item in batch:
                        launch([item])
            for following in islice(waiting, 1):
                launch(following)


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _read_batch(batch: list[Item], plugins: Path | None) -> list[bytes]:
    return [_read(item, plugins) for item in batch]


def _read(item: Item, plugins: Path | None) -> bytes:
    return encode(read_item(item, _tools(plugins)))


@cache
def _tools(plugins: Path | None) -> Tools:
    return tools_of(discover(plugins))


def _lost(item: Item, error: Exception) -> Finding:
    """Return the finding for an item whose worker did not come back."""
    late = isinstance(error, TimeoutError)
    problem = Problem(
        stage="read",
        code="timeout" if late else "crash",
        message=f"Reading took over {SECONDS_PER_ITEM} seconds."
        if late
        else f"The parser crashed ({error}).",
        hint="Open the file in another program and save it anew, or remove it.",
    )
    return Finding(locator=item.locator, outcome="problem", reason=problem.message, problems=(problem,))
