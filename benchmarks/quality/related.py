"""Related articles: how many of those named are on the same matter, on the sample collection.

Measured as collections are by default, by words, and with embeddings as well.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import statistics
import tempfile
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.quality.measure import Measure
from ingest.pipeline import ingest_collection
from ingest.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "gold" / "related.json"
FIRST = 5
RELATED = """
    select one.locator, other.locator from related
    join files one on one.article_id = related.article_id and one.outcome = 'article'
    join files other on other.article_id = related_id and other.outcome = 'article'
    order by one.locator, score desc, related_id
"""


def measure(_data: Path) -> Iterator[Measure]:
    """Yield the precision of the first five named, and how many of those judged related are named."""
    judged = json.loads(GOLD.read_text(encoding="utf-8"))["related"]
    for settings, named in named_in_sample().items():
        yield from _measures(settings, judged, named)


def _measures(settings: str, judged: dict[str, list[str]], named: dict[str, list[str]]) -> Iterator[Measure]:
    first = {article: named[article][:FIRST] for article in judged}
    shown_in_all = sum(map(len, first.values())) or 1
    yield Measure(
        name=f"{settings}, precision at 5",
        value=sum(each in judged[article] for article, shown in first.items() for each in shown)
        / shown_in_all,
        count=shown_in_all,
    )
    yield Measure(
        name=f"{settings}, recall at 10",
        value=statistics.mean(
            sum(each in named[article] for each in wanted) / len(wanted) for article, wanted in judged.items()
        ),
        count=sum(map(len, judged.values())),
    )


def named_in_sample() -> dict[str, dict[str, list[str]]]:
    """Return by settings and locator what the sample names as related, the closest first."""
    named: dict[str, dict[str, list[str]]] = {}
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(ROOT / "metadata.yml", place)
        shutil.copytree(ROOT / "sample", Path(place) / "sample")
        usual = load_settings(Path(place))
        for name, settings in {
            "related": usual,
            "related with embeddings": replace(usual, embeddings=True),
        }.items():
            ingest_collection(settings, now="2026-01-01T00:00:00+00:00")
            found = named[name] = defaultdict(list)
            with closing(sqlite3.connect(settings.database)) as connection:
                for one, other in connection.execute(RELATED):
                    found[one].append(other)
    return named
