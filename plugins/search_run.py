"""Runs a search: which articles, in which order, with which words marked, and what narrows it further."""

import json
import sqlite3
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain, islice
from operator import and_, or_
from typing import Any

import numpy as np
from datasette.plugins import pm

SECONDS = 1.5
DOWNLOAD_SECONDS = 8.0
FACET_SECONDS = 1.0
MARK_SECONDS = 1.0
NEAR_SECONDS = 0.3
MOST_UNKNOWN = 3
FACET_VALUES = 8
MANY_FACET_VALUES = 400
ALL_VALUES = frozenset({"year", "month"})
FEW_RESULTS = 3
YEAR = 4
LONGEST_LOOK = 200_000
BEST = """
    select rowid from articles_fts where articles_fts match :match
    order by bm25(articles_fts, {0}), rowid limit :most
"""
FOUND = "select rowid from articles_fts where articles_fts match :match"
ROWS = """
    select articles.id, articles.key, title, description, published, published_precision, words, section,
        language, url, articles.rights, sources.name as source, sources.key as source_key
    from json_each(:ids) as listed join articles on articles.id = listed.value
    left join sources on sources.id = source_id order by listed.key
"""
# In the order of the list, which an outer join goes through; so each text is read when its turn comes.
TEXTS = """
    select substr(text, 1, :most) from json_each(:ids) as listed
    left join article_text on article_text.id = listed.value
"""
# By which column of which table a value that is chosen by its key is called.
CALLED = {
    "source": ("name", "sources"),
    "tag": ("name", "tags"),
    "story": ("title", "articles"),
    **dict.fromkeys(("person", "organisation", "place"), ("name", "entities")),
}


