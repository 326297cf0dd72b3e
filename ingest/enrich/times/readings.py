"""Reads expressions that state a time, such as `24/02/2022`, `the 1960s` or `9:15 a.m.`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ingest.calendars import month_number
from ingest.enrich.times.relations import RELATIONS
from ingest.enrich.times.values import (
    FURTHEST_AHEAD,
    MONTH,
    SOON,
    Context,
    Value,
    day_and_month,
    full_year,
    period,
    plain,
    shift,
    stated_year,
)
from ingest.enrich.times.words import CALENDARS, SEASONS, read_ordinal, weekday_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ATTACKS = (2001, 9, 11)
MONTHS_IN_YEAR = 12
HALF_DAY = 12
DUSK = 5
MOST_CENTURIES = 30
LATEST_YEAR = 2200
THURSDAY = 4
EARLIEST_BARE_YEAR, LATEST_BARE_YEAR = 1450, 2050


def read_phrase(kind: str, parts: Mapping[str, str], context: Context, language: str) -> Value | None:
    """Return the value of an expression of a form, or None where it cannot be known."""
    form, _, end = kind.partition(":")
    if form in {"date", "month-year", "month-days", "days-month"}:
        return _date(kind, parts, context, language)
    if kind == "numbers":
        return _numbers(parts, context, day_first=True if language in CALENDARS else context.day_first)
    if kind in {"centuries:tail", "short-decades:tail"}:
        parts = {**parts, **{name[:-1]: value for name, value in parts.items() if name.endswith("2")}}
    if form == "years":
        year = _range_end(parts) if end == "tail" else _range_end(parts) and int(parts["year"])
        return plain(year) if year else None
    if kind == "decades:tail":
        return _decade({"decade": parts["decade"][:2] + parts["tens2"]}, context)
    reading = READINGS.get(form)
    return reading(parts, context) if reading else None


def _date(kind: str, parts: Mapping[str, str], context: Context, language: str) -> Value | None:
    month = month_number(parts["month"], language)
    if kind == "month-year":
        year = stated_year(parts.get("year") or parts["of"], context)
        return plain(year, month) if year else None
    day = int(parts["day2" if kind.endswith(":tail") else "day"])
    if "day2" in parts and int(parts["day"]) >= int(parts["day2"]):
        return None
    if "year" in parts or "of" in parts:
        year = stated_year(parts.get("year") or parts["of"], context)
        return plain(year, month, day) if year else None
    # In "Tuesday, May 3-5" the weekday is that of the first day.
    on = weekday_number(parts["weekday"], language) + day - int(parts["day"]) if "weekday" in parts else None
    return day_and_month(month, day, context, on)


def day_first(written: Iterable[Mapping[str, str]]) -> bool | None:
    """Tell whether the day stands first in a text's dates in numbers; None where that is not certain."""
    orders = {
        int(parts["first"]) > MONTHS_IN_YEAR
        for parts in written
        if parts["mark"] == "/" and max(int(parts["first"]), int(parts["second"])) > MONTHS_IN_YEAR
    }
    return orders.pop() if len(orders) == 1 else None


def _numbers(parts: Mapping[str, str], context: Context, *, day_first: bool | None) -> Value | None:
    """Return `24/02/2022`; where day and month may be either, the year alone."""
    first, second = int(parts["first"]), int(parts["second"])
    short = len(parts["year"]) == 2  # noqa: PLR2004 - digits
    dots = parts["mark"] == "."
    if short and dots and not day_first:
        return None
    year = full_year(int(parts["year"]), context) if short else int(parts["year"])
    if year is None or not 1 <= min(first, second) <= MONTHS_IN_YEAR:
        return None
    if first > MONTHS_IN_YEAR or first == second or (second <= MONTHS_IN_YEAR and (dots or day_first)):
        return plain(year, second, first)
    if second > MONTHS_IN_YEAR or day_first is False:
        return plain(year, first, second)
    # The day just named, or the article's own, is said again.
    for either in ((year, first, second), (year, second, first)):
        if either in {context.named, context.published}:
            return plain(*either)
    return plain(year)


