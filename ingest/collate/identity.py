"""Decides which mentions of all articles are one entity; the curator has the last word.

An entity is known as its names are, by a folded name and a class. What the articles say is counted
first, then the decisions are applied.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from ingest.collate.usages import PERSON, Groups, class_of, fold
from ingest.model import KINDS as LABELS
from ingest.personal_names import is_full, is_same_person, surnames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ingest.collate.usages import Name, Usages
    from ingest.model import Decision

KINDS = (PERSON, "place", "other")
# Under this share of a name's mentions a class is taken for an error.
LEAST_SHARE = 0.25
# A short form belongs to a name that nearly all articles mean by it, if so many name it in full.
DOMINANT = 0.9
LEAST_ARTICLES = {PERSON: 3}
# Beside one in several articles, others in one each may be slips, if they are few.
ENOUGH_BESIDE_SINGLE, MOST_SINGLE = 5, 0.25
LEAST_DEFINITIONS = 2
PAIR = 2
WITH_KIND = re.compile(rf"(?P<name>.+) \((?P<kind>{'|'.join(LABELS)})\)")


class MisfitError(Exception):
    """A decision that cannot be carried out: why, and what to do about it."""

    def __init__(self, why: str, hint: str) -> None:
        """Keep both."""
        super().__init__(why)
        self.hint = hint


class Identities:
    """Maps the number of a usage to the entity it means: a folded name and a class, or None where ignored.

    `names`, `kinds` and `links` hold what the curator decided of an entity, `decided` the
    aliases that a decision brought, `unmatched` the decisions that could not be carried out.
    """

    def __init__(self, usages: Usages, decisions: Iterable[Decision] = ()) -> None:
        """Take what the usages say, then apply the decisions in their order."""
        listed = list(decisions)
        self._usages = usages
        self._groups = Groups(usages.named)
        self._mentions = np.bincount(usages.named, usages.mentions, len(usages.names)).astype(np.int64)
        self._articles = usages.articles(usages.named)
        # What hardly ever names an organisation, such as a surname, takes no company in.
        companies = {
            short: longer for short, longer in usages.companies.items() if self._is_usual((short, "other"))
        }
        variants = _variants(usages.names, self._in)
        self._same = {**variants, **_companies(companies, self._in)}
        self._short = _short_forms(usages, self._same, self._in)
        self._surfaces: dict[str, set[Name]] = defaultdict(set)
        self.names: dict[Name, str] = {}
        self.kinds: dict[Name, str] = {}
        self.links: dict[Name, str] = {}
        self.unmatched: list[tuple[Decision, MisfitError]] = []
        self.decided: set[tuple[Name, str]] = set()
        self._split: dict[tuple[Name, str], Name] = {}
        self._merged: dict[Name, Name | None] = {}
        if listed:
            for number, usage in enumerate(usages.listed):
                self._surfaces[fold(usage.surface)].add(usages.name(number))
            self._decide(listed)

    def __call__(self, number: int) -> Name | None:
        """Return the entity that a usage means, None where the curator says that it is none."""
        usage = self._usages.listed[number]
        told: Name | None = self._entity(self._usages.name(number), joined=usage.origin != "shared")
        surface = fold(usage.surface) if self._split else ""
        seen: set[Name] = set()
        while told is not None:
            told = self._split.get((told, surface), told)
            # What was taken out and put back again would go round for ever.
            if told not in self._merged or told in seen:
                return told
            seen.add(told)
            told = self._merged[told]
        return None

    def _entity(self, name: Name, *, joined: bool = True) -> Name:
        """Return the entity of a folded name and class: the full name, and the class it mostly has."""
        if joined:
            name = self._short.get(name, name)
        name = self._same.get(name, name)
        if self._is_usual(name):
            return name
        return name[0], max(KINDS, key=lambda kind: self._count((name[0], kind)))

    def _is_usual(self, name: Name) -> bool:
        """Tell whether a good part of a name's mentions are of its class."""
        everything = sum(self._count((name[0], kind)) for kind in KINDS)
        return not everything or self._count(name) >= LEAST_SHARE * everything

    def _count(self, name: Name) -> int:
        """Return how often a name is used by itself."""
        number = self._usages.numbers.get(name)
        return 0 if number is None else int(self._mentions[number])

    def _in(self, name: Name) -> int:
        """Return in how many articles a name is used by itself."""
        number = self._usages.numbers.get(name)
        return 0 if number is None else int(self._articles[number])

    def _forms(self, name: Name) -> Counter[str]:
        """Return the forms of a name, with how often each is used; none of what is no name by itself."""
        counts = Counter[str]()
        if (number := self._usages.numbers.get(name)) is not None:
            for usage in self._groups[number]:
                counts[self._usages.listed[usage].name] += self._usages.mentions[usage]
        return counts

    def form(self, name: Name) -> str:
        """Return how an entity is called: as decided, else the most frequent form of its full name."""
        if name in self.names:
            return self.names[name]
        counts = Counter[str]()
        for kind in (name[1], *sorted({*KINDS} - {name[1]})):
            counts = self._forms((name[0], kind)) or counts
            if counts:
                break
        return min(counts, key=lambda form: (-counts[form], form)) if counts else name[0]

    def _decide(self, decisions: Iterable[Decision]) -> None:
        known = self._index()
        for decision in decisions:
            try:
                self._apply(decision, known)
            except MisfitError as error:
                self.unmatched.append((decision, error))

    def _index(self) -> dict[str, set[Name]]:
        """Return the entities by folded name and, where no entity is called so, by folded alias."""
        named: dict[str, set[Name]] = defaultdict(set)
        aliases: dict[str, set[Name]] = defaultdict(set)
        for name in self._usages.names:
            entity = self._entity(name)
            named[fold(self.form(entity))].add(entity)
            for form in self._forms(name):
                aliases[fold(form)].add(entity)
        for surface in self._surfaces:
            aliases[surface] |= self._bearers(surface)
        # A surname that two people of an article share joins neither, and is an entity of its own.
        for number, usage in enumerate(self._usages.listed):
            if usage.origin == "shared":
                entity = self._entity(self._usages.name(number), joined=False)
                named[fold(self.form(entity))].add(entity)
        return {**aliases, **named}

    def _bearers(self, surface: str) -> set[Name]:
        """Return the entities that articles mean by a folded form."""
        return {self._entity(name) for name in self._surfaces.get(surface, ())}

    def _find(self, stated: str, known: dict[str, set[Name]], *, like: Name | None = None) -> Name:
        """Return the one entity that a decision names; of several, the one of the class of `like`.

        Raises `MisfitError` where there is none, or no single one.
        """
        kinded = WITH_KIND.fullmatch(stated)
        folded = fold(kinded["name"] if kinded else stated)
        called = known.get(folded, set())
        found = {last for name in called if (last := self._last(name)) is not None}
        if called and not found:
            raise MisfitError(f"{stated} is ignored by a line before.", "Take one of the two lines out.")
        if kinded:
            found = {name for name in found if self._class(name) == class_of(kinded["kind"])}
        # What is called so now is meant before what was called so once.
        named = {name for name in found if fold(self.form(name)) == folded}
        # Of two of one name, what is no kind of the first is the other.
        found = named - {like} or named or found
        if len(found) > 1 and like:
            found = {name for name in found if self._class(name) == self._class(like)} or found
        if len(found) > 1:
            hint = "Write the kind behind the name, as in Georgia (PERSON)."
            raise MisfitError(f"more than one here is called {stated}.", hint)
        if not found:
            hint = "Write its name as the reading room has it now, or take the line out."
            raise MisfitError(f"nothing here is called {stated}.", hint)
        return found.pop()

    def _class(self, name: Name) -> str:
        return class_of(self.kinds[name]) if name in self.kinds else name[1]

    def _last(self, name: Name) -> Name | None:
        """Return what an entity was merged into so far, None where it is ignored."""
        last: Name | None = name
        while last in self._merged:
            last = self._merged[last]
        return last

    def _apply(self, decision: Decision, known: dict[str, set[Name]]) -> None:
        """Carry out a decision; raises `MisfitError` where it cannot be."""
        entity = self._find(decision.entity, known)
        if decision.action == "merge":
            self._merge(entity, decision.value, known)
        elif decision.action == "split":
            alias = fold(decision.value)
            if entity not in {self._last(name) for name in self._bearers(alias)}:
                hint = "Write the form as the name's page lists it."
                raise MisfitError(f"{decision.value} is no form of it.", hint)
            apart = (alias, entity[1])
            apart = (f"{alias} ", entity[1]) if apart == entity or apart in self._merged else apart
            self._split[entity, alias] = apart
            self.names.setdefault(apart, decision.value)
            known.setdefault(alias, set()).discard(entity)
            known[alias].add(apart)
        elif decision.action == "rename":
            self._rename(entity, decision.value, known)
        elif decision.action == "kind":
            self.kinds[entity] = decision.value
        elif decision.action == "link":
            self.links[entity] = decision.value
        else:
            self._merged[entity] = None

    def _rename(self, entity: Name, value: str, known: dict[str, set[Name]]) -> None:
        """Give an entity a name that no other has; one of another class may, if the value tells the kind."""
        kinded = WITH_KIND.fullmatch(value)
        name = kinded["name"] if kinded else value
        plain = fold(name)
        others = {last for name in known.get(plain, ()) if (last := self._last(name)) is not None} - {entity}
        others = {name for name in others if fold(self.form(name)) == plain}
        if kinded and class_of(kinded["kind"]) != self._class(entity):
            raise MisfitError(f"it is no {kinded['kind']}.", "Write its own kind behind the name, or none.")
        if others and (not kinded or self._class(entity) in map(self._class, others)):
            hint = "To make them one, merge them; if it is another, write its kind: Georgia (PERSON)."
            raise MisfitError(f"another is called {name} already.", hint)
        self.names[entity] = name
        known.setdefault(plain, set()).add(entity)

    def _merge(self, entity: Name, value: str, known: dict[str, set[Name]]) -> None:
        """Put an entity into another, which may be new: then it is a new name for both."""
        plain = fold(WITH_KIND.sub(r"\g<name>", value))
        if known.get(plain):
            target = self._find(value, known, like=entity)
        else:
            target = (plain, entity[1])
            self.names[target] = WITH_KIND.sub(r"\g<name>", value)
            known.setdefault(plain, set()).add(target)
        if target == entity:
            raise MisfitError(f"it and {value} are one already.", "Take the line out.")
        self._merged[entity] = target
        if entity in self.links:
            self.links.setdefault(target, self.links[entity])
        self.decided.update((target, form) for form in self._forms(entity))


