"""Bounded reading of zip members, of the XML within them, and of XML of any size.

Office files and books are zips of XML; exports of programs are XML alone. Nothing is ever extracted
to a path, no entity is expanded, and nothing outside the file is fetched.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import ItemError
from ingest.limits import DEFAULT_LIMITS, MIB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

ENCRYPTED = 0x1
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ALLOWED_AT_LEAST = DEFAULT_LIMITS.expansion_mib * MIB
ALLOWED_TIMES = DEFAULT_LIMITS.expansion
DEEPEST = 200
ENTITIES_WITHIN = MIB  # declarations stand before the first element
# What programs export in text, though XML has no place for it.
CONTROLS = bytes({*range(32)} - set(b"\t\n\r"))
SAVE_AGAIN = "Open it in the program it was made with and save it again; if it does not open, remove it."
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Zip:
    """An opened zip whose members are read whole, as long as they are within bounds."""

    def __init__(self, source: BinaryIO) -> None:
        """Open a zip and check what it says of itself.

        Raises `ItemError` when it is no zip, has a password, or would expand too much. A member
        can never give more bytes than it states, so the stated sizes are a safe bound.
        """
        head = source.read(len(OLE))
        source.seek(0)
        if head == OLE:
            raise _not_a_zip(source.read())
        try:
            self._zip = zipfile.ZipFile(source)
        except BROKEN_ZIP as error:
            message = "It is cut off or damaged (no zip directory in it)."
            raise ItemError("damaged", message, hint=SAVE_AGAIN) from error
        members = self._zip.infolist()
        compressed = sum(member.compress_size for member in members)
        expanded = sum(member.file_size for member in members)
        if expanded > max(ALLOWED_AT_LEAST, ALLOWED_TIMES * compressed):
            message = f"It would expand to {expanded // MIB:,} MiB, over {ALLOWED_TIMES} times its size."
            raise ItemError("expansion", message, hint="If it is genuine, save it as plain text.")
        if any(member.flag_bits & ENCRYPTED for member in members):
            raise ItemError("encrypted", "It is protected by a password.", hint="Save it without one.")
        self.names = frozenset(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """Return the bytes of a member; raises `ItemError` where it is missing or damaged."""
        try:
            with self._zip.open(name) as member:
                return member.read()
        except KeyError:
            message = f"It is incomplete: {name} is missing."
            raise ItemError("damaged", message, hint=SAVE_AGAIN) from None
        except BROKEN_ZIP as error:
            message = f"It is damaged: {name} cannot be read."
            raise ItemError("damaged", message, hint=SAVE_AGAIN) from error

    def with_members(self, changed: Mapping[str, bytes]) -> bytes:
        """Return the zip with other bytes in some members."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as copy:
            for name in sorted(self.names):
                copy.writestr(name, changed[name] if name in changed else self.read(name))
        return written.getvalue()

    def refuse_entities(self) -> None:
        """Raise `ItemError` if any XML in the zip declares entities, whoever may parse it later."""
        for name in self.names:
            data = (
                self.read(name)[:ENTITIES_WITHIN].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
            )
            if data.startswith(b"<") and b"<!ENTITY" in data:
                raise _declares_entities(name)

    def xml(self, name: str) -> _Element:
        """Return the root element of an XML member; raises `ItemError` like `read` and `parse_xml`."""
        return parse_xml(self.read(name), name)


def parse_xml(data: bytes, name: str) -> _Element:
    """Return the root of some XML, without comments; no entity is expanded and nothing fetched.

    Raises `ItemError` for XML that is broken, nested over 200 deep, or declares entities.
    """
    from lxml import etree  # noqa: PLC0415 - only needed once such a file turns up

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "depth" in str(error):
            raise _too_deep(name) from error
        message = f"It is damaged: {name} is not valid XML ({str(error)[:100]})."
        raise ItemError("damaged", message, hint=SAVE_AGAIN) from error
    if _has_entities(root):
        raise _declares_entities(name)
    if _is_deep(root):
        raise _too_deep(name)
    return root


def stream_xml(source: BinaryIO, tags: tuple[str, ...], hint: str) -> Iterator[_Element]:
    """Yield the elements of these names, each when it is read to its end; who takes one clears it.

    Control characters are passed over. Raises `ItemError` with the hint for XML that is broken, when
    that is reached, or declares entities, which can hide text and swell without bound.
    """
    from lxml import etree  # noqa: PLC0415 - only needed once such a file turns up

    events = etree.iterparse(
        _WithoutControls(source),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
    )
    begun = False
    try:
        for _, element in events:
            if not begun and _has_entities(element):
                raise ItemError("entities", "It defines entities of its own, which is refused.", hint=hint)
            begun = True
            yield element
    except etree.XMLSyntaxError as error:
        raise ItemError("damaged", f"It is not well-formed ({error}).", hint=hint) from error


class _WithoutControls:
    """A file of XML without control characters, unless its letters are wider than a byte."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._unwanted: bytes | None = None

    def read(self, size: int) -> bytes:
        """Return up to `size` further bytes; none at the end."""
        while data := self._source.read(size):
            if self._unwanted is None:
                self._unwanted = b"" if 0 in data[:4] else CONTROLS
            if kept := data.translate(None, self._unwanted):
                return kept
        return b""


def _has_entities(element: _Element) -> bool:
    dtd = element.getroottree().docinfo.internalDTD
    return dtd is not None and next(dtd.iterentities(), None) is not None


def _is_deep(root: _Element) -> bool:
    """Tell nesting that code which walks a tree by calling itself could not follow."""
    from lxml import etree  # noqa: PLC0415

    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            return True
    return False


def _too_deep(name: str) -> ItemError:
    return ItemError("too-deep", f"{name} is nested deeper than any document needs.", hint=SAVE_AGAIN)


def _declares_entities(name: str) -> ItemError:
    message = f"{name} declares XML entities, as attacks do and documents don't."
    return ItemError("entities", message, hint="If you trust it, open it and save it again.")


def _not_a_zip(data: bytes) -> ItemError:
    """Return the reason why a file in Microsoft's older container is not read."""
    if OLE_ENCRYPTED in data:
        return ItemError("encrypted", "It is protected by a password.", hint="Save it without one.")
    hint = "Open it in the program it was made with and save it anew, as .docx, .xlsx, .odt or .pdf."
    return ItemError("old-format", "It is in an old binary format of Office.", hint=hint)
