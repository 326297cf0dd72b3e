"""People, organisations, places and other names in an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.enrich import recogniser, rules
from ingest.enrich.resolve import resolve
from ingest.registry import enricher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.model import Article, Fact, Facts

# The model was trained on English; a text too short to tell its language is taken for English.
READ_BY_MODEL = frozenset(("en", None))


@enricher(name="names", version="2")
def find_names(article: Article, facts: Facts) -> Iterator[Fact]:
    """Yield a mention for each name in the text, with the fullest form the article gives.

    English goes to the trained recogniser; in other languages rules and word lists find what
    they can.
    """
    del facts
    recognise = recogniser.recognise if article.language in READ_BY_MODEL else rules.recognise
    yield from resolve(article.text, recognise(article.text))
