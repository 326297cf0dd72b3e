"""What machines ask a site for: robots.txt, sitemap.xml and the description of the search box."""

from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm

# The protocol allows 50,000 addresses and 50 MB in one file.
FILE = 20_000
ENTITY_KINDS = "'PERSON', 'ORG', 'GPE', 'LOC', 'FAC'"
COUNTS = f"""
    select (select count(*) from articles),
        (select count(*) from entities where kind in ({ENTITY_KINDS}))
"""
ARTICLES = """
    select key, coalesce(modified, published) as day from articles order by id limit :limit offset :offset
"""
ENTITIES = f"""
    select key, last_published as day from entities where kind in ({ENTITY_KINDS})
    order by id limit :limit offset :offset
"""
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MODES = ("pages", "all", "none")
DAY = 10


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve them where machines look."""
    return [
        (r"^/robots\.txt$", robots),
        (r"^/sitemap\.xml$", sitemap),
        (r"^/sitemap-(?P<kind>articles|names)-(?P<number>\d{1,5})\.xml$", sitemap_part),
        (r"^/opensearch\.xml$", opensearch),
    ]


@hookimpl
def extra_template_vars(datasette: Any) -> dict[str, bool]:
    """Let a page that no robot may read say so itself: in a folder of a host nobody asks for robots.txt."""
    return {"room_closed": mode(datasette) == "none"}


def mode(datasette: Any) -> str:
    """Return what may be crawled: `pages` (home, articles and names), `all` or `none`."""
    stated = (datasette.plugin_config("readingroom") or {}).get("crawling")
    return stated if stated in MODES else "pages"


async def robots(datasette: Any, request: Any) -> Response:
    """Return what crawlers may ask for; with `pages`, no search and no table of Datasette's."""
    path, allowed = datasette.urls.path, mode(datasette)
    lines = ["User-agent: *"]
    if allowed == "none":
        lines.append(f"Disallow: {path('/')}")
    elif allowed == "all":
        lines.append("Disallow:")
    else:
        lines += [f"Allow: {path(each)}" for each in ("/article/", "/entity/", "/-/room/", "/sitemap")]
        lines += [f"Allow: {path('/')}$", f"Disallow: {path('/')}"]
    if allowed != "none":
        lines.append(f"Sitemap: {datasette.absolute_url(request, path('/sitemap.xml'))}")
    return Response.text("\n".join(lines) + "\n")


async def sitemap(datasette: Any, request: Any) -> Response:
    """Return the list of the files that list all pages."""
    _refuse_if_closed(datasette)
    database = pm.get_plugin("layout.py").collection(datasette)
    articles, names = tuple((await database.execute(COUNTS)).first())
    files = [
        datasette.absolute_url(request, datasette.urls.path(f"/sitemap-{kind}-{number}.xml"))
        for kind, count in (("articles", articles + 1), ("names", names))
        for number in range(1, -(-count // FILE) + 1)
    ]
    listed = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in files)
    return _xml(f'<sitemapindex xmlns="{SITEMAP}">{listed}</sitemapindex>')


async def sitemap_part(datasette: Any, request: Any) -> Response:
    """Return one file of addresses, with the day of the last change where one was stated."""
    _refuse_if_closed(datasette)
    database = pm.get_plugin("layout.py").collection(datasette)
    kind, number = request.url_vars["kind"], int(request.url_vars["number"])
    known = {"limit": FILE, "offset": (number - 1) * FILE}
    sql, place = (ARTICLES, "article") if kind == "articles" else (ENTITIES, "entity")
    rows = (await database.execute(sql, known)).rows if number else []
    pages = [(f"{place}/{quote(row['key'])}", row["day"]) for row in rows]
    if kind == "articles" and number == 1:
        pages.insert(0, ("", None))
    if not pages:
        message = "There is no such list of pages."
        raise NotFound(message)
    top = datasette.absolute_url(request, datasette.urls.path("/"))
    urls = []
    for path, day in pages:
        changed = f"<lastmod>{day[:DAY]}</lastmod>" if day else ""
        urls.append(f"<url><loc>{escape(top + path)}</loc>{changed}</url>")
    return _xml(f'<urlset xmlns="{SITEMAP}">{"".join(urls)}</urlset>')


def _refuse_if_closed(datasette: Any) -> None:
    if mode(datasette) == "none":
        message = "This site is not listed for crawlers."
        raise NotFound(message)


async def opensearch(datasette: Any, request: Any) -> Response:
    """Return the description by which a browser adds the search box to its own."""
    title = await pm.get_plugin("layout.py").room_title(datasette)

    def address(path: str) -> str:
        return escape(datasette.absolute_url(request, datasette.urls.path(path)), {'"': "&quot;"})

    formats = (
        ("text/html", "/search"),
        ("application/atom+xml", "/search.atom"),
        ("application/json", "/search.json"),
    )
    urls = "".join(
        f'<Url type="{kind}" template="{address(path)}?q={{searchTerms}}&amp;page={{startPage?}}"/>'
        for kind, path in formats
    )
    return _xml(
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{escape(title[:16])}</ShortName><Description>{escape(title[:1024])}</Description>"
        f"<InputEncoding>UTF-8</InputEncoding>{urls}</OpenSearchDescription>",
        "application/opensearchdescription+xml",
    )


def _xml(body: str, kind: str = "application/xml") -> Response:
    return Response(
        f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n', content_type=f"{kind}; charset=utf-8"
    )
