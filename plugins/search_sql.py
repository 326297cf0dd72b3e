"""What a search asks of the database: a condition for each thing asked for, and one statement for all."""

import math
import re
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

SHORTEST_TRIGRAM = 3
WEIGHTS = "10.0, 4.0, 1.0, 6.0"
ORDERS = {
    "relevance": "score, id",
    "newest": "published is null, published desc, id",
    "oldest": "published is null, published, id",
}
KINDS = {"person": "'PERSON'", "organisation": "'ORG'", "place": "'GPE', 'LOC', 'FAC'"}
MANY = (
    "score is null, score, case when score is null then published is null end,"
    " case when score is null then published end desc, id"
)
COLUMNS = {"section": "section", "language": "language", "rights": "rights", "year": "cast(year as text)"}
TABLES = {"source": "sources", "tag": "tags", "author": "authors"}
MOST_NAMES = 20
NEAREST_AMONG = 5000
NEAREST = 3
NEAR = 0.3
MOST_RANKED = 10_000
NAMED = "{{title names}} : ({0})"
# Letters of which `fold` makes what FTS5 makes of them.
PLAIN = re.compile("[0-9A-Za-zÀ-ÖØ-öø-ž]+")

MATCHING = "select rowid from articles_fts where articles_fts match :{0}"
TRIGRAM = "select rowid from articles_trigram where articles_trigram match :{0}"
# A word of one or two letters has no trigram; only texts that hold such letters are looked through.
WITHIN = """
    select indexed.id from articles_trigram_docsize as indexed
    join articles as whole on whole.id = indexed.id join article_text on article_text.id = indexed.id
    where instr(text, :{0}) or instr(title, :{0}) or instr(coalesce(description, ''), :{0})
"""
# The index has the names that signed, but no word of two letters, and no article that is in other letters.
SIGNED = """
    select article_id from authors join article_authors on author_id = authors.id where instr(name, :{0})
"""
SOURCE = "select articles.id from articles join sources on sources.id = source_id where sources.key = :{0}"
TAG = "select article_id from article_tags join tags on tags.id = tag_id where tags.key = :{0}"
AUTHOR = """
    select article_id from article_authors join authors on authors.id = author_id where authors.key = :{0}
"""
ENTITY = """
    select article_id from article_entities join entities on entities.id = entity_id
    where entities.key = :{0} and kind in ({kinds})
"""
COLUMN = "select id from articles where {column} = :{0}"
MONTH = "select id from articles where substr(published, 1, 7) = :{0}"
STORY = """
    select id from articles where story_id = (select story_id from articles where key = :{0}) or key = :{0}
"""
# A date that is less precise than the one asked for cannot be said to be before or after it.
BEFORE = "select id from articles where published < :{0} and substr(:{0}, 1, length(published)) <> published"
AFTER = "select id from articles where published > :{0} || '~'"
NOTHING = "select id from articles where :{0} is null"


@dataclass(frozen=True)
class Condition:
    """Article ids as SQL, with {0} for the name of its one parameter."""

    sql: str
    value: str

    def rows(self) -> tuple[str, dict[str, str]]:
        """Return a statement of its own, and its parameter."""
        return self.sql.replace("{0}", "value"), {"value": self.value}


@dataclass
class Known:
    """What a name asked for stands for: a condition for each, and its names in words."""

    conditions: list[Condition] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


@dataclass
class Wanted:
    """A search as conditions: any of each group, none of `excluded`; `match` ranks.

    Where `named` is set, it ranks instead, and what it does not find follows by date.
    """

    match: str = ""
    named: str = ""
    groups: list[list[Condition]] = field(default_factory=list)
    excluded: list[Condition] = field(default_factory=list)
    by_facet: dict[str, list[Condition]] = field(default_factory=dict)


def of_facet(facet: str, value: str) -> Condition:
    """Return the condition that a chosen facet value sets."""
    sql = {"source": SOURCE, "tag": TAG, "author": AUTHOR, "month": MONTH, "story": STORY}.get(facet)
    if facet in KINDS:
        sql = ENTITY.replace("{kinds}", KINDS[facet])
    if facet in COLUMNS:
        sql = COLUMN.replace("{column}", COLUMNS[facet])
    return Condition(sql or NOTHING, value)


