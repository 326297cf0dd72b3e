"""Reads the training corpora as texts with names, and brings their conventions together.

A corpus is a file of JSON lines: `sents[].t` tokens, `sents[].sp` spans `[start, end, label]`. The
conventions that all are brought to are those of CoNLL-2003: adjectives of nationality are MISC,
countries LOC, titles and articles stand outside of names.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ingest.enrich.recogniser.windows import is_opener
from ingest.enrich.word_lists import countries, word_lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CORPORA = ("gum", "uner-ewt-dev", "crossner", "redocred", "btc")
# How often an epoch sees a corpus: news and talk often, tweets seldom.
WEIGHTS = {"gum": 2.5, "unerm": 1.5, "crossner": 1.0, "redocred": 0.7, "btcm": 0.12}
NEWS = re.compile(r"GUM_(?:news|interview)_")
# Named as evaluation sets: the training and development parts of CrossNER's politics.
KEPT_OUT = re.compile(r"politics(?:train|dev)\d")
NO_SPACE_BEFORE = re.compile(r"[.,:;!?%)\]}…’]|['’](?:s|S|m|re|ve|ll|d)|n['’]t")
NO_SPACE_AFTER = frozenset("([{$£€#@‘“")
TITLES = frozenset(
    """Mr Mr. Mrs Mrs. Ms Ms. Dr Dr. Prof Prof. Professor President Senator Sen. Governor Gov. Rep.
    Representative Captain Capt. Colonel Col. General Gen. Lieutenant Lt. Judge Justice Secretary Chancellor
    Minister Archbishop Bishop Reverend Rev. Conducător Sgt. Sergeant Major Maj. Ambassador Chairman
    Congressman Congresswoman Mayor Commissioner""".split()  # noqa: SIM905 - a list of words reads best as a text
)
CAPITALISED = re.compile(r"\b[A-Z]\w+(?:[ -][A-Z]\w+)?")


class Segment(NamedTuple):
    """A stretch of a sentence: a name with its label, or what stands between names."""

    text: str
    label: str | None


Sentence = tuple[Segment, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document of a corpus, as sentences."""

    source: str
    name: str
    sentences: tuple[Sentence, ...]


def read_corpora(folder: Path) -> Iterator[Document]:
    """Yield every document of the corpora that are there, but for those kept out."""
    for corpus in CORPORA:
        path = folder / f"{corpus}.jsonl"
        if path.is_file():
            yield from read_corpus(path)


def read_corpus(path: Path) -> Iterator[Document]:
    """Yield the documents of one file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            name = str(entry["id"])
            if KEPT_OUT.match(name):
                continue
            sentences = tuple(
                _repair(_sentence(each["t"], each["sp"]), entry["src"]) for each in entry["sents"]
            )
            yield Document(source=entry["src"], name=name, sentences=sentences)


def part_of(document: Document) -> str:
    """Return `test`, `dev` or `train`, by the hash of a document's name alone.

    A third of GUM's news and interviews is held out to test on; a twelfth of all else is used to
    watch the training. The rule was written before anything was trained.
    """
    number = int(hashlib.sha256(document.name.encode()).hexdigest(), 16)
    if NEWS.match(document.name):
        return "test" if number % 3 == 0 else "train"
    return "dev" if number % 12 == 0 else "train"


def text_of(sentences: Sequence[Sentence]) -> tuple[str, list[tuple[int, int, str]]]:
    """Return running text with its names; what does not end like a sentence has a line of its own."""
    parts: list[str] = []
    spans = []
    length = 0
    for sentence in sentences:
        for text, label in sentence:
            if label:
                spans.append((length, length + len(text), label))
            parts.append(text)
            length += len(text)
        last = sentence[-1].text.rstrip("\"'”’) ")[-1:] if sentence else ""
        parts.append(" " if last and last in ".!?:;," else "\n")
        length += 1
    return "".join(parts), spans


def _sentence(tokens: Sequence[str], spans: Sequence[tuple[int, int, str]]) -> Sentence:
    """Join tokens as they are printed, and cut at the names."""
    labels = {start: (end, label) for start, end, label in spans}
    segments: list[Segment] = []
    plain = ""
    place = 0
    spaced = False
    quoted = False
    while place < len(tokens):
        end, label = labels.get(place, (place + 1, None))
        surface = ""
        for each in range(place, end):
            word = tokens[each]
            closes = word == '"' and quoted
            glued = not spaced or bool(NO_SPACE_BEFORE.fullmatch(word)) or closes
            hyphen = word == "-" and 0 < each < len(tokens) - 1 and tokens[each - 1].isalnum()
            gap = "" if glued or hyphen else " "
            if each == place and label:
                plain += gap
            else:
                surface += gap
            surface += word
            quoted ^= word == '"'
            opens = word == '"' and quoted
            spaced = not (word in NO_SPACE_AFTER or opens or hyphen)
        if label:
            if plain:
                segments.append(Segment(plain, None))
            segments.append(Segment(surface, label))
            plain = ""
        else:
            plain += surface
        place = max(end, place + 1)
    if plain:
        segments.append(Segment(plain, None))
    return tuple(segments)


def _repair(sentence: Sentence, source: str) -> Sentence:
    """Return a sentence by the common conventions."""
    repaired: list[Segment] = []
    before = ""
    for text, label in sentence:
        if label is None:
            repaired += _overlay(text)
        else:
            tweeted = source == "btcm" and before.endswith("@")
            # CrossNER's MISC holds terms of science too, which are no names.
            term = source == "crossner" and label == "MISC" and text.islower()
            repaired += [Segment(text, None)] if tweeted or term else _repair_name(text, label)
        before = text
    return tuple(each for each in repaired if each.text)


def _repair_name(text: str, label: str) -> Iterator[Segment]:
    if text.startswith("@") or is_opener(text):
        yield Segment(text, None)
        return
    head, _, rest = text.partition(" ")
    while rest and (head in {"the", "a", "an"} or (label == "PER" and head in TITLES)):
        yield Segment(f"{head} ", None)
        text = rest
        head, _, rest = text.partition(" ")
    if label == "PER" and head in TITLES and not rest:
        yield Segment(text, None)
        return
    known = word_lists().phrases.get(text)
    if known and known.kind == "NORP" and label in {"LOC", "ORG"}:
        label = "MISC"
    elif text in countries() and label in {"ORG", "MISC"}:
        label = "LOC"
    yield Segment(text, label)


def _overlay(text: str) -> Iterator[Segment]:
    """Label nationalities and countries that a corpus passes over."""
    done = 0
    for match in CAPITALISED.finditer(text):
        start = match.start()
        for surface in (match[0], *re.split(r"[ -]", match[0])[:1]):
            label = _overlaid(surface)
            if label:
                yield Segment(text[done:start], None)
                yield Segment(surface, label)
                done = start + len(surface)
                break
    yield Segment(text[done:], None)


@cache
def _overlaid(surface: str) -> str | None:
    known = word_lists().phrases.get(surface)
    if known and known.kind == "NORP":
        return "MISC"
    return "LOC" if surface in countries() else None
