"""Reads expressions that say a time by its distance from another: `last week`, `three days later`.

They are reckoned from the article's own date where they speak from its day, and from the last date
named in the text where the wording asks for that; without one they have no value.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ingest.calendars import month_number
from ingest.enrich.times.values import (
    AFTER,
    BEFORE,
    DAY,
    MONTH,
    YEAR,
    Context,
    Value,
    day_and_month,
    on,
    period,
    plain,
    season,
    shift,
    stated_year,
    weekday,
)
from ingest.enrich.times.words import (
    DAYPARTS,
    DECADES,
    ENGLISH_WEEKDAYS,
    read_number,
    read_ordinal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ingest.enrich.times.values import Parts

FEASTS = {
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new year day": (1, 1),
    "new year eve": (12, 31),
    "fourth of july": (7, 4),
    "bastille day": (7, 14),
}
POSSESSIVE = re.compile(r"(?<=year)['’]?s?['’]?(?=\s)")
FROM_TEXT = frozenset(("same", "that", "following", "previous", "preceding"))
SATURDAY = 6
LAST_QUARTER = 4
# What "the same period" or "the same month" a year before may take up.
PERIODS = {
    "time": {"month", "day"},
    "period": {"month", "quarter", "half", "season"},
    **{unit: {unit} for unit in ("day", "month", "quarter", "half")},
}


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
    base = context.published if way in {"ago", "hence", "from now"} else _named(count, parts["unit"], context)
    back = way in {"ago", "earlier", "before", "previously"}
    return shift(base, parts["unit"].lower(), -count if back else count)


def _named(count: int, unit: str, context: Context) -> Parts:
    """Return the date that "a year earlier" is reckoned from: where none is named, the article's."""
    if context.named or context.narrative or count != 1 or unit.lower() != "year":
        return context.named
    return context.published


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
    found = shift(
        _named(1, unit, context),
        "day" if unit == "night" else unit,
        1 if parts["way"].lower() == "after" else -1,
    )
    return _with_part(found, {"part": "night"} if unit == "night" else {})


def _related(parts: Mapping[str, str], context: Context) -> Value | None:
    """Return `this week`, `last May`, `the following day`.

    With the article, `the last week` is a length of time and `the next day` one after that named.
    """
    which = parts["which"].lower().split()[-1]
    definite = "the" in parts
    from_text = which in FROM_TEXT or (definite and which == "next")
    if "weekday" in parts:
        return None if definite and which in {"last", "past"} else _related_weekday(which, parts, context)
    if "month" in parts:
        return _related_month(which, parts, context)
    if "season" in parts:
        return None if from_text else season(parts["season"].lower(), which, context)
    unit = parts["unit"].lower()
    step = -1 if which in BEFORE else int(which in AFTER)
    if unit in DAYPARTS:
        base = context.named if from_text else context.published
        return (
            None
            if which == "last" and unit != "night"
            else _with_part(shift(base, "day", step), {"part": unit})
        )
    if from_text:
        return shift(_named(abs(step), unit, context), unit, step)
    if unit == "weekend" and step == 0:
        return _weekend(parts, context) or shift(context.published, unit, 0)
    if unit == "day" or (definite and unit != "weekend" and which != "current"):
        return None
    return shift(context.published, unit, step)


def _related_weekday(which: str, parts: Mapping[str, str], context: Context) -> Value | None:
    if which in {"same", "that"}:
        return None
    if which in FROM_TEXT or (which == "next" and "the" in parts):
        context = replace(context, published=context.named)
    number = ENGLISH_WEEKDAYS[parts["weekday"].lower()]
    return _with_part(weekday(number, which if which in BEFORE | AFTER else "", context), parts)


def _related_month(which: str, parts: Mapping[str, str], context: Context) -> Value | None:
    base = context.named if which in FROM_TEXT else context.published
    number = month_number(parts["month"], "en")
    if which == "that":
        return plain(base[0], number) if base else None
    if which == "same" or len(base) < MONTH:
        return None
    if which in BEFORE:
        return plain(base[0] - (number >= base[1]), number)
    return plain(base[0] + (which in AFTER and number <= base[1]), number)


def _weekend(_parts: Mapping[str, str], context: Context) -> Value | None:
    """Return the weekend of the article's week; in the past tense early in a week, the one before."""
    tense = context.tense()
    if len(context.published) < DAY or tense in {None, "always", "yearly"}:
        return None
    early = date(*context.published).isoweekday() < SATURDAY
    return shift(context.published, "weekend", -1 if early and tense == "past" else 0)


def _edge(parts: Mapping[str, str], context: Context) -> Value | None:
    unit = parts["unit"].lower()
    if unit == "day":
        return shift(context.named, unit, 0)
    if unit == "year" and context.told:
        return plain(context.told)
    return shift(context.published, unit, 0)


def _whole(_parts: Mapping[str, str], context: Context) -> Value | None:
    """Return `the entire year`: the one that the sentence or the passage has named."""
    year = context.near.parts[0] if context.near and context.near.parts else context.told
    return plain(year) if year else None


def _compared(parts: Mapping[str, str], context: Context) -> Value | None:
    """Return `the same period last year`: what the sentence has just named, a year before it.

    Where it has named nothing of that kind, the year alone is known.
    """
    near, unit = context.near, parts["unit"].lower()
    last = parts.get("which", "").lower() == "last" or parts.get("way", "").lower() == "ago"
    base = context.published if last else (near.parts if near else context.named)
    recent = near and near.parts and (not last or not base or near.parts[0] >= base[0] - 1)
    if near and recent and near.precision in PERIODS[unit]:
        year = near.parts[0] - 1
        if len(near.parts) > YEAR:
            return plain(year, *near.parts[1:])
        return replace(near, value=f"{year:04}{near.value[4:]}", parts=(year,))
    return plain(base[0] - 1) if base else None


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
    month, day = FEASTS[" ".join(POSSESSIVE.sub("", parts["feast"].lower()).split())]
    if "year" in parts:
        return plain(int(parts["year"]), month, day)
    return day_and_month(month, day, context)


def _weekday(parts: Mapping[str, str], context: Context) -> Value | None:
    return _with_part(weekday(ENGLISH_WEEKDAYS[parts["weekday"].lower()], "", context), parts)


def _with_part(day: Value | None, parts: Mapping[str, str]) -> Value | None:
    if day is None or "part" not in parts:
        return day
    return replace(day, value=f"{day.value}T{DAYPARTS[parts['part'].lower()]}", precision="daypart")


def _quarter(parts: Mapping[str, str], context: Context) -> Value | None:
    said = parts.get("quarter", "last").lower()
    number = int(said[0]) if said[0].isdecimal() else read_ordinal(said) or LAST_QUARTER
    if "of" in parts:
        year = stated_year(parts["of"], context)
    elif context.told:
        year = context.told
    elif len(context.published) < MONTH:
        return None
    else:
        year = context.published[0]
        if number * 3 - 2 > context.published[1] and context.tense() == "past":
            year -= 1
    return Value(value=f"{year:04}-Q{number}", precision="quarter", parts=(year,)) if year else None


RELATIONS: dict[str, Callable[[Mapping[str, str], Context], Value | None]] = {
    "weekday": _weekday,
    "quarter": _quarter,
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
    "short-decades": _short_decade,
    "compared": _compared,
    "whole": _whole,
}
