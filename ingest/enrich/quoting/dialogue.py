"""Finds speech that a dash opens at the beginning of a paragraph, with a verb of saying behind it.

Many languages print what is said so instead of between marks: a dash, the words, another dash or a comma,
and who said it. That verb tells speech from a list and from an aside; what follows it is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.enrich.quoting.quotation_marks import Marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.enrich.quoting.cue_words import CueWords

PARAGRAPH = re.compile(r"^[–—-][^\S\n]?(?P<said>[^\W\d_¡¿][^\n]*)$", re.MULTILINE)
# A row of marks is read from its beginning only, or a long one would be read again from each of them.
SEPARATOR = re.compile(r"(?<![!?…])(?P<mark>[!?…]*+),?\s?[–—-]\s?|(?P<end>[!?…])\s|,\s")
WORD = re.compile(r"[^\W\d_]+")
REACH = 60
MOST_BEFORE_CUE = 2


def find_dialogue(text: str, words: CueWords) -> Iterator[Marked]:
    """Yield what is said in each paragraph that opens with a dash, up to the verb of saying."""
    small = words.he | words.she | words.others | words.between
    for paragraph in PARAGRAPH.finditer(text):
        start = paragraph.start("said")
        for separator in SEPARATOR.finditer(text, start, paragraph.end()):
            following = text[separator.end() : separator.end() + REACH]
            if separator.start() > start and _says(following, words.cues, small):
                end = max(separator.start(), separator.end("mark"), separator.end("end"))
                yield Marked(start=start, end=end, outer_start=paragraph.start(), outer_end=end)
                break


def _says(following: str, cues: frozenset[str], small: frozenset[str]) -> bool:
    """Tell whether a verb of saying follows at once, but for small words such as `lui` and `se`."""
    for number, match in enumerate(WORD.finditer(following)):
        low = match[0].lower()
        if low in cues:
            return match[0][0].islower()
        if low not in small or number == MOST_BEFORE_CUE:
            return False
    return False
