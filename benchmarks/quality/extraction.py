"""How well saved pages are read, beside trafilatura on the same pages in the same run."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from benchmarks.extraction import FIELDS, Case, Result, is_same, read_cases, read_ours, read_theirs, word_f1
from benchmarks.quality.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Pair = tuple[Case, Result, Result]
COLLECTIONS = ("wcxb", "readability")


def measure(data: Path) -> Iterator[Measure]:
    """Yield the mean F1 of words for each group of pages, and the share of fields that are right."""
    read = [(case, read_ours(case), read_theirs(case)) for case in read_cases(data)]
    for group in dict.fromkeys(case.group for case, _, _ in read):
        told = [(case.text, ours, theirs) for case, ours, theirs in read if case.group == group and case.text]
        if told:
            yield Measure(
                name=f"{group}: words F1",
                value=statistics.mean(word_f1(ours.text, text) for text, ours, _ in told),
                count=len(told),
                published=_theirs(statistics.mean(word_f1(theirs.text, text) for text, _, theirs in told)),
            )
    for collection in COLLECTIONS:
        inside = [pair for pair in read if pair[0].group.startswith(collection)]
        for name in FIELDS:
            yield from _field(f"{collection}: {name} right", name, inside)


def _field(label: str, name: str, pairs: list[Pair]) -> Iterator[Measure]:
    asked = [(case.expected[name] or "", ours, theirs) for case, ours, theirs in pairs if case.expected[name]]
    if asked:
        right = [
            sum(is_same(name, each[place].fields.get(name), each[0]) for each in asked) / len(asked)
            for place in (1, 2)
        ]
        yield Measure(name=label, value=right[0], count=len(asked), published=_theirs(right[1]))


def _theirs(value: float) -> str:
    return f"trafilatura {value:.3f}, here"
