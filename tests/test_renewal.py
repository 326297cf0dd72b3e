"""Renewing the pages of a collection: the new version's are put in place, nothing of the owner's is lost."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.cli import main
from ingest.errors import StorageError
from ingest.scaffold import make_collection
from tests.conftest import ROOT, Room

MINE = "# changed by hand\n"
LARGEST = 65_536


def renew(folder: Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["renew", str(folder)])


def test_pages_of_this_version_are_left_alone(room: Room):
    """Renewing twice is renewing once."""
    before = {path: path.read_bytes() for path in (room.folder / "plugins").rglob("*") if path.is_file()}
    assert "up to date" in renew(room.folder).output
    assert before == {
        path: path.read_bytes() for path in (room.folder / "plugins").rglob("*") if path.is_file()
    }


def test_pages_of_an_older_version_are_replaced(room: Room):
    """What is missing comes back, what was noted and is no longer ours goes, without a copy of either."""
    plugins = room.folder / "plugins"
    (plugins / "home.py").unlink()
    (plugins / "old.py").write_text("", encoding="utf-8")
    noted = (plugins / ".pages.json").read_text(encoding="utf-8")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (plugins / ".pages.json").write_text(noted.replace("{", f'{{"old.py": "{empty}",', 1), encoding="utf-8")
    assert "2 files" in renew(room.folder).output
    assert (plugins / "home.py").read_bytes() == (ROOT / "plugins" / "home.py").read_bytes()
    assert not list(plugins.rglob("old.py*"))


def test_what_the_owner_changed_is_kept_beside(room: Room):
    """A changed page makes room for the new one and stays readable; a page of one's own stays as it is."""
    plugins = room.folder / "plugins"
    (plugins / "mine.py").write_text(MINE, encoding="utf-8")
    (plugins / "templates" / "room.html").write_text(MINE, encoding="utf-8")
    said = renew(room.folder).output
    assert "templates/room.html.before" in said
    assert (plugins / "templates" / "room.html.before").read_text(encoding="utf-8") == MINE
    assert (plugins / "mine.py").read_text(encoding="utf-8") == MINE
    (plugins / "templates" / "room.html").write_text(MINE * 2, encoding="utf-8")
    assert "templates/room.html.before-2" in renew(room.folder).output


@pytest.mark.parametrize("noted", ["", "[]", "{"])
def test_without_a_note_every_other_page_is_kept_beside(room: Room, noted: str):
    """Where nobody knows who changed a page, it is taken for the owner's."""
    plugins = room.folder / "plugins"
    (plugins / ".pages.json").write_text(noted, encoding="utf-8")
    (plugins / "home.py").write_text(MINE, encoding="utf-8")
    assert "home.py.before" in renew(room.folder).output


def test_a_note_reaches_nothing_outside_of_the_pages(room: Room):
    """A collection may come from a stranger, and its note may name any file."""
    noted = room.folder / "plugins" / ".pages.json"
    other = room.folder / "metadata.yml"
    for name in ("../metadata.yml", str(other.resolve())):
        stated = {name: hashlib.sha256(other.read_bytes()).hexdigest()}
        noted.write_text(json.dumps(stated), encoding="utf-8")
        renew(room.folder)
        assert other.is_file()


def test_a_folder_that_is_no_collection_is_told(tmp_path: Path):
    """Nothing is put where it does not belong, and no command is named that would refuse the folder."""
    (tmp_path / "letters").mkdir()
    answer = renew(tmp_path)
    assert answer.exit_code == 1
    assert "readingroom new my-collection" in answer.output
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]


@pytest.mark.usefixtures("package")
def test_publishing_with_pages_of_another_version_says_what_to_do(room: Room, tmp_path: Path):
    """A template that is missing is no traceback; once renewed, the pages can be published."""
    room.put("a.txt", "Sputnik\n\nIt went up on a Friday.\n")
    room.ingest()
    for path in (room.folder / "plugins" / "templates").glob("_*.html"):
        path.unlink()

    def publish() -> subprocess.CompletedProcess[str]:
        # In a process of its own, since a Datasette finds the templates of those before it.
        command = [sys.executable, "-m", "ingest", "publish", "static", tmp_path / "site", room.folder]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    failed = publish()
    assert failed.returncode == 1
    assert f"readingroom renew {room.folder}" in " ".join(failed.stderr.split())
    assert "Traceback" not in failed.stderr
    renew(room.folder)
    assert publish().returncode == 0


def run_on_a_full_disk(*arguments: str) -> str:
    """Run a command that can write no file as large as the list of places, and return what it says."""
    command = (
        "import resource, sys; from ingest.cli import main;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({LARGEST}, {LARGEST})); main(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", command, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == StorageError.exit_code
    return done.stderr


def test_a_page_is_renewed_whole_or_not_at_all(room: Room):
    """What a full disk let half a page come to is not taken for a page that its owner changed."""
    places = room.folder / "plugins" / "world" / "places.tsv"
    places.unlink()
    assert "places.tsv" in run_on_a_full_disk("renew", str(room.folder))
    assert not list(places.parent.glob("*places.tsv*"))
    renew(room.folder)
    assert places.stat().st_size > LARGEST
    assert not list((room.folder / "plugins").rglob("*.before*"))


def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path):
    """Of the pages that a new collection lacks then, the first is named; the next call completes it."""
    said = run_on_a_full_disk("new", str(tmp_path / "room"))
    assert "then run again" in said
    assert len(said.splitlines()) == 1
    assert len(said) < 500
    make_collection(tmp_path / "room")
    assert (tmp_path / "room" / "plugins" / "world" / "places.tsv").stat().st_size > LARGEST
