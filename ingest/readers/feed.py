"""RSS, Atom and JSON feeds: an article for every entry."""

from __future__ import annotations

import io
import json
import re
from html import escape
from typing import TYPE_CHECKING, Any, BinaryIO

from ingest.columns import MARKUP
from ingest.errors import ItemError
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

# Nothing here may match in two ways: the head of every file is tried against it.
FEED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:(?><\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>)\s*+)*+<(?:rss|feed|rdf:RDF)\b",
    re.DOTALL,
)
JSON_FEED = re.compile(rb'^\s*\{.*?"version"\s*:\s*"https?://(?:www\.)?jsonfeed\.org', re.DOTALL)
# An export of Blogger is a feed of all that the blog holds: settings, templates and comments too.
KIND_SCHEME = "http://schemas.google.com/g/2005#kind"
BLOG_ARTICLES = frozenset({"post", "page"})
BLOG_PUBLIC = frozenset({"", "live"})
BLOG_TRASH = "soft_trashed"
OTHER_EXPORTS = (b"wordpress.org/export", b"zotero.org/namespaces/export")
TAG = re.compile(r"<(?:/?[A-Za-z]|!)[^<>]*>")
BETWEEN = re.compile(r"<(?:/(?:p|div|li|h[1-6]|td|tr|blockquote)|br\s*/?)>", re.IGNORECASE)
WITH_ADDRESS = re.compile(r"[^\s()<>@]+@[^\s()<>@]+\s*\((.+)\)|([^<>]*[^<>\s])\s*<[^<>@]+@[^<>]+>")
DOCTYPE_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
# No name and no address is so long. From each letter of an author the library looks to the end of the word.
LONGEST_WORD = 3000
ENDLESS_WORD = re.compile(rb"(?<![\w.+-])[\w.+-]{%d,}" % LONGEST_WORD)
EMPTY_LINE = re.compile(r"\n\s*\n")
# The feed's author is that of its entries, unless an entry names its own, be it in its text.
WHOLE = "feed as a whole"
HINT = "Open the feed in a browser and save it again."


def is_feed(head: bytes) -> bool:
    """Tell a feed by its first element; exports of WordPress and Zotero have readers of their own."""
    return not any(mark in head for mark in OTHER_EXPORTS) and bool(FEED.match(head) or JSON_FEED.match(head))


@reader(
    name="feed",
    version="1",
    suffixes=(".rss", ".atom", ".rdf"),
    media_types=("application/rss+xml", "application/atom+xml", "application/feed+json"),
    recognise=is_feed,
    library="feedparser",
    keeps="each entry with its full content, or its summary where that is all; authors, dates, tags",
    loses="enclosures; of a Blogger export, comments, settings and trash are listed as skipped",
)
def read_feed(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each entry; the feed's title is their source."""
    data = source.read()
    yield from _read_json(item, data) if JSON_FEED.match(data[:4096]) else _read_xml(item, data)


def _read_xml(item: Item, data: bytes) -> Iterator[RawDocument | Item]:
    import feedparser  # noqa: PLC0415 - only for feeds

    if DOCTYPE_ENTITY.search(data):
        raise ItemError("entities", "It defines entities of its own, which is refused.", hint=HINT)
    # Sanitising is done once for all formats when normalising, and takes most of the time here.
    data = ENDLESS_WORD.sub(_divide, data)
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False)
    if not feed.entries:
        reason = feed.get("bozo_exception") if feed.get("bozo") else None
        raise ItemError("no-entries", f"There is no entry in it ({reason or 'it is empty'}).", hint=HINT)
    doubts = tuple(_doubts(feed))
    for number, entry in enumerate(feed.entries, start=1):
        locator = f"{item.locator}#{_name(entry.get('id') or entry.get('link'), number)}"
        if reason := _why_no_article(entry):
            yield Item(locator=locator, skip=reason)
            continue
        content = max(map(_as_html, entry.get("content", ())), key=len, default="")
        summary = _as_html(entry.get("summary_detail") or {"value": entry.get("summary")})
        if len(content) < len(summary):
            content = ""  # what is said of a picture, or the beginning of the text
        yield RawDocument(
            locator=locator,
            format="document",
            content=content or summary,
            fields=tuple(_fields(feed, entry, content)),
            problems=doubts,
        )
        doubts = ()  # told of the first for all


def _divide(word: re.Match[bytes]) -> bytes:
    return b" ".join(word[0][start : start + LONGEST_WORD] for start in range(0, len(word[0]), LONGEST_WORD))


def _as_html(detail: Any) -> str:
    """Return a content or a summary as HTML; many that a feed calls plain, or nothing, are HTML already."""
    value = str(detail.get("value") or "")
    if detail.get("type") != "text/plain" or MARKUP.search(value):
        return value
    return "".join(f"<p>{escape(part)}</p>" for part in EMPTY_LINE.split(value.strip()))


