"""A run from sources to database: the same input gives the same content, and all is accounted for."""

import errno
import gc
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from ingest import passes, pipeline, store
from ingest.decisions import add_decisions
from ingest.engine import Job, Worker
from ingest.errors import BuildError, LockedError, SettingsError, SourceError, StorageError
from ingest.model import Decision, Finding, Item, Problem, RawDocument
from ingest.moves import tell_moves, tell_unknown
from ingest.pipeline import mix
from ingest.reading import Tools, read_item, tools_of
from ingest.registry import Reader, choose_reader, discover, in_order, own_files
from ingest.settings import add_source, load_settings
from ingest.sources import Root, plan_roots, survey
from ingest.store import list_unmatched
from ingest.workspace import Workspace, locked
from tests import conftest
from tests.conftest import ROOT, Room

MARKDOWN = (
    "---\ntitle: {0}\ndate: 1961-04-12\ntags: [moon]\n---\n\nWords about {0}, and Yuri Gagarin in Moscow.\n"
)
PAGE = "<!doctype html><title>Harbour</title><article><h1>Harbour</h1><p>{0}</p></article>"


def test_running_twice_changes_nothing(room: Room):
    """A second run reads nothing and leaves the very file in place."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    assert room.ingest().rebuilt
    before = (room.folder / "collection.db").stat()
    report = room.ingest()
    assert (report.read, report.rebuilt) == (0, False)
    assert (room.folder / "collection.db").stat().st_mtime_ns == before.st_mtime_ns


def test_a_run_that_changes_nothing_only_looks_at_the_names_and_times(
    room: Room, monkeypatch: pytest.MonkeyPatch
):
    """Among hundreds of thousands of files that is what a second run takes its time for."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.put("folder/b.md", MARKDOWN.format("Vostok"))
    first = room.ingest()
    monkeypatch.setattr("ingest.pipeline.find_items", lambda _roots: pytest.fail("looked at each item"))
    again = room.ingest()
    assert (again.found, again.articles, again.read, again.rebuilt) == (first.found, 2, 0, False)


def test_what_a_file_beside_says_may_change_alone(room: Room):
    """Messages are read anew when only the list that names people is another."""
    people = '[{{"id": "U1", "team_id": "T1", "profile": {{"real_name": "{0}"}}}}]'
    room.put(
        "chat/general/2021-03-06.json",
        '[{"type": "message", "ts": "1615028400.000100", "user": "U1", "text": "The lamp is lit."}]',
    )
    for name in ("Ida Brandt", "Ada Holm"):
        room.put("chat/users.json", people.format(name))
        room.ingest()
        assert room.rows("select name from authors") == [(name,)]
    assert room.ingest().read == 0


def test_a_folder_that_becomes_part_of_another_has_the_publication_of_a_fresh_build(
    room: Room, tmp_path: Path
):
    """Though its files have the names and times that they had: it stood for itself, and `news` for it now."""
    (tmp_path / "news" / "planet").mkdir(parents=True)
    (tmp_path / "news" / "planet" / "a.txt").write_text("Sputnik\n\nThe ship rose at nine.")
    before = (room.folder / "metadata.yml").read_text()
    add_source(room.folder, str(tmp_path / "news"))
    for name in ("Planet", "News"):
        room.ingest(workers=0)
        assert room.rows("select locator from files") == [("news/planet/a.txt",)]
        assert room.rows("select name from sources") == [(name,)]
        if name == "Planet":
            (tmp_path / "news").rename(room.folder / "sources" / "news")
            (room.folder / "metadata.yml").write_text(before)


def test_what_was_away_for_a_moment_is_found_by_the_next_run(room: Room, monkeypatch: pytest.MonkeyPatch):
    """A folder that is back before the run has ended is no reason to leave it out for ever."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    path = room.put("b.md", MARKDOWN.format("Vostok"))
    plain = pipeline.find_items

    def without_one(roots: list[Root]) -> Iterator[Item | Finding]:
        yield from (each for each in plain(roots) if each.locator != path.name)

    def not_allowed(roots: list[Root]) -> Iterator[Item | Finding]:
        yield from without_one(roots)
        problem = Problem(stage="find", code="unreadable-file", message="Denied.", hint="Look.")
        yield Finding(locator=path.name, outcome="problem", reason="Denied.", problems=(problem,))

    monkeypatch.setattr(pipeline, "find_items", not_allowed)
    assert (room.ingest().articles, room.ingest().problems) == (1, 1)
    monkeypatch.undo()
    assert room.ingest().articles == 2

    def moving(roots: list[Root]) -> Iterator[Item | Finding]:
        path.rename(path.with_suffix(".away"))
        yield from without_one(roots)

    room.put("c.md", MARKDOWN.format("Voskhod"))
    monkeypatch.setattr(pipeline, "find_items", moving)
    assert room.ingest().articles == 2
    path.with_suffix(".away").rename(path)
    monkeypatch.undo()
    assert room.ingest().articles == 3


SOURCES_CHANGES = {
    "a file was added": lambda folder: (folder / "deep" / "c.md").write_text("new"),
    "a file is gone": lambda folder: (folder / "a.md").unlink(),
    "a file got another name": lambda folder: (folder / "a.md").rename(folder / "d.md"),
    "a file moved": lambda folder: (folder / "a.md").rename(folder / "deep" / "a.md"),
    "other words of the same length, the old time put back": lambda folder: rewrite_in_place(folder / "a.md"),
    "a file became a link": lambda folder: replace_by_link(folder / "a.md"),
    "a file became a folder": lambda folder: replace_by_folder(folder / "a.md"),
    "a hidden file was added": lambda folder: (folder / ".hidden").write_text(""),
    "a document was opened in Word": lambda folder: (folder / "~$a.docx").write_text(""),
    "an empty folder was added": lambda folder: (folder / "empty").mkdir(),
}


def rewrite_in_place(path: Path) -> None:
    """Write other bytes of the same number, and put the old times back."""
    before = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_by_link(path: Path) -> None:
    """Put a link in a file's place."""
    path.unlink()
    path.symlink_to("b.md")


