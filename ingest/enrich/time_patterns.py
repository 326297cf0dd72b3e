"""The forms in which English text and, for whole dates, six other languages speak of time.

Every form begins with a word of a known kind (a number, a month, `last`), so only those places are
tried; every form has a bounded length, so that finding is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ingest.enrich.time_words import (
    CALENDARS,
    DAYPARTS,
    DECADES,
    ENGLISH_MONTHS,
    ENGLISH_WEEKDAYS,
    ONES,
    ORDINALS,
    SEASONS,
    SHORT_WEEKDAYS,
    TENS,
    UNITS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

DIGITS = "0"
ANY = ""
GAP = r"(?:[^\S\n]{1,3}|\n(?!\n))"
DASH = r"[-‐‑–—]"
TO = rf"(?:\s?{DASH}\s?|{GAP}(?i:to|and|or|until|till|through){GAP})"
TO_ON = rf"(?:\s?{DASH}\s?|{GAP}(?i:to|until|till|through){GAP})"


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way to speak of time: how it begins, how it goes on, and what may stand before it.

    `starts` are lower-case first words, `DIGITS` for a number, `ANY` for every word. Where `after`
    is given it must match the text before, and `never_after` must not.
    """

    kind: str
    starts: frozenset[str]
    pattern: re.Pattern[str]
    after: re.Pattern[str] | None = None
    never_after: re.Pattern[str] | None = None


