"""Real collections, where they lie beside the checkout: what must arrive from them."""

import re
from itertools import islice
from pathlib import Path

import pytest

from ingest.readers.markdown import FRONT_MATTER, parse_yaml
from ingest.settings import add_source
from tests.conftest import SHARED, Room

if not (SHARED / "data").is_dir():
    pytest.skip("tests on large collections: they are not part of the repository", allow_module_level=True)
pytestmark = [pytest.mark.shared, pytest.mark.xdist_group("shared")]
WANTED = {
    "Donald Trump": "Trump",
    "Vladimir Putin": "Putin",
    "Emmanuel Macron": "Macron",
    "Joe Biden": "Joe Biden",
    "G7": "G7",
    "NATO": "NATO",
    "Ukraine": "Ukraine",
    "Russia": "Russia",
    "United States": "U.S.",
}


def test_a_pasted_news_article(shared: Path, room: Room):
    """One pasted article becomes one article, with its people and places each once."""
    room.put("pasted.txt", (shared / "seed-article.txt").read_bytes())
    report = room.ingest()
    assert (report.articles, report.problems) == (1, 0)
    assert str(room.one("select text from article_text")).startswith(
        "U.S. President Donald Trump said Monday"
    )
    for name, alias in WANTED.items():
        rows = room.rows(
            "select entities.id from entities join entity_aliases on entity_id = entities.id"
            " where name = ? and alias = ?",
            name,
            alias,
        )
        assert len(rows) == 1, name
    names = [name for (name,) in room.rows("select name from entities")]
    assert not {"Trump", "Putin", "U.S.", "US", "Macron"} & set(names)


def test_two_thousand_posts(shared: Path, room: Room):
    """Title, date, authors and topics of every Hugo post arrive, and no shortcode is searchable."""
    folder = shared / "data" / "digitalgov" / "news"
    add_source(room.folder, str(folder))
    report = room.ingest()
    posts = [path for path in folder.rglob("*") if path.is_file()]
    assert report.found == len(posts)
    assert report.articles + report.duplicates >= len(posts) - 1
    for path in posts:
        matter = FRONT_MATTER.match(path.read_text(encoding="utf-8-sig"))
        assert matter, path
        stated = parse_yaml(matter["matter"])
        locator = f"news/{path.relative_to(folder).as_posix()}"
        rows = room.rows(
            "select articles.id, title, published, outcome from files left join articles"
            " on articles.id = article_id where locator = ?",
            locator,
        )
        identifier, title, published, outcome = rows[0]
        if outcome != "article":
            continue
        if stated.get("title"):
            assert str(title)[:20].strip(), locator
        if stated.get("date"):
            assert str(published).startswith(str(stated["date"])[:10]), locator
        for table, keys in (("author", ("authors",)), ("tag", ("topics",))):
            wanted = {value for key in keys for value in islice(stated.get(key) or (), 100) if value}
            count = room.one(f"select count(*) from article_{table}s where article_id = ?", identifier)
            assert int(str(count)) >= len(wanted), (locator, table)
    left = [
        text for (text,) in room.rows("select text from article_text") if re.search(r"\{\{[<%]", str(text))
    ]
    assert not left
