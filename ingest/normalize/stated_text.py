"""Text that a page states as linked data and does not print, as where it was saved before its script ran.

Sites write the whole text of an article, or every entry of a live page, for search engines
(schema.org `articleBody`, `liveBlogUpdate`); a page saved early, or behind a payment, prints a teaser.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

import nh3

from ingest.normalize.align import holds_most, share_held
from ingest.normalize.blocks import letters
from ingest.normalize.dates import parse_date
from ingest.normalize.linked_data import ARTICLE_TYPE, is_of_type, members
from ingest.normalize.markdown import escape, html_to_markdown, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.normalize.linked_data import Json

TEXTS = ("articleBody", "text", "transcript")
TAGS = re.compile(r"</?(?:p|br|div|h[1-6]|ul|ol|li|blockquote|a|em|strong|b|i)\b[^<>]{0,400}>", re.IGNORECASE)
# Where a site joined its paragraphs, blanks are left over, or a sentence begins right behind another.
JOINTS = re.compile(r"[ \t\xa0]{3,}|(?<=[a-z]{2}[.!?])(?=[“\"]?[A-Z][a-z ’'])")
SENTENCE_END = re.compile(r"(?<=[.!?…”\"])\s+|(?<=[。！？])")
# Letters and digits: of a sentence that tells by itself, of what is worth adding.
LEAST_TELLING, LEAST_ADDED = 25, 100
LEAST_SHARE_ADDED = 0.2
SURELY_HELD = 0.95


class Passage(NamedTuple):
    """A text as a page states it, with the headline and the time that an entry of a live page has.

    Each paragraph is its sentences; or one piece of Markdown, where the page marked the text up. `text` is
    all of it without marks, a paragraph a line.
    """

    paragraphs: Sequence[Sequence[str]]
    text: str
    is_marked_up: bool
    heading: str = ""
    date: str = ""


def read_stated_text(nodes: Sequence[Json]) -> list[Passage]:
    """Return the text that the linked data of a page gives its article, and the entries of a live page."""
    article = next((node for node in nodes if is_of_type(node, ARTICLE_TYPE)), None)
    if article is None:
        return []
    passages = [read_passage(_text(article))]
    for entry in members(article.get("liveBlogUpdate")):
        if isinstance(entry, dict):
            heading, date = (_line(entry.get(name)) for name in ("headline", "datePublished"))
            passages.append(read_passage(_text(entry))._replace(heading=heading, date=date))
    return [passage for passage in passages if passage.paragraphs or passage.heading]


def read_passage(text: str) -> Passage:
    """Return a stated text, which may be marked up, in paragraphs; tags too deep to convert go."""
    if TAGS.search(text):
        try:
            marked = [part for part in html_to_markdown(text).split("\n\n") if part]
        except RecursionError:
            text = html.unescape(nh3.clean(text, tags=set()))
        else:
            return Passage([[each] for each in marked], "\n".join(map(plain_text, marked)), is_marked_up=True)
    parts = text.split("\n") if "\n" in text else JOINTS.split(text)
    paragraphs = (SENTENCE_END.split(" ".join(part.split())) for part in parts)
    sentences = [kept for paragraph in paragraphs if (kept := list(filter(None, paragraph)))]
    return Passage(sentences, "\n".join(map(" ".join, sentences)), is_marked_up=False)


def find_missing(passages: Sequence[Passage], body: str) -> str:
    """Return as Markdown what a body lacks of stated passages; nothing where that is little."""
    stated = letters("".join(passage.text for passage in passages))
    if not stated or share_held(letters(body), stated) >= SURELY_HELD:
        return ""
    held = letters(plain_text(body))
    found = [(passage, _missing(passage, held)) for passage in passages]
    added = sum(len(letters(text)) for _, text in found)
    if added < max(LEAST_ADDED, LEAST_SHARE_ADDED * len(stated)):
        return ""
    wanted = [each for each in found if each[1] or _is_new_headline(each[0], held)]
    return "\n\n".join(part for passage, text in wanted for part in (*_head(passage), text) if part)


def _is_new_headline(passage: Passage, held: str) -> bool:
    """Tell an entry that is a headline alone, and is not printed."""
    return not passage.paragraphs and letters(passage.heading) not in held


def _text(node: Json) -> str:
    for name in TEXTS:
        stated = [each for each in members(node.get(name)) if isinstance(each, str)]
        if text := "\n".join(stated).strip():
            return html.unescape(html.unescape(text))
    return ""


def _line(value: object) -> str:
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def _head(passage: Passage) -> Iterator[str]:
    if passage.heading:
        yield f"## {escape(passage.heading)}"
    if date := parse_date(passage.date):
        yield date[0].replace("T", " ")


def _missing(passage: Passage, held: str) -> str:
    """Return the paragraphs of a passage that are not held, without what is held at either end."""
    kept = []
    is_held = False
    for sentences in passage.paragraphs:
        keys = [letters(plain_text(each) if passage.is_marked_up else each) for each in sentences]
        states = list(_states(keys, held, before=is_held))
        is_held = all(states)
        if not is_held:
            first, last = states.index(False), len(states) - states[::-1].index(False)
            text = " ".join(sentences[first:last])
            kept.append(text if passage.is_marked_up else escape(text))
    return "\n\n".join(kept)


def _states(keys: Sequence[str], held: str, *, before: bool) -> Iterator[bool]:
    """Yield for each sentence whether it is held; a short one only where it follows on one that is."""
    is_held = before and max(map(len, keys)) < LEAST_TELLING
    for key in keys:
        is_held = holds_most(held, key) and (is_held or len(key) >= LEAST_TELLING)
        yield is_held
