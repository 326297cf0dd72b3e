"""Whole saved pages: the article, its title, people and date come out, and what surrounds it stays out."""

import io
import json
import re
from pathlib import Path

import pytest

from ingest.model import Article, Hint, Item, Problem, RawDocument
from ingest.normalize import normalize_document
from ingest.readers.html import read_html
from tests.conftest import ROOT

CASES = sorted((ROOT / "tests" / "cases" / "pages").glob("*.html"))
PARAGRAPHS = "<p>The launch crew came out before dawn and found the pad all white.</p>" * 3
EARLY = (
    "The ferry to the islands was built of oak, and her first master sailed her for thirty years.",
    "She carried sheep in spring, herring in summer, and whoever could pay in any season at all.",
)
LATE = (
    "In the last winter before the bridge the ice took her rudder, and she drifted for two nights.",
    "Nobody was hurt; a pig that had been on board was found on the mole, in the best of health.",
)
LAST = "The sentinel of this page stands at the end, in a sentence of its own."


def normalize(html: str) -> tuple[Article, tuple[Problem, ...]]:
    """Return what becomes of a page."""
    raw = next(iter(read_html(Item(locator="page.html"), io.BytesIO(html.encode()))))
    assert isinstance(raw, RawDocument)
    return normalize_document(raw, Hint())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_pages(path: Path):
    """Each page becomes the article that the JSON beside it describes; what it leaves out may vary."""
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    article, problems = normalize(path.read_text(encoding="utf-8"))
    published = article.published
    got = {
        "title": article.title,
        "authors": list(article.authors),
        "published": published.value if published else None,
        "origin": published.origin if published else None,
    }
    assert not problems
    assert {key: got[key] for key in got if key in expected} == {
        key: expected[key] for key in got if key in expected
    }
    for text in expected["contains"]:
        assert text in article.text
    for text in expected["lacks"]:
        assert text not in article.text
    for text in expected.get("once", ()):
        assert article.text.count(text) == 1
    for markdown in expected.get("body", ()):
        assert markdown in article.body


@pytest.mark.parametrize(
    ("html", "degraded"),
    [
        (f"{'<div>' * 300}{LAST}{'</div>' * 300}", False),
        (f"{PARAGRAPHS * 200}{'<div>' * 3000}{LAST}", True),
        (f"{'<b>' * 500}{LAST}{'</b>' * 500}", True),
        (f"{'<ul><li>' * 500}{LAST}{'</li></ul>' * 500}", True),
        (f"{'<table><tr><td>' * 300}{LAST}{'</td></tr></table>' * 300}", False),
        (f"<pre>{('w' * 99 + ' ') * 105_000}</pre><p>{LAST}</p>", False),
        (f"<img src='a.jpg' width='{'9' * 5000}'><p>{LAST}</p>", False),
        ("<p>A NUL\0 is no end,</p><p>\0sentinel comes after it, in a paragraph of its own.</p>", False),
    ],
    ids=["deep", "too deep", "deep bold", "deep list", "deep table", "10 MB of text", "vast picture", "NUL"],
)
def test_nothing_is_lost(html: str, degraded: bool):  # noqa: FBT001 - the second half of a case
    """Text arrives however a page is built; where its structure is lost, a problem says so."""
    article, problems = normalize(
        f"<html><body><article><h1>T</h1>{PARAGRAPHS}{html}</article></body></html>"
    )
    assert "sentinel" in article.text
    assert any(problem.code.startswith("degraded") for problem in problems) == degraded


def around(html: str) -> Article:
    """Return the article of a page with some HTML amid its paragraphs."""
    before, after = ("".join(f"<p>{line}</p>" for line in lines) for lines in (EARLY, LATE))
    page = f"<html><body><article><h1>The ferry</h1>{before}{html}{after}</article></body></html>"
    return normalize(page)[0]


