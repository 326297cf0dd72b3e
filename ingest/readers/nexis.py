"""Text exports of LexisNexis: an article for every document of a download."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode, head_of_lines
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NUMBERED = (
    r"(?P<number>\d{1,6}) (?:of|de|von|van) \d{1,6} DO[CK]UMENT(?:S|OS|EN|E|)"
    r"|(?:DOCUMENT|Document|DOKUMENT|Dokument|Documento) (?P<place>\d{1,6})"
    r" (?:of|OF|de|DE|von|VON|van|VAN) \d{1,6}"
)
MARKER = re.compile(rf"^[ \t\f]*(?:{NUMBERED})[ \t]*$", re.MULTILINE)
HEAD_LABELS = {
    **dict.fromkeys(("HEADLINE", "TITEL", "TITRE", "TITULAR"), "title"),
    **dict.fromkeys(("BYLINE", "AUTOR", "AUTHOR", "AUTEUR"), "author"),
    **dict.fromkeys(("SECTION", "RUBRIK", "RESSORT", "RUBRIQUE", "SECCIÓN"), "section"),
    **dict.fromkeys(("HIGHLIGHT", "ABSTRACT", "ENCART"), "description"),
    **dict.fromkeys(("LENGTH", "LÄNGE", "LONGUEUR", "LENGTE", "LONGITUD"), "length"),
    **dict.fromkeys(("DATELINE", "ORT", "ORIGINE"), "dateline"),
    **{name: name.lower() for name in ("SERIES", "SHOW", "GUESTS", "ANCHORS", "REPORTERS", "TYPE")},
}
BODY_LABELS = ("BODY", "TEXT", "TEXTE", "FULL TEXT")
# With one of these begins what is printed below a text; the others are told from it by standing beside these.
FOOT_LABELS = {
    **dict.fromkeys(("LANGUAGE", "SPRACHE", "LANGUE", "TAAL", "IDIOMA"), "language"),
    **dict.fromkeys(("LOAD-DATE", "UPDATE", "DATE-CHARGEMENT"), "load-date"),
    **dict.fromkeys(("GRAPHIC", "GRAFIK", "GRAPHIQUE"), "graphic"),
    **dict.fromkeys(("PUBLICATION-TYPE", "PUB-TYPE", "TYPE-PUBLICATION"), "publication-type"),
    **{name: name.lower() for name in ("DOCUMENT-TYPE", "JOURNAL-CODE", "CORRECTION-DATE", "ACC-NO")},
}
OTHER_LABELS = {
    **dict.fromkeys(("SUBJECT", "SCHLAGWÖRTER", "SUJET"), "tag"),
    **{
        name: name.lower()
        for name in (
            *("COMPANY", "ORGANIZATION", "PERSON", "TICKER", "INDUSTRY", "GEOGRAPHIC", "CITY", "STATE"),
            *("COUNTRY", "TYPE", "NOTES", "NOTE", "CORRECTION", "SERIES", "URL", "NAME", "CATEGORY"),
            *("DISTRIBUTION", "ISSN", "TRANSCRIPT", "PHOTO"),
        )
    },
}
MEANING = {**OTHER_LABELS, **FOOT_LABELS, **HEAD_LABELS, **dict.fromkeys(BODY_LABELS, "body")}
LABEL = re.compile(
    rf"[ \t]*({'|'.join(sorted(map(re.escape, MEANING), key=len, reverse=True))})[ \t]?:(?:[ \t]+|$)"
)
# Read before the charset is known, so that one letter may be two bytes.
CERTAIN = re.compile(
    rb"^[ \t]*(?:HEADLINE|BYLINE|SECTION|LENGTH|L.{1,2}NGE|LONGUEUR|LENGTE|LONGITUD|RUBRIK|RUBRIQUE"
    rb"|LOAD-DATE|LANGUAGE|SPRACHE|LANGUE|PUBLICATION-TYPE)[ \t]?:",
    re.MULTILINE,
)
MARKER_BYTES = re.compile(MARKER.pattern.encode(), re.MULTILINE)
# A mail, a page or a note in which an export is quoted has a reader of its own.
ANOTHER = re.compile(
    rb"\s*(?:[<{\[]|---|(?:From|To|Cc|Date|Subject|Received|Return-Path|Delivered-To|Reply-To|Message-ID"
    rb"|MIME-Version|Content-Type|DKIM-Signature|X-[\w-]+)[: ])",
    re.IGNORECASE,
)
COVER = re.compile(r"\s*(?:(?:Print|Download) Request|Time of Request|Number of Lines|Job Number|Client ID)")
RIGHTS = re.compile(
    r"(?:\(c\)|©|Copyright\b).{0,20}\b(?:1[5-9]|20)\d\d\b|All Rights Reserved|Alle Rechte|Tous droits",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
TIME = re.compile(r"[ ,]+(?:\w+[ ,]+)?(\d{1,2}:\d\d(?: ?[AP]M\b)?(?: [A-Z]{2,4}\b)?)")
PAGE = re.compile(r"(?:pages?|pp?|pgs?|s|seiten?|col(?:umn|umns)?|blz)\b\.?[ ]*\w{1,8}", re.IGNORECASE)
SHARE = re.compile(r"\s*\(\d{1,3}%\)")
LANGUAGES = {
    **dict.fromkeys(("english", "anglais", "englisch"), "en"),
    **dict.fromkeys(("german", "deutsch", "allemand"), "de"),
    **dict.fromkeys(("french", "français", "französisch"), "fr"),
    **dict.fromkeys(("dutch", "nederlands", "niederländisch"), "nl"),
    **dict.fromkeys(("spanish", "español", "spanisch"), "es"),
    **dict.fromkeys(("italian", "italiano"), "it"),
    **dict.fromkeys(("portuguese", "português"), "pt"),
}
# A speech within an article may begin with one of these too.
ALSO_IN_TEXTS = frozenset({"TEXT", "TEXTE", "FULL TEXT"})
LONGEST_DATE = 40
LEAST_CENTRED = 4
HEAD_BLOCKS = 3  # publication, date, headline
COLUMN = 80
RAGGED = 5
NO_BODY = Problem(
    stage="read",
    code="no-body",
    message="The export has what is stated about this document, and no text of it.",
    hint="Look it up in the database; pictures and tables often have no text there.",
)
TORN = Problem(
    stage="read",
    code="torn",
    message="The last document ends without the lines that stand below all others; its end may be missing.",
    hint="Compare it with the database, and download it again if it goes on there.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lines without an empty one between, and the label that they begin with, if any."""

    label: str
    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of it on one line."""
        return " ".join(" ".join(self.lines).split())

    @property
    def is_centred(self) -> bool:
        """Tell what stands in the middle of the page."""
        return all(len(line) - len(line.lstrip()) >= LEAST_CENTRED for line in self.lines)


def is_export(head: bytes) -> bool:
    """Tell an export by a line that numbers its first document, and a label below it."""
    head = head_of_lines(head)
    marker = None if ANOTHER.match(head) else MARKER_BYTES.search(head)
    return marker is not None and CERTAIN.search(head, marker.end()) is not None


@reader(
    name="nexis",
    version="1",
    suffixes=(),
    media_types=("text/x-nexis",),
    recognise=is_export,
    keeps="each document of a text export, told by lines such as `1 of 200 DOCUMENTS`: title, authors, date,"
    " publication, section, subjects, every other label as a field",
    loses="nothing; a cover page is listed as skipped",
)
def read_nexis(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each document by the number that the export gives it.

    A doubt about the charset is told of the first; one without text, and a last one without the
    lines that all others end with, are articles with a warning.
    """
    content, doubts = decode(source.read(), item.hint.charset)
    markers = list(MARKER.finditer(content))
    yield from _above(item, content[: markers[0].start()] if markers else content)
    all_ended = True
    ends = [*(marker.start() for marker in markers[1:]), len(content)]
    for marker, end in zip(markers, ends, strict=False):
        number = marker["number"] or marker["place"]
        blocks = split_blocks(content[marker.end() : end])
        if not blocks:
            yield Item(locator=f"{item.locator}#{number}", skip="a document without a line in the export")
            continue
        raw, ended = read_blocks(f"{item.locator}#{number}", blocks)
        torn = (TORN,) if marker is markers[-1] and len(markers) > 1 and all_ended and not ended else ()
        all_ended = all_ended and ended
        yield replace(raw, problems=(*doubts, *raw.problems, *torn))
        doubts = ()


