"""OpenDocument texts (.odt, and .fodt in one piece), as LibreOffice writes them."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from ingest.archives import Zip, parse_xml
from ingest.errors import ItemError
from ingest.looks import inherited
from ingest.model import Field, Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE, DRAW, META = (SPACE % name for name in ("office", "text", "table", "drawing", "meta"))
DC = "{http://purl.org/dc/elements/1.1/}"
HREF = "{http://www.w3.org/1999/xlink}href"
STYLE = SPACE % "style"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
MATH = "{http://www.w3.org/1998/Math/MathML}"
MANIFEST = "META-INF/manifest.xml"
LOOKS = "styles.xml"
MOST_REPEATED = 100
PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
BLOCKS = {
    f"{TEXT}p": "p",
    f"{TEXT}list": "ul",
    f"{TEXT}list-item": "li",
    f"{TEXT}list-header": "li",
    f"{TABLE}table": "table",
    f"{TABLE}table-row": "tr",
}
# What paragraphs, letters and lists become by their styles.
TITLE, QUOTATION, RAISED, NUMBERED, START = "title", "quotation", "raised", "numbered", "start"
NAMED = {"Title": TITLE, "Quotations": QUOTATION}
SHOWN_AS = {TITLE: "h1", QUOTATION: "blockquote", RAISED: "sup"}
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
INLINE = {f"{TEXT}line-break": "<br>", f"{TEXT}tab": " "}
LEFT_OUT = frozenset(
    {
        *(
            f"{TEXT}tracked-changes",
            f"{TEXT}note-citation",
            f"{TEXT}table-of-content",
            f"{TEXT}sequence-decls",
        ),
        *(f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{OFFICE}forms", f"{SVG}title", f"{SVG}desc"),
        *(f"{TEXT}variable-decls", f"{TEXT}user-field-decls", f"{OFFICE}binary-data"),
        f"{MATH}annotation",
    }
)
PROPERTIES = {
    f"{DC}title": "title",
    f"{META}initial-creator": "author",
    f"{META}creation-date": "published",
    f"{DC}date": "modified",
    f"{META}keyword": "tag",
    f"{DC}description": "description",
    f"{DC}language": "language",
}


@reader(
    name="odt",
    version="1",
    suffixes=(".odt", ".ott", ".fodt"),
    media_types=("application/vnd.oasis.opendocument.text",),
    recognise=lambda head: b"mimetypeapplication/vnd.oasis.opendocument.text" in head[:100],
    library="lxml",
    keeps="headings, lists, tables, links, footnotes, pictures' descriptions; title, author, dates",
    loses="pictures, emphasis, page headers and footers, comments, deleted and hidden text, table of"
    " contents, layout",
)
def read_odt(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the whole document.

    Raises `ItemError` for a file that is damaged, has a password, or is made to do harm.
    """
    head = source.read(1)
    source.seek(0)
    if head == b"<" or item.locator.lower().endswith(".fodt"):
        content = meta = parse_xml(source.read(), "the document")
        looks = [content]
    else:
        archive = Zip(source)
        refuse_password(archive, "Save it without one.")
        content = archive.xml("content.xml")
        meta = archive.xml("meta.xml") if "meta.xml" in archive.names else None
        looks = [content]
        _place_formulas(content, archive)
        with suppress(ItemError):  # without it the words are there all the same
            # Its automatic styles, which may have the names of the document's own, are those of page heads.
            looks += archive.xml(LOOKS).findall(f"{OFFICE}styles")
    body = content.find(f".//{OFFICE}body/{OFFICE}text")
    if body is None:
        hint = "Save it as a text document (.odt)."
        raise ItemError("no-text", "It is no text document; tables and slides are not read.", hint=hint)
    _empty_hidden(body, _hidden_styles(looks))
    _mark_styles(body, looks)
    _mark_lists(body, looks)
    notes: list[str] = []
    html = "".join(_children(body, notes))
    listed = "".join(f"<li>{note}</li>" for note in notes)
    yield RawDocument(
        locator=item.locator,
        format="document",
        content=f"{html}<ol>{listed}</ol>" if notes else html,
        fields=tuple(_properties(meta)) if meta is not None else (),
    )


