"""Ranks articles by BM25 from where the words stand, in a third of the time that SQLite takes for it.

FTS5 looks up the length of every article that matches, and takes its places apart one by one. Here
the lengths lie in memory, and the places of a word come as one text. Formula and constants are those
of FTS5 (https://sqlite.org/fts5.html#the_bm25_function), so that scores are the same to the last digit.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from datasette.plugins import pm

K1, B = 1.2, 0.75
LEAST_RARITY = 1e-6
# Words that stand in more places are left to FTS5; three times the articles that are ranked by all words.
MOST_PLACES = 30_000
# Letters of which `fold` makes what FTS5 makes of them.
PLAIN = re.compile("[0-9A-Za-zÀ-ÖØ-öø-ž]+")
PLACES = """
    create virtual table if not exists temp.article_places using fts5vocab('main', 'articles_fts', 'instance')
"""
BITS = 2
OF_WORD, OF_BEGINNING = (
    f"""
    select doc << {BITS} | case col when 'text' then 2 when 'title' then 0 when 'names' then 3 else 1 end
    from temp.article_places where {{0}} limit {MOST_PLACES + 1}
    """.format(condition)
    for condition in ("term = :word", "term >= :word and term < :word || char(0x10ffff)")
)
# Neighbours are often alike, as those of one source are, so that a sample is taken at several places.
PIECES, SHARE = 4, 20
SOME = """
    select count(*) from json_each(:starts) as piece cross join articles_fts
    where articles_fts match :match and articles_fts.rowid between piece.value and piece.value + :width
"""
BY_SQLITE = "select rowid, bm25(articles_fts, {0}) from articles_fts where articles_fts match :match"
LENGTHS = "select id, sz from articles_fts_docsize"
LAST_OF_NUMBER = 0x80

Numbers = np.ndarray[Any, np.dtype[np.integer[Any]]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Ranking:
    """The articles that match, their numbers rising, and how well each does: the more the better."""

    ids: Numbers
    scores: Floats

    @property
    def nbytes(self) -> int:
        """Return how much memory it takes."""
        return self.ids.nbytes + self.scores.nbytes

    def of(self, ids: Numbers) -> Floats:
        """Return the score of each of some articles, rising as ours; 0 for one that does not match."""
        places = np.searchsorted(self.ids, ids).clip(max=max(0, len(self.ids) - 1))
        return (
            np.where(self.ids[places] == ids, self.scores[places], 0.0)
            if len(self.ids)
            else np.zeros(len(ids))
        )

    def best(self, allowed: Flags, most: int | None) -> list[int]:
        """Return the best of the articles that are allowed, or all; of equals the first."""
        within = allowed[self.ids]
        ids, scores = self.ids[within], self.scores[within]
        if most is not None and most < len(ids):
            close = scores >= -np.partition(-scores, most - 1)[most - 1]
            ids, scores = ids[close], scores[close]
        ordered: list[int] = ids[np.argsort(-scores, kind="stable")][:most].tolist()
        return ordered


def read_lengths(connection: Any, size: int) -> Floats:
    """Return for each article what BM25 holds against its length: more for one longer than the mean."""
    lengths = np.zeros(size + 1)
    cursor = connection.cursor()
    cursor.row_factory = None
    rows = 0
    for number, sizes in cursor.execute(LENGTHS):
        lengths[number] = _add_up(sizes)
        rows += 1
    # In the order of FTS5; another one would differ in the last digit.
    return K1 * (1 - B + B * lengths / ((lengths.sum() / rows if rows else 0) or 1))


def _add_up(sizes: bytes) -> int:
    """Return the sum of numbers in SQLite's own form: seven bits a byte, the last below 128."""
    total = number = 0
    for byte in sizes:
        number = number << 7 | byte & 0x7F
        if byte < LAST_OF_NUMBER:
            total += number
            number = 0
    return total


def has_phrase(query: Any) -> bool:
    """Tell whether a query asks for words that stand together."""
    return any(" " in term.text for group in query.worded for term in group)


def has_few(run: Any) -> bool:
    """Tell whether a search with phrases likely finds few articles, by what it finds in some of them.

    Such are ranked as they are found; FTS5 goes through a phrase once to find it and twice to rank it.
    """
    size, most = run.index.size, pm.get_plugin("search_sql.py").MOST_RANKED
    if not has_phrase(run.search.query):
        return False
    if size <= most:
        return True
    starts = json.dumps([size * number // PIECES for number in range(PIECES)])
    width = size // (PIECES * SHARE)
    counted = run.plain(SOME, match=run.search.query.match, starts=starts, width=width).fetchone()[0]
    return bool(counted * SHARE <= most)


def rank(run: Any) -> Ranking | None:
    """Return the articles with the words of a search, ranked; None where SQLite finds the best faster."""
    query = run.search.query
    if all(PLAIN.fullmatch(way) for group in query.worded for term in group for way in term.spellings):
        return _rank_by_places(run, query)
    return run.scores(query.match) if has_phrase(query) else None


def rank_by_sqlite(run: Any, match: str) -> Ranking:
    """Return the articles that match, as FTS5 ranks them."""
    rows = run.plain(BY_SQLITE.format(pm.get_plugin("search_sql.py").WEIGHTS), match=match)
    table = np.array(rows.fetchall(), dtype=np.float64).reshape(-1, 2)
    return Ranking(table[:, 0].astype(np.int64), -table[:, 1])


def _rank_by_places(run: Any, query: Any) -> Ranking | None:
    lengths, articles = run.index.lengths, run.index.everything.bit_count()
    weights = np.array([float(each) for each in pm.get_plugin("search_sql.py").WEIGHTS.split(",")])
    run.plain(PLACES)
    ways: list[Ranking] = []
    found = None
    for group in query.worded:
        either = []
        for way, prefix in ((way, term.prefix) for term in group for way in term.spellings):
            frequencies = _frequencies(run, way, weights, prefix=prefix)
            if frequencies is None:
                return None
            ids, times = frequencies
            rarity = math.log((articles - len(ids) + 0.5) / (len(ids) + 0.5))
            rarity = rarity if rarity > 0 else LEAST_RARITY
            ways.append(Ranking(ids, rarity * ((times * (K1 + 1)) / (times + lengths[ids]))))
            either.append(ids)
        within = either[0] if len(either) == 1 else np.unique(np.concatenate(either))
        found = within if found is None else np.intersect1d(found, within, assume_unique=True)
    if found is None:
        return None
    if len(ways) == 1:
        return ways[0]
    scores = np.zeros(len(found))
    for way in ways:  # added up one after the other, as FTS5 does; in another order the last digit differs
        scores += way.of(found)
    return Ranking(found, scores)


def _frequencies(run: Any, word: str, weights: Floats, *, prefix: bool) -> tuple[Numbers, Floats] | None:
    """Return which articles have a word, and how often, weighted by where; None if too often to count."""
    asked = pm.get_plugin("search_marks.py").fold(word)
    places = run.numbers(OF_BEGINNING if prefix else OF_WORD, word=asked)
    if len(places) > MOST_PLACES:
        return None
    columns = weights[places & ((1 << BITS) - 1)]
    found: tuple[Numbers, Floats] = pm.get_plugin("search_index.py").occurring(
        places >> BITS, run.index.size + 1, columns
    )
    return found
