"""Hostile input, made by code: each case is a folder of files and a promise of how it must end.

A maker gets an empty folder and a word of its own. It hides the word, or the word with endings,
where a reader would see it; the promise says which of them must arrive in the articles.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import socket
import stat
import struct
import tarfile
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[[Path, str], object]

MIB = 1024 * 1024
PROSE = "The harbour master counted the boats again and wrote the number into the book. "
OUTSIDE = "READINGROOM_OUTSIDE"
LISTENER = "READINGROOM_LISTENER"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """How a case must end.

    All of `words` (endings of the case's word) must be found in articles; one of `codes` must
    be told as a problem or a warning; an item must have the `outcome`. With `or_told`, a problem
    may be told in place of all that.
    """

    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    outcome: str = ""
    or_told: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """One hostile thing; `quick` ones run with the other tests."""

    group: str
    name: str
    make: Make
    promise: Promise
    quick: bool = False

    @property
    def word(self) -> str:
        """A word that stands nowhere else."""
        return "quill" + hashlib.sha256(f"{self.group}/{self.name}".encode()).hexdigest()[:10]


def arrives(*words: str, or_told: bool = False, code: str = "") -> Promise:
    """Promise that the words are found, and that a problem of this code is told beside them."""
    return Promise(words=words or ("",), or_told=or_told, codes=(code,) if code else ())


def told(*codes: str) -> Promise:
    """Promise that one of these problems is told; any, if none is named."""
    return Promise(codes=codes, outcome="" if codes else "problem")


PASSED_OVER = Promise(outcome="skipped")
ACCOUNTED = Promise()
CASES: list[Case] = []


def add(group: str, name: str, promise: Promise, make: Make, *, quick: bool = False) -> None:
    """Add a case."""
    CASES.append(Case(group=group, name=name, make=make, promise=promise, quick=quick))


def write(name: str, content: Callable[[str], str | bytes]) -> Make:
    """Return a maker that writes one file."""

    def make(folder: Path, word: str) -> None:
        made = content(word)
        (folder / name).write_bytes(made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made)

    return make


def prose(word: str, times: int = 4) -> str:
    """Return a paragraph that holds a word."""
    return f"{PROSE * times}Then {word} came in with the tide. {PROSE}"


def page(word: str, *, before: str = "", after: str = "") -> str:
    """Return a web page with an article that holds the word."""
    return (
        f"<!DOCTYPE html><html><head><title>Report from {word} harbour</title></head><body>{before}"
        f"<article><h1>Report from the harbour</h1><p>{prose(word)}</p><p>{PROSE * 3}</p></article>"
        f"{after}</body></html>"
    )


# Web pages.

for depth in (300, 5_000, 100_000):
    for tag in ("div", "b", "ul><li", "table><tr><td", "blockquote"):
        if depth != 5_000 or tag == "div":
            add(
                "html",
                f"nested-{depth}-{tag.replace('><', '-')}",
                arrives(),
                write("page.html", lambda word, depth=depth, tag=tag: page(word, before=f"<{tag}>" * depth)),
                quick=tag == "div" and depth != 5_000,
            )
for name, before in {
    "attribute-flood": "<p " + " ".join(f"a{number}=b" for number in range(200_000)) + ">x</p>",
    "huge-attribute": '<p title="' + "a" * 11 * MIB + '">x</p>',
    "entity-flood": "<p>" + "&eacute;&#x41;&bogus;&#xD800;&#1114112;" * 100_000 + "</p>",
    "ampersands": "<p>" + "&" * 2 * MIB + "</p>",
    "less-than-signs": "<p>" + "<" * 300_000 + "</p>",
    "open-comments": "<!--" * 100_000 + "-->",
    "open-scripts": "<script>" * 50_000 + "</script>",
    "open-tags": "<a " * 200_000 + ">",
    "cdata": "<![CDATA[" * 100_000 + "]]>",
    "processing": "<?" * 200_000 + ">",
    "nuls": "<p>a\0b\0c</p>",
    "links": "<a href=x>y</a>" * 50_000,
    "tables": "<table>" + "<tr><td>1</td></tr>" * 30_000 + "</table>",
}.items():
    add("html", name, arrives(or_told=True), write("page.html", lambda word, b=before: page(word, before=b)))
add("html", "text-node-12-mib", arrives("a", "b", or_told=True), write(
    "page.html", lambda word: page(word + "a", after="<p>" + PROSE * (12 * MIB // 79) + word + "b</p>")
))  # fmt: skip
add("html", "unclosed", arrives(), write("page.html", lambda word: f"<html><body><div><p>{prose(word)}<b><i><table><tr"), quick=True)  # fmt: skip
add("html", "no-markup", arrives(), write("page.html", prose), quick=True)
add("html", "deep-json-ld", arrives(), write("page.html", lambda word: page(
    word, before='<script type="application/ld+json">' + "[" * 100_000 + "</script>"
)))  # fmt: skip
add("html", "json-ld-cycle", arrives(), write("page.html", lambda word: page(
    word, before='<script type="application/ld+json">{"@type":"Article","@id":"#a","author":{"@id":"#a"}}</script>'
)))  # fmt: skip
add("html", "base-and-bad-links", arrives(), write("page.html", lambda word: page(
    word, before='<base href="http://[::1"><a href="http://[bad">x</a><link rel=canonical href="http://[">',
)), quick=True)  # fmt: skip
add(
    "html", "script-only", told(), write("page.html", lambda _word: "<html><script>var a = 1</script></html>")
)
add(
    "html",
    "svg-bomb",
    arrives(),
    write("page.html", lambda word: page(word, before="<svg>" + "<g>" * 20_000)),
)
add("html", "frontmatter-in-title", arrives(), write("page.html", lambda word: page(word).replace("<title>", "<title>" + "| " * 100_000)))  # fmt: skip

# Characters.

TEXT = "Größe und Würde, señor: mañana "
for charset in ("utf-16-le", "utf-16-be", "utf-32-le", "cp1252", "koi8-r", "shift_jis"):
    sample = {"koi8-r": "Привет, мир. ", "shift_jis": "こんにちは世界。"}.get(charset, TEXT)
    add("characters", f"unmarked-{charset}", arrives(or_told=charset == "utf-32-le"), write(
        "a.txt", lambda word, charset=charset, sample=sample: (sample * 20 + f"\n\n{prose(word)}").encode(charset)
    ), quick=charset.startswith("utf-16"))  # fmt: skip
for charset in (
    "utf-16",
    "utf-7",
    "hex",
    "rot13",
    "idna",
    "punycode",
    "undefined",
    "unicode_escape",
    "nonsense",
    "x" * 9000,
):
    add("characters", f"lying-{charset[:20]}", arrives(), write("a.html", lambda word, charset=charset: page(
        word, after="caf\xe9"
    ).replace("<head>", f'<head><meta charset="{charset}">').encode("latin-1")), quick=charset in {"hex", "undefined"})  # fmt: skip
for name, content in {
    "one-byte": b"x",
    "one-high-byte": b"\xff",
    "one-nul": b"\0",
    "only-mark-8": b"\xef\xbb\xbf",
    "only-mark-16": b"\xff\xfe",
    "only-mark-32": b"\xff\xfe\0\0",
    "odd-utf-16": b"\xff\xfea",
    "newlines": b"\r\n" * 1000,
    "spaces": b" " * 1_000_000,
}.items():
    for suffix in ("txt", "html", "json", "csv", "xml", "md", "eml"):
        if name in {"one-byte", "only-mark-16"} or suffix == "txt":
            add(
                "characters",
                f"{name}-{suffix}",
                ACCOUNTED,
                write(f"a.{suffix}", lambda _word, c=content: c),
                quick=suffix == "txt",
            )
add(
    "characters",
    "nuls",
    arrives("a", code="nul"),
    write("a.txt", lambda word: prose(word + "a") * 20 + "\0 end"),
)
add("characters", "mostly-nuls", told("binary"), write("a.txt", lambda word: f"\0{word}\0" * 99))
add("characters", "surrogates-in-json", arrives(), write("a.json", lambda word: (
    '[{"title": "t \\ud800", "text": "\\udc00 %s", "\\udfff key": "v", "url": "http://x/\\ud800"}]' % prose(word)
)), quick=True)  # fmt: skip
add("characters", "surrogate-identifiers", arrives(), write("feed.json", lambda word: (
    '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "\\ud800", "content_text": "%s"}]}' % prose(word)
)), quick=True)  # fmt: skip
add("characters", "nuls-in-json", arrives("a", "b"), write("a.json", lambda word: json.dumps(
    [{"title": f"a\0b {word}a", "text": f"\0{prose(word + 'a')}\0{word}b", "tags": ["x\0y"], "author": "A\0 B"}]
)), quick=True)  # fmt: skip
add("characters", "directions", arrives(), write("a.txt", lambda word: "\u202e\u2066" * 5000 + prose(word)))
add(
    "characters",
    "zero-width",
    arrives(),
    write("a.txt", lambda word: "\u200b\u200d\ufeff" * 5000 + "\n\n" + prose(word)),
)
add(
    "characters",
    "combining",
    arrives(),
    write("a.txt", lambda word: "a" + "\u0301" * 100_000 + "\n\n" + prose(word)),
)
add(
    "characters",
    "noncharacters",
    arrives(),
    write("a.txt", lambda word: "\uffff\ufffe\U0010ffff" * 100 + prose(word)),
)
add(
    "characters",
    "line-separators",
    arrives(),
    write("a.txt", lambda word: "a\u2028b\u2029c\x85d\x1ce\n\n" + prose(word)),
)
add("characters", "iso-2022-jp-mail", arrives(), write("a.eml", lambda word: (
    b"From: a@b.example\nSubject: x\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"
    b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + f"こんにちは世界 {word}。".encode("iso-2022-jp")
)), quick=True)  # fmt: skip

# Archives.


def zipped(members: dict[str, bytes], **options: object) -> bytes:
    """Return a ZIP archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        for key, value in options.items():
            setattr(archive, key, value)
    return made.getvalue()


def zeros(mib: int) -> bytes:
    """Return so many mebibytes that compress to nothing."""
    return bytes(mib * MIB)


def nested_zip(word: str, depth: int) -> bytes:
    data = zipped({"deep.txt": prose(word).encode()})
    for level in range(depth - 1):
        data = zipped({f"{level}.zip": data})
    return data


def forty_two(_word: str) -> bytes:
    data = zipped({"zeros.txt": zeros(10)})
    for _ in range(4):
        data = zipped({f"{number}.zip": data for number in range(16)})
    return data


def overlapping(_word: str) -> bytes:
    """Return a ZIP whose 500 members share one compressed kernel."""
    single = zipped({"kernel.txt": zeros(10)})
    end = single.rindex(b"PK\5\6")
    start = struct.unpack("<I", single[end + 16 : end + 20])[0]
    entry = single[start:end]
    entries = entry * 500
    closing = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 500, 500, len(entries), start, 0)
    return single[:start] + entries + closing


