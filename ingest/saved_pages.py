"""What a browser puts beside a page that it saves whole: pictures, scripts, styles and frames.

`Harbour.html` gets a folder `Harbour_files`, whose name ends in the language of the browser. What
the page only embeds is no article; anything else in such a folder is read as everywhere.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = re.compile(
    r"(?P<page>.+)(?:_files|_file|_fichiers|_archivos|_arquivos|_ficheiros|_bestanden|_pliki|_soubory"
    r"|_elemei|_dosyalar|-Dateien|-filer)"
)
PAGES = (".html", ".htm")
EMBEDDED = frozenset(
    f".{suffix}"
    for suffix in (
        *("css", "js", "mjs", "map", "download", "woff", "woff2", "ttf", "otf", "eot"),
        *("png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "bmp", "cur"),
    )
)
FRAME = re.compile(rb"<iframe\b[^<>]*?\bsrc\s*=\s*[\"']([^\"'<>]{1,500})[\"']", re.IGNORECASE)
LONGEST_PAGE = 16 * 1024 * 1024


def page_beside(folder: Path) -> Path | None:
    """Return the saved page that a folder belongs to; None where it belongs to none."""
    named = FOLDER.fullmatch(folder.name)
    pages = (folder.with_name(named["page"] + suffix) for suffix in PAGES) if named else ()
    return next((page for page in pages if page.is_file() and not page.is_symlink()), None)


def frames_of(page: Path) -> frozenset[str]:
    """Return the names of the files that a page shows in frames; none of one that cannot be read."""
    try:
        with page.open("rb") as file:
            found = FRAME.findall(file.read(LONGEST_PAGE))
    except OSError:
        return frozenset()
    addresses = (unquote(unescape(each.decode("utf-8", "replace"))) for each in found)
    return frozenset(PurePosixPath(address.partition("?")[0]).name for address in addresses)


def is_embedded(name: str, frames: frozenset[str]) -> bool:
    """Tell whether a file beside a saved page is only a part of it."""
    return name in frames or PurePosixPath(name.lower()).suffix in EMBEDDED
