"""Searches, names, tables and SQL as Jupyter notebooks that run as they are.

A notebook asks the collection's file where it lies beside it, and else this site. Whatever a
reader typed stands in it as a Python literal only, never in code or Markdown.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm

MEDIA_TYPE = "application/x-ipynb+json; charset=utf-8"
LONGEST_LINE = 90
MOST_ROWS = 10_000
MOST_LABELS = 30
ENTITY = "select key, name from entities where key = :key"
LIMIT = re.compile(r"\s+limit \d+\s*$", re.IGNORECASE)
NUMBERED = re.compile(r":p\d+\b")
DATE = re.compile(r"\d{4}(-\d\d(-\d\d.*)?)?")
# A column of row numbers is no measure.
IDENTITY = re.compile(r"id|.*_id|rowid|key|start|end|position", re.IGNORECASE)
INSTALL = """\
This notebook needs Reading Room's Python face: `pip install 'readingroom[notebook]'`. It asks the
file `collection.db` if that lies here or one folder up, and else the site it was made on. Nothing is
written.
"""
OPEN = """\
from pathlib import Path

import altair as alt

from ingest import Collection

alt.renderers.enable("svg")  # charts as pictures that need no network
files = [path for path in ("collection.db", "../collection.db") if Path(path).is_file()]
collection = Collection(files[0] if files else {site})
collection"""
# The padding is for browsers whose letters are wider than those that the charts were reckoned with.
YEARS = """\
years = collection.timeline("year", by="source", articles={frame})
alt.Chart(years.dropna(subset=["period"])).mark_bar().encode(
    x=alt.X("period:O", title="year"), y=alt.Y("sum(articles):Q", title="articles"), color="source:N"
).properties(padding=30)"""
BARS = """\
bars = rows.iloc[:, [{label}, {value}]].set_axis(["label", "value"], axis=1).head({most})
alt.Chart(bars.astype({{"label": "string"}})).mark_bar().encode(
    x=alt.X("value:Q", title={value_title}), y=alt.Y("label:N", sort=None, title={label_title})
).properties(padding=30)"""
COLUMNS = """\
columns = rows.iloc[:, [{label}, {value}]].set_axis(["label", "value"], axis=1)
alt.Chart(columns.astype({{"label": "string"}})).mark_bar().encode(
    x=alt.X("label:O", title={label_title}), y=alt.Y("sum(value):Q", title={value_title})
)"""
COUNTED = """\
counted = rows.iloc[:, {label}].astype("string").value_counts().head({most})
counted = counted.rename_axis("label").reset_index(name="rows")
alt.Chart(counted).mark_bar().encode(
    x=alt.X("rows:Q", title="rows"), y=alt.Y("label:N", sort=None, title={label_title})
).properties(padding=30)"""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve every search and every name as a notebook."""
    return [
        (r"^/search\.ipynb$", of_search),
        (r"^/entity/(?P<key>[^/]+)/notebook\.ipynb$", of_entity),
    ]


@hookimpl
def register_output_renderer() -> dict[str, Any]:
    """Offer every table and every query of the collection as a notebook."""
    return {"extension": "ipynb", "render": of_rows, "can_render": can_render}


def can_render(datasette: Any, database: str, sql: str | None) -> bool:
    """Tell whether there is SQL to put into a notebook, of the database that it would open."""
    return bool(sql) and database == pm.get_plugin("layout.py").collection(datasette).name


async def of_search(datasette: Any, request: Any) -> Response:
    """Return a search, its facets included, as a notebook."""
    search = pm.get_plugin("search.py").read_search(request.args)
    arguments = [literal(search.query.text), f"sort={literal(search.sort)}"]
    arguments += [f"{name}={literal(values)}" for name, values in search.chosen.items() if values]
    code = f"found = collection.search(\n    {', '.join(arguments)}, limit=1000\n)\nfound"
    return answer(
        "search",
        [
            ("markdown", f"# A search\n\n{INSTALL}"),
            ("code", opened(datasette, request)),
            ("code", code),
            ("markdown", "The same by year of publication. What bears no year is left out."),
            ("code", YEARS.format(frame="found")),
        ],
    )


async def of_entity(datasette: Any, request: Any) -> Response:
    """Return a person, organisation or place as a notebook."""
    database = pm.get_plugin("layout.py").collection(datasette)
    key = pm.get_plugin("layout.py").named(request)
    entity = (await database.execute(ENTITY, {"key": key})).first()
    if entity is None and (now := await pm.get_plugin("former_names.py").key_now(datasette, key)):
        entity = (await database.execute(ENTITY, {"key": now})).first()
    if entity is None:
        message = "Nobody and nothing of that name is mentioned here."
        raise NotFound(message)
    condition = (
        "id in (select article_id from article_entities join entities on entities.id = entity_id"
        " where entities.key = :key)"
    )
    articles = f"articles = collection.articles(\n    {literal(condition)},\n    {{'key': key}},\n)\narticles"
    return answer(
        "name",
        [
            ("markdown", f"# A name\n\n{INSTALL}"),
            ("code", opened(datasette, request)),
            ("code", f"key = {literal(entity['key'])}\ncollection.entity(key)"),
            ("markdown", "The articles that mention it, and how many of each year."),
            ("code", articles),
            ("code", YEARS.format(frame="articles")),
            ("markdown", "What it is quoted with, and each place where it is named."),
            ("code", "collection.quotes(key)"),
            ("code", "collection.mentions(key)"),
        ],
    )