@pytest.mark.parametrize(
    "html",
    [
        '<p>The ferry <span style="color: red; display: none">and the dock</span> left at noon that day.</p>',
        '<p>The ferry <a href="/dock" hidden>and the dock</a> left at noon that day.</p>',
        '<p>The ferry left at noon <span class="visually-hidden">(see and the dock)</span> that day.</p>',
        '<div id="signup-modal" hidden><p>Read and the dock every day, for the price of a loaf.</p></div>',
        '<div role="dialog" style="display:none"><p>Tell us and the dock where you live, to write.</p></div>',
    ],
)
def test_what_no_reader_of_a_page_sees_is_not_read(html: str):
    """Hidden words within a line, hints for listeners and windows that wait are not of the article."""
    assert "and the dock" in around(re.sub(r' (?:style|class|id|role)="[^"]*"| hidden', "", html)).text
    assert "and the dock" not in around(html).text


@pytest.mark.parametrize(
    "html",
    [
        f'<div class="paid" style="display:none"><p>{LAST}</p></div>',
        f'<p>The rest.<span style="display:none"> {LAST} {LAST}</span></p>',
        f'<div id="answer" hidden><p>{LAST}</p></div>',
        f'<table><tr><th>Pier<th>Lamp<tr><td>East<td><span class="sr-only">{LAST[:39]}</span></table>',
        f'<div><template shadowrootmode="open"><p>{LAST}</p></template></div>',
    ],
)
def test_what_a_page_may_show_on_demand_is_read(html: str):
    """What is paid for or unfolds is of the article, and so is what only listeners are told of a cell."""
    assert LAST[:39] in around(html).text


def test_cells_of_a_page_that_cannot_be_taken_apart_are_no_single_word():
    """Where only the bare words of a page could be kept, those of a table's cells stay apart."""
    html = "<table><tr><th>Pier</th><th>Lamp</th></tr><tr><td>East</td><td>White</td></tr></table>"
    page = f"<html><body><article><h1>The ferry</h1>{PARAGRAPHS}{html}{PARAGRAPHS}</article></body></html>"
    assert "Pier Lamp East White" in normalize(page)[0].text


def test_marks_of_notes_stick_to_no_word():
    """Marks of notes stand in brackets; arrows back and the addresses of headings are no text."""
    html = (
        '<p>It is dark on the mole.<a href="#n1"><sup>1</sup></a> So they say.'
        '<sup><a href="#n2">2</a></sup></p>'
        '<h2>The moon <a href="#moon">#</a></h2><p>She said so in the spring. <a href="#r1">↩</a></p>'
        '<h2>The sun<a class="headerlink" href="#sun">¶</a></h2><p>A link to <a href="/c#1">#</a> stays.</p>'
    )
    assert around(html).text.split("\n\n")[2:-2] == [
        "It is dark on the mole.[1] So they say.[2]",
        "The moon",
        "She said so in the spring.",
        "The sun",
        "A link to # stays.",
    ]


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By <b>Ida Brandt</b> and Ola Dahl<br>Staff Writers", ("Ida Brandt", "Ola Dahl")),
        ("By<br>Ida Brandt<br>and Ola Dahl", ("Ida Brandt", "Ola Dahl")),
        ("Von Jürgen Groß<br>Hamburg", ("Jürgen Groß",)),
        ("Wednesday<br>by Ida Brandt<br>March 5, 1998", ("Ida Brandt",)),
        ("<br><a href='/b'><i>On Folding</i></a> by Ida Brandt, 1721.", ()),
    ],
)
def test_a_by_line_ends_with_its_line(line: str, authors: tuple[str, ...]):
    """What stands below a name, such as an office or a place, is no part of it."""
    rest = "".join(f"<p>{each}</p>" for each in EARLY + LATE)
    page = f"<html><body><article><h1>The ferry</h1><p>{line}</p>{rest}</article></body></html>"
    assert normalize(page)[0].authors == authors


