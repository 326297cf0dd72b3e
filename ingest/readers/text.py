"""Plain text, pasted or typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
from ingest.field_names import with_rights
from ingest.labels import divide_labelled, read_labels
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a site tells programs, and what programs that copy sites write beside the pages: a name and a line.
BEGINNING = 4096
FOR_PROGRAMS = (
    (
        re.compile(r"robots\.txt"),
        re.compile(r"^(?:user-agent|sitemap|disallow|allow):", re.IGNORECASE | re.MULTILINE),
        "not a page: it tells robots what they may read",
    ),
    (
        re.compile(r"(?:app-)?ads\.txt"),
        re.compile(r"^[\w.-]{1,100}, ?[^,\n]{1,100}, ?(?:DIRECT|RESELLER)\b", re.IGNORECASE | re.MULTILINE),
        "not a page: it tells who may sell a site's advertisements",
    ),
    (
        re.compile(r"hts-log\.txt"),
        re.compile(r"HTTrack"),
        "a note of HTTrack on the copy of a site",
    ),
    (
        re.compile(r"wget-?log.*"),
        re.compile(r"^--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--  ?\w+://", re.MULTILINE),
        "a note of Wget on what it fetched",
    ),
)
NOTES_OF_HTTRACK = "/hts-cache/"


@reader(
    name="text",
    version="2",
    suffixes=(".txt", ".text", ".asc", ""),
    media_types=("text/plain",),
    keeps="paragraphs; a headline, by-line and date at the top, or lines such as `Title: …`, each time they"
    " stand above an article",
    loses="what a site tells robots, and notes of HTTrack and Wget, are listed as skipped",
)
def read_text(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the document that a text file is, or each of several under labelled lines of its own.

    Of one that calls itself a draft an entry may be shown.
    """
    content, problems = decode(source.read(), item.hint.charset)
    if reason := _why_no_article(item.locator, content):
        yield Item(locator=item.locator, skip=reason)
        return
    parts = divide_labelled(content)
    for number, part in enumerate(parts, start=1):
        labels, text = read_labels(part)
        yield RawDocument(
            locator=item.locator if len(parts) == 1 else f"{item.locator}#{number}",
            format="text",
            content=text,
            fields=with_rights(labels, "front-matter"),
            problems=problems,
        )


def _why_no_article(locator: str, content: str) -> str | None:
    """Return why a text was written by or for a program; None for any other."""
    if NOTES_OF_HTTRACK in f"/{locator}":
        return "a note of HTTrack on the copy of a site"
    name, beginning = locator.rpartition("/")[2], content[:BEGINNING]
    return next(
        (reason for named, line, reason in FOR_PROGRAMS if named.fullmatch(name) and line.search(beginning)),
        None,
    )
