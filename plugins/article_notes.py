"""The notes of a text, as Markdown has them: each mark leads to its note, and the note back to its mark."""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

MARK = re.compile(r"\[\^([^\]\s]{1,60})\](:?)")
BREAKS = frozenset(("softbreak", "hardbreak"))


def link_notes(tokens: Sequence[Token]) -> None:
    """Link the marks and notes of a parsed text in place, numbered in the order of the marks.

    A note is what a line begins with, `[^a]: See below.`; a mark without a note, and a note that nothing
    marks, stay as they were typed.
    """
    lines = [token for token in tokens if token.type == "inline" and "[^" in token.content]
    found = [(label, begins) for line in lines for label, begins in _labels(line.children or [])]
    noted = {label for label, begins in found if begins}
    marked = dict.fromkeys(label for label, begins in found if not begins and label in noted)
    numbers = {label: number for number, label in enumerate(marked, start=1)}
    ids: set[str] = set()
    for line in lines if numbers else ():
        line.children = _linked(line.children or [], numbers, ids)


def _labels(tokens: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    """Yield the label of each mark of a block, and whether a note begins with it."""
    for token, fresh in _with_beginnings(tokens):
        if token.type == "text":
            for found in MARK.finditer(token.content):
                yield found[1].casefold(), _begins(found, fresh=fresh)


def _linked(tokens: Sequence[Token], numbers: dict[str, int], ids: set[str]) -> list[Token]:
    """Return the tokens of a block with its marks linked; each note begins a line of its own."""
    linked: list[Token] = []
    in_link = 0
    for token, fresh in _with_beginnings(tokens):
        in_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or in_link:
            linked.append(token)
            continue
        position = 0
        for found in MARK.finditer(token.content):
            number = numbers.get(found[1].casefold())
            if not number:
                continue
            if begins := _begins(found, fresh=fresh):
                _break_before(linked)
            linked.append(Token("text", "", 0, content=token.content[position : found.start()]))
            html = _note(number, ids) if begins else _mark(number, ids)
            linked.append(Token("html_inline", "", 0, content=html))
            # The colon of a note goes; one behind a mark is the sentence's.
            position = found.end() if begins else found.start(2)
        linked.append(Token("text", "", 0, content=token.content[position:]))
    return linked


def _with_beginnings(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield each token, and whether nothing that is read stands before it in its line."""
    fresh = True
    for token in tokens:
        yield token, fresh
        unread = token.type == "html_inline" or (token.type == "text" and not token.content)
        fresh = token.type in BREAKS or (fresh and unread)


def _begins(found: re.Match[str], *, fresh: bool) -> bool:
    return fresh and not found.start() and bool(found[2])


def _break_before(tokens: list[Token]) -> None:
    read = (token for token in reversed(tokens) if token.type != "html_inline")
    last = next((token for token in read if token.content or token.type in BREAKS), None)
    if last is not None and last.type == "softbreak":
        last.type = "hardbreak"


def _mark(number: int, ids: set[str]) -> str:
    place = _id(f"mark-{number}", ids)
    return f'<sup><a{place} href="#note-{number}" aria-label="Note {number}">{number}</a></sup>'


def _note(number: int, ids: set[str]) -> str:
    place, label = _id(f"note-{number}", ids), f"Back to the mark of note {number}"
    return f'<a{place} href="#mark-{number}" aria-label="{label}">{number}</a>.'


def _id(name: str, ids: set[str]) -> str:
    """Return the attribute by which a place is found, once."""
    if name in ids:
        return ""
    ids.add(name)
    return f' id="{name}"'
