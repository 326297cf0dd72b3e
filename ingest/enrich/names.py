"""People, organisations, places and other names in an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.enrich.resolve import resolve
from ingest.enrich.rules import recognise
from ingest.registry import enricher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.model import Article, Fact, Facts


@enricher(name="names", version="1")
def find_names(article: Article, facts: Facts) -> Iterator[Fact]:
    """Yield a mention for each name in the text, with the fullest form the article gives."""
    del facts
    yield from resolve(article.text, recognise(article.text))
