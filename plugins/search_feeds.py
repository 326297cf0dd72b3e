"""Searches and names out of the room: Atom, JSON Feed, CSV and JSON Lines."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import AsgiStream
from datasette.views.base import DatasetteError

FEED_LENGTH = 50
UNAVAILABLE = 503
ATOM = "http://www.w3.org/2005/Atom"
CSV_COLUMNS = (
    *("key", "title", "authors", "description", "published", "modified", "source", "section", "language"),
    *("tags", "words", "rights", "copies", "url", "address"),
)
XML_FORBIDDEN = {
    number: None
    for number in [*range(32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)]
    if chr(number) not in "\t\n\r"
}
ROWS = """
    select articles.id, articles.key, title, description, published, modified, sources.name as source,
        section, language, words, articles.rights, url
    from json_each(:ids) as listed join articles on articles.id = listed.value
    left join sources on sources.id = source_id order by listed.key
"""
ENTITY = "select id, key, name from entities where key = :key"
OF_ENTITY = """
    select articles.key, title, description, published, modified, sources.name as source, section, language,
        words, articles.rights, url
    from article_entities join articles on articles.id = article_id
    left join sources on sources.id = source_id
    where entity_id = :id order by published is null, published desc, articles.id limit :limit
"""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve every search and every name as a feed, and every search as a table."""
    return [
        (r"^/search\.atom$", search_atom),
        (r"^/search\.feed\.json$", search_feed),
        (r"^/search\.csv$", search_csv),
        (r"^/search\.jsonl$", search_lines),
        (r"^/entity/(?P<key>[^/]+)/feed\.atom$", entity_atom),
        (r"^/entity/(?P<key>[^/]+)/feed\.json$", entity_feed),
    ]


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


class Feed:
    """What both kinds of feed say."""

    def __init__(self, datasette: Any, request: Any, *, what: str, room: str, home: str) -> None:
        """Begin a feed of what a room has; its web page is at a path."""
        self.datasette, self.request, self.room = datasette, request, room
        self.title = f"{what} · {room}"
        self.home = self.absolute(home)
        self.itself = datasette.absolute_url(request, request.full_path)

    def absolute(self, path: str) -> str:
        """Return the full address of a path of this site."""
        return str(self.datasette.absolute_url(self.request, self.datasette.urls.path(path)))

    def atom(self, rows: list[Any]) -> Response:
        """Return the feed as Atom."""
        ET.register_namespace("", ATOM)
        feed = ET.Element(f"{{{ATOM}}}feed")

        def add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
            child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
            child.text = text.translate(XML_FORBIDDEN) if text else None
            return child

        add(feed, "id", self.home)
        add(feed, "title", self.title)
        add(feed, "updated", latest(*map(updated, rows)))
        add(feed, "link", rel="alternate", type="text/html", href=self.home)
        add(feed, "link", rel="self", type="application/atom+xml", href=self.itself)
        add(add(feed, "author"), "name", self.room)
        for row in rows:
            address = self.absolute(f"/article/{row['key']}")
            entry = add(feed, "entry")
            add(entry, "id", address)
            add(entry, "title", row["title"])
            add(entry, "link", rel="alternate", type="text/html", href=address)
            add(entry, "updated", updated(row))
            if row["published"]:
                add(entry, "published", moment(row["published"]))
            for author in row["authors"]:
                add(add(entry, "author"), "name", author)
            if row["description"]:
                add(entry, "summary", row["description"])
        body = ET.tostring(feed, encoding="unicode")
        return Response(
            f'<?xml version="1.0" encoding="utf-8"?>\n{body}',
            content_type="application/atom+xml; charset=utf-8",
        )

    def json(self, rows: list[Any]) -> Response:
        """Return the feed as JSON Feed 1.1."""
        items = []
        for row in rows:
            address = self.absolute(f"/article/{row['key']}")
            item = {
                "id": address,
                "url": address,
                "external_url": part("layout").web_address(row["url"]),
                "title": row["title"],
                "content_text": row["description"] or row["title"],
                "date_published": moment(row["published"]) if row["published"] else None,
                "date_modified": updated(row) if row["modified"] else None,
                "language": row["language"],
                "authors": [{"name": author} for author in row["authors"]],
            }
            items.append({key: value for key, value in item.items() if value})
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.home,
            "feed_url": self.itself,
            "items": items,
        }
        return Response(
            json.dumps(feed, ensure_ascii=False), content_type="application/feed+json; charset=utf-8"
        )


def moment(published: str | None) -> str:
    """Return a date as RFC 3339 wants it: what is not stated is taken as the beginning, in UTC."""
    if not published:
        return "1970-01-01T00:00:00Z"
    full = published + "0001-01-01"[len(published) : 10] if len(published) < len("1969-07-20") else published
    try:
        stated = datetime.fromisoformat(full)
    except ValueError:
        return "1970-01-01T00:00:00Z"
    stated = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return stated.isoformat(timespec="seconds").replace("+00:00", "Z")


def updated(row: Any) -> str:
    """Return when an article was published or last changed, as far as either is stated."""
    return latest(*(moment(row[name]) for name in ("published", "modified") if row[name]))


