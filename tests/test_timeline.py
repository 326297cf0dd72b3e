"""The timeline: what it counts is what there is, and no time is told more closely than it was said."""

import html
import re
import sqlite3
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.conftest import Reader, Room

Query = Callable[..., list[sqlite3.Row]]
COUNTED = re.compile(
    r'<li><a href="[^"]*at=([^"&]+)[^"]*"[^>]*>[^<]*</a> <span class="count">([\d,]+)</span>'
)
HOSTILE = (
    "-1",
    "0",
    "9" * 30,
    "word",
    "'; drop table articles --",
    "1969-13",
    "1969-02-31",
    "²",
    "x" * 10_000,
)


def counts(page: str) -> dict[str, int]:
    """Return the counts that a page lists, by date."""
    listed = "".join(re.findall(r'<ul class="counts">.*?</ul>', page, re.DOTALL))
    return {html.unescape(label): int(count.replace(",", "")) for label, count in COUNTED.findall(listed)}


@pytest.mark.parametrize(
    "narrowed", ["", "source=the-cape-ledger", "entity=nasa", "entity=nasa&source=the-cape-ledger"]
)
@pytest.mark.parametrize(("at", "length"), [("", 4), ("1969", 7), ("1969-07", 10)])
def test_counts_are_those_of_the_articles(reader: Reader, query: Query, narrowed: str, at: str, length: int):
    """Each year, month and day has as many articles as are dated so, whatever narrows it."""
    page = reader.get(f"/timeline?{narrowed}&at={at}").text
    conditions = {
        "source=the-cape-ledger": "source_id = (select id from sources where key = 'the-cape-ledger')",
        "entity=nasa": "id in (select article_id from article_entities"
        " join entities on entities.id = entity_id where entities.key = 'nasa')",
    }
    condition = " and ".join(conditions[each] for each in narrowed.split("&") if each) or "1"
    expected = query(
        f"select substr(published, 1, {length}) as label, count(*) from articles where {condition}"
        f" and published like '{at}%' and length(published) >= {length} group by 1"
    )
    assert counts(page) == dict(map(tuple, expected))


def test_a_narrowed_timeline_says_so(reader: Reader):
    """What a timeline is narrowed to stands at its top and in its title, with a way back."""
    page = reader.get("/timeline?entity=nasa&source=the-cape-ledger&at=1969").text
    assert "<title>1969 · Timeline: NASA, The Cape Ledger · " in page
    head = page.partition('<header class="head">')[2].partition("</header>")[0]
    said = re.search(r'<p class="total">(.*?) · <a href="([^"]*)" rel="nofollow">drop what is chosen', head)
    assert said
    assert re.sub("<[^>]*>", "", said[1]) == "Only articles naming NASA and from The Cape Ledger"
    assert said[2] == "/timeline?at=1969"
    assert "drop what is chosen" not in reader.get("/timeline?at=1969").text


def test_a_day_lists_its_articles(reader: Reader):
    """A day's page has the articles of that day and of no other."""
    page = reader.get("/timeline?at=1957-10-05").text
    assert set(re.findall(r'<time datetime="([^"]+)"', page)) == {"1957-10-05"}


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("/timeline", True),
        ("/timeline?source=the-cape-ledger", True),
        ("/timeline?at=1969", False),
        ("/timeline?entity=nasa", False),
        ("/timeline/texts", False),
    ],
)
def test_a_publication_is_counted_only_in_all(reader: Reader, address: str, counted: bool):  # noqa: FBT001 - a case
    """Beside a year, a name or passages no publication bears the number of all articles that it has."""
    chosen = reader.get(address).text.partition("<h2>Publication</h2>")[2].partition("</section>")[0]
    assert chosen.count("<li>") > 1
    assert ('class="count"' in chosen) == counted


def test_texts_counts_are_those_of_the_passages(reader: Reader, query: Query):
    """Years that the texts speak of add up to the dates found in them."""
    listed = counts(reader.get("/timeline/texts").text)
    assert sum(listed.values()) == query("select count(*) from dates")[0][0]
    assert sum(row["passages"] for row in query("select passages from dates_by_source")) == sum(
        listed.values()
    )


