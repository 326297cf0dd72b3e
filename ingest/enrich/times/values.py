"""Works out which day, month or year an expression of time means, as a TIMEX3 value.

Nothing is made more precise than it was said or than what it is reckoned from: "last week" needs
an article with a day, "two months ago" one with a month, and a weekday is never guessed from a year.
Forms of values: `1969-07-20`, `1969-07`, `1969`, `196` (the 1960s), `19` (the 20th century), `BC0044`,
`1969-W29` and `1969-W29-WE` (ISO weeks), `1969-Q3`, `1969-H2`, `1969-SU` (a winter has the year in
which it begins), `FY1969`, `1969-07-20TEV`, `1969-07-20T20` and `1969-07-20T20:17Z`. A day or month
that is named without a year, where none can be known, keeps what was said: `XXXX-12-25`, `XXXX-07`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ingest.enrich.times.words import SEASONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.enrich.times.tense import Tense

Parts = tuple[int, ...]
NAMES = ("", "year", "month", "day")
YEAR, MONTH, DAY = 1, 2, 3
SEASON_STARTS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
BEFORE = {"last", "past", "previous", "preceding"}
AFTER = {"next", "coming", "following"}
HALF_A_YEAR = 6 * 31
# So near an article, a day is meant whatever the tense of the verbs around it.
NEAR_DAYS = 30
FAR_MONTHS = 11
LEAP_YEAR = 2000
# Years after its article that a text may still speak of.
FURTHEST_AHEAD = 20
# Years after it that are meant by two digits, as `'39` is hardly one to come.
SOON = 10
DAYS_IN = {"day": 1, "week": 7, "weekend": 7, "fortnight": 14}
MONTHS_IN = {"month": 1, "quarter": 3}
YEARS_IN = {"decade": 10, "century": 100}
# How far a date must be known for a unit to be counted from it.
NEEDED = {
    **dict.fromkeys(DAYS_IN, DAY),
    **dict.fromkeys(MONTHS_IN, MONTH),
    **dict.fromkeys(("year", *YEARS_IN), YEAR),
}


@dataclass(frozen=True, kw_only=True)
class Value:
    """A TIMEX3 value and its precision; `parts` are year, month and day, as far as they are known."""

    value: str
    precision: str
    parts: Parts = ()


@dataclass(frozen=True, kw_only=True)
class Context:
    """What an expression may be reckoned from.

    `published` is the article's date and `named` the last date before the expression in the text, as
    year, month and day as far as each is known; `near` is the value before it in its sentence; `told`
    is the year that the passage tells of, where it names one; `ends` is the first day of a range that the
    expression ends; `narrative` texts tell of times long
    before their own. `day_first` is the order of the text's dates in numbers, where one of them shows
    it. `tense` is asked only where it decides.
    """

    published: Parts = ()
    named: Parts = ()
    near: Value | None = None
    told: int | None = None
    ends: Parts = ()
    narrative: bool = False
    day_first: bool | None = None
    tense: Callable[[], Tense | None] = lambda: None


def plain(*parts: int) -> Value | None:
    """Return a year, month or day; None where there is no such date."""
    try:
        date(*(*parts, 1, 1)[: max(DAY, len(parts))])
    except (ValueError, OverflowError):
        return None
    return Value(
        value="-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])]),
        precision=NAMES[len(parts)],
        parts=parts,
    )


def full_year(two_digits: int, context: Context, ahead: int = 1) -> int | None:
    """Return the year that `69` means: the last such year no more than some years after the article's."""
    if not context.published:
        return None
    latest = context.published[0] + ahead
    return latest - (latest - two_digits) % 100


def day_and_month(month: int, day: int | None, context: Context, weekday: int | None = None) -> Value | None:
    """Return a day or month named without its year.

    The year is the one that the passage tells of, unless a weekday said with the day is that of
    another year near the article; else, for a day, the one of the article's year and its neighbours
    in which it falls on the weekday said with it, or in which it is close to the article, be it not after
    it where it is over for certain. Else it is
    the latest that is not after the article in the past tense, the first that is not before it in the
    future tense, and the nearest otherwise; a month is never the eleventh to come. An article known by
    its year alone leaves it open, and so does what comes every year.
    """
    if not plain(LEAP_YEAR, month, day or 1):
        return None
    said = (month, day) if day else (month,)
    beside = _beside(month, day, context.published, weekday) if day and context.published else None
    tense = context.tense() if context.published else None
    if context.told and tense != "yearly":
        told = plain(context.told, *said)
        if weekday is None or not told or not beside or not day or _is_on(told, weekday):
            return told
        return beside if _is_on(beside, weekday) else told
    if len(context.published) < MONTH or tense in {"always", "yearly"}:
        return Value(value="XXXX-" + "-".join(f"{part:02}" for part in said), precision=NAMES[len(said) + 1])
    if beside and not (tense == "over" and weekday is None and beside.parts > context.published):
        return beside
    year, *rest = context.published[: len(said) + 1]
    here = tuple(rest)
    if here == said[: len(here)]:
        return plain(year, *said)
    if tense is None:
        distance = (month - here[0]) * 31 + (day or 0) - (here[1] if len(here) > 1 and day else 0)
        years = -1 if distance > HALF_A_YEAR else int(distance < -HALF_A_YEAR)
    elif tense in {"past", "over"}:
        years = -int(said[: len(here)] > here)
    else:
        # The verb may be that of another matter: a month so far ahead is the one just past.
        recent = not day and (month - here[0]) % 12 >= FAR_MONTHS
        years = int(said[: len(here)] < here) - recent
    return plain(year + years, *said)


