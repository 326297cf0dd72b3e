"""Reads the words around a quotation: the cue, and the words that say who speaks.

Rules over short stretches of text, a few hundred characters on either side. What a pronoun or a
description stands for is decided in `speakers.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.cue_words import ABBREVIATIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.enrich.cue_words import CueWords
    from ingest.model import Mention

WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sen|Rep|Gov|St|Rev|Capt|Sgt|Jr|Sr)\.|\w+(?:[-‐]\w+|['’](?!s\b)\w+)*|['’]s\b|\.\.\.|[^\w\s]"
)
NOT_ENDING = re.compile(r"(?:\b[^\W\d_]|\b(?:" + "|".join(sorted(map(re.escape, ABBREVIATIONS))) + r"))$", re.IGNORECASE)
ENDING = re.compile(r"[.!?…]+[\"“”»«)’'\]]*(?=\s|$)")
LONGEST_BEFORE = 500
LONGEST_AFTER = 400
FARTHEST_CUE = 16
LONGEST_NOUN_PHRASE = 9
LONGEST_ADVERB = 4
POSSESSIVES = frozenset(("her", "his", "its", "their", "our", "my", "'s", "’s"))
SELF_NAMING = frozenset(("you", "we", "i", "one"))
LEAST_NAME = 2
QUOTED = "“”"
CONJUNCTIONS = frozenset(
    ("and", "but", "as", "while", "that", "when", "whereas", "although", "though", "since", "because", "if", "however", "or", "so", "yet", "meanwhile", "what", "which")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """A name, a word or a mark; `kind` is name, pronoun, cue, word, capital or mark."""

    start: int
    end: int
    text: str
    kind: str
    mention: Mention | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Who speaks as the text has it: words, what they are, and the rule that found them."""

    start: int
    end: int
    kind: str
    rule: str
    cue: str | None
    mention: Mention | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """A text with what is known of it; mentions are in order."""

    text: str
    mentions: Sequence[Mention]
    words: CueWords

    def units(self, start: int, end: int) -> list[Unit]:
        """Return the units of a stretch; a mention is one of them."""
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
                Unit(start=mention.start, end=mention.end, text=mention.surface, kind="name", mention=mention)
            )
            place = mention.end
        return [*found, *self._plain(place, end)]

    def _plain(self, start: int, end: int) -> list[Unit]:
        return [
            Unit(start=match.start(), end=match.end(), text=match[0], kind=self._kind(match[0]))
            for match in WORD.finditer(self.text, start, end)
        ]

    def _kind(self, word: str) -> str:
        low = word.lower()
        if low in self.words.he or low in self.words.she or (low in self.words.others and word != "US"):
            return "pronoun"
        if low in self.words.cues or low in self.words.labels:
            return "cue"
        if not word[0].isalnum() and word[0] not in "'’":
            return "mark"
        return "capital" if word[0].isupper() and low not in self.words.determiners else "word"


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
    return NOT_ENDING.search(text, max(start, match.start() - 6), match.start()) is not None


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
        if unit.kind != "cue" or not _is_verb(units, index, words):
            continue
        passive = _passive(units, index, words)
        if passive and unit.text.lower() in words.labels:
            return _agent(source, units, index)
        who = None if passive or _leads(units, index) else _subject_before(source, units, index)
        if who is not None and unit.text.lower() in words.labels and not _labels(source, units, who):
            return None
        if who is None and not passive and (colon or _leads(units, index)):
            who = _subject_after(source, units, index)
        if who is not None:
            return _attribution(who, "before", unit)
    if colon:
        who = _noun_phrase_before(source, units, len(units) - 1)
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
            return _attribution(_of_unit(rest[0]), "dash", None)
    if found := _according(source, units):
        return found
    if units[0].text.lower() in words.by and len(units) > 1:
        who = _subject_after(source, units, 0)
        return _attribution(who, "by", None) if who and who.kind in {"name", "description"} else None
    for index, unit in enumerate(units[:FARTHEST_CUE]):
        if unit.kind != "cue" or not _is_verb(units, index, words):
            if unit.text in {":", ";"} or (index == 0 and _goes_on(unit, words)):
                return None
            continue
        who = _subject_before(source, units, index) if index else None
        rule = "after"
        if who is None and (index == 0 or all(each.text in words.between or each.text == "-" for each in units[:index])):
            who = _subject_after(source, units, index)
            rule = "inverted"
            if who is None and words.drops_subject:
                who = _Who(start=unit.start, end=unit.start, kind="implied")
        if who is not None:
            return _attribution(who, rule, unit)
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Who:
    start: int
    end: int
    kind: str
    mention: Mention | None = None


