"""Pasted or typed text: paragraphs, and the headline, by-line and date above them."""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from ingest.model import Field
from ingest.normalize.by_lines import SENTENCE_END, by_line
from ingest.normalize.dates import parse_date
from ingest.normalize.line_ends import join_lines, words_of
from ingest.normalize.mail_heads import read_mail_head
from ingest.normalize.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n+")
QUOTED = re.compile(r"^\s*+(?:> ?)++")
DEEPEST_QUOTED = 20  # what lies much deeper is not rendered
STATED = re.compile(
    r"(?:(?:first )?published|posted|updated|date|veröffentlicht|erschienen|datum|publicad[oa]|publiée?|fecha"
    r"|data|pubblicato|gepubliceerd|publicerad|opublikowano|опубликовано|опубліковано|дата|yayın tarihi"
    r"|تاريخ النشر|发布时间|發布時間|日期|掲載日)"
    r"(?:\s+(?:on|at|am|el|le|den|em|il|op))?\s*[:：]?\s*(.+)$",
    re.IGNORECASE,
)
DATELINE = re.compile(
    r"^(?P<place>(?:[A-ZÀ-ÞА-Я][\w.'’-]*[ ,]+){1,5}?)"
    r"(?P<date>[\w.]+ \d{1,2},? \d{4}|\d{1,2}\.? (?:de )?[\w.]+ (?:de )?\d{4})"
    r"\s*(?:\([^)]{2,30}\))?\s*[-–—:]"
)
# The place and day that many papers print on a line of their own: `Berlin, 10. November 1989`.
PLACED = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*[ ]?){1,4}(?:\([^)]{2,20}\))?[,،]\s+(.+)")
# What stands between by-line and date where both are on one line.
BETWEEN = re.compile(r"\s*[,،|·•]\s+|\s+[–—-]\s+")
LINKED = re.compile(r"https?://\S+$")
ADDRESS = re.compile(r"https?://\S+")
LONGEST_TITLE = 140
LONGEST_LINE_WRAPPED = 100
LEAST_LINES_WRAPPED = 3
LEAST_COLUMN = 40
LEAST_COLUMN_OF_MAIL = 60
MOST_LINES_LINKED = 0.34
POINT = re.compile(r"( *)(?:[-*•–]|\d{1,3}[.)]) +(?=\S)")
MOST_HEAD_LINES = 7
# A line within the head of a text is followed by another of the head and by the text itself.
LEAST_BELOW, LONGEST_DECK, LONGEST_PAPER = 3, 250, 60


def read_plain(content: str, *, quoting: bool = False) -> tuple[str, tuple[Field, ...]]:
    """Return pasted text as Markdown and the fields stated above it.

    The first line is the title unless it is a sentence of the article. By-line, date and
    address are taken from the lines right below; a dateline stays in the text. A mail that was
    pasted has a head instead. With `quoting`,
    lines that begin with `>` are quotations.
    """
    paragraphs = split_paragraphs(content, quoting=quoting)
    fields, lines = read_mail_head(paragraphs)
    if 0 < lines < len(paragraphs):
        return _as_markdown(paragraphs[lines:], quoting=quoting), tuple(fields)
    fields = []
    if (title := _title(paragraphs)) and not (quoting and _quoted_depth(title)):
        fields.append(Field(name="title", value=title, origin="first line"))
        paragraphs = paragraphs[1:]
    kept: list[str] = []
    for paragraph in paragraphs[:MOST_HEAD_LINES] if fields else []:
        stated = _head_fields(paragraph)
        if (not stated and not _stands_within(paragraphs, kept, fields)) or len(paragraphs) == 1:
            break
        fields += stated
        paragraphs = paragraphs[1:]
        if not stated or stated[0].origin == "dateline":
            kept.append(paragraph)
    paragraphs = kept + paragraphs
    if paragraphs and (dateline := DATELINE.match(paragraphs[0][:LONGEST_TITLE])):
        fields.append(Field(name="published", value=dateline["date"], origin="dateline"))
    return _as_markdown(paragraphs, quoting=quoting), tuple(fields)


