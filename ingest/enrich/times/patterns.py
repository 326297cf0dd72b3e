"""The forms in which English text and, for whole dates and what is near, other languages speak of time.

Every form begins with a word of a known kind (a number, a month, `last`), so only those places are
tried, and has a bounded length, so that finding is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ingest.calendars import ERAS, SHORT_WEEKDAYS
from ingest.enrich.times.abroad import relative_forms
from ingest.enrich.times.words import (
    CALENDARS,
    COUNTED,
    DAYPARTS,
    DECADES,
    ENGLISH_MONTHS,
    ENGLISH_WEEKDAYS,
    IN_CHARACTERS,
    MEASURES,
    NO_YEAR_AFTER,
    ONES,
    ORDINALS,
    PAPERS,
    RELATIONS,
    SEASONS,
    TENS,
    UNITS,
    YEAR_AFTER,
    is_short,
)
from ingest.enrich.times.years import (
    DASH,
    FISCAL_YEAR,
    GAP,
    OF_YEAR,
    OLD_YEAR,
    SHORT_YEAR,
    SOME_YEAR,
    TWO_DIGITS,
    YEAR,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.calendars import Words

DIGITS = "0"
# A number is looked up by its length: `0` stands for one digit, `0000` for four.
ONE_OR_TWO = (DIGITS, DIGITS * 2)
THREE = (DIGITS * 3,)
FOUR = (DIGITS * 4,)


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way to speak of time: how it begins, how it goes on, and what may stand before it.

    `starts` are lower-case first words, or noughts for a number. The word before, in lower case, must
    be one of `after`, where that is given, and none of `not_after`; the character directly before
    must not be one of `not_beside`.
    """

    kind: str
    starts: frozenset[str]
    pattern: re.Pattern[str]
    after: frozenset[str]
    not_after: frozenset[str]
    not_beside: str


def _form(
    kind: str,
    starts: Iterable[str],
    pattern: str,
    after: Iterable[str] = (),
    not_after: Iterable[str] = (),
    not_beside: str = "",
) -> Form:
    return Form(
        kind=kind,
        starts=frozenset(starts),
        pattern=re.compile(pattern),
        after=frozenset(after),
        not_after=frozenset(not_after),
        not_beside=not_beside,
    )


def _capitals(words: Iterable[str]) -> str:
    """Return an alternation of names with a capital, or all in capitals; abbreviations take a full stop."""
    forms = [
        form + (r"\b\.?" if is_short(word) else r"\b")
        for word in sorted(words, key=len, reverse=True)
        for form in (word.capitalize(), word.upper())
    ]
    return f"(?:{'|'.join(forms)})"


def _either(words: Iterable[str]) -> str:
    """Return an alternation of words in any case, the longest first."""
    return f"(?i:{'|'.join(sorted(words, key=len, reverse=True))})"