def _place_formulas(content: _Element, archive: Zip) -> None:
    """Put formulas, each of which is a file of its own, where they stand in the text."""
    for place in list(content.iter(f"{DRAW}object")):
        name = f"{place.get(HREF, '').removeprefix('./').rstrip('/')}/content.xml"
        with suppress(ItemError):  # a broken one costs no other word
            if name in archive.names and (formula := archive.xml(name)).tag == f"{MATH}math":
                place.append(formula)


def _hidden_styles(looks: Sequence[_Element]) -> frozenset[tuple[str, str]]:
    """Return family and name of the styles that hide what has them, be it by one they build on."""
    stated: dict[tuple[str, str], bool | None] = {}
    parents: dict[tuple[str, str], tuple[str, str] | None] = {}
    for style in (style for look in looks for style in look.iter(f"{STYLE}style")):
        family, parent = style.get(f"{STYLE}family", ""), style.get(f"{STYLE}parent-style-name")
        name = (family, style.get(f"{STYLE}name", ""))
        letters = style.find(f"{STYLE}text-properties")
        display = letters.get(f"{TEXT}display") if letters is not None else None
        stated[name] = None if display is None else display == "none"
        parents[name] = (family, parent) if parent else None
    return frozenset(name for name in stated if inherited(name, stated, parents))


def _empty_hidden(body: _Element, styles: frozenset[tuple[str, str]]) -> None:
    """Empty what the document does not show: by its style, as a section, or as a condition turned out."""
    hidden = []
    for element in body.iter():
        is_out = element.get(f"{TEXT}is-hidden") == "true"
        style = ("paragraph" if element.tag in PARAGRAPHS else "text", element.get(f"{TEXT}style-name"))
        if element.tag == f"{TEXT}hidden-paragraph" and is_out:
            hidden += list(element.iterancestors(*PARAGRAPHS))[:1]
        elif is_out or element.get(f"{TEXT}display") == "none" or style in styles:
            hidden.append(element)
    for element in hidden:
        element.clear(keep_tail=True)


def _mark_styles(body: _Element, looks: Sequence[_Element]) -> None:
    """Mark the title, quotations and raised letters, be they so by a style that theirs builds on."""
    meant: dict[str, str] = dict(NAMED)
    parents: dict[str, str] = {}
    for style in (style for look in looks for style in look.iter(f"{STYLE}style")):
        name, letters = style.get(f"{STYLE}name", ""), style.find(f"{STYLE}text-properties")
        position = letters.get(f"{STYLE}text-position", "") if letters is not None else ""
        if style.get(f"{STYLE}family") == "paragraph":
            parents.setdefault(name, style.get(f"{STYLE}parent-style-name", ""))
        elif position.startswith("super") or position.partition("%")[0].strip("0").isdecimal():
            meant[f"span {name}"] = RAISED
    for element in list(body.iter(f"{TEXT}p", f"{TEXT}span")):
        name = element.get(f"{TEXT}style-name", "")
        if element.tag == f"{TEXT}span":
            name = f"span {name}"
        meaning = meant.get(name) or meant.get(parents.get(name, ""))
        if meaning and "".join(element.itertext()).strip():
            element.tag = meaning


def _mark_lists(body: _Element, looks: Sequence[_Element]) -> None:
    """Mark the lists that are numbered, with the number of the first point where one goes on."""
    levels = {
        (style.get(f"{STYLE}name"), level.get(f"{TEXT}level"))
        for look in looks
        for style in look.iter(f"{TEXT}list-style")
        for level in style.iter(f"{TEXT}list-level-style-number")
        if level.get(f"{STYLE}num-format")
    }
    counts: dict[str, int] = {}
    for element in list(body.iter(f"{TEXT}list")):
        around = list(element.iterancestors(f"{TEXT}list", NUMBERED))
        named = (each.get(f"{TEXT}style-name") for each in (element, *around))
        style = next(filter(None, named), "")
        if (style, str(len(around) + 1)) not in levels:
            continue
        element.tag = NUMBERED
        above = element.get(f"{TEXT}continue-list") or style
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or above != style
        count = counts.get(above, 0) if goes_on and not around else 0
        element.set(START, str(count + 1))
        if not around:
            count += sum(any(each.tag in PARAGRAPHS for each in point) for point in element)
            counts |= dict.fromkeys((style, element.get(XML_ID) or style), count)


