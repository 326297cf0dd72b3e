"""One row for each person, organisation and place, from the names found in every article."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ingest.collate.articles import Taken, slug
from ingest.registry import collation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingest.model import Corpus, Entry, Mention, Row

CLASSES = {"PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place"}
LEAST_SHARE = 0.25
LEAST_ARTICLES = 3
Name = tuple[str, str]


@collation(name="entities", version="2")
def collate_entities(corpus: Corpus) -> Iterator[Row]:
    """Yield entities with aliases, mentions, counts and quotations.

    Names equal but for case are one entity of each class (person, place, other), unless under
    a quarter of a name's mentions are of a class: those follow the majority. A surname that
    stands alone joins the one person of the collection who bears it, if there is just one and
    at least three articles name that person in full.
    """
    resolve = _Resolver(corpus.entries())
    aliases: dict[Name, Counter[str]] = defaultdict(Counter)
    kinds: dict[Name, Counter[str]] = defaultdict(Counter)
    forms: dict[Name, Counter[str]] = defaultdict(Counter)
    articles: Counter[Name] = Counter()
    for entry in corpus.entries():
        names = {mention: resolve(mention) for mention in entry.facts.mentions}
        for mention, name in names.items():
            aliases[name][mention.surface] += 1
            kinds[name][mention.kind] += 1
            forms[name][mention.name] += 1
        articles.update(set(names.values()))
    ordered = sorted(articles, key=lambda name: (-articles[name], name))
    numbers = {name: number for number, name in enumerate(ordered, start=1)}
    yield from _entity_rows(ordered, numbers, forms, kinds, articles)
    for name in ordered:
        for alias, count in sorted(aliases[name].items()):
            yield "entity_aliases", {"entity_id": numbers[name], "alias": alias, "mentions": count}
    for entry in corpus.entries():
        yield from _article_rows(entry, resolve, numbers)


class _Resolver:
    """Maps a mention to its entity's identity: the folded name and the class."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        articles: Counter[str] = Counter()
        for entry in entries:
            for mention in entry.facts.mentions:
                counts[_fold(mention.name)][_class(mention)] += 1
            articles.update({_fold(mention.name) for mention in entry.facts.mentions})
        self._majority = {name: classes.most_common(1)[0][0] for name, classes in counts.items()}
        self._counts = counts
        surnames: dict[str, set[str]] = defaultdict(set)
        for name, classes in counts.items():
            if classes["person"] and " " in name:
                surnames[name.rpartition(" ")[2]].add(name)
        self._surnames = {
            surname: name
            for surname, names in surnames.items()
            if len(names) == 1 and articles[name := min(names)] >= LEAST_ARTICLES
        }

    def __call__(self, mention: Mention) -> Name:
        name, kind = _fold(mention.name), _class(mention)
        if kind == "person" and " " not in name and name in self._surnames:
            name = self._surnames[name]
        counts = self._counts[name]
        if counts[kind] < LEAST_SHARE * counts.total():
            kind = self._majority[name]
        return name, kind


def _entity_rows(
    ordered: list[Name],
    numbers: dict[Name, int],
    forms: dict[Name, Counter[str]],
    kinds: dict[Name, Counter[str]],
    articles: Counter[Name],
) -> Iterator[Row]:
    taken = Taken()
    for name in ordered:
        form = _most_common(forms[name], fold=name[0])
        kind = _most_common(kinds[name])
        key = taken.unlike(slug(form))
        yield (
            "entities",
            {
                "id": numbers[name],
                "key": key,
                "name": form,
                "kind": kind,
                "article_count": articles[name],
                "mention_count": kinds[name].total(),
            },
        )


def _article_rows(entry: Entry, resolve: _Resolver, numbers: dict[Name, int]) -> Iterator[Row]:
    counts: Counter[int] = Counter()
    named: dict[int | None, int] = {}
    for mention in entry.facts.mentions:
        number = numbers[resolve(mention)]
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
                "cue": quote.cue,
                "quote": quote.quote,
                "start": quote.start,
                "end": quote.end,
                "confidence": quote.confidence,
            },
        )


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _class(mention: Mention) -> str:
    return CLASSES.get(mention.kind, "other")


def _most_common(counts: Counter[str], fold: str | None = None) -> str:
    """Return the most frequent value, the first by alphabet on a tie; of those that fold alike."""
    matching = {value: count for value, count in counts.items() if fold is None or _fold(value) == fold}
    return min(matching or counts, key=lambda value: (-counts[value], value))
