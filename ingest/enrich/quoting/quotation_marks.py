"""Finds what stands between quotation marks, in every common style, nested and over paragraphs.

What is found here is only marked text: whether it is somebody's words is decided elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What may close a mark; where two pairs share an opening, the first closing that comes decides.
CLOSED_BY = {
    "“": '”"',
    "„": "“”",
    "‟": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "``": "''",
    "''": "''",
    '"': '"”',
    "”": "”",
}
MARK = re.compile(r"``|(?<!')''(?!')|[“”„‟\"«»‹›「」『』]")
CURLY = re.compile("[“”]")
SINGLE = re.compile(r"[‘’‚]|(?<!')'(?!')")
PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
BEFORE_OPENING = frozenset(" \t\n\r\u00a0\u202f\u2009([{:—–-/\"“„«»‹›‘'‚*_|")
SURE_ENDING = frozenset(".,!?;:…—–-")
AFTER_CLOSING = frozenset(" \t\n\r\u00a0\u202f)]}.,!?;:…—–-/\"”“«»*_|'’")
ELISIONS = re.compile(
    r"(?:tis|twas|twere|twill|em|til|till|cause|bout|round|n|im|er|ere|\d\ds?)\b", re.IGNORECASE
)
LONGEST_SINGLE = 5000
LONGEST_OVER_PARAGRAPHS = 3000


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """Text between marks: `start` and `end` without them, `outer_start` and `outer_end` with them.

    `single` tells of marks that may be apostrophes too.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    single: bool = False


