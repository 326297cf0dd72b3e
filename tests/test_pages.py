"""The pages, asked for without a browser: what they show, and that no request is an error."""

import csv
import html
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from datasette.database import Database, QueryInterrupted

from plugins.layout import date_in_words
from tests.conftest import Reader, Room


@pytest.fixture
def read(room: Room) -> Iterator[Callable[[], Reader]]:
    """Somebody who reads the small collection, once it is made."""
    readers: list[Reader] = []

    def open_room() -> Reader:
        readers.append(Reader(room.folder))
        return readers[-1]

    yield open_room
    for reader in readers:
        reader.close()


def test_home_says_what_it_is(reader: Reader):
    """The front page has the title, an invitation to search, counts, and names to begin with."""
    page = reader.get("/").text
    assert "The Space Race, 1957-1975" in page
    assert 'type="search"' in page
    assert "<b>46</b> articles" in page
    assert "5 October 1957" in page
    assert "/entity/yuri-gagarin" in page


def test_home_tells_shares_of_a_year_as_it_compares_them(reader: Reader, query: Any):
    """Who is named more or less than the year before is told with how many articles either year has."""
    page = reader.get("/").text
    totals = dict(query("select year, count(*) from articles where year is not null group by year"))
    lists = re.findall(r"Articles of (\d+) → of (\d+)</p>(.*?)</ol>", page.partition("Named ")[2], re.DOTALL)
    assert lists
    for before, year, listed in lists:
        rows = re.findall(r">\d+ of (\d+) → \d+ of (\d+)<", listed)
        assert set(rows) == {(str(totals[int(before)]), str(totals[int(year)]))}


def test_a_collection_without_dates_is_met_at_the_door(room: Room, read: Callable[[], Reader]):
    """Articles of which none is dated are on the front page all the same, but not called the latest."""
    room.put("gazette/lamps.txt", "The lamps burn on the quay all night.")
    room.ingest()
    page = read().get("/").text
    assert "<h2>Articles</h2>" in page
    assert "The lamps burn on the quay" in page


def test_undated_articles_are_not_among_the_latest(room: Room, read: Callable[[], Reader]):
    """Where an article is dated, those that are not stay off the front page's list of the latest."""
    room.put("gazette/lamps.txt", "The lamps burn on the quay all night.")
    room.put("gazette/bells.md", "---\ntitle: The bells\ndate: 1970\n---\n\nThe bells ring at noon.")
    room.ingest()
    page = read().get("/").text
    assert "<h2>Latest articles</h2>" in page
    assert "The bells" in page
    assert "The lamps" not in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "There are no articles here yet."),
        ("/entities", "There are no names here yet."),
        ("/quotations", "There are no quotations here."),
        ("/company", "No names here are named together more than chance would have it."),
    ],
)
def test_what_is_empty_blames_no_question(room: Room, read: Callable[[], Reader], address: str, words: str):
    """Who asked for nothing is not told to ask otherwise where a collection has nothing to show."""
    room.ingest()
    page = read().get(address).text
    assert words in page
    assert not re.search(r"<h2>[^<]*</h2>\s*<ul[^>]*>\s*</ul>|<tbody>\s*</tbody>|[Ss]how all", page)


def test_what_kind_a_name_is_of_stands_where_it_is_not_said_already(reader: Reader):
    """A list of people alone leaves their kind out; one of places tells countries from buildings."""
    for path, is_told in (
        ("/entities", True),
        ("/entities?kind=person", False),
        ("/entities?kind=place", True),
    ):
        assert ("<th>Kind</th>" in reader.get(path).text) is is_told


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/entities", "Names"),
        ("/entities?kind=person&page=2", "People, page 2"),
        ("/entities?page=99", "Names"),
        ("/quotations?page=2", "Quotations, page 2"),
        ("/company?page=2", "Named together, page 2"),
    ],
)
def test_each_page_of_a_list_has_a_title_of_its_own(reader: Reader, address: str, title: str):
    """Tabs and search engines tell the pages of a list apart; one behind the last has no number."""
    assert f"<title>{title} · " in reader.get(address).text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Poyekhali", ["Soviet Airman Circles the Earth in 108 Minutes"]),
        ('"far side" -Apollo', ["The Hidden Face of the Moon"]),
        ("gagarin's kazakhstan engels", ["Soviet Airman Circles the Earth in 108 Minutes"]),
    ],
)
def test_search_finds(reader: Reader, query: str, expected: list[str]):
    """Words are all wanted, phrases hold together, a minus excludes; the best stands first."""
    found = reader.get(f"/search.json?q={query}").json()
    assert [article["title"] for article in found["articles"]][: len(expected)] == expected


def test_or_and_prefix_widen(reader: Reader):
    """OR wants either, and a star any ending."""
    total = {
        query: reader.get(f"/search.json?q={query}").json()["total"]
        for query in ("lunokhod", "skylab", "lunokhod OR skylab", "cosmo*", "cosmonaut")
    }
    assert total["lunokhod OR skylab"] >= max(total["lunokhod"], total["skylab"])
    assert total["cosmo*"] >= total["cosmonaut"] > 0


