"""The entities of an edition: those that what is shown names, by names that what is shown uses."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ingest.collate.articles import Taken, slug
from ingest.collate.usages import fold
from ingest.read_only import open_read_only

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ingest.editions.plan import Plan
    from ingest.model import Row, Value


class Names:
    """Maps the entities of a collection to those of an edition, counted anew.

    `numbers` gives the new number of each entity that is mentioned in what is shown, the most
    mentioned first; `named` the entities of each excerpt.
    """

    def __init__(self, connection: sqlite3.Connection, plan: Plan) -> None:
        """Count the mentions that the edition shows."""
        self._connection, self._plan = connection, plan
        self._aliases: dict[int, Counter[str]] = defaultdict(Counter)
        self._articles: Counter[int] = Counter()
        self.named: dict[int, set[int]] = {}
        for article, entities in self._by_article():
            self._articles.update(entities)
            if not plan.is_full(article):
                self.named[article] = set(entities)
        self._in_excerpts = set().union(*self.named.values())
        ordered = sorted(self._articles, key=lambda entity: (-self._articles[entity], entity))
        self.numbers = {entity: number for number, entity in enumerate(ordered, start=1)}

    def mentions(self) -> Iterator[sqlite3.Row]:
        """Yield the mentions that the edition shows, in their order."""
        for row in self._connection.execute("select * from mentions order by rowid"):
            if self._plan.shows(row["article_id"], row["end"]):
                yield row

    def counts(self) -> Iterator[tuple[int, int, int]]:
        """Yield article and entity, both by their new numbers, and how often it is mentioned there."""
        articles: dict[int, Counter[int]] = {}
        for row in self.mentions():
            article = self._plan.articles[row["article_id"]]
            if article not in articles:
                yield from _flat(articles)
                articles = {article: Counter()}
            articles[article][self.numbers[row["entity_id"]]] += 1
        yield from _flat(articles)

    def rows(self) -> Iterator[Row]:
        """Yield the rows of `entities` and `entity_aliases`."""
        kept = {}
        for row in self._connection.execute("select * from entities order by id"):
            if row["id"] in self.numbers:
                kept[row["id"]] = dict(row)
        taken = Taken()
        renamed = [entity for entity, row in kept.items() if not self._is_public(row)]
        for entity, row in kept.items():
            if entity not in renamed:
                taken.unlike(row["key"])
        for entity in renamed:
            aliases = self._aliases[entity]
            name = min(aliases, key=lambda alias: (-aliases[alias], -len(alias), alias))
            kept[entity] |= {"name": name, "key": taken.unlike(slug(name)), "wikidata": None}
        for entity, number in self.numbers.items():
            yield (
                "entities",
                {
                    **_without(kept[entity], "first_published", "last_published"),
                    "id": number,
                    "country_id": self.numbers.get(kept[entity]["country_id"]),
                    "article_count": self._articles[entity],
                    "mention_count": self._aliases[entity].total(),
                },
            )
        yield from self._alias_rows()

    def _alias_rows(self) -> Iterator[Row]:
        sql = "select alias, origin from entity_aliases where entity_id = ?"
        for entity, number in self.numbers.items():
            origins = dict(self._connection.execute(sql, (entity,)).fetchall())
            for alias, mentions in sorted(self._aliases[entity].items()):
                yield (
                    "entity_aliases",
                    {
                        "entity_id": number,
                        "alias": alias,
                        "mentions": mentions,
                        "origin": origins.get(alias),
                    },
                )

    def _by_article(self) -> Iterator[tuple[int, set[int]]]:
        """Yield the articles with the entities that they show, and count the forms on the way."""
        article, entities = 0, set[int]()
        for row in self.mentions():
            if row["article_id"] != article:
                if entities:
                    yield article, entities
                article, entities = row["article_id"], set()
            entities.add(row["entity_id"])
            self._aliases[row["entity_id"]][row["surface"]] += 1
        if entities:
            yield article, entities

    def _is_public(self, row: dict[str, Value]) -> bool:
        """Tell whether an entity's name follows from what is shown.

        It does if one of its mentions has it, or if all of them stand in articles shown in full: what
        an excerpt leaves out may have spelt out the name.
        """
        entity = int(row["id"] or 0)
        aliases, name = self._aliases[entity], fold(str(row["name"]))
        in_full = entity not in self._in_excerpts and aliases.total() == row["mention_count"]
        return in_full or any(name in fold(alias) for alias in aliases)


def named_places(stated: Mapping[str, object], database: Path) -> dict[str, object]:
    """Return what metadata.yml says of places, without those that an edition does not name."""
    with open_read_only(database) as connection:
        names = {row[0] for row in connection.execute("select name from entities")}
    return {name: where for name, where in stated.items() if name in names}


def _flat(articles: dict[int, Counter[int]]) -> Iterator[tuple[int, int, int]]:
    for article, counts in articles.items():
        for entity, count in sorted(counts.items()):
            yield article, entity, count


def _without(row: dict[str, Value], *columns: str) -> dict[str, Value]:
    return {name: value for name, value in row.items() if name not in columns}
