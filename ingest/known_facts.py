"""What was found in articles before, so that the same words are not looked through twice.

A new export holds all old messages once more, a folder is renamed, an update changes how some format
is read: the items are read anew, and most of their articles say what they said. The names, dates and
quotations in these are known. They count as long as what decides them and the code that found them
are the same, and lie in the workspace, in a table of their own.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import msgspec

from ingest.model import Article, Facts
from ingest.read_only import address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ingest.model import Finding
    from ingest.registry import Enricher

    FactRow = tuple[bytes, int, bytes]

# `item` is the number of the item that an article came from, see `number_of`.
COLUMNS = "key blob primary key, item integer, found blob"
INDEX = "create index if not exists facts_of_item on facts (item)"
KEY_SIZE = 16
QUICKLY = 1  # level of compression
SECONDS_FOR_OTHERS = 10
ENCODER = msgspec.msgpack.Encoder()
DECODER = msgspec.msgpack.Decoder(Facts)
ALL = tuple(field.name for field in fields(Article))


@dataclass(frozen=True, kw_only=True)
class KnownFacts:
    """The facts in the database at `path` that this `code` found.

    `given` are the fields of an article that decide what is found in it.
    """

    path: Path
    code: str
    given: tuple[str, ...] = ALL

    def key(self, article: Article) -> bytes:
        """Return what is equal for articles in which the same is found."""
        told = [getattr(article, name) for name in self.given]
        return hashlib.blake2b(ENCODER.encode((self.code, told)), digest_size=KEY_SIZE).digest()

    def rows(self, locator: str, findings: Iterable[Finding]) -> Iterator[FactRow]:
        """Yield the rows that keep the facts of an item, where no enrichment failed."""
        for finding in findings:
            failed = any(problem.stage == "enrich" for problem in finding.problems)
            if finding.article and not failed:
                found = zlib.compress(ENCODER.encode(finding.facts), QUICKLY)
                yield self.key(finding.article), number_of(locator), found

    @contextmanager
    def opened(self) -> Iterator[Callable[[Article], Facts | None]]:
        """Give the function that returns what is known of an article.

        It returns None where nothing is known, and where that cannot be read: it is found anew then.
        """
        try:
            connection = sqlite3.connect(address_of(self.path), uri=True, timeout=SECONDS_FOR_OTHERS)
        except sqlite3.Error:
            yield nothing
            return

        def recall(article: Article) -> Facts | None:
            try:
                row = connection.execute(
                    "select found from facts where key = ?", (self.key(article),)
                ).fetchone()
                return DECODER.decode(zlib.decompress(row[0])) if row else None
            except (sqlite3.Error, zlib.error, msgspec.MsgspecError, TypeError):
                return None

        with closing(connection):
            yield recall


def nothing(_article: Article) -> Facts | None:
    """Return that nothing is known of an article."""
    return None


def number_of(locator: str) -> int:
    """Return a number that stands for an item; should two share one, some facts are found anew."""
    return zlib.crc32(locator.encode("utf-8", "surrogatepass"))


def decisive(enrichers: Iterable[Enricher]) -> tuple[str, ...]:
    """Return the fields of an article that decide what all these enrichments find in it."""
    stated = [each.given for each in enrichers]
    named = {name for given in stated for name in given or ALL}
    return tuple(name for name in ALL if name in named)
