"""Among several statements the best origin wins, and none is made up."""

import io
import json
from collections import Counter

import pytest

from ingest.collate.articles import name_sources
from ingest.model import Field, Hint, Item, RawDocument
from ingest.normalize import cascade, normalize_document
from ingest.normalize.html import parse_page
from ingest.normalize.linked_data import read_linked_data
from ingest.normalize.metadata import read_metadata
from ingest.readers.markdown import read_markdown

PAGE = """<html lang="en"><head><title>Moon | The Courier</title>
<meta property="og:title" content="Moon from og"><meta property="og:site_name" content="The Courier">
<link rel="canonical" href="https://courier.example/1966/02/04/moon">
<script type="application/ld+json">{ld}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Moon</h1>
<p>The first photograph from the surface of the moon arrived on Friday, and was printed at once.</p>
<p>It shows stones, and the shadow of the craft that took it, quite clearly and from close by.</p>
</article></body></html>"""


def stated(*values: tuple[str, str]) -> list[Field]:
    """Return statements of value and origin."""
    return [Field(name="x", value=value, origin=origin) for value, origin in values]


@pytest.mark.parametrize("name", ["12.04.2023 strike at the quay", "20230412_strike-at-the-quay"])
@pytest.mark.parametrize("place", ["{}.txt", "press/{}.txt", "press.zip!/{}.txt", "press/{}.csv#2"])
def test_a_file_name_gives_title_and_day(name: str, place: str):
    """Pasted articles often have no other day, and no other title, than their files are called by."""
    chosen = cascade.choose_published((), None, place.format(name))
    assert chosen is not None
    assert (chosen.value, chosen.origin) == ("2023-04-12", "file name")
    assert cascade.title_from_name(place.format(name)) == "Strike at the quay"


@pytest.mark.parametrize(
    "matter",
    [
        "authors: ['van der Berg, Jan', Fish & Ships Office, José María de la Cruz y Pérez]\ntags: ['A, B']",
        """authors:
- name: van der Berg, Jan
- name: Fish & Ships Office
- name: José María de la Cruz y Pérez
tags:
- A, B""",
    ],
)
def test_each_member_of_a_list_is_whole(matter: str):
    """What somebody wrote as a list is parted nowhere else, though it have one member or a long name."""
    (raw,) = read_markdown(
        Item(locator="a.md"), io.BytesIO(f"---\ntitle: Nets\n{matter}\n---\nThey were mended.".encode())
    )
    article, _ = normalize_document(raw, Hint())
    assert article.authors == (
        "van der Berg, Jan",
        "Fish & Ships Office",
        "José María de la Cruz y Pérez",
    )
    assert article.tags == ("A, B",)


def test_a_member_of_a_list_is_called_as_in_a_line():
    """A name in a list is no address or account, and a slug is written out."""
    values = ("mara-quill", "By Ida Brandt", "admin", "https://a.example/ida")
    listed = [Field(name="authors", value=value, origin="front-matter", listed=True) for value in values]
    assert cascade.choose_authors(listed) == ("Mara Quill", "Ida Brandt")


def test_a_long_title_that_a_person_states_is_the_title():
    """Five hundred characters in front matter are a title; those of a page are a text out of place."""
    title = "On the mending of nets, " * 20
    assert cascade.choose_title(stated((title, "front-matter")), None) == (title.strip(), "front-matter")
    assert cascade.choose_title(stated((title, "meta og:title")), None) is None


def test_a_comma_is_of_a_tag_where_tags_are_a_list():
    """`New York, NY` in a list is one place; in a line of keywords a comma parts them."""
    assert cascade.choose_tags(stated(("New York, NY", "front-matter"), ("ferries", "front-matter"))) == (
        "New York, NY",
        "ferries",
    )
    assert cascade.choose_tags(stated(("ferries, quays", "front-matter"))) == ("ferries", "quays")
    assert cascade.choose_tags(stated(("ferries, quays", "meta"), ("tides", "meta"))) == (
        "ferries",
        "quays",
        "tides",
    )


