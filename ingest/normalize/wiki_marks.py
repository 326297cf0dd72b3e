"""Marks that Markdown has no name for: note-takers' links, comments and highlights, and formulas."""

from __future__ import annotations

import re

from ingest.normalize.attributes import AS_WRITTEN
from ingest.normalize.markdown import block_lines, escape

# A comment reaches over lines, but over no code.
COMMENT = re.compile(r"(?<!\S)%%(?:(?!%%|```|~~~).){1,5000}?%%(?!\S)", re.DOTALL)
MARKS = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`++)[^\n]{0,1000}?(?<!`)(?P=ticks)(?!`))"
    r"|(?<![\\$\w])\$(?P<formula>(?![\s$])(?=[^$\n]{0,500}[\\^_])[^$\n]{1,500}(?<![\s\\]))\$(?![\w$])"
    r"|(?P<embeds>!?)\[\[(?P<note>[^\[\]|\n]{1,300})(?:\|(?P<label>[^\[\]\n]{1,300}))?\]\](?!\()"
    r"|(?<![\w=])==(?P<marked>(?![\s=])[^=\n]{1,1000}(?<!\s))==(?![\w=])"
)
# A formula that is set apart from the text, over lines of their own.
SET_APART = re.compile(r"(?<!\S)\$\$(?P<formula>(?:(?!\$\$|\n\s*\n).){1,5000}?)\$\$(?!\S)", re.DOTALL)
DOLLARS = re.compile(r"\$\$|\$[^$\n]{0,500}[\\^_]")
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp|mp[34]|m4a|wav|ogg|webm|mov)\Z", re.IGNORECASE)


def write_out_marks(markdown: str) -> str:
    """Return Markdown with the words alone of such links and highlights, and no comments; code stays.

    A formula between dollars, as `$x_1$`, is read as it is written.
    """
    if not any(mark in markdown for mark in ("[[", "%%", "==")) and not DOLLARS.search(markdown):
        return markdown
    markdown = COMMENT.sub("", markdown)
    code = {number for kind, numbers in block_lines(markdown) if kind in AS_WRITTEN for number in numbers}

    def write_formula(found: re.Match[str]) -> str:
        is_code = markdown.count("\n", 0, found.start()) in code
        return found[0] if is_code else f"$${escape(found['formula'])}$$"

    lines = SET_APART.sub(write_formula, markdown).split("\n")
    for number, line in enumerate(lines):
        if number not in code and any(mark in line for mark in ("[[", "==", "$")):
            lines[number] = MARKS.sub(_words, line)
    return "\n".join(lines)


def _words(mark: re.Match[str]) -> str:
    """Return what is read of a mark; of an embedded picture, nothing."""
    if mark["code"]:
        return mark["code"]
    if mark["formula"]:
        return f"${escape(mark['formula'])}$"
    if mark["marked"]:
        return mark["marked"]
    if mark["embeds"] and PICTURE.search(mark["note"].strip()):
        return ""
    return (mark["label"] or mark["note"]).strip()