def _doubts(feed: Any) -> Iterator[Problem]:
    if feed.get("bozo"):
        message = (
            f"The feed is not well-formed ({feed.get('bozo_exception')}); entries after that may be missing."
        )
        yield Problem(stage="read", code="feed", message=message, hint=HINT)


def _fields(parsed: Any, entry: Any, content: str) -> Iterator[Field]:
    feed = parsed.feed
    stated = {
        "title": entry.get("title"),
        "url": entry.get("link"),
        "published": entry.get("published") or entry.get("created") or entry.get("updated"),
        # Asked for what is not stated, the library gives the date of publication.
        "modified": entry.get("updated") if "updated" in entry else None,
        # The library takes a content for the summary where there is none, and has no details of it then.
        "description": said
        if content and (said := _as_html(entry.get("summary_detail", {}))) != content
        else None,
        "source": feed.get("title"),
        "language": (entry.get("title_detail") or {}).get("language") or feed.get("language"),
        "guid": entry.get("id"),
    }
    for name, value in stated.items():
        if value:
            yield Field(name=name, value=TAG.sub("", BETWEEN.sub(" ", str(value))), origin="feed")
    for author in _authors(entry):
        yield Field(name="author", value=author, origin="feed")
    # In RSS, who answers for the feed is no author.
    if parsed.version.startswith("atom"):
        for author in _authors(entry.get("source", {})) or _authors(feed):
            yield Field(name="author", value=author, origin=WHOLE)
    if _blog_status(entry) not in BLOG_PUBLIC:
        yield Field(name="rights", value="metadata", origin="feed")
    for tag in entry.get("tags", ()):
        if tag.get("scheme") != KIND_SCHEME and (tag.get("label") or tag.get("term")):
            yield Field(name="tag", value=tag.get("label") or tag.get("term"), origin="feed")


def _why_no_article(entry: Any) -> str | None:
    """Return why what a blog exported is none of its posts and pages; None for any other entry."""
    kinds = [tag.get("term") or "" for tag in entry.get("tags", ()) if tag.get("scheme") == KIND_SCHEME]
    kind = (entry.get("blogger_type") or "".join(kinds[:1]).rpartition("#")[2]).lower()
    if kind and kind not in BLOG_ARTICLES:
        return f"not an article: {kind}"
    return "in the blog's trash" if _blog_status(entry) == BLOG_TRASH else None


def _blog_status(entry: Any) -> str:
    """Return what a blog's export says of who could read an entry; empty where it says nothing."""
    return "draft" if entry.get("app_draft") == "yes" else (entry.get("blogger_status") or "").lower()


def _authors(stated: Any) -> list[str]:
    """Return the names of authors; of one with an address, the name as it was written.

    The library takes an address for shorter than it may be, and puts its end before the name.
    """
    named = [author["name"] for author in stated.get("authors", ()) if author.get("name")]
    whole = WITH_ADDRESS.fullmatch((stated.get("author") or "").strip())
    return [whole[1] or whole[2]] if whole and len(named) <= 1 else named


def _read_json(item: Item, data: bytes) -> Iterator[RawDocument | Item]:
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ItemError("damaged", f"It is not valid JSON ({error}).", hint=HINT) from error
    entries = feed.get("items")
    if not isinstance(entries, list):
        raise ItemError("no-entries", "It holds no list of items.", hint=HINT)
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            yield Item(locator=f"{item.locator}#{number}", skip="not an entry of a feed")
            continue
        html = entry.get("content_html")
        stated = [
            ("title", entry.get("title")),
            ("url", entry.get("url") or entry.get("external_url")),
            ("published", entry.get("date_published")),
            ("modified", entry.get("date_modified")),
            ("description", entry.get("summary")),
            ("language", entry.get("language") or feed.get("language")),
            ("source", feed.get("title")),
            *(("author", name) for name in _json_authors(entry)),
            *(("tag", tag) for tag in _list(entry.get("tags"))),
        ]
        yield RawDocument(
            locator=f"{item.locator}#{_name(entry.get('id') or entry.get('url'), number)}",
            format="document" if html else "text",
            content=str(html or entry.get("content_text") or entry.get("summary") or ""),
            fields=(
                *(Field(name=name, value=str(value), origin="feed") for name, value in stated if value),
                *(Field(name="author", value=str(name), origin=WHOLE) for name in _json_authors(feed)),
            ),
        )


def _json_authors(stated: dict[str, Any]) -> list[object]:
    authors = _list(stated.get("authors")) or [stated.get("author")]
    return [author["name"] for author in authors if isinstance(author, dict) and author.get("name")]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _name(identifier: object, number: int) -> str:
    """Return what an entry is called in its locator: its own identifier, else its number."""
    return str(identifier) if isinstance(identifier, str | int) and str(identifier).strip() else str(number)
