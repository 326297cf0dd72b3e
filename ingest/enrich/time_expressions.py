"""The dates that an article speaks of, each as precisely as it was said."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.calendars import month_number, western_digits
from ingest.enrich.times.doubts import Names, is_time, is_told_of
from ingest.enrich.times.german_tense import is_over
from ingest.enrich.times.phrases import find_phrases
from ingest.enrich.times.readings import day_first, read_clock, read_phrase
from ingest.enrich.times.tense import SENTENCE_END, recurs, tense_at
from ingest.enrich.times.values import DAY, Context
from ingest.enrich.times.words import (
    CALENDARS,
    CHARACTERS_OF_NOW,
    DAYPARTS,
    IN_CHARACTERS,
    ZONE_LETTERS,
    ZONE_NAMES,
)
from ingest.model import TimeExpression
from ingest.registry import enricher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.enrich.times.phrases import Phrase
    from ingest.enrich.times.tense import Tense
    from ingest.enrich.times.values import Parts, Value
    from ingest.model import Article, Fact, Facts

STATED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
YEARLESS = frozenset(
    (
        "date",
        "month",
        "nth-weekday",
        "month-days:head",
        "month-days:tail",
        "days-month:head",
        "days-month:tail",
    )
)
DATED = YEARLESS | {"month-year"}
HERE_AND_NOW = frozenset(("weekday", "deictic", "related", "weekend", "edge"))
CONNECTED = re.compile(
    r"\s?[-‐‑–—]\s?|\s(?:to|and|or|until|till|through)\s(?:the\s|on\s|in\s)?", re.IGNORECASE
)
THROUGH = re.compile(r"\s?[-‐‑–—]\s?|\s(?:to|until|till|through)\s", re.IGNORECASE)
ZONE = rf"(?:{ZONE_LETTERS}|(?:{ZONE_NAMES})(?:[^\S\n]time)?)\b"
AT = re.compile(
    rf"(?:[^\S\n]{ZONE})?,?[^\S\n](?:\([\w +:]{{1,12}}\)[^\S\n])?(?:(?:on|at|of)[^\S\n])?", re.IGNORECASE
)
ANNOUNCED = re.compile(r"(?i:\b(?:at|by|from|until|till|around|about|after|before))\s$")
PART_SAID = re.compile(r"\s(?i:in the|at|that|this)\s(?P<part>(?i:morning|afternoon|evening|night))\b")
LIMIT = re.compile(r"(?i:\b(?:by|until|till|through|starting|beginning|effective)\s)\Z")
LEAST_FAR = 2
LONG_AGO = 5
LEAST_OLD_YEARS = 3
CLOCKS = frozenset(("clock", "noon"))
LONG_UNITS = frozenset(("quarter", "year", "decade", "century"))


@enricher(name="time-expressions", version="8", given=("text", "language", "published"), requires=("names",))
def find_dates(article: Article, facts: Facts) -> Iterator[Fact]:
    """Yield each date the text speaks of whose value is known, reckoned from the article's own date."""
    text = western_digits(article.text)
    known = article.language in CALENDARS or article.language in IN_CHARACTERS
    language = article.language if article.language and known else "en"
    names = Names(facts.mentions)
    phrases = [each for each in find_phrases(text, language) if is_time(text, each, names)]
    published = _published(article)
    named: Parts = ()
    told: int | None = None
    near: Value | None = None
    head: Parts = ()
    last = 0
    narrative = _is_narrative(phrases, published) and not _names_its_days(text, language)
    news = any(_is_news(each) for each in phrases)
    order = day_first(each.parts for each in phrases if each.kind == "numbers")
    waiting: list[tuple[Phrase, Value | None]] = []
    for number, phrase in enumerate(phrases):
        if SENTENCE_END.search(text, last, phrase.start):
            told, near = told if narrative else None, None
        end, last = last, phrase.end
        word = phrase.parts.get("word", "").lower()
        general = word in {"today", "tomorrow"} and not (
            news or _has_hour(text, phrases, number) or _is_told_of(text, phrase, language)
        )
        if general or (narrative and word == "today"):
            continue
        begun = near if THROUGH.fullmatch(text, end, phrase.start) else None
        context = Context(
            published=published,
            named=named,
            near=near,
            told=told,
            narrative=narrative,
            day_first=order,
            tense=partial(_tense, text, (phrase, _range_end(text, phrases, number)), language, begun),
            ends=begun.parts if begun else (),
        )
        parts = _with_shared_year(text, phrases, number, language, head)
        value = read_phrase(phrase.kind, parts, context, language)
        waiting.append((phrase, value))
        near = value or near
        head = value.parts if value and phrase.kind.endswith(":head") else ()
        if value and value.parts:
            named = value.parts
            states_year = "year" in parts or phrase.kind == "short-year"
            if states_year and (not published or named[0] <= published[0] - LEAST_FAR):
                told = named[0]
            elif phrase.kind in HERE_AND_NOW or states_year:
                told = None
    for each in _with_clocks(text, waiting):
        yield replace(each, surface=article.text[each.start : each.end])


