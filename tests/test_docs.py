"""The documentation is what the program prints, and says nothing of where it was made."""

import re
import subprocess
import sys

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


@pytest.mark.parametrize("name", WRITTEN)
def test_no_machine_is_named(name: str):
    """Documents name no path of a machine where they were written."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|work|tmp|opt)/", text)