TO = rf"(?:\s?{DASH}\s?|{GAP}(?i:to|and|or|until|till|through){GAP})"
MONTH = _capitals(ENGLISH_MONTHS)
WEEKDAY = _capitals(ENGLISH_WEEKDAYS)
ANY_WEEKDAY = _capitals({**ENGLISH_WEEKDAYS, **SHORT_WEEKDAYS})
# In "Monday-Tuesday, May 3-4" the weekday is that of the last day.
DATED_WEEKDAY = rf"(?:(?:(?<!{DASH})(?P<weekday>{ANY_WEEKDAY})|{ANY_WEEKDAY}),?{GAP})"
# "5,000" is no day.
DAY = r"(?:[12]\d|3[01]|0?[1-9])(?!\d|,\d{3}(?!\d))"
NTH = r"(?:(?i:st|nd|rd|th)\b)?"
NOT_ON = rf"(?!{DASH}\d|[,.]\d)"
AFTER_DATE = rf"(?:,?{GAP}(?P<year>{YEAR}|{OLD_YEAR}){NOT_ON}|{OF_YEAR})?(?!\w|{DASH}\d|:\d)"
ORDINAL = rf"(?:\d{{1,2}}(?i:st|nd|rd|th)|{_either(ORDINALS)})"
NUMBER = rf"(?:\d{{1,4}}|{_either(TENS)}(?:[- ]{_either(ONES)})?|{_either(ONES)}|(?i:an?))"
SEASON = _either(SEASONS)
PART = _either(DAYPARTS)
UNIT = _either(UNITS)
ERA = r"(?P<era>B\.C\.E\.|B\.C\.|A\.D\.|C\.E\.|BCE\b|BC\b|AD\b|CE\b)"
CENTURY = rf"(?:{GAP}|\s?{DASH}\s?)(?i:century|centuries)(?:{GAP}{ERA})?(?!\w)"
NOT_COUNTED = rf"(?!(?:[^\S\n]|{DASH}){_either(COUNTED)}\b|[^\S\n]?[%°])"
NOT_MEASURED = rf"(?!(?:[^\S\n]|{DASH}){_either(MEASURES)}\b|[^\S\n]?[%°])"
# "1920 x 1080" is the size of something.
NUMBER_ENDS = (
    r"(?![-‐‑](?!(?:model|era|vintage|built)\b)\w|[–—.,/:]\d|[@+]|[^\S\n]?[$€£]|/\w|['’]\d"
    r"|[^\S\n]?[×x][^\S\n]?\d)"
)
LONE_YEAR = rf"(?P<year>{YEAR}){NOT_COUNTED}{NUMBER_ENDS}"
SURE_YEAR = rf"(?P<year>{YEAR}){NOT_MEASURED}{NUMBER_ENDS}"
NO_MORE = r"(?![-\w])"
NO_HEAT = r"(?!\s?(?:°|degrees|[FC]\b|percent|%))"
ENDS = r"(?=\s?[.,;:)]|\s*$|\n)"
HALF = r"(?:(?:[^\S\n]|[-‐‑])?(?:(?P<half>[aApP])\.?[mM]\b\.?|(?P<oclock>(?i:o['’]clock\b))))?"
ZONE = r"(?:[^\S\n]?(?P<bracket>\()?(?P<zone>UTC|GMT|Z)\b(?!\s?[+\-−–]\d)(?(bracket)\)?))?"
HOUR = (
    r"(?P<hour>[01]?\d|2[0-4])"
    r"(?:[:.](?P<minute>[0-5]\d)(?![:.]?\d)|(?![:.]\d|\d)(?=[^\S\n]?[-‐‑]?[aApPoOUGZ]))"
)
SECONDS = r"(?::[0-5]\d(?:\.\d{1,6})?)?"

NUMBER_STARTS = {*ONE_OR_TWO, *THREE, *FOUR, "a", "an", *ONES, *TENS}
ORDINAL_STARTS = {*ONE_OR_TWO, *ORDINALS, "twenty"}
RELATED_STARTS = {words.split()[0] for words in RELATIONS}
WEEKDAY_STARTS = {*ENGLISH_WEEKDAYS, *SHORT_WEEKDAYS}
NUMERALS = "._,/:$€£¥#@=&*+-×"
BUT_HYPHENS = NUMERALS.replace("-", "")
NAMED_DAYS = "good black bloody ash palm easter super cyber holy maundy fat shrove whit".split()  # noqa: SIM905
FIRST_WORD = re.compile(r"[- .'’]")
NEVER_ONE_DAY = ("every", "each", "most", "alternate", "one", "any", "some")

# The attacks of 2001, which no other words beside tell from a ninth of November.
ATTACKS = r"9/11(?![\w/%]|[.,]\d|\s?[-–]\s?\d|\s(?:and|or|to)\s\d)"
OF_ATTACKS = (
    r"(?=['’]s\b|(?:[^\S\n]|-)"
    r"(?i:attack|terror|hijack|plot|commission|memorial|museum|victim|famil|survivor|related))"
)