def many_members(word: str) -> bytes:
    return zipped({f"{number}.txt": f"{PROSE}{number} {word}".encode() for number in range(20_000)})


def with_link(word: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, os.environ.get(OUTSIDE, "/etc/passwd"))
        archive.writestr("a.txt", prose(word))
    return made.getvalue()


def repeated_names(word: str) -> bytes:
    import warnings  # noqa: PLC0415

    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore")
        for ending in "abc":
            archive.writestr("same.txt", prose(word + ending))
    return made.getvalue()


def encrypted(word: str) -> bytes:
    data = bytearray(zipped({"locked.txt": prose(word).encode()}))
    data[6] |= 1
    place = data.rindex(b"PK\1\2")
    data[place + 8] |= 1
    return bytes(data)


def odd_name(word: str) -> bytes:
    data = zipped({"nameXX.txt": prose(word).encode()})
    return data.replace(b"nameXX", b"name\xff\xfe")


def odd_utf8_name(word: str) -> bytes:
    """Return a ZIP that says a name is UTF-8, which it is not."""
    data = zipped({"n\xe4meXX.txt": prose(word).encode()})
    return data.replace(b"meXX", b"me\xff\xfe")


def patched(data: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    place = data.index(mark) + offset
    return data[:place] + value + data[place + len(value) :]


def escaping_names(word: str) -> bytes:
    names = (
        "../../escaped.txt",
        "/tmp/readingroom-escaped.txt",
        "C:\\escaped.txt",
        "..\\escaped.txt",
        "a/../../b.txt",
    )
    return zipped({name: prose(f"{word}{place}").encode() for place, name in enumerate(names)})


for name, promise, content in (
    ("zip-ratio", told("expansion"), lambda _word: zipped({"zeros.txt": zeros(200)})),
    ("zip-overlapping", told("expansion", "damaged", "members", "reader-failed"), overlapping),
    ("zip-nested-10", told("depth"), lambda word: nested_zip(word, 10)),
    ("zip-nested-3", arrives(), lambda word: nested_zip(word, 3)),
    ("zip-42", told("expansion"), forty_two),
    ("zip-20000-members", told("members", "timeout"), many_members),
    ("zip-repeated-names", arrives("a", "b", "c"), repeated_names),
    ("zip-escaping-names", arrives("0", "1", "2", "3", "4"), escaping_names),
    ("zip-link", arrives(), with_link),
    ("zip-encrypted", told("encrypted"), encrypted),
    ("zip-truncated", told("damaged"), lambda word: zipped({"a.txt": prose(word, 90).encode()})[:-30]),
    ("zip-member-truncated", told("damaged", "reader-failed"), lambda word: patched(
        zipped({"a.txt": os.urandom(5000).hex().encode() + word.encode()}), b"PK\3\4", 60, b"\xff" * 99
    )),
    ("zip-bad-crc", told("damaged", "reader-failed"), lambda word: patched(
        zipped({"a.txt": prose(word).encode()}), b"PK\1\2", 16, b"\1\2\3\4"
    )),
    ("zip-odd-name", arrives(), odd_name),
    ("zip-odd-utf8-name", arrives(or_told=True), odd_utf8_name),
    ("zip-comment", arrives(), lambda word: zipped({"a.txt": prose(word).encode()}, comment=b"c" * 65_535)),
    ("zip-unknown-method", told(), lambda word: patched(
        patched(zipped({"a.txt": prose(word).encode()}), b"PK\1\2", 10, b"\x63\0"), b"PK\3\4", 8, b"\x63\0"
    )),
    ("zip-junk-before", arrives(), lambda word: b"junk" * 99 + zipped({"a.txt": prose(word).encode()})),
    ("zip-empty", PASSED_OVER, lambda _word: zipped({})),
    ("zip-not-one", told("damaged"), prose),
    ("zip-lying-size", arrives(or_told=True), lambda word: patched(
        zipped({"a.txt": prose(word).encode()}), b"PK\1\2", 24, b"\1\0\0\0"
    )),
    ("zip-bang-names", arrives("a", "b"), lambda word: zipped(
        {"x!/y.txt": prose(word + "a").encode(), "x.zip!/y.txt": prose(word + "b").encode()}
    )),
    ("zip-hidden", PASSED_OVER, lambda word: zipped({"__MACOSX/._a.txt": b"x", ".git/config": word.encode()})),
    ("zip-lock-of-word", PASSED_OVER, lambda word: zipped({"letters/~$report.docx": word.encode()})),
    ("zip-control-names", arrives("a", "b"), lambda word: zipped(
        {"a\nb\x1b[31m.txt": prose(word + "a").encode(), "-rf.txt": prose(word + "b").encode()}
    )),
    ("zip-long-name", arrives(), lambda word: zipped({"n" * 60_000 + ".txt": prose(word).encode()})),
):  # fmt: skip
    quick = name in {
        "zip-ratio",
        "zip-repeated-names",
        "zip-escaping-names",
        "zip-link",
        "zip-encrypted",
        "zip-odd-utf8-name",
        "zip-nested-10",
    }
    add("archives", name, promise, write("a.zip", content), quick=quick)


def tarred(word: str, *, mode: str = "w", bomb: int = 0, name: str = "a.txt") -> bytes:
    """Return a TAR archive with every kind of member."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode, format=tarfile.GNU_FORMAT) as archive:
        for kind, target in (
            (tarfile.SYMTYPE, "/etc/passwd"),
            (tarfile.LNKTYPE, "../../etc/passwd"),
            (tarfile.CHRTYPE, ""),
            (tarfile.BLKTYPE, ""),
            (tarfile.FIFOTYPE, ""),
        ):
            member = tarfile.TarInfo(f"odd-{kind!r}.txt")
            member.type, member.linkname = kind, target
            archive.addfile(member)
        for place, data in (
            (name, prose(word)),
            ("../../escaped.txt", prose(word + "b")),
            ("/abs.txt", prose(word + "c")),
        ):
            member = tarfile.TarInfo(place)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data.encode()))
        if bomb:
            member = tarfile.TarInfo("zeros.txt")
            member.size = bomb * MIB
            archive.addfile(member, io.BytesIO(zeros(bomb)))
    return made.getvalue()


for suffix, mode in (("tar", "w"), ("tar.gz", "w:gz"), ("tar.xz", "w:xz"), ("tar.bz2", "w:bz2")):
    add(
        "archives",
        f"{suffix}-kinds",
        arrives("", "b", "c"),
        write(f"a.{suffix}", lambda word, mode=mode: tarred(word, mode=mode)),
        quick=suffix == "tar.gz",
    )
    if mode != "w":
        add(
            "archives",
            f"{suffix}-bomb",
            arrives("", "b", "c", code="expansion"),
            write(f"a.{suffix}", lambda word, mode=mode: tarred(word, mode=mode, bomb=120)),
        )
    add(
        "archives",
        f"{suffix}-truncated",
        told(),
        write(
            f"a.{suffix}", lambda word, mode=mode: tarred(word, mode=mode)[: -9000 if mode == "w" else 150]
        ),
    )
add("archives", "tar-damaged-header", arrives(code="damaged"), write("a.tar", lambda word: patched(
    tarred(word), b"../../escaped", 100, b"\xff" * 60
)), quick=True)  # fmt: skip
add(
    "archives",
    "tar-odd-name",
    arrives(),
    write("a.tar", lambda word: tarred(word, name="name\udcff.txt")),
    quick=True,
)
add("archives", "tar-not-one", told("damaged"), write("a.tar", lambda word: prose(word, 20)))


def giant_pax(_word: str) -> bytes:
    """Return a TAR archive whose first header says that three gigabytes of header follow."""
    member = tarfile.TarInfo("pax")
    member.type, member.size = tarfile.XHDTYPE, 3 * 1024 * MIB
    return member.tobuf(tarfile.GNU_FORMAT) + bytes(4096)


add("archives", "tar-giant-pax", told(), write("a.tar", giant_pax))


add(
    "archives",
    "gz-bomb",
    told("expansion"),
    write("a.txt.gz", lambda _word: gzip.compress(zeros(300))),
    quick=True,
)
add(
    "archives",
    "gz-gz-bomb",
    told("expansion"),
    write("a.txt.gz.gz", lambda _word: gzip.compress(gzip.compress(zeros(300)))),
)
add(
    "archives",
    "gz-truncated",
    told(),
    write("a.txt.gz", lambda word: gzip.compress(os.urandom(900).hex().encode() + word.encode())[:-200]),
)
add("archives", "gz-not-one", told(), write("a.txt.gz", prose))
add(
    "archives",
    "gz-two-members",
    arrives("a", "b"),
    write(
        "a.txt.gz",
        lambda word: gzip.compress(prose(word + "a").encode()) + gzip.compress(prose(word + "b").encode()),
    ),
)
add(
    "archives",
    "gz-junk-after",
    arrives(or_told=True),
    write("a.txt.gz", lambda word: gzip.compress(prose(word).encode()) + b"junk" * 9),
)
add("archives", "xz-alone", ACCOUNTED, write("a.txt.xz", lambda word: lzma.compress(prose(word).encode())))
add("archives", "bz2-alone", ACCOUNTED, write("a.txt.bz2", lambda word: bz2.compress(prose(word).encode())))

# The file system.


def links(folder: Path, word: str) -> None:
    outside = os.environ.get(OUTSIDE, "/etc/passwd")
    (folder / "out.txt").symlink_to(outside)
    (folder / "up").symlink_to("..")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "stdin.txt").symlink_to("/dev/stdin")
    (folder / "nowhere.txt").symlink_to("nowhere")
    (folder / "a.txt").write_text(prose(word))


def pipes(folder: Path, word: str) -> None:
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()  # noqa: PTH109
        os.chdir(folder)
        bound.bind("socket.txt")
        os.chdir(here)
    (folder / "a.txt").write_text(prose(word))


def sparse(suffix: str, folder: Path, _word: str) -> None:
    with (folder / f"a.{suffix}").open("wb") as file:
        file.truncate(50 * 1024 * MIB)


def deep(depth: int, name: str, folder: Path, word: str) -> None:
    """Make folders within folders, beyond what a path may hold."""
    (folder / "a.txt").write_text(prose(word + "a"))
    at = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    file = os.open("b.txt", os.O_WRONLY | os.O_CREAT, dir_fd=at)
    os.write(file, prose(word + "b").encode())
    os.close(file)
    os.close(at)


def odd_names(folder: Path, word: str) -> None:
    names = (b"not\xffutf8.txt", b"new\nline.txt", b"control\x1b[31m\x07.txt", b"-rf.txt", b"n" * 200 + b".txt",
             b"not\\xffutf8.txt", b"quote'\".txt", b"percent%00%s{0}.txt", b"  .txt", "\u202etxt.exe.txt".encode(),
             b"hash#part=2.txt", b"hash.csv#row=2.txt")  # fmt: skip
    for place, name in enumerate(names):
        with open(os.path.join(os.fsencode(folder), name), "w") as file:  # noqa: PTH118, PTH123 - bytes
            file.write(prose(f"{word}{place}x"))


def same_locators(folder: Path, word: str) -> None:
    """Make files whose locators are those of other files' members."""
    (folder / "a.zip").write_bytes(zipped({"x.txt": prose(word + "a").encode()}))
    (folder / "a.zip!").mkdir()
    (folder / "a.zip!" / "x.txt").write_text(prose(word + "b"))
    (folder / "t.csv").write_text(f"title,text\nx,{prose(word + 'c')}\n")
    (folder / "t.csv#row=2").write_text(prose(word + "d"))


def forbidden(folder: Path, word: str) -> None:
    (folder / "a.txt").write_text(prose(word))
    if os.geteuid():
        (folder / "a.txt").chmod(0)


def many_files(folder: Path, word: str) -> None:
    for number in range(2000):
        (folder / f"{number}.txt").write_text(f"{PROSE}{number}{word if number == 1999 else ''} ends here.")


add("files", "links", Promise(words=("",), outcome="skipped"), links, quick=True)
add("files", "pipes", Promise(words=("",), outcome="skipped"), pipes, quick=True)
for suffix in ("txt", "zip", "csv", "warc", "mbox", "pdf", "jsonl"):
    add("files", f"sparse-{suffix}", told("sparse"), partial(sparse, suffix), quick=suffix in {"txt", "mbox"})
add("files", "deep-500", arrives("a", "b"), partial(deep, 500, "d"), quick=True)
add("files", "deep-1900", arrives("a", or_told=True), partial(deep, 1900, "d"), quick=True)
add("files", "path-6000", arrives("a", code="unreadable-file"), partial(deep, 60, "d" * 100))
add("files", "odd-names", arrives(*(f"{number}x" for number in range(12))), odd_names, quick=True)
add("files", "same-locators", arrives("a", "b", "c"), same_locators, quick=True)
add("files", "forbidden", arrives() if not os.geteuid() else told("unreadable"), forbidden)
add("files", "many", arrives(), many_files)
add("files", "empty-folders", Promise(words=("",)), lambda folder, word: (
    (folder / "a" / "b").mkdir(parents=True), (folder / "c.txt").write_text(prose(word))
))  # fmt: skip

# XML, in every format that is XML.

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefghi", "bcdefghij", strict=True)
) + "]>"  # fmt: skip
QUADRATIC = '<!DOCTYPE x [<!ENTITY a "' + "ha" * 100_000 + '">]>'
REFERENCES = {"billion-laughs": "&j;", "quadratic": "&a;" * 20_000}


