"""Counts how all articles together use each name: every way of it once, however many use it so.

A name is known by its folded form and its class (person, place, other), so that `Georgia` may be a
country and a person.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingest.personal_names import GENERATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from ingest.model import Entry, Mention

PERSON = "person"
CLASSES = {"PERSON": PERSON, "GPE": "place", "LOC": "place", "FAC": "place"}
COMPANY = re.compile(
    r"(?:,?(?: and)? (?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|n\.?v|s\.?a"
    r"|s\.?p\.?a)\.?)+$"
)
SHORT_COMPANY = re.compile(r",? (?:inc|corp|ltd|llc|plc|gmbh|ag)\.?$")
# Of a longer one nothing is taken away, which would take its time.
LONGEST_NAME = 200
# What a company's name may be shortened by, where an article has it both ways: `Ford Motor Company`, `Ford`.
BUSINESS = re.compile(
    r"(?:,? (?:airlines|airways|automotive|bank|electronics|enterprises|group|holdings?|industries|insurance"
    r"|laboratories|motors?|partners|pharmaceuticals|technologies))+$"
)
# What is written in several ways and is read as one: apostrophes and hyphens; and what is not read.
SIGNS = str.maketrans({**dict.fromkeys("‘’ʼ`", "'"), **dict.fromkeys("‐‑‒–", "-"), **dict.fromkeys("®™©")})

TOGETHER = 10_000  # articles that are counted at once

Name = tuple[str, str]
Told = tuple[str, str, str, str, str | None]


class Usage(NamedTuple):
    """One way in which a name is used, as a `Mention` has it."""

    surface: str
    name: str
    kind: str
    origin: str
    country: str | None


class Groups:
    """The usages that have the same number, given one for each; those below zero are in no group."""

    def __init__(self, numbers: Sequence[int] | NDArray[np.uint32]) -> None:
        """Bring them together."""
        given = np.asarray(numbers, dtype=np.int64)
        self._order = np.argsort(given, kind="stable")
        self._begins = np.searchsorted(given, np.arange(given.max(initial=-1) + 2), sorter=self._order)

    def __getitem__(self, number: int) -> list[int]:
        """Return the usages of a number, in their order."""
        usages: list[int] = self._order[self._begins[number] : self._begins[number + 1]].tolist()
        return usages


class Usages:
    """Every usage by its number, how often it is found, and which articles have it; some 500 bytes for each.

    `named` gives the number of each usage's name, `names` the names and `numbers` their numbers.
    `shortened` says in how many articles a short form is defined as each full name, `companies` what
    longer names a company has in the same article.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Count all mentions."""
        self.listed: list[Usage] = []
        self.mentions, self.named = array("I"), array("I")
        self.names: list[Name] = []
        self.numbers: dict[Name, int] = {}
        self._found, self._sizes = array("I"), array("I")
        self.shortened: dict[Name, Counter[str]] = defaultdict(Counter)
        self.companies: dict[str, set[str]] = defaultdict(set)
        known: dict[Told, int] = {}
        for entry in entries:
            found = [self._take(mention, known) for mention in entry.facts.mentions]
            self._found.extend(found)
            self._sizes.append(len(found))
            for number in found:
                self.mentions[number] += 1
            self._compare(set(found))

    def name(self, number: int) -> Name:
        """Return the name of a usage."""
        return self.names[self.named[number]]

    def by_article(self) -> Iterator[NDArray[np.uint32]]:
        """Yield the usages of each article's mentions, in the order in which they were counted."""
        found, begin = np.frombuffer(self._found, dtype=np.uint32), 0
        for size in self._sizes:
            yield found[begin : begin + size]
            begin += size

    def articles(self, numbers: Sequence[int]) -> NDArray[np.int64]:
        """Return in how many articles each number stands, given one for each usage; none below zero."""
        stands = np.asarray(numbers, dtype=np.int64)
        counts = np.zeros(int(stands.max(initial=-1)) + 1, dtype=np.int64)
        found = np.frombuffer(self._found, dtype=np.uint32)
        begin = 0
        for first in range(0, len(self._sizes), TOGETHER):
            sizes = np.frombuffer(self._sizes, dtype=np.uint32)[first : first + TOGETHER]
            end = begin + int(sizes.sum())
            here, articles = stands[found[begin:end]], np.repeat(np.arange(len(sizes)), sizes)
            pairs = np.unique(articles[here >= 0] << 32 | here[here >= 0])
            counts += np.bincount(pairs & 0xFFFFFFFF, minlength=len(counts))
            begin = end
        return counts

    def _take(self, mention: Mention, known: dict[Told, int]) -> int:
        """Return the number of the usage that a mention is; a new one if it is not among those `known`."""
        told = mention.surface, mention.name, mention.kind, mention.origin, mention.country
        number = known.get(told)
        if number is None:
            surface, name, kind, origin, country = told
            # What many usages have in common is held once.
            name = surface if name == surface else name
            usage = Usage(surface, name, intern(kind), intern(origin), country and intern(country))
            number = known[usage] = len(self.listed)
            self.listed.append(usage)
            self.mentions.append(0)
            self.named.append(self._number(plain(usage.name, usage.kind)))
        return number

    def _number(self, name: Name) -> int:
        number = self.numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
        return number

    def _compare(self, here: Iterable[int]) -> None:
        """Take note of the short forms that an article defines, and of companies that it has both ways."""
        defined, organisations = set(), set()
        for number in here:
            usage, (name, kind) = self.listed[number], self.name(number)
            if usage.origin == "definition":
                defined.add(((fold(usage.surface), kind), name))
            if usage.kind == "ORG":
                organisations.add(name)
        for short, full in defined:
            self.shortened[short][full] += 1
        for full in organisations:
            short_form = BUSINESS.sub("", full) if len(full) <= LONGEST_NAME else full
            if short_form != full and short_form in organisations:
                self.companies[short_form].add(full)


@lru_cache(maxsize=1 << 12)
def fold(name: str) -> str:
    """Return a name without case, accents, a leading article and outer spaces, and with `and` for `&`.

    Apostrophes and hyphens are those of a keyboard, and signs of trademarks are left out.
    """
    decomposed = unicodedata.normalize("NFKD", name.translate(SIGNS).casefold())
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(kept.split()).replace(" & ", " and ").removeprefix("the ")


def class_of(kind: str) -> str:
    """Return the class of a kind: person, place or other."""
    return CLASSES.get(kind, "other")


def plain(named: str, stated: str) -> Name:
    """Return the identity that a name alone gives; `Apple Inc.` and `Apple & Company` are `Apple`.

    `John Ford, Jr.` is `John Ford Jr`.
    """
    name, kind = fold(named), class_of(stated)
    if len(name) > LONGEST_NAME or kind not in {PERSON, "other"}:
        return name, kind
    # A band may be called `Bad Company`.
    company = COMPANY if stated == "ORG" else SHORT_COMPANY
    return (GENERATION.sub(r" \1", name) if kind == PERSON else company.sub("", name), kind)
