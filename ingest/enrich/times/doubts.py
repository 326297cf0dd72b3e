"""Tells months, weekdays and "today" from the names and habits that are written with the same words."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from ingest.enrich.times.tense import tense_at
from ingest.enrich.times.words import ENGLISH_WEEKDAYS, is_short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.enrich.times.phrases import Phrase
    from ingest.model import Mention

USUAL = re.compile(r"\b(?:still|known|called|continues?|remains?|even|ever)\b(?:\s\w+){0,5}\s$")
OF_TODAY = re.compile(
    r"['’]s\s(?:[\w-]+\s){0,2}(?:world|generation|society|youth|children|standards|terms|dollars|money|prices"
    r"|economy|landscape|environment|climate|age|era|culture|technology|technologies|industry|workforce"
    r"|consumers|customers|users|students|kids|parents|patients|businesses|challenges)\b"
    r"|['’]s\s(?:digital|competitive|fast-paced|ever-changing|modern|busy|complex|connected|interconnected)\b"
)
WE = re.compile(r"\b(?:(?:I|[Ww]e)\b[^.!?\n]*|here\s)\Z")
TOLD = re.compile(
    r",?\s(?:(?:I|[Ww]e)\b|(?:announces|launches|unveils|releases|introduces|publishes|reports)\b)"
    r"|['’]s\s(?:[A-Z]|announcement|debate|decision|event|game|hearing|match|meeting|news|plan|post|proceeding|ruling"
    r"|session|speech|verdict|vote|column|edition|issue|report|story)"
)
TO_COME = re.compile(r"(?i:\b(?:of|for|better|brighter|shaping|today\s(?:and|or))\s)\Z")
USUAL_REACH = 60
MONTH_MEANT = re.compile(
    r"(?i:\b(?:in|since|until|till|from|through|during|early|late|between|by|mid|(?:early|late|soon)\sas"
    r"|(?:end|beginning|start|month|middle|part)\sof)[\s-])\Z"
)
NOT_ALONE = frozenset(("march", "may"))
GIVEN_NAMES = frozenset(("april", "june", "august", "may"))
SURNAME = re.compile(r"\s[A-Z][a-z]")
ON = re.compile(r"(?i:\bon\s)\Z")
EVERY_OTHER = re.compile(r"(?i:\bevery\s(?:other|first|second|third|fourth)\s)\Z")
A_DAY = re.compile(r"(?i:\ban?\s)\Z")
ON_A = re.compile(r"(?i:\b(?:on|is|was|be)\san?\s)\Z")
NOUN = re.compile(r"\s[a-z]{4}")
# Opening hours: `daily except Sunday`, `Tuesday through Sunday`, `a week from Friday`.
EXCEPTED = re.compile(
    r"(?i:\b(?:daily|every|each|all)\b[^.!?\n]{0,30}\b(?:but|except(?:\sfor)?)(?:\son)?\s)\Z"
)
WEEK_FROM = re.compile(r"(?i:\bweeks?\sfrom\s)\Z")
WEEKDAY = "|".join(ENGLISH_WEEKDAYS)
THROUGH = r"\s?(?:[-‐‑–—]|\b(?:to|through|thru)\b)\s?"
UP_TO = re.compile(rf"{THROUGH}({WEEKDAY})\b", re.IGNORECASE)
UP_FROM = re.compile(rf"\b({WEEKDAY}){THROUGH}\Z", re.IGNORECASE)
MOST_OF_A_WEEK = 5
CELL = "\t"
LEFT = 20


class Names:
    """What the names in the text tell of words that may be a month or a person."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        """Take the names that were found in the text."""
        self._mentions = sorted(
            (each for each in mentions if " " in each.surface), key=lambda each: each.start
        )
        self._starts = [each.start for each in self._mentions]
        self._surnames = {each.name.split()[-1].lower() for each in self._mentions if each.kind == "PERSON"}

    def covers(self, phrase: Phrase) -> bool:
        """Tell whether a phrase is only a part of a longer name."""
        place = bisect_right(self._starts, phrase.start) - 1
        return (
            place >= 0
            and self._mentions[place].end > phrase.start
            and (self._mentions[place].start < phrase.start or self._mentions[place].end > phrase.end)
        )

    def hold(self, word: str) -> bool:
        """Tell whether a person of the text bears a word, in lower case, as a surname."""
        return word in self._surnames


def is_time(text: str, phrase: Phrase, names: Names) -> bool:
    """Tell whether what has the form of an expression of time is one where it stands."""
    if phrase.kind == "short-decade":
        return "temperature" not in text[max(0, phrase.start - USUAL_REACH) : phrase.start].lower()
    if phrase.kind not in {"month", "weekday", "deictic"}:
        return True
    dated = phrase.kind == "weekday" and ON.search(text, max(0, phrase.start - LEFT), phrase.start)
    if names.covers(phrase) and not dated:
        return False
    return {"month": _is_month, "weekday": _is_one_day, "deictic": _is_this_day}[phrase.kind](
        text, phrase, names
    )


def is_told_of(text: str, phrase: Phrase) -> bool:
    """Tell whether "today" is its text's own day even where that tells no news, as in `we met today`.

    What is so today, `today's` or to be done today is so at any time. "Tomorrow" is a day in what `we`
    shall do and at the head of a sentence.
    """
    start, end = phrase.start, phrase.end
    if TOLD.match(text, end) or WE.search(text, max(0, start - USUAL_REACH), start):
        return True
    if phrase.parts["word"].lower() == "tomorrow":
        return text[start].isupper()
    return not text.startswith(("'s", "’s"), end) and tense_at(text, start, end) == "past"


def _is_month(text: str, phrase: Phrase, names: Names) -> bool:
    """Tell May from may, a person, and other words that want a preposition to be a month."""
    word = phrase.parts["month"].lower().rstrip(".")
    if names.hold(word) or (word in GIVEN_NAMES and SURNAME.match(text, phrase.end)):
        return False
    alone = phrase.end - len(phrase.parts["month"])
    return not (word in NOT_ALONE or is_short(word)) or bool(
        MONTH_MEANT.search(text, max(0, alone - LEFT), alone)
    )


def _is_one_day(text: str, phrase: Phrase, _names: Names) -> bool:
    """Tell `a Monday meeting` from `on a Monday`, `every other Monday` and the head of a table."""
    left = text[max(0, phrase.start - LEFT) : phrase.start]
    if EVERY_OTHER.search(left) or left.endswith(CELL) or text.startswith(CELL, phrase.end):
        return False
    if WEEK_FROM.search(left) or EXCEPTED.search(text, max(0, phrase.start - USUAL_REACH), phrase.start):
        return False
    if _is_of_working_week(text, phrase):
        return False
    return not A_DAY.search(left) or (not ON_A.search(left) and bool(NOUN.match(text, phrase.end)))


def _is_of_working_week(text: str, phrase: Phrase) -> bool:
    """Tell the ends of so many days that they are those of any week: `Monday to Friday`."""
    number = ENGLISH_WEEKDAYS[phrase.parts["weekday"].lower()]
    if last := UP_TO.match(text, phrase.end):
        days = ENGLISH_WEEKDAYS[last[1].lower()] - number
    elif first := UP_FROM.search(text, max(0, phrase.start - LEFT), phrase.start):
        days = number - ENGLISH_WEEKDAYS[first[1].lower()]
    else:
        return False
    return days % 7 + 1 >= MOST_OF_A_WEEK


def _is_this_day(text: str, phrase: Phrase, _names: Names) -> bool:
    """Tell today from these times and a newspaper, which has a capital within a sentence.

    Tomorrow is told from times to come: `the cars of tomorrow`.
    """
    word = phrase.parts["word"]
    if word.lower() == "tomorrow":
        owns = text.startswith(("'s", "’s"), phrase.end) and not TOLD.match(text, phrase.end)
        return not owns and not TO_COME.search(text, max(0, phrase.start - LEFT), phrase.start)
    if word.lower() != "today":
        return True
    paper = word[0].isupper() and text[max(0, phrase.start - 2) : max(0, phrase.start - 1)].isalnum()
    usual = USUAL.search(text, max(0, phrase.start - USUAL_REACH), phrase.start)
    return not (paper or usual or OF_TODAY.match(text, phrase.end))
