"""People, organisations, places and other names in an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.enrich.recognisers import choose, recogniser
from ingest.enrich.resolve import resolve
from ingest.registry import enricher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.model import Article, Fact, Facts
    from ingest.registry import EnrichFunction


def configure(recognisers: Mapping[str, str]) -> EnrichFunction:
    """Return the enrichment with the recognisers that a collection chose, by language."""

    def find(article: Article, facts: Facts) -> Iterator[Fact]:
        del facts
        recognise = recogniser(choose(article.language, recognisers))
        yield from resolve(article.text, recognise(article.text))

    return find


@enricher(name="names", version="7", configure=configure, given=("text", "language"))
def find_names(article: Article, facts: Facts) -> Iterator[Fact]:
    """Yield a mention for each name in the text, with the fullest form the article gives."""
    yield from configure({})(article, facts)
