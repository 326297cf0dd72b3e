"""What all commands share: their order, which paths they take, and how errors end them."""

from __future__ import annotations

import shlex
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ingest.errors import MADE_ANEW, ReadingRoomError

STOPPED = 130
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class DatabaseFile(click.Path):
    """The path of a database; of a folder it is said which file there is wanted."""

    def __init__(self, *, exists: bool) -> None:
        """Take the path of a file that is there, or of one that need not be."""
        super().__init__(exists=exists, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; fails, as other wrong usage does, where it is that of a folder."""
        path = super().convert(value, param, ctx)
        if Path(value).is_dir():
            wanted = "collection.db" if self.exists else "public.db"
            self.fail(f"{value} is a folder; name a database, such as {Path(value) / wanted}", param, ctx)
        return path


DATABASE_FILE = DatabaseFile(exists=False)
EXISTING_DATABASE = DatabaseFile(exists=True)
# What most commands are about, by default the current one.
collection_folder = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)


class Group(click.Group):
    """Commands in the order they are used, and errors of ours as one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands as declared."""
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error that names its next step needs no traceback."""
        try:
            return super().invoke(ctx)
        except ReadingRoomError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            ctx.exit(STOPPED)
        except BrokenPipeError:
            raise  # whoever reads what is printed, such as `head`, has enough; click ends quietly
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGED:
                raise
            click.echo(f"Error: The database is damaged ({error}). {MADE_ANEW}", err=True)
            ctx.exit(1)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            click.echo(
                f"Error: {error.strerror or error}{where}. Check the place and your rights to it.", err=True
            )
            ctx.exit(1)


def quoted(path: Path) -> str:
    """Return a path as it must be typed."""
    return shlex.quote(str(path))


def now() -> str:
    """Return the time as a database tells when it was built."""
    return datetime.now(UTC).isoformat(timespec="seconds")
