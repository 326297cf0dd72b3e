"""Posts and comments of Reddit, as its pages give them as JSON and as dumps hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ingest.exports.values import AN_ENTRY_WITHOUT_WORDS, Row, objects_of, said

if TYPE_CHECKING:
    from collections.abc import Iterator

FURTHER_COMMENTS = "further comments, which are not in the file"
DELETED = "a deleted post"
GONE = frozenset({"[deleted]", "[removed]"})
# Of what Reddit says of a post: the same again, or what would be taken for its title, date or publication.
LEFT = frozenset(
    {"replies", "selftext_html", "body_html", "created", "name", "domain", "permalink", "url", "subreddit"}
)


def posts_of_reddit(value: object) -> list[Row | str] | None:
    """Return the posts and comments of a page of Reddit, answers below what they answer."""
    pages = value if isinstance(value, list) else [value]
    if not pages or not all(isinstance(page, dict) and page.get("kind") == "Listing" for page in pages):
        return None
    return [_of_thing(thing) for thing in _things(cast("list[Row]", pages))]


def as_post_of_reddit(row: Row) -> Row:
    """Return an object of a list as a post where it is one of Reddit; any other as it is."""
    is_post = isinstance(row.get("subreddit"), str) and isinstance(row.get("permalink"), str)
    return _post(row) if is_post and ("selftext" in row or "body" in row) else row


def _things(pages: list[Row]) -> Iterator[Row]:
    waiting = pages[::-1]
    while waiting:
        thing = waiting.pop()
        data = thing.get("data")
        if thing.get("kind") == "Listing":
            waiting += objects_of(data, "children")[::-1]
            continue
        yield thing
        if isinstance(data, dict) and isinstance(data.get("replies"), dict):
            waiting.append(cast("Row", data["replies"]))


def _of_thing(thing: Row) -> Row | str:
    data = thing.get("data")
    if thing.get("kind") == "more" or not isinstance(data, dict):
        return FURTHER_COMMENTS
    if not said(data, "title", "body", "selftext"):
        return AN_ENTRY_WITHOUT_WORDS
    if said(data, "body") in GONE:
        return DELETED
    return _post(data)


def _post(data: Row) -> Row:
    """Return a post or a comment of Reddit; its address is its own, not that to which it leads."""
    permalink, leads_to = said(data, "permalink"), said(data, "url")
    address = f"https://www.reddit.com{permalink}" if permalink.startswith("/") else permalink
    return {
        **{name: value for name, value in data.items() if name not in LEFT},
        "author": "" if said(data, "author") in GONE else data.get("author"),
        "source": f"r/{data['subreddit']}" if said(data, "subreddit") else "",
        "url": address or leads_to,
        "leads_to": "" if permalink and leads_to.endswith(permalink) else leads_to,
    }
