"""Ranks articles by BM25 from where the words stand, in a fraction of the time that SQLite takes for it.

FTS5 looks up the length of every article that matches, and takes its places apart one by one. Here
the lengths lie in memory; who has a word that many have, and how often, was written down when the
collection was built, and the places of other words come as one text. Formula and constants are those
of FTS5 (https://sqlite.org/fts5.html#the_bm25_function), so that scores are the same to the last digit.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from datasette.plugins import pm

K1, B = 1.2, 0.75
LEAST_RARITY = 1e-6
PLACES = """
    create virtual table if not exists temp.article_places using fts5vocab('main', 'articles_fts', 'instance')
"""
BITS = 2
BLOCK = 64
# The bounds are compared with the word of every place, so they are taken from the JSON before.
OF_WORDS = f"""
    with ranges (first, last) as materialized (
        select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(:ranges)
    )
    select doc << {BITS} | case col when 'text' then 2 when 'title' then 0 when 'names' then 3 else 1 end
    from ranges cross join temp.article_places where term >= first and term <= last
"""
POSTINGS = """
    select word, articles, gaps, frequencies from articles_fts_postings where word between :first and :last
    order by word
"""
# No word holds either; all that begin like a word lie between it with the one and it with the other.
FIRST, LAST = chr(1), chr(0x10FFFF)
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

    def best(self, allowed: Flags | None, most: int | None) -> list[int]:
        """Return the best articles, or all, of those that are allowed if any are not; of equals the first."""
        ids, scores = self.ids, self.scores
        if allowed is not None:
            within = allowed[ids]
            ids, scores = ids[within], scores[within]
        if most is not None and most < len(ids):
            close = scores >= _least_of_best(scores, most)
            ids, scores = ids[close], scores[close]
        ordered: list[int] = ids[np.argsort(-scores, kind="stable")][:most].tolist()
        return ordered


def _least_of_best(scores: Floats, most: int) -> float:
    """Return a score that at least so many reach, and of many scores few more."""
    if len(scores) >= BLOCK * most:
        # As many blocks have one that reaches it as scores are wanted; to put all in order takes far longer.
        scores = scores[: len(scores) // BLOCK * BLOCK].reshape(-1, BLOCK).max(axis=1)
    return float(np.partition(scores, -most)[-most])


def read_lengths(connection: Any, size: int) -> Floats:
    """Return for each article what BM25 holds against its length: more for one longer than the mean."""
    lengths = np.zeros(size + 1)
    rows = 0
    for number, sizes in pm.get_plugin("search_index.py").plain(connection, LENGTHS):
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


def is_ranked_at_once(run: Any) -> bool:
    """Tell whether the articles that match are found as fast by ranking them."""
    if pm.get_plugin("search_sql.py").is_plain(run.search.query):
        return True
    return run.search.sort == "relevance" and has_few(run)


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
    if pm.get_plugin("search_sql.py").is_plain(query):
        return _rank_by_places(run, query)
    return run.scores(query.match) if has_phrase(query) else None


def rank_by_sqlite(run: Any, match: str) -> Ranking:
    """Return the articles that match, as FTS5 ranks them."""
    rows = run.plain(BY_SQLITE.format(pm.get_plugin("search_sql.py").WEIGHTS), match=match)
    table = np.array(rows.fetchall(), dtype=np.float64).reshape(-1, 2)
    return Ranking(table[:, 0].astype(np.int64), -table[:, 1])


def _rank_by_places(run: Any, query: Any) -> Ranking:
    run.plain(PLACES)
    groups = [
        [_score(run, way, prefix=term.prefix) for term in group for way in term.spellings]
        for group in query.worded
    ]
    if len(groups) == len(groups[0]) == 1:
        return Ranking(*groups[0][0])
    scores, found = np.zeros(run.index.size + 1), np.ones(run.index.size + 1, dtype=np.bool_)
    for group in groups:
        either = np.zeros(len(found), dtype=np.bool_)
        for ids, added in group:
            # Added up one after the other, as FTS5 does; in another order the last digit differs.
            scores[ids] += added
            either[ids] = True
        found &= either
    every = np.flatnonzero(found)
    return Ranking(every.astype(np.uint32), scores[every])


def _score(run: Any, word: str, *, prefix: bool) -> tuple[Numbers, Floats]:
    """Return which articles have a word, or any that begins so, and what it adds to the score of each."""
    ids, times = _frequencies(run, word, prefix=prefix)
    rarity = math.log((run.index.everything.bit_count() - len(ids) + 0.5) / (len(ids) + 0.5))
    added = (rarity if rarity > 0 else LEAST_RARITY) * ((times * (K1 + 1)) / (times + run.index.lengths[ids]))
    return ids.astype(np.uint32), added


def _frequencies(run: Any, word: str, *, prefix: bool) -> tuple[Numbers, Floats]:
    """Return which articles have a word, or any that begins so, and how often, weighted by where."""
    first = pm.get_plugin("search_marks.py").fold(word)
    last = first + LAST if prefix else first
    common = run.plain(POSTINGS, first=first, last=last).fetchall()
    if common and not prefix:
        return _read_postings(*common[0][1:])
    # What lies before, between and behind the words that have postings.
    begins = [first, *(each + FIRST for each, *_ in common)]
    ends = [*(_just_before(each) for each, *_ in common), last]
    places = run.numbers(OF_WORDS, ranges=json.dumps(list(zip(begins, ends, strict=True))))
    size = run.index.size + 1
    weights = np.array([float(each) for each in pm.get_plugin("search_sql.py").WEIGHTS.split(",")])
    columns = weights[places & ((1 << BITS) - 1)]
    rest: tuple[Numbers, Floats] = pm.get_plugin("search_index.py").occurring(places >> BITS, size, columns)
    if not common:
        return rest
    times = np.zeros(size)
    for ids, more in (rest, *(_read_postings(*posting) for _, *posting in common)):
        times[ids] += more
    ids = np.flatnonzero(times)
    return ids, times[ids]


def _just_before(word: str) -> str:
    """Return a text that comes behind all words before this one, and before it."""
    return word[:-1] + chr(ord(word[-1]) - 1) + LAST


def _read_postings(articles: int, gaps: bytes, frequencies: bytes) -> tuple[Numbers, Floats]:
    """Return the articles of a word and its weighted frequency in each, as they were written down."""
    between, times = (np.frombuffer(each, dtype=f"<u{len(each) // articles}") for each in (gaps, frequencies))
    return np.cumsum(between, dtype=np.int64), times.astype(np.float64)
