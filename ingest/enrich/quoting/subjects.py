"""Finds who a verb of saying is about: names, pronouns and descriptions before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.quoting.cue_words import (
    ADDRESSING,
    CALENDAR,
    COMPLETED,
    CONJUNCTIONS,
    ENGLISH,
    LABELLED,
    LEADING,
    ROLES,
    SPEAKING,
    WEEKDAY,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.enrich.quoting.cue_words import CueWords
    from ingest.enrich.quoting.phrases import Unit
    from ingest.model import Mention

LONGEST_NOUN_PHRASE = 9
LONGEST_PREMODIFIER = 4
SHORTEST_ADVERB = 5
LEAST_NAME = 2
# Stands among the units where another quotation stands in the text.
QUOTED = "“”"
BREAKS = frozenset((",", "(", "—", "–", "-"))
OWNING = frozenset(("'s", "’s"))
POSSESSIVES = frozenset(("her", "his", "its", "their", "our", "my"))
JOINING = frozenset(("and", "but", "or", "und", "et", "y"))
LINKING = frozenset(
    (
        *("of", "for", "de", "von", "du", "des", "d", "del", "dell", "della", "dei", "degli", "delle", "di"),
        *("do", "da", "dos", "das", "van", "för"),
    )
)
PLACING = frozenset(("at", "in", "from", "with"))
QUOTING = frozenset(("quoted", "quotes", "quoting", "cited", "cites", "citing"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """Words for who speaks; `kind` is name, pronoun, description, described, words, thing or implied.

    Of a description the one it means may be looked for; who is `described` so has no other name.
    """

    start: int
    end: int
    kind: str
    mention: Mention | None = None


def of_unit(unit: Unit) -> Who:
    """Return a unit as the one who speaks."""
    return Who(
        start=unit.start,
        end=unit.end,
        kind="words" if unit.kind == "capital" else unit.kind,
        mention=unit.mention,
    )


@dataclass(frozen=True, kw_only=True)
class Clause:
    """The units on one side of a quotation, and the words of their language."""

    units: Sequence[Unit]
    words: CueWords

    def low(self, place: int) -> str:
        """Return the word at a place in small letters; empty where there is none."""
        return self.units[place].low if 0 <= place < len(self.units) else ""

    def is_verb(self, place: int) -> bool:
        """Tell whether a cue word is no noun here: `the reports`, `its claims`."""
        unit, words = self.units[place], self.words
        if unit.low == "read":
            return self.low(place + 1) in {",", ":", "."}
        if unit.low in COMPLETED:
            return self.low(place + 1) == COMPLETED[unit.low]
        if unit.text[0].isupper() and place > 0 and self.units[place - 1].kind != "mark":
            return False
        if unit.low not in words.also_nouns or place == 0:
            return True
        before = self.units[place - 1]
        if before.kind in {"name", "pronoun", "mark", "capital"} or before.low in words.between | ROLES:
            return before.text not in OWNING
        if before.low in words.determiners | words.prepositions:
            return False
        named = self.low(place - 2) in POSSESSIVES | OWNING
        return not named and self.low(place + 1) in {",", ":", "that", ".", ""}

    def is_passive(self, place: int) -> bool:
        """Tell whether a verb says what somebody is called or was told."""
        if self._only_names(place):
            return True
        if not self.units[place].low.endswith(("ed", "t", "d", "n")):
            return False
        place -= 1
        while self.low(place) in self.words.between - self.words.passive or self.low(place).endswith("ly"):
            place -= 1
        return self.low(place) in self.words.passive

    def _only_names(self, place: int) -> bool:
        """Tell whether a verb only tells a name, as in `a thing called "…"` and `(referred to as "…")`.

        One that tells what somebody says has words between it and the quotation, or right before it
        a name, a pronoun or a role.
        """
        if place == 0 or self.units[place].low not in LABELLED:
            return False
        end = place + 1
        while self.low(end) in {"to", "as"}:
            end += 1
        before = self.units[place - 1]
        noun = before.kind == "word" and before.low not in self.words.between | ROLES
        acronyms = before.kind == "capital" and before.text.endswith("s") and before.text[:-1].isupper()
        return self.low(end) in {"", QUOTED} and (noun or acronyms or before.text in {"(", ","})

    def after_preposition(self, place: int) -> bool:
        """Tell whether a name belongs to a preposition, as NASA in `the head of NASA said`."""
        while place > 0 and self.units[place - 1].kind in {"name", "capital"}:
            if self.units[place - 1].text.endswith(".") or self.units[place - 1].text in CALENDAR:
                return False
            place -= 1
        if self.low(place - 1) in self.words.determiners:
            place -= 1
        return self.low(place - 1) in self.words.prepositions


def subject_after(clause: Clause, index: int) -> Who | None:
    """Return who stands right after a verb: a name, a pronoun, or words with a name among them."""
    units, words = clause.units, clause.words
    begun = _behind(clause, index)
    if begun >= len(units):
        return None
    first = units[begun]
    if first.kind == "pronoun":
        return of_unit(first)
    if first.kind in {"mark", "cue"} or first.low in words.prepositions | {"that"}:
        return None
    inside = False
    place = begun
    for place in range(begun, min(len(units), begun + LONGEST_NOUN_PHRASE)):
        unit = units[place]
        if unit.kind == "name":
            if _is_subject(clause, place, inside=inside):
                return of_unit(unit)
        elif unit.text == ",":
            return named_at(units, place + 1) or _described(clause, begun, place)
        elif not _goes_on(clause, begun, place):
            return _described(clause, begun, place)
        else:
            inside = inside or unit.low in words.prepositions
    return _described(clause, begun, place + 1)


def _behind(clause: Clause, index: int) -> int:
    """Return where the words behind a verb begin; at the end where they are whom something is told."""
    if clause.low(index) in ADDRESSING:
        return len(clause.units)
    begun = index + (2 if clause.low(index) in COMPLETED else 1)
    while clause.low(begun) in clause.words.between - clause.words.passive or clause.low(begun) == "-":
        begun += 1
    begun = _after_day(clause, begun)
    return begun + next((len(each) for each in clause.words.aside if _says(clause, begun, each)), 0)


def _after_day(clause: Clause, begun: int) -> int:
    """Return where the words behind a day begin: `sagte am Dienstag`, `сказал в среду`."""
    if clause.low(begun) in clause.words.prepositions and WEEKDAY.match(clause.low(begun + 1)):
        return begun + 2
    return begun


def _says(clause: Clause, begun: int, phrase: tuple[str, ...]) -> bool:
    return tuple(clause.low(begun + place) for place in range(len(phrase))) == phrase


def _is_subject(clause: Clause, place: int, *, inside: bool) -> bool:
    """Tell whether a name after a verb is its subject, not a part of `NASA's head John Smith`."""
    unit = clause.units[place]
    if clause.low(place + 1) in OWNING:
        return False
    if inside:
        return unit.is_person and clause.units[place - 1].kind in {"name", "capital"}
    return unit.is_person or not _premodifies(clause, place + 1)


def _goes_on(clause: Clause, begun: int, place: int) -> bool:
    """Tell whether the words for a speaker go on at a place: not with a verb or a new clause."""
    unit = clause.units[place]
    if unit.kind == "mark":
        return unit.text in OWNING | {"-", "."}
    described = any(each.low in ROLES for each in clause.units[begun:place])
    if unit.low == "and":
        return clause.low(place + 1) in ROLES and clause.low(place - 1) in ROLES
    if unit.low in clause.words.prepositions:
        return unit.low in LINKING or (unit.low in PLACING and described)
    return unit.kind != "cue" and unit.low not in {"who", "that", "as", "while"}


def _premodifies(clause: Clause, place: int) -> bool:
    """Tell whether a name before this place only begins words like `NASA administrator John Smith`."""
    for following in clause.units[place : place + LONGEST_PREMODIFIER]:
        if following.is_person or (following.low in ROLES and following is clause.units[place]):
            return True
        if following.kind not in {"word", "capital"} or following.low in clause.words.prepositions:
            return False
    return False


def _described(clause: Clause, start: int, end: int) -> Who | None:
    """Return words that describe somebody, if they are about a person or a capitalised name."""
    units, words = clause.units, clause.words
    while end > start and (
        units[end - 1].kind == "mark"
        or units[end - 1].low in words.prepositions
        or (_is_adverb(units[end - 1]) and end - start > 1)
    ):
        end -= 1
    if end <= start:
        return None
    first, last = units[start], units[end - 1]
    if any(unit.low in ROLES for unit in units[start:end]):
        return Who(start=first.start, end=last.end, kind="description")
    if first.kind == "capital":
        run = start + 1
        while run < end and units[run].kind in {"capital", "name"}:
            run += 1
        return Who(start=first.start, end=units[run - 1].end, kind="words")
    if first.mention is not None:
        return of_unit(first)
    short = 1 < end - start <= LONGEST_NOUN_PHRASE and last.low not in CONJUNCTIONS | words.between
    return (
        Who(start=first.start, end=last.end, kind="thing")
        if short and first.low in words.determiners
        else None
    )


def _is_adverb(unit: Unit) -> bool:
    return unit.kind == "word" and unit.text.endswith("ly") and len(unit.text) >= SHORTEST_ADVERB


def subject_before(clause: Clause, index: int) -> Who | None:
    """Return the subject of the verb at `index`, from the words before it."""
    units, words = clause.units, clause.words
    verb = units[index].low
    if verb == "saying" and clause.low(index - 1) == "as":
        return _quoted(clause, index - 1)
    if verb.endswith("ing"):
        return _subject_of_participle(clause, index)
    place = index - 1
    while place >= 0 and (
        units[place].low in words.between or _is_adverb(units[place]) or _leads(clause, place)
    ):
        place -= 1
    if place < 0:
        return None
    unit = units[place]
    if unit.low == "who":
        return _before_insertion(clause, place) or noun_phrase_before(clause, place)
    if unit.kind == "pronoun":
        return of_unit(unit)
    if unit.low in JOINING or unit.kind == "cue":
        return clause_subject(clause, place)
    if unit.text in BREAKS or unit.text == ")":
        return _before_insertion(clause, place) or clause_subject(clause, place)
    return noun_phrase_before(clause, place + 1)


def _leads(clause: Clause, place: int) -> bool:
    """Tell whether a verb only leads to the one of saying: `Smith likes to say`."""
    return clause.low(place) in LEADING and clause.low(place + 1) == "to"


def _subject_of_participle(clause: Clause, index: int) -> Who | None:
    """Return who is `saying`: the words right before, or the subject of the clause it depends on."""
    if index > 0 and clause.units[index - 1].kind in {"word", "capital", "name"}:
        who = noun_phrase_before(clause, index)
        if who is not None and who.kind != "thing":
            return who
        subject = clause_subject(clause, index)
        # What she explained says nothing; a report that she cites does.
        explains = subject is not None and subject.mention is not None and subject.mention.kind == "PERSON"
        speaks = SPEAKING & {unit.low for unit in clause.units[:index]}
        return subject if explains and not speaks else who or subject
    return clause_subject(clause, index)


def _quoted(clause: Clause, end: int) -> Who | None:
    """Return who is quoted, as in `Reuters quoted Smith as saying` or `Smith was quoted as saying`."""
    for place in range(end - 1, -1, -1):
        if clause.units[place].low in QUOTING:
            if clause.is_passive(place) or place + 1 == end:
                return subject_before(clause, place)
            return subject_after(Clause(units=clause.units[:end], words=clause.words), place)
    return None


def _before_insertion(clause: Clause, close: int) -> Who | None:
    """Return whom an insertion that ends at `close` is about: `Smith, the director of NASA,`."""
    units, words = clause.units, clause.words
    other: Who | None = None
    for place in range(close - 1, -1, -1):
        unit = units[place]
        if unit.text == QUOTED:
            break
        if units[place + 1].text not in BREAKS or (place + 1 == close and unit.kind != "name"):
            continue
        if unit.low in words.he | words.she:
            return of_unit(unit)
        if unit.kind != "name" and (named := _named_before(units, place + 1)):
            return named
        if unit.kind == "capital" and (place == 0 or units[place - 1].kind == "mark"):
            return of_unit(unit)
        if unit.kind == "name" and not clause.after_preposition(place):
            if unit.is_person:
                return of_unit(unit)
            other = other or of_unit(unit)
    return other


def named_at(units: Sequence[Unit], place: int) -> Who | None:
    """Return the person or the two or more capitalised words that begin at a place."""
    end = place
    while end < len(units) and units[end].kind == "capital":
        end += 1
    if end - place >= LEAST_NAME:
        return Who(start=units[place].start, end=units[end - 1].end, kind="words")
    return of_unit(units[place]) if place < len(units) and units[place].is_person else None


def _named_before(units: Sequence[Unit], end: int) -> Who | None:
    """Return the person or the two or more capitalised words that end before a place."""
    start = end
    while start > 0 and units[start - 1].kind == "capital":
        start -= 1
    if end - start >= LEAST_NAME:
        return Who(start=units[start].start, end=units[end - 1].end, kind="words")
    return of_unit(units[end - 1]) if end > 0 and units[end - 1].is_person else None


def clause_subject(clause: Clause, end: int) -> Who | None:
    """Return the first that may be a subject: for `Smith visited Rome and said`."""
    units = clause.units
    for place in range(1, end):
        if units[place].kind == "cue" and clause.is_verb(place) and not units[place].low.endswith("ing"):
            return subject_before(clause, place)
    other: Who | None = None
    for place in range(end):
        unit = units[place]
        if unit.kind == "pronoun" and unit.low not in {"you", "it", "who"}:
            return of_unit(unit)
        if (
            unit.kind == "name"
            and not clause.after_preposition(place)
            and clause.low(place + 1) not in OWNING
        ):
            if unit.is_person:
                return of_unit(unit)
            other = other or of_unit(unit)
    if other is not None:
        return other
    role = next((place for place in range(end) if units[place].low in ROLES), None)
    return noun_phrase_before(clause, role + 1) if role is not None else None


def noun_phrase_before(clause: Clause, end: int) -> Who | None:
    """Return the name or description that ends right before `end`; an insertion in brackets is left out."""
    units, words = clause.units, clause.words
    end = _before_brackets(units, end)
    if end <= 0 or units[end - 1].kind in {"mark", "cue"}:
        return None
    last = units[end - 1]
    if last.kind == "capital" and words is not ENGLISH and clause.after_preposition(end - 1):
        return of_unit(units[0]) if units[0].kind == "capital" else clause_subject(clause, end)
    if last.kind == "pronoun" or (last.kind == "name" and not clause.after_preposition(end - 1)):
        return of_unit(last)
    start = _phrase_start(clause, end)
    bearer = units[start]
    if bearer.is_person and start + 1 < end and units[start + 1].low in words.prepositions:
        return of_unit(bearer)
    while start < end and (
        units[start].kind == "mark" or units[start].low in words.prepositions | CONJUNCTIONS
    ):
        start += 1
    if 1 < start < end and units[start - 1].text == "," and (apposed := _named_before(units, start - 1)):
        return apposed
    name = end
    while name > start and units[name - 1].kind == "capital":
        name -= 1
    if start < name < end:
        return Who(start=units[name].start, end=last.end, kind="words")
    return _described(clause, start, end)


def _before_brackets(units: Sequence[Unit], end: int) -> int:
    """Return where the words before `(NASA)` end."""
    if end > 0 and units[end - 1].text == ")":
        return next((place for place in range(end - 1, -1, -1) if units[place].text == "("), 0)
    return end


def _phrase_start(clause: Clause, end: int) -> int:
    """Return where the words that end before `end` begin: after a verb, a mark or a date."""
    units, words = clause.units, clause.words
    start = end - 1
    while start > 0 and end - start < LONGEST_NOUN_PHRASE:
        before = units[start - 1]
        if before.is_person and units[start].low in words.prepositions:
            return start - 1
        if before.text not in OWNING | {"-", "/"} and before.kind != "name":
            if before.kind in {"mark", "cue", "pronoun"} or before.low in words.between:
                break
            if before.text in CALENDAR:
                break
        start -= 1
    return start
