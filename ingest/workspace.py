"""The cache of what was read: safe to delete, and worth keeping.

One row an item in `.readingroom/work.db`, and one for each finding, apart from it, since every
run looks over the first, which are short. A row counts as long as the file's stamp or hash and the
code that read it are the same; rows are committed in batches, so a killed run loses seconds of work.
An item may have a hundred thousand findings (a mailbox, a table); they are never decoded all at once.
The folder also holds the lock that keeps two runs apart.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import time
from array import array
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING
from weakref import finalize

import msgspec

from ingest import known_facts
from ingest.errors import DamagedError, LockedError
from ingest.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import TextIO

    from ingest.known_facts import FactRow
    from ingest.model import Keyed

    Kept = tuple[str, str, str, str, "Found"]

VERSION = 3
WORK, MEMORY = (
    tuple(f"{name}{end}" for end in ("", "-wal", "-shm", "-journal")) for name in ("work.db", "memory.db")
)
FILES = WORK + MEMORY
WAITING = "waiting-rows-{0}.pickle"
TABLES = {
    "items": "locator text primary key, stamp text, sha256 text, code text, digest blob",
    "findings": "locator text, number integer, found blob, primary key (locator, number)",
    "built": "source text, content text",
    "filled": "place text primary key",
    "took": "items integer, seconds real",
    "left_keys": "key text primary key",
    "untold": "key text primary key, address text, locator text, sha256 text",
    "facts": known_facts.COLUMNS,
}
# Every statement here is constant, so an error in one means that the file is not as we made it.
DAMAGE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
MOST_HELD = 8 * 1024 * 1024
PATIENCE = 10
SECONDS_FOR_OTHERS = 60
ENCODER = msgspec.msgpack.Encoder()
DECODER = msgspec.msgpack.Decoder(Finding)


class Found:
    """The encoded findings of one item in their order, to be gone through as often as need be.

    Those of a mailbox or a table may be millions: what is beyond some megabytes lies in a file.
    """

    def __init__(self, findings: Iterable[bytes] = ()) -> None:
        """Begin with these."""
        self._held: list[bytes] = []
        self._bytes_held = 0
        self._file: IO[bytes] | None = None
        self._sizes = array("Q")  # of those in the file
        for each in findings:
            self.append(each)

    def append(self, finding: bytes) -> None:
        """Add one, after all others."""
        self._held.append(finding)
        self._bytes_held += len(finding)
        if self._bytes_held > MOST_HELD:
            if self._file is None:
                self._file = TemporaryFile()  # noqa: SIM115 - closed when the findings are gone
                finalize(self, self._file.close)
            self._file.seek(0, os.SEEK_END)
            self._file.writelines(self._held)
            self._sizes.extend(map(len, self._held))
            self._held, self._bytes_held = [], 0

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._sizes) + len(self._held)

    def __iter__(self) -> Iterator[bytes]:
        """Yield each; one at a time may go through them."""
        if self._file is not None:
            self._file.seek(0)
            yield from map(self._file.read, self._sizes)
        yield from self._held


def encode(finding: Finding) -> bytes:
    """Return a finding as bytes, to cross from a worker and to be kept."""
    return ENCODER.encode(finding)


def decode(data: bytes) -> Finding:
    """Return the finding that `encode` wrote."""
    return DECODER.decode(data)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the collection's lock; raises `LockedError` naming the process that holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(file)
            message = (
                f"Another run (process {holder}) is writing {folder.parent}. "
                "Wait until it has ended, then try again."
            )
            raise LockedError(message) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold that no other run writes a database or a site into a folder, which gets no file for that.

    Raises `LockedError` when one does.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        message = f"Another run is writing into {folder}. Wait until it has ended, then try again."
        raise LockedError(message) from None
    except OSError:
        pass  # a file system, such as NFS, that locks no folders
    try:
        yield
    finally:
        os.close(descriptor)


def _holder(file: TextIO) -> str:
    """Return the number of the process that holds the lock, as it wrote it into the file."""
    for _ in range(PATIENCE):
        file.seek(0)
        holder = file.read().strip()
        try:
            os.kill(int(holder), 0)
        except PermissionError:
            break
        except (ValueError, ProcessLookupError):
            # The holder has the lock but has not signed yet; the name is that of a run before.
            time.sleep(0.05)
        else:
            break
    return holder or "unknown"


def discard(folder: Path, files: Iterable[str] = FILES) -> None:
    """Remove the cache, or some files of it, from its folder; the lock stays."""
    for name in files:
        (folder / name).unlink(missing_ok=True)


def clear_waiting(folder: Path) -> None:
    """Remove the rows of passes that still wait from a run that was killed."""
    for left in folder.glob(WAITING.format("*")):
        left.unlink(missing_ok=True)


@contextmanager
def whole(folder: Path) -> Iterator[None]:
    """Turn what only a damaged file can give into a `DamagedError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF not in DAMAGE:
            raise
        message = f"The cache in {folder} is damaged ({error}). Delete it, then run again."
        raise DamagedError(message) from error


class Workspace:
    """The cache as a mapping from locators to findings."""

    def __init__(self, folder: Path) -> None:
        """Open the cache in a folder, or start one; raises `DamagedError`, as all methods do."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="ascii")
        self._folder = folder
        self._checked = False
        with whole(folder):
            self._connection = open_tables(folder / WORK[0], VERSION, TABLES)
            self._connection.execute(known_facts.INDEX)
            self._connection.execute("create temporary table seen (locator text primary key)")
            self._connection.create_function("number_of", 1, known_facts.number_of, deterministic=True)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def stamp(self, locator: str) -> tuple[str, str, str]:
        """Return stamp, hash and code version of an item; all empty where it is not known."""
        with whole(self._folder):
            found = "select stamp, sha256, code from items where locator = ?"
            row: tuple[str, str, str] | None = self._connection.execute(found, (locator,)).fetchone()
            return row or ("", "", "")

    def knows(self, locator: str) -> bool:
        """Tell whether there was an item of this name when all were last looked for."""
        with whole(self._folder):
            found = "select 1 from items where locator = ?"
            return self._connection.execute(found, (locator,)).fetchone() is not None

    def see(self, locators: Iterable[str]) -> None:
        """Take note that these items are there, for `forget_unseen`."""
        rows = ((each,) for each in locators)
        with whole(self._folder), self._connection:
            self._connection.executemany("insert or ignore into temp.seen values (?)", rows)

    def see_below(self, folder: str) -> None:
        """Take note that all that is known below a folder is there, since nobody can tell otherwise."""
        below = "insert or ignore into temp.seen select locator from items where locator > ? and locator < ?"
        with whole(self._folder), self._connection:
            self._connection.execute(below, (f"{folder}/", f"{folder}0"))  # 0 is what follows a slash

    def keep(self, rows: Iterable[Kept], facts: Iterable[FactRow] = ()) -> None:
        """Keep rows of locator, stamp, hash, code version and all encoded findings, in one commit.

        `facts` are what was found in their articles, which takes the place of what was known of them.
        """
        with whole(self._folder), self._connection:
            for locator, stamp, sha256, code, findings in rows:
                digest = hashlib.sha256()
                self._connection.execute("delete from findings where locator = ?", (locator,))
                for number, found in enumerate(findings):
                    digest.update(found)
                    self._connection.execute(
                        "insert into findings values (?, ?, ?)", (locator, number, found)
                    )
                self._connection.execute(
                    "insert or replace into items values (?, ?, ?, ?, ?)",
                    (locator, stamp, sha256, code, digest.digest()),
                )
                self._connection.execute("delete from facts where item = number_of(?)", (locator,))
            self._connection.executemany("insert or replace into facts values (?, ?, ?)", facts)

    def restamp(self, rows: Iterable[tuple[str, str]]) -> None:
        """Set the stamp of items, given as stamp and locator, whose content did not change."""
        with whole(self._folder), self._connection:
            self._connection.executemany("update items set stamp = ? where locator = ?", rows)

    def forget_unseen(self) -> None:
        """Drop items that are no longer there: all that `see` was not told of since this was last done."""
        with whole(self._folder), self._connection:
            for table in ("findings", "items"):
                self._connection.execute(
                    f"delete from {table} where locator not in (select locator from temp.seen)"  # noqa: S608
                )
            self._connection.execute("delete from temp.seen")

    def forget_facts(self) -> None:
        """Drop what was found in items that are no longer there."""
        with whole(self._folder), self._connection:
            self._connection.execute(
                "delete from facts where item not in (select number_of(locator) from items)"
            )

    def filled(self) -> set[str]:
        """Return the places that held anything when all items were last looked for."""
        with whole(self._folder):
            return {place for (place,) in self._connection.execute("select place from filled")}

    def remember_filled(self, places: Iterable[str]) -> None:
        """Keep which places hold anything."""
        with whole(self._folder), self._connection:
            self._connection.execute("delete from filled")
            self._connection.executemany(
                "insert or ignore into filled values (?)", [(each,) for each in places]
            )

    def built(self) -> dict[str, str]:
        """Return from what the database was last built, as hashes of it, and to what content."""
        with whole(self._folder):
            return dict(self._connection.execute("select source, content from built"))

    def remember_built(self, sources: Iterable[str], content: str) -> None:
        """Keep hashes of what the database was built from, any of which tells its content.

        What a build changed in keys is told then, and kept no longer.
        """
        with whole(self._folder), self._connection:
            self._connection.execute("delete from built")
            self._connection.execute("delete from untold")
            self._connection.executemany(
                "insert into built values (?, ?)", ((each, content) for each in sources)
            )

    def seconds_expected(self) -> float | None:
        """Return how long a build takes if each item takes as long as in the last; None before the first."""
        expected = "select seconds * (select count(*) from items) / items from took where items > 0"
        with whole(self._folder):
            row = self._connection.execute(expected).fetchone()
        return float(row[0]) if row else None

    def remember_seconds(self, seconds: float) -> None:
        """Keep how long a build of all items took."""
        with whole(self._folder), self._connection:
            self._connection.execute("delete from took")
            self._connection.execute("insert into took select count(*), ? from items", (seconds,))

    def left_keys(self) -> set[str]:
        """Return the keys that articles had in builds before, and lost."""
        with whole(self._folder):
            return {key for (key,) in self._connection.execute("select key from left_keys")}

    def remember_left(self, keys: Iterable[str]) -> None:
        """Keep keys that no article has any more."""
        with whole(self._folder), self._connection:
            self._connection.executemany(
                "insert or ignore into left_keys values (?)", [(key,) for key in keys]
            )

    def untold(self) -> tuple[list[Keyed], set[int]]:
        """Return what `keep_untold` kept, where the run ended before it told that."""
        with whole(self._folder):
            rows = self._connection.execute("select * from untold order by rowid").fetchall()
        lost = [row for row in rows if row[1] is not None]
        return lost, {int(key, 16) for key, address, *_ in rows if address is None}

    def keep_untold(self, lost: Iterable[Keyed], new: Iterable[int]) -> None:
        """Keep articles whose keys a build takes away, and the keys, as numbers, that it brings."""
        with whole(self._folder), self._connection:
            self._connection.execute("delete from untold")
            self._connection.executemany("insert or replace into untold values (?, ?, ?, ?)", lost)
            self._connection.executemany(
                "insert into untold (key) values (?)", ((f"{key:x}",) for key in new)
            )

    def digests(self) -> Iterator[tuple[str, bytes]]:
        """Yield locator and hash of the findings of every item, by locator."""
        with whole(self._folder):
            yield from self._connection.execute("select locator, digest from items order by locator")

    def findings(self) -> Iterator[Finding]:
        """Yield every finding, by locator of its item, then in the order they were found.

        The first time that all are asked for, those of each item are held against their hash.
        """
        with whole(self._folder):
            if self._checked:
                listed = self._connection.execute("select found from findings order by locator, number")
                yield from (decode(found) for (found,) in listed)
                return
            listed = self._connection.execute(
                "select locator, digest, found from items left join findings using (locator)"
                " order by locator, number"
            )
            for (locator, digest), rows in groupby(listed, key=itemgetter(0, 1)):
                seen = hashlib.sha256()
                with suppress(msgspec.MsgspecError):  # what cannot be decoded has another hash as well
                    for _, _, found in rows:
                        seen.update(found or b"")
                        yield decode(found or b"")
                if seen.digest() != digest:
                    message = (
                        f"The cache in {self._folder} is damaged at {locator}. Delete it, then run again."
                    )
                    raise DamagedError(message)
            self._checked = True


def open_tables(path: Path, version: int, tables: Mapping[str, str]) -> sqlite3.Connection:
    """Open a file of the cache with these tables, given their columns; one of another version begins anew.

    A killed run loses what it did not commit, and nothing else.
    """
    connection = sqlite3.connect(path, timeout=SECONDS_FOR_OTHERS)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        if connection.execute("pragma user_version").fetchone()[0] != version:
            for name in tables:
                connection.execute(f"drop table if exists {name}")
            connection.execute(f"pragma user_version = {version}")
        for name, columns in tables.items():
            connection.execute(f"create table if not exists {name} ({columns})")
    except BaseException:
        connection.close()
        raise
    return connection
