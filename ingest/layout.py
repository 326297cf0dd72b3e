"""From lines with their place on the page to paragraphs, and from split words to whole ones.

A page description says where each line stands, not where a paragraph ends. The rules are a
typesetter's: a gap, a change of size, an indented or a short line end a paragraph; a jump up
the page is the next column, where a sentence may go on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ingest.directions import RIGHT_TO_LEFT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SPLIT = "\x02"
INITIAL = "\x03"
SPLIT_WORD = re.compile(rf"([^\W_]{{0,80}}){SPLIT}([^\W_]{{0,80}})")
# The first letter of a text, as high as several lines: what may stand around it, and how many a page has.
INITIAL_LETTER = re.compile(r"[\"'“”„«‘‚(]*[^\W\d_]['’]?")
INITIAL_WORD = re.compile(rf"([^\W\d_]['’]?){INITIAL}([^\W_]{{0,80}})")
INITIAL_HEIGHT = 1.6
MOST_INITIALS = 30
WORDS_OF_ONE_LETTER = frozenset("AIOÀÓÉEYUWZАВИКОСУЯЗ")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?…:。！？؟][\"'”’»)\]\d]*$")
LIST_MARK = re.compile(r"(?:[•◦▪‣·*]|\(?\d{1,3}[.)]|\((?:[a-z]|[ivx]{1,5})\)|[a-z]\))\s")
LETTER = re.compile(r"[^\W\d_]")
LEADERS = re.compile(r"(?:\. ?){4,200}\d+$")
OTHER_SIZE = 0.15
MISTOLD_SIZE = 0.3
SPREAD = 1.2
WIDE_GAP = 1.3
INDENT = 0.7
USUAL_PITCH = 1.2
TOUCHING = 0.2  # of the width of a letter, between those of a word


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of print: its text and its box, in points, with y growing upwards.

    A line whose last word goes on in the next ends with the mark `SPLIT`; behind a letter that is as
    high as several lines stands the mark `INITIAL`.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """Return the height of the type, never nothing."""
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How a block is set: its margins, and whether all but first lines are indented."""

    left: float
    right: float
    hanging: bool


def join_lines(lines: Sequence[Line]) -> str:
    """Return a page's text, its paragraphs a blank line apart, each on a line of its own.

    Words split at a line's end keep the mark `SPLIT` for `mend_words`, and words that begin with a
    large letter the mark `INITIAL`.
    """
    paragraphs: list[str] = []
    shown = [_mirrored(line) for line in lines if line.text.strip()]
    for block, goes_on in _blocks(_whole_lines(_with_initials(shown))):
        found = [_join(part) for part in _paragraphs(block)]
        if goes_on and paragraphs and _is_unfinished(paragraphs[-1], found[0]):
            paragraphs[-1] = _join_texts([paragraphs[-1], found.pop(0)])
        paragraphs += found
    return "\n\n".join(paragraphs)


def mend_words(pages: Iterable[str]) -> list[str]:
    """Return texts whose split words are whole, by what the same document does elsewhere.

    `well-` and `known` become `wellknown` only if no `well-known` stands anywhere else; a part
    that begins with a capital or a digit keeps its hyphen. A large first letter is a word of its own only
    where it can be one and the rest is one, or stands for what follows: `A`, above an index's `anchors`,
    or `Q`, before a question that begins with `Why`.
    """
    pages = list(pages)
    if not any(SPLIT in page or INITIAL in page for page in pages):
        return pages
    known = {word.lower() for page in pages for word in WORD.findall(INITIAL_WORD.sub(" ", page))}

    def mend(match: re.Match[str]) -> str:
        first, second = match.groups()
        joined, hyphened = first + second, f"{first}-{second}"
        if not first or not second or joined.lower() in known:
            return joined if first and second else f"{first}-{second}"
        if hyphened.lower() in known or second[0].isupper() or not (first + second).isalpha():
            return hyphened
        return joined

    def complete(match: re.Match[str]) -> str:
        first, second = match.groups()
        alone = second[1:2].islower() and (second[0].isupper() or second[0] == first.lower())
        alone = alone or (first in WORDS_OF_ONE_LETTER and second.lower() in known)
        return f"{first} {second}" if alone and (first + second).lower() not in known else first + second

    return [INITIAL_WORD.sub(complete, SPLIT_WORD.sub(mend, page)) for page in pages]


def _with_initials(lines: list[Line]) -> list[Line]:
    """Return lines with each large first letter before the first line beside it, and no indent beside it."""
    letters = [line for line in lines if INITIAL_LETTER.fullmatch(line.text) and line.text.isupper()]
    if len(letters) > MOST_INITIALS:
        return lines
    for letter in letters:
        beside = [line for line in lines if _stands_beside(letter, line)]
        if beside:
            first = max(beside, key=lambda line: line.top)
            whole = replace(first, text=f"{letter.text}{INITIAL}{first.text}")
            moved = {id(line): replace(whole if line is first else line, left=letter.left) for line in beside}
            lines = [moved.get(id(line), line) for line in lines if line is not letter]
    return lines


def _stands_beside(letter: Line, line: Line) -> bool:
    is_large = letter.height >= INITIAL_HEIGHT * line.height
    is_level = letter.bottom < (line.bottom + line.top) / 2 < letter.top
    is_close = -0.5 < (line.left - letter.right) / line.height < 1.5  # noqa: PLR2004 - what initials have
    return is_large and is_level and is_close and (line.text[0].isalpha() or line.text[0] in "'’")


