"""PDF with a text layer: the words of every page, in reading order."""

from __future__ import annotations

import ctypes
import io
import logging
import math
import re
import unicodedata
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from ingest.archives import parse_xml
from ingest.directions import RIGHT_TO_LEFT, Sign, in_reading_order, runs_leftward
from ingest.errors import ItemError
from ingest.layout import OTHER_SIZE, SPLIT, Line, join_lines, mend_words
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

# What is read and normalised in well under the seconds that a document may take.
MOST_PAGES = 5000
MOST_CHARACTERS = 3_000_000
MOST_ATTACHMENTS = 1000
PAGE_BREAK = "\f"
LAST_PLAIN = "\xff"
HYPHENS = frozenset("\ufffe\x02\xad")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff\uffff]")
SPLIT_AT_END = re.compile(r"(?<=[^\W\d_])[-‐]$")
PRESENTATION = re.compile(r"[\ufb00-\ufb06\ufb13-\ufdff\ufe70-\ufefc]")
DATE = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?(?P<hour>\d\d)?(?P<minute>\d\d)?(?P<second>\d\d)?"
    r"(?P<zone>Z|[+-]\d\d(?:'?\d\d)?)?"
)
INFO = {
    "Title": "title",
    "Author": "author",
    "Subject": "description",
    "Keywords": "tag",
    "CreationDate": "published",
    "ModDate": "modified",
}
DC, PRISM = "{http://purl.org/dc/elements/1.1/}", "{http://prismstandard.org/namespaces/basic/2.0/}"
XMP_BASIC = "{http://ns.adobe.com/xap/1.0/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XMP = {
    f"{DC}title": "title",
    f"{DC}creator": "author",
    f"{DC}description": "description",
    f"{DC}subject": "tag",
    f"{DC}language": "language",
    f"{DC}date": "published",
    f"{PRISM}publicationName": "source",
    f"{PRISM}publicationDate": "published",
    f"{PRISM}url": "url",
    f"{XMP_BASIC}CreateDate": "published",
    f"{XMP_BASIC}ModifyDate": "modified",
}
OCR = "Run text recognition on it first, for example `ocrmypdf in.pdf out.pdf`, and put the result here."