NUMERIC = (
    _form(
        "iso",
        FOUR,
        r"(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{2})(?P=mark)(?P<day>\d{2})"
        rf"(?:(?:T|[^\S\n])(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d){SECONDS}{ZONE})?(?!\w|-\d|/\w)",
        not_beside=NUMERALS,
    ),
    _form(
        "numbers",
        ONE_OR_TWO,
        r"(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?![\w/]|[-.]\d)",
        not_beside=NUMERALS,
    ),
    _form(
        "iso-month",
        FOUR,
        r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?![\w/-])",
        not_beside=NUMERALS,
    ),
)
DATES = (
    _form(
        "month-days",
        {*ENGLISH_MONTHS, *WEEKDAY_STARTS},
        rf"(?P<head>{DATED_WEEKDAY}?(?P<month>{MONTH}){GAP}(?P<day>{DAY}){NTH}){TO}"
        rf"(?P<tail>(?P<day2>{DAY}){NTH}{AFTER_DATE})",
    ),
    _form(
        "days-month",
        ONE_OR_TWO,
        rf"(?P<head>(?P<day>{DAY}){NTH}){TO}(?P<tail>(?P<day2>{DAY}){NTH}{GAP}(?P<month>{MONTH}){AFTER_DATE})",
        not_beside=NUMERALS,
    ),
    _form(
        "date",
        {*ENGLISH_MONTHS, *WEEKDAY_STARTS},
        rf"{DATED_WEEKDAY}?(?P<month>{MONTH}){GAP}(?:the{GAP})?(?P<day>{DAY}){NTH}{AFTER_DATE}",
    ),
    _form(
        "date",
        {*ONE_OR_TWO, *WEEKDAY_STARTS},
        rf"(?:{DATED_WEEKDAY}(?:the{GAP})?)?(?P<day>{DAY})(?:{NTH}|(?i:st|nd|rd|th){GAP}(?:day{GAP})?of)"
        rf"{GAP}(?P<month>{MONTH}){AFTER_DATE}",
        not_beside=NUMERALS,
    ),
    # References are dated so: "Acta 2019 Oct 5;39(2)", "2019 Oct;39(1)", "(2019, October 5)".
    _form(
        "date",
        FOUR,
        rf"(?P<year>{YEAR}),?{GAP}(?P<month>{MONTH}){GAP}(?P<day>{DAY})(?!\w|{DASH}\d|:\d|,?{GAP}[12]\d{{3}})",
        not_beside=NUMERALS,
    ),
    _form("month-year", FOUR, rf"(?P<year>{YEAR}){GAP}(?P<month>{MONTH})(?=[;:])", not_beside=NUMERALS),
    _form(
        "month-year",
        ENGLISH_MONTHS,
        rf"(?P<month>{MONTH})(?:(?:,|{GAP}(?:of|in))?{GAP}(?P<year>{YEAR}|\d{{3}}(?=\s?[),.;–]|$)){NOT_ON}"
        rf"|{OF_YEAR})",
    ),
    _form("month", ENGLISH_MONTHS, rf"(?P<month>{MONTH})(?!{DASH}\w|\w)"),
    _form(
        "weekday",
        ENGLISH_WEEKDAYS,
        rf"(?P<weekday>{WEEKDAY})(?:{GAP}(?P<part>{PART}){NO_MORE})?{NO_MORE}"
        rf"(?!{GAP}(?:the{GAP}\d|week\b|{_capitals(PAPERS)})|\.\w)",
        not_after=(*NEVER_ONE_DAY, *NAMED_DAYS),
    ),
    _form(
        "nth-weekday",
        {*ORDINALS, "last"},
        rf"(?P<nth>{_either(ORDINALS)}|(?i:last)){GAP}(?P<weekday>{WEEKDAY}){GAP}(?:of|in){GAP}"
        rf"(?:(?P<month>{MONTH})(?:,?{GAP}(?P<year>{YEAR}){NOT_ON})?{NO_MORE}|(?i:the|an?|each|every|any)\b)",
    ),
    _form(
        "feast",
        {"christmas", "new", "boxing", "fourth", "bastille"},
        rf"(?P<feast>Christmas{GAP}(?:Day|Eve)|New{GAP}Year['’]?s?['’]?{GAP}(?:Day|Eve)|Boxing{GAP}Day"
        rf"|Fourth{GAP}of{GAP}July|Bastille{GAP}Day)(?:,?{GAP}(?P<year>{YEAR}))?(?!\w)",
    ),
    _form("attacks", (DIGITS,), ATTACKS + OF_ATTACKS, not_beside=BUT_HYPHENS),
    _form(
        "attacks",
        (DIGITS,),
        ATTACKS,
        after=("pre", "post", "since", "after", "before", "during"),
        not_beside=BUT_HYPHENS,
    ),
    _form(
        "anniversary",
        ORDINAL_STARTS,
        rf"(?P<nth>{ORDINAL}){GAP}(?i:anniversary)\b(?P<of>{GAP}of\b(?:{GAP}(?:"
        rf"(?P<month>{MONTH}){GAP}(?P<day>{DAY}){NTH},?{GAP}(?P<year>{YEAR})"
        rf"|(?P<day_>{DAY}){NTH}{GAP}(?P<month_>{MONTH}),?{GAP}(?P<year_>{YEAR})))?)?",
    ),
)
PERIODS = (
    _form(
        "quarter",
        {*ORDINALS, DIGITS},
        rf"(?P<quarter>(?i:first|second|third|fourth)|[1-4](?:st|nd|rd|th)){GAP}(?i:quarter)"
        rf"(?:{GAP}(?:(?:of|in){GAP})?{SOME_YEAR})?{NO_MORE}",
        after=("the",),
    ),
    _form(
        "quarter",
        {"last", "final"},
        rf"(?i:last|final){GAP}(?i:quarter){GAP}(?:of|in){GAP}{SOME_YEAR}{NO_MORE}",
        after=("the",),
    ),
    _form(
        "month-week",
        {*ORDINALS, "last", "final"},
        rf"(?P<nth>(?i:first|second|third|fourth|last|final)){GAP}(?i:week){GAP}(?:of|in){GAP}(?P<month>{MONTH})"
        rf"(?:,?{GAP}(?P<year>{YEAR}){NOT_ON})?{NO_MORE}",
        after=("the",),
    ),
    _form(
        "quarter",
        ORDINALS,
        rf"(?P<quarter>(?i:first|second|third|fourth))-quarter(?:{GAP}(?:of{GAP})?{SOME_YEAR})?{NO_MORE}",
    ),
    _form(
        "quarter",
        {"q"},
        # A line that begins with "Q1." or "Q1:" asks a question.
        rf"(?!(?<![^\n])Q\d[.:)])Q(?P<quarter>[1-4])(?:{GAP}(?:of{GAP})?(?P<of>{YEAR}|{SHORT_YEAR}))?{NO_MORE}",
    ),
    _form(
        "half",
        {"first", "second", "latter"},
        rf"(?P<part>(?i:first|second|latter)){GAP}half{GAP}of{GAP}{SOME_YEAR}",
    ),
    _form("fiscal", {"fiscal", "financial", "fy"}, rf"{FISCAL_YEAR}(?:{GAP}Q[1-4]{NO_MORE})?"),
    # Which months the quarter of a fiscal year has is not known, so the year is all that is read.
    _form("fiscal", {"q"}, rf"Q[1-4]{GAP}(?:of{GAP})?(?:the{GAP})?{FISCAL_YEAR}"),
    _form(
        "fiscal",
        {*ORDINALS, DIGITS, "last", "final"},
        rf"(?:(?i:first|second|third|fourth|last|final)|[1-4](?:st|nd|rd|th)){GAP}(?i:quarter){GAP}(?:(?:of|in){GAP})?(?:the{GAP})?"
        rf"{FISCAL_YEAR}",
    ),
    _form(
        "season",
        SEASONS,
        rf"(?P<season>{SEASON})(?:,|{GAP}of)?{GAP}(?P<year>{YEAR})(?:\s?{DASH}\s?\d{{2,4}}|/\d{{2,4}})?(?!\w)",
    ),
    _form(
        "centuries",
        ORDINAL_STARTS,
        rf"(?P<head>(?P<nth>{ORDINAL}))(?:{GAP}(?:and|or|to){GAP}|{DASH})(?P<tail>(?P<nth2>{ORDINAL}){CENTURY})",
    ),
    _form("century", ORDINAL_STARTS, rf"(?P<nth>{ORDINAL}){CENTURY}"),
    _form("decade", FOUR, r"(?P<decade>[12]\d\d0)['’]?s\b(?!-?\d)", not_beside="._,/:$€£¥#@=&*+"),
    _form(
        "decades",
        FOUR,
        rf"(?P<head>(?P<decade>[12]\d\d0)['’]?s){TO}(?:the{GAP})?['’‘]?(?P<tail>(?P<tens2>[2-9]0)['’]?s)\b",
        not_beside="._,/:$€£¥#@=&*+",
    ),
    _form(
        "short-decades",
        ONE_OR_TWO,
        rf"(?P<head>(?P<tens>[2-9]0)['’]?s){TO}(?:the{GAP})?['’‘]?(?P<tail>(?P<tens2>[2-9]0)['’]?s)\b"
        rf"{NO_HEAT}",
        after=("the",),
        not_beside=NUMERALS,
    ),
    _form(
        "short-decade",
        ONE_OR_TWO,
        rf"(?P<tens>[2-9]0)['’]?s\b{NO_HEAT}",
        after=("the",),
        not_beside=NUMERALS,
    ),
    _form("worded-decade", DECADES, rf"(?P<word>{_either(DECADES)})\b", after=("the", "nineteen")),
    _form(
        "years",
        FOUR,
        rf"(?P<head>(?P<year>[12]\d{{3}}))(?P<to>\s?{DASH}\s?|[^\S\n]?/|{GAP}(?:to|until|till|through){GAP})"
        rf"['’‘]?(?P<tail>(?P<year2>{YEAR}|\d{{2}}(?![\w%])))(?![-.,/:]\d|[^\S\n]?[$€£]){NOT_COUNTED}",
        not_after=NO_YEAR_AFTER,
        not_beside=NUMERALS,
    ),
    _form(
        "short-year",
        (DIGITS * 2,),
        rf"(?<=['’‘])(?<!\w['’‘])(?P<two>{TWO_DIGITS}){NOT_COUNTED}{NUMBER_ENDS}",
        after=(*YEAR_AFTER, "the", "of", "for", "to", "and", "or", DIGITS),
    ),
    _form("year", FOUR, SURE_YEAR, after=YEAR_AFTER, not_beside=NUMERALS),
    _form("bare-year", FOUR, LONE_YEAR, not_after=NO_YEAR_AFTER, not_beside=NUMERALS),
    _form("era", (*ONE_OR_TWO, *THREE, *FOUR), rf"(?P<year>\d{{1,4}}){GAP}{ERA}(?!\w)", not_beside=NUMERALS),
    _form("era", {"ad"}, rf"AD{GAP}(?P<year>\d{{1,4}})(?!\w)"),
    _form(
        "era", THREE, r"(?P<year>[1-9]\d{2})(?![\w%]|[.,]\d)", after=("c", "ca", "circa"), not_beside=NUMERALS
    ),
)
RELATIVE = (
    _form(
        "ago",
        NUMBER_STARTS,
        rf"(?P<number>{NUMBER}){GAP}(?P<unit>{UNIT})s?{GAP}"
        rf"(?P<way>(?i:ago|earlier|later|previously|hence|from{GAP}now)\b|(?i:before|after){ENDS})(?!{GAP}than)",
        not_after=("than", "point", DIGITS),
        not_beside=NUMERALS,
    ),
    _form(
        "deictic",
        {"today", "yesterday", "tomorrow", "tonight"},
        rf"(?P<word>(?i:today|yesterday|tomorrow|tonight))(?:{GAP}(?P<part>{PART}))?{NO_MORE}",
        not_beside="-",
    ),
    _form("deictic", {"day"}, rf"(?i:day{GAP}(?P<side>before|after){GAP}(?P<word>yesterday|tomorrow))\b"),
    _form(
        "neighbour",
        {"day", "night", "week", "month", "year"},
        rf"(?P<unit>(?i:day|night|week|month|year)){GAP}(?P<way>(?i:before|after|previous|prior)){ENDS}",
        after=("the",),
    ),
    _form(
        "compared",
        {"same"},
        rf"(?i:same{GAP}(?P<unit>time|period|day|month|quarter|half)){GAP}(?i:(?:(?:of|in|the){GAP}){{0,2}}"
        rf"(?:(?P<which>last|previous|prior){GAP}year|(?:a|one){GAP}year{GAP}(?P<way>ago|earlier|before)))\b",
        after=("the",),
    ),
    _form(
        "related",
        RELATED_STARTS,
        rf"(?P<which>{_either(RELATIONS)}){GAP}(?:(?P<unit>{UNIT}|{PART})(?!{DASH}\w)"
        rf"|(?P<weekday>{WEEKDAY})(?:{GAP}(?P<part>{PART}){NO_MORE})?"
        rf"|(?P<month>{MONTH})(?!{GAP}(?:{DAY}|[12]\d{{3}}\b))|(?P<season>{SEASON}))(?!\w|['’]\w\w)",
    ),
    _form("weekend", {"weekend"}, rf"(?i:weekend){NO_MORE}", after=("the",)),
    _form(
        "edge",
        {"end", "beginning", "start", "middle", "close", "part", "half"},
        rf"(?i:end|beginning|start|middle|close|part|half){GAP}of{GAP}the{GAP}"
        rf"(?P<unit>week|month|year|decade|century){NO_MORE}",
        after=("the",),
    ),
    _form(
        "edge",
        {"earlier", "later"},
        rf"(?i:earlier|later){GAP}in{GAP}(?P<core>the{GAP}(?P<unit>year|month|week|day)){NO_MORE}",
    ),
    _form(
        "whole", {"entire", "whole", "full"}, rf"(?i:(?:entire|whole|full){GAP}year){NO_MORE}", after=("the",)
    ),
    _form("edge", {"year"}, r"(?P<unit>(?i:year))(?:['’]s[ -]|-)end\b", not_beside="-"),
)
CLOCKS = (
    _form("clock", ONE_OR_TWO, HOUR + HALF + ZONE, not_beside=NUMERALS),
    _form("noon", {"noon"}, rf"(?P<word>(?i:noon)){NO_MORE}", not_beside="-"),
)
ENGLISH = (*DATES, *PERIODS, *RELATIVE, *CLOCKS)