def test_json_ld_wins_over_meta_and_markup():
    """The publisher's own metadata for machines is the most careful statement a page has."""
    linked = (
        '{"@graph": [{"@type": "NewsArticle", "headline": "Moon from LD", "datePublished": "1966-02-04",'
        ' "author": [{"@id": "#a"}]}, {"@id": "#a", "@type": "Person", "name": "Irina Vale"}]}'
    )
    raw = RawDocument(locator="moon.html", format="html", content=PAGE.replace("{ld}", linked))
    article, problems = normalize_document(raw, Hint())
    assert (article.title, article.authors) == ("Moon from LD", ("Irina Vale",))
    assert article.published is not None
    assert (article.published.value, article.published.origin) == ("1966-02-04", "json-ld")
    assert "first photograph" in article.text
    assert "Home" not in article.text
    assert not problems


def test_broken_json_ld_does_no_harm():
    """When the linked data is no JSON, the page's other statements serve."""
    raw = RawDocument(locator="moon.html", format="html", content=PAGE.replace("{ld}", "{oops"))
    article, _ = normalize_document(raw, Hint())
    assert article.title == "Moon from og"
    assert article.published is not None
    assert article.published.origin == "address"
    assert article.source == "The Courier"


@pytest.mark.parametrize(
    ("stated", "description"),
    [
        (
            "**Two** [locks](/l), `one` key &mdash; *and* ![a gate](g.png)shut",
            "Two locks, one key — and a gate shut",
        ),
        ("<strong>Two</strong> <a href='/l'>locks</a>,<br>one<!-- rusty --> key", "Two locks, one key"),
        ("1. of May: the lock opens", "1. of May: the lock opens"),
        ("# 1 among locks, says 5 * 3 = 15 and a_b_c", "# 1 among locks, says 5 * 3 = 15 and a_b_c"),
        ("How `list<int>` and vector<int> [sic] differ", "How list<int> and vector<int> [sic] differ"),
        ("[" * 200_000, "[" * 200_000),
        ("Two lines\nof   one &lt;b&gt; summary", "Two lines of one <b> summary"),
    ],
)
def test_a_description_is_plain_text(stated: str, description: str):
    """Markdown and HTML in a summary are read, not shown; what the file states is kept as it stands."""
    field = Field(name="summary", value=stated, origin="front-matter")
    raw = RawDocument(locator="a.md", format="markdown", content="Of locks.", fields=(field,))
    article, _ = normalize_document(raw, Hint())
    assert article.description == description
    assert field in article.fields


def test_an_article_without_a_date_has_no_date():
    """The time of a file or of today is never taken for a date of publication."""
    raw = RawDocument(locator="notes.txt", format="text", content="Some words.\nAnd more words.")
    assert normalize_document(raw, Hint())[0].published is None


