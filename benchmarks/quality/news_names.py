"""How well names are found in news of many countries that nothing here was trained on.

The gold is the project's own, `tests/gold/names.json`, which says how it was made. Wikinews lies
beside the checkout; the news of the Australian Broadcasting Corporation is measured where the package
`gensim` is installed, whose tests bring its texts.
"""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.quality.measure import Measure, f1
from benchmarks.quality.names import Text, count, three
from benchmarks.quotation_texts import read_meantime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "gold" / "names.json"
BROADCASTER = ("lee_background", "lee")


def measure(data: Path) -> Iterator[Measure]:
    """Yield precision, recall and F1 on each collection, and F1 where no rule was made by the errors."""
    known = {"Wikinews": read_wikinews(data), "ABC news": read_broadcaster()}
    for name, texts in known.items():
        if texts:
            yield from three(name, count(texts.values()))
    unseen = [text for texts in known.values() for name, text in texts.items() if not looked_at(name)]
    if all(known.values()):
        counts = count(unseen)
        yield Measure(name="news, half never looked at, F1", value=f1(*counts), count=counts.wanted)


def looked_at(name: str) -> bool:
    """Tell whether a document's errors were read when rules were made."""
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def read_wikinews(data: Path) -> dict[str, Text]:
    """Return the articles of MEANTIME with their names; none where the collection is not there."""
    folder = data / "meantime"
    if not folder.is_dir():
        return {}
    return annotated("meantime", {each.name: each.text for each in read_meantime(folder)})


def read_broadcaster() -> dict[str, Text]:
    """Return the news that gensim brings, with their names; none where it is not installed."""
    package = find_spec("gensim")
    if package is None or package.origin is None:
        return {}
    texts: dict[str, Text] = {}
    for name in BROADCASTER:
        path = Path(package.origin).parent / "test" / "test_data" / f"{name}.cor"
        lines = path.read_text(encoding="utf-8" if name == BROADCASTER[0] else "latin-1").splitlines()
        texts |= annotated(name, {str(number): line.strip() for number, line in enumerate(lines)})
    return texts


def annotated(collection: str, texts: Mapping[str, str]) -> dict[str, Text]:
    """Return the texts that are annotated, by collection and name.

    Raises `ValueError` where a text is not the one that was annotated.
    """
    gold = json.loads(GOLD.read_text(encoding="utf-8"))[collection]
    known = {}
    for name, document in gold.items():
        text = texts[name]
        if hashlib.sha256(text.encode()).hexdigest()[:8] != document["check"]:
            raise ValueError(f"This is not the text that was annotated: {collection}, {name}")
        known[f"{collection}/{name}"] = Text(
            text, [(start, end, kind) for start, end, kind in document["names"]]
        )
    return known
