"""A name found in a text, before it is known whom it means."""

from __future__ import annotations

from dataclasses import dataclass

PLACES = frozenset(("GPE", "LOC", "FAC"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A name: where it stands, its kind, and its catalogue form if a list knows it.

    `sure` is false for one capitalised word that may only begin a sentence. `author` tells that it is
    one of a reference: initials behind the surname, as in `Weld AB`.
    """

    start: int
    end: int
    surface: str
    kind: str
    known: str | None = None
    sure: bool = True
    author: bool = False
