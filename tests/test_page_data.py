"""Text that a page hands to its own scripts, and prints only when they have run."""

from __future__ import annotations

import json

import pytest

from ingest.normalize.blocks import letters
from tests.test_pages_of_pieces import FOOT, NAVIGATION
from tests.test_unprinted import PARAGRAPHS, REST, TEASER, article, read

TITLE = "The ferry rests"
MARKED_UP = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
ELSEWHERE = {
    "title": "A bridge of paper",
    "slug": "paper-bridge",
    "body": "<p>Pupils on the mainland glued a bridge that bears a goat. It is shown in the hall.</p>" * 9,
}


def page(scripts: str, printed: str = "") -> str:
    """Return a page with scripts, which prints something between a menu and a foot."""
    return (
        f"<html><head><title>{TITLE} | Harbour Post</title></head><body>{NAVIGATION}"
        f"<main><h1>{TITLE}</h1>{printed}</main>{FOOT}{scripts}</body></html>"
    )


def of_next(post: object, **others: object) -> str:
    """Return the data of a page as Next writes it."""
    data = {"props": {"pageProps": {"more": [ELSEWHERE], "post": post, **others}}, "page": "/[slug]"}
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'


def of_state(data: object) -> str:
    """Return the state of a page as many scripts write it."""
    return f"<script>window.a='en';window.__INITIAL_STATE__={json.dumps(data)};(function(){{}})()</script>"


def quoted(data: object, mark: str = "'") -> str:
    """Return the state of a page as a text of JSON between quotation marks."""
    text = json.dumps(data).replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"<script>window.__STATE__ = JSON.parse({mark}{text}{mark})</script>"


def of_nuxt(post: dict[str, str]) -> str:
    """Return the data of a page as Nuxt writes it: each value by its place in one list."""
    names = {name: place for place, name in enumerate(post, start=4)}
    data = [["ShallowReactive", 1], {"data": 2}, {"post-1": 3}, names, *post.values()]
    return f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(data)}</script>'


def of_apollo(paragraphs: tuple[str, ...]) -> str:
    """Return the data of a page of which Apollo keeps every paragraph apart."""
    apart = {
        f"Paragraph:{at}": {"__typename": "Paragraph", "type": "P", "text": each}
        for at, each in enumerate(paragraphs)
    }
    body = {"paragraphs": [{"__ref": name} for name in apart]}
    data = {"Post:1": {"__typename": "Post", "title": TITLE, "content": {"bodyModel": body}}, **apart}
    return f"<script>window.__APOLLO_STATE__ = {json.dumps(data)}</script>"


SCRIPTS = {
    "next": of_next({"title": TITLE, "content": MARKED_UP}),
    "wordpress": of_next({"title": {"rendered": TITLE}, "content": {"rendered": MARKED_UP}}),
    "named for engines": of_next({"title": "No boat", "seo": {"title": TITLE}, "description": MARKED_UP}),
    "lines": of_state({"article": {"headline": TITLE, "text": "\n\n".join(PARAGRAPHS)}}),
    "quoted": quoted({"article": {"headline": TITLE, "body": MARKED_UP}}),
    "double quoted": quoted({"name": TITLE, "body": MARKED_UP}, '"'),
    "nuxt": of_nuxt({"title": TITLE, "body": MARKED_UP}),
    "apollo": of_apollo(PARAGRAPHS),
    "arc": of_state(
        {
            "headlines": {"basic": TITLE},
            "content_elements": [{"type": "text", "content": each} for each in PARAGRAPHS],
        }
    ),
    "contentful": of_next(
        {
            "title": TITLE,
            "body": {
                "nodeType": "document",
                "content": [
                    {
                        "nodeType": "paragraph",
                        "content": [{"nodeType": "text", "value": half} for half in (each[:20], each[20:])],
                    }
                    for each in PARAGRAPHS
                ],
            },
        }
    ),
    "slate": of_next(
        {
            "title": TITLE,
            "body": [
                {"children": [{"text": each[:9]}, {"text": each[9:], "bold": True}]} for each in PARAGRAPHS
            ],
        }
    ),
    "editor.js": of_next(
        {
            "title": TITLE,
            "content": {"blocks": [{"type": "paragraph", "data": {"text": each}} for each in PARAGRAPHS]},
        }
    ),
}


