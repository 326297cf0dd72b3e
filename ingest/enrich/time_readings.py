"""Reads each form of expression: which words say what, and from what they are reckoned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ingest.enrich.time_values import (
    AFTER,
    BEFORE,
    DAY,
    HALF_DAY,
    MONTH,
    Context,
    Value,
    day_and_month,
    full_year,
    on,
    period,
    plain,
    season,
    shift,
    weekday,
)
from ingest.enrich.time_words import (
    CALENDARS,
    DAYPARTS,
    DECADES,
    ENGLISH_MONTHS,
    ENGLISH_WEEKDAYS,
    SEASONS,
    read_number,
    read_ordinal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FEASTS = {
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new year day": (1, 1),
    "new year eve": (12, 31),
    "fourth of july": (7, 4),
    "bastille day": (7, 14),
}
MONTHS_IN_YEAR = 12
MOST_CENTURIES = 30
LATEST_YEAR = 2200
EARLIEST_BARE_YEAR, LATEST_BARE_YEAR = 1450, 2050
FURTHEST_AHEAD = 20
SATURDAY = 6


def read_phrase(kind: str, parts: Mapping[str, str], context: Context, language: str) -> Value | None:
    """Return the value of an expression of a form, or None where it cannot be known."""
    if kind in {"date", "month-year", "month-days:head", "month-days:tail", "days-month:head", "days-month:tail"}:
        return _date(kind, parts, context, language)
    if kind == "numbers":
        return _numbers(parts, context, day_first=language in CALENDARS)
    if kind == "centuries:tail":
        parts = {**parts, **{name[:-1]: value for name, value in parts.items() if name.endswith("2")}}
    if kind.startswith("years"):
        return (_years_tail if kind.endswith("tail") else _years_head)(parts, context)
    reading = READINGS.get(kind.partition(":")[0])
    return reading(parts, context) if reading else None


def month_number(name: str, language: str) -> int:
    """Return the number of a month from its name or abbreviation."""
    months = CALENDARS[language].months if language in CALENDARS else ENGLISH_MONTHS
    return months[name.lower().rstrip(".")]


def _date(kind: str, parts: Mapping[str, str], context: Context, language: str) -> Value | None:
    month = month_number(parts["month"], language)
    if kind == "month-year":
        year = _stated_year(parts.get("year") or parts["of"], context)
        return plain(year, month) if year else None
    day = int(parts["day2" if kind.endswith(":tail") else "day"])
    if "day2" in parts and int(parts["day"]) >= int(parts["day2"]):
        return None
    if "year" in parts or "of" in parts:
        year = _stated_year(parts.get("year") or parts["of"], context)
        return plain(year, month, day) if year else None
    return day_and_month(month, day, context)


def _numbers(parts: Mapping[str, str], context: Context, *, day_first: bool) -> Value | None:
    """Return `24/02/2022`; where day and month may be either, the year alone."""
    first, second = int(parts["first"]), int(parts["second"])
    short = len(parts["year"]) == 2  # noqa: PLR2004 - digits
    dots = parts["mark"] == "."
    if short and dots and not day_first:
        return None
    year = full_year(int(parts["year"]), context) if short else int(parts["year"])
    if year is None or not 1 <= min(first, second) <= MONTHS_IN_YEAR:
        return None
    if dots or day_first or first > MONTHS_IN_YEAR or first == second:
        return plain(year, second, first)
    if second > MONTHS_IN_YEAR:
        return plain(year, first, second)
    return plain(year)


def _iso(parts: Mapping[str, str], _context: Context) -> Value | None:
    day = plain(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    if day is None or "hour" not in parts:
        return day
    zone = "Z" if "zone" in parts else ""
    return replace(day, value=f"{day.value}T{parts['hour']}:{parts['minute']}{zone}", precision="minute")


def _iso_month(parts: Mapping[str, str], _context: Context) -> Value | None:
    year, month = int(parts["year"]), int(parts["month"])
    # `2007-08` may be August or the season of two years; `1966-01` can only be January.
    return plain(year) if month > year % 100 else plain(year, month)


def _month(parts: Mapping[str, str], context: Context) -> Value | None:
    number = month_number(parts["month"], "en")
    return plain(int(parts["year"]), number) if "year" in parts else day_and_month(number, None, context)


def _weekday(parts: Mapping[str, str], context: Context) -> Value | None:
    return _with_part(weekday(ENGLISH_WEEKDAYS[parts["weekday"].lower()], "", context), parts)


def _with_part(day: Value | None, parts: Mapping[str, str]) -> Value | None:
    if day is None or "part" not in parts:
        return day
    return replace(day, value=f"{day.value}T{DAYPARTS[parts['part'].lower()]}", precision="daypart")


def _stated_year(said: str, context: Context) -> int | None:
    """Return the year of `2008`, `last year`, `the same year`, `the year`."""
    if said[0].isdecimal():
        return int(said)
    words = said.lower().split()
    offset = {"last": -1, "next": 1, "following": 1, "previous": -1}.get(words[-2], 0)
    if words[0] == "that" or (words[0] == "the" and len(words) > 2):  # noqa: PLR2004 - the same year
        return context.named[0] + offset if context.named else None
    if context.told and words[0] == "the":
        return context.told
    return context.published[0] + offset if context.published else None


def _quarter(parts: Mapping[str, str], context: Context) -> Value | None:
    said = parts["quarter"].lower()
    number = int(said[0]) if said[0].isdecimal() else read_ordinal(said) or 0
    if "of" in parts:
        year = _stated_year(parts["of"], context)
    elif context.told:
        year = context.told
    elif len(context.published) < MONTH:
        return None
    else:
        year = context.published[0]
        if number * 3 - 2 > context.published[1] and context.tense() == "past":
            year -= 1
    return Value(value=f"{year:04}-Q{number}", precision="quarter", parts=(year,)) if year else None


def _half(parts: Mapping[str, str], context: Context) -> Value | None:
    year = _stated_year(parts["of"], context)
    number = 1 if parts["part"].lower() == "first" else 2
    return Value(value=f"{year:04}-H{number}", precision="half", parts=(year,)) if year else None


def _fiscal(parts: Mapping[str, str], _context: Context) -> Value | None:
    return Value(value=f"FY{parts['year']}", precision="year")


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


def _bare_year(parts: Mapping[str, str], context: Context) -> Value | None:
    """Return a year that no word announces: none before printing, or long after the article."""
    year = int(parts["year"])
    latest = context.published[0] + FURTHEST_AHEAD if context.published else LATEST_BARE_YEAR
    return plain(year) if EARLIEST_BARE_YEAR <= year <= latest else None


def _years_head(parts: Mapping[str, str], _context: Context) -> Value | None:
    return plain(int(parts["year"])) if _range_end(parts) else None


def _years_tail(parts: Mapping[str, str], _context: Context) -> Value | None:
    end = _range_end(parts)
    return plain(end) if end else None


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


def _decade(parts: Mapping[str, str], _context: Context) -> Value | None:
    year = int(parts["decade"])
    # "The 1800s" are a hundred years; "the 2000s" have so far been ten.
    if year % 100 == 0 and year < 2000:  # noqa: PLR2004 - a year
        return period(year // 100, "century")
    return period(year // 10, "decade") if year <= LATEST_YEAR else None


def _short_decade(parts: Mapping[str, str], context: Context) -> Value | None:
    tens = int(parts["tens"]) if "tens" in parts else DECADES[parts["word"].lower()]
    if not context.published:
        return None
    latest = context.published[0]
    return period((latest - (latest - tens) % 100) // 10, "decade")


def _ago(parts: Mapping[str, str], context: Context) -> Value | None:
    count = read_number(parts["number"])
    if count is None:
        return None
    way = parts["way"].lower()
    base = context.published if way in {"ago", "hence", "from now"} else context.named
    back = way in {"ago", "earlier", "before", "previously"}
    return shift(base, parts["unit"].lower(), -count if back else count)


def _deictic(parts: Mapping[str, str], context: Context) -> Value | None:
    if len(context.published) < DAY:
        return None
    word = parts["word"].lower()
    days = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
    days += {"before": -1, "after": 1}.get(parts.get("side", "").lower(), 0)
    part = {"part": "night"} if word == "tonight" else parts
    return _with_part(on(date(*context.published), days), part)


def _neighbour(parts: Mapping[str, str], context: Context) -> Value | None:
    unit = parts["unit"].lower()
    found = shift(context.named, "day" if unit == "night" else unit, -1 if parts["way"].lower() == "before" else 1)
    return _with_part(found, {"part": "night"} if unit == "night" else {})


def _related(parts: Mapping[str, str], context: Context) -> Value | None:
    which = parts["which"].lower().split()[-1]
    definite = "the" in parts
    if "weekday" in parts:
        return _related_weekday(ENGLISH_WEEKDAYS[parts["weekday"].lower()], which, parts, context)
    if "month" in parts:
        return _related_month(month_number(parts["month"], "en"), which, context)
    if "season" in parts:
        told = which in {"same", "that", "following", "previous", "preceding"} or (definite and which == "next")
        return None if told else season(parts["season"].lower(), which, context)
    unit = parts["unit"].lower()
    step = -1 if which in BEFORE else int(which in AFTER)
    from_text = which in {"same", "that", "following", "previous", "preceding"} or (definite and which == "next")
    if unit in DAYPARTS:
        base = context.named if from_text else context.published
        if which == "last" and unit != "night":
            return None
        return _with_part(shift(base, "day", step), {"part": unit})
    if from_text:
        return shift(context.named, unit, step)
    if unit == "day" or (definite and unit != "weekend" and which != "current"):
        return None
    if unit == "weekend" and which in {"this", "current"}:
        return _weekend({}, context) or shift(context.published, unit, 0)
    return shift(context.published, unit, step)


def _related_weekday(number: int, which: str, parts: Mapping[str, str], context: Context) -> Value | None:
    if "the" in parts and which in {"last", "next", "past"}:
        return None
    if which in {"same", "that"}:
        return None
    if which in {"following", "previous", "preceding"}:
        context = replace(context, published=context.named)
    return _with_part(weekday(number, which if which in BEFORE | AFTER else "", context), parts)


def _related_month(number: int, which: str, context: Context) -> Value | None:
    if which in {"following", "previous", "preceding"}:
        context = replace(context, published=context.named)
    if which in {"same", "that"} or len(context.published) < MONTH:
        return None
    year, month = context.published[:2]
    if which in BEFORE:
        return plain(year - (number >= month), number)
    return plain(year + (which in AFTER and number <= month), number)


def _weekend(_parts: Mapping[str, str], context: Context) -> Value | None:
    """Return the weekend of the article's week; in the past tense early in a week, the one before."""
    tense = context.tense()
    if len(context.published) < DAY or tense is None:
        return None
    early = date(*context.published).isoweekday() < SATURDAY
    return shift(context.published, "weekend", -1 if early and tense == "past" else 0)


