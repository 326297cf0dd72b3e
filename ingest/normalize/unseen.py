"""Takes off a page what it shows to nobody who looks at it: windows that wait, hints for listeners.

Much of what a page hides is its article all the same: what lies behind a payment, an answer that
unfolds, a part that a script moves to its place. So only that is taken which cannot be: short words
within a line, windows by their names, and short hints by the classes that all sites call so.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.normalize.blocks import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HIDDEN = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
FOR_LISTENERS = re.compile(
    r"(?:^|\s)(?:sr-only|screen-?reader(?:-only|-text)?|visually-?hidden|u-hidden-visually"
    r"|element-invisible|a11y-hidden|assistive-text)(?:\s|$)",
    re.IGNORECASE,
)
WINDOW = re.compile(
    r"\b(?:modal|pop-?up|lightbox|overlay|tooltip|dialog|cookie|consent|toast|drawer|offcanvas|dropdown)",
    re.IGNORECASE,
)
WINDOW_ROLES = frozenset({"dialog", "alertdialog", "tooltip", "menu"})
WITHIN_LINES = frozenset(
    {"span", "small", "a", "b", "strong", "em", "i", "font", "label", "abbr", "sup", "sub", "u"}
)
CELLS = ("td", "th", "dd")
# Of such lengths are hints; in the first heading a page may have its title.
LONGEST_HINT = 60
# Beyond that nothing is a hint, and it would take long to look.
MOST_WITHIN, LONGEST_TEXT = 100, 2000
NEVER = frozenset({"html", "body", "h1", "noscript", "script", "style", "img", "svg"})


def drop_unseen(tree: HtmlElement) -> None:
    """Take off a page, in place, what cannot be its article of what it hides; open what it only wraps."""
    for template in list(tree.iter("template")):
        # What a program that saves pages writes so is shown; any other waits for a script.
        if template.get("shadowrootmode") and template.getparent() is not None:
            template.drop_tag()
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and element.tag not in NEVER and element.getparent() is not None:
            is_hint = FOR_LISTENERS.search(element.get("class") or "") is not None
            if (is_hint and _is_short(element) and not _fills_cell(element)) or _is_waiting(element):
                element.drop_tree()


def _is_waiting(element: HtmlElement) -> bool:
    """Tell hidden words within a line, and a window that only opens when a reader asks for it."""
    if element.get("hidden") is None and not HIDDEN.search(element.get("style") or ""):
        return False
    if element.tag in WITHIN_LINES:
        return _is_short(element)
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (
        element.get("role") in WINDOW_ROLES
        or element.get("aria-modal") == "true"
        or WINDOW.search(named) is not None
    )


def _is_short(element: HtmlElement) -> bool:
    """Tell an element of few words and no picture."""
    return _few_letters(element) is not None and element.find(".//img") is None


def _fills_cell(element: HtmlElement) -> bool:
    """Tell the only words in a cell of a table, where others see a mark that is drawn."""
    cell = next(element.iterancestors(*CELLS), None)
    return cell is not None and _few_letters(cell) == _few_letters(element)


def _few_letters(element: HtmlElement) -> str | None:
    """Return the letters and digits of an element; None where they, or what stands in it, are many."""
    if len(list(islice(element.iterdescendants(), MOST_WITHIN + 1))) > MOST_WITHIN:
        return None
    found = ""
    for text in element.itertext():
        found += letters(text[: LONGEST_TEXT + 1])
        if len(found) > LONGEST_HINT or len(text) > LONGEST_TEXT:
            return None
    return found
