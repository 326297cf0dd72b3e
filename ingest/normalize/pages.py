"""Paged text, such as a PDF's: one body, and where each page lies in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.model import Page
from ingest.normalize.markdown import plain_text
from ingest.normalize.plain import read_plain, write_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.model import Field

PAGE_BREAK = "\f"
ESCAPED = re.compile(r"\\([^\w\s])")


def read_paged(content: str) -> tuple[list[str], tuple[Field, ...]]:
    """Return the Markdown of each page of paged text, and the fields stated at its top.

    All words stay where they are, headline included, so that a page of the text is the page of
    the original.
    """
    pages = content.split(PAGE_BREAK)
    return list(map(write_paragraphs, pages)), read_plain(pages[0])[1]


def join_pages(bodies: Sequence[str]) -> str:
    """Return the pages as one body."""
    return "\n\n".join(filter(None, bodies))


def find_pages(bodies: Sequence[str], text: str) -> Iterator[Page]:
    """Yield where each page lies in the plain text of the joined pages.

    Pages are counted from 1; one without text keeps its number and has no extent.
    """
    start = 0
    for number, body in enumerate(bodies, start=1):
        # Undoing the escapes is a hundred times faster than parsing, and checked here.
        plain = ESCAPED.sub(r"\1", body)
        length = len(plain if text.startswith(plain, start) else plain_text(body))
        yield Page(page=number, start=start, end=start + length)
        start += length + 2 if length else 0
