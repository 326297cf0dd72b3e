"""Reads items on many machines: a cluster of dask.distributed takes the place of the local pool.

Batches of items go to the workers, a few each, and come back as they finish; nothing holds the
whole collection. A worker reads a file where it lies, in a folder that all machines see or at an
address; only small files that a worker does not see are sent to it. It reads them in the guarded
children of `engine`, so that the same limits hold there.

A worker that is lost costs its batches, which dask gives to others. A batch with which workers
are lost again and again is taken apart: its items are tried one by one, and those that still
break a worker once more with nothing else on the cluster, so that no item is blamed for another.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import platform
import tempfile
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.engine import Job, lost, read_items
from ingest.enrich.recognisers import explain_missing
from ingest.errors import ClusterError
from ingest.fingerprint import code_version
from ingest.limits import MIB
from ingest.model import Finding, Item
from ingest.registry import own_files
from ingest.remote import bring
from ingest.sources import open_item, stamp_of
from ingest.workspace import Found, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.engine import Reads
    from ingest.reading import Conditions

AHEAD = 2  # batches for each thread of a worker: one that it reads, one that waits
MOST_ITEMS = 200
MOST_SENT = 4 * MIB
SECONDS_TO_CONNECT = 30
SECONDS_FOR_ANSWER = 60
SECONDS_WITHOUT_WORKERS = 120
TICK = 1.0
INSTALL = "pip install 'readingroom[cluster]'"
KEPT = "What was read is kept: run the same command again to go on."
LOST = f"The scheduler was lost. {KEPT}"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What every batch is read under: the conditions, the collection's own code, and its version."""

    conditions: Conditions
    own: tuple[tuple[str, bytes], ...]
    version: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a worker made of a batch: encoded findings by place in it, and files it does not see.

    `refusal` says why `worker` read nothing.
    """

    read: tuple[tuple[int, list[bytes]], ...] = ()
    unseen: tuple[int, ...] = ()
    worker: str = ""
    refusal: str = ""


@dataclass(kw_only=True)
class Work:
    """What is still to be read: batches to come, then items to be tried alone.

    `sent` are files to send to a worker, since one did not see them; once that was so, all are
    (`sending`). `large` are those that are too large for it, to be read on this machine.
    `suspects` broke workers even alone.
    """

    coming: Iterator[Item]
    size: int
    sending: bool = False
    sent: deque[Item] = field(default_factory=deque)
    single: deque[Item] = field(default_factory=deque)
    suspects: deque[Item] = field(default_factory=deque)
    large: list[Item] = field(default_factory=list)


def read_on_cluster(items: list[Item], conditions: Conditions, scheduler: str) -> Reads:
    """Yield each item with its encoded findings, as the workers of a scheduler finish them.

    Raises `ClusterError` when it cannot be reached, its workers are not like this machine, or
    none is left.
    """
    if not items:
        return
    own = tuple((path.name, path.read_bytes()) for path in own_files(conditions.plugins))
    order = Order(
        conditions=replace(conditions, plugins=None, facts=None),
        own=own,
        version=code_version(conditions.plugins),
    )
    with _connected(scheduler) as client:
        threads = _examined(client, order)
        size = max(1, min(MOST_ITEMS, len(items) // (AHEAD * threads)))
        work = Work(coming=map(_absolute, items), size=size)
        yield from _run(client, work, order)
    yield from read_items(work.large, conditions)


def examine(order: Order) -> str:
    """Return, on a worker, why it must not read for this client; nothing when it may."""
    if multiprocessing.current_process().daemon:
        return (
            "its Nanny makes it a daemon, which may not have the child processes that guard reading."
            " Start it with: DASK_DISTRIBUTED__WORKER__DAEMON=False dask worker …"
        )
    for _, name in order.conditions.recognisers:
        if missing := explain_missing(name):
            return missing
    if _version_here(order.own) != order.version:
        return (
            "its Reading Room, Python or libraries are of another version than here."
            " Install the same on all machines, and start its worker anew."
        )
    return ""


def read_batch(items: tuple[Item, ...], order: Order) -> Answer:
    """Read items on a worker, in a guarded child of it."""
    if refusal := examine(order):
        return Answer(worker=platform.node(), refusal=refusal)
    read: list[tuple[int, list[bytes]]] = []
    unseen: list[int] = []
    places: dict[int, int] = {}
    with tempfile.TemporaryDirectory(prefix="readingroom-") as scratch:
        folder = Path(scratch)

        def at_hand() -> Iterator[Item]:
            for place, item in enumerate(items):
                here = _at_hand(item, folder / f"item-{place}", order)
                if isinstance(here, Finding):
                    read.append((place, [encode(here)]))
                elif here is None:
                    unseen.append(place)
                else:
                    places[id(here)] = place
                    yield here

        conditions = replace(order.conditions, plugins=_unpacked(order.own, folder / "plugins"))
        try:
            for item, findings in read_items(at_hand(), conditions, workers=1):
                place = places[id(item)]
                read.append((place, list(findings)))
                (folder / f"item-{place}").unlink(missing_ok=True)
        except OSError as error:
            failing = f"its disk or memory fails ({error}). Mend it or stop its worker. {KEPT}"
            return Answer(worker=platform.node(), refusal=failing)
    return Answer(read=tuple(read), unseen=tuple(unseen))


def _absolute(item: Item) -> Item:
    """Return an item whose path means the same wherever a worker was started."""
    return replace(item, path=str(Path(item.path).absolute())) if item.path else item


def _at_hand(item: Item, path: Path, order: Order) -> Item | Finding | None:
    """Return an item as a file that this machine may read, a problem, or None where there is none."""
    if item.path is None:
        return bring(item, path, order.conditions.limits)
    try:
        is_seen = stamp_of(os.lstat(item.path)) == item.stamp
    except OSError:
        return None
    # A worker may run as another user, who may read less.
    return item if is_seen and os.access(item.path, os.R_OK) else None


def _unpacked(own: tuple[tuple[str, bytes], ...], folder: Path) -> Path:
    """Write the collection's own code into a folder, and return it."""
    folder.mkdir()
    for name, code in own:
        (folder / name).write_bytes(code)
    return folder


