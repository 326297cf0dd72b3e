"""Makes a collection of any size out of real sentences, for measuring what readers wait for.

    python benchmarks/corpus.py FOLDER [ARTICLES] [DATA]

FOLDER becomes a collection (its collection.db is written by `ingest.store`, with every index and
check), of ARTICLES (by default 100,000) whose sentences are drawn from the posts in DATA. Nothing
is read or recognised anew: each article ends with a sentence of names drawn from the posts, most
of them rare and a few common, and its mentions are exactly those. The same numbers give the same
collection.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ingest import schema  # noqa: E402 - the checkout comes first on the path
from ingest.collate.articles import unique_slugs  # noqa: E402
from ingest.scaffold import make_collection  # noqa: E402
from ingest.store import build  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ingest.model import Row

SEED = 1969
ARTICLES = 100_000
SENTENCES = 12
NAMES = 10
NAME_POOL = 60_000
SOURCES, SECTIONS, TAGS = 14, 18, 300
FIRST_YEAR, LAST_YEAR = 1962, 2024
KINDS = ("PERSON",) * 5 + ("ORG",) * 3 + ("GPE",) * 3 + ("MISC",)
SENTENCE = re.compile(r"(?<=[.!?])\s+")
CAPITALISED = re.compile(r"\b[A-Z][a-z]{2,}\b")


def sentences_of(data: Path) -> list[str]:
    """Return the sentences of all posts, in the order of the files."""
    found = []
    for path in sorted(data.rglob("*.md")):
        body = path.read_text(encoding="utf-8", errors="replace").split("---", 2)[-1]
        plain = " ".join(re.sub(r"[\[\]{}<>*_#|`]|\(http\S*\)", " ", body).split())
        found += [each for each in SENTENCE.split(plain) if 30 < len(each) < 400]  # noqa: PLR2004 - whole ones
    return found


def names_of(sentences: list[str], chance: random.Random) -> list[str]:
    """Return the pool of names, of two capitalised words each."""
    words = sorted({word for each in sentences for word in CAPITALISED.findall(each)})
    names: dict[str, None] = {}
    while len(names) < NAME_POOL:
        names[f"{chance.choice(words)} {chance.choice(words)}"] = None
    return list(names)


def skewed(chance: random.Random, size: int) -> int:
    """Return a number below `size`, the small ones much more often, as names and tags are used."""
    return int(size * chance.random() ** 4)


def date_of(chance: random.Random) -> tuple[str | None, str | None]:
    """Return a date and its precision, more of them late than early."""
    if chance.random() < 0.02:  # noqa: PLR2004 - the undated
        return None, None
    year = LAST_YEAR - skewed(chance, LAST_YEAR - FIRST_YEAR + 1)
    day = f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    precision, length = chance.choices((("day", 10), ("month", 7), ("year", 4)), (90, 6, 4))[0]
    return day[:length], precision


def rows(articles: int, data: Path) -> Iterator[Row]:
    """Yield every row of the collection."""
    chance = random.Random(SEED)  # noqa: S311 - the same numbers on purpose
    sentences = sentences_of(data)
    names = names_of(sentences, chance)
    keys = unique_slugs(names)
    sections = [f"Section {number}" for number in range(SECTIONS)]
    yield from numbered("sources", [f"Courier {number}" for number in range(1, SOURCES + 1)])
    tags = names[-TAGS:]
    yield from numbered("tags", tags)
    used: dict[int, list[int]] = {}
    for number in range(1, articles + 1):
        picked = sorted({skewed(chance, len(names)) for _ in range(NAMES)})
        text = " ".join(chance.choices(sentences, k=SENTENCES)) + " Named here are "
        for each in picked:
            start = len(text)
            text += names[each]
            used.setdefault(each, []).append(number)
            yield (
                "mentions",
                {
                    "article_id": number,
                    "start": start,
                    "end": len(text),
                    "entity_id": each + 1,
                    "surface": names[each],
                },
            )
            yield "article_entities", {"article_id": number, "entity_id": each + 1, "mentions": 1}
            text += ", "
        text = text[:-2] + "."
        published, precision = date_of(chance)
        key = hashlib.sha256(str(number).encode()).hexdigest()[:12]
        yield (
            "articles",
            {
                "id": number,
                "key": key,
                "title": " ".join(chance.choice(sentences).split()[:9]).rstrip(".,;:"),
                "description": chance.choice(sentences),
                "published": published,
                "published_precision": precision,
                "year": int(published[:4]) if published else None,
                "source_id": skewed(chance, SOURCES) + 1,
                "section": sections[skewed(chance, SECTIONS)],
                "language": "es" if chance.random() < 0.03 else "en",  # noqa: PLR2004 - a few
                "words": len(text.split()),
                "rights": "full",
            },
        )
        yield "article_text", {"id": number, "body": text, "text": text}
        for tag in {skewed(chance, TAGS) + 1 for _ in range(3)}:
            yield "article_tags", {"article_id": number, "tag_id": tag}
        yield (
            "files",
            {
                "id": number,
                "locator": f"sources/{number:07}.md",
                "sha256": key * 5,
                "bytes": len(text),
                "media_type": "text/markdown",
                "reader": "markdown",
                "outcome": "article",
                "article_id": number,
            },
        )
    for each, where in sorted(used.items()):
        yield (
            "entities",
            {
                "id": each + 1,
                "key": keys[names[each]],
                "name": names[each],
                "kind": KINDS[each % len(KINDS)],
                "article_count": len(where),
                "mention_count": len(where),
            },
        )
        alias = {"entity_id": each + 1, "alias": names[each], "mentions": len(where), "origin": "text"}
        yield "entity_aliases", alias


def numbered(table: str, names: Iterable[str]) -> Iterator[Row]:
    """Yield a row for each name."""
    for number, (name, key) in enumerate(unique_slugs(names).items(), start=1):
        yield table, {"id": number, "key": key, "name": name}


def make(folder: Path, articles: int, data: Path) -> Path:
    """Make the collection unless it is there, and return its database."""
    database = folder / "collection.db"
    if database.exists():
        return database
    if not folder.exists():
        make_collection(folder)
    run = {"built": "2026-01-01T00:00:00+00:00", "version": "0", "schema": schema.VERSION, "recognisers": ""}
    counts = {"found": articles, "articles": articles, "duplicates": 0, "skipped": 0, "problems": 0}
    build(database, rows(articles, data), {**run, **counts, "warnings": 0})
    return database


def main() -> None:
    """Make the collection and say how large it is."""
    arguments = dict(enumerate(islice(sys.argv, 1, 4)))
    articles = int(arguments.get(1, ARTICLES))
    data = Path(arguments.get(2, ROOT.parent / "shared" / "data" / "digitalgov" / "news"))
    started = time.monotonic()
    database = make(Path(arguments[0]), articles, data)
    size = database.stat().st_size / 2**20
    print(f"{database}: {articles:,} articles, {size:,.0f} MiB, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
