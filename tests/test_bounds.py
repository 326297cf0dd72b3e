"""Strangers ask anything: every answer is a page, of bounded work, that says what was left out."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from difflib import SequenceMatcher
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.plugins import pm
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.conftest import Reader, Room

PLUGINS = ("search_run", "search_sql", "search_index", "quotations")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Somebody who reads a small collection."""
    room = Room(tmp_path_factory.mktemp("bounds") / "room")
    for number, name in enumerate(("Amelia Stone", "Amelia Storm", "Bernard Wade"), start=1):
        text = f"“We have found all {number} of the lanterns,” said {name}. {name} was in Paris in May."
        room.put(f"gazette/{number}.md", f"---\ntitle: Lanterns {number}\ndate: 190{number}\n---\n\n{text}\n")
    room.ingest()
    reader = Reader(room.folder)
    yield reader
    reader.close()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Iterator[int]]:
    """A clock that goes on by some seconds whenever it is looked at."""

    def start(step: float) -> Iterator[int]:
        looked = count()
        clock = SimpleNamespace(monotonic=lambda: next(looked) * step)
        for name in PLUGINS:
            monkeypatch.setattr(pm.get_plugin(f"{name}.py"), "time", clock)
        return looked

    return start


def parse(query: str) -> Any:
    """Return how a query is understood."""
    return pm.get_plugin("search_query.py").parse(query)


def page(reader: Reader, query: str) -> str:
    """Return the page that answers a query."""
    answer = reader.get("/search?" + urlencode({"q": query}))
    assert answer.status_code == 200
    return str(answer.text)


MANY = (
    " OR ".join(f"w{number}" for number in range(150)),
    " ".join(f"w{number}" for number in range(150)),
    " ".join(f"-w{number}" for number in range(150)),
    " OR ".join(f"person:p{number}" for number in range(80)),
)


@pytest.mark.parametrize("query", MANY, ids=("either", "all", "none", "names"))
def test_words_are_bounded_however_they_are_joined(small: Reader, query: str):
    """Forty words are read, wanted, joined by OR or excluded, and the page says that there were more."""
    read = parse(query)
    assert sum(map(len, read.groups)) + len(read.excluded) == 40
    assert "Only the first 40 words were read." in page(small, query)


def test_endings_are_bounded(small: Reader):
    """A few words may have any ending, if they have letters enough; the others are read as they stand."""
    read = parse("ab* ba* ca* da* ea* fa* ga*")
    assert [term.prefix for group in read.groups for term in group] == [True] * 5 + [False] * 2
    text = page(small, "ab* ba* ca* da* ea* fa* a*")
    assert "Only the first 5 words with * were read with any ending." in text
    assert "a* is too short for any ending; write 2 letters or more." in text
    assert not parse('"lanterns a*"').groups[0][0].prefix


def test_few_unknown_names_are_compared(small: Reader, monkeypatch: pytest.MonkeyPatch):
    """The first names that nobody has are told with what is near them, the others without."""
    compared = []
    search_sql = pm.get_plugin("search_sql.py")
    nearest = search_sql.nearest
    monkeypatch.setattr(search_sql, "nearest", lambda *asked: compared.append(1) or nearest(*asked))
    text = page(small, " OR ".join(f'person:"Amelia Stor{letter}"' for letter in "abcdefgh"))
    assert text.count("Near it:") == len(compared) == 3
    assert text.count("No person here is called") == 8


@pytest.mark.parametrize("step", [0.02, 0.5, 10.0])
@pytest.mark.parametrize(
    "query", ["lanterns", "lanternx OR pariz", "person:amelie", "ab* -found", "灯 OR 笼"]
)
def test_every_path_looks_at_the_clock(small: Reader, slow: Any, step: float, query: str):
    """However slow the machine, what runs ends when the time is over, and the page is a page."""
    looked = slow(step)
    page(small, query)
    assert next(looked) < 4 / step + 60


