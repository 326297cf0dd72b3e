# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python (Pyodide)
#     language: python
#     name: python
# ---

# %% [markdown]
# # A tour of the collection
#
# What is in it, from when, and who appears, asked of the collection's own database in your browser.
#
# **Run → Run All Cells** begins; the first cell takes a while, since Python itself is fetched. Change
# any query and run it again: nothing that you do here leaves your browser or changes the collection.

# %%
from reading_room import bars, open_collection, table

collection = await open_collection()
table(collection, "select articles, found, built, version from runs")

# %% [markdown]
# Who published what. A title or a name leads to its page.

# %%
table(
    collection,
    """
    select name as publication, article_count as articles, first_published as "from", last_published as "to"
    from sources order by article_count desc limit 20
    """,
)

# %% [markdown]
# How many articles each year has; those without a date are in no year.

# %%
bars(collection, "select year, count(*) from articles where year is not null group by year order by year")

# %% [markdown]
# The people named in most articles, and those who are quoted most. A speaker counts where it is
# likely who spoke.

# %%
people = """
    select key as entity, name, article_count as articles, first_published as "from", last_published as "to"
    from entities where kind = 'PERSON' order by article_count desc, name limit 15
"""
table(collection, people)

# %%
speakers = """
    select entities.key as entity, name, count(*) as quotations
    from quotes join entities on entities.id = speaker_entity_id
    where confidence >= 0.5 group by entities.id order by quotations desc, name limit 15
"""
table(collection, speakers)

# %% [markdown]
# All tables and their columns: any of it can be asked for.

# %%
tables = """
    select tables.name, group_concat(columns.name, ', ') as columns
    from sqlite_master as tables join pragma_table_info(tables.name) as columns
    where tables.type <> 'index' and tables.name not like 'sqlite%' and tables.name not like '%_fts%'
    group by tables.name order by tables.name
"""
table(collection, tables)

# %% [markdown]
# ## What is not here
#
# This Python has its standard library, and `sqlite3` with full-text search. Packages such as pandas
# and Altair are not on this site, and `%pip` gets none. On your own computer the notebooks of
# Reading Room draw charts, compare words, trace stories and count who is named with whom:
# `pip install 'readingroom[notebook]'`, then `readingroom notebook`, or `Collection("ADDRESS")` for
# a room that is published from a server.
