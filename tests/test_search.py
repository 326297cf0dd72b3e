"""Searching: every string is a query, every count is what a click gives, every way out is well formed."""

import asyncio
import csv
import html
import io
import json
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any
from unicodedata import category, normalize
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import feedparser
import numpy as np
import pytest
from datasette.plugins import pm
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml.html import fromstring

from ingest import Collection, postings
from ingest.editions.verification import verify
from ingest.schema import views
from tests.conftest import ROOT, Reader, Room

MARKED = Path(__file__).parent / "cases" / "search_marks.json"
ARTICLES = {
    "courier/moon.md": (
        "The Moon Landing",
        {
            "date": "1969-07-20",
            "tags": ["Moon", "Apollo"],
            "section": "Science",
            "authors": ["Agnes Thorne", "Łucja Malt"],
        },
        "Neil Armstrong walked on the Moon. The far side of the Moon stays dark.",
    ),
    "courier/far.md": (
        "On the Far Side",
        {"date": "1969-07", "section": "Science", "author": "Agnes Thorne"},
        "A side that is far away from the moon landing, said Neil Armstrong in Houston.",
    ),
    "ledger/station.md": (
        "Skylab Circles the Earth",
        {"date": "1973", "section": "World", "tags": ["Stations"]},
        "The station Skylab went up. Salyut went up before, said NASA in Washington.",
    ),
    "ledger/salyut.md": (
        "Salyut in Orbit",
        {"date": "1971-04-19T10:00:00", "section": "World", "tags": ["Stations"]},
        "Yuri Gagarin did not see it. The U.S.S.R. sent Salyut into orbit from Baikonur.",
    ),
    "ledger/jets.md": (
        "The F-16 and C++",
        {"date": "1980-01-01"},
        "Banquo’s ghost flew an F-16 over the café and wrote either/or in C++ for Señor Poyékhali.",
    ),
    "ledger/undated.md": ("No Date at All", {}, "Nobody knows when this was written about cosmonauts."),
    "asia/zh.md": ("登上太空", {"date": "1961-04-12"}, "苏联宇航员加加林乘坐东方一号飞船进入太空。"),
    "asia/ja.md": ("月の話", {"date": "1970-02-11"}, "日本は人工衛星おおすみを打ち上げた。"),
    "asia/th.md": ("ดวงจันทร์", {"date": "1969-07-21"}, "มนุษย์เดินบนดวงจันทร์เป็นครั้งแรก"),
    "asia/ko.md": ("달에 가다", {"date": "1969-07-22"}, "우주인이 달에 착륙했다. 서울에서 사람들이 보았다."),
    "asia/ta.md": ("நிலா", {"date": "1969-07-23"}, "மனிதன் நிலா மீது நடந்தான். பூ மலர்ந்தது."),
}


def fill(room: Room) -> None:
    """Write the small collection that these tests search."""
    for locator, (title, meta, text) in ARTICLES.items():
        room.put(locator, f"---\n{json.dumps({'title': title, **meta}, ensure_ascii=False)}\n---\n\n{text}\n")
    room.ingest()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Somebody who reads the small collection."""
    room = Room(tmp_path_factory.mktemp("search") / "room")
    fill(room)
    reader = Reader(room.folder)
    yield reader
    reader.close()


def ask(reader: Reader, **asked: Any) -> dict[str, Any]:
    """Return the answer to a search as JSON."""
    answer = reader.get("/search.json?" + urlencode(asked, doseq=True))
    assert answer.status_code == 200, answer.text
    return answer.json()


def run_of(reader: Reader, query: str) -> Any:
    """Return a search at work on the reader's collection, before it asked for anything."""
    runs, path = pm.get_plugin("search_run.py"), reader.datasette.databases["collection"].path
    search = pm.get_plugin("search.py").Search(
        query=pm.get_plugin("search_query.py").parse(query), chosen={}, sort="relevance"
    )
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    index = pm.get_plugin("search_index.py").index_of(connection, path)
    return runs.Run(connection, index, search, None, 0.0)


def titles(reader: Reader, query: str) -> set[str]:
    """Return the titles of what a query finds."""
    return {article["title"] for article in ask(reader, q=query, size=100)["articles"]}


MOON, FAR, SKYLAB = "The Moon Landing", "On the Far Side", "Skylab Circles the Earth"
SALYUT, JETS, UNDATED = "Salyut in Orbit", "The F-16 and C++", "No Date at All"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("moon landing", {MOON, FAR}),
        ('"far side"', {MOON, FAR}),
        ("“moon landing”", {MOON, FAR}),
        ('"far side of"', {MOON}),
        ("moon -dark", {FAR}),
        ("moon NOT dark", {FAR}),
        ("moon NOT (skylab OR dark)", {FAR}),
        ("-skylab OR dark moon", {FAR}),
        ("(year:1900 OR skylab) salyut", {SKYLAB}),
        ('moon -"far side"', set()),
        ("skylab OR landing", {SKYLAB, MOON, FAR}),
        ("skylab AND salyut", {SKYLAB}),
        ("salyut skylab OR orbit", {SKYLAB, SALYUT}),
        ("cosmo*", {UNDATED}),
        ("cosmo", set()),
        ('"went u"*', set()),
        ("C++", {JETS}),
        ("f-16", {JETS}),
        ("F16", set()),
        ("either/or", {JETS}),
        ("Banquo's", {JETS}),
        ("banquo’s ghost", {JETS}),
        ("cafe senor POYEKHALI", {JETS}),
        ("U.S.S.R.", {SALYUT}),
        ('"unbalanced', set()),
        ('"orbit', {SALYUT}),
        ("宇航员", {"登上太空"}),
        ("太空", {"登上太空"}),
        ("加加林 太空", {"登上太空"}),
        ("空", {"登上太空"}),
        ("衛星", {"月の話"}),
        ("おおすみ", {"月の話"}),
        ("จันทร์", {"ดวงจันทร์"}),
        ("ดวง", {"ดวงจันทร์"}),
        ("달", {"달에 가다"}),
        ("서울", {"달에 가다"}),
        ("நிலா", {"நிலா"}),
        ("பூ", {"நிலா"}),
        ("太空 OR skylab", {"登上太空", SKYLAB}),
        ("salyut -太空", {SKYLAB, SALYUT}),
        ('person:"Neil Armstrong"', {MOON, FAR}),
        ("person:armstrong -landing", set()),
        ("person:Gagarin OR place:Houston", {SALYUT, FAR}),
        ("org:NASA", {SKYLAB}),
        ("source:courier", {MOON, FAR}),
        ("-source:courier -source:asia", {SKYLAB, SALYUT, JETS, UNDATED}),
        ("tag:stations after:1971", {SKYLAB}),
        ("section:science moon", {MOON, FAR}),
        ('author:"agnes thorne"', {MOON, FAR}),
        ("by:malt moon", {MOON}),
        ("author:thorne -author:malt", {FAR}),
        ("author:armstrong", set()),
        ("year:1969 source:courier", {MOON, FAR}),
        ("year:1973 OR year:1980", {SKYLAB, JETS}),
        ("source:courier before:1969-07-21", {MOON}),
        ("source:ledger after:1971-04-19", {SKYLAB, JETS}),
        ("source:ledger after:1971-04", {SKYLAB, JETS}),
        ("source:ledger before:1973-06", {SALYUT}),
        ("source:ledger before:1974", {SALYUT, SKYLAB}),
        ("before:yesterday moon", {MOON, FAR}),
        ("person:nobody", set()),
        ("🚀 moon", {MOON, FAR}),
        ("title:moon", set()),
    ],
)
def test_finds(small: Reader, query: str, expected: set[str]):
    """Each query finds exactly these articles."""
    assert titles(small, query) == expected


