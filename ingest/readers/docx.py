"""Word documents (.docx), as Word, Google Docs and other word processors write them."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any, BinaryIO

from ingest.archives import Zip
from ingest.errors import ItemError
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
CORE = "docProps/core.xml"
BODY = "word/document.xml"
PROPERTIES = {
    "title": "title",
    "creator": "author",
    "created": "published",
    "modified": "modified",
    "keywords": "tag",
    "category": "section",
    "description": "description",
    "language": "language",
}
LISTS = frozenset({"author", "tag"})
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
"""


@reader(
    name="docx",
    version="1",
    suffixes=(".docx", ".docm", ".dotx"),
    media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    recognise=lambda head: head.startswith(b"PK\x03\x04") and b"word/document.xml" in head,
    library="mammoth, lxml",
    keeps="headings, lists, tables, links, footnotes, emphasis, pictures' descriptions; title, author, dates",
    loses="pictures, page headers and footers, comments, deleted text, layout",
)
def read_docx(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the whole document; one that cannot be converted is kept as plain paragraphs.

    Raises `ItemError` for a file that is damaged, has a password, or is made to do harm.
    """
    archive = Zip(source)
    archive.refuse_entities()
    problems: tuple[Problem, ...] = ()
    try:
        content = _convert(source)
    except Exception:  # noqa: BLE001 - whatever the converter trips over, the words are there
        content = _plain(archive)
        problems = (_kept_plain(),)
    yield RawDocument(
        locator=item.locator,
        format="document",
        content=content,
        fields=tuple(_properties(archive)),
        problems=problems,
    )


def _convert(source: BinaryIO) -> str:
    import mammoth  # noqa: PLC0415 - only needed once such a file turns up

    source.seek(0)
    result = mammoth.convert_to_html(
        io.BytesIO(source.read()),  # a file opened by its number has a name that mammoth can't take
        style_map=STYLES,
        include_embedded_style_map=False,
        external_file_access=False,
        convert_image=mammoth.images.img_element(_without_source),
    )
    return str(result.value)


def _without_source(_image: Any) -> dict[str, str]:
    """Keep a picture's description only."""
    return {"src": ""}


def _plain(archive: Zip) -> str:
    """Return the paragraphs of the document without any structure."""
    root = archive.xml(BODY)
    paragraphs = []
    for space in (W, STRICT):
        for paragraph in root.iter(f"{space}p"):
            parts = (part.text or "" for part in paragraph.iter(f"{space}t"))
            paragraphs.append(f"<p>{escape(''.join(parts))}</p>")
    return "\n".join(paragraphs)


def _properties(archive: Zip) -> Iterator[Field]:
    """Yield what the core properties state; broken ones state nothing."""
    if CORE not in archive.names:
        return
    try:
        properties = list(archive.xml(CORE))
    except ItemError:
        return
    for element in properties:
        name = PROPERTIES.get(str(element.tag).rpartition("}")[2])
        value = (element.text or "").strip()
        for part in (
            re.split(r"\s*[;,]\s*" if name == "tag" else r"\s*;\s*", value) if name in LISTS else [value]
        ):
            if name and part:
                yield Field(name=name, value=part, origin="docx core")


def _kept_plain() -> Problem:
    return Problem(
        stage="read",
        code="degraded-docx",
        message="It is built in a way that could not be converted; its plain paragraphs were kept.",
        hint="Open it in a word processor and save it again to keep headings, lists and tables.",
    )