@pytest.mark.parametrize("scripts", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("printed", ["<p>Loading</p>", f"<p>{TEASER}</p>"], ids=["nothing", "a teaser"])
def test_an_article_that_only_scripts_know(scripts: str, printed: str):
    """It is read in full, in its paragraphs, and the room says that the page does not print it."""
    body, codes = read(page(scripts, printed))
    assert body.split("\n\n") == list(PARAGRAPHS)
    assert codes == ["text-not-printed"]


def test_what_an_editor_s_blocks_are():
    """Headings, lists, quotations and links are such; what leads to other articles is left out."""
    blocks = [
        {"type": "paragraph", "children": [{"text": TEASER}]},
        {"type": "heading", "level": 3, "children": [{"text": "The price"}]},
        {
            "type": "list",
            "children": [{"type": "list-item", "children": [{"text": each}]} for each in REST[:2]],
        },
        {"type": "ordered-list", "content": [{"type": "li", "text": each} for each in ("Row", "Wait")]},
        {"type": "quote", "children": [{"text": REST[2]}]},
        {"type": "interstitial_link", "content": "Read how pupils glued a bridge of paper"},
        {"type": "related", "items": [ELSEWHERE]},
        {**ELSEWHERE, "type": "card"},
        {
            "type": "paragraph",
            "children": [
                {"text": "A vote on "},
                {"type": "link", "url": "https://bridge.example/", "children": [{"text": "a bridge"}]},
                {"text": " was put off, again."},
            ],
        },
        {"path": "/goat", "title": "A goat", "text": ELSEWHERE["body"]},
        {"heading": "What now", "text": "Three say:", "html": "<p>Three say:</p>", "items": [REST[3]]},
    ]
    body, _ = read(page(of_next({"title": TITLE, "body": blocks})))
    assert body.split("\n\n") == [
        TEASER,
        "### The price",
        f"- {REST[0]}\n- {REST[1]}",
        "1. Row\n2. Wait",
        f"> {REST[2]}",
        "A vote on [a bridge](https://bridge.example/) was put off, again.",
        "## What now",
        "Three say:",
        REST[3],
    ]


@pytest.mark.parametrize("scripts", SCRIPTS.values(), ids=SCRIPTS)
def test_an_article_that_is_printed_is_left_as_it_is(scripts: str):
    """Most pages print what they hand to their scripts."""
    assert read(page(scripts, MARKED_UP)) == read(page("", MARKED_UP))


def test_the_texts_of_other_articles_are_not_taken():
    """Only what is called like the page is its own; here its own text is printed."""
    assert read(page(of_next({}, others=[ELSEWHERE]), MARKED_UP)) == read(page("", MARKED_UP))
    assert read(page(of_next({"title": TITLE, "teaser": TEASER}), f"<p>{TEASER}</p>"))[1] != [
        "text-not-printed"
    ]


def test_a_page_of_tables_is_no_article():
    """The words of a schedule are no prose, and what only search engines are told names all of a page."""
    games = [{"items": [{"text": f"Team {at}"}, {"text": f"at {at} o'clock"}]} for at in range(99)]
    printed = f"<p>{TEASER}</p>"
    for post in (
        {"title": TITLE, "content": games},
        {"title": "", "meta": {"title": TITLE}, "body": MARKED_UP},
    ):
        assert read(page(of_next(post), printed)) == read(page("", printed))


def test_the_longer_of_two_statements():
    """Linked data often has the first lines alone."""
    stated = f'<script type="application/ld+json">{json.dumps(article(TEASER))}</script>'
    body, _ = read(page(stated + SCRIPTS["next"], f"<p>{TEASER}</p>"))
    assert letters(body) == letters("".join(PARAGRAPHS))


def test_data_that_holds_itself():
    """Objects that refer to each other are read once, and in time."""
    data = {
        f"Part:{at}": {
            "__typename": "Part",
            "title": TITLE,
            "body": [{"__ref": f"Part:{(at + by) % 9}"} for by in range(9)],
            "text": TEASER,
        }
        for at in range(9)
    }
    scripts = f"<script>window.__APOLLO_STATE__ = {json.dumps(data)}</script>"
    assert TEASER in read(page(scripts, MARKED_UP))[0]
    assert (
        TEASER
        in read(
            page(
                '<script type="application/json">[{"a":0,"b":0},[0,1,9,-1]]' + " " * 300 + "</script>",
                MARKED_UP,
            )
        )[0]
    )


MARKS = [
    "{",
    "[",
    '{"',
    'a={"',
    "a=",
    "a={",
    "JSON.parse('",
    "a=JSON.parse('",
    'a={"a":',
    "\\",
    "\n",
    "\\'",
    " ",
    "<p>",
    '"',
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("around", ["{}", "a=JSON.parse('{}", 'a={{"title":"The ferry rests","body":"{}'])
def test_a_script_of_one_mark_is_read_in_time(mark: str, around: str):
    """No pattern takes long, whatever a script holds, and what is no JSON costs no article."""
    for lines in (mark, f"{mark}\n"):
        script = around.format(lines * (200_000 // len(lines)))
        for kind in ("", ' type="application/json"'):
            assert TEASER in read(page(f"<script{kind}>{script}</script>", MARKED_UP))[0]


def test_half_a_character_costs_no_page():
    """A script that cuts a text at so many characters may leave half of a picture behind."""
    text, _ = read(page(of_next({"title": TITLE, "body": MARKED_UP.replace("</p>", "\ud83d</p>")})))
    assert letters(text).startswith(letters(PARAGRAPHS[0]))
    assert "\ufffd" in text


@pytest.mark.parametrize("depth", [None, 450])
def test_pieces_that_hold_each_other_without_end_cost_no_page(depth: int | None):
    """Data may lead back to themselves, or nest deeper than any line does."""
    piece: dict[str, object] = {"__typename": "span", "children": [{"__ref": "A"} if depth is None else {}]}
    for _ in range(depth or 0):
        piece = {"__typename": "span", "children": [piece]}
    blocks = [{"type": "p", "children": [piece]}, *({"type": "p", "text": each} for each in PARAGRAPHS)]
    held = {"A": piece, "B": {"__typename": "Post", "title": TITLE, "blocks": blocks}}
    assert letters(PARAGRAPHS[0]) in letters(read(page(of_state(held)))[0])


def test_a_list_of_lists_keeps_what_it_holds():
    """Only where objects name places in a list are these what its lists hold."""
    data = json.dumps([["post", {"title": TITLE, "body": MARKED_UP}]])
    script = f'<script type="application/json">{data}</script>'
    assert letters(PARAGRAPHS[0]) in letters(read(page(script))[0])
