"""Notes exported from Evernote (ENEX): an article for every note, and what is attached to it."""

from __future__ import annotations

import binascii
import re
from collections import Counter
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from ingest.archives import stream_xml
from ingest.errors import ItemError
from ingest.model import Field, Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

MEANINGS = {
    "title": "title",
    "created": "published",
    "updated": "modified",
    "tag": "tag",
    "author": "author",
    "source-url": "url",
    "reminder-time": "reminder",
    "latitude": "latitude",
    "longitude": "longitude",
}
# The root element, whatever stands before it; a page or feed may quote one further on.
OPENING = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s++|<\?[^>]*+>|<!--.*?-->|<![^-][^>]*+>)*+<en-export[\s>]", re.DOTALL
)
ENCRYPTED = re.compile(r"<en-crypt\b[^>]*+>[^<]*+</en-crypt>")
# What the program calls a note that nobody gave a title.
UNTITLED = re.compile(r"Untitled(?: Note)?")
HINT = "Export the notes again (Export in Evernote, format ENEX)."


@reader(
    name="enex",
    version="1",
    suffixes=(".enex",),
    media_types=("application/enex+xml",),
    recognise=lambda head: OPENING.match(head) is not None,
    streams=True,
    library="lxml",
    keeps="each note: title, when it was made, author, address, keywords, text; attachments become items",
    loses="where a picture or a task stood within the text, what is encrypted",
)
def read_enex(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each note, named by when it was made, then each attachment of it.

    A note bears no number of its own, and its place changes when another is exported before it.
    """
    times: Counter[str] = Counter()
    for note in stream_xml(source, ("note",), HINT):
        made = (note.findtext("created") or "").strip() or "note"
        times[made] += 1
        name = made if times[made] == 1 else f"{made}-{times[made]}"
        yield from _note(item, note, f"{item.locator}#{name}")
        note.clear()
        while note.getprevious() is not None:
            del note.getparent()[0]
    if not times:
        raise ItemError("no-notes", "There is no note in it.", hint=HINT)


def _note(item: Item, note: _Element, locator: str) -> Iterator[RawDocument | Item]:
    attributes = note.find("note-attributes")
    stated = [*note, *(attributes if attributes is not None else ())]
    yield RawDocument(
        locator=locator,
        format="document",
        content=ENCRYPTED.sub("", note.findtext("content") or "") + _tasks(note),
        fields=tuple(
            Field(name=MEANINGS[child.tag], value=child.text.strip(), origin="evernote")
            for child in stated
            if child.tag in MEANINGS and child.text and child.text.strip()
            if child.tag != "title" or not UNTITLED.fullmatch(child.text.strip())
        ),
    )
    for number, resource in enumerate(note.iter("resource"), start=1):
        yield _attachment(item, resource, locator, number)


def _tasks(note: _Element) -> str:
    """Return what is to be done, which stands beside the text of a note."""
    tasks = (task.findtext("title") or "" for task in note.iterfind("task"))
    items = "".join(f"<li>{escape(task)}</li>" for task in tasks if task.strip())
    return f"<ul>{items}</ul>" if items else ""


def _attachment(item: Item, resource: _Element, locator: str, number: int) -> Item:
    """Return a file attached to a note, named as the note's maker did."""
    stated = (resource.findtext("resource-attributes/file-name") or "").strip().replace("/", "-")
    place = f"{locator}!/{f'{number}-{stated}' if stated else f'part-{number}'}"
    try:
        data = binascii.a2b_base64(resource.findtext("data") or "")
    except ValueError:
        return Item(locator=place, skip="an attachment whose data is damaged")
    media_type = (resource.findtext("mime") or "").strip() or None
    hint = replace(item.hint, media_type=media_type, charset=None, url=None)
    return Item(locator=place, data=data, hint=hint)