def _attribution(who: _Who, rule: str, cue: Unit | None) -> Attribution:
    return Attribution(
        start=who.start,
        end=who.end,
        kind=who.kind,
        rule=rule,
        cue=cue.text if cue else None,
        mention=who.mention,
    )


def _of_unit(unit: Unit) -> _Who:
    kind = {"capital": "words"}.get(unit.kind, unit.kind)
    return _Who(start=unit.start, end=unit.end, kind=kind, mention=unit.mention)


def _agent(source: Source, units: list[Unit], index: int) -> Attribution | None:
    """Return by whom something is called so: `was described by Smith as`."""
    for place in range(index + 1, len(units)):
        if units[place].text.lower() in source.words.by:
            who = _subject_after(source, units, place)
            return _attribution(who, "by", units[index]) if who and who.kind in {"name", "description"} else None
    return None


def _leads(units: list[Unit], index: int) -> bool:
    """Tell whether a verb begins its stretch, as `said` does after a quotation."""
    while index > 0 and units[index - 1].text in {",", ";"}:
        index -= 1
    return index == 0 or units[index - 1].text == QUOTED


def _labels(source: Source, units: list[Unit], who: _Who) -> bool:
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


def _is_verb(units: list[Unit], index: int, words: CueWords) -> bool:
    """Tell whether a cue word is no noun here: `the reports`, `its claims`."""
    low = units[index].text.lower()
    if low in {"read", "reads"}:
        return index + 1 < len(units) and units[index + 1].text in {",", ":", "."}
    if units[index].text[0].isupper() and index > 0 and units[index - 1].kind != "mark":
        return False
    if low not in words.also_nouns:
        return True
    if index == 0:
        return True
    before = units[index - 1]
    if before.kind in {"name", "pronoun", "mark", "capital"} or before.text.lower() in words.between | ROLES:
        return before.text not in {"'s", "’s"}
    if before.text.lower() in words.determiners | words.prepositions:
        return False
    earlier = units[index - 2].text.lower() if index > 1 else ""
    following = units[index + 1].text.lower() if index + 1 < len(units) else ","
    return earlier not in POSSESSIVES and following in {",", ":", "that", "."}


def _passive(units: list[Unit], index: int, words: CueWords) -> bool:
    """Tell whether a verb says what somebody is called or was told."""
    low = units[index].text.lower()
    if low.endswith("ing") or not low.endswith(("ed", "t", "d", "n")):
        return False
    place = index - 1
    while place >= 0 and (units[place].text.lower() in words.between or units[place].text.lower().endswith("ly")):
        if units[place].text.lower() in words.passive:
            return True
        place -= 1
    return place >= 0 and units[place].text.lower() in words.passive


def _according(source: Source, units: list[Unit]) -> Attribution | None:
    """Return the speaker of `according to` and its like, where the sentence has it."""
    words = source.words
    for index, unit in enumerate(units):
        low = unit.text.lower()
        if low == "words" and units[index + 1 : index + 2] and units[index + 1].text.lower() == "of":
            who = _subject_after(source, units, index + 1)
            return _attribution(who, "according", unit) if who else None
        if low not in words.according:
            continue
        start = index + 1
        if low == "according" and units[start : start + 1] and units[start].text.lower() == "to":
            start += 1
        who = _subject_after(source, units, start - 1)
        if who is not None and who.kind in {"name", "pronoun", "description"}:
            return _attribution(who, "according", unit)
    return None


def _subject_after(source: Source, units: list[Unit], index: int) -> _Who | None:
    """Return who stands right after a verb: a name, a pronoun, or words with a name among them."""
    words = source.words
    begun = index + 1
    while begun < len(units) and units[begun].text.lower() in words.between - words.passive:
        begun += 1
    if begun >= len(units):
        return None
    first = units[begun]
    if first.kind == "pronoun":
        return _of_unit(first)
    if first.kind in {"mark", "cue"} or first.text.lower() in words.prepositions or first.text.lower() == "that":
        return None
    place = begun
    inside = False
    while place < len(units) and place - begun < LONGEST_NOUN_PHRASE:
        unit = units[place]
        low = unit.text.lower()
        following = units[place + 1].text if place + 1 < len(units) else ""
        if unit.kind == "name":
            possessed = following in {"'s", "’s"}
            described = not inside and unit.mention is not None and unit.mention.kind != "PERSON" and _in_phrase(units, place + 1, words)
            if not inside and not possessed and not described:
                return _of_unit(unit)
        elif low in words.prepositions or unit.kind == "cue" or low in {"who", "that", "as", "and", "while"}:
            if low not in {"of", "for", "de", "von", "du"} and not (
                low in {"at", "in", "from", "with"} and begun < place and any(each.text.lower() in ROLES for each in units[begun:place])
            ):
                break
            inside = True
        elif unit.text == ",":
            return _named_at(units, place + 1) or _described(units, begun, place, words)
        elif unit.kind == "mark" and unit.text not in {"'s", "’s", "-", "."}:
            break
        place += 1
    return _described(units, begun, place, words)