def latest(*moments: str) -> str:
    """Return the last of some moments, wherever on Earth they were told."""
    return max(moments, key=datetime.fromisoformat, default=moment(None))


async def _of_search(datasette: Any, request: Any) -> tuple[Feed, list[Any]]:
    """Return the feed of a search and its articles; the newest come first unless asked otherwise."""
    searching = part("search")
    search = searching.read_search(request.args)
    if not request.args.get("sort"):
        search = part("search").replace(search, sort="newest")
    ids = await _ids(datasette, search)
    rows = await _signed(datasette, await _rows(datasette, list(ids)[:FEED_LENGTH]))
    what, room = search.query.text or "All articles", await part("layout").room_title(datasette)
    return Feed(datasette, request, what=what, room=room, home=f"/search{search.address()}"), rows


async def _signed(datasette: Any, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return articles with the names of their authors, else with that of their publication as theirs."""
    names = await _names(datasette, "AUTHORS", rows)
    return [
        {**dict(row), "authors": names.get(row["key"]) or list(filter(None, [row["source"]]))} for row in rows
    ]


async def _names(datasette: Any, query: str, rows: Sequence[Any]) -> dict[str, list[str]]:
    """Return the names of the authors or the tags of articles, by the articles' keys."""
    citations = part("citations")
    names: dict[str, list[str]] = await citations.names_of(
        datasette, getattr(citations, query), [row["key"] for row in rows]
    )
    return names


async def search_atom(datasette: Any, request: Any) -> Response:
    """Return the newest articles of a search as Atom."""
    feed, rows = await _of_search(datasette, request)
    return feed.atom(rows)


async def search_feed(datasette: Any, request: Any) -> Response:
    """Return the newest articles of a search as JSON Feed."""
    feed, rows = await _of_search(datasette, request)
    return feed.json(rows)


async def _of_entity(datasette: Any, request: Any) -> tuple[Feed, list[Any]]:
    database = part("layout").collection(datasette)
    key = part("layout").named(request)
    entity = (await database.execute(ENTITY, {"key": key})).first()
    if entity is None and (now := await part("former_names").key_now(datasette, key)):
        entity = (await database.execute(ENTITY, {"key": now})).first()
    if entity is None:
        message = "Nobody and nothing of that name is mentioned here."
        raise NotFound(message)
    found = await database.execute(OF_ENTITY, {"id": entity["id"], "limit": FEED_LENGTH})
    rows = await _signed(datasette, found.rows)
    room, home = await part("layout").room_title(datasette), f"/entity/{quote(entity['key'])}"
    return Feed(datasette, request, what=entity["name"], room=room, home=home), rows


async def entity_atom(datasette: Any, request: Any) -> Response:
    """Return the newest articles that mention a name as Atom."""
    feed, rows = await _of_entity(datasette, request)
    return feed.atom(rows)


async def entity_feed(datasette: Any, request: Any) -> Response:
    """Return the newest articles that mention a name as JSON Feed."""
    feed, rows = await _of_entity(datasette, request)
    return feed.json(rows)


async def search_csv(datasette: Any, request: Any) -> AsgiStream:
    """Return the articles of a search as a table for spreadsheets."""
    return part("downloads").as_csv(datasette, await listing(datasette, request), CSV_COLUMNS)


async def search_lines(datasette: Any, request: Any) -> AsgiStream:
    """Return the articles of a search as JSON, one a line."""
    return part("downloads").as_lines(datasette, await listing(datasette, request))


async def listing(datasette: Any, request: Any) -> Any:
    """Return all articles of a search, one a story with the number of its copies, to be taken away."""
    articles = datasette.absolute_url(request, datasette.urls.path("/article/"))

    copies = await _ids(datasette, part("search").read_search(request.args))

    async def rows(ids: Sequence[int]) -> list[dict[str, Any]]:
        found = [dict(row) for row in await _rows(datasette, ids)]
        authors, tags = [await _names(datasette, query, found) for query in ("AUTHORS", "TAGS")]
        for row in found:
            key = row["key"]
            row |= {"authors": authors.get(key, []), "tags": tags.get(key, [])}
            row["copies"] = copies[row.pop("id")]
            row["address"] = articles + row["key"]
        return found

    return part("downloads").Listing(name="search", ids=list(copies), rows=rows)


async def _ids(datasette: Any, search: Any) -> dict[int, int]:
    database = part("layout").collection(datasette)
    path = database.path or database.name
    found: dict[int, int] | None = await database.execute_fn(
        lambda connection: part("search_run").all_ids(connection, path, search)
    )
    if found is None:
        message = "This search took too long. Ask for rarer words, or narrow it."
        raise DatasetteError(message, status=UNAVAILABLE)
    return found


async def _rows(datasette: Any, ids: Sequence[int]) -> list[Any]:
    database = part("layout").collection(datasette)
    known = {"ids": json.dumps(list(ids))}
    rows: list[Any] = await database.execute_fn(lambda connection: connection.execute(ROWS, known).fetchall())
    return rows
