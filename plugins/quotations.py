"""Quotations: who said what, searched by words and by speaker, in time order, to read and to take away."""

import json
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import AsgiStream
from datasette.views.base import DatasetteError

ROWS = """
    with found as materialized ({found})
    select quotes.id, quote, quotes.speaker, quotes.kind, cue, confidence, start, entities.key as speaker_key,
        entities.name as speaker_name, articles.key, title, published, published_precision, language,
        sources.name as source
    from found join quotes on quotes.id = found.id join articles on articles.id = quotes.article_id
    left join entities on entities.id = speaker_entity_id
    left join sources on sources.id = articles.source_id
    order by published is null, published, articles.id, start
"""
# Along the indexes by date and article, so that the first pages of millions cost no sorting.
ALL = """
    select id from (
        select quotes.id from articles cross join quotes on quotes.article_id = articles.id
        where published is not null and {condition}
        order by published, articles.id, start limit :limit + :offset
    )
    union all select id from (
        select quotes.id from articles cross join quotes on quotes.article_id = articles.id
        where published is null and {condition}
        order by articles.id, start limit :limit + :offset
    )
    limit :limit offset :offset
"""
SOME = """
    select quotes.id from quotes join articles on articles.id = quotes.article_id where {condition}
    order by published is null, published, articles.id, start limit :limit offset :offset
"""
EVERY = "select quotes.id from quotes where {condition}"
OF_IDS = "select value as id from json_each(:ids)"
COUNT = "select count(*) from quotes where {condition}"
OF_SPEAKER = "speaker_entity_id = (select id from entities where key = :speaker)"
WITH_WORDS = "quotes.id in (select rowid from quotes_fts where quotes_fts match :match)"
SPEAKERS = """
    select key, name, count from (
        select speaker_entity_id, count(*) as count from quotes
        where speaker_entity_id is not null and confidence >= :least
        group by speaker_entity_id order by count desc limit 20
    ) join entities on entities.id = speaker_entity_id order by count desc, name
"""
# A key, a full name or another form of one; of several, who is quoted most.
SPEAKER = """
    select key, name from entities where id in (
        select id from entities where key in (:asked, :slug) or name = :asked
        union select entity_id from entity_aliases where alias = :asked collate nocase limit 20
    )
    order by key = :asked desc, (select count(*) from quotes where speaker_entity_id = entities.id) desc,
        article_count desc limit 1
"""
COLUMNS = (
    *("quote", "speaker", "confidence", "kind", "cue", "published", "title", "source", "key", "address"),
)
PAGE = 30
LONGEST_QUERY = 300
LONGEST_NAME = 200
MOST_WORDS = 20
LIKELY = 0.5
USUALLY = "likely"
SURENESS = ((0.8, "sure"), (LIKELY, USUALLY), (0.0, "any"))
SECONDS = 2.0
DOWNLOAD_SECONDS = 8.0
UNAVAILABLE = 503
SPEAKER_SECONDS = 5.0
MOST_COLLECTIONS = 3
MOST_QUOTED: OrderedDict[tuple[str, str], list[Any]] = OrderedDict()


@dataclass
class Quotations:
    """What a search in quotations gave; `late` says that time ran out and `total` is a lower bound."""

    rows: list[Any] = field(default_factory=list)
    total: int = 0
    late: bool = False
    speakers: list[Any] = field(default_factory=list)
    sql: str = ""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the search in quotations, and all that one finds as a table."""
    return [
        (r"^/quotations$", quotations_page),
        (r"^/quotations\.csv$", quotations_csv),
        (r"^/quotations\.jsonl$", quotations_lines),
    ]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Give templates the words for how sure a speaker is."""
    env.filters["surely"] = surely


