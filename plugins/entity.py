"""Entity pages: every article that names a person, organisation or place, in time; and lists of them."""

from typing import Any
from urllib.parse import quote

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm

ENTITY = "select * from entities where key = :key"
ALIASES = (
    "select alias, mentions, origin from entity_aliases where entity_id = :id order by mentions desc, alias"
)
# The page of a very common name is found first, and only of its articles is all else asked.
# From a character before what a passage may begin with, to one behind where it may end: so it is seen
# whether there is more.
ARTICLES = """
    select listed.*, substr(text, max(1, start - :before), :around) as around
    from (
        select article_list.*, (
            select mentions from article_entities where article_id = article_list.id and entity_id = :id
        ) as mentions, (
            select min(start) from mentions as one
            where one.article_id = article_list.id and one.entity_id = :id
        ) as start
        from (
            select articles.id from article_entities join articles on articles.id = article_id
            where entity_id = :id order by published is null, published, articles.id
            limit :limit offset :offset
        ) as found join article_list on article_list.id = found.id
    ) as listed join article_text on article_text.id = listed.id
    order by published is null, published, listed.id
"""
SAID = """
    select quote, quotes.speaker, cue, confidence, start, :key as speaker_key, :name as speaker_name,
        articles.key, title, published, published_precision, language, null as source
    from quotes join articles on articles.id = quotes.article_id
    where speaker_entity_id = :id and confidence >= 0.5
    order by published is null, published, articles.id, start limit 8
"""
SAID_TOTAL = """
    select count(*) filter (where confidence >= 0.5) as surely,
        count(*) filter (where confidence < 0.5) as perhaps
    from quotes where speaker_entity_id = :id
"""
COUNTRY = "select key, name from entities where id = :country"
YEARS = """
    select year as label, count(*) as count from article_entities
    join articles on articles.id = article_id
    where entity_id = :id and year is not null group by year order by year
"""
COMPANY = """
    select key, name, kind, articles as count from entity_company
    join entities on entities.id = other_id where entity_id = :id order by score desc limit 18
"""
LIST = """
    select key, name, kind, article_count, mention_count, first_published, last_published from entities
    where (:kinds = '' or instr(:kinds, ',' || kind || ','))
        and (:q = '' or instr(lower(name), lower(:q)) or (:folded <> '' and instr(key, :folded)))
    order by article_count desc, mention_count desc, name limit :limit offset :offset
"""
QUERIES = (
    ("The name", ENTITY),
    ("Its forms", ALIASES),
    ("Articles in time", ARTICLES),
    ("Articles by year", YEARS),
    ("What was said", SAID),
    ("Named together", COMPANY),
)
GROUPS = {
    "person": ("People", ",PERSON,"),
    "organisation": ("Organisations", ",ORG,"),
    "place": ("Places", ",GPE,LOC,FAC,"),
    "other": ("Other names", ",NORP,EVENT,WORK,LAW,PRODUCT,MISC,"),
}
PAGE = 50
LIST_PAGE = 100


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve entities under their short name, and the list of all."""
    return [(r"^/entity/(?P<key>[^/]+)$", entity_page), (r"^/entities$", entity_list)]


async def entity_page(datasette: Any, request: Any) -> Response:
    """Return an entity's page."""
    database = pm.get_plugin("layout.py").collection(datasette)
    key = pm.get_plugin("layout.py").named(request)
    entity = (await database.execute(ENTITY, {"key": key})).first()
    if entity is None:
        now = await pm.get_plugin("former_names.py").key_now(datasette, key)
        if now:
            return Response.redirect(datasette.urls.path(f"/entity/{quote(now)}"))
        message = "Nobody and nothing of that name is mentioned here."
        raise NotFound(message)
    page = pm.get_plugin("layout.py").read_number(request.args.get("page"), 1)
    known = {
        "id": entity["id"],
        "key": entity["key"],
        "name": entity["name"],
        "country": entity["country_id"],
        "limit": PAGE,
        "offset": (page - 1) * PAGE,
    }

    async def rows(sql: str, **more: int) -> Any:
        return (await database.execute(sql, {**known, **more})).rows

    marks = pm.get_plugin("search_marks.py")
    before = marks.BEFORE + 1
    articles = await rows(ARTICLES, before=marks.BEFORE, around=before + marks.LONGEST_PASSAGE + 1)
    said = (await rows(SAID_TOTAL))[0]
    company, naming = await rows(COMPANY), pm.get_plugin("company.py").naming
    html = await datasette.render_template(
        "room_entity.html",
        {
            "entity": entity,
            "aliases": await rows(ALIASES),
            "articles": [
                (row, marks.cut_out(row["around"], min(row["start"], before)) if row["around"] else None)
                for row in articles
            ],
            "years": await rows(YEARS),
            "said": await rows(SAID) if page == 1 else [],
            "surely_said": said["surely"],
            "perhaps_said": said["perhaps"],
            "country": next(iter(await rows(COUNTRY)), None),
            "company": company,
            "together": {each["key"]: naming(entity, each) for each in company},
            "page": page,
            "pages": -(-entity["article_count"] // PAGE),
            "queries": [(title, sql, known) for title, sql in QUERIES],
        },
        request=request,
    )
    return Response.html(html)


async def entity_list(datasette: Any, request: Any) -> Response:
    """Return the names of a kind, the most mentioned first."""
    kind = request.args.get("kind") or ""
    query = (request.args.get("q") or "")[:100]
    page = pm.get_plugin("layout.py").read_number(request.args.get("page"), 1)
    known = {
        "kinds": GROUPS.get(kind, ("", ""))[1],
        "q": query,
        # As keys are written: SQLite's lower() leaves É as it is, and who types Zurich means Zürich, too.
        "folded": pm.get_plugin("search_sql.py").slug(query),
        "limit": LIST_PAGE + 1,
        "offset": (page - 1) * LIST_PAGE,
    }
    rows = (await pm.get_plugin("layout.py").collection(datasette).execute(LIST, known)).rows
    html = await datasette.render_template(
        "room_entities.html",
        {
            "entities": rows[:LIST_PAGE],
            "groups": {name: title for name, (title, _) in GROUPS.items()},
            "chosen": kind if kind in GROUPS else "",
            "query": query,
            "page": page,
            "queries": [("Names", LIST, known)],
            "more": len(rows) > LIST_PAGE,
        },
        request=request,
    )
    return Response.html(html)
