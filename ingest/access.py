"""Two ways to ask a collection: its file, opened read-only, and a published reading room."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ingest.errors import CollectionError
from ingest.read_only import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Rows = tuple[list[str], list[tuple[Any, ...]], bool]
STEPS = 20_000
LONGEST_VALUE = 100_000_000
PAGE = 1000
DATABASE = "collection"
MOST_PAGES = 200
LARGEST_ANSWER = 64 * 1024 * 1024
# A parameter, or what may hold the like of one: texts, quoted names and comments.
PARAMETER = re.compile(
    r"""'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|[:@$](?P<name>[A-Za-z_]\w*)""", re.DOTALL
)
LACKING = "The SQL asks for :{}, and no value was given for it."
FORBIDDEN = 403
NOT_FOUND = 404
# What reading alone needs. Full-text search and json_each also declare their columns, which counts
# as an update of the list of tables, and ask for the data version; the file itself is read-only.
READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
DECLARING = {(sqlite3.SQLITE_UPDATE, "sqlite_master"), (sqlite3.SQLITE_PRAGMA, "data_version")}


class FileAccess:
    """A collection's file; nothing can be written, whatever the SQL says.

    `at_once` is how many texts to ask for in one go.
    """

    at_once = 200

    def __init__(self, path: Path, seconds: float) -> None:
        """Open the file, or a folder's collection.db; each statement ends after so many seconds.

        Raises `CollectionError` when there is none, or it is no collection.
        """
        path = path / f"{DATABASE}.db" if path.is_dir() else path
        if not path.is_file():
            raise CollectionError(f"There is no file {path}. Make it with: readingroom ingest FOLDER")
        self.path, self.seconds, self.deadline = path, seconds, 0.0
        self.connection = sqlite3.connect(address_of(path), uri=True, check_same_thread=False)
        self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        self.connection.set_authorizer(_allow)
        # A step of Python now and then also lets Ctrl+C and a notebook's stop button through.
        self.connection.set_progress_handler(lambda: int(time.monotonic() > self.deadline), STEPS)
        try:
            self.rows("select id from articles union all select schema from runs", {}, 1)
        except CollectionError as error:
            self.connection.close()
            message = f"{path} is no collection of Reading Room ({error})."
            raise CollectionError(f"{message} Name the collection.db of one.") from None

    def rows(self, sql: str, parameters: Mapping[str, Any], limit: int) -> Rows:
        """Return columns, at most `limit` rows, and whether there are more."""
        with self.asking() as connection:
            cursor = connection.execute(_within(sql), {**parameters})
            found = cursor.fetchmany(limit + 1)
        return [each[0] for each in cursor.description], found[:limit], len(found) > limit

    @contextmanager
    def asking(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for as many seconds as a statement may take, its errors as ours."""
        self.deadline = time.monotonic() + self.seconds
        try:
            yield self.connection
        except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError) as error:
            raise CollectionError(self._explain(str(error))) from None

    def _explain(self, reason: str) -> str:
        if reason == "interrupted":
            return f"Stopped after {self.seconds:g} seconds. Narrow it, or open with seconds= set higher."
        if reason in {"not authorized", "attempt to write a readonly database"}:
            return "Only reading is allowed: write a select."
        if reason.startswith(("no such column", "no such table")):
            reason += " (if the file is from an older version, run readingroom ingest again)"
        if lacking := re.search(r"value for binding parameter :(\w+)", reason):
            return LACKING.format(lacking[1])
        hint = " Ask one select." if "syntax error" in reason else ""
        return f"SQLite says: {reason}.{hint}"


def _allow(action: int, first: str | None, *_others: object) -> int:
    allowed = action in READING or (action, first) in DECLARING
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _within(sql: str) -> str:
    """Return a statement as part of another, so that both ways name columns alike."""
    return f"select * from (\n{sql.strip().rstrip(';')}\n)"


def _with_numbers(sql: str, parameters: Mapping[str, Any]) -> str:
    """Return a statement with its numbers written out, since an address carries texts only.

    Raises `CollectionError` where a value is lacking.
    """

    def written(found: re.Match[str]) -> str:
        if found["name"] and found["name"] not in parameters:
            # Datasette would take an empty text for it, and find nothing.
            raise CollectionError(LACKING.format(found["name"]))
        value: Any = parameters.get(found["name"] or "")
        number = isinstance(value, int | float) and math.isfinite(value)
        return f"({value + 0})" if number else "(null)" if _is_null(found, parameters) else found[0]

    return PARAMETER.sub(written, sql)


def _is_null(found: re.Match[str], parameters: Mapping[str, Any]) -> bool:
    return found["name"] in parameters and parameters[found["name"]] is None


class WebAccess:
    """A published reading room, asked through the JSON that Datasette gives for every page."""

    at_once = 20

    def __init__(self, address: str, seconds: float) -> None:
        """Look whether the collection is there; each request may take so many seconds.

        Raises `CollectionError` when the address does not answer, or with something else.
        """
        self.address, self.seconds = address.rstrip("/"), seconds
        self.get(f"/{DATABASE}.json", {"sql": "select content from runs", "_shape": "objects"})

    def get(self, path: str, arguments: Sequence[tuple[str, str]] | Mapping[str, str]) -> Any:
        """Return the JSON at a path, or raise `CollectionError` with what the server says."""
        address = f"{self.address}{path}?{urllib.parse.urlencode(arguments)}"
        request = urllib.request.Request(address, headers={"accept": "application/json"})  # noqa: S310 - see below
        try:
            # `Collection` lets through nothing but http and https.
            with urllib.request.urlopen(request, timeout=self.seconds) as answer:  # noqa: S310
                body = answer.read(LARGEST_ANSWER + 1)
        except urllib.error.HTTPError as error:
            raise CollectionError(self._refused(error)) from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            message = f"{self.address} does not answer ({reason}). Check the address and the connection."
            raise CollectionError(message) from None
        if len(body) > LARGEST_ANSWER:
            raise CollectionError(f"{self.address} answers with more than 64 MB. Ask for fewer columns.")
        try:
            return json.loads(body)
        except ValueError:
            raise CollectionError(f"{self.address} is no reading room: it answers without JSON.") from None

    def _refused(self, error: urllib.error.HTTPError) -> str:
        try:
            said = json.loads(error.read(100_000)).get("error") or error.reason
        except (ValueError, AttributeError):
            said = error.reason
        finally:
            error.close()
        if error.code == FORBIDDEN:
            return f"{self.address} lets nobody ask SQL. Ask its owner for the file, and open that."
        if error.code == NOT_FOUND:
            return (
                f"{self.address} is no reading room with a server: it has no such page. Name its front page. "
                "A site of plain files answers no questions; fetch its collection.db, and open that."
            )
        return f"{self.address} says: {said}"

    def rows(self, sql: str, parameters: Mapping[str, Any], limit: int) -> Rows:
        """Return columns, at most `limit` rows, and whether there are more; a thousand a request."""
        sql = _with_numbers(sql, parameters)
        known = {name: value for name, value in parameters.items() if value is not None}
        columns: list[str] = []
        found: list[tuple[Any, ...]] = []
        for _ in range(MOST_PAGES):
            asked = min(PAGE, limit + 1 - len(found))
            page = f"{_within(sql)} limit {asked} offset {len(found)}"
            answer = self.get(f"/{DATABASE}.json", {"sql": page, "_shape": "objects", **known})
            rows = answer.get("rows", [])
            columns = columns or answer.get("columns") or list(rows[0] if rows else ())
            found += [tuple(row.values()) for row in rows]
            if len(found) > limit or not rows or (len(rows) < asked and not answer.get("truncated")):
                break
        else:
            return columns, found[:limit], True
        return columns, found[:limit], len(found) > limit
