"""What a page states for machines, or for readers without scripts, and does not print."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Hint, RawDocument
from ingest.normalize import normalize_document
from ingest.normalize.blocks import letters
from ingest.normalize.stated_text import find_missing, read_passage
from tests.test_pages_of_pieces import FOOT, NAVIGATION, STORM

TEASER = "The ferry to the outer islands will not sail this winter, the harbour board said on Monday."
REST = (
    "Ida Brandt, who runs the only shop on the largest of them, said that she had heard it on the radio.",
    "The board had asked three yards for a price to mend the hull, and two did not answer.",
    "“We have flour until March,” she said. “Then somebody has to row.” Nobody laughed.",
    "A vote on a bridge, which would cost nine times as much as a new ship, was put off again.",
)
PARAGRAPHS = (TEASER, *REST)
WORDS = " ".join(PARAGRAPHS).split()
ENTRIES = (
    ("The hall is full", "2024-03-01T18:05:00+01:00", "Some two hundred people came, many from the islands."),
    ("The board speaks", "2024-03-01T18:40:00+01:00", "The chair read out the price of the bridge twice."),
    ("A vote is put off", "2024-03-01T19:55:00+01:00", "By nine to eight the members chose to wait for May."),
)


def page(stated: object, printed: str) -> str:
    """Return a page that states linked data and prints something, between a menu and a foot."""
    data = f'<script type="application/ld+json">{json.dumps(stated)}</script>' if stated else ""
    return (
        f"<html><head><title>The ferry rests</title>{data}</head><body>{NAVIGATION}"
        f"<main><h1>The ferry rests</h1>{printed}</main>{FOOT}</body></html>"
    )


def article(text: str) -> dict[str, object]:
    """Return the linked data of an article."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "The ferry rests",
        "articleBody": text,
    }


def read(source: str) -> tuple[str, list[str]]:
    """Return what is read of a page, and the doubts about it."""
    found, problems = normalize_document(RawDocument(locator="a.html", format="html", content=source), Hint())
    return found.body, [problem.code for problem in problems]


@pytest.mark.parametrize(
    "stated",
    [
        "\n\n".join(PARAGRAPHS),
        "".join(PARAGRAPHS),
        "    ".join(PARAGRAPHS),
        "".join(f"<p>{each}</p>" for each in PARAGRAPHS),
        "".join(f"&lt;p&gt;{each}&lt;/p&gt;" for each in PARAGRAPHS),
    ],
    ids=["lines", "joined", "blanks", "marked up", "marked up and escaped"],
)
@pytest.mark.parametrize("printed", [f"<p>{TEASER}</p>", ""], ids=["a teaser", "nothing"])
def test_an_article_that_is_not_printed_whole(stated: str, printed: str):
    """It is read in full, in paragraphs, however the site joined them, and the room says so."""
    body, codes = read(page(article(stated), printed))
    assert body.split("\n\n") == list(PARAGRAPHS)
    assert codes == ["text-not-printed"]


def test_a_teaser_keeps_its_links_and_is_not_repeated():
    """What the page prints goes first, as it is printed."""
    teaser = TEASER.replace("harbour board", '<a href="https://harbour.example/">harbour board</a>')
    body, _ = read(page(article(" ".join(PARAGRAPHS)), f"<p>{teaser}</p>"))
    assert "[harbour board](https://harbour.example/) said" in body
    assert body.count("outer islands") == 1
    assert letters(body).endswith(letters("".join(REST)))


@pytest.mark.parametrize("joint", ["\n", "", " "])
def test_an_article_that_is_printed_is_left_as_it_is(joint: str):
    """What most pages state is what they print, with other marks and breaks."""
    printed = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    plain, _ = read(page(None, printed))
    stated = joint.join(PARAGRAPHS).replace("“", "&ldquo;").replace("”", "&rdquo;")
    assert read(page(article(stated), printed)) == (plain, [])


