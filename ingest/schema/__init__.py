"""The tables of collection.db: the only home of their names, columns, keys and meanings.

Everything that speaks of a table takes it from here: the store that fills it, the column
descriptions on Datasette's pages, and the reference in the README.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.schema.views import POSTINGS as POSTINGS
from ingest.schema.views import SEARCH_INDEXES as SEARCH_INDEXES
from ingest.schema.views import VIEWS as VIEWS

VERSION = "10"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column; `references` names the table whose `id` it holds."""

    name: str
    type: type
    description: str
    references: str | None = None
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table; `facets` and `label` are for Datasette's own pages."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: str | tuple[str, ...] | None = None
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    facets: tuple[str, ...] = ()
    label: str | None = None
    sort_desc: str | None = None


def _id(description: str) -> Column:
    return Column(name="id", type=int, description=description)


def _text(name: str, description: str, *, required: bool = False) -> Column:
    return Column(name=name, type=str, description=description, required=required)


def _number(name: str, description: str) -> Column:
    return Column(name=name, type=int, description=description)


def _to(table: str, name: str, description: str, *, required: bool = True) -> Column:
    return Column(name=name, type=int, description=description, references=table, required=required)


FILES = Table(
    name="files",
    description="Every item found, and what became of it; the outcomes add up to all there is.",
    key="id",
    unique=(("locator",),),
    indexes=(("outcome", "reader"), ("article_id",), ("sha256",)),
    facets=("outcome", "reader", "media_type"),
    label="locator",
    columns=(
        _id("Row number, in locator order."),
        _text("locator", "Where it is: a path, and `!/` before a member of a container.", required=True),
        _text("sha256", "SHA-256 of the original bytes, in hexadecimal."),
        _number("bytes", "Size of the original in bytes."),
        _text("media_type", "What it is, as its reader says."),
        _text("reader", "The reader that took it; empty when none did."),
        _text("outcome", "article, duplicate, skipped or problem.", required=True),
        _text("reason", "Why it is not an article."),
        _to("articles", "article_id", "The article it became or is a copy of.", required=False),
    ),
)
SOURCES = Table(
    name="sources",
    description="The publications that the articles come from.",
    key="id",
    unique=(("key",),),
    label="name",
    columns=(
        _id("Row number, by name."),
        _text("key", "Short name for URLs.", required=True),
        _text("name", "Name of the publication.", required=True),
        _text("homepage", "Web address of the publication, where the curator gave one."),
        _text("rights", "What may be shown of its articles: full, excerpt or metadata."),
        _number("article_count", "Number of articles."),
        _text("first_published", "Date of its earliest dated article here."),
        _text("last_published", "Date of its latest dated article here."),
    ),
)
ARTICLES = Table(
    name="articles",
    description="One row an article: what a catalogue would say of it. The text is in article_text.",
    key="id",
    unique=(("key",),),
    indexes=(
        ("published",),
        ("source_id", "published"),
        ("section", "published"),
        ("year", "published"),
        ("language", "published"),
        ("rights", "published"),
        ("story_id",),
        ("part_of",),
        ("file_id",),
    ),
    facets=("source_id", "section", "year", "language"),
    label="title",
    sort_desc="published",
    columns=(
        _id("Row number, in locator order; may change when the collection does."),
        _text(
            "key", "Public identity, 12 hexadecimal digits; in URLs, citations and exports.", required=True
        ),
        _text("title", "Headline as published.", required=True),
        _text("description", "Standfirst or summary, where one was stated."),
        _text("published", "Date of publication, ISO 8601, only as precise as it was stated."),
        _text("published_precision", "year, month, day or minute."),
        _text("published_origin", "Where the date was stated: json-ld, meta, front-matter, file name …"),
        _number("year", "Year of publication."),
        _text("modified", "Date of the last change, where one was stated."),
        _to("sources", "source_id", "The publication.", required=False),
        _text("section", "Section or rubric of the publication."),
        _text("language", "ISO 639-1 code of the text's language; empty when the text is too short."),
        _text("url", "Canonical web address, where one was stated."),
        _number("words", "Number of words in the text; of Chinese and Japanese, of characters."),
        _text("rights", "What may be shown: full, excerpt or metadata.", required=True),
        _to(
            "stories",
            "story_id",
            "The story it is a version of; empty if it is the only one.",
            required=False,
        ),
        _to("files", "file_id", "The file it was read from.", required=False),
        _to("articles", "part_of", "The article that this is a part of.", required=False),
    ),
)
ARTICLE_TEXT = Table(
    name="article_text",
    description="The text of each article, apart from its catalogue row to keep table pages small.",
    key="id",
    columns=(
        Column(name="id", type=int, description="The article.", references="articles"),
        _text("body", "The article in Markdown.", required=True),
        _text("text", "The article as plain text; all offsets count its characters.", required=True),
    ),
)
AUTHORS = Table(
    name="authors",
    description="Everybody who signed an article.",
    key="id",
    unique=(("key",),),
    label="name",
    columns=(
        _id("Row number, by name."),
        _text("key", "Short name for URLs.", required=True),
        _text("name", "Name as signed.", required=True),
        _number("article_count", "Number of articles signed."),
    ),
)
ARTICLE_AUTHORS = Table(
    name="article_authors",
    description="Who signed which article.",
    key=("article_id", "author_id"),
    indexes=(("author_id", "article_id"),),
    columns=(
        _to("articles", "article_id", "The article."),
        _to("authors", "author_id", "The author."),
        _number("position", "Place among the authors, from 1."),
    ),
)
TAGS = Table(
    name="tags",
    description="Keywords that publications gave their articles.",
    key="id",
    unique=(("key",),),
    label="name",
    columns=(
        _id("Row number, by name."),
        _text("key", "Short name for URLs.", required=True),
        _text("name", "The keyword as given.", required=True),
        _number("article_count", "Number of articles."),
    ),
)
ARTICLE_TAGS = Table(
    name="article_tags",
    description="Which article has which keyword.",
    key=("article_id", "tag_id"),
    indexes=(("tag_id", "article_id"),),
    columns=(
        _to("articles", "article_id", "The article."),
        _to("tags", "tag_id", "The keyword."),
    ),
)
PAGES = Table(
    name="pages",
    description="Pages of paged documents, so that a passage can be cited by page.",
    key=("article_id", "page"),
    columns=(
        _to("articles", "article_id", "The article."),
        _number("page", "Page number, from 1."),
        _number("start", "First character of the page in the text."),
        _number("end", "Character after the last of the page."),
    ),
)
ENTITIES = Table(
    name="entities",
    description="People, organisations, places and other names, each once across the collection.",
    key="id",
    unique=(("key",),),
    indexes=(("kind", "article_count"), ("name",), ("article_count",)),
    facets=("kind",),
    label="name",
    sort_desc="article_count",
    columns=(
        _id("Row number, most mentioned first."),
        _text("key", "Short name for URLs.", required=True),
        _text("name", "The fullest usual name.", required=True),
        _text("kind", "PERSON, ORG, GPE, LOC, FAC, NORP, EVENT, WORK, LAW, PRODUCT or MISC.", required=True),
        _to("entities", "country_id", "Of a nationality: its country, if articles name it.", required=False),
        _text("wikidata", "Its number in Wikidata, where the curator linked it."),
        _number("article_count", "Number of articles that mention it."),
        _number("mention_count", "Number of mentions."),
        _text("first_published", "Date of the earliest dated article that mentions it."),
        _text("last_published", "Date of the latest dated article that mentions it."),
    ),
)
ENTITY_ALIASES = Table(
    name="entity_aliases",
    description="The forms under which an entity appears, with their counts.",
    key=("entity_id", "alias"),
    indexes=(("alias",),),
    columns=(
        _to("entities", "entity_id", "The entity."),
        _text("alias", "A form found in the text.", required=True),
        _number("mentions", "How often it was found."),
        _text(
            "origin",
            "What told whose it is: text, article, definition, word list, collection, shared or decision.",
        ),
    ),
)
MENTIONS = Table(
    name="mentions",
    description="Each place where an article names an entity.",
    key=("article_id", "start"),
    indexes=(("entity_id", "article_id"),),
    columns=(
        _to("articles", "article_id", "The article."),
        _number("start", "First character in the text."),
        _number("end", "Character after the last."),
        _to("entities", "entity_id", "The entity."),
        _text("surface", "The words themselves.", required=True),
    ),
)
ARTICLE_ENTITIES = Table(
    name="article_entities",
    description="Which article mentions which entity, and how often.",
    key=("article_id", "entity_id"),
    indexes=(("entity_id", "article_id"),),
    columns=(
        _to("articles", "article_id", "The article."),
        _to("entities", "entity_id", "The entity."),
        _number("mentions", "Number of mentions in the article."),
    ),
)
ARTICLES_BY_MONTH = Table(
    name="articles_by_month",
    description="How many articles each publication has from each month.",
    key=("month", "source_id"),
    columns=(
        _text("month", "Month of publication, as in 1969-07.", required=True),
        _to("sources", "source_id", "The publication.", required=False),
        _number("articles", "Number of articles."),
        _number("words", "Number of words in them."),
    ),
)
ENTITIES_BY_YEAR = Table(
    name="entities_by_year",
    description="How many articles of each year mention an entity.",
    key=("entity_id", "year"),
    indexes=(("year", "articles"),),
    columns=(
        _to("entities", "entity_id", "The entity."),
        _number("year", "Year of publication."),
        _number("articles", "Number of articles that mention it."),
        _number("mentions", "Number of mentions."),
    ),
)
ENTITY_COMPANY = Table(
    name="entity_company",
    description="Who is named together with whom more than chance would have it; twenty for each at most.",
    key=("entity_id", "other_id"),
    indexes=(("score",),),
    columns=(
        _to("entities", "entity_id", "The entity."),
        _to("entities", "other_id", "One named in the same articles."),
        _number("articles", "Articles that are about both, by the names most mentioned in them."),
        Column(
            name="score",
            type=float,
            description="Those articles, times the logarithm of how much more they are than chance.",
        ),
    ),
)
ENTITY_TRENDS = Table(
    name="entity_trends",
    description="Who was named much more or much less often than in the year before.",
    key=("entity_id", "year"),
    indexes=(("year", "change"),),
    columns=(
        _to("entities", "entity_id", "The entity."),
        _number("year", "The year."),
        _number("articles", "Articles of the year that mention it."),
        _number("before", "Articles of the year before that do."),
        Column(
            name="change",
            type=float,
            description="Difference of the log odds over its standard error; above 1.5 or below -1.5.",
        ),
    ),
)
QUOTES = Table(
    name="quotes",
    description="Quotations, with who said them as far as the text tells.",
    key="id",
    indexes=(("article_id", "start"), ("speaker_entity_id", "article_id")),
    columns=(
        _id("Row number."),
        _to("articles", "article_id", "The article."),
        _to("entities", "speaker_entity_id", "The speaker, if recognised.", required=False),
        _text("speaker", "The speaker in the words of the text."),
        _text("kind", "direct, partial (some words within a sentence) or transcript (a turn without marks)."),
        _text("cue", "The word that introduces the quotation, such as `said`."),
        _text("quote", "The quotation itself.", required=True),
        _number("start", "First character in the text."),
        _number("end", "Character after the last."),
        Column(name="confidence", type=float, description="How sure the speaker is, 0 to 1."),
    ),
)
DATES = Table(
    name="dates",
    description="Dates that the texts speak of.",
    key=("article_id", "start"),
    indexes=(("value",),),
    columns=(
        _to("articles", "article_id", "The article."),
        _number("start", "First character in the text."),
        _number("end", "Character after the last."),
        _text("surface", "The words themselves.", required=True),
        _text("value", "The date in TIMEX3 form, only as precise as it is."),
        _text(
            "precision",
            "century, decade, year, half, season, quarter, month, week, day, daypart, hour or minute.",
        ),
    ),
)
DATES_BY_SOURCE = Table(
    name="dates_by_source",
    description="How often each publication speaks of each date.",
    key=("value", "source_id"),
    columns=(
        _text("value", "The date in TIMEX3 form.", required=True),
        _to("sources", "source_id", "The publication.", required=False),
        _number("passages", "Number of passages that name it."),
    ),
)
STORIES = Table(
    name="stories",
    description="Clusters of near-copies: one story as several articles tell it.",
    key="id",
    unique=(("first_article_id",),),
    columns=(
        _id("Row number."),
        _number("size", "Number of articles."),
        _to("articles", "first_article_id", "The earliest of them.", required=False),
    ),
)
STORY_ARTICLES = Table(
    name="story_articles",
    description="Which articles are versions of a story; an article alone of its kind is in none.",
    key=("story_id", "position"),
    unique=(("article_id",),),
    columns=(
        _to("stories", "story_id", "The story."),
        _number("position", "Place among the versions by date, from 1; undated ones come last."),
        _to("articles", "article_id", "The article."),
    ),
)
RELATED = Table(
    name="related",
    description="Articles on the same matter, copies left out.",
    key=("article_id", "related_id"),
    columns=(
        _to("articles", "article_id", "The article."),
        _to("articles", "related_id", "One related to it."),
        Column(name="score", type=float, description="How close, 0 to 1."),
    ),
)
REMOVED_BLOCKS = Table(
    name="removed_blocks",
    description=(
        "What was taken out of an article, and why. Put back in order, each at its position, "
        "the slices give the original again."
    ),
    key=("article_id", "position"),
    columns=(
        _to("articles", "article_id", "The article."),
        _number("position", "Character of the original text at which it began, before all removing."),
        _text("text", "The slice of the text removed, with the blank line beside it.", required=True),
        _number("body_position", "Character of the original Markdown at which it began."),
        _text("body", "The slice of the Markdown removed, with the blank line beside it.", required=True),
        _text("reason", "What it was, and in how many articles of the publication it stands."),
    ),
)
FIELDS = Table(
    name="fields",
    description="Every statement found about an article, chosen or not, and where it was found.",
    key="id",
    indexes=(("article_id", "field"), ("field", "origin")),
    facets=("field", "origin"),
    columns=(
        _id("Row number."),
        _to("articles", "article_id", "The article."),
        _text("field", "What is stated, e.g. title.", required=True),
        _text("value", "What it is stated to be.", required=True),
        _text("origin", "Where: json-ld, meta og:title, front-matter, first line …", required=True),
    ),
)
PROBLEMS = Table(
    name="problems",
    description="What a person should look at: items that failed, and doubts about those that did not.",
    key="id",
    indexes=(("code",), ("file_id",)),
    facets=("stage", "code"),
    columns=(
        _id("Row number, in locator order."),
        _to("files", "file_id", "The item.", required=False),
        _text("stage", "Where it happened: find, read, normalize, enrich or decide.", required=True),
        _text("code", "Short name of the problem.", required=True),
        _text("locator", "Where the item is.", required=True),
        _text("message", "What happened.", required=True),
        _text("hint", "What to do next.", required=True),
    ),
)
FORMER_KEYS = Table(
    name="former_keys",
    description="Keys that lead to an article with another key: those of the copies of its text.",
    key="key",
    indexes=(("article_id",),),
    columns=(
        _text("key", "Public identity of the copy, which it had if it was an article before.", required=True),
        _to("articles", "article_id", "The article whose text it repeats."),
    ),
)
TOMBSTONES = Table(
    name="tombstones",
    description="In an edition: articles that were taken down, of which nothing else is left.",
    key="key",
    columns=(
        _text("key", "Public identity of the article.", required=True),
        _text("reason", "Why it was taken down.", required=True),
        _text("date", "When, ISO 8601.", required=True),
    ),
)
RUNS = Table(
    name="runs",
    description="How this file was made.",
    key="id",
    columns=(
        _id("Row number."),
        _text("built", "When, in UTC."),
        _text("version", "Version of Reading Room."),
        _text("schema", "Version of these tables."),
        _text("recognisers", "What found the names, by language."),
        _text("content", "SHA-256 over all other rows and the definitions; equal means the same content."),
        _number("found", "Items found; the sum of the four outcomes."),
        _number("articles", "Items that became an article."),
        _number("duplicates", "Items with the text of an earlier one."),
        _number("skipped", "Items passed over, with the reason in files."),
        _number("problems", "Items that could not be read, with the reason in problems."),
        _number("warnings", "Doubts about articles that were read all the same."),
        _number("excerpt_words", "In an edition: most words of an excerpt; empty in the collection itself."),
    ),
)

TABLES = (
    *(ARTICLES, ARTICLE_TEXT, SOURCES, AUTHORS, ARTICLE_AUTHORS, TAGS, ARTICLE_TAGS, PAGES),
    *(ENTITIES, ENTITY_ALIASES, MENTIONS, ARTICLE_ENTITIES, QUOTES, DATES),
    *(ARTICLES_BY_MONTH, DATES_BY_SOURCE, ENTITIES_BY_YEAR, ENTITY_COMPANY, ENTITY_TRENDS),
    *(STORIES, STORY_ARTICLES, RELATED, REMOVED_BLOCKS, FILES, FIELDS, PROBLEMS),
    *(FORMER_KEYS, TOMBSTONES, RUNS),
)
BY_NAME = {table.name: table for table in TABLES}
