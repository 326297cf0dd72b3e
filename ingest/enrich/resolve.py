"""Decides which mentions in one article are the same person, place or organisation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.enrich.word_lists import word_lists
from ingest.model import Mention
from ingest.personal_names import is_full, is_same_person, surnames

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.enrich.spans import Span

BRACKET = re.compile(r"\s*[(\[]\s*$")
POSSESSIVE = re.compile(r"['’]s?$")
WORD = re.compile(r"\w+")
LEAST_ACRONYM = 2
LEAST_ACRONYM_APART = 3
# Shorter ones in capitals may be acronyms: USSR, UAE.
LEAST_SHOUTED = 5
PERSON = "PERSON"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a name stands for: its full form, its kind, and what told so."""

    name: str
    kind: str
    origin: str


def resolve(text: str, spans: Sequence[Span]) -> tuple[Mention, ...]:
    """Return the spans as mentions, each with the fullest name that the article gives.

    A surname or given name goes to the person who bears it, if there is only one in the
    article; if there are several, to none of them. An acronym goes to the name that it stands
    for in brackets, or whose initials it is.
    """
    people = _people(_name(span) for span in spans if span.kind == PERSON)
    defined = _definitions(text, spans)
    return tuple(_mention(span, people, defined) for span in spans)


def clean(surface: str) -> str:
    """Return a name on one line, without `the` before it and a possessive ending."""
    name = POSSESSIVE.sub("", " ".join(surface.split()))
    return name[4:] if name.lower().startswith("the ") and len(name) > len("the ") else name


def _name(span: Span) -> str:
    """Return a name as it is written elsewhere, though a dateline or headline has it in capitals."""
    name = clean(span.surface)
    if span.kind in {PERSON, "GPE", "LOC"} and name.isupper() and len(name) >= LEAST_SHOUTED:
        return name.title()
    return name


def _mention(span: Span, people: dict[str, str | None], defined: dict[str, Told]) -> Mention:
    name = _name(span)
    told = Told(name=name, kind=span.kind, origin="text")
    if span.known is not None:
        told = Told(name=span.known, kind=span.kind, origin="word list" if span.known != name else "text")
    elif span.kind in {PERSON, "MISC"} and name in people:
        person = people[name]
        if person is not None:
            told = Told(name=person, kind=PERSON, origin="article" if person != name else "text")
        elif span.kind == PERSON:
            told = Told(name=name, kind=PERSON, origin="shared")
    if told.origin == "text":
        told = defined.get(name, told)
    return Mention(
        start=span.start,
        end=span.end,
        surface=span.surface,
        name=told.name,
        kind=told.kind,
        origin=told.origin,
        country=word_lists().countries.get(name) if told.kind == "NORP" else None,
    )


def _people(names: Iterable[str]) -> dict[str, str | None]:
    """Return, for each form of a person's name, the one full name it can stand for, None for several."""
    listed = {name for name in names if is_full(name)}
    # `Van Allen` is what is left of `James Van Allen`, where he is named too.
    full = listed - {surname for name in listed for surname in surnames(name)}
    bearers: dict[str, set[str]] = defaultdict(set)
    for name in full:
        words = name.split()
        for form in {*surnames(name), words[0], f"{words[0]} {words[-1]}"}:
            bearers[form].add(name)
    people: dict[str, str | None] = {}
    for form, found in bearers.items():
        longest = max(found, key=lambda name: (len(name), name))
        people[form] = longest if all(is_same_person(name, longest) for name in found) else None
    for name in full:
        words = name.split()
        longest = people.get(f"{words[0]} {words[-1]}") or name
        people[name] = longest if is_same_person(name, longest) else name
    return people


def _definitions(text: str, spans: Sequence[Span]) -> dict[str, Told]:
    """Return what acronyms stand for, from `Atomic Energy Commission (AEC)` or the other way round.

    One that is nowhere explained goes to the only name in the article that has just its initials.
    """
    defined: dict[str, Told] = {}
    for first, second in pairwise(spans):
        if BRACKET.search(text[first.end : second.start]):
            for long, short in ((first, second), (second, first)):
                acronym = clean(short.surface)
                initials = _initials(clean(long.surface))
                if _is_acronym(acronym) and initials[:1] == acronym[:1] and set(acronym) <= set(initials):
                    _define(defined, long, short)
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    longs = {}
    for span in spans:
        if " " in (name := clean(span.surface)) and span.kind not in {PERSON, "NORP"}:
            spelt[_initials(name)][name] += 1
            longs[name] = span
    for span in spans:
        acronym = clean(span.surface)
        names = spelt.get(acronym, Counter())
        if acronym not in defined and len(acronym) >= LEAST_ACRONYM_APART and len(names) == 1:
            _define(defined, longs[next(iter(names))], span)
    return defined


def _define(defined: dict[str, Told], long: Span, short: Span) -> None:
    """Note that a long and a short form are one name, the one that a word list knows if any does."""
    name = short.known or long.known or clean(long.surface)
    kind = long.kind if long.kind != "MISC" else "ORG"
    told = Told(name=name, kind=kind, origin="definition")
    defined.setdefault(clean(short.surface), told)
    if name != clean(long.surface):
        defined.setdefault(clean(long.surface), told)


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) >= LEAST_ACRONYM and " " not in word


def _initials(name: str) -> str:
    return "".join(word[0] for word in WORD.findall(name) if word[0].isupper())
