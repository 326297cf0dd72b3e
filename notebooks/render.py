"""Runs the notebooks on the sample and writes them with what they show: `make notebooks`.

    python notebooks/render.py [FOLDER]

Each `.py` is a notebook as jupytext writes it (py:percent), which is easy to read and to compare;
each `.ipynb` is made from it. Nothing in it depends on the time or the machine. Those in `browser/`
come without what they show: they run on a published site, in the reader's browser.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
LARGEST = 300_000
SECONDS = 300
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


def render(source: Path, folder: Path) -> str:
    """Return a notebook run in a folder that lies beside the collection, as text."""
    notebook = jupytext.read(source)
    # A kernel of its own folder: what the notebook writes stays there.
    client = NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id, cell.metadata = f"cell-{number}", {}
        for output in cell.get("outputs", []):
            steady(output)
    return str(nbformat.writes(notebook, version=4)) + "\n"


def convert(source: Path) -> str:
    """Return a notebook for browsers, which runs there alone, as it is before it is run."""
    notebook = jupytext.read(source)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python (Pyodide)", "language": "python", "name": "python"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id, cell.metadata = f"cell-{number}", {}
    return str(nbformat.writes(notebook, version=4)) + "\n"


def steady(output: Any) -> None:
    """Leave out of an output what differs from run to run."""
    output.get("metadata", {}).clear()
    data = output.get("data", {})
    if len(data) > 1:  # a picture or a table; the text beside it says less
        data.pop("text/plain", None)
    for kind, text in data.items():
        data[kind] = ADDRESS.sub("0x0", text) if isinstance(text, str) else text


def main() -> None:
    """Render every notebook on a copy of the sample, into this folder or another."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    os.environ["PYTHONPATH"] = str(HERE.parent)
    for source in sorted(HERE.glob("*_*.py")):
        with tempfile.TemporaryDirectory() as temporary:
            room = Path(temporary)
            (room / "notebooks").mkdir()
            for name in ("collection.db", "metadata.yml"):
                shutil.copy(HERE.parent / name, room)
            text = render(source, room / "notebooks")
        if len(text.encode()) > LARGEST:
            sys.exit(f"{source.name} gives {len(text.encode()):,} bytes; at most {LARGEST:,} are wanted.")
        (target / source.with_suffix(".ipynb").name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{source.stem}: {len(text.encode()):,} bytes\n")
    for source in sorted((HERE / "browser").glob("*_*.py")):
        path = target / "browser" / source.with_suffix(".ipynb").name
        path.parent.mkdir(exist_ok=True)
        path.write_text(convert(source), encoding="utf-8")


if __name__ == "__main__":
    main()