@reader(
    name="pdf",
    version="1",
    suffixes=(".pdf",),
    media_types=("application/pdf", "application/x-pdf"),
    magic=(b"%PDF-",),
    archive=True,
    library="pypdfium2, pypdf",
    keeps="the text of every page with its number, paragraphs, title, authors and dates, attached files",
    loses="pictures, tables as tables, comments, form entries; scans have no text until OCR is run",
)
def read_pdf(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the text of a PDF, one page after another, then the files attached to it.

    Raises `ItemError` for a PDF with a password, without a text layer, or too damaged to open.
    """
    import pypdfium2  # noqa: PLC0415 - a large library in C that only PDFs need

    data = source.read()
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in {pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY}:
            raise _has_password() from None
        yield _read_damaged(item, data)
        return
    with document:
        pages, problems = _read_pages(document, count)
        yield RawDocument(
            locator=item.locator,
            format="text",
            content=PAGE_BREAK.join(mend_words(pages)),
            paged=True,
            fields=(*_xmp_fields(data), *_info_fields(_information(document))),
            problems=problems,
        )
        yield from _attachments(item, document)


def iso_date(value: str) -> str | None:
    """Return a PDF date such as `D:20190326101500+01'00'` in ISO 8601, as precise as it is."""
    match = DATE.match(value.strip())
    if not match:
        return None
    date = "-".join(filter(None, match.group("year", "month", "day")))
    if not match["minute"]:
        return date
    zone = (match["zone"] or "").replace("'", "").replace("Z", "+0000")
    zone = f"{zone[:3]}:{zone[3:] or '00'}" if zone else ""
    return f"{date}T{match['hour']}:{match['minute']}:{match['second'] or '00'}{zone}"


def _read_pages(document: Any, count: int) -> tuple[list[str], tuple[Problem, ...]]:
    """Return the text of the pages, and what must be said of those that gave none."""
    pages: list[str] = []
    pictures = broken = 0
    characters = 0
    for number in range(min(count, MOST_PAGES)):
        if characters > MOST_CHARACTERS:
            break
        try:
            text, is_picture = _read_page(document, number)
        except Exception:  # noqa: BLE001 - one damaged page must not cost the others
            text, is_picture = "", False
            broken += 1
        pages.append(text)
        characters += len(text)
        pictures += is_picture
    if not any(pages):
        if broken and not pictures:
            raise ItemError("damaged", "None of its pages can be read.", hint="Download or save it again.")
        if pictures:
            raise ItemError("no-text-layer", "Its pages are pictures without a text layer.", hint=OCR)
        raise ItemError("no-text-layer", "There is no text on any of its pages.", hint=OCR)
    problems: tuple[Problem, ...] = ()
    if len(pages) < count:
        problems += (_left_out(len(pages), count),)
    if pictures:
        told = f"{pictures} of {len(pages)} pages are pictures without a text layer."
        problems += (Problem(stage="read", code="no-text-layer", message=told, hint=OCR),)
    if broken:
        told = f"{broken} of {len(pages)} pages cannot be read."
        hint = "Open the original to see them; download or save it again."
        problems += (Problem(stage="read", code="pages-damaged", message=told, hint=hint),)
    return pages, problems


def _read_page(document: Any, number: int) -> tuple[str, bool]:
    """Return the text of a page, and whether it is a picture without any."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE  # noqa: PLC0415

    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            text = join_lines(list(_lines(text_page, page.get_rotation())))
        finally:
            text_page.close()
        if text:
            return text, False
        return "", next(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None
    finally:
        page.close()


def _lines(page: Any, rotation: int) -> Iterator[Line]:
    """Yield the lines of a page in the order of the text, which is that of reading."""
    from pypdfium2.raw import FPDFText_GetUnicode, FPDFText_HasUnicodeMapError  # noqa: PLC0415

    characters = [chr(FPDFText_GetUnicode(page, index)) for index in range(page.count_chars())]
    for index, character in enumerate(characters):
        # A glyph for which the font states no letter comes as its number, which means nothing.
        if character > LAST_PLAIN and character not in HYPHENS and FPDFText_HasUnicodeMapError(page, index):
            characters[index] = "\0"
    _restore_order(page, characters)
    leftward = runs_leftward("".join(characters))
    start = 0
    for index, character in enumerate([*characters, "\n"]):
        if character != "\n" and character not in HYPHENS:
            continue
        text = _clean("".join(characters[start:index]))
        if text:
            places = [place for place in range(start, index) if not characters[place].isspace()]
            if RIGHT_TO_LEFT.search(text) and _is_upright(page, places[0], rotation):
                ends = [_box(page, place, rotation) for place in range(start, index)]
                text = _clean(
                    _read_signs(characters[start:index], ends, leftward=leftward or runs_leftward(text))
                )
            else:
                ends = [_box(page, place, rotation) for place in {places[0], places[-1]}] if places else []
            if character != "\n":
                text += SPLIT
            yield _line(SPLIT_AT_END.sub(SPLIT, text), ends)
        start = index + 1


def _is_upright(page: Any, index: int, rotation: int) -> bool:
    """Tell whether a character stands as it is read on the turned page."""
    from pypdfium2.raw import FPDFText_GetCharAngle  # noqa: PLC0415

    return round(math.degrees(FPDFText_GetCharAngle(page, index)) + rotation) % 360 == 0


def _read_signs(
    characters: list[str], boxes: list[tuple[float, float, float, float]], *, leftward: bool
) -> str:
    signs = [Sign(each, box[0], box[2]) for each, box in zip(characters, boxes, strict=True)]
    return in_reading_order(signs, max(box[3] - box[1] for box in boxes), leftward=leftward)


def _line(text: str, ends: list[tuple[float, float, float, float]]) -> Line:
    """Return a line by the boxes of its ends, but not as high as a mark of a note is raised.

    Where a scan lies askew, a line is as high as its type, not as far as it climbs, and as low as it begins.
    """
    tallest = max((each[3] - each[1] for each in ends), default=0)
    usual = [each for each in ends if each[3] - each[1] >= (1 - OTHER_SIZE) * tallest]
    bottom = min(usual, default=(0, 0))[1]
    return Line(
        text=text,
        left=min((each[0] for each in ends), default=0),
        bottom=bottom,
        right=max((each[2] for each in ends), default=0),
        top=bottom + tallest,
    )


def _box(page: Any, index: int, rotation: int) -> tuple[float, float, float, float]:
    """Return the box of a character as the turned page shows it."""
    left, bottom, right, top = page.get_charbox(index, loose=True)
    if rotation == 90:  # noqa: PLR2004 - degrees
        return bottom, -right, top, -left
    if rotation == 180:  # noqa: PLR2004
        return -right, -top, -left, -bottom
    if rotation == 270:  # noqa: PLR2004
        return -top, left, -bottom, right
    return left, bottom, right, top


def _restore_order(page: Any, characters: list[str]) -> None:
    """Put the letters of a glyph that stands for several back into the order they are read.

    The library turns all text that runs from right to left around, since most programs write
    it in the order of print; within one glyph the letters are in order already.
    """
    if not any(RIGHT_TO_LEFT.match(character) for character in characters):
        return
    start = 0
    boxes = [page.get_charbox(index) for index in range(len(characters))]
    for index in range(1, len(characters) + 1):
        if index == len(characters) or boxes[index] != boxes[start]:
            run = characters[start:index]
            if len(run) > 1 and any(map(RIGHT_TO_LEFT.match, run)):
                characters[start:index] = reversed(run)
            start = index


def _clean(text: str) -> str:
    """Return text without control characters, with ligatures and letter shapes as plain letters."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return CONTROL.sub(" ", text.replace("\xad", "")).strip()


def _information(document: Any) -> dict[str, str]:
    """Return the document information, without values that are no text."""
    info = {}
    for key in INFO:
        with suppress(UnicodeDecodeError):
            info[key] = document.get_metadata_value(key).strip("\0 ")
    return info


def _info_fields(info: dict[str, str]) -> Iterator[Field]:
    """Yield what the document information states."""
    for key, name in INFO.items():
        value = info.get(key, "").strip()
        if name in {"published", "modified"}:
            value = iso_date(value) or ""
        values = re.split(r"\s*[,;]\s*", value) if name == "tag" else [value]
        for part in values:
            if part and part != "unspecified":  # ReportLab's word for nothing
                yield Field(name=name, value=part, origin="pdf info")


def _xmp_fields(data: bytes) -> tuple[Field, ...]:
    """Return what the XMP packet of the document states; a broken one states nothing."""
    if b"/Metadata" not in data and b"/ObjStm" not in data:
        return ()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with suppress(Exception):
        import pypdf  # noqa: PLC0415

        metadata = pypdf.PdfReader(io.BytesIO(data)).root_object.get("/Metadata")
        if metadata is not None:
            return tuple(_read_xmp(parse_xml(metadata.get_object().get_data().strip(b"\0 "), "XMP")))
    return ()


def _read_xmp(root: _Element) -> Iterator[Field]:
    for description in root.iter(f"{RDF}Description"):
        for key, value in description.attrib.items():
            yield from _xmp_values(str(key), [str(value)])
        for element in description:
            members = [each.text or "" for each in element.iter(f"{RDF}li")]
            yield from _xmp_values(str(element.tag), members or [element.text or ""])


def _xmp_values(key: str, values: list[str]) -> Iterator[Field]:
    name = XMP.get(key)
    for value in values[:1] if name in {"title", "description"} else values:
        if name and value.strip():
            origin = "pdf prism" if key.startswith(PRISM) else "pdf xmp"
            yield Field(name=name, value=" ".join(value.split()), origin=origin)


def _attachments(item: Item, document: Any) -> Iterator[Item]:
    """Yield the files that are embedded in the document."""
    from pypdfium2 import raw  # noqa: PLC0415

    taken: set[str] = set()
    for number in range(min(raw.FPDFDoc_GetAttachmentCount(document), MOST_ATTACHMENTS)):
        attachment = raw.FPDFDoc_GetAttachment(document, number)
        size = ctypes.c_ulong()
        if not attachment or not raw.FPDFAttachment_GetFile(attachment, None, 0, size):
            continue
        content = ctypes.create_string_buffer(size.value)
        raw.FPDFAttachment_GetFile(attachment, content, size, size)
        letters = raw.FPDFAttachment_GetName(attachment, None, 0)
        name = ctypes.create_string_buffer(letters)
        raw.FPDFAttachment_GetName(attachment, ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort)), letters)
        plain = name.raw.decode("utf-16-le", "replace").strip("\0").replace("\\", "/").rpartition("/")[2]
        plain = CONTROL.sub("", plain) or "attachment"
        if plain in taken:
            plain = f"{number}-{plain}"
        taken.add(plain)
        yield Item(
            locator=f"{item.locator}!/{plain}",
            opener=partial(io.BytesIO, content.raw),
            hint=item.hint.within(),
        )


def _read_damaged(item: Item, data: bytes) -> RawDocument:
    """Return what a more patient library makes of a PDF that the first one refuses."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells the log of each oddity
    try:
        pages, count, info = _read_patiently(data)
    except ItemError:
        raise
    except Exception as error:
        message = f"It is cut off or damaged ({type(error).__name__})."
        raise ItemError("damaged", message, hint="Download or save it again.") from error
    if not any(page.strip() for page in pages):
        raise ItemError("no-text-layer", "There is no text on any page that can be read.", hint=OCR)
    hint = "Compare it with the original; download or save it again."
    told = "It is damaged; what could be read of it was kept."
    problems = [Problem(stage="read", code="damaged", message=told, hint=hint)]
    if count > len(pages):
        problems.append(_left_out(len(pages), count))
    return RawDocument(
        locator=item.locator,
        format="text",
        content=PAGE_BREAK.join(mend_words(pages)),
        paged=True,
        fields=tuple(_info_fields(info)),
        problems=tuple(problems),
    )


def _read_patiently(data: bytes) -> tuple[list[str], int, dict[str, str]]:
    """Return the pages that were read, how many there are, and the document information."""
    import pypdf  # noqa: PLC0415

    document = pypdf.PdfReader(io.BytesIO(data))
    if document.is_encrypted and not document.decrypt(""):
        raise _has_password()
    pages = [_plain_page(page.extract_text()) for page in document.pages[:MOST_PAGES]]
    info = {str(key).strip("/"): str(value) for key, value in (document.metadata or {}).items()}
    return pages, len(document.pages), info


def _plain_page(text: str) -> str:
    lines = [SPLIT_AT_END.sub(SPLIT, _clean(line)) for line in text.splitlines()]
    return "\n".join(lines).replace(f"{SPLIT}\n", SPLIT)


def _left_out(read: int, count: int) -> Problem:
    return Problem(
        stage="read",
        code="pages-left-out",
        message=f"Only the first {read:,} of {count:,} pages were read.",
        hint="Split it into several files.",
    )


def _has_password() -> ItemError:
    return ItemError(
        "encrypted",
        "It is protected by a password.",
        hint="Open it with the password and save or print it as a PDF without one.",
    )
