"""How many documents a second each format gives, and what reading in guarded children costs.

    python benchmarks/formats_speed.py [COUNT]

Makes COUNT documents (by default 200) of the sample's own texts in each format, in a folder or a
container as people keep them, and reads them once in a plain copy of this process and once in one
guarded child with its limits. Both start with the same modules loaded and nothing remembered of
earlier texts. Seconds are those of the processor, of all processes together, so that other work on
the machine does not count; a child's start and end are within them. Names are found by rules:
the model costs the same in every format and would hide what reading costs. The last column is
what the child costs on healthy files, as a share.
"""

from __future__ import annotations

import csv
import io
import json
import os
import statistics
import sys
import tempfile
import textwrap
import time
import zipfile
from email.message import EmailMessage
from html import escape
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import ingest.preload  # noqa: E402, F401 - as the fork server does
from ingest.engine import read_items  # noqa: E402 - the checkout comes first on the path
from ingest.reading import Conditions  # noqa: E402
from ingest.sources import Root, find_items  # noqa: E402
from ingest.workspace import decode  # noqa: E402
from tests.office_files import docx, odt, pdf, rtf, word_paragraph  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS = 3
CONDITIONS = Conditions(recognisers=(("en", "rules"),))
Text = tuple[str, str]


def texts(count: int) -> list[Text]:
    """Return titles and texts: those of the sample, each made another by its number."""
    bodies = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "sample").rglob("*.md"))]
    bodies = [
        body.split("---" if body.startswith("---") else "+++", 2)[-1].strip() for body in bodies if body
    ]
    return [
        (f"Article {number}", f"Number {number}. {bodies[number % len(bodies)]}") for number in range(count)
    ]


def html_of(title: str, text: str) -> str:
    """Return a web page with a menu around the text."""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>Imprint</footer></body></html>"
    )


def mail_of(title: str, text: str) -> bytes:
    """Return a message."""
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = (
        title,
        "Ann <a@b.example>",
        "Tue, 12 Mar 2019 10:05:00 +0000",
    )
    message.set_content(text)
    return message.as_bytes()


def one_a_file(
    suffix: str, make: Callable[[str, str], bytes]
) -> Callable[[list[Text]], Iterator[tuple[str, bytes]]]:
    """Return a function that gives each text a file."""
    return lambda found: ((f"{number}{suffix}", make(*each)) for number, each in enumerate(found))


def csv_of(found: list[Text]) -> Iterator[tuple[str, bytes]]:
    """Yield one table."""
    table = io.StringIO()
    csv.writer(table).writerows([("title", "text"), *found])
    yield "all.csv", table.getvalue().encode()


def json_lines_of(found: list[Text]) -> Iterator[tuple[str, bytes]]:
    """Yield one file of JSON lines."""
    yield "all.jsonl", "\n".join(json.dumps({"title": title, "text": text}) for title, text in found).encode()


def feed_of(found: list[Text]) -> Iterator[tuple[str, bytes]]:
    """Yield one RSS feed."""
    items = "".join(
        f"<item><title>{t}</title><description>{escape(text)}</description></item>" for t, text in found
    )
    yield "all.rss", f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()


def mbox_of(found: list[Text]) -> Iterator[tuple[str, bytes]]:
    """Yield one mailbox."""
    start = b"From ann@b.example Tue Mar 12 10:05:00 2019\n"
    yield "all.mbox", b"\n".join(start + mail_of(*each) for each in found)


