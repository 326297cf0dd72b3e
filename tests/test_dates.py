"""Dates are read as precisely as they were stated, never more so."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalize.dates import date_in_path, parse_date

STATED = {
    "1972": ("1972", "year"),
    "1966-01": ("1966-01", "month"),
    "1961-04-12": ("1961-04-12", "day"),
    "1961-4-2": ("1961-04-02", "day"),
    "1961/04/12": ("1961-04-12", "day"),
    "19610412": ("1961-04-12", "day"),
    "1965-03-19 09:30:00 +0300": ("1965-03-19T09:30+03:00", "minute"),
    "2015-03-19 1:00:13 -0400": ("2015-03-19T01:00-04:00", "minute"),
    "2019-03-26T08:15:00Z": ("2019-03-26T08:15+00:00", "minute"),
    "2019-03-26T08:15:00.123+02:00": ("2019-03-26T08:15+02:00", "minute"),
    "2014-09-25 00:00:00": ("2014-09-25", "day"),
    "2014-09-25 99:99": ("2014-09-25", "day"),
    "Tue, 12 Mar 2019 10:05:00 +0000": ("2019-03-12T10:05+00:00", "minute"),
    "April 12, 1961": ("1961-04-12", "day"),
    "12 April 1961": ("1961-04-12", "day"),
    "April 1961": ("1961-04", "month"),
    "20 de julio de 1969": ("1969-07-20", "day"),
    "10. Dezember 1974": ("1974-12-10", "day"),
    "24 Feb 2025 3:40 pm": ("2025-02-24T15:40", "minute"),
    "25/12/2020": ("2020-12-25", "day"),
    "12/25/2020": ("2020-12-25", "day"),
    "03/04/2020": ("2020", "year"),
    "04/04/2020": ("2020-04-04", "day"),
    "Q1 2020": ("2020", "year"),
    "March 2019 10:05": ("2019-03", "month"),
    "2019-W12": ("2019", "year"),
}
NO_DATES = ("", "Sunday", "yesterday", "June 31, 1960", "2021-13-01", "by Irina Vale", "x" * 500, "1234-56")


@pytest.mark.parametrize(("stated", "expected"), STATED.items())
def test_a_stated_date(stated: str, expected: tuple[str, str]):
    """Each form that publications use is read with its own precision."""
    assert parse_date(stated) == expected


@pytest.mark.parametrize("stated", NO_DATES)
def test_what_is_no_date(stated: str):
    """Nothing is made into a date that states none."""
    assert parse_date(stated) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/1961/04/13/gagarin", ("1961-04-13", "day")),
        ("blog/2019-03-26-post.md", ("2019-03-26", "day")),
        ("/2013/09/how-to", ("2013-09", "month")),
        ("2013/09/2013-09-10-fly.md", ("2013-09-10", "day")),
        ("/article/20191/33/2", None),
        ("report-2013.txt", None),
    ],
)
def test_a_date_in_an_address(path: str, expected: tuple[str, str] | None):
    """An address or file name with year and month, or with the day, states a date."""
    assert date_in_path(path) == expected


@given(st.dates(), st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
def test_no_precision_is_invented(day: object, form: str):
    """What is stated to the year, month or day comes back to the year, month or day."""
    stated = f"{day:{form}}"
    found = parse_date(stated)
    assert found is None or (found[0] == stated and re.fullmatch(r"year|month|day", found[1]))
