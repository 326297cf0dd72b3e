"""Chats that WhatsApp exported as text, by an iPhone or Android: an article for every message with words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from ingest.charset import decode, head_in_utf8
from ingest.exports.values import A_NOTICE, WITHOUT_WORDS
from ingest.model import Field, Item, Problem, RawDocument
from ingest.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What says in which direction is written, and stands around names and in front of what the program says.
MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
BY_PROGRAM = "\u200e"
NOON = {
    "am": 0,
    "pm": 12,
    "上午": 0,
    "下午": 12,
    "午前": 0,
    "午後": 12,
    "오전": 0,
    "오후": 12,
    "ص": 0,
    "م": 12,
}
# `[12/03/2024, 14:05:11] ` on an iPhone, `12/03/2024, 14:05 - ` on Android, as the language has it.
STAMP = re.compile(
    r"(?P<open>\[)?"
    r"(?P<date>(?P<first>\d{1,4})(?P<mark>[/.-]) ?(?P<second>\d{1,2})(?P=mark) ?(?P<third>\d{1,4})\.?),?"
    r" (?:klo |kl\. |à |um )?(?P<before>上午|下午|午前|午後|오전|오후)? ?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second_>\d\d))?"
    r"(?: ?(?P<after>[ap]\.? ?m\.?|ص|م))?(?(open)\]| [-–]) ",
    re.IGNORECASE,
)
BLANKS = re.compile("[\u00a0\u202f]")
SENDER = re.compile(r"([^:]{1,100}):(?: (.*))?")
ATTACHED = re.compile(r"<[^<>:：]{1,30}[:：] ?(\d{8}-[^<>]{1,200})>")
NAMED_FILE = re.compile(
    r"((?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d{4}\.\w{1,5}"
    r"|.{1,200}\.\w{1,5}(?= \((?:file attached|Datei angehängt|archivo adjunto|fichier joint|file allegato"
    r"|arquivo anexado|bestand bijgevoegd)\)))"
    r" \([^()]{1,40}\)"
)
LEFT_OUT = re.compile(
    r"<(?:Media omitted|Medien ausgeschlossen|Medien weggelassen|Multimedia omitido|Archivo omitido"
    r"|Archivo multimedia omitido|Médias omis|Média omis|Fichier omis|Ficheiro de multimédia oculto"
    r"|Media omess[io]|Mídia oculta|Arquivo de mídia oculto|Ficheiro não revelado|Media weggelaten"
    r"|Без медиафайлов|Файл пропущен|Pominięto multimedia|Medya dahil edilmedi|Media utelämnad)>"
    r"|(?:image|video|audio|sticker|GIF|document|Contact card) omitted"
    r"|(?:Bild|Video|Audio|Sticker|GIF|Dokument|Kontaktkarte) (?:weg|aus)gelassen"
    r"|(?:image|vidéo|audio|sticker|GIF|document|fiche contact) (?:absente?|omise?|retirée?|non inclus)"
    r"|(?:imagen|audio|video|sticker|GIF|documento|Tarjeta de contacto) omitid[oa]"
    r"|(?:immagine|video|audio|sticker|GIF|documento|Scheda contatto) (?:omess|esclus)[oa]"
    r"|(?:imagem|áudio|vídeo|figurinha|sticker|GIF|documento|Cartão do contato) (?:ocultad|omitid)[oa]"
    r"|(?:afbeelding|audio|video|sticker|GIF|document|Contactkaart) weggelaten",
    re.IGNORECASE,
)
DELETED = frozenset(
    {
        *("This message was deleted", "You deleted this message"),
        *("Diese Nachricht wurde gelöscht", "Du hast diese Nachricht gelöscht"),
        *("Ce message a été supprimé", "Vous avez supprimé ce message"),
        *("Se eliminó este mensaje", "Este mensaje fue eliminado", "Eliminaste este mensaje"),
        *("Questo messaggio è stato eliminato", "Hai eliminato questo messaggio"),
        *("Mensagem apagada", "Esta mensagem foi apagada", "Essa mensagem foi apagada"),
        *("Você apagou esta mensagem", "Você apagou essa mensagem"),
        *("Mensagem eliminada", "Esta mensagem foi eliminada", "Eliminou esta mensagem"),
        *("Dit bericht is verwijderd", "Dit bericht werd verwijderd"),
        *("U hebt dit bericht verwijderd", "Je hebt dit bericht verwijderd"),
    }
)
EDITED = re.compile(
    r"<(?:This message was edited|Diese Nachricht wurde bearbeitet|Ce message a été modifié"
    r"|Se editó este mensaje|Questo messaggio è stato modificato|Mensagem editada|Esta mensagem foi editada"
    r"|Dit bericht is bewerkt)\.?>\Z"
)
# Where the name of the chat stands in that of a file, folder or archive.
NAMED_CHAT = re.compile(
    r".{0,30}WhatsApp[ _](?:Chat[ _])?(?:-|with|mit|con|avec|com|met|med|с контактом|с)[ _](?P<chat>.+)",
    re.IGNORECASE,
)
SUFFIX = re.compile(r"\.(?:txt|zip)$", re.IGNORECASE)
LEAST = 2
FEW = 8
MONTHS = 12
LONGEST_MONTH = 31
THIS_CENTURY = 2000
UNORDERED = Problem(
    stage="read",
    code="day-or-month",
    message="Nothing in this chat shows if its dates write the day or the month first; only years are given.",
    hint="The field `sent` of each message has its date as it stands; a longer export may show the order.",
)


@dataclass(kw_only=True)
class Entry:
    """What stands behind one moment: a message of somebody, or a notice without a name."""

    stamp: re.Match[str]
    lines: list[str] = field(default_factory=list)


def is_chat(head: bytes) -> bool:
    """Tell a chat by a moment at its top, and names behind half of those that follow."""
    entries = _entries(head_in_utf8(head).decode("utf-8", "ignore"))
    if not entries:
        return False
    # A group begins with many notices of who joined it; a diary has moments without names as well.
    share = FEW if "WhatsApp" in entries[0].lines[0] else LEAST
    named = sum(SENDER.fullmatch(MARKS.sub("", entry.lines[0])) is not None for entry in entries)
    return len(entries) >= LEAST and share * named >= len(entries)


@reader(
    name="whatsapp",
    version="2",
    suffixes=(),
    media_types=("text/x-whatsapp-chat",),
    recognise=is_chat,
    keeps="each message of an exported chat: author, date, chat, polls, names of attached files; where"
    " nothing shows if days or months stand first, the year and the date as it stands",
    loses="notices, deleted messages and messages without words are listed as skipped",
)
def read_whatsapp(item: Item, source: BinaryIO) -> Iterator[RawDocument | Item]:
    """Yield a document for each message, by its place; what is doubtful of all is told of the first."""
    content, doubts = decode(source.read(), item.hint.charset or "utf-8")
    entries = _entries(content)
    dates = _dates([entry.stamp for entry in entries])
    chat = _name_of(item.locator) or _first_speaker(entries[:1])
    if None in dates:
        doubts = (*doubts, UNORDERED)
    for number, (entry, date) in enumerate(zip(entries, dates, strict=True), start=1):
        # As a member of the file it is not called what the file is called, which is the name of the chat.
        found = _message(f"{item.locator}!/{number}", entry, date, chat, doubts)
        if isinstance(found, RawDocument):
            doubts = ()
        yield found


def _entries(content: str) -> list[Entry]:
    """Return what stands behind each moment; none at all where the text does not begin with one."""
    entries: list[Entry] = []
    for line in content.split("\n"):
        stamp = STAMP.match(BLANKS.sub(" ", line.lstrip("\ufeff\u200e\u200f\u202a"))[:80])
        if stamp and (not entries or stamp["open"] == entries[0].stamp["open"]):
            rest = line.lstrip("\ufeff\u200e\u200f\u202a")[stamp.end() :]
            entries.append(Entry(stamp=stamp, lines=[rest.rstrip()]))
        elif entries:
            entries[-1].lines.append(line.rstrip())
        elif line.strip():
            break
    return entries


def _message(
    locator: str, entry: Entry, date: str | None, chat: str, problems: tuple[Problem, ...]
) -> RawDocument | Item:
    found = SENDER.fullmatch(entry.lines[0])
    if not found:
        return Item(locator=locator, skip=A_NOTICE)
    lines = [found[2] or "", *entry.lines[1:]]
    attachments = [name for line in lines for name in ATTACHED.findall(line)]
    lines = [ATTACHED.sub("", line) for line in lines]
    if named := NAMED_FILE.fullmatch(MARKS.sub("", lines[0])):
        attachments.append(named[1])
        lines[0] = ""
    said = "\n".join(lines).strip()
    # What the program says in place of a person is marked so on an iPhone, whatever the language; a poll has
    # lines below, and a place an address.
    is_notice = said.startswith(BY_PROGRAM) and not attachments and "\n" not in said and "://" not in said
    text = MARKS.sub("", said).strip()
    is_edited = EDITED.search(text) is not None
    text = EDITED.sub("", text).strip()
    if not text or LEFT_OUT.fullmatch(text):
        return Item(locator=locator, skip=WITHOUT_WORDS)
    if is_notice or text.rstrip(".") in DELETED:
        return Item(locator=locator, skip=A_NOTICE)
    stated = [
        ("published", date or _year(entry.stamp)),
        ("sent", "" if date else MARKS.sub("", entry.stamp[0]).strip(" -–[]")),
        ("source", chat),
        ("author", _person(found[1])),
        ("edited", "yes" if is_edited else ""),
        *(("attachment", name) for name in attachments),
    ]
    return RawDocument(
        locator=locator,
        format="document",
        content="".join(
            f"<p>{escape(part.strip(), quote=False).replace(chr(10), '<br>')}</p>"
            for part in re.split(r"\n\n++", text)
        ),
        fields=tuple(Field(name=name, value=value, origin="whatsapp") for name, value in stated if value),
        problems=problems,
    )


def _person(name: str) -> str:
    """Return the name of a sender; a wave stands before one that is in no address book."""
    return MARKS.sub("", BLANKS.sub(" ", name)).strip().removeprefix("~").strip()


def _first_speaker(entries: Sequence[Entry]) -> str:
    """Return the name that the first notice of an iPhone has, which is that of the chat."""
    for entry in entries:
        found = SENDER.fullmatch(entry.lines[0])
        if found and (found[2] or "").startswith(BY_PROGRAM):
            return _person(found[1])
    return ""


def _name_of(locator: str) -> str:
    """Return the name of the chat as the names of its file, archive or folder have it."""
    parts = [SUFFIX.sub("", part.removesuffix("!")) for part in locator.split("/")]
    found = (NAMED_CHAT.fullmatch(part) for part in reversed(parts))
    return next((each["chat"] for each in found if each), "")


def _dates(stamps: Sequence[re.Match[str]]) -> list[str | None]:
    """Return when each message was sent, None where day and month may be either.

    A number above twelve is a day; else the order shows it in which time never goes back. A day between
    full stops stands first, as everywhere.
    """
    ways = [way for way in (True, False) if _is_possible(stamps, day_first=way)]
    if len(ways) > 1:
        ways = [way for way in ways if _runs_on(stamps, day_first=way)] or ways
    if any(stamp["mark"] == "." for stamp in stamps):
        ways = [True]
    is_certain = len(ways) == 1
    return [
        _moment(stamp, day_first=ways[:1] == [True]) if is_certain or _is_certain(stamp) else None
        for stamp in stamps
    ]


def _is_certain(stamp: re.Match[str]) -> bool:
    """Tell a date that is the same day in either order, or begins with its year."""
    return len(stamp["first"]) > LEAST or int(stamp["first"]) == int(stamp["second"])


def _is_possible(stamps: Sequence[re.Match[str]], *, day_first: bool) -> bool:
    return all(_day(stamp, day_first=day_first)[1] <= MONTHS for stamp in stamps)


def _runs_on(stamps: Sequence[re.Match[str]], *, day_first: bool) -> bool:
    """Tell whether days follow one another; a clock that is wrong by a day or two is none of it."""
    days = (_day(stamp, day_first=day_first) for stamp in stamps)
    counted = ((year * MONTHS + month) * LONGEST_MONTH + day for year, month, day in days)
    return all(later >= earlier - LEAST for earlier, later in pairwise(counted))


def _day(stamp: re.Match[str], *, day_first: bool) -> tuple[int, int, int]:
    """Return year, month and day; the year stands first where it has four digits there."""
    first, second, third = int(stamp["first"]), int(stamp["second"]), int(stamp["third"])
    if len(stamp["first"]) > LEAST:
        return first, second, third
    year = third if len(stamp["third"]) > LEAST else THIS_CENTURY + third
    return (year, second, first) if day_first else (year, first, second)


def _year(stamp: re.Match[str]) -> str:
    return f"{_day(stamp, day_first=True)[0]:04}"


def _moment(stamp: re.Match[str], *, day_first: bool) -> str:
    """Return a moment as ISO 8601 writes it, without a zone, since none is stated."""
    year, month, day = _day(stamp, day_first=day_first)
    hour = int(stamp["hour"])
    noon = stamp["before"] or re.sub(r"[. ]", "", stamp["after"] or "").lower()
    if noon:
        hour = hour % 12 + NOON[noon]
    return (
        f"{year:04}-{month:02}-{day:02}T{hour:02}:{int(stamp['minute']):02}:{int(stamp['second_'] or 0):02}"
    )
