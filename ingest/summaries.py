"""Sums up a finished collection by SQL: counts, months, years, company, and what rose and fell.

Each statement fills a table or columns of `schema` from the others, in this order: `sum_up` once
all rows are in but those of passes that take long, `OF_STORIES` when these are in too. Needs the
functions that `register` gives a connection.
"""

from __future__ import annotations

import math
from array import array
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

COUNTS = (
    """
    update sources set
        article_count = (select count(*) from articles where source_id = sources.id),
        first_published = (select min(published) from articles where source_id = sources.id),
        last_published = (select max(published) from articles where source_id = sources.id)
    """,
    "update authors set article_count = (select count(*) from article_authors where author_id = authors.id)",
    "update tags set article_count = (select count(*) from article_tags where tag_id = tags.id)",
    """
    update articles set file_id = (
        select id from files where files.article_id = articles.id and outcome = 'article'
    )
    """,
    """
    update entities set
        first_published = (
            select min(published) from article_entities join articles on articles.id = article_id
            where entity_id = entities.id
        ),
        last_published = (
            select max(published) from article_entities join articles on articles.id = article_id
            where entity_id = entities.id
        )
    """,
)
MONTHS = """
    insert into articles_by_month (month, source_id, articles, words)
    select substr(published, 1, 7), source_id, count(*), sum(words) from articles
    where length(published) >= 7 group by 1, 2 order by 1, 2
"""
YEARS = """
    insert into entities_by_year (entity_id, year, articles, mentions)
    select entity_id, year, count(*), sum(mentions)
    from article_entities join articles on articles.id = article_id
    where year is not null group by 1, 2 order by 1, 2
"""
DATES = """
    insert into dates_by_source (value, source_id, passages)
    select value, source_id, count(*) from dates join articles on articles.id = article_id
    where value is not null group by 1, 2 order by 1, 2
"""
# The names an article is about, as far as their mentions tell; pairs of all would be millions.
MOST_IN_ONE_ARTICLE = 12
MAIN_NAMES = f"""
    select article_id, entity_id from (
        select article_id, entity_id, row_number() over (
            partition by article_id order by mentions desc, article_count desc, entity_id
        ) as place
        from article_entities join entities on entities.id = entity_id
        where kind in ('PERSON', 'ORG', 'GPE', 'LOC', 'FAC') and article_count > 1
    ) where place <= {MOST_IN_ONE_ARTICLE} order by article_id, entity_id
"""
COMPANY = "insert into entity_company (entity_id, other_id, articles, score) values (?, ?, ?, round(?, 3))"
LEAST_ARTICLES = 3
LEAST_CHANGE = 1.5
# The difference of log odds between two years, over its standard error, with half an article
# added to each count: Monroe, Colaresi and Quinn, "Fightin' Words" (2008), with a flat prior. A word is
# rare among all words, so that they leave the others out of its error; a name may be in most articles.
# In a year of few articles those halves alone would turn "3 of 146, then none of 1" into a rise:
# a change counts only in the direction in which the shares themselves moved.
TRENDS = f"""
    insert into entity_trends (entity_id, year, articles, before, change)
    with totals as (select year, count(*) as articles from articles where year is not null group by year),
    spans as (
        select totals.year, totals.articles, earlier.articles as before
        from totals join totals as earlier on earlier.year = totals.year - 1
    ),
    counted as (
        select entities.id as entity_id, spans.year, coalesce(now.articles, 0) as articles,
            coalesce(earlier.articles, 0) as before, spans.articles as total, spans.before as total_before
        from (
            select entity_id, year from entities_by_year
            union select entity_id, year + 1 from entities_by_year
        ) as seen
        join entities on entities.id = seen.entity_id and kind in ('PERSON', 'ORG', 'GPE', 'LOC', 'FAC')
        join spans on spans.year = seen.year
        left join entities_by_year as now on now.entity_id = seen.entity_id and now.year = seen.year
        left join entities_by_year as earlier
            on earlier.entity_id = seen.entity_id and earlier.year = seen.year - 1
    )
    select entity_id, year, articles, before, round(change, 3) from (
        select *, (
            ln((articles + 0.5) / (total - articles + 0.5))
            - ln((before + 0.5) / (total_before - before + 0.5))
        ) / sqrt(
            1 / (articles + 0.5) + 1 / (total - articles + 0.5)
            + 1 / (before + 0.5) + 1 / (total_before - before + 0.5)
        ) as change
        from counted where max(articles, before) >= {LEAST_ARTICLES}
    ) where abs(change) >= {LEAST_CHANGE}
        and sign(change) = sign(articles * total_before - before * total)
    order by year, change desc, entity_id
"""
# What the statements fill besides columns.
TABLES = ("articles_by_month", "dates_by_source", "entities_by_year", "entity_company", "entity_trends")
OF_STORIES = """
    update articles set story_id = (
        select story_id from story_articles where story_articles.article_id = articles.id
    )
"""
STATEMENTS = (*COUNTS, MONTHS, DATES, YEARS, TRENDS)


def sum_up(connection: sqlite3.Connection) -> None:
    """Fill what follows from the rows: counts, months, years, company; anew where it was filled before."""
    # Brings numpy, which a run that changes nothing does without.
    from ingest.company import find_company  # noqa: PLC0415

    for table in TABLES:
        connection.execute(f"delete from {table}")
    for statement in STATEMENTS:
        connection.execute(statement)
    named = array("i", chain.from_iterable(connection.execute(MAIN_NAMES)))
    total = connection.execute("select count(*) from articles").fetchone()[0]
    connection.executemany(COMPANY, find_company(named[::2], named[1::2], total))


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that some builds of SQLite lack."""
    for name, function in (("ln", math.log), ("sqrt", math.sqrt)):
        connection.create_function(name, 1, function, deterministic=True)