def _is_told_of(text: str, phrase: Phrase, language: str) -> bool:
    # What English tells by its verbs, other languages leave open, but hardly any says `demain` of no day.
    return is_told_of(text, phrase) if language == "en" else phrase.parts["word"] == "tomorrow"


def _range_end(text: str, phrases: Sequence[Phrase], number: int) -> int:
    """Return where the range ends that an expression begins, or the expression itself."""
    end = phrases[number].end
    following = phrases[number + 1] if number + 1 < len(phrases) else None
    return following.end if following and THROUGH.fullmatch(text, end, following.start) else end


def _tense(text: str, named: tuple[Phrase, int], language: str, begun: Value | None) -> Tense | None:
    """Return the tense around an expression, which may end or begin a range as far as a given place."""
    phrase, range_end = named
    if begun and begun.value.startswith("XXXX"):
        return "yearly"
    if phrase.kind in YEARLESS and recurs(text, phrase.start, range_end):
        return "yearly"
    # "By 31 March" may be said of either time, so the nearest such day is meant.
    near = phrase.kind in YEARLESS and LIMIT.search(text, max(0, phrase.start - 12), phrase.start)
    if language not in {"en", "de"}:
        return None
    if language == "de":
        return "over" if not near and is_over(text, phrase.start, phrase.end) else None
    tense = tense_at(text, phrase.start, phrase.end)
    return None if near and tense != "always" else tense


def _speaks_from_its_day(phrase: Phrase) -> bool:
    """Tell whether an expression is one that news are told with, reckoned from the article's own day."""
    if phrase.kind == "deictic":
        return phrase.parts["word"].lower() != "today"
    return phrase.kind in {"weekday", "weekend"} or (
        phrase.kind == "related" and phrase.parts["which"].lower() in {"this", "last", "next"}
    )


def _is_news(phrase: Phrase) -> bool:
    """Tell whether an expression is one that only makes sense near its text's day, as no `this year` is."""
    if phrase.kind == "deictic":
        return phrase.parts["word"].lower() in {"yesterday", "tonight"}
    return _speaks_from_its_day(phrase) and phrase.parts.get("unit", "").lower() not in LONG_UNITS


def _has_hour(text: str, phrases: Sequence[Phrase], number: int) -> bool:
    """Tell whether a day is said with a part or time of it: `tomorrow morning`, `at 10 a.m. tomorrow`."""
    return "part" in phrases[number].parts or any(
        not CLOCKS.isdisjoint((one.kind, other.kind)) and AT.fullmatch(text, one.end, other.start)
        for one, other in pairwise(phrases[max(0, number - 1) : number + 2])
    )


def _is_narrative(phrases: Sequence[Phrase], published: Parts) -> bool:
    """Tell whether a text tells of times long past: it has no weekday or "last week", and years long ago."""
    years = [int(each.parts["year"]) for each in phrases if "year" in each.parts and each.kind != "numbers"]
    if not published or any(_speaks_from_its_day(each) for each in phrases):
        return not published
    past = sum(year < published[0] - LONG_AGO for year in years)
    return past >= LEAST_OLD_YEARS and past > len(years) / 2


