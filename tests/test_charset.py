"""Bytes become text without loss, and doubts are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.charset import decode
from ingest.errors import ItemError

SENTENCE = "Die Sonde «Lunik» erreichte den Mond – näher als je zuvor, sagte Łukasz Žižka. " * 3


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (SENTENCE.encode("utf-8"), None),
        (SENTENCE.encode("utf-8-sig"), None),
        (SENTENCE.encode("utf-16"), None),
        (SENTENCE.encode("utf-32"), None),
        (SENTENCE.encode("utf-8"), "iso-8859-1"),
        (SENTENCE.encode("utf-8"), "no-such-charset"),
        (SENTENCE.encode("iso-8859-2", "ignore"), "iso-8859-2"),
    ],
)
def test_text_arrives_whatever_the_charset(data: bytes, declared: str | None):
    """A mark, valid UTF-8 and a true declaration are believed; a lying declaration is not."""
    text, problems = decode(data, declared)
    assert "näher als je zuvor" in text
    assert not problems


def test_utf_16_without_a_mark_is_recognised():
    """Latin letters in unmarked UTF-16 leave NULs at every other place."""
    for charset in ("utf-16-le", "utf-16-be"):
        assert decode("A plain sentence in English.".encode(charset))[0] == "A plain sentence in English."


def test_a_guess_is_told():
    """Bytes that are neither UTF-8 nor declared are read by a guess, with a warning."""
    text, problems = decode("Nos vimos en el café de la señora Núñez, dijo él.".encode("cp1252"))
    assert "café" in text
    assert [problem.code for problem in problems] == ["charset-guessed"]


def test_latin_1_means_windows_1252():
    """Pages that declare Latin-1 have curly quotes all the same."""
    assert decode(b"\x93Poyekhali!\x94 he said, na\xefvely.", "iso-8859-1")[0].startswith("“Poyekhali!”")


def test_nul_characters_are_dropped_with_a_warning():
    """A stray NUL must not end or hide a text."""
    text, problems = decode(b"before" + b"\0" + b" after" * 100)
    assert text.startswith("before after")
    assert problems[0].code == "nul"


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty"), (b" \n ", "empty"), (bytes(range(32)) * 9, "binary")]
)
def test_what_is_no_text_is_refused_with_a_hint(data: bytes, code: str):
    """Empty and binary files are told apart, and each says what to do."""
    with pytest.raises(ItemError) as error:
        decode(data)
    assert error.value.code == code
    assert error.value.hint


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).filter(str.strip))
def test_utf_8_is_kept_to_the_letter(text: str):
    """Any text written as UTF-8 comes back unchanged."""
    assert decode(text.encode("utf-8"))[0].lstrip("\ufeff") == text.lstrip("\ufeff")
