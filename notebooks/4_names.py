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
# # Checking and correcting names
#
# Decisions stand in `entities.csv` beside `metadata.yml`, a line each, and every
# `readingroom ingest` applies them. Here they are written into a copy in a temporary folder, so
# that running this notebook changes nothing; `folder` may name the collection's own once you mean it.

# %%
import csv
import shutil
import tempfile
from pathlib import Path

from ingest import Collection

collection = Collection("../collection.db")
folder = Path(tempfile.mkdtemp())
decisions = folder / "entities.csv"
if Path("../entities.csv").exists():
    shutil.copy("../entities.csv", decisions)

# %% [markdown]
# What looks doubtful? Names of one word that are the end of a longer name:

# %%
doubtful = collection.sql(
    """select short.name as name, long.name as longer, short.kind, short.article_count as articles,
           long.article_count as longer_articles
       from entities as short join entities as long
           on long.kind = short.kind and long.name like '% ' || short.name and long.id <> short.id
       where instr(short.name, ' ') = 0 order by articles desc, name limit 12"""
)
doubtful

# %% [markdown]
# Forms of one name, and how each was told to be its:

# %%
collection.sql(
    """select name, kind, alias, mentions, origin from entity_aliases
       join entities on entities.id = entity_id
       where alias <> name order by mentions desc, name, alias limit 12"""
)

# %% [markdown]
# Look at every place before deciding. The words around each mention:

# %%
name = collection.entities("person")["name"].iloc[0]
collection.mentions(name)[["title", "published", "surface", "link"]].head(8)

# %% [markdown]
# Now decide. The actions are merge, split, rename, kind, ignore and link.

# %%
people = collection.entities("person")
chosen = [
    ("link", people["name"].iloc[0], "Q1", "an example: put the number of Wikidata here"),
    ("ignore", people["name"].iloc[-1], "", "an example: no name at all"),
]
new = not decisions.exists()
with decisions.open("a", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    if new:
        writer.writerow(["action", "entity", "value", "note"])
    writer.writerows(chosen)
print(decisions.read_text(encoding="utf-8"))

# %% [markdown]
# `readingroom entities suggest` proposes merges with their evidence, and `readingroom ingest` says
# of each decision that fits nothing.

# %%
shutil.rmtree(folder)
