"""Takes the pictures of every kind of page; `make pictures` keeps the one that the README shows.

    python tests/pictures.py ADDRESS [FOLDER]

With a FOLDER, all pages are pictured there at two widths, light and dark, to be looked at.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
SIZES = ({"width": 1280, "height": 900}, {"width": 390, "height": 800})
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
PAGES = {
    "home": "/",
    "search": "/search?q=moon",
    "entity": "/entity/yuri-gagarin",
    "entities": "/entities?kind=person",
    "quotations": "/quotations",
    "table": "/collection/articles",
}


def take_all(browser: Browser, address: str, folder: Path) -> None:
    """Picture every kind of page, wide and narrow, light and dark."""
    for scheme in ("light", "dark"):
        for size in SIZES:
            context = browser.new_context(viewport=size, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"{address}/search?q=poyekhali")
            article = page.locator("article.item h3 a").first.get_attribute("href") or "/"
            for name, path in {**PAGES, "article": article}.items():
                page.goto(address + path)
                page.screenshot(path=folder / f"{name}-{size['width']}-{scheme}.png")
            context.close()


def main() -> None:
    """Take the pictures of a running reading room."""
    address = sys.argv[1].rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        if len(sys.argv) > 2:
            folder = Path(sys.argv[2])
            folder.mkdir(parents=True, exist_ok=True)
            take_all(browser, address, folder)
        else:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{address}/search?q=moon")
            (HERE / "pictures").mkdir(exist_ok=True)
            page.screenshot(path=HERE / "pictures" / "search.png")
        browser.close()


if __name__ == "__main__":
    main()
