"""Pages that lead from what a name or an article is called elsewhere, or was before, as the server does."""

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
FORMER_ARTICLES = """
    select former_keys.key, articles.key, title
    from former_keys join articles on articles.id = article_id order by former_keys.key
"""


def former_names(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield each key that is nobody's and by which only one name goes, that name's key, and the name."""
    connection.create_function("slug", 1, slug, deterministic=True)
    yield from connection.execute(FORMER)


def former_articles(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield each key that leads to an article of another key, that key, and the title."""
    yield from connection.execute(FORMER_ARTICLES)
