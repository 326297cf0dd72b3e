"""Reading Room turns a folder of articles into one searchable, citable SQLite file."""

from importlib import import_module

# Not that of `typing`: loading it takes time in which Ctrl+C would end in a traceback.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ingest.collection import Collection as Collection

__version__: str


def __getattr__(name: str) -> object:
    """Return `Collection` or the version, whose packages are loaded only when somebody asks for it."""
    if name == "Collection":
        return import_module("ingest.collection").Collection
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - see above

        try:
            return version("readingroom")
        except PackageNotFoundError:  # a source tree that was never installed
            return "0+unknown"
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
