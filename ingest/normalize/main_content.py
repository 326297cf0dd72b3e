"""Selects the blocks of a page that are the article, in the page's own structure.

trafilatura says which text is main content; its own output would drop captions, alternative
texts and much structure. So its text serves as a guide: the blocks that hold it are kept, and
with them short passages and pictures among them, exactly as the page marked them up.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import lxml.etree
import lxml.html

from ingest.normalize.align import find_blocks, holds_most
from ingest.normalize.blocks import BLOCKS, HEADINGS, LEAST_PROSE, MOST_LINKED, letters, set_apart
from ingest.normalize.completions import complete
from ingest.normalize.guide import find_guide
from ingest.normalize.head import read_head
from ingest.normalize.images import resolve_images
from ingest.normalize.note_links import tidy_note_links
from ingest.normalize.surroundings import FRAME, forget_widgets, is_around, is_within, pattern, up
from ingest.normalize.unseen import drop_unseen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from ingest.model import Field
    from ingest.normalize.blocks import Block

DECLARED = (
    "//meta[@property='og:type' and starts-with(@content, 'article')]",
    "//*[contains(@itemtype, 'schema.org/') and contains(@itemtype, 'Article')]",
)
ARTICLE_LD = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|Report)"')
FRAME_NAMED = re.compile(r"(?i)nav|menu|footer|cookie|breadcrumb")
LEAST_SHARE_FOUND = 0.7
LEAST_SHARE_OF_PAGE = 0.2
LEAST_SHARE_OF_PARENT = 0.2
LEAST_SHARE_BESIDE = 0.7
LEAST_SHARE_OF_WHOLE = 0.8
LEAST_LETTERS = 15
LEVELS = 3
UNWRAPPED = ("div", "section", "article", "main", "header", "footer", "aside", "nav", "form", "fieldset")
EMPTY_WITHOUT_TEXT = ("li", "ul", "ol", "blockquote", "figure", "figcaption", "dl", "dt", "dd", "a")


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """The article of a page as HTML, and what the page prints around its headline."""

    html: str
    fields: tuple[Field, ...]


def select_main_content(tree: HtmlElement, titles: Sequence[str], url: str | None, stated: str) -> Content:
    """Return the article of a page, empty where none stands out; takes the tree apart.

    `stated` is what the page gives machines as the text of its article, or nothing. Where that says
    more than trafilatura finds, it is a guide to what is printed of it as well.
    """
    declared = _is_declared(tree)
    if stated:
        # trafilatura would take it from the page's scripts too, in one piece.
        lxml.etree.strip_elements(tree, "script", with_tail=False)
    drop_unseen(tree)
    guide = find_guide(tree, declared=declared)
    resolve_images(tree)
    blocks = set_apart(tree)
    text = (guide.text if guide else None) or ""
    says_more = _says_more(stated, text)
    found = _find_more(blocks, stated, text) if says_more else find_blocks(blocks, text)
    for block, is_found in zip(blocks, found, strict=True):
        block.kept = is_found
    fields = tuple(read_head(blocks, titles))
    kept = sum(block.length for block in blocks if block.kept)
    if says_more and not kept:
        return Content(html="", fields=fields)
    if not says_more:
        if guide is None or not text:
            return Content(html="", fields=fields)
        told = len(letters(text))
        little = 0 if declared else LEAST_SHARE_OF_PAGE * sum(block.length for block in blocks)
        if (not kept or kept < LEAST_SHARE_FOUND * told) and told >= little:
            return Content(html=_from_guide(guide.body), fields=fields)
        if kept < little:
            _keep_all_but_frame(blocks)
    forget_widgets(blocks)
    _keep_alike(blocks)
    shares = _shares(blocks)
    _keep_passages(blocks, shares)
    complete(blocks, _whole(blocks))
    body = tree.find("body")
    _cut_out(body, blocks, shares)
    tidy_note_links(body)
    if url and url.startswith(("http://", "https://")):
        body.rewrite_links(lambda link: urljoin(url, link), resolve_base_href=False)
    return Content(html=str(lxml.html.tostring(body, encoding="unicode")), fields=fields)


def _says_more(stated: str, text: str) -> bool:
    """Tell whether a stated text is longer than one that was found, and mostly another."""
    said, told = letters(stated), letters(text)
    return len(said) > len(told) and not holds_most(told, said)


def _find_more(blocks: Sequence[Block], stated: str, text: str) -> list[bool]:
    """Tell for each block whether it is of the stated text; or, where little is, prose of the found one.

    The few words that trafilatura finds on a page that prints little may be a menu or a notice.
    """
    found = find_blocks(blocks, stated)
    printed = sum(block.length for block, is_found in zip(blocks, found, strict=True) if is_found)
    if 2 * printed >= len(letters(stated)):
        return found
    others = find_blocks(blocks, text)
    return [
        is_found or (other and _is_prose(block))
        for block, is_found, other in zip(blocks, found, others, strict=True)
    ]


def _is_declared(tree: HtmlElement) -> bool:
    """Tell whether the page itself says that it is an article; then more of it may be trusted."""
    if any(tree.xpath(path) for path in DECLARED):
        return True
    scripts = tree.iterfind(".//script[@type='application/ld+json']")
    return any(ARTICLE_LD.search(script.text or "") for script in scripts)


def _from_guide(body: HtmlElement) -> str:
    """Return trafilatura's own blocks, for text that stands in no block of the page."""
    paragraphs = []
    for element in body:
        paragraph = lxml.html.Element("p")
        # Within lines a word may be marked in part; cells and points are never of one word.
        between = " " if element.tag in {"table", "list"} else ""
        paragraph.text = " ".join(between.join(element.itertext()).split())
        paragraphs.append(str(lxml.html.tostring(paragraph, encoding="unicode")))
    return "".join(paragraphs)