@pytest.mark.parametrize(
    "query",
    [
        '"unbalanced',
        "C++",
        "U.S.S.R.",
        "Gagarin’s",
        "f-16",
        "AND OR NOT",
        "🚀",
        "a/b",
        "* ^ : ( )",
        "-moon",
        "“moon”",
        "NEAR(a b)",
        "title:x",
    ],
)
def test_odd_queries_are_fine(reader: Reader, query: str):
    """Marks of every kind are answered with a page."""
    assert (
        reader.get("/search?" + str(__import__("urllib.parse").parse.urlencode({"q": query}))).status_code
        == 200
    )


@pytest.mark.parametrize(
    "asked",
    [
        "page=0",
        "page=x",
        "page=999999",
        "page=" + "9" * 5000,
        "page=²",
        "sort=worst",
        "year=x",
        "person=nobody",
        "q=%00",
        "page=-1",
    ],
)
def test_odd_parameters_are_fine(reader: Reader, asked: str):
    """A parameter that makes no sense is passed over or finds nothing."""
    assert reader.get(f"/search?{asked}").status_code == 200


def test_article_page(reader: Reader, query: Any):
    """An article shows its text with names marked, its date, origin, statements and citation."""
    key = query("select key from articles where title like 'Soviet Airman%'")[0]["key"]
    page = reader.get(f"/article/{key}").text
    assert "13 April 1961" in page
    assert re.search(r'<a class="mention person" href="/entity/yuri-gagarin"[^>]*>Gagarin</a>', page)
    assert "orbital-courier/gagarin-first-man-in-space.html" in page
    assert "json-ld" in page
    assert "SHA-256" in page
    linked = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert linked["headline"].startswith("Soviet Airman")


def test_every_article_page_marks_every_mention(reader: Reader, query: Any):
    """The marks on a page spell out exactly the mentions in the text, article by article."""
    for article in query("select id, key from articles"):
        page = reader.get(f"/article/{article['key']}").text
        body = page.split('<div class="body"', 1)[1].split("</article>", 1)[0]
        marked = len(re.findall(r'class="mention ', body))
        mentions = query("select count(*) from mentions where article_id = ?", article["id"])[0][0]
        # A mention that runs over an emphasis is marked in pieces; one within a link is left alone.
        assert marked >= mentions - len(re.findall(r'<a (?!class="mention)|<span class="image"', body))


def test_dates_are_never_made_precise(reader: Reader, query: Any):
    """A month is shown as a month, a year as a year, and no date as undated."""
    shown = {"month": "January 1966", "year": "1972", None: "undated"}
    for precision, words in shown.items():
        row = query("select key from articles where published_precision is ?", precision)[0]
        header = reader.get(f"/article/{row['key']}").text.split('class="by"', 1)[1][:200]
        assert words in header


def test_times_are_told_with_their_zone(reader: Reader, query: Any):
    """An article's page says by which clock it was published, as far as that was stated."""
    row = query("select key, published from articles where published like '%T18:00-05:00'")[0]
    header = reader.get(f"/article/{row['key']}").text.split('class="by"', 1)[1][:200]
    assert f'<time datetime="{row["published"]}">5 May 1961, 18:00 (UTC−05:00)</time>' in header


def test_a_page_that_is_late_may_be_asked_for_again(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    """A crawler that comes while the file is read from a cold disk is not told that the address is wrong."""

    async def late(_database: Database, sql: str, *_: object, **__: object) -> None:
        raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, {})

    monkeypatch.setattr(Database, "execute", late)
    answer = reader.get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert reader.get("/?q=1").status_code == 400
    assert reader.get("/oai?verb=Identify").status_code == 503
    assert "too long" in answer.text


def test_entity_page(reader: Reader):
    """A person's page lists the articles in time, the forms of the name, and the company."""
    page = reader.get("/entity/yuri-gagarin").text
    assert "Gagarin" in page
    years = [int(year) for year in re.findall(r'<time datetime="(\d{4})', page)]
    assert years == sorted(years)
    assert "Named together with" in page


def test_a_name_in_any_letters_has_its_pages(room: Room, read: Callable[[], Reader]):
    """Whatever letters its key holds, a name's page, its feed, its drawing and its notebook are there."""
    room.put("one.md", "---\nlanguage: en\n---\n\nKåre Bjørnsson met Łukasz Żeromski in Białystok.")
    room.ingest()
    reader = read()
    keys = [str(key) for (key,) in room.rows("select key from entities")]
    assert {"kare-bjørnsson", "łukasz-zeromski"} <= set(keys)
    for key in map(quote, keys):
        for path in (f"/entity/{key}", f"/company/{key}", f"/entity/{key}/feed.atom"):
            assert reader.get(path).status_code == 200, path
        assert reader.get(f"/entity/{key}/notebook.ipynb").status_code == 200
        assert f"/entity/{key}</loc>" in reader.get("/sitemap-names-1.xml").text