def replace_by_folder(path: Path) -> None:
    """Put an empty folder in a file's place."""
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", SOURCES_CHANGES.values(), ids=SOURCES_CHANGES)
def test_a_survey_tells_any_change(change: Callable[[Path], object], tmp_path: Path):
    """Whatever `find_items` would yield otherwise, a survey tells; as it was, it says the same again."""
    (tmp_path / "deep").mkdir()
    for name in ("a.md", "b.md", "deep/c-1.md"):
        (tmp_path / name).write_text(name)
    roots = plan_roots([tmp_path])
    before = survey(roots)
    assert before == survey(roots) != ""
    change(tmp_path)
    assert survey(roots) != before


def test_a_survey_leaves_to_others_what_it_cannot_tell(tmp_path: Path):
    """A place that is gone, one that is chosen by a pattern: only looking can tell."""
    assert survey(plan_roots([tmp_path / "gone"])) == ""
    assert survey(plan_roots([tmp_path / "*.md"])) == ""
    (tmp_path / "a.md").write_text("one file")
    assert survey(plan_roots([tmp_path / "a.md"])) != ""


def test_a_touched_file_is_not_read_again(room: Room):
    """A new time stamp on the same bytes is no change."""
    path = room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    os.utime(path)
    assert room.ingest().read == 0


def test_a_changed_file_changes_its_article(room: Room):
    """New words replace the old ones, in text and in search."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    room.put("a.md", MARKDOWN.format("Vostok"))
    assert room.ingest().read == 1
    search = "select count(*) from articles_fts where articles_fts match ?"
    assert (room.one(search, "Sputnik"), room.one(search, "Vostok")) == (0, 1)


def test_a_removed_file_takes_its_article_along(room: Room):
    """The database holds what the sources hold, no more."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    gone = room.put("b.md", MARKDOWN.format("Vostok"))
    room.ingest()
    gone.unlink()
    assert room.ingest().articles == 1
    assert room.rows("select title from articles") == [("Sputnik",)]


def test_deleting_the_workspace_is_safe(room: Room):
    """A run without the cache gives the same content, and leaves the very file in place."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    before = (room.folder / "collection.db").stat()
    (room.folder / ".readingroom" / "work.db").write_bytes(b"not a database")
    report = room.ingest()
    assert (report.read, report.rebuilt) == (1, False)
    assert (room.folder / "collection.db").stat().st_mtime_ns == before.st_mtime_ns
    (room.folder / "sources" / "a.md").write_text(MARKDOWN.format("Vostok"))
    assert room.ingest().rebuilt


BAD = {
    "empty.txt": (b"", "empty"),
    "blank.md": (b"\n\n  \n", "empty"),
    "binary.txt": (bytes(range(256)) * 20, "binary"),
    "picture.html": (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "binary"),
    "untitled.md": (b"---\nauthor: x\n---\n", "no-text"),
}


def test_bad_input_is_a_problem_with_a_hint(room: Room):
    """What cannot be read is listed with a reason and a next step, and the run goes on."""
    for name, (content, _) in BAD.items():
        room.put(name, content)
    room.put("good.md", MARKDOWN.format("Sputnik"))
    report = room.ingest()
    assert (report.articles, report.problems) == (1, len(BAD))
    found = dict(room.rows("select locator, code from problems"))
    assert found == {name: code for name, (_, code) in BAD.items()}
    assert not room.rows("select * from problems where hint = '' or message = ''")


def test_doubtful_input_is_read_with_a_warning(room: Room):
    """A wrong charset or broken front matter costs no article, but is told."""
    room.put("guess.txt", "Él dijo que sí, señor, mañana iremos al café de Núñez.".encode("cp1252"))
    room.put("broken.md", "---\ntitle: Moon: the far side\ndate: [1959-10-28\n---\n\nWords enough to keep.\n")
    report = room.ingest()
    assert (report.articles, report.problems, report.warnings) == (2, 0, 2)
    assert room.rows("select title from articles where title like 'Moon%'") == [("Moon: the far side",)]


def test_every_item_is_accounted_for(room: Room):
    """Whatever lies in the sources ends as exactly one of article, duplicate, skipped, problem."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.put("copy.md", MARKDOWN.format("Sputnik"))
    room.put("empty.txt", b"")
    room.put("picture.jpg", b"\xff\xd8\xff\xe0")
    room.put(".hidden", "x")
    room.put("~$report.docx", b"\x05Curator\0")
    (room.folder / "sources" / "link.md").symlink_to("a.md")
    os.mkfifo(room.folder / "sources" / "pipe")
    report = room.ingest()
    outcomes = dict(room.rows("select outcome, count(*) from files group by outcome"))
    assert outcomes == {"article": 1, "duplicate": 1, "problem": 1, "skipped": 5}
    assert report.found == sum(outcomes.values()) == 8
    assert not room.rows("select * from files where outcome != 'article' and coalesce(reason, '') = ''")


@pytest.mark.parametrize("ending", ["_files", "-Dateien", "_fichiers"])
def test_parts_of_a_saved_page_are_no_items_of_their_own(ending: str, room: Room):
    """What a browser puts beside a page is skipped as its part; documents there are articles as elsewhere."""
    room.put(
        "harbour.html", PAGE.format(f'<iframe class="x" src="./harbour{ending}/saved%20frame.html?a=1">')
    )
    for name in ("saved frame.html", "style.css", "map.PNG", "run.js.download"):
        room.put(f"harbour{ending}/{name}", PAGE.format("Buy a boat, any boat, today."))
    room.put(f"harbour{ending}/crew.html", PAGE.format("The crew of eleven came home on Monday morning."))
    room.put(f"letters{ending}/style.css", "no page is called letters")
    room.ingest()
    articles = room.rows("select locator from files where outcome = 'article'")
    assert sorted(articles) == sorted([("harbour.html",), (f"harbour{ending}/crew.html",)])
    parts = "select count(*) from files where reason = 'part of the saved page harbour.html'"
    assert room.one(parts) == 4


def test_an_unreadable_file_is_a_problem(tmp_path: Path):
    """A file that cannot be opened, since it is gone, a link or no file by now, is reported."""
    (tmp_path / "link").symlink_to("elsewhere")
    os.mkfifo(tmp_path / "pipe")
    for name in ("gone", "link", "pipe"):
        findings = list(read_item(Item(locator=name, path=str(tmp_path / name)), tools_of(discover())))
        assert [finding.outcome for finding in findings] == ["problem"]
        assert findings[0].problems[0].code == "unreadable"


