"""Finds where a text speaks of time, in forms that `time_patterns.py` lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.time_patterns import ANY, DIGITS, Form, forms

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"[^\W\d_]+|\d+")
LEFT = 48
LEAD = re.compile(
    r"(?i:\b(?:the\s)?(?:(?:very\s)?(?:early|earlier|late|later|mid)[\s-]"
    r"|(?:end|beginning|start|middle|close|part|turn)\sof\s)(?:the\s)?|\bthe\s)$"
)
LED = frozenset(("decade", "short-decade", "worded-decade", "century", "centuries", "quarter", "half", "season", "weekend", "edge", "neighbour", "anniversary", "month", "month-year", "year", "years", "related", "deictic", "ago"))  # fmt: skip
UNLED_BY_THE = frozenset(("year", "years", "month", "month-year", "ago"))


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """An expression of time: where it stands, its form, and the parts that the form names."""

    start: int
    end: int
    kind: str
    parts: dict[str, str]


def find_phrases(text: str, language: str) -> Iterator[Phrase]:
    """Yield the expressions of time in a text, in order, not overlapping."""
    by_start = forms(language)
    end = 0
    for word in WORD.finditer(text):
        start = word.start()
        if start < end:
            continue
        first = DIGITS if word[0].isdecimal() else word[0].lower()
        best: re.Match[str] | None = None
        kind = ""
        for form in by_start.get(first, ()):
            match = form.pattern.match(text, start)
            if match and (best is None or match.end() > best.end()) and _fits(form, text, start):
                best, kind = match, form.kind
        if best is None:
            continue
        yield from _phrases(text, best, kind, end)
        end = best.end()


def _fits(form: Form, text: str, start: int) -> bool:
    left = text[max(0, start - LEFT) : start]
    if form.after and not form.after.search(left):
        return False
    return not (form.never_after and form.never_after.search(left))


def _phrases(text: str, match: re.Match[str], kind: str, last: int) -> Iterator[Phrase]:
    """Yield what was matched: one phrase, or the two ends of a range."""
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    start = match.start()
    if kind in LED and (lead := LEAD.search(text, max(last, start - LEFT), start)):
        if kind not in UNLED_BY_THE or lead[0].lower() != "the ":
            start = lead.start()
        if "the" in lead[0].lower().split():
            groups["the"] = "the"
    if "head" not in groups:
        yield Phrase(start=start, end=match.end(), kind=kind, parts=groups)
        return
    yield Phrase(start=start, end=match.end("head"), kind=f"{kind}:head", parts=groups)
    yield Phrase(start=match.start("tail"), end=match.end("tail"), kind=f"{kind}:tail", parts=groups)
