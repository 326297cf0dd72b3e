"""Looks a database over: whether it is sound, whole, and says what it was made to say.

Nothing is written, and nothing but the file itself is needed: it may lie on a read-only disk. What
SQLite can only check by writing is checked in a temporary copy of the search indexes.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from ingest import schema
from ingest.editions.excerpts import count_words
from ingest.postings import list_postings
from ingest.read_only import open_read_only
from ingest.schema import views
from ingest.store import content_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Look = Callable[[sqlite3.Connection], Iterator[str]]

BESIDE = ("-wal", "-journal")
SHADOWS = ("data", "idx", "docsize", "config")
MOST_SHOWN = 3
SURFACES = (("mentions", "surface"), ("quotes", "quote"), ("dates", "surface"))
OUTCOMES = (
    ("articles", "article"),
    ("duplicates", "duplicate"),
    ("skipped", "skipped"),
    ("problems", "problem"),
)
# What must add up, and a query whose rows are those that do not.
COUNTS = (
    ("articles without their text", "select id from articles except select id from article_text"),
    ("articles of runs", "select articles from runs where articles != (select count(*) from articles)"),
    (
        "files of runs",
        (
            "select found from runs where found != articles + duplicates + skipped + problems"
            " or found != (select count(*) from files)"
        ),
    ),
    *(
        (
            f"{column} of runs",
            (
                f"select {column} from runs"
                f" where {column} != (select count(*) from files where outcome = '{outcome}')"
            ),
        )
        for column, outcome in OUTCOMES
    ),
    *(
        (
            f"articles of {table}",
            (
                f"select key from {table} where article_count is not"
                f" (select count(*) from {held} where {column} = {table}.id)"
            ),
        )
        for table, held, column in (
            ("sources", "articles", "source_id"),
            ("authors", "article_authors", "author_id"),
            ("tags", "article_tags", "tag_id"),
            ("entities", "article_entities", "entity_id"),
        )
    ),
    (
        "mentions of entities",
        (
            "select key from entities where mention_count is not"
            " (select count(*) from mentions where entity_id = entities.id)"
        ),
    ),
    (
        "mentions of aliases",
        (
            "select key from entities where mention_count is not"
            " (select sum(mentions) from entity_aliases where entity_id = entities.id)"
        ),
    ),
    (
        "mentions by article",
        (
            "select article_id, entity_id, mentions from article_entities except"
            " select article_id, entity_id, count(*) from mentions group by 1, 2"
        ),
    ),
    (
        "sizes of stories",
        (
            "select id from stories where size is not"
            " (select count(*) from story_articles where story_id = stories.id)"
        ),
    ),
    (
        "articles by month",
        (
            "select month, source_id, articles, words from articles_by_month except"
            " select substr(published, 1, 7), source_id, count(*), sum(words) from articles"
            " where length(published) >= 7 group by 1, 2"
        ),
    ),
    (
        "articles by month",
        (
            "select 1 where (select coalesce(sum(articles), 0) from articles_by_month) !="
            " (select count(*) from articles where length(published) >= 7)"
        ),
    ),
    (
        "entities by year",
        (
            "select entity_id, year, articles, mentions from entities_by_year except"
            " select entity_id, year, count(*), sum(mentions) from article_entities"
            " join articles on articles.id = article_id where year is not null group by 1, 2"
        ),
    ),
)
LESS = "(select id from articles where rights != 'full')"
NOT_EVEN_EXCERPTS = "(select id from articles where rights = 'metadata')"
# What an edition must not have, and a query for the first of it.
WITHHELD = (
    (
        "the text of an article of which only the catalogue entry may be shown",
        f"select id from article_text where id in {NOT_EVEN_EXCERPTS} and (text != '' or body != '')",
    ),
    *(
        (
            f"{table} of such an article",
            f"select article_id from {table} where article_id in {NOT_EVEN_EXCERPTS}",
        )
        for table in ("mentions", "article_entities", "quotes", "dates", "pages")
    ),
    *(
        (
            f"{table} of an article that may not be shown in full",
            f"select article_id from {table} where article_id in {LESS}",
        )
        for table in ("fields", "removed_blocks", "related", "story_articles")
    ),
    ("an article that was taken down", "select id from articles where key in (select key from tombstones)"),
)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at: what should be, and what is wrong with it, if anything is."""

    promise: str
    wrong: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as one line."""
        if not self.wrong:
            return f"ok      {self.promise}"
        more = f" … and {len(self.wrong) - MOST_SHOWN} more" if len(self.wrong) > MOST_SHOWN else ""
        return f"FAILED  {self.promise}: {'; '.join(self.wrong[:MOST_SHOWN])}{more}"


def verify(path: Path) -> list[Check]:
    """Return every check of a database, each with what it found; the file is only read."""
    checks = []
    with open_read_only(path, immutable=True) as connection:
        connection.isolation_level = None
        connection.execute("pragma temp_store = file")
        for promise, look in CHECKS:
            # A file may be damaged in any place, so every look may stumble.
            try:
                wrong = tuple(look(connection))
            except (sqlite3.Error, UnicodeDecodeError, TypeError) as error:
                wrong = (f"it cannot be read ({error})",)
            if look is _look_at_file:
                wrong = (*_left_beside(path), *wrong)
            checks.append(Check(promise=promise, wrong=wrong))
    return checks


def _left_beside(path: Path) -> Iterator[str]:
    """Yield what a program left beside the file that was killed, or is writing it now."""
    for ending in BESIDE:
        beside = path.with_name(path.name + ending)
        if beside.exists() and beside.stat().st_size:
            yield f"{beside.name} lies beside it, so the last change is not complete"


def _look_at_file(connection: sqlite3.Connection) -> Iterator[str]:
    for (message,) in connection.execute("pragma integrity_check"):
        if message != "ok":
            yield str(message).replace("\n", " ")


def _look_at_schema(connection: sqlite3.Connection) -> Iterator[str]:
    there = {
        row[0] for row in connection.execute("select name from sqlite_master where type in ('table', 'view')")
    }
    wanted = {each.name for each in (*schema.TABLES, *schema.VIEWS, *schema.SEARCH_INDEXES, schema.POSTINGS)}
    yield from (f"{name} is missing" for name in sorted(wanted - there))
    for table in schema.TABLES:
        columns = {row[1] for row in connection.execute(f"pragma table_info({table.name})")}
        if table.name in there:
            yield from (
                f"{table.name}.{each.name} is missing" for each in table.columns if each.name not in columns
            )
    versions = [row[0] for row in connection.execute("select schema from runs")]
    if versions != [schema.VERSION]:
        yield f"its version is {', '.join(map(str, versions)) or 'not told'}, this program's {schema.VERSION}"


def _look_at_keys(connection: sqlite3.Connection) -> Iterator[str]:
    for table, row, target, _ in connection.execute("pragma foreign_key_check"):
        yield f"row {row} of {table} points to a row that {target} does not have"


def _look_at_search(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the search indexes that are not whole, or do not say what the articles say.

    FTS5's own check counts as writing. So the index, without the text, is copied into the temporary
    database of the connection, over views of the text it indexes, and checked there.
    """
    views.register(connection)
    for index in schema.SEARCH_INDEXES:
        columns = ", ".join(index.columns)
        condition = f" where {index.only}" if index.only else ""
        connection.execute(
            f"create temp view indexed as select id, {index.indexed} from main.{index.content}{condition}"
        )
        connection.execute(
            f"create virtual table temp.checked using fts5({columns}, content='indexed', content_rowid='id',"
            f' tokenize="{index.tokenize}")'
        )
        try:
            for shadow in SHADOWS:
                connection.execute(f"delete from temp.checked_{shadow}")
                connection.execute(
                    f"insert into temp.checked_{shadow} select * from main.{index.name}_{shadow}"
                )
            connection.execute("insert into temp.checked (checked, rank) values ('integrity-check', 1)")
        except sqlite3.Error as error:
            yield f"{index.name} does not fit what it indexes ({error})"
        finally:
            with suppress(sqlite3.Error):
                connection.execute("drop table temp.checked")
            connection.execute("drop view temp.indexed")
    there = connection.execute(f"select * from {schema.POSTINGS.name} order by word")
    if any(ours != theirs for ours, theirs in zip_longest(list_postings(connection), there)):
        yield f"{schema.POSTINGS.name} does not have the words as {schema.POSTINGS.index} has them"