def test_words_stay_unmarked_when_time_is_over(small: Reader, slow: Any):
    """Articles found are shown even when there is no time left to mark the words in them, which is said."""
    slow(0.4)
    text = page(small, "lanterns")
    assert text.count('<article class="item">') == 3
    assert "There was not enough time to mark the words in every article." in text


def test_a_long_phrase_never_goes_back(small: Reader):
    """A phrase is looked for in one pass, whatever text and phrase repeat."""
    marks = pm.get_plugin("search_marks.py")
    pattern = marks.pattern_of(parse('"' + "a " * 400 + '"'))
    assert pattern.pattern.count("}+a") == 19
    assert marks.passage("a    " * 10_000 + "b", pattern)
    assert "<mark>lanterns</mark>" in page(small, '"of the" lanterns')


@given(
    st.one_of(
        st.text(max_size=400),
        st.lists(st.sampled_from(["OR", "a*", "bc*", "-", '"', "person:x", "灯"])).map(" ".join),
    )
)
@settings(max_examples=80)
def test_any_string_is_bounded(small: Reader, query: str):
    """Whatever is typed is a page, of so many words, endings and alternatives at most."""
    read = parse(query)
    terms = [term for group in read.groups for term in group] + list(read.excluded)
    assert len(terms) <= 40
    assert sum(term.prefix and not term.unspaced for term in terms) <= 5
    assert sum(len(term.text) for term in terms) <= 1000
    page(small, query)


def test_years_of_three_digits_have_a_histogram(room: Room):
    """Years are in order as numbers, and their bars have a place, from the year 991 to 1000."""
    for year in range(991, 1001):
        room.put(
            f"annals/{year}.md", f"---\ntitle: The year {year}\n---\n\nSo it was in that year, {year}.\n"
        )
    room.ingest()
    with sqlite3.connect(room.folder / "collection.db") as connection:
        connection.execute("update articles set year = cast(substr(title, 10) as integer)")
        connection.execute("update articles set published = printf('%04d', year)")
    connection.close()
    reader = Reader(room.folder)
    text = page(reader, "")
    assert '<p class="ends"><span>991</span><span>1000</span></p>' in text
    assert reader.get("/").status_code == 200
    reader.close()


def test_quotations_without_time_say_so(small: Reader, monkeypatch: pytest.MonkeyPatch):
    """Quotations that take too long to find are told as such, and what was found is shown."""
    whole = small.get("/quotations").text
    assert "<b>3</b> quotations" in whole
    quotations = pm.get_plugin("quotations.py")
    quotations.MOST_QUOTED.clear()
    monkeypatch.setattr(quotations, "SECONDS", -1.0)
    monkeypatch.setattr(quotations, "SPEAKER_SECONDS", -1.0)
    monkeypatch.setattr(pm.get_plugin("search_index.py"), "STEPS", 1)
    late = small.get("/quotations?q=lanterns")
    assert late.status_code == 200
    assert "There was not enough time to look everywhere." in late.text
    quotations.MOST_QUOTED.clear()


def test_all_quotations_are_read_along_the_dates(small: Reader):
    """The first page of all quotations sorts nothing: its cost does not grow with the collection."""
    quotations = pm.get_plugin("quotations.py")
    database = pm.get_plugin("layout.py").collection(small.datasette)
    with sqlite3.connect(database.path) as connection:
        plan = connection.execute(
            "explain query plan " + quotations.ALL.format(condition="1"), {"limit": 30, "offset": 0}
        ).fetchall()
    connection.close()
    assert plan
    assert not [row for row in plan if "TEMP B-TREE" in row[3]]


@pytest.mark.parametrize("path", ["/quotations", "/entities", "/entity/amelia-stone", "/search"])
@pytest.mark.parametrize("number", ["0", "-1", "x", "٣", "1" * 50, "9999", "1.5"])
def test_any_page_number_is_a_page(small: Reader, path: str, number: str):
    """What is no page number is the first page, and beyond the last there is a page that says so."""
    assert small.get(f"{path}?{urlencode({'page': number})}").status_code == 200


