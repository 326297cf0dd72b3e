"""What strangers will see of a database that is about to be published, and what may surprise its owner."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest import schema
from ingest.editions.hosts import LOOKED_UP, MB, describe_fit
from ingest.editions.privacy import PRIVATE_PATH
from ingest.editions.verification import verify
from ingest.errors import EditionError
from ingest.read_only import open_read_only
from ingest.store import last_run

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24}\b")
PHONE = re.compile(
    r"(?<![\w+])(?:"
    r"(?:\+|00)\d{1,3}[ ./()-]{0,3}(?:\d[ ./()-]{0,2}){6,12}\d"
    r"|\(\d{2,5}\) ?\d{3,4}[ -]\d{3,5}"
    r"|\d{3}[-.]\d{3}[-.]\d{4}"
    # Within a country, as in Britain, Germany, Australia and France: a zero, and where it lies.
    r"|(?:0[1-9]\d{1,3}[ /]|\(0[1-9]\d{1,3}\) ?)\d{5,8}"
    r"|0[1-9]\d{0,3}[ /]\d{3,4} \d{3,4}"
    r"|0[1-9](?: \d\d){4}|0[1-9](?:\.\d\d){4}"
    r"|(?i:tel|telephone|telefon|phone|fax)\.?:? ?\+?\d[\d ()/.-]{5,18}\d"
    r")(?!\w)"
)
# The writing of others, in which people are told how to reach somebody; the first column is the article.
WRITING = (
    ("articles", ("id", "title", "description")),
    ("article_text", ("id", "text", "body")),
    ("fields", ("article_id", "value")),
    ("removed_blocks", ("article_id", "text")),
)
# What this program wrote down about files and machines, and what was stated beside the texts.
RECORDS = (
    ("files", ("locator", "reason")),
    ("fields", ("value", "origin")),
    ("problems", ("locator", "message", "hint")),
    ("runs", ("recognisers",)),
)
CATALOGUE = frozenset(
    (
        *("title", "title chosen", "author", "authors", "date", "published", "modified", "section", "source"),
        *("language", "url", "canonical", "source_url", "tag", "tags", "description", "summary", "rights"),
    )
)
MOST_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """What is said before a database is published: facts as lines, surprises as sentences."""

    facts: tuple[str, ...]
    surprises: tuple[str, ...]


@dataclass(kw_only=True)
class _Found:
    """How often something was found, in how many places and which articles, and the first of it."""

    places: int = 0
    articles: set[int] = field(default_factory=set)
    examples: Counter[str] = field(default_factory=Counter)

    def add(self, found: list[str], article: int | None) -> None:
        self.places += bool(found)
        if found and article is not None:
            self.articles.add(article)
        if len(self.examples) < MOST_SHOWN:
            self.examples.update(found[:MOST_SHOWN])

    def shown(self) -> str:
        return ", ".join(list(self.examples)[:MOST_SHOWN])


def check_database(path: Path) -> Preflight:
    """Return what publishing a database means; it is only read.

    Raises `EditionError` when it is no database of this version.
    """
    run = last_run(path)
    if not run:
        message = f"{path} is no collection or edition of this version. Make one with: readingroom edition"
        raise EditionError(message)
    with open_read_only(path, immutable=True) as connection:
        facts = tuple(_facts(connection, path))
        surprises = tuple(_surprises(connection, is_edition=run["excerpt_words"] is not None))
    damage = tuple(f"{check.promise}? No: {check.wrong[0]}." for check in verify(path) if check.wrong)
    return Preflight(facts=facts, surprises=(*damage, *surprises))


def _facts(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    def one(sql: str) -> object:
        return connection.execute(sql).fetchone()[0]

    size = path.stat().st_size
    built, words = connection.execute("select built, excerpt_words from runs").fetchone()
    what = "the collection itself" if words is None else "an edition"
    yield f"{path.name}: {what}, made {built}, {size / MB:,.1f} MB."
    yield "Strangers will see:"
    sql = "select rights, count(*) from articles group by rights"
    levels = {str(level): int(count) for level, count in connection.execute(sql)}
    yield f"  {levels.get('full', 0):,} articles in full"
    if words is None:
        others = {level: count for level, count in levels.items() if level != "full"}
        yield from (
            f"  {count:,} articles with the rights {level}, in full" for level, count in others.items()
        )
    else:
        yield f"  {levels.get('excerpt', 0):,} excerpts of at most {words} words"
        yield f"  {levels.get('metadata', 0):,} catalogue entries without text"
    yield f"  {one('select count(*) from tombstones'):,} notices of articles taken down"
    yield f"  {one('select count(*) from entities'):,} people, organisations, places and other names"
    yield f"  {one('select count(*) from quotes'):,} quotations"
    yield f"  {one('select count(*) from files'):,} names of files"
    names = [name for (name,) in connection.execute("select distinct field from fields order by 1")]
    if unusual := [name for name in names if name.lower() not in CATALOGUE]:
        more = f" and {len(unusual) - 10:,} more" if len(unusual) > 10 else ""  # noqa: PLR2004 - a line
        yield f"  statements called {', '.join(unusual[:10])}{more}, besides those of a catalogue"
    yield "and, where Datasette serves it, every table, by SQL and as a download."
    yield f"Hosts, by what their documentation said in {LOOKED_UP}:"
    yield from (f"  {line}" for line in describe_fit(size))


def _surprises(connection: sqlite3.Connection, *, is_edition: bool) -> Iterator[str]:
    if not is_edition:
        yield "This is the collection itself. `readingroom edition` makes one of what may be shown."
        less = connection.execute("select count(*) from articles where rights != 'full'").fetchone()[0]
        if less:
            yield f"It holds in full {less:,} articles that may not be shown in full."
    paths = _find(connection, RECORDS, PRIVATE_PATH)
    if paths.places:
        yield (
            f"Paths that tell of a machine or its user stand in {paths.places:,} places: {paths.shown()}."
            " Ingest from a folder that tells less, or set `edition: {files: unnamed}`."
        )
    for what, pattern in (("E-mail addresses", EMAIL), ("Telephone numbers", PHONE)):
        found = _find(connection, WRITING, pattern)
        if found.articles:
            many = len(found.articles)
            first = ", ".join(_keys(connection, found.articles))
            listed = f"the article {first}" if many == 1 else f"{many:,} articles, first {first}"
            yield f"{what} stand in {listed}: {found.shown()}."


def _keys(connection: sqlite3.Connection, articles: set[int]) -> Iterator[str]:
    """Yield the keys of the first of some articles, as their addresses have them."""
    for article in sorted(articles)[:MOST_SHOWN]:
        yield from connection.execute("select key from articles where id = ?", [article]).fetchone()


def _find(
    connection: sqlite3.Connection, where: tuple[tuple[str, tuple[str, ...]], ...], pattern: re.Pattern[str]
) -> _Found:
    found = _Found()
    for table, columns in where:
        if table not in schema.BY_NAME:
            continue
        for row in connection.execute(f"select {', '.join(columns)} from {table}"):
            article = row[0] if isinstance(row[0], int) else None
            values = (value for value in row if value and isinstance(value, str))
            hits = dict.fromkeys(match[0] for value in values for match in pattern.finditer(value))
            found.add(list(hits), article)
    return found
