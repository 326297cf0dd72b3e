"""The blocks of a body: where each lies in the Markdown and in the plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from ingest.model import Block
from ingest.normalize.markdown import MANY_BREAKS, parse, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    Kind = Literal["paragraph", "heading", "list", "table", "quotation", "code", "rule", "definition"]

KINDS: dict[str, Kind] = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "blockquote_open": "quotation",
    "fence": "code",
    "code_block": "code",
    "hr": "rule",
}
HOLDERS = frozenset({"list", "quotation"})
LINE = re.compile(r"[^\n]*\n?")
LEAST_LINKED = 0.8


def read_outline(body: str) -> tuple[str, tuple[Block, ...]]:
    """Return the plain text of a body, as `plain_text` does, and its blocks in order.

    Where links are defined apart from where they stand, these definitions are blocks that show
    nothing. There are no blocks at all where a definition stands within one.
    """
    tokens, has_definitions = parse(body)
    groups = list(_groups(tokens))
    pieces = [_piece(group) for group in groups]
    joined = "\n\n".join(filter(None, pieces))
    text = joined.strip()
    if "\r" in body:
        return text, ()
    lead, cursor = len(joined) - len(joined.lstrip()), 0
    starts = [match.start() for match in LINE.finditer(body)]
    blocks = []
    for group, piece in zip(groups, pieces, strict=True):
        first, last = group[0].map or (0, 0)
        start, end = starts[first], starts[min(last, len(starts) - 1)]
        if piece and cursor:
            cursor += 2
        text_start, cursor = cursor, cursor + len(piece)
        blocks.append(
            Block(
                kind=KINDS[group[0].type],
                start=start,
                end=start + len(body[start:end].rstrip()),
                text_start=min(max(text_start - lead, 0), len(text)),
                text_end=min(max(cursor - lead, 0), len(text)),
                linked=_is_linked(group),
            )
        )
    if not has_definitions:
        return text, tuple(blocks)
    if any(block.kind in HOLDERS and "]:" in body[block.start : block.end] for block in blocks):
        return text, ()
    return text, tuple(_with_definitions(body, blocks))


def _with_definitions(body: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks, and between them what the parser took as definitions."""
    cursor = shown = 0
    for block in blocks:
        yield from _definition(body, cursor, block.start, shown)
        yield block
        cursor, shown = block.end, block.text_end
    yield from _definition(body, cursor, len(body), shown)


def _definition(body: str, start: int, end: int, shown: int) -> Iterator[Block]:
    between = body[start:end]
    if between.strip():
        start += len(between) - len(between.lstrip())
        end = start + len(between.strip())
        yield Block(kind="definition", start=start, end=end, text_start=shown, text_end=shown)


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each block that stands in no other."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield group
            group = []


def _piece(group: Sequence[Token]) -> str:
    text = "".join(visible(group)).replace("\t\n", "\n")
    return MANY_BREAKS.sub("\n\n", text).strip("\n")


def _is_linked(group: Sequence[Token]) -> bool:
    """Tell whether nearly all letters of a block are within links."""
    inside = total = depth = 0
    for token in group:
        for child in token.children or ():
            depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            length = len(child.content.strip()) if child.type in {"text", "code_inline"} else 0
            total += length
            inside += length if depth else 0
    return total > 0 and inside >= LEAST_LINKED * total