def part(name: str) -> Any:
    """Return another file of these plugins."""
    return pm.get_plugin(f"{name}.py")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a request asks for: words, a speaker, how sure it must be who spoke, and the page.

    `name` is what the speaker is called, or empty where nobody is called so.
    """

    query: str
    speaker: str
    name: str
    sure: str
    page: int

    @property
    def known(self) -> dict[str, Any]:
        """The values that the SQL is asked with."""
        return {
            "least": next((number for number, name in SURENESS if name == self.sure), LIKELY),
            "speaker": self.speaker,
            "match": " ".join(f'"{word}"' for word in words_of(self.query)[:MOST_WORDS]),
            "limit": PAGE,
            "offset": (self.page - 1) * PAGE,
        }

    @property
    def condition(self) -> str:
        """What the rows must fulfil, in SQL."""
        known = self.known
        conditions = ["confidence >= :least"] if self.speaker or known["least"] > LIKELY else []
        conditions += [OF_SPEAKER] if self.speaker else []
        conditions += [WITH_WORDS] if known["match"] else []
        return " and ".join(conditions) or "1"

    def address(self, **changes: object) -> str:
        """Return the query string of this search with changes; the page starts anew."""
        stated = {"q": self.query, "speaker": self.speaker, "sure": self.sure, **changes}
        if stated["sure"] == USUALLY:
            del stated["sure"]
        return "?" + urlencode({name: value for name, value in stated.items() if value})


async def read_asked(datasette: Any, request: Any) -> Asked:
    """Return what is asked for; a speaker may be asked for by key or by name."""
    speaker = (request.args.get("speaker") or "").strip()[:LONGEST_NAME]
    sure = request.args.get("sure") or USUALLY
    known = {"asked": speaker, "slug": part("search_sql").slug(speaker)}
    found = await part("layout").ask(datasette, SPEAKER, known) if speaker else []
    if speaker and not found and (now := await part("former_names").key_now(datasette, speaker)):
        found = await part("layout").ask(datasette, SPEAKER, {"asked": now, "slug": now})
    return Asked(
        query=" ".join((request.args.get("q") or "")[:LONGEST_QUERY].split()),
        speaker=found[0]["key"] if found else speaker,
        name=found[0]["name"] if found else "",
        sure=sure if sure in {name for _, name in SURENESS} else USUALLY,
        page=part("layout").read_number(request.args.get("page"), 1),
    )


async def quotations_page(datasette: Any, request: Any) -> Response:
    """Return the quotations that hold all the words, by the speaker asked for."""
    database = part("layout").collection(datasette)
    asked = await read_asked(datasette, request)
    found = await database.execute_fn(
        lambda connection: find(connection, database.path or database.name, asked)
    )
    everything = ROWS.format(found=EVERY.format(condition=asked.condition))
    path = datasette.urls.path
    html = await datasette.render_template(
        "room_quotations.html",
        {
            "asked": asked,
            "quotes": found.rows,
            "total": found.total,
            "late": found.late,
            "surenesses": [each for _, each in SURENESS],
            "speakers": found.speakers,
            "is_listed": asked.speaker in {row["key"] for row in found.speakers},
            "pages": -(-found.total // PAGE) + (found.late and len(found.rows) == PAGE),
            "formats": {
                "CSV": path("/quotations.csv") + asked.address(),
                "JSON Lines": path("/quotations.jsonl") + asked.address(),
                "SQL": part("layout").sql_address(datasette, everything, asked.known),
            },
            "cap": part("downloads").cap(datasette),
            "queries": [
                ("Quotations", found.sql, asked.known),
                ("Who is quoted most", SPEAKERS, {"least": LIKELY}),
            ],
        },
        request=request,
    )
    return Response.html(html)


async def quotations_csv(datasette: Any, request: Any) -> AsgiStream:
    """Return all quotations of a search as a table for spreadsheets."""
    return part("downloads").as_csv(datasette, await listing(datasette, request), COLUMNS)


async def quotations_lines(datasette: Any, request: Any) -> AsgiStream:
    """Return all quotations of a search as JSON, one a line."""
    return part("downloads").as_lines(datasette, await listing(datasette, request))


async def listing(datasette: Any, request: Any) -> Any:
    """Return all quotations of a search, to be taken away, each with the address of its place."""
    database = part("layout").collection(datasette)
    asked = await read_asked(datasette, request)
    articles = datasette.absolute_url(request, datasette.urls.path("/article/"))

    def find_all(connection: Any) -> list[int] | None:
        sql = SOME.format(condition=asked.condition)
        deadline = time.monotonic() + DOWNLOAD_SECONDS
        with part("search_index").limited(connection, deadline):
            try:
                return [row[0] for row in connection.execute(sql, {**asked.known, "limit": -1, "offset": 0})]
            except sqlite3.OperationalError:
                if time.monotonic() < deadline:
                    raise
                return None

    async def rows(ids: Sequence[int]) -> list[dict[str, Any]]:
        known = {"ids": json.dumps(list(ids))}
        sql = ROWS.format(found=OF_IDS)
        found = await database.execute_fn(lambda connection: connection.execute(sql, known).fetchall())
        return [as_told(row) for row in found]

    def as_told(row: Any) -> dict[str, Any]:
        told = {
            **dict(row),
            "speaker": row["speaker_name"] or row["speaker"],
            "address": f"{articles}{row['key']}#q{row['start']}",
        }
        return {column: told[column] for column in COLUMNS}

    ids = await database.execute_fn(find_all)
    if ids is None:
        message = "This search took too long. Ask for rarer words, or choose a speaker."
        raise DatasetteError(message, status=UNAVAILABLE)
    return part("downloads").Listing(name="quotations", ids=ids, rows=rows)


def words_of(text: str) -> list[str]:
    """Return the words of a text as the search indexes have them."""
    words: list[str] = part("search_marks").words_of(part("search_query").without_points(text))
    return words


def find(connection: Any, path: str, asked: Asked) -> Quotations:
    """Return a page of quotations and what stands around them, as far as the time allows."""
    found = Quotations()
    known, condition = asked.known, asked.condition
    walk = SOME if known["speaker"] or known["match"] else ALL
    found.sql = ROWS.format(found=walk.format(condition=condition))
    limited = part("search_index").limited
    deadline = time.monotonic() + SECONDS
    with limited(connection, deadline):
        try:
            found.rows = connection.execute(found.sql, known).fetchall()
            found.total = known["offset"] + len(found.rows)
            found.total = connection.execute(COUNT.format(condition=condition), known).fetchone()[0]
        except sqlite3.OperationalError:
            if time.monotonic() < deadline:
                raise
            found.late = True
    found.speakers = most_quoted(connection, path)
    return found


def most_quoted(connection: Any, path: str) -> list[Any]:
    """Return the speakers quoted most, counted once for a collection; none if that takes too long."""
    content = connection.execute("select content from runs").fetchone()
    key = (path, content[0] if content else "")
    if key not in MOST_QUOTED:
        rows: list[Any] = []
        with part("search_index").limited(connection, time.monotonic() + SPEAKER_SECONDS):
            try:
                rows = connection.execute(SPEAKERS, {"least": LIKELY}).fetchall()
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
        MOST_QUOTED[key] = rows
        while len(MOST_QUOTED) > MOST_COLLECTIONS:
            MOST_QUOTED.popitem(last=False)
    return MOST_QUOTED[key]


def surely(confidence: float | None) -> str:
    """Return how sure it is who spoke, in a word; nothing where it is plain."""
    sure, likely = (number for number, _ in SURENESS[:2])
    return "" if (confidence or 0) >= sure else "probably" if (confidence or 0) >= likely else "perhaps"
