"""Where the links in an article's text lead: to articles of this room, to the web, or nowhere."""

import asyncio
import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote, urljoin

from datasette.plugins import pm
from markdown_it.token import Token

SCHEME = re.compile(r"[A-Za-z][\w+.-]*:|//")
# A page of many links may lie in many copies; each link is looked for beside each of so few.
MOST_PLACES = 10_000
BESIDE = """
    select locator, key from files join articles on articles.id = article_id
    where locator in (select value from json_each(:locators))
"""


async def resolve(
    datasette: Any, tokens: Sequence[Token], locators: Iterable[str], url: str | None
) -> Sequence[Token]:
    """Return an article's tokens in which every link leads on; of one that cannot, the words stay.

    A link to a file beside the article's own, else beside a copy of it, leads to what that file became;
    any other that names no host is meant as from the article's own address, where it has one.
    """
    stated = dict.fromkeys(href for href in _targets(tokens) if not SCHEME.match(href))
    if not stated:
        return tokens
    # In a thread, since thousands of links would keep every other reader waiting.
    meant = await asyncio.to_thread(_places, locators, stated)
    found = (
        await pm.get_plugin("layout.py")
        .collection(datasette)
        .execute(BESIDE, {"locators": json.dumps([name for _, name in meant])})
    )
    keys = dict(tuple(row) for row in found.rows)
    leads: dict[str, str] = {}
    for href, name in meant:
        if name in keys:
            leads.setdefault(href, datasette.urls.path(f"/article/{keys[name]}"))
    address = pm.get_plugin("layout.py").web_address(url)
    for href in stated.keys() - leads.keys():
        leads[href] = urljoin(address, href) if address and not href.startswith("#") else ""
    for token in tokens:
        token.children = list(_led(token.children, leads)) if token.children else token.children
    return tokens


def _places(locators: Iterable[str], stated: Iterable[str]) -> list[tuple[str, str]]:
    """Return each link with the locators that it may mean, those beside the first locator first."""
    pairs = islice(((locator, href) for locator in locators for href in stated), MOST_PLACES)
    return [(href, name) for locator, href in pairs if (name := beside(locator, href))]


def beside(locator: str, href: str) -> str:
    """Return the locator of the file that a link in another file means; empty where it can be none."""
    container, mark, path = locator.partition("#part=")[0].rpartition("!/")
    target = unquote(re.split(r"[?#]", href, maxsplit=1)[0])
    if not target or target.startswith("/"):
        return ""
    meant = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return "" if meant.startswith("../") else f"{container}{mark}{meant}"


def _targets(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs.get("href") or "")


def _led(tokens: Iterable[Token], leads: dict[str, str]) -> Iterator[Token]:
    """Yield the tokens of a line with each link's new target; links without one are left out."""
    dead = False
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrs.get("href") or "")
            target = leads.get(href, href)
            dead = not target
            token.attrSet("href", target)
        if not (dead and token.type in {"link_open", "link_close"}):
            yield token
