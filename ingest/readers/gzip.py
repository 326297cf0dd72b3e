"""Single files compressed with gzip."""

from __future__ import annotations

import gzip
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@reader(
    name="gzip",
    version="1",
    suffixes=(".gz",),
    media_types=("application/gzip", "application/x-gzip"),
    streams=True,
    archive=True,
    keeps="the file within, as an item",
    loses="nothing",
)
def read_gzip(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the one file that was compressed."""
    name = item.locator.rpartition("/")[2].removesuffix(".gz").removesuffix(".GZ")
    opener = cast("Callable[[], BinaryIO]", partial(gzip.GzipFile, fileobj=source))
    yield Item(locator=f"{item.locator}!/{name}", opener=opener, hint=item.hint.within())
