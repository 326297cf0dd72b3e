"""A collection's facets in memory, so that any set of articles is counted exactly within milliseconds.

A set of articles is an integer with a bit for each: sets are joined and counted by the machine's
own instructions. The articles of each value, and the values of each article, lie in arrays of
numbers, four bytes an entry.
"""

import heapq
import sqlite3
import threading
import time
from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, compress
from typing import Any
from urllib.parse import quote

from datasette import hookimpl

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
MOST_LINKS = 8_000_000
FEW = 10_000
LARGE = 100  # a value of more than a hundredth of all articles is counted as a set
MOST_KEPT = 64_000_000  # bytes of sets and orders, for each of a few collections
MOST_COLLECTIONS = 3
STEPS = 20_000
TO_BITS = bytes.maketrans(b"\x00\x01", b"01")
TO_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


class Late(Exception):  # noqa: N818 - it is no error, only late
    """The time for a search is over."""


@contextmanager
def limited(connection: Any, deadline: float) -> Iterator[None]:
    """Interrupt what runs on a connection when `time.monotonic()` passes the deadline."""
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, STEPS)


def pack(ids: Iterable[int], size: int) -> int:
    """Return the set of these ids, none beyond `size`."""
    flags = bytearray(size + 1)
    for number in ids:
        flags[number] = 1
    return int(flags[::-1].translate(TO_BITS), 2)


@lru_cache(maxsize=16)
def unpack(bits: int, size: int) -> bytes:
    """Return a byte for each id, 1 for those in the set."""
    return format(bits, f"0{size + 1}b").encode().translate(TO_FLAGS)[::-1]


@lru_cache(maxsize=16)
def listed(bits: int, size: int) -> Sequence[int]:
    """Return the ids of a small set."""
    flags, ids = unpack(bits, size), array("I")
    at = flags.find(1)
    while at >= 0:
        ids.append(at)
        at = flags.find(1, at + 1)
    return ids


@dataclass
class Links:
    """Which articles have which values, both ways; values are numbers, `ranked` by frequency."""

    articles: Sequence[int]
    span: dict[int, tuple[int, int]]
    values: Sequence[int]
    starts: Sequence[int]
    ranked: list[int]
    labels: dict[int, str] = field(default_factory=dict)

    def size(self, value: int) -> int:
        """Return how many articles have a value."""
        start, end = self.span[value]
        return end - start

    def of(self, value: int) -> Sequence[int]:
        """Return the articles of a value."""
        start, end = self.span[value]
        return self.articles[start:end]


def link(
    found: tuple[Sequence[int], Sequence[Any]], back: tuple[Sequence[int], Sequence[Any]], size: int
) -> Links:
    """Return links from the articles in order of values, and the values in order of articles.

    Beside each stands how many every value, or every article, has, as pairs in the same order.
    """
    articles, counts = found
    values, per_article = back
    span, end = {}, 0
    for value, count in counts:
        span[value] = (end, end + count)
        end += count
    starts = array("I", bytes(4 * (size + 2)))
    for article, count in per_article:
        starts[article + 1] = count
    for article in range(1, size + 2):
        starts[article] += starts[article - 1]
    ranked = sorted(span, key=lambda value: (span[value][0] - span[value][1], value))
    return Links(articles=articles, span=span, values=values, starts=starts, ranked=ranked)