@pytest.mark.parametrize(
    ("values", "site", "title"),
    [
        ([("Moon landing day | The Courier", "title element")], "The Courier", "Moon landing day"),
        (
            [("Moon landing day - Courier", "title element"), ("Moon landing day", "h1")],
            None,
            "Moon landing day",
        ),
        ([("Moon landing - a history", "title element")], "The Courier", "Moon landing - a history"),
        (
            [
                ("Moon landing day", "meta og:title"),
                ("Notes of a Stargazer", "h1"),
                ("Notes of a Stargazer: Moon landing day", "title element"),
            ],
            None,
            "Moon landing day",
        ),
        ([("Q&amp;A with &#8216;Buzz&#8217;", "front-matter")], None, "Q&A with ‘Buzz’"),
        (
            [("Where CO<sub>2</sub> went: <i>the <b>Vostok</b> ice</i>", "column")],
            None,
            "Where CO2 went: the Vostok ice",
        ),
        ([("How to use <i> and <b>", "column")], None, "How to use <i> and <b>"),
    ],
)
def test_the_site_is_no_part_of_the_title(values: list[tuple[str, str]], site: str | None, title: str):
    """A site's name at the end of a title goes; a second part that is none stays."""
    chosen = cascade.choose_title(stated(*values), site)
    assert chosen is not None
    assert chosen[0] == title


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("van der Berg, Jan", ("van der Berg, Jan",)),
        ("de la Vale, Irina María", ("de la Vale, Irina María",)),
        ("Brandt, Ida Maria", ("Brandt, Ida Maria",)),
        ("By Irina Vale and Thomas Birch", ("Irina Vale", "Thomas Birch")),
        ("Irina Vale, Thomas Birch", ("Irina Vale", "Thomas Birch")),
        ("david-hebert", ("David Hebert",)),
        ("https://courier.example/irina", ()),
        ("Vale, Irina", ("Vale, Irina",)),
        ("Sánchez & Ortega", ("Sánchez", "Ortega")),
        ("Irina Vale, Staff Writer, and Thomas Birch, Political Editor", ("Irina Vale", "Thomas Birch")),
        ("Irina Vale, Homes and Gardens Expert", ("Irina Vale",)),
        ("Irina Vale in Rio de Janeiro and Jan van der Berg in Kyiv", ("Irina Vale", "Jan van der Berg")),
        ("Women in Science", ("Women in Science",)),
        ("Irina Vale, CEO & Founder of Valeworks", ("Irina Vale",)),
        ("Irina Vale | Senior Reporter", ("Irina Vale",)),
        ("Irina Vale Senior Reporter", ("Irina Vale",)),
        ("Irina Vale • 5 min read", ("Irina Vale",)),
        ("Text: Irina Vale", ("Irina Vale",)),
        ("“Irina Vale”", ("Irina Vale",)),
        ("Guest Contributor", ()),
        ("Chief Medical Officer", ("Chief Medical Officer",)),
        ("Society of Harbour Journalists", ("Society of Harbour Journalists",)),
        ("Homes March 12, 2021", ()),
        ("The Courier editors", ("The Courier editors",)),
        ("Autor: Julia Wilk i Jan Mróz", ("Julia Wilk", "Jan Mróz")),
        ("Por João Pires e Luísa dos Santos, de Faro", ("João Pires", "Luísa dos Santos")),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("von Trier", ("von Trier",)),
        ("佐藤花子記者", ("佐藤花子",)),
        ("The Hollywood Reporter", ("The Hollywood Reporter",)),
        ("Bay Area Reporter", ("Bay Area Reporter",)),
        ("Our Special Correspondent", ("Our Special Correspondent",)),
        ("Zhou En Lai", ("Zhou En Lai",)),
        ("Jan Mol en Piet Bos", ("Jan Mol", "Piet Bos")),
        ("Lee Ann and Lee Ann Womack", ("Lee Ann", "Lee Ann Womack")),
    ],
)
def test_authors(value: str, authors: tuple[str, ...]):
    """Names are taken apart at conjunctions; addresses, offices and dates are no names."""
    assert cascade.choose_authors(stated((value, "meta author"))) == authors


CLIPPED = """---
title: The ferry runs again
source: https://gazette.example/ferry
author:
  - "[[Ida Brandt]]"
  - "[[People/Ola Dahl|Ola Dahl]]"
tags: ["[[Harbour]]"]
---
The ferry left the quay at noon.
"""


def test_a_note_clipped_from_the_web():
    """The address that a note names as its source is the article's; brackets of links are in no name."""
    raw = next(iter(read_markdown(Item(locator="ferry.md"), io.BytesIO(CLIPPED.encode()))))
    assert isinstance(raw, RawDocument)
    article, _ = normalize_document(raw, Hint())
    assert (article.url, article.source) == ("https://gazette.example/ferry", None)
    assert (article.authors, article.tags) == (("Ida Brandt", "Ola Dahl"), ("Harbour",))