def _edge(parts: Mapping[str, str], context: Context) -> Value | None:
    unit = parts["unit"].lower()
    if unit == "year" and context.told:
        return plain(context.told)
    return shift(context.published, unit, 0)


def _anniversary(parts: Mapping[str, str], context: Context) -> Value | None:
    count = read_ordinal(parts["nth"])
    if "of" in parts:
        mark = "" if "year" in parts else "_"
        if f"year{mark}" not in parts:
            return None
        month = month_number(parts[f"month{mark}"], "en")
        base = plain(int(parts[f"year{mark}"]), month, int(parts[f"day{mark}"]))
        named = base.parts if base else ()
    else:
        named = context.named
    return plain(named[0] + count, *named[1:]) if named and count else None


def _feast(parts: Mapping[str, str], context: Context) -> Value | None:
    name = " ".join(parts["feast"].lower().replace("’", "'").replace("years", "year").replace("year's", "year").replace("year'", "year").split())
    month, day = FEASTS[name]
    if "year" in parts:
        return plain(int(parts["year"]), month, day)
    return day_and_month(month, day, context)


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
    if "half" in parts or "oclock" in parts:
        late = parts["half"].lower() == "p" if "half" in parts else part in {"AF", "EV", "NI"}
        if not 1 <= hour <= HALF_DAY or ("half" not in parts and part is None):
            return None
        hour = hour % HALF_DAY + (HALF_DAY if late else 0)
    elif minute is None or not (
        "zone" in parts or (announced and (hour > HALF_DAY or parts["hour"][0] == "0") and len(parts["hour"]) > 1)
    ):
        return None
    zone = "Z" if "zone" in parts else ""
    return (f"T{hour:02}:{minute}{zone}", "minute") if minute else (f"T{hour:02}{zone}", "hour")


READINGS: dict[str, Callable[[Mapping[str, str], Context], Value | None]] = {
    "iso": _iso,
    "iso-month": _iso_month,
    "month": _month,
    "weekday": _weekday,
    "quarter": _quarter,
    "half": _half,
    "fiscal": _fiscal,
    "season": _season,
    "century": _century,
    "centuries": _century,
    "year": _year,
    "bare-year": _bare_year,
    "era": _era,
    "decade": _decade,
    "short-decade": _short_decade,
    "worded-decade": _short_decade,
    "ago": _ago,
    "deictic": _deictic,
    "neighbour": _neighbour,
    "related": _related,
    "weekend": _weekend,
    "edge": _edge,
    "anniversary": _anniversary,
    "feast": _feast,
}
