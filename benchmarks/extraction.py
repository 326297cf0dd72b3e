"""How well saved pages are read, beside trafilatura on the same pages in the same run.

    python benchmarks/extraction.py [DATA]

DATA holds `wcxb` (pages with their main content, title, author and date) and `readability` (pages
with title, by-line and date). Prints one table. Words are compared as bags, in lower case;
a title, author or date is right when it is the expected one but for case, spaces, punctuation,
"By" and the time of day. "said" counts how often a value was given where one is expected;
"made up" how often one was given where none is.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import trafilatura

from ingest.errors import ItemError
from ingest.model import Hint, Item
from ingest.normalize import normalize_document
from ingest.readers.html import read_html

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
FIELDS = ("title", "author", "date")
WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One saved page and what should be read from it; `text` is None where nobody said."""

    name: str
    group: str
    html: bytes
    expected: dict[str, str | None]
    text: str | None


@dataclass(kw_only=True)
class Result:
    """What one program made of one page."""

    text: str = ""
    fields: dict[str, str | None] = field(default_factory=dict)
    seconds: float = 0.0


def read_cases(data: Path) -> Iterator[Case]:
    """Yield every page of both collections, in the order of their names."""
    for path in sorted((data / "wcxb" / "ground-truth").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        truth = record["ground_truth"]
        kind = record["_internal"]["page_type"]["primary"]
        yield Case(
            name=f"wcxb/{path.stem}",
            group="wcxb articles" if kind == "article" else "wcxb others",
            html=gzip.decompress((data / "wcxb" / "html" / f"{path.stem}.html.gz").read_bytes()),
            expected={
                "title": truth.get("title"),
                "author": truth.get("author"),
                "date": truth.get("publish_date"),
            },
            text=truth.get("main_content"),
        )
    for path in sorted((data / "readability").glob("*/source.html")):
        truth = json.loads((path.parent / "expected-metadata.json").read_text(encoding="utf-8"))
        yield Case(
            name=f"readability/{path.parent.name}",
            group="readability",
            html=path.read_bytes(),
            expected={
                "title": truth.get("title"),
                "author": truth.get("byline"),
                "date": truth.get("publishedTime"),
            },
            text=None,
        )


def read_ours(case: Case) -> Result:
    """Return what Reading Room makes of a page."""
    started = time.process_time()
    raw = next(iter(read_html(Item(locator="page.html"), io.BytesIO(case.html))))
    try:
        article, _ = normalize_document(raw, Hint())  # type: ignore[arg-type] # a page holds no items
    except ItemError:
        return Result(seconds=time.process_time() - started)
    return Result(
        text=article.text,
        fields={
            "title": article.title,
            "author": ", ".join(article.authors),
            "date": article.published.value if article.published else None,
        },
        seconds=time.process_time() - started,
    )


def read_theirs(case: Case) -> Result:
    """Return what trafilatura makes of a page, with its defaults; the time is that of the text alone."""
    started = time.process_time()
    text = trafilatura.extract(case.html) or ""
    seconds = time.process_time() - started
    found = trafilatura.extract_metadata(case.html)
    fields = {name: getattr(found, name) for name in FIELDS} if found else {}
    return Result(text=text, fields=fields, seconds=seconds)


def word_f1(got: str, expected: str) -> float:
    """Return the F1 of two texts as bags of words."""
    one, other = Counter(WORD.findall(got.lower())), Counter(WORD.findall(expected.lower()))
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else float(one == other)


def is_same(name: str, got: str | None, expected: str) -> bool:
    """Tell whether a value is the expected one but for case, spaces, `By` and the time of day."""
    if not got:
        return False
    if name == "date":
        return got[:10] == expected[:10]
    folded = [re.sub(r"^by\b|\W", "", text.strip().casefold()) for text in (got, expected)]
    return folded[0] == folded[1]


def write_table(cases: list[Case], ours: list[Result], theirs: list[Result]) -> Iterator[str]:
    """Yield the lines of the table."""
    row = "{:<34}{:>10}{:>14}{:>8}"
    yield row.format("metric", "ours", "trafilatura", "pages")
    groups = list(dict.fromkeys(case.group for case in cases))
    both = (ours, theirs)
    for group in groups:
        told = [i for i, case in enumerate(cases) if case.group == group and case.text]
        if told:
            means = [
                statistics.mean(word_f1(results[i].text, cases[i].text or "") for i in told)
                for results in both
            ]
            yield row.format(f"{group}: words F1", *(f"{mean:.4f}" for mean in means), len(told))
    for group in ("wcxb", "readability"):
        for name in FIELDS:
            inside = [i for i, case in enumerate(cases) if case.group.startswith(group)]
            asked = [i for i in inside if cases[i].expected[name]]
            none = [i for i in inside if not cases[i].expected[name]]
            right = [
                sum(is_same(name, r[i].fields.get(name), cases[i].expected[name] or "") for i in asked)
                for r in both
            ]
            said = [sum(bool(r[i].fields.get(name)) for i in asked) for r in both]
            invented = [sum(bool(r[i].fields.get(name)) for i in none) for r in both]
            yield row.format(
                f"{group}: {name} right", *(f"{count / len(asked):.4f}" for count in right), len(asked)
            )
            precision = [f"{r / s:.4f}" if s else "-" for r, s in zip(right, said, strict=True)]
            yield row.format(f"{group}: {name} right of said", *precision, len(asked))
            if none:
                yield row.format(f"{group}: {name} made up", *invented, len(none))
    means = [statistics.mean(result.seconds for result in results) * 1000 for results in both]
    yield row.format("milliseconds a page", *(f"{mean:.1f}" for mean in means), len(cases))


def main() -> None:
    """Print the table."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    cases = list(read_cases(data))
    for read in (read_ours, read_theirs):
        read(cases[0])  # loads what is loaded once
    both = [(read_ours(case), read_theirs(case)) for case in cases]  # in turn, so that times compare
    ours, theirs = [one for one, _ in both], [other for _, other in both]
    print("\n".join(write_table(cases, ours, theirs)))


if __name__ == "__main__":
    main()