def test_what_is_told_less_closely_is_on_no_day(room: Room):
    """A decade, a season, a week and a mere year are told as such, and put on no month or day."""
    room.put(
        "a.md",
        "---\ntitle: Water\ndate: 1975-03-14\n---\nThe dam was planned in the 1960s. It was filled in the"
        " summer of 1971 and opened in 1972. Engineers came back on 12 May 1973 and in May 1973.\n",
    )
    room.ingest(workers=0)
    reader = Reader(room.folder)
    try:
        assert counts(reader.get("/timeline/texts").text)["196"] == 1
        year = counts(reader.get("/timeline/texts?at=1971").text)
        assert year == {"1971-SU": 1}
        assert counts(reader.get("/timeline/texts?at=1972").text) == {"1972": 1}
        month = counts(reader.get("/timeline/texts?at=1973-05").text)
        assert month == {"1973-05": 1, "1973-05-12": 1}
        decade = reader.get("/timeline/texts?at=196&exact=1").text
        assert "<h1>1960s</h1>" in decade
        assert "<mark>the 1960s</mark>" in decade
    finally:
        reader.close()


def test_a_passage_leads_to_its_place(reader: Reader):
    """The link of a passage opens its article where the words stand."""
    page = reader.get("/timeline/texts?at=1969-07-20").text
    links = re.findall(r'href="(/article/[0-9a-f]+)#(d\d+)"', page)
    assert links
    for address, place in links:
        assert f'id="{place}"' in reader.get(address).text


@pytest.mark.parametrize("path", ["/timeline", "/timeline/texts"])
@pytest.mark.parametrize(
    ("at", "form"), [("", r"\d{4}"), ("1969", r"1969-\d\d"), ("1969-07", r"1969-07-\d\d")]
)
def test_what_is_listed_is_also_drawn(reader: Reader, path: str, at: str, form: str):
    """Years, the months of a year and the days of a month have a bar for each that the list has."""
    page = reader.get(f"{path}?at={at}").text
    closer = [label for label in counts(page) if re.fullmatch(form, label)]
    bars = page.partition('<figure class="bars">')[2].partition("</figure>")[0]
    assert bars.count('class="bar"') == len(closer) > 1


def test_a_chart_that_is_no_scale_says_so(room: Room):
    """Where years are too many to draw them all, those without any are left out, and that is told."""
    room.put(
        "a.md",
        "---\ntitle: The hall\ndate: 1975-03-14\n---\nThe hall was built in 1066. It burned on 12 May 1573."
        " The engineers came back in May 1955 and in 1957.\n",
    )
    room.ingest(workers=0)
    reader = Reader(room.folder)
    try:
        page = reader.get("/timeline/texts").text
        assert counts(page).keys() == {"1066", "1573", "1955", "1957"}
        assert "Passages by year; those without any are left out" in page
        assert "left out" not in reader.get("/timeline/texts?at=1955").text
        assert "left out" not in reader.get("/timeline").text
    finally:
        reader.close()


@pytest.mark.parametrize("address", ["/timeline", "/timeline?at=1969", "/timeline/texts?at=1969&entity=nasa"])
def test_everything_is_also_data(reader: Reader, address: str):
    """The links to JSON, CSV and SQL give the rows that the page shows."""
    links = re.findall(r'<a href="([^"]+)" rel="nofollow">(JSON|CSV|SQL)</a>', reader.get(address).text)
    assert {name for _, name in links} == {"JSON", "CSV", "SQL"}
    for link, name in links:
        answer = reader.get(html.unescape(link))
        assert answer.status_code == 200, answer.text[:300]
        if name == "JSON":
            rows = answer.json()
            assert rows
            if "label" in rows[0]:
                listed = counts(reader.get(address).text)
                assert {row["label"]: row["count"] for row in rows}.items() <= listed.items()


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:12])
@pytest.mark.parametrize("name", ["at", "page", "source", "entity", "exact"])
@pytest.mark.parametrize("path", ["/timeline", "/timeline/texts"])
def test_hostile_parameters_are_answered(reader: Reader, path: str, name: str, value: str):
    """A parameter that makes no sense is passed over or told, and never an error of the server."""
    assert reader.get(f"{path}?at=1969&{name}={quote(value)}").status_code in {200, 400, 404}
    assert reader.get(f"{path}?{name}={quote(value)}").status_code in {200, 400, 404}
