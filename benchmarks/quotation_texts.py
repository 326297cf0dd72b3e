"""Reads gold texts into running text with offsets: LitBank, GUM, MEANTIME, and digital.gov posts.

The first three are tokenised, so spaces are put back by rule: none before a comma, none within
`do n't`, and quotation marks stand against the words they enclose.
"""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.model import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NO_SPACE_BEFORE = re.compile(r"[,.;:!?%)\]}’”]+$|['’](?:s|re|ve|ll|d|m|S|RE|LL)$|n['’]t$|N['’]T$|\.\.\.$")
NO_SPACE_AFTER = re.compile(r"[(\[{“‘$£€]+$|(?:``)$")
STRAIGHT = re.compile("``|''")
ENTITY = re.compile(r"\((\d+)-([a-z]+)[^()]*|(\d+)\)|\)")
KINDS = {"person": "PERSON", "organization": "ORG", "place": "GPE"}


@dataclass(frozen=True, kw_only=True)
class Text:
    """Running text; `starts` and `ends` are the places of its tokens, a list of tokens a line."""

    name: str
    text: str
    starts: list[list[int]]
    ends: list[list[int]]


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A gold quotation: its place, without marks where they could be told, and who speaks."""

    start: int
    end: int
    speaker: str
    kind: str = "direct"
    check: str = ""


def development(name: str) -> bool:
    """Tell which half a document is in: development where its name's SHA-256 begins with 0 to 7."""
    return hashlib.sha256(name.encode()).hexdigest()[0] in "01234567"


def join_tokens(name: str, lines: Sequence[Sequence[str]], breaks: Sequence[str]) -> Text:
    """Return lines of tokens as running text; `breaks` is what follows each line."""
    parts: list[str] = []
    starts: list[list[int]] = []
    ends: list[list[int]] = []
    place = 0
    open_marks: dict[str, bool] = {}
    for line, following in zip(lines, breaks, strict=True):
        starts.append([])
        ends.append([])
        glued = True
        for index, token in enumerate(line):
            left, right = _sticks(token, line, index, open_marks)
            if not (glued or left):
                parts.append(" ")
                place += 1
            starts[-1].append(place)
            parts.append(token)
            place += len(token)
            ends[-1].append(place)
            glued = right
        parts.append(following)
        place += len(following)
        if "\n" in following:
            open_marks.clear()
    return Text(name=name, text="".join(parts), starts=starts, ends=ends)


def _sticks(token: str, line: Sequence[str], index: int, open_marks: dict[str, bool]) -> tuple[bool, bool]:
    """Return whether a token stands against the one before it, and against the one after."""
    if token in {'"', "'"}:
        after = line[index + 1] if index + 1 < len(line) else ""
        before = line[index - 1] if index else ""
        if token == "'" and not open_marks.get(token) and before.endswith("s") and after[:1].islower():  # noqa: S105
            return True, False
        closing = open_marks.get(token, False)
        open_marks[token] = not closing
        return closing, not closing
    return bool(NO_SPACE_BEFORE.match(token)), bool(NO_SPACE_AFTER.match(token))


def read_litbank(folder: Path) -> Iterator[tuple[Text, list[Spoken]]]:
    """Yield each novel's opening with its quotations; marks at either end are left out of the span."""
    for path in sorted(folder.glob("*.ann")):
        lines = [line.split() for line in path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()]
        text = join_tokens(path.stem, lines, [" "] * len(lines))
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        speakers = {row[1]: row[2] for row in rows if row[0] == "ATTRIB"}
        spoken = []
        for row in rows:
            if row[0] != "QUOTE":
                continue
            first, start, last, end = map(int, row[2:6])
            places = inner(text.text, text.starts[first][start], text.ends[last][end])
            spoken.append(Spoken(start=places[0], end=places[1], speaker=speakers.get(row[1], "")))
        yield text, spoken


