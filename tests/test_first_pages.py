"""The pages that a browser fetches first are the upper levels of the trees, as SQLite itself sees them."""

import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest

from ingest.website.first_pages import FOR_SEARCH, FOR_SQL, MOST_OF_A_LEVEL, first_pages
from tests.conftest import ROOT

LEVELS = """
    select name, length(path) - length(replace(path, '/', '')) as level, pageno from dbstat
    where pagetype <> 'overflow' and name in (select value from json_each(?))
"""


def numbers(listed: str) -> set[int]:
    """Return the pages of `2-4 17`."""
    found: set[int] = set()
    for each in listed.split():
        first, _, last = each.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


@pytest.mark.parametrize("rows", [0, 3, 200, 20_000])
def test_upper_levels_are_those_that_sqlite_counts(rows: int, tmp_path: Path):
    """Of a table, its index and the schema; a level that is large is left out with all below it."""
    path = tmp_path / "trees.db"
    with sqlite3.connect(path) as connection:
        connection.execute("pragma page_size = 512")
        connection.execute("create table words (id integer primary key, word text)")
        connection.execute("create index idx_words on words (word)")
        for number in range(40):
            connection.execute(f"create table more_{number} (a, b, c)")
        words = ((f"{number * 7919 % rows:x}" * 3,) for number in range(rows))
        connection.executemany("insert into words (word) values (?)", words)
        levels: dict[tuple[str, int], set[int]] = defaultdict(set)
        names = '["sqlite_schema", "sqlite_master", "words", "idx_words"]'
        for name, level, page in connection.execute(LEVELS, [names]):
            levels[name, level].add(page)
    expected: set[int] = set()
    for (name, level), pages in levels.items():
        if all(len(levels[name, above]) <= MOST_OF_A_LEVEL for above in range(1, level + 1)):
            expected |= pages
    assert numbers(first_pages(path, ("words", "idx_words", "none"))) == expected - {1}


def test_what_search_reads_is_there():
    """Every tree that is named exists in a collection, and a search is told more than a query."""
    path = ROOT / "collection.db"
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as connection:
        assert set(FOR_SEARCH) <= {name for (name,) in connection.execute("select name from sqlite_master")}
    assert numbers(first_pages(path, FOR_SQL)) < numbers(first_pages(path, FOR_SEARCH))
