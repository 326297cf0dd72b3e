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
# # A story across publications
#
# Pick a name, see when each publication writes of it, and how their words differ.

# %%
import altair as alt

from ingest import Collection

alt.renderers.enable("svg")
collection = Collection("../collection.db")
places = collection.entities("place")
name = places["name"].iloc[0]  # put any name here, such as "Moscow"
collection.entity(name)

# %%
of_name = collection.articles(
    """id in (select article_id from article_entities join entities on entities.id = entity_id
       where entities.key = :key)""",
    {"key": collection.entity(name)["key"].iloc[0]},
)
of_name[["title", "published", "source", "words", "link"]].head(10)

# %%
months = collection.timeline("month", by="source", articles=of_name)
alt.Chart(months.dropna(subset=["period"])).mark_circle(size=80, opacity=0.8).encode(
    x=alt.X("utcyearmonth(period):T", title=None),
    y=alt.Y("source:N", title=None),
    size=alt.Size("articles:Q", legend=None, scale=alt.Scale(rangeMin=40)),
).properties(width=520, height=160, padding={"left": 20, "right": 5, "top": 5, "bottom": 5})

# %% [markdown]
# The larger a circle, the more articles of that month.
#
# What does the publication with most articles on it say in other words than the others?

# %%
first = of_name["source"].value_counts().index[0]
words = collection.keywords(of_name[of_name["source"] == first], of_name[of_name["source"] != first], least=2)
first, words.head(8)["term"].tolist(), words.tail(8)["term"].tolist()

# %% [markdown]
# Near-copies of one text are a *story*: an agency's report in several papers. Search shows one
# version and counts the others; here are all stories with their versions in time.

# %%
collection.sql(
    """select story_id, story_articles.position, title, published, source, article_list.key as key
       from story_articles join article_list on article_list.id = article_id
       order by story_id, story_articles.position"""
)
