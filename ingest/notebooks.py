"""The notebooks that come with the package, copied beside a collection, and JupyterLab for them."""

from __future__ import annotations

import importlib.util
import json
import sys
from typing import TYPE_CHECKING

from ingest.errors import CollectionError, storing
from ingest.scaffold import starter

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "notebooks"
NEEDED = ("jupyterlab", "pandas", "altair", "vl_convert")
# JupyterLab would ask its makers for news, for newer versions and for a list of extensions.
QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def copy_notebooks(folder: Path) -> list[Path]:
    """Copy the notebooks into a collection's folder, without outputs; what is there stays as it is.

    Returns the paths of those copied. Raises `StorageError` when the disk refuses.
    """
    copied = []
    with storing(folder):
        target = folder / FOLDER
        target.mkdir(exist_ok=True)
        for source in sorted(starter("notebooks").glob("*.ipynb")):
            if not (path := target / source.name).exists():
                path.write_text(without_outputs(source.read_text(encoding="utf-8")), encoding="utf-8")
                copied.append(path)
    return copied


def without_outputs(notebook: str) -> str:
    """Return the text of a notebook as it is before it is run."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def jupyter_command(folder: Path, *, port: int, open_browser: bool) -> list[str]:
    """Return the command that starts JupyterLab on a folder, asking nothing of the network.

    Raises `CollectionError` that names what to install when it is not there.
    """
    lacking = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if lacking:
        message = f"Notebooks need {', '.join(lacking)}. Install: pip install 'readingroom[notebook]'"
        raise CollectionError(message)
    options = [f"--ServerApp.root_dir={folder.resolve()}", f"--ServerApp.port={port}", *QUIET]
    options += [] if open_browser else ["--no-browser"]
    # From notebooks/ on, as in the shipped ones, the collection is one folder up.
    return [sys.executable, "-m", "jupyterlab", *options, f"--LabApp.default_url=/lab/tree/{FOLDER}"]
