"""Asks servers for the like of each other over HTTP, in turns, and tells how long each took.

Ours runs with its pages as `readingroom serve` starts it. Datasette runs alone on the same file,
without metadata or plugins; its limits of time are lifted so that every answer is whole, and it is
spared to suggest facets. Where the first twenty are searched for, no side counts facets; the search
page, and what has facets in its name, counts them all. No word is asked for twice, so no answer was
kept from before; each server was asked once before anything is measured.
"""

from __future__ import annotations

import random
import re
import statistics
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

from benchmarks.page_speed import FACETS, ask, chosen
from benchmarks.processes import ROOT, processor_seconds
from benchmarks.search_speed import phrases_of, words_of, words_of_half
from benchmarks.serving import at_95, running, served
from ingest.serving import SETTINGS

SEED = 1961
OURS, DATASETTE, TANTIVY = "ours", "Datasette", "tantivy"
CLIENTS, BLOCKS = 2, 3
# Datasette's raw mode refuses a phrase with a mark in it, which ours reads.
PLAIN = re.compile(r'"[A-Za-z]+ [A-Za-z]+"')
TABLE = "/collection/articles"
FOUND = "_fts_table=articles_fts&_fts_pk=id&_searchmode=raw&_size=20"
PLENTY = ("--setting", "sql_time_limit_ms", 120_000, "--setting", "facet_time_limit_ms", 120_000)

Asked = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What one server needed for its addresses, in milliseconds; of the processor in the mean."""

    median: float
    at_95: float
    processor: float


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Requests a second that one server answered to two clients, and its milliseconds of processor."""

    requests: float
    processor: float


def kinds_of(database: Path, count: int) -> dict[str, Asked]:
    """Return for each kind of question the paths by server, so many each."""
    chance = random.Random(SEED)  # noqa: S311 - the same words on purpose
    rare, common, _ = words_of(database)
    known = chosen(database, count)
    halves = words_of_half(database)[::2][:count]
    common = [word for word in common if word not in halves]
    common = chance.sample(common, min(len(common), 2 * count))
    common, counted = common[: len(common) // 2], common[len(common) // 2 :]
    words = {
        "rare word": [("word", word, word) for word in chance.sample(rare, min(count, len(rare)))],
        "common word": [("word", word, word) for word in common],
        "phrase": [
            ("phrase", phrase, phrase.strip('"'))
            for phrase in dict.fromkeys(phrases_of(database, chance, 4 * count))
            if PLAIN.fullmatch(phrase)
        ][:count],
        "prefix": [("prefix", f"{word}*", word) for word in dict.fromkeys(word[:4] for word in common)],
    }
    kinds: dict[str, Asked] = {
        f"search, {name}": {
            OURS: [f"/search.json?facets=no&q={quote_plus(text)}" for _, text, _ in asked],
            DATASETTE: [f"{TABLE}.json?_search={quote_plus(text)}&{FOUND}" for _, text, _ in asked],
            TANTIVY: [f"/search?kind={kind}&q={quote_plus(plain)}" for kind, _, plain in asked],
        }
        for name, asked in words.items()
    }
    kinds["facets of a common word"] = {
        OURS: [f"/search.json?q={word}" for word in counted],
        DATASETTE: [f"{TABLE}.json?_search={word}&{FOUND}&{FACETS}" for word in counted],
    }
    kinds["facets of a word that half have"] = {
        OURS: [f"/search.json?q={word}" for word in halves],
        DATASETTE: [f"{TABLE}.json?_search={word}&{FOUND}&{FACETS}" for word in halves],
    }
    kinds["facets of all articles"] = {
        OURS: [f"/search.json?page={number}" for number in range(2, count + 2)],
        DATASETTE: [f"{TABLE}.json?_size=20&{FACETS}&_next={each}" for each in known["ids"]],
    }
    kinds["article page"] = {
        OURS: [f"/article/{key}" for key in known["keys"]],
        DATASETTE: [f"{TABLE}/{each}" for each in known["ids"]],
    }
    kinds["search page"] = {
        OURS: [f"/search?q={quote_plus(word)}" for word in known["words"]],
        DATASETTE: [f"{TABLE}?_search={quote_plus(word)}&{FOUND}" for word in known["words"]],
    }
    return kinds


def race(servers: dict[str, tuple[str, int]], asked: Asked) -> dict[str, Answered]:
    """Ask each server in turn for the next of its addresses, another one first each time."""
    names = list(asked)
    times: dict[str, list[float]] = {name: [] for name in names}
    before = {name: processor_seconds(servers[name][1]) for name in names}
    for number in range(min(map(len, asked.values()))):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(ask(servers[name][0] + asked[name][number]))
    return {
        name: Answered(
            median=statistics.median(taken),
            at_95=at_95(taken),
            processor=1000 * (processor_seconds(servers[name][1]) - before[name]) / len(taken),
        )
        for name, taken in times.items()
    }


def crowd(servers: dict[str, tuple[str, int]], asked: Asked) -> dict[str, Rate]:
    """Let two clients ask each server as fast as they can, block by block in turns."""
    names = list(asked)
    rates: dict[str, list[float]] = {name: [] for name in names}
    used = dict.fromkeys(names, 0.0)
    for number in range(BLOCKS):
        for name in names if number % 2 == 0 else reversed(names):
            address, process = servers[name]
            before, started = processor_seconds(process), time.perf_counter()
            with ThreadPoolExecutor(CLIENTS) as clients:
                list(clients.map(ask, [address + path for path in asked[name]]))
            rates[name].append(len(asked[name]) / (time.perf_counter() - started))
            used[name] += 1000 * (processor_seconds(process) - before) / len(asked[name]) / BLOCKS
    return {name: Rate(requests=statistics.median(rates[name]), processor=used[name]) for name in names}


def measure(
    folder: Path, count: int, *, tantivy: bool
) -> tuple[dict[str, dict[str, Answered]], dict[str, dict[str, Rate]]]:
    """Serve a collection in all ways; return what each kind of question took, and requests a second."""
    database = (folder / "collection.db").resolve()
    settings = [part for name, value in SETTINGS.items() for part in ("--setting", name, value)]
    with ExitStack() as stack:
        bare = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "collection.db"
        bare.symlink_to(database)
        servers = {
            OURS: stack.enter_context(served(folder, "--plugins-dir", ROOT / "plugins", *settings)),
            DATASETTE: stack.enter_context(served(bare, *PLENTY, "--setting", "suggest_facets", "off")),
        }
        if tantivy:
            server = ROOT / "benchmarks" / "peers" / "tantivy_server.py"
            servers[TANTIVY] = stack.enter_context(running(server, database, ready="/search?q=moon"))
        kinds = {
            kind: {name: paths for name, paths in asked.items() if name in servers}
            for kind, asked in kinds_of(database, count).items()
            if all(len(paths) > 1 for paths in asked.values())  # one of each is asked before it counts
        }
        for asked in kinds.values():
            for name, paths in asked.items():
                urllib.request.urlopen(servers[name][0] + paths.pop(), timeout=300).close()  # noqa: S310
        answered = {kind: race(servers, asked) for kind, asked in kinds.items()}
        crowds = {kind: crowd(servers, kinds[kind]) for kind in ("article page", "search page")}
    return answered, crowds