def _iso(parts: Mapping[str, str], _context: Context) -> Value | None:
    day = plain(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    if day is None or "hour" not in parts:
        return day
    zone = "Z" if "zone" in parts else ""
    return replace(
        day, value=f"{day.value}T{int(parts['hour']):02}:{int(parts['minute']):02}{zone}", precision="minute"
    )


def _iso_month(parts: Mapping[str, str], _context: Context) -> Value | None:
    year, month = int(parts["year"]), int(parts["month"])
    # `2007-08` may be August or the season of two years; `1966-01` can only be January.
    return plain(year) if month > year % 100 else plain(year, month)


def _month(parts: Mapping[str, str], context: Context) -> Value | None:
    number = month_number(parts["month"], "en")
    return plain(int(parts["year"]), number) if "year" in parts else day_and_month(number, None, context)


def _month_week(parts: Mapping[str, str], context: Context) -> Value | None:
    """Return `the first week of March`: the week whose Thursday is the month's first, as in ISO 8601."""
    month = _month(parts, context)
    if month is None or len(month.parts) < MONTH:
        return None
    said = parts["nth"].lower()
    starts = date(month.parts[0], month.parts[1], 1)
    thursday = starts + timedelta(days=(THURSDAY - starts.isoweekday()) % 7)
    if said in {"last", "final"}:
        # The fifth Thursday, or the fourth where the month has no fifth.
        later = thursday + timedelta(weeks=4)
        day = later if later.month == starts.month else thursday + timedelta(weeks=3)
    else:
        day = thursday + timedelta(weeks=(read_ordinal(said) or 1) - 1)
    return shift((day.year, day.month, day.day), "week", 0)


def _nth_weekday(parts: Mapping[str, str], context: Context) -> Value | None:
    """Return `the first Monday in March`, of which `the first Monday of the month` leaves the month open."""
    month = _month(parts, context) if "month" in parts else None
    if month is None or len(month.parts) < MONTH:
        return None
    starts = date(month.parts[0], month.parts[1], 1)
    first = 1 + (weekday_number(parts["weekday"], "en") - starts.isoweekday()) % 7
    if parts["nth"].lower() == "last":
        return plain(*month.parts, first + 28) or plain(*month.parts, first + 21)
    return plain(*month.parts, first + 7 * ((read_ordinal(parts["nth"]) or 1) - 1))


def _half(parts: Mapping[str, str], context: Context) -> Value | None:
    year = stated_year(parts["of"], context)
    number = 1 if parts["part"].lower() == "first" else 2
    return Value(value=f"{year:04}-H{number}", precision="half", parts=(year,)) if year else None


def _fiscal(parts: Mapping[str, str], context: Context) -> Value | None:
    """Return a fiscal year, of which `FY 2008-09` has the year in which it ends."""
    if "years" in parts:
        first, last = parts["years"][:-2], int(parts["years"][-2:])
        year = int(first[:4]) + 1 if first[:4].isdecimal() else full_year(last, context, FURTHEST_AHEAD)
    else:
        short = parts.get("short")
        year = full_year(int(short), context, FURTHEST_AHEAD) if short else int(parts["year"])
    return Value(value=f"FY{year}", precision="year") if year else None


def _season(parts: Mapping[str, str], _context: Context) -> Value | None:
    year = int(parts["year"])
    return Value(value=f"{year:04}-{SEASONS[parts['season'].lower()]}", precision="season", parts=(year,))


def _century(parts: Mapping[str, str], _context: Context) -> Value | None:
    number = read_ordinal(parts["nth"]) or 0
    if not 1 <= number <= MOST_CENTURIES:
        return None
    found = period(number - 1, "century")
    return replace(found, value=f"BC{found.value}") if found and parts.get("era", "A")[0] == "B" else found


def _year(parts: Mapping[str, str], _context: Context) -> Value | None:
    year = int(parts["year"])
    return plain(year) if year <= LATEST_YEAR else None


def _short_year(parts: Mapping[str, str], context: Context) -> Value | None:
    """Return the year that `'69` means, which is one to come only where the verb says so."""
    year = full_year(int(parts["two"]), context, SOON if context.tense() == "future" else 1)
    return plain(year) if year else None


def _bare_year(parts: Mapping[str, str], context: Context) -> Value | None:
    """Return a year that no word announces: none before printing, or long after the article."""
    year = int(parts["year"])
    latest = context.published[0] + FURTHEST_AHEAD if context.published else LATEST_BARE_YEAR
    return plain(year) if EARLIEST_BARE_YEAR <= year <= latest else None


def _range_end(parts: Mapping[str, str]) -> int | None:
    """Return the second year of `1969-72` or `1969 to 1972`; None where they are no years."""
    start, said = int(parts["year"]), parts["year2"]
    end = int(said)
    if len(said) == 2:  # noqa: PLR2004 - digits
        end += start // 100 * 100
        end += 100 if end < start else 0
    if not start < end <= LATEST_YEAR or ("/" in parts["to"] and end != start + 1):
        return None
    return end


def _era(parts: Mapping[str, str], _context: Context) -> Value | None:
    year = int(parts["year"])
    if parts.get("era", "A")[0] == "B":
        return Value(value=f"BC{year:04}", precision="year") if year else None
    return plain(year)


def _attacks(_parts: Mapping[str, str], context: Context) -> Value | None:
    """Return the day that `9/11` is the name of, for texts that can know of it."""
    named = plain(*ATTACKS)
    return named if not context.published or context.published >= ATTACKS[: len(context.published)] else None


def _decade(parts: Mapping[str, str], _context: Context) -> Value | None:
    year = int(parts["decade"])
    # "The 1800s" are a hundred years; "the 2000s" have so far been ten.
    if year % 100 == 0 and year < 2000:  # noqa: PLR2004 - a year
        return period(year // 100, "century")
    return period(year // 10, "decade") if year <= LATEST_YEAR else None


def read_clock(parts: Mapping[str, str], part: str | None, *, announced: bool) -> tuple[str, str] | None:
    """Return the time of day in TIMEX3 form and its precision; None for what may be no time.

    `part` is MO, AF, EV or NI where the text says that part of the day; `announced` tells that the
    word before is one such as "at".
    """
    if parts.get("word", "").lower() == "noon":
        return "T12", "hour"
    if "hour" not in parts:
        return None
    hour, minute = int(parts["hour"]), parts.get("minute")
    whole_day = "zone" in parts or (
        announced and len(parts["hour"]) > 1 and (hour > HALF_DAY or parts["hour"][0] == "0")
    )
    if "half" in parts or (part and hour <= HALF_DAY and ("oclock" in parts or minute)):
        late = parts["half"].lower() == "p" if "half" in parts else part in {"AF", "EV", "NI"}
        # Nobody knows which day midnight belongs to, nor what "one o'clock at night" is part of.
        unclear = "half" not in parts and part == "NI" and not DUSK <= hour < HALF_DAY
        if hour < 1 or hour > HALF_DAY or unclear:
            return None
        hour = hour % HALF_DAY + (HALF_DAY if late else 0)
    elif not minute or "oclock" in parts or not whole_day:
        return None
    zone = "Z" if "zone" in parts else ""
    return (f"T{hour:02}:{int(minute):02}{zone}", "minute") if minute else (f"T{hour:02}{zone}", "hour")


READINGS: dict[str, Callable[[Mapping[str, str], Context], Value | None]] = {
    **RELATIONS,
    "iso": _iso,
    "iso-month": _iso_month,
    "month": _month,
    "month-week": _month_week,
    "nth-weekday": _nth_weekday,
    "half": _half,
    "fiscal": _fiscal,
    "season": _season,
    "century": _century,
    "centuries": _century,
    "year": _year,
    "short-year": _short_year,
    "bare-year": _bare_year,
    "era": _era,
    "attacks": _attacks,
    "decades": _decade,
    "decade": _decade,
}
