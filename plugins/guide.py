"""The guide to the tables: what each holds, how they hang together, and questions to begin with."""

import re
from dataclasses import dataclass
from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm

HIDDEN = re.compile(r".*_(?:fts|trigram)(?:_\w+)?|sqlite_\w+")
# What a reader meets first; other tables follow by name.
FIRST = (
    "articles",
    "article_text",
    "sources",
    "authors",
    "entities",
    "mentions",
    "quotes",
    "dates",
    "stories",
)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A question to the tables: its address, its words and SQL; `values` are SQL too.

    Each gives a value to try the question with, from the collection itself, so that it finds something.
    """

    name: str
    title: str
    sql: str
    values: tuple[tuple[str, str], ...] = ()


MOST_NAMED = "select name from entities where kind = 'PERSON' order by article_count desc, id limit 1"
MOST_QUOTED = """
    select name from quotes join entities on entities.id = speaker_entity_id where confidence >= 0.5
    group by entities.id order by count(*) desc, entities.id limit 1
"""
PAIR = (
    "select name from entities where id = (select {} from entity_company order by score desc, rowid limit 1)"
)
WORDS = "select replace(name, '\"', '') from entities order by article_count desc, id limit 1"
EXAMPLES = (
    Example(
        name="articles_by_year",
        title="How many articles each publication has from each year",
        sql="""
select year, sources.name as publication, count(*) as articles, sum(words) as words
from articles left join sources on sources.id = source_id
where year is not null
group by year, source_id
order by year, publication""",
    ),
    Example(
        name="articles_with_words",
        title="Articles with words in a row, the best first",
        sql="""
select articles.key, articles.title, published, bm25(articles_fts, 10, 4, 1, 6) as rank
from articles_fts join articles on articles.id = articles_fts.rowid
where articles_fts match '"' || :words || '"'
order by rank limit 100""",
        values=(("words", WORDS),),
    ),
    Example(
        name="passages_with_words",
        title="Passages in which words stand in a row, in time order",
        sql="""
select published, articles.title, snippet(articles_fts, 2, '[', ']', ' … ', 30) as passage
from articles_fts join articles on articles.id = articles_fts.rowid
where articles_fts match '"' || :words || '"'
order by published is null, published limit 100""",
        values=(("words", WORDS),),
    ),
    Example(
        name="most_quoted",
        title="Who is quoted most, and how surely",
        sql="""
select entities.name as speaker, count(*) as quotations,
  count(distinct article_id) as articles, round(avg(confidence), 2) as confidence
from quotes join entities on entities.id = speaker_entity_id
where confidence >= :at_least
group by speaker_entity_id
order by quotations desc limit 100""",
        values=(("at_least", "select 0.8"),),
    ),
    Example(
        name="quotations_of",
        title="What somebody said, in time order",
        sql="""
select published, quote, cue, confidence, title
from quotes join articles on articles.id = article_id
where speaker_entity_id = (select id from entities where name = :name)
order by published is null, published, start limit 200""",
        values=(("name", MOST_QUOTED),),
    ),
    Example(
        name="named_together",
        title="Who is named together with somebody more than chance would have it",
        sql="""
select other.name, other.kind, entity_company.articles, round(score, 1) as score
from entity_company
join entities as one on one.id = entity_id
join entities as other on other.id = other_id
where one.name = :name
order by score desc""",
        values=(("name", PAIR.format("entity_id")),),
    ),
    Example(
        name="articles_naming_both",
        title="Articles that name both of two",
        sql="""
select published, title, one.mentions as mentions_of_one, other.mentions as mentions_of_other
from article_entities as one
join article_entities as other using (article_id)
join articles on articles.id = article_id
where one.entity_id = (select id from entities where name = :one)
  and other.entity_id = (select id from entities where name = :other)
order by published is null, published limit 200""",
        values=(("one", PAIR.format("entity_id")), ("other", PAIR.format("other_id"))),
    ),
    Example(
        name="named_in_each_year",
        title="In how many articles of each year somebody is named",
        sql="""
select year, articles, mentions
from entities_by_year join entities on entities.id = entity_id
where name = :name
order by year""",
        values=(("name", MOST_NAMED),),
    ),
    Example(
        name="names_of_a_kind",
        title="Names of a kind, and the forms under which they appear",
        sql="""
select name, article_count, (
  select group_concat(alias, ' · ') from (
    select alias from entity_aliases where entity_id = entities.id order by mentions desc limit 8
  )) as forms
