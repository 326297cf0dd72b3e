"""Text that runs from right to left comes out as it is read, whatever order it was drawn in."""

import io
import random

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from ingest.directions import Sign, in_reading_order
from tests import office_files as office
from tests.test_office import article

WIDTH, HEIGHT = 6.0, 12.0
MIRRORED = str.maketrans("()[]«»", ")(][»«")
# The first letters of the alphabet as letters of Hebrew, so that a test's lines are seen in one order.
HEBREW = str.maketrans({chr(0x61 + number): chr(0x5D0 + number) for number in range(22)})
LETTERS = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Letters def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfrange <61> <76> <05D0> endbfrange
endcmap end end"""


def drawn(pieces: list[str]) -> list[Sign]:
    """Return the signs of a line from left to right; what has no capitals and no digits is read leftward."""
    shown = "".join(
        piece if any(each.isdigit() or each.isupper() for each in piece) else piece[::-1].translate(MIRRORED)
        for piece in reversed(pieces)
    )
    return [
        Sign(each.translate(HEBREW), place * WIDTH, (place + 1) * WIDTH) for place, each in enumerate(shown)
    ]


@pytest.mark.parametrize(
    "pieces",
    [
        ["abc def ghi."],
        ["abc ", "INGRID HALLORAN", " def"],
        ["abc (", "INGRID HALLORAN", ") def."],
        ["abc ", "14.3.2019", " def ", "12,500", " ghi"],
        ["abc ", "15%", " def ", "$20", " ghi (jkl), mno [pq]."],
        ["abc-", "14", " def «ghi» a«jk» mn"],
        ["abc ", "COVID-19", "."],
        ["abc ", "1939", "–", "1945", " def ", "3-555-14", "."],
    ],
)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_signs_are_read_as_they_stand(pieces: list[str], seed: int | None):
    """Words are read from right to left, numbers and names in Latin letters within them as they are."""
    signs = drawn(pieces)
    if seed is not None:
        signs = [sign for sign in signs if sign.text != " "]
        random.Random(seed).shuffle(signs)
    expected = "".join(pieces).translate(HEBREW)
    read = in_reading_order(signs, HEIGHT, leftward=True)
    if seed is None:
        assert read == expected
    assert read.replace(" ", "") == expected.replace(" ", "")


def test_years_with_a_hyphen_between_stand_from_right_to_left_beside_arabic():
    """Within Arabic the first of two years is the one on the right, and the parts of a date are in order."""
    shown = "12/3/1969 \u0628 1945-1939 \u0628"
    signs = [Sign(each, place * WIDTH, (place + 1) * WIDTH) for place, each in enumerate(shown)]
    assert in_reading_order(signs, HEIGHT, leftward=True) == "\u0628 1939-1945 \u0628 12/3/1969"


def test_words_from_right_to_left_within_others_are_turned_alone():
    """A line of Latin letters keeps its order, and words of Hebrew within it are read leftward."""
    shown = "The words fed cba are two (2)"
    signs = [Sign(each, place * WIDTH, (place + 1) * WIDTH) for place, each in enumerate(shown)]
    hebrew = [sign._replace(text=sign.text.translate(HEBREW)) for sign in signs[10:17]]
    read = in_reading_order([*signs[:10], *hebrew, *signs[17:]], HEIGHT, leftward=False)
    assert read == f"The words {'abc def'.translate(HEBREW)} are two (2)"


def test_a_mark_stays_upon_its_letter():
    """A vowel's mark follows the letter it stands upon, on whichever side of it it was drawn."""
    point = "\u05b8"
    signs = [Sign("\u05d1", 0, 6), Sign(point, 8, 9), Sign("\u05d0", 6, 12)]
    assert in_reading_order(signs, HEIGHT, leftward=True) == f"\u05d0{point}\u05d1"


def test_places_that_are_no_places_are_not_read():
    """Where a program says of many letters that they stand in one place, their order is left alone."""
    signs = [Sign(each, 0, 6) if each != " " else Sign(each, 6, 6) for each in "ab ba".translate(HEBREW)]
    assert in_reading_order(signs, HEIGHT, leftward=True) == "ab ba".translate(HEBREW)


def test_a_pdf_in_hebrew_keeps_names_numbers_and_brackets():
    """What a PDF writes in Latin letters and numbers among Hebrew is read in its own order."""
    line = "qponm (lkj) ihg 14.3.2019 fed INGRID HALLORAN cba"
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(office.pdf([(50, 700, line)]))))
    letters = DecodedStreamObject()
    letters.set_data(LETTERS.encode())
    font = writer.pages[0]["/Resources"]["/Font"]["/F1"]
    font[NameObject("/ToUnicode")] = writer._add_object(letters)  # noqa: SLF001 - there is no other way
    out = io.BytesIO()
    writer.write(out)
    expected = "abc INGRID HALLORAN def 14.3.2019 ghi (jkl) mnopq".translate(HEBREW)
    assert article("hebrew.pdf", out.getvalue()).text == expected
