"""Search with facets: one box that never errors, and counts that match what a click gives."""

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl

PAGE = 20
FACET_VALUES = 8
MANY_FACET_VALUES = 400
LONGEST_QUERY = 1000
LONGEST_PAGE = 5
TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
QUOTES = str.maketrans("“”„«»‟", '""""""')
POSSESSIVE = re.compile(r"['’]s(?=\*?$)|\x00")
SPOKEN = re.compile(r"[^\W_]")
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
TRIGRAM = 3
SORTS = {
    "relevance": "bm25(articles_fts, 10.0, 4.0, 1.0, 6.0), a.id",
    "newest": "a.published is null, a.published desc, a.id",
    "oldest": "a.published is null, a.published, a.id",
}
COLUMNS = """
    a.id, a.key, a.title, a.description, a.published, a.published_precision, a.words, a.section,
    (select name from sources where sources.id = a.source_id) as source
"""


@dataclass(frozen=True)
class Facet:
    """One way to narrow a search: `condition` for a chosen value, `counts` over the hits.

    An article has one source but many people. So several sources widen a search (any of
    them), several people narrow it (all of them).
    """

    name: str
    title: str
    condition: str
    counts: str
    every: bool = False


def _linked(name: str, title: str, link: str, column: str, only: str = "1") -> Facet:
    """Return the facet of something that an article may have several of."""
    table = link.removeprefix("article_")
    return Facet(
        name=name,
        title=title,
        condition=f"""a.id in (
            select article_id from {link} join {table} on {table}.id = {link}.{column}
            where {table}.key = :{{0}}
        )""",
        counts=f"""
            select {table}.key as value, {table}.name as label, count(*) as count
            from hits join {link} on {link}.article_id = hits.id
            join {table} on {table}.id = {link}.{column} where {only}
            group by {table}.id order by count desc, label limit {{0}}
        """,
        every=True,
    )


def _plain(name: str, title: str, column: str, order: str = "count desc, label") -> Facet:
    """Return the facet of a column of `articles`."""
    return Facet(
        name=name,
        title=title,
        condition=f"a.{column} = :{{0}}",
        counts=f"""
            select {column} as value, {column} as label, count(*) as count from hits
            where {column} is not null group by {column} order by {order} limit {{0}}
        """,
    )


FACETS = (
    Facet(
        name="source",
        title="Source",
        condition="a.source_id = (select id from sources where key = :{0})",
        counts="""
            select key as value, name as label, count(*) as count
            from hits join sources on sources.id = hits.source_id
            group by sources.id order by count desc, label limit {0}
        """,
    ),
    _plain("year", "Year", "year", "label desc"),
    _plain("section", "Section", "section"),
    _linked("person", "People", "article_entities", "entity_id", "kind = 'PERSON'"),
    _linked("organisation", "Organisations", "article_entities", "entity_id", "kind = 'ORG'"),
    _linked("place", "Places", "article_entities", "entity_id", "kind in ('GPE', 'LOC', 'FAC')"),
    _linked("tag", "Tags", "article_tags", "tag_id"),
    _plain("language", "Language", "language"),
)


# Scripts without spaces between words have an index of their own, by any three characters.
TRIGRAM_CONDITION = "a.id in (select rowid from articles_trigram where articles_trigram match :unspaced{0})"
LIKE_CONDITION = """(
    a.language in ('zh', 'ja', 'ko', 'th', 'lo', 'km', 'my') and exists (
        select 1 from article_text where article_text.id = a.id
        and instr(article_text.text || a.title, :unspaced{0})
    )
)"""


