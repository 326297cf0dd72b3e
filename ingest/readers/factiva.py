"""Text exports of Factiva with its codes of two or three letters: an article for every document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode
from ingest.model import Field, Item, Problem, RawDocument
from ingest.readers.nexis import LANGUAGES, NO_BODY, split_at_empty_lines, write_paragraphs
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEANING = {
    "SE": "section",
    "HD": "title",
    "BY": "author",
    "PD": "published",
    "SN": "source",
    "LA": "language",
    "NS": "subject",
    "CR": "credit",
    "WC": "length",
    "ET": "time",
    "SC": "source code",
    "ED": "edition",
    "PG": "page",
    "VOL": "volume",
    "CY": "copyright",
    "LP": "body",
    "TD": "body",
    "CT": "contact",
    "ART": "graphic",
    "CLM": "column",
    "RF": "references",
    "CX": "correction",
    "CO": "companies",
    "IN": "industries",
    "RE": "regions",
    "IPC": "publisher codes",
    "IPD": "publisher subjects",
    "PUB": "publisher",
    "AN": "accession number",
}
# A code alone on its line, or set apart from what it states; in a sentence one blank stands behind a word.
CODE = re.compile(
    rf"[ \t]{{0,8}}({'|'.join(sorted(MEANING, key=len, reverse=True))})(?:(?:  |\t)[ \t]*(.*))?"
)
TOP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:SE|HD)(?:  |\t|[ \t]*\r?\n)")
CERTAIN = tuple(
    re.compile(rb"^[ \t]{0,8}" + code + rb"(?:  |\t|[ \t]*\r?\n)", re.MULTILINE)
    for code in (b"WC", b"PD", b"SN")
)
TORN = Problem(
    stage="read",
    code="torn",
    message="The last document ends without its number (AN); its end may be missing.",
    hint="Compare it with the database, and download it again if it goes on there.",
)


def is_export(head: bytes) -> bool:
    """Tell an export by a headline at its top and the codes of length, date and publication below it."""
    found = TOP.match(head)
    for code in CERTAIN:
        found = code.search(head, found.end()) if found else None
    return found is not None


@reader(
    name="factiva",
    version="1",
    suffixes=(),
    media_types=("text/x-factiva",),
    recognise=is_export,
    keeps="each document of a text export with indexing, told by lines such as `HD` and `WC`: title, authors,"
    " date, publication, section, subjects, every other code as a field",
    loses="nothing",
)
def read_factiva(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each document by its place; a doubt about the charset is told of the first.

    A document ends with its number. A last one without, where others have theirs, has a warning, and so has
    one without text.
    """
    content, doubts = decode(source.read(), item.hint.charset)
    parts: list[tuple[str, list[str]]] = []
    number = 0
    begun = False  # the text has, so that the next headline is of another document
    for line in content.replace("\f", "\n").split("\n"):
        code = CODE.fullmatch(line.rstrip())
        if code and code[1] in {"SE", "HD"} and begun:
            number += 1
            yield _document(f"{item.locator}#{number}", parts, doubts)
            parts, doubts, begun = [], (), False
        if code:
            begun = begun or code[1] == "AN" or MEANING[code[1]] == "body"
            parts.append((code[1], [code[2] or ""]))
        elif parts:
            parts[-1][1].append(line.rstrip())
        elif line.strip():
            parts.append(("", [line]))
    if parts:
        torn = (TORN,) if number and not any(name == "AN" for name, _ in parts) else ()
        yield _document(f"{item.locator}#{number + 1}", parts, (*doubts, *torn))


def _document(
    locator: str, parts: Sequence[tuple[str, Sequence[str]]], problems: tuple[Problem, ...]
) -> RawDocument:
    blocks: list[list[str]] = []
    fields: list[Field] = []
    for code, lines in parts:
        name = MEANING.get(code, "note")
        if name == "body":
            blocks += split_at_empty_lines(lines)
        else:
            stated = _meanings(name, " ".join(" ".join(lines).split()))
            fields += (Field(name=key, value=value, origin="factiva") for key, value in stated if value)
    return RawDocument(
        locator=locator,
        format="document",
        content=write_paragraphs(blocks),
        fields=tuple(fields),
        problems=problems if blocks else (*problems, NO_BODY),
    )


def _meanings(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name == "subject":
        # `gship : Ships | ndict : Ports`: what the codes mean is for readers.
        yield from (("tag", part.rpartition(" : ")[2].strip()) for part in value.split("|"))
    yield name, LANGUAGES.get(value.casefold(), value) if name == "language" else value