def test_many_items_go_through_processes(room: Room):
    """The process pool gives the same content as one process."""
    for number in range(40):
        room.put(f"{number:02}.md", MARKDOWN.format(f"Ship {number}"))
    room.put("bad.txt", b"")
    report = room.ingest(workers=2)
    assert (report.articles, report.problems) == (40, 1)
    assert room.rows("select title from articles limit 2") == [("Ship 0",), ("Ship 1",)]


def test_a_plain_script_may_ingest(room: Room):
    """A program needs no guard around its own code: the children never run it."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    script = room.folder / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from ingest.pipeline import ingest_collection\n"
        "from ingest.settings import load_settings\n"
        f"print(ingest_collection(load_settings(Path({str(room.folder)!r})), now='2026-01-01').articles)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.mark.parametrize(
    ("work", "late"), [("while True: pass", True), ("import time; time.sleep(60)", False)]
)
def test_only_work_counts_against_a_document(work: str, late: bool):  # noqa: FBT001 - it is what is asked
    """A document that computes too long is late, one whose turn does not come is not."""
    ours, theirs = Pipe()
    with subprocess.Popen([sys.executable, "-c", work]) as process:
        worker = Worker(process=process, connection=ours, jobs=deque([Job(item=Item(locator="a"))]))
        worker.begin()
        while not worker.is_late(1) and time.monotonic() < worker.since + (60 if late else 2):
            time.sleep(0.05)
        assert worker.is_late(1) is late
        process.kill()
    theirs.close()


def test_of_two_runs_one_is_refused(room: Room):
    """A second run at the same time is told who holds the collection, with exit code 75."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    with locked(load_settings(room.folder).workspace):
        with pytest.raises(LockedError, match=str(os.getpid())):
            room.ingest()
        command = [sys.executable, "-m", "ingest", "ingest", str(room.folder)]
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 75
    assert "try again" in refused.stderr


