"""Many articles: the long passes run in a second process, and nobody sees the difference."""

import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from string import ascii_lowercase

import pytest

from ingest import passes
from ingest.registry import Collation
from ingest.workspace import Workspace
from tests.conftest import Room
from tests.processes import family

SHIPS = {"Argo": "cinnamon", "Beagle": "cinnamon", "Calypso": "whalebone", "Discovery": "whalebone"}
SCRIPT = """
from pathlib import Path
from ingest import passes
from ingest.pipeline import ingest_collection
from ingest.settings import load_settings
passes.LEAST_APART = 1
ingest_collection(load_settings(Path({folder!r})), now="2026-01-01", workers={workers})
"""
PASS = """
import os
from ingest.registry import collation

class Sail(Exception):
    pass

@collation(name="own", version="1", long=True, requires=("entities",))
def look(corpus):
    {work}
    yield "own", {{"process": os.getpid()}}
"""

WAITING = """
import os, time
from pathlib import Path
from ingest.registry import collation

NUMBER = Path({number!r})

@collation(name="own", version="1", long=True)
def tell(corpus):
    NUMBER.write_text(str(os.getpid()))
    yield "own", {{"ended": 0}}

def is_running():
    try:
        return "(zombie)" not in Path(f"/proc/{{NUMBER.read_text()}}/status").read_text()
    except FileNotFoundError:
        return False

@collation(name="waits", version="1")
def wait(corpus):
    until = time.monotonic() + 20
    while is_running() and time.monotonic() < until:
        time.sleep(0.05)
    yield "own", {{"ended": int(not is_running())}}
"""

REVISION = """
from ingest.registry import revision

@revision(name="own", version="1")
def revise(corpus):
    corpus.once("process", os.getpid)
    return corpus
"""


def log_of(ship: str, cargo: str) -> str:
    """Return a text of words that no other ship's has, but for the cargo."""
    entries = " ".join(f"{ship}{letter}" for letter in ascii_lowercase)
    return f"{entries}\n\nIt carried {f'{cargo}, ' * 20}and more."


def fill(room: Room) -> None:
    """Put articles into a room: some related, and one that came twice in other words."""
    for ship, cargo in SHIPS.items():
        room.put(f"{ship}.txt", f"The {ship}\n\n{log_of(ship, cargo)}")
    room.put("again.txt", f"Once More\n\n{log_of('Argo', 'cinnamon')}\n\nSo the agency said.")


