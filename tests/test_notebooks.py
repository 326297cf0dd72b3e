"""Notebooks: those of every search, name and query, those that ship, and JupyterLab's command."""

import ast
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient

from ingest import notebooks
from ingest.cli import main
from plugins import notebook
from tests.browsers import free_port
from tests.conftest import ROOT

SHIPPED = sorted((ROOT / "notebooks").glob("*_*.py"))
QUERY = 'select year, count(*) as n from articles\nwhere year >= :from group by year -- it\'s "quoted"'
PAGES = {
    "search": "/search.ipynb?" + urlencode({"q": 'moon "far side" OR orbit*', "language": "en"}),
    "name": "/entity/yuri-gagarin/notebook.ipynb",
    "query": "/collection.ipynb?" + urlencode({"sql": QUERY, "from": "1960"}),
    "table": "/collection/articles.ipynb?" + urlencode({"year": "1969", "_sort": "published"}),
    "names": "/collection/entities.ipynb?kind=PERSON",
}


def get(address: str, path: str) -> Any:
    """Return a notebook of a running site, checked against the format's own schema."""
    with urllib.request.urlopen(address + path, timeout=60) as answer:
        assert answer.headers["content-type"].startswith("application/x-ipynb+json")
        assert "attachment" in answer.headers["content-disposition"]
        made = nbformat.reads(answer.read().decode(), as_version=4)
    nbformat.validate(made)
    return made


def run(made: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Run a notebook in a folder and return its outputs."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    resources = {"metadata": {"path": str(place)}}
    NotebookClient(made, timeout=300, kernel_name="python3", resources=resources).execute()
    return [output for cell in made.cells for output in cell.get("outputs", [])]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("where", ["file", "site"])
def test_a_page_becomes_a_notebook_that_runs(
    address: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, where: str
):
    """As it is, it shows rows and a chart: beside the file from that, elsewhere from the site."""
    made = get(address, PAGES[page])
    if where == "file":
        shutil.copy(folder / "collection.db", tmp_path)
    outputs = run(made, tmp_path, monkeypatch)
    shown = json.dumps(outputs)
    assert ("Collection collection.db" if where == "file" else f"Collection {address}") in shown
    assert any("<svg" in output.get("data", {}).get("image/svg+xml", "") for output in outputs)
    assert not [output for output in outputs if output["output_type"] in {"error", "stream"}]
    tables = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert all("<td" in table for table in tables)
    assert len(tables) >= 2


def test_pages_lead_to_their_notebooks(address: str):
    """Under a search, a name, a table and a query stands a link, which works."""
    query = "/collection?" + urlencode({"sql": "select title from articles"})
    for page in ("/search?q=moon", "/entity/yuri-gagarin", "/collection/articles", query):
        with urllib.request.urlopen(address + page, timeout=60) as answer:
            text = answer.read().decode()
        assert ".ipynb" in text, page
        link = (
            text.split(".ipynb")[0].rpartition('href="')[2] + ".ipynb" + text.split(".ipynb")[1].split('"')[0]
        )
        get(address, link.replace("&amp;", "&"))


def test_nobody_has_no_notebook(address: str):
    """A name that is not there is not found."""
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address + "/entity/nobody/notebook.ipynb", timeout=60)


class Asked:
    """A request with a query string."""

    def __init__(self, arguments: dict[str, str]) -> None:
        """Keep what was asked."""
        self.args = arguments


class Site:
    """What a plugin asks of Datasette to tell an address."""

    class urls:  # noqa: N801 - Datasette's name
        """Paths of the site."""

        @staticmethod
        def path(path: str) -> str:
            """Return the path itself."""
            return path

    def __init__(self, address: str) -> None:
        """Keep the address."""
        self.address = address

    def absolute_url(self, request: Any, path: str) -> str:
        """Return the address, whatever the request says."""
        del request, path
        return self.address


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "'; import os; os.system('x') #",
            '"""\nimport os\n"""',
            "\\' + str(1/0) + \\'",
            "a\u2028import os",
            "a\rimport os",
            "{site} {0} %s",
            "\u202eso",
            "\\N{BULLET}\\",
        ]
    ),
)


@settings(max_examples=300)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_text_becomes_code(sql: str, name: str, value: str, column: str):
    """Whatever was asked stands in the notebook as literals: the code is the same without them."""

    def made(sql: str, name: str, value: str, column: str) -> Any:
        data = {"query": {"params": {name: value}}}
        rows = [(column, 1)]
        answer = notebook.of_rows(Site(value), Asked({}), sql or "x", [column, "n"], rows, data)
        return json.loads(answer.body)

    hostile, harmless = made(sql, f"n{name}", value, column), made("x", "nx", "x", "x")
    assert len(hostile["cells"]) in {3, len(harmless["cells"])}
    for cell, other in zip(hostile["cells"], harmless["cells"], strict=False):
        if cell["cell_type"] == "markdown":
            assert cell == other
            continue
        tree = ast.parse("".join(cell["source"]))
        texts = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant)]
        if "sql = " in "".join(cell["source"]):
            assert {sql or "x", f"n{name}", value} <= {each for each in texts if isinstance(each, str)}
        if "mark_bar" not in "".join(cell["source"]):
            assert skeleton(tree) == skeleton(ast.parse("".join(other["source"])))


