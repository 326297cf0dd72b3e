"""Fetches SQLite for browsers, https://www.npmjs.com/package/@sqlite.org/sqlite-wasm, once a machine."""

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
from pathlib import Path

from ingest import swap
from ingest.errors import SettingsError

PACKAGE, VERSION = "@sqlite.org/sqlite-wasm", "3.54.1-build1"
TARBALL = f"sqlite-wasm-{VERSION}.tgz"
INTEGRITY = "sha512-foW427VBLJ3G87bsnvQTZCc9zYe0Fq1wH0pz1I6BlKLKXcArIAyTkHtq0iT2llmhcMQt9T/p6l5PpQQh+6O8uQ=="
ADDRESS = f"https://registry.npmjs.org/{PACKAGE}/-/{TARBALL}"
# Under the names that every host knows the type of.
FILES = {"package/dist/index.mjs": "sqlite3.js", "package/dist/sqlite3.wasm": "sqlite3.wasm"}
SECONDS = 60
LARGEST = 20 * 2**20


def sqlite_files(given: Path | None = None) -> dict[str, bytes]:
    """Return the two files by name: from a package `given`, from the cache, or from the npm registry.

    Whatever comes is checked against the hash that the package was released with. Raises
    `SettingsError` when it cannot be had, or is not what was released.
    """
    cached = _cache() / TARBALL
    if given is not None:
        package = given.read_bytes()
    elif cached.is_file() and is_released(cached.read_bytes()):
        package = cached.read_bytes()
    else:
        package = _download() or _pack()
    if not is_released(package):
        message = (
            f"{PACKAGE} {VERSION} {'in ' + str(given) if given else 'from the registry'} is not what was"
            f" released under that number. Fetch {ADDRESS} and name it with --sqlite."
        )
        raise SettingsError(message)
    if given is None and not cached.is_file():
        cached.parent.mkdir(parents=True, exist_ok=True)
        swap.beside(cached).write_bytes(package)
        swap.swap_in(cached)
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        return {name: _member(archive, member) for member, name in FILES.items()}


def is_released(package: bytes) -> bool:
    """Tell whether bytes are the package as it was released."""
    return f"sha512-{base64.b64encode(hashlib.sha512(package).digest()).decode()}" == INTEGRITY


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    assert member is not None  # noqa: S101 - the hash was checked, so the file is there
    return member.read()


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "readingroom"


def _download() -> bytes | None:
    try:
        with urllib.request.urlopen(ADDRESS, timeout=SECONDS) as answer:
            return bytes(answer.read(LARGEST))
    except OSError:
        return None


def _pack() -> bytes:
    """Ask npm, which may know another registry or a proxy."""
    npm = shutil.which("npm")
    with tempfile.TemporaryDirectory() as folder:
        command = [str(npm), "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--pack-destination", folder]
        done = npm and subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0  # noqa: S603 - no shell
        found = [*Path(folder).glob("*.tgz")] if done else []
        if not found:
            message = (
                f"SQLite for browsers cannot be fetched: neither {ADDRESS} answers nor npm."
                " Fetch it elsewhere, and name it with --sqlite."
            )
            raise SettingsError(message)
        return found[0].read_bytes()
