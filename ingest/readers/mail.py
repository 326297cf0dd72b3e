"""Mail messages, with their attachments as items of their own."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses
from functools import partial
from html import escape
from typing import TYPE_CHECKING, BinaryIO, cast

from ingest.charset import SURROGATE, decode
from ingest.errors import ItemError
from ingest.field_names import with_rights
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from email.message import Message

    Place = tuple[int, int] | None

HEADERS = {
    "Subject": "title",
    "Date": "published",
    "Keywords": "tag",
    "Content-Language": "language",
    "Message-ID": "message-id",
    "To": "to",
    "Cc": "cc",
    "List-Id": "list",
}
# Where a list keeps a message on the web, as RFC 5064 has it, and where Substack has the post that it sends.
ADDRESSES = {
    "Archived-At": re.compile(r"<?(https?://[^\s<>]+)>?"),
    "List-Post": re.compile(r"<(https?://[^\s<>/]+/p/[\w-]+)>"),
}
# Nothing here may match in two ways: the head of every file is tried against it.
HEADER_LINE = rb"[A-Za-z][\w-]*+:[ \t][^\r\n]*+\r?\n(?:[ \t][^\r\n]*+\r?\n)*+"
OPENING = re.compile(rb"\s*+(?:%s){3,}+" % HEADER_LINE)
TELLING = re.compile(
    rb"^(?:Received|Message-ID|MIME-Version|Return-Path|Delivered-To):", re.IGNORECASE | re.MULTILINE
)
# How mail programs mark what was never sent: Outlook, Thunderbird, and Gmail among its labels.
UNSENT, DRAFT_INFO, LABELS = "X-Unsent", "X-Mozilla-Draft-Info", "X-Gmail-Labels"
DRAFT_LABEL = re.compile(r"(?:^|,)\s*\"?drafts?\"?\s*(?:,|$)", re.IGNORECASE)
HTML = "text/html"
BODIES = ("text/plain", HTML)
SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
SHOWN = "//body//text()[not(parent::style or parent::script)]"
MOST_WORDS_OF_STUB = 60
MOST_OF_STUB = 1 / 3
SIGNATURE_LINE = "-- "
BLANK_LINE = re.compile(r"\n\s*\n")
ENCODED_WORD = r"=\?[\w.*-]++\?[BQbq]\?[^\s?]*+\?="
ENCODED_WORDS = re.compile(rf"{ENCODED_WORD}(?:\s+{ENCODED_WORD})*+")
LONGEST_ENCODED = 20_000
# Its parameters are taken off the front one by one, for each thing that is asked of a part.
LONGEST_CONTENT_HEADER = 10_000
# How a digest of a list divides the messages in it, and what ends it (RFC 1153).
TOP_OF_DIGEST, EDGE_OF_DIGEST = re.compile(r"^-{70}$", re.MULTILINE), f"\n{'-' * 30}\n"
END_OF_DIGEST = re.compile(r"^\S.*\n\*{10,}\s*\Z", re.MULTILINE)
FOOT_OF_DIGEST = re.compile(r"\s*+(?:Subject: Digest Footer\b|_{20,}\n|[^\n]*\n\*{10,}\s*\Z)")
IN_DIGEST = re.compile(
    r"\s*+(?:Message: \d++\n)?((?:[A-Za-z][\w-]*+:[ \t].*+\n(?:[ \t]++\S.*+\n)*+)++)[ \t]*+\n"
)
# Whoever answers or passes on a digest may write above it.
PASSED_ON = re.compile(r"\s*(?:Re|Aw|Antw|Sv|Vs|Fwd?|Fw|Wg|Tr|Rv|Vb)\b[^:]{0,5}:", re.IGNORECASE)
OF_PARTS = re.compile(r"^(?:MIME-Version|Content-[\w-]+):.*\n(?:[ \t].*\n)*", re.MULTILINE | re.IGNORECASE)
# The bodies of such messages are still in parts, or written in signs that all mail programs pass on.
AS_SENT = re.compile(
    r"^Content-(?:Type:\s*multipart/|Transfer-Encoding:\s*(?:quoted|base64))", re.MULTILINE | re.IGNORECASE
)


class AsWritten(policy.Compat32):
    """Headers as they were written: malformed ones do not fail, and no byte of theirs is replaced."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return a header's name and its value; of the kind, name and coding of a part, the beginning."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_CONTENT_HEADER] if name.lower().startswith("content-") else value

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return the value with bytes above ASCII as lone surrogates."""
        del name
        return value


def is_mail(head: bytes) -> bool:
    """Tell a message by its headers, since files of a maildir have no suffix."""
    opening = OPENING.match(head)
    return (
        opening is not None and TELLING.search(opening[0]) is not None and b"\nSnapshot-Content-" not in head
    )


@reader(
    name="mail",
    version="1",
    suffixes=(".eml",),
    media_types=("message/rfc822", "message/global"),
    recognise=is_mail,
    keeps="subject, sender, date, recipients, the text; attachments and a digest's messages become items",
    loses="the HTML version where there is a plain one; a digest's table of contents",
)
def read_mail(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the message as a document, or each message of a digest as an item; then each attachment.

    A charset that is unknown or wrong costs no message: the text is decoded as well as may be. Of what
    was never sent, and what is attached to it, an edition may show a catalogue entry alone.
    """
    data = source.read()
    message = message_from_bytes(data, policy=AsWritten())
    if not message.keys() and not data.strip():
        raise ItemError("empty", "The message is empty.", hint="Save it again or remove it.")
    parts = list(leaves(message))
    texts, versions = _choose_texts(parts)
    charset = next(filter(None, (part.get_content_charset() for part, _ in parts)), "us-ascii")
    content, problems = _join(texts)
    rights = with_rights((), "header", is_draft=_is_draft(message, charset))
    is_answer = "In-Reply-To" in message or PASSED_ON.match(str(message.get("Subject", "")))
    messages = () if is_answer or _has_html(texts) else tuple(_messages_of_digest(content))
    for number, inner in enumerate(messages, start=1):
        hint = replace(item.hint, media_type="message/rfc822", charset=None, url=None)
        listed = "".join(f"List-Id: {value}\n" for value in message.get_all("List-Id", ()))
        data = f"{listed}{inner}".encode("utf-8", "replace")
        yield Item(locator=f"{item.locator}!/{number}.eml", data=data, hint=hint)
    if not messages:
        yield RawDocument(
            locator=item.locator,
            format="document" if _has_html(texts) else "text",
            content=content,
            quoting=True,
            fields=(*_fields(message, charset), *rights),
            problems=problems,
        )
    item = replace(item, hint=replace(item.hint, fields=(*item.hint.fields, *rights)))
    first, further = ({id(part) for part in each} for each in ((*texts[:1], *versions), texts[1:]))
    rest = (part for part, _ in parts if id(part) not in first)
    # Numbered with the further texts, an item's name does not depend on what counts as text.
    for number, part in enumerate(rest, start=1):
        if id(part) not in further and (part.get_filename() or not _is_empty(part)):
            yield _attachment(item, part, number, charset)


