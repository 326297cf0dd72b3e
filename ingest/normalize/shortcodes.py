"""Hugo's shortcodes, written out as the Markdown a reader would have seen."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from ingest.normalize.markdown import block_lines, line_as_html

if TYPE_CHECKING:
    from collections.abc import Iterator

# One never holds another's opening, so that openings without an end are each looked at once.
SHORTCODE = re.compile(
    r"\{\{[<%]\s*+(?P<close>/?)\s*+(?P<name>[\w.-]++)(?P<rest>(?:(?!\{\{[<%]).){0,20000}?)/?[>%]\}\}",
    re.DOTALL,
)
ARGUMENT = re.compile(
    r"""(?:([\w-]+)\s*=\s*)?(?:"((?:[^"\\]|\\.)*+)"?|`([^`]*+)`?|([^\s"`/][^\s"`]*|/[^\s"`]+))"""
)
FENCE = re.compile(r"^(?:```|~~~)[ \t]*+(?P<more>[^\n]*)$", re.MULTILINE)
IMAGES = re.compile(r"figure|.*img.*|image")
REFERENCES = frozenset({"ref", "relref", "asset-static", "legacy-file"})
LINE_END = re.compile("\n")
LINKED = re.compile(r"!?\[")
TARGET_ENDS = frozenset(" )")
PLAIN_TARGET = re.compile(r"\S+|.*[<>\n].*", re.DOTALL)
VIDEOS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
SPOKEN = ("title", "text", "content", "quote", "caption", "cite", "description", "alt")


def write_out_shortcodes(markdown: str) -> str:
    """Return Markdown with shortcodes replaced: images, links and spoken text stay, syntax goes.

    What stands between an opening and a closing shortcode stays. Code blocks are left alone. Within
    a block of HTML, where no Markdown is read, images and links are written as HTML.
    """
    found = list(_shortcodes(markdown))
    if not found:
        return markdown
    starts = [0, *(line.end() for line in LINE_END.finditer(markdown))]
    html = {number for kind, lines in block_lines(markdown) if kind == "html_block" for number in lines}
    cursor, written = 0, []
    for match in found:
        text = _write_out(match)
        is_html = bisect_right(starts, match.start()) - 1 in html and LINKED.match(text)
        written += [markdown[cursor : match.start()], line_as_html(text) if is_html else text]
        cursor = match.end()
    return "".join([*written, markdown[cursor:]])


def _shortcodes(markdown: str) -> Iterator[re.Match[str]]:
    done = 0
    for start, end in _code_blocks(markdown):
        yield from SHORTCODE.finditer(markdown, done, start)
        done = end
    yield from SHORTCODE.finditer(markdown, done)


def _code_blocks(markdown: str) -> Iterator[tuple[int, int]]:
    """Yield where blocks of code begin and end; a fence that is never closed opens none."""
    opened: int | None = None
    for fence in FENCE.finditer(markdown):
        if opened is None:
            opened = fence.start()
        elif fence["more"] == "":
            yield opened, fence.end()
            opened = None


def _write_out(match: re.Match[str]) -> str:
    """Return what a shortcode says, in brackets where it is the target of a link and would break it."""
    written, text = _replace(match), match.string
    is_target = text.endswith("](", 0, match.start()) and text[match.end() : match.end() + 1] in TARGET_ENDS
    return f"<{written}>" if is_target and not PLAIN_TARGET.fullmatch(written) else written


def _replace(match: re.Match[str]) -> str:
    if match["close"]:
        return ""
    name = match["name"]
    named, plain = _arguments(match["rest"])
    if name in REFERENCES:
        return plain[0] if plain else next(iter(named.values()), "")
    if IMAGES.fullmatch(name):
        return _image(named, plain)
    if name in VIDEOS and (plain or "id" in named):
        video = named.get("id") or plain[0]
        return f"[{_spoken(named) or f'Video: {video}'}]({VIDEOS[name]}{video})"
    address = named.get("href") or named.get("url")
    spoken = _spoken(named)
    return f"[{spoken}]({address})" if address and spoken else spoken


def _image(named: dict[str, str], plain: list[str]) -> str:
    source = named.get("src") or named.get("uid") or (plain[0] if plain else "")
    alt = named.get("alt", "").replace("[", "(").replace("]", ")")
    target = f"<{source}>" if re.search(r"[\s()]", source) else source
    caption = named.get("caption") or named.get("title") or ""
    return f"![{alt}]({target})" + (f"\n\n*{caption}*\n\n" if caption.strip() else "")


def _spoken(named: dict[str, str]) -> str:
    return " ".join(named[key].strip() for key in SPOKEN if named.get(key, "").strip())


def _arguments(rest: str) -> tuple[dict[str, str], list[str]]:
    named: dict[str, str] = {}
    plain: list[str] = []
    for key, quoted, raw, bare in ARGUMENT.findall(rest):
        value = (quoted or raw or bare).replace('\\"', '"')
        if key:
            named[key] = value
        elif value:
            plain.append(value)
    return named, plain
