"""Two versions of a story in one text: what was added and what was left out, by words."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm
from markupsafe import Markup, escape

ARTICLE = """
    select articles.id, key, title, story_id, published, published_precision, language, text,
        (select name from sources where sources.id = source_id) as source
    from articles join article_text on article_text.id = articles.id where key = :key
"""
# Texts of more words are compared paragraph by paragraph, and those of more paragraphs not at all.
MOST_PIECES = 20_000
# Of equal words in both, which are looked at again and again: three times as many as in 5,000 words of prose.
MOST_PAIRS = 300_000
# Of a word that more have than one in so many, difflib looks at none.
POPULAR, LEAST_POPULAR = 100, 200
WORD = re.compile(r"\s+|[\w'’-]+|[^\w\s]")
LINE = re.compile(r"[^\n]*\n*")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Serve the comparison of two articles."""
    return [(r"^/article/(?P<key>[0-9a-f]+)/and/(?P<other>[0-9a-f]+)$", versions_page)]


async def versions_page(datasette: Any, request: Any) -> Response:
    """Return the page that shows how the second article differs from the first."""
    database = pm.get_plugin("layout.py").collection(datasette)
    keys = (request.url_vars["key"], request.url_vars["other"])
    found = [(await database.execute(ARTICLE, {"key": key})).first() for key in keys]
    if None in found or found[0]["story_id"] is None or found[0]["story_id"] != found[1]["story_id"]:
        message = "There are no two such versions of one story here."
        raise NotFound(message)
    compared = await asyncio.to_thread(compare, found[0]["text"], found[1]["text"])
    page = await datasette.render_template(
        "room_versions.html",
        {"one": found[0], "other": found[1], "paragraphs": compared},
        request=request,
    )
    return Response.html(page)


def compare(one: str, other: str) -> list[Markup]:
    """Return the paragraphs of both texts in one, what is only in either marked as such."""
    for pieces in (WORD, LINE):
        before, after = pieces.findall(one), pieces.findall(other)
        if max(len(before), len(after)) <= MOST_PIECES and _pairs(before, after) <= MOST_PAIRS:
            break
    else:
        before, after = [one], [other]
    changes = SequenceMatcher(None, before, after).get_opcodes()
    marked = "".join(_marked(before, after, changes))
    return [Markup(part) for part in re.split(r"(?:\n\s*){2,}", marked) if part.strip()]  # noqa: S704 - escaped below


def _pairs(before: list[str], after: list[str]) -> int:
    """Return how many pairs of equal pieces difflib looks at."""
    ours, theirs = Counter(before), Counter(after)
    most = len(after) // POPULAR + 1 if len(after) >= LEAST_POPULAR else len(after)
    return sum(ours[piece] * times for piece, times in theirs.items() if times <= most)


def _marked(
    before: list[str], after: list[str], changes: Sequence[tuple[str, int, int, int, int]]
) -> Iterator[str]:
    for kind, start, end, other_start, other_end in changes:
        if kind == "equal":
            yield str(escape("".join(before[start:end])))
            continue
        for element, words in (("del", before[start:end]), ("ins", after[other_start:other_end])):
            # An element may not reach over the end of a paragraph.
            for part in re.split(r"(\n\s*\n\s*)", "".join(words)):
                yield str(escape(part)) if not part.strip() else f"<{element}>{escape(part)}</{element}>"