def _variants(names: Iterable[Name], count: Callable[[Name], int]) -> dict[Name, Name]:
    """Return, for each form of a full name with and without initials, the one that `count` gives most."""
    full = [name for name, kind in names if kind == PERSON and is_full(name)]
    # Two names that begin and end with the same words are not both of two words.
    longer = {(words[0], words[-1]) for words in map(str.split, full) if len(words) > PAIR}
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in full:
        words = name.split()
        if (words[0], words[-1]) in longer:
            alike[words[0], words[-1]].append(name)
    same: dict[Name, Name] = {}
    for forms in alike.values():
        longest = max(forms, key=lambda name: (len(name), name))
        if len(forms) > 1 and all(is_same_person(name, longest) for name in forms):
            usual = min(forms, key=lambda name: (-count((name, PERSON)), name))
            same.update({(name, PERSON): (usual, PERSON) for name in forms if name != usual})
    return same


def _companies(companies: Mapping[str, set[str]], count: Callable[[Name], int]) -> dict[Name, Name]:
    """Return, for each form of a company's name that an article also has shorter, the one of most articles.

    Of two as frequent it is the longer.
    """
    same: dict[Name, Name] = {}
    for short, longer in companies.items():
        names = [(name, "other") for name in (short, *longer)]
        usual = min(names, key=lambda name: (-count(name), -len(name[0]), name))
        same.update({name: usual for name in names if name != usual})
    return same


