"""Breaks one run at one system call, and says what a reader then sees; `crash.py` says where.

Run as a script it is the command without its protection, which the control needs.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import sqlite_utils
from click.testing import CliRunner

from ingest import cli, schema, swap, workspace
from ingest.errors import StorageError

ROOT = Path(__file__).parent.parent
STRACE = shutil.which("strace")
CHANGING = ("write", "pwrite64", "ftruncate", "mkdir", "rmdir", "rename", "unlink", "fchown", "chmod")
SYNCING = ("fsync", "fdatasync")
READING = ("openat", "read", "pread64", "getdents64", "flock", "mmap")
LISTED = (*CHANGING, *SYNCING, *READING)
FULL = "write,pwrite64,ftruncate"
# One call has several names, which depend on processor and C library.
NAMES = {call: rf"/^{call}(at2?)?$" for call in ("mkdir", "rename", "unlink")} | {
    "chmod": "/^f?chmod(at2?)?$"
}
LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (.*)$")
PATH = re.compile(r'[<"](/[^">]*)[">]')
KILLED = -signal.SIGKILL
REFUSED = 75
ARTICLE = (
    "---\ntitle: {0}\ndate: 1961-04-12\ntags: [moon]\n---\n\nYuri Gagarin said in Moscow: “{0} flies.”\n"
)
PAGE = "<html><head><title>{0}</title></head><body><article><p>{1}</p></article></body></html>"
SETTINGS = "title: Room\nplugins:\n  readingroom:\n    sources: [{0}]\n"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A command, the room it starts from, and the contents before and after."""

    name: str
    template: Path
    arguments: tuple[str, ...]
    old: str
    new: str = ""
    in_place: bool = False


