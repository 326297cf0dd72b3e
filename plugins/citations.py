"""Citations to take away: of an article, and of all that a search finds."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import AsgiStream

ARTICLE = """
    select articles.key, title, description, published, sources.name as source, section, language, url
    from articles left join sources on sources.id = source_id where articles.key = :key
"""
AUTHORS = """
    select articles.key, name from json_each(:keys) as listed join articles on articles.key = listed.value
    join article_authors on article_id = articles.id join authors on authors.id = author_id
    order by articles.id, position
"""
TAGS = """
    select articles.key, name from json_each(:keys) as listed join articles on articles.key = listed.value
    join article_tags on article_id = articles.id join tags on tags.id = tag_id order by articles.id, name
"""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the citation of an article, and those of a search, in every format."""
    return [
        (r"^/article/(?P<key>[0-9a-f]+)\.(?P<ending>bib|ris|csl\.json|txt)$", article_citation),
        (r"^/search\.(?P<ending>bib|ris|csl\.json)$", search_citations),
    ]


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


def absolute(datasette: Any, request: Any, key: str) -> str:
    """Return the full address of an article's page."""
    return str(datasette.absolute_url(request, datasette.urls.path(f"/article/{key}")))


async def names_of(datasette: Any, sql: str, keys: Sequence[str]) -> dict[str, list[str]]:
    """Return the names that a query gives for each of some articles, by their keys."""
    known = {"keys": json.dumps(list(keys))}
    database = part("layout").collection(datasette)
    rows = await database.execute_fn(lambda connection: connection.execute(sql, known).fetchall())
    names = defaultdict(list)
    for key, name in rows:
        names[key].append(name)
    return names


async def refer(datasette: Any, request: Any, rows: Sequence[Any]) -> list[Any]:
    """Return references to articles, from their catalogue rows."""
    keys = [row["key"] for row in rows]
    authors = await names_of(datasette, AUTHORS, keys)
    tags = await names_of(datasette, TAGS, keys)
    articles = absolute(datasette, request, "")
    return [
        part("citation_formats").refer(row, authors.get(key, []), tags.get(key, []), articles + key)
        for key, row in zip(keys, rows, strict=True)
    ]


async def article_citation(datasette: Any, request: Any) -> Response:
    """Return the citation of an article in one format."""
    key, ending = request.url_vars["key"], request.url_vars["ending"]
    row = (await part("layout").collection(datasette).execute(ARTICLE, {"key": key})).first()
    if row is None:
        message = "There is no such article here."
        raise NotFound(message)
    (reference,) = await refer(datasette, request, [row])
    form = part("citation_formats").FORMATS[ending]
    headers = {"x-robots-tag": "noindex"}
    if ending != "txt":
        headers["content-disposition"] = f'attachment; filename="{reference.name}.{ending}"'
    body = f"{form.before}{form.write(reference)}{form.after}"
    return Response(body, headers=headers, content_type=form.media_type)


async def search_citations(datasette: Any, request: Any) -> AsgiStream:
    """Return the citations of all that a search finds in one format."""
    ending = request.url_vars["ending"]
    form = part("citation_formats").FORMATS[ending]

    async def chunks(rows: AsyncIterator[list[dict[str, Any]]]) -> AsyncIterator[str]:
        yield form.before
        between = ""
        async for batch in rows:
            references = await refer(datasette, request, batch)
            # In a thread, since hundreds of them would keep every other reader waiting.
            written = await asyncio.to_thread(lambda: list(map(form.write, references)))  # noqa: B023 - awaited
            yield between + form.between.join(written)
            between = form.between
        yield form.after

    found = await part("search_feeds").listing(datasette, request)
    return part("downloads").stream(datasette, found, chunks, (ending, form.media_type))