def _beside(month: int, day: int, published: Parts, weekday: int | None) -> Value | None:
    """Return a day in the year that its weekday tells, else in the one that brings it near the article."""
    days = [found for years in (-1, 0, 1) if (found := plain(published[0] + years, month, day))]
    for each in days:
        if weekday is not None and _is_on(each, weekday):
            return each
    if len(published) < DAY:
        return None
    today = date(*published)
    return next((each for each in days if abs((date(*each.parts) - today).days) <= NEAR_DAYS), None)


def _is_on(day: Value, weekday: int) -> bool:
    return (date(*day.parts).isoweekday() - weekday) % 7 == 0


def weekday(number: int, which: str, context: Context) -> Value | None:
    """Return the day that a weekday means, from an article that has one.

    `which` is `last`, `next`, `this` or empty; without one, tense decides, and the article's own
    weekday is its own day.
    """
    if len(context.published) < DAY:
        return None
    if len(context.ends) == DAY:
        begun = date(*context.ends)
        return on(begun, (number - begun.isoweekday()) % 7)
    today = date(*context.published)
    ahead = (number - today.isoweekday()) % 7
    if which in BEFORE:
        return on(today, ahead - 7)
    if which in AFTER:
        return on(today, ahead or 7)
    return on(today, ahead if not ahead or context.tense() == "future" else ahead - 7)


def on(day: date, days: int = 0) -> Value | None:
    """Return the day so many days after another."""
    try:
        shifted = day + timedelta(days=days)
    except OverflowError:
        return None
    return plain(shifted.year, shifted.month, shifted.day)


def shift(parts: Parts, unit: str, count: int) -> Value | None:
    """Return the day, week, month ... so many of them after a date; None where it is too vague."""
    if len(parts) < NEEDED[unit]:
        return None
    if unit in DAYS_IN:
        return _shift_days(date(*parts), unit, count)
    if unit in MONTHS_IN:
        months = parts[0] * 12 + parts[1] - 1 + count * MONTHS_IN[unit]
        year, month = months // 12, months % 12
        if unit == "month":
            return plain(year, month + 1)
        return Value(value=f"{year:04}-Q{month // 3 + 1}", precision="quarter", parts=(year,))
    if unit == "year":
        return plain(parts[0] + count)
    return period(parts[0] // YEARS_IN[unit] + count, unit)


def _shift_days(day: date, unit: str, count: int) -> Value | None:
    moved = on(day, DAYS_IN[unit] * count)
    if moved is None or unit == "day":
        return moved
    year, week, _ = date(*moved.parts).isocalendar()
    return Value(value=f"{year:04}-W{week:02}" + ("-WE" if unit == "weekend" else ""), precision="week")


def period(number: int, name: str) -> Value | None:
    """Return a decade or century from the digits that its years begin with."""
    width = 3 if name == "decade" else 2
    return Value(value=f"{number:0{width}}", precision=name) if 0 <= number < 10**width else None


def season(name: str, which: str, context: Context) -> Value | None:
    """Return `last summer` or `this spring`, from an article whose month is known."""
    if len(context.published) < MONTH:
        return None
    year, month = context.published[:2]
    code = SEASONS[name]
    begins = SEASON_STARTS[code]
    latest = year if month >= begins else year - 1
    within = (month - begins) % 12 < 3  # noqa: PLR2004 - months of a season
    if which in BEFORE:
        latest -= within
    elif which in AFTER:
        latest += 1
    elif not within and not (code == "WI" and context.tense() == "past"):
        latest = year
    return Value(value=f"{latest:04}-{code}", precision="season", parts=(latest,))


def stated_year(said: str, context: Context) -> int | None:
    """Return the year of `2008`, `'08`, `last year`, `the same year`, `the year`."""
    if said[0].isdecimal():
        return int(said)
    if said[-1].isdecimal():
        return full_year(int(said[1:]), context, SOON)
    words = said.lower().split()
    offset = {"last": -1, "next": 1, "following": 1, "previous": -1}.get(words[-2], 0)
    if words[0] == "that" or (words[0] == "the" and len(words) > 2):  # noqa: PLR2004 - the same year
        return context.named[0] + offset if context.named else None
    if context.told and words[0] == "the":
        return context.told
    return context.published[0] + offset if context.published else None
