"""Word documents (.docx), as Word, Google Docs and other word processors write them."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING, Any, BinaryIO

from ingest.archives import Zip, parse_xml
from ingest.errors import ItemError
from ingest.looks import inherited
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
FORMULA = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}",
    "{http://purl.oclc.org/ooxml/officeDocument/math}",
)
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
CORE = "docProps/core.xml"
BODY, LOOKS, LISTS_OF = "word/document.xml", "word/styles.xml", "word/numbering.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
HIDDEN = "vanish"
# The converter leaves out what stands in these: fields, runs from right to left, readings of signs, formulas,
# and boxes that older programs see as a picture; and it breaks no line at the others.
WRAPPERS = ("fldSimple", "dir", "bdo")
MISREAD = re.compile(
    rb"[<:](?:fldSimple|dir|bdo|ruby|oMath|AlternateContent|cr|ptab|framePr|outlineLvl|docPartGallery|numPr)\b"
    rb"|[<:]br [^>]*type="
)
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
# A heading that only its level in the outline states; a numbered text has one too, and ends as sentences do.
LONGEST_HEADING, LAST_LEVEL = 150, 5
ENDS_TEXT = (".", ";", ",", ":")
HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)
# Which number the first point of a list has that goes on below other text: the converter begins at 1 again.
COUNT = re.compile("(<ol>)?(<li>)?\ue000(\\d+)\ue001")
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
p[style-name='TOC Heading'] => !
""" + "".join(f"p[style-name='toc {level}'] => !\n" for level in range(1, 10))


