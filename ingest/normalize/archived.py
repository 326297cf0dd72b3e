"""Gives back a page as it was published, which a public web archive has changed to show it.

The Wayback Machine and archive.today lead every address through themselves, put a bar above the page, and
archive.today states the day of its copy as that of the article.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.model import Field

if TYPE_CHECKING:
    from ingest.model import RawDocument

OF_ALL = "archive."  # what all their addresses have, and few pages
REST = r"(https?://[^\s\"'<>\\]*)"
WAYBACK = re.compile(
    rf"(?:(?:https?:)?//web\.archive\.org(?::\d+)?|(?<=[\s\"'=,(]))/web/(\d{{4,14}})(?:[a-z]{{2}}_)?/{REST}"
)
# What it writes into each page that it shows; a page that only speaks of it has none of this.
RUNNING = re.compile(r"__wm\.wombat\(\s*\"(https?://[^\"]{1,4000})\",\s*\"(\d{14})\"")
OF_WAYBACK = re.compile(
    r"__wm\.wombat\(|<!-- BEGIN WAYBACK TOOLBAR INSERT -->|FILE ARCHIVED ON \d\d:\d\d:\d\d"
    r"|\bid=[\"']?wm-ipp-base\b"
)
WAYBACK_BAR = tuple(map(re.compile, ("<!-- BEGIN WAYBACK TOOLBAR", "<!-- END WAYBACK TOOLBAR")))
LENGTH_OF_SECOND = len("20190305101112")
TODAY_HOST = r"archive\.(?:ph|today|is|li|vn|md|fo)"
TODAY_COPY = re.compile(rf"https?://{TODAY_HOST}/")
TODAY = re.compile(rf"https?://{TODAY_HOST}/(?:o/\w+|(\d{{14}}|\d{{4}}\.\d\d\.\d\d-\d{{6}}))/{REST}")
OF_TODAY = re.compile(rf"<meta\b[^<>]*\bog:site_name\b[^<>]*\bcontent=[\"']?{TODAY_HOST}\b")
# These speak of the copy; the title alone is the article's.
TODAY_STATEMENTS = re.compile(
    r"<meta\b[^<>]*\b(?:og:(?:url|site_name|description)|article:(?:published|modified)_time|twitter:\w+)\b[^<>]*>"
)
TODAY_BAR = (
    re.compile(r"<div\b[^<>]*\bid=[\"']?HEADER\b"),
    re.compile(r"<div\b[^<>]*\bid=[\"']?(?:SOLID|CONTENT)\b"),
)


def without_archive(raw: RawDocument) -> RawDocument:
    """Return a page from a public web archive with its own addresses and statements; any other as it is.

    Where the copy is, and when it was made, is stated beside them, as `archived` and `captured`.
    """
    stated = [field.value for field in raw.fields if field.name == "url"]
    if not any(OF_ALL in each for each in (*stated, raw.content)):
        return raw
    copies = [
        found for url in stated if (found := WAYBACK.fullmatch(url) or TODAY.fullmatch(url)) and found[1]
    ]
    told = OF_WAYBACK.search(raw.content)
    if told or any(map(WAYBACK.fullmatch, stated)):
        content = WAYBACK.sub(r"\2", _without_bar(raw.content, *WAYBACK_BAR))
        running = RUNNING.search(raw.content)
        address = f"https://web.archive.org/web/{running[2]}/{running[1]}" if running else ""
        copies = [found for found in (WAYBACK.fullmatch(address),) if found] or copies
    elif OF_TODAY.search(raw.content) or any(map(TODAY.fullmatch, stated)):
        content = TODAY.sub(r"\2", TODAY_STATEMENTS.sub("", _without_bar(raw.content, *TODAY_BAR)))
        copies += [found for found in TODAY.finditer(raw.content) if found[1]]
    else:
        return raw
    fields = [field for field in raw.fields if field.name != "url" or not _is_copy(field.value)]
    if copies:
        fields += _told_of(copies[0])
    return replace(raw, content=content, fields=tuple(fields))


def _without_bar(content: str, begin: re.Pattern[str], end: re.Pattern[str]) -> str:
    """Return a page without what stands from the first place to the next."""
    first = begin.search(content)
    last = end.search(content, first.end()) if first else None
    return content[: first.start()] + content[last.start() :] if first and last else content


def _is_copy(url: str) -> bool:
    """Tell the address of a copy, short ones such as archive.ph/Ab1cD among them."""
    return bool(WAYBACK.fullmatch(url) or TODAY_COPY.match(url))


def _told_of(copy: re.Match[str]) -> tuple[Field, ...]:
    """Return where a page was, where its copy is, and when that was made, as far as its address says it."""
    day = re.sub(r"\D", "", copy[1])
    fields = (
        Field(name="url", value=copy[2], origin="saved-from"),
        Field(name="archived", value=copy[0], origin="web archive"),
    )
    if len(day) != LENGTH_OF_SECOND:
        return fields
    written = f"{day[:4]}-{day[4:6]}-{day[6:8]}T{day[8:10]}:{day[10:12]}:{day[12:]}Z"
    return (*fields, Field(name="captured", value=written, origin="web archive"))
