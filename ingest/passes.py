"""Runs the passes over the whole collection; of many articles the long ones in a second process.

That process opens the cache for itself, and what its passes yield waits in a file until the rows of
all others are stored. So the order of rows, and with it the content, is that of one process.
"""

from __future__ import annotations

import os
import signal
import traceback
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from threading import Thread
from typing import TYPE_CHECKING

import msgspec

from ingest.collate.catalogue import account, entries
from ingest.errors import BuildError
from ingest.fork_server import CONTEXT, without_main
from ingest.memory import Memory
from ingest.model import Corpus
from ingest.registry import discover, in_order
from ingest.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from ingest.collate.catalogue import Catalogue
    from ingest.model import Finding, Row
    from ingest.registry import Collation
    from ingest.settings import Settings

# Fewer articles are done before a second process has begun; with more, two that each know where every
# article stands need more memory than is there on a small machine.
LEAST_APART, MOST_APART = 1_000, 300_000
WAITING = "waiting-rows-{0}.jsonl"
ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder(tuple[str, dict[str, str | int | float | None]])


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be looked at: the collection, where its articles stand, and by which code."""

    settings: Settings
    places: Catalogue
    code: str


def find_all(workspace: Workspace) -> Iterator[Finding]:
    """Yield every finding under a locator of its own."""
    from ingest.reading import unique_locators  # noqa: PLC0415 - brings all parsers, which not every run needs

    # A file may be called what another's member is, `a.zip!/b.txt`.
    return unique_locators(workspace.findings())


@contextmanager
def all_rows(
    task: Task, workspace: Workspace, memory: Memory, processes: int
) -> Iterator[tuple[Iterator[Row], Iterator[Row]]]:
    """Give the rows of the account and of most passes, then those of the passes that take `long`.

    Raises whatever a pass raises, and `BuildError` when the second process is gone.
    """
    passes = in_order(discover(task.settings.plugins).collations.values())
    long = [each for each in passes if each.long]
    corpus = open_corpus(task, workspace, memory)
    counted = account(lambda: find_all(workspace), task.places)
    rows = chain(counted, collate((each for each in passes if not each.long), corpus))
    if processes > 1 and long and LEAST_APART <= len(task.places.places) <= MOST_APART:
        with _apart(task, memory) as late:
            yield rows, late
    else:
        yield rows, collate(long, corpus)


def open_corpus(task: Task, workspace: Workspace, memory: Memory) -> Corpus:
    """Return what passes may look at, after all revisions."""
    corpus = Corpus(
        entries=lambda: entries(find_all(workspace), task.places),
        recall=memory.recall,
        publications=task.settings.publications,
        decisions=task.settings.decisions,
        embeddings=task.settings.embeddings,
    )
    for revision in in_order(discover(task.settings.plugins).revisions.values()):
        corpus = revision.revise(corpus)
    return corpus


def collate(passes: Iterable[Collation], corpus: Corpus) -> Iterator[Row]:
    """Yield the rows of passes, one pass after the other."""
    return chain.from_iterable(each.collate(corpus) for each in passes)


@contextmanager
def _apart(task: Task, memory: Memory) -> Iterator[Iterator[Row]]:
    """Let a second process run the long passes; give their rows, which wait for its end."""
    for left in task.settings.workspace.glob(WAITING.format("*")):
        left.unlink(missing_ok=True)
    # One of a run that was killed may still be written to, hence the number.
    waiting = task.settings.workspace / WAITING.format(os.getpid())
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_work, args=(theirs, task, waiting), daemon=True)
    with without_main():
        process.start()
    theirs.close()

    def rows() -> Iterator[Row]:
        try:
            outcome = ours.recv()
        except EOFError:
            message = (
                "The process that looks for stories and related articles was ended from outside; there may"
                " be too little memory. Run again with --workers 1, which does without it."
            )
            raise BuildError(message) from None
        if isinstance(outcome, Exception):
            raise outcome
        memory.mark(outcome)
        with waiting.open("rb") as lines:
            yield from map(DECODER.decode, lines)

    try:
        yield rows()
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
        waiting.unlink(missing_ok=True)


def _work(connection: Connection, task: Task, waiting: Path) -> None:
    """Run the long passes, and tell what was recalled for them, or the error that ended them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to handle
    Thread(target=_end_with, args=(connection,), daemon=True).start()
    try:
        with (
            closing(Workspace(task.settings.workspace)) as workspace,
            closing(Memory(task.settings.workspace, task.code)) as memory,
            waiting.open("wb") as file,
        ):
            corpus = open_corpus(task, workspace, memory)
            long = (each for each in discover(task.settings.plugins).collations.values() if each.long)
            for row in collate(in_order(long), corpus):
                file.write(ENCODER.encode(row) + b"\n")
            recalled = memory.recalled()
    except Exception as error:  # noqa: BLE001 - it is raised anew where the run is
        error.add_note("".join(traceback.format_exception(error)))
        connection.send(error)
    else:
        connection.send(recalled)


def _end_with(connection: Connection) -> None:
    """End this process when the run is gone, which says nothing over the connection as long as it lives."""
    with suppress(EOFError, OSError):
        connection.recv_bytes()
    os._exit(1)
