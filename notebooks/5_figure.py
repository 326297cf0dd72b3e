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
# # From SQL to a figure for a paper
#
# One question in SQL, its table, and a figure as SVG, which stays sharp at any size. The tables and
# their columns are described on the reading room's database page.

# %%
import tempfile
from pathlib import Path

import altair as alt

from ingest import Collection

alt.renderers.enable("svg")
collection = Collection("../collection.db")
rows = collection.sql(
    """select year, entities.kind as kind, count(distinct entity_id) as names
       from article_entities
       join articles on articles.id = article_id join entities on entities.id = entity_id
       where year is not null and entities.kind in ('PERSON', 'ORG', 'GPE')
       group by 1, 2 order by 1, 2"""
)
rows.head(6)

# %%
kinds = {"PERSON": "people", "ORG": "organisations", "GPE": "places"}
figure = (
    alt.Chart(rows.assign(kind=rows["kind"].map(kinds)))
    .mark_line(point=True, color="black")
    .encode(
        x=alt.X("year:Q", axis=alt.Axis(format="d", tickMinStep=2), scale=alt.Scale(zero=False), title=None),
        y=alt.Y("names:Q", title="names in that year's articles"),
        strokeDash=alt.StrokeDash("kind:N", title=None, legend=alt.Legend(orient="top")),
    )
    .properties(width=420, height=220)
    .configure_view(stroke=None)
)
figure

# %% [markdown]
# Save it, and say beside it what it was made from: `content` is the same for the same articles and
# decisions on any machine.

# %%
target = Path(tempfile.mkdtemp()) / "figure.svg"  # or any path of yours
figure.save(target)
content = collection.sql("select content, articles from runs")
print(
    f"{target.name}, from {content['articles'].iloc[0]} articles, content {content['content'].iloc[0][:12]}"
)
