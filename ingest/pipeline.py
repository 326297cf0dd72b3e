"""The one place that knows the order: find, read, collate, store.

look over the sources, and end where nothing changed -> find items -> read those that changed (over
processes, or a cluster) -> keep findings in the workspace -> catalogue -> revisions -> collation passes
-> build the next collection.db -> swap it in
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from importlib import import_module
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import ingest
from ingest import schema, store, swap
from ingest.collate.catalogue import catalogue
from ingest.enrich.recognisers import describe, versions
from ingest.errors import DamagedError, SourceError, storing
from ingest.fingerprint import PACKAGE, code_version, enriching_version, files_of
from ingest.known_facts import KnownFacts, decisive
from ingest.memory import Memory
from ingest.model import Finding, Item, Move, Report
from ingest.moves import find_moves, find_unknown
from ingest.registry import discover, in_order
from ingest.sources import (
    containers_of,
    filled_places,
    find_items,
    hash_of,
    is_closed,
    open_item,
    plan_roots,
    survey,
    told_apart,
)
from ingest.store import (
    build,
    compare_keys,
    last_run,
    list_gone,
    list_keys,
    list_rekeyed,
    list_source_keys,
    watch_exchanges,
)
from ingest.workspace import WORK, Found, Workspace, clear_waiting, decode, discard, encode, locked

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator

    from ingest.engine import Reads
    from ingest.known_facts import FactRow
    from ingest.model import Hint, Keyed, Problem, Value
    from ingest.settings import Settings
    from ingest.workspace import Kept

    Progress = Callable[[int, int], None]
    Stage = Callable[[str, float | None], None]

COUNTED = ("found", "articles", "duplicates", "skipped", "problems", "warnings")
STEPS = ("Telling copies apart", *store.STEPS)  # what follows when all is read, for who waits
KEEP_EVERY = 200
MOST_RUNS = 4000
BUILDING = (
    *("sources.py", "saved_pages.py", "collate", "passes.py", "schema", "store.py", "summaries.py"),
    *("company.py", "postings.py", "personal_names.py", "calendars.py"),
)
PASSING = frozenset({"timeout", "crash", "unreadable", "changed", "memory"})


@dataclass(frozen=True, kw_only=True)
class Engine:
    """How items are read, and whether it opens those that lie elsewhere itself.

    `facts` gives what was found in articles before; asked for only once something is read.
    """

    read: Callable[[list[Item]], Reads]
    facts: Callable[[], KnownFacts]
    remote: bool


class Watch(NamedTuple):
    """Who is told how far a run is, as `ingest_collection` says."""

    progress: Progress
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What must be read again, what only got a new stamp, and whether all was found without a problem."""

    read: list[Item]
    restamp: list[tuple[str, str]]
    settled: bool


def ingest_collection(
    settings: Settings,
    *,
    now: str,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = lambda _done, _all: None,
    stage: Stage = lambda _step, _left: None,
) -> Report:
    """Bring collection.db up to date with its sources and return the account of it.

    `now` is written into `runs` as the time of building. Items are read by so many `workers`,
    processes of this machine, or by the cluster whose `scheduler` has this address; with one worker
    or none the passes over many articles have no process of their own either. `progress` is told how
    many items of all were read, and `stage` each of `STEPS` that follow, with the seconds that are
    left if the build takes as long as the last, None where there was none. Raises `LockedError`
    when another run is at work, `StorageError` when the disk is full or failing, `ClusterError` when
    the cluster cannot go on, `SourceError` when nothing can be read any more, and `BuildError` when
    the new file fails its checks; the old file is untouched by any of them.
    """
    engine = choose_engine(settings, workers, scheduler)
    watch = Watch(progress, stage)
    processes = (os.cpu_count() or 1) if workers is None else workers
    with storing(settings.folder), locked(settings.workspace):
        swap.clear(settings.folder)
        clear_waiting(settings.workspace)
        try:
            return _bring_up_to_date(settings, now, engine, processes, watch)
        except DamagedError:
            discard(settings.workspace)
            return _bring_up_to_date(settings, now, engine, processes, watch)


