"""Posts that social networks and blogs export as JSON: Ghost, Bluesky, Reddit and X, once Twitter.

A post is given as a row of a table, under names of columns that are known; what is none is given as the
reason for which it is passed over.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, object]

WITHOUT_WORDS = "an entry of a social network without words, such as a like"
FURTHER_COMMENTS = "further comments, which are not in the file"
DELETED = "a deleted post"
GONE = frozenset({"[deleted]", "[removed]"})
# The text of a post in Ghost: as its readers see it, without marks, and as two of its editors keep it.
GHOST_TEXTS = frozenset({"html", "plaintext", "lexical", "mobiledoc"})
# How Mobiledoc, the older of them, writes a list, and words with their marks.
LIST, LENGTH_OF_MARKER = 3, 4
BLUESKY_POST = "app.bsky.feed.post"
BLUESKY_PLACE = re.compile(r"at://([^/]+)/app\.bsky\.feed\.post/([^/]+)")
BLUESKY_LISTS = ("feed", "records", "posts")
# Of what Reddit says of a post: the same again, or what would be taken for its title, date or publication.
REDDIT_LEFT = frozenset(
    {"replies", "selftext_html", "body_html", "created", "name", "domain", "permalink", "url", "subreddit"}
)
# What X says of posts that are of one word or only of signs.
UNKNOWN_LANGUAGES = frozenset({"und", "zxx", "qme", "qst", "qam", "qct", "qht"})
SHORT_LINK = re.compile(r"https?://t\.co/\w{1,40}")
PASSED_ON = re.compile(r"RT @(\w{1,50}): ")


def posts_of(value: object) -> list[Row | str] | None:
    """Return the posts of an export, or why each entry is passed over; None of what is no such export."""
    for known in (_of_ghost, _of_reddit_listings, _of_bluesky_lists):
        if found := known(value):
            return found
    return None


def as_post(row: Row) -> Row:
    """Return an object of a list as a post where it is one of Reddit; any other as it is."""
    is_post = isinstance(row.get("subreddit"), str) and isinstance(row.get("permalink"), str)
    return _of_reddit(row) if is_post and ("selftext" in row or "body" in row) else row


def _said(row: object, *names: str) -> str:
    """Return the first of some keys that says anything."""
    if not isinstance(row, dict):
        return ""
    return next((value for name in names if isinstance(value := row.get(name), str) and value.strip()), "")


def _inner(row: object, name: str) -> list[Row]:
    """Return the objects of a list within an object."""
    value = row.get(name) if isinstance(row, dict) else None
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _object(row: object, name: str) -> Row:
    """Return an object within an object; an empty one where there is none."""
    value = row.get(name) if isinstance(row, dict) else None
    return value if isinstance(value, dict) else {}


def _of_ghost(value: object) -> list[Row | str] | None:
    """Return the posts of a blog with the names of their authors and tags, which stand in other tables."""
    if isinstance(value, dict):
        value = next(iter(_inner(value, "db")), value)
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(data, dict) or "posts_tags" not in data or not _inner(data, "posts"):
        return None
    authors = _joined(data, "posts_authors", "author_id", "users")
    tags = _joined(data, "posts_tags", "tag_id", "tags")
    title = [_said(each, "value") for each in _inner(data, "settings") if each.get("key") == "title"]
    rows: list[Row | str] = []
    for post in _inner(data, "posts"):
        identity = str(post.get("id"))
        text = _said(post, "html", "plaintext") or _kept_by_editor(post)
        # What could not be made words stays as it is.
        left = GHOST_TEXTS if text else frozenset({"html"})
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
                "description": _said(post, "custom_excerpt"),
            }
        )
    return rows


def _kept_by_editor(post: Row) -> str:
    """Return the words of a post as its editor keeps them, for those that were never shown as a page."""
    try:
        lexical = json.loads(_said(post, "lexical") or "{}")
        mobiledoc = json.loads(_said(post, "mobiledoc") or "{}")
    except (ValueError, RecursionError):
        return ""
    parts = [_of_node(node) for node in _inner(_object(lexical, "root"), "children")]
    sections = mobiledoc.get("sections") if isinstance(mobiledoc, dict) else None
    parts += [_of_section(each) for each in sections] if isinstance(sections, list) else []
    cards = mobiledoc.get("cards") if isinstance(mobiledoc, dict) else None
    for card in cards if isinstance(cards, list) else []:
        parts += [_of_node(each) for each in card if isinstance(each, dict)] if isinstance(card, list) else []
    return "".join(f"<p>{part}</p>" for part in parts if part.strip())


def _of_node(node: Row) -> str:
    """Return the words of a paragraph or a card, and of all that it holds, for HTML."""
    own = _said(node, "html") or escape(_said(node, "text", "markdown", "caption"), quote=False)
    joint = "<br>" if node.get("type") == "list" else ""
    return own.replace("\n", "<br>") + joint.join(map(_of_node, _inner(node, "children")))


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
    names = {str(each.get("id")): _said(each, "name") for each in _inner(data, table)}
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for link in sorted(_inner(data, links), key=_place):
        if name := names.get(str(link.get(key))):
            joined[str(link.get("post_id"))].append(name)
    return joined


def _place(link: Row) -> int:
    place = link.get("sort_order")
    return place if isinstance(place, int) else 0


def _of_reddit_listings(value: object) -> list[Row | str] | None:
    """Return the posts and comments of a page of Reddit, answers below what they answer."""
    pages = value if isinstance(value, list) else [value]
    if not pages or not all(isinstance(page, dict) and page.get("kind") == "Listing" for page in pages):
        return None
    return [_of_thing(thing) for thing in _things(cast("list[Row]", pages))]


def _things(pages: list[Row]) -> Iterator[Row]:
    waiting = pages[::-1]
    while waiting:
        thing = waiting.pop()
        data = thing.get("data")
        if thing.get("kind") == "Listing":
            waiting += _inner(data, "children")[::-1]
            continue
        yield thing
        if isinstance(data, dict) and isinstance(data.get("replies"), dict):
            waiting.append(cast("Row", data["replies"]))


def _of_thing(thing: Row) -> Row | str:
    data = thing.get("data")
    if thing.get("kind") == "more" or not isinstance(data, dict):
        return FURTHER_COMMENTS
    if not _said(data, "title", "body", "selftext"):
        return WITHOUT_WORDS
    if _said(data, "body") in GONE:
        return DELETED
    return _of_reddit(data)


def _of_reddit(data: Row) -> Row:
    """Return a post or a comment of Reddit; its address is its own, not that to which it leads."""
    permalink, leads_to = _said(data, "permalink"), _said(data, "url")
    address = f"https://www.reddit.com{permalink}" if permalink.startswith("/") else permalink
    return {
        **{name: value for name, value in data.items() if name not in REDDIT_LEFT},
        "author": "" if _said(data, "author") in GONE else data.get("author"),
        "source": f"r/{data['subreddit']}" if _said(data, "subreddit") else "",
        "url": address or leads_to,
        "leads_to": "" if permalink and leads_to.endswith(permalink) else leads_to,
    }


def _of_bluesky_lists(value: object) -> list[Row | str] | None:
    """Return the posts of a list of records, or of a feed in which each stands below `post`."""
    entries = value
    if isinstance(value, dict):
        entries = next((value[name] for name in BLUESKY_LISTS if isinstance(value.get(name), list)), None)
    if not isinstance(entries, list) or not entries:
        return None
    found = [_record_of(each) for each in entries]
    if not any(view and record.get("$type") == BLUESKY_POST for view, record in found):
        return None
    return [_of_bluesky(view, record) for view, record in found]


def _record_of(entry: object) -> tuple[Row, Row]:
    """Return what is said of a record, and the record; both are empty where there is none."""
    if not isinstance(entry, dict):
        return {}, {}
    view = _object(entry, "post") or entry
    return view, _object(view, "record") or _object(view, "value")


def _of_bluesky(view: Row, record: Row) -> Row | str:
    text = _said(record, "text")
    if record.get("$type") != BLUESKY_POST or not text:
        return WITHOUT_WORDS
    place = BLUESKY_PLACE.fullmatch(_said(view, "uri"))
    author, embed = view.get("author"), _object(record, "embed")
    features = [each for facet in _inner(record, "facets") for each in _inner(facet, "features")]
    external = _object(embed, "external")
    links = [_said(external, "uri"), *(_said(each, "uri") for each in features)]
    tags = record.get("tags")
    languages = record.get("langs")
    return {
        "text": text,
        "published": record.get("createdAt"),
        "author": _said(author, "displayName", "handle"),
        "handle": _said(author, "handle"),
        "url": f"https://bsky.app/profile/{place[1]}/post/{place[2]}" if place else "",
        "language": languages[0] if isinstance(languages, list) and languages else "",
        "tags": [*(tags if isinstance(tags, list) else []), *(_said(each, "tag") for each in features)],
        "leads_to": [*dict.fromkeys(links)],
        "title of the link": _said(external, "title"),
        "picture": [_said(each, "alt") for each in _inner(embed, "images")],
        "in reply to": _said(_object(_object(record, "reply"), "parent"), "uri"),
        "uri": view.get("uri"),
        "cid": view.get("cid"),
    }


def of_twitter(entry: object) -> Row | str:
    """Return a post of an archive of X with the addresses that its short links stand for."""
    held = _object(entry, "tweet") or _object(entry, "noteTweet")
    core = _object(held, "core")
    text = _said(held, "full_text") or _said(core, "text")
    entities = _object(held, "entities") or core
    media = [*_inner(_object(held, "extended_entities"), "media"), *_inner(entities, "media")]
    whole = {_said(each, "url"): "" for each in media}
    for link in _inner(entities, "urls"):
        whole[_said(link, "url", "shortUrl")] = _said(link, "expanded_url", "expandedUrl")
    text = SHORT_LINK.sub(lambda found: whole.get(found[0], found[0]), text)
    if not text.strip():
        return WITHOUT_WORDS
    identity = _said(held, "id_str", "id")
    passed_on = PASSED_ON.match(text)
    reply = _said(held, "in_reply_to_status_id_str", "in_reply_to_status_id")
    return {
        "text": text.strip(),
        "published": held.get("created_at") or held.get("createdAt"),
        "url": f"https://twitter.com/i/web/status/{identity}" if identity else "",
        "language": language if (language := _said(held, "lang")) not in UNKNOWN_LANGUAGES else "",
        "tags": [_said(each, "text") for each in _inner(entities, "hashtags")],
        "forwarded_from": passed_on[1] if passed_on else "",
        "in reply to": f"https://twitter.com/i/web/status/{reply}" if reply else "",
        "attachment": [*dict.fromkeys(_said(each, "media_url_https", "media_url") for each in media)],
        "favorites": held.get("favorite_count"),
        "passed on": held.get("retweet_count"),
        "id": identity or held.get("noteTweetId"),
    }
