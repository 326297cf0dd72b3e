"""Reads the date and the by-line that a page prints around its headline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.etree

from ingest.calendars import MONTH_PATTERN, western_digits
from ingest.model import Field
from ingest.normalize.blocks import letters
from ingest.normalize.by_lines import ALONE, JOINING, by_line, linked_authors
from ingest.normalize.dates import CHARACTERS, DAY_AND_MONTH
from ingest.normalize.plain import DATELINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from ingest.normalize.blocks import Block

GROUP = re.compile(r"\(\?P<\w+>")
MONTHS = rf"(?:{MONTH_PATTERN})\.?"
WRITTEN, IN_CHARACTERS = (GROUP.sub("(?:", pattern) for pattern in (DAY_AND_MONTH, CHARACTERS))
DATE = re.compile(
    rf"""\b(?:{MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d
        |\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{MONTHS},?\s+(?:19|20)\d\d
        |(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}
        |\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19|20)\d\d
        |{WRITTEN}
        |\d{{1,2}}\.?\s+(?:de\s+)?[^\W\d_]{{3,10}}\.?\s+(?:de\s+)?(?:19|20)\d\d)(?!\d)
        |{IN_CHARACTERS}""",
    re.VERBOSE | re.IGNORECASE,
)
ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|\bof\b")
CHANGED = re.compile(
    r"(?i)(?:\b(?:updated?|modified|revised|edited|reviewed|aktualisiert|stand|geändert|mis(?:e)? à jour"
    r"|modifié|actualizad[oa]|modificad[oa]|atualizad[oa]|aggiornat[oa]|bijgewerkt|gewijzigd|uppdaterad"
    r"|opdateret|oppdatert|zaktualizowan[oay]|aktualizacja|aktualizováno|обновлено|изменено|оновлено"
    r"|ενημέρωση|ενημερώθηκε|güncelleme|güncellendi)\b|آخر تحديث|تحديث|更新|수정)[^.]{0,20}$"
)
NAME = (
    r"[^\W\d_a-z][\w.'’-]*(?:[ ](?:(?:de|da|del|van|von|der|den|la|le|bin|al)[ ])*[^\W\d_a-z][\w.'’-]*){0,3}"
)
BY_LINE = re.compile(
    rf"(?m)(?:^|[|•·—–]\s*|\b(?:[Ww]ritten|[Pp]osted|[Pp]ublished|[Aa]uthored)\s)\s*(?:[Bb]y|BY|Author)\b:?\s*"
    rf"({NAME}(?:(?:,|\s+and|\s*&|,\s+and)\s+{NAME})*)"
)
NAMED_AUTHOR = re.compile(r"(?i)(?:\b|_)(?:author|byline|contributor|writer)s?(?:\b|[-_]*(?:name|link))")
NAMED_DATE = re.compile(
    r"(?i)(?:\b|[-_])(?:pub|publish\w*|post(?:ed)?|entry|article|meta)?[-_]?(?:date|timestamp)\b"
)
NOT_NAMED_AUTHOR = re.compile(r"(?i)bio\b|avatar|about|social|box|desc|image|photo|related|comment")
AFTER_NAME = re.compile(
    r"(?i)\s*(?:[|•·(]|\b(?:on|in|for|updated|published|posted|last|min|is|has|staff writer)\b"
    rf"|\d|\b{MONTHS}\s\d).*$"
)
# Between a by-line and what stands on the same line: a day, a place, another's part.
BESIDE = re.compile(r"\s*[|•·]\s*|\s+[—–]\s+")
BREAK = "\x1e"  # no page has it
LONGEST_LINE = 160
LONGEST_NAME = 60
BEFORE, AFTER = 8, 14
MOST_IN_BY_LINE = 8
LONG_PARAGRAPH = 200


def read_head(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Field]:
    """Yield dates and authors printed around the headline, and the day with which the text begins."""
    lines = _around_headline(blocks, titles)
    for block in lines:
        yield from _dates(block)
    marked = {
        match[0]
        for block in blocks
        if _is_marked_date(block) and (match := DATE.search(western_digits(block.text)))
    }
    if len(marked) == 1:  # several are those of other articles
        yield Field(name="published", value=ORDINAL.sub("", marked.pop()), origin="date markup")
    opening = next((block for block in blocks if block.kept and block.length > LONG_PARAGRAPH // 2), None)
    if opening and (dateline := DATELINE.match(" ".join(opening.text[:LONGEST_LINE].split()))):
        yield Field(name="published", value=dateline["date"], origin="dateline")
    for place, block in enumerate(lines):
        if author := _author(block) or _author_below(lines[place:]):
            yield Field(name="author", value=author, origin="near title")
            return


def _dates(block: Block) -> Iterator[Field]:
    """Yield the dates of a line, each in the form for machines where its page gives that too."""
    text = western_digits(block.text)
    exact = {western_digits("".join(each.itertext())): each for each in block.element.iter("time")}
    exact = {printed: each for printed, each in exact.items() if (each.get("datetime") or "").strip()}
    for stated in DATE.finditer(text):
        marked = next((printed for printed in exact if stated[0] in printed), None)
        value = exact.pop(marked).get("datetime", "").strip() if marked else ORDINAL.sub("", stated[0])
        changed = CHANGED.search(text[: stated.start()])
        yield Field(name="published", value=value, origin="updated line" if changed else "near title")
    for printed, element in exact.items():  # what is printed may be `3 hours ago`
        changed = CHANGED.search(text[: max(0, text.find(printed.strip()))])
        origin = "updated line" if changed else "near title"
        yield Field(name="published", value=element.get("datetime", "").strip(), origin=origin)


def _is_marked_date(block: Block) -> bool:
    if len(block.text) > LONGEST_NAME:
        return False
    named = (block.element, block.element.getparent(), *block.element)
    return any(NAMED_DATE.search(element.get("class") or "") for element in named if element is not None)


def _around_headline(blocks: Sequence[Block], titles: Sequence[str]) -> list[Block]:
    """Return the short lines around the headline, up to the second long paragraph below it."""
    keys = {letters(title) for title in titles}
    headlines = [index for index, block in enumerate(blocks) if block.key in keys]
    ranked = [index for index in headlines if blocks[index].element.tag == "h1"] or headlines
    kept = [index for index, block in enumerate(blocks) if block.kept]
    # The name of a site, and a title in its menu, may stand above the headline.
    above_text = [index for index in ranked if kept and index <= kept[0]]
    start = next(iter(above_text[-1:] or ranked or kept), None)
    if start is None:
        return []
    end = max(kept, default=len(blocks))
    below: list[Block] = []
    long = 0
    for block in blocks[start + 1 : min(start + AFTER, max(start, end)) + 1]:
        long += block.length > LONG_PARAGRAPH
        if long > 1:
            break
        below.append(block)
    above = blocks[max(0, start - BEFORE) : start][::-1]
    own = set(blocks[start].element.iterancestors("header"))
    return [
        block for block in (*below, *above) if len(block.text) <= LONGEST_LINE and not _is_beside(block, own)
    ]


def _is_beside(block: Block, own: set[HtmlElement]) -> bool:
    """Tell what stands beside an article or in the head of its site, which may print the day of today."""
    frame = block.element.iterancestors("aside", "footer", "nav", "header")
    return any(element not in own for element in frame)


def _lines(element: HtmlElement) -> list[str]:
    """Return the text of an element by its lines, which a break may part, as between a name and an office."""
    parts = []
    for event, inner in lxml.etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts += [BREAK if inner.tag == "br" else " ", inner.text or ""]
        elif inner is not element:
            parts += [" ", inner.tail or ""]
    lines = (" ".join(line.split()) for line in "".join(parts).split(BREAK))
    return [line for line in lines if line]


def _author_below(lines: Sequence[Block]) -> str | None:
    """Return the names in the blocks after one that only says `By`."""
    first, *rest = (" ".join(block.text.split()) for block in lines[:MOST_IN_BY_LINE])
    if not rest or not ALONE.fullmatch(first):
        return None
    end = 1
    while end + 1 < len(rest) and (rest[end] == "," or rest[end].lower() in JOINING):
        end += 2
    return by_line(" ".join((first, *rest[:end])).replace(" , ", ", "))


def _author(block: Block) -> str | None:
    if linked := linked_authors(block.element):
        return ", ".join(linked)
    lines = [part for line in _lines(block.element) for part in BESIDE.split(DATE.sub(" | ", line)) if part]
    if match := BY_LINE.search("\n".join(lines)):
        return AFTER_NAME.sub("", " ".join(match[1].split())).strip(" ,")
    if found := next(filter(None, map(by_line, lines)), None):
        return found
    named = (block.element, *block.element.iter("a"), block.element.getparent())
    for element in named:
        attributes = (
            f"{element.get('class') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
        )
        if NAMED_AUTHOR.search(attributes) and not NOT_NAMED_AUTHOR.search(attributes):
            text = " ".join(" ".join(element.itertext()).split())
            name = AFTER_NAME.sub("", text).strip(" ,")
            if name and len(name) <= LONGEST_NAME:
                return name
    return None
