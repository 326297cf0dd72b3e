"""Timeline, map and company in a real Chromium: they fit, load nothing from elsewhere, and need no script."""

import pytest

from tests import test_browser as browsing
from tests.browsers import follow

pytestmark = browsing.pytestmark
address, browser = browsing.address, browsing.browser
PATHS = (
    "/timeline",
    "/timeline?at=1969-07",
    "/timeline/texts",
    "/timeline/texts?at=1969",
    "/map",
    "/map?view=europe",
    "/company?kind=person&with=place",
    "/company/yuri-gagarin",
)


@pytest.mark.parametrize("size", browsing.SIZES, ids=lambda size: str(size["width"]))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_load_nothing_from_elsewhere(browser, address: str, size: dict[str, int], scheme: str):
    """No page is wider than the screen, asks any other host, or complains in the console."""
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=True)
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for path in PATHS:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    assert not complaints
    assert not [url for url in asked if not url.startswith(address)]
    context.close()


def test_a_keyboard_may_pass_over_the_map(browser, address: str):
    """Whoever uses no mouse need not go through every circle: one key leads to the list, in sight."""
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(f"{address}/map")
    page.focus(".sorts a >> nth=-1")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the list of places"
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table.places') !== null")
    page.close()


def test_a_readers_path_without_scripts(browser, address: str):
    """From a year to a month, from a passage to its article, from the map to a place, without scripts."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    follow(page, "nav >> text=Timeline")
    follow(page, ".bars a >> nth=0", force=True)
    assert page.locator("h1").inner_text() == "1957"
    follow(page, "ul.counts a >> nth=0")
    assert page.locator("article.item").count() >= 1
    page.goto(f"{address}/timeline/texts?at=1969-07-20")
    follow(page, ".passage a >> nth=0")
    assert "#d" in page.url
    page.goto(f"{address}/map")
    follow(page, "table.places a >> text=Moscow")
    assert page.locator("h1").inner_text() == "Moscow"
    follow(page, "text=As a drawing")
    follow(page, ".graph a >> nth=0")
    assert page.locator("h1").inner_text().startswith("Named together with")
    context.close()


def test_no_label_hides_another(browser, address: str):
    """The labels of the drawing and of the map, as the browser sets them, do not overlap."""
    page = browser.new_page(viewport=browsing.SIZES[0])
    for path, labels in (("/company/yuri-gagarin", ".graph text"), ("/map", ".map text")):
        page.goto(address + path)
        boxes = [each.bounding_box() for each in page.locator(labels).all()]
        assert len(boxes) > 3
        for number, one in enumerate(boxes):
            for other in boxes[:number]:
                across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
                down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
                assert across <= 0 or down <= 2, path
    page.close()


def test_narrow_screens_have_the_list_instead(browser, address: str):
    """Where a drawing's labels would be too small, the list stands alone."""
    page = browser.new_page(viewport=browsing.SIZES[1])
    page.goto(f"{address}/company/yuri-gagarin")
    assert not page.locator(".graph").is_visible()
    assert page.locator("table.pairs").is_visible()
    page.close()