@dataclass
class Results:
    """What a search gave; `late` says that time ran out and `total` is only a lower bound.

    `unmarked` says that time sufficed for the articles, but not to mark the words in all of them.
    `written` holds the facets as JSON, for each address of it: those of all pages of a search are alike.
    """

    total: int = 0
    told: int = 0
    late: bool = False
    many: bool = False
    unmarked: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)
    facets: list[dict[str, Any]] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    uncounted: list[str] = field(default_factory=list)
    names: dict[Any, str] = field(default_factory=dict)
    unknown: list[tuple[Any, list[str]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    labels: dict[str, list[str]] = field(default_factory=dict)
    suggestion: str = ""
    sql: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """One search at work: the connection, the index, what was asked and is wanted, and when it must end."""

    connection: Any
    index: Any
    search: Any
    wanted: Any
    deadline: float
    late: bool = False

    def ids_of(self, condition: Any) -> int:
        """Return the set of articles that a condition allows."""
        known = self.index.recall(condition)
        if known is not None:
            return int(known)
        sql, parameters = condition.rows()
        bits = pack(self, self.numbers(sql, **parameters))
        self.index.remember(condition, bits, self.index.size // 8 + 200)
        return bits

    def any_of(self, conditions: list[Any]) -> int:
        """Return the set of articles that any of the conditions allows."""
        return reduce(or_, map(self.ids_of, conditions), 0)

    def matched(self) -> int:
        """Return the set of the articles with the words asked for."""
        key = ("match", self.wanted.match)
        known = self.index.recall(key)
        if known is not None:
            return int(known)
        try:
            ranking = self.ranking() if part("search_ranking").is_ranked_at_once(self) else None
            ids = ranking.ids if ranking else self.numbers(FOUND, match=self.wanted.match)
            bits = pack(self, ids)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            self.late = True
            return 0
        self.index.remember(key, bits, self.index.size // 8 + 200)
        return bits

    def ranking(self) -> Any:
        """Return the articles with the words asked for, ranked; None where they are too many for that."""
        key = ("ranking", self.wanted.match)
        known = self.index.recall(key)
        if known is None:
            known = part("search_ranking").rank(self) or ()
            self.index.remember(key, known, 500 + (known.nbytes if known else 0))
        return known or None

    def scores(self, match: str) -> Any:
        """Return all articles that match, ranked by SQLite."""
        key = ("scores", match)
        known = self.index.recall(key)
        if known is None:
            known = part("search_ranking").rank_by_sqlite(self, match)
            self.index.remember(key, known, 500 + known.nbytes)
        return known

    def best(self, match: str, most: int) -> list[int]:
        """Return the first articles by BM25; SQLite finds them faster than it tells the scores of all."""
        key = ("best", match, most)
        known: list[int] | None = self.index.recall(key)
        if known is None:
            rows = self.plain(BEST.format(part("search_sql").WEIGHTS), match=match, most=most)
            known = list(chain.from_iterable(rows))
            self.index.remember(key, known, 40 * len(known) + 500)
        return known

    def numbers(self, sql: str, **values: object) -> Any:
        """Return the numbers of a statement's only column; as one text they come in a quarter of the time."""
        listed = f"with found (id) as ({sql}) select group_concat(id) from found"
        text = self.plain(listed, **values).fetchone()[0]
        return np.fromstring(text, dtype=np.uint32, sep=",") if text else np.zeros(0, dtype=np.uint32)

    def plain(self, sql: str, **values: object) -> Any:
        """Return rows as tuples, see `search_index`."""
        return part("search_index").plain(self.connection, sql, **values)


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


def pack(run: Run, ids: Any) -> int:
    """Return ids as a set."""
    return int(part("search_index").pack(ids, run.index.size))


def choose_ranking(run: Run) -> None:
    """Rank by title and names alone where very many articles have a phrase, or words in other scripts."""
    statements = part("search_sql")
    if run.search.sort != "relevance" or statements.is_plain(run.search.query):
        return
    if run.matched().bit_count() > statements.MOST_RANKED:
        run.wanted.named = statements.NAMED.format(run.wanted.match)


def execute(connection: Any, path: str, search: Any, page: int, size: int) -> Results:
    """Run a search and return a page of its articles with all that stands around them."""
    indexes = part("search_index")
    index = indexes.index_of(connection, path)
    search = spelt(search, index)
    results = Results()
    deadline = time.monotonic() + SECONDS
    with indexes.limited(connection, deadline):
        try:
            wanted = part("search_sql").want(connection, search, results)
            run = Run(connection, index, search, wanted, deadline)
            base, sets, bits = narrow(run)
            choose_ranking(run)
            results.many = bool(wanted.named)
            results.sql, results.parameters = part("search_sql").statement(
                wanted, search.sort, stories=index.stories is not None and "story" not in sets
            )
            results.late = run.late
            for facet, keys in search.chosen.items():
                if facet == "story" or not search.counting:
                    results.labels[facet] = [label_of(connection, facet, key) for key in keys]
            results.total = bits.bit_count()
            ids, copies, results.told = tell(run, bits, search.sort, page * size)
            shown = ids[(page - 1) * size : page * size]
            results.rows = rows_of(run, shown, search.query, copies)
            results.unmarked = any(row["unmarked"] for row in results.rows)
            if search.counting and not run.late:
                count_facets(run, search, results, (base, sets, bits))
            if results.total < FEW_RESULTS and page == 1:
                results.suggestion = part("search_suggestions").suggest(connection, search.query)
            if results.unknown:
                name_nearest(run, results)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            results.late = True
    return results


def spelt(search: Any, index: Any) -> Any:
    """Return a search for words as they were typed and as the collection writes them."""
    return replace(search, query=search.query.written(index.spellings, part("search_marks").fold))


def all_ids(connection: Any, path: str, search: Any) -> dict[int, int] | None:
    """Return every article of a search in its order, one a story, with its copies; None when time ran out."""
    indexes = part("search_index")
    index = indexes.index_of(connection, path)
    search = spelt(search, index)
    deadline = time.monotonic() + DOWNLOAD_SECONDS
    with indexes.limited(connection, deadline):
        try:
            wanted = part("search_sql").want(connection, search, Results())
            run = Run(connection, index, search, wanted, deadline)
            _, _, bits = narrow(run)
            choose_ranking(run)
            ids, copies, _ = tell(run, bits, search.sort, None)
            return None if run.late else {each: copies[each] for each in ids}
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            return None


def name_nearest(run: Run, results: Results) -> None:
    """Put beside the first names that nobody here has the names that are near them."""
    deadline = min(run.deadline, time.monotonic() + NEAR_SECONDS)
    with suppress(sqlite3.OperationalError), part("search_index").limited(run.connection, deadline):
        for number, (term, _) in enumerate(results.unknown[:MOST_UNKNOWN]):
            names = part("search_sql").all_names(run.connection, term.field)
            results.unknown[number] = (term, part("search_sql").nearest(term.text, names, deadline))


def narrow(run: Run) -> tuple[int, dict[str, int], int]:
    """Return the set that the query allows, those of each facet with chosen values, and that of all."""
    base = run.matched() if run.wanted.match else run.index.everything
    for group in run.wanted.groups:
        base &= run.any_of(group)
    base &= ~run.any_of(run.wanted.excluded)
    sets = {facet: run.any_of(each) for facet, each in run.wanted.by_facet.items()}
    return base, sets, reduce(and_, sets.values(), base)


def order_of(run: Run, bits: int, sort: str, most: int | None) -> list[int]:
    """Return the first articles of a set, or all, in an order.

    Where very many have a phrase, those that have it in their title or names are ranked, and the newest
    of the others follow.
    """
    by_date = run.index.oldest if sort == "oldest" else run.index.newest
    if sort != "relevance" or run.late:
        ordered: list[int] = run.index.ordered(bits, by_date, most)
        return ordered
    ranking = None if run.wanted.named else run.ranking()
    match = run.wanted.named or run.wanted.match
    narrowed = bits != run.matched()
    if ranking is None and most is not None and not narrowed:
        ids = list(run.best(match, most))
    else:
        allowed = part("search_index").unpack(bits, run.index.size) if narrowed else None
        ids = (ranking or run.scores(match)).best(allowed, most)
    if run.wanted.named and (most is None or len(ids) < most):
        ranked = set(ids)
        others = (each for each in run.index.ordered(bits, by_date, most) if each not in ranked)
        ids += islice(others, None if most is None else most - len(ids))
    return ids


def tell(run: Run, bits: int, sort: str, most: int | None) -> tuple[list[int], Counter[int], int]:
    """Return the first articles, one a story, how many more each story has, and how many rows there are."""
    stories = run.index.stories
    total = bits.bit_count()
    if stories is None or "story" in run.wanted.by_facet:
        return order_of(run, bits, sort, most), Counter(), total
    sizes = sizes_of(run, bits)
    told = int(sizes[0]) + int(np.count_nonzero(sizes[1:]))
    asked = None if most is None else 2 * most
    firsts = first_of_each(order_of(run, bits, sort, asked), stories)
    if asked is not None and len(firsts) < min(most or 0, told):
        firsts = first_of_each(order_of(run, bits, sort, None), stories)
    copies = Counter({each: int(sizes[stories[each]]) - 1 for each in firsts if stories[each]})
    return firsts, copies, told


def sizes_of(run: Run, bits: int) -> Any:
    """Return how many articles of a set each story has; those that are in none come first."""
    sizes = run.index.recall("sizes") if bits == run.index.everything else None
    if sizes is None:
        ids = np.flatnonzero(part("search_index").unpack(bits, run.index.size))
        sizes = np.bincount(run.index.stories[ids], minlength=1)
        if bits == run.index.everything:
            run.index.remember("sizes", sizes, sizes.nbytes)
    return sizes


def first_of_each(ids: list[int], stories: Any) -> list[int]:
    """Return the ids without later versions of a story."""
    seen: set[int] = set()
    firsts = []
    for each in ids:
        story = int(stories[each])
        if not story or story not in seen:
            firsts.append(each)
            seen.add(story)
    return firsts


def rows_of(run: Run, ids: list[int], query: Any, copies: Counter[int]) -> list[dict[str, Any]]:
    """Return the catalogue rows of articles, with words marked by the characters 2 and 3.

    When the time for that is over, those that are left stay unmarked, and say so.
    """
    marks = part("search_marks")
    pattern = marks.pattern_of(query)
    deadline = min(run.deadline, time.monotonic() + MARK_SECONDS)
    numbers = json.dumps(ids)
    listed = run.plain(ROWS, ids=numbers)
    names = [column for column, *_ in listed.description]
    found = [dict(zip(names, row, strict=True)) for row in listed]
    texts = run.plain(TEXTS, ids=numbers, most=LONGEST_LOOK) if pattern else iter(())
    for row in found:
        row["copies"] = copies[row["id"]]
        row["marked"], row["snippet"] = row["title"], None
        row["unmarked"] = bool(pattern) and time.monotonic() > deadline
        if pattern and not row["unmarked"]:
            row["marked"] = marks.mark(row["title"], pattern)
            row["snippet"] = marks.passage(next(texts)[0], pattern)
    return found


def count_facets(run: Run, search: Any, results: Results, sets: tuple[int, dict[str, int], int]) -> None:
    """Put into the results the values of each facet, with what a click on each gives.

    What is counted in time is kept for the other pages of the search.
    """
    key = ("facets", search.address(), search.more)
    counted, results.written = run.index.recall(key) or (None, {})
    if counted is None:
        until = min(run.deadline, run.deadline - SECONDS + FACET_SECONDS)
        base, chosen, bits = sets
        found = part("search_index").ArticleSet(bits, run.index.size)
        counted = {}
        for facet, title in part("search_index").FACETS.items():
            if facet == "month" and not (search.chosen["year"] or search.chosen["month"]):
                continue
            if time.monotonic() > until:
                results.uncounted.append(title)
            else:
                counted[title] = count_facet(run, search, facet, (base, chosen, found))
        if not results.uncounted:
            weight = sum(700 * len(each["values"]) + 500 for each in counted.values() if each)
            run.index.remember(key, (counted, results.written), weight + 500)
    for title, facet in counted.items():
        if facet is None:
            results.uncounted.append(title)
            continue
        results.labels[facet["name"]] = [value["label"] for value in facet["values"] if value["chosen"]]
        results.facets.append({**facet, "title": title})


def count_facet(
    run: Run, search: Any, facet: str, sets: tuple[int, dict[str, int], Any]
) -> dict[str, Any] | None:
    """Return the values of a facet; None where the collection has too many to count."""
    base, chosen, found = sets
    within = found
    if facet in chosen:
        others = reduce(and_, (each for name, each in chosen.items() if name != facet), base)
        within = part("search_index").ArticleSet(others, run.index.size)
    many = facet in ALL_VALUES or facet == search.more
    most = MANY_FACET_VALUES if many else FACET_VALUES
    counted = run.index.count(facet, within, most + 1)
    if counted is None:
        return None
    described = describe(run, facet, [number for number, _ in counted[:most]])
    values = [
        {"value": key, "label": label, "count": count, "number": number}
        for (number, count), (key, label) in zip(counted[:most], described, strict=True)
    ]
    picked = search.chosen.get(facet, [])
    listed = {value["value"] for value in values}
    for condition in run.wanted.by_facet.get(facet, []):
        if condition.value not in listed:
            count = (within.bits & run.ids_of(condition)).bit_count()
            label = label_of(run.connection, facet, condition.value)
            values.append({"value": condition.value, "label": label, "count": count, "number": None})
    toggle = search.toggles(facet)
    for value in values:
        value["chosen"] = value["value"] in picked
        value["total"] = _after_click(run, facet, value, (within.bits, found.bits, picked))
        value["address"] = toggle(value["value"])
        del value["number"]
    if facet in ALL_VALUES:
        values.sort(key=lambda value: value["label"].zfill(YEAR))
    return {
        "name": facet,
        "values": values,
        "more": search.address(more=facet) if len(counted) > most and not many else "",
        "picked": bool(picked),
        "now": found.many,
        "most": max((value["count"] for value in values), default=0) or 1,
    }


def _after_click(run: Run, facet: str, value: dict[str, Any], sets: tuple[int, int, list[str]]) -> int:
    others, bits, picked = sets
    if not picked:
        return int(value["count"])
    if not value["chosen"]:
        return int((bits | (others & run.index.of(facet, value["number"]))).bit_count())
    rest = [each for each in run.wanted.by_facet[facet] if each.value != value["value"]]
    return ((others & run.any_of(rest)) if rest else others).bit_count()


def describe(run: Run, facet: str, numbers: list[int]) -> list[tuple[str, str]]:
    """Return the key and the label of values."""
    if facet not in CALLED:
        labels = run.index.links[facet].labels
        return [(labels[number], labels[number]) for number in numbers]
    called = run.index.links["source"].labels if facet == "source" else {}
    column, table = CALLED[facet]
    ids = [int(called.get(number, number)) for number in numbers]
    found = {each: run.index.recall(("label", table, each)) for each in ids}
    if new := [each for each in ids if found[each] is None]:
        sql = f"select id, key, {column} from {table} where id in (select value from json_each(:ids))"
        for number, *label in run.plain(sql, ids=json.dumps(new)):
            found[number] = tuple(label)
            run.index.remember(("label", table, number), found[number], 500)
    return [found[each] for each in ids]


def label_of(connection: Any, facet: str, key: str) -> str:
    """Return what a chosen value is called, or the value itself where it is unknown."""
    if facet not in CALLED:
        return key
    column, table = CALLED[facet]
    row = connection.execute(f"select {column} from {table} where key = ?", [key]).fetchone()
    return str(row[0] if row and row[0] else key)
