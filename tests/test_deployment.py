"""A server for the public: what it is given, and that nothing withheld is in it."""

import ast
import re
import sys
from pathlib import Path

import yaml
from click.testing import CliRunner

from ingest.cli import main
from ingest.settings import add_source
from tests.conftest import ROOT, Room

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
