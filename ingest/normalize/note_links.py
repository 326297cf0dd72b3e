"""Links within a text: marks of notes, which must not stick to a word, and arrows that lead back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.normalize.blocks import HEADINGS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BACK = frozenset("↑↩⏎^ \ufe0e")
# What sites put beside a heading, for who wants its address.
ADDRESS = frozenset({"¶", "#", "§", "🔗", "∞", "⚓"})
# How books and converters call the mark of a note, which a style may raise.
CALLED = re.compile(r"\b(?:doc-)?noteref\b|\bfootnote-?ref\b", re.IGNORECASE)
NOTE = re.compile(r"\d{1,4}|[*†‡]+|[a-z]")


def tidy_note_links(body: HtmlElement) -> None:
    """Set marks of notes into brackets, in place, and drop links that only lead back or to their heading."""
    for link in list(body.iter("a")):
        words = link.text_content().strip()
        leads_within = "#" in (link.get("href") or "")
        if words and leads_within and (BACK.issuperset(words) or _is_address(link, words)):
            link.drop_tree()
        elif NOTE.fullmatch(words) and (_is_raised(link) or (leads_within and _is_called_mark(link))):
            for inner in list(link):
                link.remove(inner)
            link.text = f"[{words}]"


def _is_address(link: HtmlElement, words: str) -> bool:
    return words in ADDRESS and next(link.iterancestors(*HEADINGS), None) is not None


def _is_raised(link: HtmlElement) -> bool:
    parent = link.getparent()
    return link.find("sup") is not None or (parent is not None and parent.tag == "sup")


def _is_called_mark(link: HtmlElement) -> bool:
    return any(CALLED.search(link.get(name) or "") for name in ("epub:type", "role", "class"))
