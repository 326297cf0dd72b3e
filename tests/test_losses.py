"""Ways in which text could vanish, each with a word that must be found or a problem that must be told."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ingest import engine
from ingest.account import tell_dropped, tell_gone
from ingest.engine import Worker, read_items
from ingest.errors import SourceError
from ingest.model import Item
from ingest.reading import Conditions
from ingest.settings import add_source
from ingest.workspace import decode
from tests.conftest import Room

KEPT = {
    "rule.md": "---\nThe opening has a sentinel, and stands between rules.\n---\n\nThe rest follows.",
    "json.md": '{\n  "title": "A title",\n  "tags": ["a", "b"]\n}\n\nThe sentinel stands in the text.',
    "dots.md": "---\ntitle: A title\n...\n\nThe sentinel stands in the text.",
    "unclosed.md": "---\ntitle: A title\n\nThe sentinel stands in the text.",
    "generic.md": "Use vector<int> here, then a sentinel and more. Call <script> once.\n\nAnd go on.",
    "note.md": "A claim.[^1]\n\n[^1]: The sentinel stands in the footnote.",
    "comment.md": "Before it.\n\n<!-- an open comment\n\nThe sentinel comes after it.",
    "name.md": "Replace <name> by a sentinel, and write <em>it</em> down.",
    "treaty.txt": "A treaty\n\nThe sentinel was signed on 12/04/1961 in Rome.\n\nThen all went home.",
    "friday.txt": "By Friday the sentinel had spread to Paris.\n\nNobody had expected it to go so far.",
    "von.txt": "Nachrichten\n\nVon der Leyen kündigt den sentinel an.\n\nMehr dazu am Abend.",
    "year.txt": "1984\n\nThe sentinel is watching. It always was, and the clocks struck thirteen.",
    "cut.txt": "Müller und Böll sagten: «Größe zählt», sentinel, «schön wär’s» – café".encode()[:-1],
    "mixed.txt": "Ünë ïdéé dè plûs, sentinel, ".encode() + "naïve".encode("cp1252"),
    "undefined.html": b"<html><head><meta charset='undefined'></head><body><p>Un caf\xe9 et le sentinel,"
    b" et encore quelques mots pour que ce soit un texte.</p></body></html>",
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A collection of all these texts."""
    room = Room(tmp_path_factory.mktemp("kept") / "room")
    for name, content in KEPT.items():
        room.put(name, content)
    room.ingest()
    return room


@pytest.mark.parametrize("name", KEPT)
def test_the_sentinel_is_found(kept: Room, name: str):
    """The word is in the text of the article."""
    sql = "select text from article_text join files on files.article_id = article_text.id where locator = ?"
    rows = kept.rows(sql, name)
    assert rows, kept.rows("select * from problems")
    assert "sentinel" in str(rows[0][0])


def test_sentences_are_no_dates_and_no_authors(kept: Room):
    """What was taken for a date or a by-line in those texts is neither."""
    assert kept.one("select count(*) from authors") == 0
    assert (
        kept.rows(
            "select locator from files join articles on articles.id = article_id where year is not null"
        )
        == []
    )


def test_what_looks_like_a_tag_stays(kept: Room):
    """Code and placeholders in Markdown keep their angle brackets."""
    texts = " ".join(str(text) for (text,) in kept.rows("select text from article_text"))
    for words in ("vector<int>", "<script> once", "And go on", "<name>", "Before it"):
        assert words in texts, words


def test_what_is_gone_is_told(room: Room):
    """A disk that was mounted within a source leaves an empty folder, and nothing fails."""
    for name in ("disk/a.md", "disk/b.md", "c.md", "d.md", "e.md"):
        room.put(name, f"# Ship {name}\n\nThe ship {name} rose at nine.")
    assert room.ingest().gone == ()
    sources = room.folder / "sources"
    for name in ("a.md", "b.md"):
        (sources / "disk" / name).unlink()
    (sources / "c.md").rename(sources / "f.md")
    room.put("d.md", "# Ship e.md\n\nThe ship e.md rose at nine.")
    (sources / "e.md").write_bytes(b"")
    report = room.ingest()
    assert report.gone == ("disk/a.md", "disk/b.md")
    assert tell_gone(report.gone).startswith(
        "2 articles of before are gone, with their files at disk/a.md, disk/b.md."
    )
    assert room.ingest().gone == ()


