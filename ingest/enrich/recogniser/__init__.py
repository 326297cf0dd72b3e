"""Finds names in English text with a small trained model; see `model/CARD.md` for what it is.

The text is split into units and windows (`pieces`, `windows`), the model scores them (`model`),
scores become names (`decoding`), the whole document settles doubts (`settling`), and word lists
tell kinds (`kinds`).
"""

from __future__ import annotations

from dataclasses import replace

from ingest.enrich.recogniser.decoding import Found, names_in
from ingest.enrich.recogniser.kinds import kind_of
from ingest.enrich.recogniser.model import scores_of
from ingest.enrich.recogniser.settling import is_likely, settle
from ingest.enrich.recogniser.windows import windows_of
from ingest.enrich.rules import recognise as recognise_by_rules
from ingest.enrich.spans import PLACES, Span
from ingest.enrich.word_lists import known_as, word_lists

# So many pieces, 20,000 words or so, are read by the model; what follows is left to the rules.
MOST_PIECES = 25_000


def recognise(text: str) -> list[Span]:
    """Return the names in an English text, in order, not overlapping."""
    found: list[Found] = []
    read = end = 0
    for window in windows_of(text):
        if read > MOST_PIECES:
            break
        found += [each for each in names_in(window, scores_of(window)) if is_likely(text, each)]
        read += len(window.pieces)
        end = window.units[-1].end
    else:
        end = len(text)
    first = [_span(text, each) for each in settle(text[:end], found)]
    rest = recognise_by_rules(text[end:])
    return first + [replace(each, start=end + each.start, end=end + each.end) for each in rest]


def _span(text: str, name: Found) -> Span:
    surface = text[name.start : name.end]
    kind = kind_of(text, name.start, name.end, name.label)
    lists = word_lists()
    known = known_as(surface) or (lists.ambiguous.get(surface) if name.label == "LOC" else None)
    same = known is not None and (known.kind == kind or {known.kind, kind} <= PLACES)
    return Span(
        start=name.start,
        end=name.end,
        surface=surface,
        kind=kind,
        known=known.name if known and same else None,
    )
