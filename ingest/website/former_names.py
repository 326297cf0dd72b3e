"""Pages that lead from what a name is called elsewhere, or was before, to its own, as the server does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.collate.articles import slug

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

# Grouped by SQLite, which keeps on disk what is too much for memory.
FORMER = """
    select slug(alias) as former, min(key), min(name)
    from entity_aliases join entities on entities.id = entity_id
    where slug(alias) not in (select key from entities)
    group by former having count(distinct key) = 1 order by former
"""


def former_names(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield each key that is nobody's and by which only one name goes, that name's key, and the name."""
    connection.create_function("slug", 1, slug, deterministic=True)
    yield from connection.execute(FORMER)