def split_blocks(content: str) -> list[Block]:
    """Return what stands between empty lines; a line with a label begins a block as well."""
    blocks: list[Block] = []
    lines: list[str] = []
    label = ""

    def end() -> None:
        if lines:
            blocks.append(Block(label=label, lines=tuple(lines)))
        lines.clear()

    for line in content.replace("\f", "\n").split("\n"):
        found = LABEL.match(line)
        if found or not line.strip():
            end()
            label = found[1] if found else ""
        if line.strip():
            lines.append(line.rstrip())
    end()
    return blocks


def read_blocks(locator: str, blocks: Sequence[Block]) -> tuple[RawDocument, bool]:
    """Return a document, and whether it ends with the lines that stand below a text."""
    start = _body_start(blocks)
    stop = _body_stop(blocks, start)
    stated = [*_read_head(blocks[:start]), *_read_labels(blocks[stop:])]
    body = list(blocks[start:stop])
    if body and body[0].label in BODY_LABELS:
        first = body[0].lines[0]
        lines = (LABEL.sub("", first, count=1), *body[0].lines[1:])
        body[0] = Block(label="", lines=tuple(line for line in lines if line.strip()))
    return RawDocument(
        locator=locator,
        format="document",
        content=write_paragraphs([block.lines for block in body if block.lines]),
        fields=tuple(Field(name=name, value=value, origin="nexis") for name, value in stated if value),
        problems=() if any(block.lines for block in body) else (NO_BODY,),
    ), stop < len(blocks)


