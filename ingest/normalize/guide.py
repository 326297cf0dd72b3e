"""Asks trafilatura which text of a page is main content, at a cost that grows as the page does."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Literal, Protocol, cast

import trafilatura.external
from trafilatura import bare_extraction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

    Kind = Literal["good", "neargood", "short", "bad"]

# libxml2 compares every text found below a paragraph with all that it found before, which takes a
# second for so many, each time. A Bible with a paragraph for every verse has 31,000.
MOST_PARAGRAPHS = 40_000
SURE = frozenset({"good", "bad"})
LIKELY = SURE | {"neargood"}


class Paragraph(Protocol):
    """A paragraph as justext has it, with what its own words say of it, and what those around it do."""

    cf_class: Kind
    class_type: Kind


def find_guide(tree: HtmlElement, *, declared: bool) -> Document | None:
    """Return what trafilatura takes for main content; None where nothing stands out."""
    if sum(1 for _ in tree.iter("p")) > MOST_PARAGRAPHS:
        return None
    return cast(
        "Document | None",
        bare_extraction(
            copy.deepcopy(tree), include_comments=False, favor_recall=declared, with_metadata=False
        ),
    )


def classify_by_neighbours(paragraphs: Sequence[Paragraph], _heading_distance: int) -> None:
    """Tell of each doubtful paragraph whether it is good, from those before and after it.

    The same as justext's own, without headings, which trafilatura never asks for. That one goes
    from every short paragraph to the nearest other, over all the rows of a table each time.
    """
    kinds: list[Kind] = [each.cf_class for each in paragraphs]
    sure = list(zip(_before(kinds, SURE), _after(kinds, SURE), strict=True))
    likely = list(zip(_before(kinds, LIKELY), _after(kinds, LIKELY), strict=True))
    for place, (near, also) in enumerate(zip(sure, likely, strict=True)):
        if kinds[place] == "short":
            is_beside = set(near) == SURE and ("bad", "neargood") in zip(near, also, strict=True)
            kinds[place] = "good" if is_beside or near == ("good", "good") else "bad"
    for place, near in enumerate(zip(_before(kinds, SURE), _after(kinds, SURE), strict=True)):
        if kinds[place] == "neargood":
            kinds[place] = "bad" if near == ("bad", "bad") else "good"
    for each, kind in zip(paragraphs, kinds, strict=True):
        each.class_type = kind


def _before(kinds: Sequence[Kind], wanted: frozenset[str]) -> list[Kind]:
    """Return for each paragraph the kind of the nearest wanted one before it; there is bad before all."""
    nearest: list[Kind] = []
    last: Kind = "bad"
    for kind in kinds:
        nearest.append(last)
        last = kind if kind in wanted else last
    return nearest


def _after(kinds: Sequence[Kind], wanted: frozenset[str]) -> list[Kind]:
    return _before(kinds[::-1], wanted)[::-1]


trafilatura.external.revise_paragraph_classification = classify_by_neighbours  # type: ignore[attr-defined]  # not in its stubs
