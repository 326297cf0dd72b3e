"""Posts in the archive that X, once Twitter, gives to whoever asks for theirs: `tweets.js`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
from ingest.columns import document_of, map_columns
from ingest.errors import ItemError
from ingest.exports.beside import OF_THE_ACCOUNT
from ingest.exports.twitter import post_of_twitter
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

# What makes a program of the list; a long archive has further files, with `part1` and so on.
BEGINS = re.compile(r"\ufeff?\s*+window\.YTD\.(?:tweets?|note_tweet|noteTweet)\.part\d+\s*+=\s*+")
HINT = "Unpack the archive again; if the file is the same then, ask X for a new one."


def is_list_of_posts(head: bytes) -> bool:
    """Tell a file of posts by the name to which it gives them."""
    return BEGINS.match(head.decode("utf-8", "ignore")) is not None


@reader(
    name="twitter",
    version="2",
    suffixes=(),
    media_types=("text/x-twitter-archive",),
    recognise=is_list_of_posts,
    keeps="each post in `tweets.js` and `note-tweet.js`: text with whole addresses, date, address, tags,"
    " whose words it passes on, what it answers, places of pictures; who wrote it, which `account.js` says",
    loses="what else is said of a post",
)
def read_twitter(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each post, by its place in the file."""
    content, _ = decode(source.read(), "utf-8")
    try:
        posts = json.loads(BEGINS.sub("", content, count=1))
    except (ValueError, RecursionError) as error:
        raise ItemError("damaged", f"The list in it cannot be read ({error}).", hint=HINT) from error
    if not isinstance(posts, list):
        raise ItemError("no-objects", "There is no list in it.", hint=HINT)
    account = dict(item.hint.names).get(OF_THE_ACCOUNT, "")
    for number, post in enumerate(posts, start=1):
        locator = f"{item.locator}!/{number}"
        row = post_of_twitter(post, account)
        if isinstance(row, str):
            yield Item(locator=locator, skip=row)
        else:
            yield document_of(locator, row, map_columns(row, ()))
