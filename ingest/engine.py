"""Runs the reading of items over processes; a lost worker costs one document, not the run.

Every parser runs in a child that can be killed. A child gets the next item while it still works
on one, so that it never waits. When it dies, or a document takes more of the processor than
allowed, the item is tried once more without that document, which becomes a problem; the items that
only waited go to another child. A file that is one document is tried once more as it is when its child
died: a system that ran out of memory ends what is largest, whatever it is doing.
"""

from __future__ import annotations

import os
import select
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.fork_server import CONTEXT, apart
from ingest.model import Finding, Item, Problem
from ingest.reading import USUAL, Conditions, read_item, tools_at_hand
from ingest.worker import DONE, FOUND, REFUSED, STARTING, serve
from ingest.workspace import Found, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess

    Read = tuple[Item, Found]
    Reads = Generator[Read, None, None]

AHEAD = 2
MOST_LOST = 20
TICK = 0.5
# A machine that is busy with other things makes a document late, not at fault; but one that only
# waits, for a disk or a lock, must end some day.
PATIENCE = 10


@dataclass(kw_only=True)
class Job:
    """An item on its way: what was found in it so far, encoded, and what broke a worker before.

    `again` says that a worker died over it as a whole, and that it is tried once more.
    """

    item: Item
    avoid: frozenset[str] = frozenset()
    again: bool = False
    at: str = ""
    findings: Found = field(default_factory=Found)


@dataclass(kw_only=True)
class Queue:
    """The jobs to be given out: those that wait, or wait again, before those still to come."""

    waiting: deque[Job]
    coming: Iterator[Job]

    def take(self) -> Job | None:
        """Return the next job, None when there is none."""
        return self.waiting.popleft() if self.waiting else next(self.coming, None)


@dataclass(kw_only=True)
class Worker:
    """A child process, the jobs it was given, and when it began the present document.

    `since` is the time on the wall, `spent` what the child had used of the processor when it was
    first looked at after that: most documents are read before anybody looks.
    """

    process: ForkServerProcess
    connection: Connection
    jobs: deque[Job] = field(default_factory=deque)
    since: float = 0.0
    spent: float | None = None

    def begin(self) -> None:
        """Start to count anew."""
        self.since = time.monotonic()
        self.spent = None

    def is_late(self, seconds: int) -> bool:
        """Tell whether the present document took more than so many seconds of the processor."""
        waited = time.monotonic() - self.since
        if not self.jobs or waited <= TICK:
            return False
        if self.spent is None:
            self.spent = processor_seconds(self.process.pid)
        if waited <= seconds:
            return False
        used = processor_seconds(self.process.pid) - self.spent
        return used > seconds or waited > PATIENCE * seconds


def read_items(
    items: Iterable[Item],
    conditions: Conditions = USUAL,
    workers: int | None = None,
) -> Reads:
    """Yield each item with its encoded findings, as they finish; an item is taken when its turn comes.

    `workers` is the number of processes, by default one a core. With 0 they are read in this
    process, unprotected: for a debugger, and for tests of what comes after reading.
    """
    if workers == 0:
        with tools_at_hand(conditions) as tools:
            yield from ((item, Found(map(encode, read_item(item, tools)))) for item in items)
        return
    coming = (Job(item=item) for item in items)
    waiting = deque(islice(coming, workers or os.cpu_count() or 1))
    with tempfile.TemporaryDirectory(prefix="readingroom-") as scratch:
        start = partial(_start, conditions, os.path.realpath(scratch))
        queue = Queue(waiting=waiting, coming=coming)
        yield from _run(queue, [start() for _ in waiting], start, conditions.limits.seconds)


def _run(queue: Queue, at_work: list[Worker], start: Callable[[], Worker], seconds: int) -> Iterator[Read]:
    try:
        while True:
            for worker in at_work:
                _feed(worker, queue)
            if not any(worker.jobs for worker in at_work):
                return
            ready = _heard([worker.connection for worker in at_work if worker.jobs], TICK)
            for place, worker in enumerate(at_work):
                lost = False
                if worker.jobs and worker.connection.fileno() in ready:
                    done, lost = _listen(worker)
                    yield from done
                late = not lost and worker.is_late(seconds)
                if lost or late:
                    yield from _bury(worker, queue.waiting, late=late)
                    at_work[place] = start()
    finally:
        for worker in at_work:
            _stop(worker)