def _in_phrase(units: list[Unit], place: int, words: CueWords) -> bool:
    """Tell whether a name is only the beginning of words like `NASA administrator John Smith`."""
    if place >= len(units) or units[place].kind not in {"word", "capital", "name"}:
        return False
    return units[place].text.lower() in ROLES or any(
        units[each].kind == "name" and units[each].mention is not None and units[each].mention.kind == "PERSON"  # type: ignore[union-attr] # asked before
        for each in range(place, min(place + 4, len(units)))
        if all(units[between].kind in {"word", "capital"} and units[between].text.lower() not in words.prepositions for between in range(place, each))
    )


def _described(units: list[Unit], start: int, end: int, words: CueWords) -> _Who | None:
    """Return words that describe somebody, if they are about a person or a capitalised name."""
    while end > start and (
        units[end - 1].kind == "mark"
        or units[end - 1].text.lower() in words.prepositions
        or (units[end - 1].kind == "word" and units[end - 1].text.endswith("ly") and end - start > 1)
    ):
        end -= 1
    if end <= start:
        return None
    phrase = units[start:end]
    if any(unit.text.lower() in ROLES for unit in phrase):
        return _Who(start=phrase[0].start, end=phrase[-1].end, kind="description")
    if phrase[0].kind == "capital":
        run = 1
        while run < len(phrase) and phrase[run].kind in {"capital", "name"}:
            run += 1
        return _Who(start=phrase[0].start, end=phrase[run - 1].end, kind="words")
    if phrase[0].kind == "name" and phrase[0].mention is not None:
        return _of_unit(phrase[0])
    if phrase[-1].text.lower() in CONJUNCTIONS | words.between:
        return None
    if len(phrase) > 1 and phrase[0].text.lower() in words.determiners and len(phrase) <= LONGEST_NOUN_PHRASE:
        return _Who(start=phrase[0].start, end=phrase[-1].end, kind="thing")
    return None


def _subject_before(source: Source, units: list[Unit], index: int) -> _Who | None:
    """Return the subject of the verb at `index`, from the words before it."""
    words = source.words
    place = index - 1
    if units[index].text.lower().endswith("ing"):
        beside = place >= 0 and units[place].kind in {"word", "capital", "name"}
        who = _noun_phrase_before(source, units, index) if beside else None
        if who is not None and (who.kind != "thing" or _determined(source, who)):
            return who
        return _clause_subject(source, units, index)
    while place >= 0 and (
        units[place].text.lower() in words.between
        or (units[place].text.endswith("ly") and len(units[place].text) > LONGEST_ADVERB and units[place].kind == "word")
    ):
        place -= 1
    if place < 0:
        return None
    unit = units[place]
    low = unit.text.lower()
    if low == "who":
        return _before_comma(source, units, place) or _noun_phrase_before(source, units, place)
    if unit.kind == "pronoun":
        return _of_unit(unit)
    if low in {"and", "but", "or", "und", "et", "y"} or unit.kind == "cue":
        return _clause_subject(source, units, place)
    if unit.text in {",", ")", "—", "–", "-"}:
        return _before_comma(source, units, place) or _clause_subject(source, units, place)
    return _noun_phrase_before(source, units, place + 1)


def _before_comma(source: Source, units: list[Unit], close: int) -> _Who | None:
    """Return whom an insertion that ends at `close` is about: `Smith, the director of NASA,`."""
    best: _Who | None = None
    for place in range(close - 1, -1, -1):
        unit = units[place]
        if unit.text == QUOTED:
            break
        if place + 1 > close or units[place + 1].text not in {",", "(", "—", "–", "-"} or (place + 1 == close and units[close].text != "who" and best is None and place > 0 and units[place].kind != "name"):
            continue
        if unit.kind == "name" and not _after_preposition(units, place, source.words):
            if unit.mention is not None and unit.mention.kind == "PERSON":
                return _of_unit(unit)
            best = best or _of_unit(unit)
        elif unit.kind == "pronoun" and unit.text.lower() in source.words.he | source.words.she:
            return _of_unit(unit)
        elif named := _named_before(units, place + 1):
            return named
    return best