def of_words(term: Any) -> list[Condition]:
    """Return the conditions that words of the text set, of which one is to hold."""
    if not term.unspaced:
        return [Condition(MATCHING, term.match)]
    signed = Condition(SIGNED, term.text)
    if len(term.text) < SHORTEST_TRIGRAM:
        return [Condition(WITHIN, term.text), signed]
    return [Condition(TRIGRAM, '"' + term.text.replace('"', '""') + '"'), signed]


def resolve(connection: Any, term: Any) -> Known:
    """Return what the term of a field stands for; names are looked up in the collection."""
    if term.field == "before":
        return Known([Condition(BEFORE, term.text)])
    if term.field == "after":
        return Known([Condition(AFTER, term.text)])
    if term.field == "year":
        return Known([of_facet("year", term.text)])
    found = _look_up(connection, term)
    known = Known(
        [of_facet(term.field, key) for key, _ in found[:MOST_NAMES]], [str(name) for _, name in found]
    )
    if not found:
        known.conditions = [Condition(NOTHING, term.text)]
    return known


def _look_up(connection: Any, term: Any) -> list[tuple[str, str]]:
    """Return key and name of all that is called so: by name, else by a form of it, else by surname.

    One more than are looked for shows that there are more.
    """
    asked = {"name": term.text, "key": slug(term.text), "most": MOST_NAMES + 1}
    if term.field in KINDS:
        kinds = KINDS[term.field]
        rows = connection.execute(
            f"""
            select key, name from entities where kind in ({kinds}) and (key = :key or name = :name)
            order by article_count desc limit :most
            """,
            asked,
        ).fetchall()
        rows = (
            rows
            or connection.execute(
                f"""
            select distinct key, name from entity_aliases join entities on entities.id = entity_id
            where alias = :name collate nocase and kind in ({kinds})
            order by article_count desc limit :most
            """,
                asked,
            ).fetchall()
        )
        if not rows and term.field == "person" and asked["key"]:
            surname = "select key, name from entities where kind = 'PERSON' and key like '%-' || :key"
            rows = connection.execute(f"{surname} order by article_count desc limit :most", asked).fetchall()
    elif term.field in TABLES:
        table = TABLES[term.field]
        rows = connection.execute(
            f"select key, name from {table} where key = :key or name = :name collate nocase limit :most",
            asked,
        ).fetchall()
        if not rows and term.field == "author" and asked["key"]:
            surname = "select key, name from authors where key like '%-' || :key"
            rows = connection.execute(f"{surname} order by article_count desc limit :most", asked).fetchall()
    else:
        column = COLUMNS[term.field]
        rows = connection.execute(
            f"select distinct {column}, {column} from articles"
            f" where {column} = :name collate nocase limit :most",
            asked,
        ).fetchall()
    return [(str(row[0]), str(row[1])) for row in rows]


def all_names(connection: Any, field_: str) -> list[str]:
    """Return the names that there are, the most used first."""
    if field_ in KINDS:
        sql = f"select name from entities where kind in ({KINDS[field_]}) order by article_count desc limit ?"
    elif field_ in TABLES:
        sql = f"select name from {TABLES[field_]} order by article_count desc limit ?"
    else:
        sql = f"select distinct {COLUMNS[field_]} from articles where {COLUMNS[field_]} is not null limit ?"
    return [str(row[0]) for row in connection.execute(sql, [NEAREST_AMONG])]


def nearest(name: str, names: Iterable[str], deadline: float = math.inf) -> list[str]:
    """Return the few names that share most pairs of letters with the one asked for, if they share enough.

    They are looked through in their order, until `time.monotonic()` passes the deadline.
    """
    pairs = _pairs(name)
    scored = []
    for number, each in enumerate(names):
        if time.monotonic() > deadline:
            break
        others = _pairs(each)
        shared = len(pairs & others)
        score = max(2 * shared / (len(pairs) + len(others) or 1), 0.8 * shared / (len(pairs) or 1))
        if score > NEAR:
            scored.append((-score, number, each))
    return [each for _, _, each in sorted(scored)[:NEAREST]]