@dataclass(slots=True)
class _Open:
    """A mark that waits for its end."""

    mark: str
    place: int
    inner: int


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the spans of the paragraphs, which blank lines part."""
    spans = []
    start = 0
    for gap in PARAGRAPH.finditer(text):
        spans.append((start, gap.start()))
        start = gap.end()
    return [*spans, (start, len(text))]


def find_marked(text: str) -> list[Marked]:
    """Return the outermost spans between quotation marks, in order, not overlapping.

    A quotation of several paragraphs, each of which opens with a mark or only the first does, and the
    last of which alone closes, is one span. A mark without its other half is passed over.
    """
    blocks = paragraphs(text)
    double = _outermost(list(_pairs(text, blocks)))
    single = list(_singles(text, blocks))
    return _outermost(_without_crossing(double, single))


def _outermost(spans: list[Marked]) -> list[Marked]:
    """Return the spans that lie in no other one."""
    kept: list[Marked] = []
    for span in sorted(spans, key=lambda each: (each.outer_start, -each.outer_end)):
        if not kept or span.outer_start >= kept[-1].outer_end:
            kept.append(span)
    return kept


def _without_crossing(double: list[Marked], single: list[Marked]) -> list[Marked]:
    """Return all spans but the single-marked ones that lie half in a double-marked one."""
    starts = [each.outer_start for each in double]
    ends = [each.outer_end for each in double]

    def around(place: int) -> int:
        """Return which double-marked span a place lies in, -1 if none."""
        index = bisect_right(starts, place) - 1
        return index if index >= 0 and place < ends[index] else -1

    whole = [each for each in single if around(each.outer_start) == around(each.outer_end - 1)]
    return [*double, *whole]


def _pairs(text: str, blocks: list[tuple[int, int]]) -> Iterator[Marked]:
    """Yield what stands between marks that are never apostrophes."""
    waiting: list[_Open] = []
    curly = [each.start() for each in CURLY.finditer(text)]
    close = 0
    for start, end in blocks:
        if waiting and close <= start:
            close = _later_close(text, start, waiting[0])
        waiting = waiting[:1] if close > start else _continued(text, start, waiting)
        begun = start
        if waiting and (again := _opening_at(text, start)):
            begun = start + len(again)
        for match in MARK.finditer(text, begun, end):
            mark, place = match[0], match.start()
            within = mark == '"' and _is_within_curly(text, curly, match.end(), end)
            closes = _closes(text, match, waiting, within_curly=within)
            if closes is not None:
                opening = waiting[closes]
                del waiting[closes:]
                yield Marked(
                    start=opening.inner,
                    end=place,
                    outer_start=opening.place,
                    outer_end=match.end(),
                )
            elif mark in CLOSED_BY and _may_open(text, match):
                waiting = [each for each in waiting if each.mark != mark]
                waiting.append(_Open(mark=mark, place=place, inner=match.end()))


def _continued(text: str, start: int, waiting: list[_Open]) -> list[_Open]:
    """Return the mark that stays open into the paragraph, since that begins with it anew."""
    again = _opening_at(text, start)
    if not waiting or again is None:
        return []
    first = waiting[0]
    same = again == first.mark or (again == "»" and first.mark == "«")
    return [first] if same else []


def _later_close(text: str, start: int, opening: _Open) -> int:
    """Return the end of the mark that closes one left open in a paragraph before; 0 if none does.

    It is the next mark of all, behind a word: where a paragraph opens anew, see `_continued`.
    """
    match = MARK.search(text, start + 1, max(start + 1, opening.place + LONGEST_OVER_PARAGRAPHS))
    if match is None or match[0] not in CLOSED_BY[opening.mark]:
        return 0
    behind = not text[match.start() - 1].isspace() and not text[match.end() : match.end() + 1].isalnum()
    return match.end() if behind and _opening_at(text, start) is None else 0


def _opening_at(text: str, start: int) -> str | None:
    match = MARK.match(text, start)
    return match[0] if match else None


def _is_within_curly(text: str, curly: list[int], start: int, end: int) -> bool:
    """Tell whether the next curly mark closes: `“It is 6" wide,” she said`, a straight one within."""
    following = _first(curly, start, end)
    return following is not None and text[following] == "”"


def _closes(text: str, match: re.Match[str], waiting: list[_Open], *, within_curly: bool) -> int | None:
    """Return which waiting mark this one closes, if any."""
    mark = match[0]
    for index in range(len(waiting) - 1, -1, -1):
        opening = waiting[index]
        if mark not in CLOSED_BY[opening.mark] or match.start() == opening.inner:
            continue
        if within_curly and opening.mark == "“":
            continue
        if mark == '"' and _must_open(text, match):
            return None
        return index
    return None


def _must_open(text: str, match: re.Match[str]) -> bool:
    """Tell whether a straight mark can only open: a space before it and a letter after."""
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    return before.isspace() and after.isalnum()


def _may_open(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    after = text[match.end() : match.end() + 1]
    if match[0] in "“„‟「『«‹":
        return True
    if match[0] in "»›":
        return not before or before in BEFORE_OPENING
    if match[0] in {"”", "''"}:
        return (not before or before in BEFORE_OPENING) and after.isalnum()
    return not before or before in BEFORE_OPENING


def _singles(text: str, blocks: list[tuple[int, int]]) -> Iterator[Marked]:
    """Yield what stands between single marks, apostrophes told from them by what is beside them.

    An opening takes the first mark before the next opening that follows a full stop or the like,
    else the first that is no apostrophe within a word.
    """
    for start, end in blocks:
        matches = list(SINGLE.finditer(text, start, end))
        if len(matches) < 2:  # noqa: PLR2004 - a pair
            continue
        openings = [each.start() for each in matches if _opens_single(text, each)]
        closings = [each.start() for each in matches if _closes_single(text, each)]
        sure = [place for place in closings if text[_last_visible(text, place)] in SURE_ENDING]
        done = start
        for index, place in enumerate(openings):
            if place < done:
                continue
            bound = _bound(openings, index, end, text)
            close = _first(sure, place + 2, bound)
            close = _first(closings, place + 2, bound) if close is None else close
            if close is None or close - place > LONGEST_SINGLE:
                continue
            yield Marked(start=place + 1, end=close, outer_start=place, outer_end=close + 1, single=True)
            done = close + 1


def _bound(openings: list[int], index: int, end: int, text: str) -> int:
    """Return where the search for the other half ends: at the next opening of the same sort."""
    for following in openings[index + 1 : index + 3]:
        if text[following] == text[openings[index]]:
            return following
    return end


def _first(places: list[int], least: int, bound: int) -> int | None:
    index = bisect_left(places, least)
    return places[index] if index < len(places) and places[index] < bound else None


def _last_visible(text: str, place: int) -> int:
    """Return the place of the character before, over one space, as tokenised text has it."""
    before = place - 1
    return before - 1 if before > 0 and text[before] == " " else max(before, 0)


def _opens_single(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1 : match.start()] if match.start() else ""
    after = text[match.end() : match.end() + 1]
    if match[0] == "’" or (before and before not in BEFORE_OPENING):
        return False
    if ELISIONS.match(text, match.end()) and match[0] == "'":
        return False
    return bool(after) and not (
        after.isspace() and match[0] == "'" and text[match.end() + 1 : match.end() + 2].islower()
    )


def _closes_single(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 1]
    before = text[match.start() - 1 : match.start()]
    if match[0] == "‚" or (
        match[0] == "‘" and not before.isspace() and not before.isalnum() and before not in SURE_ENDING
    ):
        return False
    if not before or (before.isspace() and match[0] != "'" and match[0] != "’"):
        return False
    return not after or after in AFTER_CLOSING