def _look_at_counts(connection: sqlite3.Connection) -> Iterator[str]:
    for what, query in COUNTS:
        if row := connection.execute(f"{query} limit 1").fetchone():
            yield f"{what} ({', '.join(map(str, row))})"


def _look_at_offsets(connection: sqlite3.Connection) -> Iterator[str]:
    for article, text in connection.execute("select id, text from article_text order by id"):
        for table, surface in SURFACES:
            rows = connection.execute(
                f'select start, "end", {surface} from {table} where article_id = ?', (article,)
            )
            for start, end, words in rows:
                if text[start:end] != words:
                    yield f"{table} of article {article} at {start} is not what stands there"
        for page, start, end in connection.execute(
            'select page, start, "end" from pages where article_id = ?', (article,)
        ):
            if not 0 <= start <= end <= len(text):
                yield f"page {page} of article {article} lies outside its text"


def _look_at_rights(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what an edition shows against its rights; a collection may hold everything."""
    most = connection.execute("select excerpt_words from runs").fetchone()[0]
    if most is None:
        return
    for what, query in WITHHELD:
        if row := connection.execute(f"{query} limit 1").fetchone():
            yield f"it has {what} ({row[0]})"
    for article, text in connection.execute(
        "select articles.id, text from articles join article_text on article_text.id = articles.id"
        " where rights = 'excerpt'"
    ):
        if count_words(text) > most:
            yield f"the excerpt of article {article} has more than {most} words"


def _look_at_content(connection: sqlite3.Connection) -> Iterator[str]:
    stated = connection.execute("select content from runs").fetchone()
    if stated is None or stated[0] != content_hash(connection):
        yield "something was changed since it was made"


CHECKS: tuple[tuple[str, Look], ...] = (
    ("The file is sound", _look_at_file),
    ("Its tables are those of this version", _look_at_schema),
    ("Every row points to rows that are there", _look_at_keys),
    ("The search indexes say what the articles say", _look_at_search),
    ("The counts add up", _look_at_counts),
    ("Names, quotations and dates stand in the texts where they are said to", _look_at_offsets),
    ("Nothing is there that its rights withhold", _look_at_rights),
    ("The content is what it was when it was made", _look_at_content),
)
