"""What was found in an article is found once: later readings of the same words take it as known."""

import json
import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import pytest

from ingest import fingerprint, pipeline, reading
from ingest.enrich import quotations
from ingest.known_facts import ALL, KnownFacts, decisive
from ingest.model import Article, Facts, Finding, Published
from ingest.registry import DECLARED, Enricher, discover, in_order
from ingest.workspace import Workspace
from tests.conftest import ROOT, Room

TEXT = "Yuri Gagarin landed near Saratov on 12 April 1961. “I saw the whole Earth,” said Gagarin.\n"
# One that tells when it was at work: what is known keeps the time at which it was found.
CLOCK = """
import time

from ingest.model import Field
from ingest.registry import enricher


@enricher(name="clock", version="1", given=("text",))
def tell_time(article, facts):
    yield Field(name="found_at", value=str(time.time_ns()), origin="clock")
"""


@pytest.fixture(autouse=True)
def only_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a collection's own code declares within the test."""
    ours = {
        name: each for name, each in discover().enrichers.items() if each.enrich.__module__[:6] == "ingest"
    }
    monkeypatch.setattr(DECLARED, "enrichers", ours)


def other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all be read anew, as after an update of a reader."""
    now = fingerprint.code_version()
    monkeypatch.setattr(pipeline, "code_version", lambda _plugins: f"after {now}")


def is_not_to_be_found(*_given: object) -> None:
    """Stand for the enrichments where all must be known."""
    pytest.fail("looked for facts once more")


def test_an_update_that_reads_all_anew_finds_nothing_anew(room: Room, monkeypatch: pytest.MonkeyPatch):
    """Who updates Reading Room does not wait for all names to be found again."""
    room.put("a.md", f"# Vostok\n\n{TEXT}")
    room.put("b.txt", f"Sputnik\n\n{TEXT.replace('Saratov', 'Moscow')}")
    room.ingest(workers=0)
    content = room.one("select content from runs")
    other_code(monkeypatch)
    monkeypatch.setattr(reading, "enrich_article", is_not_to_be_found)
    report = room.ingest(workers=0)
    assert (report.read, report.articles, report.rebuilt) == (2, 2, False)
    assert room.one("select content from runs") == content


def test_a_child_that_reads_knows_it_too(room: Room, monkeypatch: pytest.MonkeyPatch):
    """Reading in guarded processes asks the same memory."""
    (room.folder / "plugins" / "clock.py").write_text(CLOCK, encoding="utf-8")
    room.put("a.md", f"# Vostok\n\n{TEXT}")
    found_at = "select value from fields where field = 'found_at'"
    room.ingest(workers=1)
    first = room.one(found_at)
    other_code(monkeypatch)
    assert room.ingest(workers=1).read == 1
    assert room.one(found_at) == first


def test_of_a_longer_export_only_what_is_new_is_looked_through(room: Room, monkeypatch: pytest.MonkeyPatch):
    """Each month's export holds all messages of the months before."""

    def export(count: int) -> str:
        rows = ({"title": f"Note {each}", "text": f"{TEXT} Note {each}."} for each in range(count))
        return "\n".join(map(json.dumps, rows))

    looked_through: list[str] = []
    plain = reading.enrich_article

    def noted(article: Article, *rest: object) -> object:
        looked_through.append(article.title)
        return plain(article, *rest)

    monkeypatch.setattr(reading, "enrich_article", noted)
    room.put("june.jsonl", export(5))
    room.ingest(workers=0)
    assert len(looked_through) == 5
    room.put("june.jsonl", export(6))
    room.ingest(workers=0)
    room.put("july.jsonl", export(7))
    assert room.ingest(workers=0).articles == 7
    assert looked_through[5:] == ["Note 5", "Note 6"]


def test_a_file_that_moved_is_not_looked_through_again(room: Room, monkeypatch: pytest.MonkeyPatch):
    """To rename a folder costs reading its files, no more."""
    path = room.put("1961/a.md", f"# Vostok\n\n{TEXT}")
    room.ingest(workers=0)
    path.parent.rename(path.parent.with_name("letters"))
    monkeypatch.setattr(reading, "enrich_article", is_not_to_be_found)
    report = room.ingest(workers=0)
    assert (report.read, report.articles) == (1, 1)
    assert room.one("select count(*) from quotes") == 1


@pytest.mark.parametrize("part", ["text", "language", "published"])
def test_what_decides_is_part_of_the_key(part: str):
    """Another text, language or date is another matter; another title is not."""
    known = KnownFacts(path=Path("work.db"), code="", given=decisive(discover().enrichers.values()))
    day = Published(value="1961-04-12", precision="day", origin="meta")
    article = Article(title="Vostok", body=TEXT, text=TEXT, language="en", published=day)
    other = {"text": f"{TEXT}!", "language": "ru", "published": replace(day, value="1961-04-13")}
    assert known.key(article) != known.key(replace(article, **{part: other[part]}))
    assert known.key(article) == known.key(replace(article, title="Sputnik"))
    assert known.key(article) != replace(known, code="other").key(article)


