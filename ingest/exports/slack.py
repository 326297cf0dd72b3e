"""Messages that Slack exports as JSON, a file a day in the folder of each channel."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, cast

from ingest.exports.values import A_MEMBER, A_NOTICE, WITHOUT_WORDS, Row, objects_of, said

if TYPE_CHECKING:
    from collections.abc import Mapping

MOMENT = re.compile(r"(\d{10})\.\d{6}", re.ASCII)
NOTICES = frozenset(
    f"{kind}_{what}"
    for kind in ("channel", "group")
    for what in ("join", "leave", "name", "archive", "unarchive", "convert_to_private", "posting_permissions")
) | {"bot_add", "bot_remove", "pinned_item", "unpinned_item", "reminder_add", "tombstone", "huddle_thread"}
# What says the same in other words: the text as parts for a screen, and the picture of who wrote it.
LEFT = frozenset({"text", "blocks", "user_profile", "files", "icons"})
# `<https://ferry.example|the times>`, `<@U01ABC>`, `<#C01ABC|general>`, `<!here>`; all else is as in HTML.
MARK = re.compile(r"<([^<>|]{1,2000})(?:\|([^<>]{0,2000}))?>")
DAY = re.compile(r"(?:.*/)?([^/]+)/\d{4}-\d\d-\d\d\.json")
ADDRESS = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
EMPTY_LINES = re.compile(r"\n\s*\n")


def messages_of_slack(value: object, locator: str, people: Mapping[str, str]) -> list[Row | str] | None:
    """Return the messages of a day, or why each is passed over; None of what is no such list.

    `people` are the names of those who write or are spoken of, where the export says them elsewhere.
    """
    if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
        return None
    rows = cast("list[Row]", value)
    if all("team_id" in row and isinstance(row.get("profile"), dict) for row in rows):
        return [A_MEMBER] * len(rows)
    if not all(row.get("type") == "message" and MOMENT.fullmatch(str(row.get("ts"))) for row in rows):
        return None
    found = DAY.fullmatch(locator)
    channel = found[1] if found else ""
    names = {**people, **{said(row, "user"): name for row in rows if (name := _name(row))}}
    return [_message(row, channel, names) for row in rows]


def _name(message: Row) -> str:
    named = said(message.get("user_profile"), "real_name", "display_name", "name")
    return named or said(message, "username")


def _message(message: Row, channel: str, names: dict[str, str]) -> Row | str:
    if message.get("subtype") in NOTICES:
        return A_NOTICE
    attached = [words for each in objects_of(message, "attachments") for words in _of_attachment(each)]
    own = said(message, "text")
    text = own or "\n\n".join(attached or _words_of(message.get("blocks")))
    if not text.strip():
        return WITHOUT_WORDS
    # Below words of somebody stands what a page says to which they lead; that stays a field.
    left = LEFT if own else LEFT | {"attachments"}
    return {
        **{name: value for name, value in message.items() if name not in left},
        "text": _as_html(text, names),
        "author": _name(message) or names.get(said(message, "user"), ""),
        "published": str(message["ts"]).partition(".")[0],
        "source": channel,
        "attachment": [said(each, "name", "title", "id") for each in objects_of(message, "files")],
        "leads_to": [said(each, "title_link", "from_url") for each in objects_of(message, "attachments")],
    }


def _of_attachment(attached: Row) -> list[str]:
    """Return what a card below a message says: programs often say all they have to say in one."""
    words = [said(attached, name) for name in ("pretext", "title", "text")]
    fields = [f"{said(each, 'title')}: {said(each, 'value')}" for each in objects_of(attached, "fields")]
    return [each for each in (*words, *fields) if each] or [*filter(None, [said(attached, "fallback")])]


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

    linked = MARK.sub(resolved, text)
    return "".join(
        f"<p>{part.strip().replace(chr(10), '<br>')}</p>"
        for part in EMPTY_LINES.split(linked)
        if part.strip()
    )
