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
    rf"(?<!,\n)^[ \t]*(?:(?:\[?\d{{1,3}}[.)\]]|[-*•–])[ \t]+)?"
    rf"(?P<authors>{AUTHOR}(?:,\s(?:and |& )?{AUTHOR}){{0,60}}+)(?:,? et al)?\.(?=\s)",
    re.MULTILINE,
)
ONE = re.compile(rf"(?P<surname>{SURNAME}) (?P<given>[A-Z]{{1,3}}(?:-[A-Z])?)(?!\w)")
YEAR = re.compile(r"\b[12]\d{3}[a-z]?[;:.,)]")
LONGEST = 400


def find_authors(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the authors of each reference, with `surname` and `given`, the initials without full stops.

    A reference begins its line, with a number or a mark before it or not, and has a year.
    """
    for row in ROW.finditer(text):
        if YEAR.search(text, row.end(), row.end() + LONGEST):
            yield list(ONE.finditer(text, *row.span("authors")))