@pytest.mark.usefixtures("reader")
def test_a_page_of_a_common_name_asks_no_more_than_it_shows(sample: Path):
    """Of the articles that name somebody, all but those of the page cost a look at their date, no more."""
    steps = count()
    with closing(sqlite3.connect(f"file:{sample / 'collection.db'}?mode=ro", uri=True)) as connection:
        common = "select id, article_count from entities order by article_count desc limit 1"
        number, articles = connection.execute(common).fetchone()
        known = {"id": number, "limit": 1, "offset": articles - 1, "before": 70, "around": 300}
        connection.set_progress_handler(lambda: next(steps) < 0, 1)
        assert len(connection.execute(pm.get_plugin("entity.py").ARTICLES, known).fetchall()) == 1
    assert articles > 20
    assert next(steps) < 30 * articles


def test_an_article_lists_some_versions_and_leads_to_all(tmp_path: Path):
    """Of a story that is printed very often, the page of each names a few and counts the rest."""
    room = Room(tmp_path / "room")
    text = " ".join(f"sentence {number} tells of the flood at the mill." for number in range(40))
    for number in range(40):
        room.put(f"gazette/{number}.md", f"---\ntitle: The flood {number}\n---\n\nIssue {number}. {text}\n")
    room.ingest()
    reader = Reader(room.folder)
    try:
        (key,) = room.rows("select key from articles limit 1")[0]
        shown = reader.get(f"/article/{key}").text
        assert shown.count(f"/article/{key}/and/") == 30
        assert f'/search?story={key}" rel="nofollow">All 40 articles of this story' in shown
        assert "40" in reader.get(f"/search.json?story={key}").text
    finally:
        reader.close()


@pytest.mark.parametrize("end", [" ", "\n"])
def test_versions_of_few_words_again_and_again_are_compared_by_larger_pieces(
    monkeypatch: pytest.MonkeyPatch, small: Reader, end: str
):
    """Where equal words are too many to go through all pairs, paragraphs are compared, or whole texts."""
    del small  # it has loaded the pages
    versions = pm.get_plugin("versions.py")
    compared = []

    class Matcher(SequenceMatcher):
        def __init__(self, junk: None, one: list[str], other: list[str]) -> None:
            super().__init__(junk, one, other)
            pairs = sum(one.count(piece) * len(places) for piece, places in self.b2j.items())
            compared.append((pairs, len(one)))

    monkeypatch.setattr(versions, "SequenceMatcher", Matcher)
    words = [f"boat{number}{end}" for number in range(150)] * 100
    shown = "".join(versions.compare("".join(words), "".join(reversed(words))))
    versions.compare("".join(words[:4500]), "".join(reversed(words[:4500])))
    (most, whole), (few, single) = compared
    assert max(most, few) <= versions.MOST_PAIRS
    assert whole <= 2 < single
    assert shown.count("boat77") == 200


def test_links_are_looked_for_beside_few_copies(small: Reader):
    """However many copies an article of many links has, its page is put together at once."""
    looked = count()

    def beside(locator: str, href: str) -> str:
        next(looked)
        return f"{locator}/{href}"

    links = pm.get_plugin("article_links.py")
    tokens = MarkdownIt("js-default").parse(" ".join(f"[boat {each}]({each}.html)" for each in range(500)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "beside", beside)
        copies = [f"{each}/a.html" for each in range(500)]
        small.runner.run(links.resolve(small.datasette, tokens, copies, None))
    assert next(looked) <= links.MOST_PLACES


@pytest.mark.parametrize("path", ["/-/static/app.css/x", f"/-/static/{'a' * 900}"])
def test_what_can_be_no_file_is_not_there(small: Reader, capsys: pytest.CaptureFixture[str], path: str):
    """An address that a disk cannot take for a file is no failure, and leaves nothing in the log."""
    assert small.get(path).status_code == 404
    assert "Traceback" not in capsys.readouterr().err
