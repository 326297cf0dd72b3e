"""Tells founders from the companies that have their full names: `Charles Schwab, 86, retired`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.enrich.word_lists import word_lists

if TYPE_CHECKING:
    from ingest.enrich.recogniser.decoding import Found

# What people are and no company is; `manager` or `leader` may be either.
ROLE = (
    r"(?:founder|inventor|designer|couturier|billionaire|banker|chairman|chief executive|actor|actress|author"
    r"|boy|businessman|businesswoman|captain|coach|councillor|cricketer|defender|engineer|explorer|farmer"
    r"|father|footballer|girl|goalkeeper|golfer|grandfather|grandmother|lawyer|man|midfielder|mother|nurse"
    r"|pensioner|pilot|plumber|politician|singer|soldier|solicitor|striker|student|teacher|widower|woman)"
)
BEFORE = re.compile(
    rf"\b(?:(?i:{ROLE})|[Bb]rothers?|[Ss]isters?|[Ww]ife|[Hh]usband|[Ww]idow|[Ss]on|[Dd]aughter),? \Z"
    r"|(?:\A|\n)By \Z"
)
# `, 86, retired`, ` (1905-1957)`, ` said that he`; but not ` told her that she`.
AFTER = re.compile(
    r", (?:aged )?\d\d(?=[,.;](?!\d)| (?:of|from)\b)| \((?:aged )?\d\d\)| \((?:born )?1[5-9]\d\d ?[)–-]"
    r"|,? (?:who\b|himself\b|herself\b|(?:was|is) (?:born|married|buried)\b|born\b|died\b|and (?:his|her)\b)"
    r"|(?! [a-z]+ (?:her|him)\b),? (?:[a-z]+ ){1,4}s?he\b"
    rf"|(?:, (?:the|an?|its)| (?:was|is) (?:the|an?)) (?:\w+ ){{0,2}}{ROLE}\b"
)
REACH = 24


def is_told_as_person(text: str, name: Found) -> bool:
    """Tell whether what stands beside a listed company's name is only said of a person."""
    surface = text[name.start : name.end]
    known = word_lists().phrases.get(surface)
    if name.label != "PER" or known is None or known.kind != "ORG":
        return False
    before = text[max(name.start - REACH, 0) : name.start]
    words = before.split() if before.endswith(" ") else []
    titled = bool(words) and words[-1] in word_lists().titles
    return titled or BEFORE.search(before) is not None or AFTER.match(text, name.end) is not None