def _keep_alike(blocks: Sequence[Block]) -> None:
    """Keep prose that stands in elements of the same classes as prose that is kept already.

    For pages made of many like parts, of which the guide sees some.
    """
    prose = [block for block in blocks if _is_prose(block)]
    keys = {block.key for block in blocks if block.kept}
    patterns = {pattern(block.element) for block in prose if block.kept}
    holders = {element for block in blocks if block.kept for element in block.element.iterancestors()}
    for block in prose:
        built = pattern(block.element)
        if block.key not in keys and built in patterns and any(named for _, named in built[1:]):
            block.kept = is_within(block.element, holders) and not is_around(block.element)


def _is_prose(block: Block) -> bool:
    return block.length >= LEAST_PROSE and block.linked <= MOST_LINKED


def _keep_all_but_frame(blocks: Sequence[Block]) -> None:
    """Keep a page that is no article, such as a list, without its menus, head and foot."""
    framed: dict[HtmlElement, bool] = {}
    for block in blocks:
        path = [block.element, *block.element.iterancestors()]
        for element in reversed(path):
            if element not in framed:
                above = element.getparent()
                framed[element] = framed.get(above, False) or _is_frame(element)
        block.kept = block.kept or not framed[block.element]


def _is_frame(element: HtmlElement) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in FRAME or (element.tag not in {"body", "html"} and bool(FRAME_NAMED.search(named)))


def _shares(blocks: Sequence[Block]) -> dict[HtmlElement, float]:
    """Return for each parent of kept blocks which share of all kept text stands right in it."""
    lengths: Counter[HtmlElement] = Counter()
    for block in blocks:
        if block.kept:
            lengths[block.element.getparent()] += block.length
    total = lengths.total()
    return {element: length / total for element, length in lengths.items()}


def _is_among(element: HtmlElement, shares: dict[HtmlElement, float]) -> bool:
    """Tell whether an element stands near a good part of the kept text."""
    return any(shares.get(parent, 0) >= LEAST_SHARE_OF_PARENT for parent in up(element, LEVELS))