def inner(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without quotation marks and spaces at its ends."""
    while start < end and text[start] in "\"“”‘'`— -":
        start += 1
    while start < end and text[end - 1] in "\"“”’'— -":
        end -= 1
    return start, end


def read_gum(folder: Path, genres: Sequence[str]) -> Iterator[tuple[Text, list[Mention]]]:
    """Yield each document of the genres with its named entities, coreference resolved to names."""
    for path in sorted((folder / "dep").glob("*.conllu")):
        if path.stem.split("_")[1] in genres:
            yield _read_conllu(path)


def _read_conllu(path: Path) -> tuple[Text, list[Mention]]:
    """Return a document's text, paragraphs parted by blank lines, and its named mentions."""
    parts: list[str] = []
    place = 0
    tokens: list[_Token] = []
    spans: list[tuple[int, int, str, str]] = []
    waiting: dict[str, list[tuple[int, str]]] = defaultdict(list)
    glued_until, space_after = 0, True
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newpar_block") and parts:
            parts[-1] = parts[-1].rstrip() + "\n\n"
            place = sum(map(len, parts))
        columns = line.split("\t")
        if len(columns) != 10 or "." in columns[0]:  # noqa: PLR2004 - CoNLL-U
            glued_until = glued_until if line else 0
            continue
        misc = dict(each.partition("=")[::2] for each in columns[9].split("|"))
        if "-" in columns[0]:
            glued_until, space_after = int(columns[0].partition("-")[2]), misc.get("SpaceAfter") != "No"
            continue
        number = int(columns[0])
        spaced = misc.get("SpaceAfter") != "No"
        if number <= glued_until:
            spaced = space_after and number == glued_until
        token = _Token(start=place, end=place + len(columns[1]), proper=columns[4].startswith("NNP"))
        tokens.append(token)
        parts.append(columns[1] + " " * spaced)
        place += len(parts[-1])
        latest = ""
        for opened, kind, closed in ENTITY.findall(misc.get("Entity", "")):
            if opened:
                latest = opened
                waiting[opened].append((len(tokens) - 1, kind))
            elif waiting[entity := closed or latest]:
                begun, known = waiting[entity].pop()
                spans.append((begun, len(tokens), known, entity))
    text = "".join(parts)
    return Text(name=path.stem, text=text, starts=[], ends=[]), _named(text, tokens, spans)


@dataclass(frozen=True, kw_only=True)
class _Token:
    start: int
    end: int
    proper: bool


def _named(text: str, tokens: list[_Token], spans: list[tuple[int, int, str, str]]) -> list[Mention]:
    """Return the proper name in each entity's span, entities within it left out."""
    found: dict[tuple[int, int], tuple[str, str]] = {}
    for first, last, kind, entity in spans:
        if kind not in KINDS:
            continue
        within = {
            place
            for begun, ended, _, other in spans
            if other != entity and first <= begun and ended <= last and (begun, ended) != (first, last)
            for place in range(begun, ended)
        }
        runs: list[list[int]] = [[]]
        for place in range(first, last):
            if tokens[place].proper and place not in within:
                if runs[-1] and runs[-1][-1] != place - 1:
                    runs.append([])
                runs[-1].append(place)
        run = max(runs, key=len)
        if run:
            found[tokens[run[0]].start, tokens[run[-1]].end] = (KINDS[kind], entity)
    return _as_mentions(text, found)


def _as_mentions(text: str, found: dict[tuple[int, int], tuple[str, str]]) -> list[Mention]:
    """Return mentions in order, each with the fullest name of its entity, none overlapping."""
    surfaces: dict[str, list[str]] = defaultdict(list)
    for (start, end), (_, entity) in sorted(found.items()):
        surfaces[entity].append(text[start:end])
    fullest = {entity: _fullest(each) for entity, each in surfaces.items()}
    mentions: list[Mention] = []
    for (start, end), (kind, entity) in sorted(found.items(), key=lambda each: (each[0][0], -each[0][1])):
        if not mentions or start >= mentions[-1].end:
            surface = text[start:end]
            mentions.append(Mention(start=start, end=end, surface=surface, name=fullest[entity], kind=kind))
    return mentions


def _fullest(surfaces: list[str]) -> str:
    """Return the longest surface that holds the most frequent one; a plain name before a title."""
    plain = [each for each in surfaces if not any(word[0].islower() for word in each.split())] or surfaces
    core = max(plain, key=lambda each: (plain.count(each), -len(each)))
    return max((each for each in plain if core in each), key=len)


def read_meantime(folder: Path) -> Iterator[Text]:
    """Yield each news article; its names are annotated for the first sentences only, and left aside.

    The sentences are known and the paragraphs are not: the title and the dateline are one each.
    """
    for path in sorted((folder / "intra_cross-doc_annotation").rglob("*.xml")):
        root = ET.parse(path).getroot()  # noqa: S314 - a local corpus
        lines: list[list[str]] = []
        for token in root.findall("token"):
            while len(lines) <= int(token.attrib["sentence"]):
                lines.append([])
            lines[-1].append(STRAIGHT.sub('"', token.text or ""))
        breaks = ["\n\n", "\n\n"][: len(lines)] + [" "] * (len(lines) - 2)
        yield join_tokens(path.stem, lines, breaks)


def read_posts(folder: Path, names: Sequence[str]) -> Iterator[Text]:
    """Yield digital.gov posts as they stand below their front matter."""
    for name in names:
        text = (folder / name).read_text(encoding="utf-8").split("\n---\n", 1)[-1]
        yield Text(name=name, text=text, starts=[], ends=[])


def read_gold(path: Path, part: str = "documents") -> dict[str, list[Spoken]]:
    """Return the project's own annotations: quotations by document, of news or of `posts`."""
    documents = json.loads(path.read_text(encoding="utf-8"))[part]
    return {name: [Spoken(**each) for each in quotations] for name, quotations in documents.items()}


def confirm(text: str, spoken: Sequence[Spoken]) -> None:
    """Raise `ValueError` where an annotation does not stand in the text where it was made."""
    for each in spoken:
        found = hashlib.sha256(text[each.start : each.end].encode()).hexdigest()
        if each.check and not found.startswith(each.check):
            raise ValueError(f"This is not the text that was annotated: {text[each.start : each.end][:60]!r}")