def of_rows(datasette: Any, request: Any, sql: str | None, columns: Any, rows: Any, data: Any) -> Response:
    """Return a table's page or a query as a notebook with its SQL and parameters."""
    if not sql:
        message = "There is no SQL here to make a notebook of."
        raise NotFound(message)
    stated = (data.get("query") or {}).get("params")
    if stated is None:
        stated = {name: request.args[name] for name in request.args if name != "sql"}
    known = {name: value for name, value in stated.items() if not name.startswith("_")}
    if data.get("table"):  # Datasette asks for a page and one row more
        sql = LIMIT.sub("", sql)
        if set(NUMBERED.findall(sql)) - {f":{name}" for name in known}:
            quoted = str(data["table"]).replace('"', '""')
            sql = f'select * from "{quoted}"'
    code = f"sql = {lines(sql)}\nrows = collection.sql(sql, {literal(known)}, limit={MOST_ROWS})\nrows"
    cells = [
        ("markdown", f"# A query\n\n{INSTALL}"),
        ("code", opened(datasette, request)),
        ("code", code),
    ]
    drawn = chart(list(columns), [tuple(row) for row in rows])
    return answer("query", [*cells, ("code", drawn)] if drawn else cells)


def opened(datasette: Any, request: Any) -> str:
    """Return the code that opens the collection."""
    return OPEN.format(site=literal(datasette.absolute_url(request, datasette.urls.path("/"))))


def literal(value: Any) -> str:
    """Return a text, or a list or dictionary of texts and numbers, as Python writes it.

    `repr` of a string is one line and ends where the string ends, whatever is in it; what cannot
    be seen, such as marks that turn the direction of writing, is written as an escape.
    """
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value) if value is None or isinstance(value, int | float) else repr(str(value))


def lines(text: str) -> str:
    """Return a text of several lines as one literal that shows them."""
    pieces = text.splitlines(keepends=True)
    if len(pieces) < 2:  # noqa: PLR2004 - one line needs no brackets
        return literal(text)
    return "(\n" + "".join(f"    {literal(piece)}\n" for piece in pieces) + ")"


def chart(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str | None:
    """Return the code of the chart that suits some rows; None where there are no words or dates.

    The first column of words, dates or years labels, the first other of numbers measures.
    """
    places = range(len(columns))
    values = {place: [row[place] for row in rows if row[place] is not None] for place in places}

    def is_label(place: int) -> bool:
        return bool(values[place]) and all(isinstance(each, str) for each in values[place])

    def is_measure(place: int) -> bool:
        numbers = all(isinstance(each, int | float) for each in values[place])
        return bool(values[place]) and numbers and not IDENTITY.fullmatch(columns[place])

    years = [place for place in places if columns[place] == "year" and is_measure(place)]
    named = [place for place in places if is_label(place) and not IDENTITY.fullmatch(columns[place])]
    measures = [place for place in places if is_measure(place) and place not in years]
    labels = [*years, *named] if measures else [*named, *years]
    if not labels:
        return None
    known = {"label": labels[0], "label_title": literal(columns[labels[0]]), "most": MOST_LABELS}
    if not measures:
        return COUNTED.format(**known)
    known |= {"value": measures[0], "value_title": literal(columns[measures[0]])}
    in_time = labels[0] in years or all(DATE.fullmatch(each) for each in values[labels[0]])
    return (COLUMNS if in_time else BARS).format(**known)


def answer(name: str, cells: Sequence[tuple[str, str]]) -> Response:
    """Return cells of Markdown and code as a notebook to be saved, in nbformat 4.5."""
    notebook = {
        "cells": [cell(number, kind, source) for number, (kind, source) in enumerate(cells, start=1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    headers = {
        "content-disposition": f'attachment; filename="{name}.ipynb"',
        "x-content-type-options": "nosniff",
    }
    body = json.dumps(notebook, indent=1, ensure_ascii=True)
    return Response(body, headers=headers, content_type=MEDIA_TYPE)


def cell(number: int, kind: str, source: str) -> dict[str, Any]:
    """Return one cell."""
    made = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    return {**made, "execution_count": None, "outputs": []} if kind == "code" else made
