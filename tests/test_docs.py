"""The documentation is what the program prints, and says nothing of where it was made."""

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


def test_the_corrections_of_the_readme_correct(tmp_path: Path):
    """The lines that the README gives for correcting a page in an archive do so as they stand."""
    blocks = re.findall(r"```python\n(.+?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (lines,) = (block for block in blocks if "@revision" in block)
    folder = tmp_path / "room"
    (folder / "sources").mkdir(parents=True)
    (folder / "metadata.yml").write_text("title: A\n")
    (folder / "sources" / "a.md").write_text(
        "---\ntitle: Feryr\nurl: https://gazette.example/ferry\n---\nThe ferry sails again from the mole.\n"
    )
    (folder / "plugins").mkdir()
    (folder / "plugins" / "corrections.py").write_text(lines)
    # In a process of its own, since what a plugin declares stays declared.
    command = [sys.executable, "-m", "ingest", "ingest", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    with closing(sqlite3.connect(folder / "collection.db")) as connection:
        assert connection.execute("select title from articles").fetchall() == [("The ferry sails again",)]
        assert connection.execute("select name from authors").fetchall() == [("Mara Quill",)]
        assert ("Feryr",) in connection.execute("select value from fields").fetchall()


@pytest.mark.parametrize("name", WRITTEN)
def test_no_machine_is_named(name: str):
    """Documents name no path of a machine where they were written."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|work|tmp|opt)/", text)
