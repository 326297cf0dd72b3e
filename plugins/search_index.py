"""A collection's facets in memory, so that any set of articles is counted exactly within milliseconds.

A set of articles is an integer with a bit for each: sets are joined and counted by the machine's
own instructions. The articles of each value lie in one array, the most frequent value first, and the
values of each article in another, four bytes an entry each; of a value that many have there is a set
besides. Of a large set the most frequent values are counted by those sets and over the first array,
no further than to where no other can have as many; of a small one all that its articles have in the
second.
"""

import sqlite3
import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any
from urllib.parse import quote

import numpy as np
from datasette import hookimpl
from datasette.plugins import pm

FACETS = {
    "source": "Source",
    "year": "Year",
    "month": "Month",
    "section": "Section",
    "person": "People",
    "organisation": "Organisations",
    "place": "Places",
    "tag": "Tags",
    "language": "Language",
    "rights": "Rights",
}
KINDS = {"PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place"}
NAMES = tuple(dict.fromkeys(KINDS.values()))
# The facets of which an article has one value, with what gives it; a year alone is no month.
COLUMNS = {
    "source": "source_id",
    "year": "cast(year as text)",
    "month": "case when length(published) >= 7 then substr(published, 1, 7) end",
    "section": "section",
    "language": "language",
    "rights": "rights",
}
ARTICLES = f"select id, story_id, {', '.join(COLUMNS.values())} from articles order by id"
MOST_LINKS = 50_000_000
MOST_KEPT = 64_000_000  # bytes of sets and orders, for each of a few collections
MOST_COLLECTIONS = 3
STEPS = 20_000
FEW = 20  # of a smaller share of all articles, their own values are counted, not all that there are
FIRST_VALUES = 64
BITS = 64  # of a word of the machine
SET_WEIGHS = 32  # one in so many articles weighs as much as numbers as a set does
FIRST_LOOKED_AT = 1000
Numbers = np.ndarray[Any, np.dtype[np.integer[Any]]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Words = np.ndarray[Any, np.dtype[np.uint64]]


@contextmanager
def limited(connection: Any, deadline: float) -> Iterator[None]:
    """Interrupt what runs on a connection when `time.monotonic()` passes the deadline."""
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, STEPS)


