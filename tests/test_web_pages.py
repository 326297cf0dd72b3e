"""Whole saved pages: the article, its title, people and date come out, and what surrounds it stays out."""

import io
import json
from pathlib import Path

import pytest

from ingest.model import Article, Hint, Item, Problem, RawDocument
from ingest.normalize import normalize_document
from ingest.readers.html import read_html
from tests.conftest import ROOT

CASES = sorted((ROOT / "tests" / "cases" / "pages").glob("*.html"))
PARAGRAPHS = "<p>The launch crew came out before dawn and found the pad all white.</p>" * 3
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