def zip_of(found: list[Text]) -> Iterator[tuple[str, bytes]]:
    """Yield one archive of web pages."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, each in enumerate(found):
            archive.writestr(f"{number}.html", html_of(*each))
    yield "all.zip", buffer.getvalue()


def warc_of(found: list[Text]) -> Iterator[tuple[str, bytes]]:
    """Yield one web archive of web pages."""
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    for number, each in enumerate(found):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        page = io.BytesIO(html_of(*each).encode())
        writer.write_record(
            writer.create_warc_record(
                f"https://a.example/{number}", "response", payload=page, http_headers=headers
            )
        )
    yield "all.warc.gz", buffer.getvalue()


def pdf_of(title: str, text: str) -> bytes:
    """Return a PDF of one page, a line for every eighty characters."""
    lines = [title, *textwrap.wrap(text.encode("ascii", "ignore").decode(), 80)][:48]
    return pdf([(72, 780 - 15 * number, line) for number, line in enumerate(lines)])


def docx_of(title: str, text: str) -> bytes:
    """Return a Word document."""
    return docx("".join(word_paragraph(escape(part)) for part in (title, *text.split("\n\n"))))


def odt_of(title: str, text: str) -> bytes:
    """Return an OpenDocument text."""
    return odt("".join(f"<text:p>{escape(part)}</text:p>" for part in (title, *text.split("\n\n"))))


def rtf_of(title: str, text: str) -> bytes:
    """Return a Rich Text document."""
    plain = text.encode("ascii", "ignore").decode().replace("\\", "").replace("{", "").replace("}", "")
    return rtf("".join(f"{part}\\par\n" for part in (title, *plain.split("\n\n"))))


FORMATS: dict[str, Callable[[list[Text]], Iterator[tuple[str, bytes]]]] = {
    "text": one_a_file(".txt", lambda title, text: f"{title}\n\n{text}".encode()),
    "markdown": one_a_file(".md", lambda title, text: f"---\ntitle: {title}\n---\n\n{text}".encode()),
    "html": one_a_file(".html", lambda title, text: html_of(title, text).encode()),
    "mail": one_a_file(".eml", mail_of),
    "mbox": mbox_of,
    "pdf": one_a_file(".pdf", pdf_of),
    "docx": one_a_file(".docx", docx_of),
    "odt": one_a_file(".odt", odt_of),
    "rtf": one_a_file(".rtf", rtf_of),
    "csv": csv_of,
    "json lines": json_lines_of,
    "feed": feed_of,
    "zip of html": zip_of,
    "warc of html": warc_of,
}


def read(folder: Path, workers: int) -> int:
    """Read a folder once and return the number of articles."""
    return sum(
        finding.outcome == "article"
        for _, findings in read_items(list(find_items([Root(path=folder)])), CONDITIONS, workers)
        for finding in map(decode, findings)
    )


def measure_plain(folder: Path) -> float:
    """Return the processor's seconds of reading a folder in a copy of this process, without a guard."""
    copy = os.fork()
    if copy == 0:
        read(folder, 0)
        os._exit(0)
    _, status, used = os.wait4(copy, 0)
    assert status == 0, "the copy failed"  # noqa: S101 - a benchmark of nothing would be worse
    return used.ru_utime + used.ru_stime


def measure_guarded(folder: Path) -> tuple[float, int]:
    """Return the processor's seconds of reading a folder in a guarded child, and the articles."""
    started = time.process_time() + children_seconds()
    articles = read(folder, 1)
    return time.process_time() + children_seconds() - started, articles


def children_seconds() -> float:
    """Return the processor's seconds of all children that have ended; the fork server buries them."""
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # noqa: SLF001
    if server is None:
        return 0.0
    user, system = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[13:15]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    ratios = []
    print(f"{'format':<14}{'documents/s':>12}{'in a child':>12}{'cost':>8}")
    for name, make in FORMATS.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            for file, content in make(texts(count)):
                (folder / file).write_bytes(content)
            measure_guarded(folder)  # starts the fork server
            here, there = [], []
            for _ in range(RUNS):
                here.append(measure_plain(folder))
                seconds, articles = measure_guarded(folder)
                there.append(seconds)
            ratios.append(statistics.median(b / a for a, b in zip(here, there, strict=True)))
            rates = (articles / statistics.median(here), articles / statistics.median(there))
            print(f"{name:<14}{rates[0]:>12,.0f}{rates[1]:>12,.0f}{ratios[-1] - 1:>8.0%}", flush=True)
    print(f"{'median':<38}{statistics.median(ratios) - 1:>8.0%}")


if __name__ == "__main__":
    main()