def _messages_of_digest(content: str) -> Iterator[str]:
    """Yield the messages of a digest, each with its headers; nothing where the text is none."""
    content = content.replace("\r\n", "\n")
    top = TOP_OF_DIGEST.search(content)
    if not top or not END_OF_DIGEST.search(content, top.end()):
        return
    messages: list[str] = []
    for part in content[top.end() :].split(EDGE_OF_DIGEST):
        head = IN_DIGEST.match(part)
        headers = head[1] if head else ""
        names = {line.partition(":")[0].lower() for line in headers.split("\n")}
        if head and "from" in names and names & {"date", "subject"}:
            if not AS_SENT.search(headers):
                headers = OF_PARTS.sub("", headers) + "Content-Type: text/plain; charset=utf-8\n"
            messages.append(f"{headers}\n{part[head.end() :]}")
        elif messages and not FOOT_OF_DIGEST.match(part):
            messages[-1] += EDGE_OF_DIGEST + part
    yield from messages


def _is_draft(message: Message, charset: str) -> bool:
    labels = readable(str(message.get(LABELS, "")), charset)
    unsent = str(message.get(UNSENT, "")).strip() == "1"
    return unsent or DRAFT_INFO in message or DRAFT_LABEL.search(labels) is not None


def leaves(message: Message) -> Iterator[tuple[Message, Place]]:
    """Yield the parts of a message that hold content, in order; a message within stays whole.

    Beside each stands the multipart/alternative it lies in, if any, and in which of its forms.
    """
    waiting: list[tuple[Message, Place]] = [(message, None)]
    while waiting:
        part, place = waiting.pop()
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            inner = [each for each in cast("list[Message]", part.get_payload()) if not isinstance(each, str)]
            if part.get_content_type() == "multipart/alternative":
                whole = place[0] if place else id(part)
                waiting += [(each, (whole, id(each))) for each in reversed(inner)]
            else:
                waiting += [(each, place) for each in reversed(inner)]
        else:
            yield part, place


