"""Turns bytes into text without losing any, and says so when it had to guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from charset_normalizer import from_bytes

from ingest.errors import ItemError
from ingest.latin_charsets import latin_charset
from ingest.model import Article, Problem, RawDocument

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SURROGATE = re.compile(r"[\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
FALLBACK = "readingroom-windows-1252"
LAST_ASCII = 127
LEAST_VALID_TO_STRANGE = 4
# Charsets that write all letters in ASCII, so that their bytes are always valid UTF-8 too.
SEVEN_BIT = frozenset({"hz", "utf-7"})
SHIFTED = re.compile(rb"\x1b[$(]")
# Codecs of Python that no document is written in; some take forever, some fail in odd ways.
NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
# What browsers and mail programs call charsets that Python knows by another name.
CALLED = {
    **dict.fromkeys(("x-mac-roman", "mac", "csmacintosh"), "mac-roman"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac-cyrillic"),
    **dict.fromkeys(("x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e", "logical", "visual"), "iso8859-8"),
    **dict.fromkeys(("windows-874", "dos-874"), "cp874"),
    **dict.fromkeys(("windows-936", "x-gbk", "gb_2312-80", "csgb2312"), "gbk"),
    **dict.fromkeys(("windows-949", "x-windows-949", "ks_c_5601-1989", "cseuckr"), "cp949"),
    **dict.fromkeys(("koi", "koi8"), "koi8-r"),
    "koi8-ru": "koi8-u",
    "x-euc-jp": "euc-jp",
    "x-x-big5": "big5hkscs",
    **{f"x-cp{page}": f"cp{page}" for page in range(1250, 1259)},
    "x-ansi": "cp1252",
}
GUESS_FROM = 100_000
MOST_CONTROL = 0.01
MOST_NULS_ELSEWHERE = 0.05
LEAST_NULS_UTF16 = 0.3


def head_in_utf8(head: bytes) -> bytes:
    """Return the first bytes of a file, in UTF-8 where its mark says that they are UTF-16."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore").encode()
    return head


def head_of_lines(head: bytes) -> bytes:
    """Return the head of a file as UTF-8 without a mark of it, with line feeds alone at the ends of lines."""
    head = head_in_utf8(head).removeprefix(codecs.BOM_UTF8)
    return head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[Problem, ...]]:
    r"""Return the text of some bytes, and a problem for each doubt about it.

    A byte order mark decides, then valid UTF-8 (unless the declared charset writes its letters
    in ASCII), then the declared charset, then a guess. A charset that the bytes contradict is
    overruled. Raises `ItemError` for empty and for binary
    content. Line ends become `\n`, NUL characters are dropped with a warning.
    """
    if not data.strip():
        raise ItemError("empty", "The file is empty.", hint="Save it again or remove it.")
    text, problems = _decode(data, declared)
    controls = len(CONTROL.findall(text))
    if controls > max(2, MOST_CONTROL * len(text)):
        raise ItemError(
            "binary",
            "The content is not text.",
            hint="Give the file the suffix of its real format, or remove it.",
        )
    if "\0" in text:
        text = text.replace("\0", "")
        problems += (_doubt("nul", "NUL characters were dropped."),)
    return text.replace("\r\n", "\n").replace("\r", "\n"), problems


def without_surrogates(raw: RawDocument) -> RawDocument:
    """Return the document with lone surrogates, which no file can hold, replaced and told."""
    values = (raw.content, *(text for field in raw.fields for text in (field.name, field.value)))
    if not any(SURROGATE.search(value) for value in values):
        return raw
    fields = tuple(replace(field, name=whole(field.name), value=whole(field.value)) for field in raw.fields)
    doubt = _doubt("surrogate", "Half characters (lone surrogates) were replaced.")
    problems = tuple(replace(problem, message=whole(problem.message)) for problem in raw.problems)
    return replace(raw, content=whole(raw.content), fields=fields, problems=(*problems, doubt))


def whole(text: str) -> str:
    """Return text with lone surrogates replaced."""
    return SURROGATE.sub("\ufffd", text)


