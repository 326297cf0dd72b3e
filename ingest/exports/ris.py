"""What RIS says of each entry of a bibliography, as Zotero, EndNote, Mendeley and catalogues export it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.exports.zotero import is_told_of
from ingest.model import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

# Some publishers say above the first entry who they are.
BEGINS = re.compile(rb"\s*(?:[A-Z]\w+: [^\n]*\n\s*){0,5}TY {1,2}- ?[A-Z]{2,10}[ \t]*\n")
LINE = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?")
ORIGIN = "ris"
LONGEST_VALUE = 2000
# What each tag is called, the best first where several say the same.
MEANINGS = {
    "title": ("TI", "T1", "CT"),
    "source": ("T2", "JF", "JO", "JA", "J2", "BT", "T3"),
    "author": ("AU", "A1"),
    "tag": ("KW",),
    "url": ("UR",),
    "language": ("LA",),
}
DATES = ("DA", "PY", "Y1")
ONE_A_LINE = frozenset({"author", "tag"})
ABSTRACT = ("AB", "N2")
FILES = frozenset({"L1", "L2", "L4"})
# These are kept by a name of their own; whatever has none, by its tag.
NAMED = {
    "TY": "item type",
    "N1": "note",
    "ED": "editor",
    "A2": "editor",
    "PB": "publisher",
    "CY": "place",
    "DO": "doi",
    "SN": "issn",
    "VL": "volume",
    "IS": "issue",
    "SP": "first page",
    "EP": "last page",
    "SE": "section",
    "Y2": "accessed",
    "DB": "database",
    "DP": "database provider",
    "CN": "call number",
    "AN": "accession number",
    **dict.fromkeys(FILES, "file"),
}
# `Ministry of Fish, Ships and Boats` is no person whose surname stands first.
OF_A_BODY = re.compile(r"\s(?:of|for|and|&)\s")
YEAR = re.compile(r"\d{4}")
DATE = re.compile(r"(\d{4})/(\d{0,2})/?(\d{0,2})(?:/.*)?")


def entries_of_ris(text: str) -> Iterator[tuple[str, tuple[Field, ...], str, list[str]]]:
    """Yield of each entry its place, what is stated of it, its abstract, and the paths of files with it."""
    for place, lines in enumerate(_entries(text), start=1):
        stated: dict[str, list[str]] = {}
        for tag, value in lines:
            stated.setdefault(tag, []).append(value)
        # A day without its year, as some catalogues have it, is no date.
        dated = [tag for tag in DATES if YEAR.search(" ".join(stated.get(tag, ())))]
        choices = {**MEANINGS, "published": dated}
        names = {
            tag: meaning
            for meaning, tags in choices.items()
            for tag in [next((tag for tag in tags if tag in stated), "")]
        }
        body = next((tag for tag in ABSTRACT if tag in stated), "")
        fields = tuple(
            Field(name=name, value=said[:LONGEST_VALUE], origin=ORIGIN, listed=name in ONE_A_LINE)
            for tag, values in stated.items()
            if tag != body
            for value in values
            for name in (names.get(tag) or NAMED.get(tag, tag),)
            if (said := _said(name, value))
        )
        files = [value for tag in stated for value in stated[tag] if tag in FILES]
        yield str(place), fields, "\n\n".join(stated.get(body, ())), list(filter(is_told_of, files))


def _entries(text: str) -> Iterator[list[tuple[str, str]]]:
    """Yield tags and values of each entry; a line without a tag goes on with the one above."""
    entry: list[tuple[str, list[str]]] = []
    for line in (*text.split("\n"), "ER  - "):
        match = LINE.fullmatch(line.rstrip())
        if match and match[1] in {"TY", "ER"} and entry:
            yield [(tag, "\n".join(lines)) for tag, lines in entry]
            entry = []
        if match and match[1] != "ER":
            if value := (match[2] or "").strip():
                entry.append((match[1], [value]))
        elif entry and not match and line.strip():
            entry[-1][1].append(line.strip())


def _said(name: str, value: str) -> str:
    """Return a value as it is read: a name in its order, a date with what it states of month and day."""
    line = " ".join(value.split())
    if name == "author":
        surname, _, given = line.partition(",")
        if OF_A_BODY.search(surname):
            return line
        given, _, suffix = given.partition(",")
        return " ".join(filter(None, (given.strip(), surname.strip(), suffix.strip())))
    if name == "published" and (date := DATE.fullmatch(line)):
        return "-".join(part for part in date.groups() if part)
    return value if name == "note" else line
