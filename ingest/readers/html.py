"""Saved web pages, those of SingleFile and of browsers' Save As among them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, BinaryIO

from ingest.archives import Zip
from ingest.charset import decode
from ingest.field_names import with_rights
from ingest.model import Field, Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

CHARSET = re.compile(rb"""(?i)<(?:meta\b[^>]*?charset|\?xml[^>]*?encoding)\s*=\s*["']?([\w.:-]+)""")
SAVED_FROM = re.compile(
    r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->|Page saved with SingleFile\s+url:\s*(\S+)"
    r"|<!-- Mirrored from (\S+) by HTTrack "
)
HEAD = 4096
# SingleFile also saves a page as a zip within a page that unpacks it.
ZIP_MEMBER, PAGE_IN_ZIP = b"PK\x03\x04", "index.html"
# HTTrack's own page above the sites that it copied.
OF_HTTRACK = re.compile(r"<!-- Created by HTTrack Website Copier")
LIST_OF_COPIES = "Index of locally available sites"
# What browsers, Pinboard and others export: titles and addresses, and nothing of the pages.
BOOKMARKS = re.compile(r"\ufeff?\s*<!DOCTYPE NETSCAPE-Bookmark-file-1>", re.IGNORECASE)
# In an export of Medium a draft is told by the name of its file, and every post by its class.
DRAFT = re.compile(r"(?:^|/)draft_[^/]*\.html$")
OF_MEDIUM = re.compile(r"<article\b[^>]{0,200}\bh-entry\b")
# What templates leave above a page: blanks, a mark of the order of bytes, comments, an XML declaration.
# Nothing here may match in two ways: the head of every file is tried against it.
PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:(?><\?xml[^>]*>|<!--.*?-->)\s*+)*+<(?:!doctype\s++html|html)\b",
    re.DOTALL | re.IGNORECASE,
)


def is_page(head: bytes) -> bool:
    """Tell a web page by its first element, whatever its name and whatever stands above it."""
    return PAGE.match(head) is not None


@reader(
    name="html",
    version="2",
    suffixes=(".html", ".htm", ".xhtml", ".shtml"),
    media_types=("text/html", "application/xhtml+xml"),
    recognise=is_page,
    broad=True,
    library="trafilatura, lxml, nh3, markdownify",
    keeps="main content with headings, lists, links, tables, code, quotations and images; metadata; text that"
    " is stated for machines or for readers without scripts, and not printed",
    loses="menus, comments, scripts, styles, forms, hidden hints and windows, offers laid over the text; a"
    " browser's list of bookmarks is listed as skipped",
)
def read_html(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the page as text; its main content and metadata are found when normalising.

    Of a draft that Medium exported an edition may show a catalogue entry alone.
    """
    data = source.read()
    if ZIP_MEMBER in data and PAGE_IN_ZIP.encode() in data:
        data = Zip(io.BytesIO(data)).read(PAGE_IN_ZIP)
    declared = CHARSET.search(data[:HEAD])
    charset = item.hint.charset or (declared[1].decode("ascii") if declared else None)
    content, problems = decode(data, charset)
    if OF_HTTRACK.search(content[:HEAD]) and LIST_OF_COPIES in content:
        yield Item(locator=item.locator, skip="HTTrack's list of the sites that it copied")
        return
    if BOOKMARKS.match(content):
        yield Item(locator=item.locator, skip="a list of bookmarks; save the pages themselves")
        return
    address = SAVED_FROM.search(content[:HEAD])
    url = item.hint.url or (address and (address[1] or address[2] or f"http://{address[3]}"))
    fields = (Field(name="url", value=url, origin="saved-from"),) if url else ()
    is_draft = bool(DRAFT.search(item.locator) and OF_MEDIUM.search(content))
    yield RawDocument(
        locator=item.locator,
        format="html",
        content=content,
        fields=with_rights(fields, "file name", is_draft=is_draft),
        problems=problems,
    )
