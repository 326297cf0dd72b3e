"""WordPress exports (WXR): an article for every post and page."""

from __future__ import annotations

import re
from contextlib import suppress
from html import escape
from json import loads
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
# What the editor of blocks writes before each; of all other texts, paragraphs are left to empty lines.
OF_BLOCKS = "<!-- wp:"
BLOCK_TAG = re.compile(
    r"(</?(?:table|thead|tbody|tfoot|caption|tr|td|th|div|[duo]l|d[dt]|li|pre|blockquote|address|p|h[1-6r]"
    r"|section|article|aside|header|footer|figure|figcaption|details|summary)\b[^<>]*>)",
    re.IGNORECASE,
)
# Text in these is no paragraph of its own, unless an empty line parts it.
HOLDERS = frozenset({"li", "td", "th", "dt", "dd"})
WHOLE = frozenset({"p", "pre", "caption", "figure", "figcaption", "summary", *(f"h{n}" for n in range(1, 7))})
EMPTY_LINE = re.compile(r"\n\s*\n")
CAPTIONED = re.compile(r"\[caption\b([^\[\]]*+)\]((?:(?!\[/?caption\b).)*+)\[/caption\]", re.DOTALL)
IMAGE = re.compile(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.DOTALL)
CAPTION = re.compile(r"\bcaption=([\"'])(.*?)\1")
# Whatever has an end is a shortcode, and so is what the programs that lay out pages write.
SHORTCODE = re.compile(r"\[/?([a-z][\w-]*+)[^\]\[]*+\]")
KNOWN = re.compile(r"caption|gallery|embed|audio|video|playlist|(?:vc|et_pb|fusion)_\w+")
NOTE = re.compile(r"\[(footnote|efn_note|mfn|ref)\b[^\[\]]*+\]([^\[\]]*+)\[/\1\]")
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
    loses="comments, marks of shortcodes; media, menus, revisions and trash are listed as skipped",
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
    html = _without_shortcodes((element.findtext(CONTENT) or "").replace("\r\n", "\n"))
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
        content=(html if OF_BLOCKS in html else _wrap(html)) + _notes(element),
        fields=tuple(Field(name=name, value=value, origin="wordpress") for name, value in stated if value),
    )


def _local(element: _Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _without_shortcodes(html: str) -> str:
    """Return a text without the marks in square brackets that the site replaces; what they hold stays."""
    html = NOTE.sub(r" [\2]", CAPTIONED.sub(_figure, html))
    ended = {mark[1] for mark in SHORTCODE.finditer(html) if mark[0].startswith("[/")}
    return SHORTCODE.sub(lambda mark: "" if mark[1] in ended or KNOWN.fullmatch(mark[1]) else mark[0], html)


def _figure(captioned: re.Match[str]) -> str:
    """Return a picture with its caption, which older sites stated among what the shortcode says."""
    attributes, inner = captioned.groups()
    image, stated = IMAGE.match(inner), CAPTION.search(attributes)
    if not image:
        return inner
    caption = image[2].strip() or (stated[2] if stated else "")
    return f"<figure>{image[1]}<figcaption>{caption}</figcaption></figure>"


def _notes(element: _Element) -> str:
    """Return the footnotes of a text written in blocks, which are kept beside it."""
    for meta in element.iterfind("{*}postmeta"):
        values = {_local(child): child.text or "" for child in meta}
        if values.get("meta_key") == "footnotes":
            with suppress(ValueError, TypeError, AttributeError):  # another plugin's, of another form
                notes = [(str(note.get("id")), str(note["content"])) for note in loads(values["meta_value"])]
                items = "".join(f'<li id="{escape(name)}">{content}</li>' for name, content in notes)
                return f"<ol>{items}</ol>" if items else ""
    return ""


def _wrap(html: str) -> str:
    """Return the content of the old editor, which left paragraphs to empty lines, as paragraphs."""
    pieces: list[str] = []
    within = ""
    for number, piece in enumerate(BLOCK_TAG.split(html)):
        if number % 2:
            name = piece.strip("</>").split(maxsplit=1)[0].lower()
            within = name if not piece.startswith("</") else ""
            pieces.append(piece)
        elif within in WHOLE or not piece.strip() or (within in HOLDERS and not EMPTY_LINE.search(piece)):
            pieces.append(piece)
        else:
            paragraphs = EMPTY_LINE.split(piece.strip())
            pieces += (f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)
    return "".join(pieces)
