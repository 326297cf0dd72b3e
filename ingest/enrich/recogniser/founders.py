"""Tells founders from the companies that have their full names: `Charles Schwab, 86, retired`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.enrich.word_lists import word_lists

if TYPE_CHECKING:
    from ingest.enrich.recogniser.decoding import Found

BEFORE = re.compile(
    r"\b(?:[Ff]ounder|[Ii]nventor|[Dd]esigner|[Cc]outurier|[Bb]illionaire|[Bb]anker|[Bb]rothers?|[Ss]isters?"
    r"|[Ww]ife|[Hh]usband|[Ww]idow|[Ss]on|[Dd]aughter|[Cc]hairman|[Cc]hief [Ee]xecutive),? \Z"
)
AFTER = re.compile(
    r",? (?:\d\d,|who\b|himself\b|herself\b|(?:was|is) (?:an?|born|married|buried)\b|(?:was )?born\b|died\b"
    r"|and (?:his|her)\b|,? \(1[5-9]\d\d|(?:[a-z]+ ){1,4}s?he\b)|, (?:the|an?|its) (?:[a-z]+ ){0,2}"
    r"(?:founder|inventor|designer|couturier|billionaire|banker|chairman|chief executive)\b"
)
REACH = 24


def is_told_as_person(text: str, name: Found) -> bool:
    """Tell whether what stands beside a listed company's name is only said of a person."""
    known = word_lists().phrases.get(text[name.start : name.end])
    if name.label != "PER" or known is None or known.kind != "ORG":
        return False
    before = text[max(name.start - REACH, 0) : name.start]
    titled = before.endswith(" ") and before.split()[-1:] != [] and before.split()[-1] in word_lists().titles
    return titled or BEFORE.search(before) is not None or AFTER.match(text, name.end) is not None
