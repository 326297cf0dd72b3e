"""What chats, social networks and blogs export as JSON, a file for each: entries as rows of a table.

A row has names of columns that are known; what is no article is given as the reason for which it is
passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.exports.bluesky import posts_of_bluesky
from ingest.exports.discord import messages_of_discord
from ingest.exports.ghost import posts_of_ghost
from ingest.exports.keep import notes_of_keep
from ingest.exports.reddit import posts_of_reddit
from ingest.exports.slack import messages_of_slack
from ingest.exports.telegram import messages_of_telegram

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.exports.values import Row


def entries_of(value: object, locator: str, people: Mapping[str, str]) -> list[Row | str] | None:
    """Return the entries of an export, or why each is passed over; None of what is no export known here."""
    if (messages := messages_of_slack(value, locator, people)) is not None:
        return messages
    for known in (
        messages_of_discord,
        messages_of_telegram,
        posts_of_ghost,
        posts_of_reddit,
        posts_of_bluesky,
        notes_of_keep,
    ):
        if entries := known(value):
            return entries
    return None
