"""Mailboxes in the mbox form: one message after another."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

SEPARATOR = re.compile(rb"From \S+.*\d{4}|From - ")
QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
LONGEST_MESSAGE = 256 * 1024 * 1024


@reader(
    name="mbox",
    version="1",
    suffixes=(".mbox", ".mbx"),
    media_types=("application/mbox",),
    recognise=lambda head: SEPARATOR.match(head) is not None,
    streams=True,
    keeps="each message as an item",
    loses="nothing",
)
def read_mbox(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each message, by its number; a message that is damaged does not end the mailbox."""
    for number, message in enumerate(split_messages(source), start=1):
        hint = replace(item.hint, media_type="message/rfc822")
        yield Item(locator=f"{item.locator}!/{number}.eml", data=message, hint=hint)


def split_messages(source: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of each message: a line `From …` after an empty line begins one."""
    lines: list[bytes] = []
    size = 0
    empty_before = True
    started = False
    for line in iter(lambda: source.readline(LONGEST_MESSAGE), b""):
        if empty_before and SEPARATOR.match(line):
            if started or lines:
                yield QUOTED.sub(rb"\1", b"".join(lines))
            lines, size, started = [], 0, True
        else:
            lines.append(line)
            size += len(line)
        if size > LONGEST_MESSAGE:
            raise ItemError("too-large", "One message is over 256 MiB.", hint="Split the mailbox.")
        empty_before = not line.strip()
    if started or lines:
        yield QUOTED.sub(rb"\1", b"".join(lines))