@dataclass
class Index:
    """The facets of one collection as it is now."""

    size: int
    everything: int
    newest: Sequence[int]
    oldest: Sequence[int]
    stories: list[int | None]
    links: dict[str, Links]
    ranked: dict[str, list[int]]
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

    def ordered(self, bits: int, order: Sequence[int]) -> Iterator[int]:
        """Yield the ids of a set in an order of all."""
        flags = unpack(bits, self.size)
        return compress(order, map(flags.__getitem__, order))

    def count(self, facet: str, bits: int, most: int) -> list[tuple[int, int]] | None:
        """Return the most frequent values within a set, with their exact counts.

        None means that this collection has too many names to count.
        """
        links = self.links.get(family(facet))
        if links is None:
            return None
        ranked = self.ranked.get(facet, links.ranked)
        if bits == self.everything:
            return [(value, links.size(value)) for value in ranked[:most]]
        found = bits.bit_count()
        if found <= FEW:
            return self._count_few(facet, links, bits, most)
        flags = unpack(bits, self.size)
        best: list[tuple[int, int, int]] = []
        for place, value in enumerate(ranked):
            # Values come in order of their size, and no count is above it.
            if len(best) == most and links.size(value) <= best[0][0]:
                break
            if links.size(value) * LARGE > self.size:
                count = (bits & self.of(facet, value)).bit_count()
            else:
                count = sum(map(flags.__getitem__, links.of(value)))
            if count:
                entry = (count, -place, value)
                if len(best) < most:
                    heapq.heappush(best, entry)
                else:
                    heapq.heappushpop(best, entry)
        return [(value, count) for count, _, value in sorted(best, reverse=True)]

    def _count_few(self, facet: str, links: Links, bits: int, most: int) -> list[tuple[int, int]]:
        key = ("few", family(facet), bits)
        counts = self.recall(key)
        if counts is None:
            ids = listed(bits, self.size)
            starts, values = links.starts, links.values
            counts = Counter(chain.from_iterable(values[starts[each] : starts[each + 1]] for each in ids))
            self.remember(key, counts, 100 * len(counts) + 1000)
        allowed = self.places(facet)
        within = ((-count, allowed[value], value) for value, count in counts.items() if value in allowed)
        return [(value, -count) for count, _, value in heapq.nsmallest(most, within)]

    def places(self, facet: str) -> dict[int, int]:
        """Return the place of each value of a facet in the order of frequency."""
        key = ("places", facet)
        places: dict[int, int] | None = self.recall(key)
        if places is None:
            ranked = self.ranked.get(facet) or self.links[family(facet)].ranked
            places = {value: place for place, value in enumerate(ranked)}
            self.remember(key, places, 0)
        return places

    def of(self, facet: str, value: int) -> int:
        """Return the set of the articles of a value."""
        key = ("of", family(facet), value)
        bits: int | None = self.recall(key)
        if bits is None:
            bits = pack(self.links[family(facet)].of(value), self.size)
            self.remember(key, bits, self.size // 8 + 100)
        return bits


def family(facet: str) -> str:
    """Return whose links hold a facet: people, organisations and places are all entities."""
    return "entity" if facet in {"person", "organisation", "place"} else facet


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
    path = datasette.get_database("collection" if "collection" in datasette.databases else None).path
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
    rows = connection.execute("""
        select id, source_id, cast(year as text), substr(published, 1, 7), section, language, rights,
            story_id, published_precision
        from articles order by id
    """).fetchall()
    size = rows[-1][0] if rows else 0
    stories: list[int | None] = [None] * (size + 1)
    for row in rows:
        stories[row[0]] = row[7]
    links = {}
    for place, facet in enumerate(("source", "year", "month", "section", "language", "rights"), start=1):
        # A year alone is no month.
        pairs = [(row[0], row[place]) for row in rows if row[place] not in {None, ""}]
        if facet == "month":
            pairs = [(each, month) for each, month in pairs if len(month) == len("1969-07")]
        links[facet] = _link_column(pairs, size)
    for facet, table, column in (
        ("tag", "article_tags", "tag_id"),
        ("entity", "article_entities", "entity_id"),
    ):
        if connection.execute(f"select count(*) from {table}").fetchone()[0] <= MOST_LINKS:
            links[facet] = _link_table(connection, table, column, size)
    order = "select id from articles order by published is null, published {}, id"
    return Index(
        size=size,
        everything=pack((row[0] for row in rows), size),
        newest=array("I", (row[0] for row in connection.execute(order.format("desc")))),
        oldest=array("I", (row[0] for row in connection.execute(order.format("")))),
        stories=stories if any(stories) else [],
        links=links,
        ranked=_rank_entities(connection, links["entity"]) if "entity" in links else {},
    )


def _link_table(connection: Any, table: str, column: str, size: int) -> Links:
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples are read in half the time

    def one_way(of: str, by: str) -> tuple[Sequence[int], Sequence[Any]]:
        numbers = array(
            "I", chain.from_iterable(cursor.execute(f"select {of} from {table} order by {by}, {of}"))
        )
        return numbers, cursor.execute(
            f"select {by}, count(*) from {table} group by {by} order by {by}"
        ).fetchall()

    return link(one_way("article_id", column), one_way(column, "article_id"), size)


def _link_column(pairs: list[tuple[int, Any]], size: int) -> Links:
    numbers: dict[Any, int] = {}
    numbered = [(article, numbers.setdefault(value, len(numbers))) for article, value in pairs]
    by_value = sorted((value, article) for article, value in numbered)
    counts = sorted(Counter(value for _, value in numbered).items())
    found = link(
        (array("I", (article for _, article in by_value)), counts),
        (array("I", (value for _, value in numbered)), [(article, 1) for article, _ in numbered]),
        size,
    )
    found.labels = {number: str(value) for value, number in numbers.items()}
    return found


def _rank_entities(connection: Any, links: Links) -> dict[str, list[int]]:
    ranked: dict[str, list[int]] = {"person": [], "organisation": [], "place": []}
    kinds = dict(connection.execute("select id, kind from entities").fetchall())
    for value in links.ranked:
        facet = KINDS.get(kinds.get(value, ""))
        if facet:
            ranked[facet].append(value)
    return ranked
