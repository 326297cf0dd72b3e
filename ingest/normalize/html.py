"""The article within a saved web page: main content, without menus, appeals and scripts."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import lxml.etree
import lxml.html

from ingest.model import Problem
from ingest.normalize.main_content import select_main_content
from ingest.normalize.markdown import escape, html_to_markdown
from ingest.normalize.stated_text import find_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from ingest.model import Field
    from ingest.normalize.stated_text import Passage

INVISIBLE = re.compile(r"<(?:(?P<tag>script|style|noscript|template|svg)\b|!--)", re.IGNORECASE)
INVISIBLE_END: dict[str | None, re.Pattern[str]] = {
    None: re.compile("-->"),
    **{
        tag: re.compile(rf"</{tag}\s*+>", re.IGNORECASE)
        for tag in ("script", "style", "noscript", "template", "svg")
    },
}
BLOCK_END = re.compile(
    r"</(?:p|div|li|h\d|tr|table|section|article|blockquote|pre)\s*>|<br\s*/?>", re.IGNORECASE
)
TAG = re.compile(r"<[^<>]*>")
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# SingleFile puts the page of each frame, mostly an advertisement, into an attribute, with all its tags.
FRAMED = re.compile(r"(<iframe\b[^<>]*?\s)srcdoc\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
# A frame is the article where it has three times the letters of the page around it, and that has few.
TIMES_LONGER, MOST_AROUND = 3, 500
# KaTeX, MathJax and Wikipedia give a formula again for listeners.
SHOWN_OTHERWISE = re.compile(r"mathml|display:\s*none", re.IGNORECASE)
LEVELS_AROUND_FORMULA = 3
LEAST_SHARE_PARSED = 0.5
LEAST_CONTENT = 40
EMPTY_TREE = "<html><body></body></html>"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A parsed page, with what had to be said about parsing it."""

    tree: HtmlElement
    source: str
    problems: tuple[Problem, ...] = ()


def parse_page(source: str) -> Page:
    """Return a page as a tree; one that the parser cannot hold is told so, not lost.

    libxml2 gives up silently on some input (elements nested over 2048 levels deep, say), so
    its log is read, and the visible length of the tree is compared with that of the source.
    """
    source = _without_frames(XML_DECLARATION.sub("", source).replace("\0", ""))
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8")
    try:
        tree = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
        parsed = sum(map(_length, tree.itertext(tag=lxml.etree.Element)))
    except (lxml.etree.LxmlError, ValueError, RecursionError):
        tree, parsed = lxml.html.document_fromstring(EMPTY_TREE), 0
    _bracket_readings(tree)
    _write_out_formulas(tree)
    gave_up = any(entry.level_name == "FATAL" for entry in parser.error_log)
    if gave_up or parsed < LEAST_SHARE_PARSED * _length(_strip_tags(source)):
        return Page(tree=tree, source=source, problems=(degraded("parse"),))
    return Page(tree=tree, source=source)


def _without_frames(source: str) -> str:
    """Return a page without what it shows in frames; where a frame is nearly all there is, the frame."""
    framed = [entities.unescape(found[2] or found[3] or "") for found in FRAMED.finditer(source)]
    if not framed:
        return source
    alone = FRAMED.sub(r"\1", source)
    longest = max(framed, key=lambda each: _length(_strip_tags(each)))
    around = _length(_strip_tags(alone))
    is_all = around < MOST_AROUND and _length(_strip_tags(longest)) > TIMES_LONGER * around
    return longest if is_all else alone


def _bracket_readings(tree: HtmlElement) -> None:
    """Put in brackets how a sign is read, where the page does not do so for programs that set no ruby."""
    for reading in tree.iter("rt"):
        ruby = next(reading.iterancestors("ruby"), None)
        if ruby is not None and ruby.find(".//rp") is None and reading.text_content().strip():
            reading.text = f"({reading.text or ''}"
            if len(reading):
                reading[-1].tail = f"{reading[-1].tail or ''})"
            else:
                reading.text += ")"


