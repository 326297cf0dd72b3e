"""Tells the page numbers, running heads and running feet of paged text from what the pages say.

A page number stands at the edge of its page, alone or beside a head, and counts on from page to
page. A head without one stands at the edge of several pages close to one another; the first such
line stays, since it may be the title or the heading itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ingest.calendars import MONTH_PATTERN
from ingest.normalize.pages import LEAST_PAGES, LONGEST_EDGE, edges_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.model import Article

LEAST_DENSITY = 0.4
HEAD = "running head or foot"
PAGE = r"(?:(?:page|p\.|seite|s\.|página|pág\.|pagina|strona)\s*)?"
ALONE = re.compile(
    rf"\W*{PAGE}(\d{{1,4}}|[ivxlc]{{1,8}})\W*(?:(?:of|von|de|di|sur)?\s*\d{{1,4}}\W*)?", re.IGNORECASE
)
BESIDE = re.compile(rf"\W*{PAGE}(\d{{1,4}})(?![\d.,])\s.*|.*\s{PAGE}(\d{{1,4}})\W*", re.IGNORECASE)
# What is counted in the text itself, as a heading or a caption says it.
NUMBERED = re.compile(
    r"(?:chapter|part|section|book|letter|lesson|unit|step|day|week|figure|table|question|slide|appendix|kapitel"
    r"|teil|tag|abschnitt|chapitre|partie|jour|capítulo|parte|día|capitolo|rozdział|hoofdstuk|глава)\s\d+\W*\Z"
    rf"|(?:{MONTH_PATTERN})\.?\s\d+\W*\Z",
    re.IGNORECASE,
)
YEARS = range(1800, 2100)
NUMBER = re.compile(r"\d+")
# A cell of a table such as `0.0%` is no head.
WORDS = re.compile(r"[^\W\d_]{2}")
ROMAN = re.compile(r"(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Edge(NamedTuple):
    """A short block at the top or the bottom of a page: its number, the page's, and its words.

    It is the `outermost` where nothing stands above or below it.
    """

    block: int
    page: int
    words: str
    outermost: bool


def find_page_furniture(article: Article) -> dict[int, str]:
    """Return the numbers of the blocks that belong to the paper, not the text, each with the reason."""
    if len(article.pages) < LEAST_PAGES:
        return {}
    edges = list(_edges(article))
    found = _counting(edges, len(article.pages))
    heads: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        if edge.block not in found and WORDS.search(edge.words):
            heads[edge.words.casefold()].append(edge)
    for standing in heads.values():
        if _is_regular({edge.page for edge in standing}):
            found |= dict.fromkeys((edge.block for edge in standing[1:]), HEAD)
    totals = Counter(found.values())
    return {block: f"{what}; {totals[what]} on {len(article.pages)} pages" for block, what in found.items()}


def _edges(article: Article) -> Iterator[Edge]:
    """Yield the short blocks at the edges of each page that holds other blocks too.

    A block that goes on over the break to the next page stands behind the page's own lower edge.
    """
    starts = [block.text_start for block in article.blocks]
    for page in article.pages:
        inside = range(bisect_left(starts, page.start), bisect_left(starts, page.end))
        shown = [number for number in inside if article.blocks[number].text_end > starts[number]]
        if len(shown) < 2:  # noqa: PLR2004 - nothing else is on it
            continue
        if article.blocks[shown[-1]].text_end > page.end:
            shown.pop()
        for number in edges_of(shown):
            words = " ".join(article.text[starts[number] : article.blocks[number].text_end].split())
            if len(words) <= LONGEST_EDGE:
                yield Edge(number, page.page, words, number in {shown[0], shown[-1]})


def _is_regular(pages: set[int]) -> bool:
    """Tell whether something stands on several pages and on most around, as on every other page."""
    return len(pages) >= max(LEAST_PAGES, LEAST_DENSITY * (max(pages) - min(pages) + 1))


def _counting(edges: Sequence[Edge], pages: int) -> dict[int, str]:
    """Return the blocks with a number that counts on with the pages, and what each of them is.

    Numbers beside words count only where they do on half of all pages, and once on a page. Some of the
    words stand on several pages, so that `1 Introduction` and `2 Methods` stay; so do years, but for
    those that a very long book has pages for.
    """
    alone: defaultdict[tuple[bool, int], list[Edge]] = defaultdict(list)
    beside: defaultdict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        if (match := ALONE.fullmatch(edge.words)) and (value := _value(match[1])):
            if value <= pages or value not in YEARS:
                alone[match[1].isdigit(), value - edge.page].append(edge)
        elif edge.outermost and not NUMBERED.match(edge.words) and (match := BESIDE.fullmatch(edge.words)):
            value = int(match[1] or match[2])
            if value <= pages or value not in YEARS:
                beside[value - edge.page].append(edge)
    numbers = [each for each in alone.values() if _is_regular({edge.page for edge in each})]
    found = {edge.block: "page number" for each in numbers for edge in each}
    taken = {edge.page for each in numbers for edge in each}
    for each in beside.values():
        heads = {edge.page: edge for edge in each if edge.page not in taken}
        words = {NUMBER.sub("", edge.words).casefold() for edge in heads.values()}
        if len(words) < len(heads) and len(heads) >= max(LEAST_PAGES, pages / 2):
            found |= dict.fromkeys((edge.block for edge in heads.values()), HEAD)
    return found


def _value(number: str) -> int:
    """Return what a number says, in Arabic or Roman numerals, and nothing for a word."""
    if number.isdigit() or not ROMAN.fullmatch(number):
        return int(number) if number.isdigit() else 0
    values = [VALUES[letter] for letter in number.lower()]
    return sum(-one if one < max(values[place:]) else one for place, one in enumerate(values))
