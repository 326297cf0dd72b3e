"""Web archives: WARC and ARC, compressed or not."""

from __future__ import annotations

import gzip
import io
import re
from contextlib import redirect_stderr
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.errors import ItemError
from ingest.model import Field, Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warcio.recordloader import ArcWarcRecord

PIECE = 65536
HARMLESS = re.compile(r"^Replacing spaces.*$", re.MULTILINE)
# What a proxy has changed, such as a library's, is a page as well.
SUCCESS = frozenset({"200", "203"})
PART = "206"
WHOLE = re.compile(r"bytes 0-(\d+)/(\d+)")
CONTINUATION = "continuation"
PASSED_OVER = {
    "revisit": "a revisit of a page that did not change",
    CONTINUATION: "the rest of a page kept in segments, which are not joined",
}
CONVERSION = "conversion"
ITEMS = frozenset({"response", "resource", CONVERSION, *PASSED_OVER})
NOTES = ("metadata:", "urn:", "dns:", "whois:")
FOR_ROBOTS = re.compile(r"https?://[^/]+/robots\.txt(?:\?.*)?")
# A feed is none, though it be JSON.
DATA = re.compile(r"(?:application|text)/(?!feed\+)(?:[\w.-]+\+|x-|nd|x-nd)?json")
HINT = "Its last records may be lost; get the archive again if you can."
# How a server may compress a page, which the library undoes only where another stands beside it.
BROTLI = "br"
COMPRESSED = frozenset({BROTLI, "zstd"})
TEXTS = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
READ_WHOLE = TEXTS | {"application/pdf"}
HEAD = 4096
NOT_OF_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@reader(
    name="warc",
    version="1",
    suffixes=(".warc", ".warc.gz", ".arc", ".arc.gz"),
    media_types=("application/warc",),
    magic=(b"WARC/", b"filedesc://"),
    streams=True,
    library="warcio",
    keeps="every page answered with success, its address and capture date",
    loses="requests; redirects, errors, revisits and parts of pages are listed as skipped",
)
def read_warc(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each captured response as an item of its own media type.

    Raises `ItemError` when the archive ends within a record, or has of pages only their beginning, after all
    that could be read.
    """
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415 - only for web archives

    try:
        yield from _records(item, source)
    except ArchiveLoadFailed as error:
        if "non-chunked" not in str(error):
            raise ItemError("damaged", f"{error}".strip().split("\n", 1)[0], hint=HINT) from error
        # One gzip stream over all records, against the standard: read it as one.
        source.seek(0)
        with gzip.open(source) as whole:
            yield from _records(item, cast("BinaryIO", whole))


def _records(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - only for web archives

    number, has_pages = 0, False
    begun: list[str] = []
    # The library says on stderr what it could not read, and goes on or ends as if all were well.
    said = io.StringIO()
    records = ArchiveIterator(source, arc2warc=True)
    while True:
        with redirect_stderr(said):
            record = next(records, None)
        if record is None:
            break
        number += record.rec_type in ITEMS
        has_pages = has_pages or record.rec_type in ITEMS - {CONVERSION}
        if record.rec_type in ITEMS:
            found = _item(item, record, number, has_pages=has_pages)
            if found.skip is None and found.hint.media_type in READ_WHOLE and _is_cut(record):
                begun.append(found.hint.url or "")
            yield found
        with redirect_stderr(said):
            while record.raw_stream.read(PIECE):
                pass
        if getattr(record.raw_stream, "limit", 0) > 0:
            raise ItemError("truncated", f"It ends within record {number}.", hint=HINT)
    if complaint := " ".join(HARMLESS.sub("", said.getvalue()).split()):
        raise ItemError("damaged", f"Not all of it could be read ({complaint[:300]}).", hint=HINT)
    if begun:
        pages = "one page" if len(begun) == 1 else f"{len(begun):,} pages"
        message = f"Of {pages} it has the beginning alone ({', '.join(begun)[:300]})."
        raise ItemError("cut", message, hint="Capture them again, with a higher limit, if you need the rest.")


def _is_cut(record: ArcWarcRecord) -> bool:
    """Tell a page of which the program that made the archive kept the beginning, or in segments."""
    headers = record.rec_headers
    return bool(headers.get_header("WARC-Truncated") or headers.get_header("WARC-Segment-Number"))


def _item(item: Item, record: ArcWarcRecord, number: int, *, has_pages: bool) -> Item:
    url = record.rec_headers.get_header("WARC-Target-URI") or f"record-{number}"
    captured = record.rec_headers.get_header("WARC-Date") or ""
    locator = f"{item.locator}!/{number}/{url}"
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if record.rec_type in PASSED_OVER:
        return Item(locator=locator, skip=PASSED_OVER[record.rec_type])
    if record.rec_type == CONVERSION and has_pages:
        return Item(locator=locator, skip="another form of what the archive holds")
    if url.startswith(NOTES):
        return Item(locator=locator, skip="a note of the program that made the archive")
    if status not in SUCCESS and not (status == PART and _is_whole(record)):
        what = "a part of a page" if status == PART else "not a page"
        return Item(locator=locator, skip=f"{what}: the server answered {status}")
    headers = record.http_headers or record.rec_headers
    kind, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    if record.rec_type == "response" and DATA.fullmatch(kind.strip().lower()):
        return Item(locator=locator, skip="data that a page loaded for itself")
    if FOR_ROBOTS.fullmatch(url):
        return Item(locator=locator, skip="not a page: it tells robots what they may read")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'") or None
    hint = replace(
        item.hint,
        media_type=kind.strip().lower() or None,
        charset=charset,
        url=url,
        fields=(*item.hint.fields, Field(name="captured", value=captured, origin="warc header")),
    )
    coding = (headers.get_header("Content-Encoding") or "").strip().lower()
    if hint.media_type in TEXTS and coding in COMPRESSED:
        return Item(locator=locator, opener=partial(_open_compressed, record, coding), hint=hint)
    return Item(locator=locator, opener=record.content_stream, hint=hint)


def _is_whole(record: ArcWarcRecord) -> bool:
    """Tell that a part which was asked for is all there is."""
    stated = WHOLE.fullmatch(record.http_headers.get_header("Content-Range") or "")
    return stated is not None and int(stated[1]) + 1 == int(stated[2])


def _open_compressed(record: ArcWarcRecord, coding: str) -> BinaryIO:
    """Return the content of a record; raises `ItemError` where the library leaves it compressed."""
    content = cast("BinaryIO", record.content_stream())
    # Some programs keep the header of what they have decompressed.
    head = content.read(HEAD)
    if NOT_OF_TEXT.search(head):
        hint = "Make the archive again with a program that decompresses pages."
        if coding == BROTLI:
            hint = "Install the package brotli beside Reading Room (pip install brotli), then run again."
        raise ItemError(
            "compressed", f"Its server compressed it in a way not read here ({coding}).", hint=hint
        )
    return cast("BinaryIO", _Rest(head, content))


class _Rest:
    """A file whose beginning was read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int) -> bytes:
        """Return up to `size` further bytes; none at the end."""
        head, self._head = self._head[:size], self._head[size:]
        return head or self._rest.read(size)
