"""Finds where a text speaks of time, in the forms that `patterns.py` lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.calendars import ERAS
from ingest.enrich.times.abroad import NEARNESS, in_english
from ingest.enrich.times.patterns import DIGITS, Form, forms

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"[^\W\d_]+|\d+")
FIRST_UNSPACED = "\u2e80"
LONGEST_GAP = 3
LONGEST_WORD = 24
REACH = 40
# What belongs to an expression of time although another may do without it: `the end of`, `early`.
LEAD = re.compile(
    r"(?i:\b(?:the\s)?(?:(?:very\s)?(?:early|earlier|late|later|mid)[\s-]"
    r"|(?:end|beginning|start|middle|close|turn|(?:early|late|latter|later|first|second|last|better|best)\spart)\sof\s)"
    r"(?:the\s)?|\bthe\s)\Z"
)
LEADING = frozenset(("the", "early", "earlier", "late", "later", "mid", "of"))
QUALIFIERS = frozenset(("early", "mid", "late"))
# In "plus de 1300" and "más de 1500" a number is none of a year.
MORE_OR_LESS = frozenset(
    "plus moins près autour más menos cerca alrededor mais perto più meno oltre ponad więcej około".split()  # noqa: SIM905
)
JOINED = frozenset((*QUALIFIERS, "pre", "post", "nineteen"))
NEVER_LED = frozenset(
    ("clock", "noon", "iso", "numbers", "fiscal", "era", "date", "month-days", "days-month")
)
# These are not their article's: "the 1969 season".
NO_ARTICLE = frozenset(("attacks", "year", "bare-year", "years", "month", "month-year", "ago", "iso-month"))
# Counted from the article's own date, in words that differ by language.
RELATIVE = frozenset(("deictic", "ago", "related"))


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """An expression of time: where it stands, its form, and the parts that the form names.

    `kind` is that of the form; the two ends of a range are phrases of their own, whose kinds end in
    `:head` and `:tail`. The part `the` tells that the definite article stands before; `core` is what
    alone is the expression, where the form must see more.
    """

    start: int
    end: int
    kind: str
    parts: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """What stands before a place: the word, the one before it where it only qualifies, and the gap."""

    word: str
    beyond: str
    gap: str


def find_phrases(text: str, language: str) -> Iterator[Phrase]:
    """Yield the expressions of time in a text, in order, not overlapping."""
    by_start = forms(language)
    end = 0
    previous: re.Match[str] | None = None
    earlier: re.Match[str] | None = None
    for word in WORD.finditer(text):
        start = word.start()
        first = DIGITS * (word.end() - start) if word[0].isdecimal() else word[0].lower()
        tried = by_start.get(first) if start >= end else None
        if tried and not (start and _is_in_word(text[start - 1])):
            before = _before(text, start, previous, earlier)
            best, kind = _longest(tried, text, start, before)
            if best:
                for phrase in _phrases(text, best, kind, end, before):
                    abroad = kind in RELATIVE and language in NEARNESS
                    yield replace(phrase, parts=in_english(phrase.parts, language)) if abroad else phrase
                end = best.end()
        previous, earlier = word, previous


def _is_in_word(character: str) -> bool:
    """Tell whether what follows a character goes on with its word; Chinese leaves no spaces.

    In Arabic "and" is a letter that is written together with what follows.
    """
    return (character.isalnum() and character < FIRST_UNSPACED and character != "و") or character == "_"


def _before(text: str, start: int, previous: re.Match[str] | None, earlier: re.Match[str] | None) -> Before:
    if previous is None or start - previous.end() > LONGEST_GAP:
        return Before(word="", beyond="", gap=text[max(0, start - 1) : start])
    beyond = earlier and previous.start() - earlier.end() == 1 and _word(earlier)
    return Before(word=_word(previous), beyond=beyond or "", gap=text[previous.end() : start])


def _word(match: re.Match[str]) -> str:
    if match.end() - match.start() > LONGEST_WORD:
        return ""
    return DIGITS if match[0].isdecimal() else match[0].lower()


def _longest(
    tried: tuple[Form, ...], text: str, start: int, before: Before
) -> tuple[re.Match[str] | None, str]:
    """Return the longest match of the forms that fit here, the first of those that tie."""
    best, kind = None, ""
    for form in tried:
        match = form.pattern.match(text, start)
        if match and (best is None or match.end() > best.end()) and _fits(form, before):
            best, kind = match, form.kind
    return best, kind


def _fits(form: Form, before: Before) -> bool:
    if before.gap and before.gap[-1] in form.not_beside and not (before.gap == "-" and before.word in JOINED):
        return False
    if form.kind == "year" and before.beyond in MORE_OR_LESS:
        return False
    if form.after:
        quoted = before.gap[-1:] in {"'", "’", "‘"} and form.kind != "short-year"
        if "the" in form.after and quoted:
            return form.kind == "short-decade"
        word = before.beyond if before.word in QUALIFIERS and "the" in form.after else before.word
        return word in form.after
    # A full stop after a number ends a sentence; after `p` or `No` it ends the word.
    close = before.gap in {" ", "-", "\n"} or (before.gap == ". " and before.word != DIGITS)
    return not (close and before.word in form.not_after)


def _phrases(text: str, match: re.Match[str], kind: str, last: int, before: Before) -> Iterator[Phrase]:
    """Yield what was matched: one phrase, or the two ends of a range."""
    parts = {name: value for name, value in match.groupdict().items() if value is not None}
    start = match.start()
    if "era" in parts and "reign" in parts:
        parts["year"] = str(ERAS[parts["era"]] + int(parts["reign"]))
        start = match.start("era")
    if before.word in LEADING and kind not in NEVER_LED:
        lead = LEAD.search(text, max(last, start - REACH), start)
        if lead:
            words = lead[0].lower().split()
            # In "the end of last year" the article is the end's.
            if words[-1] == "the":
                parts["the"] = "the"
            if kind not in NO_ARTICLE or words != ["the"]:
                start = lead.start()
    if "head" not in parts:
        start = match.start("core") if "core" in parts else start
        yield Phrase(start=start, end=match.end(), kind=kind, parts=parts)
        return
    yield Phrase(start=start, end=match.end("head"), kind=f"{kind}:head", parts=parts)
    yield Phrase(start=match.start("tail"), end=match.end("tail"), kind=f"{kind}:tail", parts=parts)