@cache
def _version_here(own: tuple[tuple[str, bytes], ...]) -> str:
    """Return the version of the code that this process began with."""
    with tempfile.TemporaryDirectory(prefix="readingroom-") as scratch:
        return code_version(_unpacked(own, Path(scratch) / "plugins"))


@contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    """Connect to a scheduler; what is still on the cluster when the block is left is called off."""
    try:
        from distributed import Client  # noqa: PLC0415 - only where a cluster reads
    except ImportError as error:
        message = f"--engine dask needs dask.distributed ({error}). Install it: {INSTALL}"
        raise ClusterError(message) from error
    # What goes wrong is told in words of ours; the library would print where in its code it noticed.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(scheduler, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        message = (
            f"No scheduler answers at {scheduler}. Start one with `dask scheduler`,"
            " and give the address that it prints."
        )
        raise ClusterError(message) from error
    try:
        yield client
    finally:
        client.close()


def _examined(client: Any, order: Order) -> int:
    """Return how many threads the workers have; raises `ClusterError` when one may not read."""
    threads = _threads(client)
    if not threads:
        message = "The scheduler has no workers. Start some on each machine with: dask worker ADDRESS"
        raise ClusterError(message)
    try:
        refusals: Mapping[str, str] = client.run(examine, order)
    except Exception as error:
        message = (
            f"A worker could not be asked ({type(error).__name__}: {error})."
            f" Each needs the Reading Room that is here: {INSTALL}"
        )
        raise ClusterError(message) from error
    for address, refusal in sorted(refusals.items()):
        _refuse(address, refusal)
    return threads


def _threads(client: Any) -> int:
    """Return how many threads all workers have; raises `ClusterError` when the scheduler does not say."""
    try:
        return sum(client.nthreads().values())
    except (OSError, RuntimeError) as error:
        raise ClusterError(LOST) from error


def _refuse(address: str, refusal: str) -> None:
    if refusal:
        message = f"The worker {address} cannot read for this collection: {refusal}"
        raise ClusterError(message)