def refuse_password(archive: Zip, hint: str) -> None:
    """Raise `ItemError` with the hint for a file of OpenDocument that has a password."""
    if MANIFEST in archive.names and b"encryption-data" in archive.read(MANIFEST):
        raise ItemError("encrypted", "It is protected by a password.", hint=hint)


def _children(element: _Element, notes: list[str]) -> Iterator[str]:
    """Yield the HTML of what stands in an element, its own text included."""
    yield escape(element.text or "")
    for child in element:
        if child.tag not in LEFT_OUT and isinstance(child.tag, str):
            yield from _element(child, notes)
        yield escape(child.tail or "")


def _element(element: _Element, notes: list[str]) -> Iterator[str]:
    """Yield the HTML of an element; one that means nothing here gives what stands in it."""
    tag = str(element.tag)
    if tag in INLINE:
        yield INLINE[tag]
    elif tag == f"{TEXT}s":
        yield " "
    elif tag == f"{TEXT}note":
        yield from _note(element, notes)
    elif tag == f"{TEXT}ruby-text":
        reading = "".join(_children(element, notes))
        yield f"({reading})" if reading.strip() else ""
    elif tag == f"{MATH}mfrac":
        yield "/".join("".join(_element(part, notes)) for part in element if isinstance(part.tag, str))
    elif tag == f"{DRAW}frame":
        description = " ".join(filter(None, (element.findtext(f"{SVG}{part}") for part in ("title", "desc"))))
        yield escape(description)
        if description and ((element.tail or "").strip() or element.getnext() is not None):
            yield "<br>"  # lest the caption runs on from it
        yield from _children(element, notes)
    elif tag == f"{TABLE}table-cell":
        yield from _cell(element, notes)
    elif tag in {f"{TEXT}a", NUMBERED}:
        kind, attribute, value = ("ol", "start", START) if tag == NUMBERED else ("a", "href", HREF)
        yield f'<{kind} {attribute}="{escape(element.get(value, ""))}">'
        yield from _children(element, notes)
        yield f"</{kind}>"
    else:
        name = _heading(element) if tag == f"{TEXT}h" else BLOCKS.get(tag) or SHOWN_AS.get(tag)
        yield f"<{name}>" if name else ""
        yield from _children(element, notes)
        yield f"</{name}>" if name else ""


def _heading(element: _Element) -> str:
    level = element.get(f"{TEXT}outline-level", "1")
    return f"h{min(max(int(level), 1), 6)}" if level.isdecimal() else "h1"


def _cell(element: _Element, notes: list[str]) -> Iterator[str]:
    """Yield a cell as often as it says, without the thousands of empty ones that pad a row."""
    content = "".join(_children(element, notes))
    stated = element.get(f"{TABLE}number-columns-repeated", "1")
    repeated = int(stated) if stated.isdecimal() else 1
    kind = "th" if element.getparent().getparent().tag == f"{TABLE}table-header-rows" else "td"
    if not content.strip() and repeated > 1 and element.getnext() is None:
        return
    for _ in range(min(repeated, MOST_REPEATED)):
        yield f"<{kind}>{content}</{kind}>"


def _note(element: _Element, notes: list[str]) -> Iterator[str]:
    """Keep a foot- or endnote for the end of the document, and yield its number."""
    place = len(notes)
    notes.append("")
    body = element.find(f"{TEXT}note-body")
    notes[place] = "".join(_children(body, notes)) if body is not None else ""
    yield f"<sup>[{place + 1}]</sup>"


def _properties(root: _Element) -> Iterator[Field]:
    stated = root.find(f".//{OFFICE}meta")
    author = False
    for element in stated if stated is not None else ():
        name = PROPERTIES.get(str(element.tag))
        if name and (element.text or "").strip():
            author = author or name == "author"
            yield Field(name=name, value=element.text.strip(), origin="odt meta")
    creator = stated.findtext(f"{DC}creator") if stated is not None else None
    if creator and creator.strip() and not author:
        yield Field(name="author", value=creator.strip(), origin="odt meta")
