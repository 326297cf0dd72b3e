"""The word lists behind the recogniser: places, organisations, nationalities, names, titles.

Built by `python -m ingest.enrich.lists.build`; sources and licences stand in each file's head.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTS = "ingest.enrich.lists"
AMERICAN = re.compile(r"(?:U\.\s?S\.?|US|United States) ")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a list says of a name: its catalogue form and its kind."""

    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class WordLists:
    """All lists, ready to look up.

    `countries` gives a nationality its country, `nicknames` a short form the given names that it
    may stand for; `longest` is the most words of any known phrase. `abroad` is what other languages
    than English call places and bodies, and `given_abroad` what first names they have besides.
    """

    phrases: dict[str, Known]
    abroad: dict[str, Known]
    countries: dict[str, str]
    ambiguous: dict[str, Known]
    nicknames: dict[str, tuple[str, ...]]
    given_names: frozenset[str]
    given_abroad: frozenset[str]
    common: frozenset[str]
    titles: frozenset[str]
    organisation_heads: frozenset[str]
    facility_heads: frozenset[str]
    place_heads: frozenset[str]
    event_heads: frozenset[str]
    vessels: frozenset[str]
    longest: int

    @cached_property
    def given_anywhere(self) -> frozenset[str]:
        """Return first names in whatever language."""
        return self.given_names | self.given_abroad

    @cached_property
    def heads(self) -> frozenset[str]:
        """Return the words that say what a name is of: an organisation, a building or a place."""
        return self.organisation_heads | self.facility_heads | self.place_heads


@cache
def word_lists() -> WordLists:
    """Return the lists; they are read once a process, in a few milliseconds."""
    groups = {word for word, *_ in _rows("nationalities.tsv")}
    phrases = {
        **{word: Known(name=_singular(word, groups), kind="NORP") for word in groups},
        **{name: Known(name=canonical, kind=kind) for name, canonical, kind in _rows("places.tsv")},
        **{name: Known(name=canonical, kind="ORG") for name, canonical in _rows("organisations.tsv")},
    }
    ambiguous = {
        name: Known(name=canonical, kind=kind) for name, canonical, kind in _rows("ambiguous_places.tsv")
    }
    abroad = {name: Known(name=canonical, kind=kind) for name, canonical, kind in _rows("abroad.tsv")}
    nicknames: dict[str, list[str]] = {}
    for short, full, *_ in _rows("nicknames.tsv"):
        nicknames.setdefault(short, []).append(full)
    common = _words("common_words.txt") | {word.lower() for word in _words("calendar_words.txt")}
    return WordLists(
        phrases=phrases,
        abroad=abroad,
        countries={word: country for word, country in _rows("nationalities.tsv") if country in phrases},
        ambiguous=ambiguous,
        nicknames={short: tuple(fulls) for short, fulls in nicknames.items()},
        given_names=_words("given_names.txt"),
        given_abroad=_words("given_names_abroad.txt"),
        common=frozenset(common),
        titles=_words("title_words.txt"),
        organisation_heads=_words("organisation_words.txt"),
        facility_heads=_words("facility_words.txt"),
        place_heads=_words("place_words.txt"),
        event_heads=_words("event_words.txt"),
        vessels=_words("vessel_words.txt"),
        longest=max(len(phrase.split()) for phrase in (*phrases, *abroad)),
    )


@cache
def genders() -> dict[str, str]:
    """Return given names with `m` or `f`, those that nearly only men or women bear."""
    return {name: gender for name, gender, *_ in _rows("given_name_genders.tsv")}


def known_as(surface: str) -> Known | None:
    """Return what the lists say of a name; `U.S. Department of Labor` is known without its `U.S.`."""
    phrases = word_lists().phrases
    if surface in phrases or not (match := AMERICAN.match(surface)):
        return phrases.get(surface)
    known = phrases.get(surface[match.end() :])
    return known if known and known.kind == "ORG" else None


@cache
def countries() -> frozenset[str]:
    """Return the names of countries, those that a nationality belongs to, and their other forms."""
    named = {row[1] for row in _rows("nationalities.tsv")}
    places = {name: known.name for name, known in word_lists().phrases.items() if known.kind == "GPE"}
    return frozenset(name for name, canonical in places.items() if canonical in named and canonical in places)


def _rows(name: str) -> Iterator[list[str]]:
    for line in files(LISTS).joinpath(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _words(name: str) -> frozenset[str]:
    return frozenset(row[0] for row in _rows(name))


def _singular(word: str, groups: set[str]) -> str:
    """Return `Kurd` for `Kurds`, since both are one group of people."""
    return word[:-1] if word.endswith("s") and word[:-1] in groups else word