@dataclass
class Search:
    """What was asked: the words, the chosen facet values, the order and the page."""

    query: str
    chosen: dict[str, list[str]]
    sort: str
    page: int
    more: str = ""
    match: str = ""
    excluded: str = ""
    unspaced: tuple[str, ...] = ()
    parameters: dict[str, object] = field(default_factory=dict)

    def conditions(self, without: str = "") -> str:
        """Return the SQL condition, leaving out one facet so that its other values can be counted."""
        parts = []
        if self.match:
            parts.append("a.id in (select rowid from articles_fts where articles_fts match :match)")
        if self.excluded:
            parts.append("a.id not in (select rowid from articles_fts where articles_fts match :excluded)")
        parts += [
            TRIGRAM_CONDITION.format(number) if len(word) >= TRIGRAM else LIKE_CONDITION.format(number)
            for number, word in enumerate(self.unspaced)
        ]
        for facet in FACETS:
            values = self.chosen.get(facet.name, [])
            if values and (facet.every or facet.name != without):
                each = [facet.condition.format(f"{facet.name}{number}") for number in range(len(values))]
                parts.append(f"({(' and ' if facet.every else ' or ').join(each)})")
        return " and ".join(parts) or "1"

    def address(self, **changes: object) -> str:
        """Return the query string of this search with changes; the page starts anew."""
        pairs = [("q", self.query)] + [
            (name, value) for name, values in self.chosen.items() for value in values
        ]
        pairs.append(("sort", self.sort if self.sort != default_sort(self.match) else ""))
        pairs += [(name, str(value)) for name, value in changes.items()]
        merged = [
            (name, value)
            for name, value in pairs
            if value and (name not in changes or str(changes[name]) == value)
        ]
        return f"?{urlencode(merged)}"

    def toggled(self, facet: str, value: str) -> str:
        """Return the query string with a facet value chosen, or given up if it was."""
        values = self.chosen.get(facet, [])
        others = [each for each in values if each != value] if value in values else [*values, value]
        return replace(self, chosen={**self.chosen, facet: others}).address()


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the search page and the same as JSON."""
    return [(r"^/search$", search_page), (r"^/search\.json$", search_json)]


async def search_page(datasette: Any, request: Any) -> Response:
    """Return the results of a search as a page."""
    search = read_search(request.args)
    results = await run_search(datasette, search)
    page = await datasette.render_template("room_search.html", {"search": search, **results}, request=request)
    return Response.html(page)


async def search_json(datasette: Any, request: Any) -> Response:
    """Return the results of a search as JSON."""
    search = read_search(request.args)
    results = await run_search(datasette, search)
    facets = {
        facet["name"]: [
            {key: value[key] for key in ("value", "label", "count", "chosen")} for value in facet["values"]
        ]
        for facet in results["facets"]
    }
    articles = [
        {**{key: row[key] for key in row.keys() if key != "id"}, "snippet": plain_snippet(row["snippet"])}  # noqa: SIM118 - a sqlite3.Row
        for row in results["rows"]
    ]
    return Response.json(
        {"query": search.query, "total": results["total"], "articles": articles, "facets": facets}
    )


def read_search(arguments: Any) -> Search:
    """Return the search that a query string asks for; anything odd in it is ignored."""
    query = " ".join((arguments.get("q") or "")[:LONGEST_QUERY].split())
    words = query.translate(QUOTES).replace('"', " ").split()
    unspaced = tuple(word for word in words if UNSPACED.search(word) and not word.startswith("-"))[:10]
    spaced = " ".join(word for word in query.split() if not UNSPACED.search(word)) if unspaced else query
    match, excluded = to_match(spaced)
    sort = arguments.get("sort") or ""
    if sort not in SORTS or (sort == "relevance" and not match):
        sort = default_sort(match)
    page = arguments.get("page") or "1"
    search = Search(
        query=query,
        chosen={facet.name: list(dict.fromkeys(arguments.getlist(facet.name)))[:10] for facet in FACETS},
        sort=sort,
        page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < LONGEST_PAGE else 1,
        more=arguments.get("more") or "",
        match=match,
        excluded=excluded,
        unspaced=unspaced,
    )
    search.parameters = {"match": match, "excluded": excluded}
    for number, word in enumerate(unspaced):
        quoted = '"' + word.replace('"', '""') + '"'
        search.parameters[f"unspaced{number}"] = quoted if len(word) >= TRIGRAM else word
    for name, values in search.chosen.items():
        search.parameters |= {f"{name}{number}": value for number, value in enumerate(values)}
    return search


def default_sort(match: str) -> str:
    """Return the order that suits: the best first where there are words, else the newest."""
    return "relevance" if match else "newest"


def to_match(query: str) -> tuple[str, str]:
    """Return FTS5 expressions for what must and what must not occur.

    Words are all wanted, `OR` between two wants either, quotes make a phrase, `-` excludes and
    a final `*` means any ending; a possessive 's is dropped. Everything else is taken
    literally, so no input is an error.
    """
    wanted: list[list[str]] = []
    excluded: list[str] = []
    either = False
    for term in TERM.finditer(query.translate(QUOTES)):
        word = term["word"]
        if word == "OR" and wanted:
            either = True
            continue
        text = POSSESSIVE.sub("", term["phrase"] if word is None else word).strip()
        if not SPOKEN.search(text):
            continue
        quoted = '"' + text.rstrip("*").replace('"', '""') + '"' + (" *" if text.endswith("*") else "")
        if term["minus"]:
            excluded.append(quoted)
        elif either:
            wanted[-1].append(quoted)
        else:
            wanted.append([quoted])
        either = False
    match = " AND ".join(f"({' OR '.join(group)})" for group in wanted)
    return match, " OR ".join(excluded)


async def run_search(datasette: Any, search: Search) -> dict[str, Any]:
    """Return rows, total and facets of a search."""
    database = datasette.get_database("collection" if "collection" in datasette.databases else None)
    where = search.conditions()
    rows = database.execute(_rows(search, where), search.parameters)
    total = database.execute(f"select count(*) from articles a where {where}", search.parameters)
    facets = [_facet(database, search, facet) for facet in FACETS]
    found, counted, *listed = await asyncio.gather(rows, total, *facets)
    count = counted.single_value()
    return {
        "rows": found.rows,
        "total": count,
        "facets": [facet for facet in listed if facet["values"]],
        "following": search.address(page=search.page + 1) if search.page * PAGE < count else "",
        "previous": search.address(page=search.page - 1) if search.page > 1 else "",
        "from_row": (search.page - 1) * PAGE + 1,
        "sorts": [name for name in SORTS if name != "relevance" or search.match],
    }


def _rows(search: Search, where: str) -> str:
    paged = f"order by {SORTS[search.sort]} limit {PAGE} offset {(search.page - 1) * PAGE}"
    if not search.match:
        return f"select {COLUMNS}, null as snippet from articles a where {where} {paged}"
    snippet = "snippet(articles_fts, 2, char(2), char(3), ' … ', 40) as snippet"
    others = replace(search, match="").conditions()
    return f"""
        select {COLUMNS}, {snippet} from articles_fts join articles a on a.id = articles_fts.rowid
        where articles_fts match :match and {others} {paged}
    """


async def _facet(database: Any, search: Search, facet: Facet) -> dict[str, Any]:
    """Return the values of a facet with their counts and the address that a click leads to."""
    most = MANY_FACET_VALUES if facet.name == search.more else FACET_VALUES
    hits = f"""
        with hits as materialized (
            select a.id, a.source_id, a.section, a.year, a.language from articles a
            where {search.conditions(without=facet.name)}
        )
    """
    rows = (await database.execute(hits + facet.counts.format(most + 1), search.parameters)).rows
    chosen = search.chosen.get(facet.name, [])
    values = [
        {
            "value": str(row["value"]),
            "label": row["label"],
            "count": row["count"],
            "chosen": str(row["value"]) in chosen,
            "address": search.toggled(facet.name, str(row["value"])),
        }
        for row in rows[:most]
    ]
    listed = {value["value"] for value in values}
    # What was chosen must stay in sight, to be given up again.
    values += [await _chosen(database, search, facet, value) for value in chosen if value not in listed]
    more = search.address(more=facet.name) if len(rows) > most and search.more != facet.name else ""
    return {"name": facet.name, "title": facet.title, "values": values, "more": more}


async def _chosen(database: Any, search: Search, facet: Facet, value: str) -> dict[str, Any]:
    """Return a chosen value that the counts do not list."""
    condition = f"{search.conditions(without=facet.name)} and {facet.condition.format('value')}"
    sql = f"select count(*) from articles a where {condition}"
    count = (await database.execute(sql, {**search.parameters, "value": value})).single_value()
    label = value.replace("-", " ")
    address = search.toggled(facet.name, value)
    return {"value": value, "label": label, "count": count, "chosen": True, "address": address}


def plain_snippet(snippet: str | None) -> str | None:
    """Return a snippet without the marks around its hits."""
    return snippet.replace("\x02", "").replace("\x03", "") if snippet else None
