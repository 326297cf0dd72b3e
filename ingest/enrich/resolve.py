"""Decides which mentions in one article are the same person, place or organisation."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.enrich.rules import PARTICLES
from ingest.model import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.enrich.spans import Span

LONG_FORM = re.compile(r"\s*\(\s*$")
INITIAL = re.compile(r"[^\W\d_]\.?")
LEAST_ACRONYM = 2


def resolve(text: str, spans: Sequence[Span]) -> tuple[Mention, ...]:
    """Return the spans as mentions, each with the fullest name that the article gives.

    A surname or given name goes to the person who bears it, if there is only one in the
    article; an acronym in brackets goes to the name before it.
    """
    people = _people(span.surface for span in spans if span.kind == "PERSON")
    defined = _definitions(text, spans)
    mentions = []
    for span in spans:
        kind, name = span.kind, span.known or " ".join(span.surface.split())
        if person := people.get(name) if span.known is None and kind in {"PERSON", "MISC"} else None:
            kind, name = "PERSON", person
        elif definition := defined.get(name):
            name, kind = definition
        elif name.lower().startswith("the "):
            name = name[4:]
        mentions.append(Mention(start=span.start, end=span.end, surface=span.surface, name=name, kind=kind))
    return tuple(mentions)


def _people(surfaces: Iterable[str]) -> dict[str, str]:
    """Return, for each form of a person's name, the one full name it can stand for."""
    full = {name for surface in surfaces if " " in (name := " ".join(surface.split()))}
    bearers: dict[str, set[str]] = defaultdict(set)
    for name in full:
        words = name.split()
        for form in {words[-1], _surname(words), words[0], f"{words[0]} {words[-1]}"}:
            bearers[form].add(name)
    people = {}
    for form, names in bearers.items():
        longest = max(names, key=lambda name: (len(name), name))
        if all(_same_person(name, longest) for name in names):
            people[form] = longest
    for name in full:
        words = name.split()
        longest = people.get(f"{words[0]} {words[-1]}", name)
        people[name] = longest if _same_person(name, longest) else name
    return people


def _surname(words: Sequence[str]) -> str:
    """Return the surname of a full name with its particles: `von Braun`, `Van Allen`."""
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES:
        start -= 1
    return " ".join(words[start:])


def _same_person(one: str, other: str) -> bool:
    """Tell whether two full names may be one person's: `John Kennedy` and `John F. Kennedy`.

    Middle initials may be left out, but not differ; a middle name in full makes another person.
    """
    first, second = one.split(), other.split()
    if first[0] != second[0] or first[-1] != second[-1]:
        return False
    shorter, longer = sorted((first[1:-1], second[1:-1]), key=len)
    if not shorter:
        return all(INITIAL.fullmatch(word) for word in longer)
    return len(shorter) == len(longer) and all(
        one_word == other_word
        or (one_word[0] == other_word[0] and (INITIAL.fullmatch(one_word) or INITIAL.fullmatch(other_word)))
        for one_word, other_word in zip(shorter, longer, strict=True)
    )


def _definitions(text: str, spans: Sequence[Span]) -> dict[str, tuple[str, str]]:
    """Return what acronyms stand for, from `Atomic Energy Commission (AEC)`."""
    defined = {}
    for span, following in pairwise(spans):
        acronym = following.surface
        between = text[span.end : following.start]
        if not LONG_FORM.fullmatch(between) or not acronym.isupper() or len(acronym) < LEAST_ACRONYM:
            continue
        initials = "".join(word[0] for word in re.findall(r"\w+", span.surface) if word[0].isupper())
        if initials.startswith(acronym[0]) and set(acronym) <= set(initials):
            defined[acronym] = (
                following.known or span.known or span.surface,
                span.kind if span.kind != "MISC" else "ORG",
            )
            defined[span.surface] = defined[acronym]
    return defined
