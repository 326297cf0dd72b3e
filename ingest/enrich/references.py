"""Finds the authors in references of medicine: `Weld A, Ford CB, et al. Ports at sea. J Sea. 1962;1:2`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.personal_names import PARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = r"[^\W\d_a-z](?:['’][^\W\d_])?[^\W\d_]+(?:[-‐'’][^\W\d_]+)*+"
SURNAME = rf"(?:(?:{'|'.join(sorted(PARTICLES))}) )*+{WORD}(?: {WORD})?"
AUTHOR = rf"{SURNAME} [A-Z]{{1,3}}(?:-[A-Z])?(?: (?:Jr|Sr|II|III|2nd|3rd))?"
# A line after a comma only goes on with the authors.
ROW = re.compile(
    rf"(?<!,\n)^[ \t]*(?P<mark>(?:\[?\d{{1,3}}[.)\]]|[-*•–])[ \t]+)?"
    rf"(?P<authors>{AUTHOR}(?P<more>,\s(?:and |& )?{AUTHOR}){{0,60}}+)(?P<others>,? et al)?\.(?=\s)",
    re.MULTILINE,
)
ONE = re.compile(rf"(?P<surname>{SURNAME}) (?P<given>[A-Z]{{1,3}}(?:-[A-Z])?)(?!\w)")
YEAR = re.compile(r"\b[12]\d{3}[a-z]?[;:.,)]")
# Before a volume or behind a publisher, and not as in `Mel B. In 1975, she`.
YEAR_OF_REFERENCE = re.compile(r"\b[12]\d{3}[a-z]?(?: [A-Z][a-z]{2}(?: \d\d?)?)?;|; ?[12]\d{3}[a-z]?\.")
# `1. Malcolm X. Born in 1925, he`.
NUMERAL = re.compile(r" (?:[IV]{2,3}|X[IVX]*)\Z")
LONGEST = 400


def find_authors(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the authors of each reference, with `surname` and `given`, the initials without full stops.

    A reference begins its line, with a number or a mark before it or not, and has a year. That of one
    author, who may be somebody's whole name as in `Malcolm X.`, has a sign more.
    """
    rows = list(ROW.finditer(text))
    following = [*(row.start() for row in rows[1:]), len(text)]
    for row, end in zip(rows, following, strict=False):
        is_told = row["more"] or row["others"] or (row["mark"] and not NUMERAL.search(row["authors"]))
        year = YEAR if is_told else YEAR_OF_REFERENCE
        if year.search(text, row.end(), min(end, row.end() + LONGEST)):
            yield list(ONE.finditer(text, *row.span("authors")))
