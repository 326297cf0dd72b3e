"""What ships: the built wheel, installed where nothing of the checkout is."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ARTICLE = (
    "Sputnik Rises\n\nBy Irina Vale\nOctober 5, 1957\n\nThe ship rose over Kazakhstan at night.\nIt sang.\n"
)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the wheel, and this environment's other packages."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    source = folder / "source"
    kept = shutil.ignore_patterns(".venv*", ".git", ".readingroom", "sample", "collection.db", "*.egg-info")
    shutil.copytree(ROOT, source, ignore=kept)
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(source)], check=True)
    wheel = next(folder.glob("readingroom-*.whl"))
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    site = subprocess.run(
        [python, "-c", "import site; print(site.getsitepackages()[0])"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    others = next(path for path in sys.path if path.endswith("site-packages"))
    (Path(site) / "others.pth").write_text(others + "\n")
    # The wheel's own folder comes first on the path, before the checkout's editable install.
    subprocess.run([*pip, "install", "--no-deps", "--target", site, str(wheel)], check=True)
    return python


def test_the_wheel_makes_a_collection(python: Path, tmp_path: Path):
    """`new` and `ingest` work from the installed package alone, pages and word lists included."""
    room = tmp_path / "room"
    command = [str(python), "-m", "ingest"]
    place = subprocess.run(
        [python, "-c", "import ingest; print(ingest.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    ).stdout
    assert str(ROOT) not in place
    website = Path(place.strip()).parent / "website"
    assert all((website / each).is_file() for each in ("browser/worker.js", "templates/search.html"))
    subprocess.run([*command, "new", str(room)], check=True, capture_output=True, cwd=tmp_path)
    assert (room / "plugins" / "templates" / "room_article.html").is_file()
    (room / "sources" / "a.txt").write_text(ARTICLE)
    done = subprocess.run(
        [*command, "ingest", str(room)], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert "1  articles" in done.stdout
    found = subprocess.run(
        [python, "-m", "sqlite_utils", str(room / "collection.db"), "select name from entities", "--csv"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "Kazakhstan" in found
