"""Messages saved by Outlook (`.msg`), given on as the mails they were."""

from __future__ import annotations

import codecs
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.parser import HeaderParser
from email.utils import format_datetime, quote
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.readers.mail import UNSENT
from ingest.readers.rtf import read_rtf
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from olefile import OleFileIO

# Where the properties of a message begin, of one within another, and of an attachment ([MS-OXMSG], 2.4.1).
MESSAGE, EMBEDDED, ATTACHMENT = 32, 24, 8
PROPERTIES, HELD_OBJECT, ATTACHED = "__properties_version1.0", "__substg1.0_3701000D", "__attach_version1.0_"
# How a value is kept: in letters of two bytes, in those of a code page, or as it is ([MS-OXCDATA], 2.11.1).
WIDE, NARROW, BINARY = 0x001F, 0x001E, 0x0102
HEADERS = ("From", "Subject", "Date", "To", "Cc", "Message-ID", "List-Id", "Keywords", "Content-Language")
# Numbers of properties ([MS-OXPROPS]).
KIND, SUBJECT, BODY, HTML, RTF, MESSAGE_ID = 0x001A, 0x0037, 0x1000, 0x1013, 0x1009, 0x1035
# A message is from whom it was sent for; whoever sent it may be another.
AUTHOR_NAME, AUTHOR_ADDRESS, AUTHOR_SMTP = 0x0042, 0x0065, 0x5D02
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
SHOWN_TO, SHOWN_CC, SENT, DELIVERED, TRANSPORT = 0x0E04, 0x0E03, 0x0039, 0x0E06, 0x007D
DATA, LONG_NAME, SHORT_NAME, MEDIA_TYPE, DISPLAY_NAME = 0x3701, 0x3707, 0x3704, 0x370E, 0x3001
CODE_PAGE, CODE_PAGE_OF_BODY = 0x3FFD, 0x3FDE
FLAGS, UNSENT_FLAG = 0x0E07, 0x8
# Code pages that Python knows by other names than `cp` and the number.
CHARSETS = {
    **{28590 + part: f"iso-8859-{part}" for part in range(1, 17)},
    **dict.fromkeys((50220, 50221, 50222), "iso-2022-jp"),
    20127: "ascii",
    20866: "koi8-r",
    20932: "euc-jp",
    21866: "koi8-u",
    50225: "iso-2022-kr",
    51932: "euc-jp",
    51936: "gbk",
    51949: "euc-kr",
    52936: "hz",
    54936: "gb18030",
}
CONTACTS = ("IPM.Contact", "IPM.DistList")
MAIL = "message/rfc822"
AS_IT_STANDS = policy.compat32.clone(mangle_from_=False)
HINT = "Open it in Outlook and save it as text or as a web page."


