"""What Python in a browser needs of what is installed here: Datasette, and the packages that it imports."""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ingest.errors import SettingsError
from ingest.registry import imported_packages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = "datasette"
# They serve, install or reload; nobody does so in a browser.
NOT_NEEDED = frozenset(("pip", "setuptools", "uvicorn", "hupper"))
# Their compiled parts only make them faster.
WITHOUT_BINARIES = frozenset(("markupsafe", "pyyaml"))
BINARY = (".so", ".pyd", ".dylib")
LEFT_OUT = (*BINARY, ".pyc", ".pyi", ".map", ".exe")
KEPT_METADATA = re.compile(
    r"METADATA|entry_points\.txt|.*(LICEN[CS]E|COPYING|NOTICE|AUTHORS).*", re.IGNORECASE
)
# Of Python's own library, what a browser cannot do.
NOT_IN_BROWSERS = frozenset(
    (
        *("curses", "dbm", "ensurepip", "fcntl", "grp", "idlelib", "multiprocessing", "pty", "pwd"),
        *("readline", "resource", "subprocess", "syslog", "termios", "tkinter", "tty", "turtle", "venv"),
    )
)
PARTNER = re.compile(r"""(?:get_plugin|part)\(["'](\w+)(?:\.py)?["']\)""")


def list_distributions(root: str = ROOT) -> dict[str, Distribution]:
    """Return a package and all that it requires, by their normalised names, as they are installed here.

    What is required elsewhere only, on another system or an older Python, is not installed.
    """
    found: dict[str, Distribution] = {}
    waiting = [root]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found or name in NOT_NEEDED:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        for stated in found[name].requires or ():
            required = re.match(r"[\w.-]+", stated)
            if required and "extra ==" not in stated.replace("'", '"'):
                waiting.append(required[0])
    return found


def package_contents(distributions: Mapping[str, Distribution]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of packages, by the names that they have in a folder of packages.

    Raises `SettingsError` where a package cannot do without compiled parts, which browsers cannot run.
    """
    for name, each in sorted(distributions.items()):
        files = each.files
        if files is None:
            message = (
                f"The files of {name} are not known here. Install Reading Room with pip, and publish again."
            )
            raise SettingsError(message)
        compiled = [file.name for file in files if file.name.endswith(BINARY)]
        if compiled and name not in WITHOUT_BINARIES:
            message = (
                f"{name} is installed with {compiled[0]}, which no browser can run."
                " Publish without --with-datasette, or from an environment that has it in pure Python."
            )
            raise SettingsError(message)
        for file in sorted(files):
            path = PurePosixPath(file)
            if _is_needed(path):
                yield str(path), Path(file.locate()).read_bytes()


def _is_needed(path: PurePosixPath) -> bool:
    if ".." in path.parts or path.is_absolute() or "__pycache__" in path.parts or "tests" in path.parts:
        return False
    if any(part.endswith(".dist-info") for part in path.parts):
        return KEPT_METADATA.fullmatch(path.name) is not None
    return not path.name.endswith(LEFT_OUT)


def choose_plugins(folder: Path, packages: set[str]) -> tuple[list[Path], dict[str, str]]:
    """Return the plugins that can run in a browser, and why each of the others cannot.

    `packages` are the modules there beside Python's own. A plugin that asks for another which
    cannot run, cannot run either.
    """
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    reasons = {}
    for name, source in sources.items():
        missing = sorted(imported_packages(source) - (sys.stdlib_module_names - NOT_IN_BROWSERS) - packages)
        if missing:
            reasons[name] = f"needs {missing[0]}"
    while True:
        lacking = {
            name: f"needs {partner}.py"
            for name, source in sources.items()
            for partner in PARTNER.findall(source)
            if name not in reasons and partner in reasons
        }
        if not lacking:
            break
        reasons |= lacking
    return [folder / f"{name}.py" for name in sources if name not in reasons], reasons
