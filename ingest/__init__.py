"""Reading Room turns a folder of articles into one searchable, citable SQLite file."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.collection import Collection as Collection

try:
    __version__ = version("readingroom")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"


def __getattr__(name: str) -> Any:
    """Return `Collection`, whose packages are loaded only when somebody asks for it."""
    if name == "Collection":
        return import_module("ingest.collection").Collection
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
