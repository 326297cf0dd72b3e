"""Text exports of ProQuest: an article for every document of a download."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode, head_of_lines
from ingest.model import Field, Item, Problem, RawDocument
from ingest.readers.nexis import LANGUAGES, NO_BODY, split_at_empty_lines, write_paragraphs
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EDGE = re.compile(r"^[ \t\f]*(?:_{20,}|Document \d{1,6} of \d{1,6})[ \t]*$", re.MULTILINE)
TOP = re.compile(rb"\s*(?:_{20,}|Document 1 of \d{1,6})[ \t]*(?=\n)")
OF_DOCUMENTS = re.compile(
    r"^(?:(?:Publication info|ProQuest document ID|Publication title):|ProQuest document link\b)",
    re.MULTILINE,
)
CERTAIN = re.compile(OF_DOCUMENTS.pattern.encode(), re.MULTILINE)
OF_EXPORTS = re.compile(
    r"\s*(?:Contact us at|Database copyright|Table of contents|Bibliography\b)", re.IGNORECASE
)
LABEL = re.compile(r"([A-Z][A-Za-z/&' -]{1,40}?)[ \t]?:(?:[ \t]+(.*))?")
TEXT = re.compile(r"(?:Full [Tt]ext[ \t]?:|FULL TEXT$)[ \t]*(.*)")
MEANING = {
    "title": "title",
    "author": "author",
    "abstract": "description",
    "publication title": "source",
    "publication date": "published",
    "section": "section",
    "subject": "subject",
    "language of publication": "language",
    "document url": "url",
}
# What may stand below a text and above the title that is stated there once more.
ABOVE_TITLE = re.compile(
    r"(?:Subject|Location|People|Company / organization|Business indexing term|Identifier / keyword"
    r"|Identifiers?|Classification|Credit|Illustration|Correction|Supplement|Product name)[ \t]?:"
)
OF_HEADS = re.compile(r"(?:Author|Publication info|Abstract|Links)[ \t]?:|ProQuest document link")
# Such a line leads to the document, and another to where it is kept.
LINK = re.compile(r"ProQuest document link\b|(?=https?://)")
EDITION = re.compile(r", ([^,]*\bedition\b.*)", re.IGNORECASE)
PLACE = re.compile(r"(.{2,80}?)(?: ?;| ?\[|, )")
DAY = re.compile(r"\b\d{1,2} [A-Z][a-z]{2,8} (?:1[5-9]|20)\d\d\b")
NONE = re.compile(r"(?:none|not|no text) available\.?|undefined", re.IGNORECASE)
# A line longer than this is a paragraph, and then every line is.
UNWRAPPED = 160
A_NOTICE = "what an export says of itself: its table of contents, or whose the database is"


def is_export(head: bytes) -> bool:
    """Tell an export by the line above its first document, and a label below it that others do not have."""
    head = head_of_lines(head)
    top = TOP.match(head)
    return top is not None and CERTAIN.search(head, top.end()) is not None


@reader(
    name="proquest",
    version="1",
    suffixes=(),
    media_types=("text/x-proquest",),
    recognise=is_export,
    keeps="each document of a text export, told by a line of `____` or `Document 1 of 20`: title, authors,"
    " date, publication, section, subjects, abstract, address, every other label as a field",
    loses="nothing; what the export says of itself is listed as skipped",
)
def read_proquest(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each document by its place; what stands between them without a label is an article as well.

    A doubt about the charset is told of the first; one without text is an article with a warning.
    """
    content, doubts = decode(source.read(), item.hint.charset)
    parts = (part for part in EDGE.split(content.replace("\f", "\n")) if part.strip())
    for number, part in enumerate(parts, start=1):
        locator = f"{item.locator}#{number}"
        if OF_DOCUMENTS.search(part):
            yield _document(locator, part.split("\n"), doubts)
        elif OF_EXPORTS.match(part):
            yield Item(locator=locator, skip=A_NOTICE)
            continue
        else:
            yield RawDocument(locator=locator, format="text", content=part, problems=doubts)
        doubts = ()


