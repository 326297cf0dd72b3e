"""What a careful user would write by hand: read each file, find its names, insert, enable search.

    python benchmarks/peers/by_hand.py FOLDER DATABASE RECOGNISER

Web pages go through trafilatura, front matter through PyYAML, rows into SQLite by sqlite-utils, and
its `enable_fts` makes the search index. RECOGNISER is what finds names, one text at a time: `own`
or `rules`, those of Reading Room itself; or `spacy`, a blank pipeline of spaCy with an entity ruler
that knows the phrases of Reading Room's word lists.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trafilatura
import yaml
from sqlite_utils import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Names = Iterable[tuple[int, int, str, str]]


def choose(name: str) -> Callable[[str], Names]:
    """Return what finds the names in a text, as start, end, words and kind."""
    if name == "spacy":
        import spacy  # noqa: PLC0415 - only where it is asked for

        from ingest.enrich.word_lists import word_lists  # noqa: PLC0415

        pipeline = spacy.blank("en")
        ruler: Any = pipeline.add_pipe("entity_ruler")
        known = word_lists().phrases.items()
        ruler.add_patterns([{"label": each.kind, "pattern": phrase} for phrase, each in known])
        return lambda text: ((e.start_char, e.end_char, e.text, e.label_) for e in pipeline(text).ents)
    from ingest.enrich.recognisers import recogniser  # noqa: PLC0415

    recognise = recogniser(name)
    return lambda text: ((span.start, span.end, span.surface, span.kind) for span in recognise(text))


def read(path: Path) -> dict[str, Any]:
    """Return what a file says: title, author, date and text."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        found = trafilatura.bare_extraction(content, with_metadata=True)
        if found is None:
            return {"title": path.stem, "author": None, "date": None, "text": ""}
        return {"title": found.title, "author": found.author, "date": found.date, "text": found.text}
    if path.suffix == ".md":
        _, matter, text = content.split("---\n", 2)
        said = yaml.safe_load(matter)
        date = str(said["date"]) if "date" in said else None
        return {"title": said.get("title"), "author": said.get("author"), "date": date, "text": text.strip()}
    head, _, text = content.partition("\n\n")
    return {"title": head.splitlines()[0], "author": None, "date": None, "text": text.strip()}


def main() -> None:
    """Make the database."""
    folder, database = Path(sys.argv[1]), Database(sys.argv[2])
    recognise = choose(sys.argv[3])
    names: list[dict[str, Any]] = []

    def articles() -> Iterator[dict[str, Any]]:
        for number, path in enumerate(sorted(each for each in folder.rglob("*") if each.is_file()), 1):
            article = read(path)
            names.extend(
                {"article_id": number, "start": start, "end": end, "surface": surface, "kind": kind}
                for start, end, surface, kind in recognise(article["text"])
            )
            yield {"id": number, "path": str(path.relative_to(folder)), **article}

    table = database.table("articles")
    table.insert_all(articles(), pk="id")
    database.table("names").insert_all(names)
    database.table("names").create_index(["article_id"])
    table.enable_fts(["title", "text"])
    database.close()


if __name__ == "__main__":
    main()
