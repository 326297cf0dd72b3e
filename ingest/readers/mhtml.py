"""Web pages saved whole as MHTML."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_binary_file, policy
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator


@reader(
    name="mhtml",
    version="1",
    suffixes=(".mhtml", ".mht"),
    media_types=("multipart/related", "application/x-mimearchive"),
    recognise=lambda head: b"\nSnapshot-Content-Location:" in head or head.startswith(b"From: <Saved by"),
    keeps="the page, its address",
    loses="images and styles saved with it",
)
def read_mhtml(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the page that was saved, as a web page; what it was saved with is passed over."""
    message = message_from_binary_file(source, policy=policy.compat32)
    address = message.get("Snapshot-Content-Location")
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() in {"text/html", "application/xhtml+xml"} and isinstance(payload, bytes):
            url = str(address or part.get("Content-Location") or "") or None
            charset = part.get_content_charset()
            hint = replace(item.hint, media_type="text/html", charset=charset, url=url)
            yield Item(locator=f"{item.locator}!/page.html", data=payload, hint=hint)
            return
    raise ItemError("no-page", "There is no page in it.", hint="Save the page again.")