def _short_forms(usages: Usages, same: Mapping[Name, Name], count: Callable[[Name], int]) -> dict[Name, Name]:
    """Return which short forms stand for which full name, where hardly any article means another."""
    bearers: dict[Name, Counter[Name]] = defaultdict(Counter)
    for name in usages.names:
        if name[1] == PERSON:
            for surname in surnames(name[0]):
                if (surname, PERSON) in usages.numbers:
                    bearers[surname, PERSON][same.get(name, name)] += count(name)
    for short, fulls in usages.shortened.items():
        for full, articles in fulls.items():
            bearers[short][full, short[1]] += articles
    forms = {}
    for short, counts in bearers.items():
        best, articles = min(counts.items(), key=lambda each: (-each[1], each[0]))
        least = LEAST_ARTICLES.get(short[1], LEAST_DEFINITIONS)
        if best != short and articles >= least and _dominates(articles, counts):
            forms[short] = best
    return forms


def _dominates(count: int, counts: Counter[Name]) -> bool:
    """Tell whether one bearer of a name is meant by nearly all articles, or all others are in one each."""
    others = counts.total() - count
    alone = len(counts) - 1 == others and count >= ENOUGH_BESIDE_SINGLE and others <= MOST_SINGLE * count
    return alone or count >= DOMINANT * counts.total()
