"""What notebooks in the browser add to a site: whole, from here alone, and with queries that give rows."""

import ast
import asyncio
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SettingsError
from ingest.settings import load_settings
from ingest.website import wheels
from ingest.website.jupyterlite import LITE, with_policy
from ingest.website.kernel import reading_room
from ingest.website.site import Options, publish_site
from tests.conftest import ROOT, Room

SHIPPED = sorted((ROOT / "notebooks" / "browser").glob("*_*.py"))


def test_the_page_of_notebooks_tells_and_leads(noted_site: Path):
    """It names each notebook, leads to it, says what cannot be done, and the SQL page leads to it."""
    text = (noted_site / "notebooks" / "index.html").read_text(encoding="utf-8")
    for source in SHIPPED:
        assert f'index.html?path={source.stem}.ipynb"' in text
        assert (noted_site / LITE / "files" / f"{source.stem}.ipynb").is_file()
    assert "Pandas, Altair and other packages" in text
    assert "<script" not in text
    assert '"../notebooks/index.html"' in (noted_site / "sql" / "index.html").read_text(encoding="utf-8")


def test_every_page_of_jupyterlab_asks_its_own_host_only(noted_site: Path):
    """Its policy allows the site's scripts and those stated in the page, and connections to the site."""
    pages = list((noted_site / LITE).rglob("*.html"))
    assert len(pages) >= 4
    for path in pages:
        policy = path.read_text(encoding="utf-8").split('content-security-policy" content="')[1].split('"')[0]
        assert policy.startswith("default-src 'self'"), path
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert "http:" not in policy
        assert "https:" not in policy


def test_all_that_is_named_lies_on_the_site(noted_site: Path):
    """The lock file names files that lie beside it and no other; no address of another host is configured."""
    lite = noted_site / LITE
    lock = json.loads((lite / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    assert all((lite / "pyodide" / each["file_name"]).is_file() for each in lock["packages"].values())
    assert {name for each in lock["packages"].values() for name in each["depends"]} <= set(lock["packages"])
    assert "http" not in (lite / "jupyter-lite.json").read_text(encoding="utf-8")
    assert not list(lite.rglob("*.map"))


def test_without_notebooks_there_are_none(room: Room, package: None, tmp_path: Path):  # noqa: ARG001 - as above
    """They cost nothing where they are not asked for, and go when a site is written without them."""
    room.put("a.txt", "Sputnik Rises\n\nIt sang over Kazakhstan.\n")
    room.ingest()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / ".reading-room-site").write_text("")
    (tmp_path / "site" / "notebooks").mkdir()
    publish_site(load_settings(room.folder), tmp_path / "site", Options())
    assert not (tmp_path / "site" / "notebooks").exists()


def test_what_is_no_released_wheel_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file of the right name with other bytes is not taken; the message says what to do."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "readingroom" / "wheels"
    folder.mkdir(parents=True)
    (folder / "six-1.17.0-py2.py3-none-any.whl").write_bytes(b"something else")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"six==1.17.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SettingsError, match=r"leave out --with-notebooks|Empty"):
        wheels.fetch_wheels(requirements)


@pytest.mark.parametrize("source", SHIPPED, ids=lambda path: path.stem)
def test_shipped_notebooks_are_made_from_their_sources(source: Path):
    """The notebook that is published has the cells of the source beside it, and no outputs."""
    import jupytext  # noqa: PLC0415 - slow to load

    kept = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    nbformat.validate(kept)
    assert [cell.source for cell in kept.cells] == [cell.source for cell in jupytext.read(source).cells]
    assert not [cell for cell in kept.cells if cell.get("outputs")]
    assert all(len(line) <= 110 for cell in kept.cells for line in cell.source.splitlines())


@pytest.mark.parametrize("source", SHIPPED, ids=lambda path: path.stem)
def test_every_query_gives_rows(sample: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    """What the cells ask is found in any collection of ours, on any SQLite."""
    shown: list[reading_room.Shown] = []
    monkeypatch.setattr(reading_room, "top", lambda: "https://example.org/")
    with closing(sqlite3.connect(sample / "collection.db")) as connection:

        async def opened() -> sqlite3.Connection:
            return connection

        def noted(function: Any) -> Any:
            return lambda *asked: shown.append(function(*asked))

        names = {
            "open_collection": opened,
            "table": noted(reading_room.table),
            "bars": noted(reading_room.bars),
        }
        code = re.sub(r"^from reading_room .*$", "", source.read_text(encoding="utf-8"), flags=re.MULTILINE)
        compiled = compile(code, source.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        asyncio.run(eval(compiled, names))
    assert len(shown) >= 4
    assert all("<td" in each.html for each in shown)


@given(st.text(), st.text(), st.sampled_from(["article", "entity", "title"]))
def test_no_text_becomes_a_tag(key: str, text: str, column: str):
    """Whatever a cell of the database holds is shown as text, and its key leads nowhere else."""
    with closing(sqlite3.connect(":memory:")) as connection, pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading_room, "top", lambda: "https://example.org/")
        values = [f"<script>{key}", f"<img src=x>{text}"]
        try:
            html = reading_room.table(connection, f"select ? as {column}, ? as b", values).html
        except UnicodeEncodeError:
            return  # a lone surrogate is no text that SQLite takes
        html += reading_room.bars(connection, "select ?, 3", values[:1]).html
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"table", "thead", "tbody", "tr", "th", "td", "span", "a"}
    links = re.findall(r'href="([^"]*)"', html)
    assert all(
        re.fullmatch(r"https://example\.org/(article|entity)/[^/<>]*/index\.html", each) for each in links
    )


def test_more_rows_than_are_shown_are_told():
    """A table ends at a hundred rows and says so."""
    with closing(sqlite3.connect(":memory:")) as connection:
        sql = "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select i from n"
        whole = reading_room.table(connection, sql, [reading_room.MOST]).html
        cut = reading_room.table(connection, sql, [reading_room.MOST + 1]).html
    assert "there are more" not in whole
    assert cut.endswith("<p>The first 100 rows; there are more.</p>")


def test_a_stated_policy_covers_the_scripts_of_the_page():
    """Each script within a page is allowed by its hash, and no other."""
    page = '<html><head>\n<script type="module">await 1;</script><script src="a.js"></script></head></html>'
    assert with_policy(page).count("sha256-") == 1
    assert with_policy(page).replace("await 1", "await 2") != with_policy(page.replace("await 1", "await 2"))
