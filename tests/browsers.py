"""A served collection and a headless Chromium, for the tests that look at pages as a reader does."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NEEDED = os.environ.get("READINGROOM_NEED_BROWSER") == "1"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def need_chromium() -> None:
    """Skip the module that asks where there is no Chromium, unless one was promised."""
    if not CHROMIUM and not NEEDED:
        pytest.skip("browser tests: no Chromium here (apt-get install chromium)", allow_module_level=True)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a collection by the command itself and yield its address."""
    port = free_port()
    command = [sys.executable, "-m", "ingest", "serve", str(folder), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/robots.txt", timeout=60).close()
                break
            except OSError:
                time.sleep(0.1)
        try:
            yield address
        finally:
            server.terminate()


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield a headless Chromium; its absence is a failure where it was promised."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    assert CHROMIUM, "Chromium is missing, and READINGROOM_NEED_BROWSER promises it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def follow(page: Any, link: str, *, force: bool = False) -> None:
    """Click on the link that a selector finds, and return when the page it leads to is loaded.

    A click alone returns before that, and what is asked next is asked of the page that is left.
    """
    with page.expect_navigation():
        page.click(link, force=force)