@pytest.mark.parametrize(
    "window",
    [
        'id="sp_message_container_4711"',
        'id="CybotCookiebotDialog" role="dialog"',
        'class="qc-cmp2-container"',
        'id="didomi-host" class="didomi-host"',
        'id="usercentrics-root"',
        'class="cky-consent-container cky-box-bottom-left"',
    ],
)
@pytest.mark.parametrize("times", [1, 9])
def test_a_question_about_cookies_that_was_open_is_no_part_of_a_page(window: str, times: int):
    """What services ask for leave goes, though it be longer than the article; alone on a page it stays."""
    asked = "<p>We and our partners keep the crumbs of your biscuits, as long as you agree to it below.</p>"
    question = f"<div {window}><div><h2>Your privacy</h2>{asked * times}</div></div>"
    text = "".join(f"<p>{line}</p>" for line in EARLY + LATE)
    page = "<html><head><title>The ferry</title></head><body>{}<div><h1>The ferry</h1>{}</div></body></html>"
    article = normalize(page.format(question, text))[0]
    assert "biscuits" not in article.text
    assert EARLY[0] in article.text
    assert "biscuits" in normalize(page.format(question, ""))[0].text


def test_the_day_with_which_a_release_begins_is_its_own():
    """Where nothing else states a day, it is that of the dateline, as in releases to the press."""
    lines = "".join(f"<p>{line}</p>" for line in LATE)
    page = (
        f"<html><body><h1>The ferry</h1>{{}}<p>RAVENMOOR, {{}} {EARLY[0]} {EARLY[1]}</p>{lines}</body></html>"
    )
    published = [
        normalize(page.format(head, day))[0].published
        for head, day in (
            ("", "4 June 1921 –"),
            ("", "on 4 June 1921"),
            ("<p>7 June 1921</p>", "4 June 1921 –"),
        )
    ]
    assert [each and each.value for each in published] == ["1921-06-04", None, "1921-06-07"]


def test_the_lines_of_a_caption_are_words_apart():
    """Who took a picture is no part of the last word of its caption."""
    caption = "<figcaption><p>The ferry in ice</p><cite>Ida Holm</cite><div>1921</div></figcaption>"
    assert "The ferry in ice Ida Holm 1921" in around(f"<figure><img src=a.jpg>{caption}</figure>").text


@pytest.mark.parametrize(
    ("before", "offer", "kept"),
    [
        (
            "",
            "<h3>Newsletter</h3><p>Every tide in your inbox, before breakfast and before the boats.</p>",
            "",
        ),
        ("", "<h4>Infolettre</h4><p>Chaque matin, les marées de la semaine dans votre boîte mail.</p>", ""),
        (f"<p>{EARLY[0]}</p>", "<p>Subscribe to our letters.</p>", EARLY[0]),
        ("", f"<p>{EARLY[0]} Write to us if you sailed in her.</p>", EARLY[0]),
    ],
)
def test_an_offer_of_letters_within_the_text_is_no_part_of_it(before: str, offer: str, kept: str):
    """A form that asks for an address goes with its few words; prose that stands with it stays."""
    asking = f"<div>{before}<div class='nl'>{offer}<form><input type='email'><b>OK</b></form></div></div>"
    rest = "".join(f"<p>{each}</p>" for each in LATE)
    page = f"<html><body><article><h1>The ferry</h1>{rest}{asking}{rest}{LAST}</article></body></html>"
    text = normalize(page)[0].text
    assert ("inbox" in text, "boîte" in text, "letters" in text) == (False, False, False)
    assert kept in text