def _keep_passages(blocks: Sequence[Block], shares: dict[HtmlElement, float]) -> None:
    """Keep text that is not mostly links and stands among kept blocks, or right beside most of them.

    Prose may lie deeper, such as an answer that unfolds, unless it is what a page set twice, for
    wide and for narrow screens.
    """
    kept = [index for index, block in enumerate(blocks) if block.kept]
    whole = {_whole(blocks)}
    keys = {block.key for block in blocks if block.kept}
    for index, block in enumerate(blocks):
        if block.kept or block.linked > MOST_LINKED or block.element.tag == "figcaption":
            continue
        is_inside = kept[0] < index < kept[-1]
        is_near = (is_inside and _is_among(block.element, shares)) or (
            shares.get(block.element.getparent(), 0) >= LEAST_SHARE_BESIDE
        )
        block.kept = is_near and block.length >= LEAST_LETTERS and not is_around(block.element)
        if _is_prose(block):
            is_wanted = block.kept or (is_inside and is_within(block.element, whole))
            block.kept = is_wanted and block.key not in keys
            keys.update([block.key] if block.kept else ())
    for block, following in reversed(list(pairwise(blocks))):
        if block.element.tag in HEADINGS and following.kept and block.linked <= MOST_LINKED:
            is_among = _is_among(block.element, shares) and not is_around(block.element)
            block.kept = block.kept or is_among or is_within(block.element, whole)


def _whole(blocks: Sequence[Block]) -> HtmlElement:
    """Return the innermost element that holds nearly all of the kept text."""
    lengths: Counter[HtmlElement] = Counter()
    for block in blocks:
        if block.kept:
            lengths.update(dict.fromkeys(block.element.iterancestors(), block.length))
    least = LEAST_SHARE_OF_WHOLE * max(lengths.values())
    return [element for element in blocks[0].element.getroottree().iter() if lengths[element] >= least][-1]


def _cut_out(body: HtmlElement, blocks: Sequence[Block], shares: dict[HtmlElement, float]) -> None:
    """Remove all that is not kept, and the scaffolding around what is."""
    of_element = {block.element: block for block in blocks}
    kept = [block.element for block in blocks if block.kept]
    order = {element: place for place, element in enumerate(body.iter())}
    span = range(order[kept[0]], order[kept[-1]] + 1)
    whole = _common_ancestor(kept[0], kept[-1])
    for image in list(body.iter("img")):
        holder = next((each for each in image.iterancestors() if each in of_element), None)
        if holder is not None and (of_element[holder].kept or holder.tag != "figcaption"):
            continue
        figure = next(image.iterancestors("figure"), None)
        stands_in = order[image] < span.stop and figure is not None and _holds(whole, image)
        if (stands_in or _is_among(image, shares)) and not is_around(image):
            for caption in figure.iter("figcaption") if figure is not None else ():
                for block in (of_element[each] for each in caption.iter() if each in of_element):
                    block.kept = True
        else:
            image.drop_tree()
    for rule in list(body.iter("hr")):
        if order[rule] not in span:
            rule.drop_tree()
    for block in blocks:
        if not block.kept:
            block.element.drop_tree()
    _take_down_scaffold(body)


def _common_ancestor(one: HtmlElement, other: HtmlElement) -> HtmlElement:
    above = set(one.iterancestors())
    return next(parent for parent in other.iterancestors() if parent in above)


def _holds(whole: HtmlElement, element: HtmlElement) -> bool:
    return any(parent is whole for parent in element.iterancestors())


def _take_down_scaffold(body: HtmlElement) -> None:
    """Remove elements that only arrange others, and what has become empty."""
    for link in list(body.iter("a")):
        inner = [each for each in link.iter(*BLOCKS) if next(each.iter(*BLOCKS - {each.tag}), None) is None]
        for block in inner:
            _link_inside(block, link.get("href"))
        if inner:
            link.drop_tag()
    lxml.etree.strip_tags(body, *UNWRAPPED)
    for element in reversed(list(body.iter(*EMPTY_WITHOUT_TEXT))):
        if next(element.iter("img", "hr"), None) is None and not element.text_content().strip():
            element.drop_tree()


def _link_inside(block: HtmlElement, address: str | None) -> None:
    if not address or block.find(".//a") is not None or block.tag in {"pre", "table", "ul", "ol"}:
        return
    inside = lxml.html.Element("a", href=address)
    inside.text, block.text = block.text, None
    inside[:] = list(block)
    block.append(inside)
