"""How many articles a second are freed of what their publications repeat.

    python benchmarks/boilerplate_speed.py FOLDER [COUNT]

Makes COUNT articles (by default 10,000) of twelve blocks each, recombined from the Markdown files
in FOLDER, for ten publications; nine in ten end with their publication's own two lines. They are
kept in a workspace on disk as a run keeps them. Seconds of the processor, reading from there
included, are given for reading alone, for looking at the whole collection, for cleaning each
article the first time, and for what every later pass takes. A quarter, a half and all of the
articles are measured, so that growth shows.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ingest.collate.boilerplate import find_repetition, remove_boilerplate  # noqa: E402 - the checkout comes first
from ingest.collate.catalogue import catalogue, entries  # noqa: E402 - the checkout comes first
from ingest.model import Article, Corpus, Finding  # noqa: E402 - the checkout comes first
from ingest.normalize.language import identifier  # noqa: E402 - the checkout comes first
from ingest.normalize.outline import read_outline  # noqa: E402 - the checkout comes first
from ingest.workspace import Found, Workspace, encode  # noqa: E402 - the checkout comes first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")
BLOCKS = 12
PUBLICATIONS = 10
LEAST_LETTERS = 60


def read_blocks(folder: Path) -> list[str]:
    """Return the distinct paragraphs of all Markdown files of a folder."""
    found: dict[str, None] = {}
    for path in sorted(folder.rglob("*.md")):
        for block in path.read_text(encoding="utf-8").split("---", 2)[-1].split("\n\n"):
            if len(block) >= LEAST_LETTERS and block[0].isalpha() and "]:" not in block:
                found[block.strip()] = None
    return list(found)


def make_findings(blocks: list[str], count: int) -> Iterator[Finding]:
    """Yield articles of random blocks, each with a number in it that makes it the article's own."""
    chance = random.Random(1)  # noqa: S311 - the same articles each time
    for number in range(count):
        name = f"publication {number % PUBLICATIONS}"
        parts = [f"{block} ({number})" for block in chance.sample(blocks, BLOCKS)]
        if number % 100 >= PUBLICATIONS:
            parts += [
                f"This is what {name} sets under all it prints, and its readers skip.",
                f"© {name} 2020",
            ]
        body = "\n\n".join(parts)
        text, outline = read_outline(body)
        article = Article(
            title=f"Article {number}", body=body, text=text, blocks=outline, publication=name, language="en"
        )
        yield Finding(locator=f"{number:07}", outcome="article", article=article)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the processor's seconds for some work, and what it gives."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def measure(blocks: list[str], count: int) -> None:
    """Print one row of the table."""
    with tempfile.TemporaryDirectory() as folder, closing(Workspace(Path(folder))) as workspace:
        workspace.keep(
            (each.locator, "", "", "", Found([encode(each)])) for each in make_findings(blocks, count)
        )
        places = catalogue(workspace.findings())
        corpus = Corpus(entries=lambda: entries(workspace.findings(), places))
        plain, _ = timed(lambda: sum(1 for _ in corpus.entries()))
        looking, repetition = timed(lambda: find_repetition(corpus))
        cleaned = remove_boilerplate(corpus)
        first, _ = timed(lambda: sum(1 for _ in cleaned.entries()))
        later, removed = timed(lambda: sum(len(entry.removed) for entry in cleaned.entries()))
        print(
            f"{count:>9}{plain:>9.2f}{looking:>9.2f}{first:>9.2f}{count / (looking + first):>9.0f}"
            f"{later:>9.2f}{removed:>9}{len(repetition.ends):>9}",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    identifier()  # loads what is loaded once
    blocks = read_blocks(Path(sys.argv[1]))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000  # noqa: PLR2004 - the second argument
    heads = ("articles", "reading", "looking", "cleaning", "a second", "later", "removed", "distinct")
    print("".join(f"{head:>9}" for head in heads))
    for share in (4, 2, 1):
        measure(blocks, count // share)


if __name__ == "__main__":
    main()
