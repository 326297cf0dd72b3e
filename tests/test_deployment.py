"""A server for the public: what it is given, and that nothing withheld is in it."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from ingest import public
from ingest.cli import main
from ingest.editions.edition import make_edition
from ingest.public import count_withheld
from ingest.settings import add_source, load_settings
from tests.browsers import free_port
from tests.conftest import NOW, ROOT, Room

MODULES = {"markdown_it": "markdown-it-py"}


def publish(room: Room, target: Path, *options: str) -> str:
    """Run the command and return what it prints."""
    answer = CliRunner().invoke(main, ["publish", "server", str(target), str(room.folder), *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_server_gets_an_edition(room: Room, tmp_path: Path):
    """What an article's rights withhold is in no file of the server's folder."""
    room.put("a.md", "---\ntitle: Open\n---\n\nThe ferry leaves at seven.\n")
    room.put("b.md", "---\ntitle: Closed\nrights: metadata\n---\n\nA quetzalcoatlus flew over the harbour.\n")
    room.ingest()
    target = tmp_path / "server"
    assert "DEPLOY.md" in publish(room, target, "--yes")
    for path in target.rglob("*"):
        assert not path.is_file() or b"quetzalcoatlus" not in path.read_bytes().lower(), path
    assert (target / "collection.db").is_file()
    publish(room, target, "--yes")  # again, over the edition that is there


def test_a_collection_with_withheld_texts_is_not_served_to_the_public(
    room: Room, monkeypatch: pytest.MonkeyPatch
):
    """What serves as a server for the public does shows nobody what an edition would not have."""
    room.put("b.md", "---\ntitle: Closed\nrights: metadata\n---\n\nA quetzalcoatlus flew over the harbour.\n")
    room.ingest()
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("it is served"))
    answer = CliRunner().invoke(main, ["publish", "run", str(room.folder)])
    assert answer.exit_code == 1
    assert "1 articles may not be shown in full" in answer.output
    assert "readingroom publish server" in answer.output
    # Nor is it taken in where it comes to the place of an edition later.
    assert count_withheld(room.folder / "collection.db") == 1
    make_edition(load_settings(room.folder), room.folder / "public.db", now=NOW)
    assert count_withheld(room.folder / "public.db") == 0
    command = [
        sys.executable,
        public.__file__,
        str(room.folder / "collection.db"),
        "--port",
        str(free_port()),
    ]
    served = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert served.returncode == 1
    assert "Of 1 articles" in served.stderr


def test_a_cache_lets_go_of_what_was_taken_down():
    """The notice of a takedown takes the place of the page that nginx kept."""
    stated = (ROOT / "ingest" / "deployment" / "files" / "nginx.conf").read_text()
    assert "410" in re.findall(r"proxy_cache_valid ([\d ]+) \d+s;", stated)[0].split()


def test_the_server_is_not_told_where_the_articles_lie(room: Room, tmp_path: Path):
    """Of metadata.yml it gets what the pages ask, and no path of this machine; of plugins/ nothing hidden."""
    room.put("a.md", "---\ntitle: Open\n---\n\nThe ferry leaves at seven.\n")
    settings = (room.folder / "metadata.yml").read_text()
    own = "    crawling: none\n    places: {Georgia: [32.7, -83.4]}\n    publications: {jane: Letters}\n"
    (room.folder / "metadata.yml").write_text(settings.replace("    # publications:\n", own, 1))
    papers = tmp_path / "papers-of-jane"
    papers.mkdir()
    add_source(room.folder, str(papers))
    room.ingest()
    for name in (".env", "layout.py~"):
        (room.folder / "plugins" / name).write_text("a word of the owner")
    publish(room, tmp_path / "server", "--yes")
    assert not {".env", "layout.py~"} & {path.name for path in (tmp_path / "server" / "plugins").iterdir()}
    text = (tmp_path / "server" / "metadata.yml").read_text()
    assert "jane" not in text
    told, stated = yaml.safe_load(text), yaml.safe_load((room.folder / "metadata.yml").read_text())
    kept = {"crawling": "none", "places": {"Georgia": [32.7, -83.4]}}
    assert told == {**stated, "plugins": {"readingroom": kept}}


def test_the_pages_find_what_they_import():
    """Every package that a page imports is among the pinned ones."""
    files = ROOT / "ingest" / "deployment" / "files"
    pinned = set(re.findall(r"^([\w.-]+)==", (files / "requirements.txt").read_text(), re.MULTILINE))
    for path in sorted((ROOT / "plugins").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in {each.partition(".")[0] for each in names} - sys.stdlib_module_names:
                assert MODULES.get(name, name) in pinned, f"{path.name} imports {name}"
