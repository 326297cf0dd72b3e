"""Sets a page's text apart into blocks: paragraphs, headings, list items, tables, code.

Pages write paragraphs as `<div>`s, as lines between two `<br>`s, or as bare text between other
blocks. Here each becomes an element of its own, so that a block can be kept or dropped whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import lxml.etree
import lxml.html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

DROPPED = (
    *("script", "style", "template", "svg", "iframe", "object", "embed", "canvas", "audio", "video", "map"),
    *("button", "input", "select", "textarea", "option", "datalist", "dialog", "head", "math"),
)
WRAPPERS = ("span", "font", "center", "big", "small", "u", "ins", "bdi", "bdo", "abbr", "acronym", "mark")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | {
    *("address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "label", "legend", "li", "main"),
    *("nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    *("ul", "caption", "colgroup"),
}
PLAIN_CONTAINERS = frozenset(
    {"div", "section", "article", "main", "header", "footer", "aside", "nav", "form", "fieldset", "address"}
)
OF_TABLES = ("tbody", "thead", "tfoot", "tr", "td", "th", "caption")
NO_BARE_TEXT = frozenset({"ul", "ol", "dl", "table", "tbody", "thead", "tfoot", "tr", "colgroup"})
NOT_ALNUM = re.compile(r"[\W_]+")
LONGEST_CELL = 400
LONGEST_BUTTON = 200
# Of what is prose: letters and digits at least, and the share of them in links at most.
LEAST_PROSE, MOST_LINKED = 60, 0.5


@dataclass(kw_only=True, slots=True)
class Block:
    """One block of a page: its element, its letters and digits alone, and how much of it is links."""

    element: HtmlElement
    text: str
    key: str
    length: int
    linked: float
    kept: bool = False


def letters(text: str) -> str:
    """Return the letters and digits of a text, in lower case, for comparing texts set differently."""
    return NOT_ALNUM.sub("", text).lower()


def set_apart(tree: HtmlElement) -> list[Block]:
    """Rebuild a page in place so that every text is in a block of its own; return the blocks in order."""
    for element in list(tree.iter("button")):
        if len(element.text_content()) > LONGEST_BUTTON:
            element.tag = "div"  # one that was never closed holds the rest of the page
    lxml.etree.strip_elements(tree, *DROPPED, lxml.etree.Comment, with_tail=False)
    lxml.etree.strip_tags(tree, *WRAPPERS, lxml.etree.ProcessingInstruction)
    body = tree.find("body")
    if body is None:
        return []
    for table in list(body.iter("table")):
        if not is_data_table(table):
            dissolve_table(table)
    holders = _holders(body)
    for element in list(body.iter()):
        if element in holders:
            if element.tag not in NO_BARE_TEXT:
                _wrap_runs(element)
        elif element.tag in BLOCKS and element.tag not in {"pre", "table"}:
            _split_at_breaks(element)
    return list(_blocks(body))


def is_data_table(table: HtmlElement) -> bool:
    """Tell a table of data from one that only lays out the page."""
    if table.find(".//table") is not None or table.find(".//form") is not None:
        return False
    if len(table.findall(".//tr")) < 2 or not has_columns(table):  # noqa: PLR2004 - a grid
        return False
    return all(len(cell.text_content()) < LONGEST_CELL for cell in table.iter("td"))


def has_columns(table: HtmlElement) -> bool:
    """Tell a table in which cells stand side by side."""
    rows = (row for row in table.iter("tr") if next(row.iterancestors("table")) is table)
    return any(sum(cell.tag in {"td", "th"} for cell in row) > 1 for row in rows)


def dissolve_table(table: HtmlElement) -> None:
    """Make plain divisions of a table and its cells, but for tables within."""
    for part in list(table.iter(*OF_TABLES)):
        if next(part.iterancestors("table"), None) is table:
            part.tag = "div"
    table.tag = "div"


def _holders(body: HtmlElement) -> set[HtmlElement]:
    """Return the elements that hold blocks, but for tables of data, which are blocks whole."""
    holders: set[HtmlElement] = {body}
    for element in body.iter(*BLOCKS):
        parent = element.getparent()
        while parent is not None and parent not in holders:
            holders.add(parent)
            parent = parent.getparent()
    for table in body.iter("table"):
        holders.difference_update(table.iter())
    return holders


def _wrap_runs(element: HtmlElement) -> None:
    """Wrap what stands bare between the blocks of an element, or between two breaks, into paragraphs."""
    run: list[str | HtmlElement] = []
    for part in _take_apart(element):
        if isinstance(part, str):
            if part.strip() or (run and not _is_break(run[-1])):
                run.append(part)
        elif _is_block(part):
            _add_paragraph(element, run)
            run = []
            element.append(part)
        elif _is_break(part) and run and _is_break(run[-1]):
            _add_paragraph(element, run)
            run = []
        else:
            run.append(part)
    _add_paragraph(element, run)


def _take_apart(element: HtmlElement) -> list[str | HtmlElement]:
    parts: list[str | HtmlElement] = [element.text or ""]
    for child in element:
        parts += [child, child.tail or ""]
    element.text = None
    for child in list(element):
        child.tail = None
        element.remove(child)
    return parts


def _add_paragraph(element: HtmlElement, run: list[str | HtmlElement]) -> None:
    while run and _is_break(run[-1]):
        run.pop()
    while run and _is_break(run[0]):
        run.pop(0)
    if not any(not isinstance(part, str) or part.strip() for part in run):
        return
    paragraph = lxml.html.Element("p")
    last: HtmlElement | None = None
    for part in run:
        if not isinstance(part, str):
            paragraph.append(part)
            last = part
        elif last is not None:
            last.tail = (last.tail or "") + part
        else:
            paragraph.text = (paragraph.text or "") + part
    element.append(paragraph)


def _is_break(part: str | HtmlElement) -> bool:
    return not isinstance(part, str) and part.tag == "br"


def _is_block(element: HtmlElement) -> bool:
    return next(element.iter(*BLOCKS), None) is not None


def _split_at_breaks(element: HtmlElement) -> None:
    """Make paragraphs of what two line breaks set apart."""
    if element.tag in PLAIN_CONTAINERS:
        element.tag = "p"
    breaks = element.findall("br")
    if len(breaks) < 2 or not any(_is_next_break(each) for each in breaks):  # noqa: PLR2004 - a pair
        return
    if element.tag == "p":
        element.tag = "div"
    if element.tag in {"div", "li", "td", "blockquote", "dd"}:
        _wrap_runs(element)


def _is_next_break(element: HtmlElement) -> bool:
    following = element.getnext()
    return following is not None and following.tag == "br" and not (element.tail or "").strip()


def _blocks(body: HtmlElement) -> Iterator[Block]:
    holders = _holders(body)
    for element in body.iter(*BLOCKS):
        if element in holders or any(a.tag == "table" for a in element.iterancestors("table")):
            continue
        text = " ".join(element.itertext())
        key = letters(text)
        if not key:
            continue
        links = element.iter("a")
        if element.tag in HEADINGS:
            # One that leads nowhere else, such as that of a question which unfolds, is a heading's own.
            links = (link for link in links if not (link.get("href") or "#").startswith(("#", "javascript:")))
        linked = sum(len(letters(link.text_content())) for link in links)
        if any(True for _ in element.iterancestors("a")):
            linked = len(key)
        yield Block(element=element, text=text, key=key, length=len(key), linked=linked / len(key))