def clean_article(article: Article) -> Article:
    """Return the article with lone surrogates replaced in whatever was stated about it.

    They come out of JSON escapes, and no file can hold them.
    """

    def clean(value: str | None) -> str | None:
        return SURROGATE.sub("\ufffd", value) if value else value

    return replace(
        article,
        title=clean(article.title) or "",
        description=clean(article.description),
        source=clean(article.source),
        section=clean(article.section),
        url=clean(article.url),
        authors=tuple(clean(author) or "" for author in article.authors),
        tags=tuple(clean(tag) or "" for tag in article.tags),
        fields=tuple(replace(field, value=clean(field.value) or "") for field in article.fields),
    )


def _decode(data: bytes, declared: str | None) -> tuple[str, tuple[Problem, ...]]:
    for mark, charset in MARKS:
        if data.startswith(mark):
            return _forgiving(data[len(mark) :], charset)
    if unmarked := _unmarked_utf16(data):
        return _forgiving(data, unmarked)
    stated = _known(declared)
    if SHIFTED.search(data) or stated in SEVEN_BIT:
        try:
            return data.decode(stated if stated in SEVEN_BIT else "iso-2022-jp-ext"), ()
        except UnicodeError:
            pass
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    if text := _mostly_utf8(data):
        return text, (_doubt("undecodable", "Some bytes are not UTF-8; they were read as Windows-1252."),)
    # Who reads a declaration of UTF-16 out of the bytes themselves has shown that it is wrong.
    if stated and (b"\0" in data or not stated.startswith(("utf-16", "utf-32"))):
        try:
            return data.decode(stated), ()
        except UnicodeError:
            pass
    best = from_bytes(data[:GUESS_FROM]).best()
    guess = best.encoding if best else "cp1252"
    charset = latin_charset(data, guess) or guess
    text, problems = _forgiving(data, charset)
    guessed = f"No charset was stated and it is not UTF-8; read as {charset}."
    return text, (*problems, _doubt("charset-guessed", guessed))


def _unmarked_utf16(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by the NULs that Latin letters leave in it."""
    head = data[:4096]
    half = max(1, len(head) // 2)
    even, odd = head[::2].count(0) / half, head[1::2].count(0) / half
    if odd > LEAST_NULS_UTF16 and even < MOST_NULS_ELSEWHERE:
        return "utf-16-le"
    if even > LEAST_NULS_UTF16 and odd < MOST_NULS_ELSEWHERE:
        return "utf-16-be"
    return None


def _mostly_utf8(data: bytes) -> str | None:
    """Return the text of UTF-8 with a few bytes of another charset in it, or cut off at its end."""
    valid = sum(ord(character) > LAST_ASCII for character in data.decode("utf-8", "ignore"))
    text = data.decode("utf-8", FALLBACK)
    strange = len(text) - len(data.decode("utf-8", "ignore"))
    return text if valid >= LEAST_VALID_TO_STRANGE * strange else None


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    strange = error.object[error.start : error.end]
    return strange.decode("cp1252", "replace"), error.end


codecs.register_error(FALLBACK, _as_windows_1252)


def _known(declared: str | None) -> str | None:
    """Return the codec for a declared charset; Latin-1 means Windows-1252, as in browsers."""
    if not declared:
        return None
    try:
        name = declared.strip().strip("\"'")
        codec = codecs.lookup(CALLED.get(name.lower(), name))
        "".encode(codec.name)  # a codec from bytes to bytes (hex, zip) is none for text
    except (LookupError, ValueError, AttributeError, TypeError):
        return None
    if codec.name.replace("_", "-") in NO_CHARSETS:
        return None
    return "cp1252" if codec.name in {"iso8859-1", "ascii"} else codec.name


def _forgiving(data: bytes, charset: str) -> tuple[str, tuple[Problem, ...]]:
    try:
        return data.decode(charset), ()
    except UnicodeDecodeError:
        text = data.decode(charset, "replace")
        lost = text.count("\ufffd")
        return text, (_doubt("undecodable", f"{lost} characters are not valid {charset}."),)


def _doubt(code: str, message: str) -> Problem:
    hint = "Look at the article; if letters are wrong, save the file as UTF-8."
    return Problem(stage="read", code=code, message=message, hint=hint)
