"""Reading Room turns a folder of articles into one searchable, citable SQLite file."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("readingroom")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"
