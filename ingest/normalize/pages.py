"""Paged text, such as a PDF's: one body, and where each page lies in it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import dropwhile, islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.model import Page
from ingest.normalize.markdown import escape, plain_text
from ingest.normalize.plain import read_plain, split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ingest.model import Field

PAGE_BREAK = "\f"
ESCAPED = re.compile(r"\\([^\w\s])")
PARAGRAPHS, SENTENCE = "\n\n", " "
# What the paper adds at the edges of a page: short lines, at most so many, that many pages have.
LONGEST_EDGE = 120
MOST_EDGES = 2
LEAST_PAGES = 3
NUMBERS = re.compile(r"\d+|\b[ivxlc]{1,8}\b", re.IGNORECASE)
# A table's cell or a heading ends without a full stop too, but a paragraph is longer.
LEAST_PROSE = 60
UNFINISHED = re.compile(r"[^\W\d_][,;]?$|[^\W_]-$")
SPLIT_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]++)-$")
FIRST_WORD = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class PageText(NamedTuple):
    """The Markdown of a page, and whether it begins within a sentence of the page before."""

    body: str
    goes_on: bool = False

    @property
    def seam(self) -> str:
        """What stands between this page and the one before."""
        return SENTENCE if self.goes_on else PARAGRAPHS


def read_paged(content: str) -> tuple[list[PageText], tuple[Field, ...]]:
    """Return the Markdown of each page of paged text, and the fields stated at its top.

    All words stay, headline included, so that a page of the text is the page of the original; a
    sentence that goes on over the break is one, with what the paper adds there before and behind it.
    """
    pages = content.split(PAGE_BREAK)
    paragraphs = [split_paragraphs(page) for page in pages]
    counts = Counter(words for page in paragraphs for words in {*map(_skeleton, edges_of(page))})
    repeated = {words for words, count in counts.items() if count >= LEAST_PAGES}
    # What every page repeats, such as the name of the paper, is no headline.
    own = list(dropwhile(lambda each: _skeleton(each) in repeated, paragraphs[0]))
    stated = read_plain(PARAGRAPHS.join(own) if len(own) < len(paragraphs[0]) else pages[0])[1]
    goes_on = [False]
    for before, after in pairwise(paragraphs):
        goes_on.append(_bring_together(before, after, repeated, begun=goes_on[-1]))
    _mend_words(paragraphs, goes_on)
    bodies = (PARAGRAPHS.join(map(escape, page)) for page in paragraphs)
    return [PageText(*page) for page in zip(bodies, goes_on, strict=True)], stated


def edges_of(page: Sequence[Any]) -> list[Any]:
    """Return what stands at the top and at the bottom of a page, in order, once each."""
    return [*page[:MOST_EDGES], *page[MOST_EDGES:][-MOST_EDGES:]]


def _skeleton(paragraph: str) -> str:
    """Return what an edge of one page shares with those of others, whatever numbers it has."""
    return NUMBERS.sub("", paragraph).casefold() if len(paragraph) <= LONGEST_EDGE else paragraph


def _bring_together(before: list[str], after: list[str], repeated: set[str], *, begun: bool) -> bool:
    """Move two halves of a sentence next to each other, past the edges of their pages; tell if there were.

    Where the first half has `begun` on an earlier page, nothing can be moved before it.
    """

    def past_edges(page: Iterable[str]) -> int:
        inner = enumerate(islice(page, MOST_EDGES + 1))
        return next((n for n, each in inner if _skeleton(each) not in repeated), len(before) + len(after))

    last = len(before) - 1 - past_edges(reversed(before))
    first = past_edges(after)
    if last < begun or first >= len(after) or not _is_unfinished(before[last], after[first]):
        return False
    before.append(before.pop(last))
    after.insert(0, after.pop(first))
    return True


def _is_unfinished(half: str, rest: str) -> bool:
    return len(half) >= LEAST_PROSE and rest[:1].islower() and UNFINISHED.search(half) is not None


def _mend_words(pages: Sequence[list[str]], goes_on: Sequence[bool]) -> None:
    """Make words whole that a page break splits, with the hyphen where they have it elsewhere too."""
    if not any(goes_on):
        return
    known = {word.lower() for page in pages for each in page for word in WORD.findall(each)}
    for (before, after), joined in zip(pairwise(pages), goes_on[1:], strict=True):
        split = SPLIT_WORD.search(before[-1]) if joined else None
        rest = FIRST_WORD.match(after[0]) if split else None
        if split and rest and rest.end() < len(after[0]):
            whole, hyphened = split[1] + rest[0], f"{split[1]}-{rest[0]}"
            if hyphened.lower() in known and whole.lower() not in known:
                whole = hyphened
            before[-1] = before[-1][: split.start()] + whole
            after[0] = after[0][rest.end() :].lstrip()


def join_pages(pages: Sequence[PageText]) -> str:
    """Return the pages as one body."""
    shown = [page for page in pages if page.body]
    return "".join(part for page in shown for part in (page.seam, page.body)).removeprefix(PARAGRAPHS)


def find_pages(pages: Sequence[PageText], text: str) -> Iterator[Page]:
    """Yield where each page lies in the plain text of the joined pages.

    Pages are counted from 1; one without text keeps its number and has no extent.
    """
    start = end = 0
    for number, page in enumerate(pages, start=1):
        # Undoing the escapes is a hundred times faster than parsing, and checked here.
        plain = ESCAPED.sub(r"\1", page.body)
        if plain and end:
            start = end + len(page.seam)
        length = len(plain if text.startswith(plain, start) else plain_text(page.body))
        end = start + length if length else end
        yield Page(page=number, start=start, end=start + length)
        start += length
