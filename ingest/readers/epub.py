"""Electronic books (.epub): each chapter an article of the book."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from ingest.archives import Zip
from ingest.charset import decode
from ingest.errors import ItemError
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
DC = "{http://purl.org/dc/elements/1.1/}"
OPF = "{http://www.idpf.org/2007/opf}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
CHAPTERS = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
NCX_TYPE = "application/x-dtbncx+xml"
TAG = re.compile(r"<[^<>]*>")
# Each reaches to the next beginning of its kind at most, so that ends that lack are not looked for again.
HEAD = re.compile(
    r"<head\b(?:(?!<head\b).)*?</head\s*>|<(script|style)\b(?:(?!<(?:script|style)\b).)*?</\1\s*>"
    r"|<!--(?:(?!<!--).)*?-->",
    re.DOTALL | re.IGNORECASE,
)
DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
# HTML knows no `<title/>`: to it all that follows would be the title.
CLOSED = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>")
# What stands where a page of the printed book begins would run into the words. All in it is short, as such
# tags are, lest a long one is tried from each of its places.
PAGE_MARK = re.compile(
    r"""<(span|a|div|p|small)\b[^<>]{0,200}\b(?:type=["']pagebreak|role=["']doc-pagebreak|class=["'][^"'<>]{0,99}\bpage-?"""
    r"""(?:num(?:ber)?|no|break)\b)[^<>]{0,200}>(?:\s*<(?:a|span)\b[^<>]{0,200}>(?:</(?:a|span)>)?)?\s*[\[({]?"""
    r"""(?:p(?:g|ag|age)?\b\.?\s*)?(?:\d{1,5}|[ivxlc]{1,9})[\])}]?\s*(?:</(?:a|span)>)?\s*</\1>""",
    re.IGNORECASE,
)
HEADING = re.compile(r"<h([1-6])\b[^<>]*>((?:(?!</?h[1-6]\b).)*+)</h\1\s*>", re.DOTALL | re.IGNORECASE)
LINK = re.compile(r"<a\b[^<>]*\bhref=[^<>]*>((?:(?!</?a\b).)*+)</a\s*>", re.DOTALL | re.IGNORECASE)
MOST_UNLINKED = 0.2
NO_DATE = "0101-01-01"  # as calibre writes it
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


@dataclass(frozen=True, kw_only=True)
class Book:
    """What the package says: the chapters' places in the zip, their names, and the statements."""

    title: str | None
    chapters: tuple[str, ...]
    labels: dict[str, str]
    fields: tuple[Field, ...]


@reader(
    name="epub",
    version="1",
    suffixes=(".epub",),
    media_types=("application/epub+zip",),
    recognise=lambda head: b"mimetypeapplication/epub+zip" in head[:100],
    library="lxml",
    keeps="every chapter with headings, lists, links, tables and notes; book title, authors, date, language",
    loses="pictures, the cover, numbers of printed pages, layout; the table of contents is listed as skipped",
)
def read_epub(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield each chapter that has words, in reading order; the book is their source.

    Raises `ItemError` for a book that is damaged, protected, or has no words at all.
    """
    archive = Zip(source)
    book = _read_package(archive)
    if ENCRYPTION in archive.names:
        _refuse_protected(archive.xml(ENCRYPTION), book.chapters)
    problems: list[Problem] = []
    chapters: list[tuple[str, str]] = []
    for name in book.chapters:
        try:
            content = _text_of(archive.read(name))
        except ItemError as error:
            if error.code != "empty":
                problems.append(
                    Problem(stage="read", code=error.code, message=error.message, hint=error.hint)
                )
            continue
        if unescape(TAG.sub("", HEAD.sub("", content))).strip():
            chapters.append((name, content))
    if not chapters:
        if problems:
            raise ItemError(problems[0].code, problems[0].message, hint=problems[0].hint)
        raise ItemError("no-text", "There are no words in any chapter.", hint="It may be a book of pictures.")
    labels = frozenset(book.labels.values())
    for number, (name, content) in enumerate(chapters, start=1):
        locator = f"{item.locator}!/{name}"
        if len(chapters) > 1 and (reason := _no_chapter(content, labels)):
            yield Item(locator=locator, skip=reason)
            continue
        yield RawDocument(
            locator=locator,
            format="document",
            content=content,
            fields=(*_titles(book, name, number), *book.fields),
            problems=tuple(problems),
        )
        problems = []


def _no_chapter(content: str, labels: frozenset[str]) -> str | None:
    """Return what a page is that has no text of its own: the book's contents, or a heading alone."""
    below = HEADING.sub("", HEAD.sub("", content))
    links = [_shown(link) for link in LINK.findall(below)]
    words, linked = len(_shown(below).split()), len(" ".join(links).split())
    named = sum(link in labels for link in links)
    if named > 1 and 2 * named >= len(links) and words - linked <= MOST_UNLINKED * words:
        return "the table of contents"
    return None if words or "<img" in content.lower() else "a heading alone"


def _shown(content: str) -> str:
    return " ".join(unescape(TAG.sub(" ", content)).split())


def _titles(book: Book, name: str, number: int) -> Iterator[Field]:
    """Yield what a chapter may be called: as the contents say, or else by its place in the book."""
    if label := book.labels.get(name):
        yield Field(name="title", value=label, origin="opf")
    if book.title:
        yield Field(name="title", value=f"{book.title}, {number}", origin="spine")
        yield Field(name="source", value=book.title, origin="opf")


def _text_of(data: bytes) -> str:
    """Return a chapter as HTML."""
    declared = DECLARED.search(data[:200])
    content, _ = decode(data, declared[1].decode("ascii") if declared else None)
    content = CLOSED.sub(
        lambda tag: tag[0] if tag[1].lower() in VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>", content
    )
    return PAGE_MARK.sub("", content)


def _read_package(archive: Zip) -> Book:
    rootfile = next(archive.xml(CONTAINER).iter("{*}rootfile"), None)
    path = rootfile.get("full-path", "") if rootfile is not None else ""
    package = archive.xml(path)
    folder = posixpath.dirname(path)
    manifest = {each.get("id"): each for each in package.iter(f"{OPF}item")}
    spine = [manifest.get(each.get("idref")) for each in package.iter(f"{OPF}itemref")]
    if not any(each is not None for each in spine):
        raise ItemError("damaged", "It has no list of chapters.", hint="Download it again.")
    chapters = dict.fromkeys(
        _place(folder, each.get("href", ""))
        for each in spine
        if each is not None
        and each.get("media-type", "").lower() in CHAPTERS
        and "nav" not in each.get("properties", "").split()
    )
    titles = [value for element in package.iter(f"{DC}title") if (value := _words(element))]
    return Book(
        title=titles[0] if titles else None,
        chapters=tuple(chapters),
        labels=dict(reversed(list(_labels(archive, folder, list(manifest.values()))))),
        fields=tuple(_fields(package)),
    )


def _labels(archive: Zip, folder: str, manifest: list[_Element]) -> Iterator[tuple[str, str]]:
    """Yield the names of chapters in the table of contents, the older kind of table last."""
    navigations = [each for each in manifest if "nav" in each.get("properties", "").split()]
    older = [each for each in manifest if each.get("media-type") == NCX_TYPE]
    for entry in (*navigations, *older):
        name = _place(folder, entry.get("href", ""))
        base = posixpath.dirname(name)
        try:
            root = archive.xml(name)
        except ItemError:
            continue  # chapters are then called by their headings
        tables = [each for each in root.iter(f"{XHTML}nav") if each.get(EPUB_TYPE) == "toc"]
        for link in (tables[0] if tables else root).iter(f"{XHTML}a"):
            yield _place(base, link.get("href", "")), _words(link)
        for point in root.iter(f"{NCX}navPoint"):
            label, content = point.find(f"{NCX}navLabel"), point.find(f"{NCX}content")
            if label is not None and content is not None:
                yield _place(base, content.get("src", "")), _words(label)


def _fields(package: _Element) -> Iterator[Field]:
    """Yield what the package states about the book, and so about each of its chapters."""
    names = {"creator": "author", "language": "language", "subject": "tag", "publisher": "publisher"}
    roles: dict[str, set[str]] = {}
    for element in package.iter(f"{OPF}meta"):
        if element.get("property") == "role":
            roles.setdefault(element.get("refines", "").removeprefix("#"), set()).add(_words(element))
    # When the file was made is stated beside when the book came out.
    events = ("publication", None, "creation")
    stated = sorted(
        package.iter(*(f"{DC}{name}" for name in (*names, "date"))),
        key=lambda each: events.index(event) if (event := each.get(f"{OPF}event")) in events else 1,
    )
    for element in stated:
        value = _words(element)
        name = names.get(str(element.tag).removeprefix(DC), "published")
        if element.get(f"{OPF}event") == "modification":
            name = "modified"
        if name == "published" and value.startswith(NO_DATE):
            continue
        if value and "aut" in roles.get(element.get("id", ""), {element.get(f"{OPF}role", "aut")}):
            yield Field(name=name, value=value, origin="opf")
    for element in package.iter(f"{OPF}meta"):
        if element.get("property") == "dcterms:modified" and (value := _words(element)):
            yield Field(name="modified", value=value, origin="opf")


def _refuse_protected(encryption: _Element, chapters: tuple[str, ...]) -> None:
    """Raise `ItemError` where chapters are encrypted; hidden fonts do no harm."""
    hidden = {unquote(each.get("URI", "")) for each in encryption.iter("{*}CipherReference")}
    if hidden & set(chapters):
        hint = "Ask whoever sold it for a copy without protection."
        raise ItemError("encrypted", "It is protected against copying.", hint=hint)


def _place(folder: str, href: str) -> str:
    """Return the name in the zip of what a link within the book leads to."""
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _words(element: _Element) -> str:
    return " ".join("".join(element.itertext()).split())
