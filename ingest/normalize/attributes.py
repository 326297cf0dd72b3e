"""Attribute lists of Markdown's dialects, such as `{#id .class}`, which no reader sees."""

from __future__ import annotations

import re

from ingest.normalize.markdown import block_lines

NAMED = r"""[\w:.-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+)"""
MARKED = r"(?:\#[^\s{}\"'<>]+|\.[^\W\d][^\s{}\"'<>]*)"
# An opening colon makes it one of kramdown's, where a word alone names a list defined elsewhere.
LIST = rf"\{{(?::[ \t]*+(?:{NAMED}|{MARKED}|[\w-]+)|{MARKED}|%s)(?:[ \t]+(?:{NAMED}|{MARKED}))*+[ \t]*+\}}"
ANYWHERE = LIST % NAMED
AFTER_WORDS = LIST % r"(?!)"
ON_A_LINE = re.compile(rf"^([ \t>]*+)(?=\{{:){ANYWHERE}[ \t]*$")
OF_HEADING = re.compile(rf"(?<![ \t])[ \t]++{AFTER_WORDS}(?=[ \t]*(?:#+[ \t]*)?$|[ \t]*(?:<|!\[))")
OF_LINK = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`++)[^\n]{0,1000}?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<link>\]\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)|<https?://[^<>\s]++>)"
    rf"{ANYWHERE}"
)
AS_WRITTEN = frozenset({"fence", "code_block", "html_block"})


def drop_attributes(markdown: str) -> str:
    """Return Markdown without the attribute lists of headings, links, images and whole blocks.

    Other braces are the author's, and so is all code.
    """
    if "{" not in markdown:
        return markdown
    lines = markdown.split("\n")
    written: set[int] = set()
    headings: set[int] = set()
    for kind, numbers in block_lines(markdown):
        if kind in AS_WRITTEN:
            written.update(numbers)
        elif kind == "heading_open":
            headings.update(numbers)
    for number, line in enumerate(lines):
        if "{" in line and number not in written:
            lines[number] = _without(line, is_heading=number in headings)
    return "\n".join(lines)


def _without(line: str, *, is_heading: bool) -> str:
    if is_heading:
        line = OF_HEADING.sub("", line)
    line = OF_LINK.sub(lambda match: match["code"] or match["link"], line)
    return ON_A_LINE.sub(r"\1", line)
