"""Puts an article's citations into its page, where no server gives them.

A file for each would be four more for every article, and hosts count files; so a link holds what it gives.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from ingest.website.links import state_address

if TYPE_CHECKING:
    from ingest.website.addresses import Layout
    from ingest.website.rendering import Renderer

# How a page tells reference managers where its citations are.
OFFER = re.compile(r'<link rel="alternate" type="([^"]+)" title="Citation as [^"]+" href="([^"]+)">')


async def hold_citations(room: Renderer, page: str, layout: Layout) -> str:
    """Return an article's page whose links to its citations save them as files, whatever host it lies on."""
    for kind, address in OFFER.findall(page):
        citation = state_address(await room.get(address), layout)
        link = f'<a href="data:{kind};charset=utf-8,{quote(citation)}" download="{_file_name(address)}">'
        page = page.replace(f'<a href="{address}" rel="nofollow">', link)
    return page


def _file_name(address: str) -> str:
    """Return what the server would call the file: `article-3f0a9c1d77e2.bib`."""
    return f"article-{address.rpartition('/')[2]}"