def _is_shortened(word: str, months: Words) -> bool:
    return any(each != word and each.startswith(word) for each in months if months[each] == months[word])


def _foreign(language: str) -> tuple[Form, ...]:
    """Return the forms of whole dates, months and years in a language other than English."""
    words = CALENDARS[language]
    names = "|".join(
        re.escape(form) + (r"\b\.?" if _is_shortened(word, words.months) else r"\b")
        for word in sorted(words.months, key=len, reverse=True)
        for form in sorted({word, word.capitalize()})
    )
    month = rf"(?:(?P<month>{names})(?:/(?:{names}))?)"
    weekday = (
        rf"(?:(?P<weekday>{_either(words.weekdays)}),?{GAP}"
        rf"(?:(?i:den|dem|le|el|il|de|dia|τις|στις){GAP})?)?"
    )
    joint = rf"(?:{GAP}(?:{words.joint}))?" if words.joint else ""
    year = rf"(?P<year>{YEAR}){NOT_ON}"
    counted = rf"(?!{GAP}(?:\w+{GAP})?{_either(words.counted.split())}\b)" if words.counted else ""
    lone = rf"(?P<year>{YEAR}){counted}{NUMBER_ENDS}"
    announced = words.year_after.split()
    followed = rf"{GAP}(?:{words.year_before})(?!\w)|" if words.year_before else ""
    return (
        _form(
            "date",
            {*ONE_OR_TWO, *words.weekdays},
            rf"{weekday}(?P<day>{DAY})(?:{words.ordinal})?{joint}{GAP}{month}(?:,?{joint}{GAP}{year})?(?!\w)",
            not_beside=NUMERALS,
        ),
        _form("month-year", words.months, rf"{month},?{joint}{GAP}{year}"),
        _form(
            "years",
            FOUR,
            rf"(?P<head>(?P<year>[12]\d{{3}}))(?P<to>\s?{DASH}\s?)(?P<tail>(?P<year2>{YEAR}))(?![-.,/]\d)",
            not_beside=NUMERALS,
        ),
        _form("year", FOUR, lone, after=announced, not_beside=NUMERALS),
        _form("year", FOUR, rf"{lone}(?={followed}\)|['’][^\W\d_]{{1,4}}\b)", not_beside=NUMERALS),
        *(
            _form(each.kind, each.starts, each.pattern, (), each.not_after, each.not_beside)
            for each in relative_forms(language)
        ),
    )


