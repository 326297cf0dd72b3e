"""Messages of chats that Slack and Discord export as JSON: who said what, when and where.

A message is given as a row of a table, under names of columns that are known; what is none is given as the
reason for which it is passed over.
"""

from __future__ import annotations

import re
from html import escape
from typing import cast

Row = dict[str, object]

# Of an entry of a chat that is no article.
A_NOTICE = "a notice of a chat, such as who joined it"
WITHOUT_WORDS = "a message of a chat without words"
A_MEMBER = "who takes part in a chat"

SLACK_MOMENT = re.compile(r"(\d{10})\.\d{6}", re.ASCII)
SLACK_NOTICES = frozenset(
    f"{kind}_{what}"
    for kind in ("channel", "group")
    for what in ("join", "leave", "name", "archive", "unarchive", "convert_to_private", "posting_permissions")
) | {"bot_add", "bot_remove", "pinned_item", "unpinned_item", "reminder_add", "tombstone", "huddle_thread"}
# What says the same in other words: the text as parts for a screen, and the picture of who wrote it.
SLACK_LEFT = frozenset({"text", "blocks", "user_profile", "files", "icons"})
# `<https://ferry.example|the times>`, `<@U01ABC>`, `<#C01ABC|general>`, `<!here>`; all else is as in HTML.
SLACK_MARK = re.compile(r"<([^<>|]{1,2000})(?:\|([^<>]{0,2000}))?>")
SLACK_DAY = re.compile(r"(?:.*/)?([^/]+)/\d{4}-\d\d-\d\d\.json")
ADDRESS = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
EMPTY_LINES = re.compile(r"\n\s*\n")
DISCORD_NOTICES = frozenset(
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


def messages_of(value: object, locator: str) -> list[Row | str] | None:
    """Return the messages of a chat, or why each is passed over; None of what is no chat."""
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        guild, channel, messages = value.get("guild"), value.get("channel"), value["messages"]
        if isinstance(guild, dict) and isinstance(channel, dict) and all(map(_is_row, messages)):
            return [_of_discord(cast("Row", each), guild, channel) for each in messages]
    if not isinstance(value, list) or not value or not all(map(_is_row, value)):
        return None
    rows = cast("list[Row]", value)
    if all("team_id" in row and isinstance(row.get("profile"), dict) for row in rows):
        return [A_MEMBER] * len(rows)
    if not all(row.get("type") == "message" and SLACK_MOMENT.fullmatch(str(row.get("ts"))) for row in rows):
        return None
    found = SLACK_DAY.fullmatch(locator)
    channel_name = found[1] if found else ""
    names = {_said(row, "user"): name for row in rows if (name := _slack_name(row))}
    return [_of_slack(row, channel_name, names) for row in rows]


def _is_row(value: object) -> bool:
    return isinstance(value, dict)


def _said(row: Row, *names: str) -> str:
    """Return the first of some keys that says anything."""
    return next((value for name in names if isinstance(value := row.get(name), str) and value.strip()), "")


def _inner(row: Row, name: str) -> list[Row]:
    """Return the objects of a list within an object."""
    value = row.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _slack_name(message: Row) -> str:
    profile = message.get("user_profile")
    named = _said(profile, "real_name", "display_name", "name") if isinstance(profile, dict) else ""
    return named or _said(message, "username")


def _of_slack(message: Row, channel: str, names: dict[str, str]) -> Row | str:
    if message.get("subtype") in SLACK_NOTICES:
        return A_NOTICE
    attached = [words for each in _inner(message, "attachments") for words in _of_attachment(each)]
    own = _said(message, "text")
    text = own or "\n\n".join(attached or _words_of(message.get("blocks")))
    if not text.strip():
        return WITHOUT_WORDS
    # Below words of somebody stands what a page says to which they lead; that stays a field.
    left = SLACK_LEFT if own else SLACK_LEFT | {"attachments"}
    return {
        **{name: value for name, value in message.items() if name not in left},
        "text": _as_html(text, names),
        "author": _slack_name(message) or names.get(_said(message, "user"), ""),
        "published": str(message["ts"]).partition(".")[0],
        "source": channel,
        "attachment": [_said(each, "name", "title", "id") for each in _inner(message, "files")],
        "leads_to": [_said(each, "title_link", "from_url") for each in _inner(message, "attachments")],
    }


def _of_attachment(attached: Row) -> list[str]:
    """Return what a card below a message says: programs often say all they have to say in one."""
    words = [_said(attached, name) for name in ("pretext", "title", "text")]
    fields = [f"{_said(each, 'title')}: {_said(each, 'value')}" for each in _inner(attached, "fields")]
    return [each for each in (*words, *fields) if each] or [*filter(None, [_said(attached, "fallback")])]


def _words_of(blocks: object) -> list[str]:
    """Return the texts of what a program composed for a screen, in order."""
    if isinstance(blocks, list):
        return [words for each in blocks for words in _words_of(each)]
    if not isinstance(blocks, dict):
        return []
    text = blocks.get("text")
    own = [text] if isinstance(text, str) and text.strip() else _words_of(text)
    return [*own, *_words_of(blocks.get("fields")), *_words_of(blocks.get("elements"))]


def _as_html(text: str, names: dict[str, str]) -> str:
    """Return a text of Slack as paragraphs, with links, and with names of people where they are known."""

    def resolved(found: re.Match[str]) -> str:
        target, label = found[1], found[2] or ""
        if ADDRESS.match(target):
            address = escape(target.replace("&amp;", "&"))
            return f'<a href="{address}">{label or target}</a>'
        named = names.get(target[1:], "") if target.startswith("@") else ""
        if named:
            return "@" + escape(named, quote=False)
        mark = target[0] if target[0] in "@#" else "@"
        return f"{mark}{(label or target.lstrip('@#!')).lstrip('@#')}"

    linked = SLACK_MARK.sub(resolved, text)
    return "".join(
        f"<p>{part.strip().replace(chr(10), '<br>')}</p>"
        for part in EMPTY_LINES.split(linked)
        if part.strip()
    )


def _of_discord(message: Row, guild: Row, channel: Row) -> Row | str:
    if message.get("type") in DISCORD_NOTICES:
        return A_NOTICE
    passed_on = message.get("forwardedMessage")
    text = _said(message, "content") or (_said(passed_on, "content") if isinstance(passed_on, dict) else "")
    embeds = [words for each in _inner(message, "embeds") for words in _embedded(each)]
    text = text or "\n\n".join(embeds)
    if not text:
        return WITHOUT_WORDS
    author = message.get("author")
    return {
        **message,
        "content": text,
        "author": _said(author, "nickname", "name") if isinstance(author, dict) else "",
        "source": _said(guild, "name"),
        "section": _said(channel, "name"),
    }


def _embedded(embed: Row) -> list[str]:
    """Return what a card below a message of Discord says."""
    fields = [f"{_said(each, 'name')}: {_said(each, 'value')}" for each in _inner(embed, "fields")]
    return [words for words in (_said(embed, "title"), _said(embed, "description"), *fields) if words]