def test_orders(small: Reader):
    """The best stands first, a word in the title before one in the text; by date on demand, undated last."""
    assert [row["title"] for row in ask(small, q="moon landing")["articles"]] == [MOON, FAR]
    newest = [row["published"] for row in ask(small, sort="newest", source="ledger")["articles"]]
    assert newest == ["1980-01-01", "1973", "1971-04-19T10:00", None]
    oldest = [row["published"] for row in ask(small, sort="oldest", source="ledger")["articles"]]
    assert oldest == ["1971-04-19T10:00", "1973", "1980-01-01", None]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "articles"),
        (
            'moon "far side" before:1970 -dark',
            "articles with moon, with the phrase far side, and published before 1970, but none with dark",
        ),
        ("person:armstrong after:1969-07", "articles naming Neil Armstrong, and published after July 1969"),
        ("skylab OR salyut", "articles with skylab or with salyut"),
        ("author:thorne year:1969", "articles by Agnes Thorne, and published in 1969"),
    ],
)
def test_says_how_it_understood(small: Reader, query: str, sentence: str):
    """A search is repeated in words."""
    assert ask(small, q=query)["understood"] == sentence


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/search", "All articles"),
        ("/search?page=2&size=2", "All articles, page 2"),
        ("/search?q=moon&size=1&page=2", "moon, page 2"),
        ("/search?q=moon&page=99", "moon"),
        ("/search?year=1969", "Articles published in 1969"),
        ("/search?q=moon&year=1969", "Articles with moon, and published in 1969"),
    ],
)
def test_each_search_has_a_title_of_its_own(small: Reader, address: str, title: str):
    """Tabs, bookmarks and the history of a browser tell searches apart, and a part is not called all."""
    page = small.get(address).text
    assert f"<title>{title} · " in page
    assert ("<h1>All articles</h1>" in page) == title.startswith("All articles")


def test_an_article_leads_to_all_of_its_authors(small: Reader):
    """A signature is a link to what else that author wrote."""
    key = ask(small, q="by:malt")["articles"][0]["key"]
    links = re.findall(r'href="(/search\?q=author[^"]*)">([^<]*)<', small.get(f"/article/{key}").text)
    assert [name for _, name in links] == ["Agnes Thorne", "Łucja Malt"]
    assert "<b>2</b> articles by" in small.get(html.unescape(links[0][0])).text


@pytest.mark.parametrize("name", ["李明", "王小丽"])
def test_who_signed_in_a_script_without_spaces_is_found(room: Room, name: str):
    """The name finds what it signed, however short it is and in whatever letters the text is."""
    for place, text in (("one.md", "苏联宇航员乘坐东方一号飞船进入太空。"), ("two.md", "The ship went up.")):
        room.put(f"asia/{place}", f"---\ntitle: {place}\nauthor: {name}\n---\n\n{text}\n")
    room.ingest()
    reader = Reader(room.folder)
    assert titles(reader, name) == titles(reader, f"author:{name}") == {"one.md", "two.md"}
    assert titles(reader, f"ship -{name}") == set()
    assert set(Collection(room.folder).search(name).title) == {"one.md", "two.md"}
    reader.close()


def test_names_with_quotation_marks_are_found(room: Room):
    """Marks within a name end no phrase: its signature and a suggestion of it find its articles."""
    names = ("John “Jack” Smith", 'Anna "Ann" Lee', "山田「太郎」")
    for number, name in enumerate(names):
        room.put(
            f"{number}.md", f"---\n{json.dumps({'title': 'T', 'authors': [name]})}\n---\n\nMoon {number}."
        )
    room.ingest()
    reader = Reader(room.folder)
    for key, name in room.rows(
        "select articles.key, name from article_authors"
        " join articles on articles.id = article_id join authors on authors.id = author_id"
    ):
        [link] = re.findall(r'href="(/search\?q=author[^"]*)"', reader.get(f"/article/{key}").text)
        found = ask(reader, **dict(parse_qsl(html.unescape(link).partition("?")[2])))
        assert [each["key"] for each in found["articles"]] == [key], name
    page = reader.get("/search?q=author:%22john+jack+smyth%22").text
    [link] = re.findall(r'href="/search(\?q=author[^"]*)">John', page)
    assert ask(reader, **dict(parse_qsl(html.unescape(link)[1:])))["total"] == 1
    reader.close()


def test_names_beyond_those_looked_for_are_said(room: Room):
    """Of many of one surname some are looked for, and page, JSON and Python say so."""
    for number in range(22):
        given = f"{chr(65 + number)}nna"
        room.put(
            f"{number}.md", f"---\ntitle: Number {number}\nauthor: {given} Thorne\n---\n\nA ship went up.\n"
        )
    room.ingest()
    reader = Reader(room.folder)
    found = ask(reader, q="author:thorne")
    page = reader.get("/search?q=author:thorne").text
    exact = ask(reader, q='author:"Anna Thorne"')
    reader.close()
    said = "More than 20 here are called thorne; only the 20 in most articles were looked for."
    assert found["total"] == 20
    assert found["notes"] == [said]
    assert said in page
    assert exact["notes"] == []
    with pytest.warns(UserWarning, match="More than 20 here are called thorne"):
        assert len(Collection(room.folder).search("author:thorne")) == 20


def test_unknown_names_are_said(small: Reader):
    """A name that the collection does not know is named, with those near it, each a link."""
    assert ask(small, q="person:armstrang")["notes"] == [
        "No person here is called armstrang. Near it: Neil Armstrong."
    ]
    page = small.get("/search?q=moon+person:armstrang").text
    assert "q=moon+person%3A%22Neil+Armstrong%22" in page
    assert "No source here is called" in small.get("/search?q=source:nothing").text
    assert ask(small, q="author:thorn")["notes"] == ["No author here is called thorn. Near it: Agnes Thorne."]
    assert "is no date" in small.get("/search?q=before:soon").text


