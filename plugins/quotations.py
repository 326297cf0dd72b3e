"""Quotations: who said what, searched by words and by speaker, in time order."""

import re
import sqlite3
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm

ROWS = """
    with found as materialized ({found})
    select quotes.id, quote, quotes.speaker, cue, confidence, start, entities.key as speaker_key,
        entities.name as speaker_name, articles.key, title, published, published_precision,
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
NAME = "select name from entities where key = :speaker"
WORD = re.compile(r"\w+")
PAGE = 30
LONGEST_QUERY = 300
MOST_WORDS = 20
LIKELY = 0.5
SURENESS = ((0.8, "sure"), (LIKELY, "likely"), (0.0, "any"))
SECONDS = 2.0
SPEAKER_SECONDS = 5.0
MOST_COLLECTIONS = 3
MOST_QUOTED: OrderedDict[tuple[str, str], list[Any]] = OrderedDict()


@dataclass
class Quotations:
    """What a search in quotations gave; `late` says that time ran out and `total` is a lower bound."""

    rows: list[Any] = field(default_factory=list)
    total: int = 0
    late: bool = False
    name: str = ""
    speakers: list[Any] = field(default_factory=list)
    sql: str = ""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the search in quotations."""
    return [(r"^/quotations$", quotations_page)]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Give templates the words for how sure a speaker is."""
    env.filters["surely"] = surely


async def quotations_page(datasette: Any, request: Any) -> Response:
    """Return the quotations that hold all the words, by the speaker asked for."""
    database = pm.get_plugin("layout.py").collection(datasette)
    query = " ".join((request.args.get("q") or "")[:LONGEST_QUERY].split())
    speaker = request.args.get("speaker") or ""
    chosen = request.args.get("sure") or "likely"
    page = pm.get_plugin("layout.py").read_number(request.args.get("page"), 1)
    known = {
        "least": next((number for number, name in SURENESS if name == chosen), LIKELY),
        "speaker": speaker,
        "match": " ".join(f'"{word}"' for word in WORD.findall(query)[:MOST_WORDS]),
        "limit": PAGE,
        "offset": (page - 1) * PAGE,
    }
    found = await database.execute_fn(
        lambda connection: find(connection, database.path or database.name, known)
    )
    html = await datasette.render_template(
        "room_quotations.html",
        {
            "quotes": found.rows,
            "total": found.total,
            "late": found.late,
            "query": query,
            "speaker": speaker,
            "speaker_name": found.name or speaker,
            "sure": chosen,
            "surenesses": [each for _, each in SURENESS],
            "speakers": found.speakers,
            "page": page,
            "pages": -(-found.total // PAGE) + (found.late and len(found.rows) == PAGE),
            "queries": [
                ("Quotations", found.sql, known),
                ("Who is quoted most", SPEAKERS, {"least": LIKELY}),
            ],
        },
        request=request,
    )
    return Response.html(html)


def find(connection: Any, path: str, known: dict[str, Any]) -> Quotations:
    """Return a page of quotations and what stands around them, as far as the time allows."""
    found = Quotations()
    conditions = ["confidence >= :least"] if known["speaker"] or known["least"] > LIKELY else ["1"]
    conditions += [OF_SPEAKER] if known["speaker"] else []
    conditions += [WITH_WORDS] if known["match"] else []
    condition = " and ".join(conditions)
    walk = SOME if known["speaker"] or known["match"] else ALL
    found.sql = ROWS.format(found=walk.format(condition=condition))
    limited = pm.get_plugin("search_index.py").limited
    with limited(connection, time.monotonic() + SECONDS):
        try:
            found.name = next((row[0] for row in connection.execute(NAME, known)), "")
            found.rows = connection.execute(found.sql, known).fetchall()
            found.total = known["offset"] + len(found.rows)
            found.total = connection.execute(COUNT.format(condition=condition), known).fetchone()[0]
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
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
        with pm.get_plugin("search_index.py").limited(connection, time.monotonic() + SPEAKER_SECONDS):
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
