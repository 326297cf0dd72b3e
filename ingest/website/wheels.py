"""Fetches wheels that are pinned by hash, once a machine, by pip, which knows its mirrors and proxies."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from ingest.errors import SettingsError
from ingest.website.npm_packages import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

PINNED = re.compile(r"^([\w.-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$", re.MULTILINE)
# For the Python that a browser runs, whichever runs here.
ANYWHERE = ("--no-deps", "--only-binary", ":all:", "--platform", "any", "--python-version", "3.14")


def fetch_wheels(requirements: Path) -> dict[str, Path]:
    """Return the wheels that a file of requirements pins, by name, from the cache or the package index.

    Every line is `name==version --hash=sha256:...`; what comes is checked against it. Raises
    `SettingsError` when they cannot be had.
    """
    pinned = {found[3]: found[1] for found in PINNED.finditer(requirements.read_text(encoding="utf-8"))}
    cache = cache_folder() / "wheels"
    cache.mkdir(parents=True, exist_ok=True)
    if pinned.keys() - _hashed(cache):
        _download(requirements, cache)
    found = {pinned[digest]: path for digest, path in _hashed(cache).items() if digest in pinned}
    if lacking := sorted(set(pinned.values()) - found.keys()):
        message = f"pip brought no {', '.join(lacking)}. Empty {cache}, then run again."
        raise SettingsError(message)
    return found


def _hashed(folder: Path) -> dict[str, Path]:
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.glob("*.whl"))}


def _download(requirements: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", *ANYWHERE]
    command += ["--requirement", str(requirements), "--dest", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["pip is not there"]
        message = (
            f"What notebooks in the browser need cannot be fetched ({told[-1].removeprefix('ERROR: ')})."
            " Connect, or leave out --with-notebooks."
        )
        raise SettingsError(message)
