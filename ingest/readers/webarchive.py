"""Web pages saved whole by Safari (`.webarchive`): a property list of the page and what it showed."""

from __future__ import annotations

import plistlib
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers.expat import ExpatError

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIN = "WebMainResource"
PAGES = ("text/html", "application/xhtml+xml")
HINT = "Save the page again."


@reader(
    name="webarchive",
    version="1",
    suffixes=(".webarchive",),
    media_types=("application/x-webarchive",),
    recognise=lambda head: head.startswith(b"bplist00") and MAIN.encode() in head,
    keeps="the page, its address",
    loses="images, styles and frames saved with it",
)
def read_webarchive(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the page that was saved, or whatever else the browser showed, by its media type."""
    try:
        held = plistlib.load(source)
    except (ValueError, ExpatError, RecursionError, LookupError, AttributeError, TypeError) as error:
        # What the library makes of damage depends on where it is.
        raise ItemError("damaged", f"It cannot be read ({error}).", hint=HINT) from error
    main = held.get(MAIN) if isinstance(held, dict) else None
    data = main.get("WebResourceData") if isinstance(main, dict) else None
    if not isinstance(main, dict) or not isinstance(data, bytes):
        raise ItemError("no-page", "There is no page in it.", hint=HINT)
    media_type, charset, url = (
        stated if isinstance(stated := main.get(f"WebResource{name}"), str) else None
        for name in ("MIMEType", "TextEncodingName", "URL")
    )
    name = "page.html" if (media_type or PAGES[0]) in PAGES else "page"
    hint = replace(item.hint, media_type=media_type or PAGES[0], charset=charset, url=url)
    yield Item(locator=f"{item.locator}!/{name}", data=data, hint=hint)
