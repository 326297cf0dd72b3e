"""The sample collection: what its articles are known to say arrives, and collection.db is its build."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import schema
from tests.conftest import ROOT

GOLD = json.loads((ROOT / "tests" / "gold" / "sample.json").read_text(encoding="utf-8"))
QUOTATIONS = json.loads((ROOT / "tests" / "gold" / "sample_quotations.json").read_text(encoding="utf-8"))
PERSON, ORGANISATION, PLACE = ("PERSON",), ("ORG",), ("GPE", "LOC", "FAC")
# Precision and recall of names on the English sample articles; these only rise.
FLOORS = {
    "people": (PERSON, 0.96, 0.99),
    "organisations": (ORGANISATION, 0.81, 0.78),
    "places": (PLACE, 0.91, 0.89),
}
# Nothing beside these says who speaks: a quotation set apart, and one that is only called a report.
UNNAMED = ("We choose to go to the moon", "Roger; lift-off and the clock")

# Processors round differently where the recogniser reckons: a name of some hundreds hangs on a hair, of which
# one finds it and another not. So of names what is said of them is compared, not their numbers.
MOST_ON_A_HAIR = 0.01
FOLLOWING = ("article_entities", "entities_by_year", "entity_company", "entity_trends", "related")
SAYING = {
    "entities": "select key, name, kind, wikidata from entities",
    "entity_aliases": """
        select key, alias, origin from entity_aliases join entities on entities.id = entity_id
    """,
    "mentions": """
        select article_id, start, end, surface, key, kind
        from mentions join entities on entities.id = entity_id
    """,
    "quotes": """
        select article_id, key, speaker, quotes.kind, cue, quote, start, end, confidence
        from quotes left join entities on entities.id = speaker_entity_id
    """,
}

Query = Callable[..., list[sqlite3.Row]]


@pytest.mark.parametrize("locator", GOLD["articles"])
def test_metadata_arrives(locator: str, query: Query):
    """Title, date with precision, authors, tags, section, language and source are as stated."""
    gold = GOLD["articles"][locator]
    row = query("select * from articles where file_id = (select id from files where locator = ?)", locator)[0]
    authors = query(
        "select name from article_authors join authors on authors.id = author_id where article_id = ?"
        " order by position",
        row["id"],
    )
    tags = query(
        "select name from article_tags join tags on tags.id = tag_id where article_id = ?", row["id"]
    )
    source = query("select name from sources where id = ?", row["source_id"])[0]["name"]
    assert {
        "title": row["title"],
        "published": row["published"],
        "precision": row["published_precision"],
        "authors": [author["name"] for author in authors],
        "tags": sorted(tag["name"] for tag in tags),
        "section": row["section"],
        "language": row["language"],
        "source": source,
    } == {
        **{key: gold[key] for key in ("title", "published", "precision", "authors", "section")},
        "tags": sorted(gold["tags"]),
        "language": gold["language"],
        "source": gold["source"],
    }


@pytest.mark.parametrize("locator", GOLD["articles"])
def test_the_text_arrives_to_its_end(locator: str, query: Query):
    """The last sentence of every article is in its text."""
    text = query(
        "select text from article_text join files on files.article_id = article_text.id where locator = ?",
        locator,
    )[0]["text"]
    assert " ".join(GOLD["articles"][locator]["last_sentence"].split()) in " ".join(text.split())


def test_copies_and_problems_are_told(query: Query):
    """The copied file is a duplicate of its original; the broken and the empty file are problems."""
    assert {row["locator"] for row in query("select locator from problems")} >= set(GOLD["problems"])
    for copy, original in GOLD["duplicates"].items():
        rows = query("select article_id, outcome from files where locator in (?, ?)", copy, original)
        assert {row["outcome"] for row in rows} == {"duplicate", "article"}
        assert len({row["article_id"] for row in rows}) == 1


@pytest.mark.parametrize("group", FLOORS)
def test_names_are_found(group: str, query: Query):
    """People, organisations and places are found at least as well as before."""
    kinds, precision_floor, recall_floor = FLOORS[group]
    right = wrong = missed = 0
    for locator, gold in GOLD["articles"].items():
        if gold["language"] != "en":
            continue
        marks = ", ".join("?" * len(kinds))
        rows = query(
            "select name from article_entities join entities on entities.id = entity_id where article_id ="
            f" (select article_id from files where locator = ?) and kind in ({marks})",
            locator,
            *kinds,
        )
        found = {row["name"].casefold().removeprefix("the ") for row in rows}
        wanted = {name.casefold().removeprefix("the ") for name in gold[group]}
        right += len(found & wanted)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    assert right / (right + wrong) >= precision_floor
    assert right / (right + missed) >= recall_floor


@pytest.mark.parametrize("locator", QUOTATIONS)
def test_quotations_arrive_with_their_speakers(locator: str, query: Query):
    """Every quotation of an article is in the table, and whoever says it is one of its entities."""
    rows = query(
        "select quote, name from quotes left join entities on entities.id = speaker_entity_id"
        " where article_id = (select article_id from files where locator = ?)",
        locator,
    )
    found = {row["quote"]: row["name"] for row in rows}
    wanted = dict(QUOTATIONS[locator])
    assert found.keys() >= wanted.keys()
    unnamed = {quote for quote in wanted if quote.startswith(UNNAMED)}
    assert {quote: found[quote] for quote in wanted.keys() - unnamed} == {
        quote: name for quote, name in wanted.items() if quote not in unnamed
    }
    assert not any(found[quote] for quote in unnamed)


def test_nothing_else_is_quoted(query: Query):
    """Beyond these only headings that repeat a quotation are taken for one, and no speaker is given."""
    wanted = {quote for quotations in QUOTATIONS.values() for quote, _ in quotations}
    rows = query("select quote, speaker from quotes")
    assert all(row["quote"] in wanted or row["speaker"] is None for row in rows)
    assert sum(row["quote"] not in wanted for row in rows) <= 2


def test_quotations_are_searched(query: Query):
    """The words of quotations have a search of their own."""
    rows = query("select quote from quotes_fts where quotes_fts match 'giant'")
    assert [row["quote"] for row in rows] == ["one giant leap for mankind."]


def test_the_committed_database_is_the_build_of_the_sample(sample: Path):
    """collection.db in the repository holds what a fresh build holds; `make sample` makes it."""
    built, committed = (sqlite3.connect(path / "collection.db") for path in (sample, ROOT))
    apart = {schema.RUNS.name, *FOLLOWING, *SAYING}
    for table in schema.TABLES:
        if table.name not in apart:
            sql = f"select * from {table.name} order by 1, 2"
            assert committed.execute(sql).fetchall() == built.execute(sql).fetchall(), table.name
    for table, sql in SAYING.items():
        theirs, ours = (set(each.execute(sql)) for each in (committed, built))
        assert len(theirs ^ ours) <= MOST_ON_A_HAIR * len(theirs | ours), table
    counts = "select found, articles, duplicates, skipped, problems, warnings from runs"
    assert committed.execute(counts).fetchall() == built.execute(counts).fetchall()
    built.close()
    committed.close()


def test_the_database_is_sound(query: Query):
    """Keys hold, indexes are there for every facet, and nothing waits in a write-ahead log."""
    assert not query("pragma foreign_key_check")
    assert query("pragma integrity_check")[0][0] == "ok"
    assert query("pragma journal_mode")[0][0] == "delete"
    for facet in schema.ARTICLES.facets:
        plan = query(f"explain query plan select {facet}, count(*) from articles group by {facet}")
        assert "COVERING INDEX" in plan[0]["detail"]