@pytest.mark.parametrize("part", ["Żeromski", "zeromski", "ŻEROM", "sz Żer", "Łukasz"])
def test_the_list_of_names_is_narrowed_in_any_letters(room: Room, read: Callable[[], Reader], part: str):
    """A part of a name finds it with accents and without, in capitals and in small letters."""
    room.put("one.md", "---\nlanguage: en\n---\n\nKåre Bjørnsson met Łukasz Żeromski in Białystok.")
    room.ingest()
    page = read().get("/entities?q=" + quote(part)).text
    assert "Łukasz Żeromski</a>" in page
    assert "Kåre" not in page


def test_an_address_from_before_leads_to_the_name_of_today(room: Room, read: Callable[[], Reader]):
    """Merged, renamed, or given a fuller name by other articles: the old address goes on to its page."""
    room.put("one.txt", "Émile Farrow-Dumas met Ivan Malt, and I. Malt met Anna Petrova in Riga.")
    decisions = "rename,Émile Farrow-Dumas,Emil Farrow\nmerge,Anna Petrova,Ivan Malt\n"
    (room.folder / "entities.csv").write_text(f"action,entity,value\n{decisions}", encoding="utf-8")
    room.ingest()
    reader = read()
    for old, now in (("emile-farrow-dumas", "emil-farrow"), ("anna-petrova", "ivan-malt")):
        answer = reader.get(f"/entity/{old}")
        assert (answer.status_code, answer.headers["location"]) == (302, f"/entity/{now}")
        assert reader.get(answer.headers["location"]).status_code == 200
        assert reader.get(f"/entity/{old}/feed.atom").text.count("<entry>") == 1
        assert f"key = '{now}'" in "".join(
            reader.get(f"/entity/{old}/notebook.ipynb").json()["cells"][2]["source"]
        )
        company = reader.get(f"/company/{old}")
        assert (company.status_code, company.headers["location"]) == (302, f"/company/{now}")
        assert f"entity={now}" in reader.get(f"/timeline?entity={old}").text
    assert "entity=ivan-malt" in reader.get("/timeline?entity=Anna+Petrova").text
    assert "Nothing here is called" in reader.get("/timeline?entity=anna-petroff").text
    search = reader.get("/search?q=met&person=anna-petrova&sort=oldest")
    assert search.headers["location"] == "/search?q=met&person=ivan-malt&sort=oldest"
    assert "<b>1</b> article " in reader.get(search.headers["location"]).text
    assert "Quotations of" in reader.get("/quotations?speaker=emile-farrow-dumas").text
    assert reader.get("/search?person=anna-petroff&person=ivan-malt&q=unsaid").status_code == 200
    assert reader.get("/entity/anna-petroff").status_code == 404


def test_old_addresses_lead_on_whatever_letters_and_marks_a_name_has(room: Room, read: Callable[[], Reader]):
    """Full stops, apostrophes, capitals beyond A to Z, and however many names are as long."""
    room.put("one.txt", "Ivan Malt met Anna Petrova in Riga.")
    room.ingest()
    old_names = ("Malt Inc.", "Ørsted", "Ḥamid O’Brien", "Гагарин", "Otter")
    with closing(sqlite3.connect(room.folder / "collection.db")) as connection, connection:
        ids = [row[0] for row in connection.execute("select id from entities order by id limit 2")]
        connection.execute("update entities set key = 'now' where id = ?", ids[:1])
        connection.execute("delete from entity_aliases")
        others = [(ids[1], "".join(letters)) for letters in product("inot", repeat=5)]
        add = "insert into entity_aliases (entity_id, alias) values (?, ?)"
        connection.executemany(add, [*others, *((ids[0], name) for name in old_names)])
    reader = read()
    for old in ("malt-inc", "ørsted", "hamid-obrien", "гагарин", "otter"):
        answer = reader.get(f"/entity/{quote(old)}")
        assert (answer.status_code, answer.headers.get("location")) == (302, "/entity/now"), old


def test_home_leads_to_every_source(room: Room, read: Callable[[], Reader]):
    """Twelve are named, a year of one alone is named once, and the others are a click away."""
    for number in range(13):
        front = json.dumps({"title": f"Of {number}", "source": f"Paper {number}", "date": "2019-03-01"})
        room.put(f"{number}.md", f"---\n{front}\n---\n\nThe ferry of {number} sailed at noon.")
    room.ingest()
    page = read().get("/").text
    assert '<span class="span">2019</span>' in page
    (way,) = re.findall(r'href="([^"]+)">All 13 sources<', page)
    assert "Paper 12" in read().get(way).text


