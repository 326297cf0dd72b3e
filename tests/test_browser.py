"""The pages in a real Chromium: a reader's path through them, wide and narrow, light and dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsers import chromium, follow, need_chromium, served
from tests.conftest import Room

need_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 800})


@pytest.fixture(scope="module")
def address(sample: Path) -> Iterator[str]:
    """The address of the sample, served by the command itself."""
    with served(sample) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A headless Chromium."""
    with chromium() as browser:
        yield browser


def test_a_readers_path(browser, address: str):
    """From the front page by search to an article, to a person, and on to another article."""
    page = browser.new_page()
    page.goto(address)
    page.fill("#q", "Poyekhali")
    with page.expect_navigation():
        page.press("#q", "Enter")
    assert page.locator("article.item").count() >= 1
    follow(page, "article.item h3 a")
    assert page.locator("h1").inner_text().startswith("Soviet Airman")
    follow(page, "a.mention.person >> nth=0")
    assert page.locator("h1").inner_text() == "Yuri Gagarin"
    follow(page, "article.item >> nth=1 >> a")
    assert "/article/" in page.url
    page.close()


def test_facets_narrow_and_widen(browser, address: str):
    """A click on a facet gives the number it promised, and a second click takes it back."""
    page = browser.new_page()
    page.goto(f"{address}/search?q=moon")
    before = page.locator(".total b").first.inner_text()
    link = page.locator(".facet li").first
    promised = link.locator(".count").inner_text()
    follow(page, ".facet li >> nth=0 >> a")
    assert page.locator(".total b").first.inner_text() == promised
    follow(page, ".facet a.chosen >> nth=0")
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
    follow(page, "article.item h3 a >> nth=0")
    assert page.locator("h1").count() == 1
    context.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_a_citation_is_taken_without_scripts(browser, address: str, size: dict[str, int]):
    """The citation unfolds under the by-line, fits the screen, and its links give files."""
    context = browser.new_context(java_script_enabled=False, viewport=size, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{address}/search?q=poyekhali")
    follow(page, "article.item h3 a >> nth=0")
    citation = page.locator("details.cite p").first
    assert not citation.is_visible()
    page.click("details.cite summary")
    assert citation.is_visible()
    assert citation.inner_text().startswith("Vale, Irina, and Thomas Birch. “Soviet Airman")
    box = page.locator("details.cite").bounding_box()
    assert box["x"] + box["width"] <= size["width"]
    with page.expect_download() as download:
        page.click("details.cite a >> text=BibTeX")
    assert download.value.suggested_filename.endswith(".bib")
    context.close()


def test_paper_is_white_and_an_article_brings_its_citation(browser, address: str):
    """Printed from a dark screen nothing is pale, and an article says where it stands and how to cite it."""
    context = browser.new_context(color_scheme="dark", java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{address}/search?q=poyekhali")
    page.emulate_media(media="print", color_scheme="dark")
    inked = "element => getComputedStyle(element).color"
    assert page.locator("article.item h3 a").first.evaluate(inked) == "rgb(34, 29, 24)"
    page.goto(address + page.locator("article.item h3 a").first.get_attribute("href"))
    assert page.locator("details.cite p").first.bounding_box()["height"] > 0
    assert not page.locator("details.cite p >> nth=1").is_visible()
    assert not page.locator("details.queries").is_visible()
    page.goto(f"{address}/collection/articles")
    assert page.locator("body").evaluate("element => getComputedStyle(element).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    context.close()


def test_nothing_is_cut_off_on_paper(browser, tmp_path: Path):
    """A table and a line of code that scroll on a screen are whole on paper, and a link shows its address."""
    room = Room(tmp_path / "room")
    row = f"| {' | '.join(['Internationalisation'] * 8)} |"
    text = (
        f"{row}\n|{'---|' * 8}\n{row}\n\n```\n{'lantern ' * 60}\n```\n\nOf [lamps](https://lamps.example/)."
    )
    room.put("gazette/wide.md", f"---\ntitle: Wide\n---\n\n{text}\n")
    room.ingest()
    with served(room.folder) as address:
        page = browser.new_page(viewport={"width": 700, "height": 900})
        page.emulate_media(media="print")
        page.goto(f"{address}/search")
        page.goto(address + page.locator("article.item h3 a").first.get_attribute("href"))
        for part in (".body table", ".body pre"):
            assert page.locator(part).evaluate("element => element.scrollWidth <= element.clientWidth + 1"), (
                part
            )
        link = page.locator(".body a[href^=http]")
        assert "https://lamps.example/" in link.evaluate(
            "element => getComputedStyle(element, '::after').content"
        )
        page.close()
