"""HTML to Markdown, and Markdown to the plain text that all offsets point into.

The plain text is a function of the Markdown alone: whoever renders the body sees the same
characters in the same order, which is what lets a page mark a mention by its offsets.
"""

from __future__ import annotations

import html as entities
import re
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdownify import MarkdownConverter

from ingest.normalize.tables import CELLS, NUMBER, square_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bs4 import BeautifulSoup, Tag
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "section", "article"),
    *("ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "kbd", "samp"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
    *("a", "em", "strong", "b", "i", "s", "del", "sub", "sup", "q", "cite", "span"),
    *("img", "figure", "figcaption", "details", "summary"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "pre": {"class"},
    "code": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto"}
CODE_LANGUAGE = re.compile(r"\b(?:lang(?:uage)?|highlight(?:-source)?|brush:?)[-\s]\s*([\w+#-]+)")
FENCE = re.compile(r"(^[ >]*(`{3,}).*?^[ >]*\2[ ]*$)", re.DOTALL | re.MULTILINE)
LINES_OF_CAPTION = ("br", "div", "li", "p")
MARKS = re.compile("`{3,}")
BLANKS_BEFORE_BREAK = re.compile(r" +(?=\n\n)")
# What may stand outside the marks of an emphasis as well as inside; escapes and links may not.
MARKS_AT_END = re.compile(r"(?<!\\)[^\w\s\\()\[\]*_`~<>]+\Z")
# One emphasis right after another: its marks would be read as one row.
ADJACENT = re.compile(r"</(b|strong|em|i)>(\s*)<\1>")
RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
POWER = re.compile(r"[\d+−-]+")
# Numbers have powers, and units, signs and elements, all of one or two letters.
OF_POWERS = re.compile(r"\d$|(?<![^\W\d_])[^\W\d_]{1,2}$")
HEADING = re.compile(r"\s*+(?:#[ \t]++([^\n]+)|([^\s#>`|=-][^\n]*)\n=++[ \t]*+)(?:\n|$)")
FOOTNOTE = re.compile(r"^( {0,3})\[\^([^\]\n]+)\]:", re.MULTILINE)
ANY_TAG = re.compile(r"</?([a-zA-Z][\w-]*)[^<>]*>")
COMMENT_OR_TAG = re.compile(rf"<!--.*|{ANY_TAG.pattern}", re.DOTALL)
WITHIN_WORDS = frozenset(
    {"a", "em", "strong", "b", "i", "u", "s", "sub", "sup", "span", "code", "abbr", "mark"}
)
# Tags without an end of their own, or that end where the next of their kind begins.
NEVER_NESTED = frozenset(
    {
        *("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "option", "a"),
        *("br", "hr", "img", "wbr", "col", "colgroup", "input", "source", "param", "embed"),
    }
)
# Elements within elements: three times as many as can be converted. Sanitising goes through all that are open
# for each that is opened.
MOST_NESTED = 1000
FRAME = re.compile(r"<iframe\b[^<>]*?\bsrc=[\"']([^\"'<>\s]+)[\"'][^<>]*>", re.IGNORECASE)
ACTIVE = ("script", "style")
# Tags that the sanitiser takes off while it keeps what stands between them.
HARMLESS = re.compile(
    r"font|center|u|small|big|ins|mark|abbr|time|nav|header|footer|main|aside|address|iframe|video|audio"
    r"|source|picture|label|form|tt|strike|object|embed|param|wbr|col|colgroup|dfn|var|hgroup|noscript|button"
)
INDENTED_TAG = re.compile(r"^(?: {4}|\t)[ \t]*</?[a-zA-Z]", re.MULTILINE)
CONTAINER = re.compile(
    r"<(/?)(?:ul|ol|dl|div|table|blockquote|section|article|aside|figure|details)\b[^<>]*>", re.IGNORECASE
)
NO_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|pre)\b.*?(?:</\1\s*>|\Z)|`[^`\n]*`", re.IGNORECASE | re.DOTALL
)
LINE = re.compile(r"^(?=.)", re.MULTILINE)
MANY_BREAKS = re.compile(r"\n{3,}")
OPENS = re.compile(r"(?:^|[\s(\[{“„«‘‹¿¡])[\"']?$")
GOES_ON = re.compile(r"[\s.,;:!?…)\]}”’»›\"'%/—–-]")
HAS_HTML = re.compile(r"<(?:[a-zA-Z][\w-]*+(?:\s[^<>]*+)?/?+>|/[a-zA-Z][\w-]*+\s*+>)")
BREAK_AFTER = {
    **dict.fromkeys(("paragraph_close", "heading_close", "blockquote_close"), "\n\n"),
    **dict.fromkeys(("bullet_list_close", "ordered_list_close", "table_close", "hr"), "\n\n"),
    "tr_close": "\n",
    **dict.fromkeys(("td_close", "th_close"), "\t"),
}
LINES = {"softbreak": " ", "hardbreak": "\n"}

# Brackets within brackets that are tried as links. Each that nobody closes costs as many tries.
MOST_BRACKETS = 10


class _Inline(ParserInline):
    """markdown-it, which would try a hundred brackets, here as on the articles' pages."""

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 - markdown-it's name
        """Pass over what stands within a label; too deep within, no label is looked for."""
        if state.level >= MOST_BRACKETS:
            state.cache.setdefault(state.pos, state.posMax)
        super().skipToken(state)


_RENDERER = MarkdownIt("js-default")
_RENDERER_WITH_HTML = MarkdownIt("js-default", {"html": True})
_RENDERER.inline = _RENDERER_WITH_HTML.inline = _Inline()
_BLOCKS = MarkdownIt("js-default", {"html": True}).disable("inline")


def _emphasis(mark: str, *tags: str) -> Any:
    """Return the conversion of an emphasis whose marks are read as such, whatever stands beside it.

    Where they would not be, as in `**Note:**see`, the colon moves out, or the words stay plain. Blanks
    at the edges stay between the words, those of an emphasis of nothing else too.
    """

    def convert(_converter: object, el: Tag, text: str, parent_tags: set[str]) -> str:
        before, words, after = _edges(text)
        if not words or "\n\n" in words or parent_tags & {"_noformat", *tags}:
            return text
        if not after and not words[-1].isalnum() and _beside(el, "next")[:1].isalnum():
            moved = MARKS_AT_END.search(words)
            if not moved or not moved.start():
                return text
            words, after = words[: moved.start()], moved[0]
        if not before and not words[0].isalnum() and _beside(el, "previous")[-1:].isalnum():
            return text
        return f"{before}{mark}{words}{mark}{after}"

    return convert


def _edges(text: str) -> tuple[str, str, str]:
    """Return the blanks before a text, what stands between, and the blanks behind."""
    words = text.lstrip()
    before, words = text[: len(text) - len(words)], words.rstrip()
    return before, words, text[len(before) + len(words) :]


def _beside(el: Tag, side: str) -> str:
    """Return the text right before or after an element within the same line."""
    while el.name in WITHIN_WORDS:
        beside = getattr(el, f"{side}_sibling")
        while beside is not None and not beside.get_text():
            if beside.name == "br":
                return ""
            beside = getattr(beside, f"{side}_sibling")
        if beside is not None:
            return str(beside.get_text())
        if el.parent is None:
            break
        el = el.parent
    return ""


class _Converter(MarkdownConverter):
    """markdownify with table cells that keep their columns and captions that stand apart."""

    def convert_soup(self, soup: BeautifulSoup) -> str:
        """Keep the cells of all rows below the heads of their columns, and number the points of lists."""
        square_tables(soup)
        for points in soup.find_all("ol"):
            start = str(points.get("start") or "")
            first = int(start) if NUMBER.fullmatch(start) else 1
            for number, point in enumerate(points.find_all("li", recursive=False), first):
                point["value"] = str(number)
        return str(super().convert_soup(soup))

    convert_b = convert_strong = _emphasis("**", "b", "strong")
    convert_em = convert_i = _emphasis("*", "em", "i")
    convert_del = convert_s = _emphasis("~~", "del", "s")

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Keep the blanks at the edges of a link between the words."""
        before, words, after = _edges(text)
        link = super().convert_a(el, words, parent_tags) if words else ""  # type: ignore[misc] # not in its stubs
        return f"{before}{link}{after}"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Escape the column mark inside a cell."""
        return str(super().convert_td(el, _cell(text), parent_tags))  # type: ignore[misc] # not in its stubs

    def convert_th(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Escape the column mark inside a head cell."""
        return str(super().convert_th(el, _cell(text), parent_tags))  # type: ignore[misc] # not in its stubs

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Set a line below a table's first row; markdownify sets one below that of each part of it."""
        del parent_tags
        cells = el.find_all(CELLS, recursive=False)
        if not cells:
            return ""
        row = f"|{text}\n"
        table = el.find_parent("table")
        if table is None or table.find("tr") is not el:
            return row
        return f"{row}| {' | '.join(['---'] * sum(int(str(cell.get('colspan') or 1)) for cell in cells))} |\n"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Set the number of a point before it; markdownify would count all that stand before it."""
        if "value" not in el.attrs:
            return str(super().convert_li(el, text, parent_tags))  # type: ignore[misc] # not in its stubs
        number = f"{el['value']}. "
        point = LINE.sub(" " * len(number), text.strip())
        return f"{number}{point[len(number) :]}\n" if point else "\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Fence code with more marks than it holds itself, lest it ends early."""
        code = str(super().convert_pre(el, text, parent_tags))  # type: ignore[misc] # not in its stubs
        held = max((len(marks) for marks in MARKS.findall(text)), default=0)
        if not held:
            return code
        marks, inner = "`" * (held + 1), code.strip("\n").removeprefix("```").removesuffix("```")
        return f"\n\n{marks}{inner}{marks}\n\n"

    def convert_figcaption(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Set a caption as a paragraph in italics."""
        del text, parent_tags
        for line in el.find_all(LINES_OF_CAPTION):
            line.insert_before(" ")
            line.insert_after(" ")
        caption = escape(" ".join(el.get_text().split()))
        return f"\n\n*{caption}*\n\n" if caption else ""

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Raise the power of a number or unit, lest `10<sup>3</sup>` becomes 103; words stay as they are."""
        del parent_tags
        before = "" if el.previous_sibling is None else el.previous_sibling.text[-3:]
        if POWER.fullmatch(el.text) and OF_POWERS.search(before):
            return el.text.translate(RAISED)
        return text.translate(RAISED) if before[-1:].isdigit() else text

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Set a table inside a table's cell as plain words: a cell holds one line."""
        if parent_tags & {"td", "th"}:
            return " ".join(el.stripped_strings)
        return str(super().convert_table(el, text, parent_tags))  # type: ignore[misc] # not in its stubs

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Set a term as a paragraph in bold; Markdown has no lists of definitions."""
        del el, parent_tags
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Set what is said of a term as a paragraph."""
        del el, parent_tags
        return f"\n\n{text.strip()}\n\n"

    convert_summary = convert_dt

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


def _code_language(pre: Tag) -> str:
    """Return the language that a code block names in a class, as most highlighters do."""
    for element in (pre, pre.find("code")):
        classes = " ".join(element.get("class") or ()) if element else ""
        if match := CODE_LANGUAGE.search(classes):
            return match[1]
    return ""


_CONVERTER = _Converter(
    heading_style="ATX",
    bullets="-",
    escape_misc=True,
    table_infer_header=True,
    code_language_callback=_code_language,
)


def sanitize(html: str) -> str:
    """Return HTML reduced to what an article can need; scripts, styles and bad links go."""
    # What a script cut short may end in half a character, which nothing can hold.
    html = html.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


def html_to_markdown(html: str) -> str:
    """Return untrusted HTML as Markdown with headings, lists, links, tables, code and images.

    Raises `RecursionError` where elements lie too deep within others to convert.
    """
    if _is_too_deep(html):
        raise RecursionError
    markdown = str(_CONVERTER.convert(ADJACENT.sub(r"\2", sanitize(html))))
    parts = FENCE.split(markdown)
    del parts[2::3]  # the marks alone
    parts[::2] = [_tidy(part) for part in parts[::2]]
    return "".join(parts).strip()


def _is_too_deep(html: str) -> bool:
    opened = 0
    for tag in ANY_TAG.finditer(html):
        if tag[1].lower() not in NEVER_NESTED:
            opened = max(0, opened + (-1 if tag[0][1] == "/" else 1))
            if opened > MOST_NESTED:
                return True
    return False


def _tidy(markdown: str) -> str:
    """Drop blanks at line ends, but for those that make a line break, and needless empty lines."""
    lines = (
        f"{line.rstrip()}  " if line.strip() and line.endswith("  ") else line.rstrip()
        for line in markdown.split("\n")
    )
    return MANY_BREAKS.sub("\n\n", BLANKS_BEFORE_BREAK.sub("", "\n".join(lines)))


def resolve_html(markdown: str) -> str:
    """Return Markdown whose embedded HTML, if any, has become Markdown too.

    What only looks like a tag, as in `vector<int>`, stays as it is written, and so do footnotes,
    which would otherwise pass for the targets of links.
    """
    markdown = FOOTNOTE.sub(r"\1\\[^\2\\]:", markdown)
    comment = markdown.find("<!--")
    if not HAS_HTML.search(markdown) and (comment < 0 or markdown.find("-->", comment) < 0):
        return markdown.strip()
    return html_to_markdown(markdown_to_html(markdown))


def markdown_to_html(markdown: str) -> str:
    """Return Markdown as HTML, with the HTML that is embedded in it as it stands there."""
    return str(_RENDERER_WITH_HTML.render(_unindent_html(markdown)))


def _unindent_html(markdown: str) -> str:
    """Return Markdown in which HTML that goes on after an empty line, indented, is no code.

    Where a list or a division is still open, tags behind four blanks were never meant to be read.
    """
    if not INDENTED_TAG.search(markdown):
        return markdown
    lines = markdown.split("\n")
    opened = 0
    for token in _BLOCKS.parse(markdown):
        is_html = token.type in {"html_block", "inline"}
        if token.type == "code_block" and opened and token.map:
            is_html = _unindent(lines, range(*token.map))
        if is_html:
            tags = CONTAINER.finditer(NO_MARKUP.sub("", token.content))
            opened = max(0, opened + sum(-1 if tag[1] else 1 for tag in tags))
    return "\n".join(lines)


def _unindent(lines: list[str], numbers: range) -> bool:
    """Take the indent off each run of lines that begins with a tag; tell whether there is one."""
    before, goes_on, found = "", False, False
    for number in numbers:
        line = lines[number].lstrip()
        if line and not before:
            tag = ANY_TAG.match(line)
            goes_on = tag is not None and _is_known(tag[1].lower())
            found = found or goes_on
        if goes_on:
            lines[number] = line
        before = line
    return found


def _keep_strange_tags(html: str) -> str:
    """Return embedded HTML in which only the tags of articles are tags; all else is text."""
    if "<!--" in html and "-->" not in html:
        html = html.replace("<!--", "&lt;!--")
    for active in ACTIVE:
        if f"</{active}" in html.lower():
            html = re.sub(rf"<{active}\b.*?</{active}\s*>", "", html, flags=re.DOTALL | re.IGNORECASE)
    html = FRAME.sub(r'<a href="\1">\1</a>', html)
    return ANY_TAG.sub(lambda tag: tag[0] if _is_known(tag[1].lower()) else entities.escape(tag[0]), html)


def _is_known(tag: str) -> bool:
    return tag in TAGS or HARMLESS.fullmatch(tag) is not None


def _render_html(_renderer: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    return _keep_strange_tags(tokens[index].content)


_RENDERER_WITH_HTML.add_render_rule("html_inline", _render_html)
_RENDERER_WITH_HTML.add_render_rule("html_block", _render_html)


def plain_text(body: str) -> str:
    """Return what a reader of the rendered Markdown would see, blocks a blank line apart."""
    text = "".join(visible(_RENDERER.parse(body))).replace("\t\n", "\n")
    return MANY_BREAKS.sub("\n\n", text).strip()


def plain_line(markdown: str) -> str:
    """Return what is seen of Markdown within one line, in which `1.` or `#` begins no block."""
    tokens = _RENDERER_WITH_HTML.parseInline(markdown)
    for token in tokens[0].children or ():
        if token.type == "html_inline":
            token.content = COMMENT_OR_TAG.sub(_without_tag, token.content)
    return "".join(visible(tokens))


def _without_tag(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    if name and not _is_known(name):
        return tag[0]
    return "" if name in WITHIN_WORDS else " "


def block_lines(markdown: str) -> Iterator[tuple[str, range]]:
    """Yield the type of each block of Markdown with embedded HTML, and the numbers of its lines."""
    for token in _BLOCKS.parse(markdown):
        if token.map:
            yield token.type, range(*token.map)


def line_as_html(markdown: str) -> str:
    """Return Markdown within one line as it is written in HTML."""
    return str(_RENDERER_WITH_HTML.renderInline(markdown))


def parse(body: str) -> tuple[list[Token], bool]:
    """Return the tokens of a body, and whether it defines links apart from where they stand."""
    definitions: dict[str, Any] = {}
    tokens = _RENDERER.parse(body, definitions)
    return tokens, bool(definitions.get("references"))


def visible(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield what is seen of some tokens, piece by piece, with the breaks between blocks."""
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
    """Yield what is seen of a line; an image's description stands apart from the words beside it."""
    before, is_after_image = "", False
    for token in tokens:
        is_image = token.type == "image"
        piece = "".join(_inline(token.children or ())) if is_image else LINES.get(token.type, token.content)
        if not piece:
            continue
        touches = (is_image and not piece[0].isspace()) or (is_after_image and not GOES_ON.match(piece))
        if touches and not OPENS.search(before):
            yield " "
        yield piece
        before, is_after_image = (before + piece)[-2:], is_image


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def first_heading(body: str) -> tuple[str, str] | None:
    """Return the level-one heading that opens a body, be it underlined, and the body after it."""
    match = HEADING.match(body)
    title = re.sub(r"\s#+$", "", (match[1] or match[2]).rstrip()).rstrip() if match else ""
    return (plain_text(title), body[match.end() :].strip()) if match and title.strip("#") else None


def escape(text: str) -> str:
    """Return text as Markdown that shows just that text."""
    return "\n".join(_escape_line(line) for line in text.split("\n"))


def _escape_line(line: str) -> str:
    line = re.sub(r"([\\`*_\[\]<>~])", r"\\\1", line.strip())
    line = re.sub(r"&(?=#?\w+;)", r"\\&", line)
    line = re.sub(r"^(\s*)([-+#>=|]|:(?=-))", r"\1\\\2", line)
    return re.sub(r"^(\s*\d{1,9})([.)])(?=\s|$)", r"\1\\\2", line)