def skeleton(tree: ast.AST) -> str:
    """Return code without its literals."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant):
            each.value = None
    return ast.dump(tree)


@given(st.recursive(HOSTILE, lambda inner: st.lists(inner, max_size=3)))
def test_a_literal_is_what_it_was(value: Any):
    """Python reads back from a literal exactly what was put in, however it is broken into lines."""
    assert ast.literal_eval(notebook.literal(value)) == value
    if isinstance(value, str):
        assert ast.literal_eval(notebook.lines(value)) == value


@pytest.mark.parametrize("source", SHIPPED, ids=lambda path: path.stem)
def test_shipped_notebooks_run_and_are_kept_rendered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Path
):
    """Each runs on the sample, changes no file there, and lies beside as it shows itself."""
    room = tmp_path / "room"
    (room / "notebooks").mkdir(parents=True)
    shutil.copy(folder / "collection.db", room)
    rendered = source.with_suffix(".ipynb")
    assert rendered.stat().st_size < 300_000
    kept = nbformat.read(rendered, as_version=4)
    nbformat.validate(kept)
    import jupytext  # noqa: PLC0415 - slow to load

    made = jupytext.read(source)
    assert [cell.source for cell in kept.cells] == [cell.source for cell in made.cells]
    outputs = run(made, room / "notebooks", monkeypatch)
    assert not [each for each in outputs if each["output_type"] == "error" or each.get("name") == "stderr"]
    assert [each.name for each in room.iterdir() if each.is_file()] == ["collection.db"]
    assert (room / "collection.db").read_bytes() == (folder / "collection.db").read_bytes()
    told = json.dumps(kept)
    assert str(Path.home()) not in told
    assert "/tmp/" not in told


def test_notebooks_are_copied_where_absent(tmp_path: Path):
    """A curator's own version stays; what is copied bears no outputs of the sample."""
    first = notebooks.copy_notebooks(tmp_path)
    assert [path.name for path in first] == [path.with_suffix(".ipynb").name for path in SHIPPED]
    first[0].write_text("mine")
    first[1].unlink()
    assert notebooks.copy_notebooks(tmp_path) == [first[1]]
    assert first[0].read_text() == "mine"
    for cell in nbformat.read(first[1], as_version=4).cells:
        assert not cell.get("outputs")


def test_without_jupyterlab_one_command_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nothing is copied nor installed: the command names what to install, and ends with 1."""
    room = tmp_path / "room"
    shutil.copytree(folder, room)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    done = CliRunner().invoke(main, ["notebook", str(room)])
    assert done.exit_code == 1
    assert "pip install 'readingroom[notebook]'" in done.output
    assert not (room / "notebooks").exists()


def test_jupyterlab_is_started_quietly(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It opens on the collection's folder, with notebooks, and asks its makers nothing."""
    room = tmp_path / "room"
    shutil.copytree(folder, room)
    started: list[list[str]] = []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setattr(os, "execv", lambda _path, command: started.append(command))
    done = CliRunner().invoke(main, ["notebook", str(room), "--port", "18999", "--no-open"])
    assert done.exit_code == 0, done.output
    assert started[0][:3] == [sys.executable, "-m", "jupyterlab"]
    assert {f"--ServerApp.root_dir={room}", "--LabApp.news_url=None", "--no-browser"} <= set(started[0])
    assert (room / "notebooks" / "1_tour.ipynb").is_file()


def test_jupyterlab_answers(folder: Path, tmp_path: Path):
    """The command really serves the collection's notebooks."""
    room = tmp_path / "room"
    shutil.copytree(folder, room)
    (tmp_path / ".jupyter").mkdir()
    allowed = {"ServerApp": {"allow_root": True}}  # where tests run as root, as in containers
    (tmp_path / ".jupyter" / "jupyter_server_config.json").write_text(json.dumps(allowed))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "JUPYTER_TOKEN": "abc"}
    command = [sys.executable, "-m", "ingest", "notebook", str(room), "--port", str(free_port()), "--no-open"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            told = next(line for line in server.stderr if "/lab/tree/notebooks?token" in line)
            base = told.split("http://")[1].split("/lab")[0]
            listed = f"http://{base}/api/contents/notebooks?token=abc"
            for _ in range(600):  # it tells its address before it listens
                try:
                    with urllib.request.urlopen(listed, timeout=60) as answer:
                        names = {each["name"] for each in json.load(answer)["content"]}
                    break
                except urllib.error.URLError as error:
                    if isinstance(error, urllib.error.HTTPError):
                        raise
                    time.sleep(0.1)
            assert "1_tour.ipynb" in names
        finally:
            server.terminate()
