"""Finds the pictures that a page loads only when a reader scrolls to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.etree
import lxml.html

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LAZY = ("data-src", "data-original", "data-lazy-src", "data-hi-res-src", "data-url", "data-image")
SETS = ("srcset", "data-srcset", "data-lazy-srcset")
CANDIDATE = re.compile(r"\s*(\S+?),?(?:\s+(\d+(?:\.\d+)?)[wx])?\s*(?:,|$)")
PLACEHOLDER = re.compile(r"(?i)^(?:data:|about:|javascript:)|(?:blank|spacer|placeholder|pixel)\.\w{3,4}$")
POINTS = re.compile(r"\s*(\d{1,9}+)(?!(?:\.\d*)?%)")
SMALLEST = 40


def resolve_images(tree: HtmlElement) -> None:
    """Give every picture its real address, in place, and drop placeholders and counting pixels.

    A picture may stand in `<noscript>` for readers without scripts, in `<picture>` as a set of
    sources, or in an attribute that a script reads.
    """
    for image in tree.xpath("//amp-img"):
        image.tag = "img"
    for hidden in list(tree.iter("noscript")):
        _open_noscript(hidden)
    for picture in tree.iter("picture"):
        _fill_picture(picture)
    for image in list(tree.iter("img")):
        address = _address(image)
        if address and not _is_tiny(image):
            image.set("src", address)
        else:
            image.drop_tree()
    # The parser takes a picture to be inside the source before it, so sources are only unwrapped.
    lxml.etree.strip_tags(tree, "picture", "source")
    lxml.etree.strip_elements(tree, "noscript", with_tail=False)


def parse_escaped(hidden: HtmlElement, tag: str) -> None:
    """Parse, in place, what an element holds as text alone, where a tag begins so in it."""
    if not len(hidden) and tag in (hidden.text or ""):
        for part in lxml.html.fragments_fromstring(hidden.text, no_leading_text=False):
            if not isinstance(part, str):
                hidden.append(part)
        hidden.text = None


def _open_noscript(hidden: HtmlElement) -> None:
    """Let the picture of a `<noscript>` take the place of the placeholder beside it."""
    parse_escaped(hidden, "<img")
    real = next(hidden.iter("img"), None)
    if real is None or hidden.text_content().strip():
        return
    before = hidden.getprevious()
    beside = [] if before is None else list(before.iter("img"))
    if len(beside) == 1:
        if not _address(beside[0]):
            beside[0].set("src", _address(real) or "")
            beside[0].set("alt", beside[0].get("alt") or real.get("alt") or "")
        return
    real.tail = None
    hidden.addprevious(real)


def _fill_picture(picture: HtmlElement) -> None:
    image = next(picture.iter("img"), None)
    if image is None:
        image = lxml.html.Element("img")
        picture.append(image)
    if not _address(image):
        sources = (_address(source) for source in picture.iter("source"))
        image.set("src", next((address for address in sources if address), ""))


def _address(image: HtmlElement) -> str | None:
    """Return where a picture lies: what scripts would load, else its own address."""
    named = [(image.get(name) or "").strip() for name in (*LAZY, "src")]
    sets = [_widest(image.get(name) or "") for name in SETS]
    found = (address for address in (*named, *sets) if address and not PLACEHOLDER.search(address))
    return next(found, None)


def _widest(candidates: str) -> str:
    best, widest = "", -1.0
    for address, size in CANDIDATE.findall(candidates):
        if float(size or 0) > widest:
            best, widest = address, float(size or 0)
    return best


def _is_tiny(image: HtmlElement) -> bool:
    """Tell a picture that is set a few points wide or high; a share of the column is no size."""
    sizes = [POINTS.match(image.get(name) or "") for name in ("width", "height")]
    return any(size is not None and int(size[1]) < SMALLEST for size in sizes)
