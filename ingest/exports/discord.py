"""Messages that DiscordChatExporter exports as JSON, a file a channel."""

from __future__ import annotations

from ingest.exports.values import A_NOTICE, WITHOUT_WORDS, Row, object_of, objects_of, said

NOTICES = frozenset(
    {
        "RecipientAdd",
        "RecipientRemove",
        "Call",
        "ChannelNameChange",
        "ChannelIconChange",
        "ChannelPinnedMessage",
        "GuildMemberJoin",
        "ThreadCreated",
    }
)


def messages_of_discord(value: object) -> list[Row | str] | None:
    """Return the messages of a channel, or why each is passed over; None of what is no channel."""
    guild, channel = object_of(value, "guild"), object_of(value, "channel")
    messages = value.get("messages") if isinstance(value, dict) else None
    if not guild or not channel or not isinstance(messages, list):
        return None
    if not all(isinstance(each, dict) for each in messages):
        return None
    return [_message(each, guild, channel) for each in messages]


def _message(message: Row, guild: Row, channel: Row) -> Row | str:
    if message.get("type") in NOTICES:
        return A_NOTICE
    text = said(message, "content") or said(message.get("forwardedMessage"), "content")
    embeds = [words for each in objects_of(message, "embeds") for words in _embedded(each)]
    text = text or "\n\n".join(embeds)
    if not text:
        return WITHOUT_WORDS
    return {
        **message,
        "content": text,
        "author": said(message.get("author"), "nickname", "name"),
        "source": said(guild, "name"),
        "section": said(channel, "name"),
    }


def _embedded(embed: Row) -> list[str]:
    """Return what a card below a message of Discord says."""
    fields = [f"{said(each, 'name')}: {said(each, 'value')}" for each in objects_of(embed, "fields")]
    return [words for words in (said(embed, "title"), said(embed, "description"), *fields) if words]
