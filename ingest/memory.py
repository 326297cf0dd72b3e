"""What earlier runs worked out of single texts, so that a run only does it for those that are new.

A collation pass that needs much of every article (its words as numbers, say) asks here. A value
counts as long as what it was worked out of and the code that did it are the same. It lies in
`.readingroom/memory.db`, safe to delete.
"""

from __future__ import annotations

import hashlib
from array import array
from itertools import chain
from typing import TYPE_CHECKING
from zlib import crc32

from ingest.errors import DamagedError
from ingest.workspace import MEMORY, discard, open_tables, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VERSION = 1
TABLES = {"worked_out": "id integer primary key, key blob unique, value blob, checked integer"}
KEPT_TOGETHER = 500
KEY_SIZE = 16


class Memory:
    """Values by what they were worked out of; what was not asked for since opening can be forgotten."""

    def __init__(self, folder: Path, code: str) -> None:
        """Open the memory in a folder, or begin one where there is none, or none that can be opened.

        `code` tells the code that works things out. All methods raise `DamagedError` where the file
        is not as it was made.
        """
        self._folder = folder
        self._code = code
        self._new: dict[bytes, bytes] = {}
        self._used = bytearray()
        path = folder / MEMORY[0]
        try:
            with whole(folder):
                self._connection = open_tables(path, VERSION, TABLES)
        except DamagedError:
            discard(folder, MEMORY)
            self._connection = open_tables(path, VERSION, TABLES)

    def recall(self, task: str, given: str, work: Callable[[], bytes]) -> bytes:
        """Return what `work` makes of `given` under the name of `task`, from memory where it is known."""
        key = hashlib.blake2b(
            f"{task}\n{self._code}\n{given}".encode("utf-8", "surrogatepass"), digest_size=KEY_SIZE
        ).digest()
        with whole(self._folder):
            row = self._connection.execute(
                "select id, value, checked from worked_out where key = ?", (key,)
            ).fetchone()
        if row and crc32(row[1]) == row[2]:
            self._use(row[0])
            return bytes(row[1])
        value = self._new.get(key)
        if value is None:
            value = self._new[key] = work()
            if len(self._new) >= KEPT_TOGETHER:
                self._keep()
        return value

    def recalled(self) -> bytes:
        """Return which values were asked for, for `mark` of another memory in the same folder."""
        self._keep()
        return bytes(self._used)

    def mark(self, recalled: bytes) -> None:
        """Take what another process asked for as asked for here."""
        self._used.extend(bytes(max(0, len(recalled) - len(self._used))))
        for number, used in enumerate(recalled):
            self._used[number] |= used

    def forget_unused(self) -> None:
        """Drop what was not asked for since the memory was opened."""
        self._keep()
        with whole(self._folder), self._connection:
            listed = chain.from_iterable(self._connection.execute("select id from worked_out"))
            unused = array("q", (each for each in listed if not self._is_used(each)))
            self._connection.executemany("delete from worked_out where id = ?", ((each,) for each in unused))

    def close(self) -> None:
        """Keep what is new, and let go of the file."""
        try:
            self._keep()
        finally:
            self._connection.close()

    def _use(self, number: int) -> None:
        if number >= len(self._used):
            self._used.extend(bytes(number - len(self._used) + KEPT_TOGETHER))
        self._used[number] = 1

    def _is_used(self, number: int) -> bool:
        return number < len(self._used) and bool(self._used[number])

    def _keep(self) -> None:
        with whole(self._folder), self._connection:
            for key, value in self._new.items():
                cursor = self._connection.execute(
                    "insert or replace into worked_out (key, value, checked) values (?, ?, ?)",
                    (key, value, crc32(value)),
                )
                self._use(cursor.lastrowid or 0)
        self._new.clear()
