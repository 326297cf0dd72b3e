"""Splits text into the units and word pieces of the model, with their places in the text.

A unit is a run of letters and digits, or one mark; a piece is an entry of the vocabulary. Both
follow the uncased BERT tokenizer (Devlin et al. 2019, WordPiece; normalisation as published with
the base model), so that the pieces are those the base model was trained on.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

MODEL = "ingest.enrich.model"
UNKNOWN, START, END = 100, 101, 102
LONGEST_UNIT = 100
MOST_PIECES_A_UNIT = 12
LONGEST_PIECE = 18
# Text between white space; a longer stretch without any is cut, so that nothing takes long.
CHUNK = re.compile("[^\\t\\n\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]{1,100}")
CJK = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)
# What a unit looks like, since the pieces know no case. Zero is for what is no unit.
LOWER, CAPITAL, UPPER, INITIAL, MIXED, MARK, NUMBER, CASELESS = range(1, 9)
SHAPES = 8


class Unit(NamedTuple):
    """A run of letters and digits or one mark: its place, its pieces, and its shape."""

    start: int
    end: int
    pieces: tuple[int, ...]
    shape: int


@cache
def vocabulary() -> dict[str, int]:
    """Return the number of every piece; read once a process."""
    lines = files(MODEL).joinpath("vocab.txt").read_text(encoding="utf-8").split("\n")
    return {line: number for number, line in enumerate(lines) if line}


def units_of(chunk: str, offset: int) -> list[Unit]:
    """Return the units of text without white space, which stands at `offset`."""
    return [Unit(offset + start, offset + end, pieces, shape) for start, end, pieces, shape in _units(chunk)]


@lru_cache(maxsize=1 << 15)
def _units(chunk: str) -> tuple[Unit, ...]:
    if chunk.isascii() and chunk.isalnum():
        return (_unit(chunk, 0, chunk.lower()),)
    units = []
    start = 0
    normal = ""
    for place, character in enumerate(chunk):
        kept = character.lower() if character.isascii() else _normal(character)
        if not kept or character in "\0�" or _is_control(character):
            continue
        if _stands_alone(kept):
            if normal:
                units.append(_unit(chunk[start:place], start, normal))
            units.append(_unit(character, place, kept))
            normal = ""
        else:
            if not normal:
                start = place
            normal += kept
    if normal:
        units.append(_unit(chunk[start:], start, normal))
    return tuple(units)


def _unit(surface: str, start: int, normal: str) -> Unit:
    pieces = word_pieces(normal)[:MOST_PIECES_A_UNIT]
    return Unit(start, start + len(surface), pieces, _shape(surface))


def word_pieces(word: str) -> tuple[int, ...]:
    """Return the longest pieces that make up a normalised word, from its beginning on."""
    if len(word) > LONGEST_UNIT:
        return (UNKNOWN,)
    known = vocabulary()
    pieces = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(min(len(word), start + LONGEST_PIECE), start, -1):
            if (piece := known.get(prefix + word[start:end])) is not None:
                break
        else:
            return (UNKNOWN,)
        pieces.append(piece)
        start = end
    return tuple(pieces)


@lru_cache(maxsize=1 << 14)
def _normal(character: str) -> str:
    """Return a character without accents, in lower case; nothing for an accent that stands alone."""
    bare = (each for each in unicodedata.normalize("NFD", character) if unicodedata.category(each) != "Mn")
    return "".join(each.lower() for each in bare)


@lru_cache(maxsize=1 << 14)
def _is_control(character: str) -> bool:
    return unicodedata.category(character)[0] == "C"


@lru_cache(maxsize=1 << 14)
def _stands_alone(character: str) -> bool:
    """Tell a mark, or a character of a script that writes no spaces."""
    code = ord(character[0])
    if code < 128:  # noqa: PLR2004 - ASCII
        return not (character.isalnum())
    return unicodedata.category(character[0])[0] == "P" or any(first <= code <= last for first, last in CJK)


def _shape(surface: str) -> int:
    if surface.islower():
        return MIXED if any(each.isdigit() for each in surface) else LOWER
    letters = [each for each in surface if each.isalpha()]
    if not letters:
        return NUMBER if any(each.isdigit() for each in surface) else MARK
    if len(letters) < len(surface) and any(each.isdigit() for each in surface):
        return MIXED
    if surface.isupper():
        return UPPER if len(letters) > 1 else INITIAL
    if letters[0] != letters[0].lower() and all(each == each.lower() for each in letters[1:]):
        return CAPITAL
    return MIXED if surface.lower() != surface else CASELESS
