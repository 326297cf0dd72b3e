"""Who is named together with whom: the strongest pairs of the collection, and a drawing for each name."""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm

# A pair stands in the table for both, or for one where the other has twenty closer.
PAIRS = """
    select one.key, one.name, one.kind, other.key as other_key, other.name as other_name,
        other.kind as other_kind, pair.articles, score
    from entity_company as pair join entities as one on one.id = pair.entity_id
    join entities as other on other.id = pair.other_id
    where (pair.entity_id < pair.other_id or not exists (
        select 1 from entity_company as back
        where back.entity_id = pair.other_id and back.other_id = pair.entity_id
    )) {condition}
    order by score desc limit {limit} offset {offset}
"""
OF_KINDS = """
    and ((one.kind in ({one}) and other.kind in ({other}))
        or (one.kind in ({other}) and other.kind in ({one})))
"""
ENTITY = "select id, key, name, kind, article_count from entities where key = :key"
COMPANIONS = """
    select key, name, kind, entities.id as id, articles, score from entity_company
    join entities on entities.id = other_id
    where entity_id = (select id from entities where key = :key) order by score desc limit 18
"""
TIES = """
    select name, key, other_name, other_key, articles from (
        with near as (
            select id, key, name from entities where key = :key
            union select id, key, name from (
                select entities.id, key, name from entity_company join entities on entities.id = other_id
                where entity_id = (select id from entities where key = :key) order by score desc limit 18
            )
        )
        select one.name, one.key, other.name as other_name, other.key as other_key, articles
        from near as one join entity_company on entity_id = one.id join near as other on other.id = other_id
    ) order by articles desc, name, other_name
"""
KINDS = {
    "person": ("People", "'PERSON'"),
    "organisation": ("Organisations", "'ORG'"),
    "place": ("Places", "'GPE', 'LOC', 'FAC'"),
}
FIELDS = {"PERSON": "person", "ORG": "org", "GPE": "place", "LOC": "place", "FAC": "place"}
PAGE = 50
MOST_DOWNLOADED = 1000
WIDTH, ROW, MARGIN = 1000, 34, 60
REACH = 200
LONGEST_LABEL = 30
THICKEST, THINNEST = 7.0, 1.0


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the pairs, and the company of a name."""
    return [(r"^/company$", pairs_page), (r"^/company/(?P<key>[^/]+)$", company_page)]


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


async def pairs_page(datasette: Any, request: Any) -> Response:
    """Return the pairs that are named together most beyond chance, of the kinds asked for."""
    chosen = [request.args.get(name) or "" for name in ("kind", "with")]
    one, other = (kind if kind in KINDS else "" for kind in chosen)
    page = part("layout").read_number(request.args.get("page"), 1)
    everything = ", ".join(kinds for _, kinds in KINDS.values())
    condition = ""
    if one or other:
        kinds = [KINDS[kind][1] if kind else everything for kind in (one, other)]
        condition = OF_KINDS.format(one=kinds[0], other=kinds[1])
    layout = part("layout")
    sql = PAIRS.format(condition=condition, limit=PAGE + 1, offset=(page - 1) * PAGE)
    rows = await layout.ask(datasette, sql, {})
    whole = PAIRS.format(condition=condition, limit=MOST_DOWNLOADED, offset=0)
    html = await datasette.render_template(
        "room_company.html",
        {
            "pairs": [turned(row, one, other) for row in (rows or [])[:PAGE]],
            "late": rows is None,
            "more": bool(rows) and len(rows) > PAGE,
            "kinds": {name: title for name, (title, _) in KINDS.items()},
            "one": one,
            "other": other,
            "page": page,
            "formats": layout.as_data(datasette, whole, {}),
        },
        request=request,
    )
    return Response.html(html)


def turned(row: Any, one: str, other: str) -> dict[str, Any]:
    """Return a pair with the kinds asked for in their order, and the search for both as `query`."""
    names = ("key", "name", "kind")
    ends = [{name: row[name] for name in names}, {name: row[f"other_{name}"] for name in names}]
    wanted = [KINDS[kind][1] if kind else "" for kind in (one, other)]
    fits = all(f"'{end['kind']}'" in kinds for end, kinds in zip(ends, wanted, strict=True) if kinds)
    first, second = ends if fits else reversed(ends)
    return {"one": first, "other": second, "articles": row["articles"], "query": naming(*ends)}


def naming(*ends: Any) -> str:
    """Return the query string of the search for what names all of these."""
    plain = part("search_query").without_quotes
    return urlencode(
        {"q": " ".join(f'{FIELDS.get(end["kind"], "person")}:"{plain(end["name"])}"' for end in ends)}
    )


async def company_page(datasette: Any, request: Any) -> Response:
    """Return who is named together with a name, as a drawing and as a list."""
    layout = part("layout")
    known = {"key": layout.named(request)}
    found = await layout.ask(datasette, ENTITY, known)
    if not found and (now := await part("former_names").key_now(datasette, known["key"])):
        return Response.redirect(datasette.urls.path(f"/company/{quote(now)}"))
    if not found:
        message = "Nobody and nothing of that name is mentioned here."
        raise NotFound(message)
    entity = found[0]
    companions = await layout.ask(datasette, COMPANIONS, known) or []
    ties: dict[tuple[str, str], int] = {}
    for row in await layout.ask(datasette, TIES, known) or []:
        first, second = sorted((row["key"], row["other_key"]))
        ties[first, second] = row["articles"]
    among = {each["key"]: tied(each["key"], entity["key"], companions, ties) for each in companions}
    html = await datasette.render_template(
        "room_company_of.html",
        {
            "entity": entity,
            "companions": companions,
            "among": among,
            "together": {each["key"]: naming(entity, each) for each in companions},
            "drawing": draw(entity, companions, ties),
            "formats": layout.as_data(datasette, COMPANIONS, known),
            "tie_formats": layout.as_data(datasette, TIES, known),
        },
        request=request,
    )
    return Response.html(html)


def tied(key: str, middle: str, companions: Sequence[Any], ties: Mapping[tuple[str, str], int]) -> list[Any]:
    """Return those of the companions that one of them is also named together with, the most first."""
    others = [
        (tie_of(ties, key, each["key"]), each) for each in companions if each["key"] not in {key, middle}
    ]
    ordered = sorted(others, key=lambda pair: -pair[0])
    return [each for count, each in ordered if count]


def tie_of(ties: Mapping[tuple[str, str], int], one: str, other: str) -> int:
    """Return how many articles are about both."""
    return ties.get((min(one, other), max(one, other)), 0)


def draw(entity: Any, companions: Sequence[Any], ties: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return the drawing: the name in the middle, its companions around it, lines by articles.

    Those around it are spread over two bows, left and right, each on a height of its own, so that no
    label can hide another.
    """
    order = arrange([each["key"] for each in companions], ties)
    rows = -(-len(order) // 2)
    height = ROW * max(rows - 1, 1) + 2 * MARGIN
    middle = (WIDTH / 2, height / 2)
    places = {entity["key"]: middle}
    for number, key in enumerate(order):
        right = number < rows
        row = number if right else len(order) - 1 - number
        y = MARGIN + ROW * row if rows > 1 else middle[1]
        bow = math.sqrt(max(0.0, 1 - ((y - middle[1]) / (height / 2)) ** 2))
        x = middle[0] + (1 if right else -1) * (REACH * bow + 60)
        places[key] = (round(x, 1), round(y, 1))
    most = max(ties.values(), default=1)
    lines = [
        {
            "from": places[one],
            "to": places[other],
            "own": entity["key"] in {one, other},
            "width": round(max(THINNEST, THICKEST * count / most), 1),
        }
        for (one, other), count in sorted(ties.items(), key=lambda tie: tie[1])
        if one in places and other in places
    ]
    nodes = [
        {
            "row": each,
            "at": places[each["key"]],
            "right": places[each["key"]][0] > middle[0],
            "label": shortened(each["name"]),
            "count": each["articles"],
        }
        for each in companions
    ]
    return {"height": height, "middle": middle, "lines": lines, "nodes": nodes}


def arrange(keys: Sequence[str], ties: Mapping[tuple[str, str], int]) -> list[str]:
    """Return names in an order in which those named together stand side by side, as far as it goes.

    The first begins; each next one is the one most often named with the last placed, and of these
    the one that comes first.
    """
    left = list(keys)
    order = left[:1]
    del left[:1]
    while left:
        following = max(left, key=lambda key: tie_of(ties, order[-1], key))
        left.remove(following)
        order.append(following)
    return order


def shortened(name: str) -> str:
    """Return a name that fits beside its place."""
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"
