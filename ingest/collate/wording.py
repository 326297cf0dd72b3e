"""What a text says in words, as numbers that are the same on every machine."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

# Scripts that set no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
WITHOUT_SPACES = re.compile(f"[{UNSPACED}]")
PAIR = re.compile(rf"(?=([{UNSPACED}]{{2}}))")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
LAST_BITS = 0xFFFF


def split_words(text: str) -> list[str]:
    """Return the words of a text without case, punctuation and typography.

    Where a script sets no spaces, each character is a word.
    """
    if not text.isascii():
        text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return WORD.findall(text.casefold())


def pair_characters(text: str) -> list[str]:
    """Return each two neighbouring characters of scripts without spaces; they serve as words there."""
    return PAIR.findall(text) if WITHOUT_SPACES.search(text) else []


def hash_words(words: Iterable[str]) -> Hashes:
    """Return a number of 32 bits for each word."""
    return np.fromiter((crc32(word.encode("utf-8", "replace")) for word in words), dtype=np.uint64)


def shingle(words: list[str]) -> Hashes:
    """Return the numbers of all runs of four words, in rising order, each once.

    They are spread evenly over 64 bits, so that the lowest are a fair sample of all (Broder,
    "On the resemblance and containment of documents", 1997).
    """
    hashes = _mix(hash_words(words))
    length = len(hashes) - len(FACTORS) + 1
    if length < 1:
        return np.empty(0, dtype=np.uint64)
    runs = np.zeros(length, dtype=np.uint64)
    for place, factor in enumerate(FACTORS):
        runs += hashes[place : place + length] * np.uint64(factor)
    return np.unique(_mix(runs))


def count_common(these: NDArray[np.uint32], those: NDArray[np.uint32]) -> int:
    """Return how many of these numbers are among those; both in rising order, `those` not empty."""
    places = np.minimum(those.searchsorted(these), len(those) - 1)
    return int(np.count_nonzero(those[places] == these))


def count_common_at_most(these: NDArray[np.uint32], those: Sequence[NDArray[np.uint32]]) -> Numbers:
    """Return for each of those arrays, none of them empty, how many of its numbers may be among these.

    By their last sixteen bits alone: a few too many, never too few, in a tenth of the time.
    """
    within = np.zeros(LAST_BITS + 1, dtype=np.bool_)
    within[these & LAST_BITS] = True
    sizes = np.array([len(each) for each in those])
    counts: Numbers = np.add.reduceat(
        within[np.concatenate(those) & LAST_BITS], np.cumsum(sizes) - sizes, dtype=np.int64
    )
    return counts


def _mix(numbers: Hashes) -> Hashes:
    """Return numbers spread over all 64 bits: the last step of SplitMix64 (Steele and others, 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
