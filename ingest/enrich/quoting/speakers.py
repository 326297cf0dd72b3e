"""Says who a pronoun or a description stands for, by what one article tells of its people.

Nobody is guessed at: a person must be the only one who fits, or be known by title, given name or
description to fit. What remains open keeps its words and names nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ingest.enrich.quoting.cue_words import FEMALE_ROLES, MALE_ROLES, ROLES
from ingest.enrich.quoting.phrases import sentence_starts
from ingest.enrich.word_lists import genders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.enrich.quoting.cue_words import CueWords
    from ingest.model import Mention

LETTERS = re.compile(r"[^\W\d_]+")
HIM = frozenset(("he", "his", "him", "himself"))
HER = frozenset(("she", "her", "hers", "herself"))
WIDTH = 70
FARTHEST = 6000
MOST_MENTIONS = 25
MOST_SENTENCES = 30


class Cast:
    """The people of one article, as its running text outside quotations presents them."""

    def __init__(
        self, text: str, mentions: Sequence[Mention], quoted: Sequence[tuple[int, int]], words: CueWords
    ) -> None:
        """Read what the text says of each person's gender and office."""
        self.text, self.words = text, words
        self._quoted_starts = [start for start, _ in quoted]
        self._quoted = quoted
        self.starts = sentence_starts(text)
        outside = [each for each in mentions if not self._is_quoted(each.start)]
        self.people = [each for each in outside if each.kind == "PERSON"]
        self._sentences = [self.sentence(each.start) for each in self.people]
        self.groups = [each for each in outside if each.kind == "ORG"]
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._roles: dict[str, set[str]] = defaultdict(set)
        self._latest: dict[str, list[Mention]] = defaultdict(list)
        self._bearers: dict[str, set[str]] = defaultdict(set)
        for each in self.people:
            self._learn(each)
        self._learn_from_pronouns()
        self._genders = {name: _majority(votes) for name, votes in self._votes.items()}

    def gender(self, name: str) -> str | None:
        """Return `m` or `f` where what the article says of a person agrees, else None."""
        return self._genders.get(name)

    def pronoun(self, place: int, word: str, last: Mention | None = None) -> tuple[Mention | None, str]:
        """Return the mention that a pronoun takes up, and the rule that says so.

        `last` is who spoke last: a pronoun takes them up where nobody else who fits was named since.
        """
        low = word.lower()
        if low == "it":
            return self._group(place)
        wanted = "m" if low in self.words.he else "f" if low in self.words.she else None
        if wanted is None:
            return None, "open"
        fitting = self._fitting(place, wanted)
        if last is not None and self._nobody_since(last, fitting, wanted):
            return last, "goes-on-known" if self.gender(last.name) else "goes-on"
        if not fitting:
            return None, "open"
        names = {each.name for each, _ in fitting}
        chosen, sentence = fitting[0]
        known = self.gender(chosen.name) == wanted
        rivals = {
            each.name
            for each, other in fitting
            if other == sentence and (self.gender(each.name) is not None) == known
        } - {chosen.name}
        if len(names) == 1:
            return chosen, "only-known" if known else "only"
        if not rivals:
            return chosen, "nearest-known" if known else "nearest"
        return (chosen, "first-known") if known else (None, "open")

    def description(self, start: int, end: int) -> tuple[Mention | None, str]:
        """Return a mention of the one person whom the article describes so, and the rule."""
        nouns = [word.lower() for word in re.findall(r"[\w-]+", self.text[start:end])]
        head = next((noun for noun in nouns if noun in ROLES), None)
        if head is None or nouns[0] in {"a", "an", "one", "another", "some", "many", "several"}:
            return None, "described"
        names = self._roles.get(head, set())
        if len(names) != 1:
            return None, "described"
        mentions = self._latest[next(iter(names))]
        index = bisect_left(mentions, start, key=lambda each: each.start) - 1
        return (mentions[index], "office") if index >= 0 else (None, "described")

    def bearer(self, start: int, end: int) -> Mention | None:
        """Return a mention of the one person whose name has the last of the words that stand there."""
        names = self._bearers[self.text[start:end].split()[-1]]
        return self._latest[min(names)][0] if len(names) == 1 else None

    def alone(self, place: int) -> Mention | None:
        """Return the last mention before a place where only one person was named up to there."""
        index = bisect_left(self.people, place, key=lambda each: each.start)
        named = self.people[max(0, index - MOST_MENTIONS) : index]
        return named[-1] if len({each.name for each in named}) == 1 else None

    def before(self, place: int, least: int) -> Mention | None:
        """Return the last person named before a place and after `least`, outside quotations."""
        index = bisect_left(self.people, place, key=lambda each: each.start) - 1
        return self.people[index] if index >= 0 and self.people[index].start >= least else None

    def _fitting(self, place: int, wanted: str) -> list[tuple[Mention, int]]:
        """Return people who may be meant, the likeliest first: by sentence backwards, subjects first."""
        found: list[tuple[Mention, int]] = []
        last = bisect_left(self.people, place, key=lambda each: each.start)
        here = self.sentence(place)
        index = last - 1
        while index >= max(0, last - MOST_MENTIONS) and place - self.people[index].start < FARTHEST:
            each = self.people[index]
            back = here - self._sentences[index]
            if back > MOST_SENTENCES and found:
                break
            gender = self.gender(each.name)
            if gender in {None, wanted}:
                found.append((each, back))
            index -= 1
        return sorted(found, key=lambda each: (each[1], self.gender(each[0].name) is None, each[0].start))

    def _nobody_since(self, last: Mention, fitting: Sequence[tuple[Mention, int]], wanted: str) -> bool:
        """Tell whether the last speaker fits a pronoun and no other who does was named since."""
        return self.gender(last.name) in {None, wanted} and not any(
            each.start > last.start and each.name != last.name for each, _ in fitting
        )

    def _group(self, place: int) -> tuple[Mention | None, str]:
        index = bisect_left(self.groups, place, key=lambda each: each.start)
        names = {each.name for each in self.groups[max(0, index - 6) : index]}
        return (self.groups[index - 1], "only") if len(names) == 1 else (None, "open")

    def sentence(self, place: int) -> int:
        """Return which sentence of the text a place is in."""
        return bisect_right(self.starts, place) - 1

    def _is_quoted(self, place: int) -> bool:
        index = bisect_right(self._quoted_starts, place) - 1
        return index >= 0 and place < self._quoted[index][1]

    def _learn(self, mention: Mention) -> None:
        """Take gender and office from a name's own words and those beside it."""
        text = self.text
        self._latest[mention.name].append(mention)
        for word in mention.name.split():
            self._bearers[word].add(mention.name)
        begun = max(self.starts[self.sentence(mention.start)], mention.start - WIDTH)
        before = [word.lower() for word in re.findall(r"[\w-]+|[^\w\s.]", text[begun : mention.start])]
        titles = self._run(before)
        own = LETTERS.findall(mention.surface)
        names = LETTERS.findall(mention.name)
        around = set(titles) | {own[0].lower()} if own else set(titles)
        after = re.findall(r"[\w-]+|[^\w\s]", text[mention.end : mention.end + WIDTH])
        if after[:1] == [","]:
            apposition = self._run_after([word.lower() for word in after[1:]])
            around |= apposition
        if around & FEMALE_ROLES:
            self._votes[mention.name]["f"] += 3
        elif around & MALE_ROLES:
            self._votes[mention.name]["m"] += 3
        for word in names[:-1][:2]:
            if gender := genders().get(word):
                self._votes[mention.name][gender] += 1
                break
        else:
            if len(names) == 1 and (gender := genders().get(names[0])):
                self._votes[mention.name][gender] += 1
        for word in {*around, *(each.lower() for each in own[:-1])} & ROLES:
            self._roles[word].add(mention.name)

    def _run(self, before: list[str]) -> list[str]:
        """Return the words right before a name that belong to it: titles and offices."""
        run: list[str] = []
        for word in reversed(before[-6:]):
            if word in ROLES or word in FEMALE_ROLES or word in MALE_ROLES:
                run.append(word)
            elif not (word == "," and not run) and (
                word in self.words.prepositions or not word[0].isalpha() or run
            ):
                break
            elif word == ",":
                continue
            else:
                break
        return run

    def _run_after(self, after: list[str]) -> set[str]:
        """Return the offices in an insertion after a name, up to its end."""
        run: set[str] = set()
        for word in after[:10]:
            if word in {",", ".", "who", "said", "and", "(", "whose"}:
                break
            if word in ROLES or word in FEMALE_ROLES or word in MALE_ROLES:
                run.add(word)
            if word in self.words.prepositions:
                break
        return run - {"his", "her", "him", "he", "she", "himself", "herself"}

    def _learn_from_pronouns(self) -> None:
        """Take a gender from the pronouns of all sentences that name one person only."""
        by_sentence: dict[int, set[str]] = defaultdict(set)
        for each in self.people:
            by_sentence[self.sentence(each.start)].add(each.name)
        known = {name for name, votes in self._votes.items() if votes}
        for number, names in by_sentence.items():
            if len(names) > 1 or names <= known:
                continue
            start = self.starts[number]
            stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
            found = {word.lower() for word in LETTERS.findall(self.text[start : min(stop, start + 600)])}
            him, her = bool(found & HIM), bool(found & HER)
            if him != her:
                self._votes[min(names)]["m" if him else "f"] += 1


def _majority(votes: Counter[str]) -> str | None:
    """Return what more than three quarters of the votes are for."""
    return next((each for each, count in votes.items() if count * 4 > votes.total() * 3), None)