def _choose_texts(parts: Sequence[tuple[Message, Place]]) -> tuple[list[Message], list[Message]]:
    """Return the parts that are the text of a message, and those that give the same in another form.

    A picture between two paragraphs, or a list's notice at the end, makes several parts of a text.
    """
    shown = [
        (part, place)
        for part, place in parts
        if (part.get_content_type() in BODIES or _lacks_parts(part))
        and part.get_content_disposition() != "attachment"
        and not _is_empty(part)
    ]
    own = [(part, place) for part, place in shown if place or not part.get_filename()]
    alternatives: dict[int, dict[int, list[Message]]] = {}
    for part, place in own or shown[:1]:
        whole, form = place or (id(part), 0)
        alternatives.setdefault(whole, {}).setdefault(form, []).append(part)
    texts: list[Message] = []
    versions: list[Message] = []
    for forms in alternatives.values():
        chosen = _choose_form(list(forms.values()))
        kinds = {part.get_content_type() for part in chosen}
        texts += chosen
        others = (part for form in forms.values() if form is not chosen for part in form)
        versions += (part for part in others if part.get_content_type() not in kinds)
    return texts, versions


def _lacks_parts(part: Message) -> bool:
    """Tell what is said to have parts, and has none, since nothing divides it: that is all text."""
    return part.get_content_maintype() == "multipart" and not part.is_multipart()


def _choose_form(forms: list[list[Message]]) -> list[Message]:
    """Return the plain form of what is given in several, unless it only says that there is an HTML one."""
    plain = next((form for form in forms if not _has_html(form)), forms[0])
    html = next((form for form in forms if _has_html(form)), forms[0])
    words = sum(map(_count_words, plain))
    is_stub = words < MOST_WORDS_OF_STUB and words < MOST_OF_STUB * sum(map(_count_words, html))
    return html if is_stub else plain


def _count_words(part: Message) -> int:
    """Return how many words of a part are shown; of HTML that no parser can hold, none."""
    text, _ = _text(part)
    if part.get_content_type() != HTML:
        return len(text.split())
    from lxml import etree  # noqa: PLC0415 - only for HTML

    with suppress(etree.LxmlError, ValueError):
        parser = etree.HTMLParser(huge_tree=True, encoding="utf-8")
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
        if tree is not None:
            return sum(len(str(words).split()) for words in tree.xpath(SHOWN))
    return 0


def _has_html(parts: list[Message]) -> bool:
    return any(part.get_content_type() == HTML for part in parts)