def test_home_leads_to_what_is_no_article(room: Room, read: Callable[[], Reader]):
    """The front page tells how many files are no articles, and one click shows each with the reason."""
    room.put("one.txt", "The keeper counted lanterns along the quay.")
    room.put("same.txt", "The keeper counted lanterns along the quay.")
    room.put("empty.txt", "")
    room.put("sound.mp3", "-")
    room.ingest()
    reader = read()
    page = reader.get("/").text
    link = re.search(r'3 files became no article: <a href="([^"]*)"', page)
    assert link
    asked = html.unescape(link[1]).replace("/collection?", "/collection.json?")
    rows = reader.get(f"{asked}&_shape=array").json()
    assert [row["outcome"] for row in rows] == ["duplicate", "problem", "skipped"]
    assert all(row["why"] for row in rows)


def test_headings_of_a_text_stand_below_its_title(room: Room, read: Callable[[], Reader]):
    """A page has one heading of the first rank, its title's; none is empty, and a text's ranks stay apart."""
    room.put("a.md", "---\ntitle: Lamps\n---\n\n# The quay\n\nOne.\n\n##\n\n## At night\n\n- # Rules\n\nTwo.")
    room.put("b.md", "---\ntitle: Boats\n---\n\n#\n\n### The sea\n\nThree.\n\n#### At dawn\n\nFour.")
    room.ingest()
    reader = read()
    shown = {}
    for key, title in room.rows("select key, title from articles"):
        page = reader.get(f"/article/{key}").text
        assert page.count("<h1") == 1
        body = page.partition('<div class="body"')[2].partition("</div>")[0]
        shown[title] = re.findall(r"<(h\d)>(.*?)</h\d>", body)
    assert shown["Lamps"] == [("h2", "The quay"), ("h3", "At night"), ("h2", "Rules")]
    assert shown["Boats"] == [("h2", "The sea"), ("h3", "At dawn")]


def test_no_rank_of_heading_is_passed_over(room: Room, read: Callable[[], Reader]):
    """Whoever goes from heading to heading never falls from the second rank to the fifth."""
    room.put(
        "a.md", "---\ntitle: A\n---\n\n#### Kicker\n\n## One\n\n##### Deep\n\nText.\n\n##### Twin\n\n# Top\n"
    )
    room.ingest()
    page = read().get(f"/article/{room.one('select key from articles')}").text
    assert re.findall(r"<(h\d)>(\w+)</(h\d)>", page.partition('<div class="body"')[2]) == [
        ("h2", "Kicker", "h2"),
        ("h2", "One", "h2"),
        ("h3", "Deep", "h3"),
        ("h3", "Twin", "h3"),
        ("h2", "Top", "h2"),
    ]


LONG = " ".join(f"word{number:03}" for number in range(60))


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("Neil Armstrong spoke.", "Neil Armstrong spoke."),
        (f"Neil Armstrong spoke. {LONG}", f"Neil Armstrong spoke. {LONG[:231]} …"),
        (f"{LONG} Neil Armstrong spoke.", f"… {LONG[-63:]} Neil Armstrong spoke."),
        (f"{LONG}\n\nNeil Armstrong spoke. {LONG}", f"… {LONG[-63:]} Neil Armstrong spoke. {LONG[:167]} …"),
    ],
    ids=["whole", "beginning", "end", "middle"],
)
def test_a_name_is_shown_among_whole_words(room: Room, read: Callable[[], Reader], text: str, passage: str):
    """What stands around a name begins and ends with a word, and with … only where there is more."""
    room.put("one.txt", text)
    room.ingest()
    page = read().get("/entity/neil-armstrong").text
    shown = re.search(r'<p class="snippet" dir="auto">(.*?)</p>', page)
    assert shown
    assert html.unescape(shown[1]) == passage


def test_quotations_are_found_by_words_and_speaker(reader: Reader):
    """Each shows its words, its speaker and the very place in the article; no query is an error."""
    page = reader.get("/quotations?q=poyekhali&speaker=yuri-gagarin").text
    assert "Poyekhali!" in page
    link = re.search(r'href="(/article/\w+)#(q\d+)"', page)
    assert link
    assert f'id="{link[2]}"' in reader.get(link[1]).text
    assert "No quotation fits" in reader.get("/quotations?q=zzzz").text
    for odd in ("?q=%22%27(*", "?page=-1&sure=none", "?speaker=%00", f"?q={'a%20' * 500}"):
        assert reader.get(f"/quotations{odd}").status_code == 200


