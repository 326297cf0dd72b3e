"""Completes what was found of an article: lists, entries like others, captions, notes, corrections.

Each is short, or stands apart, and so is often taken for what surrounds articles.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.normalize.blocks import HEADINGS, LEAST_PROSE, MOST_LINKED
from ingest.normalize.note_links import NOTE
from ingest.normalize.surroundings import is_around, is_within, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from ingest.normalize.blocks import Block

LEAST_ALIKE = 2
ABOVE = 6
LEAST_TIMES, LONGEST_TIME = 3, 40
OF_NOTES = ("li", "p", "dd", "tr", "aside", "div")
MOST_IN_NOTE = 40
STANDFIRST = re.compile(
    r"(?i)(?:^|[\s_-])(?:standfirst|dek|deck|sub-?title|sub-?head(?:line|ing)?|lede?|lead|intro|summary)(?:$|[\s_-])"
)
SIGNED = re.compile(r"(?i)author|byline|signature|signed|writer|sender")
CORRECTION = re.compile(
    r"(?i)(?:corrections?|clarifications?|corrigend(?:um|a)|erratum|editor[’']?s[’']? note)\b\W"
    r"|(?:this|an earlier version of this) (?:article|story|report|page|piece|post|column)\b.{0,40}?"
    r"\b(?:amended|corrected|updated|clarified|revised|misstated|gave|said|stated)\b"
)
ENTRY_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?", re.IGNORECASE)


def complete(blocks: Sequence[Block], whole: HtmlElement) -> None:
    """Keep what belongs to the blocks that are kept; `whole` holds nearly all of those."""
    _keep_standfirst(blocks)
    _keep_lists(blocks, whole)
    _keep_terms(blocks)
    _keep_entries(blocks, whole)
    _keep_times(blocks, whole)
    _keep_signatures(blocks)
    _keep_captions(blocks, whole)
    _keep_corrections(blocks)
    _keep_notes(blocks)


def _keep_standfirst(blocks: Sequence[Block]) -> None:
    """Keep what stands between headline and text and is named as what introduces it."""
    texts = (index for index, block in enumerate(blocks) if block.kept and block.element.tag != "h1")
    first = next(texts, 0)
    above = blocks[max(0, first - ABOVE) : first]
    headline = next((index for index, block in enumerate(above) if block.element.tag == "h1"), len(above))
    for block in above[headline + 1 :]:
        named = f"{block.element.get('class') or ''} {block.element.getparent().get('class') or ''}"
        block.kept = block.kept or (block.linked <= MOST_LINKED and STANDFIRST.search(named) is not None)


def _keep_lists(blocks: Sequence[Block], whole: HtmlElement) -> None:
    """Keep all points of a list of which one is kept, or that follows on the text; not of one of links."""
    of_element = {block.element: block for block in blocks}
    lists: dict[HtmlElement, list[Block]] = {}
    for block in blocks:
        point = block.element if block.element.tag == "li" else block.element.getparent()
        # What holds more than points and their paragraphs is a list of posts or teasers.
        if point is not None and point.tag == "li":
            lists.setdefault(point.getparent(), []).append(block)
    for holder, points in lists.items():
        before = _last_block(holder.getprevious(), of_element)
        is_headed = before is not None and before.element.tag in HEADINGS
        follows = before is not None and (before.kept or is_headed)
        is_wanted = any(point.kept for point in points) or (follows and is_within(holder, {whole}))
        if is_wanted and _linked(points) <= MOST_LINKED and not is_around(holder):
            for point in points:
                point.kept = True
            if before is not None and is_headed:
                before.kept = True


def _keep_terms(blocks: Sequence[Block]) -> None:
    """Keep the terms of which the meaning is kept."""
    for block, following in reversed(list(pairwise(blocks))):
        if block.element.tag != "dt" or block.linked > MOST_LINKED or not following.kept:
            continue
        meaning = next((each for each in _near(following.element) if each.tag in {"dt", "dd"}), None)
        if meaning is not None and meaning.getparent() is block.element.getparent():
            block.kept = True


def _last_block(element: HtmlElement | None, of_element: dict[HtmlElement, Block]) -> Block | None:
    """Return the block that an element is, or the last within a quotation or a list."""
    if element is None or element.tag not in ("blockquote", "ul", "ol", "dl"):
        return of_element.get(element)
    return next((of_element[each] for each in reversed(list(element.iter())) if each in of_element), None)


def _linked(blocks: Sequence[Block]) -> float:
    return sum(block.linked * block.length for block in blocks) / sum(block.length for block in blocks)


def _keep_entries(blocks: Sequence[Block], whole: HtmlElement) -> None:
    """Keep what is built like several kept blocks, such as the short ones among many posts."""
    kept = Counter(pattern(block.element) for block in blocks if block.kept)
    keys = {block.key for block in blocks if block.kept and block.length >= LEAST_PROSE}
    for block in blocks:
        built = pattern(block.element)
        is_like = kept[built] >= LEAST_ALIKE and any(named for _, named in built)
        is_text = block.element.tag == "li" or (block.element.tag == "p" and block.linked <= MOST_LINKED)
        if is_like and is_text and not block.kept and block.key not in keys:
            block.kept = is_within(block.element, {whole})
            keys.update([block.key] if block.kept and block.length >= LEAST_PROSE else ())


def _keep_times(blocks: Sequence[Block], whole: HtmlElement) -> None:
    """Keep the times of day at which several entries were made, such as those of a live page."""
    short = [block for block in blocks if len(block.text) <= LONGEST_TIME]
    times = [block for block in short if ENTRY_TIME.fullmatch(block.text.strip())]
    if len(times) >= LEAST_TIMES:
        for block in times:
            block.kept = block.kept or any(each is whole for each in block.element.iterancestors())


def _keep_signatures(blocks: Sequence[Block]) -> None:
    """Keep the names under several pieces on one page, such as letters to the editor."""
    kept = {block.element for block in blocks if block.kept}
    signed: dict[tuple[HtmlElement, str], list[Block]] = {}
    for block in blocks:
        before = block.element.getprevious()
        if block.element.tag == "p" and not block.kept and before in kept and before.tag == "p":
            signed.setdefault((block.element.getparent(), block.element.get("class") or ""), []).append(block)
    for (_, named), signatures in signed.items():
        if named and len(signatures) >= LEAST_ALIKE and SIGNED.search(named):
            for block in signatures:
                block.kept = block.linked <= MOST_LINKED


def _keep_captions(blocks: Sequence[Block], whole: HtmlElement) -> None:
    """Keep captions between kept blocks of what has no picture: films, maps, tables."""
    kept = [index for index, block in enumerate(blocks) if block.kept]
    drawn: dict[HtmlElement, bool] = {}
    for block in blocks[kept[0] : kept[-1]]:
        caption = next((each for each in _near(block.element) if each.tag == "figcaption"), None)
        figure = None if caption is None else next(caption.iterancestors("figure"), None)
        if figure is not None and not block.kept and block.linked <= MOST_LINKED:
            if figure not in drawn:
                drawn[figure] = figure.find(".//img") is not None
            block.kept = not drawn[figure] and is_within(figure, {whole})


def _near(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _keep_corrections(blocks: Sequence[Block]) -> None:
    """Keep a note of what was corrected, wherever in the article's own element it stands."""
    holders = {holder for block in blocks if block.kept for holder in _articles(block)}
    for block in blocks:
        if block.element.tag not in HEADINGS and block.linked <= MOST_LINKED and not block.kept:
            is_correction = CORRECTION.match(block.text.lstrip()) is not None
            block.kept = is_correction and not holders.isdisjoint(_articles(block))


def _articles(block: Block) -> Iterator[HtmlElement]:
    yield from block.element.iterancestors("article", "main")


def _keep_notes(blocks: Sequence[Block]) -> None:
    """Keep the notes to which marks in the text lead, and the heading right above them."""
    named: dict[str, HtmlElement] = {}
    for element in blocks[0].element.getroottree().iter("*"):
        for name in filter(None, (element.get("id"), element.get("name"))):
            named.setdefault(name, element)
    of_element = {block.element: index for index, block in enumerate(blocks)}
    for link in [link for block in blocks if block.kept for link in block.element.iter("a")]:
        place = named.get(unquote((link.get("href") or "").rpartition("#")[2]))
        if place is None or not NOTE.fullmatch(link.text_content().strip(" []()\n")):
            continue
        holder = next((each for each in (place, *place.iterancestors()) if each.tag in OF_NOTES), place)
        within = islice(holder.iter(), MOST_IN_NOTE) if not is_around(holder) else ()
        for index in [of_element[each] for each in within if each in of_element]:
            blocks[index].kept = True
            if index and blocks[index - 1].element.tag in HEADINGS:
                blocks[index - 1].kept = True
