"""The text of an article that a page hands to its scripts: HTML, paragraphs, or the blocks of an editor.

Contentful, Sanity, Slate, Editor.js, Arc and others name them differently and nest them alike: a block has a
kind and, under one of a few names, words, pieces of a line, or further blocks.
"""

from __future__ import annotations

import html
import re
from itertools import groupby, islice
from typing import TYPE_CHECKING

from ingest.normalize.align import holds_most
from ingest.normalize.blocks import LEAST_PROSE, letters
from ingest.normalize.stated_text import TAGS, read_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ingest.normalize.linked_data import Json
    from ingest.normalize.stated_text import Passage

TITLES = ("headline", "title", "name", "heading", "headlines")
# Where an object says what search engines shall call it, which may differ from its headline.
FOR_ENGINES = ("seo", "meta", "metadata", "yoast_head_json")
WRITTEN = ("rendered", "basic", "text", "value", "main")
# Under what names an article has its text: `body`, `articleBody`, `content_elements`, `bodyBlocks`.
OF_ARTICLES = re.compile(
    r"(?i)(?:article|post|story|page|main|full|rich|parsed)?_?"
    r"(?:body|contents?|text|html|markdown|blocks?|paragraphs|sections|story|description)"
    r"_?(?:blocks?|html|text|elements|model|json|markdown|rendered)?"
)
# Under what names blocks have theirs; what else they hold is looked into where they have none.
OF_BLOCKS = re.compile(
    rf"{OF_ARTICLES.pattern}|attributes|children|data|document|items|nodes|root|rendered|value"
)
HEADINGS = ("headline", "title", "heading")
KINDS = ("type", "nodeType", "_type", "__typename", "style", "tag", "listItem")
ADDRESSES = ("url", "href", "slug", "link", "path", "uri", "permalink", "canonical_url", "website_url")
PIECES = ("children", "content")
OF_A_LINE = frozenset({"", "text", "span", "link", "hyperlink", "a", "mark", "strong", "em", "autolink"})
# What stands among the paragraphs of an article and leads to others.
LEADING_AWAY = re.compile(r"(?i)(?:.*(?:related|interstitial|promo|newsletter|advert|recirc)|ads?$)")
HEADING = re.compile(r"(?i)(?:h|head(?:ing|er)?)[-_]?([1-6])?$")
NUMBERED = re.compile(r"(?i)ordered|numbered|ol$")
POINTS = re.compile(r"\A<()ul>|<(/)ul>\Z")
SURROUNDED = {
    re.compile(r"(?i)(?:(?:block|pull)?[-_]?quote|[bp]q)$"): "blockquote",
    re.compile(r"(?i)(?:list[-_]?item|[uo]?li|bullet|number)$"): "li",
}
LEAST_LETTERS = 250
LEAST_OF_TITLE = 10
DEEPEST = 14
# How deep the pieces of a line hold each other; some data lead back to themselves.
DEEPEST_PIECES = 6
# An article is told of a few times in its page; each may hold its whole text.
MOST_NAMED = 30


def read_article_data(objects: Iterable[Json], titles: Sequence[str]) -> list[Passage]:
    """Return the longest text of an object that is called what the page is called; nothing of any other.

    A page hands its scripts the articles that it leads to as well, some with their whole text.
    """
    keys = {key for title in titles if (key := letters(title))}
    named = (each for each in objects if any(_is_called(title, keys) for title in _all_titles(each)))
    texts = (_Blocks().of_article(each) for each in islice(named, MOST_NAMED))
    longest = max(texts, key=lambda text: len(letters(text)), default="")
    passage = read_passage(longest)
    lengths = [len(letters(line)) for line in passage.text.split("\n")]
    prose = sum(length for length in lengths if length >= LEAST_PROSE)
    return [passage] if sum(lengths) >= LEAST_LETTERS and 2 * prose >= sum(lengths) else []


def _all_titles(node: Json) -> Iterator[str]:
    """Yield the headlines of an object and, where it has one, what search engines shall call it.

    What has a name for these alone is a whole page, with all that it leads to.
    """
    own = [title for title in _titles(node) if title]
    yield from own
    for held in map(node.get, FOR_ENGINES if own else ()):
        if isinstance(held, dict):
            yield from _titles(held)


def _titles(node: Json, names: Sequence[str] = TITLES) -> Iterator[str]:
    for name in names:
        value = node.get(name)
        if isinstance(value, dict):
            value = next((value[each] for each in WRITTEN if isinstance(value.get(each), str)), None)
        if isinstance(value, str):
            yield value


def _is_called(title: str, keys: Iterable[str]) -> bool:
    """Tell whether a title is one of the page's, to which a site may add its name."""
    own = letters(html.unescape(title))
    return any(own == key or (2 * len(own) >= max(len(key), LEAST_OF_TITLE) and own in key) for key in keys)