def test_a_failed_build_leaves_the_old_file(room: Room, monkeypatch: pytest.MonkeyPatch):
    """When the new database fails its checks the old one stays, and nothing is left beside it."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    room.put("b.md", MARKDOWN.format("Vostok"))
    row = {"article_id": 999, "tag_id": 1}
    monkeypatch.setattr(passes, "account", lambda *_: iter([("article_tags", row)]))
    with pytest.raises(BuildError, match="article_tags"):
        room.ingest()
    assert room.rows("select title from articles") == [("Sputnik",)]
    assert not list(room.folder.glob(".collection*"))


def keys_and_texts(room: Room) -> set[tuple[object, ...]]:
    """Return the key of each article with its text."""
    return set(room.rows("select key, text from articles join article_text using (id)"))


def keys(room: Room) -> dict[str, str]:
    """Return the key of each article by its title."""
    return dict(room.rows("select title, key from articles"))


def test_what_was_moved_keeps_its_key(room: Room):
    """A file, a folder, a web address, or a key itself: addresses that were cited stay."""
    room.put("a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("old/b.md", "# Vostok\n\nThe pilot came down in a field.")
    room.put("old/c/d.md", "# Voskhod\n\nThree flew in one ship.")
    room.put("e.md", "---\nurl: https://old.example/e\n---\n# Soyuz\n\nTwo ships met.")
    room.ingest()
    before = keys(room)
    source = room.folder / "sources"
    (source / "a.md").rename(source / "first.md")
    (source / "old").rename(source / "new")
    room.put("e.md", "---\nurl: https://new.example/e\n---\n# Soyuz\n\nTwo ships met.")
    told = {(each.before, each.now) for each in room.ingest().moved}
    assert told == {("a.md", "first.md"), ("old", "new")}
    assert not set(before.values()) & set(keys(room).values())
    moves = room.folder / "moved.csv"
    lines = [
        "before,now",
        f"{before['Sputnik']},first.md",
        "old/,new",
        "https://old.example,https://new.example",
    ]
    moves.write_text("\n".join([*lines, "gone.md,nowhere.md"]))
    assert not room.ingest().moved
    assert keys(room) == before
    assert room.rows("select locator, message from problems") == [
        ("moved.csv, line 5", "no article lies at nowhere.md.")
    ]
    (source / "first.md").rename(source / "second.md")
    assert [(each.before, each.now) for each in room.ingest().moved] == [(before["Sputnik"], "second.md")]


def test_what_was_moved_is_told_by_another_version_too(room: Room):
    """An update that makes tables otherwise still tells which addresses change with it."""
    room.put("a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("b.md", "# Vostok\n\nThe pilot came down in a field.")
    room.ingest(workers=0)
    with closing(sqlite3.connect(room.folder / "collection.db")) as database, database:
        database.execute("update runs set schema = '1'")
    (room.folder / "sources" / "a.md").rename(room.folder / "sources" / "first.md")
    (room.folder / "sources" / "b.md").unlink()
    report = room.ingest(workers=0)
    assert [(each.before, each.now) for each in report.moved] == [("a.md", "first.md")]
    assert report.gone == ("b.md",)


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b""])
def test_no_addresses_are_told_of_a_file_that_says_none(room: Room, damage: bytes):
    """A file that is damaged, or empty, is made anew."""
    room.put("a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.ingest(workers=0)
    (room.folder / "collection.db").write_bytes(damage)
    report = room.ingest(workers=0)
    assert (report.articles, report.moved, report.gone, report.rekeyed) == (1, (), (), ())


@pytest.mark.parametrize("now", ["b.md", "0.md"])
def test_what_comes_to_a_place_that_was_left_has_another_key(room: Room, now: str):
    """What was cited is found at its address, wherever it lies and whatever lies there since."""
    room.put("a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.ingest()
    cited = keys(room)["Sputnik"]
    (room.folder / "sources" / "a.md").rename(room.folder / "sources" / now)
    room.put("a.md", "# Vostok\n\nThe pilot came down in a field.")
    room.put("c.md", "# Voskhod\n\nThree flew in one ship.")
    room.ingest()
    own = keys(room)["Voskhod"]
    (room.folder / "moved.csv").write_text(f"before,now\na.md,{now}\na.md,c.md\n")
    room.ingest()
    assert keys(room)["Sputnik"] == cited
    assert keys(room)["Voskhod"] == own
    assert len(set(keys(room).values())) == 3
    told = room.rows("select locator, message from problems where code = 'key-taken'")
    lines = {"c.md": 3, now: 2}
    (late,) = {locator for locator, _ in told}
    assert late in {f"moved.csv, line {line}" for line in lines.values()}
    assert "since the one of a.md is given already" in told[0][1]


def test_a_place_before_that_is_mistyped_is_told(room: Room):
    """A line that keeps no address is told, with what may be meant; one that keeps them is not, nor later."""
    for name in ("a", "b"):
        room.put(f"letters/{name}.md", f"# Ship {name}\n\nThe ship {name} rose at nine.")
    room.ingest()
    before = keys(room)
    (room.folder / "sources" / "letters").rename(room.folder / "sources" / "archive")
    moves = room.folder / "moved.csv"
    moves.write_text("before,now\nletrers,archive\n")
    told = room.ingest().unknown
    assert [(move.line, move.before, meant) for move, meant in told] == [(2, "letrers", "letters")]
    assert "line 2: letrers, perhaps letters" in tell_unknown(told)
    # Of what is right nothing is told, though the collection of the last run knows the place no more.
    moves.write_text("before,now\nletters,archive\n")
    assert room.ingest().unknown == ()
    assert keys(room) == before
    room.put("archive/c.md", "# Ship c\n\nThe ship c came since, and rose at ten.")
    room.put("archive/a.md", "# Ship a\n\nThe ship a rose at ten, after all.")
    assert room.ingest().unknown == ()
    # What lay elsewhere two runs ago is remembered.
    moves.unlink()
    assert room.ingest().unknown == ()
    moves.write_text("before,now\nletters,archive\n")
    assert room.ingest().unknown == ()
    moves.write_text("before,now\n3f0a9c1d77e2,archive/b.md\n")
    assert [(move.before, meant) for move, meant in room.ingest().unknown] == [("3f0a9c1d77e2", "")]


def test_the_keys_of_a_collection_that_lost_all_its_files_are_remembered(room: Room):
    """Also those of a folder that was empty for a run, as a disk not yet mounted is."""
    room.put("letters/a.md", "# Ship a\n\nThe ship a rose at nine.")
    room.ingest()
    cited = set(keys(room).values())
    (room.folder / "sources" / "letters" / "a.md").unlink()
    assert room.ingest().articles == 0
    with closing(Workspace(room.folder / ".readingroom")) as workspace:
        assert workspace.left_keys() == cited


@pytest.mark.parametrize(
    ("place", "text"),
    [("archive/a.txt", "{}\n\n"), ("letters/a.txt", "{}"), ("letters/c.txt", "The harbour was closed.")],
    ids=["in other bytes, in a folder before", "a copy before", "edited until it was another's"],
)
def test_the_key_of_an_article_that_became_a_copy_leads_to_it(room: Room, place: str, text: str):
    """Nobody has to write anything down, and its page leads to the article whose text it is."""
    words = "The harbour was closed.\n\nThe ships wait at anchor.\n"
    room.put("letters/b.txt", words)
    room.put("letters/c.txt", "The lamp is lit.\n\nThe keeper came home.\n")
    room.ingest(workers=0)
    cited = set(keys(room).values())
    room.put(place, text.format(words))
    if place == "letters/c.txt":
        room.put("letters/b.txt", text)
    report = room.ingest(workers=0)
    assert (report.duplicates, report.moved, report.gone) == (1, (), ())
    leading = dict(
        room.rows("select former_keys.key, articles.key from former_keys, articles where id = article_id")
    )
    now = set(keys(room).values())
    assert cited - now <= leading.keys()
    assert set(leading.values()) <= now
    reader = conftest.Reader(room.folder)
    try:
        for former, key in leading.items():
            for ending in ("", ".json", ".bib?x=1"):
                answer = reader.get(f"/article/{former}{ending}")
                assert (answer.status_code, answer.headers["location"]) == (302, f"/article/{key}{ending}")
        assert reader.get("/article/000000000000").status_code == 404
    finally:
        reader.close()


@pytest.mark.parametrize("ended_in", ["remember_seconds", "remember_left"])
def test_a_run_that_is_ended_before_it_told_what_moved_is_told_by_the_next(
    ended_in: str, room: Room, monkeypatch: pytest.MonkeyPatch
):
    """Though the new collection.db is in its place by then; and once it is told, nothing says it again."""
    room.put("letters/a.md", "# Ship a\n\nThe ship a rose at nine.")
    room.put("b.md", "# Ship b\n\nThe ship b rose at nine.")
    room.ingest(workers=0)
    (room.folder / "sources" / "letters" / "a.md").rename(room.folder / "sources" / "c.md")

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, ended_in, end)
    with pytest.raises(KeyboardInterrupt):
        room.ingest(workers=0)
    assert room.rows("select locator from files") == [("b.md",), ("c.md",)]
    monkeypatch.undo()
    assert [(move.before, move.now) for move in room.ingest(workers=0).moved] == [("letters/a.md", "c.md")]
    room.put("d.md", "# Ship d\n\nThe ship d rose at ten.")
    assert not room.ingest(workers=0).moved


@pytest.mark.parametrize(
    "moved",
    [
        {"a.txt": "b.txt", "b.txt": "a.txt"},
        {"01.txt": "02.txt", "02.txt": "03.txt", "03.txt": "04.txt"},
        {"sea/1.txt": "land/1.txt", "land/1.txt": "sea/1.txt"},
    ],
    ids=["exchanged", "raised", "folders"],
)
def test_keys_that_became_another_articles_are_told(moved: dict[str, str], room: Room):
    """Of files that took each other's names no key is gone, but each would show another's words."""
    texts = {place: f"Ship {place}\n\nThe ship {place} rose at nine." for place in moved}
    for place, text in texts.items():
        room.put(place, text)
    room.ingest(workers=0)
    cited = keys(room)
    for place in texts:
        room.put(place, "Prologue\n\nThis came before all others.")
    for place, text in texts.items():
        room.put(moved[place], text)
    told = room.ingest(workers=0).moved
    assert {move.before: move.now for move in told} == moved
    lines = "".join(f"{move.before},{move.now}\n" for move in told)
    (room.folder / "moved.csv").write_text(f"before,now\n{lines}")
    assert not room.ingest(workers=0).moved
    assert {title: key for title, key in keys(room).items() if title != "Prologue"} == cited


def test_what_moved_is_told_each_time(room: Room):
    """Pages whose numbers are raised again have lines already, of which the new ones take the place."""
    texts: list[str] = []
    lines: dict[str, str] = {}
    cited: dict[str, str] = {}
    for titles in (("Fourth", "Third"), ("Second",), ("First",), ("Preface",)):
        for title in titles:
            texts.insert(0, f"{title}\n\nThe ship called {title} rose at nine.")
        for number, text in enumerate(texts):
            room.put(f"{number}.txt", text)
        told = room.ingest(workers=0).moved
        replaced = [list(lines).index(move.now) + 2 if move.now in lines else 0 for move in told]
        assert [move.line for move in told] == replaced
        lines.update({move.now: move.before for move in told})
        stated = "".join(f"{before},{now}\n" for now, before in lines.items())
        (room.folder / "moved.csv").write_text(f"before,now\n{stated}")
        assert not room.ingest(workers=0).moved
        now = keys(room)
        assert cited.items() <= now.items()
        assert len(now) == len(texts)
        cited = now
    assert "in place of what stands there in line 2, 3" in tell_moves(told)


def test_what_is_edited_is_not_told_as_moved(room: Room):
    """Be it that the words of before are kept elsewhere, or that another file is put in its place."""
    for name in "abc":
        room.put(f"{name}.txt", f"Ship {name}\n\nThe ship {name} rose at nine.")
    room.ingest(workers=0)
    sources = room.folder / "sources"
    room.put("old/a.txt", (sources / "a.txt").read_text())
    room.put("a.txt", "Ship a\n\nThe ship a rose at ten.")
    (sources / "c.txt").replace(sources / "b.txt")
    assert not room.ingest(workers=0).moved


def test_two_files_that_changed_places_change_back_their_keys(room: Room):
    """Lines that lead in a circle say that files took each other's names."""
    room.put("a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("b.md", "# Vostok\n\nThe pilot came down in a field.")
    room.ingest()
    before = keys(room)
    room.put("b.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("a.md", "# Vostok\n\nThe pilot came down in a field.")
    (room.folder / "moved.csv").write_text("before,now\na.md,b.md\nb.md,a.md\n")
    room.ingest()
    assert keys(room) == before


@pytest.mark.parametrize("page", ["/article/{}", "https://room.example/x/article/{}/", "{}"])
def test_what_was_moved_is_named_by_the_address_of_its_page(room: Room, page: str):
    """A link that was shared is all that a curator needs to keep it."""
    room.put("a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.ingest()
    before = keys(room)
    (room.folder / "sources" / "a.md").rename(room.folder / "sources" / "b.md")
    (room.folder / "moved.csv").write_text(f"before,now\n{page.format(before['Sputnik'])},b.md\n")
    room.ingest()
    assert keys(room) == before


def test_who_has_another_key_since_one_was_stated_is_told(room: Room):
    """A key that was stated is not another's in silence, nor one of two that were stated left out so."""
    for folder in ("daily", "planet", "weekly"):
        room.put(f"{folder}/a.md", f"# The {folder} ship\n\nThe {folder} rose at nine, and many came to see.")
    path = room.folder / "metadata.yml"
    named = (
        "daily: {name: The Daily, key: planet}, weekly: {name: Weekly, key: week},"
        " weekly-2: {name: Weekly, key: weekly}"
    )
    publications = f"    publications: {{{named}}}\n"
    path.write_text(path.read_text().replace("    # publications:\n", publications, 1))
    room.ingest()
    assert room.rows("select key, name from sources order by key") == [
        ("planet", "The Daily"),
        ("planet-2", "Planet"),
        ("weekly", "Weekly"),
    ]
    told = [message for (message,) in room.rows("select message from problems where code = 'key-taken'")]
    assert told == [
        "Planet has the key planet-2, since planet is stated to be that of The Daily.",
        "Weekly has the key weekly, not week as well.",
    ]


def test_a_publication_that_is_named_may_keep_its_key(room: Room):
    """A proper name changes its addresses, which is told, unless the key that it had is stated."""
    room.put("daily/a.md", "# Sputnik\n\nThe ship rose at nine.")
    room.put("planet/b.md", "# Vostok\n\nThe pilot came down in a field.")
    assert room.ingest().rekeyed == ()
    settings = (room.folder / "metadata.yml").read_text()

    def name(said: str) -> tuple[tuple[str, str], ...]:
        stated = f"    publications: {{daily: {said}}}\n    # publications:\n"
        (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", stated, 1))
        return room.ingest().rekeyed

    keys = "select key, name from sources order by id"
    assert name("{name: The Daily}") == (("daily", "The Daily"),)
    assert room.rows(keys) == [("planet", "Planet"), ("the-daily", "The Daily")]
    assert name("{name: The Daily, key: daily}") == ()
    assert room.rows(keys) == [("planet", "Planet"), ("daily", "The Daily")]
    assert name("{name: The Daily, key: planet}") == ()
    assert room.rows(keys) == [("planet-2", "Planet"), ("planet", "The Daily")]


def test_a_name_for_a_folder_that_is_none_is_told(room: Room):
    """A typing error in metadata.yml leaves no publication without its name in silence."""
    room.put("daily/1969/a.md", "# Sputnik\n\nThe ship rose at nine.")
    settings = (room.folder / "metadata.yml").read_text()
    stated = "    publications: {dayly: The Daily, '1969': {rights: metadata}, daily: {rights: full}}\n"
    (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", stated, 1))
    room.ingest()
    assert list_unmatched(room.folder / "collection.db") == [
        (
            "metadata.yml",
            "no folder dayly stands for a publication.",
            "Write one that does (daily), or take it out.",
        )
    ]


LONG = "\n\n".join(f"Verse {number} of a long song about the sea and the ships." for number in range(200))
FILES_MOVED: dict[str, Any] = {
    # files before: how they are moved, and the lines that this needs
    "rows of a table": ({"old/a.csv": "rows"}, {"old/a.csv": "new/b.csv"}, [("old/a.csv", "new/b.csv")]),
    "a long text": ({"old/a.md": LONG}, {"old/a.md": "b.md"}, [("old/a.md", "b.md")]),
    "into a folder that holds others": (
        {"old/a.md": "# A\n\nA ship.", "new/b.md": "# B\n\nA bridge."},
        {"old/a.md": "new/a.md"},
        [("old/a.md", "new/a.md")],
    ),
    "one of a folder": (
        {"old/a.md": "# A\n\nA ship.", "old/b.md": "# B\n\nA bridge."},
        {"old/a.md": "new/a.md"},
        [("old/a.md", "new/a.md")],
    ),
    "a folder into two": (
        {"old/a.md": "# A\n\nA ship.", "old/b.md": "# B\n\nA bridge."},
        {"old/a.md": "one/a.md", "old/b.md": "two/b.md"},
        [("old", "one"), ("old", "two")],
    ),
    "of one text on two days, one": (
        {"2001-02-03.txt": "No news today.", "2001-02-04.txt": "No news today."},
        {"2001-02-03.txt": None},
        [],
    ),
}


@pytest.mark.parametrize("name", FILES_MOVED)
def test_the_lines_that_are_told_keep_every_key(room: Room, name: str):
    """Written down as told, they bring all addresses back, and none that an article has changes."""
    files, ways, lines = FILES_MOVED[name]
    stated = (room.folder / "metadata.yml").read_text()
    parts = "    limits: {part_characters: 5000}\n    # publications:\n"
    (room.folder / "metadata.yml").write_text(stated.replace("    # publications:\n", parts, 1))
    table = "title,text\n" + "".join(f"Story {each},Ship {each} left the harbour.\n" for each in range(12))
    for place, text in files.items():
        room.put(place, table if text == "rows" else text)
    room.ingest()
    before = keys_and_texts(room)
    assert name != "a long text" or len(before) > 1
    for old, new in ways.items():
        now = room.folder / "sources" / (new or "gone")
        now.parent.mkdir(exist_ok=True)
        (room.folder / "sources" / old).rename(now)
        now.unlink() if new is None else None
    told = [(each.before, each.now) for each in room.ingest().moved]
    assert told == lines
    (room.folder / "moved.csv").write_text("before,now\n" + "".join(f"{was},{now}\n" for was, now in told))
    room.ingest()
    assert keys_and_texts(room) <= before
    assert len(keys_and_texts(room)) == len(before) - (None in ways.values())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a.md,", "line 2: a move needs both"),
        ("a.md,b.md\nc.md,b.md", "line 3: line 2 says"),
        ("a.md,a.md", "line 2: a.md is where it was before"),
    ],
)
def test_a_move_that_makes_no_sense_is_named(room: Room, line: str, said: str):
    """A line of moved.csv that cannot be meant ends the run, and is told by its number."""
    (room.folder / "moved.csv").write_text(f"before,now\n{line}\n")
    with pytest.raises(SettingsError, match=said):
        room.ingest()


def test_adding_a_place_changes_no_key(room: Room, tmp_path: Path):
    """Articles keep their public identity when another folder joins the collection."""
    room.put("daily/a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    before = room.rows("select key from articles")
    (tmp_path / "clippings").mkdir()
    (tmp_path / "clippings" / "b.md").write_text(MARKDOWN.format("Vostok"))
    assert add_source(room.folder, str(tmp_path / "clippings"))
    assert not add_source(room.folder, str(tmp_path / "clippings"))
    assert room.ingest().articles == 2
    assert room.rows("select key from articles where title = 'Sputnik'") == before
    assert "# What is known of a publication" in (room.folder / "metadata.yml").read_text()


def test_a_reader_of_ones_own(room: Room, own_reader: Callable[[str], None]):
    """A file in the collection's plugins folder adds a format, and the plain pages are not run."""
    own_reader("yield RawDocument(locator=item.locator, format='text', content=source.read().decode())")
    room.put("flight.log", "All systems normal.\nThe crew reports in.")
    assert room.ingest().articles == 1
    assert room.one("select reader from files") == "log"


def test_what_fails_in_a_reader_of_ones_own_is_told_as_a_sentence(
    room: Room, own_reader: Callable[[str], None]
):
    """What an error says ends before the hint begins, which names one's own reader too."""
    own_reader("yield RawDocumen(locator=item.locator)")
    room.put("flight.log", "All systems normal.\nThe crew reports in.")
    assert room.ingest().problems == 1
    ((message, hint),) = room.rows("select message, hint from problems")
    assert message == "NameError: name 'RawDocumen' is not defined."
    assert str(hint).endswith("or mend your reader.")


def test_what_took_too_much_memory_is_let_go(tmp_path: Path):
    """Of an item that took all the memory there is nothing is kept, though it refers to itself."""

    class Book(list[object]):
        """Something that can refer to itself."""

    kept: list[weakref.ref[Book]] = []

    def read(_item: Item, _source: BinaryIO) -> Iterator[RawDocument | Item]:
        book = Book()
        book.append(book)
        kept.append(weakref.ref(book))
        raise MemoryError
        yield

    (tmp_path / "a.book").write_bytes(b"x")
    reader = Reader(name="book", version="1", read=read, suffixes=(".book",), media_types=("x/book",))
    gc.disable()
    try:
        findings = list(
            read_item(
                Item(locator="a.book", path=str(tmp_path / "a.book")), Tools(readers=(reader,), enrichers=())
            )
        )
    finally:
        gc.enable()
    assert [problem.code for finding in findings for problem in finding.problems] == ["memory"]
    assert kept[0]() is None


def test_readers_are_chosen_by_content_first():
    """First bytes decide, then the stated media type, then the suffix."""
    readers = list(discover().readers.values())
    chosen = choose_reader(readers, Item(locator="page.txt"), b"<!DOCTYPE html><html>")
    assert chosen is not None
    assert chosen.name == "html"
    assert choose_reader(readers, Item(locator="a.xyz"), b"words") is None


@pytest.mark.parametrize(
    ("head", "reader"),
    [
        (b"\r\n<!doctype html>\n<html>", "html"),
        (b"\xef\xbb\xbf<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>", "html"),
        (b"<!-- saved from url=(0024)https://planet.example/ -->\n<HTML>", "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">', "html"),
        (b"<!-- a note -->\nThe harbour was closed.", "text"),
        (b"Every page begins with <!doctype html> today.", "text"),
        (b"\x00\t\x01\xff\t\x02\x81 no text at all", "text"),
        (b'<?xml version="1.0"?><!-- made by hand --><rss version="2.0">', "feed"),
    ],
)
def test_a_page_without_an_ending_is_told_by_its_first_element(head: bytes, reader: str):
    """Blanks, comments and declarations above a page do not make its source a text."""
    chosen = choose_reader(list(discover().readers.values()), Item(locator="Harbour reopens"), head)
    assert chosen is not None
    assert chosen.name == reader


def test_passes_run_in_the_order_they_require():
    """What requires another comes after it; a circle is refused."""
    registry = discover()
    names = [each.name for each in in_order(registry.collations.values())]
    assert names == ["articles", "entities", "removed_blocks", "stories", "related"]


def test_mentions_slice_out_of_the_text(sample: Path, query):
    """The words of every mention stand in the text at its offsets."""
    assert sample
    wrong = query(
        "select * from mentions join article_text on article_text.id = article_id"
        ' where substr(text, start + 1, "end" - start) != surface'
    )
    assert not wrong
    assert query("select count(*) from mentions")[0][0] > 500


@pytest.mark.parametrize(
    "damage", ["update findings set found = x'00'", "delete from findings", "drop table items", "other"]
)
def test_a_damaged_cache_is_started_anew(damage: str, room: Room):
    """What the cache does not hold as it was written is read again, and the run goes on."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    room.put("b.md", MARKDOWN.format("Vostok"))
    cache = sqlite3.connect(room.folder / ".readingroom" / "work.db")
    if damage == "other":
        cache.execute("drop table items")
        cache.execute("create table items (other)")
    else:
        cache.execute(damage)
    cache.commit()
    cache.close()
    assert room.ingest().articles == 2
    assert room.ingest().read == 0


@pytest.mark.parametrize("damage", [b"not a database", b""])
def test_a_damaged_memory_is_begun_anew(damage: bytes, room: Room):
    """What was worked out before is worked out again, and the database says the same."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    room.put("b.md", MARKDOWN.format("Vostok"))
    (room.folder / ".readingroom" / "memory.db").write_bytes(damage)
    report = room.ingest()
    assert (report.articles, report.read) == (2, 1)


def test_a_failing_disk_takes_no_article_away(room: Room, own_reader: Callable[[str], None]):
    """An input/output error on a source ends the run; it does not make the article a problem."""
    own_reader(
        "text = source.read().decode()\n"
        "if 'bad sector' in text:\n"
        "    raise OSError(errno.EIO, 'Input/output error')\n"
        "yield RawDocument(locator=item.locator, format='text', content=text)\n"
    )
    room.put("a.log", "All systems normal.\nThe crew reports in.")
    assert room.ingest().articles == 1
    room.put("a.log", "There is a bad sector here.\nNothing can be read.")
    with pytest.raises(StorageError, match="then run again"):
        room.ingest()
    assert "All systems" in str(room.one("select text from article_text"))


def test_a_narrower_limit_of_the_machine_takes_no_article_away(room: Room):
    """Where the machine lets a process write less than our own limit allows, the children do with that."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    least = 2**30
    assert least < load_settings(room.folder).limits.download_mib * 2**20
    command = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({least}, {least}));"
        "from ingest.cli import main; main(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", command, "ingest", "--strict", str(room.folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert room.one("select count(*) from articles") == 1


def test_a_full_folder_for_temporary_files_does_not_end_the_server_of_children():
    """It loads what it can; the child that needs the rest says what the disk refuses, and the run ends so."""
    command = (
        "import errno, tempfile\n"
        "def refuse(*_, **__): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "tempfile.TemporaryFile = refuse\n"
        "import ingest.preload\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("asked", ["open", "scandir"])
@pytest.mark.parametrize("number", [errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTDOWN])
def test_a_network_drive_that_goes_takes_no_article_away(
    asked: str, number: int, room: Room, monkeypatch: pytest.MonkeyPatch
):
    """While its folder is still there, and each file or folder in it answers that the drive is not."""
    room.put("letters/a.md", MARKDOWN.format("Sputnik"))
    room.ingest(workers=0)
    room.put("letters/a.md", MARKDOWN.format("Vostok"))
    plain = getattr(os, asked)

    def gone(path: object, *arguments: object) -> object:
        if "letters" in str(path):
            raise OSError(number, os.strerror(number), str(path))
        return plain(path, *arguments)

    monkeypatch.setattr(os, asked, gone)
    with pytest.raises(StorageError, match=os.strerror(number)):
        room.ingest(workers=0)
    monkeypatch.undo()
    assert room.rows("select title from articles") == [("Sputnik",)]
    assert room.ingest(workers=0).articles == 1
    assert room.rows("select title from articles") == [("Vostok",)]


def test_a_decision_may_be_written_while_a_run_builds(room: Room, monkeypatch: pytest.MonkeyPatch):
    """Each has a file of its own beside the one that it replaces, in the same folder."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    plain = store.content_hash

    def decide(connection: sqlite3.Connection) -> str:
        add_decisions(room.folder / "entities.csv", [Decision(action="ignore", entity="Read More")])
        return plain(connection)

    monkeypatch.setattr(store, "content_hash", decide)
    assert room.ingest(workers=0).articles == 1
    assert "Read More" in (room.folder / "entities.csv").read_text()


def test_leftovers_go_though_nothing_is_built(room: Room):
    """What a killed run left is cleared even by a run that finds nothing changed."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    for name in (".collection.db.building", ".collection.db.building-journal", ".metadata.yml.building"):
        (room.folder / name).write_text("half")
    assert not room.ingest().rebuilt
    assert not list(room.folder.glob(".*building*"))


WRITER = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(f"pragma journal_mode = {sys.argv[2]}")
connection.execute("pragma cache_size = 2")
connection.execute("begin")
connection.execute("update articles set title = hex(randomblob(4000))")
if sys.argv[2] == "wal":
    connection.execute("commit")
os._exit(9)
"""


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_what_another_program_left_beside_the_old_file_does_not_break_the_new(mode: str, room: Room):
    """One that was ended while it wrote into collection.db, with either of SQLite's ways to write."""
    for number in range(20):
        room.put(f"{number}.md", MARKDOWN.format(f"Ship {number}"))
    room.ingest(workers=0)
    subprocess.run([sys.executable, "-c", WRITER, room.folder / "collection.db", mode], check=False)
    assert [path.name for path in room.folder.glob("collection.db-*")]
    room.put("new.md", MARKDOWN.format("Vostok"))
    assert room.ingest(workers=0).articles == 21
    assert room.one("pragma integrity_check") == "ok"
    assert room.one("select count(*) from articles where length(title) < 100") == 21
    assert not [path.name for path in room.folder.glob("collection.db-*")]


def test_a_link_to_another_disk_stays_one(room: Room, tmp_path: Path):
    """Whoever serves the file that collection.db points to gets what an ingest brings."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest(workers=0)
    served = (room.folder / "collection.db").rename(tmp_path / "served.db")
    (room.folder / "collection.db").symlink_to(served)
    room.put("b.md", MARKDOWN.format("Vostok"))
    room.ingest(workers=0)
    assert (room.folder / "collection.db").is_symlink()
    with closing(sqlite3.connect(served)) as database:
        assert database.execute("select count(*) from articles").fetchone() == (2,)
    assert [each.name for each in tmp_path.glob(".*")] == []


def test_a_private_collection_stays_private(room: Room):
    """The new file has the permissions that its curator gave the old one."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    (room.folder / "collection.db").chmod(0o600)
    room.put("b.md", MARKDOWN.format("Vostok"))
    room.ingest()
    assert (room.folder / "collection.db").stat().st_mode & 0o777 == 0o600


def test_a_pattern_chooses_what_is_read(room: Room, tmp_path: Path):
    """Of a folder only what fits a pattern is read, by the locators it would have anyway."""
    letters = tmp_path / "letters"
    for name in ("1968/ada.txt", "1969/ada.txt", "1969/notes.md", "1970/box/ada.txt", "[1971]/ada.txt"):
        path = letters / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Letter {name}\n\nThe ferry of {name} leaves at seven.\n")

    def found(pattern: str) -> list[str]:
        settings = room.folder / "metadata.yml"
        listed = f"    sources:\n    - '{pattern}'\n"
        settings.write_text(re.sub(r"    sources:\n(?:    - .*\n)+", listed, settings.read_text()))
        room.ingest(workers=0)
        return [str(row[0]) for row in room.rows("select locator from files order by locator")]

    assert found(f"{letters}/196*/*.txt") == ["1968/ada.txt", "1969/ada.txt"]
    assert found(f"{letters}/19?0") == ["1970/box/ada.txt"]
    assert found(f"{letters}/**/*.md") == ["1969/notes.md"]
    assert found(f"{letters}/[1971]") == ["ada.txt"]  # a folder of that very name
    with pytest.raises(SourceError, match="Nothing fits"):
        found(f"{letters}/*.pdf")
    assert room.one("select count(*) from articles") == 1


def test_files_of_one_name_from_two_places_are_both_read(room: Room, tmp_path: Path):
    """A second `notes.txt` is told apart by a number that leaves its suffix, which tells the format."""
    for place, words in (("attic", "The ferry leaves at seven."), ("cellar", "The mill burnt at ten.")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "notes.txt").write_text(words)
        (tmp_path / place / "old.tar.gz").write_bytes(_packed(place, words))
        add_source(room.folder, str(tmp_path / place / "notes.txt"))
        add_source(room.folder, str(tmp_path / place / "old.tar.gz"))
    room.ingest()
    rows = room.rows("select locator from files where outcome = 'article' order by 1")
    assert (
        [row[0] for row in rows]
        == [row[0] for row in room.rows("select locator from files where outcome = 'article' order by 1")]
        == [
            "notes-2.txt",
            "notes.txt",
            "old-2.tar.gz!/cellar.txt",
            "old.tar.gz!/attic.txt",
        ]
    )


def _packed(name: str, words: str) -> bytes:
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        member = tarfile.TarInfo(f"{name}.txt")
        member.size = len(data := f"The box says: {words}".encode())
        archive.addfile(member, BytesIO(data))
    return made.getvalue()


def test_a_page_that_quotes_an_import_is_no_reader(tmp_path: Path):
    """Only files that import `ingest` themselves are run by an ingest, or count as code that reads."""
    (tmp_path / "page.py").write_text('TEXT = """\nfrom ingest import Collection\n"""\n')
    (tmp_path / "mine.py").write_text("def late():\n    from ingest.model import Item\n    return Item\n")
    (tmp_path / "other.py").write_text("import ingester\nimport ingest.model\n")
    assert [path.name for path in own_files(tmp_path)] == ["mine.py", "other.py"]
    assert own_files(ROOT / "plugins") == []


def test_a_run_that_changes_nothing_loads_no_parser(room: Room):
    """A re-run compares files and ends; it does not wait for what only reading and building need."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    script = (
        "import sys\nfrom ingest.cli import main\ntry:\n    main(['ingest', sys.argv[1]])\n"
        "except SystemExit:\n    heavy = {'lxml', 'numpy', 'sqlite_utils', 'datasette'}\n"
        "    print(*sorted(heavy & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(room.folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ""
    assert "nothing changed" in done.stdout


def test_a_table_of_ones_own_is_stored_and_a_column_nobody_knows_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch
):
    """A pass may give rows for a table that it names itself; a wrong column of ours is an error."""
    room.put("a.md", MARKDOWN.format("Sputnik"))
    room.ingest()
    account = passes.account

    def give(row: tuple[str, dict[str, object]]) -> None:
        monkeypatch.setattr(passes, "account", lambda *given: (*account(*given), row))

    for mood in ("solemn", "cheerful"):
        give(("moods", {"article_id": 1, "mood": mood}))
        (room.folder / ".readingroom" / "work.db").unlink()
        assert room.ingest().rebuilt
        assert room.rows("select * from moods") == [(1, mood)]
    room.put("b.md", MARKDOWN.format("Vostok"))
    give(("tags", {"id": 99, "key": "x", "name": "x", "mood": "solemn"}))
    with pytest.raises(BuildError, match="mood"):
        room.ingest()


def test_what_is_read_stays_mixed_however_the_files_are_sorted():
    """A tenth of the way, quick and slow formats were read in the shares that they have at the end."""
    names = [f"a/{number:05}.md" for number in range(9_000)] + [
        f"z/{number:05}.pdf" for number in range(1_000)
    ]
    mixed = mix([Item(locator=name) for name in names])
    assert sorted(item.locator for item in mixed) == names
    slow = sum(item.locator.endswith(".pdf") for item in mixed[:1_000])
    assert 70 < slow < 130
    assert mixed == mix(list(reversed(mixed)))
