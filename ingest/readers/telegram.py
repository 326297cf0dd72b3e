"""Pages of a chat or channel that Telegram exported as HTML: an article for every message with words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, BinaryIO

import lxml.html

from ingest.charset import decode
from ingest.errors import ItemError
from ingest.exports.values import A_NOTICE, WITHOUT_WORDS
from ingest.model import Field, Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

TITLE = re.compile(rb"<title>\s*+Exported Data\s*+</title>")
CHAT = re.compile(rb"""class="page_body chat_page""")
MADE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")
MESSAGES = "(//div[@class='history'])[1]/div"
EMPTY_LINE = re.compile(r"(?:<br>\s*+){2,}+")
HINT = "Export the chat again (Export chat history in Telegram Desktop)."


@dataclass(kw_only=True)
class Speaker:
    """Who wrote a message, and who wrote first what it passes on; the next may leave both unsaid."""

    name: str = ""
    passed_on: str = ""


def is_chat(head: bytes) -> bool:
    """Tell a page of a chat by the title that all pages of an export have, and the class of its body."""
    found = TITLE.search(head)
    return found is not None and CHAT.search(head, found.end()) is not None


@reader(
    name="telegram",
    version="1",
    suffixes=(),
    media_types=("text/x-telegram-chat",),
    recognise=is_chat,
    library="lxml",
    keeps="each message of a page `messages.html`: author, date, chat, whose words it passes on, polls, names"
    " of attached files",
    loses="which message is answered; notices and messages without words are listed as skipped",
)
def read_telegram(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each message, by the number that Telegram gave it."""
    content, _ = decode(source.read(), item.hint.charset or "utf-8")
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True)
    page = lxml.html.document_fromstring(content.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    messages = [each for each in page.xpath(MESSAGES) if "message" in each.classes]
    torn = len(messages) != len(page.find_class("message"))
    if not messages or torn or any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise ItemError("damaged", "The messages in it cannot be told apart.", hint=HINT)
    chat = _words(page.find_class("page_header")[:1])
    # A channel speaks under its own name, which is no author's.
    is_channel = {each for message in messages for each in _names(message)[:1]} <= {chat, ""}
    speaker = Speaker()
    for number, message in enumerate(messages, start=1):
        name = message.get("id", "").removeprefix("message") or str(number)
        locator = f"{item.locator}#{name}"
        if "service" not in message.classes:
            yield _message(locator, message, chat, speaker, is_channel=is_channel)
        elif not name.startswith("-"):  # a line that only names the day counts down from -1
            yield Item(locator=locator, skip=A_NOTICE)


def _names(message: HtmlElement) -> tuple[str, str]:
    """Return who wrote a message and whom it passes on, each empty where it says nothing of that.

    The second name has a date of its own behind it, within the same element.
    """
    names = [" ".join((each.text or "").split()) for each in message.find_class("from_name")]
    own = "" if "joined" in message.classes or not names else names.pop(0)
    return own, names[0] if names else ""


def _message(
    locator: str, message: HtmlElement, chat: str, speaker: Speaker, *, is_channel: bool
) -> RawDocument | Item:
    own, passed_on = _names(message)
    speaker.name = own or speaker.name
    speaker.passed_on = passed_on or (speaker.passed_on if message.find_class("forwarded") else "")
    content = "".join(map(_paragraphs, message.find_class("text"))) + "".join(
        map(_poll, message.find_class("media_poll"))
    )
    if not content:
        return Item(locator=locator, skip=WITHOUT_WORDS)
    signed = _words(message.find_class("signature")[:1])
    made = next((each.get("title", "") for each in message.find_class("date")), "")
    stated = [
        ("published", _moment(made)),
        ("source", chat),
        ("author", signed or ("" if is_channel else speaker.name)),
        ("forwarded_from", speaker.passed_on),
        *(("attachment", each) for each in _attachments(message)),
    ]
    return RawDocument(
        locator=locator,
        format="document",
        content=content,
        fields=tuple(Field(name=name, value=value, origin="telegram") for name, value in stated if value),
    )


def _moment(made: str) -> str:
    """Return when a message was made as ISO 8601 writes it, or as it stands if it is written otherwise."""
    found = MADE.fullmatch(made.strip())
    if not found:
        return made.strip()
    day, month, year, time, zone = found.groups()
    return f"{year}-{month}-{day}T{time}{zone or ''}"


def _paragraphs(text: HtmlElement) -> str:
    """Return the words of a message as paragraphs, where an empty line parts them.

    What a click would uncover is uncovered: attributes that hide it are left out with all others but the
    addresses of links.
    """
    for element in text.iter():
        address = element.get("href")
        element.attrib.clear()
        if element.tag == "a" and address:
            element.set("href", address)
        elif element.tag == "a":
            element.tag = "span"
    inner = escape(text.text or "", quote=False) + "".join(
        lxml.html.tostring(child, encoding="unicode") for child in text
    )
    return "".join(f"<p>{part.strip()}</p>" for part in EMPTY_LINE.split(inner) if part.strip())


def _poll(poll: HtmlElement) -> str:
    """Return the question of a poll and its answers, with the votes that each had."""
    answers = []
    for answer in poll.find_class("answer"):
        said, votes = _words([answer]).removeprefix("- "), _words(answer.find_class("details"))
        answers.append(f"{said.removesuffix(votes).strip()} ({votes})" if votes else said)
    listed = "".join(f"<li>{escape(each)}</li>" for each in answers if each)
    return f"<p>{escape(_words(poll.find_class('question')))}</p><ul>{listed}</ul>"


def _attachments(message: HtmlElement) -> Iterator[str]:
    """Yield the place of each file that belongs to a message, or what is said of it where it was left out."""
    for wrap in message.find_class("media_wrap"):
        addresses = [each.get("href", "") for each in wrap.iter("a")]
        yield next(filter(None, addresses), "") or _words(
            wrap.find_class("title") + wrap.find_class("description")
        )


def _words(elements: list[HtmlElement]) -> str:
    """Return what stands in some elements, on one line."""
    return " ".join(" ".join(each.text_content() for each in elements).split())
