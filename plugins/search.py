"""Search: one box that never errors and says how it understood, with facets that count exactly."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from datasette import Response, hookimpl
from datasette.plugins import pm

PAGE = 20
LARGEST_PAGE = 100
MOST_CHOSEN = 20
LONGEST_VALUE = 200
FEW_NAMES = 3
NO_VALUE = "\0"
NO_FACETS = "no"
SORTS = ("relevance", "newest", "oldest")
FORMATS = {
    "JSON": "/search.json",
    "CSV": "/search.csv",
    "JSON Lines": "/search.jsonl",
    "Atom": "/search.atom",
    "JSON Feed": "/search.feed.json",
    "BibTeX": "/search.bib",
    "RIS": "/search.ris",
    "CSL-JSON": "/search.csl.json",
    "a notebook": "/search.ipynb",
}
# The values of facets are the same in search after search.
quoted = lru_cache(maxsize=4096)(quote_plus)
ROW_KEYS = (
    *("key", "title", "description", "published", "published_precision", "words", "section", "language"),
    *("url", "rights", "source", "source_key", "snippet", "copies"),
)


@dataclass(frozen=True)
class Search:
    """What was asked: the query, the chosen facet values, the order and page, and whether to count facets."""

    query: Any
    chosen: dict[str, list[str]]
    sort: str
    page: int = 1
    size: int = PAGE
    more: str = ""
    counting: bool = True

    def address(self, **changes: object) -> str:
        """Return the query string of this search with changes; the page starts anew."""
        kept = [(name, value) for name, value in self.kept() if name not in changes]
        pairs = [("q", self.query.text), *kept, *((name, str(value)) for name, value in changes.items())]
        return f"?{'&'.join(f'{name}={quoted(value)}' for name, value in pairs if value)}"

    def kept(self) -> list[tuple[str, str]]:
        """Return what holds for other words too: the chosen facet values, and an order unlike the usual."""
        pairs = [(name, value) for name, values in self.chosen.items() for value in values]
        return pairs if self.sort == default_sort(self.query) else [*pairs, ("sort", self.sort)]

    def reworded(self, text: str) -> str:
        """Return the query string of this search for other words, narrowed as it is."""
        return replace(self, query=part("search_query").parse(text)).address()

    def toggled(self, facet: str, value: str) -> str:
        """Return the query string with a facet value chosen, or given up if it was."""
        values = self.chosen.get(facet, [])
        others = [each for each in values if each != value] if value in values else [*values, value]
        return replace(self, chosen={**self.chosen, facet: others}).address()

    def toggles(self, facet: str) -> Callable[[str], str]:
        """Return `toggled` for the values of a facet; what is the same for all is put together once."""
        values = self.chosen.get(facet, [])
        pair = f"{facet}={quoted(NO_VALUE)}"
        any_one = replace(self, chosen={**self.chosen, facet: [*values, NO_VALUE]}).address()
        before, _, after = any_one.rpartition(pair)

        def toggle(value: str) -> str:
            known = value in values or not value
            return self.toggled(facet, value) if known else f"{before}{facet}={quoted(value)}{after}"

        return toggle


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the search page and the same as JSON."""
    return [(r"^/search$", search_page), (r"^/search\.json$", search_json)]


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


def read_search(arguments: Any) -> Search:
    """Return the search that a query string asks for; anything odd is ignored, what is too much told."""
    read_number = part("layout").read_number
    query = part("search_query").parse(arguments.get("q") or "")
    sort = arguments.get("sort") or ""
    if sort not in SORTS or (sort == "relevance" and not query.match):
        sort = default_sort(query)
    names = (*part("search_index").FACETS, "story")
    chosen = {name: _values(arguments.getlist(name)) for name in names}
    left_out = [
        f"Only the first {MOST_CHOSEN} chosen for {name} were read."
        for name, values in chosen.items()
        if len(values) > MOST_CHOSEN
    ]
    if left_out:
        query = replace(query, notes=(*query.notes, *left_out))
    return Search(
        query=query,
        chosen={name: values[:MOST_CHOSEN] for name, values in chosen.items()},
        sort=sort,
        page=read_number(arguments.get("page"), 1),
        size=min(read_number(arguments.get("size"), PAGE), LARGEST_PAGE),
        more=arguments.get("more") or "",
        counting=arguments.get("facets") != NO_FACETS,
    )


def _values(stated: list[str]) -> list[str]:
    return list(dict.fromkeys(each[:LONGEST_VALUE] for each in stated if each))


def default_sort(query: Any) -> str:
    """Return the order that suits: the best first where there are words, else the newest."""
    return "relevance" if query.match else "newest"


async def run_search(datasette: Any, search: Search) -> Any:
    """Return the results of a search."""
    database = part("layout").collection(datasette)

    def run(connection: Any) -> Any:
        path = database.path or database.name
        return part("search_run").execute(connection, path, search, search.page, search.size)

    return await database.execute_fn(run)


