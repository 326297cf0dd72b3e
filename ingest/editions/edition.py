"""Makes an edition of a collection: a fresh file, written by the same store, of what may be shown."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ingest
from ingest import schema
from ingest.editions.plan import plan_edition
from ingest.editions.privacy import shorten_paths
from ingest.editions.rows import RULES, Edition
from ingest.editions.takedowns import FILE, read_notices, read_takedowns
from ingest.errors import EditionError, SurpriseError, storing
from ingest.read_only import open_read_only
from ingest.store import build, last_run
from ingest.workspace import alone, locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingest.model import Value
    from ingest.settings import Settings


@dataclass(frozen=True, kw_only=True)
class EditionReport:
    """What an edition shows: articles by what may be shown of them, what is told of it, what to look at."""

    articles: dict[str, int]
    told: tuple[str, ...]
    surprises: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """Return what its owner should read, the surprises as warnings."""
        return (*self.told, *(f"Warning: {each}" for each in self.surprises))


def make_edition(
    settings: Settings, path: Path, *, now: str, accept: bool = False, before: Path | None = None
) -> EditionReport:
    """Write the edition of a collection to `path` and return the account of it.

    What is withheld is in no part of the file, since nothing of it was ever written there. What was taken
    down in the edition `before`, by default the one at `path`, does not come back unnoticed. Raises
    `EditionError` where there is nothing to make it from or the place is taken by something else,
    `LockedError` while another run writes there, `SurpriseError` where the owner should look first
    and does not `accept` it, and what the store raises; the file that was there is then untouched.
    """
    _refuse_place(settings, path)
    takedowns = read_takedowns(settings.folder / FILE)
    inside = path.resolve().parent == settings.folder.resolve()
    with (
        storing(path.parent),
        locked(settings.workspace) if inside else alone(path.parent),
        _opened(settings) as connection,
    ):
        plan = plan_edition(connection, settings, takedowns, read_notices(before or path))
        if plan.surprises and not accept:
            raise SurpriseError(plan.surprises, "No edition was made.")
        edition = Edition(connection, plan, settings.edition)
        build(path, edition.rows(), _run(connection, edition, now), anew=True)
    return EditionReport(articles=plan.counts(), told=plan.told, surprises=plan.surprises)


def _run(connection: sqlite3.Connection, edition: Edition, now: str) -> dict[str, Value]:
    recognisers = connection.execute("select recognisers from runs").fetchone()[0]
    return {
        "built": now,
        "version": ingest.__version__,
        "schema": schema.VERSION,
        "recognisers": shorten_paths(recognisers or ""),
        "excerpt_words": edition.settings.excerpt_words,
        **edition.counts(),
    }


@contextmanager
def _opened(settings: Settings) -> Iterator[sqlite3.Connection]:
    """Give the collection as it is now, whatever takes its place meanwhile."""
    if not last_run(settings.database):
        message = (
            f"{settings.folder} has no collection.db of this version."
            f" Make it with: readingroom ingest {settings.folder}"
        )
        raise EditionError(message)
    if unknown := {table.name for table in schema.TABLES} - RULES.keys():
        message = f"Nobody has said what an edition may show of {', '.join(sorted(unknown))}. Report this."
        raise EditionError(message)
    with open_read_only(settings.database) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("begin")
        yield connection


def _refuse_place(settings: Settings, path: Path) -> None:
    """Raise `EditionError` unless an edition may stand there."""
    if not path.parent.is_dir():
        message = f"{path.parent} is no folder. Make it first, or choose another place."
        raise EditionError(message)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        message = f"{path} is no plain file. Choose another name."
        raise EditionError(message)
    if path.resolve() == settings.database.resolve():
        message = f"{path} is the collection itself. Choose another name, such as public.db."
        raise EditionError(message)
    if path.exists() and not is_edition(path):
        message = f"{path} is there already and is no edition. Choose another name, or move it away."
        raise EditionError(message)


def is_edition(path: Path) -> bool:
    """Tell whether a file is an edition, of whatever version, and no collection."""
    try:
        with open_read_only(path) as connection:
            row = connection.execute("select excerpt_words from runs").fetchone()
    except sqlite3.DatabaseError:
        return False
    return row is not None and row[0] is not None