def _in_characters() -> tuple[Form, ...]:
    """Return the forms of whole dates, months and years in Chinese and Japanese."""
    month, day = r"(?P<month>1[0-2]|0?[1-9])月", r"(?P<day>[12]\d|3[01]|0?[1-9])[日號号]"
    reign = rf"(?<=(?P<era>{'|'.join(ERAS)}))(?P<reign>\d{{1,2}})年"
    year = r"(?P<year>[12]\d{3})年"
    return (
        _form("date", FOUR, rf"{year}{month}{day}"),
        _form("month-year", FOUR, rf"{year}{month}"),
        _form("year", FOUR, rf"{year}(?![间間])"),
        _form("date", ONE_OR_TWO, rf"{reign}{month}{day}"),
        _form("month-year", ONE_OR_TWO, rf"{reign}{month}"),
        _form("year", ONE_OR_TWO, rf"{reign}(?![间間])"),
        _form("date", ONE_OR_TWO, rf"(?<!年){month}{day}"),
    )


def _forms(language: str) -> tuple[Form, ...]:
    if language in IN_CHARACTERS:
        return _in_characters()
    return _foreign(language) if language in CALENDARS else ENGLISH


@cache
def forms(language: str) -> dict[str, tuple[Form, ...]]:
    """Return the forms of a language by the lower-case word that each begins with."""
    table: dict[str, list[Form]] = {}
    for form in (*NUMERIC, *_forms(language)):
        for start in sorted({FIRST_WORD.split(each)[0] for each in form.starts}):
            table.setdefault(start, []).append(form)
    return {start: tuple(each) for start, each in table.items()}
