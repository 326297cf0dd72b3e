"""Tells from the verbs around a place in English text whether it speaks of the past or the future."""

from __future__ import annotations

import re
from typing import Literal

Tense = Literal["past", "future", "always"]

REACH = 120
WORD = re.compile(r"[A-Za-z]+(?:['’](?:ll|t))?")
SENTENCE_END = re.compile(r"[.!?]['\"”’)]*\s+(?=[A-Z\"“‘'(])|\n")
HABIT = re.compile(r"(?i:\b(?:annual|annually|regularly|usually|typically|generally|(?:every|each) year|feast day)\b)")
FUTURE = frozenset(
    """will won't i'll he'll she'll it'll we'll you'll they'll shall shan't would going due expected expects
    scheduled planned plans plan planning set slated upcoming forthcoming hopes hope intends intend may might
    could must should is are am begins starts opens closes meets ends takes runs continues leaves arrives returns
    faces votes hosts plays remains expires targeted tomorrow be""".split()  # noqa: SIM905
)
PAST = frozenset(
    """was were had did has have said told came went made took gave began fell rose won lost met left held saw
    sent spoke found got became led hit cut shot flew sold bought brought built broke wrote drew grew knew threw
    ran stood struck kept felt thought taught caught paid laid sat swore wore chose drove ate forgot hid rode
    shook stole sank sang swam since spent burst shut quit yesterday ago died""".split()  # noqa: SIM905
)
NO_PARTICIPLES = frozenset("need seed speed indeed hundred united feed weed breed exceed proceed red".split())  # noqa: SIM905
PARTICIPLES = frozenset("held sent shown met shot cut put sold bought built broken taken given paid led flown".split())  # noqa: SIM905
PRESENT = frozenset(("is", "are", "be", "am"))
# "Is accused of" and the like tell of what has been.
OF_THE_PAST = frozenset("accused alleged believed charged known reported said suspected thought understood".split())  # noqa: SIM905
SHORTEST_PARTICIPLE = 4


def tense_at(text: str, start: int, end: int) -> Tense | None:
    """Return the tense of the verb nearest before a place in its sentence, else of the first after it.

    It is `always` where the sentence speaks of what is usual or comes every year. At most 120 characters to each side are looked at.
    """
    before = text[max(0, start - REACH) : start]
    before = SENTENCE_END.split(before)[-1]
    after = SENTENCE_END.split(text[end : end + REACH], maxsplit=1)[0]
    if HABIT.search(before) or HABIT.search(after):
        return "always"
    words = WORD.findall(before)
    for place in range(len(words) - 1, -1, -1):
        if tense := _tense_of(words[place], words[place - 1] if place else ""):
            return tense
    words = WORD.findall(after)
    for previous, word in zip(["", *words], words, strict=False):
        if tense := _tense_of(word, previous):
            return tense
    return None


def _tense_of(word: str, previous: str) -> Tense | None:
    plain = word.lower().replace("’", "'")
    if plain in FUTURE:
        return "future"
    if plain in PAST and plain not in PARTICIPLES:
        return "past"
    # A name such as Mohamed has no tense.
    if plain in PARTICIPLES or (word.endswith("ed") and word[0].islower() and len(word) >= SHORTEST_PARTICIPLE and plain not in NO_PARTICIPLES):
        return "future" if previous.lower() in PRESENT and plain not in OF_THE_PAST else "past"
    return None
