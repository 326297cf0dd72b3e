"""Posts of a blog in the JSON that Ghost exports, with authors and tags, which stand in other tables."""

from __future__ import annotations

import json
from collections import defaultdict
from html import escape

from ingest.exports.values import Row, object_of, objects_of, said

# The text of a post in Ghost: as its readers see it, without marks, and as two of its editors keep it.
TEXTS = frozenset({"html", "plaintext", "lexical", "mobiledoc"})
# How Mobiledoc, the older of them, writes a list, and words with their marks.
LIST, LENGTH_OF_MARKER = 3, 4


def posts_of_ghost(value: object) -> list[Row | str] | None:
    """Return the posts of a blog with the names of their authors and tags, which stand in other tables."""
    if isinstance(value, dict):
        value = next(iter(objects_of(value, "db")), value)
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, dict) or "posts_tags" not in data or not objects_of(data, "posts"):
        return None
    authors = _joined(data, "posts_authors", "author_id", "users")
    tags = _joined(data, "posts_tags", "tag_id", "tags")
    title = [said(each, "value") for each in objects_of(data, "settings") if each.get("key") == "title"]
    rows: list[Row | str] = []
    for post in objects_of(data, "posts"):
        identity = str(post.get("id"))
        text = said(post, "html", "plaintext") or _kept_by_editor(post)
        # What could not be made words stays as it is.
        left = TEXTS if text else frozenset({"html"})
        # Tags that begin so are for whoever keeps the blog, and no reader sees them.
        shown = [tag for tag in tags[identity] if not tag.startswith("#")]
        rows.append(
            {
                **{name: each for name, each in post.items() if name not in left},
                "html": text,
                # Else a draft would have the day of the export, which is in the name of the file.
                "published_at": post.get("published_at") or post.get("created_at"),
                "author": authors[identity],
                "tags": shown,
                "internal tags": [tag for tag in tags[identity] if tag.startswith("#")],
                "source": title[0] if title else "",
                "description": said(post, "custom_excerpt"),
            }
        )
    return rows


def _kept_by_editor(post: Row) -> str:
    """Return the words of a post as its editor keeps them, for those that were never shown as a page."""
    try:
        lexical = json.loads(said(post, "lexical") or "{}")
        mobiledoc = json.loads(said(post, "mobiledoc") or "{}")
    except (ValueError, RecursionError):
        return ""
    parts = [_of_node(node) for node in objects_of(object_of(lexical, "root"), "children")]
    sections = mobiledoc.get("sections") if isinstance(mobiledoc, dict) else None
    parts += [_of_section(each) for each in sections] if isinstance(sections, list) else []
    cards = mobiledoc.get("cards") if isinstance(mobiledoc, dict) else None
    for card in cards if isinstance(cards, list) else []:
        parts += [_of_node(each) for each in card if isinstance(each, dict)] if isinstance(card, list) else []
    return "".join(f"<p>{part}</p>" for part in parts if part.strip())


def _of_node(node: Row) -> str:
    """Return the words of a paragraph or a card, and of all that it holds, for HTML."""
    own = said(node, "html") or escape(said(node, "text", "markdown", "caption"), quote=False)
    joint = "<br>" if node.get("type") == "list" else ""
    return own.replace("\n", "<br>") + joint.join(map(_of_node, objects_of(node, "children")))


def _of_section(section: object) -> str:
    """Return the words of a part of a text, which stand last in lists within lists."""
    if not isinstance(section, list) or not section:
        return ""
    if not isinstance(section[0], int):  # the words of a point of a list, each with its marks
        return "".join(map(_of_section, section))
    words = section[-1]
    if isinstance(words, list):
        return ("<br>" if section[0] == LIST else "").join(map(_of_section, words))
    is_marker = len(section) == LENGTH_OF_MARKER and isinstance(words, str)
    return escape(words, quote=False) if is_marker else ""


def _joined(data: Row, links: str, key: str, table: str) -> defaultdict[str, list[str]]:
    """Return the names of what belongs to each post, in their order."""
    names = {str(each.get("id")): said(each, "name") for each in objects_of(data, table)}
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for link in sorted(objects_of(data, links), key=_place):
        if name := names.get(str(link.get(key))):
            joined[str(link.get("post_id"))].append(name)
    return joined


def _place(link: Row) -> int:
    place = link.get("sort_order")
    return place if isinstance(place, int) else 0
