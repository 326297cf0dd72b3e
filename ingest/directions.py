"""From signs with their place on a line to text in the order of reading, where some runs from right to left.

A page description has signs in whatever order its program drew them, some as they stand on the page, some
as they are spoken. Where they stand is certain, and how people read it is a rule: words from right to left,
numbers and words of other scripts among them from left to right.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
ARABIC = re.compile(r"[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
RIGHTWARD, LEFTWARD, DIGIT, CURRENCY, UNIT, POINT, SIGN, SPACE, OTHER = "LREVUPGSN"
SIGNS = {
    **dict.fromkeys("$€£¥₪", CURRENCY),
    **dict.fromkeys("%‰°", UNIT),
    **dict.fromkeys(".,:/٫٬", POINT),
    **dict.fromkeys("+-−", SIGN),
}
NOT_LEFTWARD = re.compile(rf"[^{LEFTWARD}]+")
NOT_RIGHTWARD_WORDS = re.compile(rf"{LEFTWARD}(?:[^{RIGHTWARD}{LEFTWARD}]*{LEFTWARD})*")
# As Unicode has it: of two numbers with a dash between, the first stands on the right; beside Arabic, also of
# two with a hyphen.
NUMBER = re.compile(rf"{CURRENCY}?{DIGIT}(?:[{POINT}{SIGN}]?{DIGIT})*[{CURRENCY}{UNIT}]?")
NUMBER_IN_ARABIC = re.compile(NUMBER.pattern.replace(SIGN, ""))
EDGES = SPACE + POINT + SIGN + OTHER
OPENING, CLOSING = "([{«‹", ")]}»›"
OPENED = dict(zip(CLOSING, OPENING, strict=True))
CLOSED = dict(zip(OPENING, CLOSING, strict=True))
BEHIND_CLOSING = frozenset(".,;:!?،؛؟…")
WORD_GAP = 0.15  # of the height of the type


class Sign(NamedTuple):
    """A letter or another sign, or several drawn as one, and where it stands on its line, in points."""

    text: str
    left: float
    right: float

    @property
    def middle(self) -> float:
        """Return the middle of its width."""
        return (self.left + self.right) / 2


def runs_leftward(text: str) -> bool:
    """Tell whether most letters of a text are of scripts that run from right to left."""
    kinds = [_kind(sign) for sign in text]
    return kinds.count(LEFTWARD) > kinds.count(RIGHTWARD)


def in_reading_order(signs: Sequence[Sign], height: float, *, leftward: bool) -> str:
    """Return the signs of a line, given in any order that keeps words together, as they are read.

    What runs the other way than the line, `leftward` or not, is turned within it. Where several signs are
    said to stand in one place, the order that was given is the better one.
    """
    clusters, gaps = _clusters(signs)
    if len({cluster[1:] for cluster in clusters}) < len(clusters):
        return "".join(sign.text for sign in signs)
    order = sorted(range(len(clusters)), key=lambda each: clusters[each].middle)
    shown: list[str] = []
    for place, number in enumerate(order):
        if place and _is_gap(order[place - 1], number, clusters, gaps, height):
            shown.append(" ")
        shown.append(clusters[number].text)
    kinds = "".join(_kind(text[0]) for text in shown)
    return _turn_brackets("".join(_read_leftward(shown, kinds) if leftward else _read(shown, kinds)))


def _clusters(signs: Sequence[Sign]) -> tuple[list[Sign], set[int]]:
    """Return what is drawn as one, with the marks upon it, and before which of them a space stands."""
    clusters: list[Sign] = []
    gaps: set[int] = set()
    marks: list[tuple[int, Sign]] = []
    for sign in signs:
        if sign.text.isspace():
            gaps.add(len(clusters))
        elif unicodedata.category(sign.text[0]) == "Mn":
            marks.append((len(clusters), sign))
        elif clusters and len(clusters) not in gaps and clusters[-1][1:] == sign[1:]:
            clusters[-1] = Sign(clusters[-1].text + sign.text, sign.left, sign.right)
        else:
            clusters.append(sign)
    for place, mark in marks:
        around = [each for each in (place - 1, place) if 0 <= each < len(clusters)]
        around = [each for each in around if clusters[each].text[0].isalpha()] or around
        if around:
            nearest = min(around, key=lambda each: abs(clusters[each].middle - mark.middle))
            base = clusters[nearest]
            clusters[nearest] = Sign(base.text + mark.text, base.left, base.right)
    return clusters, gaps


def _is_gap(one: int, other: int, clusters: Sequence[Sign], gaps: set[int], height: float) -> bool:
    """Tell whether a space stands between neighbours: as was told between letters, else by their distance."""
    letters = clusters[one].text[0].isalpha() and clusters[other].text[0].isalpha()
    if letters and abs(one - other) == 1:
        return max(one, other) in gaps
    return clusters[other].left - clusters[one].right > WORD_GAP * height


def _kind(sign: str) -> str:
    if sign.isspace():
        return SPACE
    if sign.isdigit():
        return DIGIT
    if sign.isalpha():
        return LEFTWARD if RIGHT_TO_LEFT.match(sign) else RIGHTWARD
    return SIGNS.get(sign, OTHER)


def _read_leftward(shown: list[str], kinds: str) -> list[str]:
    """Return what is shown as it is read from right to left, with what runs the other way within."""
    text: list[str] = []
    end = len(shown)
    number = NUMBER_IN_ARABIC if any(map(ARABIC.match, shown)) else NUMBER
    for start, stop in reversed(_rightward_runs(kinds, number)):
        text += reversed(shown[stop:end])
        text += shown[start:stop]
        end = start
    text += reversed(shown[:end])
    return text


def _rightward_runs(kinds: str, number: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return where words of other scripts stand, from the first to the last in a row, and numbers."""
    runs = []
    for match in NOT_LEFTWARD.finditer(kinds):
        if RIGHTWARD in match[0]:
            inner = match[0].strip(EDGES)
            start = match.start() + match[0].index(inner)
            runs.append((start, start + len(inner)))
        else:
            runs += [found.span() for found in number.finditer(kinds, *match.span())]
    return runs


def _read(shown: list[str], kinds: str) -> list[str]:
    """Return what is shown as it is read from left to right, with what runs the other way within."""
    text: list[str] = []
    end = 0
    for match in NOT_RIGHTWARD_WORDS.finditer(kinds):
        start, stop = match.span()
        text += shown[end:start]
        text += _read_leftward(shown[start:stop], match[0])
        end = stop
    return text + shown[end:]


def _turn_brackets(text: str) -> str:
    """Return a text whose brackets open before a word and close behind one, whichever was drawn."""
    signs = [" ", *text, " "]
    opened: set[str] = set()
    for place in range(1, len(signs) - 1):
        before, sign, after = signs[place - 1 : place + 2]
        opening = OPENED.get(sign, sign)
        if opening not in CLOSED or (before.isspace() and after.isspace()):
            continue
        if before.isspace() or after.isspace() or after in BEHIND_CLOSING:
            opens = before.isspace()
        else:
            opens = opening not in opened
        (opened.add if opens else opened.discard)(opening)
        signs[place] = opening if opens else CLOSED[opening]
    return "".join(signs[1:-1])
