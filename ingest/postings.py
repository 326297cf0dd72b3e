"""Writes down which articles have a word, and how often, of every word that many have.

FTS5 goes through every place of a word to rank its articles, and before that to learn how many they
are: of a word that tens of thousands have, for tenths of a second. Here both lie ready as two arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.schema.views import POSTINGS, SEARCHED, WEIGHTS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

Numbers = np.ndarray[Any, np.dtype[np.integer[Any]]]

# Of a word that fewer articles have, all places are gone through within milliseconds.
LEAST_ARTICLES, LEAST_SHARE = 2000, 0.01
# Rows; so many places are some 40 MB of text.
PIECE = 4_000_000
BITS = 2
NUMBERED = " ".join(f"when '{column}' then {number}" for number, column in enumerate(SEARCHED))
VOCABULARIES = ("row", "instance")
COMMON = "select term, doc, cnt from temp.row where doc >= ? order by term"
# As one text they come in a quarter of the time that row by row takes.
PLACES = f"""
    with places (place) as (
        select doc << {BITS} | case col {NUMBERED} end from temp.instance where term = ? limit ? offset ?
    )
    select group_concat(place) from places
"""  # noqa: S608 - all names are ours


def write_postings(connection: sqlite3.Connection) -> None:
    """Create the table of postings and fill it from the index of words, which must be complete."""
    connection.execute(POSTINGS.sql)
    connection.executemany(POSTINGS.fill, list_postings(connection))


def list_postings(connection: sqlite3.Connection) -> Iterator[tuple[str, int, bytes, bytes]]:
    """Yield the rows of the table of postings, by word, as the index of words has them."""
    for kind in VOCABULARIES:
        connection.execute(
            f"create virtual table if not exists temp.{kind} using fts5vocab(main, {POSTINGS.index}, {kind})"
        )
    articles = connection.execute("select count(*) from articles").fetchone()[0]
    common = connection.execute(COMMON, (max(LEAST_ARTICLES, LEAST_SHARE * articles),)).fetchall()
    for word, count, places in common:
        pieces = [_read(connection, word, start) for start in range(0, places, PIECE)]
        ids, frequencies = _add_up(*(np.concatenate(each) for each in zip(*pieces, strict=True)))
        yield word, count, _encode(np.diff(ids, prepend=ids.dtype.type(0))), _encode(frequencies)


def _read(connection: sqlite3.Connection, word: str, start: int) -> tuple[Numbers, Numbers]:
    """Return the articles that have a word, rising, and its weight in each, of a piece of its places."""
    text = connection.execute(PLACES, (word, PIECE, start)).fetchone()[0]
    places: Numbers = np.fromstring(text, dtype=np.uint32, sep=",")
    return _add_up(places >> BITS, np.array(WEIGHTS, dtype=np.uint32)[places & ((1 << BITS) - 1)])


def _add_up(ids: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Return numbers that rise with none twice, and the sum of the weights of each."""
    first = np.flatnonzero(np.diff(ids, prepend=ids.dtype.type(0)))
    return ids[first], np.add.reduceat(weights, first)


def _encode(numbers: Numbers) -> bytes:
    """Return numbers one after the other, each in as few bytes as the largest takes."""
    return numbers.astype(np.min_scalar_type(int(numbers.max())).newbyteorder("<")).tobytes()
