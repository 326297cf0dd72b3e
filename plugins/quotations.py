"""Quotations: who said what, searched by words and by speaker, in time order."""

import re
from typing import Any

from datasette import Response, hookimpl

ROWS = """
    select quotes.id, quote, quotes.speaker, cue, confidence, start, entities.key as speaker_key,
        entities.name as speaker_name, articles.key, title, published, published_precision,
        sources.name as source
    from quotes join articles on articles.id = quotes.article_id
    left join entities on entities.id = speaker_entity_id
    left join sources on sources.id = articles.source_id
    where {condition} order by {order} limit :limit offset :offset
"""
COUNT = "select count(*) from quotes left join entities on entities.id = speaker_entity_id where {condition}"
SPEAKERS = """
    select key, name, count(*) as count from quotes join entities on entities.id = speaker_entity_id
    where confidence >= :least group by entities.id order by count desc, name limit 20
"""
WORD = re.compile(r"\w+")
PAGE = 30
LONGEST_QUERY = 300
MOST_WORDS = 20
LIKELY = 0.5
SURENESS = ((0.8, "sure"), (LIKELY, "likely"), (0.0, "any"))


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
    database = datasette.get_database("collection" if "collection" in datasette.databases else None)
    query = " ".join((request.args.get("q") or "")[:LONGEST_QUERY].split())
    speaker = request.args.get("speaker") or ""
    chosen = request.args.get("sure") or "likely"
    least = next((number for number, name in SURENESS if name == chosen), LIKELY)
    page = request.args.get("page") or "1"
    number = max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 5 else 1  # noqa: PLR2004
    match = " ".join(f'"{word}"' for word in WORD.findall(query)[:MOST_WORDS])
    conditions = ["confidence >= :least"] if speaker or least > LIKELY else ["1"]
    conditions += ["entities.key = :speaker"] if speaker else []
    conditions += (
        ["quotes.id in (select rowid from quotes_fts where quotes_fts match :match)"] if match else []
    )
    condition = " and ".join(conditions)
    known = {
        "least": least,
        "speaker": speaker,
        "match": match,
        "limit": PAGE,
        "offset": (number - 1) * PAGE,
    }
    order = "published is null, published, articles.id, start"
    rows = (await database.execute(ROWS.format(condition=condition, order=order), known)).rows
    total = (await database.execute(COUNT.format(condition=condition), known)).single_value()
    name = await database.execute("select name from entities where key = :speaker", known)
    html = await datasette.render_template(
        "room_quotations.html",
        {
            "quotes": rows,
            "total": total,
            "query": query,
            "speaker": speaker,
            "speaker_name": name.rows[0]["name"] if name.rows else speaker,
            "sure": chosen,
            "surenesses": [each for _, each in SURENESS],
            "speakers": (await database.execute(SPEAKERS, {"least": LIKELY})).rows,
            "page": number,
            "queries": [
                ("Quotations", ROWS.format(condition=condition, order=order), known),
                ("Who is quoted most", SPEAKERS, {"least": LIKELY}),
            ],
            "pages": -(-total // PAGE),
        },
        request=request,
    )
    return Response.html(html)


def surely(confidence: float | None) -> str:
    """Return how sure it is who spoke, in a word; nothing where it is plain."""
    sure, likely = (number for number, _ in SURENESS[:2])
    return "" if (confidence or 0) >= sure else "probably" if (confidence or 0) >= likely else "perhaps"