def test_quotations_are_taken_away_as_a_table(room: Room, read: Callable[[], Reader]):
    """All that one person said is one table, in time order, each with the address of its very place."""
    for day in range(1, 33):
        told = f"“The lamps were lit on the quay at {day} that night,” Anna Petrova said on the stairs."
        room.put(f"{day:02}.md", f"---\ntitle: Night {day}\ndate: 1961-{1 + day % 12:02}\n---\n\n{told}")
    room.put("other.txt", "Quiet\n\n“Nobody saw any lamps at all,” Ivan Malt said.")
    room.ingest()
    reader = read()
    page = reader.get("/quotations?speaker=anna+petrova&sure=sure").text
    assert "<b>32</b> quotations" in page
    # Of all, the page offers no choice of how sure who spoke must be, so that none is kept unseen.
    assert re.findall(r'title="Take back" href="([^"]*)"', page) == ["/quotations?"]
    assert page.count("<blockquote") == 30
    links = re.findall(r'href="(/quotations\.(?:csv|jsonl)\?[^"]*)"', page)
    table, lines = (reader.get(html.unescape(link)) for link in links)
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) == len(lines.text.splitlines()) == 32
    assert {row["speaker"] for row in rows} == {"Anna Petrova"}
    assert [row["published"] for row in rows] == sorted(row["published"] for row in rows)
    address, _, place = rows[0]["address"].partition("#")
    assert f'id="{place}"' in reader.get(address.removeprefix("http://localhost")).text
    sql = re.search(r'href="(/collection\?sql=[^"]*)"[^>]*>SQL<', page)
    assert sql
    asked = html.unescape(sql[1]).replace("/collection?", "/collection.json?")
    assert len(reader.get(f"{asked}&_shape=array").json()) == 32
    assert "Nobody here is called" in reader.get("/quotations?speaker=Vera+Nobody").text


def test_an_entity_shows_what_it_said(reader: Reader):
    """Quotations stand in time order on the speaker's page, and on the article's beside the text."""
    page = reader.get("/entity/yuri-gagarin").text
    assert "<h2>Said</h2>" in page
    assert "Poyekhali!" in page


def test_every_quotation_can_be_linked_to(reader: Reader, query: Any):
    """The place of each quotation is marked in its article's text."""
    sql = "select key, start from quotes join articles on articles.id = article_id"
    assert not [
        tuple(row)
        for row in query(sql)
        if f'id="q{row["start"]}"' not in reader.get(f"/article/{row['key']}").text
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("1961-04-12", "12 April 1961"),
        ("1961-04-12TMO", "12 April 1961, morning"),
        ("1961-04-12T09:07", "12 April 1961, 09:07"),
        ("1961-04", "April 1961"),
        ("1961", "1961"),
        ("0800", "AD 800"),
        ("0079-08-24", "24 August AD 79"),
        ("196", "1960s"),
        ("18", "19th century"),
        ("1961-W15", "week 15 of 1961"),
        ("1961-Q2", "2nd quarter of 1961"),
        ("1961-SP", "spring 1961"),
        ("FY2003", "fiscal 2003"),
        ("XXXX-12-25", "25 December"),
        ("XXXX-07", "July"),
        ("nonsense", "nonsense"),
        ("1961-99", "1961-99"),
        (None, "undated"),
    ],
)
def test_dates_are_read_out(value: str | None, words: str):
    """Every form that a date may have is said in words, no more precise than it is."""
    assert date_in_words(value) == words


def test_versions_of_a_story_are_compared(reader: Reader, query: Any):
    """An article names its other versions, and a page shows what was added and left out, losing no word."""
    one, other = query(
        "select key, text from story_articles join articles on articles.id = article_id"
        " join article_text on article_text.id = articles.id where story_articles.story_id = 1"
        " order by position"
    )
    page = reader.get(f"/article/{one['key']}").text
    assert f"/article/{one['key']}/and/{other['key']}" in page
    compared = reader.get(f"/article/{one['key']}/and/{other['key']}").text
    body = compared[compared.index('<div class="body"') :]
    body = body[: body.index("</article>")]
    for text, gone in ((one["text"], "ins"), (other["text"], "del")):
        left = re.sub(rf"<{gone}>.*?</{gone}>|<[^>]+>", "", body, flags=re.DOTALL)
        assert re.findall(r"\w+", html.unescape(left)) == re.findall(r"\w+", text)
    assert reader.get(f"/article/{one['key']}/and/0000").status_code == 404


def test_removed_blocks_are_one_click_away(reader: Reader, query: Any):
    """What was taken out of a text is folded away below it, with the reason."""
    key, text, reason = query(
        "select key, text, reason from removed_blocks join articles on articles.id = article_id"
    )[0]
    page = reader.get(f"/article/{key}").text
    assert html.escape(text.strip()[:60]) in page
    assert reason in page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/article/ffffffffffff", "There is no such article here."),
        ("/entity/nobody-at-all", "Nobody and nothing of that name is mentioned here."),
        ("/article/nosuch", "There is no such page."),
        ("/source/x", "There is no such page."),
        ("/nosuch", "There is no such page."),
        ("/no/such/page", "There is no such page."),
        ("/collection/nosuch", "There is no such page."),
        ("/collection/articles/999999", "There is no such page."),
        ("/-/room/nothing.css", "Not found"),
    ],
)
def test_what_is_not_there(reader: Reader, path: str, said: str):
    """An unknown address is a 404, not an error, and says so in the readers' words."""
    answer = reader.get(path)
    assert answer.status_code == 404
    assert said in answer.text
    assert "Database not found" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/collection", "/collection/articles", "/collection/articles?_search=moon", "/collection/problems"],
)
def test_datasettes_own_pages_are_there(reader: Reader, path: str):
    """Tables, their descriptions, search and SQL stay Datasette's."""
    assert reader.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/collection/articles?_size=3", "/article/"),
        ("/collection/articles/1", "/article/"),
        ("/collection/article_mentions?_size=3", "/article/"),
        ("/collection?sql=select+key,+title+from+articles+limit+3", "/article/"),
        ("/collection/entities?_size=3", "/entity/"),
        ("/collection/tags?_size=3", "/search?tag="),
    ],
)
def test_rows_lead_back_to_the_pages(reader: Reader, path: str, place: str):
    """A key in a table of Datasette's, a row or what a query found is a link to the page in the room."""
    links = re.findall(rf'href="({re.escape(place)}[^"]+)">[^<]+</a></td>', reader.get(path).text)
    assert links
    assert all(reader.get(html.unescape(link)).status_code == 200 for link in links)


