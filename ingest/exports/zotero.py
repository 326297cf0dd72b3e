"""What Zotero says of the pages and documents that it exports with a library, in a file of RDF above them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingest.field_names import with_rights
from ingest.model import Field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

MARK = b"http://www.zotero.org/namespaces/export#"
FOLDER = "files"
# What is read of what lies there: `files/12/Ferry.pdf`; what is not read takes no entry's place.
READ = frozenset({".html", ".htm", ".pdf", ".epub", ".docx", ".odt", ".rtf", ".txt", ".md", ".mhtml"})
PARTS = 3
LONGEST_VALUE = 2000
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
ZOTERO = "{http://www.zotero.org/namespaces/export#}"
LINK = "{http://purl.org/rss/1.0/modules/link/}link"
DC = "{http://purl.org/dc/elements/1.1/}"
TERMS = "{http://purl.org/dc/terms/}"
BIBLIO = "{http://purl.org/net/biblio#}"
FOAF = "{http://xmlns.com/foaf/0.1/}"
ORIGIN = "column"
NOT_AN_ENTRY = frozenset({"attachment", "note"})


def entries_of(root: _Element) -> Iterator[tuple[str, tuple[Field, ...], str, list[str]]]:
    """Yield of each entry of a library its name, what is stated of it, its abstract, and the files with it.

    Files are given by their paths from the folder that the file of RDF is in.
    """
    by_name = {name: each for each in root if (name := each.get(f"{RDF}about"))}
    for place, entry in enumerate(root, start=1):
        kind = entry.findtext(f"{ZOTERO}itemType") or ""
        if not isinstance(entry.tag, str) or not kind or kind in NOT_AN_ENTRY:
            continue
        linked = (by_name.get(each.get(f"{RDF}resource") or "") for each in entry.iterfind(LINK))
        files = [path for each in linked if each is not None for path in _files(each)]
        notes = (
            by_name.get(each.get(f"{RDF}resource") or "") for each in entry.iterfind(f"{TERMS}isReferencedBy")
        )
        stated = [
            Field(name=name, value=" ".join(value.split())[:LONGEST_VALUE], origin=ORIGIN)
            for name, value in _statements(entry, by_name)
            if value.strip()
        ]
        stated += [
            Field(name="note", value=text[:LONGEST_VALUE], origin=ORIGIN)
            for note in notes
            if note is not None and (text := (note.findtext(f"{RDF}value") or "").strip())
        ]
        abstract = (entry.findtext(f"{TERMS}abstract") or "").strip()
        yield entry.get(f"{RDF}about") or str(place), with_rights(stated, ORIGIN), abstract, files


def _files(attachment: _Element) -> Iterator[str]:
    paths = (each.get(f"{RDF}resource") or "" for each in attachment.iterfind(f"{RDF}resource"))
    yield from filter(is_told_of, paths)


def is_told_of(path: str) -> bool:
    """Tell whether a path is that of a file which lies with a library, and is read."""
    parts = path.split("/")
    is_within = len(parts) == PARTS and parts[0] == FOLDER and not {"", ".", ".."} & set(parts)
    return is_within and PurePosixPath(path).suffix.lower() in READ


def _statements(entry: _Element, by_name: Mapping[str, _Element]) -> Iterator[tuple[str, str]]:
    yield "title", entry.findtext(f"{DC}title") or ""
    for person in entry.iterfind(f"{BIBLIO}authors//{FOAF}Person"):
        names = (person.findtext(f"{FOAF}{part}") or "" for part in ("givenName", "surname"))
        yield "author", " ".join(filter(None, names))
    yield "published", entry.findtext(f"{DC}date") or ""
    for within in entry.iterfind(f"{TERMS}isPartOf"):
        held = by_name.get(within.get(f"{RDF}resource") or "")
        for each in (held,) if held is not None else within:
            yield "source", each.findtext(f"{DC}title") or ""
    for address in entry.iterfind(f"{DC}identifier/{TERMS}URI/{RDF}value"):
        yield "url", address.text or ""
    for identifier in entry.iterfind(f"{DC}identifier"):
        yield "identifier", identifier.text or ""
    for subject in entry.iterfind(f"{DC}subject"):
        automatic = subject.findtext(f"{ZOTERO}AutomaticTag/{RDF}value")
        yield "tag", automatic or subject.text or ""
    yield "language", entry.findtext(f"{ZOTERO}language") or ""
    yield "item type", entry.findtext(f"{ZOTERO}itemType") or ""
    yield "archive", entry.findtext(f"{ZOTERO}archive") or ""
    yield "call number", entry.findtext(f"{DC}subject/{TERMS}LCC/{RDF}value") or ""
