"""The command line that serves a collection: plain Datasette with settings that suit one."""

from __future__ import annotations

import re
import socket
import sys
from typing import TYPE_CHECKING

from ingest.errors import SettingsError
from ingest.settings import load_ingested

if TYPE_CHECKING:
    from pathlib import Path

# Facet suggestion makes Datasette's own table pages eight times slower on 200,000 rows.
SETTINGS = {
    "suggest_facets": "off",
    "facet_time_limit_ms": "500",
    "truncate_cells_html": "300",
    "sql_time_limit_ms": "2000",
}
HOME_PAGE = "home.py"
# Datasette takes a path for a part of an address, and the folder of its plugins for a pattern of names.
MISTAKEN = re.compile(r"[#?\[]|%[0-9A-Fa-f]{2}")


def check_path(folder: Path) -> None:
    """Raise `SettingsError` where Datasette would not find a collection, or not the pages that guard it."""
    if found := MISTAKEN.search(str(folder.resolve())):
        message = (
            f"Datasette cannot serve {folder.resolve()}, because of {found[0]!r} in its path."
            " Rename the folder of that name, or move the collection."
        )
        raise SettingsError(message)


def check_port(host: str, port: int) -> None:
    """Raise `SettingsError` unless the port can be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"Port {port} of {host} is not free ({error.strerror}). Try: --port {port + 1}"
            raise SettingsError(message) from None


def datasette_command(folder: Path, *, host: str, port: int, open_browser: bool = False) -> list[str]:
    """Return the command that serves a collection's folder.

    Raises `SettingsError` when the folder is no collection, has not been ingested, or has no pages, or
    where Datasette would not find it.
    """
    load_ingested(folder)
    check_path(folder)
    if not (folder / "plugins" / HOME_PAGE).is_file():
        message = (
            f"{folder} lacks the pages of the reading room. Put them into its plugins/ with:"
            f" readingroom renew {folder}"
        )
        raise SettingsError(message)
    options = [part for name, value in SETTINGS.items() for part in ("--setting", name, value)]
    options += ["--open"] if open_browser else []
    return [sys.executable, "-m", "datasette", str(folder), "--host", host, "--port", str(port), *options]
