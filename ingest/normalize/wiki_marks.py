"""Marks of note-taking programs that Markdown has no name for: links between notes, comments, highlights."""

from __future__ import annotations

import re

from ingest.normalize.attributes import AS_WRITTEN
from ingest.normalize.markdown import block_lines

# A comment reaches over lines, but over no code.
COMMENT = re.compile(r"(?<!\S)%%(?:(?!%%|```|~~~).){1,5000}?%%(?!\S)", re.DOTALL)
MARKS = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`++)[^\n]{0,1000}?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<embeds>!?)\[\[(?P<note>[^\[\]|\n]{1,300})(?:\|(?P<label>[^\[\]\n]{1,300}))?\]\](?!\()"
    r"|(?<![\w=])==(?P<marked>(?![\s=])[^=\n]{1,1000}(?<!\s))==(?![\w=])"
)
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp|mp[34]|m4a|wav|ogg|webm|mov)\Z", re.IGNORECASE)


def write_out_marks(markdown: str) -> str:
    """Return Markdown with the words alone of such links and highlights, and no comments; code stays."""
    if not any(mark in markdown for mark in ("[[", "%%", "==")):
        return markdown
    markdown = COMMENT.sub("", markdown)
    lines = markdown.split("\n")
    code = {number for kind, numbers in block_lines(markdown) if kind in AS_WRITTEN for number in numbers}
    for number, line in enumerate(lines):
        if number not in code and ("[[" in line or "==" in line):
            lines[number] = MARKS.sub(_words, line)
    return "\n".join(lines)


def _words(mark: re.Match[str]) -> str:
    """Return what is read of a mark; of an embedded picture, nothing."""
    if mark["code"]:
        return mark["code"]
    if mark["marked"]:
        return mark["marked"]
    if mark["embeds"] and PICTURE.search(mark["note"].strip()):
        return ""
    return (mark["label"] or mark["note"]).strip()