def test_the_author_in_microformats():
    """Exports of Medium, and blogs of the independent web, mark who wrote a post as `p-author`."""
    page = '<article class="h-entry"><p>It ran.</p>By <a class="p-author h-card">Ida Brandt</a></article>'
    tree = parse_page(page).tree
    found = cascade.collect(read_metadata(tree, read_linked_data(tree)))
    assert cascade.choose_authors(found["author"]) == ("Ida Brandt",)


@pytest.mark.parametrize("heading", ["# The nets are dry", "The nets are dry\n================"])
def test_what_stands_below_a_heading_of_markdown(heading: str):
    """By-line and date below a heading are read as in typed text and stay; a stated author wins."""
    below = "*By Ola Dahl*\n\nMay 4, 1997\n\nThey hung for a week."
    for matter, author in (("", "Ola Dahl"), ("---\nauthor: Ida Brandt\n---\n", "Ida Brandt")):
        note = f"{matter}{heading}\n\n{below}\n"
        raw = next(iter(read_markdown(Item(locator="nets.md"), io.BytesIO(note.encode()))))
        assert isinstance(raw, RawDocument)
        article, _ = normalize_document(raw, Hint())
        assert (article.title, article.authors) == ("The nets are dry", (author,))
        assert article.published is not None
        assert article.published.value == "1997-05-04"
        assert article.body == below


def test_a_pointer_is_no_name():
    """What linked data only points to, and never describes, is neither a source nor an author."""
    pointers = (
        Field(name="source", value="#creator", origin="json-ld"),
        Field(name="source", value="https://gazette.example/#firm", origin="json-ld"),
        Field(name="source", value="The Gazette", origin="meta og:site_name"),
    )
    assert [field.value for field in cascade.collect(pointers)["source"]] == ["The Gazette"]
    assert "url" not in cascade.collect(pointers)
    assert cascade.choose_authors(stated(("#person", "json-ld"), ("Ida Brandt", "by-line"))) == (
        "Ida Brandt",
    )


def test_a_firm_keeps_its_name_whole():
    """What a page calls an organisation is not taken apart into two people."""
    assert cascade.choose_authors(stated(("Vale & Birch", "json-ld-organization"))) == ("Vale & Birch",)


def test_the_same_by_line_twice_names_one_author():
    """A second by-line with a place behind the name is no second person."""
    by_lines = stated(("Irina Vale", "by-line markup"), ("Irina Vale in Lisbon", "by-line markup"))
    assert cascade.choose_authors(by_lines) == ("Irina Vale",)


def test_a_vague_date_gives_way_to_a_finer_one_that_agrees():
    """A year in the front matter and a day in the file name that lies within it make a day."""
    chosen = cascade.choose_published(stated(("1972", "front-matter")), None, "1972-12-14-last-steps.md")
    assert chosen is not None
    assert (chosen.value, chosen.origin) == ("1972-12-14", "file name")


@pytest.mark.parametrize(
    "matter",
    [
        "title: Faro\nautor: Irina Vale\nfecha: 13 de marzo de 1986\nfuente: El Muelle",
        "Titel: Faro\nVerfasser: Irina Vale\nDatum: 13.3.1986\nQuelle: El Muelle",
        "заголовок: Faro\nавтор: Irina Vale\nдата: 13 марта 1986 г.\nисточник: El Muelle",
        "标题: Faro\n作者: Irina Vale\n日期: 1986年3月13日\n来源: El Muelle",
    ],
)
def test_front_matter_in_other_languages(matter: str):
    """What a curator calls a title, an author, a date and a source in another language is read as such."""
    item = Item(locator="faro.md")
    raw = next(iter(read_markdown(item, io.BytesIO(f"---\n{matter}\n---\nSe apagó.\n".encode()))))
    assert isinstance(raw, RawDocument)
    article, _ = normalize_document(raw, Hint())
    assert (article.title, article.authors, article.source) == ("Faro", ("Irina Vale",), "El Muelle")
    assert article.published is not None
    assert article.published.value == "1986-03-13"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Publié le 12 juillet 1998 à 23h30 - Mis à jour le 13 juillet 1998", "1998-07-12"),
        ("Atualizado em 18/04/2016 01h05 - Publicado em 03/04/2016 23h47", "2016-04-03"),
        ("ΔΕΥΤΕΡΑ 28 Μαΐου 1979", "1979-05-28"),
        ("٢٧ يوليو ١٩٥٦", "1956-07-27"),
        ("2008年8月9日 07:30", "2008-08-09"),
    ],
)
def test_a_date_printed_in_another_language(line: str, day: str):
    """The day under a headline is read in its language, and one of a change gives way."""
    text = "<p>O farol apagou-se na quinta-feira, e ninguém soube dizer por que razão ficou às escuras.</p>"
    page = f"<html><body><article><h1>Farol</h1><p>{line}</p>{text * 3}</article></body></html>"
    article, problems = normalize_document(RawDocument(locator="f.html", format="html", content=page), Hint())
    assert not problems
    assert article.published is not None
    assert article.published.value == day