def _names_its_days(text: str, language: str) -> bool:
    """Tell whether a text in another language has a weekday, or a word such as `gestern`."""
    found = words_of_news(language)
    return found is not None and found.search(text) is not None


@cache
def words_of_news(language: str) -> re.Pattern[str] | None:
    """Return what texts in a language name days by; None for English, whose forms tell them."""
    if language in IN_CHARACTERS:
        return re.compile(CHARACTERS_OF_NOW)
    words = CALENDARS.get(language)
    if words is None:
        return None
    names = "|".join(map(re.escape, (*words.weekdays, *words.now.split())))
    return re.compile(rf"\b(?:{names})\b", re.IGNORECASE)


def _published(article: Article) -> Parts:
    match = STATED.match(article.published.value) if article.published else None
    return tuple(int(part) for part in match.groups() if part) if match else ()


def _with_shared_year(
    text: str, phrases: Sequence[Phrase], number: int, language: str, head: Parts
) -> dict[str, str]:
    """Return the parts of a phrase, with the year that it shares with a neighbour in a range.

    `head` is what the first end of `May 3-5` is read as, for the second.
    """
    phrase = phrases[number]
    if phrase.kind not in YEARLESS or "year" in phrase.parts:
        return phrase.parts
    if head and phrase.kind.endswith(":tail"):
        return {**phrase.parts, "year": str(head[0])}
    for other in phrases[number + 1 : number + 2]:
        joint = CONNECTED.fullmatch(text, phrase.end, other.start)
        if joint and other.kind in DATED and "year" in other.parts:
            # "From December to March 2011" begins the year before.
            through = joint[0].strip().partition(" ")[0].lower() not in {"and", "or"}
            back = through and _later_month(phrase, other, language)
            return {**phrase.parts, "year": str(int(other.parts["year"]) - back)}
    return phrase.parts


def _later_month(one: Phrase, other: Phrase, language: str) -> bool:
    return month_number(one.parts["month"], language) > month_number(other.parts["month"], language)


def _with_clocks(text: str, read: Sequence[tuple[Phrase, Value | None]]) -> Iterator[TimeExpression]:
    """Yield the expressions; a time of day goes together with the day beside it."""
    number = 0
    day: Value | None = None
    day_end = 0
    while number < len(read):
        phrase, value = read[number]
        following = read[number + 1] if number + 1 < len(read) else None
        number += 1
        start, end = phrase.start, phrase.end
        if phrase.kind in CLOCKS:
            beside = following and AT.fullmatch(text, end, following[0].start) and following[1]
            if following and beside and len(beside.parts) == DAY and (value := _at(text, phrase, beside)):
                end, number = following[0].end, number + 1
            elif not beside and day and "\n" not in text[day_end:start]:
                value = _at(text, phrase, day)
        elif (
            following
            and value
            and len(value.parts) == DAY
            and following[0].kind in CLOCKS
            and AT.fullmatch(text, end, following[0].start)
        ):
            timed = _at(text, following[0], value)
            if timed:
                value, end, number = timed, following[0].end, number + 1
        if value is None:
            continue
        if len(value.parts) == DAY:
            day, day_end = value, end
        elif value.parts:
            day = None
        yield TimeExpression(
            start=start, end=end, surface=text[start:end], value=value.value, precision=value.precision
        )


def _at(text: str, clock: Phrase, day: Value) -> Value | None:
    """Return the time of a day, or None where the clock's words may be no time."""
    said = PART_SAID.match(text, clock.end)
    stated = day.value[11:13] if day.precision == "daypart" else ""
    part = DAYPARTS[said["part"].lower()] if said else stated or None
    time = read_clock(
        clock.parts, part, announced=bool(ANNOUNCED.search(text, max(0, clock.start - 12), clock.start))
    )
    return replace(day, value=f"{day.value[:10]}{time[0]}", precision=time[1]) if time else None
