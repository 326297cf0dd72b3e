"""Rich Text Format (.rtf): what word processors of the nineties and after exchanged."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import ItemError
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

Look = tuple[bool, bool, str, bool]  # bold, italic, where a link leads to, raised

TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[\x00-\xff])|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)|\\",
)
HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|nagłówek|заголовок)\s*(\d)", re.IGNORECASE
)
TITLE_STYLE = re.compile(r"(?:title|titel)$", re.IGNORECASE)
NUMBERED = re.compile(r"\s*(\d{1,5})[.)]")
LINK = re.compile(r"""\s*HYPERLINK\s+"?(https?://[^"\s]+|mailto:[^"\s]+)""")
# Windows' numbers for scripts, in the font table.
CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
}
CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
CHARACTERS = {
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "line": "\n",
    "~": "\xa0",
    "_": "-",
    "\t": "\t",
    "{": "{",
    "}": "}",
    "\\": "\\",
}
ENDS = frozenset({"par", "sect", "page", "\n", "\r"})
# A box, in the words of newer and of older programs, and the text in it.
BOXES, IN_BOXES = frozenset({"shpinst", "do"}), frozenset({"shptxt", "dptxbxtext"})
KEPT_APART = BOXES | IN_BOXES | {"info", "fonttbl", "stylesheet", "fldinst", "footnote"}
UNDERSTOOD = KEPT_APART | {"shppict"}
PROPERTIES = {
    "title": "title",
    "author": "author",
    "subject": "description",
    "keywords": "tag",
    "creatim": "published",
    "revtim": "modified",
}
PARTS_OF_TIME = ("yr", "mo", "dy", "hr", "min")
LEFT_OUT = frozenset(
    {
        *("colortbl", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr"),
        *("footerf", "objdata", "nonshppict", "shprslt", "pntxtb", "pntxta", "xe", "tc", "rxe"),
        *("annotation", "atnid", "atnauthor", "atntime", "atnref", "bkmkstart", "bkmkend", "template"),
        *("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "listtable", "revtbl", "operator"),
        *("doccomm", "comment", "company", "manager", "category", "hlinkbase", "printim", "buptim", "upr"),
    }
)
LIST_MARKS = ("listtext", "pntext")
DELETED = frozenset({"v", "deleted"})


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What a group inherits from the one around it: where its text goes, and how it looks."""

    into: str = "text"
    charset: str = ""
    skip: int = 1
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    raised: bool = False
    link: str = ""


@dataclass(kw_only=True, slots=True)
class Paragraph:
    """What holds until paragraphs are reset to plain ones."""

    level: int = 0
    listed: bool = False
    in_table: bool = False


@dataclass(kw_only=True, slots=True)
class Writing:
    """A stream of paragraphs under way: the document, or one footnote."""

    runs: list[tuple[str, Look]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)


@reader(
    name="rtf",
    version="1",
    suffixes=(".rtf",),
    media_types=("application/rtf", "text/rtf"),
    magic=(b"{\\rtf",),
    keeps="headings, lists, tables, links, footnotes, emphasis; title, author, dates",
    loses="pictures, page headers and footers, comments, deleted and hidden text, layout",
)
def read_rtf(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield the whole document; one that is cut off is kept as far as it goes, and told.

    Raises `ItemError` when it is no RTF.
    """
    data = source.read()
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ItemError(
            "damaged", "It is not Rich Text Format.", hint="Give it the suffix of its real format."
        )
    parser = Parser()
    complete = parser.feed(data)
    yield RawDocument(
        locator=item.locator,
        format="document",
        content=parser.html(),
        fields=tuple(parser.fields()),
        problems=() if complete else (_cut_off(),),
    )


class Parser:
    """Walks through the groups and control words once, without recursion."""

    def __init__(self) -> None:
        """Start with an empty document in the code page of Western Windows."""
        self.charset = "cp1252"
        self.fonts: dict[int, str] = {}
        self.levels: dict[int, int] = {}
        self.info: dict[str, str] = {}
        self.times: dict[str, dict[str, int]] = {}
        self.notes: list[str] = []
        self.apart: dict[str, str] = {}
        self.link = ""
        self.number = 0
        self.marked = False
        self.state = State()
        self.paragraph = Paragraph()
        self.writing = Writing()
        self.outer: list[tuple[Writing, Paragraph]] = []
        self.stack: list[State] = []
        self.bytes = bytearray()
        self.to_skip = 0

    def feed(self, data: bytes) -> bool:
        """Read all of a file and tell whether its groups are closed."""
        place, optional = 0, False
        while match := TOKEN.match(data, place):
            place = match.end()
            kind = match.lastgroup
            if kind == "hex":
                self._add_bytes(bytes([int(match["hex"], 16)]))
            elif kind == "text":
                self._add_bytes(match["text"])
            elif kind == "brace":
                if self._open_or_close(match["brace"]):
                    return True
            elif match["symbol"] == b"*":
                optional = True
                continue
            elif kind in {"word", "number", "symbol"}:
                word = (match["word"] or match["symbol"]).decode("latin-1")
                number = int(match["number"]) if match["number"] else None
                if word == "bin":
                    place += max(number or 0, 0)
                elif optional and word not in UNDERSTOOD:
                    self._flush()
                    self.state = replace(self.state, into="nowhere")
                else:
                    self._obey(word, number)
            optional = False
        self._flush()
        return False

    def _open_or_close(self, brace: bytes) -> bool:
        """Begin or end a group, and tell whether that was the last."""
        self._flush()
        self.to_skip = 0
        if brace == b"{":
            self.stack.append(self.state)
            return False
        if self.stack:
            self._close()
        return not self.stack

    def html(self) -> str:
        """Return the document with its footnotes at the end."""
        self._end_paragraph()
        html = _arrange(self.writing.blocks)
        notes = "".join(f"<li>{note}</li>" for note in self.notes)
        return f"{html}<ol>{notes}</ol>" if notes else html

    def fields(self) -> Iterator[Field]:
        """Yield what the information group states."""
        for word, name in PROPERTIES.items():
            value = " ".join(self.info.get(word, "").split())
            if word in self.times and self.times[word].get("yr"):
                year, *rest = (self.times[word].get(part, 0) for part in PARTS_OF_TIME)
                value = f"{year:04}-{rest[0]:02}-{rest[1]:02}T{rest[2]:02}:{rest[3]:02}"
            for part in re.split(r"\s*[,;]\s*" if name == "tag" else r"\s*;\s*", value):
                if part:
                    yield Field(name=name, value=part, origin="rtf info")

    def _obey(self, word: str, number: int | None) -> None:
        """Do what a control word or symbol says."""
        if word == "u" and number is not None:
            self._flush()
            self._add(chr(number % 0x10000))
            self.to_skip = self.state.skip
            return
        if self.to_skip and word in CHARACTERS:
            self.to_skip -= 1
            return
        self._flush()
        self.to_skip = 0
        if word in CHARACTERS:
            self._add(CHARACTERS[word])
        elif word in LEFT_OUT and self.state.into != "stylesheet":
            self.state = replace(self.state, into="nowhere")
        elif word in KEPT_APART or word in LIST_MARKS:
            self._open(word)
        elif self.state.into == "info" and word in PROPERTIES:
            self.state = replace(self.state, into=f"info {word}")
        elif self.state.into.startswith("info ") and word in PARTS_OF_TIME:
            self.times.setdefault(self.state.into[5:], {})[word] = number or 0
        elif word in ENDS:
            self._end_paragraph()
        elif not self._set_table(word):
            self._set(word, number)

    def _set_table(self, word: str) -> bool:
        """Obey a word about tables, or tell that it is none."""
        if self.state.into != "text" or word not in {"cell", "nestcell", "row", "nestrow", "trowd"}:
            return False
        if word in {"cell", "nestcell"}:
            self.writing.cells.append(self._take_runs())
        elif word in {"row", "nestrow"} and self.writing.cells:
            cells = "".join(f"<td>{cell}</td>" for cell in self.writing.cells)
            self.writing.blocks.append(("table", f"<tr>{cells}</tr>"))
            self.writing.cells = []
        return True

    def _set(self, word: str, number: int | None) -> None:
        """Obey a word that changes how the following is understood or looks."""
        on = number != 0
        if word == "b":
            self.state = replace(self.state, bold=on)
        elif word == "i":
            self.state = replace(self.state, italic=on)
        elif word == "fldrslt":
            self.state, self.link = replace(self.state, link=self.link), ""
        elif word in {"super", "sub", "nosupersub"}:
            self.state = replace(self.state, raised=on and word == "super")
        elif word in DELETED:
            self.state = replace(self.state, hidden=on)
        elif word == "plain":
            self.state = replace(self.state, bold=False, italic=False, hidden=False, raised=False)
        elif word == "s" and self.state.into == "stylesheet":
            self.number = number or 0
        elif not self._set_charset(word, number):
            self._set_paragraph(word, number)

    def _set_charset(self, word: str, number: int | None) -> bool:
        """Obey a word about how bytes become letters, or tell that it is none."""
        if word == "uc":
            self.state = replace(self.state, skip=max(number or 0, 0))
        elif word in CODE_PAGES or (word == "ansicpg" and number):
            self.charset = _known(CODE_PAGES.get(word) or f"cp{number}")
        elif word == "f":
            self.number = number or 0
            self.state = replace(self.state, charset=self.fonts.get(self.number, ""))
        elif word == "fcharset" and self.state.into == "fonttbl":
            self.fonts[self.number] = CHARSETS.get(number or 0, "")
        else:
            return False
        return True

    def _set_paragraph(self, word: str, number: int | None) -> None:
        if self.state.into != "text":
            return
        if word == "pard":
            self.paragraph = Paragraph(listed=self.marked)
        elif word == "s":
            self.paragraph.level = self.levels.get(number or 0, 0)
        elif word == "outlinelevel" and number is not None and 0 <= number < 6:  # noqa: PLR2004 - h1 to h6
            self.paragraph.level = number + 1
        elif word == "intbl":
            self.paragraph.in_table = True
        elif word == "ls":
            self.paragraph.listed = True

    def _open(self, word: str) -> None:
        """Send the text of a group to where it belongs."""
        if self.state.into == "nowhere" or (word in IN_BOXES and self.state.into not in BOXES):
            return
        if word == "footnote" or word in IN_BOXES:
            note = ""
            if word == "footnote":
                self.notes.append("")
                note = str(len(self.notes))
                self._add(f"[{note}]")
            self.outer.append((self.writing, self.paragraph))
            self.writing, self.paragraph = Writing(), Paragraph()
            self.state = replace(self.state, into="text")
            self.apart[f"note {len(self.stack)}"] = note
        elif word not in LIST_MARKS or self.state.into == "text":
            self.marked = self.marked or word in LIST_MARKS
            self.state = replace(self.state, into=word)
            self.apart[word] = ""

    def _close(self) -> None:
        """End a group: take up what it gathered, and go on as before it."""
        ended = self.state.into
        note = self.apart.pop(f"note {len(self.stack)}", None)
        if note is not None and self.outer:
            self._end_paragraph()
            blocks = self.writing.blocks
            self.writing, self.paragraph = self.outer.pop()
            if note:
                self.notes[int(note) - 1] = "<br>".join(content for _, content in blocks)
            else:
                self.writing.blocks += blocks
        self.state = self.stack.pop()
        if ended == "stylesheet":
            self._learn_style(self.apart.get("stylesheet", ""))
            self.apart["stylesheet"] = ""
        elif ended == "fldinst" and self.state.into != "fldinst":
            link = LINK.match(self.apart.get("fldinst", ""))
            self.link = link[1] if link else ""

    def _learn_style(self, name: str) -> None:
        name = name.strip().rstrip(";")
        if heading := HEADING.search(name):
            self.levels[self.number] = min(max(int(heading[1]), 1), 6)
        elif TITLE_STYLE.match(name):
            self.levels[self.number] = 1

    def _add_bytes(self, data: bytes) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(data))
            self.to_skip -= skipped
            data = data[skipped:]
        self.bytes += data

    def _flush(self) -> None:
        """Turn the bytes since the last control word into text."""
        if self.bytes:
            text = bytes(self.bytes).decode(self.state.charset or self.charset, "replace")
            self.bytes.clear()
            self._add(text)

    def _add(self, text: str) -> None:
        into = self.state.into
        if into == "text":
            if not self.state.hidden:
                self.writing.runs.append((text, self._look()))
        elif into.startswith("info "):
            self.info[into[5:]] = self.info.get(into[5:], "") + text
        elif into in self.apart:
            self.apart[into] += text

    def _look(self) -> Look:
        return (self.state.bold, self.state.italic, self.state.link, self.state.raised)

    def _take_runs(self) -> str:
        runs, self.writing.runs = self.writing.runs, []
        return _inline(runs)

    def _end_paragraph(self) -> None:
        """End a paragraph, or only a line where it stands in a table."""
        if self.state.into != "text":
            return
        if self.paragraph.in_table and self.writing.runs:
            self.writing.runs.append(("\n", (False, False, "", False)))
            return
        content = self._take_runs()
        listed = "ul" if self.paragraph.listed or self.marked else "p"
        marks = (NUMBERED.match(self.apart.pop(word, "")) for word in LIST_MARKS)
        listed = next((f"ol {mark[1]}" for mark in marks if mark), listed)
        kind = f"h{self.paragraph.level}" if self.paragraph.level else listed
        if content.strip():
            self.writing.blocks.append((kind, content))
        self.marked = False


def _inline(runs: list[tuple[str, Look]]) -> str:
    """Return runs of text as HTML, those that look alike together."""
    parts = []
    for (bold, italic, link, raised), alike in groupby(runs, key=lambda run: run[1]):
        text = "".join(run[0] for run in alike)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
        html = escape(text).replace("\n", "<br>")
        if text.strip():
            html = f"<sup>{html}</sup>" if raised else html
            html = f"<em>{html}</em>" if italic else html
            html = f"<strong>{html}</strong>" if bold else html
            html = f'<a href="{escape(link)}">{html}</a>' if link else html
        parts.append(html)
    return "".join(parts).removesuffix("<br>")


def _arrange(blocks: list[tuple[str, str]]) -> str:
    """Return blocks as HTML, the items of a list and the rows of a table together."""
    html: list[str] = []
    around, count = "", 0
    for named, content in [*blocks, ("", "")]:
        kind, _, number = named.partition(" ")
        if around != kind or (number and int(number) != count + 1):
            html.append(f"</{around}>" if around in {"ol", "ul", "table"} else "")
            html.append(
                f'<ol start="{number}">' if number else f"<{kind}>" if kind in {"ul", "table"} else ""
            )
            around = kind
        count = int(number or 0)
        if kind in {"ol", "ul"}:
            html.append(f"<li>{content}</li>")
        elif kind:
            html.append(content if kind == "table" else f"<{kind}>{content}</{kind}>")
    return "".join(html)


def _known(charset: str) -> str:
    try:
        return codecs.lookup("utf-8" if charset == "cp65001" else charset).name
    except LookupError:
        return "cp1252"


def _cut_off() -> Problem:
    return Problem(
        stage="read",
        code="cut-off",
        message="It ends in the middle; what is there was kept.",
        hint="Compare it with the original; copy or download it again.",
    )
