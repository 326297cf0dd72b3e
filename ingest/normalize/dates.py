"""Reads stated dates without making them more precise than they are."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING

from ingest.calendars import (
    ANY_MONTH,
    ANY_MONTH_PATTERN,
    BUDDHIST,
    ERAS,
    MONTH_PATTERN,
    MONTHS,
    WEEKDAYS,
    month_number,
    western_digits,
)

if TYPE_CHECKING:
    from ingest.model import Precision

ISO = re.compile(
    r"""(?P<year>\d{4})
        (?:[-/.](?P<month>\d{1,2})
            (?:[-/.](?P<day>\d{1,2})
                (?:(?:[T ]\s*|\s+at\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
                    \s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?)?)?""",
    re.VERBOSE | re.IGNORECASE,
)
MONTH = rf"(?P<month>{MONTH_PATTERN})\.?"
ENGLISH = (
    re.compile(rf"{MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(rf"(?P<day>\d{{1,2}})\s+{MONTH},?\s+(?P<year>\d{{4}})", re.IGNORECASE),
)
JOINT = r"(?:(?:de|del|do|di|van|des)\s+)?"
# A day as most languages write it, with the name of the month: `1er mai 1998`, `12 marca 2014 r.`
DAY_AND_MONTH = (
    rf"(?P<day>\d{{1,2}})(?:(?P<dot>\.)|er|[º°ª]|η)?\s+{JOINT}(?P<month>{ANY_MONTH_PATTERN})(?!\w)\.?"
    rf"(?:\s?/\s?(?:{ANY_MONTH_PATTERN}))?,?\s+{JOINT}(?:พ\.ศ\.\s?)?(?P<year>\d{{4}})(?!\d)"
)
# A day in Chinese, Japanese and Korean, whose year may be that of an era.
CHARACTERS = (
    rf"(?:(?P<era>{'|'.join(ERAS)})\s?(?P<reign>\d{{1,3}}|元)|(?P<year>\d{{4}}))\s?[年년]"
    r"\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日號号일]"
)
SHORT_WEEKDAYS = (
    "mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom|seg|ter|qua|qui|sex|gio|ma|wo|vr|za"
    "|zo|mån|tis|ons|tors|fre|lör|sön|pon|wt|śr|czw|pt|sob|ndz|niedz|пн|вт|ср|чт|пт|сб|вс|нд|pzt|sal|çar|per"
    "|cum|cmt|paz|mon|tues?|wed|thur?s?|fri|sat|sun"
)
WEEKDAY = (
    rf"(?:(?:{'|'.join(re.escape(name) for names in WEEKDAYS.values() for name in names)})(?!\w)"
    rf"|(?:{SHORT_WEEKDAYS})[.,])"
)
HOURS = r"(?P<hour>\d{1,2})\s?(?:[:.h](?P<minute>\d{2})(?!\d)|h|Uhr)"
TIME = (
    rf"(?:[\s,|·–-]*(?:(?:um|at|à|às|a\s+las|alle|ore|om|klo?|kell|godz|saat|pukul|lúc|ob|u|в|о|об)\b\.?:?\s*)?{HOURS}"
    r"(?::\d{2})?\s*(?:Uhr|h|hs|uur|ч)?\.?)?"
)
NUMERIC = re.compile(
    rf"(?:{WEEKDAY},?\s*)?(?P<first>\d{{1,2}})(?P<mark>[/.-])\s?(?P<second>\d{{1,2}})(?P=mark)\s?"
    rf"(?P<year>\d{{4}})\.?{TIME}",
    re.IGNORECASE,
)
WRITTEN = re.compile(
    rf"""(?:(?:يوم\s+)?{WEEKDAY},?\s*)?(?:(?:den|dem|der|le|el|il|τη|την)\s+)?{DAY_AND_MONTH}
        (?:\s*(?:r|roku|г|года|р|року|р)\b\.?|\.)?(?:,?\s*{WEEKDAY})?{TIME}""",
    re.VERBOSE | re.IGNORECASE,
)
IN_CHARACTERS = re.compile(
    rf"""{CHARACTERS}(?:\s*[（(][^）)]{{1,4}}[）)]|\s*(?:星期|周|週).)?
        (?:\s*(?P<noon>午前|午後|上午|下午|오전|오후)?\s*(?P<hour>\d{{1,2}})\s?[:時时點点시]\s?(?P<minute>\d{{2}})?分?)?""",
    re.VERBOSE,
)
# With the year first, as in Hungary and the Baltic: `2024. március 5.`, `2024 m. kovo 5 d.`.
YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?:\.|\s?m\.|\.?\s?gada)?\s+"
    rf"(?:(?P<month>{ANY_MONTH_PATTERN})\s+(?P<day>\d{{1,2}})(?:\.|-?[^\W\d_]{{1,3}})?(?:\s?d\.)?"
    rf"|(?P<day_>\d{{1,2}})\.\s+(?P<month_>{ANY_MONTH_PATTERN}))(?:,?\s*{WEEKDAY})?",
    re.IGNORECASE,
)
# With the number of the month, as in Vietnam.
NUMBERED_MONTH = re.compile(
    r"(?:[^\W\d]{1,8} [^\W\d]{1,8},\s*)?(?:ngày\s+)?(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})"
    r"(?:,|\s+năm)?\s+(?P<year>\d{4})",
    re.IGNORECASE,
)
AFTERNOON = frozenset(("午後", "下午", "오후"))
COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
# Mails of the last century gave the year two digits; the same words in no other order mean a day.
OLD_MAIL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:0?[1-9]|[12]\d|3[01]) "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d (?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
    r"(?: (?:[+-]\d{4}|[A-Z]{1,4}))?(?: \([^()]{1,40}\))?"
)
YEAR = re.compile(r"\b(1[4-9]\d\d|20\d\d)\b")
IN_PATH = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)[-/_.](\d{1,2})(?:[-/_.](\d{1,2}))?(?!\d)")
# Eight digits are also the number of an article, so only those that a name begins with are a date.
IN_NAME = re.compile(r"(?<!\d)\d{1,2}\.\d{1,2}\.(?:1[89]|20)\d\d(?!\d)|^(?:1[89]|20)\d{6}(?=[-_. ])")
MOMENT = re.compile(r"[1-3]\d{9}(?:\d{3}|\.0+)?", re.ASCII)
CLOCK = re.compile(r"\d:\d\d")
TWELVE_HOURS = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ru", "uk", "pl", "tr", "ar", "zh", "ja")
MONTHS_IN_YEAR = 12
EARLIEST, LATEST = 1400, 2100
LONGEST = 80
BASES = (datetime(2001, 2, 3, 4, 5), datetime(2010, 11, 12, 13, 14))  # noqa: DTZ001 - no moments, only fillers
WEEK = re.compile(r"\d-?W\d|\bQ[1-4]\b")
PERIODS: dict[str, Precision] = {"year": "year", "month": "month", "day": "day", "time": "minute"}


def parse_date(value: str, *, day_first: bool = False) -> tuple[str, Precision] | None:
    """Return a stated date in ISO 8601 with its precision, or None when it states none.

    A time of midnight sharp without a zone counts as a day. `03/04/2020` may be March or
    April, so only its year is kept, unless its language writes the day first; with full stops,
    all do. A time keeps the zone it was stated with.
    """
    value = western_digits(" ".join(value.split()))
    if not value or len(value) > LONGEST:
        return None
    if match := ISO.fullmatch(value) or COMPACT.fullmatch(value):
        return _from_parts(match)
    for pattern in ENGLISH:  # the commonest form, read without loading dateparser
        if match := pattern.fullmatch(value):
            month = month_number(match["month"])
            return _checked(f"{match['year']}-{month:02}-{int(match['day']):02}", "day")
    if match := NUMERIC.fullmatch(value):
        return _from_numbers(match, day_first=day_first or match["mark"] == ".")
    if match := WRITTEN.fullmatch(value):
        return _from_written(match)
    if match := IN_CHARACTERS.fullmatch(value):
        return _from_characters(match)
    return _from_other_orders(value) or _from_mail(value) or _from_words(value)


def date_of_moment(value: str) -> tuple[str, Precision] | None:
    """Return the minute of a count of seconds, or of thousandths, since 1970, as programs write moments."""
    if not MOMENT.fullmatch(value):
        return None
    moment = datetime.fromtimestamp(int(value[:10]), tz=UTC)
    return _checked(moment.isoformat(timespec="minutes"), "minute")


def date_in_path(path: str) -> tuple[str, Precision] | None:
    """Return the date that a URL or file name carries, such as `2019/03/26` or `2019-03-26`."""
    best: tuple[str, Precision] | None = None
    for match in IN_PATH.finditer(path):
        year, month, day = match.groups()
        found = (
            _checked(f"{year}-{int(month):02}-{int(day):02}", "day")
            if day
            else _checked(f"{year}-{int(month):02}", "month")
        )
        if found and (best is None or len(found[0]) >= len(best[0])):
            best = found
    return best


def date_in_name(name: str) -> tuple[str, Precision] | None:
    """Return the date that a file name states otherwise: `12.04.2023_strike.txt`, `20230412 strike.txt`."""
    return next(filter(None, map(parse_date, IN_NAME.findall(name))), None)


def _from_parts(match: re.Match[str]) -> tuple[str, Precision] | None:
    year, month, day = match["year"], match["month"], match["day"]
    if not month:
        return _checked(year, "year")
    if not day:
        return _checked(f"{year}-{int(month):02}", "month")
    stated = f"{year}-{int(month):02}-{int(day):02}"
    if not match["hour"] or not _checked(stated, "day"):
        return _checked(stated, "day")
    clock = f"{int(match['hour']):02}:{match['minute']}"
    zone = (match["zone"] or "").upper()
    if clock == "00:00" and (match["second"] or "00") == "00" and not zone:
        return stated, "day"
    if zone in {"Z", "UTC", "GMT"}:
        zone = "+00:00"
    elif zone:
        zone = f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
    try:
        time.fromisoformat(f"{clock}{zone}")
    except ValueError:
        return stated, "day"
    return f"{stated}T{clock}{zone}", "minute"


def _from_written(match: re.Match[str]) -> tuple[str, Precision] | None:
    name, year = match["month"].lower(), int(match["year"])
    if name in MONTHS["th"] and year > LATEST:
        year -= BUDDHIST
    # `5. listopada` is in October in Croatia, and `5 listopada` in November in Poland, which writes no dot.
    month = (MONTHS["hr"] if match["dot"] and name in MONTHS["hr"] else ANY_MONTH)[name]
    return _with_time(f"{year}-{month:02}-{int(match['day']):02}", match["hour"], match["minute"])


def _from_other_orders(value: str) -> tuple[str, Precision] | None:
    if match := YEAR_FIRST.fullmatch(value):
        month, day = ANY_MONTH[(match["month"] or match["month_"]).lower()], match["day"] or match["day_"]
    elif match := NUMBERED_MONTH.fullmatch(value):
        month, day = int(match["month"]), match["day"]
    else:
        return None
    return _checked(f"{match['year']}-{month:02}-{int(day):02}", "day")


def _from_characters(match: re.Match[str]) -> tuple[str, Precision] | None:
    reign = 1 if match["reign"] == "元" else int(match["reign"] or 0)
    year = ERAS[match["era"]] + reign if match["era"] else int(match["year"])
    hour = match["hour"]
    if hour and match["noon"] in AFTERNOON:
        hour = str(int(hour) % 12 + 12)
    return _with_time(f"{year}-{int(match['month']):02}-{int(match['day']):02}", hour, match["minute"])


def _with_time(day: str, hour: str | None, minute: str | None) -> tuple[str, Precision] | None:
    """Return a day, with its time of day where both hour and minute are said."""
    if hour is None or minute is None or not _checked(day, "day"):
        return _checked(day, "day")
    clock = f"{int(hour):02}:{minute}"
    try:
        time.fromisoformat(clock)
    except ValueError:
        return day, "day"
    return (day, "day") if clock == "00:00" else (f"{day}T{clock}", "minute")


def _from_numbers(match: re.Match[str], *, day_first: bool) -> tuple[str, Precision] | None:
    first, second, year = int(match["first"]), int(match["second"]), match["year"]
    if max(first, second) > MONTHS_IN_YEAR:
        day, month = max(first, second), min(first, second)
    elif first == second or day_first:
        day, month = first, second
    else:
        return _checked(year, "year")
    return _with_time(f"{year}-{month:02}-{day:02}", match["hour"], match["minute"])


def _from_mail(value: str) -> tuple[str, Precision] | None:
    is_stated = CLOCK.search(value) and YEAR.search(value) and not TWELVE_HOURS.search(value)
    if not is_stated and not OLD_MAIL.fullmatch(value):
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
    return _checked(moment.isoformat(timespec="minutes"), "minute")


@cache
def _from_words(value: str) -> tuple[str, Precision] | None:
    if not YEAR.search(value):
        return None
    # Imported late: it takes a third of a second, and most collections never need it.
    from dateparser.date import DateDataParser  # noqa: PLC0415

    for languages in (["en"], list(LANGUAGES[1:])):
        # What is not stated is filled in from a base; so whatever two bases differ in is not stated.
        found = [
            DateDataParser(
                languages=languages,
                settings={"PARSERS": ["absolute-time"], "RETURN_TIME_AS_PERIOD": True, "RELATIVE_BASE": base},
            ).get_date_data(value)
            for base in BASES
        ]
        if all(each.date_obj for each in found):
            break
    else:
        return None
    one, other = (each.date_obj for each in found)
    precision = PERIODS.get(found[0].period, "day")
    if one.year != other.year:
        return None
    if precision == "year" or one.month != other.month or WEEK.search(value):
        return _checked(f"{one.year}", "year")
    if precision == "month" or one.day != other.day:
        return _checked(f"{one:%Y-%m}", "month")
    if precision == "day" or not CLOCK.search(value):
        return _checked(f"{one:%Y-%m-%d}", "day")
    return _checked(one.isoformat(timespec="minutes"), "minute")


def _checked(value: str, precision: Precision) -> tuple[str, Precision] | None:
    """Return the date unless there is no such day or no article can be of that year."""
    day = f"{value[:10]}-01-01"[:10] if precision in {"year", "month"} else value[:10]
    if precision == "month":
        day = f"{value}-01"
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        return None
    return (value, precision) if EARLIEST <= parsed.year <= LATEST else None