def _heard(connections: Iterable[Connection], seconds: float) -> set[int]:
    """Return the numbers of the connections on which there is something to hear, or an end."""
    waiting = select.poll()  # the standard library's own `wait` costs ten times as much
    for connection in connections:
        waiting.register(connection, select.POLLIN)
    return {number for number, _ in waiting.poll(seconds * 1000)}


def _start(conditions: Conditions, scratch: str) -> Worker:
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=serve, args=(theirs, conditions, scratch), daemon=True)
    with apart():
        process.start()
    theirs.close()
    return Worker(process=process, connection=ours)


def processor_seconds(pid: int | None) -> float:
    """Return the seconds of the processor that a process has used; where nobody says, those on the wall."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return time.monotonic()
    # The name in brackets may hold anything; user and system time are fields 14 and 15.
    user, system = status.rpartition(b")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _stop(worker: Worker) -> None:
    worker.connection.close()
    worker.process.kill()
    worker.process.join()
    worker.process.close()


def _feed(worker: Worker, queue: Queue) -> None:
    """Give a child enough to do."""
    while len(worker.jobs) < AHEAD and (job := queue.take()):
        if not worker.jobs:
            worker.begin()
        job.findings = Found()
        worker.jobs.append(job)
        try:
            worker.connection.send((job.item, job.avoid))
        except OSError:
            return  # it died; what it was given is taken back when it is heard of


def _listen(worker: Worker) -> tuple[list[Read], bool]:
    """Return the items that a child has finished, and whether it is lost.

    Raises `OSError` when the machine failed under it: a disk, not an item.
    """
    done: list[Read] = []
    refused = 0
    try:
        while _heard([worker.connection], 0):
            message = worker.connection.recv_bytes()
            kind, rest = message[:1], message[1:]
            job = worker.jobs[0]
            if kind == STARTING:
                job.at = rest.decode("utf-8", "surrogatepass")
            elif kind == FOUND:
                job.findings.append(rest)
            elif kind == DONE:
                worker.jobs.popleft()
                done.append((job.item, job.findings))
            elif kind == REFUSED:
                refused = int(rest)
                break
            worker.begin()
    except (EOFError, OSError):
        return done, True
    if refused:
        raise OSError(refused, os.strerror(refused), worker.jobs[0].item.path)
    return done, False


def _bury(worker: Worker, waiting: deque[Job], *, late: bool) -> Iterator[Read]:
    """Take back a lost child's jobs; the one at fault goes on without the document at fault."""
    _stop(worker)
    at_fault, *others = worker.jobs
    waiting.extendleft(reversed(others))
    at = at_fault.at or at_fault.item.locator
    if at == at_fault.item.locator and not late and not at_fault.again:
        waiting.appendleft(Job(item=at_fault.item, avoid=at_fault.avoid, again=True))
    elif at in at_fault.avoid or at == at_fault.item.locator or len(at_fault.avoid) >= MOST_LOST:
        at_fault.findings.append(encode(lost(at_fault, late=late)))
        yield at_fault.item, at_fault.findings
    else:
        waiting.appendleft(Job(item=at_fault.item, avoid=at_fault.avoid | {at}, again=at_fault.again))


def lost(job: Job, *, late: bool = False) -> Finding:
    """Return the finding for an item whose worker did not come back."""
    problem = Problem(
        stage="read",
        code="timeout" if late else "crash",
        message="Reading took too long." if late else "The parser broke down, or ran out of memory.",
        hint="Open the file in another program and save it anew, or raise `limits` in metadata.yml.",
    )
    locator = f"{job.item.locator}#rest" if job.findings else job.item.locator
    return Finding(locator=locator, outcome="problem", reason=problem.message, problems=(problem,))
