"""One row for each person, organisation and place, from the names found in every article."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import starmap
from typing import TYPE_CHECKING

from ingest.collate.articles import Taken, slug
from ingest.collate.identity import Identities, fold
from ingest.registry import collation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.collate.identity import MisfitError, Name
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
    identify = Identities(corpus.entries(), corpus.decisions)
    aliases: dict[Name, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    kinds: dict[Name, Counter[str]] = defaultdict(Counter)
    countries: dict[Name, Counter[str]] = defaultdict(Counter)
    articles: Counter[Name] = Counter()
    for entry in corpus.entries():
        here = set()
        for mention in entry.facts.mentions:
            if (name := identify(mention)) is None:
                continue
            here.add(name)
            kinds[name][mention.kind] += 1
            plain = fold(mention.name)
            origin = mention.origin if plain == name[0] else "collection"
            origin = "decision" if (name, mention.name) in identify.decided else origin
            aliases[name][mention.surface][origin] += 1
            if mention.country:
                countries[name][mention.country] += 1
        articles.update(here)
    ordered = sorted(articles, key=lambda name: (-articles[name], name))
    numbers = {name: number for number, name in enumerate(ordered, start=1)}
    taken = Taken()
    for name in ordered:
        form = identify.form(name)
        country = _most_common(countries[name]) if countries[name] else ""
        yield (
            "entities",
            {
                "id": numbers[name],
                "key": taken.unlike(slug(form)),
                "name": form,
                "kind": identify.kinds.get(name) or _most_common(kinds[name]),
                "country_id": numbers.get((fold(country), "place")),
                "wikidata": identify.links.get(name),
                "article_count": articles[name],
                "mention_count": kinds[name].total(),
            },
        )
    for name in ordered:
        for alias, origins in sorted(aliases[name].items()):
            yield (
                "entity_aliases",
                {
                    "entity_id": numbers[name],
                    "alias": alias,
                    "mentions": origins.total(),
                    "origin": _most_common(origins),
                },
            )
    for entry in corpus.entries():
        yield from _article_rows(entry, identify, numbers)
    yield from starmap(_unmatched, identify.unmatched)


def _article_rows(entry: Entry, identify: Identities, numbers: dict[Name, int]) -> Iterator[Row]:
    counts: Counter[int] = Counter()
    named: dict[int | None, int] = {}
    for mention in entry.facts.mentions:
        name = identify(mention)
        if name is None:
            continue
        number = numbers[name]
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