def _stands_within(paragraphs: list[str], kept: list[str], fields: Sequence[Field]) -> bool:
    """Tell a line of text among those that state something: a deck above the by-line, a paper below it."""
    if kept or len(paragraphs) < LEAST_BELOW:
        return False
    named = {field.name for field in _head_fields(paragraphs[1])}
    if any(field.name == "author" for field in fields):
        return "published" in named and len(paragraphs[0]) <= LONGEST_PAPER
    return "author" in named and len(paragraphs[0]) <= LONGEST_DECK


def write_paragraphs(content: str, *, quoting: bool = False) -> str:
    """Return all of a text as Markdown, what stands above it included."""
    return _as_markdown(split_paragraphs(content, quoting=quoting), quoting=quoting)


def _as_markdown(paragraphs: list[str], *, quoting: bool) -> str:
    pieces = []
    for depth, group in groupby(paragraphs, key=_quoted_depth if quoting else lambda _: 0):
        marks = "> " * depth
        escaped = (marks + escape(QUOTED.sub("", each) if depth else each) for each in group)
        pieces.append(f"\n{marks.rstrip()}\n".join(escaped))
    return "\n\n".join(pieces)


def split_paragraphs(content: str, *, quoting: bool = False) -> list[str]:
    """Return the paragraphs, whether set apart by blank lines, by line ends, or hard-wrapped.

    Lines within a block are one paragraph when they look wrapped at a column: all but the
    last long and of much the same length, none over 100 characters. With `quoting`, those of a
    quotation are apart, each with as many `>` as its lines have.
    """
    if not quoting:
        return _split(content)
    paragraphs = []
    for depth, lines in groupby(content.split("\n"), key=_quoted_depth):
        unmarked = "\n".join(QUOTED.sub("", line) for line in lines)
        paragraphs += ["> " * depth + paragraph for paragraph in _split(unmarked, is_mail=True)]
    return paragraphs


def _quoted_depth(line: str) -> int:
    marks = QUOTED.match(line)
    return min(marks[0].count(">"), DEEPEST_QUOTED) if marks else 0


def _split(content: str, *, is_mail: bool = False) -> list[str]:
    known = cache(partial(words_of, content))
    blocks = [part for block in PARAGRAPH_BREAK.split(content.strip()) for part in _points(block.strip("\n"))]
    paragraphs: list[str] = []
    for block in blocks:
        lines = [" ".join(line.split()) for line in block.split("\n") if line.strip()]
        head = 0 if paragraphs else _lines_of_head(lines)
        paragraphs += lines[:head]
        lines = lines[head:]
        if _is_wrapped(lines):
            paragraphs.append(join_lines(lines, known))
        else:
            parts = _parts_of_mail(lines) if is_mail else [[line] for line in lines]
            paragraphs += [join_lines(part, known) for part in parts]
    return paragraphs


def _points(block: str) -> list[str]:
    """Return a block whole, unless points of a list in it are wrapped: then each point apart, as one line.

    What goes on with a point is set in below it, and begins as no new line would.
    """
    parts: list[list[str]] = [[]]
    lines = block.expandtabs().split("\n")
    column = max(LEAST_COLUMN, *map(len, lines))
    mark, is_wrapped = None, False
    for above, line in pairwise(["", *lines]):
        words = line.strip()
        set_in = mark is not None and len(line) - len(line.lstrip()) > len(mark[1])
        if point := POINT.match(line):
            parts.append([line])
            mark = point
        elif set_in and words and (words[0].islower() or _is_full(above, words.split(" ", 1)[0], column)):
            parts[-1][-1] += f" {words}"
            is_wrapped = True
        elif mark:
            parts.append([line])
            mark = None
        else:
            parts[-1].append(line)
    return ["\n".join(part) for part in parts if part] if is_wrapped else [block]


