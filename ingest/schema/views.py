"""The views and search indexes over the tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, kw_only=True)
class SearchIndex:
    """A full-text index: an FTS5 table without text of its own, over a table or view.

    `only` is a condition on what is indexed; it and `indexed` ask the functions that `register` gives.
    """

    name: str
    description: str
    content: str
    columns: tuple[str, ...]
    tokenize: str
    only: str = ""

    @property
    def indexed(self) -> str:
        """Return the SQL for the columns as they are indexed."""
        return ", ".join(f"without_points({column}) as {column}" for column in self.columns)


@dataclass(frozen=True, kw_only=True)
class Postings:
    """A table beside the search index `index`, whose name begins with that one's, as of all its parts."""

    name: str
    description: str
    index: str
    sql: str
    fill: str


@dataclass(frozen=True, kw_only=True)
class View:
    """A view that pages and people read instead of joining for themselves."""

    name: str
    description: str
    query: str


# Marks are letters of a word, as vowel signs of Hindi are; but not those that make a picture of a sign.
FOLDING = (
    "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
    f" separators '{''.join(map(chr, range(0xFE00, 0xFE10)))}'"
)
# What may be written or left out: accents that no letter has taken in, the points of Hebrew and of Arabic,
# and what draws an Arabic word out.
POINTS = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
)
POINT = re.compile(f"[{POINTS}]")
# Thai, Lao, Burmese, Khmer, Japanese, Chinese; and Korean, whose particles cling to the words. The
# letters tell, not the language: a short text has none stated, and an English one may quote Chinese.
UNSPACED = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
SCRIPTS_WITHOUT_SPACES = "has_unspaced(title || text)"
SEARCHED = ("title", "description", "text", "names")
WEIGHTS = (10, 4, 1, 6)
SEARCH_INDEXES = (
    SearchIndex(
        name="articles_fts",
        description=(
            "Full-text search; letters are folded, so `Poyekhali` finds `Poyékhali`, and points of Arabic and"
            " Hebrew left out."
        ),
        content="article_search",
        columns=SEARCHED,
        tokenize=FOLDING,
    ),
    SearchIndex(
        name="articles_trigram",
        description="Search by any three characters, for scripts that set no spaces between words.",
        content="article_search",
        columns=SEARCHED,
        tokenize="trigram",
        only=SCRIPTS_WITHOUT_SPACES,
    ),
    SearchIndex(
        name="quotes_fts",
        description="Full-text search in quotations.",
        content="quotes",
        columns=("quote", "speaker"),
        tokenize=FOLDING,
    ),
)
POSTINGS = Postings(
    name="articles_fts_postings",
    description=(
        "Of each word that many articles have, how many and which they are, in little-endian arrays of equal"
        " numbers: `gaps` from one `id` to the next, and how often each has it, a place in its title counted"
        " ten times, in its description four and in its names six."
    ),
    index="articles_fts",
    sql="""
        create table articles_fts_postings (
            word text primary key not null, articles integer not null,
            gaps blob not null, frequencies blob not null
        )
    """,
    fill="insert into articles_fts_postings (word, articles, gaps, frequencies) values (?, ?, ?, ?)",
)
VIEWS = (
    View(
        name="article_search",
        description="What search reads: catalogue row, text, and all names of authors and entities.",
        query="""
            select articles.id as id, title, description, text, language, coalesce(
                (select group_concat(name, ' · ') from article_authors
                    join authors on authors.id = author_id  where article_id = articles.id), ''
            ) || ' · ' || coalesce(
                (select group_concat(name, ' · ') from article_entities
                    join entities on entities.id = entity_id where article_id = articles.id), ''
            ) as names
            from articles join article_text on article_text.id = articles.id
        """,
    ),
    View(
        name="article_list",
        description="Articles with the name of their source, as lists show them.",
        query="""
            select articles.id as id, articles.key as key, title, description, published,
                published_precision, year, articles.source_id as source_id,
                sources.name as source, sources.key as source_key, section, language,
                words, articles.rights as rights, url
            from articles left join sources on sources.id = articles.source_id
        """,
    ),
    View(
        name="article_mentions",
        description="Every mention with its article and the entity's name.",
        query="""
            select mentions.article_id as article_id, articles.key as article_key, title,
                published, entity_id, entities.name as entity, kind, surface, start, "end"
            from mentions
            join articles on articles.id = mentions.article_id
            join entities on entities.id = mentions.entity_id
        """,
    ),
)


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that search indexes ask; `glob` takes sixteen times as long."""
    connection.create_function("has_unspaced", 1, _has_unspaced, deterministic=True)
    connection.create_function("without_points", 1, _without_points, deterministic=True)


def _has_unspaced(text: str | None) -> bool:
    return text is not None and UNSPACED_LETTER.search(text) is not None


def _without_points(text: str | None) -> str | None:
    return text if text is None or text.isascii() else POINT.sub("", unicodedata.normalize("NFC", text))
