"""Marks the words of a query where they stand in an article, and cuts out the passage around them."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

import numpy as np

LONGEST_LOOK = 200_000
LONGEST_PHRASE = 20
MOST_MARKS = 200
LONGEST_PASSAGE = 260
BEFORE = 70
WORD = re.compile(r"[^\W_]+")
CODE = np.dtype("<u4")
PLANE = 0x10000  # how many characters the first plane has; of those beyond, few are letters
# Letters beyond those of Europe differ by all that they are made of.
FOLDED = (range(0x590), range(0x1E00, 0x2000))
# Marks are letters of a word, as vowel signs of Hindi are; but not those that make a picture of a sign.
CHOOSING = range(0xFE00, 0xFE10)
# What may be written or left out, as `search_query` has it, is all one of them.
POINTS = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
)
POINT = chr(0x20000)
POINTED = re.compile("[\u0590-\u08ff]")


def fold(text: str) -> str:
    """Return a text as search compares it, of the same length: without capitals and accents.

    Marks become letters of their own, and points one.
    """
    if text.isascii():
        return text.lower()
    # All letters are looked up at once; one after the other takes many times as long.
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=CODE)
    folded = _table().take(codes, mode="clip")
    beyond = np.flatnonzero(codes >= PLANE)
    folded[beyond] = [ord(_letter(code)) for code in codes[beyond].tolist()]
    return folded.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _table() -> np.ndarray[Any, np.dtype[np.uint32]]:
    """Return what each letter is searched as, by its number; those beyond the first plane are left out."""
    return np.fromiter((ord(_letter(code)) for code in range(PLANE)), dtype=CODE, count=PLANE)


@lru_cache(maxsize=4096)
def _letter(code: int) -> str:
    """Return the letter that a character is searched as."""
    if (mark := _marks().get(code)) is not None:
        return mark
    letter = chr(code).lower()[0]
    is_folded = any(ord(letter) in each for each in FOLDED)
    return unicodedata.normalize("NFD", letter)[0] if is_folded else letter


@cache
def _marks() -> dict[int, str]:
    """Return what marks are searched as, by their numbers: ideographs that hardly any text has.

    A class of all marks in a pattern would take milliseconds a word to compile.
    """
    marks = (code for code in range(2 * PLANE) if unicodedata.category(chr(code)) in {"Mn", "Mc"})
    parts = (code for code in marks if code not in CHOOSING)
    letters = {code: chr(0x20001 + number) for number, code in enumerate(parts)}
    points = re.findall(f"[{POINTS}]", "".join(map(chr, range(0x900))))
    return letters | {ord(point): POINT for point in points}


def words_of(text: str) -> list[str]:
    """Return the words of a text, as search indexes part them."""
    return [text[found.start() : found.end()] for found in WORD.finditer(fold(text))]


def pattern_of(query: Any) -> re.Pattern[str] | None:
    """Return what marks the words of a query in a folded text; None where it has none.

    It never goes back over what it has read, so that its time is bounded by the lengths of both;
    of a long phrase the beginning is marked.
    """
    whole, anywhere = [], []
    for term in (term for group in query.groups for term in group if not term.field):
        if term.unspaced:
            anywhere.append(re.escape(fold(term.text)))
            continue
        for words in (WORD.findall(fold(way))[:LONGEST_PHRASE] for way in term.spellings):
            if not words:
                continue
            joined = r"[\W_]{1,5}+".join(map(_with_points, words))
            first, rest = joined[0], joined[1:]
            # Where it begins with a letter and not with a condition, it is found in half the time.
            begun = rf"{first}(?<![^\W_]{first}){rest}"
            whole.append(begun + (r"[^\W_]*+" if term.prefix else r"(?![^\W_])"))
    parts = [*dict.fromkeys(whole), *dict.fromkeys(anywhere)]
    return re.compile("|".join(parts)) if parts else None


def _with_points(word: str) -> str:
    """Return what finds a word, whether it is written with points, which some scripts have, or without."""
    return f"{POINT}*+".join([*word, ""]) if POINTED.search(word) else word


def mark(text: str, pattern: re.Pattern[str]) -> str:
    """Return a text with the character 2 before each hit and 3 behind it."""
    text = unicodedata.normalize("NFC", text)
    marked, at = [], 0
    for hit in pattern.finditer(fold(text)):
        marked += [text[at : hit.start()], "\x02", hit[0] and text[hit.start() : hit.end()], "\x03"]
        at = hit.end()
    return "".join([*marked, text[at:]])


def passage(text: str, pattern: re.Pattern[str]) -> str | None:
    """Return the passage with the most different hits, marked; None where nothing is hit.

    Only the beginning of a very long text is looked through.
    """
    text = unicodedata.normalize("NFC", text)
    looked = text[:LONGEST_LOOK]
    hits = []
    for hit in pattern.finditer(fold(looked)):
        hits.append((hit.start(), hit[0]))
        if len(hits) == MOST_MARKS:
            break
    if not hits:
        return None

    def different(number: int) -> int:
        end = hits[number][0] + LONGEST_PASSAGE - BEFORE
        return len({word for start, word in hits[number : number + 12] if start < end})

    alike = len({word for _, word in hits}) == 1
    best = 0 if alike else max(range(len(hits)), key=lambda number: (different(number), -number))
    return mark(cut_out(text, hits[best][0]), pattern)


def cut_out(text: str, at: int) -> str:
    """Return the passage around a place in a text: no word in two, … only where there is more."""
    start = max(0, at - BEFORE)
    if start:
        start = text.find(" ", start, at) + 1 or start
    end = start + LONGEST_PASSAGE
    if end < len(text):
        end = text.rfind(" ", start + LONGEST_PASSAGE // 2, end) if " " in text[start:end] else end
        end = end if end > start else start + LONGEST_PASSAGE
    cut = " ".join(text[start:end].split())
    return ("… " if start else "") + cut + (" …" if end < len(text) else "")
