"""The home page: what the collection is, an invitation to search, and where to begin."""

from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm

COUNTS = """
    select (select count(*) from articles) as articles,
        (select sum(words) from articles) as words,
        (select count(*) from entities) as entities,
        (select count(*) from sources) as sources,
        (select min(published) from articles) as first,
        (select max(published) from articles) as last,
        (select count(*) from articles where published is null) as undated,
        (select count(*) from problems) as problems,
        (select count(*) from files where outcome <> 'article') as others
"""
OTHERS = """
    select outcome, files.locator, coalesce(message, files.reason) as why, hint as what_to_do
    from files left join problems on file_id = files.id
    where outcome <> 'article' order by outcome, files.locator
"""
YEARS = (
    "select year as label, count(*) as count from articles where year is not null group by year order by year"
)
MONTHS = "select month as label, sum(articles) as count from articles_by_month group by month order by month"
TREND_YEAR = "select max(year) from entity_trends"
# What is compared is the share of each year's articles, so that those are told, too.
TRENDS = """
    select key, name, entity_trends.articles, before, change,
        (select count(*) from articles where year = :year) as total,
        (select count(*) from articles where year = :year - 1) as total_before from entity_trends
    join entities on entities.id = entity_id
    where year = :year and {condition} order by abs(change) desc, name limit 8
"""
COMPANY = """
    select one.key, one.name, other.key as other_key, other.name as other_name, articles
    from entity_company join entities as one on one.id = entity_id
    join entities as other on other.id = other_id
    where entity_id < other_id order by score desc limit 10
"""
SOURCES = """
    select key, name, article_count, first_published, last_published from sources
    order by article_count desc, name limit 12
"""
LATEST = """
    select key, title, source, published, published_precision, description, language from article_list
    order by published desc, id desc limit 6
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


FEW_YEARS = 3


async def home(datasette: Any, request: Any) -> Response:
    """Return the home page."""
    database = pm.get_plugin("layout.py").collection(datasette)
    counts = (await database.execute(COUNTS)).first()
    mentioned = [
        (title, kind, (await database.execute(MENTIONED.format(kinds=kinds))).rows)
        for title, kind, kinds in GROUPS
    ]

    async def rows(sql: str, **known: object) -> Any:
        return (await database.execute(sql, known)).rows

    years = await rows(YEARS)
    months = await rows(MONTHS) if len(years) <= FEW_YEARS else []
    # A chart of months passes over what has none; one of a single year would be a single bar.
    whole = sum(row["count"] for row in months) == counts["articles"] - counts["undated"]
    by_month = len(years) <= (FEW_YEARS if whole else 1)
    year = (await rows(TREND_YEAR))[0][0]
    page = await datasette.render_template(
        "room_home.html",
        {
            "counts": counts,
            "unit": "month" if by_month else "year",
            "times": months if by_month else years,
            "year": year,
            "rose": await rows(TRENDS.format(condition="change > 0"), year=year),
            "fell": await rows(TRENDS.format(condition="change < 0"), year=year),
            "company": await rows(COMPANY),
            "sources": (await database.execute(SOURCES)).rows,
            "latest": (await database.execute(LATEST)).rows,
            "mentioned": mentioned,
            "others": OTHERS,
            "queries": [
                ("Counts", COUNTS, {}),
                ("Files that are no articles", OTHERS, {}),
                ("Articles by year", YEARS, {}),
                ("Articles by month", MONTHS, {}),
                *((title, MENTIONED.format(kinds=kinds), {}) for title, _, kinds in GROUPS),
                ("Named more than the year before", TRENDS.format(condition="change > 0"), {"year": year}),
                ("Named less than the year before", TRENDS.format(condition="change < 0"), {"year": year}),
                ("Named together", COMPANY, {}),
                ("Sources", SOURCES, {}),
                ("Latest articles", LATEST, {}),
            ],
        },
        request=request,
    )
    return Response.html(page)
