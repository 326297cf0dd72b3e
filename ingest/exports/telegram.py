"""Messages of chats and channels that Telegram exported as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.exports.values import A_NOTICE, WITHOUT_WORDS, object_of, objects_of, said

if TYPE_CHECKING:
    from ingest.exports.values import Row

KINDS = frozenset({"message", "service"})
OF_A_MESSAGE = {"id", "type", "date", "text"}


def messages_of_telegram(value: object) -> list[Row | str]:
    """Return the messages of one chat, or of all of somebody's; none of what is no export of Telegram."""
    listed: list[object] = [
        chat for kind in ("chats", "left_chats") for chat in objects_of(object_of(value, kind), "list")
    ]
    chats: list[tuple[object, list[Row]]] = [
        (chat, objects_of(chat, "messages")) for chat in listed or [value]
    ]
    if not all(_is_message(message) for _, messages in chats for message in messages):
        return []
    return [_row(message, chat) for chat, messages in chats for message in messages]


def _is_message(message: Row) -> bool:
    return message.keys() >= OF_A_MESSAGE and message["type"] in KINDS


def _row(message: Row, chat: object) -> Row | str:
    if message["type"] == "service":
        return A_NOTICE
    poll = object_of(message, "poll")
    words = [
        message["text"],
        poll.get("question"),
        *(each.get("text") for each in objects_of(poll, "answers")),
    ]
    text = "\n\n".join(filter(str.strip, map(_line, words)))
    if not text:
        return WITHOUT_WORDS
    # A channel speaks under its own name, which is no author's, unless its posts are signed.
    is_channel = said(chat, "type").endswith("channel")
    author = said(message, "author") or ("" if is_channel else said(message, "from"))
    return {**message, "text": text, "author": author, "source": said(chat, "name")}


def _line(text: object) -> str:
    """Return a text in one piece, of which Telegram sets apart the words that are marked or linked."""
    parts = text if isinstance(text, list) else [text]
    words = (each.get("text") if isinstance(each, dict) else each for each in parts)
    return "".join(each for each in words if isinstance(each, str))
