"""What a notebook needs in the browser: the collection's database, and rows to look at.

Runs in JupyterLite's kernel on the site that it came with, with the standard library alone.
"""

from __future__ import annotations

import json
import sqlite3
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "collection.db"
MOST = 100
# What the first column may be called, so that the second leads to the page of what it is the key of.
PAGES = ("article", "entity")
UNIT = 64 * 1024  # bytes read at least: a notebook's queries read whole tables
failures: list[Any] = []  # what the browser says of the open file, to tell why a reading failed
LEFT = 'style="text-align: left"'  # JupyterLab's tables are made for numbers
WIDEST_BAR = 16  # in em, so that a telephone shows all of it


class Shown:
    """Rows as a notebook shows them."""

    def __init__(self, html: str) -> None:
        """Keep what is to be shown."""
        self.html = html

    def _repr_html_(self) -> str:
        return self.html


async def open_collection() -> sqlite3.Connection:
    """Open the collection's database, read-only, in the parts that are asked for.

    A host that gives files only whole is asked for the whole file, up to 100 MiB; `OSError` says
    so when it is larger, or when the host does not answer.
    """
    import pyodide_js  # noqa: PLC0415 - there is such a module in a browser only
    from js import URL  # noqa: PLC0415
    from pyodide.code import run_js  # noqa: PLC0415
    from pyodide.ffi import JsException  # noqa: PLC0415

    if not pyodide_js.FS.analyzePath(f"/{NAME}").exists:
        known = json.loads((files("reading_room") / "site.json").read_text(encoding="utf-8"))
        address = URL.new(known["database"], top()).href
        reader, mounter = await _script("range_file.js"), await _script("mounted_file.js")
        try:
            file = await reader.openRangeFile(address, known["size"], run_js("() => {}"), UNIT)
        except JsException as error:
            raise OSError(error.message) from None
        failures.append(mounter.mountFile(pyodide_js.FS, NAME, file))
    return sqlite3.connect(f"file:/{NAME}?mode=ro&immutable=1", uri=True)


async def _script(name: str) -> Any:
    from pyodide.code import run_js  # noqa: PLC0415 - there is such a module in a browser only

    return await run_js("(address) => import(address)")(f"{top()}static/{name}")


def top() -> str:
    """Return the address of the site's top, whose `notebooks/` the kernel's program lies in."""
    import js  # noqa: PLC0415 - there is such a module in a browser only

    return str(js.location.href).rpartition("/notebooks/lite/")[0] + "/"


def table(database: sqlite3.Connection, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Shown:
    """Show what a query gives, at most 100 rows of it.

    If the first column is called `article` or `entity`, it is a key and not shown; the second
    leads to the page of that article or name.
    """
    names, rows = _ask(database, sql, values)
    kind = names[0] if names[0] in PAGES and len(names) > 1 else ""
    head = "".join(f"<th {LEFT}>{escape(name)}</th>" for name in (names[1:] if kind else names))
    body = "".join(f"<tr>{''.join(_cells(kind, row))}</tr>" for row in rows[:MOST])
    note = f"<p>The first {MOST} rows; there are more.</p>" if len(rows) > MOST else ""
    return Shown(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}")


def bars(database: sqlite3.Connection, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Shown:
    """Show a query's rows of a name and a number as bars, at most 100."""
    rows = _ask(database, sql, values)[1][:MOST]
    longest = max((number for _, number in rows), default=0) or 1
    body = "".join(
        f"<tr><td>{escape(str(name))}</td><td {LEFT}>{_bar(number / longest)} {number:,}</td></tr>"
        for name, number in rows
    )
    return Shown(f"<table><tbody>{body}</tbody></table>")


def _ask(
    database: sqlite3.Connection, sql: str, values: Sequence[Any] | dict[str, Any]
) -> tuple[list[str], list[Any]]:
    """Return the columns and one row more than are shown; what the host refuses is told in its words."""
    for failure in failures:
        failure.error = None
    try:
        cursor = database.execute(sql, values)
        return [column[0] for column in cursor.description], cursor.fetchmany(MOST + 1)
    except sqlite3.OperationalError:
        reasons = [failure.error for failure in failures if failure.error]
        if reasons:
            raise OSError(reasons[0].message) from None
        raise


def _bar(share: float) -> str:
    look = "display: inline-block; height: 0.9em; background: var(--jp-brand-color1)"
    return f'<span style="{look}; width: {WIDEST_BAR * share:.2f}em"></span>'


def _cells(kind: str, row: Sequence[Any]) -> Iterator[str]:
    if kind:
        key, *row = row
    for column, value in enumerate(row):
        text = "" if value is None else escape(str(value))
        if kind and column == 0:
            text = (
                f'<a href="{escape(top())}{kind}/{quote(key, safe="")}/index.html" target="_blank">{text}</a>'
            )
        yield f"<td>{text}</td>" if isinstance(value, (int, float)) else f"<td {LEFT}>{text}</td>"
