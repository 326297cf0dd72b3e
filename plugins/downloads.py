"""Tables to take away: CSV for spreadsheets and JSON Lines, streamed in batches, up to so many rows."""

import csv
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import AsgiStream

CAP = 1000
BATCH = 500
# A spreadsheet runs a cell that begins so as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "\ufeff"
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What is taken away: a name for the file, the ids of its rows in order, and how rows are had of ids."""

    name: str
    ids: Sequence[int]
    rows: Callable[[Sequence[int]], Awaitable[list[Row]]]


def cap(datasette: Any) -> int | None:
    """Return how many rows a download may hold; None where the owner set `downloads: unlimited`."""
    settings = datasette.plugin_config("readingroom") or {}
    return None if settings.get("downloads") == "unlimited" else CAP


def as_csv(datasette: Any, listing: Listing, columns: Sequence[str]) -> AsgiStream:
    """Return a listing as a table for spreadsheets.

    A mark at its beginning tells them that it is UTF-8, so that no letter is read wrong. A cell that
    a spreadsheet would run as a formula begins with an apostrophe; JSON Lines has every value as it is.
    """

    def line(values: Any) -> str:
        buffer = io.StringIO()
        csv.writer(buffer).writerow([_harmless(value) for value in values])
        return buffer.getvalue()

    async def chunks(rows: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
        yield MARK + line(columns)
        async for batch in rows:
            yield "".join(line(row[column] for column in columns) for row in batch)

    return stream(datasette, listing, chunks, ("csv", "text/csv; charset=utf-8"))


def as_lines(datasette: Any, listing: Listing) -> AsgiStream:
    """Return a listing as JSON, a row a line."""

    async def chunks(rows: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
        async for batch in rows:
            yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in batch)

    return stream(datasette, listing, chunks, ("jsonl", "application/jsonl; charset=utf-8"))


def stream(datasette: Any, listing: Listing, chunks: Any, kind: tuple[str, str]) -> AsgiStream:
    """Return a stream of what `chunks` makes of the rows, in batches, as a file of a kind; a cap is told."""
    kept = listing.ids[: cap(datasette)]
    ending, media_type = kind
    cut = "" if len(kept) == len(listing.ids) else f"-first-{len(kept)}-of-{len(listing.ids)}"

    async def batches() -> AsyncIterator[list[Row]]:
        for start in range(0, len(kept), BATCH):
            yield await listing.rows(kept[start : start + BATCH])

    async def send(writer: Any) -> None:
        async for text in chunks(batches()):
            await writer.write(text)

    headers = {
        "content-disposition": f'attachment; filename="{listing.name}{cut}.{ending}"',
        "x-total-count": str(len(listing.ids)),
        "x-content-type-options": "nosniff",
    }
    return AsgiStream(send, headers=headers, content_type=media_type)


def _harmless(value: Any) -> Any:
    value = "; ".join(value) if isinstance(value, list) else value
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value