def plain(connection: Any, sql: str, **values: object) -> Any:
    """Return rows as tuples, which are read in half the time."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(sql, values)


def pack(ids: Numbers, size: int) -> int:
    """Return the set of these ids, none beyond `size`."""
    flags = np.zeros(size + 1, dtype=np.bool_)
    flags[ids] = True
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


@lru_cache(maxsize=16)
def unpack(bits: int, size: int) -> Flags:
    """Return for each id whether it is in the set."""
    packed = np.frombuffer(bits.to_bytes(size // 8 + 1, "little"), dtype=np.uint8)
    return np.unpackbits(packed, count=size + 1, bitorder="little").view(np.bool_)


@dataclass
class ArticleSet:
    """A set of articles in the forms in which it is counted, each made when it is first asked for."""

    bits: int
    size: int

    @cached_property
    def many(self) -> int:
        """Return how many they are."""
        return self.bits.bit_count()

    @cached_property
    def flags(self) -> Flags:
        """Return for each id whether it is in the set."""
        return unpack(self.bits, self.size)

    @cached_property
    def ids(self) -> Numbers:
        """Return the ids in the set, rising."""
        return np.flatnonzero(self.flags)

    @cached_property
    def words(self) -> Words:
        """Return a bit for each id, in words of the machine, the lowest first."""
        words = self.size // BITS + 1
        return np.frombuffer(self.bits.to_bytes(words * BITS // 8, "little"), dtype="<u8")


@dataclass
class Links:
    """Which articles have which values; the values come in order of how many articles have them.

    `articles[starts[n]:starts[n + 1]]` are those of the value `values[n]`. The places in that order of
    the values that an article has are `places[begins[article]:begins[article + 1]]`. Each row of `sets`
    has the articles of one of the first values, as words.
    """

    articles: Numbers
    starts: Numbers
    values: Numbers
    places: Numbers
    begins: Numbers
    sets: Words
    labels: dict[int, str] = field(default_factory=dict)

    def of(self, value: int) -> Numbers:
        """Return the articles of a value."""
        place = int(np.flatnonzero(self.values == value)[0])
        return self.articles[self.starts[place] : self.starts[place + 1]]

    def count_own(self, within: ArticleSet) -> tuple[Numbers, Numbers]:
        """Return the places of the values that few articles have, rising, and how many have each."""
        begins = self.begins[within.ids]
        many = self.begins[within.ids + 1] - begins
        touched = np.repeat(begins - np.cumsum(many) + many, many) + np.arange(many.sum())
        return occurring(self.places[touched], len(self.values))

    def count_most(self, within: ArticleSet, most: int) -> tuple[Numbers, Numbers]:
        """Return the same of many articles for the first values, none of the `most` missing."""
        counts = np.bitwise_count(self.sets & within.words).sum(axis=1, dtype=np.int64)
        while (known := len(counts)) < len(self.values) and not self._has_most(counts, most):
            end = min(len(self.values), max(FIRST_VALUES, 2 * most, 2 * known))
            found = within.flags[self.articles[self.starts[known] : self.starts[end]]]
            added = np.add.reduceat(found, self.starts[known:end] - self.starts[known], dtype=np.int64)
            counts = np.concatenate([counts, added])
        had = np.flatnonzero(counts)
        return had, counts[had]

    def _has_most(self, counts: Numbers, most: int) -> bool:
        """Tell whether no value behind those that were counted can be among the most."""
        known = len(counts)
        if known < most:
            return False
        # All articles of the next value are no more than those of the last of the most: so of all others.
        return bool(np.partition(counts, -most)[-most] >= self.starts[known + 1] - self.starts[known])


def occurring(numbers: Numbers, size: int, weights: Floats | None = None) -> tuple[Numbers, Any]:
    """Return which numbers below `size` there are, rising, and how often each, or the sum of its weights."""
    if len(numbers) < size // FEW:
        if weights is None:
            return np.unique(numbers, return_counts=True)
        found, places = np.unique(numbers, return_inverse=True)
        return found, np.bincount(places, weights)
    every = np.bincount(numbers, weights, size)
    found = np.flatnonzero(every)
    return found, every[found]


def link(articles: Numbers, values: Numbers, size: int) -> Links:
    """Return links from as many articles and values, pair by pair; no article is beyond `size`."""
    distinct, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranked = np.argsort(-counts, kind="stable")
    rank = np.empty(len(ranked), dtype=np.int32)
    rank[ranked] = np.arange(len(ranked), dtype=np.int32)
    placed = rank[places]
    by_article = np.argsort(articles, kind="stable")
    by_value = articles[np.argsort(placed, kind="stable")]
    starts = np.concatenate(([0], np.cumsum(counts[ranked])))
    common = min(FIRST_VALUES, int(np.count_nonzero(counts > size // SET_WEIGHS)))
    sets = np.zeros((common, size // BITS + 1), dtype="<u8")
    for place in range(common):
        sets[place] = ArticleSet(pack(by_value[starts[place] : starts[place + 1]], size), size).words
    return Links(
        articles=by_value,
        starts=starts,
        values=distinct[ranked],
        places=placed[by_article],
        begins=np.searchsorted(articles[by_article], np.arange(size + 2)).astype(np.int32),
        sets=sets,
    )


@dataclass
class Index:
    """The facets of one collection as it is now; `stories` has 0 for an article that is in none.

    `lengths` are what BM25 holds against the length of each article, `spellings` the words with letters
    that are typed otherwise.
    """

    size: int
    everything: int
    newest: Numbers
    oldest: Numbers
    lengths: Floats
    stories: Numbers | None
    links: dict[str, Links]
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: OrderedDict[Any, tuple[int, Any]] = field(default_factory=OrderedDict)
    used: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self, key: Any, value: Any, weight: int) -> None:
        """Keep a result for the next time, and let go of the longest unused."""
        with self.lock:
            if key not in self.kept:
                self.kept[key] = (weight, value)
                self.used += weight
            while self.used > MOST_KEPT and len(self.kept) > 1:
                self.used -= self.kept.popitem(last=False)[1][0]

    def recall(self, key: Any) -> Any:
        """Return what was kept, or nothing."""
        with self.lock:
            if key not in self.kept:
                return None
            self.kept.move_to_end(key)
            return self.kept[key][1]

    def ordered(self, bits: int, order: Numbers, most: int | None) -> list[int]:
        """Return the first ids of a set, or all, in an order of all."""
        flags = unpack(bits, self.size)
        wanted = len(order) if most is None else most
        end = wanted
        # Of a large set the first stand near the beginning, so that not all need be looked at.
        while True:
            found = order[:end][flags[order[:end]]][:wanted]
            if len(found) == wanted or end >= len(order):
                ordered: list[int] = found.tolist()
                return ordered
            end = 4 * end + FIRST_LOOKED_AT

    def count(self, facet: str, within: ArticleSet, most: int) -> list[tuple[int, int]] | None:
        """Return the most frequent values within a set, with their exact counts.

        Of equally frequent ones those come first that more of all articles have. None means that
        this collection has too many names to count.
        """
        links = self.links.get(facet)
        if links is None:
            return None
        few = within.many < self.size // FEW
        found, counts = links.count_own(within) if few else links.count_most(within, most)
        # No two are alike, so that the first few can be told without sorting all.
        keys = counts * (len(links.values) + 1) - found
        first = np.argpartition(-keys, most)[:most] if most < len(keys) else np.arange(len(keys))
        first = first[np.argsort(-keys[first])]
        return list(zip(links.values[found[first]].tolist(), counts[first].tolist(), strict=True))

    def of(self, facet: str, value: int) -> int:
        """Return the set of the articles of a value."""
        key = ("of", facet, value)
        bits: int | None = self.recall(key)
        if bits is None:
            bits = pack(self.links[facet].of(value), self.size)
            self.remember(key, bits, self.size // 8 + 100)
        return bits


INDEXES: OrderedDict[tuple[str, str], Index] = OrderedDict()
LOADING = threading.Lock()


def index_of(connection: Any, path: str) -> Index:
    """Return the index of the collection that a connection shows, made when first asked for."""
    content = connection.execute("select content from runs").fetchone()
    key = (path, content[0] if content else "")
    with LOADING:
        if key not in INDEXES:
            while len(INDEXES) >= MOST_COLLECTIONS:
                INDEXES.popitem(last=False)
            INDEXES[key] = load(connection)
        return INDEXES[key]


@hookimpl
def startup(datasette: Any) -> None:
    """Begin to read the facets, so that the first reader need not wait for them."""
    path = pm.get_plugin("layout.py").collection(datasette).path
    if path:
        threading.Thread(target=warm, args=(path,), name="facets", daemon=True).start()


def warm(path: Any) -> None:
    """Read the facets of a file; whatever is wrong with it, the pages will tell."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as opened,
    ):
        index_of(opened, path)