def test_a_key_of_anything_else_is_no_link(reader: Reader):
    """What a query calls a key, and is none of an article's, stays as it is."""
    page = reader.get("/collection?sql=select+'<b>yuri-gagarin'+as+key").text
    assert "&lt;b&gt;yuri-gagarin" in page
    assert 'href="/article/' not in page


def test_nothing_of_ours_is_offered_to_join_with(reader: Reader):
    """Temporary tables that search makes are no database that Datasette's page would name."""
    reader.get("/search?q=moon+rocket")
    assert "attached" not in reader.get("/collection").text


def test_a_title_may_be_a_number(room: Room, read: Callable[[], Reader]):
    """A collection called 1984 is called so on pages, in feeds, in the catalogue and in browsers."""
    room.put("a.md", "# The ferry\n\nIt leaves at seven.\n")
    room.ingest()
    settings = room.folder / "metadata.yml"
    stated = settings.read_text().replace("  readingroom:\n", "  readingroom:\n    contact: a@b.example\n", 1)
    settings.write_text(re.sub("^title: .*", "title: 1984", stated))
    reader = read()
    paths = ("/", "/search", "/search.atom", "/search.feed.json", "/opensearch.xml", "/oai?verb=Identify")
    for path in paths:
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert "1984" in answer.text, path


def test_columns_are_described(reader: Reader):
    """A table page says what each column means."""
    assert "Headline as published." in reader.get("/collection/articles").text


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'--></title>"


