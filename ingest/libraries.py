"""Libraries of Zotero and bibliographies: what they say of the files that are exported with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.archives import parse_xml
from ingest.charset import decode, head_of_lines
from ingest.errors import ItemError
from ingest.exports.ris import BEGINS, entries_of_ris
from ingest.exports.zotero import MARK, entries_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ingest.model import Field

HEAD = 4096


def is_ris(head: bytes) -> bool:
    """Tell a bibliography in RIS by its first line, whatever the file is called."""
    return BEGINS.match(head_of_lines(head)) is not None


def files_told(data: bytes, is_there: Callable[[str], bool]) -> dict[str, tuple[Field, ...]]:
    """Return what a library states of each file below its folder, by the file's path from there.

    Nothing of what is no library, or a damaged one, which its reader tells.
    """
    try:
        return {path: stated for _, stated, _, paths in _entries(data) for path in paths if is_there(path)}
    except ItemError:
        return {}


def _entries(data: bytes) -> Iterator[tuple[str, tuple[Field, ...], str, list[str]]]:
    if MARK in data[:HEAD]:
        yield from entries_of(parse_xml(data, "it"))
    elif is_ris(data[:HEAD]):
        yield from entries_of_ris(decode(data)[0])
