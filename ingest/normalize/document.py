"""Documents from word processors and books: HTML of which everything belongs to the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import lxml.etree
import lxml.html

from ingest.model import Field
from ingest.normalize.blocks import dissolve_table, has_columns, is_data_table
from ingest.normalize.html import degraded, parse_page, whole_text
from ingest.normalize.markdown import html_to_markdown, plain_text
from ingest.normalize.note_links import tidy_note_links
from ingest.normalize.plain import read_plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from ingest.model import Problem

OPENING = re.compile(r"\s*(#{1,6})\s+(.+?)\s*#*\s*(?:\n|$)")
NOT_A_PARAGRAPH = re.compile(r"\s*(?:[-+|>#!]|\d+[.)]\s|```)")
FIXED_SPACES = re.compile(" ?[\xa0\u202f]+ ?")
HEAD_BLOCKS = 8
LEADS_NOWHERE = "dead-link"
POINT = re.compile(r"\s*[0-2]\s*(?:px)?\s*")
# Newsletters say it twice, for mail programs of different minds; elsewhere a script may open what is hidden.
HIDDEN = re.compile(r"\bdisplay:\s*none", re.IGNORECASE)
HIDDEN_AGAIN = re.compile(
    r"\bmso-hide:\s*all|\b(?:height|max-width|font-size|opacity):\s*0(?![.\d])|\bvisibility:\s*hidden",
    re.IGNORECASE,
)


def read_document(
    content: str, url: str | None, *, is_mail: bool = False
) -> tuple[str, tuple[Field, ...], tuple[Problem, ...]]:
    """Return all of a document as Markdown, and what its first lines state.

    A heading at the top is the title. Where there is none, headline, by-line and date are looked
    for as in typed text; they stay in the body. Relative links are completed with the document's
    `url`, or dropped without one. Nested too deep to convert, it is kept as text. Tables that only
    lay it out, as in most mails, become paragraphs.
    """
    page = parse_page(content)
    if page.problems:
        return whole_text(page), (), page.problems
    try:
        _dissolve_layout(page.tree, is_mail=is_mail)
        body = html_to_markdown(_only_content(page.tree, url or ""))
    except (RecursionError, lxml.etree.LxmlError, ValueError):
        return whole_text(page), (), (degraded("convert"),)
    body = FIXED_SPACES.sub(" ", body)
    if heading := OPENING.match(body):
        title = plain_text(heading[2])
        rest = body[heading.end() :].lstrip("\n")
        return f"# {heading[2]}\n\n{rest}".strip(), head_fields(rest, title), ()
    return body, head_fields(body, None), ()


def _dissolve_layout(tree: HtmlElement, *, is_mail: bool) -> None:
    """Take down tables of one column, and in mails all that are none of data."""
    for table in list(tree.iter("table")):
        is_data = is_data_table(table) if is_mail else has_columns(table)
        if not is_data or table.get("role") in {"presentation", "none"}:
            dissolve_table(table)


def _only_content(tree: HtmlElement, url: str) -> str:
    """Return the body's HTML without links and pictures that lead nowhere outside the file.

    Nor with what newsletters hide: pictures that count readers, and the line for a mailbox's list.
    """
    body = tree.find("body")
    body = tree if body is None else body
    _drop_hidden(body)
    tidy_note_links(body)
    for link in list(body.iter("a")):
        if target := _target(url, link.get("href")):
            link.set("href", target)
        else:
            link.tag = LEADS_NOWHERE
    lxml.etree.strip_tags(body, LEADS_NOWHERE)
    for image in list(body.iter("img")):
        if any(POINT.fullmatch(image.get(side) or "") for side in ("width", "height")):
            image.drop_tree()
            continue
        image.set("src", _target(url, image.get("src")))
    return str(lxml.html.tostring(body, encoding="unicode"))


def _drop_hidden(body: HtmlElement) -> None:
    """Drop what is hidden twice over, or above all words that are shown; a text of nothing else is kept."""
    for hidden in body.xpath(".//*[@style]"):
        style = hidden.get("style")
        if HIDDEN.search(style) and HIDDEN_AGAIN.search(style):
            hidden.drop_tree()
    above = _hidden_above(body)
    words = sum(len(element.text_content().split()) for element in above)
    if words < len(body.text_content().split()):
        for hidden in above:
            hidden.drop_tree()


def _hidden_above(body: HtmlElement) -> list[HtmlElement]:
    """Return what is hidden above all words that are shown, where a mailbox's list looks for its line."""
    found: list[HtmlElement] = []
    walker = lxml.etree.iterwalk(body, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            shown = element.tail
        elif HIDDEN.search(element.get("style") or ""):
            found.append(element)
            walker.skip_subtree()
            shown = None
        else:
            shown = element.text if element.tag not in {"style", "script"} else None
        if shown and shown.strip():
            break
    return found


def _target(url: str, link: str | None) -> str:
    """Return where a link leads to, or nothing if that is within the file."""
    if not link or link.startswith("#"):
        return ""
    try:
        target = urljoin(url, link.strip())
    except ValueError:
        return ""
    return target if target.startswith(("http://", "https://", "mailto:")) else ""


def head_fields(body: str, title: str | None) -> tuple[Field, ...]:
    """Return what the first paragraphs state, as they would in typed text."""
    blocks: list[str] = []
    for block in body.split("\n\n", HEAD_BLOCKS)[:HEAD_BLOCKS]:
        if NOT_A_PARAGRAPH.match(block):
            # The last line of a head stands above something, be it a heading.
            blocks += ["…"] if title and blocks else []
            break
        blocks.append(" ".join(plain_text(block).split()))
    if title:
        stated = (Field(name="title", value=title, origin="heading"),)
        found = read_plain("\n\n".join([title, *blocks]))[1]
        return (*stated, *(field for field in found if field.name != "title"))
    return read_plain("\n\n".join(blocks))[1] if blocks else ()