def _write_out_formulas(tree: HtmlElement) -> None:
    """Write formulas as letters in a line, but those that a page hides beside what it shows instead."""
    # One that was never closed holds all that follow.
    for formula in [each for each in tree.iter("math") if next(each.iterancestors("math"), None) is None]:
        holders = islice(formula.iterancestors(), LEVELS_AROUND_FORMULA)
        if any(SHOWN_OTHERWISE.search(f"{each.get('class')} {each.get('style')}") for each in holders):
            continue
        lxml.etree.strip_elements(formula, "annotation", "annotation-xml", with_tail=False)
        for below in [fraction[1] for fraction in formula.iter("mfrac") if len(fraction) > 1]:
            below.text = f"/{below.text or ''}"
        letters = "".join(part.strip() for part in formula.itertext(tag=lxml.etree.Element))
        tail = formula.tail
        formula.clear()
        formula.tag, formula.text, formula.tail = "span", letters, tail


def find_main_content(
    page: Page, url: str | None, titles: Sequence[str], stated: Sequence[Passage]
) -> tuple[str, tuple[Field, ...], tuple[Problem, ...]]:
    """Return the main content as Markdown, what is printed around the headline, and any doubt.

    Where no main content stands out, it is the whole page's text. What the page lacks of the passages
    that it states for machines goes to the end.
    """
    body, fields, problems = _find_printed(page, url, titles, "\n".join(each.text for each in stated))
    if missing := find_missing(stated, body):
        is_main = len(body) >= LEAST_CONTENT
        return f"{body}\n\n{missing}" if is_main else missing, fields, (*problems, _not_printed())
    if problems or len(body) >= LEAST_CONTENT:
        return body, fields, problems
    return whole_text(page), fields, (_no_main_content(),)


def _find_printed(
    page: Page, url: str | None, titles: Sequence[str], stated: str
) -> tuple[str, tuple[Field, ...], tuple[Problem, ...]]:
    if page.problems:
        return whole_text(page), (), page.problems
    try:
        content = select_main_content(page.tree, titles, url, stated)
        return html_to_markdown(content.html) if content.html else "", content.fields, ()
    except (RecursionError, lxml.etree.LxmlError, ValueError):
        return whole_text(page), (), (degraded("convert"),)


def whole_text(page: Page) -> str:
    """Return all visible text of a page as Markdown paragraphs, without any of its structure."""
    paragraphs = (" ".join(part.split()) for part in _strip_tags(page.source).split("\n\n"))
    return "\n\n".join(escape(paragraph) for paragraph in paragraphs if paragraph)


def _length(text: str) -> int:
    """Return how many characters are not space."""
    return len("".join(text.split()))


def _strip_tags(source: str) -> str:
    source = BLOCK_END.sub("\n\n", _without_invisible(source))
    return entities.unescape(TAG.sub(" ", source))


def _without_invisible(source: str) -> str:
    """Return a page without scripts, styles and comments; what is never closed stays."""
    parts = []
    end = 0
    unclosed = set()
    for opened in INVISIBLE.finditer(source):
        tag = opened["tag"].lower() if opened["tag"] else None
        if opened.start() < end or tag in unclosed:
            continue
        if closed := INVISIBLE_END[tag].search(source, opened.end()):
            parts.append(source[end : opened.start()])
            end = closed.end()
        else:
            unclosed.add(tag)  # looked for once: many may be left open
    return " ".join((*parts, source[end:]))


def degraded(step: str) -> Problem:
    """Return what is told of a page of which only the text could be kept."""
    return Problem(
        stage="normalize",
        code=f"degraded-{step}",
        message="The page is built in a way no parser can hold; its plain text was kept.",
        hint="Open the original to see tables, lists and headings.",
    )


def _no_main_content() -> Problem:
    return Problem(
        stage="normalize",
        code="no-main-content",
        message="No main content stands out; the text of the whole page was kept.",
        hint="Check the article; remove the file if it is a menu or a search page.",
    )


def _not_printed() -> Problem:
    return Problem(
        stage="normalize",
        code="text-not-printed",
        message="Text that the page states for machines and does not print was added at the end.",
        hint="Save the page anew when it has loaded whole, if its links and pictures matter.",
    )
