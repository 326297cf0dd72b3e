"""Fetches from npm, once a machine, what runs in browsers: SQLite, and Python with Datasette's help."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import swap
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package as it was released: its hash in the form of npm, and the files that a site needs of it.

    `files` gives each a name whose type every host knows. `option` is that of the command which
    names a package fetched by hand; `largest` bounds what is read of an answer, in bytes.
    """

    title: str
    name: str
    version: str
    integrity: str
    files: Mapping[str, str]
    option: str
    largest: int = 20 * 2**20

    @property
    def archive(self) -> str:
        """The file's name, as npm calls it."""
        return f"{self.name.rpartition('/')[2]}-{self.version}.tgz"

    @property
    def address(self) -> str:
        """Where it was released."""
        return f"https://registry.npmjs.org/{self.name}/-/{self.archive}"


SQLITE = Package(
    title="SQLite for browsers",
    name="@sqlite.org/sqlite-wasm",
    version="3.54.1-build1",
    integrity=(
        "sha512-foW427VBLJ3G87bsnvQTZCc9zYe0Fq1wH0pz1I6BlKLKXcArIAyTkHtq0iT2llmhcMQt9T/p6l5PpQQh+6O8uQ=="
    ),
    files={"package/dist/index.mjs": "sqlite3.js", "package/dist/sqlite3.wasm": "sqlite3.wasm"},
    option="--sqlite",
)
PYODIDE = Package(
    title="Python for browsers",
    name="pyodide",
    version="314.0.7",
    integrity=(
        "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
    ),
    files={
        "package/pyodide.mjs": "pyodide.js",
        "package/pyodide.asm.mjs": "pyodide.asm.js",
        "package/pyodide.asm.wasm": "pyodide.asm.wasm",
        "package/python_stdlib.zip": "python_stdlib.zip",
        "package/pyodide-lock.json": "pyodide-lock.json",
    },
    option="--pyodide",
)


def package_files(package: Package, given: Path | None = None) -> dict[str, bytes]:
    """Return a package's files by name: from an archive `given`, from the cache, or from the npm registry.

    Whatever comes is checked against the hash that the package was released with. Raises
    `SettingsError` when it cannot be had, or is not what was released.
    """
    cached = cache_folder() / package.archive
    if given is not None:
        content = given.read_bytes()
    elif cached.is_file() and is_released(package, cached.read_bytes()):
        content = cached.read_bytes()
    else:
        content = _download(package) or _pack(package)
    if not is_released(package, content):
        message = (
            f"{package.name} {package.version} {'in ' + str(given) if given else 'from the registry'} is not"
            f" what was released under that number. Fetch {package.address}"
            f" and name it with {package.option}."
        )
        raise SettingsError(message)
    if given is None and not cached.is_file():
        cached.parent.mkdir(parents=True, exist_ok=True)
        swap.beside(cached).write_bytes(content)
        swap.swap_in(cached)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {name: _member(archive, member) for member, name in package.files.items()}


def is_released(package: Package, content: bytes) -> bool:
    """Tell whether bytes are the package as it was released."""
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}" == package.integrity


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    assert member is not None  # noqa: S101 - the hash was checked, so the file is there
    return member.read()


def cache_folder() -> Path:
    """Return the folder of this user's machine where packages are kept, which may not be there yet."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "readingroom"


def _download(package: Package) -> bytes | None:
    try:
        with urllib.request.urlopen(package.address, timeout=SECONDS) as answer:  # noqa: S310 - https, as above
            return bytes(answer.read(package.largest))
    except OSError:
        return None


def _pack(package: Package) -> bytes:
    """Ask npm, which may know another registry or a proxy."""
    npm = shutil.which("npm")
    wanted = f"{package.name}@{package.version}"
    with tempfile.TemporaryDirectory() as folder:
        command = [str(npm), "pack", wanted, "--ignore-scripts", "--pack-destination", folder]
        done = npm and subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0  # noqa: S603 - no shell
        found = [*Path(folder).glob("*.tgz")] if done else []
        if not found:
            message = (
                f"{package.title} cannot be fetched: neither {package.address} answers nor npm."
                f" Fetch it elsewhere, and name it with {package.option}."
            )
            raise SettingsError(message)
        return found[0].read_bytes()