def _pairs(name: str) -> set[str]:
    folded = f" {slug(name).replace('-', ' ')[:100]} "
    return {folded[start : start + 2] for start in range(len(folded) - 1)}


def slug(name: str) -> str:
    """Return a name as keys are written: `Émile Zola` becomes `emile-zola`."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(character for character in folded if not unicodedata.combining(character))
    return re.sub(r"[^\w]+", "-", kept.replace("'", "").replace("’", "")).strip("-_")


def want(connection: Any, search: Any, results: Any) -> Wanted:
    """Return the conditions of a search, and leave in the results what names stand for and leave out."""
    wanted = Wanted(match=search.query.match)

    def conditions(term: Any) -> list[Condition]:
        if not term.field:
            return of_words(term)
        known = resolve(connection, term)
        if known.names:
            results.names[term] = " or ".join(known.names[:4]) + (" …" if len(known.names) > 4 else "")  # noqa: PLR2004
        elif term.field not in {"before", "after", "year"}:
            results.unknown.append((term, []))
        if len(known.names) > MOST_NAMES:
            results.notes.append(
                f"More than {MOST_NAMES} here are called {term.text};"
                f" only the {MOST_NAMES} in most articles were looked for."
            )
        return list(known.conditions)

    for group in search.query.groups:
        if group not in search.query.worded:
            wanted.groups.append([each for term in group for each in conditions(term)])
    for term in search.query.excluded:
        wanted.excluded += conditions(term)
    wanted.by_facet = {
        facet: [of_facet(facet, value) for value in values]
        for facet, values in search.chosen.items()
        if values
    }
    return wanted


def is_plain(query: Any) -> bool:
    """Tell whether a query asks for words alone: their articles are ranked however many they are."""
    ways = [way for group in query.worded for term in group for way in term.spellings]
    return bool(ways) and all(map(PLAIN.fullmatch, ways))


def statement(wanted: Wanted, sort: str, *, stories: bool) -> tuple[str, dict[str, str]]:
    """Return the whole search as one statement for anybody's SQL page, and its parameters.

    It gives a row for each story, the best version first, in the order of the search page; without
    `stories` every article is its own, which saves two thirds of the sorting.
    """
    parameters: dict[str, str] = {}

    def within(condition: Condition) -> str:
        name = f"p{len(parameters) + 1}"
        parameters[name] = condition.value
        return f"articles.id in ({' '.join(condition.sql.replace('{0}', name).split())})"

    parts = []
    order = ORDERS[sort]
    if wanted.match and wanted.named:
        parameters |= {"match": wanted.match, "named": wanted.named}
        start = (
            "select articles.id, story_id, published, score from articles_fts"
            " join articles on articles.id = articles_fts.rowid left join"
            f" (select rowid as ranked, bm25(articles_fts, {WEIGHTS}) as score from articles_fts"
            " where articles_fts match :named) on ranked = articles.id"
        )
        parts.append("articles_fts match :match")
        order = MANY
    elif wanted.match:
        parameters["match"] = wanted.match
        start = (
            f"select articles.id, story_id, published, bm25(articles_fts, {WEIGHTS}) as score"
            " from articles_fts join articles on articles.id = articles_fts.rowid"
        )
        parts.append("articles_fts match :match")
    else:
        start = "select id, story_id, published, 0.0 as score from articles"
    parts += [
        "(" + " or ".join(within(each) for each in group) + ")"
        for group in [*wanted.groups, *wanted.by_facet.values()]
    ]
    parts += [f"not {within(each)}" for each in wanted.excluded]
    where = f"\n  where {' and '.join(parts)}" if parts else ""
    versions = "1 as version, 0 as copies"
    if stories:
        versions = (
            f"row_number() over (partition by coalesce(story_id, -id) order by {order}) as version,"
            " count(*) over (partition by coalesce(story_id, -id)) - 1 as copies"
        )
    sql = f"""with hits as materialized (
  {start}{where}
), told as (
  select *, {versions}, row_number() over (order by {order}) as place
  from hits
)
select articles.key, articles.title, articles.published, sources.name as source, copies
from told join articles on articles.id = told.id left join sources on sources.id = articles.source_id
where version = 1
order by place"""
    return sql, parameters