def split_at_empty_lines(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines between empty ones, without blanks around them."""
    block: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            block.append(line.strip())
        elif block:
            yield block
            block = []


def write_paragraphs(blocks: Sequence[Sequence[str]]) -> str:
    """Return HTML with wrapped lines joined: a line that had room for the next word ends on purpose.

    A line that is set in more than the one above begins a paragraph.
    """
    lengths = [len(line) for lines in blocks for line in lines if len(line) <= COLUMN]
    column = max(lengths, default=0)
    paragraphs = []
    for lines in blocks:
        text = escape(lines[0].strip())
        for before, line in pairwise(lines):
            word = line.split(maxsplit=1)[0]
            if len(line) - len(line.lstrip()) > len(before) - len(before.lstrip()):
                paragraphs.append(text)
                text = escape(line.strip())
            else:
                has_room = len(before) + 1 + len(word) <= column - RAGGED
                text += ("<br>" if has_room else " ") + escape(line.strip())
        paragraphs.append(text)
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _above(item: Item, content: str) -> Iterator[RawDocument | Item]:
    """Yield what stands above the first document: a cover page, or notes of whoever kept the file."""
    locator = f"{item.locator}#above"
    if COVER.match(content):
        yield Item(locator=locator, skip="not an article: the cover page of an export")
    elif content.strip():
        yield RawDocument(locator=locator, format="text", content=content)


def _body_start(blocks: Sequence[Block]) -> int:
    """Return where the text begins: at its label, else at the first words without one below those with."""
    for place, block in enumerate(blocks):
        if _is_foot(block):
            break
        if block.label in BODY_LABELS and block.label not in ALSO_IN_TEXTS:
            return place
    labelled = False
    for place, block in enumerate(blocks):
        if labelled and not (block.label in HEAD_LABELS or RIGHTS.match(block.words)):
            return place
        labelled = labelled or block.label in HEAD_LABELS
    if labelled:
        return len(blocks)
    # Without a label above the text, the headline is what first stands at the left margin.
    centred = next((place for place, block in enumerate(blocks) if not block.is_centred), len(blocks))
    stop = next((place for place, block in enumerate(blocks) if block.label), len(blocks))
    return min(centred + 1 if centred else HEAD_BLOCKS, stop)


def _is_foot(block: Block) -> bool:
    """Tell what stands below a text from a paragraph `UPDATE: …` within it, which is no mere date."""
    if block.label != "UPDATE":
        return block.label in FOOT_LABELS
    return len(block.words) <= LONGEST_DATE and YEAR.search(block.words) is not None


def _body_stop(blocks: Sequence[Block], start: int) -> int:
    """Return where the text ends: at the first label of those below it, and others right above that one."""
    certain = (place for place in range(start, len(blocks)) if _is_foot(blocks[place]))
    stop = next(certain, len(blocks))
    while stop > start and (
        blocks[stop - 1].label in OTHER_LABELS
        or (blocks[stop - 1].is_centred and RIGHTS.match(blocks[stop - 1].words))
    ):
        stop -= 1
    return stop


def _read_head(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Yield what is stated above a text: publication, date, headline, then lines with labels."""
    first = next((place for place, block in enumerate(blocks) if block.label), len(blocks))
    lines: list[tuple[str, bool]] = []
    for block in blocks[:first]:
        if block.is_centred:
            lines += [(" ".join(line.split()), True) for line in block.lines]
        else:
            lines.append((block.words, False))
    is_dated = False
    is_named = False
    for line, centred in lines:
        if RIGHTS.match(line):
            yield "copyright", line
        elif not is_named:
            is_named = True
            yield "source", line
        elif not is_dated and YEAR.search(line) and len(line) <= COLUMN:
            is_dated = True
            yield "published", date_of(line)
            yield "date line", line
        else:
            yield ("edition" if centred else "title"), line
    yield from _read_labels(blocks[first:])


def date_of(line: str) -> str:
    """Return the date of a line, and the time, without weekday and edition behind it."""
    year = YEAR.search(line)
    if not year:
        return line
    time = TIME.match(line, year.end())
    return f"{line[: year.end()]} {time[1]}" if time else line[: year.end()]


def _read_labels(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Yield what lines with labels state; what has none goes on with the one above."""
    stated: list[tuple[str, list[str]]] = []
    for block in blocks:
        words = block.words
        if block.label:
            stated.append((MEANING[block.label], [LABEL.sub("", words, count=1)]))
        elif RIGHTS.match(words) or not stated:
            stated.append(("copyright" if RIGHTS.match(words) else "note", [words]))
        else:
            stated[-1][1].append(words)
    for name, values in stated:
        yield from _meanings(name, " ".join(values).strip())


def _meanings(name: str, value: str) -> Iterator[tuple[str, str]]:
    parts = [part.strip() for part in value.split(";") if part.strip()]
    if name == "tag":
        yield from (("tag", SHARE.sub("", part)) for part in parts)
        yield "subject", value
    elif name == "section":
        pages = [part for part in parts if PAGE.fullmatch(part)]
        yield "section", "; ".join(part for part in parts if part not in pages)
        yield "page", "; ".join(pages)
    elif name == "language":
        yield "language", LANGUAGES.get(parts[0].casefold(), value) if parts else value
    else:
        yield name, value
