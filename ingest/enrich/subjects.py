"""Finds who a verb of saying is about: names, pronouns and descriptions before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.enrich.cue_words import ROLES

if TYPE_CHECKING:
    from ingest.enrich.cue_words import CueWords
    from ingest.enrich.phrases import Source, Unit
    from ingest.model import Mention

LONGEST_NOUN_PHRASE = 9
LONGEST_ADVERB = 4
LEAST_NAME = 2
# Stands among the units where another quotation stands in the text.
QUOTED = "“”"
BREAKS = frozenset((",", "(", ")", "—", "–", "-"))
OWNING = frozenset(("'s", "’s"))
POSSESSIVES = frozenset(("her", "his", "its", "their", "our", "my", *OWNING))
LINKING = frozenset(("of", "for", "de", "von", "du"))
PLACING = frozenset(("at", "in", "from", "with"))
QUOTING = frozenset(("quoted", "quotes", "quoting", "cited", "cites", "citing"))
CALENDAR = frozenset(
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
)
CONJUNCTIONS = frozenset(
    [
        "and",
        "but",
        "as",
        "while",
        "that",
        "when",
        "whereas",
        "although",
        "though",
        "since",
        "because",
        "if",
        "however",
        "or",
        "so",
        "yet",
        "meanwhile",
        "what",
        "which",
    ]
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    start: int
    end: int
    kind: str
    mention: Mention | None = None


def of_unit(unit: Unit) -> Who:
    kind = {"capital": "words"}.get(unit.kind, unit.kind)
    return Who(start=unit.start, end=unit.end, kind=kind, mention=unit.mention)


def is_verb(units: list[Unit], index: int, words: CueWords) -> bool:
    """Tell whether a cue word is no noun here: `the reports`, `its claims`."""
    low = units[index].text.lower()
    if low == "read":
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


def is_passive(units: list[Unit], index: int, words: CueWords) -> bool:
    """Tell whether a verb says what somebody is called or was told."""
    low = units[index].text.lower()
    if low.endswith("ing") or not low.endswith(("ed", "t", "d", "n")):
        return False
    place = index - 1
    while place >= 0 and (
        units[place].text.lower() in words.between or units[place].text.lower().endswith("ly")
    ):
        if units[place].text.lower() in words.passive:
            return True
        place -= 1
    return place >= 0 and units[place].text.lower() in words.passive


def subject_after(source: Source, units: list[Unit], index: int) -> Who | None:
    """Return who stands right after a verb: a name, a pronoun, or words with a name among them."""
    words = source.words
    begun = index + 1
    while begun < len(units) and units[begun].text.lower() in words.between - words.passive:
        begun += 1
    if begun >= len(units):
        return None
    first = units[begun]
    if first.kind == "pronoun":
        return of_unit(first)
    if (
        first.kind in {"mark", "cue"}
        or first.text.lower() in words.prepositions
        or first.text.lower() == "that"
    ):
        return None
    place = begun
    inside = False
    while place < len(units) and place - begun < LONGEST_NOUN_PHRASE:
        unit = units[place]
        low = unit.text.lower()
        following = units[place + 1].text if place + 1 < len(units) else ""
        if unit.kind == "name":
            possessed = following in {"'s", "’s"}
            described = (
                not inside
                and unit.mention is not None
                and unit.mention.kind != "PERSON"
                and _in_phrase(units, place + 1, words)
            )
            person = unit.mention is not None and unit.mention.kind == "PERSON"
            beside = units[place - 1].kind in {"name", "capital"} and person
            if (not inside or beside) and not possessed and not described:
                return of_unit(unit)
        elif low == "and" and following.lower() in ROLES and units[place - 1].text.lower() in ROLES:
            pass
        elif low in words.prepositions or unit.kind == "cue" or low in {"who", "that", "as", "and", "while"}:
            if low not in {"of", "for", "de", "von", "du"} and not (
                low in {"at", "in", "from", "with"}
                and begun < place
                and any(each.text.lower() in ROLES for each in units[begun:place])
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
        units[each].kind == "name"
        and units[each].mention is not None
        and units[each].mention.kind == "PERSON"  # type: ignore[union-attr] # asked before
        for each in range(place, min(place + 4, len(units)))
        if all(
            units[between].kind in {"word", "capital"}
            and units[between].text.lower() not in words.prepositions
            for between in range(place, each)
        )
    )


def _described(units: list[Unit], start: int, end: int, words: CueWords) -> Who | None:
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
        return Who(start=phrase[0].start, end=phrase[-1].end, kind="description")
    if phrase[0].kind == "capital":
        run = 1
        while run < len(phrase) and phrase[run].kind in {"capital", "name"}:
            run += 1
        return Who(start=phrase[0].start, end=phrase[run - 1].end, kind="words")
    if phrase[0].kind == "name" and phrase[0].mention is not None:
        return of_unit(phrase[0])
    if phrase[-1].text.lower() in CONJUNCTIONS | words.between:
        return None
    if len(phrase) > 1 and phrase[0].text.lower() in words.determiners and len(phrase) <= LONGEST_NOUN_PHRASE:
        return Who(start=phrase[0].start, end=phrase[-1].end, kind="thing")
    return None


def subject_before(source: Source, units: list[Unit], index: int) -> Who | None:
    """Return the subject of the verb at `index`, from the words before it."""
    words = source.words
    place = index - 1
    if units[index].text.lower() == "saying" and place > 0 and units[place].text.lower() == "as":
        return _quoted(source, units, place)
    if units[index].text.lower().endswith("ing"):
        beside = place >= 0 and units[place].kind in {"word", "capital", "name"}
        who = noun_phrase_before(source, units, index) if beside else None
        if who is not None and (who.kind != "thing" or _determined(source, who)):
            return who
        return _clause_subject(source, units, index)
    while place >= 0 and (
        units[place].text.lower() in words.between
        or (
            units[place].text.endswith("ly")
            and len(units[place].text) > LONGEST_ADVERB
            and units[place].kind == "word"
        )
    ):
        place -= 1
    if place < 0:
        return None
    unit = units[place]
    low = unit.text.lower()
    if low == "who":
        return _before_comma(source, units, place) or noun_phrase_before(source, units, place)
    if unit.kind == "pronoun":
        return of_unit(unit)
    if low in {"and", "but", "or", "und", "et", "y"} or unit.kind == "cue":
        return _clause_subject(source, units, place)
    if unit.text in {",", ")", "—", "–", "-"}:
        return _before_comma(source, units, place) or _clause_subject(source, units, place)
    return noun_phrase_before(source, units, place + 1)


def _quoted(source: Source, units: list[Unit], end: int) -> Who | None:
    """Return who is quoted, as in `Reuters quoted Smith as saying` or `Smith was quoted as saying`."""
    for place in range(end - 1, -1, -1):
        if units[place].text.lower() in {"quoted", "quotes", "cited", "cites", "quoting", "citing"}:
            if is_passive(units, place, source.words) or place + 1 == end:
                return subject_before(source, units, place)
            return subject_after(source, units[:end], place)
    return None


def _before_comma(source: Source, units: list[Unit], close: int) -> Who | None:
    """Return whom an insertion that ends at `close` is about: `Smith, the director of NASA,`."""
    best: Who | None = None
    for place in range(close - 1, -1, -1):
        unit = units[place]
        if unit.text == QUOTED:
            break
        if (
            place + 1 > close
            or units[place + 1].text not in {",", "(", "—", "–", "-"}
            or (
                place + 1 == close
                and units[close].text != "who"
                and best is None
                and place > 0
                and units[place].kind != "name"
            )
        ):
            continue
        if unit.kind == "name" and not _after_preposition(units, place, source.words):
            if unit.mention is not None and unit.mention.kind == "PERSON":
                return of_unit(unit)
            best = best or of_unit(unit)
        elif unit.kind == "pronoun" and unit.text.lower() in source.words.he | source.words.she:
            return of_unit(unit)
        elif named := _named_before(units, place + 1):
            return named
    return best


def _named_at(units: list[Unit], place: int) -> Who | None:
    """Return the person or the two or more capitalised words that begin at a place."""
    if place >= len(units):
        return None
    mention = units[place].mention
    if mention is not None:
        return of_unit(units[place]) if mention.kind == "PERSON" else None
    end = place
    while end < len(units) and units[end].kind == "capital":
        end += 1
    if end - place < LEAST_NAME:
        return None
    return Who(start=units[place].start, end=units[end - 1].end, kind="words")


def _named_before(units: list[Unit], end: int) -> Who | None:
    """Return the person or the two or more capitalised words that end before a place."""
    if end <= 0:
        return None
    mention = units[end - 1].mention
    if mention is not None:
        return of_unit(units[end - 1]) if mention.kind == "PERSON" else None
    start = end
    while start > 0 and units[start - 1].kind == "capital":
        start -= 1
    if end - start < LEAST_NAME:
        return None
    return Who(start=units[start].start, end=units[end - 1].end, kind="words")


def _clause_subject(source: Source, units: list[Unit], end: int) -> Who | None:
    """Return the first that may be a subject: for `Smith visited Rome and said`."""
    words = source.words
    for place in range(1, end):
        if (
            units[place].kind == "cue"
            and is_verb(units, place, words)
            and not units[place].text.endswith("ing")
        ):
            return subject_before(source, units, place)
    other: Who | None = None
    for place in range(end):
        unit = units[place]
        if unit.kind == "pronoun" and unit.text.lower() not in {"you", "it", "who"}:
            return of_unit(unit)
        if unit.kind == "name" and not _after_preposition(units, place, words):
            following = units[place + 1].text if place + 1 < len(units) else ""
            if following in {"'s", "’s"}:
                continue
            if unit.mention is not None and unit.mention.kind == "PERSON":
                return of_unit(unit)
            other = other or of_unit(unit)
    if other is not None:
        return other
    roles = [place for place in range(end) if units[place].text.lower() in ROLES]
    return noun_phrase_before(source, units, roles[0] + 1) if roles else None


def _determined(source: Source, who: Who) -> bool:
    """Tell whether words begin as `a message` does."""
    return source.text[who.start : who.end].partition(" ")[0].lower() in source.words.determiners


def _after_preposition(units: list[Unit], place: int, words: CueWords) -> bool:
    while place > 0 and units[place - 1].kind in {"name", "capital"}:
        if units[place - 1].text.endswith(".") or units[place - 1].text in CALENDAR:
            return False
        place -= 1
    before = units[place - 1].text.lower() if place else ""
    if before in words.determiners and place > 1:
        before = units[place - 2].text.lower()
    return before in words.prepositions


def noun_phrase_before(source: Source, units: list[Unit], end: int) -> Who | None:
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
        return of_unit(units[place])
    if units[place].kind == "name" and not _after_preposition(units, place, words):
        return of_unit(units[place])
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
                return of_unit(before)
            continue
        if before.kind in {"mark", "cue", "pronoun"} or low in words.between:
            break
        if before.text in CALENDAR:
            break
        start -= 1
    while start < end and (
        units[start].text.lower() in words.prepositions | CONJUNCTIONS or units[start].kind == "mark"
    ):
        start += 1
    if (
        start > 1
        and units[start - 1].text == ","
        and start < end
        and (apposed := _named_before(units, start - 1))
    ):
        return apposed
    last = end
    while last > start and units[last - 1].kind == "capital":
        last -= 1
    if last < end and last > start:
        return Who(start=units[last].start, end=units[end - 1].end, kind="words")
    return _described(units, start, end, words)