@pytest.mark.parametrize(
    ("query", "better"),
    [("skylav", "skylab"), ("cosmonatus", "cosmonauts"), ("moon", None), ("xqzjvw", None)],
)
def test_did_you_mean(small: Reader, monkeypatch: pytest.MonkeyPatch, query: str, better: str | None):
    """A word that no article has is mended from the words that articles have."""
    monkeypatch.setattr(pm.get_plugin("search_suggestions.py"), "SUGGESTION_SECONDS", 60.0)
    assert ask(small, q=query)["suggestion"] == better


def test_other_words_are_narrowed_alike(small: Reader):
    """What is offered in place of a word or a name asks it of the same articles; all are a click away."""
    links = html.unescape(small.get("/search?q=skylav&source=ledger&year=1973").text)
    assert 'Did you mean <a href="/search?q=skylab&source=ledger&year=1973">skylab</a>?' in links
    assert '<a href="/search?q=skylav">Search all articles</a>' in links
    page = html.unescape(small.get("/search?q=person:armstrang&section=Science&sort=oldest").text)
    assert '<a href="/search?q=person%3A%22Neil+Armstrong%22&section=Science&sort=oldest">' in page
    assert "Search all articles" not in small.get("/search?q=skylav").text
    assert "Search all articles" not in small.get("/search?year=1850").text


def test_what_was_chosen_is_said_in_words(small: Reader):
    """A month has its name in the sentence above the results, and a story its title."""
    key = ask(small, q="salyut orbit")["articles"][0]["key"]
    assert ask(small, year=1969, month="1969-07")["understood"].endswith("published in July 1969")
    assert ask(small, story=key)["understood"] == "articles telling the same story as Salyut in Orbit"
    assert ask(small, story="0" * 12, month="soon")["understood"].endswith("same story as 000000000000")


def test_words_are_marked(small: Reader):
    """What was asked for stands out in the title and the text; everything else stays text."""
    page = small.get("/search?q=moon").text
    assert "The <mark>Moon</mark> Landing" in page
    assert "on the <mark>Moon</mark>" in page
    assert "<mark>太空</mark>" in small.get("/search?q=太空").text


@pytest.mark.parametrize(
    "case", json.loads(MARKED.read_text(encoding="utf-8")), ids=lambda case: case["query"]
)
@pytest.mark.usefixtures("small")
def test_only_whole_words_are_marked(case: dict[str, str]):
    """A word within another is none; case, accents and points are no matter, and vowel signs are letters."""
    marks, reading = pm.get_plugin("search_marks.py"), pm.get_plugin("search_query.py")
    text = case["marked"].replace("[", "").replace("]", "")
    found = marks.mark(text, marks.pattern_of(reading.parse(case["query"])))
    assert found.replace("\x02", "[").replace("\x03", "]") == case["marked"]


HOSTILE = (
    *(
        "' or 1=1 --",
        "'; drop table articles; --",
        '") union select * from runs --',
        "%00",
        "\\",
        "NEAR(a b, 2)",
    ),
    *('"' * 10_000, "(" * 10_000, "a " * 5000, "-" * 10_000, "person:" * 1500, '"a" OR ' * 1500),
    *(
        "OR",
        "AND",
        "NOT",
        "- - -",
        "a OR",
        "^a",
        "{x y}: z",
        "a:b:c",
        'person:"',
        "before:",
        "a*b*c*",
        "\ud800",
    ),
    *(
        "🚀🌕",
        "\x00",
        "\x02mark\x03",
        "\u200fשלום\u200e",
        "a\u0301",
        "x" * 10_000,
        "太" * 5000,
        "person:%",
        "after:9999",
    ),
)


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_is_an_error(small: Reader, query: str):
    """Marks, operators, SQL, endless and broken input are answered with a page, in every format."""
    asked = urlencode({"q": query.encode("utf-8", "replace")})
    for path in ("/search", "/search.json", "/search.atom", "/search.csv"):
        assert small.get(f"{path}?{asked}").status_code == 200, path


PIECES = st.sampled_from(
    [
        *'"-*:()^',
        "OR",
        "NOT",
        "AND",
        "person:",
        "place:",
        "before:1970",
        "after:",
        "moon",
        "太空",
        " ",
        "skylab",
        "’",
    ]
)


@given(
    st.one_of(
        st.text(max_size=300), st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES).map("".join)
    )
)
@settings(max_examples=60)
def test_any_string_is_a_query(small: Reader, query: str):
    """Whatever is typed is answered, and SQL finds the same articles in the same order."""
    check_sql(small, {"q": query})


def check_sql(reader: Reader, asked: dict[str, Any]) -> None:
    """Check that the statement behind `as SQL` gives the articles of the search."""
    arguments = _Arguments(asked)
    search = pm.get_plugin("search.py").read_search(arguments)
    results = reader.runner.run(pm.get_plugin("search.py").run_search(reader.datasette, search))
    database = pm.get_plugin("layout.py").collection(reader.datasette)
    with sqlite3.connect(database.path) as connection:
        rows = connection.execute(results.sql, results.parameters).fetchall()
    connection.close()
    assert len(rows) == results.told
    assert [row[0] for row in rows[:20]] == [row["key"] for row in results.rows]


class _Arguments:
    """The arguments of a request."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked

    def get(self, name: str) -> Any:
        """Return one value."""
        return self.asked.get(name)

    def getlist(self, name: str) -> list[str]:
        """Return all values."""
        return list(self.asked.get(name) or [])


SEARCHES = (
    {},
    {"q": "moon"},
    {"q": "moon -apollo", "sort": "oldest"},
    {"q": "soviet OR american", "source": ["the-orbital-courier", "meridian-dispatch"]},
    {"person": ["yuri-gagarin", "neil-armstrong"]},
    {"person": ["yuri-gagarin"], "year": ["1961", "1968"]},
    {"q": "moon", "year": ["1969"], "tag": ["apollo-11"]},
    {"q": "person:gagarin after:1961-05", "language": ["en"]},
    {"q": "nothing-of-this-kind"},
    {"section": ["Science"], "month": ["1969-07"], "rights": ["full"]},
)


def test_other_words_stay_within_what_is_chosen(reader: Reader):
    """The box of a search keeps its facets and its order, and a link drops what is chosen."""
    page = fromstring(reader.get("/search?q=moon&sort=oldest&year=1969&source=meridian-dispatch").text)
    kept = [(each.get("name"), each.get("value")) for each in page.xpath("//form[@role='search']/input")]
    assert kept == [
        ("q", "moon"),
        ("source", "meridian-dispatch"),
        ("year", "1969"),
        ("sort", "oldest"),
    ]
    assert page.xpath("//a[text()='drop what is chosen']/@href") == ["/search?q=moon&sort=oldest"]
    for path in ("/search?q=moon", "/timeline"):
        plain = fromstring(reader.get(path).text)
        assert len(plain.xpath("//form[@role='search']/input")) == 1
        assert not plain.xpath("//a[text()='drop what is chosen']")


@pytest.mark.parametrize("asked", SEARCHES, ids=lambda asked: urlencode(asked, doseq=True) or "all")
def test_every_count_is_what_a_click_gives(reader: Reader, asked: dict[str, Any]):
    """Each value of each facet leads to exactly as many articles as it says, chosen or not."""
    start = ask(reader, **asked)
    checked = 0
    for name, values in start["facets"].items():
        for value in values:
            clicked = reader.get(value["address"]).json()
            assert clicked["total"] == value["total"], (name, value)
            if not asked.get(name):
                assert value["total"] == value["count"]
            if value["chosen"]:
                assert dict(parse_qsl(value["address"].partition("?")[2])).get(name) != value["value"]
            checked += 1
    assert checked or not start["total"]


@pytest.mark.parametrize("asked", SEARCHES, ids=lambda asked: urlencode(asked, doseq=True) or "all")
def test_sql_gives_the_same(reader: Reader, asked: dict[str, Any]):
    """The link `SQL` leads to a statement that runs there and gives the same articles in the same order."""
    check_sql(reader, asked)
    page = reader.get("/search?" + urlencode(asked, doseq=True)).text
    address = re.search(r'href="(/collection\?sql=[^"]+)"', page)[1].replace("&amp;", "&")
    answer = reader.get(address.replace("/collection?", "/collection.json?") + "&_shape=arrays").json()
    found = ask(reader, **asked, size=100)
    assert [row[0] for row in answer["rows"]][:100] == [row["key"] for row in found["articles"]]


@pytest.mark.parametrize("query", ["moon", "the", "the -apollo", "the after:1965", '"the moon" -apollo'])
@pytest.mark.parametrize("most_ranked", [2, 10_000])
def test_pages_follow_one_another(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, query: str, most_ranked: int
):
    """Page by page, a search gives what a download of it does, in the same order."""
    monkeypatch.setattr(pm.get_plugin("search_sql.py"), "MOST_RANKED", most_ranked)
    asked = {"q": query, "sort": "relevance"}
    lines = reader.get("/search.jsonl?" + urlencode(asked)).text.splitlines()
    told: list[str] = []
    for page in range(1, len(lines) // 3 + 2):
        told += [row["key"] for row in ask(reader, **asked, size=3, page=page)["articles"]]
    assert told == [json.loads(line)["key"] for line in lines]


def test_whether_a_phrase_is_rare_is_told_from_a_part_of_the_articles(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    """Taken as rare or as common, a phrase finds the same articles in the same order."""
    ranking, statements = pm.get_plugin("search_ranking.py"), pm.get_plugin("search_sql.py")
    asked = {"q": '"the moon"', "size": 100}
    found = ask(reader, **asked)
    size = run_of(reader, "").index.size
    monkeypatch.setattr(ranking, "PIECES", 1)
    monkeypatch.setattr(ranking, "SHARE", 1)  # the part is all of them
    for most, is_rare in (
        (size, True),
        (size - 1, True),
        (found["total"], True),
        (found["total"] - 1, False),
    ):
        pm.get_plugin("search_index.py").INDEXES.clear()
        monkeypatch.setattr(statements, "MOST_RANKED", most)
        assert ranking.has_few(run_of(reader, asked["q"])) == is_rare
        if is_rare:
            assert ask(reader, **asked) == found


@pytest.mark.parametrize(
    "asked", [{"q": "moon"}, {"q": "moon", "person": "neil-armstrong"}, {"year": "1969"}]
)
def test_a_program_may_do_without_facets(reader: Reader, asked: dict[str, str]):
    """Without them a search tells the same in all else, in the same words, page after page."""
    whole, bare = ask(reader, **asked, size=1), ask(reader, **asked, size=1, facets="no")
    assert whole["facets"]
    assert bare["facets"] == {}
    assert "facets=no" in bare["next"]
    following = reader.get(bare["next"]).json()
    for one, other in ((whole, bare), (reader.get(whole["next"]).json(), following)):
        assert {**one, "facets": {}, "next": ""} == {**other, "next": ""}


@pytest.mark.parametrize("asked", [{"q": "moon"}, {"q": "moon", "year": "1969"}, {"more": "person"}])
def test_facets_are_the_same_on_every_page(reader: Reader, asked: dict[str, str]):
    """What is kept for the next page of a search is not taken for that of another one."""
    first = ask(reader, **asked, size=2)
    pm.get_plugin("search_index.py").INDEXES.clear()
    third = ask(reader, **asked, size=2, page=3)
    assert third["facets"] == first["facets"] == ask(reader, **asked, size=2)["facets"]
    for changed in ({"year": "1961"}, {"sort": "oldest"}, {"q": "soviet"}, {"more": "place"}):
        pm.get_plugin("search_index.py").INDEXES.clear()
        alone = ask(reader, **asked | changed)
        pm.get_plugin("search_index.py").INDEXES.clear()
        ask(reader, **asked)
        assert ask(reader, **asked | changed) == alone


@pytest.mark.parametrize(
    "query", ['"the moon"', '"the moon" -apollo', '"in the" person:gagarin', '"of the" after:1965']
)
def test_very_many_hits_are_ranked_by_title(reader: Reader, monkeypatch: pytest.MonkeyPatch, query: str):
    """Phrases that very many articles have are ranked by titles and names, which is said; in SQL too."""
    total = ask(reader, q=query)["total"]
    monkeypatch.setattr(pm.get_plugin("search_sql.py"), "MOST_RANKED", 2)
    assert ask(reader, q=query)["total"] == total
    assert "So many articles" in reader.get("/search?" + urlencode({"q": query})).text
    check_sql(reader, {"q": query})


@pytest.mark.parametrize("query", ["moon", "the", "the -apollo", "moo*", "soviet OR american"])
def test_articles_with_a_word_are_ranked_however_many_have_it(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, query: str
):
    """Words alone are ranked by all places where they stand, in SQL too."""
    before = ask(reader, q=query)
    monkeypatch.setattr(pm.get_plugin("search_sql.py"), "MOST_RANKED", 2)
    pm.get_plugin("search_index.py").INDEXES.clear()
    assert ask(reader, q=query) == before
    check_sql(reader, {"q": query})


@pytest.fixture(scope="module", params=["as built", "of all words", "of frequent words"])
def posted(
    request: pytest.FixtureRequest, sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    """Somebody who reads the sample, with postings as it has them, or of more words."""
    folder = tmp_path_factory.mktemp("posted")
    for name in ("collection.db", "metadata.yml"):
        (folder / name).write_bytes((sample / name).read_bytes())
    copytree(sample / "plugins", folder / "plugins")
    if request.param != "as built":
        with (
            pytest.MonkeyPatch.context() as patch,
            closing(sqlite3.connect(folder / "collection.db")) as opened,
        ):
            patch.setattr(postings, "LEAST_ARTICLES", 1 if request.param == "of all words" else 6)
            patch.setattr(postings, "PIECE", 3)
            opened.execute("drop table articles_fts_postings")
            postings.write_postings(opened)
            opened.commit()
    reader = Reader(folder)
    yield reader
    reader.close()


@pytest.mark.parametrize(
    "query",
    [
        *("moon", "the", "moo*", "moon landing", "moon moon", "soviet OR american", "café", "poyekhali"),
        *("moß OR less", "süd OR crossing"),
        *("apollo* gagarin OR armstrong", "the OR moon* -soviet", "no-such", "nosuchword", "in of the a"),
    ],
)
def test_ranks_are_those_of_sqlite(posted: Reader, query: str):
    """BM25 reckoned from where words stand is that of SQLite's own function, to the last digit."""
    ranking, run = pm.get_plugin("search_ranking.py"), run_of(posted, query)
    theirs = ranking.rank_by_sqlite(run, run.search.query.match)
    ours = ranking.rank(run)
    if ours is None:
        assert query == "no-such"  # two words, which SQLite must find together
    else:
        assert (ours.ids.tolist(), ours.scores.tolist()) == (theirs.ids.tolist(), theirs.scores.tolist())
        everything = np.ones(run.index.size + 1, dtype=bool)
        order = sorted(zip(-theirs.scores, theirs.ids.tolist(), strict=True))
        for most in (None, 1, 3, 1000):
            assert ours.best(everything, most) == [article for _, article in order][:most]


@pytest.mark.parametrize("query", ["moon", "moon landing", "the", "moo*", '"the moon"'])
def test_whoever_ranks_the_order_is_the_same(reader: Reader, monkeypatch: pytest.MonkeyPatch, query: str):
    """Words in letters that are not looked up are ranked by SQLite: as well."""
    before = ask(reader, q=query)
    pm.get_plugin("search_index.py").INDEXES.clear()
    monkeypatch.setattr(pm.get_plugin("search_sql.py"), "PLAIN", re.compile("x"))
    assert ask(reader, q=query) == before
    pm.get_plugin("search_index.py").INDEXES.clear()


def read_by_sqlite(texts: dict[int, str]) -> dict[int, list[str | None]]:
    """Return the words of numbered texts, as the search indexes take them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f'create virtual table texts using fts5(text, tokenize="{views.FOLDING}")')
        connection.execute("create virtual table words using fts5vocab(texts, instance)")
        connection.executemany("insert into texts (rowid, text) values (?, ?)", texts.items())
        words: dict[int, list[str | None]] = {number: [] for number in texts}
        for number, word in connection.execute("select doc, term from words order by doc, offset"):
            words[number].append(word)
    return words


@pytest.mark.usefixtures("reader")
def test_letters_are_looked_up_as_sqlite_reads_them():
    """Of every letter that words may have to be ranked so, our folding gives what SQLite's gives."""
    letters = re.findall(pm.get_plugin("search_sql.py").PLAIN, "".join(map(chr, range(0x3000))))
    fold = pm.get_plugin("search_marks.py").fold
    texts = {ord(letter): f"a{letter}b" for letter in "".join(letters)}
    assert read_by_sqlite(texts) == {number: [fold(text)] for number, text in texts.items()}
    assert len(texts) > 250


@pytest.mark.usefixtures("reader")
def test_marks_are_letters_of_a_word():
    """Words go on over a mark, or end, for SQLite as for what marks them and for what reads a query."""
    marks, queries = pm.get_plugin("search_marks.py"), pm.get_plugin("search_query.py")
    points = re.compile(f"[{queries.POINTS}]")
    for code in (code for code in range(0x300, 0x1F000) if category(chr(code)) in {"Mn", "Mc"}):
        text = f"क{chr(code)}ख"
        words = marks.words_of(text)
        (found,) = read_by_sqlite({1: queries.without_points(text)}).values()
        assert found == [points.sub("", normalize("NFC", word)) for word in words], hex(code)
        assert queries.is_letter(chr(code))


@pytest.mark.usefixtures("reader")
def test_all_leave_out_the_same_points():
    """What an index is without, a query is without, and what marks words looks over it, in browsers too."""
    written = (ROOT / "ingest" / "website" / "browser" / "search_query.js").read_text(encoding="utf-8")
    in_browsers = written.split("export const POINTS =")[1].split(";")[0]
    known = (pm.get_plugin("search_marks.py").POINTS, pm.get_plugin("search_query.py").POINTS)
    assert {*known, "".join(re.findall('"(.+?)"', in_browsers)).replace("\\\\", "\\")} == {views.POINTS}


WRITTEN = {
    "hi/kitab.md": "# हिन्दी किताब का मेला\n\nलोग आए। उसने कहा, “किताब पढ़ो, यह बहुत अच्छी है।”",
    "hi/katab.md": "# काताबा की कहानी\n\nहन्दा गाँव में काताबा रहता था।",
    "ar/pointed.md": "# كَتَبَ الكاتِبُ\n\nبِسْمِ اللَّهِ. العبّارة في المينـــاء.",
    "ar/bare.md": "# كتب الكاتب رسالة\n\nبسم الله. العبارة غرقت.",
    "he/pointed.md": "# שָׁלוֹם עוֹלָם\n\nשָׁלוֹם־עוֹלָם אָמַר הַיֶּלֶד.",
    "en/cafe.md": "# Cafe\u0301 ☎\ufe0fCall\n\nThe cafe\u0301 opened \u0301 again.",
}
POINTED = ("كَتَبَ الكاتِبُ", "كتب الكاتب رسالة")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A collection in scripts whose words hold marks."""
    room = Room(tmp_path_factory.mktemp("written") / "room")
    for locator, text in WRITTEN.items():
        room.put(locator, text)
    room.ingest()
    return room


@pytest.fixture(scope="module")
def written_reader(written: Room) -> Iterator[Reader]:
    """Somebody who reads it."""
    reader = Reader(written.folder)
    yield reader
    reader.close()


@pytest.mark.parametrize(
    ("query", "found", "marked"),
    [
        ("किताब", {"हिन्दी किताब का मेला"}, {"किताब"}),
        ("हि*", {"हिन्दी किताब का मेला"}, {"हिन्दी"}),
        ('"हिन्दी किताब"', {"हिन्दी किताब का मेला"}, {"हिन्दी किताब"}),
        ("हन", set(), set()),
        ("كتب", {*POINTED}, {"كَتَبَ", "كتب"}),
        ("كُتِبَ", {*POINTED}, {"كَتَبَ", "كتب"}),
        ("العبّارة", {*POINTED}, {"العبّارة", "العبارة"}),
        ('"بسم الله"', {*POINTED}, {"بِسْمِ اللَّهِ", "بسم الله"}),
        ("الميناء", {POINTED[0]}, {"المينـــاء"}),
        ("שלום", {"שָׁלוֹם עוֹלָם"}, {"שָׁלוֹם"}),
        ("שָׁלוֹם -ילד", {"שָׁלוֹם עוֹלָם"}, {"שָׁלוֹם"}),
        ("cafe", {"Cafe\u0301 ☎\ufe0fCall"}, {"Café", "café"}),
        ("call cafe\u0301", {"Cafe\u0301 ☎\ufe0fCall"}, {"Call", "Café", "café"}),
    ],
)
def test_words_with_marks_are_whole(written_reader: Reader, query: str, found: set[str], marked: set[str]):
    """Vowel signs tell words apart; points and accents may be written or not, in text and query."""
    assert titles(written_reader, query) == found
    page = written_reader.get("/search?" + urlencode({"q": query})).text
    assert set(re.findall("<mark>(.*?)</mark>", page)) == marked
    check_sql(written_reader, {"q": query})


def test_quotations_are_found_by_words_with_marks(written_reader: Reader):
    """So are quotations."""
    quoted = [
        written_reader.get("/quotations.jsonl?" + urlencode({"q": query, "sure": "any"})).text.count("पढ़ो")
        for query in ("किताब", "कताब")
    ]
    assert quoted == [1, 0]


def test_an_index_without_points_is_sound(written: Room):
    """What search indexes leave out of the articles is no damage, and no word of theirs is empty."""
    assert not [each for each in verify(written.folder / "collection.db") if each.wrong]
    with closing(sqlite3.connect(written.folder / "collection.db")) as connection:
        connection.execute("create virtual table temp.words using fts5vocab(main, articles_fts, row)")
        assert all(term for (term,) in connection.execute("select term from temp.words"))


@pytest.mark.usefixtures("reader")
@given(st.integers(0, 2**32), st.integers(1, 4000), st.integers(1, 50), st.integers(2, 10**6))
def test_the_best_are_told_of_few_and_of_many(seed: int, articles: int, most: int, different: int):
    """However many match, the best come first, and of equals those that stood first."""
    chance = np.random.default_rng(seed)
    scores = chance.integers(1, different, articles) / 7
    ids = np.sort(chance.choice(10 * articles, articles, replace=False))
    ranking = pm.get_plugin("search_ranking.py").Ranking(ids, scores)
    assert ranking.best(None, most) == ids[np.argsort(-scores, kind="stable")][:most].tolist()


PAIRS = st.sets(st.tuples(st.integers(1, 40), st.integers(1, 30)))


@pytest.mark.usefixtures("reader")
@given(PAIRS, st.sets(st.integers(1, 40)), st.integers(1, 12), st.integers(1, 64))
@example({(1, 1), (2, 1), (3, 2)}, {3, 4}, 1, 1)  # the most frequent value of all has none of these
@example({(1, 1), (2, 1), (3, 1), (1, 2), (4, 2), (4, 3), (5, 3), (5, 4)}, {4, 5}, 2, 2)
def test_facets_are_exact(pairs: set[tuple[int, int]], chosen: set[int], most: int, first: int):
    """Whatever articles have whatever values, the first counts are those of counting one by one.

    So many of the first values are counted before it is asked whether others can have as many.
    """
    indexes = pm.get_plugin("search_index.py")
    with patch.object(indexes, "FIRST_VALUES", first):
        _count_and_compare(indexes, pairs, chosen, most)


def _count_and_compare(indexes: Any, pairs: set[tuple[int, int]], chosen: set[int], most: int) -> None:
    listed = sorted(pairs)
    sides = (np.array([pair[side] for pair in listed], dtype=np.int32) for side in (0, 1))
    links = indexes.link(*sides, 40)
    bits = indexes.pack(sorted(chosen), 40)
    assert np.flatnonzero(indexes.unpack(bits, 40)).tolist() == sorted(chosen)
    index = indexes.Index(
        size=40,
        everything=bits,
        newest=[],
        oldest=[],
        lengths=[],
        stories=None,
        links={"tag": links},
    )
    everywhere = Counter(value for _, value in listed)
    within = Counter(value for article, value in listed if article in chosen)
    ordered = sorted(within.items(), key=lambda each: (-each[1], -everywhere[each[0]], each[0]))
    assert index.count("tag", indexes.ArticleSet(bits, 40), most) == ordered[:most]
    for value in everywhere:
        assert links.of(value).tolist() == [article for article, each in listed if each == value]


def test_without_time_the_page_says_so(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    """A search that takes too long says so instead of being an error, and so do facets."""
    monkeypatch.setattr(pm.get_plugin("search_run.py"), "FACET_SECONDS", -1.0)
    assert "Not counted, for lack of time" not in reader.get("/search?q=moon").text
    assert ask(reader, q="moon")["facets_not_counted"]
    monkeypatch.setattr(pm.get_plugin("search_run.py"), "SECONDS", -1.0)
    monkeypatch.setattr(pm.get_plugin("search_index.py"), "STEPS", 1)
    page = reader.get("/search?q=nixon+orbit*")
    assert page.status_code == 200
    assert "more than" in page.text
    monkeypatch.setattr(pm.get_plugin("search_run.py"), "DOWNLOAD_SECONDS", -1.0)
    assert reader.get("/search.csv?q=orbit*+rocket").status_code == 503


def test_copies_of_a_story_are_one_row(room: Room):
    """Articles that tell one story are one row with the number of copies, in SQL as well."""
    fill(room)
    with sqlite3.connect(room.folder / "collection.db") as connection:
        connection.execute("insert into stories (id, size) values (1, 2)")
        connection.execute("update articles set story_id = 1 where title in (?, ?)", [MOON, FAR])
        connection.execute("update runs set content = 'changed'")
    connection.close()
    reader = Reader(room.folder)
    found = ask(reader, q="moon landing")
    assert (found["total"], found["stories"]) == (2, 1)
    assert [(row["title"], row["copies"]) for row in found["articles"]] == [(MOON, 1)]
    page = reader.get("/search?q=moon+landing").text
    address = re.search(r'href="([^"]+)" rel="nofollow">\+1 copy', page)[1].replace("&amp;", "&")
    assert reader.get(address.replace("/search?", "/search.json?")).json()["stories"] == 2
    (row,) = csv.DictReader(io.StringIO(reader.get("/search.csv?q=moon+landing").content.decode("utf-8-sig")))
    assert (row["title"], row["copies"]) == (MOON, "1"), "so that who adds up a table counts all articles"
    check_sql(reader, {"q": "moon landing"})
    reader.close()


@pytest.mark.parametrize(
    "path",
    ["/search.atom?q=moon", "/search.atom", "/search.feed.json?q=moon", "/entity/yuri-gagarin/feed.atom"],
)
def test_feeds_are_valid(reader: Reader, path: str):
    """A search and a name are feeds that a feed reader takes without complaint, newest first."""
    answer = reader.get(path)
    assert answer.status_code == 200
    if path.endswith("atom") or ".atom?" in path:
        feed = feedparser.parse(answer.content)
        assert not feed.bozo
        assert feed.version == "atom10"
        assert feed.entries
        for entry in feed.entries:
            assert entry.id.startswith("http")
            assert entry.title
            assert entry.updated_parsed
        days = [entry.published for entry in feed.entries if "published" in entry]
        assert days == sorted(days, reverse=True)
    else:
        feed = answer.json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert all(item["id"] and item["content_text"] for item in feed["items"])


def test_feeds_name_who_signed(room: Room):
    """An article is by its authors, in order, or its publication; the feed itself is by the room."""
    signed = {"title": "Signed", "authors": ["Zora Lind", "Ann Poe"], "date": "1971-01-02"}
    room.put("courier/a.md", f"---\n{json.dumps(signed)}\n---\n\nNeil Armstrong spoke.")
    room.put("courier/b.md", "# Unsigned\n\nNeil Armstrong flew.")
    room.ingest()
    reader = Reader(room.folder)
    wanted = [["Zora Lind", "Ann Poe"], ["Courier"]]
    for path in ("/search", "/entity/neil-armstrong/feed"):
        feed = feedparser.parse(reader.get(f"{path}.atom").content)
        assert [[author.name for author in entry.authors] for entry in feed.entries] == wanted
        assert feed.feed.title.endswith(f" · {feed.feed.author}")
    items = reader.get("/search.feed.json").json()["items"]
    assert [[author["name"] for author in item["authors"]] for item in items] == wanted
    reader.close()


def test_feeds_tell_corrections(room: Room):
    """A feed reader learns of a correction by its date; without one, an entry is as new as its article."""
    for name, stated in {
        "a": {"date": "1969-07-20", "modified": "1969-07-22"},
        "b": {"date": "1969-07-21T23:30:00-05:00"},
        "c": {"date": "1969-07-22T01:00:00+02:00"},
    }.items():
        room.put(
            f"{name}.md",
            f"---\n{json.dumps({'title': name, **stated})}\n---\n\nNeil Armstrong spoke of {name}.",
        )
    room.ingest()
    reader = Reader(room.folder)
    feed = feedparser.parse(reader.get("/entity/neil-armstrong/feed.atom").content)
    items = reader.get("/search.feed.json").json()["items"]
    rows = csv.DictReader(io.StringIO(reader.get("/search.csv").content.decode("utf-8-sig")))
    assert {row["title"]: row["modified"] for row in rows} == {"a": "1969-07-22", "b": "", "c": ""}
    reader.close()
    assert {entry.title: entry.updated for entry in feed.entries} == {
        "a": "1969-07-22T00:00:00Z",
        "b": "1969-07-21T23:30:00-05:00",
        "c": "1969-07-22T01:00:00+02:00",
    }
    assert feed.feed.updated == "1969-07-21T23:30:00-05:00"
    assert [item.get("date_modified") for item in items if item["title"] == "a"] == ["1969-07-22T00:00:00Z"]
    assert not any("date_modified" in item for item in items if item["title"] != "a")


def test_entity_feeds(reader: Reader):
    """A name has a JSON Feed too, and an unknown one is not there."""
    assert reader.get("/entity/yuri-gagarin/feed.json").json()["items"]
    assert reader.get("/entity/nobody-at-all/feed.atom").status_code == 404


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("1969", "1969-01-01T00:00:00Z"),
        ("1969-07", "1969-07-01T00:00:00Z"),
        ("1969-07-20T10:00:00+02:00", "1969-07-20T10:00:00+02:00"),
        (None, "1970-01-01T00:00:00Z"),
        ("soon", "1970-01-01T00:00:00Z"),
    ],
)
@pytest.mark.usefixtures("reader")
def test_moments(stated: str | None, told: str):
    """A feed wants a full moment: what is not stated is its beginning."""
    assert pm.get_plugin("search_feeds.py").moment(stated) == told


def test_downloads(small: Reader, monkeypatch: pytest.MonkeyPatch):
    """A search is a table and lines of JSON; with a cap the file's name tells."""
    table = small.get("/search.csv?q=moon").content
    assert table.startswith(b"\xef\xbb\xbf"), "spreadsheets know UTF-8 by its mark"
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert {row["title"] for row in rows} == {MOON, FAR}
    assert all(row["address"].endswith(f"/article/{row['key']}") for row in rows)
    assert {row["title"]: row["authors"] for row in rows}[MOON] == "Agnes Thorne; Łucja Malt"
    assert {row["title"]: row["tags"] for row in rows}[MOON] == "Apollo; Moon"
    lines = [json.loads(line) for line in small.get("/search.jsonl").text.splitlines()]
    assert len(lines) == len(ARTICLES)
    assert {line["title"]: line["authors"] for line in lines}[MOON] == ["Agnes Thorne", "Łucja Malt"]
    monkeypatch.setattr(pm.get_plugin("downloads.py"), "CAP", 3)
    capped = small.get("/search.csv")
    assert len(list(csv.reader(io.StringIO(capped.text)))) == 4
    assert "search-first-3-of-11.csv" in capped.headers["content-disposition"]
    assert "end after 3 articles" in small.get("/search").text


def test_downloads_without_a_cap(room: Room, monkeypatch: pytest.MonkeyPatch):
    """The owner may allow whole downloads."""
    settings_file = room.folder / "metadata.yml"
    text = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(text.replace("  readingroom:\n", "  readingroom:\n    downloads: unlimited\n"))
    fill(room)
    reader = Reader(room.folder)
    monkeypatch.setattr(pm.get_plugin("downloads.py"), "CAP", 3)
    assert len(reader.get("/search.jsonl").text.splitlines()) == len(ARTICLES)
    reader.close()


def test_a_table_runs_no_formula(room: Room):
    """A cell that a spreadsheet would run begins with an apostrophe; JSON Lines has it as it is."""
    room.put("x.md", '---\ntitle: "=cmd|calc!A1"\n---\n\nSome text that is long enough.\n')
    room.ingest()
    reader = Reader(room.folder)
    answer = reader.get("/search.csv")
    assert "'=cmd" in answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    assert json.loads(reader.get("/search.jsonl").text)["title"] == "=cmd|calc!A1"
    for start in ("+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "  ="):
        with sqlite3.connect(room.folder / "collection.db") as connection:
            connection.execute("update articles set title = ?", [f"{start}1+1"])
        connection.close()
        rows = list(csv.reader(io.StringIO(reader.get("/search.csv").text)))
        assert rows[1][1].startswith("'"), start
    reader.close()


@pytest.mark.parametrize(
    ("crawling", "allowed"),
    [
        ("pages", {"/", "/article/a", "/entity/b"}),
        ("all", {"/", "/article/a", "/entity/b", "/search?q=x", "/collection", "/search.csv"}),
        ("none", set()),
    ],
)
def test_robots(reader: Reader, monkeypatch: pytest.MonkeyPatch, crawling: str, allowed: set[str]):
    """Robots may read articles and names, and searches only where the owner says so."""
    monkeypatch.setattr(reader.datasette, "plugin_config", lambda _name: {"crawling": crawling})
    text = reader.get("/robots.txt").text
    rules = RobotFileParser()
    # The library does not know that `$` ends an address; crawlers do.
    rules.parse([line.replace("/$", "/home") for line in text.splitlines()])
    asked = ("/", "/article/a", "/entity/b", "/search?q=x", "/collection", "/search.csv")
    assert {path for path in asked if rules.can_fetch("any", "/home" if path == "/" else path)} == allowed
    assert ("Sitemap: " in text) == (crawling != "none")
    assert reader.get("/sitemap.xml").status_code == (404 if crawling == "none" else 200)
    # In a folder of a host, as a static site's, nobody asks for its robots.txt.
    for path in ("/", "/entities", "/guide"):
        assert ('<meta name="robots" content="noindex">' in reader.get(path).text) == (crawling == "none")


def test_sitemap_lists_every_page(reader: Reader, query: Any, monkeypatch: pytest.MonkeyPatch):
    """The sitemap's files list the front page and every article and name once, and all of them open."""
    monkeypatch.setattr(pm.get_plugin("crawling.py"), "FILE", 40)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = ET.fromstring(reader.get("/sitemap.xml").text)
    pages: list[str] = []
    for place in index.iter(f"{space}loc"):
        answer = reader.get(place.text.removeprefix("http://localhost"))
        assert answer.status_code == 200, place.text
        pages += [found.text for found in ET.fromstring(answer.text).iter(f"{space}loc")]
    expected = 1 + query("select count(*) from articles")[0][0]
    kinds = "('PERSON', 'ORG', 'GPE', 'LOC', 'FAC')"
    expected += query(f"select count(*) from entities where kind in {kinds}")[0][0]
    assert len(pages) == len(set(pages)) == expected
    assert reader.get("/sitemap-articles-999.xml").status_code == 404


def test_opensearch(reader: Reader):
    """A browser can add the search box to its own."""
    answer = reader.get("/opensearch.xml")
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    description = ET.fromstring(answer.text)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(description.findtext(f"{space}ShortName")) <= 16
    assert "{searchTerms}" in description.find(f"{space}Url").attrib["template"]


def test_several_readers_at_once(reader: Reader):
    """Searches that run side by side do not mix."""

    async def both() -> list[Any]:
        get = reader.datasette.client.get
        return await asyncio.gather(
            *(get(f"/search.json?q={word}") for word in ("moon", "skylab", "salyut") * 5)
        )

    answers = reader.runner.run(both())
    for number, word in enumerate(("moon", "skylab", "salyut") * 5):
        assert answers[number].json()["query"] == word


@pytest.mark.usefixtures("reader")
def test_facets_are_read_before_anybody_asks(sample: Path):
    """Starting the server reads the facets, so that the first reader does not wait for them."""
    indexes = pm.get_plugin("search_index.py").INDEXES
    indexes.clear()
    reader = Reader(sample)
    try:
        for thread in threading.enumerate():
            if thread.name == "facets":
                thread.join()
        assert [path for path, _ in indexes] == [reader.datasette.get_database("collection").path]
        assert reader.get("/search?q=moon").status_code == 200
        assert len(indexes) == 1
    finally:
        reader.close()


@given(
    chosen=st.dictionaries(
        st.sampled_from(["source", "year", "tag"]), st.lists(st.text(max_size=4), max_size=3)
    ),
    value=st.text(max_size=6),
)
def test_addresses_put_together_at_once_are_those_put_together_singly(
    reader: Reader, chosen: dict[str, list[str]], value: str
):
    """Whatever is chosen, each value of a facet leads where it would lead by itself."""
    del reader  # it loads the plugins
    search = pm.get_plugin("search.py").Search(
        query=pm.get_plugin("search_query.py").parse("moon & a=b"), chosen=chosen, sort="oldest"
    )
    assert search.toggles("year")(value) == search.toggled("year", value)


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("Strassenfest", "Das Straßenfest fällt aus."),
        ("Rußland", "Wer nach Russland fährt, ist lange fort."),
        ("Müller", "Herr Mueller ist nicht da."),
        ("coeur", "Il a le cœur gros."),
        ("Sørensen", "Hr. Sorensen er ikke hjemme."),
        ("Хрущев", "Вчера Хрущёв уехал."),
        ("ΑΘΗΝΑ", "Έφτασε στην Αθήνα."),
        ("ΣΗΜΙΤΗΣ", "Μίλησε ο Σημίτης."),
        ("احمد", "وصل أحمد أمس."),
        ("القاهره", "عاد إلى القاهرة."),
        ("IĞDIR", "Oradan Iğdır yoluna çıktı."),
    ],
)
def test_words_are_found_as_their_language_writes_them(room: Room, query: str, written: str):
    """A word is found and marked in the other spellings that it has, which no folding of accents knows."""
    room.put("a.md", f"# 1\n\n{written}\n")
    room.put("b.md", "# 2\n\nNobody is here.\n")
    room.ingest()
    reader = Reader(room.folder)
    page = reader.get("/search?" + urlencode({"q": query})).text
    reader.close()
    assert "<mark>" in page
    assert "Nobody is here" not in page
    assert "Did you mean" not in page


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Walesa", "Lech Wałęsa in Gdańsk"),
        ("wroclaw lodz", "Trains from Wrocław to Łódź"),
        ('"lech walesa"', "Lech Wałęsa in Gdańsk"),
        ("Jorgensen", "Anne Jørgensen sails"),
        ("Joergensen", "Anne Jørgensen sails"),
        ("Dokic", "Jelena Đokić wins"),
        ("Djokic", "Jelena Đokić wins"),
        ("Sigurdsson", "Jón Sigurðsson speaks"),
        ("Thor", "Þór goes out"),
        ("Diyarbakir", "A night in Diyarbakır"),
        ("Grossmann", "Herr Großmann am Telefon"),
    ],
)
def test_letters_that_no_keyboard_has(room: Room, query: str, title: str):
    """Names are found by the plain letters that stand for theirs, alone and in a phrase, and marked."""
    for number, each in enumerate((title, "Poland, Denmark and Turkey", "The old lighthouse")):
        room.put(f"{number}.md", f"# {each}\n\nA text about nothing else.\n")
    room.ingest()
    reader = Reader(room.folder)
    found = reader.get("/search.json?" + urlencode({"q": query})).json()
    page = reader.get("/search?" + urlencode({"q": query})).text
    others = reader.get("/search.json?" + urlencode({"q": f"nothing -{query}"})).json()
    reader.close()
    assert list(Collection(room.folder).search(query).title) == [title]
    assert [each["title"] for each in found["articles"]] == [title]
    assert found["suggestion"] is None
    assert "<mark>" in page
    assert title not in {each["title"] for each in others["articles"]}