def test_what_an_enrichment_does_not_state_decides_too():
    """One that a collection wrote for itself may look at anything."""
    own = Enricher(name="own", version="1", enrich=lambda _article, _facts: iter(()))
    assert decisive([own]) == ALL == tuple(field.name for field in fields(Article))


def test_the_enrichments_look_at_what_they_state(sample: Path):
    """An article without anything else has the same facts."""
    enrichers = tuple(in_order(discover().enrichers.values()))
    given = decisive(enrichers)
    assert set(given) == {"text", "language", "published"}
    with closing(Workspace(sample / ".readingroom")) as workspace:
        articles = [finding.article for finding in workspace.findings() if finding.article]
    assert len(articles) > 40
    for article in articles:
        bare = Article(**{"title": "", "body": ""} | {name: getattr(article, name) for name in given})
        assert reading.enrich_article(article, enrichers) == reading.enrich_article(bare, enrichers)


def test_another_choice_of_recognisers_finds_anew(room: Room):
    """Names that the rules find are not taken for those of the trained recogniser."""
    (room.folder / "plugins" / "clock.py").write_text(CLOCK, encoding="utf-8")
    room.put("a.md", f"# Vostok\n\n{TEXT}")
    found_at = "select value from fields where field = 'found_at'"
    room.ingest(workers=1)
    first = room.one(found_at)
    metadata = room.folder / "metadata.yml"
    settings = metadata.read_text(encoding="utf-8")
    metadata.write_text(settings.replace("readingroom:\n", "readingroom:\n    entities: rules\n", 1))
    room.ingest(workers=1)
    assert room.one(found_at) != first


def test_other_code_finds_anew(tmp_path: Path):
    """A change of an enrichment counts, the collection's own too; that of a reader does not."""
    before = fingerprint.enriching_version(tmp_path)
    (tmp_path / "pages.py").write_text("import datasette\n", encoding="utf-8")
    assert fingerprint.enriching_version(tmp_path) == before
    (tmp_path / "clock.py").write_text(CLOCK, encoding="utf-8")
    assert fingerprint.enriching_version(tmp_path) != before
    enriching = {
        path for name in fingerprint.ENRICHING for path in fingerprint.files_of(ROOT / "ingest" / name)
    }
    assert Path(quotations.__file__) in enriching
    assert ROOT / "ingest" / "readers" / "pdf.py" not in enriching


@pytest.mark.parametrize(
    "damage", ["update facts set found = x'00'", "drop table facts", "delete from facts"]
)
def test_what_cannot_be_read_is_found_anew(room: Room, monkeypatch: pytest.MonkeyPatch, damage: str):
    """A memory that is damaged costs time, and no fact."""
    room.put("a.md", f"# Vostok\n\n{TEXT}")
    room.ingest(workers=1)
    content = room.one("select content from runs")
    with closing(sqlite3.connect(room.folder / ".readingroom" / "work.db")) as connection, connection:
        connection.execute(damage)
    other_code(monkeypatch)
    assert room.ingest(workers=1).read == 1
    assert room.one("select content from runs") == content
    assert room.one("select count(*) from quotes") == 1


def test_what_failed_is_tried_again(tmp_path: Path):
    """An enrichment that broke down leaves facts behind that are not all there are."""
    known = KnownFacts(path=tmp_path / "work.db", code="")
    article = Article(title="Vostok", body=TEXT, text=TEXT)
    whole = Finding(locator="a.md", outcome="article", article=article)
    _, problems = reading.enrich_article(article, (Enricher(name="own", version="1", enrich=is_not_there),))
    assert len(list(known.rows("a.md", [whole]))) == 1
    assert not list(known.rows("a.md", [replace(whole, problems=problems)]))


def is_not_there(_article: Article, _facts: Facts) -> object:
    """Fail as an enrichment may."""
    message = "no such list"
    raise OSError(message)


def test_nothing_is_kept_of_what_is_gone(room: Room):
    """The memory does not grow beyond what the collection holds."""

    def count() -> int:
        with closing(sqlite3.connect(room.folder / ".readingroom" / "work.db")) as connection:
            return int(connection.execute("select count(*) from facts").fetchone()[0])

    paths = [room.put(f"{each}.md", f"# Note {each}\n\n{TEXT} Note {each}.") for each in range(4)]
    room.ingest(workers=0)
    assert count() == 4
    paths[0].write_text(f"# Note 0\n\n{TEXT} Note 0, once more.")
    paths[1].unlink()
    room.ingest(workers=0)
    assert count() == 3
