"""Turns the addresses in a page into links that work in any folder, on any host and from a disk.

The pages come from our own templates, in which every value is escaped; so a tag that stands in
them is one of the page's, never one of an article's text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from ingest.website.addresses import Layout, place

if TYPE_CHECKING:
    from collections.abc import Callable

# Where the pages believe to be while they are written: a host that there can never be.
SERVER = "http://reading-room.invalid"
TAG = re.compile(r"<(?:a|form|link|script)\b[^>]*>")
TARGET = re.compile(r'\s(href|action|src)="([^"]*)"')
# A form that asks the server for anything but a search, whose box stands above every page.
OTHER_FORM = re.compile(r'<form class="find wide".*?</form>\s*', re.DOTALL)
# A link that lost its target. One with an id stays, since others may lead to it.
DEAD = re.compile(r"<a\b(?![^>]*\s(?:href|id)=)[^>]*>((?:(?!</a>).)*)</a>", re.DOTALL)
# One whose words say what it does, such as `compare`.
DEAD_ACT = re.compile(r'\s*<a class="on"(?![^>]*\shref=)[^>]*>[^<]*</a>')
LIVE = re.compile(r"<a\b[^>]*\shref=")
MENU = re.compile(r"<nav\b.*?</nav>", re.DOTALL)
DEAD_ENTRY = re.compile(rf"{DEAD.pattern}\s*", re.DOTALL)
# An article's own text, in which there is no other block of this kind.
TEXT = re.compile(r'(<div class="body".*?</div>)', re.DOTALL)
PARAGRAPH = re.compile(r"<p\b[^>]*>.*?</p>\s*", re.DOTALL)
DEAD_IN_A_ROW = re.compile(rf"{DEAD.pattern}(?: · |, )|(?: · |, ){DEAD.pattern}", re.DOTALL)
ABSOLUTE = re.compile(rf'{re.escape(SERVER)}(/[^\s"<]*)?')
# The address of an article's page within the page: in its head, its schema.org and its citations.
OWN_ADDRESS = re.compile(rf"{re.escape(SERVER)}(/article/\w+)")
OWN_STATEMENT = re.compile(
    rf'<(?:link|meta)\b[^>]*"{OWN_ADDRESS.pattern}">\n?|, "[@\w]+": "{OWN_ADDRESS.pattern}"'
    rf"| {OWN_ADDRESS.pattern}\.|,\n  url = \{{{OWN_ADDRESS.pattern}\}}|UR  - {OWN_ADDRESS.pattern}\r\n"
)
CHARSET = '<meta charset="utf-8">\n'
STYLESHEET = re.compile(r'<link rel="stylesheet" href="[^"]*">')
PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"
)
# A page that runs SQLite: scripts of the site's own, WebAssembly, and reading the site's own files.
SCRIPTED_POLICY = (
    f"{PLAIN_POLICY}; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"
)
# The page around Datasette shows its pages in a frame.
FRAMING_POLICY = f"{SCRIPTED_POLICY}; frame-src 'self'"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as it is written: its text, and the addresses that it leads to."""

    text: str
    leads: list[str] = field(default_factory=list)


def rewrite_page(html: str, address: str, layout: Layout, *, top: str, policy: str = PLAIN_POLICY) -> Page:
    """Return an HTML page with every internal link made relative by `top`, the way to the site's top.

    A link to what no file can stand for stays as text, or goes where nothing but the way there was meant.
    Where the site does not know its public address, no statement of the page's own address is left.
    """
    leads: list[str] = []

    def retarget(found: re.Match[str]) -> str:
        name, stated = found[1], unescape(found[2])
        if stated.startswith("?"):
            stated = urlsplit(address).path + stated
        if not stated.startswith("/") or stated.startswith("//"):
            return found[0]
        target = place(stated, layout)
        if target is None:
            return ""
        leads.append(stated)
        return f' {name}="{escape(top + target)}"'

    def retag(found: re.Match[str]) -> str:
        tag = TARGET.sub(retarget, found[0])
        return "" if tag.startswith("<link") and "href=" not in tag else tag

    html = state_address(html, layout, written=escape)
    html = _without_dead_links(TAG.sub(retag, OTHER_FORM.sub("", html)))
    meta = f'<meta http-equiv="content-security-policy" content="{policy}">\n'
    return Page(text=html.replace(CHARSET, CHARSET + meta, 1), leads=leads)


def hold_style(html: str, style: str) -> str:
    """Return a page that has its style within, and so needs no way to a file; its policy allows no other."""
    style = "\n".join(style.splitlines())  # as browsers read it before they look at the policy
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    html = STYLESHEET.sub(lambda _: f"<style>{style}</style>", html, count=1)
    return html.replace("style-src 'self'", f"style-src 'sha256-{digest}'", 1)


def state_address(text: str, layout: Layout, *, written: Callable[[str], str] = str) -> str:
    """Return a page or a citation with the article's public address, or without one where none is known."""

    def publish(found: re.Match[str]) -> str:
        return written(layout.url + (place(found[1], layout) or ""))

    return OWN_ADDRESS.sub(publish, text) if layout.url else OWN_STATEMENT.sub("", text)


def _without_dead_links(html: str) -> str:
    """Return a page without links that lead nowhere.

    Entries of a menu or of a row, what only says what a link does, and paragraphs in which nothing
    leads anywhere any more, are left out; elsewhere the words of a link stay, and so does every word
    of an article's own text.
    """

    def lead_on(found: re.Match[str]) -> str:
        if DEAD.search(found[0]) and not LIVE.search(found[0]):
            return ""
        return DEAD_IN_A_ROW.sub("", found[0])

    html = MENU.sub(lambda found: DEAD_ENTRY.sub("", found[0]), html)
    parts = TEXT.split(html)
    parts[::2] = [PARAGRAPH.sub(lead_on, DEAD_ACT.sub("", part)) for part in parts[::2]]
    return DEAD.sub(r"\1", "".join(parts))


def rewrite_feed(xml: str, layout: Layout) -> Page:
    """Return a feed or a sitemap with the site's public addresses in place of the server's."""
    leads: list[str] = []

    def retarget(found: re.Match[str]) -> str:
        stated = unescape(found[1] or "/")
        target = place(stated, layout)
        leads.append(stated)
        return escape(layout.url + (target or ""))

    return Page(text=ABSOLUTE.sub(retarget, xml), leads=leads)


def way_up(file: str) -> str:
    """Return the way from a file to the top of its site: `../../` from `article/1/index.html`."""
    return "../" * file.count("/") or "./"


def absolute_way(url: str) -> str:
    """Return the path of a site's top for pages that are shown at any address, such as 404.html."""
    return quote(urlsplit(url).path, safe="/%") or "/"
