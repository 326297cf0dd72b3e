"""Runs the passes over the whole collection; of many articles the long ones in a second process.

That process opens the cache for itself, and what its passes yield waits in a file until the rows of
all others are stored. So the order of rows, and with it the content, is that of one process.
"""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections.abc import Iterable
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import TYPE_CHECKING

from ingest.collate.catalogue import account, entries
from ingest.errors import BuildError, PluginError, ReadingRoomError, refused_by_machine, storing
from ingest.fork_server import CONTEXT, apart
from ingest.memory import Memory
from ingest.model import Corpus
from ingest.reading import unique_locators
from ingest.registry import discover, in_order
from ingest.workspace import WAITING, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from ingest.collate.catalogue import Catalogue
    from ingest.model import Finding, Row
    from ingest.registry import Collation, Registry
    from ingest.settings import Settings

# Fewer articles are done before a second process has begun; of more, both processes at once need more
# memory than is there on a small machine, so that one waits for the other.
LEAST_APART, MOST_AT_ONCE = 1_000, 300_000
OURS = "ingest."


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be looked at: the collection, where its articles stand, and by which code.

    `renamed` are the findings, by their places, that are called other than they were found; `shared`
    is what the first process worked out for both.
    """

    settings: Settings
    places: Catalogue
    renamed: dict[int, str]
    code: str
    shared: dict[str, object] = field(default_factory=dict)

    def once(self, task: str, work: Callable[[], object]) -> object:
        """Return what `work` makes, from the first process where it was made there."""
        if task not in self.shared:
            self.shared[task] = work()
        return self.shared[task]


def find_first(workspace: Workspace, renamed: dict[int, str]) -> Iterator[Finding]:
    """Yield every finding under a locator of its own, and note which are `renamed` for that.

    A file may be called what another's member is, `a.zip!/b.txt`.
    """
    stated = ""

    def as_found() -> Iterator[Finding]:
        nonlocal stated
        for finding in workspace.findings():
            stated = finding.locator
            yield finding

    for place, finding in enumerate(unique_locators(as_found())):
        if finding.locator != stated:
            renamed[place] = finding.locator
        yield finding


def find_again(workspace: Workspace, renamed: dict[int, str]) -> Iterator[Finding]:
    """Yield every finding once more, called as it was the first time."""
    if not renamed:
        yield from workspace.findings()
        return
    for place, finding in enumerate(workspace.findings()):
        yield replace(finding, locator=renamed[place]) if place in renamed else finding


@contextmanager
def all_rows(
    task: Task, workspace: Workspace, memory: Memory, processes: int
) -> Iterator[tuple[Iterator[Row], Iterator[Row]]]:
    """Give the rows of the account and of most passes, then those of the passes that take `long`.

    Raises whatever a pass raises, as `PluginError` where it is one of the collection's own, and
    `BuildError` when the second process is gone.
    """
    registry = discover(task.settings.plugins)
    short, long = divide(registry.collations.values())
    with blaming(task.settings.plugins):
        corpus = open_corpus(task, registry, workspace, memory)
        rows = chain(
            account(lambda: find_again(workspace, task.renamed), task.places), collate(short, corpus)
        )
        if processes > 1 and long and len(task.places.keys) >= LEAST_APART:
            with run_apart(task, memory) as (late, wait):
                yield _after(wait, rows) if len(task.places.keys) > MOST_AT_ONCE else rows, late
        else:
            yield rows, collate(long, corpus)


@contextmanager
def blaming(plugins: Path | None) -> Iterator[None]:
    """Turn what a file of the collection's own plugins raises within the block into a `PluginError`."""
    try:
        yield
    except Exception as error:
        if isinstance(error, ReadingRoomError) or refused_by_machine(error):
            raise
        calls = traceback.extract_tb(error.__traceback__) if plugins else ()
        own = [
            call for call in calls if plugins and Path(call.filename).parent.resolve() == plugins.resolve()
        ]
        if not own:
            raise
        message = (
            f"{own[-1].filename}, line {own[-1].lineno}: {type(error).__name__}: {error}."
            " Mend the file or move it away; the collection stays as it is until then."
        )
        raise PluginError(message) from error


def divide(passes: Iterable[Collation]) -> tuple[list[Collation], list[Collation]]:
    """Return the passes in order, those apart that take `long` or require one that does."""
    short: list[Collation] = []
    long: dict[str, Collation] = {}
    for each in in_order(passes):
        if each.long or long.keys() & set(each.requires):
            long[each.name] = each
        else:
            short.append(each)
    return short, list(long.values())


