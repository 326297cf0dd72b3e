"""The rows of an edition, table by table, from those of the collection and the plan.

Every table of the schema has its rule here, so that a new one is left out until somebody has
said what of it may be shown. What follows from other rows is made by the store.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ingest.collate.articles import FULL
from ingest.editions.excerpts import as_body, find_excerpt_end, find_own_end
from ingest.editions.names import Names
from ingest.editions.plan import METADATA
from ingest.editions.privacy import shorten_locator, shorten_paths, shorten_statement, without_login
from ingest.normalize.cascade import title_from_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from ingest.editions.plan import Plan
    from ingest.model import Row, Value
    from ingest.settings import EditionSettings

    Rule = Callable[["Edition", str], Iterator[Row]]
    Values = dict[str, Value]

ALL, UNNAMED = "all", "unnamed"
NUMBERED = {"sources": "source_id", "authors": "author_id", "tags": "tag_id"}
HELD_IN = {"authors": "article_authors", "tags": "article_tags", "sources": "articles"}
COUNTED = ("article_count", "first_published", "last_published")
# The articles that nobody gave a title, with the first words of the text that stand for one.
UNTITLED = "select article_id, value from fields where field = 'title chosen' and origin = 'text'"


class Edition:
    """What the rules need to know: the collection, the plan, and the new numbers of things."""

    def __init__(self, connection: sqlite3.Connection, plan: Plan, settings: EditionSettings) -> None:
        """Give what is shown new numbers, in the order of the collection."""
        self.connection, self.plan, self.settings = connection, plan, settings
        self.names = Names(connection, plan)
        self.numbers = {table: self._number(table) for table in NUMBERED}
        self._taken: set[str] = set()
        self.locators: dict[str, str] = {}
        self.files: dict[int, int] = {}
        for row in self.select("files"):
            if self.has_file(row):
                self.files[row["id"]] = len(self.files) + 1
                self.locators[row["locator"]] = self._locator(row)

    def rows(self) -> Iterator[Row]:
        """Yield the rows of every table."""
        for table, rule in RULES.items():
            yield from rule(self, table)

    def counts(self) -> Values:
        """Return how many files became what, as `runs` has it."""
        outcomes = Counter(row["outcome"] for row in self.select("files") if row["id"] in self.files)
        problems = [values for _, values in _problems(self, "problems")]
        failed = {row["id"] for row in self.select("files") if row["outcome"] == "problem"}
        failed = {self.files.get(each) for each in failed}
        return {
            "found": outcomes.total(),
            "articles": outcomes["article"],
            "duplicates": outcomes["duplicate"],
            "skipped": outcomes["skipped"],
            "problems": outcomes["problem"],
            "warnings": sum(
                each["file_id"] is not None and each["file_id"] not in failed for each in problems
            ),
        }

    def select(self, table: str) -> Iterator[sqlite3.Row]:
        """Yield the rows of a table of the collection, in their order."""
        yield from self.connection.execute(f"select * from {table} order by rowid")

    def has_file(self, row: sqlite3.Row) -> bool:
        """Tell whether the edition speaks of a file."""
        if row["article_id"] is not None:
            return row["article_id"] in self.plan.articles
        return self.settings.files == ALL and not self.plan.took_down(row["locator"])

    def excerpt(self, article: int) -> str:
        """Return what is shown of the text of an article."""
        text = self.connection.execute("select text from article_text where id = ?", (article,)).fetchone()[0]
        return str(text) if self.plan.is_full(article) else str(text)[: self.plan.ends.get(article, 0)]

    def _number(self, table: str) -> dict[int, int]:
        """Return the new number of each row that belongs to an article that is shown."""
        column, article = NUMBERED[table], "id" if table == "sources" else "article_id"
        used = {
            row[0]
            for row in self.connection.execute(f"select {column}, {article} from {HELD_IN[table]}")
            if row[1] in self.plan.articles
        }
        return {number: place for place, number in enumerate(sorted(used - {None}), start=1)}

    def _locator(self, row: sqlite3.Row) -> str:
        if self.settings.files == ALL:
            return str(row["locator"])
        if self.settings.files == UNNAMED:
            sql = "select key from articles where id = ?"
            base = str(self.connection.execute(sql, (row["article_id"],)).fetchone()[0])
        else:
            base = shorten_locator(str(row["locator"]))
        number, locator = 1, base
        while locator in self._taken:
            number += 1
            locator = f"{base} ({number})"
        self._taken.add(locator)
        return locator


def _articles(edition: Edition, table: str) -> Iterator[Row]:
    plan = edition.plan
    untitled = dict(edition.connection.execute(UNTITLED).fetchall())
    for row in edition.select(table):
        if row["id"] not in plan.articles:
            continue
        level = plan.rights.get(row["id"], FULL)
        title = row["title"]
        if level != FULL and row["id"] in untitled:
            # What follows them tells which part of a long text it is.
            title = title_from_text(edition.excerpt(row["id"])) + title.removeprefix(untitled[row["id"]])
        yield (
            table,
            {
                **_without(row, "file_id", "story_id"),
                "id": plan.articles[row["id"]],
                "title": title,
                "url": without_login(row["url"]) if row["url"] else None,
                "description": _description(edition, row, level),
                "source_id": edition.numbers["sources"].get(row["source_id"]),
                "rights": level,
                "part_of": plan.articles.get(row["part_of"]),
            },
        )


def _description(edition: Edition, row: sqlite3.Row, level: str) -> str | None:
    """Return what is shown of a standfirst; a feed may have put the whole article there."""
    description: str | None = row["description"]
    if not description or level == FULL:
        return description
    if level == METADATA:
        return None
    sql = "select text from article_text where id = ?"
    text = edition.connection.execute(sql, (row["id"],)).fetchone()[0]
    description = description[: find_own_end(description, text, edition.plan.ends.get(row["id"], 0))]
    return description[: find_excerpt_end(description, edition.settings.excerpt_words, most_share=1)] or None


def _texts(edition: Edition, table: str) -> Iterator[Row]:
    plan = edition.plan
    for row in edition.select(table):
        if row["id"] in plan.articles:
            body, text = row["body"], row["text"]
            if not plan.is_full(row["id"]):
                text = text[: plan.ends.get(row["id"], 0)]
                body = as_body(text)
            yield table, {"id": plan.articles[row["id"]], "body": body, "text": text}


def _numbered(edition: Edition, table: str) -> Iterator[Row]:
    """Yield what articles belong to, such as tags: those of the articles that are shown."""
    numbers = edition.numbers[table]
    for row in edition.select(table):
        if row["id"] in numbers:
            yield table, {**_without(row, *COUNTED), "id": numbers[row["id"]]}


def _belongings(edition: Edition, table: str) -> Iterator[Row]:
    """Yield which article belongs to which author or tag."""
    held = next(each for each, within in HELD_IN.items() if within == table)
    column = NUMBERED[held]
    for row in edition.select(table):
        if row["article_id"] in edition.plan.articles:
            number = edition.numbers[held][row[column]]
            yield table, {**_moved(edition, row), column: number}


def _pages(edition: Edition, table: str) -> Iterator[Row]:
    """Yield the pages of what is shown, the last one as far as it goes."""
    plan = edition.plan
    for row in edition.select(table):
        end = plan.ends.get(row["article_id"], 0)
        if plan.is_full(row["article_id"]):
            yield table, _moved(edition, row)
        elif row["start"] < end:
            yield table, {**_moved(edition, row), "end": min(row["end"], end)}


def _names(edition: Edition, _table: str) -> Iterator[Row]:
    yield from edition.names.rows()


def _mentions(edition: Edition, table: str) -> Iterator[Row]:
    for row in edition.names.mentions():
        yield table, {**_moved(edition, row), "entity_id": edition.names.numbers[row["entity_id"]]}


def _article_entities(edition: Edition, table: str) -> Iterator[Row]:
    for article, entity, mentions in edition.names.counts():
        yield table, {"article_id": article, "entity_id": entity, "mentions": mentions}


def _quotes(edition: Edition, table: str) -> Iterator[Row]:
    """Yield the quotations of what is shown; who speaks is told only if what is shown tells."""
    plan, names = edition.plan, edition.names
    for row in edition.select(table):
        article = row["article_id"]
        if not plan.shows(article, row["end"]):
            continue
        values = {**_without(row, "id"), "article_id": plan.articles[article]}
        entity = row["speaker_entity_id"]
        if not plan.is_full(article):
            text = edition.excerpt(article)
            entity = entity if entity in names.named.get(article, ()) else None
            values |= {
                name: row[name] if row[name] and row[name] in text else None for name in ("speaker", "cue")
            }
            values["confidence"] = row["confidence"] if values["speaker"] else 0.0
            entity = entity if values["speaker"] else None
        yield table, {**values, "speaker_entity_id": names.numbers.get(entity)}


def _dates(edition: Edition, table: str) -> Iterator[Row]:
    for row in edition.select(table):
        if edition.plan.shows(row["article_id"], row["end"]):
            yield table, _moved(edition, row)


def _of_full(edition: Edition, table: str) -> Iterator[Row]:
    """Yield what is known of the whole text of an article, if all of it is shown."""
    for row in edition.select(table):
        if edition.plan.is_full(row["article_id"]):
            yield table, _moved(edition, row)


def _related(edition: Edition, table: str) -> Iterator[Row]:
    plan = edition.plan
    for row in edition.select(table):
        if plan.is_full(row["article_id"]) and plan.is_full(row["related_id"]):
            yield table, {**_moved(edition, row), "related_id": plan.articles[row["related_id"]]}


def _fields(edition: Edition, table: str) -> Iterator[Row]:
    """Yield every statement about what is shown in full; a copy is named as the edition names it."""
    everything = edition.settings.files == ALL
    for row in edition.select(table):
        if edition.plan.is_full(row["article_id"]):
            stated, of, locator = row["origin"].partition(" of ")
            origin = f"{stated}{of}{edition.locators.get(locator, locator)}"
            value = row["value"] if everything else shorten_statement(row["value"])
            yield table, {**_without(_moved(edition, row), "id"), "value": value, "origin": origin}


def _stories(edition: Edition, _table: str) -> Iterator[Row]:
    """Yield the stories of which two versions or more are shown in full."""
    plan = edition.plan
    stories: dict[int, list[int]] = {}
    sql = "select story_id, article_id from story_articles order by story_id, position"
    for story, article in edition.connection.execute(sql):
        if plan.is_full(article):
            stories.setdefault(story, []).append(plan.articles[article])
    told = [articles for articles in stories.values() if len(articles) > 1]
    for number, articles in enumerate(told, start=1):
        yield "stories", {"id": number, "size": len(articles), "first_article_id": articles[0]}
        for position, article in enumerate(articles, start=1):
            yield "story_articles", {"story_id": number, "position": position, "article_id": article}


def _files(edition: Edition, table: str) -> Iterator[Row]:
    """Yield the files that the edition speaks of; of what is not shown in full, no hash and no size."""
    plan = edition.plan
    for row in edition.select(table):
        if row["id"] not in edition.files:
            continue
        article = row["article_id"]
        known = article is None or plan.is_full(article)
        yield (
            table,
            {
                **dict(row),
                "id": edition.files[row["id"]],
                "locator": edition.locators[row["locator"]],
                "sha256": row["sha256"] if known else None,
                "bytes": row["bytes"] if known else None,
                "article_id": plan.articles.get(article) if article is not None else None,
            },
        )


def _problems(edition: Edition, table: str) -> Iterator[Row]:
    """Yield the doubts about what is shown in full; what concerns the curator alone stays at home."""
    plan = edition.plan
    everything = edition.settings.files == ALL
    withheld = {
        row["id"]
        for row in edition.select("files")
        if row["article_id"] and not plan.is_full(row["article_id"])
    }
    for row in edition.select(table):
        number = edition.files.get(row["file_id"])
        if row["file_id"] in withheld or (
            number is None and (not everything or row["file_id"] or plan.rights)
        ):
            continue
        texts = {name: row[name] if everything else shorten_paths(row[name]) for name in ("message", "hint")}
        locator = edition.locators.get(row["locator"], row["locator"])
        yield table, {**_without(row, "id"), **texts, "file_id": number, "locator": locator}


def _former_keys(edition: Edition, table: str) -> Iterator[Row]:
    for row in edition.select(table):
        if row["article_id"] in edition.plan.articles:
            yield table, _moved(edition, row)


def _tombstones(edition: Edition, table: str) -> Iterator[Row]:
    for key, takedown in sorted(edition.plan.tombstones.items()):
        yield table, {"key": key, "reason": takedown.reason, "date": takedown.date}


def _none(_edition: Edition, _table: str) -> Iterator[Row]:
    """Yield nothing: the store makes these rows, or another rule does."""
    yield from ()


def _moved(edition: Edition, row: sqlite3.Row) -> Values:
    """Return the values of a row that belongs to an article, with the article's new number."""
    return {**dict(row), "article_id": edition.plan.articles[row["article_id"]]}


def _without(row: sqlite3.Row | Values, *columns: str) -> Values:
    return {name: value for name, value in dict(row).items() if name not in columns}


RULES: dict[str, Rule] = {
    "sources": _numbered,
    "authors": _numbered,
    "tags": _numbered,
    "articles": _articles,
    "article_text": _texts,
    "article_authors": _belongings,
    "article_tags": _belongings,
    "pages": _pages,
    "entities": _names,
    "entity_aliases": _none,
    "mentions": _mentions,
    "article_entities": _article_entities,
    "quotes": _quotes,
    "dates": _dates,
    "articles_by_month": _none,
    "dates_by_source": _none,
    "entities_by_year": _none,
    "entity_company": _none,
    "entity_trends": _none,
    "stories": _stories,
    "story_articles": _none,
    "related": _related,
    "removed_blocks": _of_full,
    "files": _files,
    "fields": _fields,
    "problems": _problems,
    "former_keys": _former_keys,
    "tombstones": _tombstones,
    "runs": _none,
}
