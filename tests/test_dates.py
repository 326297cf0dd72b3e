"""Dates are read as precisely as they were stated, never more so."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalize.dates import date_in_name, date_in_path, parse_date

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
    "20190620T184512Z": ("2019-06-20T18:45+00:00", "minute"),
    "2014-09-25 00:00:00": ("2014-09-25", "day"),
    "2014-09-25 99:99": ("2014-09-25", "day"),
    "Tue, 12 Mar 2019 10:05:00 +0000": ("2019-03-12T10:05+00:00", "minute"),
    "Thu, 6 Mar 97 10:12:33 GMT": ("1997-03-06T10:12+00:00", "minute"),
    "6 Mar 97 9:12": ("1997-03-06T09:12", "minute"),
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
    "Mittwoch, 12. März 2014, 14:05 Uhr": ("2014-03-12T14:05", "minute"),
    "12.03.2014 14:05": ("2014-03-12T14:05", "minute"),
    "8. 9. 1999": ("1999-09-08", "day"),
    "03/04/2020 10:15": ("2020", "year"),
    "le 3 mai 1998 à 18h30": ("1998-05-03T18:30", "minute"),
    "sábado, 12 de marzo de 2011": ("2011-03-12", "day"),
    "17/04/2016 23h47": ("2016-04-17T23:47", "minute"),
    "giovedì 16 marzo 1978, ore 19:30": ("1978-03-16T19:30", "minute"),
    "12 marca 2014 r.": ("2014-03-12", "day"),
    "12 апреля 1961 г.": ("1961-04-12", "day"),
    "22 лютого 2014, 17:15": ("2014-02-22T17:15", "minute"),
    "18 Ağustos 1999 Çarşamba, 09:45": ("1999-08-18T09:45", "minute"),
    "28 oktober 1981 kl. 16.20": ("1981-10-28T16:20", "minute"),
    "Δευτέρα, 28 Μαΐου 1979": ("1979-05-28", "day"),
    "الجمعة ٢٧ يوليو ١٩٥٦": ("1956-07-27", "day"),
    "١٥ كانون الثاني/يناير ٢٠١١": ("2011-01-15", "day"),
    "2008年8月9日 07:30": ("2008-08-09T07:30", "minute"),
    "昭和64年1月7日": ("1989-01-07", "day"),
    "令和元年5月1日 午後3時05分": ("2019-05-01T15:05", "minute"),
    "10 กรกฎาคม 2561": ("2018-07-10", "day"),
    "tiistai 5. maaliskuuta 2024": ("2024-03-05", "day"),
    "tiistaina 5.3.2024 klo 12.30": ("2024-03-05T12:30", "minute"),
    "2024. március 5., kedd": ("2024-03-05", "day"),
    "2024 m. kovo 5 d.": ("2024-03-05", "day"),
    "2024. gada 5. marts": ("2024-03-05", "day"),
    "5. listopada 2024.": ("2024-10-05", "day"),
    "5 listopada 2024": ("2024-11-05", "day"),
    "5. listopadu 2024": ("2024-11-05", "day"),
    "1. siječnja 2024. u 12:30": ("2024-01-01T12:30", "minute"),
    "5. марта 2024.": ("2024-03-05", "day"),
    "5 d'abril de 2024": ("2024-04-05", "day"),
    "Selasa, 5 Maret 2024": ("2024-03-05", "day"),
    "Thứ ba, 5 tháng 3, 2024": ("2024-03-05", "day"),
    "ngày 5 tháng 3 năm 2024": ("2024-03-05", "day"),
    "יום שלישי, 5 במרץ 2024": ("2024-03-05", "day"),
    "۵ مارس ۲۰۲۴": ("2024-03-05", "day"),
    "५ मार्च २०२४": ("2024-03-05", "day"),
    "৫ মার্চ ২০২৪": ("2024-03-05", "day"),
}
NO_DATES = ("", "Sunday", "yesterday", "June 31, 1960", "2021-13-01", "by Irina Vale", "x" * 500, "1234-56")


@pytest.mark.parametrize(("stated", "expected"), STATED.items())
def test_a_stated_date(stated: str, expected: tuple[str, str]):
    """Each form that publications use is read with its own precision."""
    assert parse_date(stated) == expected


def test_a_language_that_writes_the_day_first():
    """What may be March or April in English is certain in a language that has one order."""
    assert parse_date("03/04/2020", day_first=True) == ("2020-04-03", "day")


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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("12.04.2023_strike.txt", ("2023-04-12", "day")),
        ("Strike 1.4.1968.md", ("1968-04-01", "day")),
        ("20230412 strike.txt", ("2023-04-12", "day")),
        ("20231412-strike.txt", None),
        ("world-20140912.html", None),
        ("20140912345.html", None),
        ("release-10.4.20.txt", None),
    ],
)
def test_a_date_in_a_file_name(name: str, expected: tuple[str, str] | None):
    """A file name states a day with full stops, or in eight digits that it begins with."""
    assert date_in_name(name) == expected


@given(st.dates(), st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
def test_no_precision_is_invented(day: object, form: str):
    """What is stated to the year, month or day comes back to the year, month or day."""
    stated = f"{day:{form}}"
    found = parse_date(stated)
    assert found is None or (found[0] == stated and re.fullmatch(r"year|month|day", found[1]))
