"""Takes blocks out of an article: body, text and every offset stay in step, and nothing is lost."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from ingest.model import Facts, Mention, Removed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ingest.model import Article, Block, Entry, Quote, TimeExpression

Span = tuple[int, int]
BELOW_HEADINGS = 7
MARKS = re.compile(r"[ \t]*(#{1,6})(?!\S)")


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """A block to remove, with the rules that set it off."""

    first: int
    last: int
    reason: str


def cut_blocks(entry: Entry, reasons: Mapping[int, str]) -> Entry:
    """Return an entry without the blocks whose numbers are given with the reason.

    A rule above a removed block goes with it. Blocks stay where cutting them would change what
    the rest of the Markdown says, and if nothing else would be left; headings do where anything
    that they head stays. Facts about removed text go, the offsets of the others are shifted.
    Blocks are not kept: an article is cut once.
    """
    article = entry.article
    units = _safe(article, _units(article.blocks, _without_headings(article, reasons)))
    within = {number for unit in units for number in range(unit.first, unit.last + 1)}
    if not units or not any(
        article.text[block.text_start : block.text_end].strip()
        for number, block in enumerate(article.blocks)
        if number not in within
    ):
        return entry
    owners = {n: index for index, unit in enumerate(units) for n in range(unit.first, unit.last + 1)}
    numbered = list(enumerate(article.blocks))
    in_body = _spans([(b.start, b.end, owners.get(n)) for n, b in numbered], len(article.body))
    shown = [(b.text_start, b.text_end, owners.get(n)) for n, b in numbered if b.text_end > b.text_start]
    in_text = _without_edges(_spans(shown, len(article.text)), article.text)
    removed = tuple(
        Removed(
            position=in_text[index][0],
            text=article.text[slice(*in_text[index])],
            body_position=in_body[index][0],
            body=article.body[slice(*in_body[index])],
            reason=unit.reason,
        )
        for index, unit in enumerate(units)
    )
    body, text = _without(article.body, in_body), _without(article.text, in_text)
    move = _mover(in_text)
    pages = tuple(replace(p, start=move(p.start), end=move(p.end)) for p in article.pages)
    cut = replace(article, body=body, text=text, pages=pages, blocks=())
    return replace(entry, article=cut, facts=_facts(entry.facts, in_text, move), removed=removed)


def restore(kept: str, removed: Sequence[tuple[int, str]]) -> str:
    """Return the original of which these slices, by position, were removed."""
    for position, piece in removed:
        kept = kept[:position] + piece + kept[position:]
    return kept


def _without_headings(article: Article, reasons: Mapping[int, str]) -> dict[int, str]:
    """Return the reasons without those of headings above something that is not removed."""
    left = dict(reasons)
    stays = [False] * BELOW_HEADINGS  # whether anything would stay below a heading of each level here
    for number in range(len(article.blocks) - 1, -1, -1):
        block = article.blocks[number]
        level = _level(article.body, block)
        if level < BELOW_HEADINGS and stays[level]:
            left.pop(number, None)
        is_kept = number not in left and block.text_end > block.text_start
        stays = [each or is_kept for each in stays[:level]] + [False] * (BELOW_HEADINGS - level)
    return left


def _level(body: str, block: Block) -> int:
    if block.kind != "heading":
        return BELOW_HEADINGS
    if marks := MARKS.match(body, block.start, block.end):
        return len(marks[1])
    return 1 if body[block.end - 1] == "=" else 2


def _units(blocks: Sequence[Block], reasons: Mapping[int, str]) -> list[_Unit]:
    units: list[_Unit] = []
    before = -1
    for number in sorted(reasons):
        if blocks[number].text_end == blocks[number].text_start:
            continue
        first = number
        while first - 1 > before and blocks[first - 1].kind == "rule":
            first -= 1
        units.append(_Unit(first=first, last=number, reason=reasons[number]))
        before = number
    if units and all(block.kind == "rule" for block in blocks[before + 1 :]):
        units[-1] = replace(units[-1], last=len(blocks) - 1)
    return units


def _safe(article: Article, units: Sequence[_Unit]) -> list[_Unit]:
    """Return the units of those runs whose removal leaves their neighbours what they are."""
    runs: list[list[_Unit]] = []
    for unit in units:
        if runs and runs[-1][-1].last + 1 == unit.first:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return [unit for run in runs if _is_safe(article, run[0].first - 1, run[-1].last + 1) for unit in run]


def _is_safe(article: Article, before: int, after: int) -> bool:
    """Tell whether two blocks stay themselves when they come to stand next to each other."""
    blocks, body = article.blocks, article.body
    if before < 0 or after >= len(blocks):
        return True
    one, other = blocks[before], blocks[after]
    if body.count("\n", one.end, blocks[before + 1].start) < 2:  # noqa: PLR2004 - an empty line
        return False
    indented = body[other.start : other.start + 1].isspace()
    return one.kind != "list" or not (other.kind == "list" or indented)


def _spans(places: Sequence[tuple[int, int, int | None]], length: int) -> dict[int, Span]:
    """Return from where to where each unit is cut out, with the break beside it.

    That is the break after it, and at the end the one before it. `places` are the blocks'
    extents, each with the number of its unit, or None for what is kept.
    """
    last_kept = max((n for n, place in enumerate(places) if place[2] is None), default=-1)
    spans: dict[int, Span] = {}
    for number, (start, end, unit) in enumerate(places):
        if unit is None:
            continue
        if number > last_kept:
            low = places[number - 1][1] if number else 0
            high = end if number + 1 < len(places) else length
        else:
            low, high = (start if number else 0), places[number + 1][0]
        spans[unit] = (min(low, spans.get(unit, (low, high))[0]), high)
    return spans


def _without_edges(spans: dict[int, Span], text: str) -> dict[int, Span]:
    """Return the spans, with those at the text's edges taking the blanks there and between them along."""
    spans = dict(spans)
    edge, last = 0, None
    for unit, (start, end) in sorted(spans.items(), key=lambda each: each[1]):
        if text[edge:start].strip():
            break
        spans[unit] = (edge, end)
        edge, last = end, unit
    if last is not None:
        rest = text[edge:]
        spans[last] = (spans[last][0], edge + len(rest) - len(rest.lstrip()))
    edge, last = len(text), None
    for unit, (start, end) in sorted(spans.items(), key=lambda each: each[1], reverse=True):
        if text[end:edge].strip():
            break
        spans[unit] = (start, edge)
        edge, last = start, unit
    if last is not None:
        spans[last] = (len(text[:edge].rstrip()), spans[last][1])
    return spans