def _run(client: Any, work: Work, order: Order) -> Reads:
    """Keep the workers busy with a few batches each until nothing is left."""
    on_the_way: dict[Any, tuple[Item, ...]] = {}
    suspected = None
    while True:
        room = AHEAD * max(1, _threads(client))
        while len(on_the_way) < room and (batch := _next_batch(work)):
            on_the_way[client.submit(read_batch, batch, order, pure=False)] = batch
        if not on_the_way and work.suspects:
            batch = (work.suspects.popleft(),)
            suspected = client.submit(read_batch, batch, order, pure=False)
            on_the_way[suspected] = batch
        if not on_the_way:
            return
        for future in _finished(client, list(on_the_way)):
            batch = on_the_way.pop(future)
            try:
                answer = _answer(future)
            except TimeoutError:
                # The worker was lost with its answer in hand; the batch is read once more.
                on_the_way[future] = batch
                continue
            # After a wait in vain the library still refers to it, and the cluster would keep the answer.
            future.release()
            if answer:
                yield from _taken(answer, batch, work)
            elif future is suspected:
                yield batch[0], Found([encode(lost(Job(item=batch[0])))])
            else:
                (work.single if len(batch) > 1 else work.suspects).extend(batch)


def _answer(future: Any) -> Answer | None:
    """Return what a worker made of a batch, None when too many workers were lost over it.

    Raises `ClusterError` when it is not the workers that failed, and `TimeoutError`.
    """
    from distributed import KilledWorker  # noqa: PLC0415 - only where a cluster reads

    try:
        answer: Answer = future.result(timeout=SECONDS_FOR_ANSWER)
    except KilledWorker:
        return None
    except TimeoutError:
        raise
    except Exception as error:
        message = f"The cluster failed ({type(error).__name__}: {error}). {KEPT}"
        raise ClusterError(message) from error
    return answer


def _next_batch(work: Work) -> tuple[Item, ...]:
    """Return what to read next, with its bytes where a worker would not see it; nothing at the end."""
    if work.single:
        return (work.single.popleft(),)
    while batch := tuple(islice(work.coming, work.size)):
        if not work.sending:
            return batch
        work.sent.extend(item for item in batch if item.path)
        if batch := tuple(item for item in batch if not item.path) or _packed(work):
            return batch
    return _packed(work)


def _packed(work: Work) -> tuple[Item, ...]:
    """Return a batch of files with their bytes; those too large for it are put aside."""
    batch: list[Item] = []
    size = 0
    while work.sent and len(batch) < work.size:
        item = work.sent[0]
        try:
            with open_item(item) as source:
                data = source.read(MOST_SENT + 1)
        except OSError:
            data = None  # the local engine says what is wrong with it
        if data is None or len(data) > MOST_SENT:
            work.large.append(work.sent.popleft())
        elif batch and size + len(data) > MOST_SENT:
            break
        else:
            batch.append(replace(work.sent.popleft(), path=None, data=data))
            size += len(data)
    return tuple(batch)


def _taken(answer: Answer, batch: tuple[Item, ...], work: Work) -> Reads:
    """Yield what a worker read, and see to the files that it does not see."""
    _refuse(answer.worker, answer.refusal)
    for place, findings in answer.read:
        yield batch[place], Found(findings)
    for item in (batch[place] for place in answer.unseen):
        work.sent.append(item)
        # One that changed since it was found looks unlike too, but is seen.
        work.sending = work.sending or _is_as_found(item)


def _is_as_found(item: Item) -> bool:
    try:
        return item.path is not None and stamp_of(os.lstat(item.path)) == item.stamp
    except OSError:
        return False


def _finished(client: Any, futures: list[Any]) -> set[Any]:
    """Return the batches that are done, at least one; raises `ClusterError` when no worker is left."""
    from distributed import CancelledError, wait  # noqa: PLC0415 - only where a cluster reads

    alive = time.monotonic()
    while True:
        try:
            with client.as_current():
                done: set[Any] = wait(futures, timeout=TICK, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            if _threads(client):
                alive = time.monotonic()
            elif time.monotonic() - alive > SECONDS_WITHOUT_WORKERS:
                message = f"No worker came back within {SECONDS_WITHOUT_WORKERS} seconds. {KEPT}"
                raise ClusterError(message) from None
        except CancelledError as error:
            raise ClusterError(LOST) from error
        else:
            return done
