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
# # Who speaks, and who is spoken about
#
# Being named is not being heard. This sets the articles that name somebody beside the quotations
# that are theirs.

# %%
import altair as alt

from ingest import Collection

alt.renderers.enable("svg")
padding = {"left": 30, "right": 20, "top": 5, "bottom": 5}  # where names run wider than was reckoned
collection = Collection("../collection.db")
quotes = collection.quotes(least=0.5)  # only where it is likely who spoke
quotes[["quote", "speaker", "confidence", "title", "published", "link"]].head(8)

# %%
people = collection.entities("person").set_index("key")
people["quotations"] = quotes.groupby("speaker_key").size().reindex(people.index, fill_value=0)
both = people.reset_index()[["name", "articles", "quotations", "link", "key"]]
both.sort_values(["quotations", "articles"], ascending=False).head(12)

# %% [markdown]
# People who are named in several articles and never quoted:

# %%
both[(both["quotations"] == 0) & (both["articles"] >= 2)].head(12)

# %%
most = both.sort_values(["articles", "quotations"], ascending=False).head(15)
long = most.melt(id_vars="name", value_vars=["articles", "quotations"], var_name="what", value_name="number")
alt.Chart(long).mark_bar().encode(
    y=alt.Y("name:N", sort=most["name"].tolist(), title=None),
    yOffset="what:N",
    x=alt.X("number:Q", title=None),
    color=alt.Color("what:N", title=None),
).properties(width=480, padding=padding)

# %% [markdown]
# Which publication lets whom speak? A quotation whose speaker is no known person has none here.

# %%
heard = quotes.dropna(subset=["speaker_key"])
heard.groupby(["source", "speaker"], observed=True).size().reset_index(name="quotations").sort_values(
    ["quotations", "source", "speaker"], ascending=[False, True, True], ignore_index=True
).head(10)

# %% [markdown]
# And who is named together with whom, more than chance would have it:

# %%
collection.cooccurrence("person").head(10)
