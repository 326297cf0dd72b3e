"""How well dates in the text are found and understood: MEANTIME's TIMEX3 and GUM's `<date>` elements.

Scored as in TempEval-3: a found expression matches a gold one that it overlaps, each at most once.
The span measure wants the same first and last character; the value measure wants an overlap and an
equal value. Only dates are compared, so gold durations, sets and times of day stand outside, and so
do times of day that are found. MEANTIME's line with the article's own date is what the article is
dated by, and is not scored.

MEANTIME also gives values to what names no date, such as "recently" (PAST_REF) or "now". TempEval-3 counts
them as values like others, and so does the first figure. The kit gives none to these: a row of the table
`dates` is to name a time that can be looked up, and GUM's annotators left them unmarked as well. So a
second figure stands for the rest: "dated" leaves them out of what is wanted.

All of MEANTIME was looked at while the rules were written; the figure for its whole comes first, then
one for each of its two folders. Every other file of GUM, from the first in order of name, is for
development; the other files are held out, which was decided before the texts were read.
MEANTIME holds each article in two folders; the first is read. Its articles are annotated up to their
sixth sentence, title and date line included, one of them up to the midst of it, and are scored up to
the last mark of any kind in these sentences.
"""

from __future__ import annotations

import html
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from benchmarks.quality.measure import Measure, f1
from ingest.enrich.names import find_names
from ingest.enrich.time_expressions import find_dates
from ingest.model import Article, Facts, Mention, Published, TimeExpression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FOLDERS = ("airbus", "gm")
HEIDELTIME = "HeidelTime .78 (TempEval-3 platinum)"
NO_SPACE_BEFORE = re.compile(r"[.,;:!?)\]%’”]|['’](?:s|re|ve|ll|d|m|t)|n['’]t|''|\.\.\.")
NO_SPACE_AFTER = frozenset("([$€£“‘#")
DATE_LINE = 1
LAST_ANNOTATED = 5
OF_DAY = frozenset(("daypart", "hour", "minute"))
UNDATED = re.compile(r"\w+_REF|XXXX-XX-XX")
SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A gold expression, with its value as the collection has it."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text with its date and gold; its date line and what begins after `ends` are not scored."""

    name: str
    text: str
    published: str
    wanted: tuple[Wanted, ...]
    date_line: tuple[int, int] = (0, 0)
    ends: int = sys.maxsize


@dataclass
class Score:
    """Counts over documents."""

    values: int = 0
    spans: int = 0
    found: int = 0
    wanted: int = 0
    dated: int = 0


def measure(data: Path) -> Iterator[Measure]:
    """Yield value and span F1 on MEANTIME, on each of its folders, and on both halves of GUM."""
    articles = {
        name: [
            read_meantime(path)
            for path in sorted((data / "meantime" / "intra-doc_annotation" / f"corpus_{name}").glob("*.xml"))
        ]
        for name in FOLDERS
    }
    if all(articles.values()):
        yield from _measures(
            "dates, MEANTIME", [each for name in FOLDERS for each in articles[name]], str.__eq__
        )
        for name in FOLDERS:
            yield from _measures(f"dates, MEANTIME {name}", articles[name], str.__eq__)
    paths = sorted((data / "gum" / "xml").glob("*.xml"))
    for half, chosen in (("development", paths[::2]), ("held out", paths[1::2])):
        if chosen:
            yield from _measures(f"dates, GUM {half}", [read_gum(path) for path in chosen], same_time)


def _measures(name: str, documents: list[Document], same: Callable[[str, str], bool]) -> Iterator[Measure]:
    score = Score()
    for document in documents:
        add(score, document, same)
    meantime = "MEANTIME" in name
    yield Measure(
        name=f"{name}: value F1",
        value=f1(score.values, score.found, score.wanted),
        count=score.wanted,
        published=HEIDELTIME if meantime else "",
    )
    if meantime:
        yield Measure(
            name=f"{name}: value F1, dated",
            value=f1(score.values, score.found, score.dated),
            count=score.dated,
        )
    yield Measure(
        name=f"{name}: strict span F1", value=f1(score.spans, score.found, score.wanted), count=score.wanted
    )


