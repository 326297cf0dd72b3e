"""Tells by the names that pages give what stands around articles, and what is built like another part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.normalize.blocks import LEAST_PROSE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from ingest.normalize.blocks import Block

AROUND = re.compile(
    r"(?i)\b(?:nav|menu|share|sharing|social|related|comments?|footer|sidebar|newsletter|subscribe|promo|advert"
    r"|cookie|breadcrumbs?|byline|author|avatar|tags?|recommend|widget|signup|popup|modal|meta|logo|icon)"
)
FRAME = frozenset({"nav", "header", "footer", "aside"})
LEVELS_NAMED = 2
WIDGET = re.compile(r"\bwidget", re.IGNORECASE)
LEAST_SHARE_IN_WIDGETS = 0.5


def forget_widgets(blocks: Sequence[Block]) -> None:
    """Take the name of a widget off a page, in place, where most of its kept prose stands in such.

    Some programs that lay out pages call every part of an article so.
    """
    prose = [block for block in blocks if block.kept and block.length >= LEAST_PROSE]
    within = sum(block.length for block in prose if any(map(_is_widget, _near(block.element))))
    if prose and within >= LEAST_SHARE_IN_WIDGETS * sum(block.length for block in prose):
        for element in filter(_is_widget, blocks[0].element.getroottree().iter("*")):
            element.set("class", WIDGET.sub("", element.get("class") or ""))


def _is_widget(element: HtmlElement) -> bool:
    return WIDGET.search(element.get("class") or "") is not None


def _near(element: HtmlElement) -> tuple[HtmlElement, ...]:
    return (element, *up(element, LEVELS_NAMED))


def pattern(element: HtmlElement) -> tuple[tuple[str, str], ...]:
    """Return the names and classes of an element and of those right above it."""
    return tuple((each.tag, each.get("class") or "") for each in _near(element))


def is_around(element: HtmlElement) -> bool:
    """Tell whether an element or one right above it is named as what stands around articles."""
    return any(AROUND.search(f"{each.get('class') or ''} {each.get('id') or ''}") for each in _near(element))


def up(element: HtmlElement, levels: int) -> Iterator[HtmlElement]:
    """Yield the elements right above one, no more than so many."""
    for level, parent in enumerate(element.iterancestors()):
        if level == levels:
            return
        yield parent


def is_within(element: HtmlElement, holders: set[HtmlElement]) -> bool:
    """Tell whether an element stands in one of others, and in nothing there that stands around articles."""
    for each in (element, *element.iterancestors()):
        if each in holders:
            return True
        if each.tag in FRAME or AROUND.search(f"{each.get('class') or ''} {each.get('id') or ''}"):
            return False
    return False
