"""Notes that Google Keep gives to whoever asks for all that they wrote, each as JSON and as a page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from ingest.exports.values import objects_of, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ingest.exports.values import Row

File = TypeVar("File")

MARK = "userEditedTimestampUsec"
MADE = "createdTimestampUsec"
FOLDER = "Keep"
TOLD_AS_JSON = "the same note as its JSON"
IN_TRASH = "a note in the trash"
A_SECOND = 1_000_000
# What is told in another way, or of how a note looks.
LEFT = frozenset(
    {"listContent", "textContent", "textContentHtml", "annotations", "color", "isPinned", MARK, MADE}
)


def notes_of_keep(value: object) -> list[Row | str] | None:
    """Return the one note that a file of Keep is, with its list as lines; None of what is no such file."""
    if not isinstance(value, dict) or not {"isTrashed", MARK} <= value.keys():
        return None
    if value["isTrashed"] is True:
        return [IN_TRASH]
    listed = [f"- {said(each, 'text')}" for each in objects_of(value, "listContent") if said(each, "text")]
    return [
        {
            **{name: each for name, each in value.items() if name not in LEFT},
            "text": "\n\n".join(filter(None, [said(value, "textContent"), "\n".join(listed)])),
            "published": _moment(value.get(MADE) or value[MARK]),
            "leads_to": [said(each, "url") for each in objects_of(value, "annotations")],
        }
    ]


def _moment(microseconds: object) -> str:
    try:
        return datetime.fromtimestamp(int(str(microseconds)) // A_SECOND, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def pages_again(files: Mapping[str, File], read: Callable[[File], bytes | None]) -> Iterator[str]:
    """Yield the names of the pages in Keep's folder that give a note again which the JSON beside each has."""
    for page in files:
        data = files.get(f"{page.removesuffix('.html')}.json") if page.endswith(".html") else None
        if data is not None and MARK.encode() in (read(data) or b""):
            yield page