def _document(locator: str, lines: Sequence[str], problems: tuple[Problem, ...]) -> RawDocument:
    start = next((place for place, line in enumerate(lines) if TEXT.match(line)), len(lines))
    stop = _text_end(lines, start)
    stated = [*_read_head(lines[:start]), *_read_labels(lines[stop:])]
    text = [TEXT.sub(r"\1", lines[start], count=1), *lines[start + 1 : stop]] if start < stop else []
    if NONE.fullmatch(" ".join(" ".join(text).split())):
        text = []
    fields = [field for name, value in stated for field in _fields(name, value)]
    abstract = [field.value for field in fields if field.name == "description"]
    blocks = list(_blocks(text)) or [[each] for each in abstract]
    return RawDocument(
        locator=locator,
        format="document",
        content=write_paragraphs(blocks),
        fields=tuple(fields),
        problems=problems if any(line.strip() for line in text) else (*problems, NO_BODY),
    )


def _text_end(lines: Sequence[str], start: int) -> int:
    """Return where the text ends: at the labels above the last `Title:` that `Publication title:` follows.

    Within a text, as in a review, a line may begin with `Title:` too.
    """
    names = [(place, line.partition(":")[0]) for place, line in enumerate(lines) if place > start]
    named = [place for place, name in names if name == "Publication title"]
    numbers = [place for place, name in names if name == "ProQuest document ID"]
    stop = (named or numbers or [len(lines)])[-1]
    if named:
        stop = max((place for place, name in names if name == "Title" and place < stop), default=stop)
    above = stop
    while above > start + 1:
        above -= 1
        if ABOVE_TITLE.match(lines[above]):
            stop = above
        elif lines[above].strip():
            break
    return stop


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    if max(map(len, lines), default=0) <= UNWRAPPED:
        yield from split_at_empty_lines(lines)
    else:
        yield from ([line.strip()] for line in lines if line.strip())


def _read_head(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands above a text: its title, which may have a colon, then lines with labels."""
    first = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    below = first
    while below < len(lines) and lines[below].strip() and not OF_HEADS.match(lines[below]):
        below += 1
    yield "headline", " ".join(" ".join(lines[first:below]).split())
    yield from _read_labels(lines[below:])


def _read_labels(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what lines with labels state; what has none goes on with the one above."""
    label, values = "", list[str]()
    for line in (*lines, "End:"):
        if begun := _begin(line.strip()):
            if value := " ".join(" ".join(values).split()):
                yield label, value
            label, values = begun[0], [begun[1]]
        else:
            values.append(line.strip())


def _begin(line: str) -> tuple[str, str] | None:
    """Return the label of a line, and what stands behind it; None where it goes on with the one above."""
    if found := LABEL.fullmatch(line):
        return " ".join(found[1].lower().split()), found[2] or ""
    link = LINK.match(line)
    return ("linked", line[link.end() :]) if link else None


def _fields(label: str, value: str) -> Iterator[Field]:
    """Yield what a label states, by names that are known where there are such."""
    for name, each in _meanings(MEANING.get(label, label or "note"), value):
        if each and not NONE.fullmatch(each):
            yield Field(name=name, value=each, origin="proquest")


def _meanings(name: str, value: str) -> Iterator[tuple[str, str]]:
    parts = [part.strip() for part in value.split(";") if part.strip()]
    if name == "author":
        yield from (("author", _given_name_first(part)) for part in parts)
    elif name == "subject":
        yield from (("tag", part) for part in parts)
        yield "subject", value
    elif name == "source":
        edition = EDITION.search(parts[0]) if parts else None
        yield "source", parts[0][: edition.start()] if edition else parts[0] if parts else value
        yield "edition", edition[1] if edition else ""
        yield "publication title", value if len(parts) > 1 else ""
    elif name == "publication info":
        # Stated in other words below, but for exports of abstracts alone.
        yield "publication info", value
        if place := PLACE.match(value):
            yield "publication", place[1]
        if day := DAY.search(value):
            yield "pubdate", day[0]
    elif name == "language":
        yield "language", LANGUAGES.get(value.casefold(), value)
    else:
        yield name, value


def _given_name_first(name: str) -> str:
    """Return `Brandt, Ida` as `Ida Brandt`."""
    surname, _, given = name.rstrip(".").partition(", ")
    return f"{given} {surname}" if given and "," not in given else name