from entities
where kind = :kind
order by article_count desc limit 100""",
        values=(("kind", "select 'PERSON'"),),
    ),
    Example(
        name="dates_spoken_of",
        title="Which years the texts speak of, beside those they were published in",
        sql="""
select substr(value, 1, 4) as year, count(*) as mentions, count(distinct article_id) as articles,
  (select count(*) from articles where year = cast(substr(dates.value, 1, 4) as integer)) as published
from dates
where value glob '[12][0-9][0-9][0-9]*'
group by substr(value, 1, 4)
order by year""",
    ),
    Example(
        name="stories_by_size",
        title="Stories that several publications printed, the most printed first",
        sql="""
select articles.title, articles.published as first_published, stories.size as versions,
  (select count(distinct source_id) from story_articles join articles on articles.id = article_id
   where story_articles.story_id = stories.id) as publications
from stories join articles on articles.id = first_article_id
where publications > 1
order by versions desc, first_published limit 100""",
    ),
    Example(
        name="what_became_of_files",
        title="What became of every file, and why",
        sql="""
select outcome, coalesce(files.reason, '') as reason, count(*) as files, min(locator) as example
from files
group by outcome, reason
order by files desc limit 100""",
    ),
    Example(
        name="where_dates_come_from",
        title="Where dates of publication were stated, and how precisely",
        sql="""
select published_origin as origin, published_precision as precision, count(*) as articles
from articles
group by origin, precision
order by articles desc""",
    ),
    Example(
        name="what_was_removed",
        title="What was taken out of the texts, and why",
        sql="""
select removed_blocks.reason, count(*) as blocks, count(distinct article_id) as articles,
  substr(min(removed_blocks.text), 1, 200) as example
from removed_blocks
group by removed_blocks.reason
order by blocks desc limit 100""",
    ),
)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the guide."""
    return [(r"^/guide$", guide)]


@hookimpl(optionalhook=True)
def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, object]]:
    """Give the examples a place among the collection's own queries."""
    if database != pm.get_plugin("layout.py").collection(datasette).name:
        return {}
    return {example.name: {"title": example.title, "sql": example.sql.strip()} for example in EXAMPLES}


async def guide(datasette: Any, request: Any) -> Response:
    """Return the page that explains the tables."""
    database = pm.get_plugin("layout.py").collection(datasette)
    known = await described(datasette, database.name)
    names = [name for name in await database.table_names() if not HIDDEN.fullmatch(name)]
    ordered = sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    tables = [await described_table(database, name, known.get(name) or {}) for name in ordered]
    views = [
        {"name": name, "description": (known.get(name) or {}).get("description", "")}
        for name in await database.view_names()
    ]
    examples = [
        {"title": each.title, "sql": each.sql.strip(), "values": await values_of(datasette, each)}
        for each in EXAMPLES
    ]
    context = {"tables": tables, "views": views, "examples": examples}
    return Response.html(await datasette.render_template("room_guide.html", context, request=request))


async def values_of(datasette: Any, example: Example) -> dict[str, object]:
    """Return values with which an example finds something; none where looking takes too long."""
    values = {}
    for name, sql in example.values:
        rows = await pm.get_plugin("layout.py").ask(datasette, sql, {})
        values[name] = rows[0][0] if rows else ""
    return values


async def described_table(database: Any, name: str, known: dict[str, Any]) -> dict[str, Any]:
    """Return a table with its columns, each with what it means and where it leads."""
    keys = await database.foreign_keys_for_table(name)
    leads = {key["column"]: key["other_table"] for key in keys}
    meanings = known.get("columns") or {}
    return {
        "name": name,
        "description": known.get("description", ""),
        "columns": [
            {
                "name": column.name,
                "type": column.type.lower(),
                "meaning": meanings.get(column.name, ""),
                "leads": leads.get(column.name),
            }
            for column in await database.table_column_details(name)
        ],
    }


async def described(datasette: Any, database: str) -> dict[str, dict[str, Any]]:
    """Return what metadata.yml says of each table."""
    if not hasattr(datasette, "get_instance_metadata"):
        return datasette.metadata("tables", database=database) or {}
    tables = datasette.get_database(database)  # Datasette 1.0 keeps what it was told in tables of its own
    known = {}
    for name in [*await tables.table_names(), *await tables.view_names()]:
        meanings = {
            column: (await datasette.get_column_metadata(database, name, column)).get("description", "")
            for column in await tables.table_columns(name)
        }
        known[name] = {**await datasette.get_resource_metadata(database, name), "columns": meanings}
    return known
