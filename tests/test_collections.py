"""Real collections, where they lie beside the checkout: what must arrive from them, and floors."""

import gzip
import io
import json
import re
import statistics
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from ingest.model import Hint, Item
from ingest.normalize import normalize_document
from ingest.readers.html import read_html
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
# Share of the saved pages on which title, by-line and date are as expected; these only rise.
FLOORS = {"title": 0.75, "byline": 0.70, "published": 1.0}
# The same for every second page of another collection, with the F1 of the words of its articles.
WCXB_FLOORS = {"words": 0.95, "title": 0.79, "author": 0.67, "publish_date": 0.84}


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


def test_saved_pages(shared: Path):
    """Titles, by-lines and dates of saved pages are as expected at least as often as before."""
    right = dict.fromkeys(FLOORS, 0)
    asked = dict.fromkeys(FLOORS, 0)
    for folder in sorted((shared / "data" / "readability").iterdir()):
        if not (folder / "source.html").is_file():
            continue
        expected = json.loads((folder / "expected-metadata.json").read_text(encoding="utf-8"))
        page = io.BytesIO((folder / "source.html").read_bytes())
        raw = next(read_html(Item(locator=f"{folder.name}.html"), page))
        article, _ = normalize_document(raw, Hint())
        got = {
            "title": article.title,
            "byline": ", ".join(article.authors),
            "published": article.published.value if article.published else None,
        }
        for field, key in (("title", "title"), ("byline", "byline"), ("published", "publishedTime")):
            if expected.get(key):
                asked[field] += 1
                right[field] += same(field, got[field], expected[key])
    shares = {field: right[field] / asked[field] for field in FLOORS}
    assert all(shares[field] >= floor for field, floor in FLOORS.items()), shares


def test_saved_pages_with_their_text(shared: Path):
    """Main content, titles, authors and dates of saved pages are found at least as well as before."""
    found: dict[str, list[float]] = {field: [] for field in WCXB_FLOORS}
    for path in sorted((shared / "data" / "wcxb" / "ground-truth").glob("*.json"))[::2]:
        record = json.loads(path.read_text(encoding="utf-8"))
        expected = record["ground_truth"]
        data = gzip.decompress((path.parents[1] / "html" / f"{path.stem}.html.gz").read_bytes())
        article, _ = normalize_document(next(read_html(Item(locator="page.html"), io.BytesIO(data))), Hint())
        if record["_internal"]["page_type"]["primary"] == "article" and expected.get("main_content"):
            found["words"].append(word_f1(article.text, expected["main_content"]))
        got = {
            "title": article.title,
            "author": ", ".join(article.authors),
            "publish_date": article.published.value if article.published else None,
        }
        for field, value in got.items():
            if expected.get(field):
                found[field].append(
                    same("published" if field == "publish_date" else field, value, expected[field])
                )
    means = {field: statistics.mean(values) for field, values in found.items()}
    assert all(means[field] >= floor for field, floor in WCXB_FLOORS.items()), means


def word_f1(got: str, expected: str) -> float:
    """Return the F1 of two texts as bags of lower-case words."""
    one, other = (Counter(re.findall(r"\w+", text.lower())) for text in (got, expected))
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def same(field: str, got: str | None, expected: str) -> bool:
    """Tell whether a value is the expected one, but for spaces, case, `By` and time of day."""
    if not got:
        return False
    if field == "published":
        return got[:10] == expected[:10]
    fold = [re.sub(r"^by\b|\W", "", text.casefold()) for text in (got, expected)]
    return fold[0] == fold[1]