@pytest.mark.parametrize(
    ("head", "headline", "title"),
    [
        ("<title>The ferry - Gazette</title>", "The ferry<br>is old", "The ferry is old"),
        ("", "<div>Harbour</div><div>The <b>f</b>erry is old<!-- x --></div>", "Harbour The ferry is old"),
        (
            "<meta property='og:title' content='Harbour: The ferry is old'>",
            "<span class='kicker'>Harbour</span><span>The ferry is old</span>",
            "Harbour: The ferry is old",
        ),
        (
            "<title>The ferry is old | Gazette</title><link rel='canonical' href='https://thegazette.example/a'>",
            "",
            "The ferry is old",
        ),
    ],
)
def test_lines_of_a_headline_are_words_apart(head: str, headline: str, title: str):
    """A headline in lines sticks to no other, and the name of a host after a title is its site's."""
    rest = "".join(f"<p>{each}</p>" for each in EARLY + LATE)
    page = f"<html><head>{head}</head><body><article><h1>{headline}</h1>{rest}</article></body></html>"
    assert normalize(page)[0].title == title


@pytest.mark.parametrize(
    ("language", "day"), [("en-GB", "1998-04-03"), ("en-US", "1998"), ("en", "1998"), ("fr", "1998-04-03")]
)
def test_the_country_of_a_page_tells_the_order_of_its_dates(language: str, day: str):
    """A page made for Britain writes the day first; one for America may be so by its template alone."""
    rest = "".join(f"<p>{each}</p>" for each in EARLY + LATE)
    if language == "fr":
        rest = (
            "<p>Le phare s’est éteint jeudi, et personne ne sait encore dire pourquoi il est resté noir.</p>"
            * 3
        )
    page = f"<html lang='{language}'><body><h1>The ferry</h1><p>03/04/1998</p>{rest}</body></html>"
    published = normalize(page)[0].published
    assert published is not None
    assert published.value == day


@pytest.mark.parametrize(
    ("below", "authors"),
    [
        ("<div>By</div><div>Ida Brandt</div><div>and</div><div>Ola Dahl</div>", ("Ida Brandt", "Ola Dahl")),
        ("<p>05/03/1998 by Ida Brandt, Harbour Correspondent</p>", ("Ida Brandt",)),
        ("<p>By <b>Ida Brandt</b> <span>April 5, 1998</span></p>", ("Ida Brandt",)),
        ("<p>Texto: Ida Brandt | Fotos: Ola Dahl</p>", ("Ida Brandt",)),
        ("<p>Por Ida Brandt, The Gazette — Recife</p>", ("Ida Brandt",)),
        ("<p>Propos recueillis par Ida Brandt</p>", ("Ida Brandt",)),
        ("<p>Rozmawiała Ida Brandt</p>", ("Ida Brandt",)),
        ("<div class='article__author-name'>Ида Брандт</div><div>корреспондент</div>", ("Ида Брандт",)),
        ("<p><a href='/autor/ida-brandt'>Ida Brandt</a><span>Madrid</span></p>", ("Ida Brandt",)),
        (
            "<p class='byline'><a href='/by/ida'>Ida Brandt</a><i>Pier editor</i><a href='/x'>@ida</a></p>",
            ("Ida Brandt",),
        ),
        ("<p><a href='/news/harbour'>Harbour News</a></p>", ("The Gazette",)),
        ("<p>By</p><p>The ferry was built of oak.</p>", ("The Gazette",)),
    ],
)
def test_whoever_is_named_below_the_headline_wrote_it(below: str, authors: tuple[str, ...]):
    """By-lines are read as papers set them, and go before the name of the site in the place of an author."""
    head = (
        "<title>The ferry</title><meta property='og:site_name' content='The Gazette'>"
        "<meta name='author' content='The Gazette'>"
    )
    rest = "".join(f"<p>{each}</p>" for each in EARLY + LATE)
    page = f"<html>{head}<body><article><h1>The ferry</h1>{below}{rest}</article></body></html>"
    assert normalize(page)[0].authors == authors


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        (
            "<meta name='twitter:label1' content='Auteur'><meta name='twitter:data1' content='Ida Brandt'>",
            ("Ida Brandt",),
        ),
        (
            "<meta name='twitter:label1' content='Durée'><meta name='twitter:data1' content='Deux minutes'>",
            (),
        ),
        ("<meta name='cXenseParse:author' content='Ida Brandt'>", ("Ida Brandt",)),
    ],
)
def test_who_wrote_it_is_told_to_previews_and_counters(stated: str, authors: tuple[str, ...]):
    """What plugins and services have pages state of their author counts; who wrote below does not."""
    rest = "".join(f"<p>{each}</p>" for each in EARLY + LATE)
    comment = "<ol class='comment-list'><li><b class='author'>A Reader</b> <p>Well said.</p></li></ol>"
    page = f"<html><head>{stated}</head><body><h1>The ferry</h1>{rest}{comment}</body></html>"
    assert normalize(page)[0].authors == authors


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<p>March 5, 1998</p>", "1998-03-05"),
        (
            "<p>Posted <time datetime='1998-03-05T08:30:00Z'>March 5, 1998</time></p>",
            "1998-03-05T08:30+00:00",
        ),
        ("<p><time datetime='1998-03-05T08:30:00Z'>3 hours ago</time></p>", "1998-03-05T08:30+00:00"),
        (
            "<p>Updated <time datetime='1998-03-06'>March 6, 1998</time>, published March 5, 1998</p>",
            "1998-03-05",
        ),
    ],
)
def test_the_day_below_the_headline_goes_before_that_of_the_site(line: str, day: str):
    """A paper prints the day of today in its head, and its menu its own name; neither is the article's."""
    head = "<header><h1>The Gazette</h1><time datetime='2001-01-02'>2 January 2001</time></header>"
    rest = "".join(f"<p>{each}</p>" for each in EARLY + LATE)
    page = f"<title>The ferry</title><body>{head}<article><h1>The ferry</h1>{line}{rest}</article></body>"
    published = normalize(page)[0].published
    assert published is not None
    assert published.value == day


