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
# # A search, and its counts a year
#
# Articles with the words you ask for, how many of them each year has, and who is named in them.
#
# Put your own words into the second cell, then **Run → Run All Cells**. Words are all wanted;
# `"a phrase"` stands in quotation marks, `OR` means either, `NOT` leaves out, and `moon*` is any word
# that begins so.

# %%
from reading_room import bars, open_collection, table

collection = await open_collection()

# %%
words = "moon OR orbit*"

# %% [markdown]
# The articles that fit best.

# %%
best = """
    select articles.key as article, articles.title, published, sources.name as source,
        snippet(articles_fts, 2, '', '', ' … ', 16) as passage
    from articles_fts join articles on articles.id = articles_fts.rowid
    left join sources on sources.id = source_id
    where articles_fts match ? order by rank limit 20
"""
table(collection, best, [words])

# %% [markdown]
# How many there are in each year, and the share of all the year's articles, in per cent: a year with
# more articles has more of everything.

# %%
found = "select rowid from articles_fts where articles_fts match ?"
count = f"select year, count(*) from articles where year > 0 and id in ({found}) group by year"
bars(collection, count, [words])

# %%
share = f"""
    select year, round(100.0 * count(*) filter (where id in ({found})) / count(*), 1)
    from articles where year > 0 group by year
"""
bars(collection, share, [words])

# %% [markdown]
# Who and what is named in most of them.

# %%
named = f"""
    select entities.key as entity, name, kind, count(*) as articles
    from article_entities join entities on entities.id = entity_id
    where article_id in ({found}) group by entity_id order by articles desc, name limit 20
"""
table(collection, named, [words])

# %% [markdown]
# ## To take away
#
# **File → Download** takes the notebook with what it shows. On your own computer,
# `readingroom notebook` opens fuller ones, and the search box's `person:`, `before:` and `-without`
# are there as `Collection("collection.db").search(...)`, which gives pandas frames.
