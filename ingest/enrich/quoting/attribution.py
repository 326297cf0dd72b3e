"""Reads the words around a quotation: the cue, and the words that say who speaks.

Rules over short stretches of text, a few hundred characters on either side. What a pronoun or a
description stands for is decided in `speakers.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from ingest.enrich.quoting.cue_words import ADDRESSING, ENGLISH, SPEAKING
from ingest.enrich.quoting.phrases import Unit
from ingest.enrich.quoting.subjects import (
    OWNING,
    QUOTED,
    QUOTING,
    Clause,
    Who,
    clause_subject,
    named_at,
    noun_phrase_before,
    of_unit,
    subject_after,
    subject_before,
)
from ingest.enrich.spans import PLACES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.enrich.quoting.phrases import Source
    from ingest.model import Mention

FARTHEST_CUE = 16
LEAST_TAIL = 2
LONGEST_WRITING = 6
LONGEST_SIGNATURE = 16
DASHES = frozenset(("—", "–", "-", "--"))
SENTENCE_ENDS = frozenset((".", "!", "?"))
SEPARATORS = frozenset((",", ";"))
# Whose words they are, as it is called where it speaks.
OWNERS = {"his": "he", "her": "she"}
SELF_NAMING = frozenset(("you", "we", "i", "one"))
INDEFINITE = frozenset(("a", "an", "one", "another", "some"))
RESUMING = frozenset(("and", "but", "or", "that", "which", "because", "while", "when", "if", "than"))


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
            units.append(Unit(start=start, end=start, text=QUOTED, low=QUOTED, kind="mark"))
        units += source.units(start, end)
    clause = Clause(units=units, words=source.words)
    if found := _according(clause):
        return found
    for index in range(len(units) - 1, -1, -1):
        if units[index].kind != "cue" or not clause.is_verb(index):
            continue
        if clause.is_passive(index):
            if units[index].low in clause.words.labels:
                return _agent(clause, index)
            continue
        if (who := _subject(clause, index)) is not None:
            labels = units[index].low in clause.words.labels
            return (
                None
                if labels and not _labels(source, clause, who)
                else _as_found(who, "before", units[index])
            )
    return _before_colon(clause)


def _subject(clause: Clause, index: int) -> Who | None:
    """Return the subject of a verb before a quotation; one that begins its stretch has it behind."""
    place = index
    while place > 0 and clause.units[place - 1].text in SEPARATORS:
        place -= 1
    if place == 0 or clause.units[place - 1].text == QUOTED:
        return subject_after(clause, index)
    if clause.words is not ENGLISH and place < index:
        # "Auf die Frage, wann sie komme, antwortete er:"; English has its verb at the end.
        behind = subject_after(clause, index)
        if behind is not None and behind.kind in {"name", "pronoun", "words"}:
            return _beside_insertion(clause, index) or behind
    who = subject_before(clause, index)
    if clause.words is not ENGLISH and (who is None or who.kind in {"words", "thing"}):
        # "Im Gegensatz dazu lobte Anna Weiß": a person behind the verb is its subject.
        behind = subject_after(clause, index)
        if behind is not None and behind.mention is not None and behind.mention.kind == "PERSON":
            return behind
    inverted = clause.units[-1].text == ":" or clause.low(index - 1) in SEPARATORS
    return subject_after(clause, index) if who is None and inverted else who


def _beside_insertion(clause: Clause, index: int) -> Who | None:
    """Return the person before a verb with a noun behind it: `Weiß, der Anwalt, kündigte Revision an`."""
    if named_at(clause.units, index + 1) or clause.units[index + 1].kind != "capital":
        return None
    who = subject_before(clause, index)
    return who if who is not None and who.mention is not None and who.mention.kind == "PERSON" else None


def _before_colon(clause: Clause) -> Attribution | None:
    """Return who stands before a colon without a verb of saying: `Smith: "…"`, `Smith smiled: "…"`."""
    units = clause.units
    if not units or units[-1].text != ":" or any(unit.low in ADDRESSING for unit in units):
        return None
    who = noun_phrase_before(clause, len(units) - 1)
    if who is None or who.start != units[0].start:
        who = clause_subject(clause, len(units) - 1)
    if who is None or who.kind not in {"name", "pronoun", "words"}:
        return None
    # A capital that only begins a heading is nobody: `Myth 1:`, `First rule:`.
    heads = who.kind == "words" and who.end == units[0].end and len(units) > LEAST_TAIL
    return None if heads else _as_found(who, "colon", None)


def look_after(source: Source, start: int, end: int) -> Attribution | None:
    """Return who speaks by the words after a quotation that ends at `start`."""
    units = source.units(start, end)
    first = next((place for place, unit in enumerate(units) if unit.text not in SEPARATORS), len(units))
    units = units[first:]
    if not units:
        return None
    clause = Clause(units=units, words=source.words)
    if units[0].text in DASHES:
        if clause.low(1) not in clause.words.cues or clause.words is ENGLISH:
            return _after_dash(units)
        units = units[1:]
        clause = Clause(units=units, words=source.words)
    if found := _according(clause):
        return found
    if units[0].low in clause.words.by:
        who = subject_after(clause, 0)
        return _as_found(who, "by", None) if who and who.kind in {"name", "description"} else None
    for index, unit in enumerate(units[:FARTHEST_CUE]):
        if unit.kind == "cue" and clause.is_verb(index):
            says = not _quotes(units, index) and not clause.is_passive(index)
            if says and (found := _by_verb(clause, index)):
                return found
        elif unit.text in {":", ";"} or (index == 0 and _resumes(clause)):
            return _at_the_end(clause)
    return None


def look_below(source: Source, start: int, end: int) -> Attribution | None:
    """Return the name that a paragraph with a dash begins with, if it is no sentence about them."""
    units = source.units(start, end)
    if units and units[0].mention and units[0].mention.kind in PLACES:
        return None
    who = of_unit(units[0]) if units and units[0].kind == "name" else named_at(units, 0)
    following = next((unit for unit in units if who and unit.start >= who.end), None)
    return _as_found(who, "dash", None) if who and (not following or following.kind == "mark") else None


def _by_verb(clause: Clause, index: int) -> Attribution | None:
    """Return the subject of a verb after a quotation, before it or, where it comes first, behind."""
    units, words = clause.units, clause.words
    if index and (who := subject_before(clause, index)):
        return _as_found(who, "after", units[index])
    if all(each.low in words.between or each.text == "-" for each in units[:index]):
        who = subject_after(clause, index) or _bare_noun(clause, index)
        if who is None and words.drops_subject and not _names(clause, index):
            who = Who(start=units[index].start, end=units[index].start, kind="implied")
        return _as_found(who, "inverted", units[index]) if who else None
    return None


def _bare_noun(clause: Clause, index: int) -> Who | None:
    """Return the noun after a verb in a language without articles: `сказал писатель`."""
    following = clause.units[index + 1 : index + 2]
    if not clause.words.bare_nouns or not following or following[0].kind != "word":
        return None
    unit = following[0]
    if unit.low in clause.words.prepositions | clause.words.between | clause.words.determiners:
        return None
    return Who(start=unit.start, end=unit.end, kind="thing")


def _names(clause: Clause, index: int) -> bool:
    """Tell whether a name follows a verb in its part of the sentence, so that it has a subject."""
    following = takewhile(lambda unit: unit.kind != "mark", clause.units[index + 1 :])
    return any(unit.kind in {"name", "capital"} for unit in following)


def look_within(source: Source, start: int, end: int) -> Attribution | None:
    """Return who speaks by words within the marks, as in `« Je pense à lui, confie-t-il. Et … »`.

    English closes its marks before such words.
    """
    if source.words is ENGLISH:
        return None
    units = source.units(start, end)
    clause = Clause(units=units, words=source.words)
    for index in range(1, len(units) - 1):
        if units[index].kind != "cue" or units[index - 1].text not in {",", "!", "?", "…", *DASHES}:
            continue
        who = subject_after(clause, index)
        following = next((unit.text for unit in units[index + 1 :] if who and unit.start >= who.end), ".")
        if who is not None and who.kind in {"name", "pronoun", "words"} and following in {",", ".", *DASHES}:
            return _as_found(who, "within", units[index])
    return None


def _after_dash(units: Sequence[Unit]) -> Attribution | None:
    """Return who is named or described behind a quotation, after a dash: `- baker at a mill`."""
    rest = [unit for unit in units if unit.text not in DASHES]
    if not rest or rest[0].kind not in {"name", "capital"} or len(rest) > LONGEST_SIGNATURE:
        return None
    end = next((place for place, unit in enumerate(rest) if unit.kind == "mark"), len(rest))
    if end == 1 or rest[0].is_person:
        return _as_found(of_unit(rest[0]), "dash", None)
    named = all(unit.kind in {"name", "capital"} for unit in rest[:end])
    if not named and rest[-1].text in SENTENCE_ENDS:
        return None
    kind = "words" if named else "described"
    return _as_found(Who(start=rest[0].start, end=rest[end - 1].end, kind=kind), "dash", None)


def _at_the_end(clause: Clause) -> Attribution | None:
    """Return who speaks at the end of a sentence that goes on after a quotation: `at work, Smith said`."""
    units = clause.units
    last = len(units) - 1
    while last > 0 and (units[last].kind == "mark" or units[last].low in clause.words.between):
        last -= 1
    if last < LEAST_TAIL:
        return None
    if units[last].kind != "cue":
        return _named_at_the_end(clause)
    who = subject_before(clause, last)
    if who is None or who.kind == "thing":
        return None
    before = next((place for place, unit in enumerate(units) if unit.start == who.start), 0)
    return _as_found(who, "after", units[last]) if before > 0 and units[before - 1].text == "," else None


def _named_at_the_end(clause: Clause) -> Attribution | None:
    """Return the person behind a verb that a comma parts from what goes on: `at work, said Mary Smith`."""
    for index, unit in enumerate(clause.units[1:-1], start=1):
        if unit.kind == "cue" and clause.units[index - 1].text == "," and clause.units[index + 1].is_person:
            return _as_found(of_unit(clause.units[index + 1]), "inverted", unit)
    return None


def _quotes(units: Sequence[Unit], index: int) -> bool:
    """Tell whether a verb is that of `quoted somebody as saying`."""
    return units[index].low in QUOTING and any(
        unit.low == "saying" for unit in units[index + 1 : index + FARTHEST_CUE]
    )


def _resumes(clause: Clause) -> bool:
    """Tell whether the words after a quotation only go on with its sentence."""
    low = clause.low(0)
    return low in RESUMING or (low in clause.words.prepositions and low not in clause.words.by)


def _agent(clause: Clause, index: int) -> Attribution | None:
    """Return by whom something is called so: `was described by Smith as`."""
    for place in range(index + 1, len(clause.units)):
        if clause.low(place) in clause.words.by:
            who = subject_after(clause, place)
            named = who is not None and who.kind in {"name", "description"}
            return _as_found(who, "by", clause.units[index]) if who and named else None
    return None


def _labels(source: Source, clause: Clause, who: Who) -> bool:
    """Tell whether somebody calls something so, as in no `film called`, `a user labelled`."""
    first = source.text[who.start : who.end].partition(" ")[0].lower()
    if first in SELF_NAMING:
        return False
    if who.kind == "thing":
        return any(unit.low == "what" for unit in clause.units)
    return who.kind != "description" or first not in INDEFINITE


def _according(clause: Clause) -> Attribution | None:
    """Return the speaker of `according to` and its like, where the sentence has it."""
    for index, unit in enumerate(clause.units):
        start = index
        if unit.low == "words" and (whose := _whose_words(clause, index)):
            return _as_found(whose, "according", unit)
        if unit.low == "words" and clause.low(index + 1) == "of":
            start += 1
        elif unit.low not in clause.words.according:
            continue
        elif unit.low == "according" and clause.low(index + 1) == "to":
            start += 1
        who = subject_after(clause, start)
        sure = {"name", "pronoun", "description"} | (set() if clause.words is ENGLISH else {"words"})
        if who is not None and who.kind in sure:
            return _as_found(who, "according", unit)
        if (whose := _whose_writing(clause, start + 1)) is not None:
            return _as_found(whose, "according", unit)
    return None


def _whose_writing(clause: Clause, start: int) -> Who | None:
    """Return the name behind `a statement from`, or any other writing, that begins at a place."""
    units = clause.units
    for place in range(start + 1, min(len(units) - 1, start + LONGEST_WRITING)):
        if units[place].kind in {"mark", "cue", "pronoun"} and units[place].low not in SPEAKING:
            return None
        if clause.low(place) in {"from", "by"} and clause.low(place - 1) in SPEAKING:
            behind = place + 1 + (clause.low(place + 1) in clause.words.determiners)
            named = behind < len(units) and units[behind].mention is not None
            return of_unit(units[behind]) if named else None
    return None


def _whose_words(clause: Clause, index: int) -> Who | None:
    """Return in whose words something is said: `in her own words`, `in Smith's words`."""
    owner = index - (2 if clause.low(index - 1) == "own" else 1)
    if clause.low(owner) in OWNERS and clause.low(owner - 1) == "in":
        unit = clause.units[owner]
        return Who(start=unit.start, end=unit.end, kind="pronoun")
    named = owner > 1 and clause.low(owner) in OWNING and clause.low(owner - 2) == "in"
    return of_unit(clause.units[owner - 1]) if named and clause.units[owner - 1].mention else None


def _as_found(who: Who, rule: str, cue: Unit | None) -> Attribution:
    return Attribution(
        start=who.start,
        end=who.end,
        kind=who.kind,
        rule=rule,
        cue=cue.text if cue else None,
        mention=who.mention,
    )