def capitals(words: Iterable[str]) -> str:
    """Return an alternation of names as they begin with a capital, or stand in capitals."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(
        rf"{form}\b\.?" if short else rf"{form}\b"
        for word in longest_first
        for short in [len(word) <= 4 and word not in {"may", "june", "july"}]
        for form in (word.capitalize(), word.upper())
    )


def either(words: Iterable[str]) -> str:
    """Return an alternation of words in any case, the longest first."""
    return "(?i:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


MONTH = f"(?:{capitals(ENGLISH_MONTHS)})"
WEEKDAY = f"(?:{capitals(ENGLISH_WEEKDAYS)})"
DATED_WEEKDAY = f"(?:{capitals({**ENGLISH_WEEKDAYS, **SHORT_WEEKDAYS})})"
DAY = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
NTH = r"(?:(?i:st|nd|rd|th)\b)?"
YEAR = r"[12]\d{3}(?![\w%])"
OF_YEAR = rf"{GAP}(?:of{GAP})?(?P<of>(?i:(?:this|last|next|that|the{GAP}(?:same|following|previous|next)){GAP}year))"
OLD_YEAR = r"[1-9]\d{2}(?=\s?[).;–]|$)"
AFTER_DATE = rf"(?:(?:,?{GAP}(?P<year>{YEAR}|{OLD_YEAR})(?!{DASH}\d|[,.]\d))|{OF_YEAR})?(?![\w]|{DASH}\d)"
ORDINAL = rf"(?:\d{{1,2}}(?i:st|nd|rd|th)|{either(ORDINALS)})"
NUMBER = rf"(?:\d{{1,4}}|{either(TENS)}(?:[- ]{either(ONES)})?|{either(ONES)}|(?i:an?))"
SEASON = either(SEASONS)
PART = either(DAYPARTS)
UNIT = either(UNITS)
ERA = r"(?:B\.?C\.?E\.?|B\.C\.|BC|A\.D\.|AD|C\.E\.|CE)(?!\w)"
THIS_YEAR = rf"(?P<of>(?i:this|last|next|the){GAP}(?i:year)|{YEAR})"
HALF = r"(?:[^\S\n]|[-‐‑])?(?:(?P<half>[aApP])\.?[mM]\b\.?|(?P<oclock>(?i:o['’]clock\b)))"
ZONE = r"[^\S\n]?\(?(?P<zone>UTC|GMT|Z)\b(?![+\-−–]\d|[^\S\n][+\-−–]\d)\)?"
CLOCK_FORM = (
    r"(?P<hour>[01]?\d|2[0-4])(?:(?:[:.](?P<minute>[0-5]\d))(?![:.]?\d)|(?![:.]\d|\d)(?=[^\S\n]?[-‐‑]?[aApPoOUGZ]))"
    rf"(?:{HALF})?(?:{ZONE})?"
)


def _form(kind: str, starts: Iterable[str], pattern: str, after: str = "", never_after: str = "") -> Form:
    return Form(
        kind=kind,
        starts=frozenset(starts),
        pattern=re.compile(pattern),
        after=re.compile(rf"(?:{after})\Z") if after else None,
        never_after=re.compile(rf"(?:{never_after})\Z") if never_after else None,
    )


NO_YEAR_BEFORE = (
    r"[\d\w$€£¥#@/:+=&*.][-.,/:]?|\d[ -]|(?<!mid)(?<!pre)(?<!post)(?<!early)(?<!late)(?<!\d)[-‐‑]"
    r"|[$€£¥#/]\s?|(?i:\b(?:pp?|no|nos|number|page|pages|room|route|flight|highway|section|article|resolution"
    r"|model|area|form|box|channel|suite|building|version|unit|line|lot|item|level|windows|office|boeing"
    r"|airbus|than|least|most|nearly|almost|some|exceeding|only|sunk|asteroid|population|phone|call|dial"
    r"|extension|ext|code|bus|train|train no|class|type|serial|id|isbn|issn|patent|paragraph|verse|rs|usd|eur"
    r"|top|score|scored|altitude|another|further|extra|additional|total of|crowd of|group of|number of|sample of|survey of|up to|all|these|those|fortune)\.?)\s"
)
COUNTED = (
    r"(?:people|persons|spectators|fans|delegates|protesters|protestors|demonstrators|guests|schoolchildren|year|men|women|children|students|pupils|workers|employees|jobs|soldiers|troops|homes"
    r"|houses|members|votes|seats|miles?|kilomet\w+|km|feet|foot|ft|met(?:er|re)s?|m|kg|lbs?|pounds|tons?"
    r"|tonnes|grams?|dollars|euros|points|words|pages|copies|units|cars|vehicles|aircraft|planes|hours?|hrs?"
    r"|hp|rpm|mm|cm|[kMG]?Hz|calories|items|cases|deaths|patients|participants|respondents|documents"
    r"|degrees|GMT|UTC|percent|per cent|times|days|weeks|months|years|million|billion|passengers|visitors"
    r"|residents|inhabitants|families|victims|prisoners|others|more|sq|square|cubic|inches|litres|liters"
    r"|acres|hectares|species|books|stars|games|seconds|minutes|bytes|[kKMG]B|volts|watts|[kM]W|yards)\b"
)
NOT_COUNTED = rf"(?![^\S\n]{COUNTED}|{DASH}{COUNTED}|[^\S\n]?[%°])"
YEAR_AFTER = (
    r"(?i:\b(?:in|since|until|till|by|during|from|between|before|after|around|circa|ca?\.|late|early|mid"
    r"|year|spring|summer|autumn|fall|winter|through|as of|end of|beginning of|start of|census of))\s"
)
THE = r"(?i:\bthe\s)"
BARE_YEAR = rf"(?P<year>{YEAR}){NOT_COUNTED}(?!{DASH}[\w]|[.,/:]\d|@|[^\S\n]?[%$€£]|/\w|['’]\d)"
RELATED = either(("this past", "this coming", "that same", "this same", "this very", "this", "last", "next", "past", "previous", "preceding", "coming", "following", "same", "that", "current"))
NUMBER_STARTS = {DIGITS, "a", "an", *ONES, *TENS}
ORDINAL_STARTS = {DIGITS, *ORDINALS, "twenty"}
RELATED_STARTS = {
    "this", "last", "next", "past", "previous", "preceding", "coming", "following", "same", "that", "current"
}  # fmt: skip
MONTH_STARTS = set(ENGLISH_MONTHS)
WEEKDAY_STARTS = set(ENGLISH_WEEKDAYS) | set(SHORT_WEEKDAYS)

NUMERIC = (
    _form(
        "iso",
        {DIGITS},
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
        r"(?:(?:T|[^\S\n])(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d{1,6})?)?[^\S\n]?(?P<zone>Z|UTC|GMT)?)?"
        r"(?!\w|-\d)",
        never_after=r"[\w/.-]",
    ),
    _form(
        "numbers",
        {DIGITS},
        r"(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?![\w/]|[-.]\d)",
        never_after=r"[\w/.,:$€£-]",
    ),
    _form("iso-month", {DIGITS}, r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?![\w/-])", never_after=r"[\w/.,:$€£+-]"),
)
ENGLISH = (
    _form(
        "month-days",
        MONTH_STARTS | WEEKDAY_STARTS,
        rf"(?P<head>(?:{DATED_WEEKDAY},?{GAP})?(?P<month>{MONTH}){GAP}(?P<day>{DAY}){NTH}){TO}(?P<tail>(?P<day2>{DAY}){NTH}{AFTER_DATE})(?![:.]\d)",
    ),
    _form(
        "days-month",
        {DIGITS},
        rf"(?P<head>(?P<day>{DAY}){NTH}){TO}(?P<tail>(?P<day2>{DAY}){NTH}{GAP}(?P<month>{MONTH}){AFTER_DATE})",
        never_after=r"[\w.,/:$€£-]|\d ",
    ),
    _form(
        "date",
        MONTH_STARTS | WEEKDAY_STARTS,
        rf"(?:{DATED_WEEKDAY},?{GAP})?(?P<month>{MONTH}){GAP}(?:the{GAP})?(?P<day>{DAY}){NTH}{AFTER_DATE}(?![:.]\d)",
    ),
    _form(
        "date",
        {DIGITS} | WEEKDAY_STARTS,
        rf"(?:{DATED_WEEKDAY},?{GAP}(?:the{GAP})?)?(?P<day>{DAY})(?:{NTH}|(?i:st|nd|rd|th){GAP}(?:day{GAP})?of){GAP}(?P<month>{MONTH}){AFTER_DATE}",
        never_after=r"[\w.,/:$€£-]|\d ",
    ),
    _form("month-year", MONTH_STARTS, rf"(?P<month>{MONTH})(?:(?:,|{GAP}(?:of|in))?{GAP}(?P<year>{YEAR}|\d{{3}}(?=\s?[),.;–]|$))(?!{DASH}\d|[,.]\d)|{OF_YEAR}(?!\w))"),
    _form("month", MONTH_STARTS, rf"(?P<month>{MONTH})(?!{DASH}\w)"),
    _form(
        "weekday",
        WEEKDAY_STARTS,
        rf"(?P<weekday>{WEEKDAY})(?:{GAP}(?P<part>{PART})(?![-\w]))?(?![-\w]|{GAP}the{GAP}\d|{GAP}(?:Times|Mirror|Telegraph|Post|Mail|Express|Herald|World|People|Star|Sun|Tribune|Independent|Night{GAP}(?:Live|Fever|Football))\b)",
        never_after=r"(?i:\b(?:every|each|most|alternate|an?)\s)|\b(?:Good|Black|Bloody|Ash|Palm|Easter|Super|Cyber|Holy|Maundy|Fat|Shrove|Whit|Girl|Joe|Man)\s",
    ),
    _form(
        "quarter",
        {*ORDINALS, DIGITS},
        rf"(?P<quarter>(?i:first|second|third|fourth)|[1-4](?:st|nd|rd|th)){GAP}(?i:quarter)(?!s)(?:{GAP}(?i:of|in){GAP}{THIS_YEAR})?(?![-\w])",
        after=THE,
    ),
    _form("quarter", ORDINALS, r"(?P<quarter>(?i:first|second|third|fourth))-(?i:quarter)(?![-\w])"),
    _form("quarter", {"q"}, rf"Q(?P<quarter>[1-4])(?:{GAP}(?:of{GAP})?(?P<of>{YEAR}))?(?![-\w])"),
    _form(
        "half",
        {"first", "second", "latter"},
        rf"(?P<half>(?i:first|second|latter)){GAP}(?i:half){GAP}(?i:of){GAP}{THIS_YEAR}",
    ),
    _form("fiscal", {"fiscal", "fy"}, rf"(?:(?i:fiscal)(?:{GAP}(?i:year))?{GAP}|FY[^\S\n]?)(?P<year>{YEAR})"),
    _form("season", SEASONS, rf"(?P<season>{SEASON})(?:,|{GAP}(?i:of))?{GAP}(?P<year>{YEAR})(?:\s?[-‐‑–/]\s?\d{{2,4}})?(?!\w)"),
    _form("centuries", ORDINAL_STARTS, rf"(?P<head>(?P<nth>{ORDINAL}))(?:{GAP}(?:and|or|to){GAP}|{DASH})(?P<tail>(?P<nth2>{ORDINAL})(?:{GAP}|\s?{DASH}\s?)(?i:century|centuries)(?:{GAP}(?P<era>{ERA}))?)(?!\w)"),
    _form("century", ORDINAL_STARTS, rf"(?P<nth>{ORDINAL})(?:{GAP}|\s?{DASH}\s?)(?i:century|centuries)(?:{GAP}(?P<era>{ERA}))?(?!\w)"),
    _form("years", {DIGITS}, rf"(?P<head>(?P<year>[12]\d{{3}}))(?P<to>{TO_ON}|[^\S\n]?/)(?P<tail>(?P<year2>{YEAR}|\d{{2}}(?![\w%])))(?![-.,/]\d|[^\S\n]?%){NOT_COUNTED}", never_after=NO_YEAR_BEFORE),
    _form("era", {DIGITS}, rf"(?P<year>\d{{1,4}}){GAP}(?P<era>{ERA})"),
    _form("era", {"ad"}, rf"AD{GAP}(?P<year>\d{{1,4}})(?!\w)"),
    _form("decade", {DIGITS}, r"(?P<decade>[12]\d\d0)['’]?s\b(?!-?\d)", never_after=r"[\w$€£.,/]"),
    _form("short-decade", {DIGITS}, r"(?P<tens>[2-9]0)['’]?s\b(?!\s?(?:°|degrees|[FC]\b|percent|%))", never_after=r"(?i:temperatures?[^.\n]{0,40}|\b(?:his|her|their|my|your|our|low|high|upper|lower)\s(?:the\s)?)['’‘]?", after=r"\bthe\s(?:(?:early|mid|late)[- ])?['’‘]?|(?<!\w)['’‘]"),
    _form("worded-decade", DECADES, rf"(?P<word>{either(DECADES)})\b", after=r"(?i:\bthe\s(?:(?:early|mid|late)[- ])?)|(?i:nineteen[- ])"),
    _form("ago", NUMBER_STARTS, rf"(?P<number>{NUMBER}){GAP}(?P<unit>{UNIT})s?{GAP}(?P<way>(?i:ago|earlier|later|previously|hence|from now))\b(?!{GAP}(?i:than))", never_after=r"\d[.,/ -]|(?i:\b(?:and a|point|than|half) )|[\w$€£.-]"),
    _form("ago", NUMBER_STARTS, rf"(?P<number>{NUMBER}){GAP}(?P<unit>{UNIT})s?{GAP}(?P<way>(?i:before|after))(?=\s?(?:[.,;:)]|$|\n))", never_after=r"\d[.,/ -]|[\w$€£.-]"),
    _form(
        "deictic",
        {"today", "yesterday", "tomorrow", "tonight"},
        rf"(?P<word>(?i:today|yesterday|tomorrow|tonight))(?:{GAP}(?P<part>{PART}))?(?![-\w])",
        never_after=r"\b(?:USA|[A-Z][a-z]+)\s(?=Today)|-",
    ),
    _form("deictic", {"day"}, rf"(?i:day{GAP}(?P<side>before|after){GAP}(?P<word>yesterday|tomorrow))\b"),
    _form("neighbour", {"day", "night", "week", "month", "year"}, r"(?P<unit>(?i:day|night|week|month|year))\s(?P<way>(?i:before|after))(?=\s?(?:[.,;:)]|$|\n))", after=THE),
    _form(
        "related",
        RELATED_STARTS,
        rf"(?P<which>{RELATED}){GAP}(?:(?P<unit>{UNIT}|{PART})(?!s|\w|{DASH}\w)|(?P<weekday>{WEEKDAY})(?:{GAP}(?P<part>{PART})(?![-\w]))?|(?P<month>{MONTH})|(?P<season>{SEASON}))(?![-\w]|['’]\w\w)",
    ),
    _form("weekend", {"weekend"}, r"(?i:weekend)(?!\w|-)", after=r"(?i:\b(?:over|on|during|at|throughout|for) the\s|\bthe\s)"),
    _form("edge", {"end", "beginning", "start", "middle", "close", "part", "half"}, rf"(?:(?i:end|beginning|start|middle|close|part|half){GAP}(?i:of){GAP}(?P<which>(?i:the)){GAP}(?P<unit>(?i:week|month|year|decade|century)))(?![-\w])", after=THE),
    _form("edge", {"year"}, r"(?P<unit>(?i:year))(?:['’]s[ -]|-)(?i:end)\b", never_after=r"[-\w]"),
    _form("anniversary", ORDINAL_STARTS, rf"(?P<nth>{ORDINAL}){GAP}(?i:anniversary)(?P<of>{GAP}(?i:of){GAP}(?:(?P<month>{MONTH}){GAP}(?P<day>{DAY}){NTH},?{GAP}(?P<year>{YEAR})|(?P<day_>{DAY}){NTH}{GAP}(?P<month_>{MONTH}),?{GAP}(?P<year_>{YEAR}))?)?"),
    _form("feast", {"christmas", "new", "boxing", "halloween", "independence", "fourth", "bastille"}, rf"(?P<feast>Christmas{GAP}(?:Day|Eve)|New{GAP}Year['’]?s?['’]?{GAP}(?:Day|Eve)|Boxing{GAP}Day|Fourth{GAP}of{GAP}July|Bastille{GAP}Day)(?:,?{GAP}(?P<year>{YEAR}))?(?!\w)"),
    _form("year", {DIGITS}, BARE_YEAR, after=YEAR_AFTER),
    _form("bare-year", {DIGITS}, BARE_YEAR, never_after=NO_YEAR_BEFORE),
    _form("era", {DIGITS}, r"(?P<year>[1-9]\d{2})(?![\w%]|[.,]\d)", after=r"(?i:\b(?:c|ca)\.\s?|\bcirca\s)"),
    _form("clock", {DIGITS}, CLOCK_FORM, never_after=r"[\w.,/:$€£+-]|\d "),
    _form("noon", {"noon", "midnight"}, r"(?P<word>(?i:noon|midnight))\b(?![-])", never_after=r"-"),
)  # fmt: skip


def _foreign(language: str) -> tuple[Form, ...]:
    """Return the forms of whole dates, months and years in a language other than English."""
    words = CALENDARS[language]
    named = {**{word.capitalize(): number for word, number in words.months.items()}, **words.months}
    month = "(?:" + "|".join(rf"{name}\b\.?" for name in sorted(named, key=len, reverse=True)) + ")"
    day_names = "|".join(sorted(words.weekdays, key=len, reverse=True))
    joint = rf"(?:{GAP}(?i:{words.joint}))?"
    year = rf"(?P<year>{YEAR})(?![-.,/]\d)"
    lead = rf"(?:(?i:{day_names}),?{GAP}(?i:(?:den|dem|le|el|il|de){GAP})?)?"
    day = rf"(?P<day>{DAY})(?:{words.ordinal})?"
    starts = {DIGITS, *(name.split("-")[0] for name in words.weekdays)}
    years_after = "|".join(words.year_after.split())
    return (
        _form("date", starts, rf"{lead}{day}{joint}{GAP}(?P<month>{month})(?:,?{joint}{GAP}{year})?(?!\w)", never_after=r"[\w.,/:$€£-]"),
        _form("month-year", {name.lower() for name in words.months}, rf"(?P<month>{month}),?{joint}{GAP}{year}"),
        _form("years", {DIGITS}, rf"(?P<head>(?P<year>[12]\d{{3}}))(?P<to>\s?[-‐‑–]\s?)(?P<tail>(?P<year2>{YEAR}))(?![-.,/]\d)", never_after=NO_YEAR_BEFORE),
        _form("year", {DIGITS}, BARE_YEAR, after=rf"(?i:\b(?:{years_after})\s)|\("),
    )  # fmt: skip


@cache
def forms(language: str) -> dict[str, tuple[Form, ...]]:
    """Return the forms of a language by the lower-case word that each begins with."""
    table: dict[str, list[Form]] = {}
    for form in (*NUMERIC, *(_foreign(language) if language in CALENDARS else ENGLISH)):
        for start in form.starts:
            table.setdefault(start.split("-")[0], []).append(form)
    return {start: tuple(each) for start, each in table.items()}
