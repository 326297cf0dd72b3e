"""Reads stated dates without making them more precise than they are."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING

from ingest.calendars import MONTH_PATTERN, month_number

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
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
YEAR = re.compile(r"\b(1[4-9]\d\d|20\d\d)\b")
IN_PATH = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)[-/_.](\d{1,2})(?:[-/_.](\d{1,2}))?(?!\d)")
CLOCK = re.compile(r"\d:\d\d")
TWELVE_HOURS = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ru", "uk", "pl", "tr", "ar", "zh", "ja")
EARLIEST, LATEST = 1400, 2100
LONGEST = 80
BASES = (datetime(2001, 2, 3, 4, 5), datetime(2010, 11, 12, 13, 14))  # noqa: DTZ001 - no moments, only fillers
WEEK = re.compile(r"\d-?W\d|\bQ[1-4]\b")
PERIODS: dict[str, Precision] = {"year": "year", "month": "month", "day": "day", "time": "minute"}


def parse_date(value: str) -> tuple[str, Precision] | None:
    """Return a stated date in ISO 8601 with its precision, or None when it states none.

    A time of midnight sharp without a zone counts as a day. `03/04/2020` may be March or
    April, so only its year is kept. A time keeps the zone it was stated with.
    """
    value = " ".join(value.split())
    if not value or len(value) > LONGEST:
        return None
    if match := ISO.fullmatch(value):
        return _from_parts(match)
    if match := COMPACT.fullmatch(value):
        return _checked("-".join(match.groups()), "day")
    for pattern in ENGLISH:  # the commonest form, read without loading dateparser
        if match := pattern.fullmatch(value):
            month = month_number(match["month"])
            return _checked(f"{match['year']}-{month:02}-{int(match['day']):02}", "day")
    if match := NUMERIC.fullmatch(value):
        return _from_numbers(*(int(part) for part in match.groups()))
    return _from_mail(value) or _from_words(value)


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


def _from_numbers(first: int, second: int, year: int) -> tuple[str, Precision] | None:
    if first != second and max(first, second) <= 12:  # noqa: PLR2004 - months
        return _checked(str(year), "year")
    day, month = max(first, second), min(first, second)
    return _checked(f"{year}-{month:02}-{day:02}", "day")


def _from_mail(value: str) -> tuple[str, Precision] | None:
    if not CLOCK.search(value) or not YEAR.search(value) or TWELVE_HOURS.search(value):
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
