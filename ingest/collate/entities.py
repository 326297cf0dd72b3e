"""One row for each person, organisation and place, from the names found in every article."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from itertools import starmap
from typing import TYPE_CHECKING

import numpy as np

from ingest.collate.articles import Taken, slug
from ingest.collate.identity import Identities
from ingest.collate.usages import Groups, Usages, fold
from ingest.registry import collation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.collate.identity import MisfitError
    from ingest.collate.usages import Name, Usage
    from ingest.model import Corpus, Decision, Entry, Row

FILE = "entities.csv"


@collation(name="entities", version="3")
def collate_entities(corpus: Corpus) -> Iterator[Row]:
    """Yield entities with aliases, mentions, counts and quotations, as the curator decided.

    Names equal but for case and accents are one entity of each class (person, place, other),
    unless under a quarter of a name's mentions are of a class: those follow the majority. A
    company is one with and without `Motor` or `Group`, where an article has it both ways. A
    surname or an acronym that stands alone joins the name that nine in ten articles mean by it,
    if enough name it in full. A decision that cannot be carried out becomes a problem that says why.
    """
    usages = Usages(corpus.entries())
    identify = Identities(usages, corpus.decisions)
    entities = Entities(usages, identify)
    yield from _entity_rows(entities, identify)
    yield from _alias_rows(entities, identify)
    for entry, used in zip(corpus.entries(), usages.by_article(), strict=True):
        yield from _article_rows(entry, entities.ids[used].tolist())
    yield from starmap(_unmatched, identify.unmatched)


class Entities:
    """What usages mean: `ids` has the entity of each usage, 0 for none; they count from 1.

    `names` and `articles` have the name of each entity and the number of its articles, most first.
    """

    def __init__(self, usages: Usages, identify: Identities) -> None:
        """Put the entities in order."""
        self._usages = usages
        # What only a decision calls an entity has a number behind those of the names that are used.
        self._decided: dict[Name, int] = {}
        meant = array("i")
        for usage in range(len(usages.listed)):
            name = identify(usage)
            if name is not None and name not in usages.numbers:
                self._decided.setdefault(name, len(usages.names) + len(self._decided))
            meant.append(-1 if name is None else self._number(name))
        names = [*usages.names, *self._decided]
        articles = usages.articles(meant)
        by_name = np.array(sorted(np.flatnonzero(articles), key=names.__getitem__), dtype=np.int64)
        order = by_name[np.argsort(-articles[by_name], kind="stable")]
        self.names = [names[number] for number in order]
        self.articles: list[int] = articles[order].tolist()
        # One more than names, as -1 is the last.
        self._ids = np.zeros(len(names) + 1, dtype=np.uint32)
        self._ids[order] = np.arange(1, len(order) + 1)
        self.ids = self._ids[np.frombuffer(meant, dtype=np.int32)]
        self._groups = Groups(self.ids)

    def find(self, name: Name) -> int | None:
        """Return the entity of a name, None where there is none."""
        return int(self._ids[self._number(name)]) or None

    def usages(self, entity: int) -> Iterator[tuple[Usage, int]]:
        """Yield the usages that mean an entity, and how often each is found."""
        return ((self._usages.listed[each], self._usages.mentions[each]) for each in self._groups[entity])

    def _number(self, name: Name) -> int:
        number = self._usages.numbers.get(name)
        return self._decided.get(name, -1) if number is None else number


def _entity_rows(entities: Entities, identify: Identities) -> Iterator[Row]:
    taken = Taken()
    for entity, (name, articles) in enumerate(zip(entities.names, entities.articles, strict=True), start=1):
        form = identify.form(name)
        kinds, countries = Counter[str](), Counter[str]()
        for usage, times in entities.usages(entity):
            kinds[usage.kind] += times
            if usage.country:
                countries[usage.country] += times
        yield (
            "entities",
            {
                "id": entity,
                "key": taken.unlike(slug(form)),
                "name": form,
                "kind": identify.kinds.get(name) or _most_common(kinds),
                "country_id": entities.find((fold(_most_common(countries)), "place")) if countries else None,
                "wikidata": identify.links.get(name),
                "article_count": articles,
                "mention_count": kinds.total(),
            },
        )


def _alias_rows(entities: Entities, identify: Identities) -> Iterator[Row]:
    for entity, name in enumerate(entities.names, start=1):
        aliases: dict[str, Counter[str]] = defaultdict(Counter)
        for usage, times in entities.usages(entity):
            aliases[usage.surface][_origin(usage, name, identify)] += times
        for alias, origins in sorted(aliases.items()):
            yield (
                "entity_aliases",
                {
                    "entity_id": entity,
                    "alias": alias,
                    "mentions": origins.total(),
                    "origin": _most_common(origins),
                },
            )


def _origin(usage: Usage, name: Name, identify: Identities) -> str:
    """Return what told that a usage means the entity of a name."""
    if (name, usage.name) in identify.decided:
        return "decision"
    return usage.origin if fold(usage.name) == name[0] else "collection"


def _article_rows(entry: Entry, entities: Sequence[int]) -> Iterator[Row]:
    """Yield what an article names, given the entity of every mention, 0 for none."""
    counts: Counter[int] = Counter()
    named: dict[int | None, int] = {}
    for mention, number in zip(entry.facts.mentions, entities, strict=True):
        if not number:
            continue
        counts[number] += 1
        named[mention.start] = number
        yield (
            "mentions",
            {
                "article_id": entry.id,
                "start": mention.start,
                "end": mention.end,
                "entity_id": number,
                "surface": mention.surface,
            },
        )
    for number, count in sorted(counts.items()):
        yield "article_entities", {"article_id": entry.id, "entity_id": number, "mentions": count}
    for quote in entry.facts.quotes:
        yield (
            "quotes",
            {
                "article_id": entry.id,
                "speaker_entity_id": named.get(quote.speaker_start),
                "speaker": quote.speaker,
                "kind": quote.kind,
                "cue": quote.cue,
                "quote": quote.quote,
                "start": quote.start,
                "end": quote.end,
                "confidence": quote.confidence,
            },
        )


def _unmatched(decision: Decision, error: MisfitError) -> Row:
    return (
        "problems",
        {
            "stage": "decide",
            "code": "decision-unmatched",
            "locator": f"{FILE}, line {decision.line}",
            "message": f"{decision.action} {decision.entity}: {error}",
            "hint": error.hint,
        },
    )


def _most_common(counts: Counter[str]) -> str:
    """Return the most frequent value, the first by alphabet on a tie."""
    return min(counts, key=lambda value: (-counts[value], value))
