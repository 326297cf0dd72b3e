"""Opens databases to read them, whatever signs are in their paths."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def address_of(path: Path) -> str:
    """Return the address by which SQLite opens a database without a right to write."""
    return f"{path.resolve().as_uri()}?mode=ro"


@contextmanager
def open_read_only(path: Path, *, immutable: bool = False) -> Iterator[sqlite3.Connection]:
    """Give a connection to a database, closed afterwards.

    As `immutable`, SQLite trusts that nobody writes into the file: it neither locks it, nor looks for
    changes that another program left beside it. Raises `sqlite3.Error` where there is no such file.
    """
    address = f"{address_of(path)}{'&immutable=1' if immutable else ''}"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection
