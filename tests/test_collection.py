"""A collection from Python: the same from the file and the published site, and nothing made up."""

import math
import re
import sqlite3
import subprocess
import sys
import threading
import urllib.request
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import Collection
from ingest.errors import CollectionError
from ingest.frames import frame_of
from ingest.keywords import PRIOR, log_odds
from tests.conftest import ROOT
from tests.file_server import serving


@pytest.fixture(scope="module")
def file(folder: Path) -> Collection:
    """The collection as a file."""
    return Collection(folder / "collection.db")


@pytest.fixture(scope="module")
def site(address: str) -> Collection:
    """The collection as it is published."""
    return Collection(address)


ASKED = {
    "articles": lambda each: each.articles(),
    "some articles": lambda each: each.articles("year = :year", {"year": 1969}),
    "text": lambda each: each.articles("year < :year", {"year": 1960}, text=True),
    "search": lambda each: each.search("moon"),
    "search all": lambda each: each.search(),
    "search words": lambda each: each.search('"far side" OR orbit* -apollo after:1958'),
    "search narrowed": lambda each: each.search("moon", source="the-orbital-courier", sort="oldest"),
    "entities": lambda each: each.entities(),
    "people": lambda each: each.entities("person"),
    "places": lambda each: each.entities("GPE"),
    "entity": lambda each: each.entity("gagarin"),
    "mentions": lambda each: each.mentions("Yuri Gagarin"),
    "mentions of a kind": lambda each: each.mentions(kind="place"),
    "quotes": lambda each: each.quotes(),
    "quotes of one": lambda each: each.quotes("yuri-gagarin"),
    "months": lambda each: each.timeline(),
    "years": lambda each: each.timeline("year", by=None),
    "company": lambda each: each.cooccurrence("person"),
    "concordance": lambda each: each.concordance("moon", window=40),
    "keywords": lambda each: each.keywords("moon", "rocket"),
    "sql": lambda each: each.sql("select year, count(*) as n from articles group by 1 order by 1"),
    "sql with numbers": lambda each: each.sql(
        "select year, count(*) as n, ':n' as \"a:n\", :none as missing from articles -- not :n\n"
        "group by 1 having n >= :n order by 1",
        {"n": 2, "none": None},
    ),
    "sql with the same name twice": lambda each: each.sql("select 1 as a, 2 as a"),
}


@pytest.mark.parametrize("name", ASKED)
def test_file_and_site_say_the_same(file: Collection, site: Collection, name: str):
    """Every method gives the same frame from both, however few rows the site gives at a time."""
    one, other = ASKED[name](file), ASKED[name](site)
    assert len(one)
    if "link" in one:
        assert one["link"].str.startswith(file.room).all()
        one = one.assign(link=one["link"].str.replace(file.room, site.room, regex=False))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("path", ["article", "entity"])
def test_links_lead_to_pages(site: Collection, path: str):
    """The address beside a row is a page of the reading room that names it."""
    frame = site.articles() if path == "article" else site.entities()
    link = frame["link"].iloc[0]
    assert f"/{path}/" in link
    with urllib.request.urlopen(link, timeout=60) as page:
        assert frame.iloc[0]["title" if path == "article" else "name"] in page.read().decode()


def test_importing_the_package_stays_light():
    """Nobody who does not ask for a collection waits for pandas."""
    code = "import sys, ingest; print(sorted({'pandas', 'numpy', 'sqlite3', 'altair'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_pandas_it_says_what_to_install(tmp_path: Path):
    """A plain installation names the one command that is missing."""
    (tmp_path / "pandas.py").write_text("raise ImportError('no', name='pandas')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom ingest import Collection"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "pip install 'readingroom[notebook]'" in done.stderr.splitlines()[-1]


def test_no_date_is_made_more_precise(file: Collection):
    """A month stays a month; in a timeline of days it is counted in no day, and not lost."""
    articles = file.articles()
    lengths = {"year": 4, "month": 7, "day": 10}
    for row in articles.dropna(subset=["published"]).itertuples():
        assert len(row.published) == lengths.get(row.precision, len(row.published))
    assert (articles["precision"] == "month").any()
    days = file.timeline("day", by=None)
    assert int(days["articles"].sum()) == len(articles)
    rough = articles["precision"].isin(["year", "month"]) | articles["precision"].isna()
    assert int(days[days["period"].isna()]["articles"].sum()) == int(rough.sum())


def test_timeline_of_a_frame_is_that_of_its_articles(file: Collection):
    """Counted from a frame or by the database, it is the same."""
    pd.testing.assert_frame_equal(file.timeline("month"), file.timeline("month", articles=file.articles()))


def test_concordance_shows_the_very_places(file: Collection):
    """What stands in a line is what stands in the article, and no place is left out."""
    texts = file.articles(text=True).set_index("key")["text"]
    lines = file.concordance("moon", window=30)
    for line in lines.itertuples():
        assert texts[line.key][line.start : line.end] == line.hit
        assert texts[line.key][: line.start].replace("\n", " ").endswith(line.left)
    found = file.search("moon", limit=100)["key"]
    assert len(lines) == sum(_words(texts[key]).count("moon") for key in found)


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()


@pytest.mark.parametrize(
    "sql",
    [
        "delete from articles",
        "update articles set title = 'x'",
        "attach 'other.db' as other",
        "create table x (y)",
        "select 1); delete from articles; select (1",
        "vacuum into 'other.db'",
        "pragma journal_mode=wal",
        "select load_extension('x')",
    ],
)
def test_nothing_can_be_written(folder: Path, file: Collection, sql: str, monkeypatch: pytest.MonkeyPatch):
    """Whatever the SQL, the file stays as it was and none comes beside it."""
    monkeypatch.chdir(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(CollectionError):
        file.sql(sql)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_query_without_end_is_ended(folder: Path):
    """Time and memory of a statement are bounded, and the message says what to do."""
    short = Collection(folder / "collection.db", seconds=0.2)
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    with pytest.raises(CollectionError, match="seconds"):
        short.sql(endless)
    with pytest.raises(CollectionError, match="too big"):
        short.sql("select length(randomblob(900000000))")
    with pytest.warns(UserWarning, match="Only the first 100"):
        assert len(short.sql(f"{endless.partition(' select max')[0]} select i from n", limit=100)) == 100


@pytest.mark.parametrize("which", ["file", "site"])
def test_what_is_cut_is_told(file: Collection, site: Collection, which: str):
    """A frame that is not all there is comes with a warning, from the file and the site."""
    collection = file if which == "file" else site
    for ask in (lambda: collection.articles(limit=3), lambda: collection.search("", limit=3)):
        with pytest.warns(UserWarning, match="Only the first 3"):
            assert len(ask()) == 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        collection.articles(limit=46)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda each: each.entity("Yury Gagaryn"), "Near it: Yuri Gagarin"),
        (lambda each: each.quotes("Nobody At All"), "Nobody and nothing"),
        (lambda each: each.entities("human"), "known are person"),
        (lambda each: each.timeline("week"), "year, month, day"),
        (lambda each: each.timeline(by="title"), "source"),
        (lambda each: each.search("x", colour="red"), "known are source"),
        (lambda each: each.search("x", sort="date"), "sort must be one of relevance, newest, oldest"),
        (lambda each: each.concordance("person:gagarin"), "no word"),
        (lambda each: each.keywords(each.entities()[["name"]], "moon"), "column key"),
        (lambda each: each.articles("nothing = 1"), "nothing"),
        (lambda each: each.sql("selec 1"), "syntax error"),
        (lambda each: each.articles("year = :yaer", {"year": 1969}), "asks for :yaer, and no value"),
        (lambda each: each.articles(limit=-1), "limit must be 0 or more"),
        (lambda each: each.search("moon", limit=-1), "limit must be 0 or more"),
        (lambda each: each.concordance("moon", limit=-1), "limit must be 0 or more"),
        (lambda each: each.search("moon", year=""), "year has an empty value"),
        (lambda each: each.search("moon", year=[1969, None]), "year has an empty value"),
    ],
)
@pytest.mark.parametrize("which", ["file", "site"])
def test_bad_questions_get_an_answer(file: Collection, site: Collection, which: str, ask: Any, message: str):
    """A name, a kind or a condition that is not there is an error that leads on."""
    with pytest.raises(CollectionError, match=message):
        ask(file if which == "file" else site)


@pytest.mark.parametrize("which", ["file", "site"])
def test_a_search_is_narrowed_by_key_or_name(file: Collection, site: Collection, which: str):
    """A frame names publications and people, so their names narrow too; what nothing is called is told."""
    collection = file if which == "file" else site
    for facet, key, name in (
        ("source", "the-cape-ledger", "The Cape Ledger"),
        ("person", "yuri-gagarin", "Yuri Gagarin"),
    ):
        found = list(collection.search(**{facet: key}).key)
        assert found
        assert list(collection.search(**{facet: [name]}).key) == found
    with pytest.warns(
        UserWarning, match=r"No source here is called The Cape Leger\. Near it: The Cape Ledger"
    ):
        assert collection.search("moon", source="The Cape Leger").empty
    with pytest.warns(UserWarning, match="No place here is called Yuri Gagarin"):
        assert collection.search("moon", place="Yuri Gagarin").empty


@pytest.mark.parametrize("which", ["file", "site"])
def test_a_search_is_narrowed_by_whatever_holds_values(file: Collection, site: Collection, which: str):
    """A range, a set or a column of a frame narrow as a list does."""
    collection = file if which == "file" else site
    found = list(collection.search(year=[1968, 1969]).key)
    assert found
    for years in (range(1968, 1970), {1968, 1969}, pd.Series([1968, 1969], dtype="Int64")):
        assert list(collection.search(year=years).key) == found


@pytest.mark.parametrize("which", ["file", "site"])
def test_whoever_is_meant_is_meant_alone(file: Collection, site: Collection, which: str):
    """A key means one entity, a name those that have it, whoever else is called so; several are told."""
    collection = file if which == "file" else site
    counted = collection.entities().set_index("key")["mentions"]
    assert len(collection.entity("America")) > 1
    for key in ("america", "luna", "jodrell-bank"):
        assert len(collection.mentions(key)) == counted[key]
    assert len(collection.mentions("America")) == counted["america"]
    with pytest.warns(UserWarning, match=r"2 are called Luna, .* its key: luna \(PRODUCT\), luna-"):
        named = collection.mentions("Luna")
    assert len(named) == counted[counted.index.isin(collection.entity("Luna")["key"])].sum()


def test_a_site_tells_which_values_it_passed_over(file: Collection, site: Collection):
    """It reads so many values of a facet; the file reads them all."""
    years = range(1920, 1980)
    assert len(file.search(year=years))
    with pytest.warns(UserWarning, match="Only the first 20 chosen for year were read"):
        site.search(year=years)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("missing.db", "There is no file"),
        ("ftp://example.org", "no http"),
        ("http://127.0.0.1:9", "does not answer"),
        (__file__, "no collection"),
    ],
)
def test_what_is_no_collection_is_told(place: str, message: str):
    """A path or address that leads nowhere is an error with the next step."""
    with pytest.raises(CollectionError, match=message):
        Collection(place)


def test_a_folder_means_its_collection(folder: Path, tmp_path: Path):
    """A collection is known by its folder, as it is to every command."""
    assert len(Collection(str(folder)).articles()) == len(Collection(folder / "collection.db").articles())
    with pytest.raises(CollectionError, match=re.escape(f"There is no file {tmp_path / 'collection.db'}")):
        Collection(tmp_path)


def test_another_database_is_no_collection(tmp_path: Path):
    """Any other SQLite file is told apart."""
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("create table articles (id)")
    connection.close()
    with pytest.raises(CollectionError, match="no collection"):
        Collection(path)


def test_a_collection_may_be_asked_from_other_threads(file: Collection):
    """A notebook's widgets may ask from a thread of their own."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(len(file.articles())))
    thread.start()
    thread.join()
    assert found == [46]


@given(st.text(), st.text())
def test_no_text_breaks_out_of_its_cell(title: str, link: str):
    """What a publisher wrote is shown as text, whatever it is."""
    hostile = f"<script>{title}</script>"
    shown = frame_of(["title", "link", "what"], [(hostile, f'"><b>{link}', f"<i>{title}")])._repr_html_()
    assert "<script" not in shown
    assert "<i>" not in shown
    assert "<b>" not in shown


WORDS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50), min_size=2)


@given(WORDS, WORDS)
def test_log_odds_have_a_sign(a: dict[str, int], b: dict[str, int]):
    """What one set uses more the other uses less by as much; equal sets differ in nothing."""
    one, other = log_odds(Counter(a), Counter(b)), log_odds(Counter(b), Counter(a))
    for word, (difference, score) in one.items():
        assert math.isclose(difference, -other[word][0], abs_tol=1e-9)
        assert math.isclose(score, -other[word][1], abs_tol=1e-9)
    assert all(abs(score) < 1e-9 for _, score in log_odds(Counter(a), Counter(a)).values())


def test_log_odds_by_hand():
    """The formula, worked out apart: 30 of 100 words against 10 of 100."""
    found = log_odds(Counter(moon=30, rest=70), Counter(moon=10, rest=90))["moon"]
    prior = PRIOR * 40 / 200
    a, b, size = 30 + prior, 10 + prior, 100 + PRIOR
    expected = math.log(a / (size - a)) - math.log(b / (size - b))
    assert math.isclose(found[0], expected)
    assert math.isclose(found[1], expected / math.sqrt(1 / a + 1 / b))


def test_an_article_of_both_sets_counts_once(file: Collection):
    """So a word of one article is not taken for one of two."""
    articles = file.articles(text=True)
    texts = [set(re.findall("[a-z']+", text.casefold())) for text in articles["text"]]
    words = file.keywords(articles, articles.head(5), least=1).set_index("term")["articles"]
    for word in ("sputnik", "moon", "the"):
        assert words[word] == sum(word in text for text in texts)


def test_of_a_site_of_plain_files_the_file_is_to_be_fetched(tmp_path: Path):
    """Nobody answers questions there, but the database lies beside the pages."""
    with serving(tmp_path) as (address, _), pytest.raises(CollectionError, match=r"collection\.db"):
        Collection(address)
