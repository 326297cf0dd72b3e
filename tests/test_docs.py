"""The documentation is what the program prints, and says nothing of where it was made."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ingest.columns import GUESSES
from tests.conftest import ROOT

WRITTEN = ("README.md", "CHANGELOG.md", "NOTICE", "metadata.yml", "Makefile", "pyproject.toml")


def test_documents_print_what_the_program_says():
    """Commands, formats and tables in the documents are the program's own words; `make docs` mends them."""
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "README.md", "metadata.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_named_in_the_readme_exist():
    """What the README links to is there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target


def test_the_readme_names_what_a_column_may_mean():
    """Whoever writes `columns` into metadata.yml finds every meaning, in the order that the program has."""
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    *names, last = GUESSES
    assert f"Known are {', '.join(f'`{name}`' for name in names)} and `{last}`;" in text


def ingest_with_example(folder: Path, mark: str, source: str) -> None:
    """Ingest one text into a new collection that has the README's example with a mark for its plugin."""
    blocks = re.findall(r"```python\n(.+?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (lines,) = (block for block in blocks if mark in block)
    (folder / "sources" / "gazette").mkdir(parents=True)
    (folder / "metadata.yml").write_text("title: A\nplugins: {readingroom: {entities: rules}}\n")
    suffix = ".log" if mark == "@reader" else ".md"
    (folder / "sources" / "gazette" / f"ferry{suffix}").write_text(source)
    (folder / "plugins").mkdir()
    (folder / "plugins" / "example.py").write_text(lines)
    # In a process of its own, since what a plugin declares stays declared.
    command = [sys.executable, "-m", "ingest", "ingest", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)


@pytest.mark.parametrize(
    ("mark", "asked", "found"),
    [
        ("@reader", "select reader from files where outcome = 'article'", "log"),
        ("@enricher", "select name from entities join mentions on entities.id = entity_id", "Ferry"),
    ],
)
def test_the_reader_and_the_enrichment_of_the_readme_work(mark: str, asked: str, found: str, tmp_path: Path):
    """Whoever copies the lines that the README gives for either has one that works as it stands."""
    ingest_with_example(tmp_path / "room", mark, "The ferry sails again from the mole.\n")
    with closing(sqlite3.connect(tmp_path / "room" / "collection.db")) as connection:
        assert (found,) in connection.execute(asked).fetchall()


def test_the_page_of_the_readme_answers(tmp_path: Path):
    """Whoever copies the lines that the README gives for a page has one that works as it stands."""
    folder = tmp_path / "room"
    ingest_with_example(folder, "@hookimpl", "The ferry sails again from the mole.\n")
    command = [sys.executable, "-m", "datasette", str(folder), "--get", "/shelf"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [{"name": "Gazette", "article_count": 1}]


def test_the_corrections_of_the_readme_correct(tmp_path: Path):
    """The lines that the README gives for correcting a page in an archive do so as they stand."""
    folder = tmp_path / "room"
    page = (
        "---\ntitle: Feryr\nurl: https://gazette.example/ferry\n---\nThe ferry sails again from the mole.\n"
    )
    ingest_with_example(folder, "@revision", page)
    with closing(sqlite3.connect(folder / "collection.db")) as connection:
        assert connection.execute("select title from articles").fetchall() == [("The ferry sails again",)]
        assert connection.execute("select name from authors").fetchall() == [("Mara Quill",)]
        assert ("Feryr",) in connection.execute("select value from fields").fetchall()


@pytest.mark.parametrize("name", WRITTEN)
def test_no_machine_is_named(name: str):
    """Documents name no path of a machine where they were written."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|work|tmp|opt)/", text)