def test_short_points_after_a_quotation_or_a_list_are_kept():
    """Lists of a few words, one within another too, and the terms of a glossary are of the article."""
    told = "of all that came over the bar that night, and the clerks counted it by the light of a lamp."
    html = (
        f"<html><body><h1>The quay</h1><p>This is an account {told}</p><blockquote><p>A quotation {told}</p>"
        f"</blockquote><ul><li>Salt<ul><li>Nets<ol><li>Cork {told}</li></ol></li></ul></li><li>Rope</li></ul>"
        f"<ol><li>Tar</li><li>Oars</li></ol><dl><dt>Bar</dt><dd><p>The bank of sand {told}</p></dd></dl>"
        f"<p>The rest {told}</p></body></html>"
    )
    words = ["Salt", "Nets", "Rope", "Tar", "Oars", "Bar"]
    assert [word for word in normalize(html)[0].text.split() if word in words] == words


def test_frames_of_a_page():
    """Advertisements that SingleFile kept in frames change nothing; a frame that is all there is, is read."""
    advertisement = f"<html><body>{'<p>Buy the best boots of the season.</p>' * 30}</body></html>"
    frame = f'<iframe srcdoc="{advertisement.replace(chr(34), "&quot;")}" width=300></iframe>'
    article = (
        f"<html><body><article><h1>Snow</h1>{PARAGRAPHS * 3}<ul><li>Ice</li></ul></article>%s</body></html>"
    )
    alone, problems = normalize(article % frame)
    assert not problems
    assert "boots" not in alone.text
    assert alone.text == normalize(article % "")[0].text
    framed, problems = normalize(f"<h1>Portal</h1><iframe srcdoc='{article % ''}'></iframe>")
    assert not problems
    assert framed.title == "Snow"
    assert framed.text == alone.text


