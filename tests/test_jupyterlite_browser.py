"""Notebooks in a real Chromium: they run on the site's own database, and nobody else is asked."""

import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ingest.website.jupyterlite import LITE
from tests import test_browser
from tests.browsers import need_chromium
from tests.conftest import ROOT
from tests.file_server import serving
from tests.test_jupyterlite import SHIPPED

need_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

browser = test_browser.browser  # fixtures are found by their names
STARTED = 240_000  # milliseconds for a busy machine to load Python; a quiet one needs a tenth
ERROR = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'


def run_all(page: Any, address: str, name: str) -> None:
    """Open a notebook, run its cells and wait for the last to end."""
    page.goto(f"{address}/{LITE}/notebooks/index.html?path={name}")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=STARTED)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    last.filter(has_text=re.compile(r"\d")).wait_for(timeout=STARTED)


@pytest.mark.parametrize("source", SHIPPED, ids=lambda path: path.stem)
def test_a_notebook_runs_on_the_collection(noted_site: Path, browser: Any, source: Path):
    """Every cell shows rows, without an error, and every request goes to the site's own host."""
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    with serving(noted_site) as (address, answered), closing(context):
        page = context.new_page()
        run_all(page, address, source.with_suffix(".ipynb").name)
        assert page.locator(ERROR).all_inner_texts() == []
        shown = page.locator(".jp-OutputArea-output table")
        assert shown.count() >= 3
        assert all(len(text.splitlines()) > 1 for text in shown.all_inner_texts())
        links = shown.locator("a").evaluate_all("all => all.map(each => each.href)")
        assert links
        assert all(
            (noted_site / link.removeprefix(f"{address}/").partition("#")[0]).is_file() for link in links
        ), links
    # What the kernel asks is seen as well: Python itself and the database.
    assert any("pyodide.asm.wasm" in url for url in asked)
    assert any("collection.db" in url for url in asked)
    assert [url for url in asked if not url.startswith((address, "data:", f"blob:{address}"))] == []
    assert 0 < answered.bytes("collection.db") < (noted_site / "collection.db").stat().st_size


def test_nothing_is_fetched_from_elsewhere_though_asked_for(noted_site: Path, browser: Any, tmp_path: Path):
    """A package that is not here cannot be had: Python says so, and no other host is asked."""
    # What `%pip install` does is the second.
    tried = ("import pandas", "import piplite; await piplite.install('tabulate')")
    cells = [f"try:\n    {each}\nexcept Exception as error:\n    print(repr(error))" for each in tried]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    made.metadata = {"kernelspec": {"display_name": "Python", "language": "python", "name": "python"}}
    shutil.copytree(noted_site, tmp_path / "site")
    path = tmp_path / "site" / LITE / "files" / "2_search.ipynb"
    path.write_text(nbformat.writes(made), encoding="utf-8")
    asked: list[str] = []
    context = browser.new_context()
    context.on("request", lambda request: asked.append(request.url))
    with serving(tmp_path / "site") as (address, _), closing(context):
        page = context.new_page()
        run_all(page, address, path.name)
        told = page.locator(".jp-OutputArea-output").all_inner_texts()
    assert "No module named 'pandas'" in told[0]
    assert "PyPI fallback is disabled" in told[1]
    assert [url for url in asked if not url.startswith((address, "data:", f"blob:{address}"))] == []


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_label_of_a_chart_is_cut(browser: Any, path: Path):
    """Every word of the charts in the notebooks for one's own computer lies within its picture."""
    outputs = [each for cell in nbformat.read(path, as_version=4).cells for each in cell.get("outputs", [])]
    charts = [each.data["image/svg+xml"] for each in outputs if "image/svg+xml" in each.get("data", {})]
    page = browser.new_page()
    for chart in charts:
        page.set_content(chart)
        cut = page.evaluate(
            """() => {
              const frame = document.querySelector("svg").getBoundingClientRect();
              const within = (box) => box.left >= frame.left && box.right <= frame.right
                && box.top >= frame.top && box.bottom <= frame.bottom;
              const texts = [...document.querySelectorAll("svg text")];
              const cut = texts.filter((text) => !within(text.getBoundingClientRect()));
              return cut.map((text) => text.textContent);
            }"""
        )
        assert cut == []
    page.close()


def test_a_host_without_ranges_gives_the_whole_file(noted_site: Path, browser: Any):
    """The database is then read once, whole, and the notebook shows the same."""
    context = browser.new_context()
    with serving(noted_site, ranges=False) as (address, answered), closing(context):
        page = context.new_page()
        run_all(page, address, "1_tour.ipynb")
        assert page.locator(ERROR).all_inner_texts() == []
    assert answered.bytes("collection.db") == (noted_site / "collection.db").stat().st_size
