"""Reads the words around a quotation: the cue, and the words that say who speaks.

Rules over short stretches of text, a few hundred characters on either side. What a pronoun or a
description stands for is decided in `speakers.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.phrases import Unit
from ingest.enrich.subjects import (
    LONGEST_NOUN_PHRASE,
    QUOTED,
    Who,
    is_passive,
    is_verb,
    noun_phrase_before,
    of_unit,
    subject_after,
    subject_before,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.enrich.cue_words import CueWords
    from ingest.enrich.phrases import Source
    from ingest.model import Mention

FARTHEST_CUE = 16
LEAST_TAIL = 2
DASHES = frozenset(("—", "–", "-", "--"))
SELF_NAMING = frozenset(("you", "we", "i", "one"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Who speaks as the text has it: words, what they are, and the rule that found them."""

    start: int
    end: int
    kind: str
    rule: str
    cue: str | None
    mention: Mention | None = None


def look_before(source: Source, stretches: Sequence[tuple[int, int]]) -> Attribution | None:
    """Return who speaks by the words before a quotation; between two stretches another stands."""
    units: list[Unit] = []
    for start, end in stretches:
        if units:
            units.append(Unit(start=start, end=start, text=QUOTED, kind="mark"))
        units += source.units(start, end)
    words = source.words
    if not units:
        return None
    colon = units[-1].text == ":"
    if found := _according(source, units):
        return found
    for index in range(len(units) - 1, -1, -1):
        unit = units[index]
        if unit.kind != "cue" or not is_verb(units, index, words):
            continue
        passive = is_passive(units, index, words)
        if passive and unit.text.lower() in words.labels:
            return _agent(source, units, index)
        who = None if passive or _leads(units, index) else subject_before(source, units, index)
        if who is not None and unit.text.lower() in words.labels and not _labels(source, units, who):
            return None
        if who is None and not passive and (colon or _leads(units, index)):
            who = subject_after(source, units, index)
        if who is not None:
            return _attribution(who, "before", unit)
    if colon:
        who = noun_phrase_before(source, units, len(units) - 1)
        if who is not None and who.start == units[0].start:
            return _attribution(who, "colon", None)
    return None


def look_after(source: Source, start: int, end: int) -> Attribution | None:
    """Return who speaks by the words after a quotation that ends at `start`."""
    units = source.units(start, end)
    words = source.words
    first = next((place for place, unit in enumerate(units) if unit.text not in {",", ";"}), len(units))
    units = units[first:]
    if not units:
        return None
    if units[0].text in {"—", "–", "-", "--"} or (units[0].text == "-" and units[1:2]):
        rest = [unit for unit in units if unit.text not in {"—", "–", "-"}]
        if rest and rest[0].kind in {"name", "capital"} and len(rest) <= LONGEST_NOUN_PHRASE:
            return _attribution(of_unit(rest[0]), "dash", None)
    if found := _according(source, units):
        return found
    if units[0].text.lower() in words.by and len(units) > 1:
        who = subject_after(source, units, 0)
        return _attribution(who, "by", None) if who and who.kind in {"name", "description"} else None
    for index, unit in enumerate(units[:FARTHEST_CUE]):
        if unit.kind != "cue" or not is_verb(units, index, words):
            if unit.text in {":", ";"} or (index == 0 and _goes_on(unit, words)):
                return _at_the_end(source, units)
            continue
        if _quotes(units, index):
            continue
        who = subject_before(source, units, index) if index else None
        rule = "after"
        if who is None and (
            index == 0 or all(each.text in words.between or each.text == "-" for each in units[:index])
        ):
            who = subject_after(source, units, index)
            rule = "inverted"
            if who is None and words.drops_subject:
                who = Who(start=unit.start, end=unit.start, kind="implied")
        if who is not None:
            return _attribution(who, rule, unit)
    return None


def _at_the_end(source: Source, units: list[Unit]) -> Attribution | None:
    """Return who speaks where a sentence goes on after the quotation: `at work, Smith said.`."""
    last = len(units) - 1
    while last > 0 and (units[last].kind == "mark" or units[last].text.lower() in source.words.between):
        last -= 1
    if last < LEAST_TAIL or units[last].kind != "cue":
        return None
    who = subject_before(source, units, last)
    if who is None or who.kind == "thing":
        return None
    before = next((place for place, unit in enumerate(units) if unit.start == who.start), 0)
    return _attribution(who, "after", units[last]) if before > 0 and units[before - 1].text == "," else None


def _quotes(units: list[Unit], index: int) -> bool:
    """Tell whether a verb is that of `quoted somebody as saying`."""
    later = [unit.text.lower() for unit in units[index + 1 : index + FARTHEST_CUE]]
    return units[index].text.lower() in {"quoted", "quotes", "cited", "cites"} and "saying" in later


def _attribution(who: Who, rule: str, cue: Unit | None) -> Attribution:
    return Attribution(
        start=who.start,
        end=who.end,
        kind=who.kind,
        rule=rule,
        cue=cue.text if cue else None,
        mention=who.mention,
    )


def _agent(source: Source, units: list[Unit], index: int) -> Attribution | None:
    """Return by whom something is called so: `was described by Smith as`."""
    for place in range(index + 1, len(units)):
        if units[place].text.lower() in source.words.by:
            who = subject_after(source, units, place)
            return (
                _attribution(who, "by", units[index]) if who and who.kind in {"name", "description"} else None
            )
    return None


def _leads(units: list[Unit], index: int) -> bool:
    """Tell whether a verb begins its stretch, as `said` does after a quotation."""
    while index > 0 and units[index - 1].text in {",", ";"}:
        index -= 1
    return index == 0 or units[index - 1].text == QUOTED


def _labels(source: Source, units: list[Unit], who: Who) -> bool:
    """Tell whether somebody calls something so, as in no `film called`, `a user labelled`."""
    first = source.text[who.start : who.end].partition(" ")[0].lower()
    if first in SELF_NAMING:
        return False
    if who.kind == "thing":
        return any(unit.text.lower() == "what" for unit in units)
    return who.kind != "description" or first not in {"a", "an", "one", "another", "some"}


def _goes_on(unit: Unit, words: CueWords) -> bool:
    """Tell whether the words after a quotation only go on with its sentence."""
    low = unit.text.lower()
    return low in {"and", "but", "or", "that", "which", "because", "while", "when", "if", "than"} or (
        low in words.prepositions and low not in words.by
    )


def _according(source: Source, units: list[Unit]) -> Attribution | None:
    """Return the speaker of `according to` and its like, where the sentence has it."""
    words = source.words
    for index, unit in enumerate(units):
        low = unit.text.lower()
        if low == "words" and units[index + 1 : index + 2] and units[index + 1].text.lower() == "of":
            who = subject_after(source, units, index + 1)
            return _attribution(who, "according", unit) if who else None
        if low not in words.according:
            continue
        start = index + 1
        if low == "according" and units[start : start + 1] and units[start].text.lower() == "to":
            start += 1
        who = subject_after(source, units, start - 1)
        if who is not None and who.kind in {"name", "pronoun", "description"}:
            return _attribution(who, "according", unit)
    return None
