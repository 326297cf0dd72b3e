"""Posts of Bluesky in lists of records, and in feeds in which each stands below `post`."""

from __future__ import annotations

import re

from ingest.exports.values import AN_ENTRY_WITHOUT_WORDS, Row, object_of, objects_of, said

POST = "app.bsky.feed.post"
PLACE = re.compile(r"at://([^/]+)/app\.bsky\.feed\.post/([^/]+)")
LISTS = ("feed", "records", "posts")


def posts_of_bluesky(value: object) -> list[Row | str] | None:
    """Return the posts of a list of records, or of a feed in which each stands below `post`."""
    entries = value
    if isinstance(value, dict):
        entries = next((value[name] for name in LISTS if isinstance(value.get(name), list)), None)
    if not isinstance(entries, list) or not entries:
        return None
    found = [_record_of(each) for each in entries]
    if not any(view and record.get("$type") == POST for view, record in found):
        return None
    return [_post(view, record) for view, record in found]


def _record_of(entry: object) -> tuple[Row, Row]:
    """Return what is said of a record, and the record; both are empty where there is none."""
    if not isinstance(entry, dict):
        return {}, {}
    view = object_of(entry, "post") or entry
    return view, object_of(view, "record") or object_of(view, "value")


def _post(view: Row, record: Row) -> Row | str:
    text = said(record, "text")
    if record.get("$type") != POST or not text:
        return AN_ENTRY_WITHOUT_WORDS
    place = PLACE.fullmatch(said(view, "uri"))
    author, embed = view.get("author"), object_of(record, "embed")
    features = [each for facet in objects_of(record, "facets") for each in objects_of(facet, "features")]
    external = object_of(embed, "external")
    links = [said(external, "uri"), *(said(each, "uri") for each in features)]
    tags = record.get("tags")
    languages = record.get("langs")
    return {
        "text": text,
        "published": record.get("createdAt"),
        "author": said(author, "displayName", "handle"),
        "handle": said(author, "handle"),
        "url": f"https://bsky.app/profile/{place[1]}/post/{place[2]}" if place else "",
        "language": languages[0] if isinstance(languages, list) and languages else "",
        "tags": [*(tags if isinstance(tags, list) else []), *(said(each, "tag") for each in features)],
        "leads_to": [*dict.fromkeys(links)],
        "title of the link": said(external, "title"),
        "picture": [said(each, "alt") for each in objects_of(embed, "images")],
        "in reply to": said(object_of(object_of(record, "reply"), "parent"), "uri"),
        "uri": view.get("uri"),
        "cid": view.get("cid"),
    }