@dataclass(frozen=True, kw_only=True)
class Point:
    """Where a fault strikes: the `nth` call of a kind on a file, or on any file if it is empty."""

    scenario: Scenario
    call: str
    path: str
    nth: int
    fault: str
    lasting: bool = False

    @property
    def row(self) -> tuple[str, str]:
        """The row of the table that it counts in."""
        if self.scenario.in_place:
            return "control: in place", "all"
        where = self.call if self.path or self.lasting else "any, whole run"
        return where, f"{self.fault} lasting" if self.lasting else self.fault

    @property
    def injection(self) -> list[str]:
        """The words that tell strace."""
        what = "signal=KILL" if self.fault == "KILL" else f"error={self.fault}"
        calls = FULL if self.lasting else NAMES.get(self.call, self.call)
        when = f"{self.nth}{'+' if self.lasting else ''}"
        return ["-e", f"trace={calls}", "-e", f"inject={calls}:{what}:when={when}"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was seen after a point: `seen` is old, new, half or corrupt; `faults` what is wrong."""

    point: Point
    struck: bool
    seen: str
    converged: bool
    faults: tuple[str, ...] = ()
    said: str = field(default="", compare=False)


def missing() -> str:
    """Return why no fault can be injected here; empty when it can."""
    if not STRACE:
        return "no strace here (apt-get install strace)"
    tried = subprocess.run([STRACE, "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.strip()[:100]}"


class Ground:
    """A folder with small sources, rooms to copy, and the contents that undisturbed runs give."""

    def __init__(self, folder: Path) -> None:
        """Make everything that points start from."""
        self.folder = folder.resolve()
        self.sources = self.folder / "sources"
        self.more = self.folder / "more"
        for path, text in (
            (self.sources / "a.md", ARTICLE.format("Sputnik")),
            (self.sources / "b.txt", "Luna Lands\n\nThe ship landed near Moscow.\n"),
            (self.sources / "c.html", PAGE.format("Vostok", "Sergei Korolev came to Moscow. " * 9)),
            (self.more / "e.md", ARTICLE.format("Voskhod")),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        fresh, old = self.folder / "fresh", self.folder / "old"
        fresh.mkdir()
        (fresh / "metadata.yml").write_text(SETTINGS.format(self.sources), encoding="utf-8")
        shutil.copytree(fresh, old)
        run_here("ingest", old)
        (self.sources / "a.md").write_text(ARTICLE.format("Soyuz"), encoding="utf-8")
        (self.sources / "b.txt").unlink()
        (self.sources / "d.md").write_text(ARTICLE.format("Zond"), encoding="utf-8")
        before = content(old / "collection.db")
        update = Scenario(name="update", template=old, arguments=("ingest", "@"), old=before)
        join = ("ingest", str(self.more), "--into", "@")
        nowhere = self.folder / "nowhere"
        self.scenarios = {
            each.name: replace(each, new=self._undisturbed(each))
            for each in (
                update,
                Scenario(name="first", template=fresh, arguments=("ingest", "@"), old="absent"),
                Scenario(name="join", template=old, arguments=join, old=before),
                Scenario(name="make", template=nowhere, arguments=join, old="absent"),
                replace(update, name="control", in_place=True),
            )
        }

    def room(self, scenario: Scenario) -> Path:
        """Return a fresh copy of the room that a scenario starts from, in a folder of its own."""
        room = Path(tempfile.mkdtemp(prefix=f"{scenario.name}-", dir=self.folder)) / "room"
        if scenario.template.exists():
            shutil.copytree(scenario.template, room)
        return room

    def _undisturbed(self, scenario: Scenario) -> str:
        room = self.room(scenario)
        run_here(*arguments(scenario, room))
        return content(room / "collection.db")


def arguments(scenario: Scenario, room: Path) -> list[str]:
    """Return the arguments of a scenario's command for a room.

    Items are read in the process itself, so that the calls counted are those of one process.
    """
    return [*(str(room) if each == "@" else each for each in scenario.arguments), "--workers", "0"]


def run_here(*words: object) -> None:
    """Run the command undisturbed in this process, where everything is loaded already."""
    result = CliRunner().invoke(cli.main, [str(word) for word in words])
    if result.exit_code:
        raise RuntimeError(result.output) from result.exception


def traced(scenario: Scenario, room: Path, log: Path, options: list[str]) -> list[str]:
    """Return the command line that runs a scenario on a room under strace."""
    own = [__file__] if scenario.in_place else ["-m", "ingest"]
    # The filter is quick, but strace cannot send a signal from where it stops a call.
    quick = [] if any(":signal=" in option for option in options) else ["--seccomp-bpf"]
    return [
        str(STRACE), "-f", *quick, "-y", "-s", "0", "-o", str(log), *options,
        sys.executable, *own, *arguments(scenario, room),
    ]  # fmt: skip


def environment() -> dict[str, str]:
    """Return an environment in which two runs make the same calls."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


def run_traced(
    ground: Ground, scenario: Scenario, room: Path, options: list[str]
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run a scenario under strace; returns how it ended and the log of its calls."""
    log = room.with_name(f"{room.name}.strace")
    done = subprocess.run(
        traced(scenario, room, log, options),
        cwd=ground.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return done, log.read_text(encoding="utf-8", errors="replace")


def list_calls(ground: Ground, scenario: Scenario) -> list[tuple[str, str, int, bool]]:
    """Return the calls of an undisturbed run: kind, file, number among its like, creates a file.

    Files of the room and its sources are named from `@` on; the number of all others counts all
    files, and their name is empty.
    """
    room = ground.room(scenario)
    done, log = run_traced(
        ground, scenario, room, ["-e", f"trace={','.join(NAMES.get(call, call) for call in LISTED)}"]
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    main = log.split(maxsplit=1)[0]
    counts: Counter[tuple[str, str]] = Counter()
    calls = []
    for process, name, said, _ in (match.groups() for match in map(LINE.match, log.splitlines()) if match):
        if process != main:
            continue
        call = next((call for call, names in NAMES.items() if re.match(names[1:], name)), name)
        counts[call, ""] += 1
        near = [path for path in PATH.findall(said) if is_near(ground, room, Path(path))]
        counts.update((call, path) for path in set(near))
        path = near[0] if near else ""
        calls.append((call, path.replace(str(room), "@"), counts[call, path], "O_CREAT" in said))
    return calls


def is_near(ground: Ground, room: Path, path: Path) -> bool:
    """Tell whether a file is the room's or one of its sources."""
    return any(path.is_relative_to(folder) for folder in (room, ground.sources, ground.more))


def strike(ground: Ground, point: Point) -> Outcome:
    """Let the fault of one point strike, look at what is published, and run once more."""
    room = ground.room(point.scenario)
    done, log = run_traced(ground, point.scenario, room, [*point.injection, *filters(point, room)])
    killed = done.returncode == KILLED
    seen = state(room / "collection.db", point.scenario)
    wrong = [] if killed else complaints(point, done, seen)
    if seen not in ("old", "new"):
        wrong.append(f"a reader sees: {seen}")
    converged = True
    try:
        run_here(*arguments(point.scenario, room))
    except RuntimeError as error:
        converged = False
        wrong.append(f"the next run failed: {error}")
    after = state(room / "collection.db", point.scenario)
    if after != "new":
        converged = False
        wrong.append(f"after the next run: {after}")
    if left := leftovers(room):
        converged = False
        wrong.append(f"left behind: {left}")
    shutil.rmtree(room.parent)
    return Outcome(
        point=point,
        struck=killed or "INJECTED" in log,
        seen=seen.partition(":")[0],
        converged=converged,
        faults=tuple(wrong),
        said=done.stderr,
    )


def filters(point: Point, room: Path) -> list[str]:
    """Return strace's path filter, so that `nth` counts the calls on one file alone."""
    if point.lasting:
        own = ("collection.db", ".collection.db.building", ".collection.db.building-journal")
        cache = ("lock", ".gitignore", *workspace.FILES)
        paths = [room / each for each in own] + [room / ".readingroom" / each for each in cache]
    else:
        paths = [Path(point.path.replace("@", str(room)))] if point.path else []
    return [word for path in paths for word in ("-P", str(path))]


def complaints(point: Point, done: subprocess.CompletedProcess[str], seen: str) -> list[str]:
    """Return what is wrong with how a command ended that met an error and was not killed."""
    if done.returncode == 0:
        wrong = [] if seen == "new" else [f"ended well, but a reader sees: {seen}"]
        return [*wrong, "ended well on a full disk"] if point.lasting else wrong
    wrong = []
    lines = done.stderr.splitlines()
    if done.returncode not in (StorageError.exit_code, 1 if "is damaged" in done.stderr else None):
        wrong.append(f"exit code {done.returncode}")
    if len(lines) != 1 or not lines[0].startswith("Error: ") or "run again" not in lines[0].lower():
        wrong.append("not one line with the next step")
    if point.fault == "ENOSPC" and "Free some space" not in done.stderr and "free space" not in done.stderr:
        wrong.append("does not say that the disk is full")
    return wrong


def state(path: Path, scenario: Scenario) -> str:
    """Return what a reader sees: old, new, half (sound, but neither) or corrupt with the reason."""
    try:
        found = content(path)
    except (sqlite3.Error, AssertionError) as error:
        return f"corrupt: {error}"
    return {scenario.new: "new", scenario.old: "old"}.get(found, "half: " + found[:12])


def content(path: Path) -> str:
    """Return a hash over schema and rows of all tables but `runs`; `absent` where no file is.

    Raises unless integrity, foreign keys and search indexes hold.
    """
    if not path.exists():
        return "absent"
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
        for check in ("integrity_check", "foreign_key_check"):
            found = reader.execute(f"pragma {check}").fetchall()
            assert found in ([], [("ok",)]), f"{check}: {found[:3]}"
        made = reader.execute("select type, name, sql from sqlite_master order by type, name").fetchall()
        digest.update(repr(made).encode())
        for name in (name for kind, name, _ in made if kind == "table" and name != "runs"):
            rows = sorted(map(repr, reader.execute(f'select * from "{name}"')))
            digest.update("\n".join([name, *rows]).encode())
        with closing(sqlite3.connect(":memory:")) as copy:
            reader.backup(copy)
            for index in schema.SEARCH_INDEXES:
                # 1: compare with the table or view it is over; an index over a part of it cannot.
                command = f"insert into {index.name} ({index.name}, rank) values ('integrity-check', ?)"
                copy.execute(command, (0 if index.only else 1,))
    return digest.hexdigest()


def leftovers(room: Path) -> list[str]:
    """Return files that a finished run has no use for."""
    endings = (swap.ENDING, "-journal", "-wal", "-shm", ".making")
    return [path.name for path in room.rglob("*") if any(ending in path.name for ending in endings)]


def two_at_once(ground: Ground, call: str, path: str) -> str:
    """Hold a run at a call and start another; returns what is wrong, which should be nothing."""
    scenario = ground.scenarios["update"]
    room = ground.room(scenario)
    log = room.with_name(f"{room.name}.strace")
    log.touch()
    name = NAMES.get(call, call)
    where = ["-P", str(room / path), "-e", f"trace={name}", "-e", f"inject={name}:signal=STOP:when=1"]
    command = traced(scenario, room, log, where)
    with subprocess.Popen(command, cwd=ground.folder, env=environment(), stdout=subprocess.DEVNULL) as first:
        while "stopped by SIGSTOP" not in log.read_text() and first.poll() is None:
            time.sleep(0.02)
        holder = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()[0]
        second = subprocess.run(
            [sys.executable, "-m", "ingest", *arguments(scenario, room)],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        os.kill(int(holder), signal.SIGCONT)
        code = first.wait()
    seen = state(room / "collection.db", scenario)
    told = f"process {holder}" in second.stderr and len(second.stderr.splitlines()) == 1
    fine = code == 0 and second.returncode == REFUSED and told and seen == "new"
    return (
        "" if fine else f"{call} on {path}: first {code}, second {second.returncode}, {seen}: {second.stderr}"
    )


def order_of_syncing(ground: Ground) -> str:
    """Return what is wrong with the order of file to disk, rename, folder to disk."""
    calls = [(name, path) for name, path, _, _ in list_calls(ground, ground.scenarios["join"])]
    for name in ("collection.db", "metadata.yml"):
        building = f"@/.{name}{swap.ENDING}"
        renamed = calls.index(("rename", building))
        synced = [number for number, call in enumerate(calls) if call == ("fsync", building)]
        written = [number for number, (_, path) in enumerate(calls) if path == building]
        if not synced or max(each for each in written if each < renamed) != synced[-1]:
            return f"{name} takes its name before it is on disk"
        if ("fsync", "@") not in calls[renamed:]:
            return f"the name of {name} is not brought to disk"
    return ""


def build_in_place() -> None:
    """Run the command with the protection off: the next collection.db is written into the current one."""
    swap.beside = lambda path: path
    sqlite_utils.Database = partial(sqlite_utils.Database, recreate=True)
    cli.main(sys.argv[1:])


if __name__ == "__main__":
    build_in_place()