def _without(text: str, spans: Mapping[int, Span]) -> str:
    pieces = []
    cursor = 0
    for start, end in sorted(spans.values()):
        pieces.append(text[cursor:start])
        cursor = end
    return "".join([*pieces, text[cursor:]])


def _mover(spans: Mapping[int, Span]) -> Callable[[int], int]:
    """Return the function from offsets in the original to those in what is kept."""
    ordered = sorted(spans.values())
    starts = [start for start, _ in ordered]
    gone = [0, *accumulate(end - start for start, end in ordered)]

    def move(offset: int) -> int:
        number = bisect_right(starts, offset)
        beyond = max(0, ordered[number - 1][1] - offset) if number else 0
        return offset - gone[number] + beyond

    return move


def _facts(facts: Facts, spans: Mapping[int, Span], move: Callable[[int], int]) -> Facts:
    ordered = sorted(spans.values())
    ends = [end for _, end in ordered]

    def is_kept(fact: Mention | Quote | TimeExpression) -> bool:
        number = bisect_right(ends, fact.start)
        return number == len(ordered) or fact.end <= ordered[number][0]

    mentions = tuple(
        replace(each, start=move(each.start), end=move(each.end))
        for each in _renamed(
            [each for each in facts.mentions if is_kept(each)],
            {each.surface for each in facts.mentions if not is_kept(each)},
        )
    )
    named = {each.start for each in facts.mentions if is_kept(each)}

    def moved(quote: Quote) -> Quote:
        speaker = move(quote.speaker_start) if quote.speaker_start in named else None
        return replace(quote, start=move(quote.start), end=move(quote.end), speaker_start=speaker)

    return replace(
        facts,
        mentions=mentions,
        quotes=tuple(moved(each) for each in facts.quotes if is_kept(each)),
        dates=tuple(replace(d, start=move(d.start), end=move(d.end)) for d in facts.dates if is_kept(d)),
    )


def _renamed(kept: Sequence[Mention], gone: set[str]) -> Iterator[Mention]:
    """Yield the mentions; one named by a form that only removed text has gets the longest left."""
    surfaces: dict[str, set[str]] = defaultdict(set)
    for mention in kept:
        surfaces[mention.name].add(mention.surface)
    for mention in kept:
        forms = surfaces[mention.name]
        if mention.name in gone and mention.name not in forms:
            yield replace(mention, name=max(forms, key=lambda form: (len(form), form)))
        else:
            yield mention