def load(connection: Any) -> Index:
    """Read all facets."""
    ids, stories_of = array("i"), array("i")
    # What each article has is noted in numbers as it is read: a million rows themselves fill half a gigabyte.
    numbers: list[dict[Any, int]] = [{} for _ in COLUMNS]
    columns = [array("i") for _ in COLUMNS]
    for number, story, *values in plain(connection, ARTICLES):
        ids.append(number)
        stories_of.append(story or 0)
        for known, column, value in zip(numbers, columns, values, strict=True):
            column.append(known.setdefault(value, len(known)))
    articles = np.array(ids, dtype=np.int32)
    size = int(articles[-1]) if ids else 0
    stories = np.zeros(size + 1, dtype=np.int32)
    stories[articles] = stories_of
    links = {
        facet: _link_column(articles, np.array(column, dtype=np.int32), known, size)
        for facet, column, known in zip(COLUMNS, columns, numbers, strict=True)
    }
    tagged = _pairs(connection, "article_tags", "tag_id")
    named = _pairs(connection, "article_entities", "entity_id")
    if tagged is not None:
        links["tag"] = link(tagged[:, 0], tagged[:, 1], size)
    if named is not None:
        facets = _facets_of_entities(connection)[named[:, 1]]
        for number, facet in enumerate(NAMES):
            chosen = named[facets == number]
            links[facet] = link(chosen[:, 0], chosen[:, 1], size)
    order = "select id from articles order by published is null, published {}, id"
    letters = pm.get_plugin("search_letters.py")
    written = connection.execute(letters.WITH_LETTERS)
    return Index(
        size=size,
        everything=pack(articles, size),
        newest=_numbers(connection, order.format("desc")),
        oldest=_numbers(connection, order.format("")),
        lengths=pm.get_plugin("search_ranking.py").read_lengths(connection, size),
        stories=stories if stories.any() else None,
        links=links,
        spellings=letters.read_spellings((row[0] for row in written), pm.get_plugin("search_marks.py").fold),
    )


def _pairs(connection: Any, table: str, column: str) -> Numbers | None:
    """Return article and value of every row of a table; None where they are too many to hold."""
    if connection.execute(f"select count(*) from {table}").fetchone()[0] > MOST_LINKS:
        return None
    return _numbers(connection, f"select article_id, {column} from {table}").reshape(-1, 2)


def _facets_of_entities(connection: Any) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Return for each number of an entity the place in `NAMES` of its facet; -1 for none."""
    rows = connection.execute("select id, kind from entities order by id").fetchall()
    facets = np.full(rows[-1][0] + 1 if rows else 0, -1, dtype=np.int8)
    for row in rows:
        if row[1] in KINDS:
            facets[row[0]] = NAMES.index(KINDS[row[1]])
    return facets


def _numbers(connection: Any, sql: str) -> Numbers:
    """Return all that a query gives, row by row, as one array."""
    return np.fromiter(chain.from_iterable(plain(connection, sql)), dtype=np.int32)


def _link_column(articles: Numbers, numbered: Numbers, known: dict[Any, int], size: int) -> Links:
    """Return links from articles to the values that are known by these numbers, but to nothing."""
    labels = {number: str(value) for value, number in known.items() if value not in {None, ""}}
    stated = np.isin(numbered, list(labels))
    found = link(articles[stated], numbered[stated], size)
    found.labels = labels
    return found
