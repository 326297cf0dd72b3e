"""The pages in a real Chromium: a reader's path through them, wide and narrow, light and dark."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NEEDED = os.environ.get("READINGROOM_NEED_BROWSER") == "1"
if not CHROMIUM and not NEEDED:
    pytest.skip("browser tests: no Chromium here (apt-get install chromium)", allow_module_level=True)
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 800})


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def address(sample: Path) -> Iterator[str]:
    """The address of the sample, served by the command itself."""
    port = free_port()
    command = [sys.executable, "-m", "ingest", "serve", str(sample), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                urllib.request.urlopen(address, timeout=60).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A headless Chromium; its absence is a failure where it was promised."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    assert CHROMIUM, "Chromium is missing, and READINGROOM_NEED_BROWSER promises it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def test_a_readers_path(browser, address: str):
    """From the front page by search to an article, to a person, and on to another article."""
    page = browser.new_page()
    page.goto(address)
    page.fill("#q", "Poyekhali")
    page.press("#q", "Enter")
    assert page.locator("article.item").count() >= 1
    page.click("article.item h3 a")
    assert page.locator("h1").inner_text().startswith("Soviet Airman")
    page.click("a.mention.person >> nth=0")
    assert page.locator("h1").inner_text() == "Yuri Gagarin"
    page.click("article.item >> nth=1 >> a")
    assert "/article/" in page.url
    page.close()


def test_facets_narrow_and_widen(browser, address: str):
    """A click on a facet gives the number it promised, and a second click takes it back."""
    page = browser.new_page()
    page.goto(f"{address}/search?q=moon")
    before = page.locator(".total b").first.inner_text()
    link = page.locator(".facet li").first
    promised = link.locator(".count").inner_text()
    link.locator("a").click()
    assert page.locator(".total b").first.inner_text() == promised
    page.locator(".facet a.chosen").first.click()
    assert page.locator(".total b").first.inner_text() == before
    page.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_load_nothing_from_elsewhere(browser, address: str, size: dict[str, int], scheme: str):
    """No page is wider than the screen, asks any other host, or complains in the console."""
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/search?q=moon")
    article = page.locator("article.item h3 a").first.get_attribute("href")
    for path in ("/", "/search?q=moon", article, "/entity/yuri-gagarin", "/entities?kind=place"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    assert not complaints
    assert not [url for url in asked if not url.startswith(address)]
    context.close()


def test_pages_work_without_scripts(browser, address: str):
    """Nothing on our pages needs JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search?q=gagarin")
    page.click("article.item h3 a >> nth=0")
    assert page.locator("h1").count() == 1
    context.close()