def _parts_of_mail(lines: list[str]) -> list[list[str]]:
    """Return the paragraphs of lines of which some are wrapped, as below a greeting or a question.

    Each but a wrapped line must end as sentences and greetings do; else all lines stand alone.
    """
    column = max(map(len, lines), default=0)
    alone = [[line] for line in lines]
    if not LEAST_COLUMN_OF_MAIL <= column <= LONGEST_LINE_WRAPPED:
        return alone
    parts = alone[:1]
    for line, after in pairwise(lines):
        is_open = not SENTENCE_END.search(line) and not line.endswith((":", ",", ";"))
        goes_on = is_open or (after[0].islower() and not line.endswith(":"))
        if goes_on and _is_full(line, after.split(" ", 1)[0], column):
            parts[-1].append(after)
        elif is_open:
            return alone
        else:
            parts.append([after])
    return parts


def _lines_of_head(lines: list[str]) -> int:
    """Return how many lines are a headline and what stands right below it, a by-line among that.

    A by-line of its own line has a capital; without one it goes on with a sentence.
    """
    count = 1
    names = set()
    while count < len(lines) and not lines[count][0].islower() and (stated := _head_fields(lines[count])):
        names |= {field.name for field in stated}
        count += 1
    return count if "author" in names else 0


def _is_wrapped(lines: list[str]) -> bool:
    """Tell hard-wrapped prose: no line could have taken the first word of the next.

    An address cannot be broken, so it may reach beyond the column, or leave the line before it
    short; but many make a list of links.
    """
    if len(lines) < 2 or _is_many(map(ADDRESS.fullmatch, lines), lines) or by_line(lines[0]):  # noqa: PLR2004 - a pair
        return False
    many = _is_many(map(ADDRESS.search, lines), lines)
    column = max(len(line if many else ADDRESS.sub("", line)) for line in lines)
    full = sum(_is_full(line, after.split(" ", 1)[0], column) for line, after in pairwise(lines))
    # Narrower than the least, it is a list.
    return full >= 0.8 * (len(lines) - 1) and LEAST_COLUMN <= column <= LONGEST_LINE_WRAPPED


def _is_many(found: Iterable[object], lines: list[str]) -> bool:
    return sum(map(bool, found)) > max(1, MOST_LINES_LINKED * len(lines))


def _is_full(line: str, word: str, column: int) -> bool:
    is_address = ADDRESS.match(word) is not None
    return len(line) + 1 + len(word) > column - 2 and (is_address or len(line) >= column / 2)


def _title(paragraphs: list[str]) -> str | None:
    """Return the first line if it is a headline: short, not a sentence, not a head field."""
    if len(paragraphs) < 2 or len(paragraphs[0]) > LONGEST_TITLE:  # noqa: PLR2004 - needs a body
        return None
    first = paragraphs[0]
    if SENTENCE_END.search(first) and not first.endswith(("?", "!")):
        return None
    if DATELINE.match(first) or _head_fields(first) or first.endswith((":", ",", ";")):
        return None
    return first


def _head_fields(line: str) -> tuple[Field, ...]:
    """Return what a line under a headline states: a by-line, a date, both, or an address."""
    if len(line) > LONGEST_TITLE:
        return ()
    for mark in BETWEEN.finditer(line):
        for named, dated in (
            (line[: mark.start()], line[mark.end() :]),
            (line[mark.end() :], line[: mark.start()]),
        ):
            # Dates are looked for beside a by-line alone, since that takes a hundred times as long.
            author = by_line(named)
            day = _head_field(dated) if author else None
            if author and day and day.origin == "date line":
                return Field(name="author", value=author, origin="by-line"), day
    stated = _head_field(line)
    return (stated,) if stated else ()


def _head_field(line: str) -> Field | None:
    if author := by_line(line):
        return Field(name="author", value=author, origin="by-line")
    if LINKED.match(line):
        return Field(name="url", value=line, origin="text")
    stated = STATED.match(line)
    value = stated[1] if stated else line
    if parse_date(value):
        return Field(name="published", value=value, origin="date line")
    placed = PLACED.fullmatch(line)
    if placed and (day := parse_date(placed[1])) and day[1] in {"day", "minute"}:
        return Field(name="published", value=placed[1], origin="dateline")
    return None
