"""Finds the blocks of a page, or any of its texts, again in a text that was taken from the page."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from ingest.normalize.blocks import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.normalize.blocks import Block

WORD = re.compile(r"\w+")
LEAST_ANCHOR = 40
NEAR = 60
GRAM = 4
PIECE, MOST_PIECES = 24, 50


def find_blocks(blocks: Sequence[Block], text: str) -> list[bool]:
    """Tell for each block whether the text holds it, in the same order as the page.

    Long blocks found in order are anchors; shorter ones count only where they stand between the
    same anchors in both. A block of which the text holds most word sequences counts too, for
    texts that dropped a footnote mark or a link.
    """
    whole = letters(text)
    found = [False] * len(blocks)
    anchors = _anchors(blocks, whole)
    position, start = 0, 0
    for index, at in [*anchors, (len(blocks), len(whole))]:
        _fill_gap(blocks, found, range(start, index), whole[position:at])
        if index < len(blocks):
            found[index] = True
            start, position = index + 1, at + blocks[index].length
    _find_rest(blocks, found, text)
    return found


def holds_most(held: str, key: str) -> bool:
    """Tell whether the letters of a text hold, in any order, most of those of another."""
    return 2 * share_held(held, key) >= 1


def share_held(held: str, key: str) -> float:
    """Return how much of the letters of a text those of another hold, in any order, judged by samples."""
    last = max(1, len(key) - PIECE + 1)
    starts = range(0, last, max(PIECE, last // MOST_PIECES))
    return sum(key[at : at + PIECE] in held for at in starts) / len(starts)


def _anchors(blocks: Sequence[Block], whole: str) -> list[tuple[int, int]]:
    """Return the longest chain of long blocks that stand in the text in page order."""
    places = [
        (index, at)
        for index, block in enumerate(blocks)
        if block.length >= LEAST_ANCHOR and (at := whole.find(block.key)) >= 0
    ]
    ends: list[int] = []  # smallest last position of a chain of each length
    tails: list[int] = []
    before: list[int] = []
    for number, (_, at) in enumerate(places):
        length = bisect_left(ends, at)
        before.append(tails[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        tails[length : length + 1] = [number]
    chain = []
    number = tails[-1] if tails else -1
    while number >= 0:
        chain.append(places[number])
        number = before[number]
    return chain[::-1]


def _fill_gap(blocks: Sequence[Block], found: list[bool], span: range, gap: str) -> None:
    position = 0
    for index in span:
        block = blocks[index]
        at = gap.find(block.key, position)
        if at >= 0 and at - position <= NEAR + block.length:
            found[index] = True
            position = at + block.length


def _find_rest(blocks: Sequence[Block], found: list[bool], text: str) -> None:
    grams = set(_grams(text))
    for index, block in enumerate(blocks):
        if found[index]:
            grams.difference_update(_grams(block.text))
    for index, block in enumerate(blocks):
        if found[index] or block.length < LEAST_ANCHOR:
            continue
        own = _grams(block.text)
        found[index] = sum(each in grams for each in own) >= max(1, len(own) / 2)


def _grams(text: str) -> list[tuple[str, ...]]:
    words = WORD.findall(text.lower())
    return list(zip(*(words[i:] for i in range(GRAM)), strict=False))
