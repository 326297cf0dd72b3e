"""Messages saved by Outlook (`.msg`), given on as the mails they were."""

from __future__ import annotations

from dataclasses import replace
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.parser import HeaderParser
from email.utils import format_datetime, quote
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import ItemError
from ingest.model import Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxmsg.properties import Properties
    from oxmsg.storage import Storage

# Where the properties of a message begin, of one within another, and of an attachment ([MS-OXMSG], 2.4.1).
MESSAGE, EMBEDDED, ATTACHMENT = 32, 24, 8
HELD_MESSAGE = "__substg1.0_3701000D"
HEADERS = ("From", "Subject", "Date", "To", "Cc", "Message-ID", "List-Id", "Keywords", "Content-Language")
# Numbers of properties that the library has no names for here ([MS-OXPROPS]).
SUBJECT, BODY, HTML, RTF, MESSAGE_ID = 0x0037, 0x1000, 0x1013, 0x1009, 0x1035
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
SHOWN_TO, SHOWN_CC, SENT, DELIVERED, TRANSPORT = 0x0E04, 0x0E03, 0x0039, 0x0E06, 0x007D
DATA, LONG_NAME, SHORT_NAME, MEDIA_TYPE, DISPLAY_NAME = 0x3701, 0x3707, 0x3704, 0x370E, 0x3001
MAIL = "message/rfc822"
HINT = "Open it in Outlook and save it as text or as a web page."


@reader(
    name="outlook",
    version="1",
    suffixes=(".msg",),
    media_types=("application/vnd.ms-outlook",),
    library="python-oxmsg, compressed-rtf",
    keeps="the message as a mail, with what is attached to it, messages among it",
    loses="categories and reminders; text kept as RTF where there is any other",
)
def read_outlook(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the message as an item in the form of mails."""
    from olefile import OleFileIO  # noqa: PLC0415 - only for messages of Outlook
    from oxmsg.storage import Storage  # noqa: PLC0415 - as above

    try:
        with OleFileIO(BytesIO(source.read())) as file:
            mail = _as_mail(Storage.from_ole(file), MESSAGE)
    except Exception as error:
        # The libraries raise whatever comes to them where a file is damaged.
        raise ItemError("damaged", f"It cannot be read as a message ({error}).", hint=HINT) from error
    hint = replace(item.hint, media_type=MAIL, charset=None)
    yield Item(locator=f"{item.locator}!/message.eml", data=mail, hint=hint)


def _as_mail(storage: Storage, begin: int) -> bytes:
    """Return a message as bytes of a mail, its headers in UTF-8 as they stand."""
    from oxmsg.properties import Properties  # noqa: PLC0415 - only for messages of Outlook

    properties = Properties(storage, properties_header_offset=begin)
    mail = MIMEMultipart("mixed", _subparts=[MIMEMultipart("alternative", _subparts=_versions(properties))])
    for held in storage.iter_attachment_storages():
        mail.attach(_attachment(held, Properties(held, properties_header_offset=ATTACHMENT)))
    head = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in _headers(properties) if value)
    return head.encode("utf-8", "replace") + mail.as_bytes()


def _versions(properties: Properties) -> list[MIMEBase]:
    """Return the text in each form it has: plain, HTML; RTF where there is no other."""
    plain = properties.str_prop_value(BODY) or ""
    html = properties.binary_prop_value(HTML) or (properties.str_prop_value(HTML) or "").encode()
    charset = properties.body_encoding if properties.binary_prop_value(HTML) else "utf-8"
    rtf = properties.binary_prop_value(RTF) or b""
    versions = []
    if plain.strip() or not (html or rtf):
        versions.append(_part("text/plain", plain.encode(), charset="utf-8"))
    if html.strip():
        versions.append(_part("text/html", html, charset=charset))
    if rtf and not versions:
        from compressed_rtf import decompress  # noqa: PLC0415 - only for messages of old servers

        versions.append(_part("application/rtf", decompress(rtf), filename="text.rtf"))
    return versions


def _attachment(held: Storage, properties: Properties) -> MIMEBase:
    """Return an attachment as a part of a mail; one that is kept elsewhere is empty."""
    names = (properties.str_prop_value(number) for number in (LONG_NAME, SHORT_NAME, DISPLAY_NAME))
    name = next(filter(None, names), "")
    inner = next((each for each in held.storages if each.name == HELD_MESSAGE), None)
    if inner is not None:
        name = name if name.endswith(".eml") else f"{name or 'message'}.eml"
        return _part("application/octet-stream", _as_mail(inner, EMBEDDED), filename=name)
    media_type = (properties.str_prop_value(MEDIA_TYPE) or "").lower()
    if media_type.count("/") != 1 or media_type.startswith(("multipart/", "message/")):
        media_type = "application/octet-stream"
    return _part(media_type, properties.binary_prop_value(DATA) or b"", filename=name or "attachment")


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


def _headers(properties: Properties) -> Iterator[tuple[str, str]]:
    """Yield headers as they came over the network, else what Outlook noted in their place."""
    sent = HeaderParser().parsestr(properties.str_prop_value(TRANSPORT) or "")
    address = properties.str_prop_value(SENDER_SMTP) or properties.str_prop_value(SENDER_ADDRESS) or ""
    name = properties.str_prop_value(SENDER_NAME) or ""
    moment = properties.date_prop_value(SENT) or properties.date_prop_value(DELIVERED)
    noted = {
        # Within an organisation the address is a path in its directory.
        "From": f'"{quote(name)}" <{address if "@" in address else ""}>',
        "Subject": properties.str_prop_value(SUBJECT),
        "Date": format_datetime(moment) if moment else None,
        "To": properties.str_prop_value(SHOWN_TO),
        "Cc": properties.str_prop_value(SHOWN_CC),
        "Message-ID": properties.str_prop_value(MESSAGE_ID),
    }
    for header in HEADERS:
        yield header, str(sent.get(header) or noted.get(header) or "")