def choose_engine(settings: Settings, workers: int | None, scheduler: str | None) -> Engine:
    """Return what reads items: this process, its guarded children, or a cluster."""
    facts = cache(partial(_known_facts, settings))

    # Imported with all their parsers when there is something to read, which is not at every run.
    def read(items: list[Item]) -> Reads:
        from ingest.fork_server import start_ahead  # noqa: PLC0415 - see above

        children = scheduler is None and workers != 0
        if children:
            start_ahead()  # it loads its parsers while this process does
        from ingest.cluster import read_on_cluster  # noqa: PLC0415 - see above
        from ingest.engine import read_items  # noqa: PLC0415
        from ingest.reading import Conditions  # noqa: PLC0415

        conditions = Conditions(
            plugins=settings.plugins,
            limits=settings.limits,
            recognisers=settings.recognisers,
            facts=facts(),
        )
        if children:
            # Needed when all is read, and loaded while they load their parsers.
            Thread(target=import_module, args=("sqlite_utils",), daemon=True).start()
        if scheduler is None:
            return read_items(items, conditions, workers)
        return read_on_cluster(items, conditions, scheduler)

    return Engine(read=read, facts=facts, remote=scheduler is not None)


@dataclass(frozen=True, kw_only=True)
class AddressesChanged:
    """What a run brought about that leaves old addresses leading nowhere, see `Report`."""

    moved: tuple[Move, ...] = ()
    unknown: tuple[tuple[Move, str], ...] = ()
    rekeyed: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def _bring_up_to_date(settings: Settings, now: str, engine: Engine, processes: int, watch: Watch) -> Report:
    started = time.monotonic()
    with closing(Workspace(settings.workspace)) as workspace:
        code = code_version(settings.plugins)
        building = _building_version(code)
        last = last_run(settings.database)
        before = last.get("content")
        read = 0
        changed = AddressesChanged()
        # Taken before anything is looked at and once more afterwards, so that what changes meanwhile is
        # seen by the next run.
        stamp = _stamp(settings, building)
        if not last or not stamp or workspace.built().get(stamp) != before:
            read, settled = _update(workspace, settings, watch.progress, engine, code)
            lasting = bool(stamp) and settled and stamp == _stamp(settings, building)
            signature = _signature(workspace, settings, building)
            if not last or workspace.built().get(signature) != before:
                last, changed = _rebuild(workspace, settings, now, building, processes, watch.stage)
            workspace.remember_built([signature, stamp] if lasting else [signature], str(last["content"]))
        counts = {name: int(last[name] or 0) for name in COUNTED}
        return Report(
            **counts,
            read=read,
            rebuilt=last["content"] != before,
            seconds=time.monotonic() - started,
            moved=changed.moved,
            unknown=changed.unknown,
            rekeyed=changed.rekeyed,
            gone=changed.gone,
            dropped=changed.dropped,
        )


def _stamp(settings: Settings, building: str) -> str:
    """Return what is equal where nothing can have changed; empty where only finding all items can tell."""
    places = settings.places
    found = survey(plan_roots(places)) if len(places) == len(settings.sources) else ""
    chosen = f"{_reading_choices(settings)}{_building_choices(settings)}"
    return found and hashlib.sha256(f"{found}{building}{chosen}".encode()).hexdigest()


def _update(
    workspace: Workspace, settings: Settings, progress: Progress, engine: Engine, code: str
) -> tuple[int, bool]:
    """Read what changed into the workspace.

    Return how many items that were, and whether all are settled: none failed for a reason that may pass.
    """
    code = hashlib.sha256(f"{code}{_reading_choices(settings)}".encode()).hexdigest()
    filled = filled_places(settings.places, settings.folder, workspace.filled())
    # Feeds of one site often end alike, and a bucket may hold a folder called as one here.
    found = told_apart(_find(settings, engine))
    changes = _compare((_told(each, settings) for each in found), workspace, code)
    workspace.forget_unseen()
    workspace.remember_filled(filled)
    workspace.restamp(changes.restamp)
    settled = changes.settled
    if not changes.read:
        return 0, settled
    waiting: list[Kept] = []
    done = 0
    try:
        with closing(engine.read(mix(changes.read))) as reads:
            for item, findings in reads:
                sha256, passing = _look_over(findings)
                settled &= not passing
                # What failed for a reason that may pass is tried anew by the next run.
                known = ("", "") if passing else (item.stamp, sha256)
                waiting.append((item.locator, *known, _version_of(item, code), findings))
                done += 1
                progress(done, len(changes.read))
                if sum(len(findings) for *_, findings in waiting) >= KEEP_EVERY:
                    workspace.keep(waiting, _facts_in(waiting, engine))
                    waiting = []
    finally:
        # Also when the run is stopped: the next one goes on from here.
        workspace.keep(waiting, _facts_in(waiting, engine))
    workspace.forget_facts()
    return done, settled