def test_hostile_content_stays_text(room: Room, read: Callable[[], Reader]):
    """Markup in titles, names and text is shown, never run; pages forbid scripts besides."""
    room.put(
        "x.md",
        f"---\ntitle: '{HOSTILE.replace(chr(39), chr(39) * 2)}'\nauthors: ['<b>Eve</b>']\n"
        "tags: ['<i>t</i>']\nsection: '\"><u>'\n---\n\n"
        "Text by Yuri Gagarin.\n\n[x](javascript:alert(1)) <script>alert(1)</script> <b onclick=x>bold</b>\n",
    )
    room.ingest()
    reader = read()
    key = room.one("select key from articles")
    for path in (f"/article/{key}", "/", "/search?q=gagarin", "/entity/yuri-gagarin"):
        answer = reader.get(path)
        assert answer.status_code == 200
        for bad in (
            "<script>alert",
            "<img src=x",
            'href="javascript',
            "<b>Eve",
            "<i>t",
            '"><u>',
            "onclick=x>",
        ):
            assert bad not in answer.text, (path, bad)
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_links_of_a_text_lead_on(room: Room, read: Callable[[], Reader]):
    """To an article beside it, or as from its own address; where neither is known, the words stay."""
    room.put(
        "notes/one.md",
        "# One\n\nSee [two](two.md#end), [three](../more/th%20ree.md), [none](gone.md),\n"
        "[top](/guide), [up](../../x.md) and [web](https://example.org/).",
    )
    room.put(
        "notes/two.md",
        "---\nurl: https://paper.example/a/two\n---\n# Two\n\nBack to [one](./one.md),"
        " on to [three](three.html), [top](/guide) and [a note](#note).",
    )
    room.put("more/th ree.md", "# Three\n\nNothing leads from here.")
    room.ingest()
    keys = dict(room.rows("select title, key from articles"))
    reader = read()

    def links(title: str) -> dict[str, str]:
        page = reader.get(f"/article/{keys[title]}").text
        body = page.partition('<div class="body"')[2].partition("</div>")[0]
        return {words: target for target, words in re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', body)}

    assert re.search("none,.*top, up and", reader.get(f"/article/{keys['One']}").text, re.DOTALL)
    assert links("One") == {
        "two": f"/article/{keys['Two']}",
        "three": f"/article/{keys['Three']}",
        "web": "https://example.org/",
    }
    assert links("Two") == {
        "one": f"/article/{keys['One']}",
        "three": "https://paper.example/a/three.html",
        "top": "https://paper.example/guide",
    }


def test_a_link_means_what_lies_beside_the_article_before_what_lies_beside_a_copy(
    room: Room, read: Callable[[], Reader]
):
    """Every page made of one collection leads to the same place."""
    for year in range(1961, 1973):
        room.put(f"{year}/one.md", "# One\n\nSee [the list](list.md) of all that were there.")
        room.put(f"{year}/list.md", f"# List of {year}\n\nIn {year} so many were there.")
    room.ingest()
    keys = dict(room.rows("select title, key from articles"))
    assert f'href="/article/{keys["List of 1961"]}">the list' in read().get(f"/article/{keys['One']}").text


NOTED = """# The quay

The quay was shut.[^a] “It will open,” said Jane Malt.[^B] Nobody came:[^a]: [a word[^a]](https://x.example/)

What is not noted[^c] stays, and so does `code[^a]`.

[^a]: As the board wrote.
[^b]: In *The Ferry*, said Jane Malt.
[^d]: Nothing leads here.
"""


def test_marks_lead_to_their_notes_and_back(room: Room, read: Callable[[], Reader]):
    """Notes are numbered as they are marked; what has no partner is shown as it was typed."""
    room.put("quay.md", NOTED)
    room.ingest()
    reader = read()
    key = room.one("select key from articles")
    page = reader.get(f"/article/{key}").text
    body = page.partition('<div class="body"')[2].partition("</div>")[0]
    assert re.findall(r'<sup><a(?: id="([\w-]+)")? href="#([\w-]+)"[^>]*>(\d)</a></sup>', body) == [
        ("mark-1", "note-1", "1"),
        ("mark-2", "note-2", "2"),
        ("", "note-1", "1"),
    ]
    assert "Nobody came:<sup>" in body
    assert "</sup>: <a" in body
    assert re.findall(r'(<br>\n|<p>)<a id="([\w-]+)" href="#([\w-]+)"[^>]*>(\d)</a>\. (\w+)', body) == [
        ("<p>", "note-1", "mark-1", "1", "As"),
        ("<br>\n", "note-2", "mark-2", "2", "In"),
    ]
    for typed in ("a word[^a]", "noted[^c]", "code[^a]", "[^d]: Nothing"):
        assert typed in body


def test_a_quotation_within_a_link_has_its_place(room: Room, read: Callable[[], Reader]):
    """Who follows a quotation arrives at it, though its words lead elsewhere."""
    room.put(
        "one.md",
        "# One\n\nShe read [“All of the boats came home that night,” Ann Lee said](https://a.example/).",
    )
    room.ingest()
    ((key, start),) = room.rows("select key, start from quotes join articles on articles.id = article_id")
    assert f'id="q{start}"' in read().get(f"/article/{key}").text


def test_few_years_are_drawn_by_month_where_all_have_one(room: Room, read: Callable[[], Reader]):
    """The front page's chart counts every dated article, those of which only the year is stated, too."""
    for number, (date, boat) in enumerate([("1961-04-12", "ferry"), ("1962-05", "trawler"), ("1961", "tug")]):
        room.put(f"{number}.md", f"---\ndate: {date}\n---\n\nThe {boat} sailed at dawn.\n")
        room.ingest()
        page = read().get("/").text
        drawn = [f'href="/search?{each}"' in page for each in ("month=1961-04", "year=1962")]
        assert drawn == [number == 1, number == 2]


def test_a_date_within_a_picture_or_code_has_its_place(room: Room, read: Callable[[], Reader]):
    """Who follows a date arrives at the picture whose description names it, and the text goes on marked."""
    room.put(
        "one.md",
        "# One\n\nSee ![the quay in June 1961](https://a.example/quay.png) and `the list of May 1962`.\n\n"
        "All of it was gone by 4 July 1963, as Yuri Gagarin said.\n",
    )
    room.ingest()
    key = room.one("select key from articles")
    page = read().get(f"/article/{key}").text
    assert room.rows("select value from dates order by start") == [
        ("1961-06",),
        ("1962-05",),
        ("1963-07-04",),
    ]
    for (start,) in room.rows("select start from dates"):
        assert page.count(f'id="d{start}"') == 1
    assert 'href="/entity/yuri-gagarin" title="Yuri Gagarin">Yuri Gagarin</a>' in page


def test_a_long_article_with_many_mentions_is_quick_to_show(room: Room, read: Callable[[], Reader]):
    """Marking names takes time in proportion to the text, not to its square."""
    room.put("long.txt", "A long list\n\n" + "Yuri Gagarin met Anna Petrova in Moscow.\n" * 8000)
    room.ingest()
    reader = read()
    key = room.one("select key from articles")
    page = reader.get(f"/article/{key}").text
    assert page.count('class="mention person"') == 16_000


CHINESE = "北京时间昨日，苏联宇航员加加林乘坐东方一号飞船进入太空，绕地球飞行一周后安全返回地面。" * 3


def test_chinese_is_counted_in_characters(room: Room, read: Callable[[], Reader]):
    """What counts as one there is no word, and an article's page does not call it so."""
    room.put("a.md", f"---\ntitle: 加加林\n---\n\n{CHINESE}\n")
    room.put("b.md", "---\ntitle: The ferry\n---\n\nIt leaves for the island at seven every day.\n")
    room.ingest()
    reader = read()
    for title, counted in (("加加林", "characters"), ("The ferry", "9 words")):
        key = room.one("select key from articles where title = ?", title)
        by = reader.get(f"/article/{key}").text.partition('<p class="by">')[2].partition("</p>")[0]
        assert by.endswith(counted)


@pytest.mark.parametrize("page", ["/article/{article}", "/entity/mary-celeste"])
def test_a_page_of_one_thing_never_looks_at_all_articles(
    page: str, room: Room, read: Callable[[], Reader], monkeypatch: pytest.MonkeyPatch
):
    """Each of its statements finds its rows by an index, so that it is as quick among a hundred thousand."""
    for number in range(200):
        room.put(f"{number}.txt", f"Day {number}\n\nMary Celeste was seen {number} times.")
    settings = room.folder / "metadata.yml"
    settings.write_text(
        settings.read_text().replace("  readingroom:\n", "  readingroom:\n    entities: rules\n")
    )
    room.ingest()
    asked: list[tuple[str, Any]] = []
    plain = Database.execute

    async def execute(database: Database, sql: str, params: Any = None, **options: Any) -> Any:
        asked.append((sql, params))
        return await plain(database, sql, params, **options)

    monkeypatch.setattr(Database, "execute", execute)
    assert read().get(page.format(article=room.one("select key from articles"))).status_code == 200
    with closing(sqlite3.connect(room.folder / "collection.db")) as connection:
        steps = [
            (step[3], sql)
            for sql, params in asked
            for step in connection.execute(f"explain query plan {sql}", params or {})
        ]
    assert steps
    assert not [step for step in steps if step[0] == "SCAN articles"]


def test_scripts_without_spaces_are_found(room: Room, read: Callable[[], Reader]):
    """Chinese words are found in the middle of a line, long and short ones."""
    room.put("zh.txt", f"加加林\n\n{CHINESE}")
    room.put("en.txt", "Something Else\n\nA text in another language altogether, and longer too.\n")
    room.ingest()
    reader = read()
    for query, total in (("宇航员", 1), ("太空", 1), ("东方一号", 1), ("月球车", 0), ("北京 飞船", 1)):
        assert reader.get(f"/search.json?q={query}").json()["total"] == total, query


def test_another_database_beside_the_collection(room: Room, read: Callable[[], Reader]):
    """A second database in the folder does not take the collection's place."""
    room.ingest()
    with sqlite3.connect(room.folder / "archive.db") as other:
        other.execute("create table t (x)")
    other.close()
    assert read().get("/").status_code == 200


def test_what_is_chosen_stays_in_sight(reader: Reader):
    """A chosen facet value is shown even when it is beyond the first ones or finds nothing."""
    page = reader.get("/search?q=lunokhod&person=yuri-gagarin").text
    assert 'class="chosen"' in page


def test_an_empty_collection_has_pages_too(room: Room, read: Callable[[], Reader]):
    """Nothing to show is no error."""
    room.ingest()
    reader = read()
    for path in ("/", "/search", "/search?q=moon", "/entities"):
        assert reader.get(path).status_code == 200
    assert "There are no articles here yet." in reader.get("/search").text
    assert "No article fits." in reader.get("/search?q=moon").text


def test_one_is_said_as_one(room: Room, read: Callable[[], Reader]):
    """A collection of one article with one word counts neither articles nor words nor names."""
    room.put("gazette/one.md", "---\ntitle: Alone\n---\n\nMoscow.\n")
    room.ingest()
    reader = read()
    counted = re.sub(r"<[^>]+>|\s+", " ", reader.get("/").text)
    assert re.search(r"\b1 +article *, +1 word, +1 +name\b(?!s)", counted), counted
    key = reader.get("/search.json").json()["articles"][0]["key"]
    assert "· 1 word</p>" in reader.get(f"/article/{key}").text


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/search?q=moon&page=99", "/search?q=moon"),
        ("/entities?kind=person&q=a&page=99", "?kind=person&amp;q=a"),
        ("/entity/neil-armstrong?page=99", "/entity/neil-armstrong"),
        ("/quotations?q=moon&page=99", "/quotations?q=moon"),
    ],
)
def test_a_page_behind_the_last_leads_back_to_the_first(reader: Reader, path: str, first: str):
    """It says that there are not so many, not that nothing is found, and leads to no other such page."""
    page = reader.get(path).text
    assert f'There are not so many pages. <a href="{first}">Back to the first</a>.' in page
    assert "page=98" not in page
    assert "page 99" not in page
