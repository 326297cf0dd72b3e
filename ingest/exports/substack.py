"""What Substack says of its posts in a table `posts.csv`, beside a page of each that says none of it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ingest.field_names import with_rights
from ingest.model import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = frozenset({"post_id", "post_date", "is_published", "title", "subtitle"})
MEANING = {"post_date": "published", "subtitle": "description"}
LONGEST_VALUE = 2000


def statements_of(table: str) -> Mapping[str, tuple[Field, ...]]:
    """Return what the table states of each post, by the name of its page; nothing of another table."""
    rows = csv.DictReader(io.StringIO(table, newline=""))
    try:
        if not COLUMNS.issubset(rows.fieldnames or ()):
            return {}
        return {f"{row['post_id']}.html": _fields(row) for row in rows if row["post_id"]}
    except csv.Error:
        # Its reader tells what is wrong with the table.
        return {}


def _fields(row: Mapping[str, str | None]) -> tuple[Field, ...]:
    """Return what a row states; of what is not published, or not for all, only the entry may be shown."""
    stated = [
        Field(name=MEANING.get(name, name), value=value.strip()[:LONGEST_VALUE], origin="column")
        for name, value in row.items()
        if isinstance(name, str) and isinstance(value, str) and value.strip()
    ]
    return with_rights(stated, "column")
