"""WordPress exports (WXR): an article for every post and page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from ingest.archives import stream_xml
from ingest.model import Field, Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

# The root element, which a page that only speaks of exports has not.
EXPORT = re.compile(rb"<rss\b[^>]*wordpress\.org/export")
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
EXCERPT = re.compile(r"\{http://wordpress\.org/export/[\d.]+/excerpt/\}encoded$")
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
ARTICLES = frozenset({"post", "page"})
# What the site showed to everybody; a post with a password it did not.
PUBLIC = frozenset({"", "publish"})
REMOVED = {"trash": "in the site's trash", "auto-draft": "begun by the site, never written"}
# How a theme sets a post is no keyword of it.
POST_FORMAT = "post_format"
WRAPPED = re.compile(r"<(?:p|div|ul|ol|h[1-6]|blockquote|table|figure|pre)\b", re.IGNORECASE)
SHORTCODE = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|playlist)\b[^\]]*\]")
NO_DATE = "0000-00-00 00:00:00"
HINT = "Export the site again (Tools, Export in WordPress)."


@reader(
    name="wordpress",
    version="1",
    suffixes=(".wxr",),
    media_types=("application/wordpress-export",),
    recognise=lambda head: EXPORT.search(head) is not None,
    streams=True,
    library="lxml",
    keeps="posts and pages: title, authors, dates, categories, tags; unpublished ones with rights: metadata",
    loses="comments; media, menus, revisions and trash are listed as skipped",
)
def read_wordpress(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each post and page, as the export is read.

    Authors have the names that the site shows, not those they log in with. What the site did not
    show to everybody may be shown by an edition as a catalogue entry alone.
    """
    site = ""
    names: dict[str, str] = {}
    number = 0
    for element in stream_xml(source, ("item", "title", "{*}author"), HINT):
        if element.tag == "title":
            if element.getparent() is not None and element.getparent().tag == "channel":
                site = element.text or ""
            continue
        if element.tag != "item":
            names.update(_shown_name(element))
            continue
        number += 1
        yield _entry(item, element, site, number, names)
        element.clear()


def _shown_name(element: _Element) -> Iterator[tuple[str, str]]:
    """Yield the login of an author of the site with the name that the site shows, where it has one."""
    values = {_local(child): (child.text or "").strip() for child in element}
    full = f"{values.get('author_first_name', '')} {values.get('author_last_name', '')}".strip()
    login, shown = values.get("author_login"), values.get("author_display_name") or full
    if login and shown:
        yield login, shown


def _entry(
    item: Item, element: _Element, site: str, number: int, names: Mapping[str, str]
) -> RawDocument | Item:
    values = {_local(child): (child.text or "").strip() for child in element if child.tag != "category"}
    locator = f"{item.locator}#{values.get('post_id') or number}"
    kind = values.get("post_type") or "post"
    if kind not in ARTICLES:
        return Item(locator=locator, skip=f"not an article: {kind}")
    status = values.get("status", "")
    if reason := REMOVED.get(status):
        return Item(locator=locator, skip=reason)
    is_public = status in PUBLIC and not values.get("post_password")
    creator = (element.findtext(CREATOR) or "").strip()
    html = SHORTCODE.sub("", element.findtext(CONTENT) or "")
    dates = (values.get("post_date"), values.get("pubDate"))
    stated = [
        ("title", values.get("title")),
        ("url", values.get("link")),
        ("author", names.get(creator, creator)),
        ("published", next((date for date in dates if date and date != NO_DATE), None)),
        ("modified", values.get("post_modified")),
        ("description", next((child.text for child in element if EXCERPT.match(str(child.tag))), None)),
        ("source", site),
        ("status", status),
        ("rights", None if is_public else "metadata"),
    ]
    for category in element.iter("category"):
        if category.get("domain") == POST_FORMAT:
            continue
        name = "section" if category.get("domain") == "category" else "tag"
        stated.append((name, category.text))
    return RawDocument(
        locator=locator,
        format="document",
        content=html if WRAPPED.search(html) else _wrap(html),
        fields=tuple(Field(name=name, value=value, origin="wordpress") for name, value in stated if value),
    )


def _local(element: _Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _wrap(html: str) -> str:
    """Return the content of the old editor, which left paragraphs to empty lines, as paragraphs."""
    paragraphs = re.split(r"\n\s*\n", html.replace("\r\n", "\n").strip())
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)