WAYBACK = "https://web.archive.org/web/20190305101112"
WAYBACK_PAGES = {
    "scripts": f"""<html><head><script>__wm.wombat("https://gazette.example/snow","20190305101112");</script>
        <link rel=canonical href="{WAYBACK}/https://gazette.example/snow"></head>
        <body><!-- BEGIN WAYBACK TOOLBAR INSERT --><div>See the 12 captures of this page.</div>
        <!-- END WAYBACK TOOLBAR INSERT -->""",
    "saved by a browser": f"<!-- saved from url=(0070){WAYBACK}/https://gazette.example/snow --><html><body>",
}


@pytest.mark.parametrize("head", WAYBACK_PAGES.values(), ids=WAYBACK_PAGES)
def test_wayback_machine(head: str):
    """A page from the Wayback Machine has its own address and links, and says where and when it was kept."""
    links = (
        '<p>So the <a href="/web/20190305101112/https://gazette.example/ice">second report</a> said, and an'
        f' <a href="{WAYBACK}/https://web.archive.org/web/2015/https://gazette.example/old">old one</a>.</p>'
    )
    article, _ = normalize(f"{head}<article><h1>Snow</h1>{PARAGRAPHS}{links}</article></body></html>")
    assert article.url == "https://gazette.example/snow"
    assert "(https://gazette.example/ice)" in article.body
    assert "(https://web.archive.org/web/2015/https://gazette.example/old)" in article.body
    assert "captures" not in article.text
    stated = {field.name: field.value for field in article.fields}
    assert stated["archived"] == f"{WAYBACK}/https://gazette.example/snow"
    assert stated["captured"] == "2019-03-05T10:11:12Z"


def test_links_to_the_wayback_machine():
    """A page that only links to a copy keeps that link."""
    link = f'<p>A <a href="{WAYBACK}/https://gazette.example/ice">copy of the report</a> was kept.</p>'
    article, _ = normalize(f"<html><body><article><h1>Snow</h1>{PARAGRAPHS}{link}</article></body></html>")
    assert f"({WAYBACK}/https://gazette.example/ice)" in article.body
    assert article.url is None


def test_archive_today():
    """A page from archive.today has the address and the day of the article, not of the copy."""
    prose = "".join(f"<p>{sentence}</p>" for sentence in (*EARLY, *LATE))
    address = "https://archive.ph/2021.06.07-080910/https://gazette.example/snow"
    article, _ = normalize(
        f"""<html><head><title>Snow</title><meta property="og:site_name" content="archive.ph">
        <meta property="og:url" content="http://archive.ph/Ab1cD" itemprop="url">
        <meta property="article:published_time" content="2021-06-07T08:09:10Z" itemprop="dateCreated">
        <link rel="canonical" href="{address}"></head><body><center><div id="HEADER"><table><tr>
        <td>webpage capture</td><td>Saved from</td><td>7 Jun 2021 08:09:10 UTC</td></tr></table></div>
        <div id="SOLID"><div id="CONTENT"><div><h1>Snow</h1><div>June 5, 2021</div>{prose}
        <p>So the <a href="https://archive.ph/o/Ab1cD/https://gazette.example/ice">second report</a> said.</p>
        </div></div></div></center></body></html>"""
    )
    assert article.url == "https://gazette.example/snow"
    assert article.published is not None
    assert article.published.value == "2021-06-05"
    assert article.source is None
    assert "webpage capture" not in article.text
    assert "(https://gazette.example/ice)" in article.body
    assert {"archived": address, "captured": "2021-06-07T08:09:10Z"}.items() <= {
        field.name: field.value for field in article.fields
    }.items()


def test_mirrored_pages():
    """A page that HTTrack mirrored has the address that HTTrack wrote above it."""
    above = "<!-- Mirrored from gazette.example/2019/snow.html by HTTrack Website Copier/3.x [XR&CO'2014] -->"
    article, _ = normalize(f"<html>{above}<body><article><h1>Snow</h1>{PARAGRAPHS}</article></body></html>")
    assert article.url == "http://gazette.example/2019/snow.html"
