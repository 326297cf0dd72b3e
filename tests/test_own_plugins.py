"""What somebody adds to a collection in its plugins folder: it works, or says what is wrong with it."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.conftest import ROOT, Room

FERRY = "The ferry sails again\n\nThe ferry from Port Albert sails again on Monday."
ENRICHER = "from ingest.model import Mention\nfrom ingest.registry import enricher\n"
READER = "from ingest.model import RawDocument\nfrom ingest.registry import reader\n"
PASS = "from ingest.registry import collation, revision\n"


def ingest(room: Room, plugin: str) -> subprocess.CompletedProcess[str]:
    """Ingest with a plugin, in a process of its own, since what a plugin declares stays declared."""
    (room.folder / "metadata.yml").write_text("title: A\nplugins: {readingroom: {entities: rules}}\n")
    (room.folder / "plugins" / "own.py").write_text(plugin)
    room.put("ferry.txt", FERRY)
    return subprocess.run(
        [sys.executable, "-m", "ingest", "ingest", str(room.folder), "--workers", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("reader(name='log', version='1', suffixes='.log', media_types=('text/x-log',))", "suffixes must be"),
        ("reader(name='log', version='1', suffixes=('.log',), media_types=())", "media_types must name one"),
        ("enricher(name='own', version='1', requires='names')", "requires must be texts"),
        ("enricher(name='own', version='1', given='text')", "given must be texts in brackets"),
        ("enricher(name='own', version='1', given=('txt',))", "given names txt; an article has authors, "),
        ("revision(name='own', version='1', requires='names')", "requires must be texts"),
        ("collation(name='own', version='1', requires='names')", "requires must be texts"),
    ],
)
def test_a_slip_in_a_declaration_is_told_at_once(declared: str, said: str, room: Room):
    """A text in place of several, or a field that no article has, is no declaration that does nothing."""
    done = ingest(room, f"from ingest.registry import *\n@{declared}\ndef own(*_):\n    yield from ()\n")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {room.folder}/plugins/own.py fails on import: ")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("yield 'text'", "TypeError: a reader must yield RawDocument or Item, not str."),
        ("return None", "TypeError: 'NoneType' object is not iterable."),
        ("return [1]", "TypeError: a reader must yield RawDocument or Item, not int."),
    ],
)
def test_a_reader_that_gives_something_else_is_told(work: str, said: str, room: Room):
    """It is no parser that broke down, and the other files are read."""
    room.put("flight.log", "All systems normal.")
    head = f"{READER}@reader(name='log', version='1', suffixes=('.log',), media_types=('text/x-log',))\n"
    done = ingest(room, f"{head}def read(item, source):\n    {work}\n")
    assert done.returncode == 0
    assert room.rows("select locator, message from problems") == [("flight.log", said)]


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("{'start': 0}", "TypeError: an enrichment must yield facts, not dict."),
        (
            "Mention(start=0, end=5, surface='ferry', name='Ferry', kind='PRODUCT')",
            "ValueError: 'ferry' does not stand at 0 to 5 of the text.",
        ),
        (
            "Mention(start=9000, end=9005, surface='ferry', name='Ferry', kind='PRODUCT')",
            "ValueError: 'ferry' does not stand at 9000 to 9005 of the text.",
        ),
    ],
    ids=["no fact", "elsewhere", "beyond the text"],
)
def test_a_fact_that_is_none_is_told_and_kept_out(fact: str, said: str, room: Room):
    """No page marks words that are not there, and nothing is dropped in silence."""
    done = ingest(
        room, f"{ENRICHER}@enricher(name='own', version='1')\ndef look(article, facts):\n    yield {fact}\n"
    )
    assert done.returncode == 0
    assert room.rows("select code, message from problems") == [("own-failed", said)]
    assert room.one("select count(*) from mentions where surface = 'ferry'") == 0


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "@collation(name='own', version='1')\ndef look(corpus):\n    yield 'own', {'a': nothing}",
            "/plugins/own.py, line 4: NameError: name 'nothing' is not defined. Mend the file",
        ),
        (
            "@collation(name='own', version='1')\ndef look(corpus):\n    yield {'a': 1}",
            "The pass own must yield the name of a table and a row for it",
        ),
        ("@collation(name='own', version='1')\ndef look(corpus):\n    pass", "The pass own must yield"),
        (
            "@revision(name='own', version='1')\ndef look(corpus):\n    pass",
            "The revision own must return a Corpus, not None",
        ),
        (
            "@revision(name='own', version='1')\ndef look(corpus):\n    raise OSError('no such list')",
            "/plugins/own.py, line 4: OSError: no such list. Mend the file",
        ),
    ],
)
def test_a_pass_that_fails_is_named_and_nothing_is_lost(lines: str, said: str, room: Room):
    """Whoever wrote it is told the file and the line, not where in this package that came to light."""
    assert ingest(room, "").returncode == 0
    with closing(sqlite3.connect(room.folder / "collection.db")) as connection:
        before = connection.execute("select content from runs").fetchall()
    done = ingest(room, f"{PASS}{lines}\n")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert room.rows("select content from runs") == before