ENTRY = (
    "<item><title>Ferry {0}</title><link>https://port.example/{0}</link>"
    "<description>The ferry {0} left.</description></item>"
)


def saved_feed(numbers: range) -> str:
    """Return a feed as it was on a day, with the entries that it held then."""
    entries = "".join(ENTRY.format(number) for number in numbers)
    return f"<rss version='2.0'><channel><title>Port</title>{entries}</channel></rss>"


def test_what_a_feed_holds_no_longer_is_told(room: Room):
    """Who saves a feed over itself learns that earlier entries go, and how they stay."""
    room.put("a#b/c.md", "# Vostok\n\nThe pilot came down in a field.")
    room.put("a#b/d.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("feed.rss", saved_feed(range(1, 6)))
    room.ingest()
    room.put("feed.rss", saved_feed(range(3, 8)))
    (room.folder / "sources" / "a#b" / "c.md").unlink()
    report = room.ingest()
    places = tuple(f"feed.rss#https://port.example/{number}" for number in (1, 2))
    assert (report.gone, report.dropped) == (("a#b/c.md",), places)
    assert "save it under another name each time" in tell_dropped(report.dropped)
    room.put("feed-1.rss", saved_feed(range(1, 6)))
    report = room.ingest()
    assert (report.articles, report.duplicates, report.gone, report.dropped) == (8, 3, (), ())
    (room.folder / "sources" / "feed.rss").unlink()
    report = room.ingest()
    assert report.dropped == ()
    assert len(report.gone) == 2


def test_front_matter_is_kept_whatever_its_form(room: Room):
    """Nested values, and the plain lines of broken front matter, are kept as fields."""
    room.put("deep.md", "---\ntitle: Deep\na:\n  b:\n    c: [[sentinel]]\n---\n\nText of it.")
    room.put(
        "broken.md", "---\ntitle: Moon: far\ntags:\n  - first\n  - second\nbad: [\n---\n\nText of another."
    )
    room.ingest()
    assert room.rows("select 1 from fields where value like '%sentinel%'")
    assert room.rows("select name from tags order by name") == [("first",), ("second",)]


def test_a_copy_keeps_what_it_states(room: Room):
    """The headline and by-line of a copy are among the statements of the article it repeats."""
    text = "The same agency text in two papers, word for word. " * 12
    room.put("alpha/a.md", f"---\ntitle: One headline\nauthor: Ann Poe\n---\n\n{text}")
    room.put("beta/b.md", f"---\ntitle: Another headline\nauthor: Bob Roe\n---\n\n{text}")
    assert room.ingest().duplicates == 1
    stated = {value for (value,) in room.rows("select value from fields")}
    assert {"One headline", "Another headline", "Ann Poe", "Bob Roe"} <= stated


def test_short_texts_are_copies_only_with_their_title(room: Room):
    """Three pages behind one notice are three articles."""
    notice = "Please enable JavaScript to read this page, and then load it once more."
    for name in ("one", "two", "three"):
        room.put(f"{name}.md", f"---\ntitle: {name}\n---\n\n{notice}")
    assert room.ingest().articles == 3


def test_half_characters_cost_no_article(room: Room):
    """A lone surrogate in JSON or in linked data is replaced."""
    body = "<p>Enough words to be an article, and a sentinel among them, so that it is kept.</p>" * 3
    linked = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Cut \\ud83d"}</script>'
    room.put("page.html", f"<html><head>{linked}</head><body><article>{body}</article></body></html>")
    room.put("rows.json", '[{"title": "Half \\ud83d", "text": "A sentinel \\udc00 in it."}]')
    report = room.ingest()
    assert (report.articles, report.problems) == (2, 0)


def test_two_places_of_one_name_share_no_locator(room: Room, tmp_path: Path):
    """A folder added from elsewhere is not mixed up with one of the same name here."""
    room.put("clippings/a.txt", "One text\n\nIt has its own words.")
    (tmp_path / "clippings").mkdir()
    (tmp_path / "clippings" / "a.txt").write_text("Another text\n\nIt has other words.")
    add_source(room.folder, str(tmp_path / "clippings"))
    assert room.ingest().articles == 2


def test_names_that_are_written_alike_are_all_read(room: Room):
    """A byte that is not UTF-8, the same written out, and the same with the number that tells those apart."""
    sources = os.fsencode(room.folder / "sources")
    for number, name in enumerate((b"a\xff.txt", b"a\\xff.txt", b"a\\xff#2.txt")):
        Path(os.fsdecode(sources + b"/" + name)).write_text(f"Text {number}\n\nIt has its own words.")
    report = room.ingest()
    assert (report.found, report.articles) == (3, 3)


def test_a_source_may_be_a_link_to_a_file(room: Room, tmp_path: Path):
    """As it may be one to a folder: whoever names it means what it leads to."""
    (tmp_path / "2026.txt").write_text("One text\n\nIt has its own words.")
    (tmp_path / "latest.txt").symlink_to("2026.txt")
    settings = room.folder / "metadata.yml"
    settings.write_text(settings.read_text().replace("- sources", f"- {tmp_path}/latest.txt", 1))
    assert room.ingest(workers=0).articles == 1
    assert room.rows("select locator from files") == [("latest.txt",)]


def test_a_place_that_is_gone_empties_nothing(room: Room):
    """When the folder of the articles is not there, the collection stays and the run fails."""
    room.put("a.txt", "One text\n\nIt has its own words.")
    room.ingest()
    (room.folder / "sources").rename(room.folder / "elsewhere")
    with pytest.raises(SourceError, match="Put it back"):
        room.ingest()
    assert room.one("select count(*) from articles") == 1


@contextmanager
def refused(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """Let a folder be one that may not be looked into; permissions alone would not keep out root."""
    scandir, status = os.scandir, os.stat

    def scan(path: str | Path = ".") -> object:
        if Path(path) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    def look_at(path: str | Path | int, **options: Any) -> object:
        if isinstance(path, str | Path) and folder in Path(path).parents:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return status(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scan)
        patched.setattr(os, "stat", look_at)
        yield


def test_a_place_that_may_not_be_read_empties_nothing(room: Room, monkeypatch: pytest.MonkeyPatch):
    """Who may not look into the folder of the articles learns so, and the collection stays."""
    room.put("a.txt", "One text\n\nIt has its own words.")
    room.ingest(workers=0)
    with (
        refused(monkeypatch, room.folder / "sources"),
        pytest.raises(SourceError, match="may not be read"),
    ):
        room.ingest(workers=0)
    assert room.one("select count(*) from articles") == 1


@pytest.mark.parametrize("source", ["sources", "sources/*/*.txt", "sources/**/*.txt"])
def test_a_folder_that_may_not_be_read_keeps_its_articles(
    room: Room, monkeypatch: pytest.MonkeyPatch, source: str
):
    """It is a problem, also where a pattern leads into it, and what was read in it before stays."""
    settings = room.folder / "metadata.yml"
    settings.write_text(settings.read_text().replace("    - sources\n", f'    - "{source}"\n'))
    room.put("letters/a.txt", "One text\n\nIt has its own words.")
    room.put("open/b.txt", "Another text\n\nIt has other words.")
    room.ingest(workers=0)
    with refused(monkeypatch, room.folder / "sources" / "letters"):
        report = room.ingest(workers=0)
    assert (report.found, report.articles, report.problems) == (3, 2, 1)
    assert room.rows("select locator, code from problems") == [("letters", "unreadable-folder")]
    (room.folder / "sources" / "letters" / "a.txt").unlink()
    room.put("letters/c.txt", "A third text\n\nIt has words of its own too.")
    report = room.ingest(workers=0)
    assert (report.found, report.articles, report.problems) == (2, 2, 0)


def test_a_disk_that_is_not_mounted_empties_nothing(room: Room, tmp_path: Path):
    """The folder that it leaves is there, and empty; one that was never filled is no matter."""
    disk = tmp_path / "disk"
    for place in (disk, tmp_path / "inbox"):
        place.mkdir()
        add_source(room.folder, str(place))
    letter = disk / "a.txt"
    letter.write_text("One text\n\nIt has its own words.")
    assert room.ingest(workers=0).articles == 1
    letter.rename(tmp_path / "a.txt")
    for _ in range(2):
        with pytest.raises(SourceError, match="mount its disk"):
            room.ingest(workers=0)
    assert room.one("select count(*) from articles") == 1
    (tmp_path / "a.txt").rename(letter)
    assert room.ingest(workers=0).read == 0


def test_folders_a_thousand_deep(room: Room):
    """Depth costs no article: folders are walked without recursion."""
    path = room.folder / "sources"
    for _ in range(1100):
        path = path / "d"
        path.mkdir()
    (path / "a.txt").write_text("Deep down\n\nThe sentinel is there.")
    try:
        assert room.ingest().articles == 1
    finally:
        # Python's own way of removing a tree is recursive.
        subprocess.run(["rm", "-rf", str(room.folder / "sources" / "d")], check=True)


def test_what_failed_for_a_passing_reason_is_tried_again(room: Room):
    """A time-out of a busy day is not kept for ever."""
    room.put("a.txt", "One text\n\nIt has its own words.")
    (room.folder / "plugins" / "slow.py").write_text(
        "import pathlib\nfrom ingest.registry import enricher\n\n"
        "@enricher(name='slow', version='1')\n"
        "def dawdle(article, facts):\n"
        f"    while not pathlib.Path({str(room.folder / 'awake')!r}).exists():\n"
        "        pass\n"
        "    yield from ()\n"
    )
    settings = room.folder / "metadata.yml"
    settings.write_text(
        settings.read_text().replace("  readingroom:\n", "  readingroom:\n    limits: {seconds: 3}\n")
    )
    assert room.ingest().problems == 1
    assert room.one("select code from problems") == "timeout"
    (room.folder / "awake").touch()
    assert room.ingest().articles == 1


def test_long_texts_come_in_parts(room: Room):
    """A text over a megabyte is several articles that name their first; no word is lost."""
    words = [f"word{number}" for number in range(300_000)]
    text = "\n\n".join(" ".join(words[start : start + 50]) for start in range(0, len(words), 50))
    room.put("long.txt", f"A long text\n\n{text}")
    assert room.ingest().articles > 2
    rows = room.rows("select text, part_of from articles join article_text using (id) order by id")
    assert " ".join(str(text) for text, _ in rows).split() == words
    assert [part_of for _, part_of in rows] == [None, *[1] * (len(rows) - 1)]
    assert max(len(str(text)) for text, _ in rows) <= 1_000_000


def test_workers_that_the_system_ends_cost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As it does when memory is short, be it that they had only begun."""
    items = []
    for number in range(6):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Text {number}\n\nA word is in it.")
        items.append(Item(locator=path.name, path=str(path)))
    plain = engine._start  # noqa: SLF001 - whoever else could end it would come too late
    ended: list[int | None] = []

    def start(*arguments: Any) -> Worker:
        worker = plain(*arguments)
        if len(ended) < 2 and not ended.append(worker.process.pid):
            worker.process.kill()
        return worker

    monkeypatch.setattr(engine, "_start", start)
    found = [decode(each) for _, findings in read_items(items, workers=2) for each in findings]
    assert len(ended) == 2
    assert [finding.outcome for finding in found] == ["article"] * 6


def test_a_worker_that_dies_costs_one_item(tmp_path: Path):
    """An item over which a worker is lost is a problem, and all the others are read."""
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "deadly.py").write_text(
        "import os, signal\nfrom ingest.registry import enricher\n\n"
        "@enricher(name='deadly', version='1')\n"
        "def die(article, facts):\n"
        "    if 'poison' in article.text:\n"
        "        os.abort()\n"
        "    yield from ()\n"
    )
    items = []
    for number in range(30):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Text {number}\n\n{'A poison' if number in {7, 19} else 'A word'} is in it.")
        items.append(Item(locator=path.name, path=str(path)))
    found = {
        item.locator: list(map(decode, findings))
        for item, findings in read_items(items, Conditions(plugins=tmp_path / "plugins"), 2)
    }
    assert len(found) == 30
    lost = [locator for locator, findings in found.items() if findings[0].outcome == "problem"]
    assert sorted(lost) == ["19.txt", "7.txt"]
    assert found["7.txt"][0].problems[0].code == "crash"
