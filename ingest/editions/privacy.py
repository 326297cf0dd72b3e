"""Paths that tell of a machine or of who uses it, and how they are shortened."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# A path from the root of a disk, or through somebody's own folder.
PRIVATE_PATH = re.compile(
    r"(?<![\w/:.~\\-])(?:file://)?"
    r"(?:~[\w.-]*/|[A-Za-z]:\\|\\\\[\w.-]+\\|/(?:home|Users|root|mnt|media|Volumes|private|tmp|srv|var|opt)/)"
    r"[^\s\"'<>|]+"
)
OWN_FOLDER = re.compile(r"(?:^|[\\/])(?:home|Users|Documents and Settings)[\\/][^\\/]+[\\/]")
ABSOLUTE = re.compile(r"[/~\\]|[A-Za-z]:[\\/]|file:")
SEPARATOR = re.compile(r"[\\/]")


def shorten_locator(locator: str) -> str:
    """Return a locator of which no part tells of a machine or a user: such a part becomes a file name."""
    return "!/".join(_shortened(part) for part in locator.split("!/"))


def shorten_paths(text: str) -> str:
    """Return a text in which the paths that tell of a machine are file names."""
    return PRIVATE_PATH.sub(lambda found: SEPARATOR.split(found[0].rstrip("\\/"))[-1], text)


def shorten_statement(value: str) -> str:
    """Return the file name of a value that is nothing but a path of a machine; any other as it is.

    Saved pages and word processors state where a file lay when it was written.
    """
    if "\n" not in value and (value.startswith("file:") or PRIVATE_PATH.match(value)):
        return SEPARATOR.split(value.rstrip("\\/"))[-1]
    return value


def _shortened(part: str) -> str:
    if "://" in part and not part.startswith("file:"):
        return _without_credentials(part)
    if ABSOLUTE.match(part) or OWN_FOLDER.search(part):
        return SEPARATOR.split(part.rstrip("\\/"))[-1]
    return part


def _without_credentials(address: str) -> str:
    """Return an address without a name, a password or a signature in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if not parts.username and not parts.password and not re.search(r"(?i)sig|token|key|secret", parts.query):
        return address
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