def _named_at(units: list[Unit], place: int) -> _Who | None:
    """Return the person or the two or more capitalised words that begin at a place."""
    if place >= len(units):
        return None
    mention = units[place].mention
    if mention is not None:
        return _of_unit(units[place]) if mention.kind == "PERSON" else None
    end = place
    while end < len(units) and units[end].kind == "capital":
        end += 1
    if end - place < LEAST_NAME:
        return None
    return _Who(start=units[place].start, end=units[end - 1].end, kind="words")


def _named_before(units: list[Unit], end: int) -> _Who | None:
    """Return the person or the two or more capitalised words that end before a place."""
    if end <= 0:
        return None
    mention = units[end - 1].mention
    if mention is not None:
        return _of_unit(units[end - 1]) if mention.kind == "PERSON" else None
    start = end
    while start > 0 and units[start - 1].kind == "capital":
        start -= 1
    if end - start < LEAST_NAME:
        return None
    return _Who(start=units[start].start, end=units[end - 1].end, kind="words")


def _clause_subject(source: Source, units: list[Unit], end: int) -> _Who | None:
    """Return the first that may be a subject: for `Smith visited Rome and said`."""
    words = source.words
    for place in range(1, end):
        if units[place].kind == "cue" and _is_verb(units, place, words) and not units[place].text.endswith("ing"):
            return _subject_before(source, units, place)
    other: _Who | None = None
    for place in range(end):
        unit = units[place]
        if unit.kind == "pronoun" and unit.text.lower() not in {"you", "it", "who"}:
            return _of_unit(unit)
        if unit.kind == "name" and not _after_preposition(units, place, words):
            following = units[place + 1].text if place + 1 < len(units) else ""
            if following in {"'s", "’s"}:
                continue
            if unit.mention is not None and unit.mention.kind == "PERSON":
                return _of_unit(unit)
            other = other or _of_unit(unit)
    if other is not None:
        return other
    roles = [place for place in range(end) if units[place].text.lower() in ROLES]
    return _noun_phrase_before(source, units, roles[0] + 1) if roles else None


def _determined(source: Source, who: _Who) -> bool:
    """Tell whether words begin as `a message` does."""
    return source.text[who.start : who.end].partition(" ")[0].lower() in source.words.determiners


def _after_preposition(units: list[Unit], place: int, words: CueWords) -> bool:
    while place > 0 and units[place - 1].kind in {"name", "capital"}:
        if units[place - 1].text.endswith("."):
            return False
        place -= 1
    before = units[place - 1].text.lower() if place else ""
    if before in words.determiners and place > 1:
        before = units[place - 2].text.lower()
    return before in words.prepositions


def _noun_phrase_before(source: Source, units: list[Unit], end: int) -> _Who | None:
    """Return the name or description that ends right before `end`."""
    words = source.words
    place = end - 1
    if place < 0:
        return None
    if units[place].text == ")":
        while place >= 0 and units[place].text != "(":
            place -= 1
        place -= 1
        if place < 0:
            return None
        end = place + 1
    if units[place].kind == "pronoun":
        return _of_unit(units[place])
    if units[place].kind == "name" and not _after_preposition(units, place, words):
        return _of_unit(units[place])
    if units[place].kind == "mark" or units[place].kind == "cue":
        return None
    start = place
    while start > 0 and end - start < LONGEST_NOUN_PHRASE:
        before = units[start - 1]
        low = before.text.lower()
        if before.text in {"'s", "’s", "-", "/"} or before.kind == "name":
            start -= 1
            if (
                before.mention is not None
                and before.mention.kind == "PERSON"
                and units[start + 1].text.lower() in words.prepositions
            ):
                return _of_unit(before)
            continue
        if before.kind in {"mark", "cue", "pronoun"} or low in words.between:
            break
        if low in words.prepositions and low not in {"of", "for", "at", "from", "in", "with", "de", "von", "du"}:
            break
        start -= 1
    while start < end and (
        units[start].text.lower() in words.prepositions | CONJUNCTIONS or units[start].kind == "mark"
    ):
        start += 1
    if start > 1 and units[start - 1].text == "," and start < end and (apposed := _named_before(units, start - 1)):
        return apposed
    last = end
    while last > start and units[last - 1].kind == "capital":
        last -= 1
    if last < end and last > start:
        return _Who(start=units[last].start, end=units[end - 1].end, kind="words")
    return _described(units, start, end, words)