def _mirrored(line: Line) -> Line:
    """Return a line that runs from right to left as if it ran the other way."""
    if len(RIGHT_TO_LEFT.findall(line.text)) * 2 <= len(LETTER.findall(line.text)):
        return line
    return Line(text=line.text, left=-line.right, right=-line.left, bottom=line.bottom, top=line.top)


def _whole_lines(lines: Iterable[Line]) -> list[Line]:
    """Return lines, with the parts of those joined that the raised mark of a note divides."""
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        if before is None or not _goes_on(before, line):
            whole.append(line)
            continue
        body = max(before, line, key=lambda part: len(part.text))
        space = "" if _touches(before, line, body) else " "
        whole[-1] = Line(
            text=f"{before.text}{space}{line.text}",
            left=before.left,
            right=max(before.right, line.right),
            bottom=body.bottom,
            top=body.top,
        )
    return whole


def _touches(before: Line, line: Line, body: Line) -> bool:
    """Tell whether a part of a line goes on with a word; a number does not go on with that of a note."""
    letter = (body.right - body.left) / len(body.text)
    is_number = before.text[-1].isdigit() and line.text[0].isdigit()
    return line.left - before.right < TOUCHING * letter and not is_number


def _goes_on(before: Line, line: Line) -> bool:
    """Tell whether a part of a line follows another, raised or lowered at most."""
    height = max(before.height, line.height)
    is_level = abs(before.bottom - line.bottom) < height / 2
    return is_level and -height / 3 < line.left - before.right < height


def _blocks(lines: list[Line]) -> Iterator[tuple[list[Line], bool]]:
    """Yield runs of lines of one size and even pitch, and whether each goes on from the last."""
    pitches = [
        before.bottom - line.bottom
        for before, line in pairwise(lines)
        if 0.5 < (before.bottom - line.bottom) / line.height < 2.5  # noqa: PLR2004 - what lines have
    ]
    usual = median(pitches) if pitches else 0.0
    block: list[Line] = []
    goes_on = False
    for line in lines:
        if block and (reason := _breaks(block[-1], line, usual)):
            yield block, goes_on
            block, goes_on = [], reason == "column"
        block.append(line)
    if block:
        yield block, goes_on


def _breaks(before: Line, line: Line, usual: float) -> str:
    """Return why a new block begins with a line, or nothing."""
    height = max(before.height, line.height)
    pitch = before.bottom - line.bottom
    if abs(pitch) < height / 2:  # on the same line, but in another column
        return "beside"
    # Of a scan, lines of one paragraph are told to be of more or less the same size.
    most = MISTOLD_SIZE if _is_unfinished(before.text, line.text) else OTHER_SIZE
    if abs(before.height - line.height) > most * height:
        return "size"
    if pitch < 0:
        return "column"
    return "gap" if pitch > WIDE_GAP * max(usual, USUAL_PITCH * height * 0.8) else ""


def _paragraphs(block: list[Line]) -> Iterator[list[Line]]:
    """Yield the paragraphs of a block, by indented and by short lines."""
    left, right = min(line.left for line in block), max(line.right for line in block)
    indented = sum(line.left > left + INDENT * line.height for line in block)
    style = Style(left=left, right=right, hanging=indented > len(block) / 2)
    paragraph: list[Line] = []
    for line in block:
        if paragraph and _begins(paragraph, line, style):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    yield paragraph


def _begins(paragraph: list[Line], line: Line, style: Style) -> bool:
    before = paragraph[-1]
    if before.text.endswith(SPLIT):
        return False
    if INITIAL in line.text:
        return True
    if _is_row(before) or _is_row(line):
        return True
    if LIST_MARK.match(line.text) and line.left - style.left < 4 * line.height:
        return True
    if _is_centred(before, line) or _is_unfinished(before.text, line.text):
        return False
    indent = INDENT * line.height
    hanging = style.hanging or LIST_MARK.match(paragraph[0].text)
    if line.left > before.left + indent and not hanging:
        return True
    if line.left < before.left - indent and len(paragraph) > 1:
        return True
    return _is_short(before, line, style)


def _is_row(line: Line) -> bool:
    """Tell a line of a table or of contents: a few words far apart, or leading dots."""
    wide = (line.right - line.left) / max(len(line.text), 1) > SPREAD * line.height
    return wide or LEADERS.search(line.text) is not None


def _is_short(before: Line, line: Line, style: Style) -> bool:
    """Tell a line that had room for the first word of the next, so that a paragraph ends."""
    letter = (line.right - line.left) / max(len(line.text), 1)
    word = len(line.text.split(" ", 1)[0]) + 1
    spare = max(0.5 * line.height, 0.03 * (style.right - style.left))
    return before.right + word * letter < style.right - spare


def _is_centred(one: Line, other: Line) -> bool:
    """Tell lines of a centred heading: different margins around the same middle."""
    middle = (one.left + one.right - other.left - other.right) / 2
    return abs(one.left - other.left) > one.height and abs(middle) < one.height / 2


def _is_unfinished(paragraph: str, following: str) -> bool:
    if paragraph.endswith(SPLIT):
        return True
    return not SENTENCE_END.search(paragraph) and following[:1].islower()


def _join(lines: list[Line]) -> str:
    return _join_texts(line.text for line in lines)


def _join_texts(texts: Iterable[str]) -> str:
    """Return lines as one, with a space between them unless a word goes on."""
    joined = " ".join(" ".join(text.split()) for text in texts)
    return joined.replace(f"{SPLIT} ", SPLIT)
