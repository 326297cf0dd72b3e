"""Finds people's names with the surname first, as catalogues and lists of references have them."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from ingest.enrich.recogniser.decoding import Found
from ingest.enrich.word_lists import word_lists
from ingest.personal_names import PARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# No name has more than four particles, and a row of many would be read again from each of them.
SURNAME = rf"(?:(?:{'|'.join(sorted(PARTICLES))}) ){{0,4}}+[^\W\d_a-z]['’]?[^\W\d_]+(?:[-‐'’][^\W\d_]+)*+"
# Of references: `Weld, A. B., & Ford, C. (1962)`; not `Albany, N.Y.`
WITH_INITIALS = re.compile(
    rf"(?<![\w'’.-])(?P<surname>{SURNAME}), "
    r"(?P<given>[A-Z]\.(?:[ -]?[A-Z]\.){0,2}|[A-Z](?=;|\s\([12]\d{3}))"
    r"(?=[,;:&)]|\s*&|\s?\(|\s(?:and|et\sal)\b|\s*(?:\n|\Z))"
)
# Of catalogues, a line each: `Weld, Ann B. (1880-1950)`, `Weld, Ann. Diary, 1901.`
WITH_GIVEN_NAME = re.compile(
    rf"^[ \t]*(?:[-*•·–][ \t]+)?(?P<surname>{SURNAME}), "
    r"(?P<given>[^\W\d_a-z][^\W\d_]+(?:[ -](?:[A-Z]\b\.?|[^\W\d_a-z][^\W\d_]+)){0,3})"
    r"(?=\.?[ \t]*(?:\n|\Z)|,?[ \t]*\(|;|,[ \t]+\d|\.[ \t]+[^\W_a-z])",
    re.MULTILINE,
)
LIFE = re.compile(r",?[ \t]*\(?(?:b\. |born |c\. ?|ca\. ?)?[12]\d{3}\b")
CERTAIN = 0.9


def find_inverted(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Yield people whom a text has with the surname first, where the model saw a part of the name.

    Among initials it is enough that it saw one of those in the line, as it takes many for places.
    """
    people = sorted((each.start, each.end) for each in names if each.label == "PER")
    starts = [start for start, _ in people]

    def seen(start: int, end: int) -> bool:
        place = bisect_left(starts, end) - 1
        return place >= 0 and people[place][1] > start

    for line in re.finditer(r"[^\n]+", text):
        matches = [each for each in WITH_INITIALS.finditer(text, *line.span()) if _is_no_place(each["given"])]
        if any(seen(*each.span()) for each in matches):
            yield from (Found(each.start(), each.end(), "PER", CERTAIN) for each in matches)
    for match in WITH_GIVEN_NAME.finditer(text):
        if seen(*match.span("surname")) and _is_person(text, match):
            yield Found(match.start("surname"), match.end(), "PER", CERTAIN)


def _is_no_place(initials: str) -> bool:
    written = {initials, initials.replace(" ", "")}  # `N. Y.` in older texts
    return written.isdisjoint(word_lists().phrases) and written.isdisjoint(word_lists().ambiguous)


def _is_person(text: str, match: re.Match[str]) -> bool:
    """Tell a person's name from a row of given names, and from a town with its state."""
    lists = word_lists()
    given = match["given"].split()[0]
    place = lists.phrases.get(given)
    if given not in lists.given_anywhere or (place is not None and place.kind == "GPE"):
        return False
    surname = match["surname"]
    ambiguous = surname in lists.given_names or surname.lower() in lists.common
    return not ambiguous or LIFE.match(text, match.end()) is not None
