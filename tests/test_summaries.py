"""What sums a collection up follows from its rows, and from nothing else, however it came together."""

import json
import math
import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import company
from ingest.pipeline import ingest_collection
from ingest.settings import load_settings
from ingest.store import content_hash
from tests.conftest import NOW, ROOT, Room

Query = Callable[..., list[sqlite3.Row]]
FILES = sorted(path for path in (ROOT / "sample").rglob("*") if path.suffix in {".md", ".txt", ".html"})


def test_months_add_up(query: Query):
    """Every article with a month is counted once."""
    counted = query("select sum(articles), sum(words) from articles_by_month")[0]
    there = query("select count(*), sum(words) from articles where length(published) >= 7")[0]
    assert tuple(counted) == tuple(there)


def test_years_add_up(query: Query):
    """An entity's years together are its dated articles."""
    for name, counted, there in query(
        "select name, (select sum(articles) from entities_by_year where entity_id = entities.id),"
        " (select count(*) from article_entities join articles on articles.id = article_id"
        " where entity_id = entities.id and year is not null) from entities"
    ):
        assert (counted or 0) == there, name


def test_company_is_mutual_and_more_than_chance(query: Query):
    """Two who are named together are so for both, with the same number of articles."""
    rows = query("select entity_id, other_id, articles, score from entity_company")
    pairs = {(row["entity_id"], row["other_id"]): row["articles"] for row in rows}
    assert pairs
    assert all(row["score"] > 0 for row in rows)
    assert all(pairs.get((other, one), count) == count for (one, other), count in pairs.items())


@given(
    st.lists(st.sets(st.integers(1, 12), max_size=6), max_size=30),
    st.sampled_from([1, 7, 1_000]),
    st.sampled_from([1, 3, 20]),
    st.integers(0, 9),
)
def test_company_is_what_counting_pairs_gives(
    articles: list[set[int]], at_once: int, most: int, without_names: int
):
    """Names are found with those they share most articles with, however many pairs are counted at once."""
    total = len(articles) + without_names
    named = Counter(name for names in articles for name in names)
    shared = Counter(pair for names in articles for pair in permutations(names, 2))
    scored = [
        (one, other, count, count * math.log(count * total / (named[one] * named[other])))
        for (one, other), count in shared.items()
    ]
    ranked = sorted(
        (pair for pair in scored if pair[3] > 0), key=lambda pair: (pair[0], -pair[3], -pair[2], pair[1])
    )
    first = {one: place for place, (one, *_) in reversed(list(enumerate(ranked)))}
    best = [pair for place, pair in enumerate(ranked) if place - first[pair[0]] < most]
    pairs = [(number, name) for number, names in enumerate(articles) for name in sorted(names)]
    naming, others = (array("i", [pair[place] for pair in pairs]) for place in (0, 1))
    with mock.patch.multiple(company, AT_ONCE=at_once, MOST_COMPANIONS=most):
        assert list(company.find_company(naming, others, total)) == best


def test_trends_are_the_log_odds_they_are_said_to_be(query: Query):
    """The change of an entity is what the formula gives from the counts in its row."""
    totals = dict(query("select year, count(*) from articles where year is not null group by year"))
    rows = query("select year, articles, before, change from entity_trends")
    assert rows
    for year, articles, before, change in rows:
        cells = [
            (count + 0.5, total - count + 0.5)
            for count, total in ((articles, totals[year]), (before, totals[year - 1]))
        ]
        odds = [math.log(named / unnamed) for named, unnamed in cells]
        error = math.sqrt(sum(1 / count for cell in cells for count in cell))
        assert change == round((odds[0] - odds[1]) / error, 3)


def test_a_name_in_nearly_all_articles_neither_rises_nor_falls(room: Room):
    """Whom three of five articles name after two of two has not become rarer as far as so few can tell."""
    named = {1968: (2, 2), 1969: (3, 5), 1970: (0, 9)}
    rows = [
        {"title": f"Letter {year}-{number}", "date": f"{year}-03-{number + 1:02}", "text": text}
        for year, (with_name, total) in named.items()
        for number in range(total)
        for text in [f"Letter {number} of {year} came from {'Vienna' if number < with_name else 'afar'}."]
    ]
    room.put("letters.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))
    room.ingest()
    assert room.rows("select year, articles, before from entity_trends") == [(1970, 0, 3)]


def test_a_year_of_few_articles_makes_no_name_frequent(room: Room):
    """Whom no article of a year names is not told as named more in it, however few its articles are."""
    texts = [
        (1960, f"Letter {number} came from {'Vienna' if number < 3 else 'afar'}.") for number in range(150)
    ]
    rows = [
        {"title": text, "date": f"{year}-03-01", "text": text} for year, text in [*texts, (1961, "Quiet.")]
    ]
    room.put("letters.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))
    room.ingest()
    assert room.rows("select year, articles from entities_by_year") == [(1960, 3)]
    assert room.rows("select articles, before, change from entity_trends") == []


def content(folder: Path) -> str:
    """Return the hash of all that a collection says."""
    with closing(sqlite3.connect(folder / "collection.db")) as connection:
        return content_hash(connection)


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(FILES), min_size=4, max_size=9, unique=True), st.data())
def test_one_by_one_is_as_all_at_once(chosen: list[Path], data: st.DataObject):
    """A collection to which files were added in any order says what one made of all of them says."""
    order = data.draw(st.permutations(chosen))
    with TemporaryDirectory() as place:
        grown, made = Room(Path(place) / "grown"), Room(Path(place) / "made")
        for number, path in enumerate(order):
            grown.put(str(path.relative_to(ROOT / "sample")), path.read_bytes())
            if number % 2:
                grown.ingest(workers=0)
        for room in (grown, made):
            for path in chosen:
                room.put(str(path.relative_to(ROOT / "sample")), path.read_bytes())
            ingest_collection(load_settings(room.folder), now=NOW, workers=0)
        assert content(grown.folder) == content(made.folder)