class _Blocks:
    """Writes blocks as HTML, each once, since some hold each other."""

    def __init__(self) -> None:
        self._written_out: set[int] = set()

    def of_article(self, node: Json) -> str:
        """Return the longest of the texts that an object has under the names of such."""
        texts = (
            "\n".join(self._written(node[name], DEEPEST)) for name in node if OF_ARTICLES.fullmatch(name)
        )
        return max(texts, key=len, default="")

    def _written(self, value: object, depth: int) -> Iterator[str]:
        if isinstance(value, str):
            yield from _paragraphs(value)
        elif isinstance(value, dict | list) and depth and id(value) not in self._written_out:
            self._written_out.add(id(value))
            if isinstance(value, dict):
                yield from self._block(value, depth)
            else:
                inside = [block for each in value for block in self._written(each, depth - 1)]
                for are_points, group in groupby(inside, lambda block: block.startswith("<li>")):
                    blocks = list(group)
                    yield from [f"<ul>{''.join(blocks)}</ul>"] if are_points else blocks

    def _block(self, node: Json, depth: int) -> Iterator[str]:
        kinds = [kind for name in KINDS if isinstance(kind := node.get(name), str)]
        title = next(_titles(node, HEADINGS), "")
        if any(map(LEADING_AWAY.match, kinds)) or (title and any(map(node.get, ADDRESSES))):
            return
        if pieces := _line(node, is_block=bool(kinds)):
            line = "".join(map(_piece, pieces))
            inside = [f"<p>{line}</p>"] if line.strip() else []
        else:
            held = [list(self._written(node[name], depth - 1)) for name in node if OF_BLOCKS.fullmatch(name)]
            inside = [block for each in _different(held) for block in each]
        if not inside:
            others = [each for each in node.values() if isinstance(each, dict | list)]
            inside = [block for each in others for block in self._written(each, depth - 1)]
        if any(map(NUMBERED.match, kinds)):
            inside = [POINTS.sub(r"<\1\2ol>", each) for each in inside]
        if title and inside:
            yield f"<h2>{html.escape(html.unescape(title), quote=False)}</h2>"
        yield from _surrounded(inside, kinds, node)


def _different(texts: list[list[str]]) -> list[list[str]]:
    """Return the texts that no longer one says as well, such as the same without marks, in order."""
    kept: list[int] = []
    said = ""
    for place in sorted(range(len(texts)), key=lambda place: -len("".join(texts[place]))):
        own = letters("".join(texts[place]))
        if own and not holds_most(said, own):
            kept.append(place)
            said += own
    return [texts[place] for place in sorted(kept)]


def _surrounded(inside: list[str], kinds: Sequence[str], node: Json) -> Iterator[str]:
    """Yield what a block holds as a heading, a quotation or a point of a list, if it is one."""
    headings = list(filter(None, map(HEADING.match, kinds)))
    if headings and len(inside) == 1:
        levels = [*(each[1] for each in headings), node.get("level"), node.get("depth")]
        level = next((each for each in levels if isinstance(each, int | str) and str(each) in {*"123456"}), 2)
        yield f"<h{level}>{inside[0].removeprefix('<p>').removesuffix('</p>')}</h{level}>"
        return
    for pattern, tag in SURROUNDED.items():
        if inside and any(map(pattern.match, kinds)):
            yield f"<{tag}>{''.join(inside)}</{tag}>"
            return
    yield from inside


def _paragraphs(text: str) -> Iterator[str]:
    if TAGS.search(text):
        yield f"<div>{text}</div>"
    else:
        parts = html.unescape(text).split("\n")
        yield from (f"<p>{html.escape(part, quote=False)}</p>" for part in parts if part.strip())


def _line(node: Json, *, is_block: bool = True, depth: int = DEEPEST_PIECES) -> list[Json]:
    """Return the pieces of one line that a block holds, such as words in italics among others."""
    for name in PIECES if is_block else PIECES[:1]:
        value = node.get(name)
        if isinstance(value, list) and value and depth and all(_is_piece(each, depth) for each in value):
            return value
    return []


def _is_piece(value: object, depth: int) -> bool:
    if not isinstance(value, dict):
        return False
    kind = next((value[name] for name in KINDS if isinstance(value.get(name), str)), "")
    text = _words(value)
    is_told = bool(_line(value, depth=depth - 1)) if text is None else not TAGS.search(text)
    return kind in OF_A_LINE and is_told


def _words(node: Json) -> str | None:
    return next((text for name in ("text", "value") if isinstance(text := node.get(name), str)), None)


def _piece(node: Json, depth: int = DEEPEST_PIECES) -> str:
    text = _words(node)
    if text is not None:
        return html.escape(text, quote=False)
    inside = "".join(_piece(each, depth - 1) for each in _line(node, depth=depth - 1))
    data = node.get("data")
    address = node.get("url") or node.get("href") or (data.get("uri") if isinstance(data, dict) else None)
    return f'<a href="{html.escape(address)}">{inside}</a>' if isinstance(address, str) else inside
