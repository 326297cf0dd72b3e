"""Tells by the names that pages give what stands around articles, and what is built like another part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

AROUND = re.compile(
    r"(?i)\b(?:nav|menu|share|sharing|social|related|comments?|footer|sidebar|newsletter|subscribe|promo|advert"
    r"|cookie|breadcrumbs?|byline|author|avatar|tags?|recommend|widget|signup|popup|modal|meta|logo|icon)"
)
FRAME = frozenset({"nav", "header", "footer", "aside"})
LEVELS_NAMED = 2


def pattern(element: HtmlElement) -> tuple[tuple[str, str], ...]:
    """Return the names and classes of an element and of those right above it."""
    return tuple((each.tag, each.get("class") or "") for each in (element, *up(element, LEVELS_NAMED)))


def is_around(element: HtmlElement) -> bool:
    """Tell whether an element or one right above it is named as what stands around articles."""
    named = (element, *up(element, LEVELS_NAMED))
    return any(AROUND.search(f"{each.get('class') or ''} {each.get('id') or ''}") for each in named)


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