def _look_over(findings: Found) -> tuple[str, bool]:
    """Return the hash of an item, which its first finding has, and whether anything failed that may pass."""
    first, passing = None, False
    for finding in map(decode, findings):
        first = first or finding
        passing = passing or any(map(_may_pass, finding.problems))
    return (first and first.sha256) or "", passing


def _facts_in(kept: list[Kept], engine: Engine) -> Iterator[FactRow]:
    """Yield what is to be kept of the facts in what was read."""
    for locator, *_, findings in kept:
        yield from engine.facts().rows(locator, map(decode, findings))


def _known_facts(settings: Settings) -> KnownFacts:
    """Return what earlier runs found in articles, as far as it would be found again.

    Raises `PluginError` when a file of the collection's own fails.
    """
    enrichers = in_order(discover(settings.plugins).enrichers.values())
    named = [(each.name, each.version) for each in enrichers]
    code = f"{enriching_version(settings.plugins)}{named}{versions(dict(settings.recognisers))}"
    return KnownFacts(path=settings.workspace / WORK[0], code=code, given=decisive(enrichers))


def mix(items: list[Item]) -> list[Item]:
    """Return items in an order that has little to do with their names, the same at every run.

    Folders mostly hold one format, some read a hundred times as slowly as others. Mixed, what was
    read so far tells how long the rest will take. Of many items neighbours stay together, since
    what became of them is kept as it comes and asked for by name: a disk reads it in one go.
    """
    named = sorted(items, key=lambda item: item.locator)
    size = 1 + len(named) // MOST_RUNS
    runs = [named[start : start + size] for start in range(0, len(named), size)]
    runs.sort(key=lambda run: crc32(run[0].locator.encode("utf-8", "surrogatepass")))
    return [item for run in runs for item in run]


def _may_pass(problem: Problem) -> bool:
    return problem.stage == "find" or problem.code in PASSING


def _find(settings: Settings, engine: Engine) -> Iterator[Item | Finding]:
    """Yield everything at the collection's sources, here and elsewhere."""
    yield from find_items(plan_roots(settings.places))
    addresses = [each for each in settings.sources if isinstance(each, str)]
    if not addresses:
        return
    from ingest.remote import Place, fetch  # noqa: PLC0415 - a run without addresses starts sooner

    place = Place(
        folder=settings.workspace / "remote",
        limits=settings.limits,
        private=settings.private_addresses,
        fetching=not engine.remote,
    )
    for address in addresses:
        yield from fetch(address, place)


def _told(found: Item | Finding, settings: Settings) -> Item | Finding:
    """Return an item that knows what the curator said of columns."""
    if isinstance(found, Finding) or not settings.columns:
        return found
    return replace(found, hint=replace(found.hint, columns=settings.columns))


def _compare(found: Iterator[Item | Finding], workspace: Workspace, code: str) -> Changes:
    """Hold what is found against what is known; keep what is nothing to read, for the account's sake."""
    read: list[Item] = []
    restamp: list[tuple[str, str]] = []
    settled = True
    while together := list(islice(found, KEEP_EVERY)):
        workspace.see(each.locator for each in together)
        passed_over = [each for each in together if isinstance(each, Finding)]
        workspace.keep((each.locator, "", "", "", Found([encode(each)])) for each in passed_over)
        settled &= not any(_may_pass(problem) for each in passed_over for problem in each.problems)
        for item in together:
            if isinstance(item, Finding):
                if is_closed(item):
                    workspace.see_below(item.locator)
                continue
            stamp, sha256, version = workspace.stamp(item.locator)
            is_read = version == _version_of(item, code)
            if is_read and stamp == item.stamp:
                continue
            if is_read and sha256 and sha256 == _hash(item):
                restamp.append((item.stamp, item.locator))
            else:
                read.append(item)
    return Changes(read=read, restamp=restamp, settled=settled)


def _version_of(item: Item, code: str) -> str:
    """Return by what an item is read: the code, and what is known of it beforehand, which may change alone.

    Other files say some of it, a server or the place that it is found from the rest.
    """
    return _version_by(code, item.hint)


@lru_cache(maxsize=KEEP_EVERY)  # thousands of files of a folder or an export are said the same of
def _version_by(code: str, hint: Hint) -> str:
    return hashlib.sha256(f"{code}{hint}".encode("utf-8", "backslashreplace")).hexdigest()


def _hash(item: Item) -> str | None:
    try:
        with open_item(item) as source:
            return hash_of(source)
    except OSError:
        return None