def _join(parts: list[Message]) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of some parts as one; plain ones become HTML where one is HTML."""
    texts = [_text(part) for part in parts]
    problems = tuple(problem for _, found in texts for problem in found)
    if not _has_html(parts):
        return "\n\n".join(text for text, _ in texts), problems
    pieces = (
        text if part.get_content_type() == HTML else _as_html(text)
        for part, (text, _) in zip(parts, texts, strict=True)
    )
    return "\n".join(pieces), problems


def _as_html(text: str) -> str:
    blocks = BLANK_LINE.split(escape(text.strip()))
    return "".join(f"<p>{'<br>'.join(block.splitlines())}</p>" for block in blocks)


def _is_empty(part: Message) -> bool:
    return part.get_content_type() != "message/rfc822" and not _bytes(part).strip()


def _text(part: Message) -> tuple[str, tuple[Problem, ...]]:
    try:
        text, problems = decode(_bytes(part), part.get_content_charset())
    except ItemError as error:
        # Subject, sender and attachments are worth having all the same.
        return "", (Problem(stage="read", code=error.code, message=error.message, hint=error.hint),)
    if part.get_content_type() == "text/plain" and _parameter(part, "format") == "flowed":
        text = _unflowed(text, "" if _parameter(part, "delsp") == "yes" else " ")
    return text, problems


def _parameter(part: Message, name: str) -> str:
    return str(part.get_param(name, "")).lower()


def _unflowed(text: str, between: str) -> str:
    """Return a text with the lines joined that its mail program broke, and marked by a space at their end."""
    lines: list[list[str]] = []
    above: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        is_signature = words == SIGNATURE_LINE
        if depth != above or is_signature:
            lines.append([">" * depth, " " if depth else ""])
        goes_on = words.endswith(" ") and not is_signature
        lines[-1].append(words[:-1] + between if goes_on else words)
        above = depth if goes_on else None
    return "\n".join(map("".join, lines))


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _fields(message: Message, charset: str) -> Iterator[Field]:
    for header, name in HEADERS.items():
        for value in message.get_all(header, ()):
            if text := readable(value, charset):
                yield Field(name=name, value=text, origin="header")
    for header, address in ADDRESSES.items():
        if found := address.fullmatch(readable(str(message.get(header, "")), charset)):
            yield Field(name="url", value=found[1], origin="header")
    for name, place in _senders([readable(value, charset) for value in message.get_all("From", ())]):
        if name or place:
            yield Field(name="author", value=name or place.partition("@")[0], origin="header")


def _senders(stated: list[str]) -> list[tuple[str, str]]:
    """Return names and addresses; of senders that are beyond reading, what was stated."""
    if sum(map(len, stated)) <= LONGEST_ENCODED:
        try:
            return getaddresses(stated)
        except (RecursionError, IndexError, ValueError):
            pass
    return [(value, "") for value in stated]


def readable(text: str, charset: str) -> str:
    """Return a header with its encoded words decoded; one that cannot be is given as it is.

    Letters that were not encoded, against the standard, are mostly in the charset of the text. A
    guess is no use: a few letters look like UTF-16 or Big5 as well.
    """
    if SURROGATE.search(text):
        with suppress(ItemError):
            text, _ = decode(text.encode("utf-8", "surrogateescape"), charset)
    if text.isascii():
        text = _decode_words(text)
    else:
        # The library takes a header for ASCII when it has encoded words.
        text = ENCODED_WORDS.sub(lambda words: _decode_words(words[0]), text)
    return " ".join(text.split())


def _decode_words(text: str) -> str:
    if len(text) <= LONGEST_ENCODED:
        with suppress(LookupError, ValueError, HeaderParseError):
            return str(make_header(decode_header(text)))
    return text


def _attachment(item: Item, part: Message, number: int, charset: str) -> Item:
    kind = part.get_content_type()
    name = readable(part.get_filename() or f"part-{number}", charset).replace("/", "-")
    if kind in SIGNATURES:
        return Item(locator=f"{item.locator}!/{name}", skip="a signature, which holds no text")
    if kind == "message/rfc822":
        name = name if name.endswith(".eml") else f"{name}.eml"
        hint = replace(item.hint, media_type=kind, charset=None, url=None)
        return Item(locator=f"{item.locator}!/{name}", opener=partial(_open_message, part), hint=hint)
    stated = None if kind == "application/octet-stream" else kind
    hint = replace(item.hint, media_type=stated, charset=part.get_content_charset(), url=None)
    return Item(locator=f"{item.locator}!/{name}", data=_bytes(part), hint=hint)


def _open_message(part: Message) -> BinaryIO:
    """Return the bytes of a message within a message."""
    inner = cast("list[Message]", part.get_payload())
    try:
        return io.BytesIO(inner[0].as_bytes() if isinstance(inner, list) and inner else b"")
    except (RecursionError, UnicodeError, LookupError, TypeError) as error:
        hint = "Open the mail in a mail program and save the message within on its own."
        raise ItemError("damaged", f"It cannot be taken out ({error}).", hint=hint) from error
