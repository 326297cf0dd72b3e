"""HTML to Markdown, and Markdown to the plain text that all offsets point into.

The plain text is a function of the Markdown alone: whoever renders the body sees the same
characters in the same order, which is what lets a page mark a mention by its offsets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3
from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bs4 import Tag
    from markdown_it.token import Token

TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "section", "article"),
    *("ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "kbd", "samp"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
    *("a", "em", "strong", "b", "i", "s", "del", "sub", "sup", "q", "cite", "span"),
    *("img", "figure", "figcaption"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"colspan"},
    "th": {"colspan"},
}
SCHEMES = {"http", "https", "mailto"}
MANY_BREAKS = re.compile(r"\n{3,}")
HAS_HTML = re.compile(r"<(?:[a-zA-Z][\w-]*+(?:\s[^<>]*+)?/?+>|/[a-zA-Z][\w-]*+\s*+>)")
BREAK_AFTER = {
    **dict.fromkeys(("paragraph_close", "heading_close", "blockquote_close"), "\n\n"),
    **dict.fromkeys(("bullet_list_close", "ordered_list_close", "table_close", "hr"), "\n\n"),
    "tr_close": "\n",
    **dict.fromkeys(("td_close", "th_close"), "\t"),
}

_RENDERER = MarkdownIt("js-default")
_RENDERER_WITH_HTML = MarkdownIt("js-default", {"html": True})


class _Converter(MarkdownConverter):
    """markdownify with table cells that keep their columns and captions that stand apart."""

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Escape the column mark inside a cell."""
        return str(super().convert_td(el, _cell(text), parent_tags))  # type: ignore[misc] # not in its stubs

    def convert_th(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Escape the column mark inside a head cell."""
        return str(super().convert_th(el, _cell(text), parent_tags))  # type: ignore[misc] # not in its stubs

    def convert_figcaption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Set a caption as a paragraph in italics."""
        del text, parent_tags
        caption = escape(" ".join(el.get_text().split()))
        return f"\n\n*{caption}*\n\n" if caption else ""

    def convert_q(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write out the quotation marks that a browser would draw."""
        del el, parent_tags
        return f"“{text}”"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Keep an image wherever it stands, inside links and headings too."""
        del text
        source = str(el.get("src") or "").strip()
        alt = " ".join(str(el.get("alt") or "").split()).replace("[", "(").replace("]", ")")
        if not source or "_noformat" in parent_tags:
            return alt
        return f"![{alt}](<{source}>)" if re.search(r"[\s()]", source) else f"![{alt}]({source})"


_CONVERTER = _Converter(heading_style="ATX", bullets="-", escape_misc=True, table_infer_header=True)


def sanitize(html: str) -> str:
    """Return HTML reduced to what an article can need; scripts, styles and bad links go."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


def html_to_markdown(html: str) -> str:
    """Return untrusted HTML as Markdown with headings, lists, links, tables, code and images."""
    markdown = str(_CONVERTER.convert(sanitize(html)))
    lines = (
        line.rstrip() if not line.endswith("  ") else f"{line.rstrip()}  " for line in markdown.split("\n")
    )
    return MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def resolve_html(markdown: str) -> str:
    """Return Markdown whose embedded HTML, if any, has become Markdown too."""
    comment = markdown.find("<!--")
    if not HAS_HTML.search(markdown) and (comment < 0 or markdown.find("-->", comment) < 0):
        return markdown.strip()
    return html_to_markdown(_RENDERER_WITH_HTML.render(markdown))


def plain_text(body: str) -> str:
    """Return what a reader of the rendered Markdown would see, blocks a blank line apart."""
    text = "".join(_visible(_RENDERER.parse(body))).replace("\t\n", "\n")
    return MANY_BREAKS.sub("\n\n", text).strip()


def _visible(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _inline(token.children or ())
        elif token.type in {"fence", "code_block"}:
            yield f"{token.content.rstrip()}\n\n"
        elif token.type == "paragraph_close" and token.hidden:
            yield "\n"
        else:
            yield BREAK_AFTER.get(token.type, "")


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield " " if token.type == "softbreak" else "\n"
        elif token.type == "image":
            yield from _inline(token.children or ())
        else:
            yield token.content


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def first_heading(body: str) -> tuple[str, str] | None:
    """Return the level-one heading that opens a body, and the body after it."""
    match = re.match(r"\s*+#[ \t]++([^\n]+)(?:\n|$)", body)
    title = re.sub(r"\s#+$", "", match[1].rstrip()).rstrip() if match else ""
    return (plain_text(title), body[match.end() :].strip()) if match and title.strip("#") else None


def escape(text: str) -> str:
    """Return text as Markdown that shows just that text."""
    return "\n".join(_escape_line(line) for line in text.split("\n"))


def _escape_line(line: str) -> str:
    line = re.sub(r"([\\`*_\[\]<>~])", r"\\\1", line.strip())
    line = re.sub(r"&(?=#?\w+;)", r"\\&", line)
    line = re.sub(r"^(\s*)([-+#>=|]|:(?=-))", r"\1\\\2", line)
    return re.sub(r"^(\s*\d{1,9})([.)])(?=\s|$)", r"\1\\\2", line)
