"""The timeline: when articles were published, and which times their texts speak of."""

import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from datasette.plugins import pm

YEAR, MONTH, DAY = 4, 7, 10
CALENDAR = re.compile(r"(?!0000)\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
SPOKEN = re.compile(r"[\dA-Z][\dA-Z:+-]{1,24}", re.ASCII)
LONGEST_NAME = 200
PAGE = 30
MOST_DOWNLOADED = 1000
MOST_OTHERWISE = 60
# Every label of one level in a range: `{length}` characters of the date, where it has so many.
BY_MONTH = """
    select label, sum(count) as count from (
        select substr(month, 1, {length}) as label, articles as count from articles_by_month
        where month >= :from and month < :to {source}
        union all
        select published, 1 from articles where length(published) = {length} and {length} = 4
        and published >= :from and published < :to {source}
    ) group by label order by label
"""
BY_DAY = """
    select substr(published, 1, {length}) as label, count(*) as count from articles
    where published >= :from and published < :to and length(published) >= {length} {source}
    group by 1 order by 1
"""
# `cross join` has SQLite begin with the name's articles, which may be few, not with all of the time.
OF_ENTITY = """
    select substr(published, 1, {length}) as label, count(*) as count from article_entities
    cross join articles on articles.id = article_id where entity_id = {entity_id}
    and published >= :from and published < :to and length(published) >= {length} {source}
    group by 1 order by 1
"""
YEARS_OF_ENTITY = """
    select cast(year as text) as label, articles as count from entities_by_year
    where entity_id = {entity_id} order by year
"""
SOURCE_ID = "(select id from sources where key = :source)"
ENTITY_ID = "(select id from entities where key = :entity)"
LESS_PRECISE = "select count(*) as count from articles where published = :at {source} {of_entity}"
UNDATED = "select count(*) as count from articles where published is null {source} {of_entity}"
ARTICLES = """
    select key, title, description, published, published_precision, language, (
        select name from sources where sources.id = source_id
    ) as source from articles
    where published >= :from and published < :to {source} {of_entity}
    order by published, id limit {limit} offset {offset}
"""
NAMES = "article_id in (select article_id from article_entities where entity_id = {entity_id})"
# What texts speak of. A table made at ingest has the sums; those for one name are counted here.
SUMS = "select value, passages as count from dates_by_source where {range} {source}"
SUMS_OF_ENTITY = """
    select value, 1 as count from article_entities cross join dates using (article_id)
    where entity_id = {entity_id} and {range} {source}
"""
SPOKEN_LEVEL = """
    select substr(value, 1, {length}) as label, sum(count) as count from ({sums})
    where value glob '{form}' group by 1 order by 1
"""
FORMS = {
    YEAR: "[0-9][0-9][0-9][0-9]*",
    MONTH: "[0-9][0-9][0-9][0-9]-[01][0-9]*",
    DAY: "[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*",
}
OTHERWISE = """
    select value, sum(count) as count from ({sums}) where not value glob '{form}'
    group by 1 order by 1 limit {most}
"""
PASSAGES = """
    select articles.key, title, published, published_precision, language, value, precision, surface, start, (
        select name from sources where sources.id = source_id
    ) as source, substr(text, max(1, start - 89), min(start, 90)) as before,
        substr(text, "end" + 1, 130) as after
    from dates join articles on articles.id = article_id join article_text on article_text.id = article_id
    where {range} {source} {of_entity} order by value, dates.rowid limit {limit} offset {offset}
"""
SOURCES = "select key, name, article_count as count from sources order by article_count desc, name limit 15"
ENTITY = """
    select key, name from entities where key = :asked or name = :asked
    order by key = :asked desc, article_count desc limit 1
"""
SOURCE = "select key, name from sources where key = :asked"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a request asks for: a date or nothing, a publication, a name, and the page."""

    at: str
    exact: bool
    source: Any
    entity: Any
    unknown: str
    page: int

    @property
    def level(self) -> int:
        """The length of the dates counted below the one asked for; nothing below a day."""
        if not self.at:
            return YEAR
        return {YEAR: MONTH, MONTH: DAY}.get(len(self.at) if CALENDAR.fullmatch(self.at) else 0, 0)

    def address(self, **changes: object) -> str:
        """Return the query string with changes; the page starts anew."""
        stated = {
            "at": self.at,
            "exact": "1" if self.exact else "",
            "source": self.source["key"] if self.source else "",
            "entity": self.entity["key"] if self.entity else "",
            **({"exact": ""} if "at" in changes else {}),
            **changes,
        }
        return f"?{urlencode({name: value for name, value in stated.items() if value})}"

    def known(self) -> dict[str, str]:
        """Return the parameters of the statements: what begins with a date lies between two texts."""
        ends = {"from": self.at, "to": self.at + "~"} if self.at else {"from": "", "to": "~"}
        if self.at and (self.exact or not CALENDAR.fullmatch(self.at)):
            ends["to"] = self.at + "!"
        stated = {"source": self.source, "entity": self.entity}
        return {**ends, "at": self.at, **{name: row["key"] for name, row in stated.items() if row}}

    def fill(self, sql: str, **pieces: object) -> str:
        """Return a statement with its conditions, each only where it is asked for."""
        conditions = {
            "source": f"and source_id = {SOURCE_ID}" if self.source else "",
            "of_entity": f"and {NAMES}" if self.entity else "",
            "range": "value >= :from and value < :to",
        }
        for _ in range(2):  # a piece may have pieces
            sql = sql.format(
                **{"length": self.level, "form": FORMS.get(self.level), **conditions, **pieces},
                entity_id=ENTITY_ID,
            )
        return sql


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve both timelines."""
    return [(r"^/timeline$", published_page), (r"^/timeline/texts$", spoken_page)]


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


async def read_asked(datasette: Any, request: Any, form: re.Pattern[str]) -> Asked:
    """Return what is asked for; a date that is none is passed over, an unknown name is told.

    A name may be asked for by key or name, by those of before, or by an alias that only one has.
    """
    arguments = request.args
    at = arguments.get("at") or ""
    found: dict[str, Any] = {}
    unknown = ""
    for name, sql in (("source", SOURCE), ("entity", ENTITY)):
        asked = (arguments.get(name) or "").strip()[:LONGEST_NAME]
        rows = await part("layout").ask(datasette, sql, {"asked": asked}) if asked else []
        if asked and not rows and name == "entity":
            key = part("search_sql").slug(asked)
            now = await part("former_names").key_now(datasette, key) or key
            rows = await part("layout").ask(datasette, sql, {"asked": now})
        found[name] = rows[0] if rows else None
        unknown = asked if asked and not rows else unknown
    return Asked(
        at=at if form.fullmatch(at) else "",
        exact=arguments.get("exact") == "1",
        unknown=unknown,
        page=part("layout").read_number(request.args.get("page"), 1),
        **found,
    )


async def published_page(datasette: Any, request: Any) -> Response:
    """Return the articles by year, those of a year by month, those of a month by day."""
    asked = await read_asked(datasette, request, CALENDAR)
    known, ask = asked.known(), part("layout").ask
    count = asked.fill(counting(asked)) if asked.level else ""
    listed = asked.fill(ARTICLES, limit=PAGE + 1, offset=(asked.page - 1) * PAGE)
    rough = asked.fill(LESS_PRECISE if asked.at else UNDATED).replace("article_id in", "id in")
    listed = listed.replace("article_id in", "id in")
    rows = await ask(datasette, listed, known) if asked.at else []
    whole = asked.fill(ARTICLES, limit=MOST_DOWNLOADED, offset=0).replace("article_id in", "id in")
    less = await ask(datasette, rough, known) if asked.level else []
    return await answer(
        datasette,
        request,
        asked,
        {
            "counts": padded(await ask(datasette, count, known), asked) if count else [],
            "rows": rows,
            "less": less[0]["count"] if less else 0,
            "formats": part("layout").as_data(datasette, count, known) if count else {},
            "row_formats": part("layout").as_data(datasette, whole, known) if asked.at else {},
            "here": datasette.urls.path("/timeline"),
            "spoken": False,
        },
    )


def counting(asked: Asked) -> str:
    """Return the statement that counts articles fastest for what is asked."""
    if asked.entity:
        return YEARS_OF_ENTITY if asked.level == YEAR and not asked.source else OF_ENTITY
    return BY_DAY if asked.level == DAY else BY_MONTH


async def spoken_page(datasette: Any, request: Any) -> Response:
    """Return which years, months and days the texts speak of, and the passages that do."""
    asked = await read_asked(datasette, request, SPOKEN)
    known, ask = asked.known(), part("layout").ask
    sums = SUMS_OF_ENTITY if asked.entity else SUMS
    if asked.entity and asked.source:
        sums = sums.replace(
            "using (article_id)", "using (article_id) join articles on articles.id = article_id"
        )
    deeper = asked.level and not asked.exact
    count = asked.fill(SPOKEN_LEVEL, sums=sums) if deeper else ""
    otherwise = asked.fill(OTHERWISE, sums=sums, most=MOST_OTHERWISE) if deeper else ""
    listed = asked.fill(PASSAGES, limit=PAGE + 1, offset=(asked.page - 1) * PAGE)
    whole = asked.fill(PASSAGES, limit=MOST_DOWNLOADED, offset=0)
    return await answer(
        datasette,
        request,
        asked,
        {
            "counts": padded(await ask(datasette, count, known), asked) if count else [],
            "otherwise": await ask(datasette, otherwise, known) if otherwise else [],
            "rows": await ask(datasette, listed, known) if asked.at else [],
            "formats": part("layout").as_data(datasette, count, known) if count else {},
            "row_formats": part("layout").as_data(datasette, whole, known) if asked.at else {},
            "here": datasette.urls.path("/timeline/texts"),
            "spoken": True,
        },
    )


def padded(rows: list[Any] | None, asked: Asked) -> list[Any] | None:
    """Return the counts of a year for all its months, those of a month for all its days."""
    if not rows or not asked.at:
        return rows
    found = {row["label"]: row["count"] for row in rows}
    last = 12 if asked.level == MONTH else monthrange(int(asked.at[:YEAR]), int(asked.at[5:MONTH]))[1]
    labels = [f"{asked.at}-{number:02}" for number in range(1, last + 1)]
    return [{"label": label, "count": found.get(label, 0)} for label in labels]


async def answer(datasette: Any, request: Any, asked: Asked, shown: dict[str, Any]) -> Response:
    """Return the page; `counts` or `rows` that are None took too long."""
    rows = shown["rows"]
    above = [asked.at[:length] for length in (YEAR, MONTH) if CALENDAR.fullmatch(asked.at)]
    page = await datasette.render_template(
        "room_timeline.html",
        {
            **shown,
            "rows": rows[:PAGE] if rows else rows,
            "more": bool(rows) and len(rows) > PAGE,
            "late": shown["counts"] is None or rows is None or shown.get("otherwise", []) is None,
            "asked": asked,
            "above": [each for each in above if len(each) < len(asked.at)],
            "unit": {YEAR: "year", MONTH: "month", DAY: "day"}.get(asked.level, ""),
            "sources": await part("layout").ask(datasette, SOURCES, {}) or [],
        },
        request=request,
    )
    return Response.html(page)
