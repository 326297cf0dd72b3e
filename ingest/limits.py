"""What one item may cost, and the bounded reading that holds it to that.

The defaults fit an 8 GB laptop; a collection may set its own under `limits` in metadata.yml.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.errors import ItemError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.model import Item

MIB = 1024 * 1024
PIECE = MIB
HINT = "If it is genuine, raise the limit under `limits` in metadata.yml and run again."


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one item may cost before it becomes a problem.

    `seconds` (of the processor) and `memory_mib` are for each document, `item_mib` for what must
    be held whole in memory, `expansion` for the sum of an archive's members over its own size
    (with at least `expansion_mib` allowed), `members` and `depth` for archives within archives,
    `text_mib` for the text of one document, `part_characters` for one part of a long text,
    `download_mib` for one file fetched from elsewhere, or held on disk since it is in an archive and is
    read piece by piece, `download_seconds` for fetching it.
    """

    seconds: int = 30
    memory_mib: int = 1024
    item_mib: int = 256
    expansion: int = 10
    expansion_mib: int = 50
    members: int = 10_000
    depth: int = 5
    text_mib: int = 100
    part_characters: int = 1_000_000
    download_mib: int = 2048
    download_seconds: int = 600


DEFAULT_LIMITS = Limits()


class Budget:
    """How many bytes may still come out of one file and everything nested in it."""

    def __init__(self, limits: Limits, size: int) -> None:
        """Allow what the limits do for a file of this many bytes."""
        self.limits = limits
        self.left = max(limits.expansion * size, limits.expansion_mib * MIB)

    def hold(self, item: Item, stream: BinaryIO, streams: Callable[[bytes], bool]) -> BinaryIO:
        """Return a member as a file of its own, in memory or, where its reader `streams`, perhaps on disk.

        `streams` is asked with the first bytes. Raises `ItemError` as soon as the member is too large or
        the file it came from has expanded too much; no more than the allowed bytes are ever decompressed.
        """
        allowed = min(self.left, self.limits.item_mib * MIB)
        held: BinaryIO = io.BytesIO()
        head = b""
        size = 0
        # Some streams return less than they are asked for before they end.
        while piece := stream.read(min(PIECE, allowed + 1 - size)):
            head = head or piece
            size += len(piece)
            if size > allowed and isinstance(held, io.BytesIO) and streams(head):
                allowed = min(self.left, self.limits.download_mib * MIB)
                held = _on_disk(held)
            if size > allowed:
                # One bomb costs half of what is left, so that others can be read but not go on for ever.
                self.left //= 2
                held.close()
                raise ItemError("expansion", f"{item.locator} expands beyond what is allowed.", hint=HINT)
            held.write(piece)
        self.left -= size
        held.seek(0)
        return held


def _on_disk(held: io.BytesIO) -> BinaryIO:
    """Return a file without a name that holds the same."""
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - whoever reads it closes it
    file.write(held.getbuffer())
    return file
