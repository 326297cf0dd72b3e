"""Words, names and marks of a stretch of text, and where its sentences begin and end."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.quoting.cue_words import ABBREVIATIONS
from ingest.personal_names import SHORT_TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.enrich.quoting.cue_words import CueWords
    from ingest.model import Mention

WORD = re.compile(
    rf"""(?:[^\W\d_]\.){{2,}}
      | \b(?:{"|".join(SHORT_TITLES)}|Jr|Sr)\.
      | \w+(?:[-‐](?!(?:t[-‐])?(?:ils?|elles?|je|on)\b)\w+|['’](?!s\b)\w+)*
      | ['’]s\b
      | \.\.\.
      | [^\w\s]""",
    re.VERBOSE,
)
ABBREVIATED = re.compile(
    r"(?:\b[^\W\d_]|\b(?:" + "|".join(sorted(map(re.escape, ABBREVIATIONS))) + r"))$", re.IGNORECASE
)
APOSTROPHE = re.compile("['’]")
NEGATED = ("n't", "n’t")
LONGEST_ABBREVIATION = 6
ENDING = re.compile(r"(?<![.!?…])[.!?…]++[\"“”»«)’'\]]*+(?=\s|$)")
BREAK = re.compile(r"\n\s*\n")
LONGEST_BEFORE = 500
LONGEST_AFTER = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A name, a word or a mark; `kind` is name, pronoun, cue, word, capital or mark."""

    start: int
    end: int
    text: str
    low: str
    kind: str
    mention: Mention | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is the name of a person."""
        return self.mention is not None and self.mention.kind == "PERSON"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A text with what is known of it; mentions are in order."""

    text: str
    mentions: Sequence[Mention]
    words: CueWords

    def units(self, start: int, end: int) -> list[Unit]:
        """Return the units of a stretch; a mention is one of them."""
        if start >= end:
            return []
        found: list[Unit] = []
        index = bisect_left(self.mentions, start, key=lambda each: each.start)
        place = start
        while index < len(self.mentions) and self.mentions[index].end <= end:
            mention = self.mentions[index]
            index += 1
            if mention.start < place:
                continue
            found += self._plain(place, mention.start)
            found.append(
                Unit(
                    start=mention.start,
                    end=mention.end,
                    text=mention.surface,
                    low=mention.surface.lower(),
                    kind="name",
                    mention=mention,
                )
            )
            place = mention.end
        return [*found, *self._plain(place, end)]

    def _plain(self, start: int, end: int) -> list[Unit]:
        return [self._unit(match) for match in WORD.finditer(self.text, start, end)]

    def _unit(self, match: re.Match[str]) -> Unit:
        """Return a word or mark; of one such as `we've` only the pronoun, which may speak."""
        word = match[0]
        first = APOSTROPHE.split(word, maxsplit=1)[0]
        if self._is_pronoun(first, first.lower()):
            word = first
        low = word.lower()
        start = match.start()
        return Unit(start=start, end=start + len(word), text=word, low=low, kind=self._kind(word, low))

    def _is_pronoun(self, word: str, low: str) -> bool:
        words = self.words
        return low in words.he or low in words.she or (low in words.others and word != "US")

    def _kind(self, word: str, low: str) -> str:
        words = self.words
        if self._is_pronoun(word, low):
            return "pronoun"
        if low in words.cues or low in words.labels:
            return "cue"
        if not word[0].isalnum() and word[0] not in "'’":
            return "mark"
        plain = low in words.determiners or low.endswith(NEGATED)
        return "capital" if word[0].isupper() and not plain else "word"


def sentence_starts(text: str) -> list[int]:
    """Return where the sentences of a text begin, which end with their paragraph at the latest."""
    ends = [each.end() for each in ENDING.finditer(text) if not _abbreviates(text, each, 0)]
    return sorted({0, *ends, *(each.end() for each in BREAK.finditer(text))})


def last_sentence(text: str, start: int, end: int) -> int:
    """Return where the last sentence of a stretch begins; its end counts as one's middle."""
    begun = max(start, end - LONGEST_BEFORE)
    for match in ENDING.finditer(text, begun, end):
        if match.end() < end and text[match.end() : end].strip() and not _abbreviates(text, match, begun):
            begun = match.end()
    return begun


def first_sentence(text: str, start: int, end: int) -> int:
    """Return where the first sentence of a stretch ends."""
    bound = min(end, start + LONGEST_AFTER)
    for match in ENDING.finditer(text, start, bound):
        if not _abbreviates(text, match, start):
            return match.end()
    return bound


def _abbreviates(text: str, match: re.Match[str], start: int) -> bool:
    """Tell whether a full stop ends an abbreviation, or stands before a small letter."""
    if not match[0].startswith(".") or len(match[0]) > 1:
        following = text[match.end() : match.end() + 2].strip()
        return following.islower()
    if text[match.end() : match.end() + 2].strip().islower():
        return True
    return (
        ABBREVIATED.search(text, max(start, match.start() - LONGEST_ABBREVIATION), match.start()) is not None
    )
