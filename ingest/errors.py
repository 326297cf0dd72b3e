"""What can go wrong, as a caller may catch it; every message names the next step.

ReadingRoomError                anything this project raises on purpose
├── ItemError                   one item cannot be read; becomes a row in `problems`
├── SettingsError               metadata.yml is missing, unreadable or wrong
├── SourceError                 a place that articles come from is gone
├── PluginError                 a reader, enrichment or pass is declared wrongly
├── LockedError                 another run is writing the same collection
├── ClusterError                the machines that read cannot go on; what they read is kept
├── StorageError                the disk is full, failing, or may not be written
├── DamagedError                the cache is not what was written; the pipeline starts it anew
├── CollectionError             a collection cannot be opened or asked so, from Python
├── BuildError                  the new collection.db failed its own checks
├── EditionError                an edition cannot be made there, or from that
└── SurpriseError               what would be published may surprise its owner
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT)
DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
# What the machine refuses, whichever file is asked for; no single item is to blame for it.
MACHINE = (*FULL, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE)
# What a network drive answers for each of its files when it is gone.
GONE = (errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENODEV)
# SQLite does not always tell why, so these come with the message that names every remedy.
SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EIO,
    sqlite3.SQLITE_NOMEM: errno.ENOMEM,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EIO,
    sqlite3.SQLITE_CORRUPT: errno.EBADMSG,
}


MADE_ANEW = (
    "`readingroom verify` tells what is damaged. Move the file away and make it anew: a collection with"
    " `readingroom ingest`, which reads again only what changed, an edition with `readingroom edition`."
)


class ReadingRoomError(Exception):
    """Anything this project raises on purpose; `exit_code` is what the command ends with."""

    exit_code = 1


class ItemError(ReadingRoomError):
    """One item cannot be read: `code` for machines, `message` and `hint` for people."""

    def __init__(self, code: str, message: str, *, hint: str) -> None:
        """Keep the three parts apart, since `problems` has a column for each."""
        super().__init__(f"{message} {hint}")
        self.code = code
        self.message = message
        self.hint = hint


class SettingsError(ReadingRoomError):
    """metadata.yml is missing, unreadable or holds a value that makes no sense."""


class SourceError(ReadingRoomError):
    """A place that articles come from is gone, or none of them can be read; the collection is as it was."""


class PluginError(ReadingRoomError):
    """A reader, an enrichment or a pass over the collection is declared wrongly."""


class LockedError(ReadingRoomError):
    """Another run is writing the same collection; nothing was touched."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h: try again later


class ClusterError(ReadingRoomError):
    """The cluster is not there, is not like this machine, or was lost; what was read is kept."""


class StorageError(ReadingRoomError):
    """The disk is full, failing, or may not be written; what was published is whole."""

    exit_code = 74  # EX_IOERR of sysexits.h


class DamagedError(ReadingRoomError):
    """The cache is not what was written into it; it may be deleted."""


class CollectionError(ReadingRoomError):
    """A collection cannot be opened, or not be asked what was asked, from Python."""


class BuildError(ReadingRoomError):
    """The new collection.db failed its own checks; the old one is untouched."""


class EditionError(ReadingRoomError):
    """An edition cannot be made there, or there is nothing to make it from."""


class SurpriseError(ReadingRoomError):
    """What would be published may surprise its owner, who has not said that it shall be."""

    exit_code = 4

    def __init__(self, surprises: tuple[str, ...], outcome: str) -> None:
        """Keep the surprises apart, a sentence each, from what became of the command."""
        listed = "".join(f"\n  - {each}" for each in surprises)
        super().__init__(f"{outcome} Look at this first:{listed}\nIf it is meant so, add --yes.")
        self.surprises = surprises


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses within the block into a `StorageError`; all else passes."""
    try:
        yield
    except (BrokenPipeError, ChildProcessError):
        raise
    except (OSError, sqlite3.Error) as error:
        refused = _refusal(error)
        if refused is None:
            raise
        number, reason = refused
        if number == errno.EBADMSG:
            raise StorageError(f"A database in {folder} is damaged ({reason}). {MADE_ANEW}") from error
        if number in FULL:
            place = f"{folder}, or for temporary files"
            message = f"No space is left for {place} ({reason}). Free some space, then run again."
        elif number in DENIED:
            message = f"{folder} may not be used ({reason}). Change its permissions, then run again."
        else:
            remedies = "Check the disk, its free space and its permissions, then run again."
            message = f"The disk fails at {folder} ({reason}). {remedies}"
        raise StorageError(f"{message} The published collection is whole.") from error


def refused_by_machine(error: Exception) -> bool:
    """Tell whether it was the machine that failed, and not the one file that was asked for."""
    return isinstance(error, OSError) and error.errno in (*MACHINE, *GONE)


def _refusal(error: BaseException | None) -> tuple[int, str] | None:
    """Return number and reason of the first cause that is the disk's; None when there is none."""
    # A full disk may also fail the rollback that follows, which then hides the first error.
    while error is not None:
        if isinstance(error, OSError):
            where = f": {error.filename}" if error.filename else ""
            return error.errno or errno.EIO, f"{error.strerror or error}{where}"
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in SQLITE:
            return SQLITE[code], str(error)
        error = error.__cause__ or error.__context__
    return None