def open_corpus(task: Task, registry: Registry, workspace: Workspace, memory: Memory) -> Corpus:
    """Return what passes may look at, after all revisions."""
    corpus = Corpus(
        entries=lambda: entries(find_again(workspace, task.renamed), task.places),
        recall=memory.recall,
        once=task.once,
        scratch=lambda: TemporaryFile(dir=task.settings.workspace),  # noqa: SIM115 - passes close it
        publications=task.settings.publications,
        decisions=task.settings.decisions,
        embeddings=task.settings.embeddings,
    )
    for revision in in_order(registry.revisions.values()):
        revised = revision.revise(corpus)
        if not isinstance(revised, Corpus):
            message = f"The revision {revision.name} must return a Corpus, not {_kind(revised)}. Mend it."
            raise PluginError(message)
        corpus = revised
    return corpus


def collate(passes: Iterable[Collation], corpus: Corpus) -> Iterator[Row]:
    """Yield the rows of passes, one pass after the other."""
    return chain.from_iterable(_rows(each, corpus) for each in passes)


def _rows(each: Collation, corpus: Corpus) -> Iterator[Row]:
    """Return the rows of a pass; those of one that is not of this package are looked at first."""
    rows = each.collate(corpus)
    return rows if each.collate.__module__.startswith(OURS) else _checked(each.name, rows)


def _checked(name: str, rows: object) -> Iterator[Row]:
    """Yield rows; raises `PluginError` where there is something else."""
    for row in rows if isinstance(rows, Iterable) else (rows,):
        match row:
            case (str() as table, dict() as values):
                yield table, values
            case _:
                message = (
                    f"The pass {name} must yield the name of a table and a row for it, as"
                    f' `yield "table", {{"column": 1}}`, not {_kind(row)}. Mend it.'
                )
                raise PluginError(message)


def _kind(value: object) -> str:
    """Return of what kind a value is, in words."""
    return "None" if value is None else f"a value of the kind {type(value).__name__}"


def _after(wait: Callable[[], object], rows: Iterator[Row]) -> Iterator[Row]:
    wait()
    yield from rows


@contextmanager
def run_apart(task: Task, memory: Memory) -> Iterator[tuple[Iterator[Row], Callable[[], object]]]:
    """Let a second process run the long passes; give their rows, and what waits for it to end."""
    # That of a run which was killed may still be written to, hence the number.
    waiting = task.settings.workspace / WAITING.format(os.getpid())
    ours, theirs = CONTEXT.Pipe()
    # No daemon, which could have no processes of its own; it ends with the run by itself.
    process = CONTEXT.Process(target=_work, args=(theirs, task, waiting), daemon=False)
    with apart():
        process.start()
    theirs.close()

    def rows() -> Iterator[Row]:
        try:
            outcome = ours.recv()
        except (EOFError, OSError):
            message = (
                "The process for the passes that take long (stories, related articles, perhaps one of your"
                " own) was ended from outside; there may be too little memory. Run again with --workers 1,"
                " which does without it."
            )
            raise BuildError(message) from None
        if isinstance(outcome, BaseException):
            raise outcome
        with waiting.open("rb") as file:
            while not isinstance(read := pickle.load(file), bytes):  # noqa: S301 - from what we started
                yield read
        memory.mark(read)

    try:
        yield rows(), partial(ours.poll, None)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
        waiting.unlink(missing_ok=True)


def _work(connection: Connection, task: Task, waiting: Path) -> None:
    """Write the rows of the long passes, then what was recalled for them; tell when, or which error came."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to handle
    Thread(target=_end_with, args=(connection,), daemon=True).start()
    try:
        with (
            storing(task.settings.folder),
            blaming(task.settings.plugins),
            closing(Workspace(task.settings.workspace)) as workspace,
            closing(Memory(task.settings.workspace, task.code)) as memory,
            waiting.open("wb") as file,
        ):
            registry = discover(task.settings.plugins)
            corpus = open_corpus(task, registry, workspace, memory)
            _, long = divide(registry.collations.values())
            for row in collate(long, corpus):
                pickle.dump(row, file)
            pickle.dump(memory.recalled(), file)
    except BaseException as error:  # noqa: BLE001 - it is raised anew where the run is
        connection.send(_portable(error))
    else:
        connection.send(None)  # no more than that, which does not wait until it is received


def _portable(error: BaseException) -> BaseException:
    """Return an error that crosses to another process, with where it was raised: itself, if it can."""
    where = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - just made
    except Exception:  # noqa: BLE001 - whatever its class does when it is copied
        error = BuildError(f"{type(error).__name__}: {error}")
    error.add_note(where)
    return error


def _end_with(connection: Connection) -> None:
    """End this process when the run is gone, which says nothing over the connection as long as it lives."""
    with suppress(EOFError, OSError):
        connection.recv_bytes()
    os._exit(1)