def add(score: Score, document: Document, same: Callable[[str, str], bool]) -> None:
    """Add what is right, found and wanted in a document."""
    found = [each for each in find(document) if _is_scored(each, document)]
    score.found += len(found)
    score.wanted += len(document.wanted)
    score.dated += sum(not UNDATED.fullmatch(each.value) for each in document.wanted)
    for gold, mine in match(document.wanted, found):
        score.values += same(mine.value, gold.value)
        score.spans += (mine.start, mine.end) == (gold.start, gold.end)


def _is_scored(each: TimeExpression, document: Document) -> bool:
    """Tell whether an expression is a date; a time of day is one where the gold has its day as a date."""
    if each.start >= document.ends or document.date_line[0] <= each.start < document.date_line[1]:
        return False
    return each.precision not in OF_DAY or any(
        gold.start < each.end and each.start < gold.end for gold in document.wanted
    )


def find(document: Document) -> list[TimeExpression]:
    """Return the expressions that the kit finds in a document."""
    day = Published(value=document.published, precision="day", origin="gold")
    article = Article(title="", body=document.text, text=document.text, language="en", published=day)
    names = tuple(each for each in find_names(article, Facts()) if isinstance(each, Mention))
    return [each for each in find_dates(article, Facts(mentions=names)) if isinstance(each, TimeExpression)]


def match(wanted: tuple[Wanted, ...], found: list[TimeExpression]) -> Iterator[tuple[Wanted, TimeExpression]]:
    """Yield each gold expression with the found one that overlaps it most, each used once."""
    pairs = sorted(
        (-min(gold.end, mine.end) + max(gold.start, mine.start), number, place)
        for number, gold in enumerate(wanted)
        for place, mine in enumerate(found)
        if gold.start < mine.end and mine.start < gold.end
    )
    used: tuple[set[int], set[int]] = (set(), set())
    for _, number, place in pairs:
        if number not in used[0] and place not in used[1]:
            used[0].add(number)
            used[1].add(place)
            yield wanted[number], found[place]


