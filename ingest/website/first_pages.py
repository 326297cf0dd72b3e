"""The pages of a database that every question reads first: the schema, and the upper levels of trees.

SQLite finds them one after the other, each telling where the next one is. A browser that is told their
numbers beforehand fetches them together, and waits once. Where a page says what lies below it:
https://sqlite.org/fileformat2.html#b_tree_pages
"""

from __future__ import annotations

import struct
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO

from ingest.read_only import open_read_only

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What SQLite reads before it answers anything, and what search.js asks by number or by word.
FOR_SQL = ("sqlite_stat1",)
FOR_SEARCH = (
    *FOR_SQL,
    *("articles", "article_text", "sources", "entities", "tags", "stories", "story_articles"),
    *("articles_fts_data", "articles_fts_idx", "articles_fts_docsize", "articles_fts_config"),
    *("idx_story_articles_article_id", "sqlite_autoindex_article_tags_1"),
    *("sqlite_autoindex_article_entities_1", "idx_stories_first_article_id"),
)
WORDS = "articles_fts_data"
SCHEMA = 1
# A level of more pages than these is not worth fetching whole.
MOST_OF_A_LEVEL = 16
INTERIOR = (2, 5)  # of an index, of a table
HEADER = 100


def first_pages(database: Path, names: tuple[str, ...]) -> str:
    """Return the pages to fetch right after page 1, of the schema and the trees of these names: `2-4 17`."""
    with open_read_only(database) as connection:
        size = connection.execute("pragma page_size").fetchone()[0]
        roots = dict(connection.execute("select name, rootpage from sqlite_master where rootpage > 0"))
    pages: set[int] = set()
    with database.open("rb") as file:
        tree = Tree(file, size)
        for root in (SCHEMA, *(roots[name] for name in names if name in roots)):
            pages.update(tree.upper_levels(root))
        if WORDS in names and WORDS in roots:
            # The index keeps first how it is laid out.
            pages.update(tree.leftmost(roots[WORDS]))
    pages.discard(SCHEMA)  # which is asked for by itself, to see what the host answers
    return " ".join(_ranges(sorted(pages)))


class Tree:
    """The B-trees of a database file, read page by page."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Read from a file whose pages have so many bytes."""
        self._file = file
        self._size = size

    def upper_levels(self, root: int) -> Iterator[int]:
        """Yield the pages of each level from the root on, as long as a level is small."""
        level = [root]
        while 0 < len(level) <= MOST_OF_A_LEVEL:
            yield from level
            level = [below for page in level for below in self.children(page)]

    def leftmost(self, root: int) -> Iterator[int]:
        """Yield the pages from the root to the first leaf."""
        page = root
        yield page
        while below := self.children(page):
            page = below[0]
            yield page

    def children(self, number: int) -> list[int]:
        """Return the pages right below one, in order; a leaf has none."""
        self._file.seek((number - 1) * self._size)
        page = self._file.read(self._size)
        head = HEADER if number == 1 else 0
        if page[head] not in INTERIOR:
            return []
        cells, last = struct.unpack_from(">xxxHxxxI", page, head)
        places = struct.unpack_from(f">{cells}H", page, head + 12)
        return [*(struct.unpack_from(">I", page, place)[0] for place in places), last]


def _ranges(numbers: list[int]) -> Iterator[str]:
    """Yield rising numbers as ranges."""
    for _, group in groupby(enumerate(numbers), lambda placed: placed[1] - placed[0]):
        run = [number for _, number in group]
        yield f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}"