@reader(
    name="docx",
    version="1",
    suffixes=(".docx", ".docm", ".dotx"),
    media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    recognise=lambda head: head.startswith(b"PK\x03\x04") and b"word/document.xml" in head,
    library="mammoth, lxml",
    keeps="headings, lists, tables, links, footnotes, emphasis, pictures' descriptions; title, author, dates",
    loses="pictures, page headers and footers, comments, deleted and hidden text, table of contents, layout",
)
def read_docx(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the whole document; one that cannot be converted is kept as plain paragraphs.

    Raises `ItemError` for a file that is damaged, has a password, or is made to do harm.
    """
    archive = Zip(source)
    archive.refuse_entities()
    problems: tuple[Problem, ...] = ()
    shown = _prepared(archive)
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


def _prepared(archive: Zip) -> dict[str, bytes]:
    """Return the parts that change, without hidden words and so that the converter sees all others.

    What is broken is told of later.
    """
    from lxml import etree  # noqa: PLC0415 - only needed once such a file turns up

    styles, levels, lists = _hidden_styles(archive), _outline(archive), _lists(archive)
    prepared = {}
    for name in (BODY, *NOTES):
        if name not in archive.names:
            continue
        part = archive.read(name)
        may_hide = bool(styles) or HIDDEN.encode() in part
        if not (may_hide or levels or MISREAD.search(part)):
            continue
        with suppress(ItemError):
            root = archive.xml(name)
            for space in (W, STRICT):
                for run in [run for run in root.iter(f"{space}r") if may_hide and _hides(run, styles)]:
                    run.getparent().remove(run)
                _show_misread(root, space)
                _join_initials(root, space)
                _mark_headings(root, space, levels)
                _count_points(root, space, lists)
            prepared[name] = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return prepared


def _show_misread(root: _Element, space: str) -> None:
    """Write as plain runs, lines and boxes what the converter would leave out or run together."""
    from lxml import etree  # noqa: PLC0415 - only needed once such a file turns up

    etree.strip_tags(root, *(f"{space}{name}" for name in WRAPPERS))
    for ruby in list(root.iter(f"{space}ruby")):
        base, reading = (_letters(ruby.find(f"{space}{part}"), space) for part in ("rubyBase", "rt"))
        _replace(ruby, _text(space, f"{base}({reading})" if reading else base))
    for formula in list(root.iter(*(f"{namespace}oMath" for namespace in FORMULA))):
        if next(formula.iterancestors(f"{space}p"), None) is not None:
            run = etree.Element(f"{space}r")
            run.append(_text(space, _formula(formula)))
            _replace(formula, run)
    etree.strip_tags(root, *(f"{namespace}oMathPara" for namespace in FORMULA))
    for choice in list(root.iter(f"{COMPATIBLE}Choice")):
        _show_boxes(choice, space)
    for mark in list(root.iter(f"{space}cr", f"{space}br")):
        mark.tag = f"{space}br"
        mark.attrib.clear()
    for mark in list(root.iter(f"{space}ptab")):
        mark.tag = f"{space}tab"


def _join_initials(root: _Element, space: str) -> None:
    """Put a large initial, which is a paragraph of its own in a frame, before the letters it begins."""
    for frame in list(root.iter(f"{space}framePr")):
        paragraph = frame.getparent().getparent()
        after = paragraph.getnext()
        if frame.get(f"{space}dropCap", "none") == "none" or after is None or after.tag != paragraph.tag:
            continue
        runs = [child for child in paragraph if child.tag != f"{space}pPr"]
        place = 1 if after.find(f"{space}pPr") is not None else 0
        after[place:place] = runs
        paragraph.getparent().remove(paragraph)


def _mark_headings(root: _Element, space: str, levels: Mapping[str, int]) -> None:
    """Give paragraphs that are headings by their level in the outline the style that the converter knows."""
    for table in list(root.iter(f"{space}docPartGallery")):
        holder = next(table.iterancestors(f"{space}sdt"), None)
        if table.get(f"{space}val") == "Table of Contents" and holder is not None:
            holder.getparent().remove(holder)
    for paragraph in root.iter(f"{space}p"):
        properties = paragraph.find(f"{space}pPr")
        if properties is None:
            continue
        style, stated = properties.find(f"{space}pStyle"), properties.find(f"{space}outlineLvl")
        name = style.get(f"{space}val", "") if style is not None else ""
        level = _number(stated, space) if stated is not None else levels.get(name, -1)
        text = _letters(paragraph, space).strip()
        if 0 <= level <= LAST_LEVEL and len(text) <= LONGEST_HEADING and not text.endswith(ENDS_TEXT):
            if style is None:
                style = properties.makeelement(f"{space}pStyle")
                properties.insert(0, style)
            style.set(f"{space}val", f"Heading{level + 1}")


def _count_points(root: _Element, space: str, lists: Mapping[str, tuple[str, int]]) -> None:
    """Say before the first point of a numbered list that goes on below other text which number it has."""
    counts: dict[str, int] = {}
    above = ""
    for block in root.iterfind(f"{space}body/*"):
        held = block.find(f"{space}pPr/{space}numPr/{space}numId")
        number = held.get(f"{space}val", "") if held is not None else ""
        level = block.find(f"{space}pPr/{space}numPr/{space}ilvl")
        if number in lists and (level is None or _number(level, space) == 0):
            counted, start = lists[number]
            counts[counted] = counts.get(counted, start - 1) + 1
            if number != above and counts[counted] > 1:
                run = block.makeelement(f"{space}r")
                run.append(_text(space, f"\ue000{counts[counted]}\ue001"))
                block.insert(1, run)
        above = number


def _number(element: _Element, space: str) -> int:
    value = element.get(f"{space}val", "")
    return int(value) if value.isascii() and value.isdecimal() else -1


def _letters(element: _Element | None, space: str) -> str:
    return "" if element is None else "".join(part.text or "" for part in element.iter(f"{space}t"))


def _formula(formula: _Element) -> str:
    """Return the letters of a formula in one line, a fraction with its stroke."""
    parts = formula.iter(*(f"{namespace}{name}" for namespace in FORMULA for name in ("t", "den")))
    return "".join("/" if str(part.tag).endswith("den") else part.text or "" for part in parts)


def _text(space: str, letters: str) -> _Element:
    from lxml import etree  # noqa: PLC0415 - only needed once such a file turns up

    element = etree.Element(f"{space}t")
    element.text = letters
    return element


def _replace(element: _Element, other: _Element) -> None:
    other.tail = element.tail
    element.getparent().replace(element, other)


def _show_boxes(choice: _Element, space: str) -> None:
    """Give the words of boxes to older programs too, which the converter is one of, where they lack them."""
    from lxml import etree  # noqa: PLC0415 - only needed once such a file turns up

    boxes = list(choice.iter(f"{space}txbxContent"))
    fallback = choice.getparent().find(f"{COMPATIBLE}Fallback")
    if fallback is None:
        fallback = etree.SubElement(choice.getparent(), f"{COMPATIBLE}Fallback")
    if boxes and next(fallback.iter(f"{space}txbxContent"), None) is None:
        etree.SubElement(fallback, f"{space}pict").extend(boxes)


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
    return frozenset(name for name in stated if inherited(name, stated, parents))


def _outline(archive: Zip) -> dict[str, int]:
    """Return the levels of styles that make headings, though they are not called so, from 0."""
    levels: dict[str, int] = {}
    parents: dict[str, str] = {}
    known: set[str] = set()
    with suppress(ItemError):
        for style in archive.xml(LOOKS).iter(f"{W}style", f"{STRICT}style") if LOOKS in archive.names else ():
            space = _space(style)
            name, parent = style.get(f"{space}styleId", ""), style.find(f"{space}basedOn")
            called, stated = style.find(f"{space}name"), style.find(f"{space}pPr/{space}outlineLvl")
            if parent is not None:
                parents[name] = parent.get(f"{space}val", "")
            if heading := HEADING.match(called.get(f"{space}val", "") if called is not None else ""):
                levels[name] = int(heading[1]) - 1
                known.add(name)
            elif stated is not None:
                levels[name] = _number(stated, space)
    found = {name: inherited(name, levels, parents) for name in (levels.keys() | parents.keys()) - known}
    return {name: level for name, level in found.items() if level is not None and 0 <= level <= LAST_LEVEL}


def _lists(archive: Zip) -> dict[str, tuple[str, int]]:
    """Return by which count each numbered list goes, and at what it starts."""
    lists: dict[str, tuple[str, int]] = {}
    starts: dict[str, int] = {}
    with suppress(ItemError):
        root = archive.xml(LISTS_OF) if LISTS_OF in archive.names else None
        for element in root if root is not None else ():
            space = _space(element)
            first = next(
                (each for each in element.iter(f"{space}lvl") if each.get(f"{space}ilvl") == "0"), None
            )
            if first is not None and element.tag == f"{space}abstractNum":
                kind, start = first.find(f"{space}numFmt"), first.find(f"{space}start")
                if kind is not None and kind.get(f"{space}val") == "decimal":
                    number = _number(start, space) if start is not None else 1
                    starts[element.get(f"{space}abstractNumId", "")] = max(number, 0)
            elif element.tag == f"{space}num":
                number, counted = element.get(f"{space}numId", ""), element.find(f"{space}abstractNumId")
                name = counted.get(f"{space}val", "") if counted is not None else ""
                anew = element.find(f"{space}lvlOverride/{space}startOverride")
                if name in starts:
                    start = _number(anew, space) if anew is not None else starts[name]
                    lists[number] = (f"{name} {number}" if anew is not None else name, max(start, 0))
    return lists


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
    return COUNT.sub(_started, str(result.value))


def _started(count: re.Match[str]) -> str:
    """Return the beginning of a list that goes on with a number; nothing where it is no list after all."""
    begun, point, number = count.groups()
    return f'<ol start="{number}"><li>' if begun and point else f"{begun or ''}{point or ''}"


def _without_source(_image: Any) -> dict[str, str]:
    """Keep a picture's description only."""
    return {"src": ""}


def _plain(root: _Element) -> str:
    """Return the paragraphs of the document without any structure."""
    paragraphs = []
    for space in (W, STRICT):
        for paragraph in root.iter(f"{space}p"):
            parts = (part.text or "" for part in paragraph.iter(f"{space}t"))
            paragraphs.append(f"<p>{escape(COUNT.sub('', ''.join(parts)))}</p>")
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
