"""Splits a long text into parts, since no cell of the database should pass a megabyte."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.normalize.outline import read_outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.model import Article, Page

BLOCK = re.compile(r"\n{2,}")


def split_article(article: Article, most: int) -> Iterator[Article]:
    """Yield the article, or parts of it at most so many characters long, cut between blocks.

    A block longer than that is cut between words. Parts keep the title and all that was stated.
    """
    if len(article.body) <= most and len(article.text) <= most:
        yield article
        return
    bodies = list(_pack(article.body, most))
    start = 0
    for number, body in enumerate(bodies, start=1):
        text, blocks = read_outline(body)
        pages = tuple(_pages(article.pages, start, len(text)))
        part = replace(article, body=body, text=text, blocks=blocks, pages=pages)
        yield replace(part, part=number, parts=len(bodies))
        start += len(text) + 2


def _pack(body: str, most: int) -> Iterator[str]:
    """Yield runs of whole blocks that fit."""
    waiting: list[str] = []
    length = 0
    for block in BLOCK.split(body):
        for piece in _cut(block, most):
            if waiting and length + len(piece) > most:
                yield "\n\n".join(waiting)
                waiting, length = [], 0
            waiting.append(piece)
            length += len(piece) + 2
    if waiting:
        yield "\n\n".join(waiting)


def _cut(block: str, most: int) -> Iterator[str]:
    while len(block) > most:
        space = block.rfind(" ", most // 2, most)
        end = space if space > 0 else most
        yield block[:end]
        block = block[end:].lstrip()
    yield block


def _pages(pages: tuple[Page, ...], start: int, length: int) -> Iterator[Page]:
    """Yield the pages that lie in a part, counted from its start."""
    for page in pages:
        first, last = max(page.start - start, 0), min(page.end - start, length)
        if first < last:
            yield replace(page, start=first, end=last)