@pytest.mark.parametrize(
    ("stated", "silent"),
    [
        ({None: 3}, "Old Harbour"),
        ({None: 3, "Tide Office": 1}, "Tide Office"),
        ({None: 4, "Tide Office": 1}, "Old Harbour"),
        ({None: 96, "Tide Office": 3, "Pilots": 1}, "Old Harbour"),
        ({None: 2, "Tide Office": 6, "Pilots": 3}, "Tide Office"),
        ({None: 1, "Tide Office": 3, "Pilots": 2}, "Old Harbour"),
        ({None: 1, "Tide Office": 9, "Pilots": 9, "": 1}, "Old Harbour"),
    ],
)
def test_no_article_is_credited_to_a_source_of_a_few_others(stated: dict[str | None, int], silent: str):
    """An article that states no source takes that of most in its folder, or the only one if it is usual."""
    counts = Counter({("old-harbour", name): count for name, count in stated.items()})
    names = name_sources(counts, {})
    assert names == {(folder, name): name or silent for folder, name in counts}


@pytest.mark.parametrize(("value", "is_read"), [("2020-11", True), ("2020", True), ("some day", False)])
def test_a_date_that_was_read_is_no_problem_though_the_address_tells_it_too(value: str, is_read: bool):  # noqa: FBT001 - what is expected
    """Only what could not be read is told, not what an address says as well or more closely."""
    fields = (
        Field(name="url", value="https://h.example/2020/11/05/nets", origin="front-matter"),
        Field(name="published", value=value, origin="front-matter"),
    )
    raw = RawDocument(locator="a.md", format="markdown", content="# Nets\n\nDry.\n", fields=fields)
    _, problems = normalize_document(raw, Hint())
    assert [problem.code for problem in problems] == ([] if is_read else ["date-unread"])


def test_what_lies_in_no_folder_is_credited_to_nobody_that_a_few_others_name():
    """Beside the items of a feed, a mail and a table are not of the feed's paper, unless most there are."""
    assert name_sources(Counter({(None, None): 4, (None, "Tide Office"): 2}), {}) == {
        (None, "Tide Office"): "Tide Office"
    }
    most = name_sources(Counter({(None, None): 2, (None, "Tide Office"): 4}), {})
    assert most[None, None] == "Tide Office"


def test_front_matter_written_as_json_keeps_its_emoji():
    """A pair of escapes, as JSON writes an emoji or a rare letter, is that letter in YAML's quotes, too."""
    stated = {"title": "Rocket 🚀 launch", "author": "𠮷野", "tags": ["🚀", "a\\b"]}
    matter = "\n".join(f"{name}: {json.dumps(value)}" for name, value in stated.items())
    assert "\\ud83d\\ude80" in matter
    raw = next(iter(read_markdown(Item(locator="a.md"), io.BytesIO(f"---\n{matter}\n---\nUp.\n".encode()))))
    assert isinstance(raw, RawDocument)
    assert not raw.problems
    assert [field.value for field in raw.fields] == ["Rocket 🚀 launch", "𠮷野", "🚀", "a\\b"]