def _reading_choices(settings: Settings) -> str:
    """Return the settings that decide what an item reads as."""
    return f"{settings.columns}{settings.limits}{versions(dict(settings.recognisers))}"


def _building_choices(settings: Settings) -> str:
    """Return the settings that decide what is built of what was read."""
    return f"{settings.publications}{settings.decisions}{settings.moves}{settings.embeddings}"


def _building_version(code: str) -> str:
    """Return a hash over the code that builds the database, that which reads included."""
    digest = hashlib.sha256(code.encode())
    for name in BUILDING:
        for path in files_of(PACKAGE / name):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _signature(workspace: Workspace, settings: Settings, building: str) -> str:
    """Return a hash over every finding, the settings and the code: equal means the same file."""
    digest = hashlib.sha256(f"{_building_choices(settings)}{building}".encode())
    for locator, content in workspace.digests():
        digest.update(f"{locator}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _refuse_to_empty(settings: Settings, workspace: Workspace) -> None:
    """Raise `SourceError` where a collection would lose all its articles, since none can be read any more."""
    if last_run(settings.database).get("articles"):
        every = ((each.locator, problem) for each in workspace.findings() for problem in each.problems)
        locator, problem = next(every)
        message = (
            f"Nothing that was found can be read any more, so {settings.database} was left as it is. The"
            f" first of the problems: {locator}: {problem.message} {problem.hint} If the collection is to be"
            " empty, delete that file, then run again."
        )
        raise SourceError(message)


def _changed_keys(workspace: Workspace, settings: Settings, keys: array[int]) -> tuple[list[Keyed], set[int]]:
    """Return what `compare_keys` says, with what it said in a run that was ended before it told that.

    The next finds nothing of it, where the new file was in its place already.
    """
    lost, new = compare_keys(settings.database, keys)
    untold, came = workspace.untold()
    if untold:
        now = set(keys)
        gone = {each[0]: each for each in (*untold, *lost) if int(each[0], 16) not in now}
        lost, new = list(gone.values()), new | (came & now)
    if lost or untold:
        workspace.keep_untold(lost, new)
    return lost, new


def _rebuild(
    workspace: Workspace, settings: Settings, now: str, building: str, processes: int, stage: Stage
) -> tuple[dict[str, Value], AddressesChanged]:
    """Build the next collection.db where it says anything new; return its row of `runs`, and what to tell."""
    # Brings all parsers, see `choose_engine`.
    from ingest.passes import Task, all_rows, find_first  # noqa: PLC0415

    started, expected = time.monotonic(), workspace.seconds_expected()

    def begin(step: str) -> None:
        stage(step, max(0.0, started + expected - time.monotonic()) if expected is not None else None)

    begin(STEPS[0])
    renamed: dict[int, str] = {}
    places = catalogue(find_first(workspace, renamed), settings.moves)
    counts = places.counts()
    if counts["problems"] and not counts["articles"]:
        _refuse_to_empty(settings, workspace)
    lost, new = _changed_keys(workspace, settings, places.leading_on())
    sources = list_source_keys(settings.database)
    task = Task(settings=settings, places=places, renamed=renamed, code=building)
    run: dict[str, Value] = {
        "built": now,
        "version": ingest.__version__,
        "schema": schema.VERSION,
        "recognisers": describe(dict(settings.recognisers)),
        **counts,
    }
    with watch_exchanges(settings.database) as list_exchanged:
        with closing(Memory(settings.workspace, building)) as memory:
            with all_rows(task, workspace, memory, processes) as (rows, late):
                run = build(settings.database, rows, run, late=late, begin=begin)
            memory.forget_unused()
        exchanged = list_exchanged()
    workspace.remember_seconds(time.monotonic() - started)
    after = partial(list_keys, settings.database)
    moved = find_moves(lost, new, after, settings.moves, exchanged)
    unknown = find_unknown(lost, new, after, settings.moves, workspace.left_keys()) if lost else ()
    workspace.remember_left(key for key, *_ in lost)
    # Whoever states a key knows of it.
    stated = {each.name for each in settings.publications if each.key}
    rekeyed = (each for each in list_rekeyed(settings.database, sources) if each[1] not in stated)
    left = list_gone(settings.database, lost)
    dropped = tuple(place for place in left if any(map(workspace.knows, containers_of(place))))
    away = {*dropped}
    gone = tuple(place for place in left if place not in away)
    return run, AddressesChanged(
        moved=moved, unknown=unknown, rekeyed=tuple(rekeyed), gone=gone, dropped=dropped
    )