class Stored:
    """The properties of a message or of an attachment, each by its number."""

    def __init__(self, file: OleFileIO, path: list[str], begin: int, outer: Stored | None = None) -> None:
        """Read those of fixed size; where no code page is stated, that of what it lies in holds."""
        self.file, self.path = file, path
        rows = file.openstream([*path, PROPERTIES]).read()[begin:]
        self.fixed = {
            int.from_bytes(rows[at + 2 : at + 4], "little"): int.from_bytes(rows[at + 8 : at + 16], "little")
            for at in range(0, len(rows) - 15, 16)
        }
        pages = (self.charset(CODE_PAGE), self.charset(CODE_PAGE_OF_BODY))
        self.charsets: list[str] = [each for each in pages if each] or (outer.charsets if outer else [])

    def data(self, number: int, kind: int = BINARY) -> bytes:
        """Return a value as it is kept, or nothing."""
        path = [*self.path, f"__substg1.0_{number:04X}{kind:04X}"]
        return self.file.openstream(path).read() if self.file.exists(path) else b""

    def text(self, number: int) -> str:
        """Return a value in letters; those that its code pages do not have are replaced."""
        if wide := self.data(number, WIDE):
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self.data(number, NARROW).rstrip(b"\0")
        # The page that is stated for the body is often that in which the message was to be sent.
        charsets = self.charsets[::-1] if number == BODY else self.charsets
        for charset in (*charsets, "utf-8"):
            with suppress(UnicodeError):
                return narrow.decode(charset)
        return narrow.decode((*self.charsets, "cp1252")[0], "replace")

    def charset(self, number: int) -> str | None:
        """Return the name of a code page, where one is stated that is known."""
        page = self.fixed.get(number, 0) & 0xFFFFFFFF
        with suppress(LookupError):
            return codecs.lookup(CHARSETS.get(page, f"cp{page}")).name
        return None

    def moment(self, number: int) -> datetime | None:
        """Return a point in time, which is kept in tenths of a microsecond since 1601."""
        with suppress(OverflowError, KeyError):
            return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(seconds=self.fixed[number] // 10_000_000)
        return None

    def attached(self) -> Iterator[Stored]:
        """Yield what is attached."""
        depth = len(self.path)
        for path in self.file.listdir(streams=False, storages=True):
            if len(path) == depth + 1 and path[:depth] == self.path and path[depth].startswith(ATTACHED):
                yield Stored(self.file, path, ATTACHMENT, self)

    def held(self) -> Stored | None:
        """Return the message that an attachment is, if it is one."""
        path = [*self.path, HELD_OBJECT]
        return Stored(self.file, path, EMBEDDED, self) if self.file.exists([*path, PROPERTIES]) else None


@reader(
    name="outlook",
    version="1",
    suffixes=(".msg",),
    media_types=("application/vnd.ms-outlook",),
    library="olefile, compressed-rtf",
    keeps="the message as a mail, with what is attached to it, messages among it",
    loses="time and place of a meeting, categories, reminders; text kept as RTF where there is any other;"
    " contacts are listed as skipped",
)
def read_outlook(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the message as an item in the form of mails."""
    from olefile import OleFileIO  # noqa: PLC0415 - only for messages of Outlook

    locator = f"{item.locator}!/message.eml"
    try:
        with OleFileIO(source) as file:
            message = Stored(file, [], MESSAGE)
            if message.text(KIND).startswith(CONTACTS):
                yield Item(locator=locator, skip="a contact, which is no message")
                return
            mail = _as_mail(message)
    except MemoryError:
        raise
    except Exception as error:
        # The libraries raise whatever comes to them where a file is damaged.
        raise ItemError("damaged", f"It cannot be read as a message ({error}).", hint=HINT) from error
    yield Item(locator=locator, data=mail, hint=replace(item.hint, media_type=MAIL, charset=None))


def _as_mail(message: Stored) -> bytes:
    """Return a message as bytes of a mail, its headers in UTF-8 as they stand."""
    attached = [_attachment(each) for each in message.attached()]
    # What was signed is kept whole, as it was sent, and may be given as the text besides.
    signed = any(part.is_multipart() for part in attached)
    texts = [] if signed else [MIMEMultipart("alternative", _subparts=_versions(message))]
    mail = MIMEMultipart("mixed", _subparts=[*texts, *attached])
    head = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in _headers(message) if value)
    return head.encode("utf-8", "replace") + mail.as_bytes(policy=AS_IT_STANDS)


def _versions(message: Stored) -> list[MIMEBase]:
    """Return the text in each form it has: plain, HTML; RTF where there is no other."""
    plain, html, rtf = message.text(BODY), message.data(HTML), message.data(RTF)
    charset = message.charset(CODE_PAGE_OF_BODY) or message.charset(CODE_PAGE)
    if not html:
        html, charset = message.text(HTML).encode("utf-8", "replace"), "utf-8"
    versions = []
    if plain.strip():
        versions.append(_part("text/plain", plain.encode("utf-8", "replace"), charset="utf-8"))
    if html.strip():
        versions.append(_part("text/html", html, charset=charset))
    if rtf and not versions:
        versions.append(_from_rtf(rtf))
    return versions or [_part("text/plain", b"")]


def _from_rtf(rtf: bytes) -> MIMEBase:
    """Return a text kept as RTF; one that is damaged is a file beside the message, to be told of."""
    from compressed_rtf import decompress  # noqa: PLC0415 - only for messages of old servers

    try:
        text = next(read_rtf(Item(locator=""), BytesIO(decompress(rtf))))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the library raises nothing more exact
        return _part("application/rtf", rtf, filename="text.rtf")
    content = text.content if isinstance(text, RawDocument) else ""
    return _part("text/html", content.encode("utf-8", "replace"), charset="utf-8")


def _attachment(attachment: Stored) -> Message:
    """Return an attachment as a part of a mail; one that is kept elsewhere is empty."""
    name = next(filter(None, map(attachment.text, (LONG_NAME, SHORT_NAME, DISPLAY_NAME))), "")
    inner = attachment.held()
    if inner is not None:
        name = name if name.endswith(".eml") else f"{name or 'message'}.eml"
        return _part("application/octet-stream", _as_mail(inner), filename=name)
    data, media_type = attachment.data(DATA), attachment.text(MEDIA_TYPE).lower()
    if media_type == "multipart/signed" and (signed := message_from_bytes(data)).is_multipart():
        return signed
    if attachment.file.exists([*attachment.path, HELD_OBJECT]):
        media_type = "application/x-ole-storage"
    elif media_type.count("/") != 1 or media_type.startswith(("multipart/", "message/")):
        media_type = "application/octet-stream"
    return _part(media_type, data, filename=name or "attachment")


def _part(
    media_type: str, data: bytes, *, charset: str | None = None, filename: str | None = None
) -> MIMEBase:
    part = MIMEBase(*media_type.split("/"))
    if charset:
        part.set_param("charset", charset)
    part.set_payload(data)
    encode_base64(part)
    if filename:
        filename = "".join(character if character.isprintable() else " " for character in filename)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", filename))
    return part


def _headers(message: Stored) -> Iterator[tuple[str, str]]:
    """Yield headers as they came over the network, else what Outlook noted in their place."""
    sent = HeaderParser().parsestr(message.text(TRANSPORT))
    moment = message.moment(SENT) or message.moment(DELIVERED)
    noted = {
        "From": _author(message),
        "Subject": message.text(SUBJECT),
        "Date": format_datetime(moment) if moment else "",
        "To": message.text(SHOWN_TO),
        "Cc": message.text(SHOWN_CC),
        "Message-ID": message.text(MESSAGE_ID),
    }
    for header in HEADERS:
        yield header, str(sent.get(header) or noted.get(header) or "")
    # Programs that export messages leave the flag on many that were sent.
    if message.fixed.get(FLAGS, 0) & UNSENT_FLAG and not moment and not sent:
        yield UNSENT, "1"


def _author(message: Stored) -> str:
    for numbers in (
        (AUTHOR_NAME, AUTHOR_SMTP, AUTHOR_ADDRESS),
        (SENDER_NAME, SENDER_SMTP, SENDER_ADDRESS),
    ):
        name, *addresses = map(message.text, numbers)
        # Within an organisation the address is a path in its directory.
        address = next((each for each in addresses if "@" in each), "")
        if name or address:
            return f'"{quote(name)}" <{address}>'
    return ""