def doctypes() -> dict[str, tuple[str, str]]:
    """Return the openings that attack, and the reference that pulls the trigger."""
    outside = os.environ.get(OUTSIDE, "/etc/passwd")
    port = os.environ.get(LISTENER, "9")
    return {
        "billion-laughs": (LAUGHS, "&j;"),
        "quadratic": (QUADRATIC, "&a;" * 20_000),
        "xxe-file": (f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{outside}">]>', "&a;"),
        "xxe-http": (f'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:{port}/a">]>', "&a;"),
        "external-dtd": (f'<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd">', ""),
        "parameter": (
            f'<!DOCTYPE x [<!ENTITY % p SYSTEM "file://{outside}"><!ENTITY % q "<!ENTITY a \'%p;\'>">%q;]>',
            "&a;",
        ),
        "attribute-laughs": (LAUGHS, '<b c="&j;"/>'),
    }


XML_FORMATS = {
    "rss": ("a.rss", '<?xml version="1.0"?>{0}<rss version="2.0"><channel><title>f</title><item><title>t</title><description>{2} {1}</description></item></channel></rss>'),
    "atom": ("a.atom", '<?xml version="1.0"?>{0}<feed xmlns="http://www.w3.org/2005/Atom"><title>f</title><entry><title>t</title><id>1</id><summary>{2} {1}</summary></entry></feed>'),
    "wxr": ("a.wxr", '<?xml version="1.0"?>{0}<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>f</title><item><title>t</title><content:encoded>{2} {1}</content:encoded></item></channel></rss>'),
    "enex": ("a.enex", '<?xml version="1.0"?>{0}<en-export><note><title>t</title><content>{2} {1}</content></note></en-export>'),
    "fods": ("a.fods", '<?xml version="1.0"?>{0}<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="a"><table:table-row><table:table-cell><text:p>title</text:p></table:table-cell><table:table-cell><text:p>text</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>t</text:p></table:table-cell><table:table-cell><text:p>{2} {1}</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document>'),
    "xhtml": ("a.xhtml", '<?xml version="1.0"?>{0}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{2} {1}</p></body></html>'),
}  # fmt: skip
OFFICE_FORMATS = {
    "docx": ("word/document.xml", '<?xml version="1.0"?>{0}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{2} {1}</w:t></w:r></w:p></w:body></w:document>'),
    "odt": ("content.xml", '<?xml version="1.0"?>{0}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>{2} {1}</text:p></office:text></office:body></office:document-content>'),
    "ods": ("content.xml", XML_FORMATS["fods"][1]),
    "epub": ("OEBPS/a.xhtml", XML_FORMATS["xhtml"][1]),
    "xlsx": ("xl/worksheets/sheet1.xml", '<?xml version="1.0"?>{0}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>title</t></is></c><c t="inlineStr"><is><t>text</t></is></c></row><row><c t="inlineStr"><is><t>t</t></is></c><c t="inlineStr"><is><t>{2} {1}</t></is></c></row></sheetData></worksheet>'),
}  # fmt: skip
EPUB_PARTS = {
    "mimetype": b"application/epub+zip",
    "META-INF/container.xml": b'<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile full-path="OEBPS/a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "OEBPS/a.opf": b'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
}
WORKBOOK_PARTS = {
    "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>',
}
CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
RELATIONS = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'


def office(kind: str, data: bytes) -> bytes:
    """Return an office file around one part."""
    parts = {
        "docx": {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS},
        "odt": {"mimetype": b"application/vnd.oasis.opendocument.text"},
        "ods": {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"},
        "epub": EPUB_PARTS,
        "xlsx": WORKBOOK_PARTS,
    }[kind]
    return zipped({**parts, OFFICE_FORMATS[kind][0]: data})


def xml_bomb(attack: str, kind: str) -> Make:
    """Return a maker of an attack in a format."""

    def make(folder: Path, word: str) -> None:
        opening, reference = doctypes()[attack]
        if kind in XML_FORMATS:
            name, template = XML_FORMATS[kind]
            (folder / name).write_text(template.format(opening, reference, prose(word)))
        else:
            data = OFFICE_FORMATS[kind][1].format(opening, reference, prose(word)).encode()
            (folder / f"a.{kind}").write_bytes(office(kind, data))

    return make


for attack in doctypes():
    for kind in (*XML_FORMATS, *OFFICE_FORMATS):
        promise = ACCOUNTED if kind in OFFICE_FORMATS else arrives(or_told=True)
        add(
            "xml",
            f"{kind}-{attack}",
            promise,
            xml_bomb(attack, kind),
            quick=attack == "xxe-file" and kind in XML_FORMATS,
        )
for kind in OFFICE_FORMATS:
    add(
        "xml",
        f"{kind}-ratio",
        ACCOUNTED,
        write(f"a.{kind}", lambda _word, kind=kind: office(kind, b"<a>" + b" " * 200 * MIB)),
    )
    add(
        "xml",
        f"{kind}-deep",
        ACCOUNTED,
        write(f"a.{kind}", lambda _word, kind=kind: office(kind, b"<a>" * 100_000)),
    )
    add(
        "xml",
        f"{kind}-truncated",
        ACCOUNTED,
        write(f"a.{kind}", lambda _word, kind=kind: office(kind, b"<a/>")[:-40]),
    )
add(
    "xml",
    "rss-deep",
    arrives(or_told=True),
    write(
        "a.rss",
        lambda word: (
            "<rss version='2.0'><channel><item><description>"
            + prose(word)
            + "</description></item>"
            + "<x>" * 100_000
        ),
    ),
)
add(
    "xml",
    "rss-head-exponential",
    ACCOUNTED,
    write("a.xml", lambda _word: "<?xml?>" * 500 + "<x/>"),
    quick=True,
)
add("xml", "rss-head-comments", ACCOUNTED, write("a.xml", lambda _word: "<!---->" * 500 + "<x/>"), quick=True)
add("xml", "wxr-entity-in-text", arrives("a", "b", or_told=True), write("a.wxr", lambda word: XML_FORMATS["wxr"][1].format(
    '<!DOCTYPE rss [<!ENTITY a "x">]>', f"&a; {word}b", prose(word + "a")
)), quick=True)  # fmt: skip
add(
    "xml",
    "wxr-truncated",
    arrives(code="damaged"),
    write(
        "a.wxr",
        lambda word: (
            XML_FORMATS["wxr"][1].format("", "", prose(word)).replace("</channel></rss>", "<item><tit")
        ),
    ),
)
add(
    "xml",
    "wxr-deep",
    arrives(or_told=True),
    write(
        "a.wxr",
        lambda word: (
            XML_FORMATS["wxr"][1].format("", "", prose(word)).replace("</channel></rss>", "<x>" * 100_000)
        ),
    ),
)

# Mail.

HEAD = "From: Ann <ann@b.example>\nSubject: Tides\nDate: Mon, 1 Feb 1999 10:00:00 +0000\nMessage-ID: <1@b.example>\nMIME-Version: 1.0\n"


def mail(body: str, kind: str = "text/plain; charset=utf-8", more: str = "") -> str:
    """Return a message."""
    return f"{HEAD}Content-Type: {kind}\n{more}\n{body}\n"


def deep_mime(word: str, depth: int) -> str:
    opened = "".join(
        f'--b{level}\nContent-Type: multipart/mixed; boundary="b{level + 1}"\n\n' for level in range(depth)
    )
    return mail(
        f"{opened}--b{depth}\nContent-Type: text/plain\n\n{prose(word)}\n", 'multipart/mixed; boundary="b0"'
    )


def many_parts(word: str) -> str:
    parts = "".join(f"--b\nContent-Type: text/plain\n\n{PROSE}{number}\n" for number in range(10_000))
    return mail(
        f"--b\nContent-Type: text/plain\n\n{prose(word)}\n{parts}--b--\n", 'multipart/mixed; boundary="b"'
    )


def forwarded(word: str, depth: int) -> str:
    message = mail(prose(word))
    for _ in range(depth):
        message = (
            mail(
                f"--b\nContent-Type: text/plain\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n{message}\n--b--",
                'multipart/mixed; boundary="b"',
            )
            .replace('boundary="b"', f'boundary="b{len(message)}"')
            .replace("--b\n", f"--b{len(message)}\n")
        )
    return message


def mailbox(*messages: str | bytes) -> bytes:
    made = [each.encode() if isinstance(each, str) else each for each in messages]
    return b"".join(b"From ann@b.example Mon Feb  1 10:00:00 1999\n" + each + b"\n\n" for each in made)


def attached(word: str, kind: str, body: str) -> str:
    return mail(
        f"--b\nContent-Type: text/plain\n\n{prose(word + 'a')}\n--b\nContent-Type: {kind}\n\n{body}\n--b--",
        'multipart/mixed; boundary="b"',
    )


for name, promise, content in (
    ("mime-200-levels", arrives(), lambda word: deep_mime(word, 200)),
    ("mime-2000-levels", arrives(or_told=True), lambda word: deep_mime(word, 2000)),
    ("parts-10000", arrives(), many_parts),
    ("forwarded-3", arrives(), lambda word: forwarded(word, 3)),
    ("forwarded-200", told("depth", "damaged"), lambda word: forwarded(word, 200)),
    ("header-1-mib", arrives(), lambda word: mail(prose(word), more=f"X-Long: {'a' * MIB}\nTo: {'x@y.example, ' * 80_000}\n")),
    ("headers-100000", arrives(), lambda word: mail(prose(word), more="X-Many: a\n" * 100_000)),
    ("sender-brackets", arrives(), lambda word: mail(prose(word)).replace("Ann <ann@b.example>", "(" * 100_000)),
    ("sender-quotes", arrives(), lambda word: mail(prose(word)).replace("Ann <ann@b.example>", '"\\' * 100_000)),
    ("sender-commas", arrives(), lambda word: mail(prose(word)).replace("Ann <ann@b.example>", "<," * 50_000)),
    ("encoded-words-open", arrives(), lambda word: mail(prose(word)).replace("Tides", "=?utf-8?q?" * 100_000)),
    ("encoded-words-bad", arrives(), lambda word: mail(prose(word)).replace("Tides", "=?utf-8?b?A?= =?nonsense?q?=ff?= =?utf-8?b?////?=")),
    ("encoded-words-codec", arrives(), lambda word: mail(prose(word)).replace("Tides", "=?hex?q?zz?= =?undefined?q?a?=")),
    ("charset-bad", arrives(), lambda word: mail(prose(word), 'text/plain; charset="x\0y"')),
    ("charset-hex", arrives(), lambda word: mail(prose(word) + "=E9", "text/plain; charset=hex", "Content-Transfer-Encoding: quoted-printable\n")),
    ("charset-extended", arrives(), lambda word: mail(prose(word), "text/plain; charset*=nonsense'x'%ff%fe")),
    ("boundary-missing", arrives(), lambda word: mail(prose(word), "multipart/mixed")),
    ("boundary-never", arrives(), lambda word: mail(prose(word), 'multipart/mixed; boundary="never"')),
    ("boundary-open", arrives(), lambda word: mail(f"--b\n\n{prose(word)}", 'multipart/mixed; boundary="b"')),
    ("base64-bad", told("binary"), lambda word: mail("%%%%" + prose(word), more="Content-Transfer-Encoding: base64\n")),
    ("encoding-unknown", arrives(), lambda word: mail(prose(word), more="Content-Transfer-Encoding: x-nonsense\n")),
    ("empty-plain", arrives(), lambda word: mail(f"--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>{prose(word)}</p>\n--b--", 'multipart/alternative; boundary="b"')),
    ("binary-body", arrives("b", code="binary"), lambda word: attached(word, "text/plain", prose(word + "b")).replace(prose(word + "a"), "\1\2\3\4" * 99)),
    ("attachment-name-slashes", arrives("a", "b"), lambda word: attached(word, 'text/plain; name="../../../tmp/escaped.txt"', prose(word + "b"))),
    ("attachment-name-odd", arrives("a", "b"), lambda word: attached(word, "text/plain; name*=utf-8''%ff%fe%00.txt", prose(word + "b"))),
    ("attachment-bomb", arrives("a", code="expansion"), lambda word: attached(word, "application/zip\nContent-Transfer-Encoding: base64", __import__("base64").encodebytes(zipped({"z.txt": zeros(120)})).decode())),
    ("html-deep", arrives(or_told=True), lambda word: mail("<div>" * 20_000 + f"<p>{prose(word)}</p>", "text/html")),
    ("head-exponential", ACCOUNTED, lambda word: "Note: x\nNext: y\n" + "     \n" * 500 + word),
    ("continuations", arrives(), lambda word: "Note: x\n" + "    indented words of the note\n" * 100 + prose(word)),
    ("only-headers", arrives(or_told=True), lambda word: HEAD.replace("Tides", word)),
):  # fmt: skip
    suffix = "txt" if name in {"head-exponential", "continuations"} else "eml"
    quick = name in {
        "continuations",
        "encoded-words-bad",
        "charset-hex",
        "empty-plain",
        "binary-body",
        "sender-brackets",
        "mime-2000-levels",
    }
    add("mail", name, promise, write(f"a.{suffix}", content), quick=quick)
for name, damaged in {
    "charset": mail("x\xff", "text/plain; charset=nonsense-8").encode("latin-1"),
    "words": mail("x").replace("Tides", "=?utf-8?b?A?=").encode(),
    "binary": mail("\1\2\3" * 99).encode(),
    "deep": deep_mime("x", 2000).encode(),
    "empty": b"",
    "nul": b"\0" * 5000,
    "sender": mail("x").replace("Ann <", "(" * 50_000).encode(),
}.items():
    add("mail", f"mailbox-damaged-{name}", arrives("a", "b"), write("a.mbox", lambda word, damaged=damaged: mailbox(
        mail(prose(word + "a")), damaged, mail(prose(word + "b"))
    )), quick=name in {"charset", "deep"})  # fmt: skip
add(
    "mail",
    "mailbox-5000",
    arrives("0x", "4999x"),
    write("a.mbox", lambda word: mailbox(*(mail(f"{word}{number}x {PROSE}") for number in range(5000)))),
)
add(
    "mail",
    "mhtml-deep",
    arrives(or_told=True),
    write("a.mhtml", lambda word: deep_mime(word, 2000).replace("text/plain", "text/html")),
)
add("mail", "webarchive-no-page", told("damaged"), write("a.webarchive", prose))
add("mail", "webarchive-cycle", told(), write("a.webarchive", lambda _word: (
    b"bplist00\xa1\x00\x08" + bytes(6) + b"\x01\x01" + (1).to_bytes(8) + bytes(8) + (10).to_bytes(8)
)))  # fmt: skip
# Only its first bytes are those of the files in which Outlook and the old Excel keep everything.
NO_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 8000
add("mail", "msg-not-one", told("damaged"), write("a.msg", prose))
add(
    "mail",
    "msg-truncated",
    told("damaged"),
    write("a.msg", lambda _word: NO_COMPOUND_FILE),
)
add(
    "office",
    "xlsx-without-a-sheet",
    told("no-sheet"),
    write(
        "a.xlsx",
        lambda _word: zipped(
            {
                name: data.replace(
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006", b"http://purl.oclc.org/ooxml"
                )
                for name, data in WORKBOOK_PARTS.items()
            }
        ),
    ),
)
add("office", "xls-not-one", told("damaged"), write("a.xls", prose))
add(
    "office",
    "xls-truncated",
    told("damaged"),
    write("a.xls", lambda _word: NO_COMPOUND_FILE),
)
FODS = XML_FORMATS["fods"][1]
add(
    "office",
    "fods-wide",
    told("too-wide"),
    write(
        "a.fods",
        lambda word: FODS.format("", "", prose(word)).replace(
            "<table:table-cell><text:p>t<",
            '<table:table-cell table:number-columns-repeated="9999999999"><text:p>t<',
        ),
    ),
)
add(
    "office",
    "fods-deep",
    arrives(or_told=True),
    write(
        "a.fods",
        lambda word: FODS.format("", "<text:span>" * 50_000 + "</text:span>" * 50_000, prose(word)),
    ),
)
add(
    "office",
    "fods-long",
    arrives(),
    write(
        "a.fods",
        lambda word: FODS.format("", "", prose(word)).replace(
            "<table:table-row>", '<table:table-row table:number-rows-repeated="9999999999">'
        ),
    ),
)
add(
    "office",
    "fods-wide-sheets",
    told("expansion"),
    write(
        "a.fods",
        lambda word: FODS.format("", "", prose(word)).replace(
            "</office:spreadsheet>",
            (
                '<table:table table:name="b"><table:table-row><table:table-cell><text:p>title</text:p>'
                "</table:table-cell><table:table-cell><text:p>text</text:p></table:table-cell></table:table-row>"
                "<table:table-row><table:table-cell><text:p>t</text:p></table:table-cell>"
                '<table:table-cell table:number-columns-repeated="16000"><text:p>'
                + PROSE * 25
                + "</text:p></table:table-cell></table:table-row></table:table>"
            )
            * 40
            + "</office:spreadsheet>",
        ),
    ),
)
add(
    "office",
    "fods-digits",
    arrives(),
    write(
        "a.fods",
        lambda word: FODS.format("", "", prose(word)).replace(
            "<table:table-row>", f'<table:table-row table:number-rows-repeated="{"9" * 5000}">'
        ),
    ),
)


def old_workbook(cells: dict[tuple[int, int], str]) -> bytes:
    """Return a workbook in the form of Excel 97, of one sheet."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    begin, end, name = 0x809, record(10, b""), b"\x01\x00a"
    labels = (
        record(0x204, struct.pack("<HH2xHx", row, column, len(text)) + text.encode("ascii"))
        for (row, column), text in cells.items()
    )
    head = record(begin, struct.pack("<HH12x", 0x600, 5))
    sheet_at = len(head) + len(record(0x85, bytes(6) + name)) + len(end)
    listed = record(0x85, struct.pack("<I2x", sheet_at) + name)
    return head + listed + end + record(begin, struct.pack("<HH12x", 0x600, 0x10)) + b"".join(labels) + end


add(
    "office",
    "xls-far-cell",
    arrives(),
    write(
        "a.xls",
        lambda word: old_workbook(
            {(0, 0): "title", (0, 1): "text", (1, 0): "t", (1, 1): prose(word, 1), (65535, 255): "far"}
        ),
    ),
)
add("mail", "mhtml-no-page", told("no-page"), write("a.mhtml", prose))

# Feeds, JSON and tables.


def big_feed(count: int, word: str) -> str:
    items = "".join(
        f"<item><guid>{number}</guid><title>Item {number}</title><description>{PROSE}{number} {word if number == count - 1 else ''}</description></item>"
        for number in range(count)
    )
    return f"<rss version='2.0'><channel><title>f</title>{items}</channel></rss>"


def json_feed(*items: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "f", "items": items})


for name, promise, suffix, content in (
    ("rss-1000", arrives(), "rss", lambda word: big_feed(1000, word)),
    ("rss-100000", arrives(or_told=True), "rss", lambda word: big_feed(100_000, word)),
    ("rss-same-guid", arrives("a", "b"), "rss", lambda word: big_feed(2, word).replace("<guid>0", "<guid>1").replace("Item 0</title><description>", f"Item 0</title><description>{word}a ").replace(" quill", f" {word}b quill", 2)),
    ("rss-title-flood", arrives(or_told=True), "rss", lambda word: big_feed(1, word).replace("Item 0", "&lt;" * 200_000)),
    ("rss-mark-xml", arrives(), "xml", lambda word: "\ufeff" + big_feed(1, word)),
    ("rss-truncated", arrives("", or_told=True), "rss", lambda word: big_feed(1, word).replace("</channel></rss>", "<item><ti")),
    ("rss-nuls", arrives(or_told=True), "rss", lambda word: big_feed(1, word).replace("Item", "It\0em")),
    ("json-feed-odd-items", arrives("a", "b"), "json", lambda word: json_feed(
        {"id": 1, "content_text": prose(word + "a"), "tags": 5, "authors": {"name": "x"}}, 5, None, "x", ["y"],
        {"id": {"a": 1}, "content_html": f"<p>{prose(word + 'b')}</p>", "authors": [None, 5], "tags": "abc"}
    )),
    ("json-feed-no-list", told(), "json", lambda word: json_feed().replace("[]", '{"a": {"content_text": "%s"}}' % prose(word))),
    ("json-feed-tags", arrives(), "json", lambda word: json_feed({"id": 1, "content_text": prose(word), "tags": ["!" * number for number in range(1, 3000)]})),
    ("json-deep-list", told("too-deep"), "json", lambda _word: "[" * 100_000),
    ("json-deep-object", told("too-deep"), "json", lambda _word: '{"a":' * 100_000),
    ("json-deep-900", arrives(or_told=True), "json", lambda word: '{"text": "%s", "x": %s}' % (prose(word), "[" * 900 + "]" * 900)),
    ("json-integers", arrives(), "json", lambda word: '[{"text": "%s", "id": 99999999999999999999999, "n": -1e999, "big": %s}]' % (prose(word), "9" * 5000)),
    ("json-nan", arrives(), "json", lambda word: '[{"text": "%s", "n": NaN, "m": -Infinity, "year": Infinity}]' % prose(word)),
    ("json-repeated-keys", arrives("a", "b"), "json", lambda word: f'[{{"text": "{prose(word + "a")}", "title": "t", "text": "{prose(word + "b")}"}}]'),
    ("json-mixed-list", arrives("a", "b", "c"), "json", lambda word: json.dumps([{"text": prose(word + "a")}, 5, None, prose(word + "b"), [{"text": prose(word + "c")}]])),
    ("json-article-with-list", arrives(), "json", lambda word: json.dumps({"title": "t", "text": prose(word), "list": ["a", "b"], "data": {"x": {"y": 1}}})),
    ("json-two-lists", arrives("a", "b"), "json", lambda word: json.dumps({"articles": [{"text": prose(word + "a")}], "posts": [{"text": prose(word + "b")}]})),
    ("json-rendered", arrives(), "json", lambda word: json.dumps([{"title": {"rendered": "t"}, "content": {"rendered": f"<p>{prose(word)}</p>"}}])),
    ("json-100000-keys", arrives(), "json", lambda word: json.dumps({"text": prose(word), **{f"k{number}": number for number in range(100_000)}})),
    ("json-long-key", arrives(), "json", lambda word: json.dumps({"text": prose(word), "k" * MIB: 1, "": 2})),
    ("json-truncated", told("damaged"), "json", lambda word: json.dumps([{"text": prose(word)}])[:-5]),
    ("json-long-column", arrives("", code="cut"), "json", lambda word: json.dumps({"text": prose(word), "other": "x" * 5000})),
    ("jsonl-one-damaged", arrives("0x", "999x", code="damaged"), "jsonl", lambda word: "\n".join(
        "{damaged" if number == 500 else json.dumps({"text": f"{word}{number}x {PROSE}"}) for number in range(1000)
    )),
    ("jsonl-odd-lines", arrives("a"), "jsonl", lambda word: b"\xff\xfe\n5\n[]\nnull\n" + b"[" * 50_000 + b"\n" + json.dumps({"text": prose(word + "a")}).encode()),
    ("jsonl-one-line-20-mib", arrives(or_told=True), "jsonl", lambda word: json.dumps({"title": word, "text": "a " * 10 * MIB})),
    ("jsonl-mark", arrives("a", "b"), "jsonl", lambda word: "\ufeff" + json.dumps({"text": prose(word + "a")}) + "\n" + json.dumps({"text": prose(word + "b")})),
    ("jsonl-no-text", told("no-text-column"), "jsonl", lambda _word: '{"a": 1}\n{"b": 2}\n'),
    ("csv-long-field", arrives(), "csv", lambda word: f"title,text\nx,\"{'a ' * 200_000}{word}\"\n"),
    ("csv-10000-columns", arrives(), "csv", lambda word: "text," + ",".join(f"c{number}" for number in range(10_000)) + f"\n{prose(word)}" + ",x" * 10_000 + "\n"),
    ("csv-10000-same-columns", arrives(), "csv", lambda word: "text" + ",a" * 10_000 + f"\n{prose(word)}" + ",x" * 10_000 + "\n"),
    ("csv-ragged", arrives("a", "b", "c"), "csv", lambda word: f"title,text\nx\ny,{prose(word + 'a')},more,{word}z\n,{prose(word + 'b')}\n\n,,,\nz,{prose(word + 'c')}\n"),
    ("csv-nul", arrives(), "csv", lambda word: f"title,text\nx\0y,{prose(word)}\n"),
    ("csv-open-quote-in-text", arrives("a", "b"), "csv", lambda word: f'title,text\nx,"{prose(word + "a")}\ny,{prose(word + "b")}\n'),
    ("csv-open-quote-in-title", arrives("a", "b", code="open-quote"), "csv", lambda word: f'title,text\n"x,{prose(word + "a")}\n' + "".join(f"t{number},{PROSE * 2}{number}\n" for number in range(50)) + f"y,{prose(word + 'b')}\n"),
    ("csv-quotes", arrives(), "csv", lambda word: f'title,text\n"a""b",x"{prose(word)}"\n'),
    ("csv-100000-rows", arrives(or_told=True), "csv", lambda word: "title,text\n" + "".join(f"t{number},words {number}\n" for number in range(100_000)) + f"x,{prose(word)}\n"),
    ("csv-no-head", told("no-text-column"), "csv", lambda word: f"1,{prose(word)}\n2,x\n"),
    ("csv-only-head", PASSED_OVER, "csv", lambda _word: "title,text\n"),
    ("csv-formula", arrives(), "csv", lambda word: f'title,text\n=cmd|x,"=HYPERLINK(1) {prose(word)}"\n'),
    ("tsv-carriage-returns", arrives("a", "b"), "tsv", lambda word: f"title\ttext\rx\t{prose(word + 'a')}\ry\t{prose(word + 'b')}\r"),
):  # fmt: skip
    quick = name in {
        "json-repeated-keys",
        "json-deep-list",
        "json-integers",
        "json-mixed-list",
        "csv-open-quote-in-title",
        "csv-10000-same-columns",
        "jsonl-odd-lines",
        "json-feed-odd-items",
        "csv-long-field",
    }
    add("tables", name, promise, write(f"a.{suffix}", content), quick=quick)

# Web archives.


def record(body: bytes, *, kind: str = "text/html", length: int | None = None, headers: str = "") -> bytes:
    """Return a captured page, with a length that may lie."""
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{headers}\r\n".encode() + body
    length = len(answer) if length is None else length
    return (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/{len(body)}\r\n"
        f"WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode() + answer + b"\r\n\r\n"  # fmt: skip


def captured(word: str) -> bytes:
    return record(page(word).encode())


def chunked(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n0\r\n\r\n"


for name, promise, suffix, content in (
    ("truncated", arrives("a", code="truncated"), "warc", lambda word: (captured(word + "a") + captured(word + "b"))[:-300]),
    ("length-short", arrives("a", or_told=True), "warc", lambda word: captured(word + "a") + record(page(word + "b").encode(), length=200) + captured(word + "c")),
    ("length-long", arrives("a", or_told=True), "warc", lambda word: captured(word + "a") + record(page(word + "b").encode(), length=99_999)),
    ("length-huge", arrives("a", or_told=True), "warc", lambda word: captured(word + "a") + record(page(word + "b").encode(), length=10**18)),
    ("length-negative", arrives("a", or_told=True), "warc", lambda word: captured(word + "a") + record(page(word + "b").encode(), length=-5)),
    ("length-word", arrives("a", or_told=True), "warc", lambda word: captured(word + "a") + captured(word).replace(b"Content-Length: ", b"Content-Length: x")),
    ("gz", arrives("a", "b"), "warc.gz", lambda word: gzip.compress(captured(word + "a")) + gzip.compress(captured(word + "b"))),
    ("gz-one-stream", arrives("a", "b"), "warc.gz", lambda word: gzip.compress(captured(word + "a") + captured(word + "b"))),
    ("gz-damaged", arrives("a", or_told=True), "warc.gz", lambda word: patched(gzip.compress(captured(word + "a")) + gzip.compress(captured(word + "b")) + gzip.compress(captured(word + "c")), b"\x1f\x8b", len(gzip.compress(captured(word + "a"))) + 60, b"\xff" * 60)),
    ("gz-truncated", arrives("a", or_told=True), "warc.gz", lambda word: (gzip.compress(captured(word + "a")) + gzip.compress(captured(word + "b")))[:-60]),
    ("body-bomb-gzip", arrives("a", "b", code="expansion"), "warc", lambda word: captured(word + "a") + record(gzip.compress(zeros(200)), headers="Content-Encoding: gzip\r\n") + captured(word + "b")),
    ("body-bomb-chunked", arrives("a", "b"), "warc", lambda word: captured(word + "a") + record(chunked(gzip.compress(zeros(200))), headers="Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n") + captured(word + "b")),
    ("record-bomb", arrives("b", code="expansion"), "warc.gz", lambda word: gzip.compress(record(zeros(200))) + gzip.compress(captured(word + "b"))),
    ("chunks-lying", arrives("a", "b", or_told=True), "warc", lambda word: captured(word + "a") + record(b"ffffff\r\nx\r\n", headers="Transfer-Encoding: chunked\r\n") + captured(word + "b")),
    ("charset-lying", arrives(), "warc", lambda word: record(page(word, after="\xe9").encode("latin-1"), kind="text/html; charset=hex")),
    ("address-odd", arrives(), "warc", lambda word: captured(word).replace(b"http://a.example/", b"http://a.example/\xff\x00/../../etc/")),
    ("junk-before", told(), "warc", lambda word: b"junk\r\n" * 9 + captured(word)),
    ("junk-between", arrives("a", or_told=True), "warc", lambda word: captured(word + "a") + b"junk\r\n" * 9 + captured(word + "b")),
    ("empty-lines", arrives("a", "b", or_told=True), "warc", lambda word: captured(word + "a") + b"\r\n" * 5000 + captured(word + "b")),
    ("headers-1-mib", arrives(or_told=True), "warc", lambda word: captured(word).replace(b"WARC-Date", b"X-Long: " + b"a" * MIB + b"\r\nWARC-Date")),
    ("zip-inside", arrives(code="expansion"), "warc", lambda word: record(zipped({"z.txt": zeros(120)}), kind="application/zip") + captured(word)),
):  # fmt: skip
    quick = name in {"truncated", "body-bomb-gzip", "charset-lying", "gz-one-stream"}
    add("warc", name, promise, write(f"a.{suffix}", content), quick=quick)

# Markdown and plain text.

ALIASES = "a0: &a0 [x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 12)
)
for name, matter, promise in (
    ("yaml-aliases", ALIASES, arrives()),
    ("yaml-self", "a: &a [*a]\nb: &b {c: *b}\n", arrives()),
    (
        "yaml-100000-keys",
        "".join(f"k{number}: v\n" for number in range(100_000)),
        arrives(code="front-matter"),
    ),
    ("yaml-deep", "a: " + "[" * 50_000 + "\n", arrives(or_told=True)),
    ("yaml-deep-closed", "a: " + "[" * 5_000 + "]" * 5_000 + "\n", arrives(or_told=True)),
    ("yaml-tags", "a: !!python/object/apply:os.system ['touch /tmp/readingroom-escaped.txt']\n", arrives()),
    ("yaml-word-run", "a" * 300_000 + "\n[broken", arrives()),
    ("yaml-tabs", "\ttitle:\tx\n", arrives()),
    ("yaml-odd-keys", "? [a, b]\n: c\n? {d: e}\n: f\n", arrives()),
):
    add(
        "markdown",
        name,
        promise,
        write("a.md", lambda word, matter=matter: f"---\n{matter}---\n\n{prose(word)}\n"),
        quick=name in {"yaml-self", "yaml-word-run", "yaml-deep"},
    )
for name, matter in {
    "toml-deep": "a = " + "[" * 20_000,
    "toml-integer": "a = " + "9" * 5000,
    "toml-dots": "a" + ".a" * 20_000 + " = 1",
    "toml-odd-date": "date = 9999-99-99T99:99:99Z",
}.items():
    add(
        "markdown",
        name,
        arrives(or_told=name == "toml-dots"),
        write("a.md", lambda word, matter=matter: f"+++\n{matter}\n+++\n\n{prose(word)}\n"),
        quick=name == "toml-integer",
    )
for name, run in {
    "lists": "".join("  " * (level % 500) + "- a\n" for level in range(20_000)),
    "quotes": ">" * 100_000 + " a\n",
    "quote-lines": "> " * 50_000 + "a\n",
    "brackets": "[" * 100_000 + "\n",
    "link-openings": "[a](" * 50_000 + "\n",
    "image-openings": "![" * 50_000 + "\n",
    "emphasis": "*a " * 50_000 + "\n",
    "emphasis-mixed": "**_a" * 30_000 + "\n",
    "backticks": "".join("`" * length + "a" for length in range(1, 700)) + "\n",
    "references": "[a]: b\n" * 30_000,
    "html-openings": "<a " * 50_000 + "\n",
    "html-comments": "<!--" * 50_000 + "\n",
    "autolinks": "<http:" * 30_000 + "\n",
    "entities": "&" * 200_000 + "\n",
    "tables": "|" * 50_000 + "\n|" + "-|" * 50_000 + "\n",
    "table-rows": "|a|b|\n|-|-|\n" + "|" * 20_000 + "\n|x|y|\n" * 9_000,
    "heading-hashes": "# a" + " #" * 5_000 + " x\n",
    "heading-spaces": "# a" + " " * 20_000 + "x\n",
    "shortcode-openings": "{{< a " * 50_000 + "\n",
    "shortcode-spaces": "{{<" + " " * 100_000 + "\n",
    "shortcode-quotes": "{{< a " + '"\\"' * 30_000 + " >}}\n",
    "fence-openings": "```x\na\n" * 20_000,
    "backslashes": "\\" * 200_000 + "\n",
    "strikes": "~~a" * 30_000 + "\n",
    "escaped-html": "<b>" * 3_000 + "\n",
}.items():
    promise = arrives(or_told=name != "fence-openings")
    add(
        "markdown",
        name,
        promise,
        write("a.md", lambda word, run=run: f"{prose(word)}\n\n{run}"),
        quick=name in {"shortcode-openings", "shortcode-spaces", "heading-spaces"},
    )
for name, promise, content in (
    ("one-line-20-mib", arrives("a", "b", or_told=True), lambda word: f"{word}a " + "words and more " * (20 * MIB // 15) + f"{word}b"),
    ("lines-1000000", arrives("a", "b", or_told=True), lambda word: f"{word}a\n\n" + "".join(f"line {number}\n" for number in range(1_000_000)) + f"\n{word}b"),
    ("parts-3-mib", arrives("a", "b", "c"), lambda word: f"{word}a\n\n" + f"{PROSE * 5}\n\n" * 4000 + f"{word}b\n\n" + f"{PROSE * 5}\n\n" * 4000 + f"{word}c"),
    ("one-word-3-mib", arrives("a", "b"), lambda word: f"{word}a " + "x" * 3 * MIB + f" {word}b"),
    ("capital-letters", arrives("", or_told=True), lambda word: f"{prose(word)}\n\n" + "A " * 200_000),
    ("places", arrives(""), lambda word: f"{prose(word)}\n\nwe saw " + "Rio " * 100_000),
    ("linked-names", arrives(""), lambda word: f"{prose(word)}\n\nUniversity" + " of A" * 60_000),
    ("particles", arrives(""), lambda word: f"{prose(word)}\n\nJohn" + " van X" * 60_000),
    ("titles", arrives(""), lambda word: f"{prose(word)}\n\n" + "Dr " * 100_000),
    ("capitals", arrives(""), lambda word: f"{prose(word)}\n\n" + "".join(f"John Name{number} said. " for number in range(30_000))),
    ("by-line", arrives(""), lambda word: "Tides and boats\n\nby " + "a" * 130 + "!\n\n" + prose(word)),
    ("by-line-dots", arrives(""), lambda word: "Tides and boats\n\nby " + "a.a" * 40 + "!\n\n" + prose(word)),
    ("dateline", arrives(""), lambda word: "A, " * 45 + f"\n\n{prose(word)}\n\n{PROSE}"),
    ("dateline-long", arrives(""), lambda word: "Aaaa, " * 22 + f"May 1\n\n{prose(word)}"),
    ("dates", arrives(""), lambda word: "Tides and boats\n\n" + "1 " * 30 + "2001\n\n" + "3 мая 2001 " * 6 + f"\n\n{prose(word)}"),
    ("blank-lines", arrives("a", "b"), lambda word: f"{word}a" + "\n \t" * 300_000 + f"\n{word}b"),
    ("markdown-marks", arrives(""), lambda word: f"{prose(word)}\n\n" + "*_`[]<>&~#" * 20_000),
    ("one-paragraph-of-marks", arrives("", or_told=True), lambda word: f"{prose(word)}\n\n" + "_*" * 200_000),
    ("form-feeds", arrives("a", "b"), lambda word: f"{word}a" + " \f" * 100_000 + f"{word}b"),
    ("addresses", arrives(""), lambda word: f"{prose(word)}\n\n" + "http://a.b/" * 30_000),
    ("at-signs", arrives(""), lambda word: f"{prose(word)}\n\n" + "a@" * 100_000),
    ("points", arrives(""), lambda word: f"{prose(word)}\n\n" + "a." * 200_000),
    ("hyphens", arrives(""), lambda word: f"{prose(word)}\n\n" + "a-" * 200_000),
    ("quotation-marks", arrives(""), lambda word: f"{prose(word)}\n\n" + "“" * 200_000),
    ("numbers", arrives(""), lambda word: f"{prose(word)}\n\n" + "1" * 300_000 + "."),
):  # fmt: skip
    add(
        "text",
        name,
        promise,
        write("a.txt", content),
        quick=name in {"by-line", "parts-3-mib", "places", "linked-names"},
    )
add("text", "same-tags", arrives(), lambda folder, word: [
    (folder / f"{number}.json").write_text(json.dumps([{"title": "t", "text": prose(word), "tags": ["!" * (number * 800 + place + 1) for place in range(800)]}]))
    for number in range(12)
])  # fmt: skip

# PDF, by hand.


def pdf(*objects: str, root: int = 1, more: str = "") -> bytes:
    """Return a PDF of these objects, numbered from 1."""
    made = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(made)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        made
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {len(objects) + 1} /Root {root} 0 R {more}>>\nstartxref\n{start}\n%%EOF\n"
        ).encode()
    )


def stream(data: bytes, filters: str = "") -> str:
    return f"<< /Length {len(data)} {filters}>>\nstream\n{data.decode('latin-1')}\nendstream"


def pages_pdf(count: int, word: str) -> bytes:
    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + count))
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(f"BT /F1 12 Tf 20 700 Td ({prose(word, 1)}) Tj ET".encode()),
        *[
            "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> >>"
        ]
        * count,
    )


CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = "<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
ZEROS = __import__("zlib").compress(zeros(200))
for name, content in {
    "one-page": lambda word: pages_pdf(1, word),
    "pages-20000": lambda word: pages_pdf(20_000, word),
    "pages-cycle": lambda _word: pdf(CATALOG, "<< /Type /Pages /Count 1 /Kids [2 0 R] >>"),
    "parents-cycle": lambda _word: pdf(
        CATALOG, ONE_PAGE, "<< /Type /Pages /Count 1 /Parent 3 0 R /Kids [2 0 R] >>"
    ),
    "contents-cycle": lambda _word: pdf(
        CATALOG, ONE_PAGE, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 9 9] >>", "[4 0 R]"
    ),
    "form-cycle": lambda _word: pdf(
        CATALOG,
        ONE_PAGE,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> >>",
        stream(b"/X Do"),
        stream(
            b"/X Do /X Do",
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> ",
        ),
    ),
    "stream-bomb": lambda _word: pdf(
        CATALOG,
        ONE_PAGE,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 9 9] >>",
        stream(ZEROS, "/Filter /FlateDecode "),
    ),
    "filter-bomb": lambda _word: pdf(
        CATALOG,
        ONE_PAGE,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 9 9] >>",
        stream(__import__("zlib").compress(ZEROS), "/Filter [/FlateDecode /FlateDecode] "),
    ),
    "encrypted": lambda _word: pdf(
        CATALOG,
        ONE_PAGE,
        "<< /Type /Page /Parent 2 0 R >>",
        more="/Encrypt << /Filter /Standard /V 1 /R 2 /O (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) /U (bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb) /P -44 >> /ID [(a) (a)] ",
    ),
    "count-lying": lambda _word: pdf(CATALOG, "<< /Type /Pages /Count 2147483647 /Kids [] >>"),
    "deep-arrays": lambda _word: pdf("[" * 100_000),
    "no-table": lambda word: pages_pdf(1, word).partition(b"xref")[0],
    "table-cycle": lambda word: pages_pdf(1, word).replace(b"trailer\n<< ", b"trailer\n<< /Prev 9 "),
    "truncated": lambda word: pages_pdf(50, word)[:3000],
    "only-mark": lambda _word: b"%PDF-1.7",
    "huge-box": lambda word: pages_pdf(1, word).replace(b"612 792", b"9e9 9e9"),
}.items():
    add("pdf", name, ACCOUNTED, write("a.pdf", content))
