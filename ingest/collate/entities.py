"""One row for each person, organisation and place, from the names found in every article."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from itertools import starmap
from typing import TYPE_CHECKING

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
    known: dict[Name, int] = {}
    meant = array("i")
    for usage in usages.listed:
        name = identify(usage)
        meant.append(-1 if name is None else known.setdefault(name, len(known)))
    articles = usages.articles(meant).tolist()
    ordered = sorted(known, key=lambda name: (-articles[known[name]], name))
    numbers = {name: number for number, name in enumerate(ordered, start=1)}
    groups = Groups(meant)

    def usages_of(name: Name) -> Iterator[tuple[Usage, int]]:
        return ((usages.listed[each], usages.mentions[each]) for each in groups[known[name]])

    taken = Taken()
    for name in ordered:
        form = identify.form(name)
        kinds, countries = Counter[str](), Counter[str]()
        for usage, times in usages_of(name):
            kinds[usage.kind] += times
            if usage.country:
                countries[usage.country] += times
        country = _most_common(countries) if countries else ""
        yield (
            "entities",
            {
                "id": numbers[name],
                "key": taken.unlike(slug(form)),
                "name": form,
                "kind": identify.kinds.get(name) or _most_common(kinds),
                "country_id": numbers.get((fold(country), "place")),
                "wikidata": identify.links.get(name),
                "article_count": articles[known[name]],
                "mention_count": kinds.total(),
            },
        )
    for name in ordered:
        aliases: dict[str, Counter[str]] = defaultdict(Counter)
        for usage, times in usages_of(name):
            aliases[usage.surface][_origin(usage, name, identify)] += times
        for alias, origins in sorted(aliases.items()):
            yield (
                "entity_aliases",
                {
                    "entity_id": numbers[name],
                    "alias": alias,
                    "mentions": origins.total(),
                    "origin": _most_common(origins),
                },
            )
    listed = list(known)
    entities = array("I", (numbers[listed[each]] if each >= 0 else 0 for each in meant))
    for entry in corpus.entries():
        yield from _article_rows(entry, usages, entities)
    yield from starmap(_unmatched, identify.unmatched)


def _origin(usage: Usage, name: Name, identify: Identities) -> str:
    """Return what told that a usage means the entity of a name."""
    if (name, usage.name) in identify.decided:
        return "decision"
    return usage.origin if fold(usage.name) == name[0] else "collection"


def _article_rows(entry: Entry, usages: Usages, entities: Sequence[int]) -> Iterator[Row]:
    """Yield what an article names, given the entity of every usage, 0 for none."""
    counts: Counter[int] = Counter()
    named: dict[int | None, int] = {}
    for mention in entry.facts.mentions:
        number = entities[usages.number(mention)]
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
