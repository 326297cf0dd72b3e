"""Pages of a mailing list's archive that Mailman's Pipermail made: each is a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

import lxml.html

from ingest.charset import decode
from ingest.model import Field, Item, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN, END = re.compile(r"<!--beginarticle-->"), re.compile(r"<!--endarticle-->")
MESSAGE = re.compile(rb"Messages sorted by:.*?<!--beginarticle-->", re.DOTALL)
LIST = re.compile(rb"<title>[^<]{1,200} Archives? by (?:date|thread|subject|author)</title>", re.IGNORECASE)
CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)
LINES_OF_MARKUP = re.compile(r"</?i>", re.IGNORECASE)
# As Unix tells the time, with the name of a zone before the year.
WHEN = re.compile(r"\w+ (?P<month>\w+) +(?P<day>\d+) (?P<time>\d\d:\d\d):\d\d (?:\S+ )?(?P<year>\d{4})")
ORIGIN = "mail head"


def is_pipermail(head: bytes) -> bool:
    """Tell a page of such an archive by the comment above the mail, and a list of them by its title."""
    return MESSAGE.search(head) is not None or (LIST.search(head) is not None and b"sorted by:" in head)


@reader(
    name="pipermail",
    version="1",
    suffixes=(),
    media_types=("text/x-pipermail",),
    recognise=is_pipermail,
    library="lxml",
    keeps="the mail on a page of Pipermail's archives: subject, sender, date, text with what it quotes",
    loses="links between mails; lists of mails are listed as skipped",
)
def read_pipermail(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the mail on a page."""
    data = source.read()
    declared = CHARSET.search(data[:4096].decode("ascii", "replace"))
    content, doubts = decode(data, item.hint.charset or (declared[1] if declared else None))
    begin = BEGIN.search(content)
    if begin is None:
        yield Item(locator=item.locator, skip="a list of mails, each of which has a page of its own")
        return
    end = END.search(content, begin.end())
    body = LINES_OF_MARKUP.sub("", content[begin.end() : end.start() if end else None])
    text = lxml.html.fromstring(f"<div>{body}</div>").text_content().strip()
    head = lxml.html.fromstring(content[: begin.start()])
    stated = {name: _first(head, f"//{name}") for name in ("h1", "b", "i")}
    address = _first(head, "//a[starts-with(@href, 'mailto:')]")
    when = WHEN.fullmatch(stated["i"])
    fields = {
        "title": stated["h1"],
        "author": stated["b"],
        "published": "{day} {month} {year} {time}".format(**when.groupdict()) if when else stated["i"],
        "from": address,
    }
    yield RawDocument(
        locator=item.locator,
        format="text",
        content=text,
        quoting=True,
        fields=tuple(Field(name=name, value=value, origin=ORIGIN) for name, value in fields.items() if value),
        problems=doubts,
    )


def _first(head: lxml.html.HtmlElement, path: str) -> str:
    """Return the words of the first element at a path; nothing where there is none."""
    return next((" ".join(each.text_content().split()) for each in head.xpath(path)), "")
