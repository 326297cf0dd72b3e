"""Word documents (.docx), as Word, Google Docs and other word processors write them."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, Any, BinaryIO

from ingest.archives import Zip, parse_xml
from ingest.errors import ItemError
from ingest.looks import is_hidden
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
CORE = "docProps/core.xml"
BODY, LOOKS = "word/document.xml", "word/styles.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
HIDDEN = "vanish"
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
    loses="pictures, page headers and footers, comments, deleted and hidden text, layout",
)
def read_docx(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the whole document; one that cannot be converted is kept as plain paragraphs.

    Raises `ItemError` for a file that is damaged, has a password, or is made to do harm.
    """
    archive = Zip(source)
    archive.refuse_entities()
    problems: tuple[Problem, ...] = ()
    shown = _without_hidden(archive)
    try:
        source.seek(0)
        content = _convert(archive.with_members(shown) if shown else source.read())
    except Exception:  # noqa: BLE001 - whatever the converter trips over, the words are there
        content = _plain(parse_xml(shown[BODY], BODY) if BODY in shown else archive.xml(BODY))
        problems = (_kept_plain(),)
    yield RawDocument(
        locator=item.locator,
        format="document",
        content=content,
        fields=tuple(_properties(archive)),
        problems=problems,
    )


def _without_hidden(archive: Zip) -> dict[str, bytes]:
    """Return the parts in which words are hidden, without them; what is broken is told of later."""
    from lxml import etree  # noqa: PLC0415 - only needed once such a file turns up

    styles = _hidden_styles(archive)
    shown = {}
    for name in (BODY, *NOTES):
        if name not in archive.names or not (styles or HIDDEN.encode() in archive.read(name)):
            continue
        with suppress(ItemError):
            root = archive.xml(name)
            hidden = [run for space in (W, STRICT) for run in root.iter(f"{space}r") if _hides(run, styles)]
            for run in hidden:
                run.getparent().remove(run)
            if hidden:
                shown[name] = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return shown


def _hidden_styles(archive: Zip) -> frozenset[str]:
    """Return the styles of paragraphs and of letters that hide what has them, be it by one they build on."""
    if LOOKS not in archive.names or HIDDEN.encode() not in archive.read(LOOKS):
        return frozenset()
    stated: dict[str, bool | None] = {}
    parents: dict[str, str | None] = {}
    with suppress(ItemError):
        for style in archive.xml(LOOKS).iter(f"{W}style", f"{STRICT}style"):
            space = _space(style)
            name, parent = style.get(f"{space}styleId", ""), style.find(f"{space}basedOn")
            stated[name] = _is_hidden(style)
            parents[name] = None if parent is None else parent.get(f"{space}val")
    return frozenset(name for name in stated if is_hidden(name, stated, parents))


def _hides(run: _Element, styles: frozenset[str]) -> bool:
    """Tell whether a run of letters is hidden, by itself, by its style or by that of its paragraph."""
    if (own := _is_hidden(run)) is not None:
        return own
    space = _space(run)
    paragraph = next(run.iterancestors(f"{space}p"), None)
    named = (
        run.find(f"{space}rPr/{space}rStyle"),
        paragraph.find(f"{space}pPr/{space}pStyle") if paragraph is not None else None,
    )
    return any(style.get(f"{space}val") in styles for style in named if style is not None)


def _is_hidden(element: _Element) -> bool | None:
    """Tell what a run or a style says of being hidden; None where it says nothing."""
    space = _space(element)
    stated = element.find(f"{space}rPr/{space}{HIDDEN}")
    return None if stated is None else stated.get(f"{space}val") not in {"0", "false", "off"}


def _space(element: _Element) -> str:
    return str(element.tag).partition("}")[0] + "}"


def _convert(document: bytes) -> str:
    import mammoth  # noqa: PLC0415 - only needed once such a file turns up

    result = mammoth.convert_to_html(
        io.BytesIO(document),  # a file opened by its number has a name that mammoth can't take
        style_map=STYLES,
        include_embedded_style_map=False,
        external_file_access=False,
        convert_image=mammoth.images.img_element(_without_source),
    )
    return str(result.value)


def _without_source(_image: Any) -> dict[str, str]:
    """Keep a picture's description only."""
    return {"src": ""}


def _plain(root: _Element) -> str:
    """Return the paragraphs of the document without any structure."""
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
