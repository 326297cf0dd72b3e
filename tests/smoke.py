"""Ask for every kind of page of the sample, on whatever Datasette runs this; used by `make next`."""

import asyncio
import sys
from pathlib import Path

from datasette import __version__
from datasette.app import Datasette

ROOT = Path(__file__).parent.parent
PAGES = {
    "/": "The Space Race",
    "/search?q=moon": "articles",
    "/search.json?q=moon": '"total"',
    "/search.atom?q=moon": "<feed",
    "/search.csv?q=moon": "title",
    "/quotations?q=poyekhali": "Poyekhali",
    "/robots.txt": "User-agent",
    "/sitemap.xml": "<sitemapindex",
    "/entities?kind=person": "Yuri Gagarin",
    "/entity/yuri-gagarin": "Articles in time",
    "/collection": "articles",
    "/collection/articles": "published",
    "/collection/articles.json?_shape=objects": '"rows"',
    "/-/room/room.css": "--accent",
}


async def smoke() -> None:
    """Raise unless every page answers with what it is known by."""
    datasette = Datasette(config_dir=ROOT)
    await datasette.invoke_startup()
    for path, sign in PAGES.items():
        answer = await datasette.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        assert sign in answer.text, f"{path} lacks {sign!r}"
    found = await datasette.client.get("/search.json?q=gagarin")
    key = found.json()["articles"][0]["key"]
    page = await datasette.client.get(f"/article/{key}")
    assert page.status_code == 200, page.text
    assert 'class="mention person"' in page.text
    sys.stdout.write(f"{len(PAGES) + 1} pages are fine on Datasette {__version__}\n")


if __name__ == "__main__":
    asyncio.run(smoke())
