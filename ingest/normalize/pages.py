"""Paged text, such as a PDF's: one body, and where each page lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.model import Page
from ingest.normalize.markdown import escape, plain_text
from ingest.normalize.plain import read_plain, split_paragraphs

if TYPE_CHECKING:
    from ingest.model import Field

PAGE_BREAK = "\f"


def read_paged(content: str) -> tuple[str, tuple[Field, ...], tuple[Page, ...]]:
    """Return the Markdown of paged text, the fields stated above it, and the pages' offsets.

    Pages are counted from 1 and those without text keep their number. Only the first page may
    open with a headline.
    """
    first, *others = content.split(PAGE_BREAK)
    opening, fields = read_plain(first)
    bodies = [opening, *("\n\n".join(map(escape, split_paragraphs(page))) for page in others)]
    pages = []
    start = 0
    for number, body in enumerate(bodies, start=1):
        length = len(plain_text(body))
        pages.append(Page(page=number, start=start, end=start + length))
        start += length + 2 if length else 0
    return "\n\n".join(filter(None, bodies)), fields, tuple(pages)
