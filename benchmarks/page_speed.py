"""How fast each kind of page is answered, beside stock Datasette's pages of the same file.

    python benchmarks/page_speed.py FOLDER [REQUESTS]

FOLDER is a collection; `benchmarks/corpus.py` makes a large one. Two servers run in turn, ours with its
pages and one of Datasette alone, without plugins or settings. Each kind of page is asked for
REQUESTS times (by default 60) by two clients at once, each time for another article, name or
word. Prints requests a second, the median and the 95th percentile in milliseconds; and for the pages
that have a like the ratio of the medians, stock over ours.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote_plus

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.serving import at_95, served  # noqa: E402 - the checkout comes first on the path

SEED = 1957
REQUESTS, CLIENTS = 60, 2
FACETS = "&".join(f"_facet={name}" for name in ("source_id", "section", "year", "language"))
# What a stock page is the like of.
LIKES = {
    "row of an article": "article",
    "search in the table": "search, a word",
    "table with four facets": "search, all articles",
    "table": "search, all articles",
}


def chosen(database: Path, count: int) -> dict[str, list[str]]:
    """Return so many articles' keys and numbers, names' keys and words, at random but always the same."""
    chance = random.Random(SEED)  # noqa: S311 - the same on purpose
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:

        def column(sql: str) -> list[str]:
            return [str(row[0]) for row in connection.execute(sql)]

        most = int(column("select max(id) from articles")[0])
        ids = sorted(chance.sample(range(1, most + 1), min(count, most)))
        listed = ",".join(map(str, ids))
        texts = column(f"select text from article_text where id in ({listed})")  # noqa: S608 - numbers
        return {
            "ids": [str(each) for each in ids],
            "keys": column(f"select key from articles where id in ({listed})"),  # noqa: S608
            "names": column("select key from entities order by article_count desc limit 400"),
            "words": [chance.choice([word for word in text.split() if word.isalpha()]) for text in texts],
        }


def pages_of(known: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return addresses of each kind of our pages."""
    return {
        "home": ["/"],
        "article": [f"/article/{key}" for key in known["keys"]],
        "name": [f"/entity/{key}" for key in known["names"]],
        "names": [f"/entities?kind={kind}" for kind in ("person", "organisation", "place")],
        "quotations": [f"/quotations?q={quote_plus(word)}" for word in known["words"]],
        "search, a word": [f"/search?q={quote_plus(word)}" for word in known["words"]],
        "search, all articles": [f"/search?page={number}" for number in range(1, 50)],
        "search as Atom": [f"/search.atom?q={quote_plus(word)}" for word in known["words"]],
        "guide": ["/guide"],
    }


def stock_of(known: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return addresses of stock Datasette's pages."""
    table = "/collection/articles"
    return {
        "row of an article": [f"{table}/{each}" for each in known["ids"]],
        "search in the table": [f"{table}?_search={quote_plus(word)}" for word in known["words"]],
        "table with four facets": [f"{table}?{FACETS}&_next={each}" for each in known["ids"]],
        "table": [f"{table}?_next={each}" for each in known["ids"]],
    }


def ask(address: str) -> float:
    """Return the milliseconds until a page is there; an error of the server is one of ours."""
    started = time.perf_counter()
    with urllib.request.urlopen(address, timeout=120) as answer:  # noqa: S310 - our own server
        answer.read()
    return (time.perf_counter() - started) * 1000


def measure(address: str, pages: dict[str, list[str]], count: int) -> dict[str, float]:
    """Print a line for each kind of page, and return the medians."""
    medians = {}
    for kind, paths in pages.items():
        asked = [address + paths[number % len(paths)] for number in range(count)]
        ask(asked[0])
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as clients:
            times = list(clients.map(ask, asked))
        seconds = time.perf_counter() - started
        medians[kind] = statistics.median(times)
        print(f"{kind:<28}{count / seconds:>12.1f}{medians[kind]:>9.0f}{at_95(times):>9.0f}", flush=True)
    return medians


def main() -> None:
    """Serve the collection both ways, and print the tables."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else REQUESTS  # noqa: PLR2004 - arguments
    database = folder / "collection.db"
    known = chosen(database, count)
    print(f"{'page':<28}{'requests/s':>12}{'median':>9}{'95 %':>9}")
    with served(folder) as (address, _):
        ask(f"{address}/search")  # reads the facets
        ours = measure(address, pages_of(known), count)
    print("Datasette alone:")
    with tempfile.TemporaryDirectory() as bare:
        alone = Path(bare) / "collection.db"
        alone.symlink_to(database.resolve())
        with served(alone) as (address, _):
            stock = measure(address, stock_of(known), count)
    print("times stock Datasette's median over ours:")
    for theirs, like in LIKES.items():
        print(f"{theirs} / {like}: {stock[theirs] / ours[like]:.1f}")


if __name__ == "__main__":
    main()
