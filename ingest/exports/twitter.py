"""Posts in the archive that X, once Twitter, gives to whoever asks for theirs."""

from __future__ import annotations

import re

from ingest.exports.values import AN_ENTRY_WITHOUT_WORDS, Row, object_of, objects_of, said

# What X says of posts that are of one word or only of signs.
UNKNOWN_LANGUAGES = frozenset({"und", "zxx", "qme", "qst", "qam", "qct", "qht"})
SHORT_LINK = re.compile(r"https?://t\.co/\w{1,40}")
PASSED_ON = re.compile(r"RT @(\w{1,50}): ")


def post_of_twitter(entry: object, account: str) -> Row | str:
    """Return a post of an archive of X with the addresses that its short links stand for.

    Of whom the account is wrote it, unless it passes on words of somebody else.
    """
    held = object_of(entry, "tweet") or object_of(entry, "noteTweet")
    core = object_of(held, "core")
    text = said(held, "full_text") or said(core, "text")
    entities = object_of(held, "entities") or core
    media = [*objects_of(object_of(held, "extended_entities"), "media"), *objects_of(entities, "media")]
    whole = {said(each, "url"): "" for each in media}
    for link in objects_of(entities, "urls"):
        short = said(link, "url", "shortUrl")
        whole[short] = said(link, "expanded_url", "expandedUrl") or short
    text = SHORT_LINK.sub(lambda found: whole.get(found[0], found[0]), text)
    if not text.strip():
        return AN_ENTRY_WITHOUT_WORDS
    identity = said(held, "id_str", "id")
    passed_on = PASSED_ON.match(text)
    reply = said(held, "in_reply_to_status_id_str", "in_reply_to_status_id")
    return {
        "text": text.strip(),
        "published": held.get("created_at") or held.get("createdAt"),
        "author": "" if passed_on else account,
        "url": f"https://twitter.com/i/web/status/{identity}" if identity else "",
        "language": language if (language := said(held, "lang")) not in UNKNOWN_LANGUAGES else "",
        "tags": [said(each, "text") for each in objects_of(entities, "hashtags")],
        "forwarded_from": passed_on[1] if passed_on else "",
        "in reply to": f"https://twitter.com/i/web/status/{reply}" if reply else "",
        "attachment": [*dict.fromkeys(said(each, "media_url_https", "media_url") for each in media)],
        "favorites": held.get("favorite_count"),
        "passed on": held.get("retweet_count"),
        "id": identity or held.get("noteTweetId"),
    }
