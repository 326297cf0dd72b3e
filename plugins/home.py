"""The home page: what the collection is, an invitation to search, and where to begin."""

from typing import Any

from datasette import Response, hookimpl

COUNTS = """
    select (select count(*) from articles) as articles,
        (select sum(words) from articles) as words,
        (select count(*) from entities) as entities,
        (select min(published) from articles) as first,
        (select max(published) from articles) as last,
        (select count(*) from articles where published is null) as undated,
        (select count(*) from problems) as problems
"""
YEARS = (
    "select year as label, count(*) as count from articles where year is not null group by year order by year"
)
SOURCES = """
    select key, name, article_count, first_published, last_published from sources
    order by article_count desc, name limit 12
"""
LATEST = """
    select key, title, source, published, published_precision, description from article_list
    where published is not null order by published desc limit 6
"""
MENTIONED = """
    select key, name, article_count from entities where kind in ({kinds})
    order by article_count desc, mention_count desc, name limit 12
"""
GROUPS = (
    ("People", "person", "'PERSON'"),
    ("Organisations", "organisation", "'ORG'"),
    ("Places", "place", "'GPE', 'LOC', 'FAC'"),
)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Take the front page; Datasette's own list of tables stays at its address."""
    return [(r"^/$", home)]


async def home(datasette: Any, request: Any) -> Response:
    """Return the home page."""
    database = datasette.get_database("collection" if "collection" in datasette.databases else None)
    counts = (await database.execute(COUNTS)).first()
    mentioned = [
        (title, kind, (await database.execute(MENTIONED.format(kinds=kinds))).rows)
        for title, kind, kinds in GROUPS
    ]
    page = await datasette.render_template(
        "room_home.html",
        {
            "counts": counts,
            "years": (await database.execute(YEARS)).rows,
            "sources": (await database.execute(SOURCES)).rows,
            "latest": (await database.execute(LATEST)).rows,
            "mentioned": mentioned,
        },
        request=request,
    )
    return Response.html(page)