def join(tokens: list[tuple[str, str]]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of tokens and their offsets; each comes with what must stand before it, or ""."""
    text = ""
    places = []
    for token, lead in tokens:
        close = NO_SPACE_BEFORE.fullmatch(token) or text[-1:] in NO_SPACE_AFTER
        text += lead or ("" if close or not text else " ")
        text = text.removesuffix("\0")
        places.append((len(text), len(text) + len(token)))
        text += token
    return text, places


def read_meantime(path: Path) -> Document:
    """Return an article of MEANTIME; its second sentence is its date."""
    root = ET.parse(path).getroot()  # noqa: S314 - gold data, not the world's
    tokens = list(root.iter("token"))
    sentences = [int(token.get("sentence", 0)) for token in tokens]
    leads = [
        "\n\n"
        if number and sentences[number] != sentences[number - 1] and sentences[number - 1] <= DATE_LINE
        else ""
        for number in range(len(tokens))
    ]
    text, places = join([(token.text or "", lead) for token, lead in zip(tokens, leads, strict=True)])
    place = {token.get("t_id"): where for token, where in zip(tokens, places, strict=True)}
    sentence = {token.get("t_id"): number for token, number in zip(tokens, sentences, strict=True)}
    wanted = []
    for timex in root.iter("TIMEX3"):
        ids = [anchor.get("t_id") for anchor in timex.findall("token_anchor")]
        value = timex.get("value") or ""
        if not ids:
            continue
        if sentence[ids[0]] != DATE_LINE and timex.get("type") == "DATE":
            wanted.append(
                Wanted(
                    start=min(place[each][0] for each in ids),
                    end=max(place[each][1] for each in ids),
                    value=value,
                )
            )
    dated = [where for where, number in zip(places, sentences, strict=True) if number == DATE_LINE]
    marked = {anchor.get("t_id") for mark in root.iterfind("Markables/*") for anchor in mark}
    annotated = [place[each][1] for each in marked if each in place and sentence[each] <= LAST_ANNOTATED]
    # The line is read as the article's reader would; one of its gold values is written backwards.
    published = datetime.strptime(text[dated[0][0] : dated[-1][1]], "%B %d, %Y").date()  # noqa: DTZ007 - a day
    return Document(
        name=path.name,
        text=text,
        published=str(published),
        wanted=tuple(sorted(wanted, key=lambda each: each.start)),
        date_line=(dated[0][0], dated[-1][1]),
        ends=max(annotated),
    )


def read_gum(path: Path) -> Document:
    """Return a document of GUM; values are written `when`, or `first/last` for a time with two ends."""
    tokens: list[tuple[str, str]] = []
    opened: list[tuple[str, int]] = []
    spans: list[tuple[str, int, int]] = []
    published, lead, within = "", "", 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("<text "):
            published = (re.search(r'dateCreated="([^"]*)"', line) or ["", ""])[1]
        elif line.startswith("<date"):
            opened.append((_gum_value(dict(re.findall(r'(\w+)="([^"]*)"', line))), len(tokens)))
        elif line.startswith("</date"):
            value, start = opened.pop()
            spans.append((value, start, len(tokens)))
        elif line in {"<w>", "</w>"}:
            within = 1 if line == "<w>" else 0
        elif re.match(r"</?(?:p|head|item|cell|caption|quote|sp)\b", line):
            lead = "\n\n"
        elif "\t" in line:
            glue = "\0" if within > 1 else ""
            tokens.append((html.unescape(line.split("\t")[0]), (lead if tokens else "") or glue))
            lead = ""
            within += bool(within)
    text, places = join(tokens)
    wanted = [
        Wanted(start=places[start][0], end=places[end - 1][1], value=value)
        for value, start, end in spans
        if end > start
    ]
    return Document(
        name=path.name,
        text=text,
        published=published,
        wanted=tuple(sorted(wanted, key=lambda each: each.start)),
    )


def _gum_value(attributes: dict[str, str]) -> str:
    if "when" in attributes:
        return attributes["when"]
    first = attributes.get("from") or attributes.get("notBefore", "")
    return f"{first}/{attributes.get('to') or attributes.get('notAfter', '')}"


def same_time(value: str, gold: str) -> bool:
    """Tell whether a TIMEX3 value and a value of GUM begin and end with the same days."""
    if value.startswith("XXXX"):
        return gold == value.replace("XXXX", "-", 1)
    if value.startswith("BC"):
        return gold == f"-{value[2:]}"
    first, _, last = gold.partition("/")
    wanted = (_edge(first, last=False), _edge(last if "/" in gold else first, last=True))
    return wanted == interval(value)


def _edge(value: str, *, last: bool) -> date | None:
    """Return the first or last day of a year, month or day written in ISO 8601; None where it is none."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if day and month:
        return date(year, month, day)
    if not last:
        return date(year, month or 1, 1)
    return _month_after(year, month or 12) - timedelta(days=1)


def _month_after(year: int, month: int, count: int = 1) -> date:
    months = year * 12 + month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def interval(value: str) -> tuple[date | None, date | None]:
    """Return the first and last day of a TIMEX3 value; a season lasts into its fourth month, as in GUM."""
    value = value.partition("T")[0].removeprefix("FY")
    if match := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        first = date.fromisocalendar(int(match[1]), int(match[2]), 6 if match[3] else 1)
        return first, date.fromisocalendar(int(match[1]), int(match[2]), 7)
    if match := re.fullmatch(r"(\d{4})-([QH])(\d)", value):
        months = 3 if match[2] == "Q" else 6
        first = date(int(match[1]), months * (int(match[3]) - 1) + 1, 1)
        return first, _month_after(first.year, first.month, months) - timedelta(days=1)
    if match := re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value):
        first = date(int(match[1]), SEASONS[match[2]], 1)
        return first, _month_after(first.year, first.month, 4) - timedelta(days=1)
    if len(value) < 4 and value.isdecimal():  # noqa: PLR2004 - digits of a year
        missing = 4 - len(value)
        return _edge(value + "0" * missing if int(value) else "0001", last=False), _edge(
            value + "9" * missing, last=True
        )
    return _edge(value, last=False), _edge(value, last=True)