def test_the_entries_of_a_live_page():
    """Those that the page prints stay where they are; the others follow with headline and time."""
    updates = [
        {"@type": "BlogPosting", "headline": heading, "datePublished": date, "articleBody": f"{text} {each}"}
        for (heading, date, text), each in zip(ENTRIES, REST[:3], strict=True)
    ]
    updates.append({"@type": "BlogPosting", "headline": "More tomorrow"})
    stated = {"@type": "LiveBlogPosting", "headline": "The ferry rests", "liveBlogUpdate": updates}
    body, codes = read(page(stated, f"<p>{ENTRIES[0][2]} {REST[0]}</p>"))
    assert body.split("\n\n") == [
        f"{ENTRIES[0][2]} {REST[0]}",
        "## The board speaks",
        "2024-03-01 18:40+01:00",
        f"{ENTRIES[1][2]} {REST[1]}",
        "## A vote is put off",
        "2024-03-01 19:55+01:00",
        f"{ENTRIES[2][2]} {REST[2]}",
        "## More tomorrow",
    ]
    assert codes == ["text-not-printed"]


def test_what_is_printed_and_not_stated_stays():
    """Above the entries of a live page stands what is known so far, in words of its own."""
    known = "What is known so far: the ferry rests, the board has met, and a vote is put off until May."
    updates = [
        {"@type": "BlogPosting", "headline": heading, "articleBody": text} for heading, _, text in ENTRIES
    ]
    stated = {"@type": "LiveBlogPosting", "headline": "The ferry rests", "liveBlogUpdate": updates}
    body, _ = read(page(stated, f"<p>{known}</p>"))
    assert body.startswith(f"{known}\n\n## The hall is full")
    assert all(text in body for _, _, text in ENTRIES)


def test_what_another_article_on_the_page_states_is_not_the_page_s_own():
    """A list of articles may state the text of each."""
    others = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": article("".join(REST))}]}
    printed = "".join(f"<p>{each} {each[::-1]}</p>" for each in PARAGRAPHS)
    assert read(page([others], printed))[1] == []


def test_what_only_readers_without_scripts_see():
    """Forums print their posts by a script, and beside it for those who have none."""
    posts = "".join(f"<div class='post'><p>{each}</p></div>" for each in PARAGRAPHS * 2)
    body, _ = read(page(None, f"<p>Loading</p><noscript>{posts}</noscript>"))
    assert all(each in body for each in PARAGRAPHS)


def test_what_a_script_holds_is_not_printed():
    """A script may hold the same posts as data, and the parts for readers without scripts may be escaped."""
    link = '<a href="https://harbour.example/">harbour board</a>'
    posts = "".join(f"<p>{each.replace('harbour board', link, 1)}</p>" for each in (*PARAGRAPHS, *STORM))
    for hidden in (posts, posts.replace("<", "&lt;")):
        data = f"<script>let posts = {json.dumps(posts)}</script>"
        body, _ = read(page(None, f"<p>Loading</p>{data}<noscript>{hidden}</noscript>"))
        assert "the [harbour board](https://harbour.example/) said" in body
        assert all(each in body for each in (*REST, *STORM[1:]))


def test_what_a_page_says_twice_for_readers_without_scripts():
    """Where it is printed too it is read once."""
    printed = "".join(f"<p>{each}</p>" for each in PARAGRAPHS * 2)
    assert read(page(None, f"{printed}<noscript>{printed}</noscript>")) == read(page(None, printed))


@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=9, unique=True), st.integers(0, 3))
def test_every_paragraph_is_printed_or_added(seeds: list[int], printed: int):
    """Whatever a page prints of its text, all of it is in the body afterwards."""
    paragraphs = [" ".join(Random(seed).choices(WORDS, k=40)) for seed in seeds]
    body = "\n\n".join(paragraphs[:printed])
    added = find_missing([read_passage("\n".join(paragraphs))], body)
    assert all(letters(each) in letters(f"{body}\n\n{added}") for each in paragraphs)


@pytest.mark.parametrize("mark", [".", "“", "a", "<p>", "<", "\n", " ", "&amp;", "a.A"])
def test_a_text_of_one_mark_is_read_in_time(mark: str):
    """No pattern takes long, whatever a page states."""
    read(page(article(mark * 50_000), f"<p>{TEASER}</p>"))
    read(page(article(f"a\n{mark * 50_000}b"), f"<p>{TEASER}</p>"))


def test_a_stated_text_within_hundreds_of_tags():
    """Tags too deep to convert cost neither the page's article nor the text that they hold."""
    body, _ = read(page(article("<div><b>" * 600 + " ".join(PARAGRAPHS)), f"<p>{TEASER}</p>"))
    assert all(letters(each) in letters(body) for each in PARAGRAPHS)
    assert "<div>" not in body
