# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A tour of the collection
#
# What is in it, from when, and who appears. Every method returns a pandas frame; titles and names
# lead into the reading room, which `readingroom serve` opens.

# %%
import altair as alt

from ingest import Collection

alt.renderers.enable("svg")  # charts as pictures that need no network
collection = Collection("../collection.db")
collection

# %% [markdown]
# All articles by date. A date is as precise as it was stated: `1966-01` is a month, and no day is
# made up for it. The column `precision` says which it is.

# %%
articles = collection.articles()
articles.head(8)

# %%
articles.groupby("precision", observed=False).size()

# %% [markdown]
# How many articles each year has, by publication. Articles without a year stand in a row without a
# period, which a chart leaves out.

# %%
years = collection.timeline("year", by="source")
alt.Chart(years.dropna(subset=["period"])).mark_bar().encode(
    x=alt.X("period:O", title=None), y=alt.Y("articles:Q"), color=alt.Color("source:N", title=None)
).properties(width=560, height=200, padding={"left": 5, "right": 30, "top": 5, "bottom": 5})

# %% [markdown]
# Search takes what the search box takes: words, `"phrases"`, `-without`, `OR`, `prefix*`,
# `person:`, `before:` and `after:`.

# %%
found = collection.search("moon OR orbit after:1960")
found[["title", "published", "source", "passage", "link"]].head(8)

# %% [markdown]
# Who and what is named most, and what is said around a word.

# %%
collection.entities("person").head(8)

# %%
collection.concordance("orbit*", window=45).head(10)

# %% [markdown]
# What distinguishes two sets of articles: here the older half of the collection from the newer.
# Words typical of the first come first, those of the second last; `z` tells how surely.

# %%
dated = articles.dropna(subset=["published"])
half = len(dated) // 2
words = collection.keywords(dated.head(half), dated.tail(half), least=3)
words.head(8)

# %%
words.tail(8)
