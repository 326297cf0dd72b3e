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
WEB = ("http://", "https://")
# The locator of what was fetched begins with the host, and with a name and a password where one was given.
LOGIN = re.compile(r"^[^/@\s:]*:[^/@\s]*@(?=[\w.-]+(?::\d+)?/)")
# What opens an address to whoever has it, among what stands behind its question mark.
PASS = re.compile(
    r"(?i)(?:^|&)(?:x-(?:amz|goog)-[\w-]+|awsaccesskeyid|sig|signature|auth|(?:access_?|auth_?)?token|jwt"
    r"|(?:api_?)?key|secret|pass(?:word)?|pwd)="
)


def shorten_locator(locator: str) -> str:
    """Return a locator of which no part tells of a machine or a user: such a part becomes a file name."""
    return "!/".join(_shortened(part) for part in locator.split("!/"))


def shorten_paths(text: str) -> str:
    """Return a text in which the paths that tell of a machine are file names."""
    return PRIVATE_PATH.sub(lambda found: SEPARATOR.split(found[0].rstrip("\\/"))[-1], text)


def shorten_statement(value: str) -> str:
    """Return the file name of a value that is nothing but a path of a machine, an address without its login.

    Saved pages and word processors state where a file lay when it was written. Others stay as they are.
    """
    if value.startswith(WEB):
        return without_login(value)
    if "\n" not in value and (value.startswith("file:") or PRIVATE_PATH.match(value)):
        return SEPARATOR.split(value.rstrip("\\/"))[-1]
    return value


def without_login(address: str) -> str:
    """Return an address without a name, a password or a signature in it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if "@" not in parts.netloc and not PASS.search(parts.query):
        return address
    query = "" if PASS.search(parts.query) else parts.query
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query).geturl()


def _shortened(part: str) -> str:
    if "://" in part and not part.startswith("file:"):
        return without_login(part)
    if ABSOLUTE.match(part) or OWN_FOLDER.search(part):
        return SEPARATOR.split(part.rstrip("\\/"))[-1]
    return LOGIN.sub("", part)