async def search_page(datasette: Any, request: Any) -> Response:
    """Return the results of a search as a page."""
    search = read_search(request.args)
    results = await run_search(datasette, search)
    if not results.total and (now := await keys_now(datasette, search)) != search:
        return Response.redirect(datasette.urls.path("/search") + now.address())
    last = search.page * search.size
    sentence = understood(search, results)
    page = await datasette.render_template(
        "room_search.html",
        {
            "search": search,
            "results": results,
            "sentence": sentence,
            "title": title(search, sentence, results),
            "following": search.address(page=search.page + 1, **_shape(search))
            if last < results.told
            else "",
            "previous": search.address(page=search.page - 1, **_shape(search)) if search.page > 1 else "",
            "from_row": last - search.size + 1,
            "sorts": [name for name in SORTS if name != "relevance" or search.query.match],
            "formats": {name: datasette.urls.path(path) for name, path in FORMATS.items()},
            "replaced": lambda term, name: search.reworded(instead(search.query.text, term, name)),
            "suggested": search.reworded(results.suggestion),
            "kept": search.kept(),
            "widened": replace(search, chosen={}).address() if any(search.chosen.values()) else "",
            "cap": part("downloads").cap(datasette),
            "crawled": part("crawling").mode(datasette) == "all",
        },
        request=request,
    )
    return Response.html(page)


async def keys_now(datasette: Any, search: Search) -> Search:
    """Return a search with the keys of today for chosen names, if few, that were merged or renamed."""
    names, chosen = part("search_index").NAMES, dict(search.chosen)
    if sum(len(chosen[facet]) for facet in names) > FEW_NAMES:
        return search
    for facet in names:
        keys = [(each, await part("former_names").key_now(datasette, each)) for each in chosen[facet]]
        chosen[facet] = list(dict.fromkeys(now or old for old, now in keys))
    return replace(search, chosen=chosen)


def _shape(search: Search) -> dict[str, object]:
    """Return what the next page of a search is asked for like this one, beside what was searched for."""
    shape: dict[str, object] = {} if search.size == PAGE else {"size": search.size}
    return shape if search.counting else {**shape, "facets": NO_FACETS}


def understood(search: Search, results: Any) -> Any:
    """Return how the search was understood, as pieces of a sentence."""
    labels = {facet: results.labels.get(facet) or values for facet, values in search.chosen.items() if values}
    return part("search_query").explain(search.query, labels, results.names)


def title(search: Search, sentence: Any, results: Any) -> str:
    """Return what a page of a search is called among a reader's tabs and bookmarks: no other is called so.

    One behind the last has no number of its own.
    """
    name = search.query.text or "All articles"
    if any(search.chosen.values()):
        name = "".join(text for _, text in sentence)
        name = name[0].upper() + name[1:]
    return f"{name}, page {search.page}" if search.page > 1 and results.rows else name


def instead(text: str, term: Any, name: str) -> str:
    """Return a query with the name of a field put in place of one that is unknown."""
    plain = part("search_query").without_quotes(name)
    quoted = f'"{plain}"' if " " in plain else plain
    for written in (f'"{term.text}"', f"“{term.text}”", term.text):
        before, found, after = text.partition(f":{written}")
        if found:
            return f"{before}:{quoted}{after}"
    return text


async def search_json(datasette: Any, request: Any) -> Response:
    """Return the results of a search as JSON."""
    search = read_search(request.args)
    results = await run_search(datasette, search)
    last = search.page * search.size
    following = search.address(page=search.page + 1, **_shape(search)) if last < results.told else ""
    here = str(datasette.urls.path("/search.json"))
    if here not in results.written:
        results.written[here] = json.dumps(
            {
                facet["name"]: [{**value, "address": here + value["address"]} for value in facet["values"]]
                for facet in results.facets
            }
        )
    answer = json.dumps(
        {
            "query": search.query.text,
            "understood": "".join(text for _, text in understood(search, results)),
            "notes": [*search.query.notes, *results.notes, *unknown_names(results)],
            "suggestion": results.suggestion or None,
            "total": results.total,
            "total_is_exact": not results.late,
            "stories": results.told,
            "sort": search.sort,
            "page": search.page,
            "next": here + following if following else None,
            "articles": [plain_row(row) for row in results.rows],
            "facets_not_counted": results.uncounted,
        }
    )
    answer = f'{answer[:-1]}, "facets": {results.written[here]}}}'
    return Response(answer, content_type="application/json; charset=utf-8")


def unknown_names(results: Any) -> list[str]:
    """Return a sentence for each name that the collection does not know."""
    return [
        f"No {term.field} here is called {term.text}."
        + (f" Near it: {', '.join(nearest)}." if nearest else "")
        for term, nearest in results.unknown
    ]


def plain_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of an article, its snippet without marks."""
    snippet = row["snippet"]
    plain = snippet.replace("\x02", "").replace("\x03", "") if snippet else None
    return {**{key: row[key] for key in ROW_KEYS}, "snippet": plain}