def start(room: Room, work: str = "pass", workers: int = 2, more: str = "") -> subprocess.Popen[str]:
    """Begin a run that keeps long passes apart, with one more of the room's own."""
    fill(room)
    (room.folder / "plugins" / "own.py").write_text(PASS.format(work=work) + more)
    script = SCRIPT.format(folder=str(room.folder), workers=workers)
    return subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A few articles are enough for a second process; tells each that was begun."""
    begun: list[str] = []
    plain = passes.run_apart
    monkeypatch.setattr(passes, "LEAST_APART", 1)
    monkeypatch.setattr(passes, "run_apart", lambda *given: begun.append("one more") or plain(*given))
    return begun


def forget(room: Room) -> None:
    """Take away everything that a run made."""
    for path in (room.folder / ".readingroom").glob("*.db*"):
        path.unlink()
    (room.folder / "collection.db").unlink()


@pytest.mark.parametrize("most_at_once", [0, 100])
def test_two_processes_build_what_one_builds(
    most_at_once: int, apart: list[str], room: Room, monkeypatch: pytest.MonkeyPatch
):
    """The content is the same to the last row, be it one after the other, and nothing is left behind."""
    monkeypatch.setattr(passes, "MOST_AT_ONCE", most_at_once)
    fill(room)
    room.ingest(workers=1)
    alone = room.rows("select content from runs")
    assert room.one("select count(*) from related")
    assert room.one("select count(*) from story_articles")
    forget(room)
    assert not apart
    room.ingest(workers=2)
    assert len(apart) == 1
    assert room.rows("select content from runs") == alone
    assert not list((room.folder / ".readingroom").glob("*.pickle"))


def test_what_the_second_process_worked_out_is_remembered(apart: list[str], room: Room):
    """The next run finds in memory what was worked out beside it."""
    fill(room)
    room.ingest(workers=2)

    def known() -> list[tuple[int, bytes]]:
        with closing(sqlite3.connect(room.folder / ".readingroom" / "memory.db")) as connection:
            return connection.execute("select id, key from worked_out order by id").fetchall()

    before = known()
    room.put("new.txt", f"The Fram\n\n{log_of('Fram', 'lemons')}")
    room.ingest(workers=2)
    assert len(apart) == 2
    assert len(before) >= len(SHIPS)
    assert known()[: len(before)] == before


def test_the_second_process_ends_when_its_work_is_done(room: Room, tmp_path: Path):
    """Its memory is free while the first builds, though more was recalled than a pipe takes."""
    assert start(room).communicate(timeout=120) == (None, "")
    with closing(sqlite3.connect(room.folder / ".readingroom" / "memory.db")) as memory, memory:
        memory.execute("insert into worked_out (id, key, value, checked) values (1000000, x'00', x'', 0)")
    (room.folder / "plugins" / "own.py").write_text(WAITING.format(number=str(tmp_path / "number")))
    script = SCRIPT.format(folder=str(room.folder), workers=2)
    script = script.replace("LEAST_APART = 1", "LEAST_APART, passes.MOST_AT_ONCE = 1, 0")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert sorted(room.rows("select ended from own")) == [(0,), (1,)]


def test_few_articles_need_no_second_process(room: Room, monkeypatch: pytest.MonkeyPatch):
    """It would take longer to begin than the work does."""
    monkeypatch.setattr(passes, "run_apart", lambda *_: pytest.fail("a second process"))
    fill(room)
    room.ingest(workers=2)


def test_one_worker_is_one_process(apart: list[str], room: Room):
    """Who asks for one gets no second."""
    fill(room)
    room.ingest(workers=1)
    assert not apart


def test_a_pass_of_ones_own_may_run_apart(room: Room):
    """It says that it takes long; its rows arrive like all others."""
    process = start(room)
    assert process.communicate(timeout=120) == (None, "")
    assert room.one("select process from own") != process.pid
    forget(room)
    process = start(room, workers=1)
    assert process.communicate(timeout=120) == (None, "")
    assert room.one("select process from own") == process.pid


def test_what_a_long_pass_adds_is_summed_up(room: Room):
    """A pass that takes long may fill a table of the schema: its rows are counted, and no others twice."""
    room.put("dated.md", "---\ntitle: Launch\ndate: 1960-05-01\n---\nThe Argo was launched in Lisbon.")
    work = "yield 'tags', {'id': 1, 'key': 'ships', 'name': 'Ships', 'article_count': 0}"
    work += "; yield 'article_tags', {'article_id': 1, 'tag_id': 1}"
    assert start(room, work).communicate(timeout=120) == (None, "")
    assert room.rows("select name, article_count from tags") == [("Ships", 1)]
    assert room.rows("select month, articles from articles_by_month") == [("1960-05", 1)]


def test_what_a_pass_yields_arrives_as_it_is(room: Room):
    """From a second process comes what one process would store, whatever it is."""
    values = "{'bytes': b'ab', 'endless': float('inf'), 'true': True, 'listed': [1, 2], 'large': 2**62}"
    for workers in (2, 1):
        assert start(room, f"yield 'values_{workers}', {values}", workers).communicate(timeout=120)[1] == ""
        forgotten = room.rows(f"select * from values_{workers}")
        if workers == 2:
            apart = forgotten
            forget(room)
    assert apart == forgotten == [(b"ab", float("inf"), 1, "[1, 2]", 2**62)]


def test_what_requires_a_long_pass_is_long():
    """So that it still comes after it."""
    named = {
        name: Collation(name=name, version="1", collate=lambda _: iter(()), long=long, requires=requires)
        for name, long, requires in (
            ("a", False, ("d",)),
            ("b", False, ("a",)),
            ("c", False, ()),
            ("d", True, ("c",)),
        )
    }
    short, long = passes.divide(named.values())
    assert ([each.name for each in short], [each.name for each in long]) == (["c"], ["d", "a", "b"])


@pytest.mark.parametrize(
    ("work", "told"),
    [
        ("raise ValueError('no sail is set')", "ValueError: no sail is set. Mend the file"),
        ("raise Sail('no sail is set')", "Sail: no sail is set. Mend the file"),
        ("raise OSError(28, 'No space left on device')", "StorageError: No space is left for"),
        ("import os; os.kill(os.getpid(), 9)", "BuildError: The process for the passes that take long"),
    ],
    ids=["fails", "fails in its own way", "has no space", "is killed"],
)
def test_a_pass_that_fails_apart_ends_the_run(work: str, told: str, room: Room):
    """The run says why, and no database is made of half the rows."""
    process = start(room, work)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert told in said
    assert not (room.folder / "collection.db").exists()
    assert not list((room.folder / ".readingroom").glob("*.pickle"))


def test_a_second_process_does_not_outlive_its_run(room: Room, tmp_path: Path):
    """A run that is killed leaves nobody at work, and the next one is not disturbed."""
    sign = tmp_path / "at-work"
    work = (
        f"import os, pathlib, time; pathlib.Path({str(sign)!r}).write_text(str(os.getpid())); time.sleep(300)"
    )
    process = start(room, work)
    while not (sign.exists() and sign.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    apart = int(sign.read_text())
    assert apart in family(process.pid)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{apart}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{apart}").exists()
    (room.folder / "plugins" / "own.py").unlink()
    room.ingest()
    assert room.one("select count(*) from articles") == len(SHIPS) + 1
    assert not list((room.folder / ".readingroom").glob("*.pickle"))


def test_what_two_are_called_is_told_apart_alike_at_every_look(room: Room):
    """A file may be called what a member of an archive is; both keep their names from pass to pass."""
    with zipfile.ZipFile(room.folder / "sources" / "a.zip", "w") as archive:
        archive.writestr("b.txt", "In the archive\n\nThe harbour at Port Albert will be dredged again.")
    within = room.folder / "sources" / "a.zip!"
    within.mkdir()
    (within / "b.txt").write_text("In a folder\n\nThe bridge over the river was closed on Friday.")
    room.put("c.txt", "Beside them\n\nThe ferry to the islands sails on Sundays only.")
    room.ingest()
    with closing(Workspace(room.folder / ".readingroom")) as workspace:
        renamed: dict[int, str] = {}
        first = [finding.locator for finding in passes.find_first(workspace, renamed)]
        again = [finding.locator for finding in passes.find_again(workspace, renamed)]
    assert first == again
    assert len(set(first)) == len(first)
    assert list(renamed.values()) == ["a.zip!/b.txt#2"]


def test_what_a_revision_works_out_once_is_known_to_both(room: Room):
    """The second process is given what the first one made, and need not make it again."""
    process = start(room, 'yield "made", {"by": corpus.once("process", os.getpid)}', more=REVISION)
    assert process.communicate(timeout=120) == (None, "")
    assert room.one("select process from own") != process.pid
    assert room.one("select by from made") == process.pid
